#include "rt-clock.h"

static gboolean
fired_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_timer (RtClock *clock, gint64 delay)
{
  g_autoptr (GSource) source = rt_clock_timer_new (clock, delay);
  gboolean has_fired = FALSE;

  g_source_set_callback (source, fired_cb, &has_fired, NULL);
  g_source_attach (source, NULL);
  while (!has_fired)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_fake (void)
{
  g_autoptr (RtClock) clock = rt_clock_new_fake (1000000);

  g_assert_cmpint (rt_clock_now (clock), ==, 1000000);
  rt_clock_advance (clock, 2 * G_USEC_PER_SEC);
  g_assert_cmpint (rt_clock_now_seconds (clock), ==, 3);
  /* An hour passes in a moment. */
  run_timer (clock, 3600 * (gint64) G_USEC_PER_SEC);
  g_assert_cmpint (rt_clock_now_seconds (clock), ==, 3603);
}

static void
test_system (void)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  gint64 before = g_get_real_time ();

  run_timer (clock, 2000);
  g_assert_cmpint (rt_clock_now (clock) - before, >=, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/fake", test_fake);
  g_test_add_func ("/clock/system", test_system);
  return g_test_run ();
}
