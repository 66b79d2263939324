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
  g_autofree char *parent = g_path_get_dirname (f->folder);
  g_autoptr (GDir) folder = g_dir_open (f->folder, 0, NULL);
  const char *name;

  rt_accounts_free (f->accounts);
  rt_clock_unref (f->clock);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (f->folder, name, NULL);

      g_remove (file);
    }
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

/* Nor may one Stripe account have two replicas here, or come back after it was removed. */
static void
test_bound_twice (Fixture *f, gconstpointer data)
{
  g_autoptr (RtAccount) first = add (f, "First");
  g_autoptr (RtAccount) second = add (f, "Second");
  g_autoptr (RtAccount) after = NULL;
  GError *error = NULL;

  g_assert_true (rt_accounts_bind (f->accounts, first->id, "acct_1", &error));
  g_assert_false (rt_accounts_bind (f->accounts, second->id, "acct_1", &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_KEY);
  g_assert_nonnull (strstr (error->message, "First"));
  g_clear_error (&error);
  after = rt_accounts_find (f->accounts, second->id, NULL);
  g_assert_null (after->stripe_account);

  g_assert_true (rt_accounts_remove (f->accounts, first->id, &error));
  g_assert_false (rt_accounts_bind (f->accounts, first->id, "acct_1", &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (rt_accounts_set_reachable (f->accounts, first->id, TRUE, NULL));
  g_assert_true (rt_accounts_bind (f->accounts, second->id, "acct_1", &error));
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

/* Only a list that is not there is empty; one that cannot be read is left as it is. */
static void
test_unreadable (Fixture *f, gconstpointer data)
{
  static const char junk[] = "junk line\n[01ARZ3NDEKTSV4RRFFQ69G5FAV]\nName=Kept\n";
  g_autofree char *file = g_build_filename (f->folder, "accounts.ini", NULL);
  g_autofree char *after = NULL;
  GError *error = NULL;

  g_assert_true (g_file_set_contents (file, junk, -1, NULL));
  g_assert_null (rt_accounts_add (f->accounts, "New", TRUE, FALSE, f->clock, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_null (rt_accounts_find (f->accounts, NULL, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_false (rt_accounts_remove (f->accounts, "01ARZ3NDEKTSV4RRFFQ69G5FAV", NULL));
  g_assert_null (rt_accounts_new (f->folder, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (file, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, junk);
}

/* What a power cut leaves of a list reads as one without accounts, while their replicas are there.
 */
static void
test_blank (Fixture *f, gconstpointer data)
{
  static const char zeros[64];
  g_autofree char *file = g_build_filename (f->folder, "accounts.ini", NULL);
  g_autoptr (RtAccount) account = add (f, "Agency");
  g_autofree char *replica = rt_accounts_dup_replica_path (f->accounts, account->id);
  g_autoptr (RtAccounts) none = NULL;
  GError *error = NULL;

  g_assert_true (g_file_set_contents (replica, "x", -1, NULL));
  for (gssize length = 0; length <= (gssize) sizeof zeros; length += sizeof zeros)
    {
      g_assert_true (g_file_set_contents (file, zeros, length, NULL));
      g_assert_null (rt_accounts_add (f->accounts, "New", TRUE, FALSE, f->clock, &error));
      g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
      g_clear_error (&error);
    }
  g_assert_cmpint (g_unlink (replica), ==, 0);
  none = rt_accounts_new (f->folder, &error);
  g_assert_no_error (error);
}

#define N_ADDING 8

static gpointer
add_thread (gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (RtAccounts) accounts = rt_accounts_new (f->folder, NULL);
  g_autofree char *name = g_strdup_printf ("Account of %p", (void *) g_thread_self ());
  g_autoptr (RtAccount) account = rt_accounts_add (accounts, name, TRUE, FALSE, f->clock, NULL);

  g_assert_nonnull (account);
  return NULL;
}

/* Each with a list of its own, as processes have. */
static void
test_parallel (Fixture *f, gconstpointer data)
{
  GThread *threads[N_ADDING];
  g_autoptr (GPtrArray) accounts = NULL;

  for (guint i = 0; i < N_ADDING; i++)
    threads[i] = g_thread_new ("add", add_thread, f);
  for (guint i = 0; i < N_ADDING; i++)
    g_thread_join (threads[i]);
  accounts = rt_accounts_list (f->accounts);
  g_assert_cmpuint (accounts->len, ==, N_ADDING);
}

/* Nothing of a removed account stays, and nothing of another one goes. */
static void
test_files_of_removed (Fixture *f, gconstpointer data)
{
  static const char *const suffixes[]
      = { "", "-wal", "-shm", ".lock", ".set-aside", ".damaged-1795000000-1-wal" };
  g_autoptr (RtAccount) first = add (f, "First");
  g_autoptr (RtAccount) second = add (f, "Second");
  g_autofree char *gone = rt_accounts_dup_replica_path (f->accounts, first->id);
  g_autofree char *kept = rt_accounts_dup_replica_path (f->accounts, second->id);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *one = g_strconcat (gone, suffixes[i], NULL);
      g_autofree char *other = g_strconcat (kept, suffixes[i], NULL);

      g_assert_true (g_file_set_contents (one, "x", -1, NULL));
      g_assert_true (g_file_set_contents (other, "x", -1, NULL));
    }
  g_assert_true (rt_accounts_remove (f->accounts, first->id, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *one = g_strconcat (gone, suffixes[i], NULL);
      g_autofree char *other = g_strconcat (kept, suffixes[i], NULL);

      g_assert_false (g_file_test (one, G_FILE_TEST_EXISTS));
      g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
    }
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/accounts/life", test_life);
  ADD ("/accounts/names", test_names);
  ADD ("/accounts/binding", test_binding);
  ADD ("/accounts/bound-twice", test_bound_twice);
  ADD ("/accounts/modes-of-files", test_modes_of_files);
  ADD ("/accounts/reachable", test_reachable);
  ADD ("/accounts/unreadable", test_unreadable);
  ADD ("/accounts/blank", test_blank);
  ADD ("/accounts/parallel", test_parallel);
  ADD ("/accounts/files-of-removed", test_files_of_removed);
  return g_test_run ();
}
