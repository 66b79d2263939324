#include "rt-form.h"

#include <glib/gi18n-lib.h>

#include "rt-error.h"

typedef struct
{
  char *name;   /* (owned) */
  char *value;  /* (owned): the text, or the handle of a reference */
  char *object; /* (owned) (nullable): set for references */
} Parameter;

struct _RtForm
{
  GPtrArray *parameters; /* (owned) of Parameter */
};

static void
parameter_free (gpointer data)
{
  Parameter *parameter = data;

  g_free (parameter->name);
  g_free (parameter->value);
  g_free (parameter->object);
  g_free (parameter);
}

RtForm *
rt_form_new (void)
{
  RtForm *self = g_new0 (RtForm, 1);

  self->parameters = g_ptr_array_new_with_free_func (parameter_free);
  return self;
}

void
rt_form_free (RtForm *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->parameters);
  g_free (self);
}

void
rt_form_add_reference (RtForm *self, const char *name, const char *object, const char *handle)
{
  Parameter *parameter = g_new0 (Parameter, 1);

  parameter->name = g_strdup (name);
  parameter->value = g_strdup (handle);
  parameter->object = g_strdup (object);
  g_ptr_array_add (self->parameters, parameter);
}

void
rt_form_add (RtForm *self, const char *name, const char *value)
{
  if (value != NULL)
    rt_form_add_reference (self, name, NULL, value);
}

void
rt_form_add_int (RtForm *self, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  rt_form_add (self, name, text);
}

gboolean
rt_form_is_empty (const RtForm *self)
{
  return self->parameters->len == 0;
}

char *
rt_form_to_json (const RtForm *self)
{
  g_autoptr (JsonObject) root = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < self->parameters->len; i++)
    {
      const Parameter *parameter = g_ptr_array_index (self->parameters, i);
      JsonObject *member = json_object_new ();

      json_object_set_string_member (member, "name", parameter->name);
      json_object_set_string_member (member, "value", parameter->value);
      if (parameter->object != NULL)
        json_object_set_string_member (member, "object", parameter->object);
      json_array_add_object_element (list, member);
    }
  json_object_set_array_member (root, "parameters", list);
  return rt_json_to_text (root);
}

RtForm *
rt_form_from_json (const char *text, GError **error)
{
  g_autoptr (JsonObject) root = rt_json_parse (text, -1, error);
  g_autoptr (RtForm) self = rt_form_new ();
  JsonArray *list;

  if (root == NULL)
    return NULL;
  list = rt_json_array (root, "parameters");
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *member = rt_json_element (list, i);

      rt_form_add_reference (self, rt_json_string (member, "name"),
                             rt_json_string (member, "object"), rt_json_string (member, "value"));
    }
  return g_steal_pointer (&self);
}

char *
rt_form_encode (const RtForm *self, RtFormResolve resolve, gpointer user_data, GError **error)
{
  g_autoptr (GString) body = g_string_new (NULL);

  for (guint i = 0; i < self->parameters->len; i++)
    {
      const Parameter *parameter = g_ptr_array_index (self->parameters, i);
      g_autofree char *found = NULL;

      if (parameter->object != NULL)
        {
          found = resolve (parameter->object, parameter->value, user_data);
          if (found == NULL)
            {
              rt_set_error (error, RT_ERROR_NOT_FOUND, NULL, _ ("Stripe has no %s “%s” yet."),
                            parameter->object, parameter->value);
              return NULL;
            }
        }
      if (body->len > 0)
        g_string_append_c (body, '&');
      g_string_append_uri_escaped (body, parameter->name, "[]", FALSE);
      g_string_append_c (body, '=');
      g_string_append_uri_escaped (body, found != NULL ? found : parameter->value, NULL, FALSE);
    }
  return g_string_free (g_steal_pointer (&body), FALSE);
}
