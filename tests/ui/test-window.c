/* The window and its account: opened, left, removed. */
#include <sqlite3.h>

#include "rt-draft-keeper.h"
#include "rt-keyring-private.h"
#include "rt-window-private.h"

#include "ui-fixture.h"

/* Whether this process has a file of that name open. */
static gboolean
is_open (const char *name)
{
  g_autoptr (GDir) files = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *file;

  while ((file = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc/self/fd", file, NULL);
      g_autofree char *path = g_file_read_link (link, NULL);

      if (path != NULL && strstr (path, name) != NULL)
        return TRUE;
    }
  return FALSE;
}

static RtAccount *
add_account (RtWorkspace *workspace, const char *name, gboolean is_live)
{
  g_autoptr (GError) error = NULL;
  RtAccount *account = rt_accounts_add (rt_workspace_get_accounts (workspace), name, FALSE, is_live,
                                        rt_workspace_get_clock (workspace), &error);

  g_assert_no_error (error);
  return account;
}

static RtWindow *
window_new (RtWorkspace *workspace)
{
  return RT_WINDOW (rt_window_new (ADW_APPLICATION (g_application_get_default ()), workspace));
}

static gboolean
has_desk (gpointer window)
{
  return RT_WINDOW (window)->desk != NULL;
}

static gboolean
has_no_desk (gpointer window)
{
  return RT_WINDOW (window)->desk == NULL;
}

static gboolean
has_account (RtWindow *window, const RtAccount *account)
{
  return window->desk != NULL && g_str_equal (rt_desk_get_account (window->desk)->id, account->id);
}

/* What it has open ends a moment later, and until then needs the workspace. */
static void
end (RtWindow *window)
{
  RtDesk *desk = window->desk != NULL ? g_object_ref (window->desk) : NULL;

  g_object_ref (window);
  gtk_window_destroy (GTK_WINDOW (window));
  assert_finalize (window);
  if (desk != NULL)
    assert_finalize (desk);
}

static void
test_accent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtAccount) live = add_account (fixture->workspace, "Live", TRUE);
  RtWindow *window = window_new (fixture->workspace);

  iterate_until (has_desk, window);
  g_assert_nonnull (window->live);
  rt_window_open_account (window, "nobody");
  iterate_until (has_no_desk, window);
  g_assert_null (window->live);
  end (window);
}

/* Until it is known whether a form is saved, nobody types into another one of its draft. */
static void
test_saving (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtAccount) account = add_account (fixture->workspace, "Slow", FALSE);
  RtWindow *window = window_new (fixture->workspace);
  RtDraftKeeper *keeper;

  iterate_until (has_desk, window);
  keeper = rt_draft_keeper_open (rt_desk_get_store (window->desk), "product", NULL);
  rt_draft_keeper_begin_save (keeper);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.edit", "(ss)", "product", "");
  g_assert_null (window->form);
  rt_draft_keeper_end_save (keeper, FALSE);
  g_object_unref (keeper);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.edit", "(ss)", "product", "");
  g_assert_nonnull (window->form);
  end (window);
}

static gboolean
is_archived (RtWindow *window, const char *id)
{
  g_autoptr (RtProduct) product
      = rt_store_find_product (rt_desk_get_store (window->desk), id, NULL);

  return product->is_archived;
}

/* The undo of a toast stays on the screen when another account is shown: there it does nothing. */
static void
test_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtAccount) other = add_account (fixture->workspace, "Other", FALSE);
  g_autoptr (RtAccount) shown = add_account (fixture->workspace, "Shown", FALSE);
  RtWindow *window = window_new (fixture->workspace);
  g_autoptr (RtProduct) first = NULL;
  g_autoptr (RtProduct) second = NULL;

  iterate_until (has_desk, window);
  g_assert_true (has_account (window, shown));
  first = add_product (rt_desk_get_store (window->desk), "First");
  second = add_product (rt_desk_get_store (window->desk), "Second");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.archive", "(sss)", other->id, "product",
                              first->id);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.archive", "(sss)", shown->id, "product",
                              second->id);
  while (!is_archived (window, second->id))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_archived (window, first->id));
  end (window);
}

/* A keyring that looks, when a key is forgotten, whether the replica is still open. */
typedef struct
{
  RtKeyring parent;
  guint n_cleared;
  gboolean was_open;
} Watch;

static gboolean
watch_clear (RtKeyring *keyring, const char *account, gboolean is_live, GCancellable *cancellable,
             GError **error)
{
  Watch *watch = (Watch *) keyring;

  watch->n_cleared++;
  watch->was_open |= is_open (account);
  return TRUE;
}

static char *
watch_lookup (RtKeyring *keyring, const char *account, gboolean is_live, GCancellable *cancellable,
              GError **error)
{
  rt_set_error (error, RT_ERROR_KEY, NULL, "no key");
  return NULL;
}

static void
watch_free (RtKeyring *keyring)
{
  g_free (keyring);
}

typedef struct
{
  int has_begun; /* atomic */
  GAsyncQueue *gate;
} Hold;

