#include "rt-accounts.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "rt-draft.h"
#include "rt-ulid.h"

#define MAX_NAME 60
#define GROUP_CURRENT "Retainer"

struct _RtAccounts
{
  char *directory; /* (owned) */
  char *path;      /* (owned) */
};

void
rt_account_free (RtAccount *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->stripe_account);
  g_free (self);
}

RtAccounts *
rt_accounts_new (const char *directory, GError **error)
{
  RtAccounts *self;

  if (g_mkdir_with_parents (directory, 0700) != 0 || g_chmod (directory, 0700) != 0)
    {
      rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The folder %s cannot be used."), directory);
      return NULL;
    }
  self = g_new0 (RtAccounts, 1);
  self->directory = g_strdup (directory);
  self->path = g_build_filename (directory, "accounts.ini", NULL);
  return self;
}

void
rt_accounts_free (RtAccounts *self)
{
  if (self == NULL)
    return;
  g_free (self->directory);
  g_free (self->path);
  g_free (self);
}

static GKeyFile *
load (RtAccounts *self)
{
  GKeyFile *file = g_key_file_new ();

  g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, NULL);
  return file;
}

static gboolean
save (RtAccounts *self, GKeyFile *file, GError **error)
{
  gsize length;
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);

  if (g_file_set_contents_full (self->path, text, (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                NULL))
    return TRUE;
  rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The list of accounts could not be saved."));
  return FALSE;
}

static RtAccount *
account_from_group (GKeyFile *file, const char *id)
{
  RtAccount *account = g_new0 (RtAccount, 1);

  account->id = g_strdup (id);
  account->name = g_key_file_get_string (file, id, "Name", NULL);
  account->is_practice = g_key_file_get_boolean (file, id, "Practice", NULL);
  account->is_live = g_key_file_get_boolean (file, id, "Live", NULL);
  account->stripe_account = g_key_file_get_string (file, id, "StripeAccount", NULL);
  account->is_reachable = !g_key_file_get_boolean (file, id, "Unreachable", NULL);
  return account;
}

GPtrArray *
rt_accounts_list (RtAccounts *self)
{
  g_autoptr (GKeyFile) file = load (self);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_account_free);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_key_file_has_key (file, groups[i], "Name", NULL))
      g_ptr_array_add (accounts, account_from_group (file, groups[i]));
  return accounts;
}

static RtAccount *
find_in (GPtrArray *accounts, const char *name)
{
  for (guint i = 0; name != NULL && i < accounts->len; i++)
    {
      RtAccount *account = g_ptr_array_index (accounts, i);

      if (g_str_equal (account->name, name) || g_str_equal (account->id, name))
        return g_ptr_array_steal_index (accounts, i);
    }
  return NULL;
}

RtAccount *
rt_accounts_find (RtAccounts *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) accounts = rt_accounts_list (self);
  g_autoptr (GKeyFile) file = load (self);
  g_autofree char *current = g_key_file_get_string (file, GROUP_CURRENT, "Account", NULL);
  RtAccount *account = find_in (accounts, name != NULL ? name : current);

  if (account == NULL && name != NULL)
    rt_set_error (error, RT_ERROR_NOT_FOUND, "account", _ ("There is no account “%s”."), name);
  else if (account == NULL)
    rt_set_error (error, RT_ERROR_NOT_FOUND, "account",
                  _ ("There is no account yet. Add one; a practice account needs no key."));
  return account;
}

static gboolean
check_name (RtAccounts *self, const char *name, GError **error)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (GPtrArray) accounts = rt_accounts_list (self);
  g_autofree char *text = NULL;
  g_autoptr (RtAccount) same = NULL;

  rt_draft_set (draft, "name", name);
  text = rt_draft_read_text (draft, "name", NULL, MAX_NAME, TRUE, problems);
  same = find_in (accounts, text);
  if (problems->len == 0 && same != NULL)
    rt_draft_problem (problems, "name", _ ("There is an account of this name already."));
  if (problems->len == 0)
    return TRUE;
  g_propagate_error (error, g_error_copy (g_ptr_array_index (problems, 0)));
  return FALSE;
}

