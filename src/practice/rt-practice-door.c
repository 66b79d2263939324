#include "rt-practice-door.h"

#include <string.h>

#include "rt-practice-json.h"
#include "rt-practice-route.h"

static void
count_request (RtPractice *self, const char *method, const RtPracticeRoute *route)
{
  g_autofree char *name
      = g_strdup_printf ("%s %s", method, route != NULL ? route->path : "(unrecognized)");
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->n_requests, name));

  g_hash_table_insert (self->n_requests, g_steal_pointer (&name), GUINT_TO_POINTER (n + 1));
}

void
rt_practice_door_enter (RtPractice *self, const char *method, const char *path,
                        RtPracticeVisit *visit)
{
  g_autofree char *id = NULL;
  const RtPracticeRoute *route = rt_practice_route_find (method, path, &id);
  gboolean is_list = route != NULL && route->handler == NULL;

  visit->id = rt_practice_state_random_id (self->core.state, "req_", 14);
  count_request (self, method, route);
  rt_practice_faults_take (self->faults, rt_clock_now (self->clock), method, path, is_list,
                           &visit->fault);
  rt_practice_state_shuffle (self->core.state, rt_practice_faults_shuffle (self->faults));
}

void
rt_practice_door_leave (RtPracticeVisit *visit)
{
  rt_practice_fault_clear (&visit->fault);
  g_clear_pointer (&visit->id, g_free);
}

GString *
rt_practice_door_form (const char *query, const char *body, gsize length)
{
  GString *form = g_string_new (query);

  if (body == NULL)
    return form;
  if (form->len > 0)
    g_string_append_c (form, '&');
  return g_string_append_len (form, body, (gssize) length);
}

/* What stands between a laptop and Stripe in a hotel: no JSON, no request-id. */
static void
answer_foreign (const RtPracticeFault *fault, RtPracticeReply *reply)
{
  static const char page[] = "<!DOCTYPE html><html><head><title>Welcome to our Wi-Fi</title></head>"
                             "<body><form>Room number: <input></form></body></html>";
  const char *location = rt_practice_json_string (fault->details, "location");

  reply->status = 200;
  reply->body = g_strdup (page);
  if (fault->kind != RT_PRACTICE_FAULT_REDIRECT)
    return;
  reply->status = 302;
  reply->location = g_strdup (location != NULL ? location : "http://portal.invalid/login");
}

static void
tell_retry (const RtPracticeFault *fault, RtPracticeReply *reply)
{
  if (fault->details == NULL)
    return;
  if (json_object_has_member (fault->details, "should_retry"))
    reply->should_retry = rt_practice_json_bool (fault->details, "should_retry", FALSE);
  reply->retry_after = rt_practice_json_int (fault->details, "retry_after", -1);
}

void
rt_practice_door_answer (RtPractice *self, const RtPracticeVisit *visit, RtPracticeRequest *request,
                         const GError *refusal, RtPracticeReply *reply)
{
  RtPracticeAnswer answer = { 0 };

  *reply = (RtPracticeReply){ .should_retry = -1, .retry_after = -1 };
  if (visit->fault.kind == RT_PRACTICE_FAULT_HTML
      || visit->fault.kind == RT_PRACTICE_FAULT_REDIRECT)
    {
      answer_foreign (&visit->fault, reply);
      return;
    }
  request->id = visit->id;
  request->fault = &visit->fault;
  request->now = rt_practice_now (self);
  if (refusal != NULL)
    rt_practice_execute_refusal (refusal, visit->id, &answer);
  else
    rt_practice_execute (&self->core, request, &answer);
  reply->status = answer.status;
  reply->body = answer.body;
  reply->replayed = answer.replayed;
  if (reply->status == 429)
    self->n_limited++;
  reply->request_id = g_strdup (visit->id);
  reply->date = request->now + visit->fault.skew;
  if (!answer.replayed)
    tell_retry (&visit->fault, reply);
}
