#include "rt-practice-check.h"

#include <string.h>

#include "rt-decimal.h"
#include "rt-practice-amount.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"

static JsonNode *check_value (const RtPracticeParam *param, JsonNode *node, const char *path,
                              GError **error);
static JsonObject *check_fields (const RtPracticeParam *table, JsonObject *tree, const char *path,
                                 GError **error);

/* The wire name of a member: `name` at the top, `recurring[interval]` below. */
static char *
join (const char *path, const char *name)
{
  return path == NULL ? g_strdup (name) : g_strdup_printf ("%s[%s]", path, name);
}

static JsonNode *
node_of_text (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
node_of_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static JsonNode *
node_of_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}

/* Digits with an optional minus, within 18 digits: no more fits Stripe's amounts and times. */
static gboolean
parse_integer (const char *text, gint64 *value)
{
  gsize digits = strspn (text + (*text == '-'), "0123456789");

  if (digits == 0 || digits > 18 || text[digits + (*text == '-')] != '\0')
    return FALSE;
  *value = g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}

static JsonNode *
check_integer (const char *text, const char *path, GError **error)
{
  gint64 value;

  if (parse_integer (text, &value))
    return json_node_init_int (json_node_alloc (), value);
  rt_practice_refuse (error, 400, "parameter_invalid_integer", path, "Invalid integer: %s", text);
  return NULL;
}

static JsonNode *
check_timestamp (const char *text, const char *path, GError **error)
{
  gint64 value;

  if (parse_integer (text, &value) && value >= 0 && value < G_GINT64_CONSTANT (100000000000))
    return json_node_init_int (json_node_alloc (), value);
  rt_practice_refuse (error, 400, "parameter_invalid_integer", path,
                      "Invalid timestamp: must be an integer Unix timestamp in seconds");
  return NULL;
}

static JsonNode *
check_boolean (const char *text, const char *path, GError **error)
{
  if (g_str_equal (text, "true") || g_str_equal (text, "false"))
    return json_node_init_boolean (json_node_alloc (), *text == 't');
  rt_practice_refuse (error, 400, NULL, path, "Invalid boolean: %s", text);
  return NULL;
}

static JsonNode *
check_decimal (const char *text, const char *path, GError **error)
{
  RtDecimal value;

  if (rt_decimal_parse (text, &value))
    return node_of_text (text);
  rt_practice_refuse (error, 400, NULL, path,
                      "Invalid decimal: %s; must contain at maximum 12 decimal places", text);
  return NULL;
}

static gboolean
is_choice (const char *choices, const char *text)
{
  g_auto (GStrv) list = g_strsplit (choices, "|", -1);

  return g_strv_contains ((const char *const *) list, text);
}

static JsonNode *
check_enum (const RtPracticeParam *param, const char *text, const char *path, GError **error)
{
  g_auto (GStrv) list = NULL;
  g_autofree char *sentence = NULL;

  if (is_choice (param->choices, text))
    return node_of_text (text);
  list = g_strsplit (param->choices, "|", -1);
  sentence = g_strjoinv (", ", list);
  rt_practice_refuse (error, 400, NULL, path, "Invalid %s: must be one of %s", path, sentence);
  return NULL;
}

static JsonNode *
check_up_to (const char *text, const char *path, GError **error)
{
  return g_str_equal (text, "inf") ? node_of_text (text) : check_integer (text, path, error);
}

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static JsonNode *
check_string (const RtPracticeParam *param, const char *text, const char *path, GError **error)
{
  glong max = param->max != 0 ? param->max : RT_PRACTICE_MAX_TEXT;

  if (is_blank (text))
    {
      rt_practice_refuse (error, 400, "parameter_invalid_string_blank", path,
                          "You passed a blank string for '%s'", path);
      return NULL;
    }
  if (g_utf8_strlen (text, -1) <= max)
    return node_of_text (text);
  rt_practice_refuse (error, 400, NULL, path, "Invalid string: must be at most %ld characters",
                      max);
  return NULL;
}

static JsonNode *
check_empty (const RtPracticeParam *param, const char *path, GError **error)
{
  if (param->unset)
    return json_node_init_null (json_node_alloc ());
  rt_practice_refuse (error, 400, "parameter_invalid_empty", path,
                      "You passed an empty string for '%s'. We assume empty values are an attempt "
                      "to unset a parameter; however '%s' cannot be unset. You should remove '%s' "
                      "from your request or supply a non-empty value.",
                      path, path, path);
  return NULL;
}

