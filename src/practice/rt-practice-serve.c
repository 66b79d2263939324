#include "rt-practice-serve.h"

#include <string.h>

#include "rt-practice-control.h"
#include "rt-practice-door.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"
#include "rt-practice-send.h"

#define MAX_BODY (1024 * 1024)
#define MAX_HEADERS (32 * 1024) /* libsoup itself hangs up at 64 KiB */
#define MAX_DELAY (10 * 60 * 1000)

/* One request and its answer, as long as it takes. */
typedef struct
{
  RtPractice *practice;       /* in whose exchanges this is while it is held up */
  SoupServerMessage *message; /* (owned) */
  char *path;                 /* (owned) decoded */
  char *running_key;          /* (owned) (nullable) key that this exchange has in use */
  RtPracticeVisit visit;      /* (owned) */
  GSource *source;            /* (owned) (nullable) what goes on with it next */
  gboolean is_paused;
} Exchange;

static void
exchange_set_source (Exchange *self, GSource *source)
{
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  self->source = source;
}

void
rt_practice_serve_exchange_free (gpointer data)
{
  Exchange *self = data;

  exchange_set_source (self, NULL);
  if (self->running_key != NULL)
    rt_practice_keys_end (self->practice->core.keys, self->running_key);
  rt_practice_door_leave (&self->visit);
  g_object_unref (self->message);
  g_free (self->running_key);
  g_free (self->path);
  g_free (self);
}

static void
exchange_done (gpointer data)
{
  Exchange *self = data;

  g_ptr_array_remove_fast (self->practice->exchanges, self);
}

static const char *
header (Exchange *self, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message),
                                       name);
}

/* The parameters: the query, and the body of a POST. */
static GString *
get_form (Exchange *self)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (self->message));
  SoupMessageBody *sent = soup_server_message_get_request_body (self->message);
  g_autoptr (GBytes) body = NULL;

  if (!g_str_equal (soup_server_message_get_method (self->message), "POST")
      || !soup_message_body_get_accumulate (sent))
    return rt_practice_door_form (query, NULL, 0);
  body = soup_message_body_flatten (sent);
  return rt_practice_door_form (query, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static gsize
size_of_headers (Exchange *self)
{
  SoupMessageHeadersIter iter;
  const char *name, *value;
  gsize size = strlen (self->path);

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (self->message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    size += strlen (name) + strlen (value);
  return size;
}

static gboolean
names_this_computer (const char *host)
{
  static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize length = strlen (names[i]);

      if (g_ascii_strncasecmp (host, names[i], length) == 0
          && (host[length] == '\0' || host[length] == ':'))
        return TRUE;
    }
  return FALSE;
}

/* A page in a browser must not get at the practice account, not even by rebinding its name. */
static gboolean
is_from_browser (Exchange *self)
{
  const char *host = header (self, "Host");

  return header (self, "Origin") != NULL || (host != NULL && !names_this_computer (host));
}

static gboolean
check_limits (Exchange *self, GError **error)
{
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);

  if (is_from_browser (self))
    rt_practice_refuse (error, 403, NULL, NULL, "The practice Stripe serves no web pages");
  else if (size_of_headers (self) > MAX_HEADERS)
    rt_practice_refuse (error, 431, NULL, NULL, "Request header fields too large");
  else if (!soup_message_body_get_accumulate (body) || body->length > MAX_BODY)
    rt_practice_refuse (error, 413, NULL, NULL, "Request body too large");
  else
    return TRUE;
  return FALSE;
}

static void
set_date (SoupMessageHeaders *headers, gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = date != NULL ? soup_date_time_to_string (date, SOUP_DATE_HTTP) : NULL;

  if (text != NULL)
    soup_message_headers_replace (headers, "Date", text);
}

static void
set_headers (Exchange *self, const RtPracticeReply *reply)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *key = header (self, "Idempotency-Key");

  soup_message_headers_replace (headers, "Request-Id", reply->request_id);
  soup_message_headers_replace (headers, "Stripe-Version", RT_PRACTICE_VERSION);
  if (key != NULL && strlen (key) <= RT_PRACTICE_KEY_MAX)
    soup_message_headers_replace (headers, "Idempotency-Key", key);
  if (reply->replayed)
    soup_message_headers_replace (headers, "Idempotent-Replayed", "true");
  if (reply->should_retry >= 0)
    soup_message_headers_replace (headers, "Stripe-Should-Retry",
                                  reply->should_retry > 0 ? "true" : "false");
  if (reply->retry_after >= 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, reply->retry_after);

      soup_message_headers_replace (headers, "Retry-After", text);
    }
  set_date (headers, reply->date);
}

static void
set_response (Exchange *self, const RtPracticeReply *reply)
{
  gboolean is_stripe = reply->request_id != NULL;

  soup_server_message_set_status (self->message, reply->status, NULL);
  soup_server_message_set_response (self->message, is_stripe ? "application/json" : "text/html",
                                    SOUP_MEMORY_COPY, reply->body, strlen (reply->body));
  if (is_stripe)
    set_headers (self, reply);
  if (reply->location != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                  "Location", reply->location);
}

