#pragma once

#include "rt-accounts.h"
#include "rt-keyring.h"
#include "rt-session.h"

G_BEGIN_DECLS

/**
 * RtWorkspace:
 *
 * What the window and the command line are handed: the accounts, the keyring, the clock. Everything
 * below it takes these as parameters. Its calls may be made from any thread, and at the same time.
 */
typedef struct _RtWorkspace RtWorkspace;

/**
 * rt_workspace_new:
 * @directory: (nullable) (type filename): the data directory; %NULL: `$XDG_DATA_HOME/retainer`
 * @keyring: (transfer none): where keys live
 * @environment_key: (nullable): `STRIPE_API_KEY`, used for this run instead of the keyring
 * @base: (nullable): `RETAINER_API_BASE`
 *
 * Returns: (transfer full) (nullable): the workspace
 */
RtWorkspace *rt_workspace_new (const char *directory, RtClock *clock, RtKeyring *keyring,
                               const char *environment_key, const char *base, GError **error);

/**
 * rt_workspace_protect_keys:
 *
 * Takes the key out of the environment, so that no child inherits it and no process of the person
 * reads it there, and switches core dumps off. The first thing that a program does, while it has
 * one thread.
 */
void rt_workspace_protect_keys (void);

/**
 * rt_workspace_new_from_environment:
 *
 * rt_workspace_new() with the environment of CLI.md and the system's clock and keyring, after
 * rt_workspace_protect_keys().
 *
 * Returns: (transfer full) (nullable): the workspace
 */
RtWorkspace *rt_workspace_new_from_environment (GError **error);
void rt_workspace_free (RtWorkspace *workspace);

/**
 * rt_workspace_get_accounts:
 *
 * Returns: (transfer none): the accounts
 */
RtAccounts *rt_workspace_get_accounts (RtWorkspace *workspace);

/**
 * rt_workspace_get_clock:
 *
 * Returns: (transfer none): the clock
 */
RtClock *rt_workspace_get_clock (RtWorkspace *workspace);

/**
 * rt_workspace_has_environment_key:
 *
 * Returns: whether the environment gave a key for this run
 */
gboolean rt_workspace_has_environment_key (RtWorkspace *workspace);

/**
 * rt_workspace_add_practice:
 *
 * Adds an account on the built-in practice Stripe, and uses it.
 *
 * Returns: (transfer full) (nullable): the account
 */
RtAccount *rt_workspace_add_practice (RtWorkspace *workspace, const char *name, GError **error);

/**
 * rt_workspace_add_with_key:
 * @key: (nullable): what was entered; %NULL: the key of the environment
 * @only_this_run: whether the keyring is left alone
 *
 * Adds an account, keeps its key, and asks Stripe whose it is. Without a network the account is
 * there unverified: drafting works at once, the first answer binds it. Blocks on keyring and
 * network.
 *
 * Returns: (transfer full) (nullable): the account; %NULL if the key is refused, cannot be kept or
 *   is of a Stripe account that is here already, and then nothing is changed
 */
RtAccount *rt_workspace_add_with_key (RtWorkspace *workspace, const char *name, const char *key,
                                      gboolean only_this_run, GCancellable *cancellable,
                                      GError **error);

/**
 * rt_workspace_replace_key:
 * @id: of an account
 * @key: (nullable): what was entered
 *
 * Keeps another key for an account whose key is missing or refused; its queue goes on with it. A
 * practice account takes none, whatever @key is.
 */
gboolean rt_workspace_replace_key (RtWorkspace *workspace, const char *id, const char *key,
                                   gboolean only_this_run, GCancellable *cancellable,
                                   GError **error);

/**
 * rt_workspace_remove:
 * @id: of an account
 *
 * Forgets an account with its key, its replica and what is queued in it.
 */
gboolean rt_workspace_remove (RtWorkspace *workspace, const char *id, GCancellable *cancellable,
                              GError **error);

/**
 * rt_workspace_open:
 * @name: (nullable): name or id of an account; %NULL: the one in use
 *
 * Opens an account. A damaged replica is set aside and made anew; see rt_session_was_set_aside().
 *
 * Returns: (transfer full) (nullable): the account, ready to work with
 */
RtSession *rt_workspace_open (RtWorkspace *workspace, const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtWorkspace, rt_workspace_free)

G_END_DECLS
