#pragma once

#include "rt-change.h"

G_BEGIN_DECLS

/* What a person does to the queue. Sending it is in rt-queue-send.h. */

/**
 * RtEdit:
 * @action: "create", "update", "archive" or "restore"
 * @object: "customer", "product", "coupon"
 * @object_id: local id
 * @name: the object's name, for the title
 * @fields: members of the object's JSON that the person set
 * @before: (nullable): the object's JSON as the person saw it; %NULL for a creation
 * @lifetime: microseconds after which it asks again instead of being sent (TRAPS B23); 0: it waits
 *   for ever
 *
 * What a person did to an object; borrowed texts.
 */
typedef struct
{
  const char *action;
  const char *object;
  const char *object_id;
  const char *name;
  JsonObject *fields;
  JsonObject *before;
  gint64 lifetime;
} RtEdit;

/**
 * rt_queue_add:
 *
 * Queues a change with its requests and shows it in the view. A change of something that is still
 * waiting is folded into what waits; a change of something under way waits for it (TRAPS B21, B22).
 * Within a transaction.
 */
gboolean rt_queue_add (RtStore *store, const RtEdit *edit, GError **error);

/**
 * rt_queue_retry:
 * @id: of a change
 *
 * Tries a refused change again, with new requests for what was refused, or a waiting one at once.
 * One that has expired is confirmed by it, for as long again.
 */
gboolean rt_queue_retry (RtStore *store, const char *id, GError **error);

/**
 * rt_queue_dup_dependents:
 *
 * Returns: (transfer full) (element-type RtChange): the open changes that wait for change @id
 */
GPtrArray *rt_queue_dup_dependents (RtStore *store, const char *id, GError **error);

/**
 * rt_queue_discard:
 * @with_dependents: whether what waits for it goes too; else such a change is refused
 *
 * Takes back a change that Stripe has not seen. A creation of which Stripe has a part is undone:
 * the part is archived by a new change (TRAPS B27). What may be executing right now cannot be taken
 * back.
 */
gboolean rt_queue_discard (RtStore *store, const char *id, gboolean with_dependents,
                           GError **error);

/**
 * rt_queue_forget:
 *
 * Takes back the creation of an object of which Stripe has seen nothing. Within a transaction.
 */
gboolean rt_queue_forget (RtStore *store, const char *object, const char *object_id,
                          GError **error);

/**
 * rt_queue_wake:
 *
 * Makes everything that waits for its next attempt due now.
 */
gboolean rt_queue_wake (RtStore *store, GError **error);

/**
 * rt_queue_count:
 * @n_waiting: (out): queued or being sent
 * @n_stopped: (out): rejected
 * @n_conflicts: (out): in conflict
 *
 * Counts the open changes.
 */
gboolean rt_queue_count (RtStore *store, guint *n_waiting, guint *n_stopped, guint *n_conflicts,
                         GError **error);

/**
 * rt_queue_count_done:
 *
 * Returns: how many changes Stripe has, of those the replica remembers
 */
guint rt_queue_count_done (RtStore *store);

G_END_DECLS
