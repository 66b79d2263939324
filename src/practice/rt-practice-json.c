#include "rt-practice-json.h"

#include <string.h>

static void write_node (GString *out, JsonNode *node, RtPracticeJsonOrder order);

static void
write_text (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      gsize plain = 0;

      while ((guchar) at[plain] >= 0x20 && at[plain] != '"' && at[plain] != '\\')
        plain++;
      g_string_append_len (out, at, (gssize) plain);
      at += plain;
      if (*at == '\0')
        break;
      if (*at == '"' || *at == '\\')
        g_string_append_printf (out, "\\%c", *at);
      else
        g_string_append_printf (out, "\\u%04x", (guint) *at);
    }
  g_string_append_c (out, '"');
}

/* The shortest text that reads back as the same number. */
static void
write_number (GString *out, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (memcmp (&(double){ g_ascii_strtod (text, NULL) }, &number, sizeof number) != 0)
    g_ascii_dtostr (text, sizeof text, number);
  g_string_append (out, text);
}

static void
write_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    write_text (out, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_INT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    write_number (out, json_node_get_double (node));
}

static void
write_member (GString *out, JsonObject *object, const char *name, RtPracticeJsonOrder order)
{
  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  write_text (out, name);
  g_string_append_c (out, ':');
  write_node (out, json_object_get_member (object, name), order);
}

static void
write_object (GString *out, JsonObject *object, RtPracticeJsonOrder order)
{
  g_autoptr (GList) names = json_object_get_members (object);

  if (order == RT_PRACTICE_JSON_SORTED)
    names = g_list_sort (names, (GCompareFunc) strcmp);
  g_string_append_c (out, '{');
  for (GList *l = names; l != NULL; l = l->next)
    write_member (out, object, l->data, order);
  g_string_append_c (out, '}');
}

static void
write_array (GString *out, JsonArray *array, RtPracticeJsonOrder order)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      write_node (out, json_array_get_element (array, i), order);
    }
  g_string_append_c (out, ']');
}

static void
write_node (GString *out, JsonNode *node, RtPracticeJsonOrder order)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    write_object (out, json_node_get_object (node), order);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    write_array (out, json_node_get_array (node), order);
  else if (JSON_NODE_HOLDS_VALUE (node))
    write_value (out, node);
  else
    g_string_append (out, "null");
}

char *
rt_practice_json_write (JsonObject *object, RtPracticeJsonOrder order)
{
  GString *out = g_string_new (NULL);

  write_object (out, object, order);
  return g_string_free (out, FALSE);
}

/* json_node_copy() shares objects and arrays. */
static JsonNode *
copy_node (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonNode *copy = json_node_new (JSON_NODE_OBJECT);

      json_node_take_object (copy, rt_practice_json_copy (json_node_get_object (node)));
      return copy;
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *from = json_node_get_array (node), *to = json_array_new ();
      JsonNode *copy;

      for (guint i = 0; i < json_array_get_length (from); i++)
        json_array_add_element (to, copy_node (json_array_get_element (from, i)));
      copy = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (copy, to);
      return copy;
    }
  return json_node_copy (node);
}

JsonObject *
rt_practice_json_copy (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (copy, name, copy_node (node));
  return copy;
}

void
rt_practice_json_take (JsonObject *object, const char *name, JsonObject *params)
{
  if (json_object_has_member (params, name))
    rt_practice_json_move (object, name, params);
  else
    json_object_set_null_member (object, name);
}

void
rt_practice_json_move (JsonObject *object, const char *name, JsonObject *params)
{
  if (json_object_has_member (params, name))
    json_object_set_member (object, name, copy_node (json_object_get_member (params, name)));
}

gboolean
rt_practice_json_equal (JsonObject *a, JsonObject *b)
{
  g_autofree char *text_a = rt_practice_json_write (a, RT_PRACTICE_JSON_SORTED);
  g_autofree char *text_b = rt_practice_json_write (b, RT_PRACTICE_JSON_SORTED);

  return g_str_equal (text_a, text_b);
}

gboolean
rt_practice_json_has (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) && !json_object_get_null_member (object, name);
}

static JsonNode *
value_of_type (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
             ? node
             : NULL;
}

const char *
rt_practice_json_string (JsonObject *object, const char *name)
{
  JsonNode *node = value_of_type (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

JsonObject *
rt_practice_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
rt_practice_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

gint64
rt_practice_json_int (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = value_of_type (object, name, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : otherwise;
}

gboolean
rt_practice_json_bool (JsonObject *object, const char *name, gboolean otherwise)
{
  JsonNode *node = value_of_type (object, name, G_TYPE_BOOLEAN);

  return node != NULL ? json_node_get_boolean (node) : otherwise;
}
