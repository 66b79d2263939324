/* What the resources do, beyond what they refuse. */

#include "practice-fixture.h"

#include <string.h>

#include "rt-json.h"

#define TIERS                                                                              \
  "billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=100&tiers[0][unit_amount]=0" \
  "&tiers[1][up_to]=inf&tiers[1][unit_amount_decimal]=0.500"

static Answer *
post (Fixture *f, const char *path, const char *form)
{
  return fixture_send (f, "POST", path, form, NULL);
}

static char *
price_path (JsonObject *price)
{
  return g_strconcat ("/v1/prices/", rt_json_string (price, "id"), NULL);
}

static void
test_product (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made
      = fixture_create (f, "/v1/products",
                        "name=A&id=p&description=d&images[]=u&unit_label=call"
                        "&package_dimensions[height]=1.10"
                        "&package_dimensions[length]=2"
                        "&package_dimensions[weight]=3"
                        "&package_dimensions[width]=4");
  g_autoptr (Answer) changed = NULL;
  g_autoptr (Answer) deleted = NULL;
  g_autoptr (Answer) stub = NULL;
  g_autoptr (JsonObject) again = NULL;
  gint64 updated = 0;

  g_assert_true (rt_json_bool (made, "active"));
  g_assert_cmpstr (rt_json_string (made, "type"), ==, "service");
  rt_clock_advance (f->clock, 60 * G_USEC_PER_SEC);
  changed = post (f, "/v1/products/p", "description=&images=&name=B");
  g_assert_true (json_object_get_null_member (changed->body, "description"));
  g_assert_cmpuint (json_array_get_length (rt_json_array (changed->body, "images")), ==, 0);
  g_assert_cmpstr (answer_string (changed, "unit_label"), ==, "call");
  g_assert_nonnull (strstr (changed->text, "\"height\":1.1,"));
  g_assert_true (rt_json_int (changed->body, "updated", &updated));
  g_assert_cmpint (updated, ==, FIXTURE_NOW + 60);
  deleted = fixture_send (f, "DELETE", "/v1/products/p", NULL, NULL);
  g_assert_cmpstr (deleted->text, ==, "{\"id\":\"p\",\"object\":\"product\",\"deleted\":true}");
  stub = fixture_send (f, "GET", "/v1/products/p", NULL, NULL);
  g_assert_cmpstr (stub->text, ==, deleted->text);
  again = fixture_create (f, "/v1/products", "name=C&id=p");
  g_assert_cmpstr (rt_json_string (again, "name"), ==, "C");
}

static void
test_default_price (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) product = fixture_create (f, "/v1/products",
                                                   "name=A&id=p&default_price_data[currency]=usd"
                                                   "&default_price_data[unit_amount]=5"
                                                   "&default_price_data[recurring][interval]=month"
                                                   "&expand[]=default_price");
  JsonObject *price = rt_json_object (product, "default_price");
  g_autoptr (JsonObject) other = NULL;
  g_autoptr (JsonObject) foreign = NULL;
  g_autoptr (Answer) archived = NULL;
  g_autoptr (Answer) wrong = NULL;
  g_autoptr (Answer) deleted = NULL;
  g_autofree char *path = price_path (price);
  g_autofree char *form = NULL;
  g_autofree char *wrong_form = NULL;

  g_assert_cmpstr (rt_json_string (price, "product"), ==, "p");
  archived = post (f, path, "active=false");
  assert_refused (archived, 400, NULL, "active");
  json_object_unref (fixture_create (f, "/v1/products", "name=B&id=q"));
  foreign = fixture_create (f, "/v1/prices", "product=q&currency=usd&unit_amount=1");
  wrong_form = g_strconcat ("default_price=", rt_json_string (foreign, "id"), NULL);
  wrong = post (f, "/v1/products/p", wrong_form);
  assert_refused (wrong, 400, NULL, "default_price");
  other = fixture_create (f, "/v1/prices", "product=p&currency=usd&unit_amount=6");
  form = g_strconcat ("default_price=", rt_json_string (other, "id"), NULL);
  json_object_unref (fixture_create (f, "/v1/products/p", form));
  json_object_unref (fixture_create (f, path, "active=false"));
  deleted = fixture_send (f, "DELETE", "/v1/products/p", NULL, NULL);
  assert_refused (deleted, 400, NULL, NULL);
}

