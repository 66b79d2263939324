/* The file itself: schema steps, strangers, newer ones, damage, plans of queries. */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "rt-db.h"
#include "rt-store.h"
#include "store-fixture.h"

static RtDb *
open_db (Fixture *f)
{
  GError *error = NULL;
  RtDb *db = rt_db_open (f->path, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (rt_db_migrate (db, &error));
  g_assert_no_error (error);
  return db;
}

static void
test_fresh (Fixture *f, gconstpointer data)
{
  RtDb *db = open_db (f);
  gint64 value = 0;
  GStatBuf status;

  g_assert_true (rt_db_get_int (db, &value, NULL, "PRAGMA user_version", ""));
  g_assert_cmpint (value, ==, 6);
  g_assert_true (rt_db_get_int (db, &value, NULL, "PRAGMA synchronous", ""));
  g_assert_cmpint (value, ==, 2);
  g_assert_true (rt_db_get_int (db, &value, NULL, "PRAGMA foreign_keys", ""));
  g_assert_cmpint (value, ==, 1);
  g_assert_true (rt_db_migrate (db, NULL));
  g_assert_true (rt_db_check (db, NULL));
  g_assert_cmpint (g_stat (f->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  rt_db_close (db);
}

static void
assert_refused (Fixture *f, const char *sql, int code)
{
  g_autoptr (RtDb) db = rt_db_open (f->path, TRUE, NULL);
  GError *error = NULL;

  g_assert_true (rt_db_exec (db, sql, NULL));
  g_assert_false (rt_db_migrate (db, &error));
  g_assert_error (error, RT_ERROR, code);
  g_clear_error (&error);
}

static void
test_newer (Fixture *f, gconstpointer data)
{
  rt_db_close (open_db (f));
  assert_refused (f, "PRAGMA user_version=99", RT_ERROR_NEWER);
}

/* No Retainer will have such a version: a flipped bit, and nothing that an update would mend. */
static void
test_absurd_version (Fixture *f, gconstpointer data)
{
  rt_db_close (open_db (f));
  assert_refused (f, "PRAGMA user_version=16777217", RT_ERROR_DAMAGED);
}

static gpointer
open_thread (gpointer user_data)
{
  Fixture *f = user_data;
  GError *error = NULL;
  g_autoptr (RtStore) store = rt_store_open (f->path, f->clock, &error);

  g_assert_no_error (error);
  return NULL;
}

/* Several make the same new replica. */
static void
test_parallel (Fixture *f, gconstpointer data)
{
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("open", open_thread, f);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_stranger (Fixture *f, gconstpointer data)
{
  assert_refused (f, "PRAGMA application_id=1; CREATE TABLE x (y)", RT_ERROR_DAMAGED);
}

static void
test_not_a_database (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr (RtStore) store = NULL;

  g_assert_true (
      g_file_set_contents (f->path, "this is no database at all, not in the least", -1, NULL));
  store = rt_store_open (f->path, f->clock, &error);
  g_assert_null (store);
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
}

/* A read-only connection cannot write, whatever it is asked. */
static void
test_reader (Fixture *f, gconstpointer data)
{
  RtDb *writer = open_db (f);
  RtDb *reader = rt_db_open (f->path, FALSE, NULL);
  GError *error = NULL;

  g_assert_false (rt_db_run (reader, &error, "INSERT INTO setting VALUES ('a', 'b')", ""));
  g_assert_nonnull (error);
  g_clear_error (&error);
  rt_db_close (reader);
  rt_db_close (writer);
}

/* Lists come out of an index, sorted: no temporary B-tree at any size (STYLE, SQL). */
static void
test_query_plans (Fixture *f, gconstpointer data)
{
  static const char *const queries[] = {
    "SELECT row FROM customer WHERE is_archived = 0 ORDER BY name, row LIMIT 50",
    "SELECT row FROM customer WHERE is_archived = 0 ORDER BY created_at DESC, row DESC LIMIT 50",
    "SELECT row FROM product WHERE is_archived = 0 ORDER BY name, row LIMIT 50",
    "SELECT row FROM product WHERE is_archived = 0 ORDER BY created_at DESC, row DESC LIMIT 50",
    "SELECT row FROM coupon WHERE is_archived = 0 ORDER BY name, row LIMIT 50",
    "SELECT row FROM coupon WHERE is_archived = 0 ORDER BY created_at DESC, row DESC LIMIT 50",
    "SELECT json FROM stripe_object WHERE object = 'price' AND parent = 'p' AND is_deleted = 0",
    "SELECT seq FROM change WHERE state <> 'done' ORDER BY seq",
    "SELECT row FROM request WHERE seq = 1 AND state <> 'done' ORDER BY row LIMIT 1",
  };
  RtDb *db = open_db (f);

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", queries[i], NULL);
      sqlite3_stmt *statement = rt_db_query (db, NULL, explain, "");

      while (rt_db_next (db, statement, NULL))
        {
          const char *step = rt_db_text (statement, 3);

          g_test_message ("%s: %s", queries[i], step);
          g_assert_null (strstr (step, "TEMP B-TREE"));
          g_assert_nonnull (strstr (step, "INDEX"));
        }
    }
  rt_db_close (db);
}

#undef ADD
#define ADD(name, function) \
  g_test_add (name, Fixture, NULL, fixture_set_up_folder, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/fresh", test_fresh);
  ADD ("/db/d9-newer", test_newer);
  ADD ("/db/absurd-version", test_absurd_version);
  ADD ("/db/parallel", test_parallel);
  ADD ("/db/stranger", test_stranger);
  ADD ("/db/not-a-database", test_not_a_database);
  ADD ("/db/reader", test_reader);
  ADD ("/db/d5-query-plans", test_query_plans);
  return g_test_run ();
}
