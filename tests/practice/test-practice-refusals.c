/* What Stripe refuses, the practice Stripe refuses: by status, code and parameter. */

#include "practice-fixture.h"

#include <string.h>

#include "rt-json.h"

typedef struct
{
  const char *request; /* METHOD path */
  const char *form;
  guint status; /* 400 unless given; 200: must be taken */
  const char *code;
  const char *param;
} Case;

#define PRODUCT "POST /v1/products"
#define UPDATE "POST /v1/products/p1"
#define PRICE "POST /v1/prices"
#define METER "POST /v1/billing/meters"
#define COUPON "POST /v1/coupons"
#define BASE "product=p1&currency=usd&"
#define TEN "aaaaaaaaaa"
#define FORTY TEN TEN TEN TEN

static const Case cases[] = {
  /* by the contract */
  { PRODUCT, "", 0, "parameter_missing", "name" },
  { PRODUCT, "name=x&colour=red", 0, "parameter_unknown", "colour" },
  { PRODUCT, "name=x&metadata[a][b]=1", 0, NULL, "metadata[a]" },
  { PRODUCT, "name=", 0, "parameter_invalid_empty", "name" },
  { PRODUCT, "name=%20%09", 0, "parameter_invalid_string_blank", "name" },
  { PRODUCT, "name[x]=1", 0, NULL, "name" },
  { PRODUCT, "name=x&active=yes", 0, NULL, "active" },
  { PRODUCT, "name=x&active=True", 0, NULL, "active" },
  { PRODUCT, "name=x&unit_label=conversations", 0, NULL, "unit_label" },
  { PRODUCT, "name=x&unit_label=conversation", 200 },
  { PRODUCT, "name=x&unit_label=%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC",
    200 },
  { PRODUCT, "name=x&images=a", 0, NULL, "images" },
  { PRODUCT, "name=x&images[1]=a", 0, NULL, "images" },
  { PRODUCT, "name=x&marketing_features[][name]=a", 0, NULL, "marketing_features[][name]" },
  { PRODUCT, "name=x&marketing_features[0][title]=a", 0, "parameter_unknown",
    "marketing_features[0][title]" },
  { PRODUCT, "name=x&name=y", 0, NULL, "name" },
  { PRODUCT, "name=x&metadata[" FORTY "]=1", 200 },
  { PRODUCT, "name=x&metadata[" FORTY "a]=1", 0, NULL, "metadata" },
  { PRODUCT, "name=x&metadata=", 0, "parameter_invalid_empty", "metadata" },
  { PRODUCT, "name=x&statement_descriptor=12345", 0, NULL, "statement_descriptor" },
  { PRODUCT, "name=x&statement_descriptor=A*<B", 0, NULL, "statement_descriptor" },
  { PRODUCT, "name=x&statement_descriptor=AAAAAAAAAAAAAAAAAAAAAAA", 0, NULL,
    "statement_descriptor" },
  { PRODUCT, "name=x&tax_code=books", 0, "resource_missing", "tax_code" },
  { PRODUCT, "name=x&url=ftp://x", 0, "url_invalid", "url" },
  { PRODUCT, "name=x&package_dimensions[height]=1", 0, "parameter_missing",
    "package_dimensions[length]" },
  { PRODUCT, "name=x&id=p1", 0, "resource_already_exists", "id" },
  { PRODUCT, "name=x&id=a/b", 0, NULL, "id" },
  { PRODUCT, "name=%FF", 0, NULL, NULL },
  { PRODUCT, "name=a%00b", 0, NULL, NULL },
  { PRODUCT, "name=a%2", 0, NULL, NULL },
  { PRODUCT, "name=x&a[b=1", 0, "parameter_unknown", "a[b" },
  { PRODUCT, "name=x&default_price_data[currency]=usd", 0, "parameter_missing",
    "default_price_data[unit_amount]" },
  { PRODUCT, "name=x&expand[]=price", 0, NULL, "expand" },
  { PRODUCT, "name=x&expand[]=default_price.product.default_price.product.default_price", 0, NULL,
    "expand" },
  { UPDATE, "name=", 0, "parameter_invalid_empty", "name" },
  { UPDATE, "description=", 200 },
  { UPDATE, "type=good", 0, "parameter_unknown", "type" },
  { UPDATE, "default_price=price_none", 0, "resource_missing", "default_price" },
  { "POST /v1/products/none", "name=x", 404, "resource_missing", "id" },
  { "GET /v1/products/none", NULL, 404, "resource_missing", "id" },
  { "DELETE /v1/products/none", NULL, 404, "resource_missing", "id" },
  { "GET /v1/products?limit=0", NULL, 0, "parameter_invalid_integer", "limit" },
  { "GET /v1/products?limit=101", NULL, 0, "parameter_invalid_integer", "limit" },
  { "GET /v1/products?limit=ten", NULL, 0, "parameter_invalid_integer", "limit" },
  { "GET /v1/products?created[after]=1", NULL, 0, "parameter_unknown", "created[after]" },
  { "GET /v1/products?created=now", NULL, 0, "parameter_invalid_integer", "created" },
  { "GET /v1/products?expand[]=default_price", NULL, 0, NULL, "expand" },
  { "GET /v1/products?starting_after=p1&ending_before=p1", NULL, 0, "parameters_exclusive",
    "ending_before" },
  /* prices */
  { PRICE, "currency=usd&unit_amount=1", 0, "parameter_missing", "product" },
  { PRICE, "product=p1&unit_amount=1", 0, "parameter_missing", "currency" },
  { PRICE, "product=p1&currency=USD&unit_amount=1", 0, NULL, "currency" },
  { PRICE, "product=p1&currency=xxx&unit_amount=1", 0, NULL, "currency" },
  { PRICE, "product=none&currency=usd&unit_amount=1", 0, "resource_missing", "product" },
  { PRICE, BASE "product_data[name]=x&unit_amount=1", 0, "parameters_exclusive", "product_data" },
  { PRICE, BASE "", 0, "parameter_missing", "unit_amount" },
  { PRICE, BASE "unit_amount=1&unit_amount_decimal=1", 0, "parameters_exclusive", "unit_amount" },
  { PRICE, BASE "unit_amount=-1", 0, "parameter_invalid_integer", "unit_amount" },
  { PRICE, BASE "unit_amount=1.5", 0, "parameter_invalid_integer", "unit_amount" },
  { PRICE, BASE "unit_amount=1e3", 0, "parameter_invalid_integer", "unit_amount" },
  { PRICE, BASE "unit_amount=9999999999999999999999", 0, "parameter_invalid_integer",
    "unit_amount" },
  { PRICE, BASE "unit_amount=1000000000000", 0, "amount_too_large", "unit_amount" },
  { PRICE, BASE "unit_amount_decimal=0.1234567890123", 0, NULL, "unit_amount_decimal" },
  { PRICE, BASE "unit_amount_decimal=-1", 0, NULL, "unit_amount" },
  { PRICE, BASE "unit_amount_decimal=1e-3", 0, NULL, "unit_amount_decimal" },
  { PRICE, "product=p1&currency=jpy&unit_amount=80", 200 },
  { PRICE, "product=p1&currency=kwd&unit_amount=1005", 0, NULL, "unit_amount" },
  { PRICE, "product=p1&currency=kwd&unit_amount=1010", 200 },
  { PRICE, "product=p1&currency=isk&unit_amount=150", 0, NULL, "unit_amount" },
  { PRICE, BASE "unit_amount=1&tiers_mode=volume", 0, NULL, "tiers" },
  { PRICE, BASE "unit_amount=1&recurring[interval]=hour", 0, NULL, "recurring[interval]" },
  { PRICE, BASE "unit_amount=1&recurring[interval_count]=2", 0, "parameter_missing",
    "recurring[interval]" },
  { PRICE, BASE "unit_amount=1&recurring[interval]=year&recurring[interval_count]=4", 0, NULL,
    "recurring[interval_count]" },
  { PRICE, BASE "unit_amount=1&recurring[interval]=month&recurring[interval_count]=36", 200 },
  { PRICE, BASE "unit_amount=1&recurring[interval]=month&recurring[usage_type]=metered", 0,
    "parameter_missing", "recurring[meter]" },
  { PRICE,
    BASE "unit_amount=1&recurring[interval]=month&recurring[usage_type]=metered"
         "&recurring[meter]=mtr_none",
    0, "resource_missing", "recurring[meter]" },
  { PRICE, BASE "unit_amount=1&recurring[interval]=month&recurring[meter]=mtr_none", 0, NULL,
    "recurring[meter]" },
  { PRICE, BASE "unit_amount=1&recurring[interval]=month&recurring[aggregate_usage]=sum", 0,
    "parameter_unknown", "recurring[aggregate_usage]" },
  { PRICE, BASE "billing_scheme=tiered&tiers_mode=graduated", 0, "parameter_missing", "tiers" },
  { PRICE, BASE "billing_scheme=tiered&tiers[0][up_to]=inf&tiers[0][unit_amount]=1", 0,
    "parameter_missing", "tiers_mode" },
  { PRICE,
    BASE "billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=inf&tiers[0][unit_amount]=1",
    200 },
  { PRICE, BASE "billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=5&tiers[0][unit_amount]=1",
    0, NULL, "tiers[0][up_to]" },
  { PRICE,
    BASE "billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=5&tiers[0][unit_amount]=1"
         "&tiers[1][up_to]=5&tiers[1][unit_amount]=1&tiers[2][up_to]=inf&tiers[2][unit_amount]=1",
    0, NULL, "tiers[1][up_to]" },
  { PRICE, BASE "billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=inf", 0,
    "parameter_missing", "tiers[0][unit_amount]" },
  { PRICE,
    BASE "billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=inf&tiers[0][unit_amount]=1"
         "&unit_amount=4",
    0, "parameters_exclusive", "unit_amount" },
  { PRICE, BASE "unit_amount=1&lookup_key=taken", 0, NULL, "lookup_key" },
  { PRICE, BASE "unit_amount=1&lookup_key=taken&transfer_lookup_key=true", 200 },
  { PRICE, BASE "unit_amount=1&nickname=", 0, "parameter_invalid_empty", "nickname" },
  { PRICE, BASE "unit_amount=1&tax_behavior=none", 0, NULL, "tax_behavior" },
  { PRICE, BASE "unit_amount=1&currency_options[EUR][unit_amount]=1", 0, NULL,
    "currency_options[EUR]" },
  { "POST /v1/prices/none", "active=false", 404, "resource_missing", "id" },
  { "GET /v1/prices?recurring[every]=month", NULL, 0, "parameter_unknown", "recurring[every]" },
  { "DELETE /v1/prices/none", NULL, 404, NULL, NULL },
  /* meters */
  { METER, "display_name=x&event_name=e", 0, "parameter_missing", "default_aggregation" },
  { METER, "display_name=x&event_name=e&default_aggregation[formula]=max", 0, NULL,
    "default_aggregation[formula]" },
  { METER, "display_name=x&event_name=taken&default_aggregation[formula]=sum", 0, NULL,
    "event_name" },
  { METER, "display_name=x&event_name=e&default_aggregation[formula]=sum&metadata[a]=1", 0,
    "parameter_unknown", "metadata" },
  { METER, "display_name=x&event_name=" FORTY FORTY TEN TEN "a&default_aggregation[formula]=sum", 0,
    NULL, "event_name" },
  { METER,
    "display_name=x&event_name=e&default_aggregation[formula]=sum&customer_mapping[type]=by_id", 0,
    "parameter_missing", "customer_mapping[event_payload_key]" },
  { "POST /v1/billing/meters/none", "display_name=x", 404, "resource_missing", "id" },
  /* coupons */
  { COUPON, "duration=once", 0, "parameter_missing", "percent_off" },
  { COUPON, "percent_off=0", 0, NULL, "percent_off" },
  { COUPON, "percent_off=100.01", 0, NULL, "percent_off" },
  { COUPON, "percent_off=100", 200 },
  { COUPON, "percent_off=0.01", 200 },
  { COUPON, "percent_off=5.123", 0, NULL, "percent_off" },
  { COUPON, "percent_off=abc", 0, NULL, "percent_off" },
  { COUPON, "percent_off=5&amount_off=5&currency=usd", 0, "parameters_exclusive", "percent_off" },
  { COUPON, "percent_off=5&currency=usd", 0, NULL, "currency" },
  { COUPON, "amount_off=5", 0, "parameter_missing", "currency" },
  { COUPON, "amount_off=0&currency=usd", 0, "parameter_invalid_integer", "amount_off" },
  { COUPON, "percent_off=5&duration=repeating", 0, "parameter_missing", "duration_in_months" },
  { COUPON, "percent_off=5&duration_in_months=3", 0, NULL, "duration_in_months" },
  { COUPON, "percent_off=5&duration=ever", 0, NULL, "duration" },
  { COUPON, "percent_off=5&name=" FORTY "a", 0, NULL, "name" },
  { COUPON, "percent_off=5&name=" FORTY, 200 },
  { COUPON, "percent_off=5&redeem_by=1", 0, NULL, "redeem_by" },
  { COUPON, "percent_off=5&redeem_by=99999999999", 0, NULL, "redeem_by" },
  { COUPON, "percent_off=5&max_redemptions=0", 0, "parameter_invalid_integer", "max_redemptions" },
  { COUPON, "percent_off=5&applies_to[products][]=none", 0, "resource_missing",
    "applies_to[products]" },
  { COUPON, "percent_off=5&id=c1", 0, "resource_already_exists", "id" },
  { COUPON, "percent_off=5&metadata=", 200 },
  { "POST /v1/coupons/c1", "percent_off=6", 0, "parameter_unknown", "percent_off" },
  { "POST /v1/coupons/c1", "currency_options[eur][amount_off]=5", 0, NULL, "currency_options" },
  /* events, account and what is not there */
  { "GET /v1/events?type=product.created&types[]=product.updated", NULL, 0, "parameters_exclusive",
    "types" },
  { "GET /v1/events?type=pro*uct", NULL, 0, NULL, "type" },
  { "GET /v1/events/evt_none", NULL, 404, "resource_missing", "id" },
  { "GET /v1/account?limit=1", NULL, 0, "parameter_unknown", "limit" },
  { "POST /v1/account", "email=x", 404, NULL, NULL },
  { "GET /v1/invoices", NULL, 404, NULL, NULL },
  { "GET /v1/products/p1/", NULL, 404, NULL, NULL },
  { "PUT /v1/products/p1", "name=x", 404, NULL, NULL },
  { "GET /", NULL, 404, NULL, NULL },
};

