#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_PRODUCT_FORM (rt_product_form_get_type ())
G_DECLARE_FINAL_TYPE (RtProductForm, rt_product_form, RT, PRODUCT_FORM, AdwBin)

/**
 * rt_product_form_new:
 * @id: (nullable): a product; %NULL for a new one
 *
 * Returns: (transfer floating) (nullable): a form that shows only what the pricing model needs;
 *   %NULL if it has gone or cannot be read
 */
GtkWidget *rt_product_form_new (RtDesk *desk, const char *id);

G_END_DECLS
