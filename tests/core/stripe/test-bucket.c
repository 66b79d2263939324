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
  gint64 now = G_GINT64_CONSTANT (1795000000000000);

  rt_bucket_init (&bucket, 20);
  rt_bucket_slow_down (&bucket, now);
  g_assert_cmpint (bucket.slowed, ==, 100000);
  /* One that was on its way meanwhile. */
  rt_bucket_slow_down (&bucket, now + 50000);
  g_assert_cmpint (bucket.slowed, ==, 100000);
  for (guint i = 1; i < 20; i++)
    rt_bucket_slow_down (&bucket, now + i * 2 * G_USEC_PER_SEC);
  g_assert_cmpint (bucket.slowed, ==, G_USEC_PER_SEC);
  rt_bucket_recover (&bucket);
  g_assert_cmpint (bucket.slowed, <, G_USEC_PER_SEC);
  for (guint i = 0; i < 600; i++)
    rt_bucket_recover (&bucket);
  g_assert_cmpint (bucket.slowed, ==, 50000);
}

/* Against a ceiling of 3 a second: it adapts, and few requests are put off. */
static void
test_ceiling (void)
{
  RtBucket bucket;
  gint64 now = G_GINT64_CONSTANT (1795000000000000);
  gint64 recent[3] = { 0 };
  guint n_put_off = 0;

  rt_bucket_init (&bucket, 20);
  for (guint i = 0; i < 2000; i++)
    {
      now += rt_bucket_take (&bucket, now);
      if (now - recent[i % 3] < G_USEC_PER_SEC)
        {
          n_put_off++;
          rt_bucket_slow_down (&bucket, now);
        }
      else
        {
          rt_bucket_recover (&bucket);
        }
      recent[i % 3] = now;
    }
  g_test_message ("%u of 2,000 put off", n_put_off);
  g_assert_cmpuint (n_put_off, >, 0);
  g_assert_cmpuint (n_put_off, <=, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bucket/rate", test_rate);
  g_test_add_func ("/bucket/slow-down", test_slow_down);
  g_test_add_func ("/bucket/a22-ceiling", test_ceiling);
  return g_test_run ();
}
