#include "rt-store-listing.h"

#include <glib/gi18n-lib.h>

#include "rt-store-object.h"
#include "rt-store-private.h"

RtListingWindow *
rt_listing_window_new (gint64 created_from, gint64 created_to)
{
  RtListingWindow *self = g_new0 (RtListingWindow, 1);

  self->created_from = created_from;
  self->created_to = created_to;
  return self;
}

RtListingWindow *
rt_listing_window_copy (const RtListingWindow *window)
{
  RtListingWindow *self = rt_listing_window_new (window->created_from, window->created_to);

  self->last_created = window->last_created;
  self->cursor = g_strdup (window->cursor);
  return self;
}

void
rt_listing_window_free (RtListingWindow *self)
{
  if (self == NULL)
    return;
  g_free (self->cursor);
  g_free (self);
}

void
rt_page_free (RtPage *self)
{
  if (self == NULL)
    return;
  g_free (self->list);
  json_array_unref (self->objects);
  g_ptr_array_unref (self->texts);
  g_array_unref (self->splits);
  rt_listing_window_free (self->window);
  g_free (self);
}

RtListingWindow *
rt_page_new_window (const RtPage *page, guint index)
{
  gboolean is_oldest = index + 1 == page->splits->len;

  return rt_listing_window_new (is_oldest ? page->created_from
                                          : g_array_index (page->splits, gint64, index + 1),
                                g_array_index (page->splits, gint64, index));
}

static gboolean
load_windows (RtDb *db, const char *name, GPtrArray *windows, GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error,
                     "SELECT created_from, created_to, last_created, cursor FROM listing_window"
                     " WHERE name = ?1 ORDER BY created_from DESC",
                     "s", name);

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      RtListingWindow *window = rt_listing_window_new (sqlite3_column_int64 (statement, 0),
                                                       sqlite3_column_int64 (statement, 1));

      window->last_created = sqlite3_column_int64 (statement, 2);
      window->cursor = g_strdup (rt_db_text (statement, 3));
      g_ptr_array_add (windows, window);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
rt_store_restart_listing (RtStore *self, const char *name, GError **error)
{
  RtDb *db = rt_store_get_writer (self);

  return rt_db_run (db, error, "DELETE FROM listing_window WHERE name = ?1", "s", name)
         && rt_db_run (db, error,
                       "INSERT INTO listing (name, number, started_at, is_complete) VALUES (?1,"
                       " (SELECT ifnull(max(number), 0) + 1 FROM listing), ?2, 0)"
                       " ON CONFLICT (name) DO UPDATE SET number = excluded.number,"
                       " started_at = excluded.started_at, is_complete = 0",
                       "si", name, rt_clock_now (rt_store_get_clock (self)))
         && rt_db_run (db, error,
                       "INSERT INTO listing_window (name, created_from, created_to, last_created)"
                       " VALUES (?1, 0, 0, 0)",
                       "s", name);
}

static gboolean
resume_listing (RtStore *self, const char *name, gint64 *number, GPtrArray *windows, GError **error)
{
  RtDb *db = rt_store_get_writer (self);

  if (!rt_db_get_int (db, number, error, "SELECT number FROM listing WHERE name = ?1", "s", name))
    return FALSE;
  if (*number == 0
      && (!rt_store_restart_listing (self, name, error)
          || !rt_db_get_int (db, number, error, "SELECT number FROM listing WHERE name = ?1", "s",
                             name)))
    return FALSE;
  return load_windows (db, name, windows, error);
}

GPtrArray *
rt_store_resume_listing (RtStore *self, const char *name, gint64 *number, GError **error)
{
  g_autoptr (GPtrArray) windows
      = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_listing_window_free);
  gboolean is_resumed;

  if (!rt_store_begin (self, error))
    return NULL;
  is_resumed = resume_listing (self, name, number, windows, error);
  return rt_store_end (self, is_resumed, error) ? g_steal_pointer (&windows) : NULL;
}

