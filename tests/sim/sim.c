/* The simulator: one seed is one life of two computers, a person, a Dashboard and a network that
 * fails in all the ways it can, with Stripe, disks and time in one process. After every step it
 * checks what must always be true. A seed replays exactly; --shrink leaves out what the failure
 * does not need. */

#include "sim.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "rt-queue.h"
#include "rt-stripe-client.h"
#include "sim-disk.h"
#include "sim-edits.h"

/* Most failures need few steps, and short lives are many lives; some are long. */
#define FEW_STEPS 12
#define MAX_STEPS 40
#define LONG_OF 5
#define MAX_ROUNDS 60
#define MAX_FAILED 10 /* enough to look at */
#define START ((gint64) 1790000000 * G_USEC_PER_SEC)
#define HOUR (3600 * (gint64) G_USEC_PER_SEC)
#define DAY (24 * HOUR)

static guint64 current_seed;
static char *root;

/* The program's ids come from the kernel; here they come from the seed. */
ssize_t
getrandom (void *buffer, size_t length, unsigned int flags)
{
  for (size_t i = 0; i < length; i++)
    ((guint8 *) buffer)[i] = (guint8) g_random_int ();
  return (ssize_t) length;
}

void
sim_tell (Sim *sim, const char *format, ...)
{
  va_list arguments;

  if (sim->story == NULL)
    return;
  va_start (arguments, format);
  g_string_append_vprintf (sim->story, format, arguments);
  g_string_append_c (sim->story, '\n');
  va_end (arguments);
}

void
sim_fail (Sim *sim, const char *format, ...)
{
  va_list arguments;

  if (sim->failure != NULL)
    return;
  va_start (arguments, format);
  sim->failure = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sim_tell (sim, "FAILURE: %s", sim->failure);
}

guint
sim_pick (Sim *sim, guint n)
{
  return (guint) g_rand_int_range (sim->random, 0, (gint32) n);
}

gboolean
sim_chance (Sim *sim, guint of_1000)
{
  return sim_pick (sim, 1000) < of_1000;
}

JsonObject *
sim_ask (Sim *sim, const char *method, const char *path, const char *body)
{
  RtPracticeMessage message = { .method = method,
                                .path = path,
                                .body = body,
                                .authorization = "Bearer sk_test_sim",
                                .version = RT_STRIPE_VERSION };
  RtPracticeReply reply = { 0 };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  rt_practice_call (sim->practice, &message, &reply);
  node = json_from_string (reply.body, NULL);
  object = json_object_ref (json_node_get_object (node));
  rt_practice_reply_clear (&reply);
  return object;
}

static void
keep_time (Sim *sim)
{
  /* Twice: the first may hear of what the last has waited. */
  for (guint i = 0; i < 2 * sim->n_computers; i++)
    computer_keep_time (&sim->computers[i % sim->n_computers]);
}

static void
advance (Sim *sim, gint64 span)
{
  rt_clock_advance (sim->clock, span);
  keep_time (sim);
}

static void
pass_time (Sim *sim)
{
  static const gint64 spans[] = { G_USEC_PER_SEC, 60 * G_USEC_PER_SEC, HOUR,     22 * HOUR,
                                  23 * HOUR,      25 * HOUR,           26 * DAY, 31 * DAY };
  gint64 span = spans[sim_pick (sim, G_N_ELEMENTS (spans))];

  sim_tell (sim, "%d seconds pass", (int) (span / G_USEC_PER_SEC));
  sim_network_deliver_late (sim, span > 120 * G_USEC_PER_SEC);
  advance (sim, span);
}

/* Somebody, or the network, sets the clock; mostly right. */
static void
set_clock_somehow (Computer *computer)
{
  static const gint64 offsets[]
      = { 0, 0, 0, HOUR, -HOUR, 20 * HOUR, -20 * HOUR, 5 * DAY, -5 * DAY, 40 * DAY };

  computer_set_clock (computer, offsets[sim_pick (computer->sim, G_N_ELEMENTS (offsets))]);
}

static void
sync_with_trouble (Computer *computer)
{
  Sim *sim = computer->sim;

  if (sim_chance (sim, 150))
    computer->die_in = 1 + sim_pick (sim, 20);
  if (sim_chance (sim, 200))
    computer->cancel_in = 1 + sim_pick (sim, 10);
  if (sim_chance (sim, 100))
    sim_disk_fail_at (computer->folder, 1 + sim_pick (sim, 300), g_rand_int (sim->random));
  if (sim_chance (sim, 100))
    sim_disk_die_at (computer->folder, 1 + sim_pick (sim, 400));
  computer_sync (computer, RT_SYNC_PUSH | RT_SYNC_PULL | (sim_chance (sim, 100) ? RT_SYNC_FULL : 0)
                               | (sim_chance (sim, 300) ? RT_SYNC_NOW : 0));
  sim_disk_fail_at (computer->folder, 0, 0);
  sim_disk_die_at (computer->folder, 0);
}

