#include "rt-practice-product.h"

#include <string.h>

#include "rt-decimal.h"
#include "rt-practice-check.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"
#include "rt-practice-price.h"

#define MAX_IMAGES 8
#define MAX_FEATURES 15
#define MAX_UNIT_LABEL 12

static char *
path_to (const char *path, const char *name)
{
  return path == NULL ? g_strdup (name) : g_strdup_printf ("%s[%s]", path, name);
}

static gboolean
check_statement_descriptor (const char *text, const char *param, GError **error)
{
  gboolean has_letter = FALSE;

  for (const char *at = text; at != NULL && *at != '\0'; at++)
    has_letter |= g_ascii_isalpha (*at);
  if (text == NULL || (has_letter && strpbrk (text, "<>\\\"'") == NULL))
    return TRUE;
  rt_practice_refuse (error, 400, NULL, param,
                      "The statement descriptor must contain at least one letter and none of "
                      "< > \\ \" '");
  return FALSE;
}

static gboolean
check_tax_code (const char *code, const char *param, GError **error)
{
  if (code == NULL || (g_str_has_prefix (code, "txcd_") && strlen (code) == 13))
    return TRUE;
  rt_practice_refuse (error, 400, "resource_missing", param, "No such tax code: '%s'", code);
  return FALSE;
}

