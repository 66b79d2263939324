#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtClock:
 *
 * Where time comes from: the system, or a test. Thread-safe.
 */
typedef struct _RtClock RtClock;

/**
 * rt_clock_new_system:
 *
 * Returns: (transfer full): the system's clock
 */
RtClock *rt_clock_new_system (void);

/**
 * rt_clock_new_fake:
 * @now: Unix time in microseconds
 *
 * A clock that stands still until moved. Its timers are due at once and move it to their end.
 *
 * Returns: (transfer full): a clock for tests
 */
RtClock *rt_clock_new_fake (gint64 now);

RtClock *rt_clock_ref (RtClock *clock);
void     rt_clock_unref (RtClock *clock);

/**
 * rt_clock_now:
 *
 * Returns: Unix time (UTC) in microseconds
 */
gint64 rt_clock_now (RtClock *clock);

/**
 * rt_clock_now_seconds:
 *
 * Returns: Unix time (UTC) in seconds, as Stripe counts
 */
gint64 rt_clock_now_seconds (RtClock *clock);

/**
 * rt_clock_advance:
 * @microseconds: how far, may be negative
 *
 * Moves a fake clock.
 */
void rt_clock_advance (RtClock *clock, gint64 microseconds);

/**
 * rt_clock_timer_new:
 * @delay: microseconds from now
 *
 * Returns: (transfer full): a source that is dispatched once @delay has passed on @clock
 */
GSource *rt_clock_timer_new (RtClock *clock, gint64 delay);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtClock, rt_clock_unref)

G_END_DECLS
