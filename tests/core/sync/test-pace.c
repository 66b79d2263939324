/* How fast Stripe is asked (API-GUIDE §2, rate limits). */

#include "sync-fixture.h"

/* How long a full list takes, by the clock. */
static gint64
time_list (Fixture *f)
{
  gint64 started = rt_clock_now (f->clock);
  RtSyncReport report;
  GError *error = NULL;

  sync_once (f, RT_SYNC_PULL | RT_SYNC_FULL, &report, &error);
  g_assert_no_error (error);
  return rt_clock_now (f->clock) - started;
}

/* A pace that was slowed down is kept by the next process, and regained slowly (TRAPS A22). */
static void
test_kept (Fixture *f, gconstpointer data)
{
  gint64 usual, slow, later;
  RtSyncReport report;

  time_list (f);
  usual = time_list (f);
  fault (f, "{\"fault\":\"status\",\"status\":429,\"code\":\"rate_limit\",\"count\":4,"
            "\"match\":\"GET /v1/customers\"}");
  sync_once (f, RT_SYNC_PULL | RT_SYNC_FULL, &report, NULL);
  clear_faults (f);
  fixture_reopen (f);
  slow = time_list (f);
  g_assert_cmpint (slow, >, 4 * usual);
  later = slow;
  for (guint i = 0; i < 60; i++)
    later = time_list (f);
  g_assert_cmpint (later, <, 2 * usual);
}

/* When Stripe says when to come back, nobody comes before, whatever the question met whether it was
 * done. Found by the simulator. */
static void
test_retry_after (Fixture *f, gconstpointer data)
{
  RtSyncReport report;

  g_free (add_client (f, "Ada"));
  fault (f, "{\"fault\":\"status\",\"status\":503,\"should_retry\":false,\"retry_after\":600,"
            "\"count\":1,\"match\":\"POST /v1/customers\"}");
  fault (f, "{\"fault\":\"status\",\"status\":500,\"count\":0,\"match\":\"GET /v1/events\"}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  rt_clock_advance (f->clock, HOUR / 12);
  sync_once (f, RT_SYNC_PUSH, &report, NULL);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpint (count_requests (f, "POST /v1/customers"), ==, 1);
  rt_clock_advance (f->clock, HOUR / 6);
  sync_once (f, RT_SYNC_PUSH, &report, NULL);
  g_assert_cmpuint (report.n_pending, ==, 0);
  g_assert_cmpint (count_requests (f, "POST /v1/customers"), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/pace/a22-kept", test_kept);
  ADD ("/pace/retry-after", test_retry_after);
  return g_test_run ();
}
