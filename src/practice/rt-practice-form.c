#include "rt-practice-form.h"

#include <string.h>

#include "rt-practice-error.h"

/* Decodes one name or value: + and %XX. NULL if it is not what a form may hold. */
static char *
unescape (const char *text, gsize length, GError **error)
{
  g_autoptr (GString) out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      int high, low;

      if (text[i] != '%')
        {
          g_string_append_c (out, text[i] == '+' ? ' ' : text[i]);
          continue;
        }
      high = i + 2 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
      low = i + 2 < length ? g_ascii_xdigit_value (text[i + 2]) : -1;
      if (high < 0 || low < 0)
        {
          rt_practice_refuse (error, 400, NULL, NULL, "Invalid percent-encoding in parameters");
          return NULL;
        }
      g_string_append_c (out, (char) (high * 16 + low));
      i += 2;
    }
  /* A NUL inside counts as invalid here, as it does at Stripe. */
  if (!g_utf8_validate_len (out->str, out->len, NULL))
    {
      rt_practice_refuse (error, 400, NULL, NULL, "Invalid UTF-8 or NUL byte in parameters");
      return NULL;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Splits `a[b][c]` into its parts. */
static GPtrArray *
split_name (const char *name, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  const char *at = name + strcspn (name, "[");

  g_ptr_array_add (parts, g_strndup (name, (gsize) (at - name)));
  while (*at == '[' && parts->len <= RT_PRACTICE_FORM_MAX_DEPTH)
    {
      gsize length = strcspn (at + 1, "[]");

      if (at[1 + length] != ']')
        break;
      g_ptr_array_add (parts, g_strndup (at + 1, length));
      at += length + 2;
    }
  if (*at != '\0' || *name == '[' || *name == '\0')
    {
      rt_practice_refuse (error, 400, "parameter_unknown", name, "Invalid parameter name: %s",
                          name);
      return NULL;
    }
  return g_steal_pointer (&parts);
}

/* The object that holds the last part of a name, made on the way. */
static JsonObject *
descend (JsonObject *tree, GPtrArray *parts, const char *name, GError **error)
{
  for (guint i = 0; i + 1 < parts->len; i++)
    {
      const char *part = g_ptr_array_index (parts, i);
      JsonNode *node = json_object_get_member (tree, part);

      if (i > 0 && *part == '\0')
        {
          rt_practice_refuse (error, 400, NULL, name, "Invalid array: %s needs an index", name);
          return NULL;
        }
      if (node == NULL)
        {
          node = json_node_new (JSON_NODE_OBJECT);
          json_node_take_object (node, json_object_new ());
          json_object_set_member (tree, part, node);
        }
      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          rt_practice_refuse (error, 400, NULL, name, "Invalid object: %s is text elsewhere", name);
          return NULL;
        }
      tree = json_node_get_object (node);
    }
  return tree;
}

static gboolean
add_pair (JsonObject *tree, const char *name, const char *value, GError **error)
{
  g_autoptr (GPtrArray) parts = split_name (name, error);
  g_autofree char *last = NULL;
  JsonObject *parent = parts != NULL ? descend (tree, parts, name, error) : NULL;

  if (parent == NULL)
    return FALSE;
  last = g_strdup (g_ptr_array_index (parts, parts->len - 1));
  if (*last == '\0')
    {
      g_free (last);
      last = g_strdup_printf ("%u", json_object_get_size (parent));
    }
  if (json_object_has_member (parent, last))
    {
      rt_practice_refuse (error, 400, NULL, name, "Parameter given more than once: %s", name);
      return FALSE;
    }
  json_object_set_string_member (parent, last, value);
  return TRUE;
}

static gboolean
add_encoded (JsonObject *tree, const char *pair, gsize length, GError **error)
{
  const char *equals = memchr (pair, '=', length);
  gsize name_length = equals != NULL ? (gsize) (equals - pair) : length;
  g_autofree char *name = unescape (pair, name_length, error);
  g_autofree char *value = NULL;

  if (name == NULL)
    return FALSE;
  value = equals != NULL ? unescape (equals + 1, length - name_length - 1, error) : g_strdup ("");
  return value != NULL && add_pair (tree, name, value, error);
}

JsonObject *
rt_practice_form_decode (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonObject) tree = json_object_new ();
  guint n_params = 0;

  for (gsize start = 0; start < length;)
    {
      const char *end = memchr (text + start, '&', length - start);
      gsize pair_length = end != NULL ? (gsize) (end - text) - start : length - start;

      if (++n_params > RT_PRACTICE_FORM_MAX_PARAMS)
        {
          rt_practice_refuse (error, 400, NULL, NULL, "Too many parameters");
          return NULL;
        }
      if (pair_length > 0 && !add_encoded (tree, text + start, pair_length, error))
        return NULL;
      start += pair_length + 1;
    }
  return g_steal_pointer (&tree);
}
