#pragma once

#include "rt-restore.h"
#include "rt-stripe-client.h"
#include "rt-verify.h"

G_BEGIN_DECLS

/**
 * RtSyncFlags:
 * @RT_SYNC_PUSH: send what is queued
 * @RT_SYNC_PULL: read what Stripe has
 * @RT_SYNC_FULL: list everything anew; nothing that was begun earlier is gone on with
 * @RT_SYNC_NOW: a person asked: what waits for its next attempt is tried at once
 */
typedef enum
{
  RT_SYNC_PUSH = 1 << 0,
  RT_SYNC_PULL = 1 << 1,
  RT_SYNC_FULL = 1 << 2,
  RT_SYNC_NOW = 1 << 3,
} RtSyncFlags;

/**
 * RtSyncReport:
 * @n_pushed: changes that Stripe has now
 * @n_pulled: objects read
 * @n_pending: changes that still wait
 * @n_conflicts: changes in conflict
 * @n_rejected: changes that Stripe refused
 * @n_requests: HTTP requests made
 * @is_full: whether everything was listed
 * @duration_ms: milliseconds
 *
 * What a sync did (CLI.md, `sync`).
 */
typedef struct
{
  guint n_pushed;
  guint n_pulled;
  guint n_pending;
  guint n_conflicts;
  guint n_rejected;
  guint n_requests;
  gboolean is_full;
  gint64 duration_ms;
} RtSyncReport;

/**
 * RtSyncBind:
 * @stripe_account: `acct_…` that the key belongs to
 *
 * Called before anything is written to Stripe (TRAPS A24).
 *
 * Returns: %FALSE with an error to stop: the replica is of another account
 */
typedef gboolean (*RtSyncBind) (const char *stripe_account, gpointer user_data, GError **error);

/**
 * RtSyncPeer:
 * @base: see rt_stripe_client_new()
 * @key: the key
 * @bind: (nullable): checks whose key it is
 * @user_data: for @bind and @progress
 * @transport: (nullable): what carries the requests; %NULL: HTTP
 * @progress: (nullable): told while much is read how many objects were, of how many that are known
 *   (0 if nobody can know), in the thread of the sync
 *
 * With whom to sync; borrowed for the call.
 */
typedef struct
{
  const char *base;
  const char *key;
  RtSyncBind bind;
  gpointer user_data;
  RtTransport *transport;
  void (*progress) (guint n_read, guint n_known, gpointer user_data);
} RtSyncPeer;

/**
 * rt_sync_run:
 * @report: (out caller-allocates): what was done, also on failure
 *
 * Pushes, then pulls. Blocks; runs its own main context, so any thread may call it, one at a time
 * for a replica: a lock beside the file keeps other processes out. May be killed at any moment.
 *
 * Returns: %FALSE with %RT_ERROR_OFFLINE if Stripe could not be reached, %RT_ERROR_KEY,
 *   %RT_ERROR_BUSY, or a failure of the store; refused changes and conflicts are no failure
 */
gboolean rt_sync_run (RtStore *store, const RtSyncPeer *peer, RtSyncFlags flags,
                      GCancellable *cancellable, RtSyncReport *report, GError **error);

/**
 * rt_sync_rebuild:
 *
 * Throws away the copy of what Stripe has (rt_store_rebuild()) while no sync is under way. The next
 * one reads everything before it sends anything.
 *
 * Returns: %FALSE with %RT_ERROR_BUSY, or a failure of the store
 */
gboolean rt_sync_rebuild (RtStore *store, GCancellable *cancellable, GError **error);

/**
 * rt_sync_restore:
 * @name: of a backup
 * @restored: (out caller-allocates): what came back
 *
 * Brings drafts and unsent changes back (rt_restore_run()) while no sync is under way. The next one
 * reads everything before it sends anything.
 */
gboolean rt_sync_restore (RtStore *store, const char *name, GCancellable *cancellable,
                          RtRestored *restored, GError **error);

/**
 * rt_sync_verify:
 * @is_repairing: whether what differs is set right
 * @report: (out caller-allocates): what differs, also on failure; clear it with
 *   rt_verify_report_clear()
 *
 * Compares the whole replica with Stripe (rt_verify_run()), under the lock of a sync and on the
 * same conditions. Nothing is sent.
 *
 * Returns: %FALSE as rt_sync_run() does; differences are no failure
 */
gboolean rt_sync_verify (RtStore *store, const RtSyncPeer *peer, gboolean is_repairing,
                         GCancellable *cancellable, RtVerifyReport *report, GError **error);

G_END_DECLS