static gboolean
hold_job (RtSession *session, gpointer data, GCancellable *cancellable, GError **error)
{
  Hold *hold = data;

  g_atomic_int_set (&hold->has_begun, TRUE);
  g_main_context_wakeup (NULL);
  g_async_queue_pop (hold->gate);
  return TRUE;
}

static gboolean
has_begun (gpointer hold)
{
  return g_atomic_int_get (&((Hold *) hold)->has_begun);
}

/* What runs may take its time to end: until then the files stay. */
static void
test_remove (Fixture *fixture, gconstpointer data)
{
  Watch *watch = g_new0 (Watch, 1);
  g_autoptr (RtKeyring) keyring = (RtKeyring *) watch;
  g_autoptr (GAsyncQueue) gate = g_async_queue_new ();
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_autoptr (RtWorkspace) workspace = NULL;
  g_autoptr (RtAccount) account = NULL;
  Hold hold = { .gate = gate };
  RtWindow *window;

  g_atomic_ref_count_init (&keyring->references);
  keyring->lookup = watch_lookup;
  keyring->clear = watch_clear;
  keyring->free = watch_free;
  workspace = rt_workspace_new (fixture->directory, rt_workspace_get_clock (fixture->workspace),
                                keyring, NULL, "http://127.0.0.1:9", NULL);
  account = add_account (workspace, "Going", FALSE);
  window = window_new (workspace);
  iterate_until (has_desk, window);
  g_task_set_task_data (task, &hold, NULL);
  rt_desk_run (window->desk, task, hold_job);
  iterate_until (has_begun, &hold);
  rt_window_remove_account (window, account->id);
  g_assert_null (window->desk);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (watch->n_cleared, ==, 0);
  g_async_queue_push (gate, GINT_TO_POINTER (1));
  iterate_until (has_desk, window);
  g_assert_false (has_account (window, account));
  g_assert_cmpuint (watch->n_cleared, ==, 1);
  g_assert_false (watch->was_open);
  end (window);
}

static gboolean
is_done (gpointer window)
{
  return !RT_WINDOW (window)->is_opening;
}

static void
assert_used (Fixture *fixture, RtWindow *window, const RtAccount *account)
{
  g_autoptr (RtAccount) used
      = rt_accounts_find (rt_workspace_get_accounts (fixture->workspace), NULL, NULL);

  g_assert_true (has_account (window, account));
  g_assert_cmpstr (used->id, ==, account->id);
}

/* Its replica cannot be opened any more. */
static void
spoil (Fixture *fixture, const RtAccount *account)
{
  g_autoptr (RtSession) session = rt_workspace_open (fixture->workspace, account->id, NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (rt_store_get_path (rt_session_get_store (session)), &db), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA user_version=9000", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* However quickly one chooses: the last choice is what is shown, and what is used next time. */
static void
test_choose (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtAccount) first = add_account (fixture->workspace, "First", FALSE);
  g_autoptr (RtAccount) second = add_account (fixture->workspace, "Second", FALSE);
  g_autoptr (RtAccount) spoilt = add_account (fixture->workspace, "Spoilt", FALSE);
  RtWindow *window = window_new (fixture->workspace);

  for (guint i = 0; i < 8; i++)
    rt_window_use_account (window, i % 2 == 0 ? second->id : first->id);
  iterate_until (is_done, window);
  assert_used (fixture, window, first);

  g_test_message ("one that has gone changes nothing");
  rt_window_use_account (window, "nobody");
  iterate_until (is_done, window);
  assert_used (fixture, window, first);

  g_test_message ("nor does one that a newer Retainer has written");
  spoil (fixture, spoilt);
  rt_window_use_account (window, spoilt->id);
  iterate_until (is_done, window);
  assert_used (fixture, window, first);

  g_test_message ("removed while another one is being opened");
  rt_window_use_account (window, second->id);
  rt_window_remove_account (window, first->id);
  rt_window_use_account (window, second->id);
  iterate_until (is_done, window);
  assert_used (fixture, window, second);
  g_assert_null (
      rt_accounts_find (rt_workspace_get_accounts (fixture->workspace), first->id, NULL));
  end (window);
}

static void
test_add_practice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) accounts = NULL;
  RtWindow *window = window_new (fixture->workspace);

  iterate_until (is_done, window);
  rt_window_add_practice (window);
  rt_window_add_practice (window);
  iterate_until (is_done, window);
  accounts = rt_accounts_list (rt_workspace_get_accounts (fixture->workspace));
  g_assert_cmpuint (accounts->len, ==, 2);
  assert_used (fixture, window, g_ptr_array_index (accounts, 1));
  end (window);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = init_ui (&argc, &argv);

  g_test_add ("/window/accent", Fixture, NULL, set_up, test_accent, tear_down);
  g_test_add ("/window/saving", Fixture, NULL, set_up, test_saving, tear_down);
  g_test_add ("/window/undo", Fixture, NULL, set_up, test_undo, tear_down);
  g_test_add ("/window/remove", Fixture, NULL, set_up, test_remove, tear_down);
  g_test_add ("/window/choose", Fixture, NULL, set_up, test_choose, tear_down);
  g_test_add ("/window/add-practice", Fixture, NULL, set_up, test_add_practice, tear_down);
  return g_test_run ();
}
