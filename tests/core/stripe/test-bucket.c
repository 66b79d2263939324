#include "rt-stripe-bucket.h"

/* In any second from the start no more than the rate and a short burst leave. */
static void
test_rate (void)
{
  RtBucket bucket;
  gint64 now = G_GINT64_CONSTANT (1795000000000000);
  guint n_left = 0;

  rt_bucket_init (&bucket, 20);
  for (guint i = 0; i < 1000; i++)
    if (rt_bucket_take (&bucket, now) < G_USEC_PER_SEC)
      n_left++;
  g_assert_cmpuint (n_left, >=, 20);
  g_assert_cmpuint (n_left, <=, 26);
}

static void
test_slow_down (void)
{
  RtBucket bucket;

  rt_bucket_init (&bucket, 20);
  rt_bucket_slow_down (&bucket);
  g_assert_cmpint (bucket.slowed, ==, 100000);
  for (guint i = 0; i < 20; i++)
    rt_bucket_slow_down (&bucket);
  g_assert_cmpint (bucket.slowed, ==, G_USEC_PER_SEC);
  rt_bucket_recover (&bucket);
  g_assert_cmpint (bucket.slowed, <, G_USEC_PER_SEC);
  for (guint i = 0; i < 200; i++)
    rt_bucket_recover (&bucket);
  g_assert_cmpint (bucket.slowed, ==, 50000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bucket/rate", test_rate);
  g_test_add_func ("/bucket/slow-down", test_slow_down);
  return g_test_run ();
}
