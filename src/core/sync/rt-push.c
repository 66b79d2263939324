#define G_LOG_DOMAIN "retainer-push"

#include "rt-push.h"

#include <glib/gi18n-lib.h>

#include "rt-error.h"
#include "rt-queue-send.h"
#include "rt-reconcile.h"
#include "rt-sync-wait.h"

#define N_LANES 8
#define MAX_FAILURES 6 /* in a row, over all lanes: then Stripe counts as out of reach */
#define MAX_FAULTS 3   /* of one request, before it is reconciled */
#define MAX_WAIT (20 * G_USEC_PER_SEC) /* what waits longer is left to the next sync */
/* Stripe keeps idempotency keys for 24 h at least; an hour less leaves room for clocks (guide §2).
 */
#define KEY_LIFE (23 * 3600 * (gint64) G_USEC_PER_SEC)
#define FIRST_DELAY (G_USEC_PER_SEC / 2)
#define LONGEST_DELAY (60 * G_USEC_PER_SEC)

typedef struct
{
  RtStore *store;
  RtStripeClient *client;
  GCancellable *cancellable; /* (nullable) */
  guint n_running;
  guint n_failures; /* since the last answer that was one */
  GError *stop;     /* (owned) (nullable): why nothing more is started */
  GError *trouble;  /* (owned) (nullable): why what waits for a later attempt waits */
  GSource *timer;   /* (owned) (nullable): until the next attempt is due */
} Push;

/* One request on its way. */
typedef struct
{
  GTask *task;        /* (owned) */
  RtRequest *request; /* (owned) */
  RtAnswer *refusal;  /* (owned) (nullable): what is being reconciled, if it was refused */
  GPtrArray *answers; /* (owned) (nullable) (element-type RtAnswer): to what is read again */
} Lane;

static void push_fill (GTask *task);

static void
push_free (gpointer data)
{
  Push *self = data;

  g_object_unref (self->store);
  g_object_unref (self->client);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->stop);
  g_clear_error (&self->trouble);
  if (self->timer != NULL)
    {
      g_source_destroy (self->timer);
      g_source_unref (self->timer);
    }
  g_free (self);
}

static void
lane_free (Lane *lane)
{
  g_object_unref (lane->task);
  rt_request_free (lane->request);
  g_clear_pointer (&lane->refusal, rt_answer_free);
  g_clear_pointer (&lane->answers, g_ptr_array_unref);
  g_free (lane);
}

static gint64
now (Push *self)
{
  return rt_clock_now (rt_store_get_clock (self->store));
}

/* The first reason stays: what follows comes of it. */
static void
push_stop (Push *self, GError *reason)
{
  if (self->stop == NULL)
    self->stop = reason;
  else
    g_error_free (reason);
}

/* Ends a lane with the result of its settling. */
static void
lane_end (Lane *lane, gboolean is_settled, GError *error)
{
  g_autoptr (GTask) task = g_object_ref (lane->task);
  Push *self = g_task_get_task_data (task);

  lane_free (lane);
  self->n_running--;
  if (!is_settled)
    push_stop (self, error);
  push_fill (task);
}

static gint64
backoff (const RtRequest *request, const RtAnswer *answer)
{
  gint64 delay = FIRST_DELAY << MIN (request->n_attempts, 8);

  delay = MIN (delay, LONGEST_DELAY);
  /* Jitter from half to the whole, so that two computers do not meet again and again. */
  delay = delay / 2 + g_random_int_range (0, (gint32) (delay / 2));
  return MAX (delay, answer->retry_after);
}

/* Counts an attempt that decided nothing; returns when the next one is due. */
static gint64
note_trouble (Lane *lane, const RtAnswer *answer)
{
  Push *self = g_task_get_task_data (lane->task);
  gboolean is_at_once
      = answer->outcome == RT_OUTCOME_KEY || g_cancellable_is_cancelled (self->cancellable);
  /* Cancelled, or the key at fault: nothing is wrong with the request, it is due at once (TRAPS
   * C3) unless Stripe asked for time. What the key may not do waits longest, so that the rest goes
   * on without it. */
  gint64 due_at = now (self) + backoff (lane->request, answer);

  if (is_at_once)
    due_at = answer->retry_after > 0 ? now (self) + answer->retry_after : 0;
  else if (answer->outcome == RT_OUTCOME_PERMISSION)
    due_at = now (self) + LONGEST_DELAY;
  else
    self->n_failures += answer->outcome == RT_OUTCOME_UNREACHED ? MAX_FAILURES / 2 : 1;
  if (answer->outcome == RT_OUTCOME_KEY || self->n_failures >= MAX_FAILURES)
    push_stop (self, g_error_copy (answer->error));
  g_clear_error (&self->trouble);
  self->trouble = g_error_copy (answer->error);
  return due_at;
}

