#pragma once

#include "rt-accounts.h"
#include "rt-backup.h"
#include "rt-keyring.h"
#include "rt-store.h"
#include "rt-sync.h"

G_BEGIN_DECLS

#define RT_TYPE_SESSION (rt_session_get_type ())
G_DECLARE_FINAL_TYPE (RtSession, rt_session, RT, SESSION, GObject)

/**
 * RtKeySource:
 * @keyring: (not nullable): where keys live
 * @run_keys: (not nullable): keys that are kept for this run only
 * @environment_key: (nullable): the key of the environment, which goes before both
 * @base: (nullable): another API base, for tests
 *
 * Where a session finds its key and its Stripe; borrowed from the workspace.
 */
typedef struct
{
  RtKeyring *keyring;
  RtKeyring *run_keys;
  char *environment_key;
  char *base;
} RtKeySource;

/**
 * rt_session_new:
 * @source: (transfer none): must outlive the session
 *
 * Opens the replica of @account; rt_workspace_open() calls this.
 *
 * Returns: (transfer full) (nullable): the open account
 */
RtSession *rt_session_new (RtAccounts *accounts, const RtAccount *account, RtClock *clock,
                           const RtKeySource *source, GError **error);

/**
 * rt_session_get_store:
 *
 * Returns: (transfer none): the replica
 */
RtStore *rt_session_get_store (RtSession *session);

/**
 * rt_session_get_account:
 *
 * Returns: (transfer none): the account as it was when it was opened
 */
const RtAccount *rt_session_get_account (RtSession *session);

/**
 * rt_session_was_set_aside:
 *
 * Returns: whether the replica was damaged and has been made anew
 */
gboolean rt_session_was_set_aside (RtSession *session);

/**
 * rt_session_set_reachable:
 *
 * Lets a practice account reach its practice Stripe, or not: working offline can be tried that way.
 */
gboolean rt_session_set_reachable (RtSession *session, gboolean is_reachable, GError **error);

/**
 * rt_session_is_reachable:
 *
 * Returns: whether the practice Stripe may be reached; %TRUE for other accounts
 */
gboolean rt_session_is_reachable (RtSession *session);

/**
 * RtSessionProgress:
 * @n_known: 0 if nobody can know
 *
 * Told while much is read how many objects were, of how many; in the thread that reads.
 */
typedef void (*RtSessionProgress) (guint n_read, guint n_known, gpointer user_data);

/**
 * rt_session_set_progress:
 * @progress: (nullable): who is told
 *
 * To be called while nothing is under way.
 */
void rt_session_set_progress (RtSession *session, RtSessionProgress progress, gpointer user_data);

/**
 * rt_session_sync:
 * @report: (out caller-allocates): what was done, also on failure
 *
 * Finds the key and runs rt_sync_run(). Blocks; any thread may call it, one at a time.
 */
gboolean rt_session_sync (RtSession *session, RtSyncFlags flags, GCancellable *cancellable,
                          RtSyncReport *report, GError **error);

/**
 * rt_session_sync_async:
 *
 * rt_session_sync() in a thread of its own.
 */
void rt_session_sync_async (RtSession *session, RtSyncFlags flags, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);

/**
 * rt_session_sync_finish:
 */
gboolean rt_session_sync_finish (RtSession *session, GAsyncResult *result, RtSyncReport *report,
                                 GError **error);

/**
 * rt_session_verify:
 *
 * Asks Stripe whose the key is and binds the account to it, as every sync does: for good, and only
 * if no other account here is bound to it in the same mode. Blocks.
 */
gboolean rt_session_verify (RtSession *session, GCancellable *cancellable, GError **error);

/**
 * rt_session_verify_replica:
 * @is_repairing: whether what differs is set right
 * @report: (out caller-allocates): what differs, also on failure; clear it with
 *   rt_verify_report_clear()
 *
 * Finds the key and runs rt_sync_verify(): compares the whole replica with Stripe. Blocks; any
 * thread may call it, one at a time.
 */
gboolean rt_session_verify_replica (RtSession *session, gboolean is_repairing,
                                    GCancellable *cancellable, RtVerifyReport *report,
                                    GError **error);

/**
 * rt_session_rebuild_replica:
 *
 * Throws away the copy of what Stripe has (rt_sync_rebuild()), if Stripe can be reached: nothing
 * that cannot be had again at once. Drafts and outbox stay; the next sync makes the copy anew.
 * Blocks, up to half a minute while a sync is under way.
 */
gboolean rt_session_rebuild_replica (RtSession *session, GCancellable *cancellable, GError **error);

/**
 * rt_session_back_up:
 *
 * Makes today's copy of drafts and outbox (rt_backup_daily()), if it is not there yet. Blocks; any
 * thread may call it. rt_session_sync() begins with it. That it fails is told by
 * rt_session_check(), too.
 *
 * Returns: %FALSE with a sentence; nothing else is hindered by it
 */
gboolean rt_session_back_up (RtSession *session, GError **error);

/**
 * rt_session_restore:
 * @name: of a copy, see rt_backup_list()
 * @restored: (out caller-allocates): what came back
 *
 * Brings drafts and unsent changes back from a copy (rt_sync_restore()). Blocks, up to half a
 * minute while a sync is under way.
 */
gboolean rt_session_restore (RtSession *session, const char *name, GCancellable *cancellable,
                             RtRestored *restored, GError **error);

/**
 * rt_session_dup_restored_from:
 *
 * Returns: (transfer full) (nullable): if the replica was damaged and set aside: the copy from
 *   which lost drafts and changes were brought back
 */
char *rt_session_dup_restored_from (RtSession *session);

/**
 * rt_session_get_clock_error:
 *
 * Returns: seconds by which this computer's clock was ahead of Stripe's when Stripe answered last;
 *   0 if that is little (TRAPS C4)
 */
gint64 rt_session_get_clock_error (RtSession *session);

/**
 * rt_session_check:
 * @problems: (element-type utf8): gets translated sentences
 *
 * Checks replica, queue, keyring and clock (CLI.md, `check`). Blocks.
 */
void rt_session_check (RtSession *session, GCancellable *cancellable, GPtrArray *problems);

G_END_DECLS
