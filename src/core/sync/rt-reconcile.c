#include "rt-reconcile.h"

#include "rt-error.h"

/* Events of the request lie within this time of its first attempt, on Stripe's clock or ours. */
#define EVENT_MARGIN_SECONDS 600

typedef struct
{
  RtRequest request; /* borrowed texts are copied below */
  GCancellable *cancellable;
  guint step;       /* of the reads that may be needed, in order */
  char *cursor;     /* (owned) (nullable): of the list that is being walked */
  RtAnswer *answer; /* (owned) (nullable): the last one */
} Reconciling;

static void reconcile_step (GTask *task);

static void
reconciling_free (gpointer data)
{
  Reconciling *self = data;

  g_free (self->request.method);
  g_free (self->request.path);
  g_free (self->request.object);
  g_free (self->request.handle);
  g_free (self->request.idempotency_key);
  g_free (self->request.reference);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->answer, rt_answer_free);
  g_free (self->cursor);
  g_free (self);
}

static void
decide (GTask *task, RtVerdict verdict)
{
  g_task_return_int (task, verdict);
  g_object_unref (task);
}

static gboolean
is_creation (const RtRequest *request)
{
  static const char *const collections[]
      = { "/v1/products", "/v1/coupons", "/v1/prices", "/v1/billing/meters" };

  for (guint i = 0; i < G_N_ELEMENTS (collections); i++)
    if (g_str_equal (request->method, "POST") && g_str_equal (request->path, collections[i]))
      return TRUE;
  return FALSE;
}

/* The reads that tell whether @request was executed; %NULL when there is none left. */
static char *
dup_question (const Reconciling *self)
{
  const RtRequest *request = &self->request;
  g_autofree char *handle = g_uri_escape_string (request->handle, NULL, FALSE);
  g_autofree char *cursor
      = self->cursor != NULL ? g_uri_escape_string (self->cursor, NULL, FALSE) : NULL;
  g_autofree char *after
      = cursor != NULL ? g_strconcat ("&starting_after=", cursor, NULL) : g_strdup ("");
  gboolean has_chosen_id
      = g_str_equal (request->object, "product") || g_str_equal (request->object, "coupon");

  if (has_chosen_id && self->step == 0)
    return g_strdup_printf ("/v1/%ss/%s", request->object, handle);
  if (g_str_equal (request->object, "price") && self->step < 2)
    return g_strdup_printf ("/v1/prices?lookup_keys[0]=%s&active=%s&expand[0]=data.tiers", handle,
                            self->step == 0 ? "true" : "false");
  if (g_str_equal (request->object, "billing.meter") && self->step == 0)
    return g_strdup_printf ("/v1/billing/meters?limit=100%s", after);
  /* A product or coupon that is not there may have been made and deleted since. */
  if (has_chosen_id && self->step == 1)
    return g_strdup_printf ("/v1/events?type=%s.created&limit=100&created[gte]=%" G_GINT64_FORMAT
                            "%s",
                            request->object,
                            request->first_sent_at / G_USEC_PER_SEC - EVENT_MARGIN_SECONDS, after);
  return NULL;
}

static gboolean
is_ours (const RtRequest *request, JsonObject *object)
{
  const char *reference = rt_json_string (rt_json_object (object, "metadata"), "rtn_ref");

  if (g_str_equal (request->object, "billing.meter"))
    return g_strcmp0 (rt_json_string (object, "event_name"), request->handle) == 0;
  return g_strcmp0 (reference, request->reference) == 0;
}

/* Keeps @object as the answer that decided. */
static void
decide_by (GTask *task, JsonObject *object)
{
  Reconciling *self = g_task_get_task_data (task);
  gboolean is_match = is_ours (&self->request, object);

  json_object_ref (object);
  json_object_unref (self->answer->json);
  self->answer->json = object;
  decide (task, is_match ? RT_VERDICT_DONE : RT_VERDICT_FOREIGN);
}