static void
test_amounts (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *form;
    const char *shown;
  } amounts[] = {
    { "unit_amount=4900", "\"unit_amount\":4900,\"unit_amount_decimal\":\"4900\"" },
    { "unit_amount=0", "\"unit_amount\":0,\"unit_amount_decimal\":\"0\"" },
    { "unit_amount_decimal=0.083333333333",
      "\"unit_amount_decimal\":\"0.083333333333\",\"unit_amount\":null" },
    { "unit_amount_decimal=5.00", "\"unit_amount_decimal\":\"5\",\"unit_amount\":5" },
    { "custom_unit_amount[enabled]=true", "\"unit_amount\":null,\"unit_amount_decimal\":null" },
  };

  json_object_unref (fixture_create (f, "/v1/products", "name=A&id=p"));
  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      g_autofree char *form = g_strconcat ("product=p&currency=usd&", amounts[i].form, NULL);
      g_autoptr (Answer) answer = post (f, "/v1/prices", form);

      g_test_message ("%s -> %s", form, answer->text);
      g_assert_nonnull (strstr (answer->text, amounts[i].shown));
    }
}

static void
test_tiers (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) meter
      = fixture_create (f, "/v1/billing/meters",
                        "display_name=m&event_name=m&default_aggregation[formula]=sum");
  g_autofree char *form = g_strconcat ("product=p&currency=usd&recurring[interval]=month&" TIERS
                                       "&recurring[usage_type]=metered&recurring[meter]=",
                                       rt_json_string (meter, "id"), NULL);
  g_autoptr (JsonObject) price = NULL;
  g_autofree char *path = NULL;
  g_autofree char *expanded = NULL;
  g_autoptr (Answer) read = NULL;
  g_autoptr (Answer) list = NULL;

  json_object_unref (fixture_create (f, "/v1/products", "name=A&id=p"));
  price = fixture_create (f, "/v1/prices", form);
  g_assert_false (json_object_has_member (price, "tiers"));
  path = price_path (price);
  expanded = g_strconcat (path, "?expand[]=tiers", NULL);
  read = fixture_send (f, "GET", expanded, NULL, NULL);
  g_assert_nonnull (strstr (read->text, "\"unit_amount_decimal\":\"0.5\",\"unit_amount\":null,"
                                        "\"up_to\":null"));
  list
      = fixture_send (f, "GET", "/v1/prices?expand[]=data.tiers&expand[]=data.product", NULL, NULL);
  g_assert_nonnull (strstr (list->text, "\"up_to\":100}"));
  g_assert_nonnull (strstr (list->text, "\"product\":{\"id\":\"p\""));
  g_assert_nonnull (
      rt_json_array (rt_practice_lookup (f->practice, "price", rt_json_string (price, "id")),
                     "tiers"));
}

static void
test_lookup_keys (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (JsonObject) third = NULL;
  g_autofree char *first_path = NULL;
  g_autofree char *third_path = NULL;
  g_autoptr (Answer) robbed = NULL;
  g_autoptr (Answer) taken = NULL;

  json_object_unref (fixture_create (f, "/v1/products", "name=A&id=p"));
  first = fixture_create (f, "/v1/prices", "product=p&currency=usd&unit_amount=1&lookup_key=k");
  first_path = price_path (first);
  json_object_unref (fixture_create (f, first_path, "active=false"));
  second = fixture_create (f, "/v1/prices",
                           "product=p&currency=usd&unit_amount=2&lookup_key=k"
                           "&transfer_lookup_key=true");
  robbed = fixture_send (f, "GET", first_path, NULL, NULL);
  g_assert_true (json_object_get_null_member (robbed->body, "lookup_key"));
  third = fixture_create (f, "/v1/prices", "product=p&currency=usd&unit_amount=3");
  third_path = price_path (third);
  taken = post (f, third_path, "lookup_key=k");
  assert_refused (taken, 400, NULL, "lookup_key");
  json_object_unref (fixture_create (f, third_path, "lookup_key=k&transfer_lookup_key=true"));
  /* Free again: nobody else may have it by now. */
  json_object_unref (fixture_create (f, third_path, "lookup_key=other"));
  json_object_unref (fixture_create (f, first_path, "lookup_key=k"));
}

static void
test_tax_behavior (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) price = NULL;
  g_autofree char *path = NULL;
  g_autoptr (Answer) refused = NULL;

  json_object_unref (fixture_create (f, "/v1/products", "name=A&id=p"));
  price = fixture_create (f, "/v1/prices", "product=p&currency=usd&unit_amount=1");
  g_assert_cmpstr (rt_json_string (price, "tax_behavior"), ==, "unspecified");
  path = price_path (price);
  json_object_unref (fixture_create (f, path, "tax_behavior=inclusive&nickname=n"));
  json_object_unref (fixture_create (f, path, "tax_behavior=inclusive"));
  refused = post (f, path, "tax_behavior=exclusive");
  assert_refused (refused, 400, NULL, "tax_behavior");
}

