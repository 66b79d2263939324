#include "rt-practice-coupon.h"

#include "rt-decimal.h"
#include "rt-practice-amount.h"
#include "rt-practice-check.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"

#define FIVE_YEARS (G_GINT64_CONSTANT (5) * 366 * 24 * 60 * 60)
#define PERCENT_PLACES 2

static gboolean
check_percent (const char *text, GError **error)
{
  RtDecimal percent;

  if (!rt_decimal_parse (text, &percent) || percent.scaled <= 0
      || rt_decimal_compare (percent, rt_decimal_from_int (100)) > 0)
    rt_practice_refuse (error, 400, NULL, "percent_off",
                        "Invalid percent_off: must be greater than 0 and at most 100");
  else if (rt_decimal_n_places (percent) > PERCENT_PLACES)
    rt_practice_refuse (error, 400, NULL, "percent_off",
                        "Invalid percent_off: must have at most %d decimal places", PERCENT_PLACES);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_amount (JsonObject *params, GError **error)
{
  const char *currency = rt_practice_json_string (params, "currency");
  gint64 amount = rt_practice_json_int (params, "amount_off", 0);

  if (currency == NULL)
    {
      rt_practice_refuse (error, 400, "parameter_missing", "currency",
                          "You must pass currency when passing amount_off");
      return FALSE;
    }
  if (amount > 0)
    return rt_practice_amount_check_currency (currency, "currency", error)
           && rt_practice_amount_check (amount, currency, "amount_off", error);
  rt_practice_refuse (error, 400, "parameter_invalid_integer", "amount_off",
                      "This value must be greater than or equal to 1.");
  return FALSE;
}

static gboolean
check_worth (JsonObject *params, GError **error)
{
  const char *percent = rt_practice_json_string (params, "percent_off");
  gboolean has_amount = json_object_has_member (params, "amount_off");

  if (percent != NULL && has_amount)
    rt_practice_refuse (error, 400, "parameters_exclusive", "percent_off",
                        "You may only specify one of these parameters: amount_off, percent_off.");
  else if (percent == NULL && !has_amount)
    rt_practice_refuse (error, 400, "parameter_missing", "percent_off",
                        "Must provide percent_off or amount_off");
  else if (percent != NULL && json_object_has_member (params, "currency"))
    rt_practice_refuse (error, 400, NULL, "currency",
                        "You may only specify currency with amount_off");
  else
    return percent != NULL ? check_percent (percent, error) : check_amount (params, error);
  return FALSE;
}

static gboolean
check_duration (JsonObject *params, GError **error)
{
  const char *duration = rt_practice_json_string (params, "duration");
  gboolean has_months = json_object_has_member (params, "duration_in_months");

  if (g_strcmp0 (duration, "repeating") == 0 && !has_months)
    rt_practice_refuse (error, 400, "parameter_missing", "duration_in_months",
                        "You must pass duration_in_months with duration=repeating");
  else if (g_strcmp0 (duration, "repeating") != 0 && has_months)
    rt_practice_refuse (error, 400, NULL, "duration_in_months",
                        "You may only pass duration_in_months with duration=repeating");
  else if (has_months && rt_practice_json_int (params, "duration_in_months", 0) < 1)
    rt_practice_refuse (error, 400, "parameter_invalid_integer", "duration_in_months",
                        "This value must be greater than or equal to 1.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_redemption (RtPracticeCall *call, GError **error)
{
  gint64 redeem_by = rt_practice_json_int (call->params, "redeem_by", call->now + 1);

  if (rt_practice_json_int (call->params, "max_redemptions", 1) < 1)
    rt_practice_refuse (error, 400, "parameter_invalid_integer", "max_redemptions",
                        "This value must be greater than or equal to 1.");
  else if (redeem_by <= call->now)
    rt_practice_refuse (error, 400, NULL, "redeem_by", "Coupon redeem_by must be in the future");
  else if (redeem_by > call->now + FIVE_YEARS)
    rt_practice_refuse (error, 400, NULL, "redeem_by",
                        "Coupon redeem_by must be within five years");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_products (RtPracticeCall *call, GError **error)
{
  JsonObject *applies = rt_practice_json_object (call->params, "applies_to");
  JsonArray *products = applies != NULL ? rt_practice_json_array (applies, "products") : NULL;

  for (guint i = 0; products != NULL && i < json_array_get_length (products); i++)
    if (rt_practice_call_get (call, "product", json_array_get_string_element (products, i),
                              "applies_to[products]", error)
        == NULL)
      return FALSE;
  return TRUE;
}

/* Merges the amounts in other currencies. */
static gboolean
set_options (JsonObject *coupon, JsonObject *params, GError **error)
{
  JsonObject *from = rt_practice_json_object (params, "currency_options");
  JsonObject *to = rt_practice_json_object (coupon, "currency_options");
  JsonObjectIter iter;
  const char *currency;
  JsonNode *node;

  if (from == NULL)
    return TRUE;
  if (!rt_practice_json_has (coupon, "amount_off"))
    {
      rt_practice_refuse (error, 400, NULL, "currency_options",
                          "You may only specify currency_options with amount_off");
      return FALSE;
    }
  if (to == NULL)
    {
      to = json_object_new ();
      json_object_set_object_member (coupon, "currency_options", to);
    }
  json_object_iter_init_ordered (&iter, from);
  while (json_object_iter_next_ordered (&iter, &currency, &node))
    {
      gint64 amount = rt_practice_json_int (json_node_get_object (node), "amount_off", 0);

      if (!rt_practice_amount_check (amount, currency, "currency_options", error))
        return FALSE;
      rt_practice_json_move (to, currency, from);
    }
  return TRUE;
}

static void
set_members (JsonObject *coupon, JsonObject *params)
{
  static const char *const plain[]
      = { "amount_off", "currency", "duration_in_months", "max_redemptions", "name",
          "redeem_by",  NULL };
  const char *percent = rt_practice_json_string (params, "percent_off");
  const char *duration = rt_practice_json_string (params, "duration");

  for (const char *const *name = plain; *name != NULL; name++)
    rt_practice_json_take (coupon, *name, params);
  rt_practice_json_move (coupon, "applies_to", params);
  json_object_set_string_member (coupon, "duration", duration != NULL ? duration : "once");
  /* Stripe answers with a JSON number; two decimal places survive one. */
  if (percent != NULL)
    json_object_set_double_member (coupon, "percent_off", g_ascii_strtod (percent, NULL));
  else
    json_object_set_null_member (coupon, "percent_off");
  json_object_set_int_member (coupon, "times_redeemed", 0);
  json_object_set_boolean_member (coupon, "valid", TRUE);
}

static char *
choose_id (RtPracticeCall *call)
{
  const char *chosen = rt_practice_json_string (call->params, "id");

  return chosen != NULL ? g_strdup (chosen) : rt_practice_state_random_id (call->state, "", 8);
}

JsonObject *
rt_practice_coupon_create (RtPracticeCall *call, GError **error)
{
  g_autofree char *id = choose_id (call);
  g_autoptr (JsonObject) coupon = NULL;

  if (!rt_practice_call_check_id (call, "coupon", id, "id", error)
      || !check_worth (call->params, error) || !check_duration (call->params, error)
      || !check_redemption (call, error) || !check_products (call, error))
    return NULL;
  coupon = rt_practice_call_new_object (call, "coupon", id);
  set_members (coupon, call->params);
  if (!set_options (coupon, call->params, error)
      || !rt_practice_check_metadata (coupon, call->params, error))
    return NULL;
  rt_practice_call_create (call, coupon);
  return g_steal_pointer (&coupon);
}

JsonObject *
rt_practice_coupon_retrieve (RtPracticeCall *call, GError **error)
{
  JsonObject *coupon = rt_practice_call_get (call, "coupon", call->id, NULL, error);

  return coupon != NULL ? json_object_ref (coupon) : NULL;
}

JsonObject *
rt_practice_coupon_update (RtPracticeCall *call, GError **error)
{
  g_autoptr (JsonObject) coupon = rt_practice_call_edit (call, "coupon", error);

  if (coupon == NULL || !set_options (coupon, call->params, error)
      || !rt_practice_check_metadata (coupon, call->params, error))
    return NULL;
  rt_practice_json_move (coupon, "name", call->params);
  rt_practice_call_update (call, coupon, "updated");
  return g_steal_pointer (&coupon);
}

JsonObject *
rt_practice_coupon_delete (RtPracticeCall *call, GError **error)
{
  return rt_practice_call_delete (call, "coupon", error);
}