static RtAttempt
attempt_of (RtOutcome outcome)
{
  switch (outcome)
    {
    case RT_OUTCOME_LOST:
    case RT_OUTCOME_UNCERTAIN:
    case RT_OUTCOME_CANCELLED:
      return RT_ATTEMPT_LOST;
    case RT_OUTCOME_FAULT:
      return RT_ATTEMPT_UNKNOWN;
    default:
      return RT_ATTEMPT_VAIN;
    }
}

static void
settle_later (Lane *lane, RtAttempt attempt, gint64 due_at)
{
  Push *self = g_task_get_task_data (lane->task);
  GError *error = NULL;
  gboolean is_settled = rt_queue_settle_later (self->store, lane->request, attempt, due_at, &error);

  lane_end (lane, is_settled, error);
}

/* Whether an attempt that was given up can still be executed. A clock that was put back is no
 * proof that it cannot. */
static gboolean
may_arrive_yet (Push *self, const RtRequest *request)
{
  return request->lost_at != 0
         && rt_store_now_at_stripe (self->store) - request->lost_at < RT_QUEUE_STRAY_LIFE;
}

static void
settle_refused (Lane *lane, RtAnswer *answer)
{
  Push *self = g_task_get_task_data (lane->task);
  GError *error = NULL;
  gboolean is_settled;

  self->n_failures = 0;
  is_settled
      = rt_queue_settle_refused (self->store, lane->request, rt_error_get_code (answer->error),
                                 answer->error->message, answer->param, answer->request_id, &error);
  lane_end (lane, is_settled, error);
}

static void
settle_done (Lane *lane, RtAnswer *answer, gboolean is_deleted, gboolean is_direct)
{
  Push *self = g_task_get_task_data (lane->task);
  GError *error = NULL;
  gboolean is_settled;

  self->n_failures = 0;
  is_settled
      = rt_queue_settle_done (self->store, lane->request,
                              &(RtSettlement){ is_deleted ? NULL : answer->json, answer->request_id,
                                               answer->asked_at, is_direct },
                              &error);
  lane_end (lane, is_settled, error);
}

/* It was not done: it is sent once more with another key, unless it can still arrive with this one.
 * @refusal: (nullable): a stored 500 that is replayed as long as the key lives */
static void
lane_renew (Lane *lane, RtAnswer *refusal)
{
  Push *self = g_task_get_task_data (lane->task);
  gint64 due_at = refusal != NULL ? note_trouble (lane, refusal) : 0;
  GError *error = NULL;
  gboolean is_settled;

  if (may_arrive_yet (self, lane->request))
    {
      /* By a clock that was put back it was lost only now. */
      settle_later (lane,
                    lane->request->lost_at > rt_store_now_at_stripe (self->store)
                        ? RT_ATTEMPT_LOST
                        : RT_ATTEMPT_UNKNOWN,
                    MAX (due_at, now (self) + RT_QUEUE_STRAY_LIFE));
      return;
    }
  is_settled = rt_queue_settle_renewed (self->store, lane->request, due_at, &error);
  lane_end (lane, is_settled, error);
}

static void
reconciled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lane *lane = user_data;
  Push *self = g_task_get_task_data (lane->task);
  g_autoptr (RtAnswer) answer = NULL;
  RtVerdict verdict = rt_reconcile_finish (result, &answer);
  g_autoptr (RtAnswer) refusal = g_steal_pointer (&lane->refusal);
  GError *error = NULL;
  gboolean is_settled;

  switch (verdict)
    {
    case RT_VERDICT_DONE:
    case RT_VERDICT_GONE:
      settle_done (lane, answer, verdict == RT_VERDICT_GONE, FALSE);
      return;
    case RT_VERDICT_UNDECIDED:
      /* Whatever the question met, the request itself is as uncertain as before. */
      if (refusal != NULL)
        answer->retry_after = MAX (answer->retry_after, refusal->retry_after);
      settle_later (lane, RT_ATTEMPT_UNKNOWN, note_trouble (lane, answer));
      return;
    case RT_VERDICT_FOREIGN:
    case RT_VERDICT_NOT_DONE:
    case RT_VERDICT_NO_EVIDENCE:
    default:
      break;
    }
  if (refusal != NULL && refusal->outcome == RT_OUTCOME_REFUSED)
    {
      settle_refused (lane, refusal);
      return;
    }
  if (verdict == RT_VERDICT_NO_EVIDENCE)
    {
      is_settled = rt_queue_settle_refused (
          self->store, lane->request, "outcome_unknown",
          _ ("This was sent long ago, and Stripe cannot tell any more whether it was made. Look "
             "for it at Stripe: if it is there, discard this, else try again."),
          NULL, NULL, &error);
      lane_end (lane, is_settled, error);
      return;
    }
  if (verdict == RT_VERDICT_FOREIGN)
    {
      is_settled = rt_queue_settle_refused (self->store, lane->request, "resource_already_exists",
                                            _ ("Stripe has another object under this name."), "id",
                                            NULL, &error);
      lane_end (lane, is_settled, error);
      return;
    }
  lane_renew (lane, refusal);
}

