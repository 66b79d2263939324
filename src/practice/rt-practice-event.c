#include "rt-practice-event.h"

#include <string.h>

#include "rt-practice-error.h"
#include "rt-practice-json.h"

/* The account's default version: events are rendered in it, whatever a request's header says
 * (guide §3). Clients that read more than type and id from an event find nonsense here. */
#define OLD_VERSION "2022-11-15"
#define MAX_TYPES 20

static void
rename_member (JsonObject *object, const char *from, const char *to)
{
  JsonNode *node = json_object_dup_member (object, from);

  if (node == NULL)
    return;
  json_object_remove_member (object, from);
  json_object_set_member (object, to, node);
}

static void
spoil_amount (JsonObject *object, const char *name)
{
  if (rt_practice_json_has (object, name))
    json_object_set_int_member (object, name, rt_practice_json_int (object, name, 0) * 100 + 1);
}

static void
spoil_price (JsonObject *price)
{
  JsonObject *recurring = rt_practice_json_object (price, "recurring");

  spoil_amount (price, "unit_amount");
  rename_member (price, "unit_amount_decimal", "amount_decimal");
  rename_member (price, "active", "enabled");
  if (recurring == NULL)
    return;
  json_object_set_string_member (recurring, "aggregate_usage", "sum");
  if (json_object_has_member (recurring, "meter"))
    json_object_remove_member (recurring, "meter");
}

static void
spoil_customer (JsonObject *customer)
{
  spoil_amount (customer, "balance");
  rename_member (customer, "balance", "account_balance");
  rename_member (customer, "email", "contact");
  rename_member (customer, "phone", "telephone");
  rename_member (customer, "address", "location");
}

/* @object as the old version would show it: same type and id, little else to rely on. */
static JsonObject *
render_old (JsonObject *object)
{
  JsonObject *old = rt_practice_json_copy (object);
  const char *type = rt_practice_json_string (object, "object");

  if (g_str_equal (type, "price"))
    spoil_price (old);
  if (g_str_equal (type, "customer"))
    spoil_customer (old);
  rename_member (old, "name", "caption");
  rename_member (old, "display_name", "title");
  rename_member (old, "marketing_features", "features");
  rename_member (old, "default_price", "default_sku");
  rename_member (old, "percent_off", "percent");
  spoil_amount (old, "amount_off");
  if (json_object_has_member (old, "valid"))
    json_object_set_boolean_member (old, "valid", FALSE);
  if (g_str_equal (type, "billing.meter"))
    json_object_set_string_member (old, "status", "archived");
  for (const char *const *hidden
       = (const char *const[]){ "tiers", "currency_options", "applies_to", NULL };
       *hidden != NULL; hidden++)
    if (json_object_has_member (old, *hidden))
      json_object_remove_member (old, *hidden);
  return old;
}

/* The members that differ, as they were. */
static JsonObject *
previous (JsonObject *old, JsonObject *before)
{
  g_autoptr (JsonObject) old_before = render_old (before);
  JsonObject *changed = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, old_before);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonNode *now = json_object_get_member (old, name);

      if (now == NULL || !json_node_equal (now, node))
        rt_practice_json_move (changed, name, old_before);
    }
  return changed;
}

static JsonObject *
origin (RtPracticeCall *call)
{
  JsonObject *request = json_object_new ();

  json_object_set_string_member (request, "id", call->request_id);
  if (call->key != NULL)
    json_object_set_string_member (request, "idempotency_key", call->key);
  else
    json_object_set_null_member (request, "idempotency_key");
  return request;
}

JsonObject *
rt_practice_event_new (RtPracticeCall *call, JsonObject *object, const char *verb,
                       JsonObject *before)
{
  g_autofree char *id = rt_practice_state_random_id ("evt_", 24);
  g_autofree char *type
      = g_strdup_printf ("%s.%s", rt_practice_json_string (object, "object"), verb);
  JsonObject *event = rt_practice_call_new_object (call, "event", id);
  JsonObject *data = json_object_new (), *old = render_old (object);

  json_object_set_object_member (data, "object", old);
  if (before != NULL)
    json_object_set_object_member (data, "previous_attributes", previous (old, before));
  json_object_set_string_member (event, "api_version", OLD_VERSION);
  json_object_set_object_member (event, "data", data);
  json_object_set_int_member (event, "pending_webhooks", 0);
  json_object_set_object_member (event, "request", origin (call));
  json_object_set_string_member (event, "type", type);
  return event;
}

JsonObject *
rt_practice_event_retrieve (RtPracticeCall *call, GError **error)
{
  JsonObject *event = rt_practice_call_get (call, "event", call->id, NULL, error);

  return event != NULL ? json_object_ref (event) : NULL;
}

gboolean
rt_practice_event_check_list (RtPracticeCall *call, GError **error)
{
  JsonArray *types = rt_practice_json_array (call->params, "types");
  const char *type = rt_practice_json_string (call->params, "type");
  const char *star = type != NULL ? strchr (type, '*') : NULL;

  if (types != NULL && type != NULL)
    rt_practice_refuse (error, 400, "parameters_exclusive", "types",
                        "You may only specify one of these parameters: type, types.");
  else if (types != NULL && json_array_get_length (types) > MAX_TYPES)
    rt_practice_refuse (error, 400, NULL, "types", "Invalid array: at most %d types", MAX_TYPES);
  else if (star != NULL && (star[1] != '\0' || star == type || star[-1] != '.'))
    rt_practice_refuse (error, 400, NULL, "type", "Invalid type: %s", type);
  else
    return TRUE;
  return FALSE;
}

static gboolean
type_matches (const char *pattern, const char *type)
{
  gsize length = strlen (pattern);

  if (length > 1 && pattern[length - 1] == '*')
    return strncmp (pattern, type, length - 1) == 0;
  return g_str_equal (pattern, type);
}

gboolean
rt_practice_event_filter (RtPracticeCall *call, RtPracticeRow *row)
{
  JsonArray *types = rt_practice_json_array (call->params, "types");
  const char *type = rt_practice_json_string (call->params, "type");

  if (!rt_practice_json_bool (call->params, "delivery_success", TRUE))
    return FALSE;
  if (type != NULL)
    return type_matches (type, row->kind);
  for (guint i = 0; types != NULL && i < json_array_get_length (types); i++)
    if (g_str_equal (json_array_get_string_element (types, i), row->kind))
      return TRUE;
  return types == NULL;
}
