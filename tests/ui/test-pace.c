/* When a window syncs by itself: every case of TRAPS C1 and C5, without waiting for any of it. */
#include "rt-desk-state.h"
#include "rt-error.h"

#define START (G_GINT64_CONSTANT (1800000000) * G_USEC_PER_SEC)
#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

typedef struct
{
  RtClock *clock; /* (owned) */
  RtPace *pace;   /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = rt_clock_new_fake (START);
  fixture->pace = rt_pace_new (fixture->clock);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  rt_pace_free (fixture->pace);
  rt_clock_unref (fixture->clock);
}

static void
run_round (Fixture *fixture, RtPaceEnd end)
{
  g_assert_true (rt_pace_is_due (fixture->pace));
  rt_pace_begin (fixture->pace);
  rt_pace_end (fixture->pace, end, 0);
}

/* How many rounds there are if the clock is looked at as often as the pace wants it. */
static guint
count_rounds (Fixture *fixture, gint64 during)
{
  gint64 until = rt_clock_now (fixture->clock) + during;
  guint n_rounds = 0;

  while (rt_clock_now (fixture->clock) < until)
    {
      guint wait = rt_pace_get_wait (fixture->pace);

      g_assert_cmpuint (wait, >, 0);
      rt_clock_advance (fixture->clock,
                        MIN (wait * (gint64) 1000, until - rt_clock_now (fixture->clock)));
      if (!rt_pace_is_due (fixture->pace))
        continue;
      n_rounds++;
      rt_pace_begin (fixture->pace);
      rt_pace_end (fixture->pace, RT_PACE_DONE, 0);
    }
  return n_rounds;
}

static void
test_intervals (Fixture *fixture, gconstpointer data)
{
  guint n_rounds;

  g_test_message ("the first at once");
  run_round (fixture, RT_PACE_DONE);
  g_assert_false (rt_pace_is_due (fixture->pace));
  g_test_message ("every 10 minutes while nobody looks, every minute while somebody does");
  n_rounds = count_rounds (fixture, 2 * HOUR);
  g_assert_cmpuint (n_rounds, >=, 10);
  g_assert_cmpuint (n_rounds, <=, 12);
  rt_pace_set_active (fixture->pace, TRUE);
  count_rounds (fixture, 2 * MINUTE);
  n_rounds = count_rounds (fixture, HOUR);
  g_assert_cmpuint (n_rounds, >=, 49);
  g_assert_cmpuint (n_rounds, <=, 60);
}

static void
test_looked_at (Fixture *fixture, gconstpointer data)
{
  run_round (fixture, RT_PACE_DONE);
  rt_clock_advance (fixture->clock, 5 * MINUTE);
  g_assert_false (rt_pace_is_due (fixture->pace));
  rt_pace_set_active (fixture->pace, TRUE);
  g_assert_true (rt_pace_is_due (fixture->pace));
}

static void
test_c5_jump (Fixture *fixture, gconstpointer data)
{
  rt_pace_set_active (fixture->pace, TRUE);
  run_round (fixture, RT_PACE_DONE);
  g_test_message ("8 hours of sleep are caught up with by one round, no burst");
  rt_clock_advance (fixture->clock, 8 * HOUR);
  run_round (fixture, RT_PACE_DONE);
  g_assert_false (rt_pace_is_due (fixture->pace));
  g_assert_cmpuint (count_rounds (fixture, 50 * SECOND), ==, 0);
  g_test_message ("asleep in the middle of a round: its end counts");
  rt_clock_advance (fixture->clock, 2 * MINUTE);
  rt_pace_begin (fixture->pace);
  rt_clock_advance (fixture->clock, 8 * HOUR);
  g_assert_false (rt_pace_is_due (fixture->pace));
  rt_pace_end (fixture->pace, RT_PACE_DONE, 0);
  g_assert_cmpuint (count_rounds (fixture, 50 * SECOND), ==, 0);
  g_test_message ("a clock that is set back does not stop it");
  rt_clock_advance (fixture->clock, -48 * HOUR);
  g_assert_cmpuint (count_rounds (fixture, 75 * SECOND), ==, 1);
}

