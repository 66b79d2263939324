#include "rt-conflict-detail.h"

#include "rt-store-event.h"
#include "rt-store-private.h"

static JsonObject *
field_to_json (const RtConflictField *conflict)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "field", conflict->field);
  json_object_set_member (object, "base", json_node_copy (conflict->base));
  json_object_set_member (object, "mine", json_node_copy (conflict->mine));
  json_object_set_member (object, "theirs", json_node_copy (conflict->theirs));
  return object;
}

static void
add_event (RtStore *store, const RtChange *change, JsonObject *json)
{
  g_autofree char *stripe_id = rt_store_dup_identity (store, change->object, change->object_id);
  g_autofree char *request_id = NULL;
  g_autofree char *text = NULL;
  gint64 created = 0;

  if (stripe_id != NULL
      && rt_store_last_event (store, change->object, stripe_id, &created, &request_id))
    {
      g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (created);

      text = at != NULL ? g_date_time_format_iso8601 (at) : NULL;
    }
  rt_json_set_string (json, "changed_at", text);
  rt_json_set_string (json, "changed_by", request_id);
}

gboolean
rt_conflict_detail_add (RtStore *store, const RtChange *change, JsonObject *json, GError **error)
{
  g_autoptr (GPtrArray) conflicts = rt_conflict_list (store, change->seq, error);
  JsonArray *list;

  if (conflicts == NULL)
    return FALSE;
  list = json_array_new ();
  for (guint i = 0; i < conflicts->len; i++)
    json_array_add_object_element (list, field_to_json (g_ptr_array_index (conflicts, i)));
  json_object_set_array_member (json, "conflicts", list);
  add_event (store, change, json);
  return TRUE;
}