static void
test_table (Fixture *f, gconstpointer data)
{
  json_object_unref (fixture_create (f, "/v1/products", "name=P&id=p1"));
  json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=5&id=c1"));
  json_object_unref (fixture_create (f, "/v1/prices", BASE "unit_amount=1&lookup_key=taken"));
  json_object_unref (
      fixture_create (f, "/v1/billing/meters",
                      "display_name=x&event_name=taken&default_aggregation[formula]=sum"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_auto (GStrv) request = g_strsplit (c->request, " ", 2);
      g_autoptr (Answer) answer = fixture_send (f, request[0], request[1], c->form, NULL);

      g_test_message ("%s %s -> %u %s", c->request, c->form, answer->status, answer->text);
      g_assert_nonnull (answer->body);
      assert_refused (answer, c->status != 0 ? c->status : 400, c->code, c->param);
      g_assert_true (g_str_has_prefix (answer_header (answer, "request-id"), "req_"));
    }
}

static void
test_long_texts (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    gsize most;
  } fields[] = { { "name", 5000 }, { "description", 40000 }, { "metadata[a]", 500 } };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *text = g_strnfill (fields[i].most, 'a');
      g_autofree char *fits
          = g_strdup_printf ("%s=%s%s", fields[i].name, text, i > 0 ? "&name=x" : "");
      g_autofree char *over
          = g_strdup_printf ("%s=a%s%s", fields[i].name, text, i > 0 ? "&name=x" : "");
      g_autoptr (Answer) refused = fixture_send (f, "POST", "/v1/products", over, NULL);

      json_object_unref (fixture_create (f, "/v1/products", fits));
      assert_refused (refused, 400, NULL, fields[i].name);
    }
}

