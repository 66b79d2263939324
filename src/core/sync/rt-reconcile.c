#include "rt-reconcile.h"

#include <glib/gi18n-lib.h>

#include "rt-error.h"

/* The request was not executed earlier than this before its first attempt, on Stripe's clock. */
#define MARGIN_SECONDS 600
#define EVENTS_LIFE (30 * 24 * 3600 * (gint64) G_USEC_PER_SEC)

/* What can be asked; each may take several pages. */
typedef enum
{
  ASK_NOTHING,
  ASK_ID, /* that the request chose */
  ASK_ACTIVE_PRICES,
  ASK_INACTIVE_PRICES,
  ASK_METERS,
  ASK_EVENTS,
  ASK_NEW_ONES, /* whatever was created since */
} Question;

/* Which questions, in order, tell whether an object was created. Stripe keeps events for 30 days:
 * what has no other handle is looked for among all that were created since. */
static const struct
{
  const char *object;
  const char *path; /* of creations */
  Question questions[2];
} evidence[] = {
  { "product", "/v1/products", { ASK_ID, ASK_EVENTS } },
  { "coupon", "/v1/coupons", { ASK_ID, ASK_EVENTS } },
  { "price", "/v1/prices", { ASK_ACTIVE_PRICES, ASK_INACTIVE_PRICES } },
  { "billing.meter", "/v1/billing/meters", { ASK_METERS } },
  { "customer", "/v1/customers", { ASK_EVENTS, ASK_NEW_ONES } },
};

typedef struct
{
  RtRequest request; /* borrowed texts are copied below */
  GCancellable *cancellable;
  const Question *questions; /* (nullable): two; %NULL if there is nothing to ask */
  guint step;                /* of them */
  gint64 since;              /* Unix seconds on Stripe's clock: not executed before */
  gboolean has_events;       /* since then, and they may be read */
  char *cursor;              /* (owned) (nullable): of the list that is being walked */
  char *found_id;            /* (owned) (nullable): what an event says was created */
  RtAnswer *answer;          /* (owned) (nullable): the last one */
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
  g_free (self->found_id);
  g_free (self);
}

static void
decide (GTask *task, RtVerdict verdict)
{
  g_task_return_int (task, verdict);
  g_object_unref (task);
}

/* Only creations need evidence: everything else sets the same values again. */
static const Question *
find_questions (const RtRequest *request)
{
  for (guint i = 0; i < G_N_ELEMENTS (evidence); i++)
    if (g_str_equal (evidence[i].object, request->object)
        && g_str_equal (evidence[i].path, request->path) && g_str_equal (request->method, "POST"))
      return evidence[i].questions;
  return NULL;
}

static Question
get_question (const Reconciling *self)
{
  return self->questions != NULL && self->step < G_N_ELEMENTS (evidence[0].questions)
             ? self->questions[self->step]
             : ASK_NOTHING;
}

/* The rest of the path of a list. */
static char *
dup_page (const Reconciling *self)
{
  g_autofree char *cursor
      = self->cursor != NULL ? g_uri_escape_string (self->cursor, NULL, FALSE) : NULL;

  return cursor != NULL ? g_strconcat ("limit=100&starting_after=", cursor, NULL)
                        : g_strdup ("limit=100");
}

static char *
dup_path_of (const RtRequest *request, const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (request->path, "/", escaped, NULL);
}

/* The read that is due; %NULL when there is none left. */
static char *
dup_path (const Reconciling *self)
{
  const RtRequest *request = &self->request;
  Question question = get_question (self);
  g_autofree char *handle = g_uri_escape_string (request->handle, NULL, FALSE);
  g_autofree char *page = dup_page (self);

  if (self->found_id != NULL)
    return dup_path_of (request, self->found_id);
  switch (question)
    {
    case ASK_ID:
      return dup_path_of (request, request->handle);
    case ASK_ACTIVE_PRICES:
    case ASK_INACTIVE_PRICES:
      return g_strdup_printf ("/v1/prices?lookup_keys[0]=%s&active=%s&expand[0]=data.tiers", handle,
                              question == ASK_ACTIVE_PRICES ? "true" : "false");
    case ASK_METERS:
      return g_strdup_printf ("/v1/billing/meters?%s", page);
    case ASK_EVENTS:
      return g_strdup_printf ("/v1/events?type=%s.created&created[gte]=%" G_GINT64_FORMAT "&%s",
                              request->object, self->since, page);
    case ASK_NEW_ONES:
      return g_strdup_printf ("%s?created[gte]=%" G_GINT64_FORMAT "&%s", request->path, self->since,
                              page);
    case ASK_NOTHING:
    default:
      return NULL;
    }
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

/* Whether @element of a list is what @request made, or tells of it. */
static gboolean
is_evidence (const RtRequest *request, Question question, JsonObject *element)
{
  switch (question)
    {
    case ASK_ACTIVE_PRICES:
    case ASK_INACTIVE_PRICES:
      return g_strcmp0 (rt_json_string (element, "lookup_key"), request->handle) == 0;
    case ASK_METERS:
      return g_strcmp0 (rt_json_string (element, "event_name"), request->handle) == 0;
    case ASK_EVENTS:
      return g_strcmp0 (rt_json_string (rt_json_object (element, "request"), "idempotency_key"),
                        request->idempotency_key)
             == 0;
    case ASK_NEW_ONES:
      return request->reference != NULL && is_ours (request, element);
    case ASK_ID:
    case ASK_NOTHING:
    default:
      return FALSE;
    }
}

static JsonObject *
find_in_list (const Reconciling *self, JsonArray *list)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *element = rt_json_element (list, i);

      if (is_evidence (&self->request, get_question (self), element))
        return element;
    }
  return NULL;
}

