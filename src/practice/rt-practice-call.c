#include "rt-practice-call.h"

#include <string.h>

#include "rt-practice-error.h"
#include "rt-practice-event.h"
#include "rt-practice-json.h"

#define MAX_ID 255

/* Stripe's word for a type in its messages. */
static const char *
human (const char *object)
{
  if (g_str_equal (object, "payment_method"))
    return "PaymentMethod";
  return g_str_equal (object, "billing.meter") ? "billing meter" : object;
}

JsonObject *
rt_practice_call_get (RtPracticeCall *call, const char *object, const char *id, const char *param,
                      GError **error)
{
  JsonObject *found = rt_practice_state_get (call->state, object, id);

  if (found == NULL)
    rt_practice_refuse (error, param == NULL ? 404 : 400, "resource_missing",
                        param == NULL ? "id" : param, "No such %s: '%s'", human (object), id);
  return found;
}

JsonObject *
rt_practice_call_find (RtPracticeCall *call, const char *object, const char *id)
{
  JsonArray *puts = rt_practice_json_array (call->change, "put");

  for (guint i = 0; puts != NULL && i < json_array_get_length (puts); i++)
    {
      JsonObject *made = json_array_get_object_element (puts, i);

      if (g_str_equal (rt_practice_json_string (made, "object"), object)
          && g_str_equal (rt_practice_json_string (made, "id"), id))
        return made;
    }
  return rt_practice_state_get (call->state, object, id);
}

JsonObject *
rt_practice_call_edit (RtPracticeCall *call, const char *object, GError **error)
{
  JsonObject *found = rt_practice_call_get (call, object, call->id, NULL, error);

  return found != NULL ? rt_practice_json_copy (found) : NULL;
}

JsonObject *
rt_practice_call_new_object (RtPracticeCall *call, const char *object, const char *id)
{
  JsonObject *made = json_object_new ();

  json_object_set_string_member (made, "id", id);
  json_object_set_string_member (made, "object", object);
  json_object_set_int_member (made, "created", call->now);
  json_object_set_boolean_member (made, "livemode", FALSE);
  return made;
}

static void
add_to_change (RtPracticeCall *call, const char *what, JsonObject *object)
{
  JsonArray *array = rt_practice_json_array (call->change, what);

  if (array == NULL)
    {
      array = json_array_new ();
      json_object_set_array_member (call->change, what, array);
    }
  json_array_add_object_element (array, json_object_ref (object));
}

static void
add_event (RtPracticeCall *call, JsonObject *object, const char *verb, JsonObject *before)
{
  g_autoptr (JsonObject) event = rt_practice_event_new (call, object, verb, before);

  add_to_change (call, "put", event);
}

void
rt_practice_call_create (RtPracticeCall *call, JsonObject *object)
{
  add_to_change (call, "put", object);
  add_event (call, object, "created", NULL);
}

void
rt_practice_call_update (RtPracticeCall *call, JsonObject *object, const char *verb)
{
  JsonObject *before
      = rt_practice_state_get (call->state, rt_practice_json_string (object, "object"),
                               rt_practice_json_string (object, "id"));

  if (rt_practice_json_equal (before, object))
    return;
  if (json_object_has_member (object, "updated"))
    json_object_set_int_member (object, "updated", call->now);
  add_to_change (call, "put", object);
  add_event (call, object, verb, before);
}

JsonObject *
rt_practice_call_delete (RtPracticeCall *call, const char *object, GError **error)
{
  JsonObject *found = rt_practice_call_get (call, object, call->id, NULL, error);
  JsonObject *stub;

  if (found == NULL)
    return NULL;
  stub = rt_practice_call_stub (object, call->id);
  add_to_change (call, "delete", stub);
  add_event (call, found, "deleted", NULL);
  return stub;
}

JsonObject *
rt_practice_call_stub (const char *object, const char *id)
{
  JsonObject *stub = json_object_new ();

  json_object_set_string_member (stub, "id", id);
  json_object_set_string_member (stub, "object", object);
  json_object_set_boolean_member (stub, "deleted", TRUE);
  return stub;
}

gboolean
rt_practice_call_check_id (RtPracticeCall *call, const char *object, const char *id,
                           const char *param, GError **error)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
  g_autofree char *title = g_strdup (object);

  *title = g_ascii_toupper (*title);
  if (strlen (id) > MAX_ID || strspn (id, letters) != strlen (id))
    rt_practice_refuse (error, 400, NULL, param,
                        "Invalid id: ids contain only letters, digits, _ and -");
  else if (rt_practice_state_row (call->state, object, id) != NULL)
    rt_practice_refuse (error, 400, "resource_already_exists", param, "%s already exists.", title);
  else
    return TRUE;
  return FALSE;
}
