#include "rt-restore.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-backup-private.h"
#include "rt-kind.h"
#include "rt-log.h"
#include "rt-store-private.h"

#define RESTORING ".restoring" /* beside the replica; worthless after a crash */

/* In the order of the statement that takes them in. */
#define CHANGE_COLUMNS                                                                      \
  "id, action, object, object_id, name, fields, state, created_at, settled_at, error_code," \
  " error_message, error_field, base, expires_at, own"
/* What had left may have arrived. */
#define REQUEST_COLUMNS                                                                     \
  "method, path, object, handle, parameters, body, idempotency_key,"                        \
  " iif (state = 'sending', 'unknown', state), n_attempts, first_sent_at, next_attempt_at," \
  " iif (state IN ('sending', 'unknown'), 1, was_unknown), request_id,"                     \
  " iif (state IN ('sending', 'unknown'), ?2, lost_at), stripe_id"
#define N_CHANGE_COLUMNS 15
#define N_REQUEST_COLUMNS 15

enum
{
  CHANGE_ID,
  CHANGE_ACTION,
  CHANGE_OBJECT,
  CHANGE_OBJECT_ID,
  CHANGE_NAME,
  CHANGE_FIELDS,
  CHANGE_STATE,
  CHANGE_CREATED_AT,
};

typedef struct
{
  RtStore *store;
  RtDb *from; /* (borrowed): the copy, brought up to date */
  RtDb *to;   /* (borrowed) */
  RtRestored *restored;
} Restore;

static void
bind_row (sqlite3_stmt *into, int first, sqlite3_stmt *row, int n_columns)
{
  for (int i = 0; i < n_columns; i++)
    sqlite3_bind_value (into, first + i, sqlite3_column_value (row, i));
}

