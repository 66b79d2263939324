#include "rt-practice-execute.h"

#include "rt-practice-account.h"
#include "rt-practice-auth.h"
#include "rt-practice-check.h"
#include "rt-practice-error.h"
#include "rt-practice-event.h"
#include "rt-practice-expand.h"
#include "rt-practice-form.h"
#include "rt-practice-json.h"
#include "rt-practice-list.h"

#define DAY (G_GINT64_CONSTANT (24) * 60 * 60)
#define MAX_LATE (1000 * DAY)

/* A request that has come so far that it is known what it asks for. */
typedef struct
{
  RtPracticeCore *core;
  const RtPracticeRequest *request;
  const RtPracticeRoute *route;
  RtPracticeAnswer *answer;
} Task;

void
rt_practice_execute_refusal (const GError *error, const char *request_id, RtPracticeAnswer *answer)
{
  g_autoptr (JsonObject) body = rt_practice_error_to_json (error, request_id, &answer->status);

  answer->body = rt_practice_json_write (body, RT_PRACTICE_JSON_AS_IS);
  answer->replayed = FALSE;
}

/* A request that was executed already is answered from the record, or refused if it is another one.
 * Returns whether @answer is set; else @error may be. */
static gboolean
replay (RtPracticeCore *core, const RtPracticeRequest *request, const char *fingerprint,
        RtPracticeAnswer *answer, GError **error)
{
  JsonObject *record = rt_practice_keys_find (core->keys, request->key, request->now);
  g_autofree char *message = NULL;

  if (rt_practice_keys_is_running (core->keys, request->key))
    {
      rt_practice_refuse (error, 409, "idempotency_key_in_use", NULL,
                          "There is currently another in-progress request using this Idempotent "
                          "Key: %s",
                          request->key);
      return FALSE;
    }
  if (record == NULL)
    return FALSE;
  if (g_str_equal (rt_practice_json_string (record, "fingerprint"), fingerprint))
    {
      answer->status = (guint) rt_practice_json_int (record, "status", 200);
      answer->body = g_strdup (rt_practice_json_string (record, "body"));
      answer->replayed = TRUE;
      return TRUE;
    }
  message = g_strdup_printf ("Keys for idempotent requests can only be used with the same "
                             "endpoint and parameters they were first used with. Try using a key "
                             "other than '%s' if you meant to execute a different request.",
                             request->key);
  rt_practice_refuse_type (error, 400, "idempotency_error", NULL, message);
  return FALSE;
}

