#include "store-fixture.h"

#include <glib/gstdio.h>

void
fixture_open (Fixture *f)
{
  GError *error = NULL;

  f->store = rt_store_open (f->path, f->clock, &error);
  g_assert_no_error (error);
}

void
fixture_set_up_folder (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("retainer-store-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "replica.db", NULL);
  f->clock = rt_clock_new_fake (G_GINT64_CONSTANT (1795000000000000));
}

void
fixture_set_up (Fixture *f, gconstpointer data)
{
  fixture_set_up_folder (f, data);
  fixture_open (f);
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (f->folder, 0, NULL);
  const char *name;

  g_clear_object (&f->store);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_remove (f->folder);
  g_free (f->folder);
  g_free (f->path);
  rt_clock_unref (f->clock);
}
