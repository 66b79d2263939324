#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "rt-keyring-private.h"

/* The attributes let a person find the key in their password manager, and nothing else. */
static const SecretSchema schema = {
  "dev.retainer.Retainer",
  SECRET_SCHEMA_NONE,
  {
      { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "mode", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

#define ATTRIBUTES(account, is_live) "account", (account), "mode", (is_live) ? "live" : "test", NULL

static void
keyring_locked (GError **error)
{
  rt_set_error (error, RT_ERROR_KEY, "key",
                _ ("The keyring is locked. Unlock it, or use the key only for this run."));
}

static void
keyring_failed (GError *reason, GError **error)
{
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    rt_set_error (error, RT_ERROR_KEY, "key", _ ("The keyring was not unlocked."));
  else if (g_error_matches (reason, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    keyring_locked (error);
  else
    rt_set_error (error, RT_ERROR_KEY, "key",
                  _ ("There is no keyring on this system (%s). The key can be used only for this "
                     "run."),
                  reason->message);
  g_error_free (reason);
}

/* A lookup without result is not "no key": a locked keyring answers just the same. */
static gboolean
is_locked (const char *account, gboolean is_live, GCancellable *cancellable)
{
  g_autoptr (GHashTable) attributes
      = secret_attributes_build (&schema, ATTRIBUTES (account, is_live));
  GList *items
      = secret_password_searchv_sync (&schema, attributes, SECRET_SEARCH_NONE, cancellable, NULL);
  gboolean has_locked = FALSE;

  for (GList *item = items; item != NULL; item = item->next)
    if (SECRET_IS_ITEM (item->data) && secret_item_get_locked (item->data))
      has_locked = TRUE;
  g_list_free_full (items, g_object_unref);
  return has_locked;
}

/* Without a screen nobody can answer a prompt, and the service waits half a minute to find out. */
static gboolean
can_be_asked (void)
{
  return g_getenv ("DISPLAY") != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL;
}

static char *
libsecret_lookup (RtKeyring *self, const char *account, gboolean is_live, GCancellable *cancellable,
                  GError **error)
{
  GError *reason = NULL;
  char *secret, *key;

  if (!can_be_asked () && is_locked (account, is_live, cancellable))
    {
      keyring_locked (error);
      return NULL;
    }
  secret
      = secret_password_lookup_sync (&schema, cancellable, &reason, ATTRIBUTES (account, is_live));
  if (reason != NULL)
    {
      keyring_failed (reason, error);
      return NULL;
    }
  if (secret == NULL && is_locked (account, is_live, cancellable))
    {
      keyring_locked (error);
      return NULL;
    }
  if (secret == NULL)
    {
      rt_set_error (error, RT_ERROR_KEY, "key",
                    _ ("The keyring has no key for this account. Enter it again; everything stays "
                       "in the queue."));
      return NULL;
    }
  key = g_strdup (secret);
  secret_password_free (secret);
  return key;
}

static gboolean
libsecret_store (RtKeyring *self, const char *account, gboolean is_live, const char *label,
                 const char *key, GCancellable *cancellable, GError **error)
{
  GError *reason = NULL;

  if (secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, key, cancellable,
                                  &reason, ATTRIBUTES (account, is_live)))
    return TRUE;
  if (reason == NULL)
    reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "dismissed");
  keyring_failed (reason, error);
  return FALSE;
}

static gboolean
libsecret_clear (RtKeyring *self, const char *account, gboolean is_live, GCancellable *cancellable,
                 GError **error)
{
  GError *reason = NULL;

  secret_password_clear_sync (&schema, cancellable, &reason, ATTRIBUTES (account, is_live));
  if (reason == NULL)
    return TRUE;
  keyring_failed (reason, error);
  return FALSE;
}

static void
libsecret_free (RtKeyring *self)
{
  g_free (self);
}

RtKeyring *
rt_keyring_new_libsecret (void)
{
  RtKeyring *self = g_new0 (RtKeyring, 1);

  self->lookup = libsecret_lookup;
  self->store = libsecret_store;
  self->clear = libsecret_clear;
  self->free = libsecret_free;
  g_atomic_ref_count_init (&self->references);
  return self;
}