static JsonObject *
find_in_list (const Reconciling *self, JsonArray *list, gboolean is_events)
{
  const RtRequest *request = &self->request;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *element = rt_json_element (list, i);
      const char *key = rt_json_string (rt_json_object (element, "request"), "idempotency_key");

      if (is_events
              ? g_strcmp0 (key, request->idempotency_key) == 0
              : g_strcmp0 (rt_json_string (element, "event_name"), request->handle) == 0
                    || g_strcmp0 (rt_json_string (element, "lookup_key"), request->handle) == 0)
        return element;
    }
  return NULL;
}

static void
next_question (GTask *task, JsonArray *list)
{
  Reconciling *self = g_task_get_task_data (task);
  guint n_elements = list != NULL ? json_array_get_length (list) : 0;
  const char *last
      = n_elements > 0 ? rt_json_string (rt_json_element (list, n_elements - 1), "id") : NULL;

  if (rt_json_bool (self->answer->json, "has_more") && last != NULL
      && g_strcmp0 (last, self->cursor) != 0)
    {
      g_free (self->cursor);
      self->cursor = g_strdup (last);
    }
  else
    {
      g_clear_pointer (&self->cursor, g_free);
      self->step++;
    }
  reconcile_step (task);
}

static void
reconcile_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Reconciling *self = g_task_get_task_data (task);
  const char *type;
  JsonArray *list;
  JsonObject *found;
  gboolean is_events;

  g_clear_pointer (&self->answer, rt_answer_free);
  self->answer = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);
  if (self->answer->outcome == RT_OUTCOME_REFUSED && self->answer->status == 404)
    {
      next_question (task, NULL);
      return;
    }
  if (self->answer->outcome != RT_OUTCOME_DONE)
    {
      decide (task, RT_VERDICT_UNDECIDED);
      return;
    }
  type = rt_json_string (self->answer->json, "object");
  if (g_strcmp0 (type, "list") != 0)
    {
      if (rt_json_bool (self->answer->json, "deleted"))
        decide (task, RT_VERDICT_GONE);
      else
        decide_by (task, self->answer->json);
      return;
    }
  list = rt_json_array (self->answer->json, "data");
  is_events = self->step == 1 && !g_str_equal (self->request.object, "price");
  found = find_in_list (self, list, is_events);
  if (found == NULL)
    next_question (task, list);
  else if (is_events)
    decide (task, RT_VERDICT_GONE);
  else
    decide_by (task, found);
}

static void
reconcile_step (GTask *task)
{
  Reconciling *self = g_task_get_task_data (task);
  g_autofree char *question = is_creation (&self->request) ? dup_question (self) : NULL;

  if (question == NULL)
    decide (task, RT_VERDICT_NOT_DONE);
  else
    rt_stripe_client_send_async (g_task_get_source_object (task), "GET", question, NULL, NULL,
                                 self->cancellable, reconcile_answered_cb, task);
}

void
rt_reconcile_async (RtStripeClient *client, const RtRequest *request, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (client, NULL, callback, user_data);
  Reconciling *self = g_new0 (Reconciling, 1);

  self->request.method = g_strdup (request->method);
  self->request.path = g_strdup (request->path);
  self->request.object = g_strdup (request->object);
  self->request.handle = g_strdup (request->handle);
  self->request.idempotency_key = g_strdup (request->idempotency_key);
  self->request.reference = g_strdup (request->reference);
  self->request.first_sent_at = request->first_sent_at;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_task_data (task, self, reconciling_free);
  reconcile_step (task);
}

RtVerdict
rt_reconcile_finish (GAsyncResult *result, RtAnswer **answer)
{
  Reconciling *self = g_task_get_task_data (G_TASK (result));

  *answer = g_steal_pointer (&self->answer);
  return (RtVerdict) g_task_propagate_int (G_TASK (result), NULL);
}
