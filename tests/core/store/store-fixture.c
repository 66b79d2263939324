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

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->store);
  remove_tree (f->folder);
  g_free (f->folder);
  g_free (f->path);
  rt_clock_unref (f->clock);
}
