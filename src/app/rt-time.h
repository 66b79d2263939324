#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * rt_time_to_text:
 * @at: Unix time in microseconds
 * @now: Unix time in microseconds
 *
 * Returns: (transfer full): when that was, as one would say it: "2 min ago", or a date of the
 *   locale
 */
char *rt_time_to_text (gint64 at, gint64 now);

/**
 * rt_time_to_exact:
 * @at: Unix time in microseconds
 *
 * Returns: (transfer full): date and time as the locale writes them, in the zone of the person
 */
char *rt_time_to_exact (gint64 at);

/**
 * rt_time_span_to_text:
 * @seconds: not negative
 *
 * Returns: (transfer full): how long that is, in the unit one would choose: "90 minutes"
 */
char *rt_time_span_to_text (gint64 seconds);

G_END_DECLS
