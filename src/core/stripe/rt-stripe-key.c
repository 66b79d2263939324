#include "rt-stripe-key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *prefix;
  gboolean is_accepted, is_live, is_restricted;
  const char *message;
} kinds[] = {
  { "sk_test_", TRUE, FALSE, FALSE, NULL },
  { "rk_test_", TRUE, FALSE, TRUE, NULL },
  { "sk_live_", TRUE, TRUE, FALSE, NULL },
  { "rk_live_", TRUE, TRUE, TRUE, NULL },
  { "pk_", FALSE, FALSE, FALSE,
    N_ ("This is a publishable key; it cannot read or write billing data. Use a restricted key "
        "(rk_…) or a secret key (sk_…).") },
  { "sk_org_", FALSE, FALSE, FALSE,
    N_ ("This is an organization key. Use a key of one account (rk_… or sk_…).") },
  { "rk_org_", FALSE, FALSE, FALSE,
    N_ ("This is an organization key. Use a key of one account (rk_… or sk_…).") },
  { "ek_", FALSE, FALSE, FALSE,
    N_ ("This is an ephemeral key for mobile apps. Use a restricted key (rk_…).") },
  { "whsec_", FALSE, FALSE, FALSE,
    N_ ("This is a webhook signing secret, not a key. Use a restricted key (rk_…).") },
};

gboolean
rt_stripe_key_check (const char *key, gboolean *is_live, gboolean *is_restricted, GError **error)
{
  for (guint i = 0; key != NULL && i < G_N_ELEMENTS (kinds); i++)
    {
      if (!g_str_has_prefix (key, kinds[i].prefix))
        continue;
      if (!kinds[i].is_accepted)
        {
          rt_set_error (error, RT_ERROR_INVALID, "key", "%s", _ (kinds[i].message));
          return FALSE;
        }
      if (strlen (key) > 255 || strlen (key) < strlen (kinds[i].prefix) + 1)
        break;
      for (const char *c = key; *c != '\0'; c++)
        if (!g_ascii_isalnum (*c) && *c != '_')
          {
            rt_set_error (error, RT_ERROR_INVALID, "key",
                          _ ("This key has characters that no key has. Copy it again."));
            return FALSE;
          }
      if (is_live != NULL)
        *is_live = kinds[i].is_live;
      if (is_restricted != NULL)
        *is_restricted = kinds[i].is_restricted;
      return TRUE;
    }
  rt_set_error (error, RT_ERROR_INVALID, "key",
                _ ("This is not a key of Stripe. Keys begin with rk_test_, rk_live_, sk_test_ or "
                   "sk_live_."));
  return FALSE;
}

void
rt_stripe_key_free (char *key)
{
  if (key == NULL)
    return;
  explicit_bzero (key, strlen (key));
  g_free (key);
}

gboolean
rt_stripe_check_base (const char *base, gboolean is_live, GError **error)
{
  static const char *const loopbacks[] = { "127.0.0.1", "::1", "localhost" };
  g_autoptr (GUri) uri = NULL;

  if (g_str_equal (base, RT_STRIPE_HOST))
    return TRUE;
  uri = g_uri_parse (base, G_URI_FLAGS_NONE, NULL);
  if (uri != NULL && g_str_equal (g_uri_get_scheme (uri), "http")
      && g_uri_get_userinfo (uri) == NULL && g_uri_get_host (uri) != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (loopbacks); i++)
      if (g_str_equal (g_uri_get_host (uri), loopbacks[i]))
        {
          if (!is_live)
            return TRUE;
          rt_set_error (error, RT_ERROR_INVALID, "key",
                        _ ("A live key is only ever sent to Stripe itself, not to %s."), base);
          return FALSE;
        }
  rt_set_error (error, RT_ERROR_INVALID, NULL,
                _ ("RETAINER_API_BASE must be http:// on this very machine, not %s."), base);
  return FALSE;
}
