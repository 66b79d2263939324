#include "rt-practice-price.h"

#include "rt-practice-amount.h"
#include "rt-practice-check.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"
#include "rt-practice-product.h"
#include "rt-practice-tiers.h"

#define MAX_TRIAL_DAYS 730

static char *
path_to (const char *path, const char *name)
{
  return path == NULL ? g_strdup (name) : g_strdup_printf ("%s[%s]", path, name);
}

/* Recurring prices come round at least every three years. */
static gboolean
check_interval (const char *interval, gint64 count, const char *param, GError **error)
{
  static const struct
  {
    const char *interval;
    int most;
  } limits[] = { { "day", 1095 }, { "week", 156 }, { "month", 36 }, { "year", 3 } };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    if (g_str_equal (limits[i].interval, interval) && count >= 1 && count <= limits[i].most)
      return TRUE;
  rt_practice_refuse (error, 400, NULL, param,
                      "Invalid recurring[interval_count]: must be at least 1, and the maximum "
                      "billing period is three years");
  return FALSE;
}

static gboolean
check_meter (RtPracticeCall *call, const char *id, gboolean is_metered, GError **error)
{
  JsonObject *meter;

  if (!is_metered && id != NULL)
    rt_practice_refuse (error, 400, NULL, "recurring[meter]",
                        "You may only specify a meter for prices with usage_type=metered.");
  else if (is_metered && id == NULL)
    rt_practice_refuse (error, 400, "parameter_missing", "recurring[meter]",
                        "Prices with usage_type=metered must be backed by a meter.");
  else if (id != NULL)
    {
      meter = rt_practice_call_get (call, "billing.meter", id, "recurring[meter]", error);
      if (meter == NULL)
        return FALSE;
      if (g_str_equal (rt_practice_json_string (meter, "status"), "active"))
        return TRUE;
      rt_practice_refuse (error, 400, NULL, "recurring[meter]",
                          "The meter '%s' is inactive and cannot be used by a new price.", id);
    }
  else
    return TRUE;
  return FALSE;
}

static JsonObject *
build_recurring (RtPracticeCall *call, JsonObject *data, const char *path, GError **error)
{
  JsonObject *recurring;
  g_autofree char *count_path = g_strdup_printf ("%s[interval_count]", path);
  const char *usage_type = rt_practice_json_string (data, "usage_type");
  gint64 count = rt_practice_json_int (data, "interval_count", 1);
  gint64 trial = rt_practice_json_int (data, "trial_period_days", 1);

  usage_type = usage_type != NULL ? usage_type : "licensed";
  if (!check_interval (rt_practice_json_string (data, "interval"), count, count_path, error)
      || !check_meter (call, rt_practice_json_string (data, "meter"),
                       g_str_equal (usage_type, "metered"), error))
    return NULL;
  if (trial < 1 || trial > MAX_TRIAL_DAYS)
    {
      rt_practice_refuse (error, 400, NULL, "recurring[trial_period_days]",
                          "Invalid integer: must be between 1 and %d", MAX_TRIAL_DAYS);
      return NULL;
    }
  recurring = json_object_new ();
  rt_practice_json_take (recurring, "interval", data);
  json_object_set_int_member (recurring, "interval_count", count);
  rt_practice_json_take (recurring, "meter", data);
  rt_practice_json_take (recurring, "trial_period_days", data);
  json_object_set_string_member (recurring, "usage_type", usage_type);
  return recurring;
}

/* Sets what the price depends on: one amount, or tiers. */
static gboolean
set_per_unit (JsonObject *price, JsonObject *data, const char *currency, const char *path,
              GError **error)
{
  g_autofree char *param = path_to (path, "unit_amount");

  if (json_object_has_member (data, "tiers") || json_object_has_member (data, "tiers_mode"))
    {
      rt_practice_refuse (error, 400, NULL, "tiers",
                          "You may only specify `tiers` and `tiers_mode` with "
                          "`billing_scheme=tiered`.");
      return FALSE;
    }
  if (!rt_practice_amount_set (price, data, "unit_amount", currency, param, error))
    return FALSE;
  if (rt_practice_json_has (price, "unit_amount_decimal")
      != rt_practice_json_has (price, "custom_unit_amount"))
    return TRUE;
  rt_practice_refuse (error, 400, "parameter_missing", param,
                      "You must specify exactly one of these parameters: unit_amount, "
                      "unit_amount_decimal, custom_unit_amount.");
  return FALSE;
}