static void
test_c5_tick (Fixture *fixture, gconstpointer data)
{
  run_round (fixture, RT_PACE_DONE);
  g_test_message ("timers stand still in sleep: none is longer than 20 seconds");
  g_assert_cmpuint (rt_pace_get_wait (fixture->pace), <=, 20001);
}

static void
test_c1_monitor (Fixture *fixture, gconstpointer data)
{
  rt_pace_set_active (fixture->pace, TRUE);
  g_test_message ("a monitor that says offline for ever: it has no way to say so here");
  g_assert_cmpuint (count_rounds (fixture, HOUR), >=, 49);
  g_test_message ("that there is a network again is worth a try, once");
  for (guint i = 0; i < 8; i++)
    {
      rt_clock_advance (fixture->clock, 13 * MINUTE);
      run_round (fixture, RT_PACE_FAILED);
    }
  rt_clock_advance (fixture->clock, MINUTE);
  g_assert_false (rt_pace_is_due (fixture->pace));
  for (guint i = 0; i < 100; i++)
    rt_pace_hint_network (fixture->pace);
  rt_clock_advance (fixture->clock, SECOND);
  run_round (fixture, RT_PACE_DONE);
  g_assert_false (rt_pace_is_due (fixture->pace));
  g_test_message ("one that flaps is tried every few seconds at most");
  for (guint i = 0; i < 40; i++)
    {
      rt_pace_hint_network (fixture->pace);
      rt_clock_advance (fixture->clock, SECOND / 10);
      g_assert_false (rt_pace_is_due (fixture->pace));
    }
  rt_clock_advance (fixture->clock, SECOND);
  run_round (fixture, RT_PACE_DONE);
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  gint64 last = 0;

  g_test_message ("later each time, never more than 12 minutes");
  for (guint i = 0; i < 100; i++)
    {
      gint64 failed_at = rt_clock_now (fixture->clock);
      gint64 waited;

      run_round (fixture, RT_PACE_FAILED);
      while (!rt_pace_is_due (fixture->pace))
        rt_clock_advance (fixture->clock, rt_pace_get_wait (fixture->pace) * (gint64) 1000);
      waited = rt_clock_now (fixture->clock) - failed_at;
      g_assert_cmpint (waited, <=, 12 * MINUTE + SECOND);
      g_assert_true (i > 6 || waited > last);
      last = waited;
    }
}

static void
test_stuck (Fixture *fixture, gconstpointer data)
{
  run_round (fixture, RT_PACE_STUCK);
  rt_pace_hint_network (fixture->pace);
  rt_clock_advance (fixture->clock, 8 * HOUR);
  g_assert_false (rt_pace_is_due (fixture->pace));
  g_assert_cmpuint (rt_pace_get_wait (fixture->pace), >, 0);
  g_test_message ("until a person has helped");
  rt_pace_begin (fixture->pace);
  rt_pace_end (fixture->pace, RT_PACE_DONE, 0);
  g_assert_cmpuint (count_rounds (fixture, 13 * MINUTE), ==, 1);
}

static void
test_left (Fixture *fixture, gconstpointer data)
{
  rt_pace_set_active (fixture->pace, TRUE);
  run_round (fixture, RT_PACE_LEFT);
  g_assert_false (rt_pace_reads_after_write (fixture->pace));
  g_assert_cmpuint (count_rounds (fixture, 9 * MINUTE), ==, 0);
  g_assert_cmpuint (count_rounds (fixture, 4 * MINUTE), >=, 1);
  g_assert_true (rt_pace_reads_after_write (fixture->pace));
}

