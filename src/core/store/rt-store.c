#include "rt-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "rt-backup-private.h"
#include "rt-json.h"
#include "rt-kind.h"
#include "rt-restore.h"
#include "rt-salvage.h"
#include "rt-store-private.h"

#define MAX_NAMES 1000
#define FRESH ".new"         /* being filled; worthless after a crash */
#define SALVAGED ".salvaged" /* filled; the damaged one has its other name already */

struct _RtStore
{
  GObject parent_instance;

  char *path;
  RtClock *clock;          /* (owned) */
  RtDb *writer;            /* (owned) */
  RtDb *reader;            /* (owned) */
  GMainContext *context;   /* (owned): where `changed` is emitted */
  GThread *writing_thread; /* atomic: who is between begin and end */
  guint depth;             /* of begins within it; these four are guarded by the writer's lock */
  gboolean is_spoilt;      /* a part of it failed */
  JsonObject *at_hand;     /* (borrowed) (nullable) */
  guint touched;
  int announced;       /* atomic: touched and committed, not yet emitted */
  gint64 seen_version; /* of the reader: PRAGMA data_version */
  int skew;            /* atomic: seconds */
};

G_DEFINE_FINAL_TYPE (RtStore, rt_store, G_TYPE_OBJECT)

static guint changed_signal;

static void
rt_store_finalize (GObject *object)
{
  RtStore *self = RT_STORE (object);

  rt_db_close (self->reader);
  rt_db_close (self->writer);
  rt_clock_unref (self->clock);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->path);
  G_OBJECT_CLASS (rt_store_parent_class)->finalize (object);
}

static void
rt_store_class_init (RtStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_store_finalize;
  changed_signal = g_signal_new ("changed", RT_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
rt_store_init (RtStore *self)
{
  self->context = g_main_context_ref_thread_default ();
}

/* Opening holds it shared, setting aside alone: nobody opens a replica that is being exchanged. The
 * kernel drops the lock when its holder dies. */
static int
lock_replica (const char *path, int how, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".set-aside", NULL);
  int lock = g_open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  while (lock >= 0 && flock (lock, how) != 0)
    if (errno != EINTR)
      {
        close (lock);
        lock = -1;
      }
  if (lock < 0)
    rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The lock of the replica cannot be made."));
  return lock;
}

static gboolean
exists (const char *path, const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);

  return g_file_test (name, G_FILE_TEST_EXISTS);
}

/* Damage within a text keeps the file whole to SQLite. What is to be sent must be readable. */
static gboolean
check_queue (RtDb *db, GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error,
                     "SELECT fields, name FROM change WHERE state <> 'done' UNION ALL"
                     " SELECT r.parameters, r.path FROM change c JOIN request r ON r.seq = c.seq"
                     " WHERE c.state <> 'done'",
                     "");

  while (statement != NULL && local_error == NULL && rt_db_next (db, statement, &local_error))
    {
      g_autoptr (JsonObject) object = rt_json_parse (rt_db_text (statement, 0), -1, &local_error);

      if (object != NULL && !g_utf8_validate (rt_db_text (statement, 1), -1, NULL))
        rt_set_error (&local_error, RT_ERROR_DAMAGED, NULL,
                      _ ("The local replica is damaged (%s)."), "UTF-8");
    }
  rt_db_end (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* As it was when last heard of; every sync hears of it before it sends anything. */
static void
load_skew (RtStore *self)
{
  g_autofree char *skew = rt_store_dup_setting (self, RT_STORE_SKEW);

  rt_store_set_skew (self, skew != NULL ? g_ascii_strtoll (skew, NULL, 10) : 0);
}

static RtStore *
open_locked (const char *path, RtClock *clock, GError **error)
{
  g_autoptr (RtStore) self = g_object_new (RT_TYPE_STORE, NULL);

  if (exists (path, RT_DB_SUSPECT))
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The local replica is damaged (%s)."),
                    RT_DB_SUSPECT);
      return NULL;
    }
  self->path = g_strdup (path);
  self->clock = rt_clock_ref (clock);
  self->writer = rt_db_open (path, TRUE, error);
  if (self->writer == NULL || !rt_backup_before_update (self->writer, path, clock, error)
      || !rt_db_migrate (self->writer, error) || !rt_db_check (self->writer, error)
      || !check_queue (self->writer, error))
    return NULL;
  self->reader = rt_db_open (path, FALSE, error);
  if (self->reader == NULL)
    return NULL;
  rt_db_get_int (self->reader, &self->seen_version, NULL, "PRAGMA data_version", "");
  load_skew (self);
  return g_steal_pointer (&self);
}

