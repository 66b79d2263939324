/* The story of the first slice: draft offline, sync, lose the replica, have it all back. */

#include "sync-fixture.h"

static char *
product_json (Fixture *f, const char *id)
{
  GError *error = NULL;
  g_autoptr (RtProduct) product = rt_store_find_product (f->store, id, &error);
  g_autoptr (JsonObject) json = NULL;

  g_assert_no_error (error);
  json = rt_product_to_json (product);
  return rt_json_to_text (json);
}

static void
test_all_forms (Fixture *f, gconstpointer data)
{
  static const char *const forms[][12] = {
    { "model", "base", "amount", "49", "currency", "usd", NULL },
    { "model", "base", "amount", "5000", "currency", "jpy", "metric", "conversations", "included",
      "0" },
    { "model", "usage", "amount", "0.0123456789", "currency", "kwd", "metric", "minutes", "period",
      "week" },
    { "model", "one-time", "amount", "1.23", "currency", "bhd", "tax", "inclusive", NULL },
  };
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (RtDraft) typed = draft ("name", "Produkt „ä“ & Söhne 100 %", NULL);
      GError *error = NULL;
      g_autoptr (RtProduct) product = NULL;

      for (guint j = 0; j + 1 < 12 && forms[i][j] != NULL; j += 2)
        rt_draft_set (typed, forms[i][j], forms[i][j + 1]);
      if (i == 1)
        rt_draft_set (typed, "overage", "2.5");
      product = rt_product_create (f->store, typed, &error);
      g_assert_no_error (error);
      g_assert_cmpint (product->state, ==, RT_STATE_QUEUED);
      g_assert_null (product->stripe_id);
      g_ptr_array_add (ids, g_strdup (product->id));
    }
  sync_all (f);
  for (guint i = 0; i < ids->len; i++)
    {
      g_ptr_array_add (before, product_json (f, g_ptr_array_index (ids, i)));
      g_assert_cmpint (product_state (f, g_ptr_array_index (ids, i)), ==, RT_STATE_SYNCED);
    }
  g_assert_cmpint (count_objects (f, "product"), ==, 4);
  g_assert_cmpint (count_objects (f, "price"), ==, 5);
  g_assert_cmpint (count_objects (f, "billing.meter"), ==, 2);
  fixture_lose_replica (f);
  sync_all (f);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autofree char *after = product_json (f, g_ptr_array_index (ids, i));

      g_assert_cmpstr (after, ==, g_ptr_array_index (before, i));
    }
}

static void
test_coupons (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_coupon (f, "Welcome", "WELCOME");
  g_autoptr (RtDraft) renamed = draft ("name", "Hello", NULL);
  g_autoptr (RtCoupon) coupon = NULL;
  GError *error = NULL;

  sync_all (f);
  g_assert_cmpint (coupon_state (f, id), ==, RT_STATE_SYNCED);
  coupon = rt_coupon_update (f->store, "WELCOME", renamed, &error);
  g_assert_no_error (error);
  g_assert_cmpint (coupon->state, ==, RT_STATE_QUEUED);
  sync_all (f);
  fixture_lose_replica (f);
  sync_all (f);
  rt_coupon_unref (coupon);
  coupon = rt_store_find_coupon (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (coupon->name, ==, "Hello");
  g_assert_cmpstr (coupon->code, ==, "WELCOME");
  g_assert_cmpint (coupon->n_months, ==, 3);
  rt_coupon_delete (f->store, id, &error);
  g_assert_no_error (error);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 0);
  g_assert_cmpint (coupon_state (f, id), ==, RT_STATE_ARCHIVED);
}

/* An edited amount is a new price; the default moves to it and the old one is archived (guide §6).
 */
static void
test_price_change (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_base_with_usage (f, "Voice");
  g_autofree char *path = g_strdup_printf ("/v1/products/rtn_p_%s", id);
  g_autoptr (RtDraft) edit = draft ("amount", "30", NULL);
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (JsonObject) at_stripe = NULL;
  g_autoptr (JsonObject) prices = NULL;
  g_autofree char *price_path = NULL;
  g_autoptr (JsonObject) price = NULL;
  GError *error = NULL;
  gint64 amount = 0;

  sync_all (f);
  product = rt_product_update (f->store, id, edit, &error);
  g_assert_no_error (error);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "price"), ==, 3);
  at_stripe = outside (f, "GET", path, NULL);
  price_path = g_strconcat ("/v1/prices/", rt_json_string (at_stripe, "default_price"), NULL);
  price = outside (f, "GET", price_path, NULL);
  g_assert_true (rt_json_int (price, "unit_amount", &amount));
  g_assert_cmpint (amount, ==, 3000);
  prices = outside (f, "GET", "/v1/prices?active=false", NULL);
  g_assert_cmpuint (json_array_get_length (rt_json_array (prices, "data")), ==, 1);
}

static void
test_archive_and_restore (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_base_with_usage (f, "Voice");
  g_autoptr (RtProduct) product = NULL;
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_set_archived (f->store, id, TRUE, &error));
  g_assert_no_error (error);
  sync_all (f);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_ARCHIVED);
  fixture_lose_replica (f);
  sync_all (f);
  product = rt_product_set_archived (f->store, id, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (product->included, ==, 1000);
  sync_all (f);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_SYNCED);
}

/* One that was archived before Stripe ever saw it must not forget what it cost. */
static void
test_archive_unsent (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Never sold");
  g_autoptr (RtProduct) product = NULL;
  GError *error = NULL;

  rt_product_unref (rt_product_set_archived (f->store, id, TRUE, &error));
  g_assert_no_error (error);
  sync_all (f);
  fixture_lose_replica (f);
  sync_all (f);
  product = rt_store_find_product (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (product->state, ==, RT_STATE_ARCHIVED);
  g_assert_cmpint ((gint64) (product->amount.scaled / 1000000000000), ==, 4900);
}

static void
test_folding (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtDraft) rename = draft ("name", "Two", "amount", "50", NULL);
  g_autoptr (RtDraft) back = draft ("name", "Three", NULL);
  g_autoptr (RtDraft) again = draft ("name", "Two", NULL);
  GError *error = NULL;

  rt_product_unref (rt_product_update (f->store, id, rename, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, 1);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "price"), ==, 1);
  /* There and back again leaves nothing to send. */
  rt_product_unref (rt_product_update (f->store, id, back, &error));
  g_assert_cmpuint (count_changes (f), ==, 1);
  rt_product_unref (rt_product_update (f->store, id, again, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, 0);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_SYNCED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/story/b19-all-forms", test_all_forms);
  ADD ("/story/coupons", test_coupons);
  ADD ("/story/price-change", test_price_change);
  ADD ("/story/archive-and-restore", test_archive_and_restore);
  ADD ("/story/archive-unsent", test_archive_unsent);
  ADD ("/story/b21-folding", test_folding);
  return g_test_run ();
}
