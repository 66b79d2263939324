#include "rt-term.h"

/* Every word of the table reads back as itself, in each of its two languages. */
static void
test_round_trip (void)
{
  for (int term = RT_TERM_MODEL; term <= RT_TERM_STATE; term++)
    for (guint value = 0; value < rt_term_get_n ((RtTerm) term); value++)
      {
        const char *nick = rt_term_to_nick ((RtTerm) term, (int) value);
        const char *stripe = rt_term_to_stripe ((RtTerm) term, (int) value);

        g_assert_cmpint (rt_term_from_nick ((RtTerm) term, nick), ==,
                         nick != NULL ? (int) value : -1);
        g_assert_cmpint (rt_term_from_stripe ((RtTerm) term, stripe), ==,
                         stripe != NULL ? (int) value : -1);
        g_assert_cmpstr (rt_term_to_label ((RtTerm) term, (int) value), !=, "");
      }
}

static void
test_unknown (void)
{
  g_assert_cmpint (rt_term_from_stripe (RT_TERM_PERIOD, "decade"), ==, -1);
  g_assert_cmpint (rt_term_from_stripe (RT_TERM_PERIOD, NULL), ==, -1);
  g_assert_cmpint (rt_term_from_nick (RT_TERM_METRIC, ""), ==, -1);
  g_assert_cmpstr (rt_term_to_stripe (RT_TERM_METRIC, RT_METRIC_MINUTES), ==, "seconds");
  g_assert_cmpstr (rt_term_to_stripe (RT_TERM_DURATION, RT_DURATION_MONTHS), ==, "repeating");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/term/round-trip", test_round_trip);
  g_test_add_func ("/term/unknown", test_unknown);
  return g_test_run ();
}
