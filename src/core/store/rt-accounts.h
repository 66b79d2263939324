#pragma once

#include "rt-clock.h"
#include "rt-error.h"

G_BEGIN_DECLS

/**
 * RtAccount:
 * @id: ULID; names its replica and its key in the keyring
 * @name: what the person calls it, unique
 * @is_practice: on the built-in practice Stripe: no key, no network
 * @is_live: with a live key
 * @stripe_account: (nullable): what it is bound to; %NULL until Stripe answered once
 * @is_reachable: for a practice account: whether the practice Stripe may be reached
 *
 * One Stripe account in one mode (API-GUIDE §1, TRAPS A24).
 */
typedef struct
{
  char *id;
  char *name;
  gboolean is_practice;
  gboolean is_live;
  char *stripe_account;
  gboolean is_reachable;
} RtAccount;

void rt_account_free (RtAccount *account);

/**
 * RtAccounts:
 *
 * The accounts of this person, kept in `accounts.ini` in the data directory (mode 0600). No key is
 * in it. Every call reads the file anew: another Retainer may have changed it. What changes it
 * holds the lock `accounts.lock` from reading to writing. A file that cannot be read is never taken
 * for an empty one: the call fails with %RT_ERROR_DAMAGED and changes nothing.
 */
typedef struct _RtAccounts RtAccounts;

/**
 * rt_accounts_new:
 * @directory: (type filename): the data directory; made, with mode 0700, if it does not exist
 *
 * Returns: (transfer full) (nullable): the accounts; %NULL if the list is there but unreadable
 */
RtAccounts *rt_accounts_new (const char *directory, GError **error);
void rt_accounts_free (RtAccounts *accounts);

/**
 * rt_accounts_list:
 *
 * Returns: (transfer full) (element-type RtAccount): all, in the order they were added; none
 *   if the list has become unreadable, which every other call reports
 */
GPtrArray *rt_accounts_list (RtAccounts *accounts);

/**
 * rt_accounts_find:
 * @name: (nullable): a name or id; %NULL: the one in use
 *
 * Returns: (transfer full) (nullable): the account
 */
RtAccount *rt_accounts_find (RtAccounts *accounts, const char *name, GError **error);

/**
 * rt_accounts_add:
 *
 * Adds an account and uses it from now on.
 *
 * Returns: (transfer full) (nullable): the new account
 */
RtAccount *rt_accounts_add (RtAccounts *accounts, const char *name, gboolean is_practice,
                            gboolean is_live, RtClock *clock, GError **error);

/**
 * rt_accounts_use:
 *
 * Makes it the one that is used where none is named.
 */
gboolean rt_accounts_use (RtAccounts *accounts, const char *name, GError **error);

/**
 * rt_accounts_bind:
 * @stripe_account: `acct_…`
 *
 * Binds an account to what Stripe says it is; refuses if it is bound to another, or if another
 * account here is bound to it in the same mode (%RT_ERROR_KEY).
 */
gboolean rt_accounts_bind (RtAccounts *accounts, const char *id, const char *stripe_account,
                           GError **error);

/**
 * rt_accounts_set_reachable:
 *
 * Lets a practice account reach its practice Stripe, or not.
 */
gboolean rt_accounts_set_reachable (RtAccounts *accounts, const char *id, gboolean is_reachable,
                                    GError **error);

/**
 * rt_accounts_remove:
 *
 * Forgets an account and deletes its replica, its backups, what was set aside of it and, for
 * practice accounts, its practice Stripe. If it was the one in use, the first one left is.
 */
gboolean rt_accounts_remove (RtAccounts *accounts, const char *id, GError **error);

/**
 * rt_accounts_dup_replica_path:
 *
 * Returns: (transfer full) (type filename): the file of the account's replica
 */
char *rt_accounts_dup_replica_path (RtAccounts *accounts, const char *id);

/**
 * rt_accounts_dup_practice_path:
 *
 * Returns: (transfer full) (type filename): the directory of the account's practice Stripe
 */
char *rt_accounts_dup_practice_path (RtAccounts *accounts, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtAccount, rt_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtAccounts, rt_accounts_free)

G_END_DECLS
