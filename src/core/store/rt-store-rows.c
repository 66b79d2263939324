#include <glib/gi18n-lib.h>

#include "rt-store-private.h"

/* The words as an FTS5 query, each a prefix; %NULL: there are none. */
static char *
dup_query (const char *search)
{
  g_autoptr (GString) query = g_string_new (NULL);
  g_auto (GStrv) words = g_strsplit_set (search != NULL ? search : "", " \t\n\"", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (query, "\"%s\"* ", words[i]);
  return query->len > 0 ? g_string_free (g_steal_pointer (&query), FALSE) : NULL;
}

GArray *
rt_store_rows (RtStore *self, const char *table, const RtFilter *filter, GError **error)
{
  static const char *const orders[]
      = { [RT_SORT_NAME] = "name, row", [RT_SORT_NEWEST] = "created_at DESC, row DESC" };
  g_autofree char *query = dup_query (filter->search);
  g_autofree char *match
      = g_strdup_printf ("row IN (SELECT rowid FROM %1$s_search WHERE %1$s_search MATCH ?2)",
                         table);
  /* Only names of tables and columns are printed in; values are bound. */
  g_autofree char *sql = g_strdup_printf (
      "SELECT row FROM %s WHERE is_archived = ?1 AND %s ORDER BY %s LIMIT ?3 OFFSET ?4", table,
      query != NULL ? match : "?2 IS NULL", orders[filter->sort]);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *local_error = NULL;
  sqlite3_stmt *statement;
  RtDb *db;

  db = rt_store_read (self);
  statement = rt_db_query (db, &local_error, sql, "bsii", filter->archived, query,
                           filter->limit > 0 ? (gint64) filter->limit : (gint64) -1,
                           (gint64) filter->offset);
  while (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      gint64 row = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rows, row);
    }
  rt_store_unread (self, db);
  if (local_error == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, local_error);
  return NULL;
}

/* An id is never ambiguous; a name may be. */
gint64
rt_store_find_row (RtStore *self, const char *table, const char *handle, const char *key,
                   GError **error)
{
  g_autofree char *by_id
      = g_strdup_printf ("SELECT row FROM %1$s WHERE id = ?1 OR stripe_id = ?1 OR %2$s = ?1"
                         " ORDER BY id = ?1 DESC, stripe_id IS ?1 DESC",
                         table, handle);
  g_autofree char *by_name
      = g_strdup_printf ("SELECT row, id FROM %s WHERE name = ?1 COLLATE BINARY ORDER BY row",
                         table);
  g_autoptr (GString) candidates = g_string_new (NULL);
  RtDb *db = rt_store_read (self);
  gint64 row = 0;
  guint n_rows = 0;

  rt_db_get_int (db, &row, NULL, by_id, "s", key);
  if (row == 0)
    {
      sqlite3_stmt *statement = rt_db_query (db, NULL, by_name, "s", key);

      while (statement != NULL && rt_db_next (db, statement, NULL))
        {
          row = sqlite3_column_int64 (statement, 0);
          g_string_append_printf (candidates, n_rows++ > 0 ? ", %s" : "%s",
                                  rt_db_text (statement, 1));
        }
    }
  rt_store_unread (self, db);
  if (row == 0)
    rt_set_error (error, RT_ERROR_NOT_FOUND, NULL, _ ("There is no “%s”."), key);
  if (n_rows > 1)
    rt_set_error (error, RT_ERROR_NOT_FOUND, NULL, _ ("Several are called “%s”. Use an id: %s"),
                  key, candidates->str);
  return n_rows > 1 ? 0 : row;
}
