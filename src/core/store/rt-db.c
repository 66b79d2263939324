#include "rt-db.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <unistd.h>

#include "rt-store-resources.h"

#define APPLICATION_ID 0x52746e72 /* "Rtnr" */
/* No Retainer will have so many steps: a version beyond is a flipped bit. */
#define MAX_VERSION 10000
#define STEPS "/dev/retainer/Retainer/store/sql/"

struct _RtDb
{
  sqlite3 *connection; /* (owned) */
  GHashTable *cache;   /* (owned) sql → sqlite3_stmt */
  GRecMutex mutex;
  gboolean has_failed; /* since rt_db_enter() */
  gboolean has_bad_index;
  gboolean is_within; /* a transaction */
};

/* Some damage is met by a statement alone, as in an index or in what search keeps, and not by the
 * check at open: noted beside the file for the next to open. */
static void
note_damage (RtDb *self)
{
  const char *path = sqlite3_db_filename (self->connection, "main");
  g_autofree char *name = g_strconcat (path != NULL ? path : "", RT_DB_SUSPECT, NULL);
  int file;

  if (path == NULL || rt_db_has_moved (self))
    return;
  file = g_open (name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0)
    close (file);
}

static gboolean
db_failed (RtDb *self, GError **error)
{
  int code = sqlite3_extended_errcode (self->connection);
  const char *reason = sqlite3_errmsg (self->connection);

  self->has_failed = TRUE;
  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      /* FTS5 calls a failed read of its index "corrupt", too: the file may be whole, and the index
       * can be made anew from it. */
      if (code == SQLITE_CORRUPT_VTAB)
        {
          self->has_bad_index = TRUE;
          rt_set_error (error, RT_ERROR_STORAGE, NULL,
                        _ ("The index for searching was bad and is made anew. Try again."));
          break;
        }
      note_damage (self);
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The local replica is damaged (%s)."),
                    reason);
      break;
    case SQLITE_FULL:
      rt_set_error (error, RT_ERROR_STORAGE, NULL,
                    _ ("The disk is full. Nothing was saved; free some space and try again."));
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      rt_set_error (error, RT_ERROR_BUSY, NULL,
                    _ ("Another Retainer is writing to this account. Try again in a moment."));
      break;
    default:
      rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The local replica could not be used (%s)."),
                    reason);
    }
  return FALSE;
}

static gboolean
configure (RtDb *self, gboolean is_writer, GError **error)
{
  sqlite3_extended_result_codes (self->connection, 1);
  sqlite3_busy_timeout (self->connection, 10000);
  sqlite3_db_config (self->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!is_writer)
    return rt_db_exec (self, "PRAGMA query_only=ON", error);
  if (!rt_db_exec (self, "PRAGMA page_size=" G_STRINGIFY (RT_DB_PAGE_SIZE), error))
    return FALSE;
  /* secure_delete: what was deleted must not come back when a damaged file is read page by page.
   * FULL: a saved form and a claimed request must survive the power cord (TRAPS B1, D7).
   * cache_size, wal_autocheckpoint: what a batch of pages touches stays in memory until its commit,
   * and is not copied from the journal after each. */
  return rt_db_exec (self,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                     " PRAGMA secure_delete=ON; PRAGMA cache_size=-16000;"
                     " PRAGMA wal_autocheckpoint=4000",
                     error);
}

RtDb *
rt_db_open (const char *path, gboolean is_writer, GError **error)
{
  g_autoptr (RtDb) self = g_new0 (RtDb, 1);
  int flags = is_writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;

  g_rec_mutex_init (&self->mutex);
  self->cache = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (is_writer)
    {
      /* Made by hand so that it never exists with another mode; SQLite gives -wal and -shm the
       * same. */
      int file = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

      if (file >= 0)
        close (file);
    }
  if (sqlite3_open_v2 (path, &self->connection, flags | SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK)
    {
      db_failed (self, error);
      return NULL;
    }
  return configure (self, is_writer, error) ? g_steal_pointer (&self) : NULL;
}

void
rt_db_close (RtDb *self)
{
  GHashTableIter iter;
  gpointer statement;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, self->cache);
  while (g_hash_table_iter_next (&iter, NULL, &statement))
    sqlite3_finalize (statement);
  g_hash_table_unref (self->cache);
  sqlite3_close (self->connection);
  g_rec_mutex_clear (&self->mutex);
  g_free (self);
}

