/* The door without HTTP: the same answers, faults and counts, at once and on demand the same ids.
 */

#include "practice-fixture.h"

#include <string.h>

#include "rt-json.h"

#define AUTHORIZATION "Bearer " FIXTURE_KEY

static RtPracticeReply
ask (RtPractice *practice, const char *method, const char *path, const char *body, const char *key)
{
  RtPracticeMessage message = {
    .method = method,
    .path = path,
    .body = body,
    .key = key,
    .authorization = AUTHORIZATION,
  };
  RtPracticeReply reply;

  rt_practice_call (practice, &message, &reply);
  g_test_message ("%s %s -> %u %.200s", method, path, reply.status, reply.body);
  return reply;
}

static void
fault (RtPractice *practice, const char *json)
{
  g_autoptr (JsonObject) order = rt_json_parse (json, -1, NULL);

  g_assert_true (rt_practice_add_fault (practice, order));
}

static guint
ask_status (RtPractice *practice, const char *method, const char *path, const char *body)
{
  RtPracticeReply reply = ask (practice, method, path, body, NULL);
  guint status = reply.status;

  rt_practice_reply_clear (&reply);
  return status;
}

/* What goes in by one door comes out by the other, word for word. */
static void
test_same_as_http (Fixture *f, gconstpointer data)
{
  RtPracticeReply made = ask (f->practice, "POST", "/v1/products?expand[0]=default_price",
                              "name=A+%26%20B&id=p", "k");
  RtPracticeReply again = ask (f->practice, "POST", "/v1/products",
                               "expand[0]=default_price&name=A+%26%20B&id=p", "k");
  RtPracticeReply read = ask (f->practice, "GET", "/v1/%70roducts/p", "nonsense=1", NULL);
  g_autoptr (Answer) answer = fixture_send (f, "GET", "/v1/products/p", NULL, NULL);

  g_assert_cmpuint (made.status, ==, 200);
  g_assert_true (g_str_has_prefix (made.request_id, "req_"));
  g_assert_cmpint (made.date, ==, FIXTURE_NOW);
  g_assert_cmpint (made.should_retry, ==, -1);
  g_assert_false (made.replayed);
  g_assert_true (again.replayed);
  g_assert_cmpstr (again.body, ==, made.body);
  g_assert_cmpstr (read.body, ==, answer->text);
  g_assert_cmpstr (answer_string (answer, "name"), ==, "A & B");
  rt_practice_reply_clear (&made);
  rt_practice_reply_clear (&again);
  rt_practice_reply_clear (&read);
  rt_practice_reply_clear (&read);
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  RtPracticeMessage message = { .method = "GET", .path = "/v1/balance" };
  RtPracticeReply reply;

  rt_practice_call (f->practice, &message, &reply);
  g_assert_cmpuint (reply.status, ==, 401);
  rt_practice_reply_clear (&reply);
  message.authorization = AUTHORIZATION;
  message.version = "2020-01-01";
  rt_practice_call (f->practice, &message, &reply);
  g_assert_cmpuint (reply.status, ==, 400);
  rt_practice_reply_clear (&reply);
  g_assert_cmpuint (ask_status (f->practice, "GET", "/v1/nothing", NULL), ==, 404);
  g_assert_cmpuint (ask_status (f->practice, "GET", "", NULL), ==, 404);
  g_assert_cmpuint (ask_status (f->practice, "GET", "/v1/products/%zz", NULL), ==, 404);
  g_assert_cmpuint (ask_status (f->practice, "POST", "/v1/products", "nonsense=1"), ==, 400);
  g_assert_cmpuint (ask_status (f->practice, "POST", "/v1/products", NULL), ==, 400);
}

static void
test_faults (Fixture *f, gconstpointer data)
{
  RtPracticeReply reply;

  fault (f->practice, "{\"fault\":\"drop_before\",\"count\":1}");
  g_assert_cmpuint (ask_status (f->practice, "POST", "/v1/products", "name=x"), ==, 0);
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 0);
  fault (f->practice, "{\"fault\":\"drop_after\",\"count\":1}");
  g_assert_cmpuint (ask_status (f->practice, "POST", "/v1/products", "name=x"), ==, 0);
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 1);
  fault (f->practice, "{\"fault\":\"status\",\"status\":429,\"should_retry\":false,"
                      "\"retry_after\":3,\"count\":1}");
  reply = ask (f->practice, "POST", "/v1/products", "name=x", "k");
  g_assert_cmpuint (reply.status, ==, 429);
  g_assert_cmpint (reply.should_retry, ==, 0);
  g_assert_cmpint (reply.retry_after, ==, 3);
  rt_practice_reply_clear (&reply);
  fault (f->practice, "{\"fault\":\"execute_then_status\",\"status\":500,\"count\":1}");
  g_assert_cmpuint (ask_status (f->practice, "POST", "/v1/products", "name=x"), ==, 500);
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 2);
  fault (f->practice, "{\"fault\":\"truncate\",\"count\":1}");
  reply = ask (f->practice, "GET", "/v1/balance", NULL, NULL);
  g_assert_null (rt_json_parse (reply.body, -1, NULL));
  rt_practice_reply_clear (&reply);
  fault (f->practice, "{\"fault\":\"redirect\",\"count\":1}");
  reply = ask (f->practice, "GET", "/v1/balance", NULL, NULL);
  g_assert_cmpuint (reply.status, ==, 302);
  g_assert_nonnull (reply.location);
  g_assert_null (reply.request_id);
  rt_practice_reply_clear (&reply);
}

