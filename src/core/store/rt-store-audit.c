#include "rt-store-audit.h"

#include "rt-store-private.h"

void
rt_stored_object_clear (RtStoredObject *self)
{
  g_clear_pointer (&self->text, g_free);
  self->row = 0;
}

gboolean
rt_store_read_stored (RtStore *self, const char *object, const char *stripe_id,
                      RtStoredObject *stored, GError **error)
{
  RtDb *db = rt_store_read (self);
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (db, &local_error,
                                         "SELECT row, json, asked_at, is_deleted FROM stripe_object"
                                         " WHERE object = ?1 AND stripe_id = ?2",
                                         "ss", object, stripe_id);

  *stored = (RtStoredObject){ 0 };
  if (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      stored->row = sqlite3_column_int64 (statement, 0);
      stored->text = g_strdup (rt_db_text (statement, 1));
      stored->asked_at = sqlite3_column_int64 (statement, 2);
      stored->is_deleted = sqlite3_column_int (statement, 3) != 0;
    }
  rt_db_end (statement);
  rt_store_unread (self, db);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

GPtrArray *
rt_store_list_unseen (RtStore *self, const char *object, GHashTable *seen, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  RtDb *db = rt_store_read (self);
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error,
                     "SELECT row, stripe_id FROM stripe_object WHERE object = ?1"
                     " AND is_deleted = 0 ORDER BY row",
                     "s", object);

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    if (!g_hash_table_contains (seen, GSIZE_TO_POINTER (sqlite3_column_int64 (statement, 0))))
      g_ptr_array_add (ids, g_strdup (rt_db_text (statement, 1)));
  rt_store_unread (self, db);
  if (local_error == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, local_error);
  return NULL;
}
