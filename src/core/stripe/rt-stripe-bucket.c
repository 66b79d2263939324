#include "rt-stripe-bucket.h"

#define SLOWEST G_USEC_PER_SEC /* one request a second, however often Stripe says no */
#define BURST 5                /* requests that may leave at once after a pause */

void
rt_bucket_init (RtBucket *self, guint rate)
{
  self->interval = G_USEC_PER_SEC / rate;
  self->slowed = self->interval;
  self->next_at = 0;
}

gint64
rt_bucket_take (RtBucket *self, gint64 now)
{
  gint64 at = MAX (self->next_at, now - BURST * self->slowed);

  self->next_at = at + self->slowed;
  return MAX (at - now, 0);
}

void
rt_bucket_slow_down (RtBucket *self)
{
  self->slowed = MIN (self->slowed * 2, SLOWEST);
}

void
rt_bucket_recover (RtBucket *self)
{
  self->slowed = MAX (self->interval, self->slowed - self->slowed / 20);
}
