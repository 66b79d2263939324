/* Idempotency keys, as guide §2 has them. */

#include "practice-fixture.h"

#include "rt-json.h"

#define PRODUCTS "/v1/products"

static Answer *
send_keyed (Fixture *f, const char *path, const char *form, const char *key)
{
  return fixture_send (f, "POST", path, form, "Idempotency-Key", key, NULL);
}

static gint64
executions (Fixture *f, const char *key)
{
  g_autoptr (Answer) state = fixture_send (f, "GET", "/_practice/state", NULL, NULL);
  gint64 n = 0;

  rt_json_int (rt_json_object (state->body, "keys"), key, &n);
  return n;
}

static void
test_replay (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) first = send_keyed (f, PRODUCTS, "name=x&active=true", "k");
  g_autoptr (Answer) again = send_keyed (f, PRODUCTS, "name=x&active=true", "k");
  g_autoptr (Answer) reordered = send_keyed (f, PRODUCTS, "active=true&name=x", "k");

  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpstr (again->text, ==, first->text);
  g_assert_cmpstr (reordered->text, ==, first->text);
  g_assert_null (answer_header (first, "idempotent-replayed"));
  g_assert_cmpstr (answer_header (again, "idempotent-replayed"), ==, "true");
  g_assert_cmpstr (answer_header (again, "idempotency-key"), ==, "k");
  g_assert_cmpstr (answer_header (again, "request-id"), !=, answer_header (first, "request-id"));
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 1);
  g_assert_cmpint (executions (f, "k"), ==, 1);
}

static void
test_mismatch (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *path;
    const char *form;
  } others[] = {
    { PRODUCTS, "name=y" },
    { PRODUCTS, "name=x&active=true" },
    { PRODUCTS "/p1", "name=x" },
    { "/v1/coupons", "name=x" },
  };
  g_autoptr (Answer) first = send_keyed (f, PRODUCTS, "name=x", "k");

  g_assert_cmpuint (first->status, ==, 200);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (Answer) answer = send_keyed (f, others[i].path, others[i].form, "k");

      assert_refused (answer, 400, NULL, NULL);
      g_assert_cmpstr (rt_json_string (rt_json_object (answer->body, "error"), "type"), ==,
                       "idempotency_error");
    }
  g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, 1);
}

/* Nothing is stored for what was refused: the same key may be used again, corrected. */
static void
test_refusals_are_not_stored (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) missing = send_keyed (f, PRODUCTS, "active=true", "k");
  g_autoptr (Answer) price
      = send_keyed (f, "/v1/prices", "product=p&currency=usd&unit_amount=1", "l");
  g_autoptr (Answer) limited = NULL;
  g_autoptr (Answer) unauthorized = NULL;
  g_autoptr (Answer) good = NULL;
  g_autoptr (Answer) good_price = NULL;

  assert_refused (missing, 400, "parameter_missing", "name");
  assert_refused (price, 400, "resource_missing", "product");
  fixture_fault (f, "{\"fault\":\"status\",\"status\":429,\"retry_after\":7,\"count\":1}");
  limited = send_keyed (f, PRODUCTS, "name=x&id=p", "k");
  assert_refused (limited, 429, "rate_limit", NULL);
  g_assert_cmpstr (answer_header (limited, "retry-after"), ==, "7");
  unauthorized = fixture_send (f, "POST", PRODUCTS, "name=x&id=p", "Idempotency-Key", "k",
                               "Authorization", "Bearer sk_test_revoked", NULL);
  assert_refused (unauthorized, 401, "api_key_expired", NULL);
  good = send_keyed (f, PRODUCTS, "name=x&id=p", "k");
  g_assert_cmpuint (good->status, ==, 200);
  g_assert_null (answer_header (good, "idempotent-replayed"));
  good_price = send_keyed (f, "/v1/prices", "product=p&currency=usd&unit_amount=1", "l");
  g_assert_cmpuint (good_price->status, ==, 200);
}