gboolean
rt_db_has_moved (RtDb *self)
{
  int has_moved = 0;

  sqlite3_file_control (self->connection, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  return has_moved != 0;
}

void
rt_db_lock (RtDb *self)
{
  g_rec_mutex_lock (&self->mutex);
}

void
rt_db_enter (RtDb *self)
{
  self->has_failed = FALSE;
  self->is_within = TRUE;
}

void
rt_db_leave (RtDb *self)
{
  self->is_within = FALSE;
}

gboolean
rt_db_has_failed (RtDb *self)
{
  return self->has_failed;
}

gboolean
rt_db_take_bad_index (RtDb *self)
{
  gboolean has_bad_index = self->has_bad_index;

  self->has_bad_index = FALSE;
  return has_bad_index;
}

void
rt_db_unlock (RtDb *self)
{
  g_rec_mutex_unlock (&self->mutex);
}

gboolean
rt_db_exec (RtDb *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->connection, sql, NULL, NULL, NULL) == SQLITE_OK
         || db_failed (self, error);
}

static sqlite3_stmt *
prepare (RtDb *self, GError **error, const char *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->cache, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      return statement;
    }
  if (sqlite3_prepare_v3 (self->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
      != SQLITE_OK)
    {
      db_failed (self, error);
      return NULL;
    }
  g_hash_table_insert (self->cache, g_strdup (sql), statement);
  return statement;
}

/* What cannot be bound would be null, and a decision might rest on that. */
static sqlite3_stmt *
bind_valist (RtDb *self, GError **error, sqlite3_stmt *statement, const char *types,
             va_list arguments)
{
  int result = SQLITE_OK;

  for (int i = 0; types[i] != '\0' && result == SQLITE_OK; i++)
    switch (types[i])
      {
      case 's':
        result = sqlite3_bind_text (statement, i + 1, va_arg (arguments, const char *), -1,
                                    SQLITE_TRANSIENT);
        break;
      case 'i':
        result = sqlite3_bind_int64 (statement, i + 1, va_arg (arguments, gint64));
        break;
      case 'b':
        result = sqlite3_bind_int (statement, i + 1, va_arg (arguments, gboolean) != FALSE);
        break;
      default:
        g_assert_not_reached ();
      }
  if (result == SQLITE_OK)
    return statement;
  db_failed (self, error);
  return NULL;
}

static sqlite3_stmt *
query_valist (RtDb *self, GError **error, const char *sql, const char *types, va_list arguments)
{
  sqlite3_stmt *statement;

  /* SQLite ends a transaction by itself when memory or the disk fails; whatever came after that
   * would be committed on its own. */
  if (self->is_within && sqlite3_get_autocommit (self->connection))
    {
      self->has_failed = TRUE;
      rt_set_error (error, RT_ERROR_STORAGE, NULL,
                    _ ("The local replica could not be written. Nothing was changed; try again."));
      return NULL;
    }
  statement = prepare (self, error, sql);
  return statement != NULL ? bind_valist (self, error, statement, types, arguments) : NULL;
}

sqlite3_stmt *
rt_db_query (RtDb *self, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list arguments;

  va_start (arguments, types);
  statement = query_valist (self, error, sql, types, arguments);
  va_end (arguments);
  return statement;
}

gboolean
rt_db_next (RtDb *self, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    db_failed (self, error);
  rt_db_end (statement);
  return FALSE;
}

