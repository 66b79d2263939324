/* Copies of what Stripe cannot give back (TRAPS D1, D2, D4). */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "rt-backup.h"
#include "rt-change.h"
#include "rt-db.h"
#include "rt-log.h"
#include "rt-queue.h"
#include "rt-restore.h"
#include "store-fixture.h"

#define DAY (24 * 3600 * (gint64) G_USEC_PER_SEC)
#define N_CHANGES 30
#define N_DRAFTS 50
#ifdef __SANITIZE_ADDRESS__
#define N_ROUNDS 20u
#else
#define N_ROUNDS (g_test_slow () ? 1000u : 200u)
#endif

static char *
dup_id (guint number)
{
  return g_strdup_printf ("01ARZ3NDEKTSV4RRFFQ69G%04u", number);
}

static void
add_product (Fixture *f, guint number)
{
  g_autofree char *id = dup_id (number);
  g_autofree char *name = g_strdup_printf ("Product %04u", number);
  g_autofree char *text = g_strdup_printf (
      "{\"name\":\"%s\",\"model\":\"base\",\"amount\":\"1.00\",\"currency\":\"usd\","
      "\"period\":\"month\",\"tax\":\"exclusive\"}",
      name);
  g_autoptr (JsonObject) fields = rt_json_parse (text, -1, NULL);

  g_assert_true (rt_store_begin (f->store, NULL));
  g_assert_true (rt_store_end (
      f->store, rt_queue_add (f->store, &(RtEdit){ "create", "product", id, name, fields }, NULL),
      NULL));
}

static gboolean
keep_draft (Fixture *f, const char *id, const RtDraft *draft, GError **error)
{
  g_autofree char *texts = rt_draft_to_json (draft);

  return rt_store_keep_draft (f->store, "product", id, texts, error);
}

static void
add_draft (Fixture *f, guint number)
{
  g_autofree char *id = dup_id (number);
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);

  rt_draft_set (draft, "name", "As typed");
  rt_draft_set (draft, "description", id);
  g_assert_true (keep_draft (f, id, draft, NULL));
}

static void
fill (Fixture *f)
{
  for (guint i = 0; i < N_CHANGES; i++)
    add_product (f, i);
  for (guint i = 0; i < N_DRAFTS; i++)
    add_draft (f, i);
}

static GPtrArray *change_ids; /* (nullable): of utf8, in the order of the queue */

/* By its own id or by that of its object: a flipped bit in one of them is seen by nobody. */
static void
assert_filled (Fixture *f, const char *about)
{
  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autofree char *id = dup_id (i);
      g_autoptr (RtChange) change = rt_change_find (f->store, id, NULL);

      if (change == NULL && change_ids != NULL)
        change = rt_change_find (f->store, g_ptr_array_index (change_ids, i), NULL);
      if (change == NULL)
        g_error ("%s: change %u is lost", about, i);
    }
  for (guint i = 0; i < N_DRAFTS; i++)
    {
      g_autofree char *id = dup_id (i);
      g_autoptr (RtDraft) draft = rt_store_dup_draft (f->store, "product", id, RT_NUMBER_PLAIN);

      if (draft == NULL)
        g_error ("%s: draft %u is lost", about, i);
    }
}

static GPtrArray *
dup_change_ids (Fixture *f)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) changes = rt_change_list (f->store, NULL);

  for (guint i = 0; i < changes->len; i++)
    g_ptr_array_add (ids, g_strdup (((RtChange *) g_ptr_array_index (changes, i))->id));
  return ids;
}

static int
mode_of (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return (int) (status.st_mode & 0777);
}