static void
test_share (Fixture *fixture, gconstpointer data)
{
  rt_pace_set_active (fixture->pace, TRUE);
  rt_pace_begin (fixture->pace);
  rt_pace_end (fixture->pace, RT_PACE_DONE, 2 * 60 * 1000);
  g_test_message ("everything was read, once: changes are cheap to follow from now on");
  g_assert_true (rt_pace_reads_after_write (fixture->pace));
  g_assert_cmpuint (count_rounds (fixture, 75 * SECOND), ==, 1);
  g_test_message ("everything is read each time: 2 minutes in 40");
  for (guint i = 0; i < 2; i++)
    {
      rt_pace_begin (fixture->pace);
      rt_pace_end (fixture->pace, RT_PACE_DONE, 2 * 60 * 1000);
    }
  g_assert_false (rt_pace_reads_after_write (fixture->pace));
  g_assert_cmpuint (count_rounds (fixture, 39 * MINUTE), ==, 0);
  g_assert_cmpuint (count_rounds (fixture, 10 * MINUTE), >=, 1);
}

/* Only without a key does it wait for a person: one permission that is missing stops nothing else.
 */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    RtError code;
    RtDeskState state;
    RtPaceEnd end;
  } rows[] = {
    { RT_ERROR_KEY, RT_DESK_KEY, RT_PACE_STUCK },
    { RT_ERROR_PERMISSION, RT_DESK_PERMISSION, RT_PACE_FAILED },
    { RT_ERROR_OFFLINE, RT_DESK_OFFLINE, RT_PACE_FAILED },
    { RT_ERROR_BUSY, RT_DESK_IDLE, RT_PACE_FAILED },
    { RT_ERROR_STORAGE, RT_DESK_FAILED, RT_PACE_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = rt_error_new (rows[i].code, NULL, "%s", "x");

      g_test_message ("%d", rows[i].code);
      g_assert_cmpint (rt_desk_state_of (error), ==, rows[i].state);
      g_assert_cmpint (rt_desk_state_end_of (error), ==, rows[i].end);
    }
  g_assert_cmpint (rt_desk_state_of (NULL), ==, RT_DESK_IDLE);
  g_assert_cmpint (rt_desk_state_end_of (NULL), ==, RT_PACE_DONE);
}

static void
test_denial (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) denied = rt_error_new (RT_ERROR_PERMISSION, "key", "%s", "x");
  g_autoptr (GError) offline = rt_error_new (RT_ERROR_OFFLINE, NULL, "%s", "y");
  const RtSyncReport report = { .n_pending = 0 };
  const RtSyncReport waiting = { .n_pending = 1 };
  char *denial = NULL;

  g_test_message ("a list, until all are read");
  rt_desk_state_note_denial (&denial, &report, TRUE, denied);
  rt_desk_state_note_denial (&denial, &report, TRUE, NULL);
  rt_desk_state_note_denial (&denial, &report, FALSE, offline);
  g_assert_cmpstr (denial, ==, "x");
  rt_desk_state_note_denial (&denial, &report, FALSE, NULL);
  g_assert_null (denial);
  g_test_message ("a change, until none waits");
  rt_desk_state_note_denial (&denial, &waiting, FALSE, denied);
  rt_desk_state_note_denial (&denial, &waiting, FALSE, NULL);
  g_assert_cmpstr (denial, ==, "x");
  rt_desk_state_note_denial (&denial, &report, FALSE, NULL);
  g_assert_null (denial);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/pace/intervals", test_intervals },   { "/pace/looked-at", test_looked_at },
    { "/pace/c5/jump", test_c5_jump },       { "/pace/c5/tick", test_c5_tick },
    { "/pace/c1/monitor", test_c1_monitor }, { "/pace/failures", test_failures },
    { "/pace/stuck", test_stuck },           { "/pace/left", test_left },
    { "/pace/share", test_share },           { "/pace/ends", test_ends },
    { "/pace/denial", test_denial },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
