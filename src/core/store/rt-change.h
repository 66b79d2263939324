#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * RtRead:
 * @object: (nullable): Stripe's type; %NULL: the answer is a list
 * @id: (nullable): Stripe's id of the object
 * @path: where it is read
 *
 * What must be read again before a change may be sent.
 */
typedef struct
{
  char *object;
  char *id;
  char *path;
} RtRead;

/**
 * rt_read_new:
 * @path: (transfer full): where it is read
 */
RtRead *rt_read_new (const char *object, const char *id, char *path);
void rt_read_free (RtRead *read);

/**
 * RtRequest:
 * @row: its row in the queue
 * @seq: the change it belongs to
 * @object: Stripe's type of what it writes
 * @handle: what names that object (API-GUIDE §2)
 * @body: (nullable): the exact bytes, fixed before the first of them leaves
 * @reference: (nullable): `metadata[rtn_ref]` of what it creates
 * @state: "pending", "sending", "done", "failed" or "unknown"
 * @was_unknown: an attempt may have been executed without an answer
 * @first_sent_at: microseconds, Stripe's; 0 if it never left
 * @lost_at: microseconds, Stripe's, when an attempt was last given up without an answer, or, while
 *   it is being sent, when it left; 0 if none was. In the database 0 is another thing than null:
 *   with an earlier key it may have been done, and what Stripe has was not read since
 * @next_attempt_at: microseconds; not before that
 * @expires_at: microseconds: not sent any more after that; 0: never expires
 * @request_id: (nullable): what Stripe calls it
 * @reads: (nullable) (element-type RtRead): what must be read again before it may be sent
 * @fields: (nullable): with @reads, the fields of the change that they are for, as JSON
 *
 * One HTTP request of a change.
 */
typedef struct
{
  gint64 row;
  gint64 seq;
  char *method;
  char *path;
  char *object;
  char *handle;
  char *body;
  char *idempotency_key;
  char *reference;
  char *state;
  guint n_attempts;
  gboolean was_unknown;
  gint64 first_sent_at;
  gint64 lost_at;
  gint64 next_attempt_at;
  gint64 expires_at;
  char *request_id;
  GPtrArray *reads;
  char *fields;
} RtRequest;

/**
 * RtChange:
 * @action: "create", "update", "archive" or "restore"
 * @object: "customer", "product", "coupon"
 * @object_id: local id of what it changes
 * @name: of that object, when the change was made
 * @state: queued, sending, conflict or rejected
 * @created_at: microseconds
 * @expires_at: microseconds: it asks again instead of being sent after that; 0: never
 * @error_message: (nullable): why it was refused
 * @requests: (element-type RtRequest): in order; empty while it waits for another change
 *
 * What a person did and Stripe has not seen. Never changed once made.
 */
typedef struct
{
  gint64 seq;
  char *id;
  char *action;
  char *object;
  char *object_id;
  char *name;
  RtState state;
  gint64 created_at;
  gint64 expires_at;
  char *error_code;
  char *error_message;
  char *error_field;
  GPtrArray *requests;
} RtChange;

void rt_request_free (RtRequest *request);

RtChange *rt_change_ref (RtChange *change);
void rt_change_unref (RtChange *change);

/**
 * rt_change_list:
 *
 * Returns: (transfer full) (nullable) (element-type RtChange): what is not done yet, in queue order
 */
GPtrArray *rt_change_list (RtStore *store, GError **error);

/**
 * rt_change_list_first:
 * @limit: at most so many
 * @n_more: (out): how many follow these
 *
 * The begin of rt_change_list(), without reading the rest.
 *
 * Returns: (transfer full) (nullable) (element-type RtChange): the first of them
 */
GPtrArray *rt_change_list_first (RtStore *store, guint limit, guint *n_more, GError **error);

/**
 * rt_change_find:
 * @key: its id, or the id of the object it changes
 *
 * Returns: (transfer full) (nullable): the open change
 */
RtChange *rt_change_find (RtStore *store, const char *key, GError **error);

/**
 * rt_change_dup_title:
 *
 * Returns: (transfer full): a translated sentence: "Create product “Voice Basic”"
 */
char *rt_change_dup_title (const RtChange *change);

/**
 * rt_change_dup_title_of:
 *
 * Returns: (transfer full): the title of a change with these members
 */
char *rt_change_dup_title_of (const char *object, const char *action, const char *name);

/**
 * rt_change_get_n_attempts:
 *
 * Returns: how often any of its requests was tried
 */
guint rt_change_get_n_attempts (const RtChange *change);

/**
 * rt_change_asks:
 *
 * Returns: whether it was tried so often that a person should look at it; it goes on being tried
 *   (TRAPS B17)
 */
gboolean rt_change_asks (const RtChange *change);

/**
 * rt_change_to_json:
 *
 * Returns: (transfer full): an element of `outbox list` (CLI.md)
 */
JsonObject *rt_change_to_json (const RtChange *change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtChange, rt_change_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRequest, rt_request_free)

G_END_DECLS
