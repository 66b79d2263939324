#include "rt-practice-serve.h"

#include <string.h>

#include "rt-practice-control.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"
#include "rt-practice-route.h"
#include "rt-practice-send.h"

#define MAX_BODY (1024 * 1024)
#define MAX_HEADERS (32 * 1024) /* libsoup itself hangs up at 64 KiB */
#define MAX_DELAY (10 * 60 * 1000)

/* One request and its answer, as long as it takes. */
typedef struct
{
  RtPractice *practice;       /* in whose exchanges this is while it is held up */
  SoupServerMessage *message; /* (owned) */
  char *id;                   /* (owned) */
  char *path;                 /* (owned) decoded */
  char *running_key;          /* (owned) (nullable) key that this exchange has in use */
  RtPracticeFault fault;      /* (owned) */
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
  rt_practice_fault_clear (&self->fault);
  g_object_unref (self->message);
  g_free (self->running_key);
  g_free (self->path);
  g_free (self->id);
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
static GBytes *
get_form (Exchange *self)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (self->message));
  SoupMessageBody *sent = soup_server_message_get_request_body (self->message);
  g_autoptr (GByteArray) form = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;

  if (query != NULL)
    g_byte_array_append (form, (const guint8 *) query, (guint) strlen (query));
  if (!g_str_equal (soup_server_message_get_method (self->message), "POST")
      || !soup_message_body_get_accumulate (sent))
    return g_byte_array_free_to_bytes (g_steal_pointer (&form));
  if (form->len > 0)
    g_byte_array_append (form, (const guint8 *) "&", 1);
  body = soup_message_body_flatten (sent);
  g_byte_array_append (form, g_bytes_get_data (body, NULL), (guint) g_bytes_get_size (body));
  return g_byte_array_free_to_bytes (g_steal_pointer (&form));
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

/* A page in a browser must not get at the practice account, not even by rebinding its name. */
static gboolean
is_from_browser (Exchange *self)
{
  const char *host = header (self, "Host");

  return header (self, "Origin") != NULL
         || (host != NULL && !g_str_has_prefix (host, "127.0.0.1")
             && !g_str_has_prefix (host, "localhost"));
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
set_date (Exchange *self, SoupMessageHeaders *headers)
{
  gint64 now = rt_practice_now (self->practice) + self->fault.skew;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (now);
  g_autofree char *text = date != NULL ? soup_date_time_to_string (date, SOUP_DATE_HTTP) : NULL;

  if (text != NULL)
    soup_message_headers_replace (headers, "Date", text);
}

static void
set_fault_headers (Exchange *self, SoupMessageHeaders *headers)
{
  JsonObject *details = self->fault.details;
  gint64 retry_after = rt_practice_json_int (details, "retry_after", -1);

  if (json_object_has_member (details, "should_retry"))
    soup_message_headers_replace (headers, "Stripe-Should-Retry",
                                  rt_practice_json_bool (details, "should_retry", FALSE) ? "true"
                                                                                         : "false");
  if (retry_after >= 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, retry_after);

      soup_message_headers_replace (headers, "Retry-After", text);
    }
}

static void
set_response (Exchange *self, const RtPracticeAnswer *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *key = header (self, "Idempotency-Key");

  soup_server_message_set_status (self->message, answer->status, NULL);
  soup_server_message_set_response (self->message, "application/json", SOUP_MEMORY_COPY,
                                    answer->body, strlen (answer->body));
  soup_message_headers_replace (headers, "Request-Id", self->id);
  soup_message_headers_replace (headers, "Stripe-Version", RT_PRACTICE_VERSION);
  if (key != NULL && strlen (key) <= RT_PRACTICE_KEY_MAX)
    soup_message_headers_replace (headers, "Idempotency-Key", key);
  if (answer->replayed)
    soup_message_headers_replace (headers, "Idempotent-Replayed", "true");
  if (!answer->replayed && self->fault.details != NULL)
    set_fault_headers (self, headers);
  set_date (self, headers);
}