static JsonNode *
check_text (const RtPracticeParam *param, const char *text, const char *path, GError **error)
{
  if (*text == '\0')
    return check_empty (param, path, error);
  switch (param->kind)
    {
    case RT_PRACTICE_STRING:
      return check_string (param, text, path, error);
    case RT_PRACTICE_INTEGER:
      return check_integer (text, path, error);
    case RT_PRACTICE_BOOLEAN:
      return check_boolean (text, path, error);
    case RT_PRACTICE_TIMESTAMP:
    case RT_PRACTICE_RANGE:
      return check_timestamp (text, path, error);
    case RT_PRACTICE_DECIMAL:
    case RT_PRACTICE_NUMBER:
      return check_decimal (text, path, error);
    case RT_PRACTICE_ENUM:
      return check_enum (param, text, path, error);
    case RT_PRACTICE_UP_TO:
      return check_up_to (text, path, error);
    default:
      rt_practice_refuse (error, 400, NULL, path, "Invalid %s: must be an object or an array",
                          path);
      return NULL;
    }
}

/* Indexes must be 0, 1, 2 …: a gap would be a bug of the sender. */
static JsonNode *
check_list (const RtPracticeParam *param, JsonObject *tree, const char *path, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();
  RtPracticeParam element = { .kind = RT_PRACTICE_STRING, .fields = param->fields };

  if (param->kind == RT_PRACTICE_OBJECTS)
    element.kind = RT_PRACTICE_OBJECT;
  for (guint i = 0; i < json_object_get_size (tree); i++)
    {
      g_autofree char *index = g_strdup_printf ("%u", i);
      g_autofree char *name = join (path, index);
      JsonNode *node = json_object_get_member (tree, index);

      if (node == NULL)
        {
          rt_practice_refuse (error, 400, NULL, path, "Invalid array: indexes must count from 0");
          return NULL;
        }
      node = check_value (&element, node, name, error);
      if (node == NULL)
        return NULL;
      json_array_add_element (array, node);
    }
  return node_of_array (g_steal_pointer (&array));
}

static JsonNode *
check_metadata (JsonObject *tree, const char *path, GError **error)
{
  g_autoptr (JsonObject) map = json_object_new ();
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, tree);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      g_autofree char *name = join (path, key);

      if (!JSON_NODE_HOLDS_VALUE (node) || *key == '\0')
        rt_practice_refuse (error, 400, NULL, name, "Metadata values must be strings");
      else if (g_utf8_strlen (key, -1) > RT_PRACTICE_METADATA_MAX_KEY)
        rt_practice_refuse (error, 400, NULL, path,
                            "Metadata keys must be at most %d characters: %s",
                            RT_PRACTICE_METADATA_MAX_KEY, key);
      else if (g_utf8_strlen (json_node_get_string (node), -1) > RT_PRACTICE_METADATA_MAX_VALUE)
        rt_practice_refuse (error, 400, NULL, name, "Metadata values can have up to %d characters",
                            RT_PRACTICE_METADATA_MAX_VALUE);
      else
        {
          json_object_set_member (map, key, json_node_copy (node));
          continue;
        }
      return NULL;
    }
  return node_of_object (g_steal_pointer (&map));
}

static JsonNode *
check_currencies (const RtPracticeParam *param, JsonObject *tree, const char *path, GError **error)
{
  g_autoptr (JsonObject) map = json_object_new ();
  RtPracticeParam element = { .kind = RT_PRACTICE_OBJECT, .fields = param->fields };
  JsonObjectIter iter;
  const char *currency;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, tree);
  while (json_object_iter_next_ordered (&iter, &currency, &node))
    {
      g_autofree char *name = join (path, currency);
      JsonNode *checked;

      if (!rt_practice_amount_check_currency (currency, name, error))
        return NULL;
      checked = check_value (&element, node, name, error);
      if (checked == NULL)
        return NULL;
      json_object_set_member (map, currency, checked);
    }
  return node_of_object (g_steal_pointer (&map));
}

