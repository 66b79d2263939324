/* The window and its account: opened, left, removed. */
#include "rt-window-private.h"
#include "ui-fixture.h"

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

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  application = adw_application_new ("dev.retainer.Test", G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_application_set_default (G_APPLICATION (application));
  g_test_add ("/window/accent", Fixture, NULL, set_up, test_accent, tear_down);
  return g_test_run ();
}
