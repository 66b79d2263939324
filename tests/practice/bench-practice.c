/* How long the in-process door takes. usage: bench-practice [N] */

#include <stdlib.h>
#include <string.h>

#include "rt-practice.h"

#define NOW G_GINT64_CONSTANT (1795000000)

static guint
call (RtPractice *practice, const char *method, const char *path, const char *body, const char *key)
{
  RtPracticeMessage message = {
    .method = method,
    .path = path,
    .body = body,
    .authorization = "Bearer sk_test_bench",
    .key = key,
    .version = "2026-10-28.endive",
  };
  RtPracticeReply reply;
  guint status;

  rt_practice_call (practice, &message, &reply);
  status = reply.status;
  if (status != 200)
    g_error ("%s %s: %u %s", method, path, status, reply.body);
  rt_practice_reply_clear (&reply);
  return status;
}

static void
tell (const char *what, gint64 since, guint n)
{
  g_print ("%-28s %8.2f us\n", what, (double) (g_get_monotonic_time () - since) / n);
}

static void
bench_new (RtClock *clock, guint n)
{
  gint64 since = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RtPractice) practice = rt_practice_new (clock, NULL, NULL);

      rt_practice_set_seed (practice, i);
      call (practice, "POST", "/v1/products", "id=p&name=x", "k1");
      call (practice, "POST", "/v1/customers", "name=x", "k2");
      call (practice, "GET", "/v1/products/p", NULL, NULL);
      call (practice, "GET", "/v1/events?limit=100", NULL, NULL);
    }
  tell (n == 1 ? "first account, 4 calls" : "account with 4 calls", since, n);
}

static void
bench_repeat (RtPractice *practice, const char *method, const char *path, const char *body, guint n)
{
  g_autofree char *name = g_strdup_printf ("%s %s", method, path);
  gboolean is_post = g_str_equal (method, "POST");
  gint64 since = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    {
      char key[40], form[400];

      g_snprintf (key, sizeof key, "%.20s-%u", strrchr (path, '/'), i);
      if (is_post)
        g_snprintf (form, sizeof form, "%s%u", body, i);
      call (practice, method, path, is_post ? form : NULL, is_post ? key : NULL);
    }
  tell (name, since, n);
}

int
main (int argc, char **argv)
{
  g_autoptr (RtClock) clock = rt_clock_new_fake (NOW * G_USEC_PER_SEC);
  g_autoptr (RtPractice) practice = NULL;
  guint n = argc > 1 ? (guint) atoi (argv[1]) : 5000;

  bench_new (clock, 1);
  bench_new (clock, n / 10);
  practice = rt_practice_new (clock, NULL, NULL);
  rt_practice_set_seed (practice, 1);
  bench_repeat (practice, "GET", "/v1/balance", NULL, n);
  bench_repeat (practice, "POST", "/v1/products", "name=x&id=p", n);
  bench_repeat (practice, "GET", "/v1/products/p1", NULL, n);
  bench_repeat (practice, "POST", "/v1/products/p1", "name=y", n);
  bench_repeat (practice, "POST", "/v1/customers", "email=a%40b.c&metadata[a]=b&name=x", n);
  bench_repeat (practice, "POST", "/v1/prices",
                "product=p1&currency=usd&recurring[interval]=month&unit_amount=", n);
  bench_repeat (practice, "GET", "/v1/products?limit=10", NULL, n);
  bench_repeat (practice, "GET", "/v1/events?limit=100", NULL, n / 5);
  return 0;
}
