#include "rt-accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "rt-backup.h"
#include "rt-draft.h"
#include "rt-ulid.h"

#define MAX_NAME 60
#define GROUP_CURRENT "Retainer"
#define REPLICA ".db"

struct _RtAccounts
{
  char *directory; /* (owned) */
  char *path;      /* (owned) */
};

/* The list under the lock of all Retainers of this person, from loading it to saving it. */
typedef struct
{
  GKeyFile *file; /* (owned) */
  int lock;
} Edit;

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

void
rt_accounts_free (RtAccounts *self)
{
  if (self == NULL)
    return;
  g_free (self->directory);
  g_free (self->path);
  g_free (self);
}

static gboolean
has_replica (RtAccounts *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->directory, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL
         && !g_str_has_suffix (name, REPLICA))
    ;
  return name != NULL;
}

/* A power cut may leave a list of no bytes, or of zeros, which reads as one without accounts. */
static gboolean
is_blank (RtAccounts *self, GKeyFile *file)
{
  gsize n_groups;
  g_auto (GStrv) groups = g_key_file_get_groups (file, &n_groups);

  return n_groups == 0 && has_replica (self);
}

/* Only a list that does not exist is empty: saving over one that is damaged would lose accounts. */
static GKeyFile *
load (RtAccounts *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) reason = NULL;

  if (g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, &reason)
          ? !is_blank (self, file)
          : g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&file);
  rt_set_error (error, RT_ERROR_DAMAGED, NULL,
                _ ("The list of accounts %s cannot be read (%s). Nothing was changed."), self->path,
                reason != NULL ? reason->message : _ ("it is blank"));
  return NULL;
}

RtAccounts *
rt_accounts_new (const char *directory, GError **error)
{
  g_autoptr (RtAccounts) self = NULL;
  g_autoptr (GKeyFile) file = NULL;

  if (g_mkdir_with_parents (directory, 0700) != 0 || g_chmod (directory, 0700) != 0)
    {
      rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The folder %s cannot be used."), directory);
      return NULL;
    }
  self = g_new0 (RtAccounts, 1);
  self->directory = g_strdup (directory);
  self->path = g_build_filename (directory, "accounts.ini", NULL);
  /* A list that cannot be read is told at once, not taken for an empty one. */
  file = load (self, error);
  return file != NULL ? g_steal_pointer (&self) : NULL;
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

static void
edit_end (Edit *edit)
{
  g_clear_pointer (&edit->file, g_key_file_unref);
  if (edit->lock >= 0)
    close (edit->lock); /* which also unlocks */
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Edit, edit_end)

static gboolean
edit_begin (RtAccounts *self, Edit *edit, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "accounts.lock", NULL);

  edit->lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  while (edit->lock < 0 || flock (edit->lock, LOCK_EX) != 0)
    if (edit->lock < 0 || errno != EINTR)
      {
        rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The folder %s cannot be used."),
                      self->directory);
        return FALSE;
      }
  edit->file = load (self, error);
  return edit->file != NULL;
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

static GPtrArray *
list_in (GKeyFile *file)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_account_free);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_key_file_has_key (file, groups[i], "Name", NULL))
      g_ptr_array_add (accounts, account_from_group (file, groups[i]));
  return accounts;
}

GPtrArray *
rt_accounts_list (RtAccounts *self)
{
  g_autoptr (GKeyFile) file = load (self, NULL);

  return file != NULL ? list_in (file)
                      : g_ptr_array_new_with_free_func ((GDestroyNotify) rt_account_free);
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

static RtAccount *
find (GKeyFile *file, const char *name, GError **error)
{
  g_autoptr (GPtrArray) accounts = list_in (file);
  g_autofree char *current = g_key_file_get_string (file, GROUP_CURRENT, "Account", NULL);
  RtAccount *account = find_in (accounts, name != NULL ? name : current);

  if (account == NULL && name != NULL)
    rt_set_error (error, RT_ERROR_NOT_FOUND, "account", _ ("There is no account “%s”."), name);
  else if (account == NULL)
    rt_set_error (error, RT_ERROR_NOT_FOUND, "account",
                  _ ("There is no account yet. Add one; a practice account needs no key."));
  return account;
}

RtAccount *
rt_accounts_find (RtAccounts *self, const char *name, GError **error)
{
  g_autoptr (GKeyFile) file = load (self, error);

  return file != NULL ? find (file, name, error) : NULL;
}

static gboolean
check_name (GKeyFile *file, const char *name, GError **error)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (GPtrArray) accounts = list_in (file);
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
  g_auto (Edit) edit = { NULL, -1 };
  g_autofree char *id = rt_ulid_new (clock);
  g_autofree char *trimmed = name != NULL ? g_strstrip (g_strdup (name)) : NULL;

  if (!edit_begin (self, &edit, error) || !check_name (edit.file, trimmed, error))
    return NULL;
  g_key_file_set_string (edit.file, id, "Name", trimmed);
  g_key_file_set_boolean (edit.file, id, "Practice", is_practice);
  g_key_file_set_boolean (edit.file, id, "Live", is_live);
  g_key_file_set_string (edit.file, GROUP_CURRENT, "Account", id);
  return save (self, edit.file, error) ? account_from_group (edit.file, id) : NULL;
}