/* The person goes on while the disk fails, or until the computer dies. */
static void
act_with_trouble (Computer *computer)
{
  Sim *sim = computer->sim;
  guint n_acts = 1 + sim_pick (sim, 3);

  if (sim_chance (sim, 60))
    sim_disk_fail_at (computer->folder, 1 + sim_pick (sim, 60), g_rand_int (sim->random));
  if (sim_chance (sim, 60))
    sim_disk_die_at (computer->folder, 1 + sim_pick (sim, 80));
  for (guint i = 0; i < n_acts && !sim_disk_is_dead (computer->folder); i++)
    sim_person_act (computer);
  sim_disk_fail_at (computer->folder, 0, 0);
  sim_disk_die_at (computer->folder, 0);
  if (sim_disk_is_dead (computer->folder))
    computer_crash (computer);
}

static void
take_step (Sim *sim)
{
  Computer *computer = &sim->computers[sim_chance (sim, 300) ? sim->n_computers - 1 : 0];
  guint what = sim_pick (sim, 100);
  guint n_different;

  if (sim_chance (sim, 50))
    set_clock_somehow (computer);
  if (computer->store == NULL)
    computer_start (computer);
  if (computer->store == NULL)
    {
      sim_fail (sim, "computer %u does not start", computer->number);
      return;
    }
  if (what < 45)
    act_with_trouble (computer);
  else if (what < 75)
    sync_with_trouble (computer);
  else if (what < 85)
    pass_time (sim);
  else if (what < 95)
    sim_dashboard_act (sim);
  else if (what < 97)
    computer_crash (computer);
  else if (what < 98)
    computer_audit (computer, &n_different);
  else if (what < 99)
    computer_rebuild (computer);
  else
    {
      computer_stop (computer);
      computer_start (computer);
    }
  keep_time (sim);
  sim_check_step (sim, computer);
}

static gboolean
is_at_rest (Sim *sim)
{
  for (guint i = 0; i < sim->n_computers; i++)
    {
      guint n_waiting = 1, n_stopped = 1, n_conflicts = 1;

      if (sim->computers[i].store == NULL)
        return FALSE;
      rt_queue_count (sim->computers[i].store, &n_waiting, &n_stopped, &n_conflicts, NULL);
      if (n_waiting + n_stopped + n_conflicts > 0)
        return FALSE;
    }
  return TRUE;
}

/* The network works, nobody does anything new: everything must come to its end. */
static void
come_to_rest (Sim *sim)
{
  sim->trouble = 0;
  sim->depth = 100;
  sim_network_deliver_late (sim, TRUE);
  rt_practice_clear_faults (sim->practice);
  sim_tell (sim, "-- coming to rest");
  for (guint i = 0; i < MAX_ROUNDS && !is_at_rest (sim) && sim->failure == NULL; i++)
    {
      Computer *computer = &sim->computers[i % sim->n_computers];

      if (computer->store == NULL)
        computer_start (computer);
      advance (sim, 2 * 60 * G_USEC_PER_SEC);
      computer_sync (computer, RT_SYNC_PUSH | RT_SYNC_PULL | RT_SYNC_NOW);
      sim_check_step (sim, computer);
      sim_person_decide_all (computer);
      sim_check_step (sim, computer);
    }
  if (!is_at_rest (sim))
    sim_fail (sim, "it does not come to rest");
  for (guint i = 0; i < 2 * sim->n_computers && sim->failure == NULL; i++)
    {
      advance (sim, 20 * 60 * G_USEC_PER_SEC);
      computer_sync (&sim->computers[i % sim->n_computers], RT_SYNC_PUSH | RT_SYNC_PULL);
    }
  if (sim->failure == NULL)
    sim_check_rest (sim);
  for (guint i = 0; i < sim->n_computers && sim->failure == NULL && sim->seed % 8 == 0; i++)
    {
      guint n_different = 0;

      if (!computer_audit (&sim->computers[i], &n_different) || n_different > 0)
        sim_fail (sim, "computer %u: the audit finds what is not there", i);
    }
}

