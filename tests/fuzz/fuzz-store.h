#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "rt-store.h"

static char *fuzz_path;

static inline void
fuzz_store_remove (void)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", ".set-aside" };
  g_autofree char *folder = g_path_get_dirname (fuzz_path);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (fuzz_path, suffixes[i], NULL);

      g_remove (file);
    }
  g_rmdir (folder);
}

/* One replica for all inputs, made at the first; nothing of it is worth keeping. */
static inline RtStore *
fuzz_store (void)
{
  static RtStore *store;

  if (store == NULL)
    {
      g_autoptr (RtClock) clock = rt_clock_new_fake (G_GINT64_CONSTANT (1795000000000000));
      g_autofree char *folder = g_dir_make_tmp ("retainer-fuzz-XXXXXX", NULL);

      fuzz_path = g_build_filename (folder, "replica.db", NULL);
      store = rt_store_open (fuzz_path, clock, NULL);
      g_assert_nonnull (store);
      atexit (fuzz_store_remove);
    }
  return store;
}
