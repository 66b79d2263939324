#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * rt_store_put_object:
 * @object: an object of Stripe; with `deleted: true` it becomes a tombstone
 * @asked_at: when the request that brought it began, microseconds
 * @listing: the number of the full list it came in, or 0
 *
 * Keeps what Stripe said, unless something asked for later is known already (TRAPS A7), and makes
 * the view anew. Pending changes are not touched (TRAPS A25). Within a transaction.
 */
gboolean rt_store_put_object (RtStore *store, JsonObject *object, gint64 asked_at, gint64 listing,
                              GError **error);

/**
 * rt_store_put_deleted:
 *
 * Keeps that Stripe has no such object any more. Within a transaction.
 */
gboolean rt_store_put_deleted (RtStore *store, const char *object, const char *stripe_id,
                               gint64 asked_at, GError **error);

/**
 * rt_store_dup_stripe_id:
 *
 * Returns: (transfer full) (nullable): the id of the object of that handle, if Stripe has it
 */
char *rt_store_dup_stripe_id (RtStore *store, const char *object, const char *handle);

G_END_DECLS
