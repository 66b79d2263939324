#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/* A log a person can read: what happened to each change, with time and request id. It holds no
 * body, no key and nothing that was typed but the names of objects, and may be copied anywhere. */

/**
 * RtLogEntry:
 * @row: its row; set by the store
 * @at: microseconds; set by the store
 * @event: "done", "refused", "conflict", "resolved", "discarded", "expired", "retried", "relist",
 *   "short-list", "rebuilt", "salvaged", "restored", "verified"
 * @change_id: (nullable): of the change
 * @action: (nullable): "create", "update", "archive" or "restore"
 * @object: (nullable): Stripe's type
 * @object_id: (nullable): local id
 * @name: (nullable): the object's name
 * @request_id: (nullable): what Stripe calls the request
 * @detail: (nullable): Stripe's message, or the fields it is about
 *
 * One line of the log; borrowed texts when it is added, owned ones when it is read.
 */
typedef struct
{
  gint64 row;
  gint64 at;
  const char *event;
  const char *change_id;
  const char *action;
  const char *object;
  const char *object_id;
  const char *name;
  const char *request_id;
  const char *detail;
} RtLogEntry;

/**
 * rt_log_add:
 *
 * Adds a line. Within a transaction.
 */
gboolean rt_log_add (RtStore *store, const RtLogEntry *entry, GError **error);

/**
 * rt_log_note:
 * @number: of what @event is about
 *
 * Adds a line about the replica as a whole, in a transaction of its own. Failing is no failure of
 * what it tells of.
 */
void rt_log_note (RtStore *store, const char *event, const char *object, guint number);

/**
 * rt_log_list:
 * @limit: at most so many; 0: all
 *
 * Returns: (transfer full) (nullable) (element-type RtLogEntry): the newest lines first
 */
GPtrArray *rt_log_list (RtStore *store, guint limit, GError **error);

/**
 * rt_log_reason:
 * @nick: (nullable): why everything is read, as the event "relist" has it for a detail
 *
 * Returns: (transfer none): the same as a sentence, translated
 */
const char *rt_log_reason (const char *nick);

/**
 * rt_log_dup_sentence:
 *
 * Returns: (transfer full): what happened, translated, without the time
 */
char *rt_log_dup_sentence (const RtLogEntry *entry);

/**
 * rt_log_to_json:
 *
 * Returns: (transfer full): the line for scripts
 */
JsonObject *rt_log_to_json (const RtLogEntry *entry);

/**
 * rt_log_forget:
 * @before: microseconds
 *
 * Forgets older lines. Within a transaction.
 */
gboolean rt_log_forget (RtStore *store, gint64 before, GError **error);

G_END_DECLS
