#include "rt-workspace.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "rt-stripe-key.h"

struct _RtWorkspace
{
  RtAccounts *accounts; /* (owned) */
  RtClock *clock;       /* (owned) */
  RtKeySource source;   /* (owned members) */
};

RtWorkspace *
rt_workspace_new (const char *directory, RtClock *clock, RtKeyring *keyring,
                  const char *environment_key, const char *base, GError **error)
{
  g_autofree char *standard = g_build_filename (g_get_user_data_dir (), "retainer", NULL);
  RtAccounts *accounts = rt_accounts_new (directory != NULL ? directory : standard, error);
  RtWorkspace *self;

  if (accounts == NULL)
    return NULL;
  self = g_new0 (RtWorkspace, 1);
  self->accounts = accounts;
  self->clock = rt_clock_ref (clock);
  self->source.keyring = rt_keyring_ref (keyring);
  self->source.run_keys = rt_keyring_new_memory ();
  self->source.environment_key = g_strdup (environment_key);
  self->source.base = g_strdup (base);
  return self;
}

static char *taken_key; /* (owned) (nullable): from the environment until a workspace has it */

/* The bytes that the kernel shows as a process's environment are wiped, too. */
static void
take_environment_key (void)
{
  const char *key = g_getenv ("STRIPE_API_KEY");

  if (key == NULL)
    return;
  taken_key = *key != '\0' ? g_strdup (key) : NULL;
  explicit_bzero ((char *) key, strlen (key));
  g_unsetenv ("STRIPE_API_KEY");
}

/* A crash must not write keys to the disk, nor another process of the person read them. */
void
rt_workspace_protect_keys (void)
{
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its leak checker reads the process as a debugger does */
  prctl (PR_SET_DUMPABLE, 0);
#endif
  take_environment_key ();
}

RtWorkspace *
rt_workspace_new_from_environment (GError **error)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autoptr (RtKeyring) keyring = rt_keyring_new_libsecret ();
  const char *base = g_getenv ("RETAINER_API_BASE");
  RtWorkspace *self = NULL;

  if (base == NULL || *base == '\0' || rt_stripe_check_base (base, FALSE, error))
    self = rt_workspace_new (NULL, clock, keyring, taken_key,
                             base != NULL && *base != '\0' ? base : NULL, error);
  g_clear_pointer (&taken_key, rt_stripe_key_free);
  return self;
}

void
rt_workspace_free (RtWorkspace *self)
{
  if (self == NULL)
    return;
  rt_accounts_free (self->accounts);
  rt_clock_unref (self->clock);
  rt_keyring_unref (self->source.keyring);
  rt_keyring_unref (self->source.run_keys);
  rt_stripe_key_free (self->source.environment_key);
  g_free (self->source.base);
  g_free (self);
}

RtAccounts *
rt_workspace_get_accounts (RtWorkspace *self)
{
  return self->accounts;
}

RtClock *
rt_workspace_get_clock (RtWorkspace *self)
{
  return self->clock;
}

gboolean
rt_workspace_has_environment_key (RtWorkspace *self)
{
  return self->source.environment_key != NULL;
}

RtAccount *
rt_workspace_add_practice (RtWorkspace *self, const char *name, GError **error)
{
  return rt_accounts_add (self->accounts, name, TRUE, FALSE, self->clock, error);
}

/* Keeps @key where the person wants it; the key of the environment is kept nowhere. One that was
 * good for this run only ends with the next. */
static gboolean
keep_key (RtWorkspace *self, const RtAccount *account, const char *key, gboolean only_this_run,
          GCancellable *cancellable, GError **error)
{
  RtKeyring *keyring = only_this_run ? self->source.run_keys : self->source.keyring;
  g_autofree char *label = g_strdup_printf (_ ("Stripe key of “%s” (Retainer)"), account->name);

  if (key == NULL)
    return TRUE;
  if (!rt_keyring_store (keyring, account->id, account->is_live, label, key, cancellable, error))
    return FALSE;
  return only_this_run
         || rt_keyring_clear (self->source.run_keys, account->id, account->is_live, NULL, error);
}

/* Only what proves the key wrong counts, or that the person wants it no more: without a network the
 * account is there all the same. */
static gboolean
verify (RtWorkspace *self, const RtAccount *account, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtSession) session = rt_workspace_open (self, account->id, error);
  GError *reason = NULL;

  if (session == NULL)
    return FALSE;
  if (rt_session_verify (session, cancellable, &reason)
      || (!g_error_matches (reason, RT_ERROR, RT_ERROR_KEY)
          && !g_cancellable_is_cancelled (cancellable)))
    {
      g_clear_error (&reason);
      return TRUE;
    }
  g_propagate_error (error, reason);
  return FALSE;
}

RtAccount *
rt_workspace_add_with_key (RtWorkspace *self, const char *name, const char *key,
                           gboolean only_this_run, GCancellable *cancellable, GError **error)
{
  const char *used = key != NULL ? key : self->source.environment_key;
  g_autoptr (RtAccount) account = NULL;
  g_autoptr (RtAccount) former = NULL;
  gboolean is_live;

  if (!rt_stripe_key_check (used, &is_live, NULL, error)
      || (self->source.base != NULL && !rt_stripe_check_base (self->source.base, is_live, error)))
    return NULL;
  former = rt_accounts_find (self->accounts, NULL, NULL);
  account = rt_accounts_add (self->accounts, name, FALSE, is_live, self->clock, error);
  if (account == NULL)
    return NULL;
  if (keep_key (self, account, key, only_this_run, cancellable, error)
      && verify (self, account, cancellable, error))
    return rt_accounts_find (self->accounts, account->id, error);
  rt_workspace_remove (self, account->id, NULL, NULL);
  if (former != NULL)
    rt_accounts_use (self->accounts, former->id, NULL);
  return NULL;
}

gboolean
rt_workspace_replace_key (RtWorkspace *self, const char *id, const char *key,
                          gboolean only_this_run, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtAccount) account = rt_accounts_find (self->accounts, id, error);
  gboolean is_live;

  if (account == NULL)
    return FALSE;
  if (account->is_practice)
    {
      rt_set_error (error, RT_ERROR_INVALID, NULL,
                    _ ("“%s” is a practice account, which needs no key."), account->name);
      return FALSE;
    }
  if (!rt_stripe_key_check (key, &is_live, NULL, error))
    return FALSE;
  if (is_live != account->is_live)
    {
      rt_set_error (error, RT_ERROR_KEY, "key",
                    account->is_live
                        ? _ ("This account needs a live key (rk_live_… or sk_live_…).")
                        : _ ("This account needs a test key (rk_test_… or sk_test_…)."));
      return FALSE;
    }
  return keep_key (self, account, key, only_this_run, cancellable, error);
}

gboolean
rt_workspace_remove (RtWorkspace *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtAccount) account = rt_accounts_find (self->accounts, id, error);

  if (account == NULL)
    return FALSE;
  rt_keyring_clear (self->source.run_keys, account->id, account->is_live, NULL, NULL);
  /* A keyring that cannot be asked must not keep the account: the key is useless without it. */
  if (!account->is_practice && self->source.environment_key == NULL)
    rt_keyring_clear (self->source.keyring, account->id, account->is_live, cancellable, NULL);
  return rt_accounts_remove (self->accounts, account->id, error);
}

RtSession *
rt_workspace_open (RtWorkspace *self, const char *name, GError **error)
{
  g_autoptr (RtAccount) account = rt_accounts_find (self->accounts, name, error);

  if (account == NULL)
    return NULL;
  return rt_session_new (self->accounts, account, self->clock, &self->source, error);
}
