#include "rt-backup.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "rt-backup-private.h"
#include "rt-store-private.h"
#include "rt-ulid.h"

#define FOLDER ".backups"
#define SUFFIX ".db"
#define MAKING ".making"      /* worthless after a crash */
#define ABANDONED (24 * 3600) /* seconds; before that another process may be at it */
#define DAILY_LENGTH (sizeof "2026-11-24" SUFFIX - 1)
#define MADE_AT "backup-at" /* setting of a copy: seconds */

/* What a copy takes along. Of the same schema, so columns stand in the same order. */
#define OPEN "SELECT seq FROM source.change WHERE state <> 'done'"
#define ABOUT                                                                            \
  "source.change c JOIN source.identity i ON i.object = c.object AND i.id = c.object_id" \
  " WHERE c.state <> 'done'"

static const char *const copying[] = {
  "INSERT INTO main.draft SELECT * FROM source.draft",
  "INSERT INTO main.change SELECT * FROM source.change WHERE state <> 'done'",
  "INSERT INTO main.change_need SELECT * FROM source.change_need WHERE seq IN (" OPEN ")"
  " AND needs IN (" OPEN ")",
  "INSERT INTO main.request SELECT * FROM source.request WHERE seq IN (" OPEN ")",
  "INSERT INTO main.identity SELECT DISTINCT i.* FROM " ABOUT,
  "INSERT INTO main.stripe_object SELECT * FROM source.stripe_object WHERE (object, stripe_id) IN"
  " (SELECT i.object, i.stripe_id FROM " ABOUT ") OR (object = 'price' AND parent IN"
  " (SELECT i.stripe_id FROM " ABOUT " AND c.object = 'product'))",
};

void
rt_backup_free (RtBackup *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

char *
rt_backup_dup_folder (const char *replica)
{
  return g_strconcat (replica, FOLDER, NULL);
}

void
rt_backup_remove (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal", RT_DB_SUSPECT };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

static gboolean
sync_to_disk (const char *path)
{
  int file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean is_synced = file >= 0 && fsync (file) == 0;

  if (file >= 0)
    close (file);
  return is_synced;
}

/* Local, as people count days. */
static char *
dup_time (RtClock *clock, const char *format)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (rt_clock_now_seconds (clock));

  return g_date_time_format (now, format);
}

static gboolean
make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The folder %s cannot be used."), folder);
  return FALSE;
}

RtDb *
rt_backup_open (const char *path, GError **error)
{
  g_autoptr (RtDb) db = NULL;
  gint64 version = 0;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *name = g_path_get_basename (path);

      rt_set_error (error, RT_ERROR_NOT_FOUND, NULL, _ ("There is no backup “%s”."), name);
      return NULL;
    }
  db = rt_db_open (path, FALSE, error);
  if (db == NULL || !rt_db_check (db, error)
      || !rt_db_get_int (db, &version, error, "PRAGMA user_version", ""))
    return NULL;
  if (version > 0)
    return g_steal_pointer (&db);
  rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("This file is not a replica of Retainer."));
  return NULL;
}

static gint64
get_number (RtDb *db, const char *sql)
{
  gint64 number = 0;

  rt_db_get_int (db, &number, NULL, sql, "");
  return number;
}

static RtBackup *
look_at (const char *folder, const char *name)
{
  RtBackup *self = g_new0 (RtBackup, 1);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *suspect = g_strconcat (path, RT_DB_SUSPECT, NULL);
  g_autoptr (RtDb) db = rt_backup_open (path, NULL);
  GStatBuf status;

  self->name = g_strdup (name);
  if (g_stat (path, &status) == 0)
    self->made_at = status.st_mtime;
  g_unlink (suspect); /* it is looked at each time */
  if (db == NULL)
    return self;
  self->is_good = TRUE;
  self->n_changes = (guint) get_number (db, "SELECT count(*) FROM change WHERE state <> 'done'");
  self->n_drafts = (guint) get_number (db, "SELECT count(*) FROM draft");
  if (get_number (db, "SELECT value FROM setting WHERE name = '" MADE_AT "'") > 0)
    self->made_at = get_number (db, "SELECT value FROM setting WHERE name = '" MADE_AT "'");
  return self;
}

static int
compare_backups (gconstpointer a, gconstpointer b)
{
  const RtBackup *first = *(RtBackup *const *) a, *second = *(RtBackup *const *) b;

  if (first->made_at != second->made_at)
    return first->made_at > second->made_at ? -1 : 1;
  /* Within one second: what a person asked for has the time in its name and came after. */
  if (strlen (first->name) != strlen (second->name))
    return strlen (first->name) > strlen (second->name) ? -1 : 1;
  return strcmp (second->name, first->name);
}

GPtrArray *
rt_backup_list (const char *replica)
{
  GPtrArray *backups = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_backup_free);
  g_autofree char *path = rt_backup_dup_folder (replica);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (backups, look_at (path, name));
  g_ptr_array_sort (backups, compare_backups);
  return backups;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) b, *(char *const *) a);
}

/* The oldest by name, which is by day: what cannot be read must not push out what can. */
static void
remove_old (const char *path)
{
  g_autoptr (GPtrArray) daily = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (strlen (name) == DAILY_LENGTH ? daily : others,
                       g_build_filename (path, name, NULL));
  g_ptr_array_sort (daily, compare_names);
  g_ptr_array_sort (others, compare_names);
  for (guint i = RT_BACKUP_KEEP; i < daily->len; i++)
    rt_backup_remove (g_ptr_array_index (daily, i));
  for (guint i = RT_BACKUP_KEEP; i < others->len; i++)
    rt_backup_remove (g_ptr_array_index (others, i));
}

