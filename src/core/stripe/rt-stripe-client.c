#define G_LOG_DOMAIN "retainer-stripe"

#include "rt-stripe-client.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "rt-error.h"
#include "rt-stripe-bucket.h"
#include "rt-stripe-key.h"

#define WHOLE_REQUEST_SECONDS 80 /* API-GUIDE §2 and TRAPS C6: dripping answers hang a sync */
#define N_CONNECTIONS 16
#define CHUNK (64 * 1024)

struct _RtStripeClient
{
  GObject parent_instance;

  RtClock *clock;       /* (owned) */
  char *base;           /* (owned) */
  char *key;            /* (owned): wiped when freed */
  SoupSession *session; /* (owned) */
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
  SoupMessage *message;      /* (owned) */
  GCancellable *cancellable; /* (owned): of this request: the caller's, or its deadline */
  GCancellable *outer;       /* (owned) (nullable): the caller's */
  gulong outer_handler;
  GSource *timer; /* (owned) (nullable): its turn, then its deadline */
  gboolean is_overdue;
  gboolean has_left;
  GByteArray *body; /* (owned) */
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
  if (sending->message != NULL)
    g_signal_handlers_disconnect_by_data (sending->message, sending);
  g_clear_object (&sending->message);
  g_byte_array_unref (sending->body);
  g_free (sending);
}

static void
rt_stripe_client_finalize (GObject *object)
{
  RtStripeClient *self = RT_STRIPE_CLIENT (object);

  soup_session_abort (self->session);
  g_object_unref (self->session);
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
  self->session = soup_session_new_with_options ("max-conns", N_CONNECTIONS, "max-conns-per-host",
                                                 N_CONNECTIONS, "timeout", WHOLE_REQUEST_SECONDS,
                                                 "user-agent", "Retainer/" RT_VERSION, NULL);
}

RtStripeClient *
rt_stripe_client_new (RtClock *clock, const char *base, const char *key, GError **error)
{
  RtStripeClient *self;
  gboolean is_live = FALSE;

  if (!rt_stripe_key_check (key, &is_live, NULL, error)
      || !rt_stripe_check_base (base, is_live, error))
    return NULL;
  self = g_object_new (RT_TYPE_STRIPE_CLIENT, NULL);
  self->clock = rt_clock_ref (clock);
  self->base = g_strdup (base);
  self->key = g_strdup (key);
  rt_bucket_init (&self->bucket, is_live ? 50 : 20);
  return self;
}

/* Ends a request once on every path. */
static void
return_answer (GTask *task, RtAnswer *answer)
{
  RtStripeClient *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);

  answer->asked_at = sending->asked_at;
  if (answer->status == 429)
    rt_bucket_slow_down (&self->bucket);
  else
    rt_bucket_recover (&self->bucket);
  /* Never a header or a body: they hold the key and the clients' data (TRAPS E7). */
  g_debug ("%s %s: %u %s", soup_message_get_method (sending->message),
           g_uri_get_path (soup_message_get_uri (sending->message)), answer->status,
           answer->request_id != NULL ? answer->request_id : "without request id");
  g_task_return_pointer (task, answer, (GDestroyNotify) rt_answer_free);
  g_object_unref (task);
}

static void
return_failure (GTask *task, GError *reason)
{
  Sending *sending = g_task_get_task_data (task);
  RtOutcome outcome = RT_OUTCOME_LOST;
  GError *error;

  /* By what was done, never by the error's name: "no route to host" can meet an open connection,
   * too, after the request went through (TRAPS B1). */
  if (sending->outer != NULL && g_cancellable_is_cancelled (sending->outer))
    outcome = RT_OUTCOME_CANCELLED;
  else if (!sending->has_left)
    outcome = RT_OUTCOME_UNREACHED;
  if (sending->is_overdue)
    error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("Stripe did not answer in %d seconds."),
                          WHOLE_REQUEST_SECONDS);
  else if (outcome == RT_OUTCOME_UNREACHED)
    error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("Stripe could not be reached (%s)."),
                          reason->message);
  else
    error = rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("The connection to Stripe broke (%s)."),
                          reason->message);
  g_error_free (reason);
  return_answer (task, rt_answer_new_failed (outcome, error));
}

