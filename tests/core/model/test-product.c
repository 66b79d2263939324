/* Products: what may be typed, what is sent for it, and reading it back from Stripe. */

#include <locale.h>
#include <string.h>

#include "rt-product.h"

static RtDraft *
typed (const char *field, ...)
{
  RtDraft *draft = rt_draft_new (RT_NUMBER_PLAIN);
  va_list arguments;

  va_start (arguments, field);
  for (; field != NULL; field = va_arg (arguments, const char *))
    rt_draft_set (draft, field, va_arg (arguments, const char *));
  va_end (arguments);
  return draft;
}

static RtProduct *
product (RtDraft *draft)
{
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  RtProduct *made = rt_product_from_draft (draft, NULL, problems);

  if (made == NULL)
    g_error ("%s", ((GError *) g_ptr_array_index (problems, 0))->message);
  rt_draft_free (draft);
  g_free (made->id);
  made->id = g_strdup ("01ARZ3NDEKTSV4RRFFQ69G5FAV");
  return made;
}

static RtProduct *
voice (void)
{
  return product (typed ("name", "Voice", "model", "base", "amount", "25", "currency", "usd",
                         "metric", "minutes", "included", "1000", "overage", "0.05", NULL));
}

static char *
value_of (const RtPlanStep *step, const char *name)
{
  g_autofree char *json = rt_form_to_json (step->form);
  g_autoptr (JsonObject) form = rt_json_parse (json, -1, NULL);
  JsonArray *list = rt_json_array (form, "parameters");

  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_strcmp0 (rt_json_string (rt_json_element (list, i), "name"), name) == 0)
      return g_strdup (rt_json_string (rt_json_element (list, i), "value"));
  return NULL;
}

static void
assert_value (GPtrArray *plan, guint index, const char *name, const char *expected)
{
  g_autofree char *value = value_of (g_ptr_array_index (plan, index), name);

  g_assert_cmpstr (value, ==, expected);
}

static const char *
path_of (GPtrArray *plan, guint index)
{
  return ((RtPlanStep *) g_ptr_array_index (plan, index))->path;
}