gboolean
rt_accounts_use (RtAccounts *self, const char *name, GError **error)
{
  g_auto (Edit) edit = { NULL, -1 };
  g_autoptr (RtAccount) account = NULL;

  if (!edit_begin (self, &edit, error))
    return FALSE;
  account = find (edit.file, name, error);
  if (account == NULL)
    return FALSE;
  g_key_file_set_string (edit.file, GROUP_CURRENT, "Account", account->id);
  return save (self, edit.file, error);
}

/* Two accounts for one Stripe account would be two replicas and two queues that do not know of each
 * other: what waits in one is a surprise in the other. */
static gboolean
check_only_one (GKeyFile *file, const RtAccount *account, const char *stripe_account,
                GError **error)
{
  g_autoptr (GPtrArray) accounts = list_in (file);

  for (guint i = 0; i < accounts->len; i++)
    {
      const RtAccount *other = g_ptr_array_index (accounts, i);

      if (other->is_live != account->is_live
          || g_strcmp0 (other->stripe_account, stripe_account) != 0)
        continue;
      rt_set_error (error, RT_ERROR_KEY, "key",
                    _ ("The Stripe account of this key (%s) is here already, as “%s”. Nothing was "
                       "sent."),
                    stripe_account, other->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
rt_accounts_bind (RtAccounts *self, const char *id, const char *stripe_account, GError **error)
{
  g_auto (Edit) edit = { NULL, -1 };
  g_autoptr (RtAccount) account = NULL;

  if (!edit_begin (self, &edit, error))
    return FALSE;
  account = find (edit.file, id, error);
  if (account == NULL)
    return FALSE;
  /* Who has two of one already, from before they were refused, goes on with both queues. */
  if (g_strcmp0 (account->stripe_account, stripe_account) == 0)
    return TRUE;
  if (account->stripe_account != NULL)
    {
      rt_set_error (
          error, RT_ERROR_KEY, "key",
          _ ("This key belongs to another Stripe account (%s, not %s). Nothing was sent."),
          stripe_account, account->stripe_account);
      return FALSE;
    }
  if (!check_only_one (edit.file, account, stripe_account, error))
    return FALSE;
  g_key_file_set_string (edit.file, account->id, "StripeAccount", stripe_account);
  return save (self, edit.file, error);
}

gboolean
rt_accounts_set_reachable (RtAccounts *self, const char *id, gboolean is_reachable, GError **error)
{
  g_auto (Edit) edit = { NULL, -1 };
  g_autoptr (RtAccount) account = NULL;

  if (!edit_begin (self, &edit, error))
    return FALSE;
  account = find (edit.file, id, error);
  if (account == NULL)
    return FALSE;
  g_key_file_set_boolean (edit.file, account->id, "Unreachable", !is_reachable);
  return save (self, edit.file, error);
}

/* Plain files only: the data directory and that of a practice Stripe are flat. */
static void
remove_files (const char *path, const char *prefix)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_str_has_prefix (name, prefix))
        g_unlink (file);
    }
}

/* The account that is used after one has gone: the first that is left. */
static void
use_first (GKeyFile *file)
{
  g_autoptr (GPtrArray) left = list_in (file);

  if (left->len > 0)
    g_key_file_set_string (file, GROUP_CURRENT, "Account",
                           ((RtAccount *) g_ptr_array_index (left, 0))->id);
  else
    g_key_file_remove_key (file, GROUP_CURRENT, "Account", NULL);
}

gboolean
rt_accounts_remove (RtAccounts *self, const char *id, GError **error)
{
  g_auto (Edit) edit = { NULL, -1 };
  g_autofree char *current = NULL;
  g_autofree char *replica = g_strconcat (id, REPLICA, NULL);
  g_autofree char *practice = rt_accounts_dup_practice_path (self, id);
  g_autofree char *path = rt_accounts_dup_replica_path (self, id);
  g_autofree char *backups = rt_backup_dup_folder (path);

  if (!edit_begin (self, &edit, error))
    return FALSE;
  current = g_key_file_get_string (edit.file, GROUP_CURRENT, "Account", NULL);
  g_key_file_remove_group (edit.file, id, NULL);
  if (g_strcmp0 (current, id) == 0)
    use_first (edit.file);
  if (!save (self, edit.file, error))
    return FALSE;
  /* With its journal, its locks, its backups and what was set aside of it. */
  remove_files (self->directory, replica);
  remove_files (backups, "");
  g_rmdir (backups);
  remove_files (practice, "");
  g_rmdir (practice);
  return TRUE;
}

char *
rt_accounts_dup_replica_path (RtAccounts *self, const char *id)
{
  g_autofree char *name = g_strconcat (id, REPLICA, NULL);

  return g_build_filename (self->directory, name, NULL);
}

char *
rt_accounts_dup_practice_path (RtAccounts *self, const char *id)
{
  g_autofree char *name = g_strconcat ("practice-", id, NULL);

  return g_build_filename (self->directory, name, NULL);
}
