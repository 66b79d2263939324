#pragma once

#include "rt-clock.h"

G_BEGIN_DECLS

/**
 * RtBucket:
 *
 * A token bucket: how fast requests may follow each other. Halved by a 429, regained slowly
 * (API-GUIDE §2, rate limits).
 */
typedef struct
{
  gint64 interval;     /* microseconds between two requests at full rate */
  gint64 slowed;       /* microseconds between two requests now */
  gint64 next_at;      /* when the next one may leave */
  gint64 slowed_at;    /* when the last 429 counted */
} RtBucket;

/**
 * rt_bucket_init:
 * @rate: requests per second
 */
void rt_bucket_init (RtBucket *bucket, guint rate);

/**
 * rt_bucket_set_pace:
 * @pace: microseconds between two requests now: as at full rate at least, a second at most
 */
void rt_bucket_set_pace (RtBucket *bucket, gint64 pace);

/**
 * rt_bucket_take:
 *
 * Returns: how long the next request has to wait, in microseconds
 */
gint64 rt_bucket_take (RtBucket *bucket, gint64 now);

/**
 * rt_bucket_slow_down:
 *
 * After a 429. Those of requests that were on their way together count as one.
 */
void rt_bucket_slow_down (RtBucket *bucket, gint64 now);

/**
 * rt_bucket_recover:
 *
 * After any other answer.
 */
void rt_bucket_recover (RtBucket *bucket);

G_END_DECLS
