/* Accounts and their keys, as the window and the command line are handed them. */

#include "rt-workspace.h"
#include "sync-fixture.h"

static RtWorkspace *
open_workspace (Fixture *f, const char *environment_key)
{
  g_autofree char *directory = g_build_filename (f->folder, "accounts", NULL);
  g_autoptr (RtKeyring) keyring = rt_keyring_new_memory ();
  GError *error = NULL;
  RtWorkspace *workspace
      = rt_workspace_new (directory, f->clock, keyring, environment_key, f->base, &error);

  g_assert_no_error (error);
  return workspace;
}

static gboolean
verifies (RtWorkspace *workspace, GError **error)
{
  g_autoptr (RtSession) session = rt_workspace_open (workspace, NULL, error);

  g_assert_nonnull (session);
  return rt_session_verify (session, NULL, error);
}

/* A key that was good for this run only gives way to the one that is kept after it. */
static void
test_key_replaces_that_of_the_run (Fixture *f, gconstpointer data)
{
  RtWorkspace *workspace = open_workspace (f, NULL);
  g_autoptr (RtAccount) account = NULL;
  GError *error = NULL;

  fixture_stop_stripe (f);
  account = rt_workspace_add_with_key (workspace, "Real", "sk_test_revoked", TRUE, NULL, &error);
  g_assert_no_error (error);
  rt_workspace_free (workspace);
  fixture_start_stripe (f);
  workspace = open_workspace (f, NULL);
  g_assert_true (
      rt_workspace_replace_key (workspace, account->id, "sk_test_revoked", TRUE, NULL, &error));
  g_assert_false (verifies (workspace, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_KEY);
  g_clear_error (&error);
  g_assert_true (
      rt_workspace_replace_key (workspace, account->id, "sk_test_new", FALSE, NULL, &error));
  g_assert_true (verifies (workspace, &error));
  g_assert_no_error (error);
  rt_workspace_free (workspace);
}

/* Who takes back adding an account has none afterwards, and uses the one from before. */
static void
test_cancelled (Fixture *f, gconstpointer data)
{
  RtWorkspace *workspace = open_workspace (f, NULL);
  g_autoptr (RtAccount) practice = rt_workspace_add_practice (workspace, "Practice", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (RtAccount) current = NULL;
  GError *error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (
      rt_workspace_add_with_key (workspace, "Real", "sk_test_1", FALSE, cancellable, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  accounts = rt_accounts_list (rt_workspace_get_accounts (workspace));
  g_assert_cmpuint (accounts->len, ==, 1);
  current = rt_accounts_find (rt_workspace_get_accounts (workspace), NULL, NULL);
  g_assert_cmpstr (current->id, ==, practice->id);
  rt_workspace_free (workspace);
}

/* A practice account says that it needs no key, whatever one gives it. */
static void
test_key_for_practice (Fixture *f, gconstpointer data)
{
  static const char *const keys[] = { "sk_test_1", "sk_live_1", "nonsense", NULL };
  RtWorkspace *workspace = open_workspace (f, NULL);
  g_autoptr (RtAccount) practice = rt_workspace_add_practice (workspace, "Practice", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          rt_workspace_replace_key (workspace, practice->id, keys[i], FALSE, NULL, &error));
      g_assert_error (error, RT_ERROR, RT_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "needs no key"));
    }
  rt_workspace_free (workspace);
}

/* A bad key of the environment is told where a key is needed, and nowhere else. */
static void
test_bad_environment_key (Fixture *f, gconstpointer data)
{
  RtWorkspace *workspace = open_workspace (f, "garbage");
  g_autoptr (RtAccount) practice = NULL;
  GError *error = NULL;

  g_assert_null (rt_workspace_add_with_key (workspace, "Real", NULL, FALSE, NULL, &error));
  g_assert_cmpstr (rt_error_get_field (error), ==, "key");
  g_clear_error (&error);
  practice = rt_workspace_add_practice (workspace, "Practice", &error);
  g_assert_no_error (error);
  g_assert_true (verifies (workspace, &error));
  g_assert_no_error (error);
  rt_workspace_free (workspace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/workspace/key-replaces-that-of-the-run", test_key_replaces_that_of_the_run);
  ADD ("/workspace/cancelled", test_cancelled);
  ADD ("/workspace/key-for-practice", test_key_for_practice);
  ADD ("/workspace/bad-environment-key", test_bad_environment_key);
  return g_test_run ();
}