RtStore *
rt_store_open (const char *path, RtClock *clock, GError **error)
{
  GStatBuf status;
  /* SQLite does not wait for another process that turns a new file to WAL. */
  gboolean is_new = g_stat (path, &status) != 0 || status.st_size == 0;
  int lock = lock_replica (path, is_new ? LOCK_EX : LOCK_SH, error);
  RtStore *self = NULL;

  if (lock < 0)
    return NULL;
  if (exists (path, SALVAGED))
    rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The local replica is being repaired."));
  else
    self = open_locked (path, clock, error);
  close (lock);
  return self;
}

/* Always %FALSE. */
static gboolean
exchange_failed (GError **error)
{
  rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The damaged replica could not be set aside."));
  return FALSE;
}

static void
remove_journal (const char *path)
{
  g_autofree char *journal = g_strconcat (path, "-wal", NULL);
  g_autofree char *index = g_strconcat (path, "-shm", NULL);

  g_unlink (journal);
  g_unlink (index);
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

/* A second name for the damaged file and its journal, never one that is taken. */
static gboolean
keep_aside (const char *path, RtClock *clock)
{
  g_autofree char *journal = g_strconcat (path, "-wal", NULL);

  for (guint i = 0; i < MAX_NAMES; i++)
    {
      g_autofree char *aside = g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT "-%u", path,
                                                rt_clock_now_seconds (clock), i);
      g_autofree char *aside_journal = g_strconcat (aside, "-wal", NULL);

      if (link (path, aside) == 0)
        return link (journal, aside_journal) == 0 || errno == ENOENT;
      if (errno != EEXIST)
        return FALSE;
    }
  return FALSE;
}

/* Everything readable in a new file that is whole on the disk, with nothing left in a journal. */
static gboolean
make_fresh (const char *path, const char *fresh, RtClock *clock, GError **error)
{
  RtStore *store;
  RtSalvageLoss loss = 0;
  gboolean is_filled;

  g_unlink (fresh);
  remove_journal (fresh);
  store = open_locked (fresh, clock, error);
  if (store == NULL)
    return FALSE;
  is_filled = rt_salvage (store, path, &loss, error);
  /* Whether or not that works: what was saved is worth more. Forms in any case: a flipped bit may
   * have given one to another object, and one too many is sent by nobody. */
  if (is_filled)
    rt_restore_newest (store, path, loss | RT_SALVAGE_LOST_DRAFTS);
  g_object_unref (store);
  if (!is_filled)
    return FALSE;
  return (!exists (fresh, "-wal") && sync_to_disk (fresh)) || exchange_failed (error);
}

/* The new one takes the place of the damaged one, whose journal must never meet it. Begun again by
 * the next to open, if this process dies within. */
static gboolean
exchange (const char *path, const char *salvaged, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *suspect = g_strconcat (path, RT_DB_SUSPECT, NULL);

  if (!sync_to_disk (folder))
    return exchange_failed (error);
  remove_journal (path);
  g_unlink (suspect);
  if (!sync_to_disk (folder) || g_rename (salvaged, path) != 0)
    return exchange_failed (error);
  sync_to_disk (folder);
  return TRUE;
}