static gboolean
set_tiered (JsonObject *price, JsonObject *data, const char *currency, GError **error)
{
  if (json_object_has_member (data, "unit_amount")
      || json_object_has_member (data, "unit_amount_decimal")
      || json_object_has_member (data, "custom_unit_amount"))
    rt_practice_refuse (error, 400, "parameters_exclusive", "unit_amount",
                        "You may not specify an amount with `billing_scheme=tiered`.");
  else if (json_object_has_member (data, "transform_quantity"))
    rt_practice_refuse (error, 400, "parameters_exclusive", "transform_quantity",
                        "You may not specify `transform_quantity` with `billing_scheme=tiered`.");
  else if (!json_object_has_member (data, "tiers"))
    rt_practice_refuse (error, 400, "parameter_missing", "tiers",
                        "You must specify `tiers` with `billing_scheme=tiered`.");
  else if (!json_object_has_member (data, "tiers_mode"))
    rt_practice_refuse (error, 400, "parameter_missing", "tiers_mode",
                        "You must specify `tiers_mode` with `billing_scheme=tiered`.");
  else
    {
      json_object_set_null_member (price, "unit_amount");
      json_object_set_null_member (price, "unit_amount_decimal");
      return rt_practice_tiers_set (price, data, currency, "tiers", error);
    }
  return FALSE;
}

static gboolean
check_transform (JsonObject *data, GError **error)
{
  JsonObject *transform = rt_practice_json_object (data, "transform_quantity");

  if (transform == NULL || rt_practice_json_int (transform, "divide_by", 0) >= 1)
    return TRUE;
  rt_practice_refuse (error, 400, NULL, "transform_quantity[divide_by]",
                      "Invalid integer: must be at least 1");
  return FALSE;
}

static void
set_plain (JsonObject *price, JsonObject *data, const char *product)
{
  const char *tax = rt_practice_json_string (data, "tax_behavior");
  const char *scheme = rt_practice_json_string (data, "billing_scheme");

  json_object_set_boolean_member (price, "active", rt_practice_json_bool (data, "active", TRUE));
  json_object_set_string_member (price, "billing_scheme", scheme != NULL ? scheme : "per_unit");
  rt_practice_json_take (price, "currency", data);
  rt_practice_tiers_set_custom (price, data);
  rt_practice_json_take (price, "lookup_key", data);
  rt_practice_json_take (price, "nickname", data);
  json_object_set_string_member (price, "product", product);
  json_object_set_string_member (price, "tax_behavior", tax != NULL ? tax : "unspecified");
  rt_practice_json_take (price, "tiers_mode", data);
  rt_practice_json_take (price, "transform_quantity", data);
}

static gboolean
set_recurring (RtPracticeCall *call, JsonObject *price, JsonObject *data, const char *path,
               GError **error)
{
  JsonObject *from = rt_practice_json_object (data, "recurring"), *to;
  g_autofree char *param = path_to (path, "recurring");

  json_object_set_string_member (price, "type", from != NULL ? "recurring" : "one_time");
  if (from == NULL)
    {
      json_object_set_null_member (price, "recurring");
      return TRUE;
    }
  to = build_recurring (call, from, param, error);
  if (to != NULL)
    json_object_set_object_member (price, "recurring", to);
  return to != NULL;
}

JsonObject *
rt_practice_price_build (RtPracticeCall *call, JsonObject *data, const char *product,
                         const char *path, GError **error)
{
  g_autofree char *id = rt_practice_state_random_id (call->state, "price_", 24);
  g_autofree char *currency_path = path_to (path, "currency");
  const char *currency = rt_practice_json_string (data, "currency");
  g_autoptr (JsonObject) price = rt_practice_call_new_object (call, "price", id);
  gboolean is_tiered;

  set_plain (price, data, product);
  is_tiered = g_str_equal (rt_practice_json_string (price, "billing_scheme"), "tiered");
  if (!rt_practice_amount_check_currency (currency, currency_path, error)
      || !(is_tiered ? set_tiered (price, data, currency, error)
                     : set_per_unit (price, data, currency, path, error))
      || !check_transform (data, error) || !set_recurring (call, price, data, path, error)
      || !rt_practice_tiers_set_options (price, data, error)
      || !rt_practice_check_metadata (price, data, error))
    return NULL;
  return g_steal_pointer (&price);
}

/* One lookup key, one price, archived ones included: refuse it, or take it from the other. */
static gboolean
claim_lookup_key (RtPracticeCall *call, GError **error)
{
  const char *key = rt_practice_json_string (call->params, "lookup_key");
  JsonObject *holder = key != NULL ? rt_practice_state_find (call->state, "price", key) : NULL;
  g_autoptr (JsonObject) robbed = NULL;

  if (holder == NULL || g_strcmp0 (rt_practice_json_string (holder, "id"), call->id) == 0)
    return TRUE;
  if (!rt_practice_json_bool (call->params, "transfer_lookup_key", FALSE))
    {
      rt_practice_refuse (error, 400, NULL, "lookup_key",
                          "A price (`%s`) already uses that lookup key.",
                          rt_practice_json_string (holder, "id"));
      return FALSE;
    }
  robbed = rt_practice_json_copy (holder);
  json_object_set_null_member (robbed, "lookup_key");
  rt_practice_call_update (call, robbed, "updated");
  return TRUE;
}

