/* Faults on demand: each does what it says, and nothing more. */

#include "practice-fixture.h"

#include <string.h>

#include "rt-json.h"

#define PRODUCTS "/v1/products"

static Answer *
post (Fixture *f, const char *key)
{
  return fixture_send (f, "POST", PRODUCTS, "name=x", "Idempotency-Key", key, NULL);
}

static void
test_drop_before (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) dropped = NULL;
  g_autoptr (Answer) again = NULL;

  fixture_fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/products\",\"count\":1}");
  dropped = post (f, "k");
  g_assert_cmpuint (dropped->status, ==, 0);
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 0);
  again = post (f, "k");
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_null (answer_header (again, "idempotent-replayed"));
}

static void
test_drop_after (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) dropped = NULL;
  g_autoptr (Answer) again = NULL;

  fixture_fault (f, "{\"fault\":\"drop_after\",\"count\":1}");
  dropped = post (f, "k");
  g_assert_cmpuint (dropped->status, ==, 0);
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 1);
  again = post (f, "k");
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_cmpstr (answer_header (again, "idempotent-replayed"), ==, "true");
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 1);
}

static void
test_status (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) refused = NULL;
  JsonObject *error;

  fixture_fault (f, "{\"fault\":\"status\",\"status\":409,\"code\":\"lock_timeout\","
                    "\"should_retry\":true,\"count\":1}");
  refused = post (f, "k");
  assert_refused (refused, 409, "lock_timeout", NULL);
  g_assert_cmpstr (answer_header (refused, "stripe-should-retry"), ==, "true");
  g_assert_nonnull (answer_header (refused, "request-id"));
  error = rt_json_object (refused->body, "error");
  g_assert_cmpstr (rt_json_string (error, "type"), ==, "invalid_request_error");
  g_assert_nonnull (rt_json_string (error, "doc_url"));
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 0);
}

static void
test_broken_answers (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) truncated = NULL;
  g_autoptr (Answer) dripped = NULL;
  g_autoptr (Answer) html = NULL;
  g_autoptr (Answer) redirect = NULL;

  fixture_fault (f, "{\"fault\":\"truncate\",\"count\":1}");
  truncated = fixture_send (f, "GET", "/v1/balance", NULL, NULL);
  g_assert_null (truncated->body);
  fixture_fault (f, "{\"fault\":\"drip\",\"interval_ms\":0,\"count\":1}");
  dripped = fixture_send (f, "GET", "/v1/balance", NULL, NULL);
  g_assert_cmpuint (dripped->status, ==, 200);
  g_assert_cmpstr (answer_string (dripped, "object"), ==, "balance");
  g_assert_nonnull (answer_header (dripped, "request-id"));
  fixture_fault (f, "{\"fault\":\"html\",\"count\":1}");
  html = fixture_send (f, "POST", PRODUCTS, "name=x", NULL);
  g_assert_cmpuint (html->status, ==, 200);
  g_assert_null (html->body);
  g_assert_null (answer_header (html, "request-id"));
  fixture_fault (f, "{\"fault\":\"redirect\",\"location\":\"http://login.invalid/\",\"count\":1}");
  redirect = fixture_send (f, "POST", PRODUCTS, "name=x", NULL);
  g_assert_cmpuint (redirect->status, ==, 302);
  g_assert_cmpstr (answer_header (redirect, "location"), ==, "http://login.invalid/");
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 0);
}

static void
test_skew_and_ignored_fields (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) answer = NULL;

  fixture_fault (f, "{\"fault\":\"skew\",\"seconds\":-3600}");
  fixture_fault (f, "{\"fault\":\"ignore_fields\",\"fields\":[\"description\"]}");
  answer = fixture_send (f, "POST", PRODUCTS, "name=x&description=y", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer_header (answer, "Date"), ==, "Wed, 18 Nov 2026 10:06:40 GMT");
  g_assert_true (json_object_get_null_member (answer->body, "description"));
}

static void
assert_statuses (Fixture *f, const char *expected)
{
  g_autoptr (GString) statuses = g_string_new (NULL);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (Answer) answer = fixture_send (f, "GET", "/v1/balance", NULL, NULL);

      g_string_append_printf (statuses, "%u ", answer->status);
    }
  g_assert_cmpstr (statuses->str, ==, expected);
}

static void
test_counting (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) unknown = NULL;
  g_autoptr (Answer) cleared = NULL;

  fixture_fault (f, "{\"fault\":\"status\",\"status\":503,\"match\":\"GET /v1/bal\",\"skip\":2,"
                    "\"count\":2}");
  fixture_fault (f, "{\"fault\":\"status\",\"status\":500,\"match\":\"POST /\"}");
  assert_statuses (f, "200 200 503 503 200 200 ");
  fixture_fault (f, "{\"fault\":\"status\",\"status\":503}");
  assert_statuses (f, "503 503 503 503 503 503 ");
  cleared = fixture_send (f, "DELETE", "/_practice/faults", NULL, NULL);
  g_assert_cmpuint (cleared->status, ==, 200);
  assert_statuses (f, "200 200 200 200 200 200 ");
  unknown = fixture_send (f, "POST", "/_practice/faults", "{\"fault\":\"fire\"}", NULL);
  g_assert_cmpuint (unknown->status, ==, 400);
}

