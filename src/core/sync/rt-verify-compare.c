#include "rt-verify-compare.h"

#include "rt-json.h"

typedef struct
{
  RtVerifyCompareFunc func;
  gpointer user_data;
  gboolean is_different;
} Comparison;

static void compare_nodes (Comparison *self, const char *path, JsonNode *replica, JsonNode *stripe);

static gboolean
is_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* An id on one side and the object of that id on the other: one request expanded it. */
static gboolean
is_reference_of (JsonNode *id, JsonNode *object)
{
  return is_text (id) && JSON_NODE_HOLDS_OBJECT (object)
         && g_strcmp0 (rt_json_string (json_node_get_object (object), "id"),
                       json_node_get_string (id))
                == 0;
}

static void
compare_objects (Comparison *self, const char *path, JsonObject *replica, JsonObject *stripe)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, stripe);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *member
          = path != NULL ? g_strconcat (path, ".", name, NULL) : g_strdup (name);

      compare_nodes (self, member, json_object_get_member (replica, name), value);
    }
  json_object_iter_init_ordered (&iter, replica);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *member
          = path != NULL ? g_strconcat (path, ".", name, NULL) : g_strdup (name);

      if (!json_object_has_member (stripe, name))
        compare_nodes (self, member, value, NULL);
    }
}

static void
compare_arrays (Comparison *self, const char *path, JsonArray *replica, JsonArray *stripe)
{
  for (guint i = 0; i < json_array_get_length (stripe); i++)
    {
      g_autofree char *element = g_strdup_printf ("%s[%u]", path, i);

      compare_nodes (self, element, json_array_get_element (replica, i),
                     json_array_get_element (stripe, i));
    }
}

static void
compare_nodes (Comparison *self, const char *path, JsonNode *replica, JsonNode *stripe)
{
  if (replica != NULL && stripe != NULL)
    {
      if (json_node_equal (replica, stripe) || is_reference_of (replica, stripe)
          || is_reference_of (stripe, replica))
        return;
      if (JSON_NODE_HOLDS_OBJECT (replica) && JSON_NODE_HOLDS_OBJECT (stripe))
        {
          compare_objects (self, path, json_node_get_object (replica),
                           json_node_get_object (stripe));
          return;
        }
      if (JSON_NODE_HOLDS_ARRAY (replica) && JSON_NODE_HOLDS_ARRAY (stripe)
          && json_array_get_length (json_node_get_array (replica))
                 == json_array_get_length (json_node_get_array (stripe)))
        {
          compare_arrays (self, path, json_node_get_array (replica), json_node_get_array (stripe));
          return;
        }
    }
  self->is_different = TRUE;
  self->func (path, replica, stripe, self->user_data);
}

gboolean
rt_verify_compare (JsonObject *replica, JsonObject *stripe, RtVerifyCompareFunc func,
                   gpointer user_data)
{
  Comparison self = { func, user_data, FALSE };

  compare_objects (&self, NULL, replica, stripe);
  return self.is_different;
}