static void
lane_reconcile (Lane *lane, RtAnswer *refusal)
{
  Push *self = g_task_get_task_data (lane->task);

  lane->refusal = refusal;
  rt_reconcile_async (self->client, lane->request, rt_store_now_at_stripe (self->store),
                      self->cancellable, reconciled_cb, lane);
}

/* Whether Stripe says that what we create is there: perhaps an earlier attempt of ours made it. */
static gboolean
says_exists (const Lane *lane, const RtAnswer *answer)
{
  const char *code = rt_error_get_code (answer->error);

  if (g_str_equal (code, "resource_already_exists"))
    return TRUE;
  return answer->status == 400 && answer->param != NULL
         && (g_str_equal (answer->param, "lookup_key")
             || g_str_equal (answer->param, "event_name"));
}

static gboolean
is_usable (const Lane *lane, const RtAnswer *answer)
{
  return rt_json_string (answer->json, "id") != NULL
         && rt_json_string (answer->json, "object") != NULL;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lane *lane = user_data;
  g_autoptr (RtAnswer) answer = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);

  if (answer->outcome == RT_OUTCOME_DONE && is_usable (lane, answer))
    {
      settle_done (lane, answer, rt_json_bool (answer->json, "deleted"), TRUE);
      return;
    }
  if (answer->outcome == RT_OUTCOME_DONE)
    {
      answer->outcome = RT_OUTCOME_LOST;
      answer->error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("Stripe's answer has no object."));
    }
  if (answer->outcome == RT_OUTCOME_REFUSED)
    {
      if (answer->status == 404 && g_str_equal (lane->request->method, "DELETE"))
        settle_done (lane, answer, TRUE, TRUE); /* a repeated deletion: done (API-GUIDE §2) */
      else if (says_exists (lane, answer))
        lane_reconcile (lane, g_steal_pointer (&answer));
      else
        settle_refused (lane, answer);
      return;
    }
  /* A stored 500 is replayed as long as its key lives: look whether it was done (TRAPS B6). */
  if ((answer->outcome == RT_OUTCOME_FAULT
       && (answer->must_not_retry || lane->request->n_attempts >= MAX_FAULTS))
      || (answer->outcome == RT_OUTCOME_UNCERTAIN && answer->must_not_retry))
    lane_reconcile (lane, g_steal_pointer (&answer));
  else
    settle_later (lane, attempt_of (answer->outcome), note_trouble (lane, answer));
}

static void
reread_settle (Lane *lane)
{
  Push *self = g_task_get_task_data (lane->task);
  g_autoptr (GPtrArray) settlements = g_ptr_array_new_with_free_func (g_free);
  GError *error = NULL;
  gboolean is_settled;

  for (guint i = 0; i < lane->answers->len; i++)
    {
      const RtAnswer *answer = g_ptr_array_index (lane->answers, i);
      RtSettlement *settlement = g_new0 (RtSettlement, 1);

      settlement->answer = answer->outcome == RT_OUTCOME_DONE ? answer->json : NULL;
      settlement->asked_at = answer->asked_at;
      g_ptr_array_add (settlements, settlement);
    }
  self->n_failures = 0;
  is_settled = rt_queue_settle_review (self->store, lane->request, settlements, &error);
  lane_end (lane, is_settled, error);
}

/* Whether @answer tells what Stripe has: not what a sign-in page says, nor half of a list. */
static gboolean
is_read (const RtRead *read, const RtAnswer *answer)
{
  if (read->object == NULL)
    return answer->outcome == RT_OUTCOME_DONE && rt_json_array (answer->json, "data") != NULL;
  return answer->outcome == RT_OUTCOME_DONE
         || (answer->outcome == RT_OUTCOME_REFUSED && answer->status == 404);
}

static void lane_reread (Lane *lane);

