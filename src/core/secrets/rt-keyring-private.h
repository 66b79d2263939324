#pragma once

#include "rt-keyring.h"

G_BEGIN_DECLS

struct _RtKeyring
{
  gatomicrefcount references;
  char *(*lookup) (RtKeyring *self, const char *account, gboolean is_live,
                   GCancellable *cancellable, GError **error);
  gboolean (*store) (RtKeyring *self, const char *account, gboolean is_live, const char *label,
                     const char *key, GCancellable *cancellable, GError **error);
  gboolean (*clear) (RtKeyring *self, const char *account, gboolean is_live,
                     GCancellable *cancellable, GError **error);
  void (*free) (RtKeyring *self);
};

G_END_DECLS
