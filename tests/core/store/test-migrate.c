/* Files of every older schema, with data in them, brought up to date (tests/data/store). */

#include <string.h>

#include "rt-change.h"
#include "rt-client-actions.h"
#include "rt-db.h"
#include "rt-store-object.h"
#include "rt-store-private.h"
#include "store-fixture.h"

static void
make_old (Fixture *f, const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "store", name, NULL);
  g_autoptr (RtDb) db = rt_db_open (f->path, TRUE, NULL);
  g_autofree char *sql = NULL;
  GError *error = NULL;

  g_file_get_contents (path, &sql, NULL, &error);
  g_assert_no_error (error);
  rt_db_exec (db, sql, &error);
  g_assert_no_error (error);
}

/* All that defines the file at @path, in one text. */
static char *
dup_schema (const char *path)
{
  g_autoptr (RtDb) db = rt_db_open (path, FALSE, NULL);
  g_autoptr (GString) schema = g_string_new (NULL);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
                     " ORDER BY type, name",
                     "");

  while (rt_db_next (db, statement, NULL))
    g_string_append_printf (schema, "%s %s %s\n", rt_db_text (statement, 0),
                            rt_db_text (statement, 1), rt_db_text (statement, 2));
  return g_string_free (g_steal_pointer (&schema), FALSE);
}

static gint64
get_version (const char *path)
{
  g_autoptr (RtDb) db = rt_db_open (path, FALSE, NULL);
  gint64 version = -1;

  g_assert_true (rt_db_get_int (db, &version, NULL, "PRAGMA user_version", ""));
  return version;
}

/* An old file and a new one end up as the same. */
static void
test_schema (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", "store", NULL);
  g_autoptr (GDir) dumps = g_dir_open (folder, 0, NULL);
  g_autofree char *fresh_path = g_build_filename (f->folder, "fresh.db", NULL);
  g_autofree char *fresh = NULL;
  GError *error = NULL;
  const char *name;

  g_object_unref (rt_store_open (fresh_path, f->clock, &error));
  g_assert_no_error (error);
  fresh = dup_schema (fresh_path);
  while ((name = g_dir_read_name (dumps)) != NULL)
    {
      g_autofree char *migrated = NULL;

      g_test_message ("%s", name);
      g_free (f->path);
      f->path = g_build_filename (f->folder, name, NULL);
      make_old (f, name);
      g_assert_cmpint (get_version (f->path), ==, g_ascii_strtoll (name + 1, NULL, 10));
      fixture_open (f);
      g_clear_object (&f->store);
      migrated = dup_schema (f->path);
      g_assert_cmpstr (migrated, ==, fresh);
      g_assert_cmpint (get_version (f->path), ==, get_version (fresh_path));
    }
}

static void
assert_titles (RtStore *store)
{
  static const char *const titles[]
      = { "Change product “Voice Überall”", "Create coupon “Queued”", "Rename coupon to “Hello”" };
  GError *error = NULL;
  g_autoptr (GPtrArray) changes = rt_change_list (store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, G_N_ELEMENTS (titles));
  for (guint i = 0; i < changes->len; i++)
    {
      g_autofree char *title = rt_change_dup_title (g_ptr_array_index (changes, i));

      g_assert_cmpstr (title, ==, titles[i]);
    }
}

/* Nothing of what was there is lost. */
static void
test_first (Fixture *f, gconstpointer data)
{
  const RtFilter found = { .search = "uber" };
  GError *error = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (RtProduct) archived = NULL;
  g_autoptr (RtCoupon) coupon = NULL;
  g_autoptr (RtDraft) draft = NULL;

  make_old (f, "v0001.sql");
  fixture_open (f);
  g_assert_true (rt_store_check (f->store, &error));
  assert_titles (f->store);
  rows = rt_store_product_rows (f->store, &found, &error);
  g_assert_cmpuint (rows->len, ==, 1);
  product = rt_store_get_product (f->store, g_array_index (rows, gint64, 0));
  g_assert_cmpint (product->state, ==, RT_STATE_QUEUED);
  g_assert_cmpint (product->amount.scaled, ==, rt_decimal_from_int (3000).scaled);
  archived = rt_store_find_product (f->store, "Setup", &error);
  g_assert_true (archived->is_archived);
  coupon = rt_store_find_coupon (f->store, "HI", &error);
  g_assert_cmpstr (coupon->name, ==, "Hello");
  draft = rt_store_dup_draft (f->store, "product", NULL, RT_NUMBER_PLAIN);
  g_assert_cmpstr (rt_draft_get (draft, "name"), ==, "Half a product");
}

