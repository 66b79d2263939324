#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-keyring-private.h"

RtKeyring *
rt_keyring_ref (RtKeyring *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
rt_keyring_unref (RtKeyring *self)
{
  if (self != NULL && g_atomic_ref_count_dec (&self->references))
    self->free (self);
}

char *
rt_keyring_lookup (RtKeyring *self, const char *account, gboolean is_live,
                   GCancellable *cancellable, GError **error)
{
  return self->lookup (self, account, is_live, cancellable, error);
}

gboolean
rt_keyring_store (RtKeyring *self, const char *account, gboolean is_live, const char *label,
                  const char *key, GCancellable *cancellable, GError **error)
{
  char *stored;
  gboolean is_same;

  if (!self->store (self, account, is_live, label, key, cancellable, error))
    return FALSE;
  stored = self->lookup (self, account, is_live, cancellable, error);
  if (stored == NULL)
    return FALSE;
  is_same = g_str_equal (stored, key);
  explicit_bzero (stored, strlen (stored));
  g_free (stored);
  if (!is_same)
    rt_set_error (error, RT_ERROR_KEY, "key",
                  _ ("The keyring gave back another key than it was given."));
  return is_same;
}

gboolean
rt_keyring_clear (RtKeyring *self, const char *account, gboolean is_live, GCancellable *cancellable,
                  GError **error)
{
  return self->clear (self, account, is_live, cancellable, error);
}