static void
test_sizes (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) many = g_string_new ("name=x");
  g_autoptr (Answer) too_many = NULL;
  g_autoptr (Answer) too_large = NULL;
  g_autoptr (Answer) too_deep = NULL;
  g_autofree char *large = g_strnfill (3 * 1024 * 1024, 'a');
  g_autofree char *header = g_strnfill (40 * 1024, 'a');
  g_autoptr (Answer) too_wide = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (many, "&a%u=1", i);
  too_many = fixture_send (f, "POST", "/v1/products", many->str, NULL);
  assert_refused (too_many, 400, NULL, NULL);
  too_deep = fixture_send (f, "POST", "/v1/products", "a[b][c][d][e][f][g][h][i][j][k]=1", NULL);
  g_assert_cmpuint (too_deep->status, ==, 400);
  too_large = fixture_send (f, "POST", "/v1/products", large, NULL);
  assert_refused (too_large, 413, NULL, NULL);
  too_wide = fixture_send (f, "GET", "/v1/products", NULL, "X-Wide", header, NULL);
  assert_refused (too_wide, 431, NULL, NULL);
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 0);
}

static void
test_metadata (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) fifty = g_string_new ("name=x&id=p1");
  g_autoptr (Answer) over = NULL;
  g_autoptr (Answer) swapped = NULL;
  g_autoptr (Answer) cleared = NULL;

  for (guint i = 0; i < 50; i++)
    g_string_append_printf (fifty, "&metadata[k%u]=v", i);
  json_object_unref (fixture_create (f, "/v1/products", fifty->str));
  over = fixture_send (f, "POST", "/v1/products/p1", "metadata[one_more]=1", NULL);
  assert_refused (over, 400, NULL, "metadata");
  swapped = fixture_send (f, "POST", "/v1/products/p1", "metadata[k1]=&metadata[one_more]=1", NULL);
  g_assert_cmpuint (json_object_get_size (rt_json_object (swapped->body, "metadata")), ==, 50);
  g_assert_null (rt_json_string (rt_json_object (swapped->body, "metadata"), "k1"));
  g_assert_cmpstr (rt_json_string (rt_json_object (swapped->body, "metadata"), "k2"), ==, "v");
  cleared = fixture_send (f, "POST", "/v1/products/p1", "metadata=", NULL);
  g_assert_cmpuint (json_object_get_size (rt_json_object (cleared->body, "metadata")), ==, 0);
}

