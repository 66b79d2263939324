#include "rt-store-listing.h"

#include <glib/gi18n-lib.h>

#include "rt-store-object.h"
#include "rt-store-private.h"

void
rt_listing_clear (RtListing *listing)
{
  g_clear_pointer (&listing->cursor, g_free);
}

static gboolean
load_unfinished (RtDb *db, const char *name, gint64 not_before, RtListing *listing, GError **error)
{
  sqlite3_stmt *statement
      = rt_db_query (db, error,
                     "SELECT number, started_at, cursor FROM listing WHERE name = ?1"
                     " AND is_complete = 0 AND started_at >= ?2",
                     "si", name, not_before);
  gboolean is_found = statement != NULL && rt_db_next (db, statement, error);

  if (is_found)
    {
      listing->number = sqlite3_column_int64 (statement, 0);
      listing->started_at = sqlite3_column_int64 (statement, 1);
      listing->cursor = g_strdup (rt_db_text (statement, 2));
    }
  rt_db_end (statement);
  return is_found;
}

static gboolean
start_anew (RtDb *db, const char *name, gint64 now, RtListing *listing, GError **error)
{
  if (!rt_db_get_int (db, &listing->number, error, "SELECT ifnull(max(number), 0) + 1 FROM listing",
                      ""))
    return FALSE;
  listing->started_at = now;
  return rt_db_run (db, error,
                    "INSERT INTO listing (name, number, started_at, is_complete)"
                    " VALUES (?1, ?2, ?3, 0) ON CONFLICT (name) DO UPDATE SET number = ?2,"
                    " started_at = ?3, cursor = NULL, is_complete = 0",
                    "sii", name, listing->number, now);
}

gboolean
rt_store_begin_listing (RtStore *self, const char *name, gint64 max_age, RtListing *listing,
                        GError **error)
{
  gint64 now = rt_clock_now (rt_store_get_clock (self));
  GError *local_error = NULL;
  RtDb *db;

  *listing = (RtListing){ 0 };
  if (!rt_store_begin (self, error))
    return FALSE;
  db = rt_store_get_writer (self);
  if (!load_unfinished (db, name, now - max_age, listing, &local_error) && local_error == NULL)
    start_anew (db, name, now, listing, &local_error);
  if (rt_store_end (self, local_error == NULL, error))
    return TRUE;
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
put_page (RtStore *self, const char *name, const RtListing *listing, JsonArray *page,
          gint64 asked_at, gboolean is_last, GError **error)
{
  guint n_objects = json_array_get_length (page);
  const char *cursor = NULL;

  for (guint i = 0; i < n_objects; i++)
    {
      JsonObject *object = rt_json_element (page, i);

      if (object == NULL || rt_json_string (object, "id") == NULL)
        {
          rt_set_error (error, RT_ERROR_DAMAGED, NULL,
                        _ ("A list of Stripe has an entry without id."));
          return FALSE;
        }
      cursor = rt_json_string (object, "id");
      if (!rt_store_put_object (self, object, asked_at, listing->number, error))
        return FALSE;
    }
  return rt_db_run (rt_store_get_writer (self), error,
                    "UPDATE listing SET cursor = ifnull(?3, cursor), is_complete = ?4"
                    " WHERE name = ?1 AND number = ?2",
                    "sisb", name, listing->number, cursor, is_last);
}

gboolean
rt_store_put_page (RtStore *self, const char *name, const RtListing *listing, JsonArray *page,
                   gint64 asked_at, gboolean is_last, GError **error)
{
  if (!rt_store_begin (self, error))
    return FALSE;
  return rt_store_end (self, put_page (self, name, listing, page, asked_at, is_last, error), error);
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
