#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * rt_store_put_object:
 * @object: an object of Stripe; with `deleted: true` it becomes a tombstone
 * @asked_at: the place of the request that brought it in the order of all that was asked
 * @listing: the number of the full list it came in, or 0
 *
 * Keeps what Stripe said, unless something asked for later is known already (TRAPS A7), and makes
 * the view anew. Pending changes are not touched (TRAPS A25). Within a transaction.
 */
gboolean rt_store_put_object (RtStore *store, JsonObject *object, gint64 asked_at, gint64 listing,
                              GError **error);

/**
 * rt_store_put_verbatim:
 * @text: @object as Stripe wrote it
 *
 * rt_store_put_object() without writing the text anew.
 */
gboolean rt_store_put_verbatim (RtStore *store, JsonObject *object, const char *text,
                                gint64 asked_at, gint64 listing, GError **error);

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

/**
 * rt_store_get_order:
 * @order: (out): the largest place in the order of questions that any answer kept here has
 *
 * Who counts on from too small a number has all answers taken for older than what is kept.
 *
 * Returns: %FALSE if it could not be read
 */
gboolean rt_store_get_order (RtStore *store, gint64 *order, GError **error);

/**
 * rt_store_dup_own_paths:
 *
 * Returns: (transfer full) (element-type utf8): where a few objects that this replica knows, and
 *   that no other account can have, are read at Stripe
 */
GPtrArray *rt_store_dup_own_paths (RtStore *store);

G_END_DECLS