/* Some people's events show late, but never later than Stripe's mostly do (TRAPS A3). */
static void
order_late_events (Sim *sim)
{
  g_autoptr (JsonObject) order = json_object_new ();

  json_object_set_string_member (order, "fault", "late_events");
  json_object_set_int_member (order, "share", 500);
  json_object_set_int_member (order, "seconds", 300);
  rt_practice_add_fault (sim->practice, order);
}

static void
set_up (Sim *sim)
{
  static const guint troubles[] = { 0, 20, 100, 300, 600 };

  g_random_set_seed ((guint32) sim->seed * 2654435761u + 17);
  sim->random = g_rand_new_with_seed ((guint32) sim->seed * 2246822519u + 3);
  sim->clock = rt_clock_new_fake (START + (gint64) sim->seed * 7 * G_USEC_PER_SEC);
  sim->practice = rt_practice_new (sim->clock, NULL, NULL);
  rt_practice_set_seed (sim->practice, (guint32) sim->seed);
  if (sim_chance (sim, 300))
    order_late_events (sim);
  sim->n_computers = 1 + sim_pick (sim, N_COMPUTERS);
  sim->trouble = troubles[sim_pick (sim, G_N_ELEMENTS (troubles))];
  sim->expires = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sim->expiring = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->discarded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->discarded_twice = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->answered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < sim->n_computers; i++)
    {
      Computer *computer = &sim->computers[i];

      computer->sim = sim;
      computer->number = i;
      computer->clock = rt_clock_new_fake (rt_clock_now (sim->clock));
      computer->folder = g_strdup_printf ("%s/%u", root, i);
      computer->path = g_build_filename (computer->folder, "replica.db", NULL);
      computer->edits = sim_edits_new ();
      computer->waits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      sim_disk_load (computer->folder);
      computer_start (computer);
    }
}

static void
tear_down (Sim *sim)
{
  for (guint i = 0; i < sim->n_computers; i++)
    {
      Computer *computer = &sim->computers[i];

      computer_stop (computer);
      sim_disk_format (computer->folder);
      g_free (computer->folder);
      g_free (computer->path);
      g_ptr_array_unref (computer->edits);
      g_hash_table_unref (computer->waits);
      rt_clock_unref (computer->clock);
    }
  g_clear_pointer (&sim->late, g_ptr_array_unref);
  g_hash_table_unref (sim->expires);
  g_hash_table_unref (sim->expiring);
  g_hash_table_unref (sim->discarded);
  g_hash_table_unref (sim->discarded_twice);
  g_hash_table_unref (sim->seen);
  g_hash_table_unref (sim->answered);
  g_hash_table_unref (sim->refused);
  g_hash_table_unref (sim->deleted);
  g_hash_table_unref (sim->touched);
  g_object_unref (sim->practice);
  rt_clock_unref (sim->clock);
  g_rand_free (sim->random);
}

/* Each step draws from a generator of its own, so that leaving one out does not change the others.
 * @left_out: (nullable): steps that are not taken. Returns the failure, %NULL if there is none. */
static char *
run (guint64 seed, const gboolean *left_out, GString *story)
{
  Sim sim = { .seed = seed, .story = story };
  guint n_steps;

  current_seed = seed;
  set_up (&sim);
  n_steps = sim_pick (&sim, LONG_OF) == 0 ? sim_pick (&sim, MAX_STEPS) : sim_pick (&sim, FEW_STEPS);
  for (guint i = 0; i < n_steps && sim.failure == NULL; i++)
    {
      g_rand_set_seed (sim.random, (guint32) (seed * 1000003 + i));
      if (left_out == NULL || !left_out[i])
        {
          sim_tell (&sim, "-- step %u", i);
          take_step (&sim);
        }
    }
  g_rand_set_seed (sim.random, (guint32) (seed * 1000003 + 999));
  if (sim.failure == NULL)
    come_to_rest (&sim);
  tear_down (&sim);
  return sim.failure;
}

/* Up to the first number and the first colon: failures of one kind. */
static gboolean
is_same_kind (const char *a, const char *b)
{
  gsize length = strcspn (a, ":0123456789");

  return b != NULL && strncmp (a, b, length) == 0;
}

