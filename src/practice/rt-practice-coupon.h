#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_coupon_create:
 *
 * `POST /v1/coupons`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_coupon_create (RtPracticeCall *call, GError **error);

/**
 * rt_practice_coupon_retrieve:
 *
 * `GET /v1/coupons/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_coupon_retrieve (RtPracticeCall *call, GError **error);

/**
 * rt_practice_coupon_update:
 *
 * `POST /v1/coupons/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_coupon_update (RtPracticeCall *call, GError **error);

/**
 * rt_practice_coupon_delete:
 *
 * `DELETE /v1/coupons/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_coupon_delete (RtPracticeCall *call, GError **error);

G_END_DECLS
