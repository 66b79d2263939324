#include "ui-fixture.h"

#include <sqlite3.h>

AdwApplication *
init_ui (int *argc, char ***argv)
{
  AdwApplication *application;

  g_test_init (argc, argv, NULL);
  adw_init ();
  application = adw_application_new ("dev.retainer.Test", G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_application_set_default (G_APPLICATION (application));
  return application;
}

void
iterate_until (gboolean (*is_so) (gpointer data), gpointer data)
{
  while (!is_so (data))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_settled (gpointer desk)
{
  return rt_desk_get_state (desk) == RT_DESK_OFFLINE;
}

void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autoptr (RtKeyring) keyring = rt_keyring_new_memory ();
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("retainer-widgets-XXXXXX", NULL);
  fixture->workspace
      = rt_workspace_new (fixture->directory, clock, keyring, NULL, "http://127.0.0.1:9", &error);
  g_assert_no_error (error);
  account = rt_workspace_add_practice (fixture->workspace, "Practice", &error);
  g_assert_no_error (error);
  session = rt_workspace_open (fixture->workspace, NULL, &error);
  g_assert_no_error (error);
  fixture->desk = rt_desk_new (session);
  fixture->store = rt_desk_get_store (fixture->desk);
  iterate_until (is_settled, fixture->desk);
}

void
assert_finalize (gpointer object)
{
  while (G_OBJECT (object)->ref_count > 1 || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (object);
}

void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r '%s'", fixture->directory);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  rt_desk_close (fixture->desk);
  assert_finalize (fixture->desk);
  rt_workspace_free (fixture->workspace);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->directory);
}

RtProduct *
add_product (RtStore *store, const char *name)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GError) error = NULL;
  RtProduct *product;

  rt_draft_set (draft, "name", name);
  rt_draft_set (draft, "amount", "49");
  rt_draft_set (draft, "currency", "usd");
  product = rt_product_create (store, draft, &error);
  g_assert_no_error (error);
  return product;
}

void
run_sql (Fixture *fixture, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (rt_store_get_path (fixture->store), &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}
