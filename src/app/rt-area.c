#include "rt-area.h"

#include <glib/gi18n-lib.h>

#include "rt-coupon-form.h"
#include "rt-product-form.h"

static RtListItem *
load_product (RtStore *store, gint64 row)
{
  g_autoptr (RtProduct) product = rt_store_get_product (store, row);
  g_autofree char *sentence = product != NULL ? rt_product_to_sentence (product) : NULL;

  return product != NULL ? rt_list_item_new (row, product->id, product->name, sentence,
                                             product->state, product->is_outside)
                         : NULL;
}

static RtListItem *
load_coupon (RtStore *store, gint64 row)
{
  g_autoptr (RtCoupon) coupon = rt_store_get_coupon (store, row);
  g_autofree char *sentence = coupon != NULL ? rt_coupon_to_sentence (coupon) : NULL;

  return coupon != NULL ? rt_list_item_new (row, coupon->id, coupon->name, sentence, coupon->state,
                                            coupon->is_outside)
                        : NULL;
}

static const RtArea areas[] = {
  {
      .object = "product",
      .touched = RT_STORE_PRODUCTS,
      .icon_name = "package-x-generic-symbolic",
      .title = N_ ("Products"),
      .new_label = N_ ("New Product"),
      .search_label = N_ ("Search products"),
      .none_title = N_ ("No Products Yet"),
      .none_text = N_ ("A product says what clients pay for, and how much."),
      .none_archived = N_ ("No Archived Products"),
      .rows = rt_store_product_rows,
      .load_item = load_product,
      .form_new = rt_product_form_new,
  },
  {
      .object = "coupon",
      .touched = RT_STORE_COUPONS,
      .icon_name = "rt-coupon-symbolic",
      .title = N_ ("Coupons"),
      .new_label = N_ ("New Coupon"),
      .search_label = N_ ("Search coupons"),
      .none_title = N_ ("No Coupons Yet"),
      .none_text = N_ ("A coupon takes something off a client’s invoices."),
      .none_archived = N_ ("No Deleted Coupons"),
      .rows = rt_store_coupon_rows,
      .load_item = load_coupon,
      .form_new = rt_coupon_form_new,
  },
};

const RtArea *
rt_area_find (const char *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (areas); i++)
    if (g_str_equal (areas[i].object, object))
      return &areas[i];
  g_return_val_if_reached (NULL);
}
