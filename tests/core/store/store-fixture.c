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

RtDraft *
draft (const char *field, ...)
{
  RtDraft *self = rt_draft_new (RT_NUMBER_PLAIN);
  va_list arguments;

  va_start (arguments, field);
  for (; field != NULL; field = va_arg (arguments, const char *))
    rt_draft_set (self, field, va_arg (arguments, const char *));
  va_end (arguments);
  return self;
}

guint
count_changes (Fixture *f)
{
  g_autoptr (GPtrArray) changes = rt_change_list (f->store, NULL);

  return changes->len;
}

RtChange *
get_change (Fixture *f, guint index)
{
  g_autoptr (GPtrArray) changes = rt_change_list (f->store, NULL);

  g_assert_cmpuint (index, <, changes->len);
  return rt_change_ref (g_ptr_array_index (changes, index));
}

RtRequest *
claim (Fixture *f)
{
  RtRequest *request = NULL;
  gint64 due_at;
  GError *error = NULL;

  g_assert_true (rt_queue_claim (f->store, &request, &due_at, &error));
  g_assert_no_error (error);
  return request;
}

void
assert_nothing_to_send (Fixture *f)
{
  g_autoptr (RtRequest) request = claim (f);

  g_assert_null (request);
}
