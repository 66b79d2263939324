#pragma once

#include "rt-clock.h"

G_BEGIN_DECLS

/**
 * RtPace:
 *
 * When a window syncs by itself (API-GUIDE §3, TRAPS C1, C5). Deadlines are wall time: timers stand
 * still while a computer sleeps. However many of them went by, one round catches up.
 */
typedef struct _RtPace RtPace;

/**
 * RtPaceEnd:
 * @RT_PACE_DONE: Stripe answered
 * @RT_PACE_FAILED: it is worth while to try again, later each time
 * @RT_PACE_STUCK: only a person can help: there is no key
 * @RT_PACE_LEFT: a person cancelled it
 *
 * How a round ended.
 */
typedef enum
{
  RT_PACE_DONE,
  RT_PACE_FAILED,
  RT_PACE_STUCK,
  RT_PACE_LEFT,
} RtPaceEnd;

/**
 * rt_pace_new:
 *
 * Returns: (transfer full): a pace by which the first round is due at once
 */
RtPace *rt_pace_new (RtClock *clock);
void rt_pace_free (RtPace *pace);

/**
 * rt_pace_set_active:
 * @is_active: whether a person looks
 */
void rt_pace_set_active (RtPace *pace, gboolean is_active);

/**
 * rt_pace_begin:
 *
 * A round begins: nothing is due until rt_pace_end().
 */
void rt_pace_begin (RtPace *pace);

/**
 * rt_pace_end:
 * @full_ms: how long it took if everything was listed, else 0
 *
 * A round has ended.
 */
void rt_pace_end (RtPace *pace, RtPaceEnd end, gint64 full_ms);

/**
 * rt_pace_hint_network:
 *
 * The system says that there is a network again: worth a try soon. That there is none is not
 * believed (TRAPS C1), so nobody need tell.
 */
void rt_pace_hint_network (RtPace *pace);

/**
 * rt_pace_is_due:
 *
 * Returns: whether a round is to begin
 */
gboolean rt_pace_is_due (RtPace *pace);

/**
 * rt_pace_get_wait:
 *
 * Returns: after how many milliseconds to look again; not long, because timers do not see a
 *   computer sleep
 */
guint rt_pace_get_wait (RtPace *pace);

/**
 * rt_pace_reads_after_write:
 *
 * Returns: whether a write is followed by reading what Stripe made of it; not while everything
 *   would be listed for it
 */
gboolean rt_pace_reads_after_write (RtPace *pace);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPace, rt_pace_free)

G_END_DECLS
