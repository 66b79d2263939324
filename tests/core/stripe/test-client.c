/* The client against a server that does as it is told, byte by byte. */

#include <libsoup/soup.h>
#include <string.h>

#include "rt-error.h"
#include "rt-stripe-client.h"

typedef struct
{
  SoupServer *server;
  RtStripeClient *client;
  char *base;
  /* what the server saw */
  char *authorization, *version, *idempotency_key, *content_type, *body;
  /* what it answers */
  guint status;
  GBytes *answer;
  gboolean has_request_id;
  gboolean redirects;
  gboolean breaks;
  GCancellable *cancels; /* (nullable): once the request is there */
} Fixture;

static char *
dup_header (SoupServerMessage *message, const char *name)
{
  return g_strdup (
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), name));
}

static void
handle_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
           gpointer user_data)
{
  Fixture *f = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GBytes) body
      = soup_message_body_flatten (soup_server_message_get_request_body (message));

  f->authorization = dup_header (message, "Authorization");
  f->version = dup_header (message, "Stripe-Version");
  f->idempotency_key = dup_header (message, "Idempotency-Key");
  f->content_type = dup_header (message, "Content-Type");
  f->body = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  if (f->cancels != NULL)
    g_cancellable_cancel (f->cancels);
  if (f->breaks)
    {
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

      g_io_stream_close (stream, NULL, NULL);
      return;
    }
  soup_server_message_set_status (message, f->status, NULL);
  if (f->has_request_id)
    soup_message_headers_append (headers, "request-id", "req_1");
  if (f->redirects)
    soup_message_headers_append (headers, "Location", "/elsewhere");
  soup_message_headers_replace (headers, "Date", "Wed, 01 Jan 2020 00:00:00 GMT");
  if (f->answer != NULL)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                      g_bytes_get_data (f->answer, NULL),
                                      g_bytes_get_size (f->answer));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  GError *error = NULL;
  GSList *uris;

  f->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (f->server, NULL, handle_cb, f, NULL);
  soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);
  f->base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  f->client = rt_stripe_client_new (clock, NULL, f->base, "sk_test_abc", &error);
  g_assert_no_error (error);
  f->status = 200;
  f->has_request_id = TRUE;
  f->answer = g_bytes_new_static ("{\"id\":\"x\"}", 10);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->client);
  soup_server_disconnect (f->server);
  g_object_unref (f->server);
  g_clear_pointer (&f->answer, g_bytes_unref);
  g_free (f->base);
  g_free (f->authorization);
  g_free (f->version);
  g_free (f->idempotency_key);
  g_free (f->content_type);
  g_free (f->body);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(RtAnswer **) user_data = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);
}

static RtAnswer *
send (Fixture *f, const char *method, const char *body, const char *key, GCancellable *cancellable)
{
  RtAnswer *answer = NULL;

  rt_stripe_client_send_async (f->client, method, "/v1/products", body, key, cancellable, sent_cb,
                               &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return answer;
}

static void
test_headers (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAnswer) answer = send (f, "POST", "name=x%20y", "key-1", NULL);
  gint64 skew = 0;

  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_DONE);
  g_assert_cmpstr (answer->request_id, ==, "req_1");
  g_assert_cmpstr (f->authorization, ==, "Bearer sk_test_abc");
  g_assert_cmpstr (f->version, ==, RT_STRIPE_VERSION);
  g_assert_cmpstr (f->idempotency_key, ==, "key-1");
  g_assert_cmpstr (f->content_type, ==, "application/x-www-form-urlencoded");
  g_assert_cmpstr (f->body, ==, "name=x%20y");
  g_assert_cmpuint (rt_stripe_client_get_n_requests (f->client), ==, 1);
  g_assert_true (rt_stripe_client_get_skew (f->client, &skew));
  g_assert_cmpint (skew, >, 365 * 24 * 3600);
}

/* A sign-in page tells the time of some router. */
static void
test_clock_of_a_portal (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAnswer) answer = NULL;
  gint64 skew = 0;

  f->has_request_id = FALSE;
  answer = send (f, "GET", NULL, NULL, NULL);
  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_LOST);
  g_assert_false (rt_stripe_client_get_skew (f->client, &skew));
}

static void
test_get_has_no_key (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAnswer) answer = send (f, "GET", NULL, NULL, NULL);

  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_DONE);
  g_assert_null (f->idempotency_key);
  g_assert_cmpstr (f->body, ==, "");
}

static void
test_too_large (Fixture *f, gconstpointer data)
{
  gsize size = RT_JSON_MAX_BYTES + 1;
  g_autoptr (RtAnswer) answer = NULL;

  g_bytes_unref (f->answer);
  f->answer = g_bytes_new_take (g_malloc0 (size), size);
  answer = send (f, "GET", NULL, NULL, NULL);
  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_LOST);
}

static void
test_redirect (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAnswer) answer = NULL;

  f->status = 302;
  f->redirects = TRUE;
  f->has_request_id = FALSE;
  answer = send (f, "POST", "a=b", "k", NULL);
  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_LOST);
  g_assert_cmpuint (answer->status, ==, 302);
}

static void
test_refused_connection (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAnswer) answer = NULL;

  soup_server_disconnect (f->server);
  answer = send (f, "POST", "a=b", "k", NULL);
  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_UNREACHED);
  g_assert_error (answer->error, RT_ERROR, RT_ERROR_OFFLINE);
}

/* The request went through: whatever the error is called, it may have been executed. */
static void
test_broken_connection (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAnswer) answer = NULL;

  f->breaks = TRUE;
  answer = send (f, "POST", "a=b", "k", NULL);
  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_LOST);
}

/* An id that would break out of the path or the query must not crash anything. */
static void
test_no_address (Fixture *f, gconstpointer data)
{
  RtAnswer *answer = NULL;

  rt_stripe_client_send_async (f->client, "GET", "/v1/coupons?starting_after=50%OFF", NULL, NULL,
                               NULL, sent_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (answer);
  rt_answer_free (answer);
}

/* What was cancelled before a byte left was not executed; later, it may have been. */
static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) after = g_cancellable_new ();
  g_autoptr (RtAnswer) unsent = NULL;
  g_autoptr (RtAnswer) sent = NULL;

  g_cancellable_cancel (before);
  unsent = send (f, "POST", "a=b", "k", before);
  g_assert_cmpint (unsent->outcome, ==, RT_OUTCOME_UNREACHED);
  f->cancels = after;
  sent = send (f, "POST", "a=b", "k", after);
  g_assert_cmpint (sent->outcome, ==, RT_OUTCOME_CANCELLED);
}

static void
test_key_and_host (void)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  GError *error = NULL;

  g_assert_null (rt_stripe_client_new (clock, NULL, "http://127.0.0.1:1", "sk_live_x", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (rt_stripe_client_new (clock, NULL, "https://example.com", "sk_test_x", &error));
  g_clear_error (&error);
  g_assert_null (rt_stripe_client_new (clock, NULL, "https://api.stripe.com", "pk_test_x", &error));
  g_clear_error (&error);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/headers", test_headers);
  ADD ("/client/c4-clock-of-a-portal", test_clock_of_a_portal);
  ADD ("/client/get-has-no-key", test_get_has_no_key);
  ADD ("/client/too-large", test_too_large);
  ADD ("/client/redirect", test_redirect);
  ADD ("/client/refused-connection", test_refused_connection);
  ADD ("/client/c3-cancelled", test_cancelled);
  ADD ("/client/broken-connection", test_broken_connection);
  ADD ("/client/no-address", test_no_address);
  g_test_add_func ("/client/key-and-host", test_key_and_host);
  return g_test_run ();
}
