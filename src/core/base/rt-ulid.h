#pragma once

#include "rt-clock.h"

G_BEGIN_DECLS

#define RT_ULID_LENGTH 26

/**
 * rt_ulid_new:
 *
 * Returns: (transfer full): a new ULID: 26 upper-case Crockford characters, ordered by time, 80
 *   random bits from the system. Ids made by one process in one millisecond still ascend.
 */
char *rt_ulid_new (RtClock *clock);

/**
 * rt_ulid_is_valid:
 * @text: (nullable): any text
 *
 * Returns: whether @text is a ULID as rt_ulid_new() makes them
 */
gboolean rt_ulid_is_valid (const char *text);

G_END_DECLS