static void
next_question (GTask *task)
{
  Reconciling *self = g_task_get_task_data (task);

  g_clear_pointer (&self->cursor, g_free);
  self->step++;
  reconcile_step (task);
}

/* What is not seen to its end proves nothing: a page that leads nowhere leaves all open. */
static void
next_page (GTask *task, JsonArray *list)
{
  Reconciling *self = g_task_get_task_data (task);
  guint n_elements = list != NULL ? json_array_get_length (list) : 0;
  const char *last
      = n_elements > 0 ? rt_json_string (rt_json_element (list, n_elements - 1), "id") : NULL;

  if (list != NULL && !rt_json_bool (self->answer->json, "has_more"))
    {
      next_question (task);
      return;
    }
  if (last == NULL || g_strcmp0 (last, self->cursor) == 0)
    {
      self->answer->error
          = rt_error_new (RT_ERROR_DAMAGED, NULL, _ ("A list of Stripe does not go on."));
      decide (task, RT_VERDICT_UNDECIDED);
      return;
    }
  g_free (self->cursor);
  self->cursor = g_strdup (last);
  reconcile_step (task);
}

/* An event proves that the request was executed: what became of its object? */
static void
follow_event (GTask *task, JsonObject *event)
{
  Reconciling *self = g_task_get_task_data (task);
  const char *id = rt_json_string (rt_json_object (rt_json_object (event, "data"), "object"), "id");

  self->found_id = g_strdup (id);
  if (id != NULL)
    reconcile_step (task);
  else
    decide (task, RT_VERDICT_GONE);
}

static void
read_list (GTask *task, JsonArray *list)
{
  Reconciling *self = g_task_get_task_data (task);
  JsonObject *found = find_in_list (self, list);

  if (found == NULL)
    next_page (task, list);
  else if (get_question (self) == ASK_EVENTS)
    follow_event (task, found);
  else
    decide_by (task, found);
}

static void
reconcile_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Reconciling *self = g_task_get_task_data (task);
  gboolean is_missing;

  g_clear_pointer (&self->answer, rt_answer_free);
  self->answer = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);
  is_missing = self->answer->outcome == RT_OUTCOME_REFUSED && self->answer->status == 404;
  if (self->answer->outcome == RT_OUTCOME_PERMISSION && get_question (self) == ASK_EVENTS
      && self->found_id == NULL)
    {
      self->has_events = FALSE;
      next_question (task); /* the other question must do */
    }
  else if (is_missing && self->found_id == NULL && get_question (self) == ASK_ID)
    next_question (task);
  else if (self->answer->outcome != RT_OUTCOME_DONE && !(is_missing && self->found_id != NULL))
    decide (task, RT_VERDICT_UNDECIDED);
  else if (is_missing || rt_json_bool (self->answer->json, "deleted"))
    decide (task, RT_VERDICT_GONE);
  else if (self->found_id != NULL)
    decide (task, RT_VERDICT_DONE); /* whatever its metadata says by now */
  else if (g_strcmp0 (rt_json_string (self->answer->json, "object"), "list") == 0)
    read_list (task, rt_json_array (self->answer->json, "data"));
  else
    decide_by (task, self->answer->json);
}

/* Nothing tells of it. One that chose no id may be there all the same, if its metadata was emptied;
 * or somebody has deleted it: only events would know, and a second one would be one too many. */
static RtVerdict
judge_silence (const Reconciling *self)
{
  gboolean had_id = self->questions == NULL || self->questions[1] != ASK_NEW_ONES;

  return had_id || self->has_events ? RT_VERDICT_NOT_DONE : RT_VERDICT_NO_EVIDENCE;
}

static void
reconcile_step (GTask *task)
{
  Reconciling *self = g_task_get_task_data (task);
  g_autofree char *path = dup_path (self);

  if (path == NULL)
    decide (task, judge_silence (self));
  else
    rt_stripe_client_send_async (g_task_get_source_object (task), "GET", path, NULL, NULL,
                                 self->cancellable, reconcile_answered_cb, task);
}

/* If it was sent in the future, nobody knows when it was, and all that Stripe tells counts. */
static gint64
get_since (const RtRequest *request, gint64 now)
{
  gint64 sent_at = request->first_sent_at > now ? now - EVENTS_LIFE : request->first_sent_at;

  return sent_at / G_USEC_PER_SEC - MARGIN_SECONDS;
}

void
rt_reconcile_async (RtStripeClient *client, const RtRequest *request, gint64 now,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (client, NULL, callback, user_data);
  Reconciling *self = g_new0 (Reconciling, 1);

  self->request.method = g_strdup (request->method);
  self->request.path = g_strdup (request->path);
  self->request.object = g_strdup (request->object);
  self->request.handle = g_strdup (request->handle);
  self->request.idempotency_key = g_strdup (request->idempotency_key);
  self->request.reference = g_strdup (request->reference);
  self->questions = find_questions (&self->request);
  self->since = get_since (request, now);
  self->has_events = request->first_sent_at > now - EVENTS_LIFE;
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