static void
execute (Exchange *self)
{
  g_autoptr (GString) form = get_form (self);
  g_autoptr (GError) refusal = NULL;
  RtPracticeReply reply;
  RtPracticeRequest request = {
    .method = soup_server_message_get_method (self->message),
    .path = self->path,
    .form = form->str,
    .form_length = form->len,
    .authorization = header (self, "Authorization"),
    .version = header (self, "Stripe-Version"),
    .account = header (self, "Stripe-Account"),
    .key = header (self, "Idempotency-Key"),
    .content_type = header (self, "Content-Type"),
  };

  /* From here on the key is this exchange's own. */
  if (self->running_key != NULL)
    rt_practice_keys_end (self->practice->core.keys, self->running_key);
  g_clear_pointer (&self->running_key, g_free);
  check_limits (self, &refusal);
  rt_practice_door_answer (self->practice, &self->visit, &request, refusal, &reply);
  set_response (self, &reply);
  rt_practice_reply_clear (&reply);
}

static gboolean
send_raw_cb (gpointer data)
{
  Exchange *self = data;
  GSource *source;

  /* It may free the exchange, unless it returns a source. */
  source = rt_practice_send_raw (self->message, &self->visit.fault, exchange_done, self);
  if (source != NULL)
    exchange_set_source (self, source);
  return G_SOURCE_REMOVE;
}

/* Lets @func run later; the exchange is paused and kept until then. */
static void
hold (Exchange *self, guint delay_ms, GSourceFunc func)
{
  GSource *source = g_timeout_source_new (delay_ms);

  if (!self->is_paused)
    {
      soup_server_message_pause (self->message);
      g_ptr_array_add (self->practice->exchanges, self);
      self->is_paused = TRUE;
    }
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  exchange_set_source (self, source);
}

static void
finish (Exchange *self)
{
  if (!self->is_paused)
    {
      rt_practice_serve_exchange_free (self);
      return;
    }
  soup_server_message_unpause (self->message);
  exchange_done (self);
}

static gboolean
finish_cb (gpointer data)
{
  finish (data);
  return G_SOURCE_REMOVE;
}

static gboolean
is_raw (RtPracticeFaultKind kind)
{
  return kind == RT_PRACTICE_FAULT_DROP_BEFORE || kind == RT_PRACTICE_FAULT_DROP_AFTER
         || kind == RT_PRACTICE_FAULT_DRIP || kind == RT_PRACTICE_FAULT_TRUNCATE;
}

static void
proceed (Exchange *self)
{
  RtPracticeFaultKind kind = self->visit.fault.kind;
  guint latency_ms = (guint) self->visit.fault.latency_ms;

  if (kind != RT_PRACTICE_FAULT_DROP_BEFORE)
    execute (self);
  /* A connection cannot be stolen from within its own callback. */
  if (is_raw (kind))
    hold (self, latency_ms, send_raw_cb);
  else if (latency_ms > 0)
    hold (self, latency_ms, finish_cb);
  else
    finish (self);
}

static gboolean
proceed_cb (gpointer data)
{
  proceed (data);
  return G_SOURCE_REMOVE;
}

static void
delay (Exchange *self)
{
  const char *key = header (self, "Idempotency-Key");
  gint64 delay_ms = rt_practice_json_int (self->visit.fault.details, "delay_ms", 1000);

  if (key != NULL && g_str_equal (soup_server_message_get_method (self->message), "POST")
      && rt_practice_keys_begin (self->practice->core.keys, key))
    self->running_key = g_strdup (key);
  hold (self, (guint) CLAMP (delay_ms, 0, MAX_DELAY), proceed_cb);
}

static void
handle_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
           gpointer user_data)
{
  RtPractice *practice = RT_PRACTICE (user_data);
  const char *method = soup_server_message_get_method (message);
  Exchange *self = g_new0 (Exchange, 1);

  self->practice = practice;
  self->message = g_object_ref (message);
  self->path = g_strdup (path);
  rt_practice_door_enter (practice, method, path, &self->visit);
  if (self->visit.fault.kind == RT_PRACTICE_FAULT_SLOW)
    delay (self);
  else
    proceed (self);
}

static void
control_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  Exchange guard = { .message = message, .path = (char *) path };

  if (is_from_browser (&guard))
    soup_server_message_set_status (message, 403, NULL);
  else if (!soup_message_body_get_accumulate (soup_server_message_get_request_body (message)))
    soup_server_message_set_status (message, 413, NULL);
  else
    rt_practice_control_handle (RT_PRACTICE (user_data), message, path);
}

static void
stop_accumulating (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  soup_message_body_truncate (body);
  soup_message_body_set_accumulate (body, FALSE);
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  if (soup_server_message_get_request_body (message)->length > MAX_BODY)
    stop_accumulating (message);
}

/* Before the body is read: what is too long is read and thrown away. */
static void
early_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_content_length (headers) > MAX_BODY)
    stop_accumulating (message);
  else
    g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), NULL);
}

void
rt_practice_serve_start (RtPractice *self, SoupServer *server)
{
  soup_server_add_early_handler (server, NULL, early_cb, self, NULL);
  soup_server_add_handler (server, NULL, handle_cb, self, NULL);
  soup_server_add_handler (server, "/_practice", control_cb, self, NULL);
}
