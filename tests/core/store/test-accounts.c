#include <glib/gstdio.h>
#include <sys/stat.h>

#include "rt-accounts.h"

typedef struct
{
  char *folder;
  RtClock *clock;
  RtAccounts *accounts;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *parent = g_dir_make_tmp ("retainer-accounts-XXXXXX", NULL);
  GError *error = NULL;

  f->folder = g_build_filename (parent, "retainer", NULL);
  f->clock = rt_clock_new_system ();
  f->accounts = rt_accounts_new (f->folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *file = g_build_filename (f->folder, "accounts.ini", NULL);
  g_autofree char *parent = g_path_get_dirname (f->folder);

  rt_accounts_free (f->accounts);
  rt_clock_unref (f->clock);
  g_remove (file);
  g_remove (f->folder);
  g_remove (parent);
  g_free (f->folder);
}

static RtAccount *
add (Fixture *f, const char *name)
{
  GError *error = NULL;
  RtAccount *account = rt_accounts_add (f->accounts, name, TRUE, FALSE, f->clock, &error);

  g_assert_no_error (error);
  return account;
}

static void
test_life (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAccount) first = add (f, "  First ");
  g_autoptr (RtAccount) second = add (f, "Zweites Konto [x]=;#");
  g_autoptr (RtAccount) current = rt_accounts_find (f->accounts, NULL, NULL);
  g_autoptr (RtAccount) by_name = rt_accounts_find (f->accounts, "Zweites Konto [x]=;#", NULL);
  g_autoptr (RtAccount) left = NULL;
  GError *error = NULL;

  g_assert_cmpstr (first->name, ==, "First");
  g_assert_cmpstr (current->id, ==, second->id);
  g_assert_cmpstr (by_name->id, ==, second->id);
  g_assert_true (rt_accounts_remove (f->accounts, second->id, &error));
  left = rt_accounts_find (f->accounts, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (left->id, ==, first->id);
}

static void
test_names (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = { "", "  ", "First", "a\nb", "a\u202eb" };
  g_autoptr (RtAccount) first = add (f, "First");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      GError *error = NULL;

      g_assert_null (rt_accounts_add (f->accounts, bad[i], TRUE, FALSE, f->clock, &error));
      g_assert_cmpstr (rt_error_get_field (error), ==, "name");
      g_clear_error (&error);
    }
}

/* Bound once, for ever: another account's key must never write here (TRAPS A24). */
static void
test_binding (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAccount) account = add (f, "First");
  GError *error = NULL;

  g_assert_true (rt_accounts_bind (f->accounts, account->id, "acct_1", &error));
  g_assert_true (rt_accounts_bind (f->accounts, account->id, "acct_1", &error));
  g_assert_false (rt_accounts_bind (f->accounts, account->id, "acct_2", &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_KEY);
  g_clear_error (&error);
}

static void
test_modes_of_files (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAccount) account = add (f, "First");
  g_autofree char *file = g_build_filename (f->folder, "accounts.ini", NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (f->folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (file, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_reachable (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAccount) account = add (f, "First");
  g_autoptr (RtAccount) after = NULL;

  g_assert_true (account->is_reachable);
  g_assert_true (rt_accounts_set_reachable (f->accounts, account->id, FALSE, NULL));
  after = rt_accounts_find (f->accounts, NULL, NULL);
  g_assert_false (after->is_reachable);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/accounts/life", test_life);
  ADD ("/accounts/names", test_names);
  ADD ("/accounts/binding", test_binding);
  ADD ("/accounts/modes-of-files", test_modes_of_files);
  ADD ("/accounts/reachable", test_reachable);
  return g_test_run ();
}