/* A failure after execution is stored and replayed, for ever within the window. */
static void
test_failures_are_stored (Fixture *f, gconstpointer data)
{
  static const guint statuses[] = { 500, 402 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", statuses[i]);
      g_autofree char *fault = g_strdup_printf (
          "{\"fault\":\"execute_then_status\",\"status\":%u,\"should_retry\":false,\"count\":1}",
          statuses[i]);
      g_autoptr (Answer) first = NULL;
      g_autoptr (Answer) again = NULL;

      fixture_fault (f, fault);
      first = send_keyed (f, PRODUCTS, "name=x", key);
      again = send_keyed (f, PRODUCTS, "name=x", key);
      g_assert_cmpuint (first->status, ==, statuses[i]);
      g_assert_cmpstr (answer_header (first, "stripe-should-retry"), ==, "false");
      g_assert_cmpuint (again->status, ==, statuses[i]);
      g_assert_cmpstr (again->text, ==, first->text);
      g_assert_cmpuint (rt_practice_count (f->practice, "product"), ==, i + 1);
    }
}

static void
test_in_use (Fixture *f, gconstpointer data)
{
  Pending *slow;
  g_autoptr (Answer) meanwhile = NULL;
  g_autoptr (Answer) other = NULL;
  g_autoptr (Answer) first = NULL;
  g_autoptr (Answer) after = NULL;

  fixture_fault (f, "{\"fault\":\"slow\",\"delay_ms\":200,\"count\":1}");
  slow = fixture_begin (f, "POST", PRODUCTS, "name=x", "k");
  /* Until it has arrived, the other could overtake it. */
  while (meanwhile == NULL)
    {
      g_autoptr (Answer) state = fixture_send (f, "GET", "/_practice/state", NULL, NULL);
      gint64 n = 0;

      if (rt_json_int (rt_json_object (state->body, "requests"), "POST /v1/products", &n))
        meanwhile = send_keyed (f, PRODUCTS, "name=x", "k");
    }
  assert_refused (meanwhile, 409, "idempotency_key_in_use", NULL);
  other = send_keyed (f, PRODUCTS, "name=x", "other");
  g_assert_cmpuint (other->status, ==, 200);
  first = fixture_end (slow);
  g_assert_cmpuint (first->status, ==, 200);
  after = send_keyed (f, PRODUCTS, "name=x", "k");
  g_assert_cmpstr (after->text, ==, first->text);
  g_assert_cmpint (executions (f, "k"), ==, 1);
}

static void
test_expiry (Fixture *f, gconstpointer data)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 60 * 60;
  g_autoptr (Answer) first = send_keyed (f, PRODUCTS, "name=x", "k");
  g_autoptr (Answer) before = NULL;
  g_autoptr (Answer) clock = NULL;
  g_autoptr (Answer) after = NULL;

  rt_clock_advance (f->clock, (day - 1) * G_USEC_PER_SEC);
  before = send_keyed (f, PRODUCTS, "name=x", "k");
  g_assert_cmpstr (before->text, ==, first->text);
  clock = fixture_send (f, "POST", "/_practice/clock", "{\"advance\":1}", NULL);
  g_assert_cmpuint (clock->status, ==, 200);
  after = send_keyed (f, PRODUCTS, "name=x", "k");
  g_assert_cmpuint (after->status, ==, 200);
  g_assert_cmpstr (answer_string (after, "id"), !=, answer_string (first, "id"));
  g_assert_cmpint (executions (f, "k"), ==, 2);
}

/* Keys are for POST alone: a repeated DELETE answers 404. */
static void
test_only_post (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) first = NULL;
  g_autoptr (Answer) again = NULL;

  json_object_unref (fixture_create (f, PRODUCTS, "name=x&id=p"));
  first = fixture_send (f, "DELETE", PRODUCTS "/p", NULL, "Idempotency-Key", "k", NULL);
  again = fixture_send (f, "DELETE", PRODUCTS "/p", NULL, "Idempotency-Key", "k", NULL);
  g_assert_cmpuint (first->status, ==, 200);
  assert_refused (again, 404, "resource_missing", "id");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                           \
  g_test_add ("/practice/idempotency/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("replay", test_replay);
  ADD ("mismatch", test_mismatch);
  ADD ("refusals-are-not-stored", test_refusals_are_not_stored);
  ADD ("failures-are-stored", test_failures_are_stored);
  ADD ("in-use", test_in_use);
  ADD ("expiry", test_expiry);
  ADD ("only-post", test_only_post);
  return g_test_run ();
}
