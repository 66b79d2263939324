#include "rt-practice-auth.h"

#include <string.h>

#include "rt-practice-error.h"

/* The key of a Bearer header, or the user of a Basic one. */
static char *
key_of (const char *authorization)
{
  g_autofree guchar *decoded = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (authorization == NULL)
    return NULL;
  if (g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0)
    return g_strstrip (g_strdup (authorization + 7));
  if (g_ascii_strncasecmp (authorization, "Basic ", 6) != 0)
    return NULL;
  decoded = g_base64_decode (authorization + 6, &length);
  text = g_strndup ((char *) decoded, length);
  return g_strndup (text, strcspn (text, ":"));
}

/* A key is never repeated in an answer. */
static char *
mask (const char *key)
{
  gsize shown = strcspn (key, "_");

  return shown < 8 && key[shown] == '_' ? g_strdup_printf ("%.*s_***", (int) shown, key)
                                        : g_strdup ("***");
}

static gboolean
check_key (const char *key, GError **error)
{
  g_autofree char *masked = mask (key);

  if (g_str_has_prefix (key, "pk_"))
    {
      rt_practice_refuse (error, 403, "secret_key_required", NULL,
                          "This API call cannot be made with a publishable API key. Please use a "
                          "secret API key.");
      return FALSE;
    }
  if (strstr (key, "revoked") != NULL)
    {
      rt_practice_refuse (error, 401, "api_key_expired", NULL, "Expired API Key provided: %s",
                          masked);
      return FALSE;
    }
  if (g_str_has_prefix (key, "sk_test_") || g_str_has_prefix (key, "rk_test_"))
    return TRUE;
  rt_practice_refuse (error, 401, NULL, NULL, "Invalid API Key provided: %s", masked);
  return FALSE;
}

static gboolean
check_headers (const RtPracticeRequest *request, const char *account, GError **error)
{
  if (request->version != NULL && !g_str_equal (request->version, RT_PRACTICE_VERSION))
    rt_practice_refuse (error, 400, NULL, NULL, "Invalid Stripe API version: %s", request->version);
  else if (request->account != NULL && !g_str_equal (request->account, account))
    rt_practice_refuse (error, 403, "account_invalid", NULL,
                        "The provided key does not have access to account '%s' (or that account "
                        "does not exist).",
                        request->account);
  else if (request->key != NULL
           && (*request->key == '\0' || strlen (request->key) > RT_PRACTICE_KEY_MAX))
    rt_practice_refuse (error, 400, NULL, NULL, "Idempotency keys must be 1 to %d characters long",
                        RT_PRACTICE_KEY_MAX);
  else
    return TRUE;
  return FALSE;
}

char *
rt_practice_auth_check (const RtPracticeRequest *request, const char *account, GError **error)
{
  g_autofree char *key = key_of (request->authorization);

  if (key == NULL || *key == '\0')
    {
      rt_practice_refuse (error, 401, NULL, NULL,
                          "You did not provide an API key. You need to provide your API key in the "
                          "Authorization header, using Bearer auth.");
      return NULL;
    }
  if (!check_key (key, error) || !check_headers (request, account, error))
    return NULL;
  return g_steal_pointer (&key);
}

gboolean
rt_practice_auth_permits (const char *key, const RtPracticeRoute *route, GError **error)
{
  g_autofree char *lack = g_strconcat ("no", route->resource, NULL);
  gboolean is_read = g_str_equal (route->method, "GET");
  /* Nothing can be written of these: there the key lacks reading. */
  gboolean is_read_only = g_str_equal (route->resource, "account")
                          || g_str_equal (route->resource, "balance")
                          || g_str_equal (route->resource, "events");

  if (!g_str_has_prefix (key, "rk_") || strstr (key, lack) == NULL || (is_read && !is_read_only))
    return TRUE;
  rt_practice_refuse (error, 403, NULL, NULL,
                      "The provided key 'rk_***' does not have the required permissions for this "
                      "endpoint. Having the '%s' permission for %s would allow this request to "
                      "continue.",
                      is_read ? "read" : "write", route->resource);
  return FALSE;
}