static gboolean
check_url (const char *url, const char *param, GError **error)
{
  if (url == NULL || g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://"))
    return TRUE;
  rt_practice_refuse (error, 400, "url_invalid", param, "Not a valid URL");
  return FALSE;
}

static gboolean
check_lengths (JsonObject *data, GError **error)
{
  JsonArray *images = rt_practice_json_array (data, "images");
  JsonArray *features = rt_practice_json_array (data, "marketing_features");

  if (images != NULL && json_array_get_length (images) > MAX_IMAGES)
    rt_practice_refuse (error, 400, NULL, "images", "Invalid array: at most %d images", MAX_IMAGES);
  else if (features != NULL && json_array_get_length (features) > MAX_FEATURES)
    rt_practice_refuse (error, 400, NULL, "marketing_features",
                        "Invalid array: at most %d features", MAX_FEATURES);
  else
    return TRUE;
  return FALSE;
}

/* What holds for a new product, a changed one, and one made along with a price. */
static gboolean
check_texts (JsonObject *data, const char *path, GError **error)
{
  g_autofree char *descriptor = path_to (path, "statement_descriptor");
  g_autofree char *tax_code = path_to (path, "tax_code");
  g_autofree char *unit_label = path_to (path, "unit_label");
  g_autofree char *url = path_to (path, "url");
  const char *label = rt_practice_json_string (data, "unit_label");

  /* The contract gives this length for products, but not for `product_data`. */
  if (label != NULL && g_utf8_strlen (label, -1) > MAX_UNIT_LABEL)
    {
      rt_practice_refuse (error, 400, NULL, unit_label,
                          "Invalid string: must be at most %d characters", MAX_UNIT_LABEL);
      return FALSE;
    }
  return check_statement_descriptor (rt_practice_json_string (data, "statement_descriptor"),
                                     descriptor, error)
         && check_tax_code (rt_practice_json_string (data, "tax_code"), tax_code, error)
         && check_url (rt_practice_json_string (data, "url"), url, error)
         && check_lengths (data, error);
}

/* Inches and ounces come as text; Stripe answers with JSON numbers. */
static void
set_dimensions (JsonObject *product, JsonObject *data)
{
  static const char *const members[] = { "height", "length", "weight", "width", NULL };
  JsonObject *from = rt_practice_json_object (data, "package_dimensions"), *to;

  if (from == NULL)
    {
      json_object_set_null_member (product, "package_dimensions");
      return;
    }
  to = json_object_new ();
  for (const char *const *member = members; *member != NULL; member++)
    json_object_set_double_member (to, *member,
                                   g_ascii_strtod (rt_practice_json_string (from, *member), NULL));
  json_object_set_object_member (product, "package_dimensions", to);
}

static void
set_list (JsonObject *product, const char *name, JsonObject *data)
{
  if (rt_practice_json_array (data, name) != NULL)
    rt_practice_json_take (product, name, data);
  else
    json_object_set_array_member (product, name, json_array_new ());
}

static void
set_members (RtPracticeCall *call, JsonObject *product, JsonObject *data)
{
  static const char *const plain[]
      = { "description", "name", "shippable", "statement_descriptor", "tax_code", "tax_details",
          "unit_label",  "url",  NULL };
  const char *type = rt_practice_json_string (data, "type");

  json_object_set_boolean_member (product, "active", rt_practice_json_bool (data, "active", TRUE));
  json_object_set_null_member (product, "default_price");
  for (const char *const *name = plain; *name != NULL; name++)
    rt_practice_json_take (product, *name, data);
  set_list (product, "images", data);
  set_list (product, "marketing_features", data);
  set_dimensions (product, data);
  json_object_set_string_member (product, "type", type != NULL ? type : "service");
  json_object_set_int_member (product, "updated", call->now);
}

JsonObject *
rt_practice_product_build (RtPracticeCall *call, JsonObject *data, const char *path, GError **error)
{
  const char *chosen = rt_practice_json_string (data, "id");
  g_autofree char *id_path = path_to (path, "id");
  g_autofree char *id
      = chosen != NULL ? g_strdup (chosen) : rt_practice_state_random_id (call->state, "prod_", 14);
  g_autoptr (JsonObject) product = NULL;

  if (!rt_practice_call_check_id (call, "product", id, id_path, error)
      || !check_texts (data, path, error))
    return NULL;
  product = rt_practice_call_new_object (call, "product", id);
  set_members (call, product, data);
  if (!rt_practice_check_metadata (product, data, error))
    return NULL;
  return g_steal_pointer (&product);
}

JsonObject *
rt_practice_product_create (RtPracticeCall *call, GError **error)
{
  JsonObject *data = rt_practice_json_object (call->params, "default_price_data");
  g_autoptr (JsonObject) product = rt_practice_product_build (call, call->params, NULL, error);
  g_autoptr (JsonObject) price = NULL;

  if (product == NULL)
    return NULL;
  if (data != NULL)
    {
      price = rt_practice_price_build (call, data, rt_practice_json_string (product, "id"),
                                       "default_price_data", error);
      if (price == NULL)
        return NULL;
      json_object_set_string_member (product, "default_price",
                                     rt_practice_json_string (price, "id"));
    }
  rt_practice_call_create (call, product);
  if (price != NULL)
    rt_practice_call_create (call, price);
  return g_steal_pointer (&product);
}

JsonObject *
rt_practice_product_retrieve (RtPracticeCall *call, GError **error)
{
  JsonObject *product;

  if (rt_practice_state_is_deleted (call->state, "product", call->id))
    return rt_practice_call_stub ("product", call->id);
  product = rt_practice_call_get (call, "product", call->id, NULL, error);
  return product != NULL ? json_object_ref (product) : NULL;
}

static gboolean
check_default_price (RtPracticeCall *call, GError **error)
{
  const char *id = rt_practice_json_string (call->params, "default_price");
  JsonObject *price;

  if (id == NULL)
    return TRUE;
  price = rt_practice_call_get (call, "price", id, "default_price", error);
  if (price == NULL)
    return FALSE;
  if (!g_str_equal (rt_practice_json_string (price, "product"), call->id))
    rt_practice_refuse (error, 400, NULL, "default_price",
                        "The price '%s' does not belong to the product '%s'.", id, call->id);
  else if (!rt_practice_json_bool (price, "active", FALSE))
    rt_practice_refuse (error, 400, NULL, "default_price",
                        "The price '%s' is inactive and cannot be a default price.", id);
  else
    return TRUE;
  return FALSE;
}

JsonObject *
rt_practice_product_update (RtPracticeCall *call, GError **error)
{
  static const char *const plain[]
      = { "active",   "default_price", "description", "name", "shippable", "statement_descriptor",
          "tax_code", "tax_details",   "unit_label",  "url",  NULL };
  g_autoptr (JsonObject) product = rt_practice_call_edit (call, "product", error);
  JsonObject *params = call->params;

  if (product == NULL || !check_texts (params, NULL, error) || !check_default_price (call, error)
      || !rt_practice_check_metadata (product, params, error))
    return NULL;
  for (const char *const *name = plain; *name != NULL; name++)
    rt_practice_json_move (product, *name, params);
  if (json_object_has_member (params, "images"))
    set_list (product, "images", params);
  if (json_object_has_member (params, "marketing_features"))
    set_list (product, "marketing_features", params);
  if (json_object_has_member (params, "package_dimensions"))
    set_dimensions (product, params);
  rt_practice_call_update (call, product, "updated");
  return g_steal_pointer (&product);
}

JsonObject *
rt_practice_product_delete (RtPracticeCall *call, GError **error)
{
  if (rt_practice_state_n_prices (call->state, call->id) == 0)
    return rt_practice_call_delete (call, "product", error);
  rt_practice_refuse (error, 400, NULL, NULL,
                      "This product cannot be deleted because it has one or more user-created "
                      "prices.");
  return NULL;
}

static gboolean
is_among (JsonArray *array, const char *text)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (g_str_equal (json_array_get_string_element (array, i), text))
      return TRUE;
  return array == NULL;
}

gboolean
rt_practice_product_filter (RtPracticeCall *call, RtPracticeRow *row)
{
  static const char *const texts[] = { "type", "url", NULL };
  static const char *const flags[] = { "active", "shippable", NULL };

  for (const char *const *name = texts; *name != NULL; name++)
    {
      const char *wanted = rt_practice_json_string (call->params, *name);

      if (wanted != NULL && g_strcmp0 (wanted, rt_practice_json_string (row->object, *name)) != 0)
        return FALSE;
    }
  for (const char *const *name = flags; *name != NULL; name++)
    if (json_object_has_member (call->params, *name)
        && rt_practice_json_bool (call->params, *name, FALSE)
               != rt_practice_json_bool (row->object, *name, FALSE))
      return FALSE;
  return is_among (rt_practice_json_array (call->params, "ids"), row->id);
}