static gboolean
run_bound (Restore *self, sqlite3_stmt *statement, GError **error)
{
  GError *local_error = NULL;

  rt_db_next (self->to, statement, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
restore_drafts (Restore *self, GError **error)
{
  sqlite3_stmt *row
      = rt_db_query (self->from, error, "SELECT form, object_id, texts FROM draft", "");
  GError *local_error = NULL;

  if (row == NULL)
    return FALSE;
  while (rt_db_next (self->from, row, &local_error))
    {
      if (!rt_db_run (self->to, &local_error, "INSERT OR IGNORE INTO draft VALUES (?1, ?2, ?3)",
                      "sss", rt_db_text (row, 0), rt_db_text (row, 1), rt_db_text (row, 2)))
        break;
      self->restored->n_drafts += (guint) rt_db_n_changes (self->to);
    }
  if (local_error == NULL)
    return TRUE;
  rt_db_end (row);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* Open or done here, ended since, of a type of a newer Retainer, or older than what waits. */
static gboolean
is_known (Restore *self, sqlite3_stmt *row, const char *object_id, gint64 seq)
{
  gint64 is_known = 1;

  if (rt_kind_find (rt_db_text (row, CHANGE_OBJECT)) == NULL)
    return TRUE;
  rt_db_get_int (self->to, &is_known, NULL,
                 "SELECT EXISTS (SELECT 1 FROM change WHERE id = ?1)"
                 " OR EXISTS (SELECT 1 FROM log WHERE change_id = ?1)"
                 " OR EXISTS (SELECT 1 FROM change WHERE object = ?2 AND object_id = ?3"
                 " AND state <> 'done' AND created_at > ?4 AND (?5 = 0 OR seq < ?5))",
                 "sssii", rt_db_text (row, CHANGE_ID), rt_db_text (row, CHANGE_OBJECT), object_id,
                 sqlite3_column_int64 (row, CHANGE_CREATED_AT), seq);
  return is_known != 0;
}

/* Its old place in the queue keeps the order, unless another change has it. */
static gint64
choose_seq (Restore *self, gint64 seq)
{
  gint64 is_taken = 1;

  rt_db_get_int (self->to, &is_taken, NULL, "SELECT EXISTS (SELECT 1 FROM change WHERE seq = ?1)",
                 "i", seq);
  return is_taken != 0 ? 0 : seq;
}

/* The objects of Stripe that it is about, as far as nothing is known of them here: the next sync
 * reads them again. */
static gboolean
restore_objects (Restore *self, const char *object, const char *stripe_id, GError **error)
{
  sqlite3_stmt *row
      = rt_db_query (self->from, error,
                     "SELECT object, stripe_id, handle, parent, json, is_deleted FROM stripe_object"
                     " WHERE (object = ?1 AND stripe_id = ?2) OR (?1 = 'product'"
                     " AND object = 'price' AND parent = ?2)",
                     "ss", object, stripe_id);
  GError *local_error = NULL;

  if (row == NULL)
    return FALSE;
  while (rt_db_next (self->from, row, &local_error))
    {
      sqlite3_stmt *into = rt_db_query (
          self->to, &local_error,
          "INSERT OR IGNORE INTO stripe_object (object, stripe_id, handle, parent, json,"
          " is_deleted, asked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
          "");

      if (into == NULL)
        break;
      bind_row (into, 1, row, 6);
      if (!run_bound (self, into, &local_error))
        break;
    }
  if (local_error == NULL)
    return TRUE;
  rt_db_end (row);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* Returns: (transfer full) (nullable): the first text that @sql finds */
static char *
dup_found (RtDb *db, const char *sql, const char *object, const char *key)
{
  sqlite3_stmt *row = rt_db_query (db, NULL, sql, "ss", object, key);
  char *found = NULL;

  if (row != NULL && rt_db_next (db, row, NULL))
    found = g_strdup (rt_db_text (row, 0));
  rt_db_end (row);
  return found;
}

/* What is known here of the object that it is about. */
typedef struct
{
  char *id;        /* (owned): its local id here */
  char *stripe_id; /* (owned) (nullable): as the copy knows it */
} About;

static void
about_clear (About *about)
{
  g_free (about->id);
  g_free (about->stripe_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (About, about_clear)

static void
find_about (Restore *self, const char *object, const char *object_id, About *about)
{
  about->stripe_id
      = dup_found (self->from, "SELECT stripe_id FROM identity WHERE object = ?1 AND id = ?2",
                   object, object_id);
  if (about->stripe_id != NULL)
    about->id = dup_found (self->to, "SELECT id FROM identity WHERE object = ?1 AND stripe_id = ?2",
                           object, about->stripe_id);
  if (about->id == NULL)
    about->id = g_strdup (object_id);
}

static gboolean
restore_about (Restore *self, const char *object, const About *about, GError **error)
{
  return about->stripe_id == NULL
         || (rt_db_run (self->to, error,
                        "INSERT OR IGNORE INTO identity (object, id, stripe_id)"
                        " VALUES (?1, ?2, ?3)",
                        "sss", object, about->id, about->stripe_id)
             && restore_objects (self, object, about->stripe_id, error));
}

/* What was on its way must not be sent half: a person looks. */
static gboolean
refuse_half (Restore *self, gint64 seq, GError **error)
{
  return rt_db_run (self->to, error,
                    "UPDATE request SET state = 'failed' WHERE seq = ?1"
                    " AND state IN ('sending', 'unknown')"
                    " AND EXISTS (SELECT 1 FROM change WHERE seq = ?1 AND state = 'sending')",
                    "i", seq)
         && rt_db_run (self->to, error,
                       "UPDATE change SET state = 'rejected', error_code = 'salvaged',"
                       " error_message = ?2 WHERE seq = ?1 AND state = 'sending'",
                       "is", seq,
                       _ ("Its requests are lost. Look at Stripe whether it was done, then retry "
                          "or discard it."));
}

/* A damaged file may have given one of its requests to another change: that is not overwritten. */
static gboolean
restore_requests (Restore *self, gint64 old_seq, gint64 seq, GError **error)
{
  gboolean is_half = FALSE;
  sqlite3_stmt *row
      = rt_db_query (self->from, error,
                     "SELECT " REQUEST_COLUMNS " FROM request WHERE seq = ?1 ORDER BY row", "ii",
                     old_seq, rt_store_now_at_stripe (self->store));
  GError *local_error = NULL;

  if (row == NULL)
    return FALSE;
  while (rt_db_next (self->from, row, &local_error))
    {
      sqlite3_stmt *into = rt_db_query (
          self->to, &local_error,
          "INSERT OR IGNORE INTO request (seq, method, path, object, handle, parameters, body,"
          " idempotency_key, state, n_attempts, first_sent_at, next_attempt_at, was_unknown,"
          " request_id, lost_at, stripe_id)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
          "i", seq);

      if (into == NULL)
        break;
      bind_row (into, 2, row, N_REQUEST_COLUMNS);
      if (!run_bound (self, into, &local_error))
        break;
      is_half |= rt_db_n_changes (self->to) == 0;
    }
  if (local_error == NULL)
    return !is_half || refuse_half (self, seq, error);
  rt_db_end (row);
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
restore_change (Restore *self, sqlite3_stmt *row, GError **error)
{
  gint64 old_seq = sqlite3_column_int64 (row, N_CHANGE_COLUMNS);
  gint64 seq = choose_seq (self, old_seq);
  const char *object = rt_db_text (row, CHANGE_OBJECT);
  g_auto (About) about = { NULL, NULL };
  sqlite3_stmt *into;

  find_about (self, object, rt_db_text (row, CHANGE_OBJECT_ID), &about);
  if (is_known (self, row, about.id, seq))
    {
      self->restored->n_known++;
      return TRUE;
    }
  if (!restore_about (self, object, &about, error))
    return FALSE;
  into = rt_db_query (self->to, error,
                      "INSERT INTO change (seq, " CHANGE_COLUMNS ") VALUES (nullif (?1, 0), ?2, ?3,"
                      " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
                      "i", seq);
  if (into == NULL)
    return FALSE;
  bind_row (into, 2, row, N_CHANGE_COLUMNS);
  sqlite3_bind_text (into, 2 + CHANGE_OBJECT_ID, about.id, -1, SQLITE_TRANSIENT);
  if (!run_bound (self, into, error)
      || !restore_requests (self, old_seq, rt_db_last_row (self->to), error))
    return FALSE;
  self->restored->n_changes++;
  return rt_kind_find (object)->refresh (self->store, about.id, error);
}

static gboolean
restore_changes (Restore *self, GError **error)
{
  sqlite3_stmt *row = rt_db_query (self->from, error,
                                   "SELECT " CHANGE_COLUMNS
                                   ", seq FROM change WHERE state <> 'done' ORDER BY seq",
                                   "");
  GError *local_error = NULL;

  if (row == NULL)
    return FALSE;
  while (rt_db_next (self->from, row, &local_error))
    if (!restore_change (self, row, &local_error))
      {
        rt_db_end (row);
        g_propagate_error (error, local_error);
        return FALSE;
      }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* What a change waits for: the open one of the same object before it. */
static gboolean
restore_needs (Restore *self, GError **error)
{
  return rt_db_run (self->to, error,
                    "INSERT OR IGNORE INTO change_need (seq, needs) SELECT c.seq, max (p.seq)"
                    " FROM change c JOIN change p ON p.object = c.object"
                    " AND p.object_id = c.object_id AND p.seq < c.seq"
                    " WHERE c.state <> 'done' AND p.state <> 'done' GROUP BY c.seq",
                    "");
}

static gboolean
restore_rows (Restore *self, const char *name, RtSalvageLoss loss, GError **error)
{
  const RtRestored *restored = self->restored;

  if (((loss & RT_SALVAGE_LOST_DRAFTS) != 0 && !restore_drafts (self, error))
      || ((loss & RT_SALVAGE_LOST_CHANGES) != 0 && !restore_changes (self, error)))
    return FALSE;
  if (restored->n_changes > 0
      && (!restore_needs (self, error)
          || !rt_store_set_setting (self->store, "pull-first", "yes", error)))
    return FALSE;
  rt_store_touch (self->store, RT_STORE_QUEUE);
  return restored->n_changes + restored->n_drafts == 0
         || rt_log_add (self->store, &(RtLogEntry){ .event = "restored", .detail = name }, error);
}

/* A copy of the copy, brought up to date: it may be from before an update. */
static RtDb *
open_current (const char *path, const char *restoring, GError **error)
{
  g_autoptr (RtDb) whole = rt_backup_open (path, error);
  g_autoptr (GFile) source = g_file_new_for_path (path);
  g_autoptr (GFile) target = g_file_new_for_path (restoring);
  g_autoptr (RtDb) db = NULL;

  if (whole == NULL)
    {
      /* It would be taken for the replica, which is well. */
      if (error != NULL && g_error_matches (*error, RT_ERROR, RT_ERROR_DAMAGED))
        {
          g_autofree char *name = g_path_get_basename (path);

          g_clear_error (error);
          rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The backup “%s” is damaged."), name);
        }
      return NULL;
    }
  rt_backup_remove (restoring);
  if (!g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL))
    {
      rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The backup could not be copied."));
      return NULL;
    }
  db = rt_db_open (restoring, TRUE, error);
  return db != NULL && rt_db_migrate (db, error) ? g_steal_pointer (&db) : NULL;
}

static gboolean
restore_from (RtStore *store, const char *path, RtSalvageLoss loss, RtRestored *restored,
              GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *restoring = g_strconcat (rt_store_get_path (store), RESTORING, NULL);
  g_autoptr (RtDb) from = open_current (path, restoring, error);
  gboolean is_restored = FALSE;

  *restored = (RtRestored){ 0 };
  if (from != NULL && rt_store_begin (store, error))
    {
      Restore self = { store, from, rt_store_get_writer (store), restored };

      is_restored = restore_rows (&self, name, loss, error);
      is_restored = rt_store_end (store, is_restored, error);
    }
  g_clear_pointer (&from, rt_db_close);
  rt_backup_remove (restoring);
  return is_restored;
}

gboolean
rt_restore_run (RtStore *store, const char *name, RtRestored *restored, GError **error)
{
  g_autofree char *folder = rt_backup_dup_folder (rt_store_get_path (store));
  g_autofree char *base = g_path_get_basename (name); /* never from elsewhere */
  g_autofree char *path = g_build_filename (folder, base, NULL);

  if (restore_from (store, path, RT_SALVAGE_LOST_DRAFTS | RT_SALVAGE_LOST_CHANGES, restored, error))
    return TRUE;
  g_prefix_error (error, "%s ", _ ("Nothing was restored."));
  return FALSE;
}

void
rt_restore_newest (RtStore *store, const char *replica, RtSalvageLoss loss)
{
  g_autoptr (GPtrArray) backups = rt_backup_list (replica);
  g_autofree char *folder = rt_backup_dup_folder (replica);

  for (guint i = 0; i < backups->len; i++)
    {
      const RtBackup *backup = g_ptr_array_index (backups, i);
      g_autofree char *path = g_build_filename (folder, backup->name, NULL);
      RtRestored restored;

      if (!backup->is_good || !restore_from (store, path, loss, &restored, NULL))
        continue;
      if (restored.n_changes + restored.n_drafts > 0)
        rt_store_set_setting (store, "restored-from", backup->name, NULL);
      return;
    }
}