static void
test_soft_faults (Fixture *f, gconstpointer data)
{
  RtPracticeReply reply;

  fault (f->practice, "{\"fault\":\"skew\",\"seconds\":-60}");
  fault (f->practice, "{\"fault\":\"ignore_fields\",\"fields\":[\"description\"]}");
  fault (f->practice, "{\"fault\":\"latency\",\"delay_ms\":5}");
  fault (f->practice, "{\"fault\":\"slow\",\"delay_ms\":250}");
  reply = ask (f->practice, "POST", "/v1/products", "name=x&description=y", NULL);
  g_assert_cmpint (reply.date, ==, FIXTURE_NOW - 60);
  g_assert_cmpint (reply.delay_ms, ==, 255);
  g_assert_nonnull (strstr (reply.body, "\"description\":null"));
  rt_practice_reply_clear (&reply);
}

/* All that a run of requests is answered, one account each. */
static char *
transcript (RtClock *clock, guint32 seed)
{
  static const struct
  {
    const char *method, *path, *body;
  } run[] = {
    { "GET", "/v1/account", NULL },          { "POST", "/v1/products", "name=x" },
    { "POST", "/v1/customers", "name=x" },   { "POST", "/v1/coupons", "percent_off=5" },
    { "GET", "/v1/events?limit=100", NULL }, { "GET", "/v1/products", NULL },
  };
  g_autoptr (RtPractice) practice = rt_practice_new (clock, NULL, NULL);
  GString *all = g_string_new (NULL);

  rt_practice_set_seed (practice, seed);
  fault (practice, "{\"fault\":\"shuffle\"}");
  for (gsize i = 0; i < G_N_ELEMENTS (run); i++)
    {
      RtPracticeReply reply = ask (practice, run[i].method, run[i].path, run[i].body, NULL);

      g_assert_cmpuint (reply.status, ==, 200);
      g_string_append_printf (all, "%s %s\n", reply.request_id, reply.body);
      rt_practice_reply_clear (&reply);
    }
  return g_string_free (all, FALSE);
}

static void
test_seed (Fixture *f, gconstpointer data)
{
  g_autofree char *one = transcript (f->clock, 1);
  g_autofree char *again = transcript (f->clock, 1);
  g_autofree char *two = transcript (f->clock, 2);

  g_assert_cmpstr (one, ==, again);
  g_assert_cmpstr (one, !=, two);
}

/* An account that is in use keeps its id and its objects. */
static void
test_late_seed (Fixture *f, gconstpointer data)
{
  RtPracticeReply before = ask (f->practice, "GET", "/v1/account", NULL, NULL), after;

  json_object_unref (fixture_create (f, "/v1/products", "name=x&id=p"));
  rt_practice_set_seed (f->practice, 1);
  after = ask (f->practice, "GET", "/v1/account", NULL, NULL);
  g_assert_cmpstr (after.body, ==, before.body);
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 1);
  rt_practice_reply_clear (&before);
  rt_practice_reply_clear (&after);
}

static void
test_counted (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) state = NULL;
  RtPracticeReply reply = ask (f->practice, "POST", "/v1/products", "name=x", "k");
  gint64 n = 0;

  rt_practice_reply_clear (&reply);
  state = fixture_send (f, "GET", "/_practice/state", NULL, NULL);
  g_assert_true (rt_json_int (rt_json_object (state->body, "requests"), "POST /v1/products", &n));
  g_assert_cmpint (n, ==, 1);
  g_assert_true (rt_json_int (rt_json_object (state->body, "keys"), "k", &n));
  g_assert_cmpint (n, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/door/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("same-as-http", test_same_as_http);
  ADD ("refusals", test_refusals);
  ADD ("faults", test_faults);
  ADD ("soft-faults", test_soft_faults);
  ADD ("seed", test_seed);
  ADD ("late-seed", test_late_seed);
  ADD ("counted", test_counted);
  return g_test_run ();
}