static RtStore *
set_aside_locked (const char *path, RtClock *clock, GError **error)
{
  g_autofree char *fresh = g_strconcat (path, FRESH, NULL);
  g_autofree char *salvaged = g_strconcat (path, SALVAGED, NULL);
  g_autoptr (GError) reason = NULL;

  if (!exists (path, SALVAGED))
    {
      /* Another process may have repaired it while this one waited for the lock. */
      RtStore *self = open_locked (path, clock, &reason);

      if (self != NULL)
        return self;
      if (!g_error_matches (reason, RT_ERROR, RT_ERROR_DAMAGED))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (!make_fresh (path, fresh, clock, error))
        return NULL;
      if (!keep_aside (path, clock) || g_rename (fresh, salvaged) != 0)
        {
          exchange_failed (error);
          return NULL;
        }
    }
  return exchange (path, salvaged, error) ? open_locked (path, clock, error) : NULL;
}

RtStore *
rt_store_set_aside (const char *path, RtClock *clock, GError **error)
{
  int lock = lock_replica (path, LOCK_EX, error);
  RtStore *self;

  if (lock < 0)
    return NULL;
  self = set_aside_locked (path, clock, error);
  close (lock);
  return self;
}

const char *
rt_store_get_path (RtStore *self)
{
  return self->path;
}

RtClock *
rt_store_get_clock (RtStore *self)
{
  return self->clock;
}

void
rt_store_set_skew (RtStore *self, gint64 skew)
{
  g_atomic_int_set (&self->skew, (int) CLAMP (skew, G_MININT, G_MAXINT));
}

gint64
rt_store_now_at_stripe (RtStore *self)
{
  return rt_clock_now (self->clock) - g_atomic_int_get (&self->skew) * (gint64) G_USEC_PER_SEC;
}

static gboolean
emit_changed_cb (gpointer user_data)
{
  g_autoptr (RtStore) self = g_weak_ref_get (user_data);
  guint what = self != NULL ? (guint) g_atomic_int_and ((guint *) &self->announced, 0) : 0;

  if (what != 0)
    g_signal_emit (self, changed_signal, 0, what);
  return G_SOURCE_REMOVE;
}

static void
weak_free (gpointer weak)
{
  g_weak_ref_clear (weak);
  g_free (weak);
}

static void
announce (RtStore *self, guint what)
{
  g_autoptr (GSource) idle = NULL;
  GWeakRef *weak;

  /* One pending emission serves every commit until it runs. */
  if (what == 0 || g_atomic_int_or ((guint *) &self->announced, what) != 0)
    return;
  /* Never at once, not even in its own thread: listeners must not run inside an action. */
  idle = g_idle_source_new ();
  /* What nobody will run must not keep the file open, with the last changes in its journal. */
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  g_source_set_callback (idle, emit_changed_cb, weak, weak_free);
  g_source_attach (idle, self->context);
}

static gboolean
is_writing (RtStore *self)
{
  return g_atomic_pointer_get (&self->writing_thread) == g_thread_self ();
}

gboolean
rt_store_begin (RtStore *self, GError **error)
{
  if (is_writing (self))
    {
      self->depth++;
      return TRUE;
    }
  rt_db_lock (self->writer);
  if (rt_db_has_moved (self->writer))
    {
      rt_db_unlock (self->writer);
      rt_set_error (error, RT_ERROR_STORAGE, NULL,
                    _ ("Another Retainer has replaced this replica, which was damaged. Nothing was "
                       "saved; start Retainer again."));
      return FALSE;
    }
  if (!rt_db_run (self->writer, error, "BEGIN IMMEDIATE", ""))
    {
      /* It may have begun all the same and then failed. */
      rt_db_run (self->writer, NULL, "ROLLBACK", "");
      rt_db_unlock (self->writer);
      return FALSE;
    }
  self->touched = 0;
  self->is_spoilt = FALSE;
  rt_db_enter (self->writer);
  g_atomic_pointer_set (&self->writing_thread, g_thread_self ());
  /* With what is about to be written, or not at all. */
  return !rt_db_take_bad_index (self->writer) || rt_kind_rebuild_search (self, error)
         || rt_store_end (self, FALSE, NULL);
}