static gboolean
put_objects (RtStore *self, const RtPage *page, GError **error)
{
  guint n_objects = json_array_get_length (page->objects);

  for (guint i = 0; i < n_objects; i++)
    {
      JsonObject *object = rt_json_element (page->objects, i);

      if (rt_json_string (object, "id") == NULL)
        {
          rt_set_error (error, RT_ERROR_DAMAGED, NULL,
                        _ ("A list of Stripe has an entry without id."));
          return FALSE;
        }
      if (!rt_store_put_verbatim (self, object, g_ptr_array_index (page->texts, i), page->asked_at,
                                  page->number, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
end_window (RtDb *db, const RtPage *page, GError **error)
{
  return rt_db_run (db, error, "DELETE FROM listing_window WHERE name = ?1 AND created_from = ?2",
                    "si", page->list, page->created_from)
         && rt_db_run (db, error,
                       "UPDATE listing SET is_complete = NOT EXISTS (SELECT 1 FROM listing_window w"
                       " WHERE w.name = ?1) WHERE name = ?1 AND number = ?2",
                       "si", page->list, page->number);
}

static gboolean
add_window (RtDb *db, const char *list, const RtListingWindow *window, GError **error)
{
  return rt_db_run (db, error,
                    "INSERT INTO listing_window (name, created_from, created_to, last_created)"
                    " VALUES (?1, ?2, ?3, 0)",
                    "sii", list, window->created_from, window->created_to);
}

static gboolean
move_window (RtDb *db, const RtPage *page, GError **error)
{
  /* First, for the oldest part begins where this window did. */
  gboolean is_moved
      = rt_db_run (db, error,
                   "UPDATE listing_window SET created_from = ?3, last_created = ?4, cursor = ?5"
                   " WHERE name = ?1 AND created_from = ?2",
                   "siiis", page->list, page->created_from, page->window->created_from,
                   page->window->last_created, page->window->cursor);

  for (guint i = 0; i < page->splits->len && is_moved; i++)
    {
      g_autoptr (RtListingWindow) window = rt_page_new_window (page, i);

      is_moved = add_window (db, page->list, window, error);
    }
  return is_moved;
}

gboolean
rt_store_put_pages (RtStore *self, GPtrArray *pages, GError **error)
{
  RtDb *db;
  gboolean is_put = TRUE;

  if (!rt_store_begin (self, error))
    return FALSE;
  db = rt_store_get_writer (self);
  for (guint i = 0; i < pages->len && is_put; i++)
    {
      const RtPage *page = g_ptr_array_index (pages, i);

      is_put = put_objects (self, page, error)
               && (page->is_last ? end_window (db, page, error) : move_window (db, page, error));
    }
  return rt_store_end (self, is_put, error);
}

gboolean
rt_store_rewind_window (RtStore *self, const char *list, RtListingWindow *window, GError **error)
{
  gint64 created_to = window->last_created > 0 ? window->last_created + 1 : window->created_to;

  if (!rt_store_begin (self, error)
      || !rt_store_end (self,
                        rt_db_run (rt_store_get_writer (self), error,
                                   "UPDATE listing_window SET created_to = ?3, cursor = NULL"
                                   " WHERE name = ?1 AND created_from = ?2",
                                   "sii", list, window->created_from, created_to),
                        error))
    return FALSE;
  window->created_to = created_to;
  g_clear_pointer (&window->cursor, g_free);
  return TRUE;
}

GPtrArray *
rt_store_missing (RtStore *self, const char *object, gint64 since, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  RtDb *db = rt_store_read (self);
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error,
                     "SELECT stripe_id FROM stripe_object WHERE object = ?1 AND is_deleted = 0"
                     " AND listing < ?2",
                     "si", object, since);

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    g_ptr_array_add (ids, g_strdup (rt_db_text (statement, 0)));
  rt_store_unread (self, db);
  if (local_error == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, local_error);
  return NULL;
}

guint
rt_store_count_objects (RtStore *self, const char *object)
{
  RtDb *db = rt_store_read (self);
  gint64 n_objects = 0;

  rt_db_get_int (db, &n_objects, NULL,
                 "SELECT count(*) FROM stripe_object WHERE object = ?1 AND is_deleted = 0", "s",
                 object);
  rt_store_unread (self, db);
  return (guint) n_objects;
}