static void
reread_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lane *lane = user_data;
  Push *self = g_task_get_task_data (lane->task);
  RtAnswer *answer = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);
  GError *error = NULL;
  gboolean is_settled;

  g_ptr_array_add (lane->answers, answer);
  if (is_read (g_ptr_array_index (lane->request->reads, lane->answers->len - 1), answer))
    {
      lane_reread (lane);
      return;
    }
  if (answer->error == NULL)
    answer->error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("Stripe's answer has no object."));
  is_settled = rt_queue_settle_review_later (self->store, lane->request,
                                             note_trouble (lane, answer), &error);
  lane_end (lane, is_settled, error);
}

/* Reads again what a change is about, one object after the other (TRAPS B13). */
static void
lane_reread (Lane *lane)
{
  Push *self = g_task_get_task_data (lane->task);
  const GPtrArray *reads = lane->request->reads;

  if (lane->answers == NULL)
    lane->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_answer_free);
  if (lane->answers->len == reads->len)
    reread_settle (lane);
  else
    rt_stripe_client_send_async (self->client, "GET",
                                 ((RtRead *) g_ptr_array_index (reads, lane->answers->len))->path,
                                 NULL, NULL, self->cancellable, reread_cb, lane);
}

/* Its key may have died, the clock was put back, or it must not be executed any more: a resend
 * could be an execution. */
static gboolean
must_not_resend (Push *self, const RtRequest *request)
{
  gint64 age = rt_store_now_at_stripe (self->store) - request->first_sent_at;

  return age > KEY_LIFE || age < 0 || rt_queue_has_expired (self->store, request->expires_at);
}

static void
lane_start (GTask *task, RtRequest *request)
{
  Push *self = g_task_get_task_data (task);
  Lane *lane = g_new0 (Lane, 1);
  gboolean is_post = g_strcmp0 (request->method, "POST") == 0;

  lane->task = g_object_ref (task);
  lane->request = request;
  self->n_running++;
  if (request->reads != NULL)
    lane_reread (lane);
  else if (request->was_unknown && must_not_resend (self, request))
    lane_reconcile (lane, NULL);
  else
    rt_stripe_client_send_async (self->client, request->method, request->path,
                                 is_post ? request->body : NULL,
                                 is_post ? request->idempotency_key : NULL, self->cancellable,
                                 sent_cb, lane);
}

static gboolean
due_cb (gpointer user_data)
{
  GTask *task = user_data;
  Push *self = g_task_get_task_data (task);

  g_clear_pointer (&self->timer, g_source_unref);
  push_fill (task);
  return G_SOURCE_REMOVE;
}

static void
wait_until (GTask *task, gint64 due_at)
{
  Push *self = g_task_get_task_data (task);

  self->timer = rt_clock_timer_new (rt_store_get_clock (self->store), MAX (due_at - now (self), 0));
  rt_sync_wake_when_cancelled (self->timer, self->cancellable);
  g_source_set_callback (self->timer, due_cb, g_object_ref (task), g_object_unref);
  g_source_attach (self->timer, g_task_get_context (task));
}

static void
push_end (GTask *task, gboolean has_waiting)
{
  Push *self = g_task_get_task_data (task);

  if (g_task_get_completed (task))
    return;
  if (has_waiting && self->trouble != NULL)
    push_stop (self, g_steal_pointer (&self->trouble));
  if (self->stop != NULL)
    g_task_return_error (task, g_steal_pointer (&self->stop));
  else
    g_task_return_boolean (task, TRUE);
}

static void
push_fill (GTask *task)
{
  Push *self = g_task_get_task_data (task);
  gint64 due_at = 0;

  if (g_cancellable_is_cancelled (self->cancellable))
    push_stop (self, rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("The sync was cancelled.")));
  while (self->stop == NULL && self->n_running < N_LANES)
    {
      RtRequest *request = NULL;
      GError *error = NULL;

      if (!rt_queue_claim (self->store, &request, &due_at, &error))
        push_stop (self, error);
      if (request == NULL)
        break;
      lane_start (task, request);
    }
  if (self->n_running > 0 || self->timer != NULL)
    return;
  if (self->stop == NULL && due_at != 0 && due_at - now (self) <= MAX_WAIT)
    wait_until (task, due_at);
  else
    push_end (task, due_at != 0);
}

void
rt_push_async (RtStore *store, RtStripeClient *client, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Push *self = g_new0 (Push, 1);

  self->store = g_object_ref (store);
  self->client = g_object_ref (client);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_task_data (task, self, push_free);
  push_fill (task);
}

gboolean
rt_push_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