static void
test_meter (Fixture *f, gconstpointer data)
{
  const char *form = "display_name=m&event_name=e&default_aggregation[formula]=sum";
  g_autoptr (JsonObject) meter = fixture_create (f, "/v1/billing/meters", form);
  g_autofree char *path = g_strconcat ("/v1/billing/meters/", rt_json_string (meter, "id"), NULL);
  g_autofree char *off = g_strconcat (path, "/deactivate", NULL);
  g_autofree char *on = g_strconcat (path, "/reactivate", NULL);
  g_autofree char *price
      = g_strconcat ("product=p&currency=usd&unit_amount=1&recurring[interval]=month"
                     "&recurring[usage_type]=metered&recurring[meter]=",
                     rt_json_string (meter, "id"), NULL);
  g_autoptr (Answer) active = post (f, on, "");
  g_autoptr (JsonObject) inactive = fixture_create (f, off, "");
  g_autoptr (Answer) twice = post (f, off, "");
  g_autoptr (Answer) same_name = post (f, "/v1/billing/meters", form);
  g_autoptr (Answer) refused = NULL;
  gint64 at = 0;

  assert_refused (active, 400, NULL, NULL);
  assert_refused (twice, 400, NULL, NULL);
  assert_refused (same_name, 400, NULL, "event_name");
  g_assert_true (
      rt_json_int (rt_json_object (inactive, "status_transitions"), "deactivated_at", &at));
  json_object_unref (fixture_create (f, "/v1/products", "name=A&id=p"));
  refused = post (f, "/v1/prices", price);
  assert_refused (refused, 400, NULL, "recurring[meter]");
  json_object_unref (fixture_create (f, on, ""));
  json_object_unref (fixture_create (f, "/v1/prices", price));
}

static void
test_coupon (Fixture *f, gconstpointer data)
{
  g_autofree char *form
      = g_strdup_printf ("id=c&percent_off=33.33&redeem_by=%" G_GINT64_FORMAT, FIXTURE_NOW + 10);
  g_autoptr (Answer) made = post (f, "/v1/coupons", form);
  g_autoptr (Answer) expired = NULL;
  g_autoptr (Answer) listed = NULL;
  g_autoptr (Answer) deleted = NULL;
  g_autoptr (Answer) gone = NULL;

  g_assert_nonnull (strstr (made->text, "\"percent_off\":33.33,"));
  g_assert_true (rt_json_bool (made->body, "valid"));
  rt_clock_advance (f->clock, 10 * G_USEC_PER_SEC);
  expired = fixture_send (f, "GET", "/v1/coupons/c", NULL, NULL);
  g_assert_false (rt_json_bool (expired->body, "valid"));
  listed = fixture_send (f, "GET", "/v1/coupons", NULL, NULL);
  g_assert_nonnull (strstr (listed->text, "\"valid\":false"));
  deleted = fixture_send (f, "DELETE", "/v1/coupons/c", NULL, NULL);
  g_assert_true (rt_json_bool (deleted->body, "deleted"));
  gone = fixture_send (f, "GET", "/v1/coupons/c", NULL, NULL);
  assert_refused (gone, 404, "resource_missing", "id");
  json_object_unref (fixture_create (f, "/v1/coupons",
                                     "id=c&amount_off=500&currency=eur"
                                     "&currency_options[usd][amount_off]=600"));
}

static void
test_product_data (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) price
      = fixture_create (f, "/v1/prices",
                        "currency=usd&unit_amount=1&product_data[name]=N"
                        "&product_data[id]=made&product_data[unit_label]=call");
  g_autoptr (Answer) long_label = post (f, "/v1/prices",
                                        "currency=usd&unit_amount=1&product_data[name]=N"
                                        "&product_data[unit_label]=conversations");

  g_assert_cmpstr (rt_json_string (price, "product"), ==, "made");
  g_assert_nonnull (rt_practice_lookup (f->practice, "product", "made"));
  assert_refused (long_label, 400, NULL, "product_data[unit_label]");
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 1);
  g_assert_cmpuint (rt_practice_count (f->practice, "event"), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/objects/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("product", test_product);
  ADD ("default-price", test_default_price);
  ADD ("amounts", test_amounts);
  ADD ("tiers", test_tiers);
  ADD ("lookup-keys", test_lookup_keys);
  ADD ("tax-behavior", test_tax_behavior);
  ADD ("meter", test_meter);
  ADD ("coupon", test_coupon);
  ADD ("product-data", test_product_data);
  return g_test_run ();
}