static void
test_d1_daily (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = rt_backup_dup_folder (f->path);
  g_autofree char *first = g_build_filename (folder, "2026-11-18.db", NULL);
  GError *error = NULL;

  g_assert_true (rt_backup_daily (f->store, &error));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS)); /* of nothing there is no copy */
  fill (f);
  for (guint day = 0; day < RT_BACKUP_KEEP + 6; day++)
    {
      g_autoptr (GPtrArray) backups = NULL;
      const RtBackup *newest;

      for (guint i = 0; i < 2; i++)
        g_assert_true (rt_backup_daily (f->store, &error));
      g_assert_no_error (error);
      backups = rt_backup_list (f->path);
      g_assert_cmpuint (backups->len, ==, MIN (day + 1, RT_BACKUP_KEEP));
      newest = g_ptr_array_index (backups, 0);
      g_assert_true (newest->is_good);
      g_assert_cmpuint (newest->n_changes, ==, N_CHANGES);
      g_assert_cmpuint (newest->n_drafts, ==, N_DRAFTS);
      g_assert_cmpint (newest->made_at, ==, rt_clock_now_seconds (f->clock));
      if (day == 0)
        {
          g_assert_cmpint (mode_of (folder), ==, 0700);
          g_assert_cmpint (mode_of (first), ==, 0600);
        }
      rt_clock_advance (f->clock, DAY);
    }
  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));
}

/* Made by hand they push no daily one out. */
static void
test_d1_by_hand (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) backups = NULL;

  fill (f);
  g_assert_true (rt_backup_daily (f->store, NULL));
  for (guint i = 0; i < RT_BACKUP_KEEP + 3; i++)
    {
      g_autoptr (RtBackup) backup = NULL;

      rt_clock_advance (f->clock, G_USEC_PER_SEC);
      backup = rt_backup_create (f->store, NULL, NULL);
      g_assert_true (backup->is_good);
    }
  backups = rt_backup_list (f->path);
  g_assert_cmpuint (backups->len, ==, RT_BACKUP_KEEP + 1);
}

/* Whatever happens to the file: drafts and changes come back from the newest good copy. */
static void
test_d1_random_bytes (Fixture *f, gconstpointer data)
{
  GRand *random = g_rand_new_with_seed (11);
  g_autofree char *folder = rt_backup_dup_folder (f->path);
  g_autofree char *broken = g_build_filename (folder, "2099-01-01.db", NULL);
  g_autofree char *whole = NULL;
  guint n_restored = 0;
  gsize length;

  fill (f);
  change_ids = dup_change_ids (f);
  g_assert_true (rt_backup_daily (f->store, NULL));
  g_assert_true (g_file_set_contents (broken, "no database", -1, NULL)); /* the newest, not good */
  g_clear_object (&f->store);
  g_assert_true (g_file_get_contents (f->path, &whole, &length, NULL));
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autofree char *bytes = g_memdup2 (whole, length);
      g_autofree char *about = g_strdup_printf ("round %u", round);
      g_autofree char *from = NULL;
      GError *error = NULL;

      for (guint n = 0; n < 1u << round % 12; n++)
        bytes[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int (random);
      bytes[0] ^= 0x55; /* so that it is seen in any case */
      g_clear_object (&f->store);
      g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
      f->store = rt_store_set_aside (f->path, f->clock, &error);
      g_assert_no_error (error);
      assert_filled (f, about);
      from = rt_store_dup_setting (f->store, "restored-from");
      n_restored += from != NULL && g_str_has_prefix (from, "2026-") ? 1 : 0;
      rt_clock_advance (f->clock, G_USEC_PER_SEC); /* names of what is set aside */
    }
  g_clear_pointer (&change_ids, g_ptr_array_unref);
  g_test_message ("%u of %u from a copy", n_restored, N_ROUNDS);
  g_assert_cmpuint (n_restored, >, N_ROUNDS / 4);
  g_rand_free (random);
}