static void
drop_ignored (JsonObject *params, JsonArray *ignored)
{
  for (guint i = 0; ignored != NULL && i < json_array_get_length (ignored); i++)
    {
      JsonNode *node = json_array_get_element (ignored, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (name != NULL && json_object_has_member (params, name))
        json_object_remove_member (params, name);
    }
}

/* Runs the handler: what it answers, and in call->change what it does. */
static char *
run (RtPracticeCall *call, const RtPracticeRoute *route, GError **error)
{
  g_autoptr (JsonObject) result = NULL;

  if (!rt_practice_expand_check (call, route->object, route->handler == NULL, error))
    return NULL;
  if (route->handler == NULL)
    {
      if (route->check != NULL && !route->check (call, error))
        return NULL;
      return rt_practice_list (call, route->object, route->path, route->filter, error);
    }
  result = route->handler (call, error);
  return result != NULL ? rt_practice_expand_object (call, result) : NULL;
}

/* Makes a change last: first on disk, then in memory. */
static gboolean
commit (RtPracticeCore *core, JsonObject *change, JsonObject *record, GError **error)
{
  gboolean is_empty = json_object_get_size (change) == 0 && record == NULL;

  if (record != NULL)
    json_object_set_object_member (change, "key", json_object_ref (record));
  if (!is_empty && core->journal != NULL
      && !rt_practice_journal_append (core->journal, change, error))
    return FALSE;
  rt_practice_state_apply (core->state, change);
  if (record != NULL)
    rt_practice_keys_store (core->keys, record);
  return TRUE;
}

/* What goes out after execution: the body, or the status that was ordered in its place. */
static void
set_answer (const RtPracticeRequest *request, const char *body, RtPracticeAnswer *answer)
{
  g_autoptr (GError) ordered = NULL;

  answer->status = 200;
  answer->replayed = FALSE;
  if (request->fault->kind == RT_PRACTICE_FAULT_EXECUTE_THEN_STATUS)
    {
      rt_practice_fault_refuse (request->fault, &ordered);
      rt_practice_execute_refusal (ordered, request->id, answer);
    }
  else
    answer->body = g_strdup (body);
}

static gboolean
perform (Task *task, RtPracticeCall *call, const char *fingerprint, GError **error)
{
  g_autofree char *body = run (call, task->route, error);
  RtPracticeAnswer *answer = task->answer;
  g_autoptr (JsonObject) record = NULL;

  if (body == NULL)
    return FALSE;
  set_answer (task->request, body, answer);
  if (fingerprint != NULL)
    record
        = rt_practice_keys_record (call->key, fingerprint, answer->status, answer->body, call->now);
  if (!commit (task->core, call->change, record, error))
    {
      g_clear_pointer (&answer->body, g_free);
      return FALSE;
    }
  if (record == NULL && task->request->id != NULL && g_str_equal (task->route->method, "POST"))
    task->core->n_unkeyed++;
  return TRUE;
}

static JsonObject *
decode (const RtPracticeRequest *request, GError **error)
{
  const char *type = request->content_type;

  if (g_str_equal (request->method, "POST") && type != NULL
      && !g_str_has_prefix (type, "application/x-www-form-urlencoded"))
    {
      rt_practice_refuse (error, 400, NULL, NULL,
                          "Invalid request: the Content-Type of a POST must be "
                          "application/x-www-form-urlencoded, not %s",
                          type);
      return NULL;
    }
  return rt_practice_form_decode (request->form, request->form_length, error);
}

static gboolean
execute_route (Task *task, const char *id, GError **error)
{
  const RtPracticeRequest *request = task->request;
  g_autoptr (JsonObject) tree = decode (request, error);
  g_autoptr (JsonObject) change = json_object_new ();
  g_autoptr (JsonObject) params = NULL;
  g_autoptr (GError) refusal = NULL;
  g_autofree char *fingerprint = NULL;
  RtPracticeCall call;

  if (tree == NULL)
    return FALSE;
  if (request->key != NULL && g_str_equal (request->method, "POST"))
    {
      fingerprint = rt_practice_keys_fingerprint (request->method, request->path, tree);
      if (replay (task->core, request, fingerprint, task->answer, &refusal))
        return TRUE;
    }
  if (refusal != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }
  params = rt_practice_check (rt_practice_contract_get (task->route->operation), tree, error);
  if (params == NULL)
    return FALSE;
  drop_ignored (params, request->fault->ignored);
  call = (RtPracticeCall){
    .state = task->core->state,
    .params = params,
    .id = id,
    .request_id = request->id,
    .key = request->key,
    .now = request->now,
    .fault = request->fault,
    .change = change,
  };
  return perform (task, &call, fingerprint, error);
}

/* @secret: NULL in the Dashboard, where all is permitted. */
static gboolean
dispatch (RtPracticeCore *core, const RtPracticeRequest *request, const char *secret,
          RtPracticeAnswer *answer, GError **error)
{
  g_autofree char *id = NULL;
  const RtPracticeRoute *route = rt_practice_route_find (request->method, request->path, &id);

  if (route == NULL)
    {
      rt_practice_refuse (error, 404, NULL, NULL,
                          "Unrecognized request URL (%s: %s). Please see "
                          "https://stripe.com/docs or we can help at "
                          "https://support.stripe.com/.",
                          request->method, request->path);
      return FALSE;
    }
  if (secret != NULL && !rt_practice_auth_permits (secret, route, error))
    return FALSE;
  rt_practice_state_expire (core->state, request->now - RT_PRACTICE_EVENT_DAYS * DAY);
  return execute_route (&(Task){ core, request, route, answer }, id, error);
}

static gboolean
execute (RtPracticeCore *core, const RtPracticeRequest *request, RtPracticeAnswer *answer,
         GError **error)
{
  JsonObject *account = rt_practice_account_get (core->state);
  g_autofree char *secret = NULL;

  if (request->fault->kind == RT_PRACTICE_FAULT_STATUS)
    {
      rt_practice_fault_refuse (request->fault, error);
      return FALSE;
    }
  secret = rt_practice_auth_check (request, rt_practice_json_string (account, "id"), error);
  return secret != NULL && dispatch (core, request, secret, answer, error);
}

gboolean
rt_practice_execute_edit (RtPracticeCore *core, const RtPracticeRequest *request,
                          RtPracticeAnswer *answer, GError **error)
{
  *answer = (RtPracticeAnswer){ 0 };
  return dispatch (core, request, NULL, answer, error);
}

void
rt_practice_execute (RtPracticeCore *core, const RtPracticeRequest *request,
                     RtPracticeAnswer *answer)
{
  g_autoptr (GError) error = NULL;

  *answer = (RtPracticeAnswer){ 0 };
  if (!execute (core, request, answer, &error))
    rt_practice_execute_refusal (error, request->id, answer);
}

static JsonObject *
event_data (JsonObject *order)
{
  JsonObject *data = json_object_new ();

  rt_practice_json_move (data, "object", order);
  rt_practice_json_move (data, "previous_attributes", order);
  if (!json_object_has_member (data, "object"))
    json_object_set_object_member (data, "object", json_object_new ());
  return data;
}

static JsonObject *
event_change (JsonObject *event, gint64 late_by, gint64 now)
{
  JsonObject *change = json_object_new ();
  JsonArray *puts = json_array_new ();

  json_array_add_object_element (puts, json_object_ref (event));
  json_object_set_array_member (change, "put", puts);
  if (late_by > 0)
    {
      JsonObject *late = json_object_new ();

      json_object_set_int_member (late, rt_practice_json_string (event, "id"), now + late_by);
      json_object_set_object_member (change, "late", late);
    }
  return change;
}

char *
rt_practice_execute_event (RtPracticeCore *core, JsonObject *order, gint64 now, GError **error)
{
  const char *type = rt_practice_json_string (order, "type");
  RtPracticeCall call
      = { .state = core->state, .now = rt_practice_json_int (order, "created", now) };
  g_autoptr (JsonObject) event = NULL;
  g_autoptr (JsonObject) change = NULL;

  if (type == NULL || *type == '\0')
    {
      rt_practice_refuse (error, 400, "parameter_missing", "type", "An event has a type");
      return NULL;
    }
  event = rt_practice_event_new_plain (&call, type, event_data (order));
  change = event_change (event, MIN (rt_practice_json_int (order, "late", 0), MAX_LATE), now);
  if (!commit (core, change, NULL, error))
    return NULL;
  return g_strdup (rt_practice_json_string (event, "id"));
}