static gboolean
commit (RtStore *self, gboolean is_good, GError **error)
{
  gboolean is_sound = is_good && !self->is_spoilt && !rt_db_has_failed (self->writer);
  gboolean is_committed = is_sound && rt_kind_enter_search (self, error)
                          && rt_db_run (self->writer, error, "COMMIT", "");
  guint touched = self->touched;

  if (is_good && !is_sound)
    rt_set_error (error, RT_ERROR_STORAGE, NULL,
                  _ ("The local replica could not be read. Nothing was changed; try again."));
  if (!is_committed)
    rt_db_run (self->writer, NULL, "ROLLBACK", "");
  rt_db_leave (self->writer);
  g_atomic_pointer_set (&self->writing_thread, NULL);
  rt_db_unlock (self->writer);
  if (is_committed)
    announce (self, touched);
  return is_committed;
}

gboolean
rt_store_end (RtStore *self, gboolean is_good, GError **error)
{
  if (self->depth == 0)
    return commit (self, is_good, error);
  self->depth--;
  self->is_spoilt = self->is_spoilt || !is_good;
  return is_good;
}

RtDb *
rt_store_read (RtStore *self)
{
  RtDb *db = is_writing (self) ? self->writer : self->reader;

  rt_db_lock (db);
  return db;
}

void
rt_store_unread (RtStore *self, RtDb *db)
{
  rt_db_unlock (db);
}

RtDb *
rt_store_get_writer (RtStore *self)
{
  g_return_val_if_fail (is_writing (self), NULL);
  return self->writer;
}

void
rt_store_set_at_hand (RtStore *self, JsonObject *object)
{
  self->at_hand = object;
}

JsonObject *
rt_store_get_at_hand (RtStore *self, const char *object, const char *id)
{
  if (!is_writing (self) || self->at_hand == NULL || g_str_equal (object, "price")
      || g_strcmp0 (rt_json_string (self->at_hand, "object"), object) != 0
      || g_strcmp0 (rt_json_string (self->at_hand, "id"), id) != 0)
    return NULL;
  return self->at_hand;
}

void
rt_store_touch (RtStore *self, RtStoreChanged what)
{
  self->touched |= what;
}

gboolean
rt_store_check (RtStore *self, GError **error)
{
  RtDb *db = rt_store_read (self);
  gint64 n_orphans = 0;
  gboolean is_whole
      = rt_db_check (db, error)
        && rt_db_get_int (db, &n_orphans, error,
                          "SELECT count(*) FROM change c WHERE c.state = 'sending' AND"
                          " NOT EXISTS (SELECT 1 FROM request r WHERE r.seq = c.seq)",
                          "");

  rt_store_unread (self, db);
  if (n_orphans == 0)
    return is_whole;
  rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("A change in the queue has lost its requests."));
  return FALSE;
}

void
rt_store_poll (RtStore *self)
{
  RtDb *db = rt_store_read (self);
  gint64 version = self->seen_version;

  rt_db_get_int (db, &version, NULL, "PRAGMA data_version", "");
  rt_store_unread (self, db);
  if (version != self->seen_version)
    announce (self, RT_STORE_ALL);
  self->seen_version = version;
}

char *
rt_store_dup_setting (RtStore *self, const char *name)
{
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL, "SELECT value FROM setting WHERE name = ?1", "s", name);
  char *value = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    value = g_strdup (rt_db_text (statement, 0));
  rt_db_end (statement);
  rt_store_unread (self, db);
  return value;
}

gboolean
rt_store_set_setting (RtStore *self, const char *name, const char *value, GError **error)
{
  gboolean is_set;

  if (!rt_store_begin (self, error))
    return FALSE;
  is_set = rt_db_run (self->writer, error,
                      "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                      " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                      "ss", name, value);
  rt_store_touch (self, RT_STORE_SETTINGS);
  return rt_store_end (self, is_set, error);
}
