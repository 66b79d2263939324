#include "rt-clock.h"

struct _RtClock
{
  gatomicrefcount references;
  gboolean is_fake;
  GMutex mutex;
  gint64 now; /* fake only, guarded by mutex */
};

/* A timer of a fake clock: due at once, and moves the clock as waiting would have. */
typedef struct
{
  GSource source;
  RtClock *clock; /* (owned) */
  gint64 due_at;
} RtFakeTimer;

RtClock *
rt_clock_new_system (void)
{
  RtClock *self = g_new0 (RtClock, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->mutex);
  return self;
}

RtClock *
rt_clock_new_fake (gint64 now)
{
  RtClock *self = rt_clock_new_system ();

  self->is_fake = TRUE;
  self->now = now;
  return self;
}

RtClock *
rt_clock_ref (RtClock *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
rt_clock_unref (RtClock *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  g_mutex_clear (&self->mutex);
  g_free (self);
}

gint64
rt_clock_now (RtClock *self)
{
  gint64 now;

  if (!self->is_fake)
    return g_get_real_time ();
  g_mutex_lock (&self->mutex);
  now = self->now;
  g_mutex_unlock (&self->mutex);
  return now;
}

gint64
rt_clock_now_seconds (RtClock *self)
{
  return rt_clock_now (self) / G_USEC_PER_SEC;
}

void
rt_clock_advance (RtClock *self, gint64 microseconds)
{
  g_return_if_fail (self->is_fake);
  g_mutex_lock (&self->mutex);
  self->now += microseconds;
  g_mutex_unlock (&self->mutex);
}

static gboolean
fake_timer_prepare (GSource *source, int *timeout)
{
  *timeout = 0;
  return TRUE;
}

static gboolean
fake_timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  RtFakeTimer *timer = (RtFakeTimer *) source;

  g_mutex_lock (&timer->clock->mutex);
  timer->clock->now = MAX (timer->clock->now, timer->due_at);
  g_mutex_unlock (&timer->clock->mutex);
  return callback (user_data);
}

static void
fake_timer_finalize (GSource *source)
{
  rt_clock_unref (((RtFakeTimer *) source)->clock);
}

GSource *
rt_clock_timer_new (RtClock *self, gint64 delay)
{
  static GSourceFuncs fake_timer = {
    .prepare = fake_timer_prepare,
    .dispatch = fake_timer_dispatch,
    .finalize = fake_timer_finalize,
  };
  GSource *source;

  if (!self->is_fake)
    return g_timeout_source_new ((guint) CLAMP ((delay + 999) / 1000, 0, G_MAXINT));
  source = g_source_new (&fake_timer, sizeof (RtFakeTimer));
  /* Behind everything that is ready: time passes only when nothing else happens. */
  g_source_set_priority (source, G_PRIORITY_LOW);
  ((RtFakeTimer *) source)->clock = rt_clock_ref (self);
  ((RtFakeTimer *) source)->due_at = rt_clock_now (self) + delay;
  return source;
}
