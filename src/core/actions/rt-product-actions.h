#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/* What a person can do with products. Each is one transaction: the view, the queued change and its
 * requests, on the disk when it returns; or nothing and an #RtError that names its field. */

/**
 * rt_product_create:
 * @draft: what was typed
 *
 * Returns: (transfer full) (nullable): the new product, queued
 */
RtProduct *rt_product_create (RtStore *store, const RtDraft *draft, GError **error);

/**
 * rt_product_update:
 * @id: local id, Stripe id or exact name
 * @draft: what was typed; what is absent stays
 *
 * Changes name, description and amounts. A changed amount becomes a new price at Stripe; existing
 * subscriptions keep the old one (API-GUIDE §6).
 *
 * Returns: (transfer full) (nullable): the product as it is now
 */
RtProduct *rt_product_update (RtStore *store, const char *id, const RtDraft *draft, GError **error);

/**
 * rt_product_set_archived:
 *
 * Archives or restores. Running subscriptions are not touched (API-GUIDE §6, §17).
 *
 * Returns: (transfer full) (nullable): the product as it is now
 */
RtProduct *rt_product_set_archived (RtStore *store, const char *id, gboolean is_archived,
                                    GError **error);

G_END_DECLS
