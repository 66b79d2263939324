#include "rt-practice-meter.h"

#include "rt-practice-error.h"
#include "rt-practice-json.h"

static void
set_mapping (JsonObject *meter, JsonObject *params)
{
  JsonObject *mapping;

  if (json_object_has_member (params, "customer_mapping"))
    {
      rt_practice_json_take (meter, "customer_mapping", params);
      return;
    }
  mapping = json_object_new ();
  json_object_set_string_member (mapping, "event_payload_key", "stripe_customer_id");
  json_object_set_string_member (mapping, "type", "by_id");
  json_object_set_object_member (meter, "customer_mapping", mapping);
}

static void
set_value_settings (JsonObject *meter, JsonObject *params)
{
  JsonObject *settings;

  if (json_object_has_member (params, "value_settings"))
    {
      rt_practice_json_take (meter, "value_settings", params);
      return;
    }
  settings = json_object_new ();
  json_object_set_string_member (settings, "event_payload_key", "value");
  json_object_set_object_member (meter, "value_settings", settings);
}

static void
set_status (JsonObject *meter, const char *status, gint64 deactivated_at)
{
  JsonObject *transitions = json_object_new ();

  json_object_set_string_member (meter, "status", status);
  if (deactivated_at != 0)
    json_object_set_int_member (transitions, "deactivated_at", deactivated_at);
  else
    json_object_set_null_member (transitions, "deactivated_at");
  json_object_set_object_member (meter, "status_transitions", transitions);
}

JsonObject *
rt_practice_meter_create (RtPracticeCall *call, GError **error)
{
  const char *event_name = rt_practice_json_string (call->params, "event_name");
  JsonObject *holder = rt_practice_state_find (call->state, "billing.meter", event_name);
  g_autofree char *id = rt_practice_state_random_id (call->state, "mtr_test_", 30);
  JsonObject *meter;

  /* An inactive meter keeps its name (guide §7.1). */
  if (holder != NULL)
    {
      rt_practice_refuse (error, 400, NULL, "event_name",
                          "A meter (`%s`) already exists with the event name `%s`.",
                          rt_practice_json_string (holder, "id"), event_name);
      return NULL;
    }
  meter = rt_practice_call_new_object (call, "billing.meter", id);
  set_mapping (meter, call->params);
  rt_practice_json_take (meter, "default_aggregation", call->params);
  rt_practice_json_take (meter, "display_name", call->params);
  rt_practice_json_take (meter, "event_name", call->params);
  rt_practice_json_take (meter, "event_time_window", call->params);
  set_status (meter, "active", 0);
  json_object_set_int_member (meter, "updated", call->now);
  set_value_settings (meter, call->params);
  rt_practice_call_create (call, meter);
  return meter;
}

JsonObject *
rt_practice_meter_retrieve (RtPracticeCall *call, GError **error)
{
  JsonObject *meter = rt_practice_call_get (call, "billing.meter", call->id, NULL, error);

  return meter != NULL ? json_object_ref (meter) : NULL;
}

JsonObject *
rt_practice_meter_update (RtPracticeCall *call, GError **error)
{
  JsonObject *meter = rt_practice_call_edit (call, "billing.meter", error);

  if (meter == NULL)
    return NULL;
  rt_practice_json_move (meter, "display_name", call->params);
  rt_practice_call_update (call, meter, "updated");
  return meter;
}

static JsonObject *
change_status (RtPracticeCall *call, const char *status, const char *verb, GError **error)
{
  g_autoptr (JsonObject) meter = rt_practice_call_edit (call, "billing.meter", error);
  gboolean is_active = g_str_equal (status, "active");

  if (meter == NULL)
    return NULL;
  if (g_str_equal (rt_practice_json_string (meter, "status"), status))
    {
      rt_practice_refuse (error, 400, NULL, NULL, "The meter is already %s.", status);
      return NULL;
    }
  set_status (meter, status, is_active ? 0 : call->now);
  rt_practice_call_update (call, meter, verb);
  return g_steal_pointer (&meter);
}

JsonObject *
rt_practice_meter_deactivate (RtPracticeCall *call, GError **error)
{
  return change_status (call, "inactive", "deactivated", error);
}

JsonObject *
rt_practice_meter_reactivate (RtPracticeCall *call, GError **error)
{
  return change_status (call, "active", "reactivated", error);
}

gboolean
rt_practice_meter_filter (RtPracticeCall *call, RtPracticeRow *row)
{
  const char *status = rt_practice_json_string (call->params, "status");

  return status == NULL || g_str_equal (status, rt_practice_json_string (row->object, "status"));
}