static char *
shrink (guint64 seed)
{
  gboolean left_out[MAX_STEPS] = { FALSE };
  g_autofree char *failure = run (seed, NULL, NULL);
  GString *story = g_string_new (NULL);
  guint n_left = 0;

  if (failure == NULL)
    return g_string_free (story, FALSE);
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < MAX_STEPS; i++)
      {
        g_autofree char *other = NULL;

        if (left_out[i])
          continue;
        left_out[i] = TRUE;
        other = run (seed, left_out, NULL);
        left_out[i] = is_same_kind (failure, other);
      }
  for (guint i = 0; i < MAX_STEPS; i++)
    n_left += left_out[i] ? 0 : 1;
  g_string_append_printf (story, "seed %" G_GUINT64_FORMAT ", shrunk to %u steps\n", seed, n_left);
  g_free (run (seed, left_out, story));
  return g_string_free (story, FALSE);
}

static void
crash_cb (int number)
{
  char text[64];
  int length = g_snprintf (text, sizeof text, "\nsignal %d in seed %" G_GUINT64_FORMAT "\n", number,
                           current_seed);

  if (write (STDERR_FILENO, text, (size_t) length) < 0)
    _exit (2);
  signal (number, SIG_DFL);
  raise (number);
}

/* An empty replica, made once: making its tables takes longer than a run. */
static void
prepare (void)
{
  g_autoptr (RtClock) clock = rt_clock_new_fake (START);
  g_autofree char *folder = g_strconcat (root, "/0", NULL);
  g_autofree char *other = g_strconcat (root, "/1", NULL);
  g_autofree char *path = g_build_filename (folder, "replica.db", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_mkdir_with_parents (other, 0700);
  /* One thread, and no statistics: what a run costs is what a seed costs. */
  sqlite3_config (SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 512, 500);
  sim_disk_install ();
  sim_disk_format (folder);
  g_object_unref (rt_store_open (path, clock, &error));
  g_assert_no_error (error);
  sim_disk_keep (folder);
}

static guint
run_many (guint64 from, guint64 count)
{
  guint n_failed = 0;

  for (guint64 seed = from; seed < from + count; seed++)
    {
      g_autofree char *failure = run (seed, NULL, NULL);

      if ((seed - from + 1) % 1000 == 0)
        g_print ("# %" G_GUINT64_FORMAT " seeds\n", seed - from + 1);
      if (failure == NULL)
        continue;
      n_failed++;
      g_printerr ("seed %" G_GUINT64_FORMAT ": %s\n", seed, failure);
      if (n_failed >= MAX_FAILED)
        break;
    }
  return n_failed;
}

/* The locks are real files. In memory: a disk takes longer to note them than a run takes. */
static char *
make_root (void)
{
  char *folder = g_mkdtemp (g_strdup ("/dev/shm/retainer-sim-XXXXXX"));

  return folder != NULL ? folder : g_dir_make_tmp ("retainer-sim-XXXXXX", NULL);
}

static void
remove_root (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", root);
  g_autofree char *output = NULL;

  g_spawn_command_line_sync (command, &output, NULL, NULL, NULL);
}

int
main (int argc, char **argv)
{
  gint64 from = 1, count = 1;
  gboolean must_shrink = FALSE, must_tell = FALSE;
  const GOptionEntry entries[]
      = { { "seed", 0, 0, G_OPTION_ARG_INT64, &from, "The first seed", "N" },
          { "count", 0, 0, G_OPTION_ARG_INT64, &count, "How many seeds", "N" },
          { "shrink", 0, 0, G_OPTION_ARG_NONE, &must_shrink, "Leave out what is not needed", NULL },
          { "tell", 0, 0, G_OPTION_ARG_NONE, &must_tell, "Tell what happens", NULL },
          G_OPTION_ENTRY_NULL };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  guint n_failed = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  signal (SIGSEGV, crash_cb);
  signal (SIGABRT, crash_cb);
  signal (SIGTRAP, crash_cb);
  root = make_root ();
  prepare ();
  if (must_shrink || must_tell)
    {
      g_autoptr (GString) story = g_string_new (NULL);
      g_autofree char *text = must_shrink ? shrink ((guint64) from) : NULL;
      g_autofree char *failure = must_shrink ? NULL : run ((guint64) from, NULL, story);

      g_print ("%s", text != NULL ? text : story->str);
      n_failed = failure != NULL || (text != NULL && *text != '\0') ? 1 : 0;
    }
  else
    {
      g_print ("1..1\n");
      n_failed = run_many ((guint64) from, (guint64) count);
      g_print ("%s - %" G_GINT64_FORMAT " seeds from %" G_GINT64_FORMAT
               ", %u failed # %.0f seeds/s\n",
               n_failed == 0 ? "ok 1" : "not ok 1", count, from, n_failed,
               (double) count * G_USEC_PER_SEC / (double) (g_get_monotonic_time () - started));
    }
  remove_root ();
  return n_failed == 0 ? 0 : 1;
}