void
rt_db_end (sqlite3_stmt *statement)
{
  if (statement == NULL)
    return;
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

static gboolean
run_statement (RtDb *self, sqlite3_stmt *statement, GError **error)
{
  gboolean is_done;

  if (statement == NULL)
    return FALSE;
  is_done = sqlite3_step (statement) == SQLITE_DONE || db_failed (self, error);
  rt_db_end (statement);
  return is_done;
}

gboolean
rt_db_run (RtDb *self, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list arguments;

  va_start (arguments, types);
  statement = query_valist (self, error, sql, types, arguments);
  va_end (arguments);
  return run_statement (self, statement, error);
}

const char *
rt_db_text (sqlite3_stmt *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

gboolean
rt_db_get_int (RtDb *self, gint64 *value, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  GError *local_error = NULL;
  va_list arguments;

  va_start (arguments, types);
  statement = query_valist (self, error, sql, types, arguments);
  va_end (arguments);
  if (statement == NULL)
    return FALSE;
  *value = 0;
  if (rt_db_next (self, statement, &local_error))
    *value = sqlite3_column_int64 (statement, 0);
  rt_db_end (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

int
rt_db_n_changes (RtDb *self)
{
  return sqlite3_changes (self->connection);
}

gint64
rt_db_last_row (RtDb *self)
{
  return sqlite3_last_insert_rowid (self->connection);
}

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* By hand: a linker drops the constructor of a resource in a static library. */
static GResource *
get_resource (void)
{
  static gsize is_registered = 0;

  if (g_once_init_enter (&is_registered))
    {
      rt_store_register_resource ();
      g_once_init_leave (&is_registered, 1);
    }
  return rt_store_get_resource ();
}

static gboolean
migrate_step (RtDb *self, const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (STEPS, name, NULL);
  g_autoptr (GBytes) sql
      = g_resource_lookup_data (get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  /* GResource data is NUL-terminated. */
  return sql != NULL && rt_db_exec (self, g_bytes_get_data (sql, NULL), error);
}

/* How many steps the file has seen; -1 if it is none of ours, or newer. */
static gint64
get_version (RtDb *self, guint n_steps, GError **error)
{
  gint64 version, application_id;

  if (!rt_db_get_int (self, &version, error, "PRAGMA user_version", "")
      || !rt_db_get_int (self, &application_id, error, "PRAGMA application_id", ""))
    return -1;
  if (application_id != (version == 0 ? 0 : APPLICATION_ID) || version < 0 || version > MAX_VERSION)
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("This file is not a replica of Retainer."));
      return -1;
    }
  if (version <= n_steps)
    return version;
  rt_set_error (error, RT_ERROR_NEWER, NULL,
                _ ("This account was last opened by a newer Retainer. Please update Retainer."));
  return -1;
}

static gboolean
migrate (RtDb *self, char **names, guint n_steps, GError **error)
{
  gint64 version = get_version (self, n_steps, error);
  g_autofree char *end = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%u",
                                          APPLICATION_ID, n_steps);

  if (version < 0)
    return FALSE;
  for (guint i = (guint) version; i < n_steps; i++)
    if (!migrate_step (self, names[i], error))
      return FALSE;
  return rt_db_exec (self, end, error) && rt_db_exec (self, "COMMIT", error);
}

gboolean
rt_db_migrate (RtDb *self, GError **error)
{
  g_auto (GStrv) names = g_resource_enumerate_children (get_resource (), STEPS, 0, error);
  gint64 version;
  guint n_steps;

  if (names == NULL)
    return FALSE;
  n_steps = g_strv_length (names);
  qsort (names, n_steps, sizeof *names, compare_names);
  version = get_version (self, n_steps, error);
  if (version < 0 || version == n_steps)
    return version == n_steps;
  /* Asked again under the lock: another process may have been faster. */
  if (!rt_db_exec (self, "BEGIN EXCLUSIVE", error))
    return FALSE;
  if (migrate (self, names, n_steps, error))
    return TRUE;
  rt_db_exec (self, "ROLLBACK", NULL);
  return FALSE;
}

gboolean
rt_db_get_outdated (RtDb *self, gint64 *version, GError **error)
{
  g_auto (GStrv) names = g_resource_enumerate_children (get_resource (), STEPS, 0, error);
  guint n_steps = names != NULL ? g_strv_length (names) : 0;
  gint64 found = names != NULL ? get_version (self, n_steps, error) : -1;

  *version = found > 0 && found < n_steps ? found : 0;
  return found >= 0;
}

gboolean
rt_db_check (RtDb *self, GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (self, error, "PRAGMA quick_check(1)", "");
  gboolean is_whole = FALSE;

  if (statement == NULL)
    return FALSE;
  if (rt_db_next (self, statement, &local_error))
    {
      is_whole = g_strcmp0 (rt_db_text (statement, 0), "ok") == 0;
      if (!is_whole)
        rt_set_error (&local_error, RT_ERROR_DAMAGED, NULL,
                      _ ("The local replica is damaged (%s)."), rt_db_text (statement, 0));
    }
  rt_db_end (statement);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return is_whole;
}
