/* Saving a form, durable on the disk, against one bare SQLite transaction (DESIGN §6). */

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "rt-product-actions.h"

#define N_SAVES 300

static gint64
bare (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "bare.db", NULL);
  g_autofree char *text = g_strnfill (2000, 'x');
  sqlite3 *db;
  sqlite3_stmt *statement;
  gint64 started;

  sqlite3_open (path, &db);
  sqlite3_exec (db,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "CREATE TABLE t (row INTEGER PRIMARY KEY, text TEXT)",
                NULL, NULL, NULL);
  sqlite3_prepare_v2 (db, "INSERT INTO t (text) VALUES (?1)", -1, &statement, NULL);
  started = g_get_monotonic_time ();
  for (guint i = 0; i < N_SAVES; i++)
    {
      sqlite3_bind_text (statement, 1, text, -1, SQLITE_STATIC);
      sqlite3_step (statement);
      sqlite3_reset (statement);
    }
  started = g_get_monotonic_time () - started;
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return started;
}

static gint64
forms (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "replica.db", NULL);
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autoptr (RtStore) store = rt_store_open (path, clock, NULL);
  gint64 started = g_get_monotonic_time ();

  for (guint i = 0; i < N_SAVES; i++)
    {
      g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
      g_autofree char *name = g_strdup_printf ("Product %u", i);

      rt_draft_set (draft, "name", name);
      rt_draft_set (draft, "amount", "25");
      rt_draft_set (draft, "currency", "usd");
      rt_draft_set (draft, "metric", "minutes");
      rt_draft_set (draft, "included", "1000");
      rt_draft_set (draft, "overage", "0.05");
      rt_product_unref (rt_product_create (store, draft, NULL));
    }
  return g_get_monotonic_time () - started;
}

int
main (void)
{
  /* Not in /tmp, which may be memory: fsync must cost what it costs. */
  g_autofree char *folder = g_build_filename (g_get_current_dir (), "bench-save-XXXXXX", NULL);
  gint64 bare_time, form_time;

  g_mkdtemp (folder);
  bare (folder);
  bare_time = bare (folder);
  form_time = forms (folder);
  g_print ("one bare transaction: %" G_GINT64_FORMAT " us; one saved form: %" G_GINT64_FORMAT
           " us; ratio %.2f (bar: 1.5)\n",
           bare_time / N_SAVES, form_time / N_SAVES, (double) form_time / (double) bare_time);
  for (guint i = 0; i < 6; i++)
    {
      static const char *const names[] = { "bare.db",    "bare.db-wal",    "bare.db-shm",
                                           "replica.db", "replica.db-wal", "replica.db-shm" };
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_remove (path);
    }
  g_rmdir (folder);
  return 0;
}
