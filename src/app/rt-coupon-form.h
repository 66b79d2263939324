#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_COUPON_FORM (rt_coupon_form_get_type ())
G_DECLARE_FINAL_TYPE (RtCouponForm, rt_coupon_form, RT, COUPON_FORM, AdwBin)

/**
 * rt_coupon_form_new:
 * @id: (nullable): a coupon; %NULL for a new one
 *
 * Returns: (transfer floating) (nullable): a form for a coupon;
 *   %NULL if it has gone or cannot be read
 */
GtkWidget *rt_coupon_form_new (RtDesk *desk, const char *id);

G_END_DECLS
