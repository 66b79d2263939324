#include "rt-practice-control.h"

#include <string.h>

#include "rt-json.h"
#include "rt-practice-account.h"
#include "rt-practice-json.h"

/* A century: no test needs more, and times stay far from overflow. */
#define MAX_ADVANCE (G_GINT64_CONSTANT (100) * 366 * 24 * 60 * 60)

/* @text: (transfer full) */
static void
respond_text (SoupServerMessage *message, guint status, char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
}

static void
respond (SoupServerMessage *message, guint status, JsonObject *body)
{
  respond_text (message, status, rt_practice_json_write (body, RT_PRACTICE_JSON_AS_IS));
}

static void
refuse (SoupServerMessage *message, guint status, const char *text)
{
  g_autoptr (JsonObject) body = json_object_new ();

  json_object_set_string_member (body, "error", text);
  respond (message, status, body);
}

static JsonObject *
counted_requests (RtPractice *self)
{
  JsonObject *counts = json_object_new ();
  GHashTableIter iter;
  gpointer name, n;

  g_hash_table_iter_init (&iter, self->n_requests);
  while (g_hash_table_iter_next (&iter, &name, &n))
    json_object_set_int_member (counts, name, GPOINTER_TO_UINT (n));
  return counts;
}

static void
tell_state (RtPractice *self, SoupServerMessage *message)
{
  g_autoptr (JsonObject) body = json_object_new ();
  JsonObject *account = rt_practice_account_get (self->core.state);

  json_object_set_string_member (body, "account", rt_practice_json_string (account, "id"));
  json_object_set_int_member (body, "now", rt_practice_now (self));
  json_object_set_object_member (body, "objects", rt_practice_state_counts (self->core.state));
  json_object_set_object_member (body, "requests", counted_requests (self));
  json_object_set_object_member (body, "keys", rt_practice_keys_counts (self->core.keys));
  json_object_set_int_member (body, "unkeyed", self->core.n_unkeyed);
  json_object_set_int_member (body, "rate_limited", self->n_limited);
  respond (message, 200, body);
}

static void
move_clock (RtPractice *self, SoupServerMessage *message, JsonObject *order)
{
  gint64 seconds = rt_practice_json_int (order, "advance", 0);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (GError) error = NULL;

  if (ABS (seconds) > MAX_ADVANCE || !json_object_has_member (order, "advance"))
    {
      refuse (message, 400, "`advance` must be a number of seconds, at most a century");
      return;
    }
  if (!rt_practice_advance (self, seconds, &error))
    {
      refuse (message, 500, error->message);
      return;
    }
  json_object_set_int_member (body, "now", rt_practice_now (self));
  respond (message, 200, body);
}

static void
order_fault (RtPractice *self, SoupServerMessage *message, JsonObject *order)
{
  g_autoptr (JsonObject) body = json_object_new ();

  if (rt_practice_add_fault (self, order))
    respond (message, 200, body);
  else
    refuse (message, 400, "No such fault");
}

static void
order_event (RtPractice *self, SoupServerMessage *message, JsonObject *order)
{
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = rt_practice_add_event (self, order, &error);

  if (id == NULL)
    {
      refuse (message, 400, error->message);
      return;
    }
  json_object_set_string_member (body, "id", id);
  respond (message, 200, body);
}

/* To delete takes a word of its own: a forgotten member must not. */
static void
order_edit (RtPractice *self, SoupServerMessage *message, JsonObject *order)
{
  const char *object = rt_practice_json_string (order, "object");
  const char *id = rt_practice_json_string (order, "id");
  const char *parameters = rt_practice_json_string (order, "parameters");
  gboolean is_deletion = rt_practice_json_bool (order, "delete", FALSE) && id != NULL;
  g_autoptr (GError) error = NULL;
  char *body;

  if (object == NULL || (parameters != NULL) == is_deletion)
    {
      refuse (message, 400, "`object` and either `parameters`, or `id` and `delete`, are needed");
      return;
    }
  body = rt_practice_edit (self, object, id, parameters, &error);
  if (body == NULL)
    {
      refuse (message, 400, error->message);
      return;
    }
  respond_text (message, 200, body);
}

/* Orders come as a JSON object. */
static void
take_order (RtPractice *self, SoupServerMessage *message,
            void (*execute) (RtPractice *, SoupServerMessage *, JsonObject *))
{
  g_autoptr (GBytes) bytes
      = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) order
      = rt_json_parse (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), &error);

  if (order != NULL)
    execute (self, message, order);
  else
    refuse (message, 400, error->message);
}

void
rt_practice_control_handle (RtPractice *self, SoupServerMessage *message, const char *path)
{
  g_autofree char *request
      = g_strdup_printf ("%s %s", soup_server_message_get_method (message), path);
  g_autoptr (JsonObject) empty = json_object_new ();

  if (g_str_equal (request, "GET /_practice/state"))
    tell_state (self, message);
  else if (g_str_equal (request, "POST /_practice/faults"))
    take_order (self, message, order_fault);
  else if (g_str_equal (request, "POST /_practice/edit"))
    take_order (self, message, order_edit);
  else if (g_str_equal (request, "POST /_practice/events"))
    take_order (self, message, order_event);
  else if (g_str_equal (request, "POST /_practice/clock"))
    take_order (self, message, move_clock);
  else if (g_str_equal (request, "DELETE /_practice/faults"))
    {
      rt_practice_clear_faults (self);
      respond (message, 200, empty);
    }
  else
    refuse (message, 404, "No such control endpoint");
}