RtAccount *
rt_accounts_add (RtAccounts *self, const char *name, gboolean is_practice, gboolean is_live,
                 RtClock *clock, GError **error)
{
  g_autoptr (GKeyFile) file = load (self);
  g_autofree char *id = rt_ulid_new (clock);
  g_autofree char *trimmed = name != NULL ? g_strstrip (g_strdup (name)) : NULL;

  if (!check_name (self, trimmed, error))
    return NULL;
  g_key_file_set_string (file, id, "Name", trimmed);
  g_key_file_set_boolean (file, id, "Practice", is_practice);
  g_key_file_set_boolean (file, id, "Live", is_live);
  g_key_file_set_string (file, GROUP_CURRENT, "Account", id);
  return save (self, file, error) ? account_from_group (file, id) : NULL;
}

gboolean
rt_accounts_use (RtAccounts *self, const char *name, GError **error)
{
  g_autoptr (RtAccount) account = rt_accounts_find (self, name, error);
  g_autoptr (GKeyFile) file = load (self);

  if (account == NULL)
    return FALSE;
  g_key_file_set_string (file, GROUP_CURRENT, "Account", account->id);
  return save (self, file, error);
}

gboolean
rt_accounts_bind (RtAccounts *self, const char *id, const char *stripe_account, GError **error)
{
  g_autoptr (GKeyFile) file = load (self);
  g_autofree char *bound = g_key_file_get_string (file, id, "StripeAccount", NULL);

  if (bound != NULL && g_str_equal (bound, stripe_account))
    return TRUE;
  if (bound != NULL)
    {
      rt_set_error (
          error, RT_ERROR_KEY, "key",
          _ ("This key belongs to another Stripe account (%s, not %s). Nothing was sent."),
          stripe_account, bound);
      return FALSE;
    }
  g_key_file_set_string (file, id, "StripeAccount", stripe_account);
  return save (self, file, error);
}

gboolean
rt_accounts_set_reachable (RtAccounts *self, const char *id, gboolean is_reachable, GError **error)
{
  g_autoptr (GKeyFile) file = load (self);

  g_key_file_set_boolean (file, id, "Unreachable", !is_reachable);
  return save (self, file, error);
}

/* A flat folder of plain files, as the practice Stripe keeps it. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_unlink (file);
    }
  g_rmdir (path);
}

gboolean
rt_accounts_remove (RtAccounts *self, const char *id, GError **error)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
  g_autoptr (GKeyFile) file = load (self);
  g_autofree char *current = g_key_file_get_string (file, GROUP_CURRENT, "Account", NULL);
  g_autofree char *replica = rt_accounts_dup_replica_path (self, id);
  g_autofree char *practice = rt_accounts_dup_practice_path (self, id);
  g_autoptr (GPtrArray) left = NULL;

  g_key_file_remove_group (file, id, NULL);
  if (g_strcmp0 (current, id) == 0)
    g_key_file_remove_key (file, GROUP_CURRENT, "Account", NULL);
  if (!save (self, file, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (replica, suffixes[i], NULL);

      g_unlink (path);
    }
  remove_folder (practice);
  left = rt_accounts_list (self);
  return left->len == 0 || g_strcmp0 (current, id) != 0
         || rt_accounts_use (self, ((RtAccount *) g_ptr_array_index (left, 0))->id, error);
}

char *
rt_accounts_dup_replica_path (RtAccounts *self, const char *id)
{
  g_autofree char *name = g_strconcat (id, ".db", NULL);

  return g_build_filename (self->directory, name, NULL);
}

char *
rt_accounts_dup_practice_path (RtAccounts *self, const char *id)
{
  g_autofree char *name = g_strconcat ("practice-", id, NULL);

  return g_build_filename (self->directory, name, NULL);
}
