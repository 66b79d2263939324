#include "rt-stripe-key.h"

static void
test_kinds (void)
{
  static const struct
  {
    const char *key;
    gboolean is_good, is_live, is_restricted;
  } rows[] = {
    { "sk_test_abc", TRUE, FALSE, FALSE },
    { "rk_test_abc", TRUE, FALSE, TRUE },
    { "sk_live_abc", TRUE, TRUE, FALSE },
    { "rk_live_abc", TRUE, TRUE, TRUE },
    { "pk_test_abc", FALSE },
    { "pk_live_abc", FALSE },
    { "sk_org_abc", FALSE },
    { "rk_org_live_abc", FALSE },
    { "ek_test_abc", FALSE },
    { "whsec_abc", FALSE },
    { "", FALSE },
    { NULL, FALSE },
    { "sk_test_", FALSE },
    { "sk_test_a b", FALSE },
    { "sk_test_a\r\nHost: x", FALSE },
    { "hello", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean is_live = FALSE, is_restricted = FALSE;
      GError *error = NULL;

      g_test_message ("%s", rows[i].key);
      g_assert_cmpint (rt_stripe_key_check (rows[i].key, &is_live, &is_restricted, &error), ==,
                       rows[i].is_good);
      g_assert_cmpint (is_live, ==, rows[i].is_live);
      g_assert_cmpint (is_restricted, ==, rows[i].is_restricted);
      if (!rows[i].is_good)
        g_assert_cmpstr (rt_error_get_field (error), ==, "key");
      g_clear_error (&error);
    }
}

static void
test_bases (void)
{
  static const struct
  {
    const char *base;
    gboolean test, live;
  } rows[] = {
    { "https://api.stripe.com", TRUE, TRUE },
    { "http://127.0.0.1:8080", TRUE, FALSE },
    { "http://localhost:1", TRUE, FALSE },
    { "http://[::1]:9", TRUE, FALSE },
    { "https://127.0.0.1", FALSE, FALSE },
    { "http://api.stripe.com", FALSE, FALSE },
    { "https://api.stripe.com.evil.example", FALSE, FALSE },
    { "http://127.0.0.1.evil.example", FALSE, FALSE },
    { "http://localhost@evil.example", FALSE, FALSE },
    { "http://evil.example/127.0.0.1", FALSE, FALSE },
    { "file:///etc/passwd", FALSE, FALSE },
    { "", FALSE, FALSE },
    { "nonsense", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].base);
      g_assert_cmpint (rt_stripe_check_base (rows[i].base, FALSE, NULL), ==, rows[i].test);
      g_assert_cmpint (rt_stripe_check_base (rows[i].base, TRUE, NULL), ==, rows[i].live);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key/kinds", test_kinds);
  g_test_add_func ("/key/bases", test_bases);
  rt_stripe_key_free (NULL);
  rt_stripe_key_free (g_strdup ("sk_test_x"));
  return g_test_run ();
}
