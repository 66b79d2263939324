#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/* What a person can do with coupons; see rt-product-actions.h. */

/**
 * rt_coupon_create:
 * @draft: what was typed; without a `code` one is made
 *
 * Returns: (transfer full) (nullable): the new coupon, queued
 */
RtCoupon *rt_coupon_create (RtStore *store, const RtDraft *draft, GError **error);

/**
 * rt_coupon_update:
 * @id: local id, code or exact name
 *
 * Changes the name: all that Stripe lets change (API-GUIDE §11). A coupon that Stripe has not seen
 * can still change altogether.
 *
 * Returns: (transfer full) (nullable): the coupon as it is now
 */
RtCoupon *rt_coupon_update (RtStore *store, const char *id, const RtDraft *draft, GError **error);

/**
 * rt_coupon_delete:
 *
 * Stops new use of a coupon; discounts that clients have live on. It stays as an archived row. A
 * coupon that Stripe has not seen is simply taken back.
 */
gboolean rt_coupon_delete (RtStore *store, const char *id, GError **error);

G_END_DECLS
