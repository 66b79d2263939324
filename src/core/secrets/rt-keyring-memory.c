#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-keyring-private.h"

typedef struct
{
  RtKeyring parent;
  GMutex mutex;
  GHashTable *keys; /* (owned) account → key */
} MemoryKeyring;

static void
wipe (gpointer key)
{
  explicit_bzero (key, strlen (key));
  g_free (key);
}

static char *
memory_lookup (RtKeyring *keyring, const char *account, gboolean is_live, GCancellable *cancellable,
               GError **error)
{
  MemoryKeyring *self = (MemoryKeyring *) keyring;
  char *key;

  g_mutex_lock (&self->mutex);
  key = g_strdup (g_hash_table_lookup (self->keys, account));
  g_mutex_unlock (&self->mutex);
  if (key == NULL)
    rt_set_error (error, RT_ERROR_KEY, "key", _ ("There is no key for this account."));
  return key;
}

static gboolean
memory_store (RtKeyring *keyring, const char *account, gboolean is_live, const char *label,
              const char *key, GCancellable *cancellable, GError **error)
{
  MemoryKeyring *self = (MemoryKeyring *) keyring;

  g_mutex_lock (&self->mutex);
  g_hash_table_insert (self->keys, g_strdup (account), g_strdup (key));
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gboolean
memory_clear (RtKeyring *keyring, const char *account, gboolean is_live, GCancellable *cancellable,
              GError **error)
{
  MemoryKeyring *self = (MemoryKeyring *) keyring;

  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->keys, account);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static void
memory_free (RtKeyring *keyring)
{
  MemoryKeyring *self = (MemoryKeyring *) keyring;

  g_hash_table_unref (self->keys);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

RtKeyring *
rt_keyring_new_memory (void)
{
  MemoryKeyring *self = g_new0 (MemoryKeyring, 1);

  self->parent.lookup = memory_lookup;
  self->parent.store = memory_store;
  self->parent.clear = memory_clear;
  self->parent.free = memory_free;
  g_atomic_ref_count_init (&self->parent.references);
  g_mutex_init (&self->mutex);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, wipe);
  return &self->parent;
}
