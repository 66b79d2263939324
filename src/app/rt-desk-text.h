#pragma once

#include "rt-desk.h"

G_BEGIN_DECLS

/**
 * rt_desk_text_dup:
 * @is_busy: whether to say that a sync runs
 * @n_waiting: changes that wait for Stripe
 * @n_stopped: changes that wait for a person
 * @last: (nullable): when Stripe was last read, in words
 *
 * Returns: (transfer full): the state of the sync in a few words
 */
char *rt_desk_text_dup (RtDeskState state, gboolean is_busy, guint n_waiting, guint n_stopped,
                        const char *last);

/**
 * rt_desk_text_dup_clock:
 * @seconds: by which this computer's clock is ahead of Stripe's
 *
 * Returns: (transfer full): that it is wrong, and what to do
 */
char *rt_desk_text_dup_clock (gint64 seconds);

G_END_DECLS