static JsonNode *
check_range (JsonObject *tree, const char *path, GError **error)
{
  static const RtPracticeParam bounds[] = {
    { "gt", RT_PRACTICE_TIMESTAMP },
    { "gte", RT_PRACTICE_TIMESTAMP },
    { "lt", RT_PRACTICE_TIMESTAMP },
    { "lte", RT_PRACTICE_TIMESTAMP },
    { 0 },
  };
  JsonObject *checked = check_fields (bounds, tree, path, error);

  return checked != NULL ? node_of_object (checked) : NULL;
}

static JsonNode *
check_tree (const RtPracticeParam *param, JsonObject *tree, const char *path, GError **error)
{
  JsonObject *fields;

  switch (param->kind)
    {
    case RT_PRACTICE_OBJECT:
      fields = check_fields (param->fields, tree, path, error);
      return fields != NULL ? node_of_object (fields) : NULL;
    case RT_PRACTICE_LIST:
    case RT_PRACTICE_OBJECTS:
      return check_list (param, tree, path, error);
    case RT_PRACTICE_METADATA:
      return check_metadata (tree, path, error);
    case RT_PRACTICE_CURRENCIES:
      return check_currencies (param, tree, path, error);
    case RT_PRACTICE_RANGE:
      return check_range (tree, path, error);
    default:
      rt_practice_refuse (error, 400, NULL, path, "Invalid %s: an object was given", path);
      return NULL;
    }
}

static JsonNode *
check_value (const RtPracticeParam *param, JsonNode *node, const char *path, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return check_tree (param, json_node_get_object (node), path, error);
  return check_text (param, json_node_get_string (node), path, error);
}

static const RtPracticeParam *
find_param (const RtPracticeParam *table, const char *name)
{
  for (; table->name != NULL; table++)
    if (g_str_equal (table->name, name))
      return table;
  return NULL;
}

static gboolean
check_missing (const RtPracticeParam *table, JsonObject *checked, const char *path, GError **error)
{
  for (; table->name != NULL; table++)
    if (table->required && !json_object_has_member (checked, table->name))
      {
        g_autofree char *name = join (path, table->name);

        rt_practice_refuse (error, 400, "parameter_missing", name, "Missing required param: %s.",
                            name);
        return FALSE;
      }
  return TRUE;
}

static JsonObject *
check_fields (const RtPracticeParam *table, JsonObject *tree, const char *path, GError **error)
{
  g_autoptr (JsonObject) checked = json_object_new ();
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, tree);
  while (json_object_iter_next_ordered (&iter, &member, &node))
    {
      const RtPracticeParam *param = find_param (table, member);
      g_autofree char *name = join (path, member);
      JsonNode *value;

      if (param == NULL)
        {
          rt_practice_refuse (error, 400, "parameter_unknown", name,
                              "Received unknown parameter: %s", name);
          return NULL;
        }
      value = check_value (param, node, name, error);
      if (value == NULL)
        return NULL;
      json_object_set_member (checked, member, value);
    }
  return check_missing (table, checked, path, error) ? g_steal_pointer (&checked) : NULL;
}

JsonObject *
rt_practice_check (const RtPracticeParam *table, JsonObject *tree, GError **error)
{
  return check_fields (table, tree, NULL, error);
}

static void
merge (JsonObject *metadata, JsonObject *changes)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, changes);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    if (*json_node_get_string (node) != '\0')
      json_object_set_member (metadata, key, json_node_copy (node));
    else if (json_object_has_member (metadata, key))
      json_object_remove_member (metadata, key);
}

gboolean
rt_practice_check_metadata (JsonObject *object, JsonObject *params, GError **error)
{
  JsonObject *changes = rt_practice_json_object (params, "metadata");
  JsonObject *metadata = rt_practice_json_object (object, "metadata");

  if (metadata == NULL || (json_object_has_member (params, "metadata") && changes == NULL))
    {
      metadata = json_object_new ();
      json_object_set_object_member (object, "metadata", metadata);
    }
  if (changes != NULL)
    merge (metadata, changes);
  if (json_object_get_size (metadata) <= RT_PRACTICE_METADATA_MAX_KEYS)
    return TRUE;
  rt_practice_refuse (error, 400, NULL, "metadata", "You can only have up to %d metadata keys",
                      RT_PRACTICE_METADATA_MAX_KEYS);
  return FALSE;
}
