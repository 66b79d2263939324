/* Every fault at every request: each object exactly once, none missing (TRAPS B1, B2, B6, B7, C2).
 */

#include "sync-fixture.h"

/* What one run makes: 2 products with a shared meter, 4 prices, a coupon, a client: 11 requests. */
#define N_REQUESTS 12

/* Under the sanitizers, which look at paths and not at combinations, a seventh is enough. */
#ifdef __SANITIZE_ADDRESS__
#define STRIDE 7
#else
#define STRIDE 1
#endif

static void
assert_whole (Fixture *f)
{
  g_assert_cmpint (count_objects (f, "product"), ==, 2);
  g_assert_cmpint (count_objects (f, "price"), ==, 4);
  g_assert_cmpint (count_objects (f, "billing.meter"), ==, 1);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
  assert_no_double (f);
}

static void
make_all (Fixture *f)
{
  g_free (add_base_with_usage (f, "One"));
  g_free (add_base_with_usage (f, "Two"));
  g_free (add_coupon (f, "Three", "THREE"));
  g_free (add_client (f, "Four"));
}

static void
run_with_fault (const char *order_format, gint skip)
{
  Fixture f = { 0 };
  g_autofree char *order = NULL;

  fixture_set_up (&f, NULL);
  make_all (&f);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  order = g_strdup_printf (order_format, skip);
#pragma GCC diagnostic pop
  g_test_message ("%s", order);
  fault (&f, order);
  sync_all (&f);
  assert_whole (&f);
  /* A second one finds nothing to do. */
  g_assert_cmpuint (sync_all (&f).n_pushed, ==, 0);
  assert_whole (&f);
  fixture_tear_down (&f, NULL);
}

static void
test_at_every_request (gconstpointer data)
{
  for (gint skip = 0; skip < N_REQUESTS; skip += STRIDE)
    run_with_fault (data, skip);
}

static void
add (const char *name, const char *members)
{
  g_autofree char *path = g_strconcat ("/faults/b1-b2-", name, NULL);
  char *order = g_strdup_printf ("{%s,\"match\":\"POST /v1\",\"count\":1,\"skip\":%%d}", members);

  g_test_add_data_func_full (path, order, test_at_every_request, g_free);
}

/* Two lost answers in a row to the same request, then two refusals to hurry. */
static void
test_storm (Fixture *f, gconstpointer data)
{
  make_all (f);
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/prices\",\"count\":2}");
  fault (f, "{\"fault\":\"status\",\"status\":429,\"code\":\"rate_limit\",\"retry_after\":2,"
            "\"match\":\"POST /v1/products\",\"count\":2}");
  sync_all (f);
  assert_whole (f);
}

/* Reads break, too, and a list goes on. */
static void
test_reads (Fixture *f, gconstpointer data)
{
  make_all (f);
  sync_all (f);
  fixture_lose_replica (f);
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"GET /v1/prices\",\"count\":1}");
  fault (f, "{\"fault\":\"truncate\",\"match\":\"GET /v1/products\",\"count\":1}");
  fault (f, "{\"fault\":\"html\",\"match\":\"GET /v1/coupons\",\"count\":1}");
  fault (f, "{\"fault\":\"truncate\",\"match\":\"GET /v1/customers\",\"count\":1}");
  g_assert_cmpuint (sync_all (f).n_pulled, >=, 9);
}

/* Nothing at all gets through: the sync says so, and the queue is as it was. */
static void
test_dead_line (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  RtSyncReport report;
  GError *error = NULL;

  fixture_stop_stripe (f);
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_QUEUED);
  g_clear_error (&error);
  fixture_start_stripe (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "product"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("drop-before", "\"fault\":\"drop_before\"");
  add ("drop-after", "\"fault\":\"drop_after\"");
  add ("truncated", "\"fault\":\"truncate\"");
  add ("captive-portal", "\"fault\":\"html\"");
  add ("redirect", "\"fault\":\"redirect\"");
  add ("429", "\"fault\":\"status\",\"status\":429,\"code\":\"rate_limit\"");
  add ("409", "\"fault\":\"status\",\"status\":409,\"code\":\"lock_timeout\"");
  add ("424", "\"fault\":\"status\",\"status\":424");
  add ("500", "\"fault\":\"status\",\"status\":500");
  add ("503", "\"fault\":\"status\",\"status\":503,\"retry_after\":3");
  add ("executed-then-500",
       "\"fault\":\"execute_then_status\",\"status\":500,\"should_retry\":false");
  ADD ("/faults/storm", test_storm);
  ADD ("/faults/reads", test_reads);
  ADD ("/faults/dead-line", test_dead_line);
  return g_test_run ();
}