static void
test_state (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) state = NULL;
  JsonObject *requests;
  gint64 n = 0;

  json_object_unref (fixture_create (f, PRODUCTS, "name=x&id=p"));
  json_object_unref (fixture_create (f, PRODUCTS "/p", "name=y"));
  json_object_unref (fixture_create (f, PRODUCTS "/p", "name=z"));
  state = fixture_send (f, "GET", "/_practice/state", NULL, NULL);
  requests = rt_json_object (state->body, "requests");
  g_assert_true (rt_json_int (requests, "POST /v1/products/{id}", &n));
  g_assert_cmpint (n, ==, 2);
  g_assert_true (rt_json_int (rt_json_object (state->body, "objects"), "product", &n));
  g_assert_cmpint (n, ==, 1);
  g_assert_true (rt_json_int (state->body, "unkeyed", &n));
  g_assert_cmpint (n, ==, 3);
  g_assert_true (rt_json_int (state->body, "now", &n));
  g_assert_cmpint (n, ==, FIXTURE_NOW);
}

/* No second, wherever it begins, sees more than the ceiling; what is refused is not executed. */
static void
test_ceiling (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) statuses = g_string_new (NULL);
  g_autoptr (Answer) state = NULL;
  gint64 n = 0;

  fixture_fault (f, "{\"fault\":\"ceiling\",\"per_second\":2,\"match\":\"POST\"}");
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autoptr (Answer) answer = post (f, key);

      if (answer->status == 429)
        assert_refused (answer, 429, "rate_limit", NULL);
      g_string_append_printf (statuses, "%u ", answer->status);
      rt_clock_advance (f->clock, 300 * 1000);
    }
  /* At 0.0, 0.3 …: the third and fourth are refused until 1.0 has passed. */
  g_assert_cmpstr (statuses->str, ==, "200 200 429 429 200 200 429 429 ");
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 4);
  assert_statuses (f, "200 200 200 200 200 200 ");
  state = fixture_send (f, "GET", "/_practice/state", NULL, NULL);
  g_assert_true (rt_json_int (state->body, "rate_limited", &n));
  g_assert_cmpint (n, ==, 4);
}

/* Eight answers that each come 200 ms late do not take 1.6 s. */
static void
test_latency (Fixture *f, gconstpointer data)
{
  Pending *pending[8];
  gint64 since = g_get_monotonic_time (), took;

  fixture_fault (f, "{\"fault\":\"latency\",\"delay_ms\":200}");
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);

      pending[i] = fixture_begin (f, "POST", PRODUCTS, "name=x", key);
    }
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (Answer) answer = fixture_end (pending[i]);

      g_assert_cmpuint (answer->status, ==, 200);
    }
  took = g_get_monotonic_time () - since;
  g_assert_cmpint (took, >=, 200 * 1000);
  g_assert_cmpint (took, <, 1500 * 1000);
}

/* A server that stops while a fault holds requests up leaves nothing behind. */
static void
test_stop_while_held_up (Fixture *f, gconstpointer data)
{
  Pending *slow, *drip;
  gint64 n = 0;

  fixture_fault (f, "{\"fault\":\"slow\",\"delay_ms\":600000,\"count\":1}");
  fixture_fault (f, "{\"fault\":\"drip\",\"interval_ms\":60000,\"count\":1}");
  slow = fixture_begin (f, "POST", PRODUCTS, "name=x", "k");
  drip = fixture_begin (f, "POST", PRODUCTS, "name=x", "l");
  while (n < 2)
    {
      g_autoptr (Answer) state = fixture_send (f, "GET", "/_practice/state", NULL, NULL);

      rt_json_int (rt_json_object (state->body, "requests"), "POST /v1/products", &n);
    }
  rt_practice_stop (f->practice);
  soup_session_abort (f->session);
  answer_free (fixture_end (slow));
  answer_free (fixture_end (drip));
}

/* Whatever arrives, the server answers or hangs up, and goes on. */
static void
test_garbage (Fixture *f, gconstpointer data)
{
  static const char *const garbage[] = {
    "\r\n\r\n",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "POST /v1/products HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "POST /v1/products HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "GET /v1/products/%00%ff HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic /\r\n\r\n",
    "GET /v1/prices?\xff\xfe[[[]]]=%%% HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "GET http://[::::]/ HTTP/1.1\r\nHost: \r\n\r\n",
    "POST /_practice/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n[[[[[",
    "POST /_practice/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 33\r\n\r\n"
    "{\"advance\":-9223372036854775808  }",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      g_autoptr (GSocketClient) client = g_socket_client_new ();
      g_autoptr (GSocketConnection) line
          = g_socket_client_connect_to_host (client, "127.0.0.1",
                                             (guint16) rt_practice_get_port (f->practice), NULL,
                                             NULL);
      g_autoptr (Answer) answer = NULL;

      g_test_message ("garbage %" G_GSIZE_FORMAT, i);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (line)), garbage[i],
                                 strlen (garbage[i]), NULL, NULL, NULL);
      answer = fixture_send (f, "GET", "/v1/balance", NULL, NULL);
      g_assert_cmpuint (answer->status, ==, 200);
      g_io_stream_close (G_IO_STREAM (line), NULL, NULL);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/faults/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("drop-before", test_drop_before);
  ADD ("drop-after", test_drop_after);
  ADD ("status", test_status);
  ADD ("broken-answers", test_broken_answers);
  ADD ("skew-and-ignored-fields", test_skew_and_ignored_fields);
  ADD ("counting", test_counting);
  ADD ("state", test_state);
  ADD ("ceiling", test_ceiling);
  ADD ("latency", test_latency);
  ADD ("stop-while-held-up", test_stop_while_held_up);
  ADD ("garbage", test_garbage);
  return g_test_run ();
}