static void
test_keys (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *method;
    const char *path;
    const char *authorization;
    guint status;
    const char *code;
  } keys[] = {
    { "GET", "/v1/products", "", 401, NULL },
    { "GET", "/v1/products", "Bearer", 401, NULL },
    { "GET", "/v1/products", "Bearer nonsense", 401, NULL },
    { "GET", "/v1/products", "Bearer sk_live_x", 401, NULL },
    { "GET", "/v1/products", "Bearer sk_test_revoked1", 401, "api_key_expired" },
    { "GET", "/v1/products", "Bearer pk_test_x", 403, "secret_key_required" },
    { "GET", "/v1/products", "Bearer rk_test_x", 200, NULL },
    { "GET", "/v1/products", "Basic c2tfdGVzdF94Og==", 200, NULL },
    { "GET", "/v1/products", "Basic ====", 401, NULL },
    { "GET", "/v1/products", "Bearer rk_test_noproducts", 200, NULL },
    { "POST", "/v1/products", "Bearer rk_test_noproducts", 403, NULL },
    { "DELETE", "/v1/coupons/x", "Bearer rk_test_nocoupons", 403, NULL },
    { "POST", "/v1/billing/meters", "Bearer rk_test_nometers", 403, NULL },
    { "GET", "/v1/account", "Bearer rk_test_noaccount", 403, NULL },
    { "GET", "/v1/events", "Bearer rk_test_noevents", 403, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (Answer) answer
          = fixture_send (f, keys[i].method, keys[i].path,
                          g_str_equal (keys[i].method, "POST") ? "name=x" : NULL, "Authorization",
                          keys[i].authorization, NULL);

      g_test_message ("%s -> %u %s", keys[i].authorization, answer->status, answer->text);
      assert_refused (answer, keys[i].status, keys[i].code, NULL);
      g_assert_null (strstr (answer->text, "revoked1"));
    }
}

