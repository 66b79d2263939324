#include "rt-pace.h"

/* Microseconds. */
#define MS G_GINT64_CONSTANT (1000)
#define SECOND ((gint64) G_USEC_PER_SEC)
#define ACTIVE_INTERVAL (60 * SECOND)
#define PASSIVE_INTERVAL (600 * SECOND)
#define FIRST_RETRY (5 * SECOND)
#define LAST_RETRY (600 * SECOND)
#define LONGEST_INTERVAL (3600 * SECOND)
/* A network that comes and goes is tried only so often. */
#define HINT_DELAY (300 * MS)
#define HINT_INTERVAL (5 * SECOND)
/* So much later can a round be after a computer woke up. */
#define TICK (20 * SECOND)
/* Listing everything takes minutes on a large account; where it is needed each time, it may take
 * this part of the time. */
#define SHARE_OF_TIME 20
/* Of the interval: not all computers of an agency at once. */
#define MAX_JITTER 0.2

struct _RtPace
{
  RtClock *clock; /* (owned) */
  gboolean is_active;
  gboolean is_running;
  RtPaceEnd end;
  guint n_failures;
  gint64 begun_at;
  gint64 ended_at;  /* 0: no round has ended yet */
  gint64 hint_at;   /* 0: none */
  gint64 full_ms;   /* of the last round */
  gint64 relist_ms; /* of the last round, if the one before listed everything too */
  double jitter;
};

RtPace *
rt_pace_new (RtClock *clock)
{
  RtPace *self = g_new0 (RtPace, 1);

  self->clock = rt_clock_ref (clock);
  return self;
}

void
rt_pace_free (RtPace *self)
{
  if (self == NULL)
    return;
  rt_clock_unref (self->clock);
  g_free (self);
}

void
rt_pace_set_active (RtPace *self, gboolean is_active)
{
  self->is_active = is_active;
}

void
rt_pace_begin (RtPace *self)
{
  self->is_running = TRUE;
  self->begun_at = rt_clock_now (self->clock);
  self->hint_at = 0;
}

void
rt_pace_end (RtPace *self, RtPaceEnd end, gint64 full_ms)
{
  self->is_running = FALSE;
  self->end = end;
  self->ended_at = rt_clock_now (self->clock);
  self->n_failures = end == RT_PACE_FAILED ? self->n_failures + 1 : 0;
  self->relist_ms = self->full_ms > 0 ? full_ms : 0;
  self->full_ms = full_ms;
  self->jitter = g_random_double_range (0, MAX_JITTER);
}

void
rt_pace_hint_network (RtPace *self)
{
  if (self->hint_at == 0)
    self->hint_at = MAX (rt_clock_now (self->clock) + HINT_DELAY, self->begun_at + HINT_INTERVAL);
}

static gint64
get_interval (const RtPace *self)
{
  /* Who cancelled a round does not want it back in a minute. */
  gint64 interval
      = self->is_active && self->end != RT_PACE_LEFT ? ACTIVE_INTERVAL : PASSIVE_INTERVAL;

  if (self->n_failures > 0)
    interval = MIN (FIRST_RETRY << MIN (self->n_failures - 1, 10), LAST_RETRY);
  else
    interval = MAX (interval, MIN (self->relist_ms * MS * SHARE_OF_TIME, LONGEST_INTERVAL));
  return interval + (gint64) ((double) interval * self->jitter);
}

/* A clock that was set back must not make it wait for the time to come again. */
static void
follow_clock (RtPace *self, gint64 now)
{
  self->ended_at = MIN (self->ended_at, now);
  self->begun_at = MIN (self->begun_at, now);
  if (self->hint_at > now + HINT_INTERVAL)
    self->hint_at = now;
}

static gint64
get_due_at (RtPace *self, gint64 now)
{
  gint64 due_at;

  follow_clock (self, now);
  if (self->ended_at == 0)
    return now;
  due_at = self->ended_at + get_interval (self);
  return self->hint_at != 0 ? MIN (due_at, self->hint_at) : due_at;
}

gboolean
rt_pace_is_due (RtPace *self)
{
  gint64 now = rt_clock_now (self->clock);

  /* Without a key only a person can help, and asking a locked keyring again and again would ask
   * them again and again. */
  return !self->is_running && (self->ended_at == 0 || self->end != RT_PACE_STUCK)
         && now >= get_due_at (self, now);
}

guint
rt_pace_get_wait (RtPace *self)
{
  gint64 now = rt_clock_now (self->clock);
  gint64 left = get_due_at (self, now) - now;

  if (self->is_running || self->end == RT_PACE_STUCK)
    return TICK / MS;
  return (guint) (CLAMP (left, 0, TICK) / MS) + 1;
}

gboolean
rt_pace_reads_after_write (RtPace *self)
{
  return self->end != RT_PACE_LEFT && self->relist_ms * MS * SHARE_OF_TIME <= ACTIVE_INTERVAL;
}