/* And what is new works in it. */
static void
test_clients (Fixture *f, gconstpointer data)
{
  const RtFilter found = { .search = "anna" };
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  GError *error = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (RtClient) client = NULL;

  make_old (f, "v0001.sql");
  fixture_open (f);
  rows = rt_store_client_rows (f->store, &(RtFilter){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 0);
  g_clear_pointer (&rows, g_array_unref);
  rt_draft_set (draft, "name", "Müller");
  rt_draft_set (draft, "email", "anna@example.com");
  client = rt_client_create (f->store, draft, &error);
  g_assert_no_error (error);
  rows = rt_store_client_rows (f->store, &found, &error);
  g_assert_cmpuint (rows->len, ==, 1);
}

static void
assert_found (RtStore *store, const char *search, guint n_rows)
{
  const RtFilter filter = { .search = search };
  GError *error = NULL;
  g_autoptr (GArray) rows = rt_store_client_rows (store, &filter, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, n_rows);
}

static void
put_named (Fixture *f, const char *name, gint64 asked_at, gboolean is_deleted)
{
  g_autofree char *json
      = g_strdup_printf ("{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"%s\"%s}", name,
                         is_deleted ? ",\"deleted\":true" : "");
  g_autoptr (JsonObject) object = rt_json_parse (json, -1, NULL);
  GError *error = NULL;

  g_assert_true (rt_store_begin (f->store, &error));
  g_assert_true (
      rt_store_end (f->store, rt_store_put_object (f->store, object, asked_at, 0, &error), &error));
}

/* Search finds what was entered row by row before, and forgets it when it changes or goes. */
static void
test_search_at_once (Fixture *f, gconstpointer data)
{
  GError *error = NULL;

  make_old (f, "v0003.sql");
  fixture_open (f);
  assert_found (f->store, "jarvi", 1);
  put_named (f, "Virtanen", 100, FALSE);
  assert_found (f->store, "jarvi", 0);
  assert_found (f->store, "virta", 1);
  g_assert_true (rt_store_begin (f->store, &error));
  g_assert_true (
      rt_db_run (rt_store_get_writer (f->store), &error, "UPDATE customer SET name = 'Twice'", ""));
  g_assert_true (rt_db_run (rt_store_get_writer (f->store), &error, "DELETE FROM customer", ""));
  g_assert_true (rt_store_end (f->store, TRUE, &error));
  put_named (f, "Back", 200, FALSE);
  assert_found (f->store, "virta", 0);
  assert_found (f->store, "twice", 0);
  assert_found (f->store, "back", 1);
  put_named (f, "Back", 300, TRUE);
  assert_found (f->store, "back", 0);
  g_assert_true (rt_store_begin (f->store, &error));
  g_assert_true (rt_db_run (rt_store_get_writer (f->store), &error,
                            "INSERT INTO customer_search (customer_search, rank)"
                            " VALUES ('integrity-check', 1)",
                            ""));
  g_assert_true (rt_store_end (f->store, TRUE, &error));
}

/* A step that fails leaves the file as it was. */
static void
test_failed_step (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  RtDb *db;

  make_old (f, "v0001.sql");
  db = rt_db_open (f->path, TRUE, NULL);
  g_assert_true (rt_db_exec (db, "CREATE TABLE customer_search (x)", NULL));
  rt_db_close (db);
  g_assert_null (rt_store_open (f->path, f->clock, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (get_version (f->path), ==, 1);
  db = rt_db_open (f->path, TRUE, NULL);
  g_assert_true (rt_db_exec (db, "DROP TABLE customer_search", NULL));
  rt_db_close (db);
  fixture_open (f);
  assert_titles (f->store);
}

#undef ADD
#define ADD(name, function) \
  g_test_add (name, Fixture, NULL, fixture_set_up_folder, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/migrate/schema", test_schema);
  ADD ("/migrate/first", test_first);
  ADD ("/migrate/first/clients", test_clients);
  ADD ("/migrate/search", test_search_at_once);
  ADD ("/migrate/d2-failed-step", test_failed_step);
  return g_test_run ();
}