/* What stands between a laptop and Stripe in a hotel: no JSON, no request-id. */
static void
set_foreign_response (Exchange *self)
{
  static const char page[] = "<!DOCTYPE html><html><head><title>Welcome to our Wi-Fi</title></head>"
                             "<body><form>Room number: <input></form></body></html>";
  const char *location = rt_practice_json_string (self->fault.details, "location");
  gboolean is_redirect = self->fault.kind == RT_PRACTICE_FAULT_REDIRECT;

  soup_server_message_set_status (self->message, is_redirect ? 302 : 200, NULL);
  soup_server_message_set_response (self->message, "text/html", SOUP_MEMORY_STATIC, page,
                                    sizeof page - 1);
  if (is_redirect)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                  "Location",
                                  location != NULL ? location : "http://portal.invalid/login");
}

static void
execute (Exchange *self)
{
  g_autoptr (GBytes) form = get_form (self);
  g_autoptr (GError) error = NULL;
  RtPracticeAnswer answer = { 0 };
  RtPracticeRequest request = {
    .id = self->id,
    .method = soup_server_message_get_method (self->message),
    .path = self->path,
    .form = g_bytes_get_data (form, NULL),
    .form_length = g_bytes_get_size (form),
    .authorization = header (self, "Authorization"),
    .version = header (self, "Stripe-Version"),
    .account = header (self, "Stripe-Account"),
    .key = header (self, "Idempotency-Key"),
    .content_type = header (self, "Content-Type"),
    .now = rt_practice_now (self->practice),
    .fault = &self->fault,
  };

  /* From here on the key is this exchange's own. */
  if (self->running_key != NULL)
    rt_practice_keys_end (self->practice->core.keys, self->running_key);
  g_clear_pointer (&self->running_key, g_free);
  if (check_limits (self, &error))
    rt_practice_execute (&self->practice->core, &request, &answer);
  else
    rt_practice_execute_refusal (error, self->id, &answer);
  set_response (self, &answer);
  g_free (answer.body);
}

static gboolean
send_raw_cb (gpointer data)
{
  Exchange *self = data;
  GSource *source;

  /* It may free the exchange, unless it returns a source. */
  source = rt_practice_send_raw (self->message, &self->fault, exchange_done, self);
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
is_raw (RtPracticeFaultKind kind)
{
  return kind == RT_PRACTICE_FAULT_DROP_BEFORE || kind == RT_PRACTICE_FAULT_DROP_AFTER
         || kind == RT_PRACTICE_FAULT_DRIP || kind == RT_PRACTICE_FAULT_TRUNCATE;
}

static void
proceed (Exchange *self)
{
  RtPracticeFaultKind kind = self->fault.kind;

  if (kind == RT_PRACTICE_FAULT_HTML || kind == RT_PRACTICE_FAULT_REDIRECT)
    set_foreign_response (self);
  else if (kind != RT_PRACTICE_FAULT_DROP_BEFORE)
    execute (self);
  /* A connection cannot be stolen from within its own callback. */
  if (is_raw (kind))
    hold (self, 0, send_raw_cb);
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
  gint64 delay_ms = rt_practice_json_int (self->fault.details, "delay_ms", 1000);

  if (key != NULL && g_str_equal (soup_server_message_get_method (self->message), "POST")
      && rt_practice_keys_begin (self->practice->core.keys, key))
    self->running_key = g_strdup (key);
  hold (self, (guint) CLAMP (delay_ms, 0, MAX_DELAY), proceed_cb);
}

static void
count_request (RtPractice *self, const char *method, const char *path)
{
  g_autofree char *id = NULL;
  const RtPracticeRoute *route = rt_practice_route_find (method, path, &id);
  g_autofree char *name
      = g_strdup_printf ("%s %s", method, route != NULL ? route->path : "(unrecognized)");
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->n_requests, name));

  g_hash_table_insert (self->n_requests, g_steal_pointer (&name), GUINT_TO_POINTER (n + 1));
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
  self->id = rt_practice_state_random_id ("req_", 14);
  count_request (practice, method, path);
  rt_practice_faults_take (practice->faults, method, path, &self->fault);
  rt_practice_state_shuffle (practice->core.state, rt_practice_faults_shuffle (practice->faults));
  if (self->fault.kind == RT_PRACTICE_FAULT_SLOW)
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
