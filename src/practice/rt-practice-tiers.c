#include "rt-practice-tiers.h"

#include "rt-practice-amount.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"

/* Sets `up_to`: at Stripe `inf` comes back as null. @last is where the tier before ended. */
static gboolean
set_up_to (JsonObject *tier, JsonObject *data, gboolean is_last, gint64 *last, const char *path,
           GError **error)
{
  g_autofree char *param = g_strdup_printf ("%s[up_to]", path);
  gint64 up_to = rt_practice_json_int (data, "up_to", -1);
  gboolean is_inf = rt_practice_json_string (data, "up_to") != NULL;

  if (is_inf != is_last)
    rt_practice_refuse (error, 400, NULL, param,
                        "The last tier, and only the last one, must have `up_to` set to `inf`.");
  else if (!is_inf && up_to <= *last)
    rt_practice_refuse (error, 400, NULL, param,
                        "Tiers must have positive, ascending `up_to` values.");
  else
    {
      *last = up_to;
      if (is_inf)
        json_object_set_null_member (tier, "up_to");
      else
        json_object_set_int_member (tier, "up_to", up_to);
      return TRUE;
    }
  return FALSE;
}

static gboolean
set_amounts (JsonObject *tier, JsonObject *data, const char *currency, const char *path,
             GError **error)
{
  g_autofree char *flat = g_strdup_printf ("%s[flat_amount]", path);
  g_autofree char *unit = g_strdup_printf ("%s[unit_amount]", path);

  if (!rt_practice_amount_set (tier, data, "flat_amount", currency, flat, error)
      || !rt_practice_amount_set (tier, data, "unit_amount", currency, unit, error))
    return FALSE;
  if (rt_practice_json_has (tier, "flat_amount_decimal")
      || rt_practice_json_has (tier, "unit_amount_decimal"))
    return TRUE;
  rt_practice_refuse (error, 400, "parameter_missing", unit,
                      "Each tier must have a `unit_amount` or a `flat_amount`.");
  return FALSE;
}

gboolean
rt_practice_tiers_set (JsonObject *price, JsonObject *data, const char *currency, const char *path,
                       GError **error)
{
  JsonArray *from = rt_practice_json_array (data, "tiers");
  guint n_tiers = json_array_get_length (from);
  g_autoptr (JsonArray) to = json_array_new ();
  gint64 last = 0;

  for (guint i = 0; i < n_tiers; i++)
    {
      g_autofree char *param = g_strdup_printf ("%s[%u]", path, i);
      g_autoptr (JsonObject) tier = json_object_new ();
      JsonObject *source = json_array_get_object_element (from, i);

      if (!set_amounts (tier, source, currency, param, error)
          || !set_up_to (tier, source, i + 1 == n_tiers, &last, param, error))
        return FALSE;
      json_array_add_object_element (to, g_steal_pointer (&tier));
    }
  json_object_set_array_member (price, "tiers", g_steal_pointer (&to));
  return TRUE;
}

void
rt_practice_tiers_set_custom (JsonObject *price, JsonObject *data)
{
  JsonObject *from = rt_practice_json_object (data, "custom_unit_amount"), *to;

  if (from == NULL || !rt_practice_json_bool (from, "enabled", FALSE))
    {
      json_object_set_null_member (price, "custom_unit_amount");
      return;
    }
  to = json_object_new ();
  rt_practice_json_take (to, "maximum", from);
  rt_practice_json_take (to, "minimum", from);
  rt_practice_json_take (to, "preset", from);
  json_object_set_object_member (price, "custom_unit_amount", to);
}

static JsonObject *
build_option (JsonObject *price, JsonObject *data, const char *currency, GError **error)
{
  g_autofree char *amount = g_strdup_printf ("currency_options[%s][unit_amount]", currency);
  g_autofree char *tiers = g_strdup_printf ("currency_options[%s][tiers]", currency);
  gboolean is_tiered = g_str_equal (rt_practice_json_string (price, "billing_scheme"), "tiered");
  g_autoptr (JsonObject) option = json_object_new ();

  rt_practice_tiers_set_custom (option, data);
  if (json_object_has_member (data, "tax_behavior"))
    rt_practice_json_take (option, "tax_behavior", data);
  else
    json_object_set_string_member (option, "tax_behavior", "unspecified");
  if (is_tiered != json_object_has_member (data, "tiers"))
    {
      rt_practice_refuse (error, 400, NULL, tiers,
                          "A currency option must have tiers if, and only if, its price has.");
      return NULL;
    }
  if (!rt_practice_amount_set (option, data, "unit_amount", currency, amount, error)
      || (is_tiered && !rt_practice_tiers_set (option, data, currency, tiers, error)))
    return NULL;
  return g_steal_pointer (&option);
}

gboolean
rt_practice_tiers_set_options (JsonObject *price, JsonObject *data, GError **error)
{
  JsonObject *from = rt_practice_json_object (data, "currency_options");
  JsonObject *to = rt_practice_json_object (price, "currency_options");
  JsonObjectIter iter;
  const char *currency;
  JsonNode *node;

  if (to == NULL || (from == NULL && json_object_has_member (data, "currency_options")))
    {
      to = json_object_new ();
      json_object_set_object_member (price, "currency_options", to);
    }
  if (from == NULL)
    return TRUE;
  json_object_iter_init_ordered (&iter, from);
  while (json_object_iter_next_ordered (&iter, &currency, &node))
    {
      JsonObject *option = build_option (price, json_node_get_object (node), currency, error);

      if (option == NULL)
        return FALSE;
      json_object_set_object_member (to, currency, option);
    }
  return TRUE;
}
