#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/* `POST /v1/coupons` and so on. */
JsonObject *rt_practice_coupon_create (RtPracticeCall *call, GError **error);
JsonObject *rt_practice_coupon_retrieve (RtPracticeCall *call, GError **error);
JsonObject *rt_practice_coupon_update (RtPracticeCall *call, GError **error);
JsonObject *rt_practice_coupon_delete (RtPracticeCall *call, GError **error);

G_END_DECLS