/* Meter, product, two prices, default price: in that order (guide §6, §7.4). */
static void
test_plan_new (void)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autoptr (RtProduct) desired = voice ();
  g_autoptr (GPtrArray) prices = g_ptr_array_new ();
  g_autoptr (GPtrArray) plan = rt_product_plan (desired, NULL, prices, NULL, TRUE, clock);

  g_assert_cmpuint (plan->len, ==, 5);
  g_assert_cmpstr (path_of (plan, 0), ==, "/v1/billing/meters");
  assert_value (plan, 0, "event_name", "rtn_seconds_1");
  assert_value (plan, 0, "default_aggregation[formula]", "sum");
  g_assert_cmpstr (path_of (plan, 1), ==, "/v1/products");
  assert_value (plan, 1, "id", "rtn_p_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  assert_value (plan, 1, "metadata[rtn_model]", "base_overage");
  assert_value (plan, 1, "metadata[rtn_metric]", "minutes");
  assert_value (plan, 1, "metadata[rtn_included]", "1000");
  assert_value (plan, 1, "description", NULL);
  assert_value (plan, 2, "unit_amount", "2500");
  assert_value (plan, 2, "recurring[interval]", "month");
  assert_value (plan, 2, "tax_behavior", "exclusive");
  assert_value (plan, 3, "tiers[0][up_to]", "60000");
  assert_value (plan, 3, "tiers[0][unit_amount]", "0");
  assert_value (plan, 3, "tiers[1][up_to]", "inf");
  assert_value (plan, 3, "tiers[1][unit_amount_decimal]", "0.083333333333");
  assert_value (plan, 3, "metadata[rtn_rate]", "0.05");
  assert_value (plan, 3, "recurring[meter]", "rtn_seconds_1");
  assert_value (plan, 3, "unit_amount_decimal", NULL);
  g_assert_cmpstr (path_of (plan, 4), ==, "/v1/products/rtn_p_01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

/* 0 included: no zero tier, the plain form (guide §6). */
static void
test_plan_none_included (void)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autoptr (RtProduct) desired
      = product (typed ("name", "V", "amount", "25", "currency", "usd", "metric", "conversations",
                        "included", "0", "overage", "2", NULL));
  g_autoptr (GPtrArray) prices = g_ptr_array_new ();
  g_autoptr (GPtrArray) plan = rt_product_plan (desired, NULL, prices, NULL, TRUE, clock);

  assert_value (plan, 3, "billing_scheme", "per_unit");
  assert_value (plan, 3, "unit_amount_decimal", "200");
  assert_value (plan, 3, "tiers[0][up_to]", NULL);
}

static void
test_sentences (void)
{
  static const struct
  {
    const char *fields[14];
    const char *sentence;
  } rows[] = {
    { { "amount", "49" }, "$49.00 a month" },
    { { "amount", "49", "period", "year" }, "$49.00 a year" },
    { { "amount", "25", "metric", "minutes", "included", "1000", "overage", "0.05" },
      "$25.00 a month, 1000 minutes included, then $0.05 a minute" },
    { { "amount", "25", "metric", "interactions", "included", "1", "overage", "0.05" },
      "$25.00 a month, 1 interaction included, then $0.05 an interaction" },
    { { "amount", "25", "metric", "conversations", "included", "0", "overage", "2" },
      "$25.00 a month, plus $2.00 a conversation" },
    { { "amount", "499", "model", "one-time" }, "$499.00 once" },
    { { "amount", "0.005", "model", "usage", "metric", "interactions" },
      "$0.005 an interaction, billed at the end of each period" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      RtDraft *draft = typed ("name", "x", "currency", "usd", NULL);
      g_autoptr (RtProduct) made = NULL;
      g_autofree char *sentence = NULL;

      for (guint j = 0; rows[i].fields[j] != NULL; j += 2)
        rt_draft_set (draft, rows[i].fields[j], rows[i].fields[j + 1]);
      made = product (draft);
      sentence = rt_product_to_sentence (made);
      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }
}

/* What exists keeps what clients subscribed to; what was never sent can still be anything. */
static void
test_fixed_fields (void)
{
  g_autoptr (RtProduct) before = voice ();
  g_autoptr (RtDraft) draft = typed ("currency", "eur", "period", "year", NULL);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (RtProduct) after = NULL;

  before->state = RT_STATE_QUEUED;
  after = rt_product_from_draft (draft, before, problems);
  g_assert_nonnull (after);
  g_assert_cmpstr (after->currency->code, ==, "eur");
  before->stripe_id = g_strdup ("rtn_p_x");
  before->state = RT_STATE_SYNCED;
  g_assert_null (rt_product_from_draft (draft, before, problems));
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_cmpstr (rt_error_get_field (g_ptr_array_index (problems, 0)), ==, "currency");
  g_assert_cmpstr (rt_error_get_field (g_ptr_array_index (problems, 1)), ==, "period");
}

static void
test_json_and_draft (void)
{
  g_autoptr (RtProduct) before = voice ();
  g_autoptr (JsonObject) json = rt_product_to_json (before);
  g_autoptr (RtProduct) back = rt_product_from_json (json);
  g_autoptr (RtDraft) draft = rt_product_to_draft (before, RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (RtProduct) same = rt_product_from_draft (draft, before, problems);
  g_autoptr (JsonObject) json_back = rt_product_to_json (back);
  g_autoptr (JsonObject) json_same = NULL;
  g_autofree char *text = rt_json_to_text (json);
  g_autofree char *text_back = rt_json_to_text (json_back);
  g_autofree char *text_same = NULL;

  g_assert_cmpstr (text, ==, text_back);
  g_assert_nonnull (same);
  json_same = rt_product_to_json (same);
  text_same = rt_json_to_text (json_same);
  g_assert_cmpstr (text, ==, text_same);
}

/* Objects of others, of other times, and broken ones: read as far as they go, never fatal. */
static void
test_strange_objects (void)
{
  static const char *const products[] = {
    "{}",
    "{\"id\":\"p\",\"object\":\"product\",\"name\":5,\"active\":\"yes\",\"metadata\":[]}",
    "{\"id\":\"p\",\"name\":\"n\",\"active\":true,\"metadata\":{\"rtn_v\":\"1\"}}",
    "{\"id\":\"p\",\"metadata\":{\"rtn_v\":\"1\",\"rtn_model\":\"x\",\"rtn_metric\":\"y\"}}",
    "{\"id\":\"p\",\"default_price\":{\"id\":\"q\"}}",
  };
  static const char *const prices[] = {
    "{}",
    "{\"id\":\"q\",\"currency\":\"zzz\",\"recurring\":5,\"unit_amount_decimal\":\"x\"}",
    "{\"id\":\"q\",\"currency\":\"usd\",\"recurring\":{\"interval\":\"decade\","
    "\"interval_count\":-5,\"usage_type\":null},\"tiers\":[null,5]}",
    "{\"id\":\"q\",\"currency\":\"usd\",\"metadata\":{\"rtn_role\":\"base\"},\"tiers\":[{},{}],"
    "\"tax_behavior\":\"new\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (products); i++)
    for (guint j = 0; j < G_N_ELEMENTS (prices); j++)
      {
        g_autoptr (JsonObject) object = rt_json_parse (products[i], -1, NULL);
        g_autoptr (JsonObject) price = rt_json_parse (prices[j], -1, NULL);
        g_autoptr (GPtrArray) list = g_ptr_array_new ();
        g_autoptr (RtProduct) read = NULL;
        g_autofree char *sentence = NULL;

        g_ptr_array_add (list, price);
        read = rt_product_from_stripe (object, list);
        sentence = rt_product_to_sentence (read);
        g_assert_nonnull (sentence);
      }
}

static void
test_fields_of_params (void)
{
  static const char *const rows[][4] = {
    { "price", "rtn_x_base_y", "unit_amount", "amount" },
    { "price", "rtn_x_overage_l1_y", "unit_amount_decimal", "overage" },
    { "price", "rtn_x_overage_l1_y", "tiers[1][unit_amount_decimal]", "overage" },
    { "price", "rtn_x_overage_l1_y", "tiers[0][up_to]", "included" },
    { "price", "rtn_x_base_y", "recurring[interval]", "period" },
    { "price", "rtn_x_base_y", "currency", "currency" },
    { "product", "rtn_p_x", "name", "name" },
    { "product", "rtn_p_x", "metadata[rtn_v]", NULL },
    { "billing.meter", "rtn_seconds_1", "event_name", "metric" },
    { "price", "rtn_x_base_y", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (rt_product_field_of (rows[i][0], rows[i][1], rows[i][2]), ==, rows[i][3]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/product/plan-new", test_plan_new);
  g_test_add_func ("/product/plan-none-included", test_plan_none_included);
  g_test_add_func ("/product/sentences", test_sentences);
  g_test_add_func ("/product/fixed-fields", test_fixed_fields);
  g_test_add_func ("/product/json-and-draft", test_json_and_draft);
  g_test_add_func ("/product/strange-objects", test_strange_objects);
  g_test_add_func ("/product/fields-of-params", test_fields_of_params);
  return g_test_run ();
}