static void
test_headers (Fixture *f, gconstpointer data)
{
  g_autofree char *long_key = g_strnfill (256, 'k');
  g_autoptr (Answer) version
      = fixture_send (f, "GET", "/v1/products", NULL, "Stripe-Version", "2020-08-27", NULL);
  g_autoptr (Answer) good
      = fixture_send (f, "GET", "/v1/products", NULL, "Stripe-Version", "2026-10-28.endive", NULL);
  g_autoptr (Answer) key
      = fixture_send (f, "POST", "/v1/products", "name=x", "Idempotency-Key", long_key, NULL);
  g_autoptr (Answer) json = fixture_send (f, "POST", "/v1/products", "{\"name\":\"x\"}",
                                          "Content-Type", "application/json", NULL);
  g_autoptr (Answer) page
      = fixture_send (f, "GET", "/v1/products", NULL, "Origin", "https://evil.example", NULL);
  g_autoptr (Answer) other
      = fixture_send (f, "GET", "/v1/products", NULL, "Stripe-Account", "acct_other", NULL);

  assert_refused (version, 400, NULL, NULL);
  g_assert_cmpuint (good->status, ==, 200);
  g_assert_cmpstr (answer_header (good, "stripe-version"), ==, "2026-10-28.endive");
  g_assert_cmpstr (answer_header (good, "Date"), ==, "Wed, 18 Nov 2026 11:06:40 GMT");
  assert_refused (key, 400, NULL, NULL);
  assert_refused (json, 400, NULL, NULL);
  assert_refused (page, 403, NULL, NULL);
  assert_refused (other, 403, "account_invalid", NULL);
}

/* A name that a page made point here is not this computer's. */
static void
test_hosts (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *host;
    guint status;
  } hosts[] = {
    { "127.0.0.1.evil.example", 403 },
    { "localhost.evil.example:80", 403 },
    { "evil.example", 403 },
    { "LOCALHOST:12111", 200 },
    { "[::1]:12111", 200 },
    { "127.0.0.1", 200 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (Answer) answer
          = fixture_send (f, "GET", "/v1/products", NULL, "Host", hosts[i].host, NULL);

      g_assert_cmpuint (answer->status, ==, hosts[i].status);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                        \
  g_test_add ("/practice/refusals/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("table", test_table);
  ADD ("long-texts", test_long_texts);
  ADD ("sizes", test_sizes);
  ADD ("metadata", test_metadata);
  ADD ("keys", test_keys);
  ADD ("headers", test_headers);
  ADD ("hosts", test_hosts);
  return g_test_run ();
}