/* The product of a new price: one that exists, or one made along with it. */
static char *
product_of (RtPracticeCall *call, GError **error)
{
  const char *id = rt_practice_json_string (call->params, "product");
  JsonObject *data = rt_practice_json_object (call->params, "product_data");
  g_autoptr (JsonObject) product = NULL;

  if (id != NULL && data != NULL)
    rt_practice_refuse (error, 400, "parameters_exclusive", "product_data",
                        "You may only specify one of these parameters: product, product_data.");
  else if (id != NULL)
    return rt_practice_call_get (call, "product", id, "product", error) != NULL ? g_strdup (id)
                                                                                : NULL;
  else if (data == NULL)
    rt_practice_refuse (error, 400, "parameter_missing", "product",
                        "Missing required param: product.");
  else
    {
      product = rt_practice_product_build (call, data, "product_data", error);
      if (product == NULL)
        return NULL;
      rt_practice_call_create (call, product);
      return g_strdup (rt_practice_json_string (product, "id"));
    }
  return NULL;
}

JsonObject *
rt_practice_price_create (RtPracticeCall *call, GError **error)
{
  g_autofree char *product = product_of (call, error);
  g_autoptr (JsonObject) price = NULL;

  if (product == NULL)
    return NULL;
  price = rt_practice_price_build (call, call->params, product, NULL, error);
  if (price == NULL || !claim_lookup_key (call, error))
    return NULL;
  rt_practice_call_create (call, price);
  return g_steal_pointer (&price);
}

JsonObject *
rt_practice_price_retrieve (RtPracticeCall *call, GError **error)
{
  JsonObject *price = rt_practice_call_get (call, "price", call->id, NULL, error);

  return price != NULL ? json_object_ref (price) : NULL;
}

static gboolean
check_tax_behavior (JsonObject *price, JsonObject *params, GError **error)
{
  const char *now = rt_practice_json_string (price, "tax_behavior");
  const char *wanted = rt_practice_json_string (params, "tax_behavior");

  if (wanted == NULL || g_str_equal (now, "unspecified") || g_str_equal (now, wanted))
    return TRUE;
  rt_practice_refuse (error, 400, NULL, "tax_behavior",
                      "The tax behavior of a price cannot be changed once it is set to `%s`.", now);
  return FALSE;
}

static gboolean
check_archive (RtPracticeCall *call, JsonObject *price, GError **error)
{
  JsonObject *product
      = rt_practice_state_get (call->state, "product", rt_practice_json_string (price, "product"));

  if (rt_practice_json_bool (call->params, "active", TRUE) || product == NULL
      || g_strcmp0 (rt_practice_json_string (product, "default_price"), call->id) != 0)
    return TRUE;
  rt_practice_refuse (error, 400, NULL, "active",
                      "This price cannot be archived because it is the default price of its "
                      "product.");
  return FALSE;
}

JsonObject *
rt_practice_price_update (RtPracticeCall *call, GError **error)
{
  g_autoptr (JsonObject) price = rt_practice_call_edit (call, "price", error);

  if (price == NULL || !check_tax_behavior (price, call->params, error)
      || !check_archive (call, price, error)
      || !rt_practice_tiers_set_options (price, call->params, error)
      || !rt_practice_check_metadata (price, call->params, error)
      || !claim_lookup_key (call, error))
    return NULL;
  rt_practice_json_move (price, "active", call->params);
  rt_practice_json_move (price, "lookup_key", call->params);
  rt_practice_json_move (price, "nickname", call->params);
  rt_practice_json_move (price, "tax_behavior", call->params);
  rt_practice_call_update (call, price, "updated");
  return g_steal_pointer (&price);
}

static gboolean
text_matches (JsonObject *wanted, JsonObject *object, const char *name)
{
  const char *text = wanted != NULL ? rt_practice_json_string (wanted, name) : NULL;

  return text == NULL
         || (object != NULL && g_strcmp0 (text, rt_practice_json_string (object, name)) == 0);
}

static gboolean
lookup_key_matches (JsonArray *keys, const char *key)
{
  for (guint i = 0; keys != NULL && key != NULL && i < json_array_get_length (keys); i++)
    if (g_str_equal (json_array_get_string_element (keys, i), key))
      return TRUE;
  return keys == NULL;
}

gboolean
rt_practice_price_filter (RtPracticeCall *call, RtPracticeRow *row)
{
  JsonObject *wanted = rt_practice_json_object (call->params, "recurring");
  JsonObject *recurring = rt_practice_json_object (row->object, "recurring");

  /* Guide §3: without `active` only active prices are listed. */
  return rt_practice_json_bool (call->params, "active", TRUE)
             == rt_practice_json_bool (row->object, "active", TRUE)
         && text_matches (call->params, row->object, "currency")
         && text_matches (call->params, row->object, "product")
         && text_matches (call->params, row->object, "type")
         && text_matches (wanted, recurring, "interval")
         && text_matches (wanted, recurring, "meter")
         && text_matches (wanted, recurring, "usage_type")
         && lookup_key_matches (rt_practice_json_array (call->params, "lookup_keys"),
                                rt_practice_json_string (row->object, "lookup_key"));
}
