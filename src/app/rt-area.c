#include "rt-area.h"

#include <glib/gi18n-lib.h>

#include "rt-client-actions.h"
#include "rt-client-form.h"
#include "rt-coupon-form.h"
#include "rt-product-actions.h"
#include "rt-product-form.h"

static RtListItem *
load_client (RtStore *store, gint64 row)
{
  g_autoptr (RtClient) client = rt_store_get_client (store, row);
  g_autofree char *sentence = client != NULL ? rt_client_to_sentence (client) : NULL;

  return client != NULL ? rt_list_item_new (row, client->id, client->name, sentence, client->state,
                                            client->is_outside)
                        : NULL;
}

static JsonObject *
client_json (RtStore *store, const char *id)
{
  g_autoptr (RtClient) client = rt_store_find_client (store, id, NULL);

  return client != NULL ? rt_client_to_json (client) : NULL;
}

static gboolean
archive_client (RtStore *store, gpointer id, GError **error)
{
  g_autoptr (RtClient) client = rt_client_set_archived (store, id, TRUE, error);

  return client != NULL;
}

static gboolean
restore_client (RtStore *store, gpointer id, GError **error)
{
  g_autoptr (RtClient) client = rt_client_set_archived (store, id, FALSE, error);

  return client != NULL;
}

static RtListItem *
load_product (RtStore *store, gint64 row)
{
  g_autoptr (RtProduct) product = rt_store_get_product (store, row);
  g_autofree char *sentence = product != NULL ? rt_product_to_sentence (product) : NULL;

  return product != NULL ? rt_list_item_new (row, product->id, product->name, sentence,
                                             product->state, product->is_outside)
                         : NULL;
}

static JsonObject *
product_json (RtStore *store, const char *id)
{
  g_autoptr (RtProduct) product = rt_store_find_product (store, id, NULL);

  return product != NULL ? rt_product_to_json (product) : NULL;
}

static gboolean
archive_product (RtStore *store, gpointer id, GError **error)
{
  g_autoptr (RtProduct) product = rt_product_set_archived (store, id, TRUE, error);

  return product != NULL;
}

static gboolean
restore_product (RtStore *store, gpointer id, GError **error)
{
  g_autoptr (RtProduct) product = rt_product_set_archived (store, id, FALSE, error);

  return product != NULL;
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

static JsonObject *
coupon_json (RtStore *store, const char *id)
{
  g_autoptr (RtCoupon) coupon = rt_store_find_coupon (store, id, NULL);

  return coupon != NULL ? rt_coupon_to_json (coupon) : NULL;
}

static const RtArea areas[] = {
  {
      .object = "customer",
      .touched = RT_STORE_CLIENTS,
      .icon_name = "system-users-symbolic",
      .title = N_ ("Clients"),
      .new_label = N_ ("New Client"),
      .search_label = N_ ("Search clients"),
      .none_title = N_ ("No Clients Yet"),
      .none_text = N_ ("A client is who pays: a company or a person."),
      .none_archived = N_ ("No Archived Clients"),
      .rows = rt_store_client_rows,
      .load_item = load_client,
      .dup_json = client_json,
      .archive = archive_client,
      .restore = restore_client,
      .form_new = rt_client_form_new,
  },
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
      .dup_json = product_json,
      .archive = archive_product,
      .restore = restore_product,
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
      .dup_json = coupon_json,
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