/* What a crash left half made. */
static void
remove_abandoned (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      GStatBuf status;

      if (strstr (name, MAKING) != NULL && g_stat (file, &status) == 0
          && status.st_mtime < g_get_real_time () / G_USEC_PER_SEC - ABANDONED)
        g_unlink (file);
    }
}

/* Gives a copy that is whole and on the disk its name. */
static gboolean
publish (const char *making, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (RtDb) db = rt_backup_open (making, error);

  if (db == NULL)
    return FALSE;
  g_clear_pointer (&db, rt_db_close);
  if (g_chmod (making, 0600) == 0 && sync_to_disk (making) && g_rename (making, path) == 0)
    {
      sync_to_disk (folder);
      remove_old (folder);
      remove_abandoned (folder);
      return TRUE;
    }
  rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The backup could not be saved."));
  return FALSE;
}

/* One transaction sees one state of the replica, whoever writes to it meanwhile. */
static gboolean
copy_rows (RtDb *db, gint64 now, GError **error)
{
  g_autofree char *made_at = g_strdup_printf ("%" G_GINT64_FORMAT, now);

  if (!rt_db_exec (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (copying); i++)
    if (!rt_db_run (db, error, copying[i], ""))
      return FALSE;
  return rt_db_run (db, error, "INSERT INTO main.setting VALUES ('" MADE_AT "', ?1)", "s", made_at)
         && rt_db_exec (db, "COMMIT", error)
         && rt_db_exec (db, "DETACH source", error)
         /* One file, which can be read where nothing can be written. */
         && rt_db_exec (db, "PRAGMA journal_mode=DELETE", error);
}

static gboolean
fill (RtStore *store, const char *path, GError **error)
{
  g_autoptr (RtDb) db = rt_db_open (path, TRUE, error);

  return db != NULL && rt_db_migrate (db, error)
         && rt_db_run (db, error, "ATTACH ?1 AS source", "s", rt_store_get_path (store))
         && copy_rows (db, rt_clock_now_seconds (rt_store_get_clock (store)), error);
}

/* A name of its own: another process may be at it, too. */
static char *
dup_making (const char *folder, RtClock *clock)
{
  g_autofree char *unique = rt_ulid_new (clock);

  return g_strconcat (folder, G_DIR_SEPARATOR_S, unique, MAKING, NULL);
}

RtBackup *
rt_backup_create (RtStore *store, const char *name, GError **error)
{
  RtClock *clock = rt_store_get_clock (store);
  g_autofree char *folder = rt_backup_dup_folder (rt_store_get_path (store));
  g_autofree char *by_time = dup_time (clock, "%Y-%m-%d-%H%M%S" SUFFIX);
  g_autofree char *making = dup_making (folder, clock);
  gboolean is_made;

  if (name == NULL)
    name = by_time;
  is_made = make_folder (folder, error) && fill (store, making, error)
            && publish (making, folder, name, error);
  rt_backup_remove (making);
  if (is_made)
    return look_at (folder, name);
  g_prefix_error (error, "%s ", _ ("No backup was made."));
  return NULL;
}

static gboolean
has_something (RtStore *store)
{
  RtDb *db = rt_store_read (store);
  gint64 n = get_number (db, "SELECT EXISTS (SELECT 1 FROM change WHERE state <> 'done')"
                             " OR EXISTS (SELECT 1 FROM draft)");

  rt_store_unread (store, db);
  return n > 0;
}

gboolean
rt_backup_daily (RtStore *store, GError **error)
{
  g_autofree char *folder = rt_backup_dup_folder (rt_store_get_path (store));
  g_autofree char *name = dup_time (rt_store_get_clock (store), "%Y-%m-%d" SUFFIX);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (RtBackup) backup = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS) || !has_something (store))
    return TRUE;
  backup = rt_backup_create (store, name, error);
  return backup != NULL;
}

gboolean
rt_backup_before_update (RtDb *db, const char *replica, RtClock *clock, GError **error)
{
  g_autofree char *folder = rt_backup_dup_folder (replica);
  g_autofree char *making = dup_making (folder, clock);
  g_autofree char *name = NULL;
  g_autofree char *time = dup_time (clock, "%Y-%m-%d-%H%M%S");
  gint64 version = 0;
  gboolean is_made;

  if (!rt_db_get_outdated (db, &version, error))
    return FALSE;
  if (version == 0)
    return TRUE;
  name = g_strdup_printf ("%s-version-%d" SUFFIX, time, (int) version);
  is_made = make_folder (folder, error) && rt_db_run (db, error, "VACUUM INTO ?1", "s", making)
            && publish (making, folder, name, error);
  rt_backup_remove (making);
  if (!is_made)
    g_prefix_error (error, "%s ", _ ("No backup was made before the update."));
  return is_made;
}

JsonObject *
rt_backup_to_json (const RtBackup *self)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_utc (self->made_at);
  g_autofree char *made_text = made != NULL ? g_date_time_format_iso8601 (made) : NULL;

  json_object_set_string_member (object, "name", self->name);
  rt_json_set_string (object, "made", made_text);
  json_object_set_int_member (object, "changes", self->n_changes);
  json_object_set_int_member (object, "drafts", self->n_drafts);
  json_object_set_boolean_member (object, "good", self->is_good);
  return object;
}
