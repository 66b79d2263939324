#define G_LOG_DOMAIN "retainer-stripe"

#include "rt-stripe-client.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <time.h>

#include "rt-error.h"
#include "rt-stripe-bucket.h"
#include "rt-stripe-key.h"

/* API-GUIDE §2: Stripe allows 25/s in a sandbox and 100/s live, and others use the account, too. */
#define TEST_RATE 20
#define LIVE_RATE 50
#define MAX_RATE 1000
/* Bytes from which an answer, a full page that is, is read in another thread, while this one writes
 * the page before it. */
#define LARGE (16 * 1024)
#define DEADLINE_CHECK 2 /* seconds */

struct _RtStripeClient
{
  GObject parent_instance;

  RtClock *clock;         /* (owned) */
  RtTransport *transport; /* (owned) */
  gboolean is_network;    /* which takes its time, rather than a transport that was handed in */
  char *base;             /* (owned) */
  char *key;              /* (owned): wiped when freed */
  RtBucket bucket;
  guint n_requests;
  gint64 order; /* of the last request that left */
  gboolean has_skew;
  gint64 skew;
};

G_DEFINE_FINAL_TYPE (RtStripeClient, rt_stripe_client, G_TYPE_OBJECT)

/* One request on its way: the data of its task. */
typedef struct
{
  char *method;              /* (owned) */
  char *path;                /* (owned) */
  char *body;                /* (owned) (nullable) */
  char *idempotency_key;     /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned): of this request: the caller's, or its deadline */
  GCancellable *outer;       /* (owned) (nullable): the caller's */
  gulong outer_handler;
  GSource *timer;  /* (owned) (nullable): its turn, then its deadline */
  gint64 deadline; /* by get_uptime() */
  gboolean is_overdue;
  gint64 asked_at;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  if (sending->timer != NULL)
    {
      g_source_destroy (sending->timer);
      g_source_unref (sending->timer);
    }
  if (sending->outer_handler != 0)
    g_cancellable_disconnect (sending->outer, sending->outer_handler);
  g_clear_object (&sending->outer);
  g_object_unref (sending->cancellable);
  g_free (sending->method);
  g_free (sending->path);
  g_free (sending->body);
  g_free (sending->idempotency_key);
  g_free (sending);
}

static void
rt_stripe_client_finalize (GObject *object)
{
  RtStripeClient *self = RT_STRIPE_CLIENT (object);

  g_clear_object (&self->transport);
  rt_stripe_key_free (self->key);
  rt_clock_unref (self->clock);
  g_free (self->base);
  G_OBJECT_CLASS (rt_stripe_client_parent_class)->finalize (object);
}

static void
rt_stripe_client_class_init (RtStripeClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_stripe_client_finalize;
}

static void
rt_stripe_client_init (RtStripeClient *self)
{
}

RtStripeClient *
rt_stripe_client_new (RtClock *clock, RtTransport *transport, const char *base, const char *key,
                      GError **error)
{
  RtStripeClient *self;
  gboolean is_live = FALSE;

  if (!rt_stripe_key_check (key, &is_live, NULL, error)
      || !rt_stripe_check_base (base, is_live, error))
    return NULL;
  self = g_object_new (RT_TYPE_STRIPE_CLIENT, NULL);
  self->clock = rt_clock_ref (clock);
  self->is_network = transport == NULL;
  self->transport = transport != NULL ? g_object_ref (transport) : rt_transport_new_http ();
  self->base = g_strdup (base);
  self->key = g_strdup (key);
  rt_bucket_init (&self->bucket, is_live ? LIVE_RATE : TEST_RATE);
  return self;
}

void
rt_stripe_client_set_rate (RtStripeClient *self, guint rate)
{
  rt_bucket_init (&self->bucket, CLAMP (rate, 1, MAX_RATE));
}

void
rt_stripe_client_set_pace (RtStripeClient *self, gint64 pace)
{
  rt_bucket_set_pace (&self->bucket, pace);
}

gint64
rt_stripe_client_get_pace (RtStripeClient *self)
{
  return self->bucket.slowed > self->bucket.interval ? self->bucket.slowed : 0;
}

/* Ends a request once on every path. */
static void
return_answer (GTask *task, RtAnswer *answer)
{
  RtStripeClient *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);

  answer->asked_at = sending->asked_at;
  if (answer->outcome == RT_OUTCOME_BUSY)
    rt_bucket_slow_down (&self->bucket, rt_clock_now (self->clock));
  else if (answer->status != 0)
    rt_bucket_recover (&self->bucket);
  /* Never a header or a body: they hold the key and the clients' data (TRAPS E7). */
  g_debug ("%s %.*s: %u %s", sending->method, (int) strcspn (sending->path, "?"), sending->path,
           answer->status, answer->request_id != NULL ? answer->request_id : "without request id");
  g_task_return_pointer (task, answer, (GDestroyNotify) rt_answer_free);
  g_object_unref (task);
}