/* What was ended since is not brought back by damage elsewhere. */
static void
test_d1_only_what_is_lost (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  g_autofree char *from = NULL;
  GError *error = NULL;
  gsize length;

  fill (f);
  g_assert_true (rt_backup_daily (f->store, NULL));
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = dup_id (i);

      g_assert_true (rt_queue_discard (f->store, id, FALSE, NULL));
    }
  g_clear_object (&f->store);
  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  bytes[0] ^= 0x55;
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
  f->store = rt_store_set_aside (f->path, f->clock, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, N_CHANGES - 10);
  from = rt_store_dup_setting (f->store, "restored-from");
  g_assert_null (from);
}

static void
test_d1_restore (Fixture *f, gconstpointer data)
{
  g_autofree char *pull_first = NULL;
  g_autofree char *gone = dup_id (3);
  g_autofree char *draft = dup_id (4);
  g_autoptr (GPtrArray) lines = NULL;
  const RtLogEntry *line;
  RtRestored restored;
  GError *error = NULL;

  fill (f);
  g_assert_true (rt_backup_daily (f->store, NULL));
  g_assert_true (rt_queue_discard (f->store, gone, FALSE, NULL));
  g_assert_true (rt_store_keep_draft (f->store, "product", draft, NULL, NULL));
  g_assert_true (rt_restore_run (f->store, "2026-11-18.db", &restored, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (restored.n_changes, ==, 0); /* the log knows of it */
  g_assert_cmpuint (restored.n_drafts, ==, 1);
  g_assert_cmpuint (restored.n_known, ==, N_CHANGES);
  lines = rt_log_list (f->store, 1, NULL);
  line = g_ptr_array_index (lines, 0);
  g_assert_cmpstr (line->event, ==, "restored");
  g_assert_cmpstr (line->detail, ==, "2026-11-18.db");
  /* On another replica all of it, in order, and once. */
  g_clear_object (&f->store);
  g_assert_cmpint (g_remove (f->path), ==, 0);
  fixture_open (f);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (rt_restore_run (f->store, "2026-11-18.db", &restored, &error));
      g_assert_cmpuint (restored.n_changes, ==, i == 0 ? N_CHANGES : 0);
      g_assert_cmpuint (restored.n_drafts, ==, i == 0 ? N_DRAFTS : 0);
      g_assert_cmpuint (count_changes (f), ==, N_CHANGES);
    }
  assert_filled (f, "restored");
  pull_first = rt_store_dup_setting (f->store, "pull-first");
  g_assert_cmpstr (pull_first, ==, "yes");
  g_assert_true (rt_store_check (f->store, NULL));
}

static void
test_d1_not_good (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = rt_backup_dup_folder (f->path);
  g_autofree char *path = g_build_filename (folder, "2026-11-18.db", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GPtrArray) backups = NULL;
  const RtBackup *backup;
  RtRestored restored;
  GError *error = NULL;
  gsize length;

  fill (f);
  g_assert_true (rt_backup_daily (f->store, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  memset (bytes + length / 2, 0x55, 4096);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  backups = rt_backup_list (f->path);
  g_assert_cmpuint (backups->len, ==, 1);
  backup = g_ptr_array_index (backups, 0);
  g_assert_false (backup->is_good);
  g_assert_false (rt_restore_run (f->store, backup->name, &restored, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, "The backup “2026-11-18.db” is damaged."));
  g_clear_error (&error);
  g_assert_false (rt_restore_run (f->store, "../replica.db", &restored, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  assert_filled (f, "not good");
}

/* The whole file as it was, before its schema is changed. */
static void
test_d2_before_update (Fixture *f, gconstpointer data)
{
  g_autofree char *dump = g_test_build_filename (G_TEST_DIST, "data", "store", "v0001.sql", NULL);
  g_autofree char *sql = NULL;
  g_autofree char *fresh = g_build_filename (f->folder, "fresh.db", NULL);
  g_autofree char *here = rt_backup_dup_folder (f->path);
  g_autofree char *there = rt_backup_dup_folder (fresh);
  g_autoptr (GPtrArray) backups = NULL;
  const RtBackup *backup;
  RtRestored restored;
  GError *error = NULL;
  RtDb *db = rt_db_open (f->path, TRUE, NULL);

  g_assert_true (g_file_get_contents (dump, &sql, NULL, NULL));
  g_assert_true (rt_db_exec (db, sql, NULL));
  rt_db_close (db);
  fixture_open (f);
  backups = rt_backup_list (f->path);
  g_assert_cmpuint (backups->len, ==, 1);
  backup = g_ptr_array_index (backups, 0);
  g_assert_true (g_str_has_suffix (backup->name, "-version-1.db"));
  g_assert_true (backup->is_good);
  g_assert_cmpuint (backup->n_changes, ==, 3);
  g_clear_object (&f->store);
  fixture_open (f); /* up to date now: no further copy */
  g_clear_pointer (&backups, g_ptr_array_unref);
  backups = rt_backup_list (f->path);
  g_assert_cmpuint (backups->len, ==, 1);
  backup = g_ptr_array_index (backups, 0);
  /* It gives back what it has, brought up to date. */
  g_clear_object (&f->store);
  g_assert_cmpint (g_rename (here, there), ==, 0);
  f->store = rt_store_open (fresh, f->clock, NULL);
  g_assert_true (rt_restore_run (f->store, backup->name, &restored, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (restored.n_changes, ==, 3);
}

/* Without a copy the file is not touched. */
static void
test_d2_no_copy (Fixture *f, gconstpointer data)
{
  g_autofree char *dump = g_test_build_filename (G_TEST_DIST, "data", "store", "v0001.sql", NULL);
  g_autofree char *folder = rt_backup_dup_folder (f->path);
  g_autofree char *sql = NULL;
  GError *error = NULL;
  RtDb *db = rt_db_open (f->path, TRUE, NULL);
  gint64 version = 0;

  g_assert_true (g_file_get_contents (dump, &sql, NULL, NULL));
  g_assert_true (rt_db_exec (db, sql, NULL));
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  g_assert_null (rt_store_open (f->path, f->clock, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_true (rt_db_get_int (db, &version, NULL, "PRAGMA user_version", ""));
  g_assert_cmpint (version, ==, 1);
  rt_db_close (db);
  g_assert_cmpint (g_remove (folder), ==, 0);
  fixture_open (f);
}

static void
assert_no_backup (Fixture *f)
{
  GError *error = NULL;

  g_assert_false (rt_backup_daily (f->store, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_STORAGE);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, "No backup was made."));
  g_clear_error (&error);
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
test_d4_no_place (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = rt_backup_dup_folder (f->path);
  struct rlimit before, little;

  fill (f);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  assert_no_backup (f);
  g_assert_cmpint (g_remove (folder), ==, 0);
  /* No file may grow beyond this: to a process that is a full disk. */
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  little = before;
  little.rlim_cur = 40000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &little), ==, 0);
  assert_no_backup (f);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpuint (count_files (folder), ==, 0);
  assert_filled (f, "no place");
  g_assert_true (rt_backup_daily (f->store, NULL));
  g_assert_cmpuint (count_files (folder), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/backup/d1-daily", test_d1_daily);
  ADD ("/backup/d1-by-hand", test_d1_by_hand);
  ADD ("/backup/d1-random-bytes", test_d1_random_bytes);
  ADD ("/backup/d1-only-what-is-lost", test_d1_only_what_is_lost);
  ADD ("/backup/d1-restore", test_d1_restore);
  ADD ("/backup/d1-not-good", test_d1_not_good);
  g_test_add ("/backup/d2-before-update", Fixture, NULL, fixture_set_up_folder,
              test_d2_before_update, fixture_tear_down);
  g_test_add ("/backup/d2-no-copy", Fixture, NULL, fixture_set_up_folder, test_d2_no_copy,
              fixture_tear_down);
  ADD ("/backup/d4-no-place", test_d4_no_place);
  return g_test_run ();
}