static void
note_skew (RtStripeClient *self, SoupMessage *message)
{
  const char *text
      = soup_message_headers_get_one (soup_message_get_response_headers (message), "Date");
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  if (date == NULL)
    return;
  self->has_skew = TRUE;
  self->skew = rt_clock_now_seconds (self->clock) - g_date_time_to_unix (date);
}

static void
return_body (GTask *task)
{
  RtStripeClient *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (sending->message);
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_byte_array_ref (sending->body));

  note_skew (self, sending->message);
  return_answer (task, rt_answer_new (soup_message_get_status (sending->message),
                                      soup_message_headers_get_one (headers, "request-id"),
                                      soup_message_headers_get_one (headers, "stripe-should-retry"),
                                      soup_message_headers_get_one (headers, "retry-after"), body));
}

static void
send_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GInputStream *stream = G_INPUT_STREAM (source);
  GTask *task = user_data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (stream, result, &error);

  if (chunk == NULL)
    {
      return_failure (task, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      return_body (task);
      return;
    }
  if (sending->body->len + g_bytes_get_size (chunk) > RT_JSON_MAX_BYTES)
    {
      return_failure (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                                                 _ ("the answer is too large")));
      return;
    }
  g_byte_array_append (sending->body, g_bytes_get_data (chunk, NULL),
                       (guint) g_bytes_get_size (chunk));
  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT, sending->cancellable,
                                   send_read_cb, task);
}

static void
send_headers_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream
      = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    return_failure (task, error);
  else
    g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT, sending->cancellable,
                                     send_read_cb, task);
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

/* On the real clock even in tests: it guards against a peer that is really slow. */
static gboolean
deadline_cb (gpointer user_data)
{
  Sending *sending = g_task_get_task_data (user_data);

  sending->is_overdue = TRUE;
  g_cancellable_cancel (sending->cancellable);
  return G_SOURCE_REMOVE;
}

/* A connection is there and the first byte is about to be written. */
static void
starting_cb (SoupMessage *message, gpointer user_data)
{
  ((Sending *) user_data)->has_left = TRUE;
}

static gboolean
turn_cb (gpointer user_data)
{
  GTask *task = user_data;
  RtStripeClient *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);

  sending->asked_at = ++self->order;
  self->n_requests++;
  soup_session_send_async (self->session, sending->message, G_PRIORITY_DEFAULT,
                           sending->cancellable, send_headers_cb, task);
  set_timer (task, g_timeout_source_new_seconds (WHOLE_REQUEST_SECONDS), deadline_cb);
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

static SoupMessage *
build_message (RtStripeClient *self, const char *method, const char *path, const char *body,
               const char *idempotency_key)
{
  g_autofree char *uri = g_strconcat (self->base, path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", self->key, NULL);
  SoupMessage *message = soup_message_new (method, uri);
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  soup_message_headers_append (headers, "Authorization", bearer);
  soup_message_headers_append (headers, "Stripe-Version", RT_STRIPE_VERSION);
  if (idempotency_key != NULL)
    soup_message_headers_append (headers, "Idempotency-Key", idempotency_key);
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded",
                                                bytes);
    }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  explicit_bzero (bearer, strlen (bearer));
  return message;
}

void
rt_stripe_client_send_async (RtStripeClient *self, const char *method, const char *path,
                             const char *body, const char *idempotency_key,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Sending *sending = g_new0 (Sending, 1);

  sending->message = build_message (self, method, path, body, idempotency_key);
  sending->cancellable = g_cancellable_new ();
  sending->body = g_byte_array_new ();
  g_task_set_task_data (task, sending, sending_free);
  if (sending->message == NULL)
    {
      g_task_return_pointer (
          task,
          rt_answer_new_failed (RT_OUTCOME_REFUSED,
                                rt_error_new (RT_ERROR_REFUSED, NULL,
                                              _ ("“%s” is no address at Stripe."), path)),
          (GDestroyNotify) rt_answer_free);
      g_object_unref (task);
      return;
    }
  g_signal_connect (sending->message, "starting", G_CALLBACK (starting_cb), sending);
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