static RtAnswer *
failed_answer (Sending *sending, const RtHttpReply *reply)
{
  RtOutcome outcome = RT_OUTCOME_LOST;
  GError *error;

  /* By what was done, never by the error's name: "no route to host" can meet an open connection,
   * too, after the request went through (TRAPS B1). */
  if (!reply->has_left)
    outcome = RT_OUTCOME_UNREACHED;
  else if (sending->outer != NULL && g_cancellable_is_cancelled (sending->outer))
    outcome = RT_OUTCOME_CANCELLED;
  if (sending->is_overdue)
    error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("Stripe did not answer in %d seconds."),
                          RT_STRIPE_REQUEST_SECONDS);
  else if (outcome == RT_OUTCOME_UNREACHED)
    error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("Stripe could not be reached (%s)."),
                          reply->error->message);
  else
    error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("The connection to Stripe broke (%s)."),
                          reply->error->message);
  return rt_answer_new_failed (outcome, error);
}

static RtAnswer *
read_reply (const RtHttpReply *reply)
{
  return rt_answer_new (reply->status, reply->request_id, reply->should_retry, reply->retry_after,
                        reply->body);
}

static void
read_in_thread (GTask *reading, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (reading, read_reply (data), (GDestroyNotify) rt_answer_free);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  return_answer (user_data, g_task_propagate_pointer (G_TASK (result), NULL));
}

static void
reply_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  RtStripeClient *self = g_task_get_source_object (task);
  g_autoptr (RtHttpReply) reply = rt_transport_send_finish (RT_TRANSPORT (source), result);
  g_autoptr (GTask) reading = NULL;

  if (reply->error != NULL)
    {
      return_answer (task, failed_answer (g_task_get_task_data (task), reply));
      return;
    }
  /* Only Stripe's word counts, not a sign-in page's (TRAPS C2). */
  if (reply->date != 0 && reply->request_id != NULL)
    {
      self->has_skew = TRUE;
      self->skew = rt_clock_now_seconds (self->clock) - reply->date;
    }
  if (!self->is_network || reply->body == NULL || g_bytes_get_size (reply->body) < LARGE)
    {
      return_answer (task, read_reply (reply));
      return;
    }
  /* Not of this object: its last reference must not go in the other thread. */
  reading = g_task_new (NULL, NULL, read_cb, task);
  g_task_set_task_data (reading, g_steal_pointer (&reply), (GDestroyNotify) rt_http_reply_free);
  g_task_run_in_thread (reading, read_in_thread);
}

static void
set_timer (GTask *task, GSource *source, GSourceFunc callback)
{
  Sending *sending = g_task_get_task_data (task);

  if (sending->timer != NULL)
    {
      g_source_destroy (sending->timer);
      g_source_unref (sending->timer);
    }
  sending->timer = source;
  g_source_set_callback (source, callback, task, NULL);
  g_source_attach (source, g_task_get_context (task));
}

/* Microseconds; also while the computer sleeps, and nobody can set it. */
static gint64
get_uptime (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* On the real clock even in tests: it guards against a peer that is really slow. Looked at again
 * and again, for a timer stands still while the computer sleeps. */
static gboolean
deadline_cb (gpointer user_data)
{
  Sending *sending = g_task_get_task_data (user_data);

  if (get_uptime () < sending->deadline)
    return G_SOURCE_CONTINUE;
  sending->is_overdue = TRUE;
  g_cancellable_cancel (sending->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
turn_cb (gpointer user_data)
{
  GTask *task = user_data;
  RtStripeClient *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);

  sending->asked_at = ++self->order;
  self->n_requests++;
  rt_transport_send_async (self->transport,
                           &(RtHttpRequest){ sending->method, self->base, sending->path, self->key,
                                             sending->idempotency_key, sending->body },
                           sending->cancellable, reply_cb, task);
  sending->deadline = get_uptime () + RT_STRIPE_REQUEST_SECONDS * G_USEC_PER_SEC;
  set_timer (task, g_timeout_source_new_seconds (DEADLINE_CHECK), deadline_cb);
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

void
rt_stripe_client_send_async (RtStripeClient *self, const char *method, const char *path,
                             const char *body, const char *idempotency_key,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Sending *sending = g_new0 (Sending, 1);

  sending->method = g_strdup (method);
  sending->path = g_strdup (path);
  sending->body = g_strdup (body);
  sending->idempotency_key = g_strdup (idempotency_key);
  sending->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, sending, sending_free);
  if (cancellable != NULL)
    {
      sending->outer = g_object_ref (cancellable);
      sending->outer_handler
          = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                   g_object_ref (sending->cancellable), g_object_unref);
    }
  set_timer (task,
             rt_clock_timer_new (self->clock,
                                 rt_bucket_take (&self->bucket, rt_clock_now (self->clock))),
             turn_cb);
}

RtAnswer *
rt_stripe_client_send_finish (RtStripeClient *self, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

void
rt_stripe_client_set_order (RtStripeClient *self, gint64 order)
{
  self->order = order;
}

gboolean
rt_stripe_client_is_network (RtStripeClient *self)
{
  return self->is_network;
}

guint
rt_stripe_client_get_n_requests (RtStripeClient *self)
{
  return self->n_requests;
}

gboolean
rt_stripe_client_get_skew (RtStripeClient *self, gint64 *skew)
{
  *skew = self->skew;
  return self->has_skew;
}
