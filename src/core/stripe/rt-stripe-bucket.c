#include "rt-stripe-bucket.h"

#define SLOWEST G_USEC_PER_SEC /* one request a second, however often Stripe says no */
#define RECOVERY 64 /* answers until about the old pace is back: one 429 in so many (TRAPS A22) */
#define BURST 2     /* requests that may leave at once after a pause */

void
rt_bucket_init (RtBucket *self, guint rate)
{
  self->interval = G_USEC_PER_SEC / rate;
  self->slowed = self->interval;
  self->next_at = 0;
  self->slowed_at = G_MININT64 / 2;
}

void
rt_bucket_set_pace (RtBucket *self, gint64 pace)
{
  self->slowed = MAX (self->interval, MIN (pace, SLOWEST));
}

gint64
rt_bucket_take (RtBucket *self, gint64 now)
{
  gint64 at = MAX (self->next_at, now - BURST * self->slowed);

  self->next_at = at + self->slowed;
  return MAX (at - now, 0);
}

void
rt_bucket_slow_down (RtBucket *self, gint64 now)
{
  /* What was on its way together is told together: once is enough. */
  if (now < self->slowed_at + self->slowed)
    return;
  self->slowed = MIN (self->slowed * 2, SLOWEST);
  self->slowed_at = now;
  self->next_at = MAX (self->next_at, now + self->slowed);
}

void
rt_bucket_recover (RtBucket *self)
{
  self->slowed = MAX (self->interval, self->slowed - self->slowed / RECOVERY);
}
