#pragma once

#include "rt-pull.h"
#include "rt-store-event.h"

G_BEGIN_DECLS

/**
 * rt_pull_events_newest:
 * @newest: (out): seconds: when the newest event of the account was created; 0 if it has none
 *
 * To be asked before everything is listed: what happens meanwhile is told by the events since.
 */
gboolean rt_pull_events_newest (RtPull *pull, gint64 *newest, GError **error);

/**
 * rt_pull_events_walk:
 * @since: seconds
 * @has_hole: (out): whether the events do not reach back to @since without a gap
 *
 * Remembers what the events created since then hint at. They may come late, twice, in any order
 * and by the hundred in one second.
 */
gboolean rt_pull_events_walk (RtPull *pull, gint64 since, RtEventWalk *walk, gboolean *has_hole,
                              GError **error);

/**
 * rt_pull_events_apply:
 *
 * Reads again what the events hint at: object by object, or the lists of a type of which much has
 * changed.
 */
gboolean rt_pull_events_apply (RtPull *pull, GError **error);

/**
 * rt_pull_stripe_now:
 *
 * Returns: seconds: this computer's time, set right by what Stripe's clock said last
 */
gint64 rt_pull_stripe_now (RtPull *pull);

G_END_DECLS
