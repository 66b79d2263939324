#pragma once

#include "rt-store.h"
#include "rt-stripe-client.h"

G_BEGIN_DECLS

/**
 * RtPull:
 * @store: where it goes
 * @client: where it comes from
 * @cancellable: (nullable): gives up; what was read is kept and gone on from
 * @progress: (nullable): told how many objects were read, of how many that are known; 0 if nobody
 *   can know
 * @user_data: for @progress
 * @n_pulled: objects read
 * @is_full: whether everything was listed
 * @denied: (owned) (nullable): why a list was left out: the key may not read it
 *
 * One reading of what Stripe has.
 */
typedef struct
{
  RtStore *store;
  RtStripeClient *client;
  GCancellable *cancellable;
  void (*progress) (guint n_read, guint n_known, gpointer user_data);
  gpointer user_data;
  guint n_pulled;
  gboolean is_full;
  GError *denied;
} RtPull;

/**
 * rt_pull_run:
 * @is_full: whether a person wants everything listed anew
 *
 * Reads what has changed at Stripe, as its events tell; or lists everything, if it was never read,
 * if the events since do not reach back far enough, if a person asks, or if that was begun and not
 * ended (API-GUIDE §3). Blocks, running the thread-default main context; may be killed at any
 * moment and goes on from there.
 *
 * Returns: %FALSE with an error if not everything could be read
 */
gboolean rt_pull_run (RtPull *pull, gboolean is_full, GError **error);

/**
 * rt_pull_before_audit:
 *
 * Brings the replica to where the next sync would, but for what that would find only by reading
 * everything anew: that is what an audit is to find.
 */
gboolean rt_pull_before_audit (RtPull *pull, GError **error);

/**
 * rt_pull_catch_up:
 *
 * Reads only what events tell of since the last time; that there is a gap in them, or that the key
 * may not read them, is left to the next rt_pull_run().
 */
gboolean rt_pull_catch_up (RtPull *pull, GError **error);

/**
 * rt_pull_dup_reason:
 *
 * Returns: (transfer full) (nullable): a translated sentence that says why everything is being
 *   listed; %NULL if it is not
 */
char *rt_pull_dup_reason (RtStore *store);

/**
 * rt_pull_must_be_first:
 *
 * Returns: whether everything must be read before anything is sent: the replica was made anew, as
 *   from a damaged file, and does not know what Stripe has
 */
gboolean rt_pull_must_be_first (RtStore *store);

/**
 * rt_pull_is_partial:
 *
 * Returns: whether objects of Stripe may be missing: reading all was begun and left, must be
 *   begun, or is not allowed to the key
 */
gboolean rt_pull_is_partial (RtStore *store);

G_END_DECLS
