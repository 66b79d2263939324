/* A first sync of 100,000 objects into SQLite against Stripe's own Node SDK merely listing them, on
 * the same loopback server in the same run; the same with 100 ms latency and a ceiling of 100
 * requests a second; and a queue with 5 % lost answers against a ceiling of 25. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "rt-client-actions.h"
#include "rt-queue.h"
#include "rt-store.h"
#include "rt-sync.h"

typedef struct
{
  GSubprocess *process;
  GDataInputStream *out;
  char *base;
} Server;

static void
server_start (Server *self, const char *program, const char *objects, const char *latency,
              const char *per_second, const char *faults)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error, program, objects, latency, per_second, faults, NULL);
  if (self->process == NULL)
    g_error ("%s", error->message);
  self->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  port = g_data_input_stream_read_line (self->out, NULL, NULL, NULL);
  self->base = g_strconcat ("http://127.0.0.1:", port, NULL);
}

/* Returns: what it saw: requests, put off, created, faults, seconds. */
static char *
server_stop (Server *self)
{
  char *seen;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  seen = g_data_input_stream_read_line (self->out, NULL, NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->out);
  g_clear_object (&self->process);
  g_clear_pointer (&self->base, g_free);
  return seen;
}

static RtStore *
open_store (const char *folder, const char *rate)
{
  static guint number;
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autofree char *name = g_strdup_printf ("replica-%u.db", number++);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  RtStore *store = rt_store_open (path, clock, &error);

  if (store == NULL || !rt_store_set_setting (store, "rate", rate, &error))
    g_error ("%s", error->message);
  return store;
}

/* Objects a second. */
static double
sync_all (RtStore *store, const char *base, RtSyncFlags flags, RtSyncReport *report)
{
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();

  if (!rt_sync_run (store, &(RtSyncPeer){ .base = base, .key = "sk_test_bench" }, flags, NULL,
                    report, &error))
    g_printerr ("%s\n", error->message);
  return (double) report->n_pulled * G_USEC_PER_SEC / (double) (g_get_monotonic_time () - started);
}

/* Objects a second of a Node program that prints how many; 0 if it cannot run. */
static double
node_rate (const char *node, const char *script, const char *base)
{
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, node, script, base, NULL);
  g_autofree char *out = NULL;

  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, NULL)
      || !g_subprocess_get_successful (process))
    return 0;
  return g_ascii_strtod (out, NULL);
}

static void
bench_pull (const char *folder, const char *program, const char *node, const char *script)
{
  for (guint i = 1; i <= 2; i++)
    {
      g_autofree char *objects = g_strdup_printf ("%u", 10000 * i);
      Server server = { 0 };
      RtSyncReport report;
      struct rusage usage;
      double ours, theirs;
      RtStore *store;

      server_start (&server, program, objects, "0", "0", "0");
      theirs = node_rate (node, script, server.base);
      store = open_store (folder, "1000");
      ours = sync_all (store, server.base, RT_SYNC_PULL, &report);
      getrusage (RUSAGE_SELF, &usage);
      g_object_unref (store);
      g_free (server_stop (&server));
      g_print ("pull of %u objects: %.0f objects/s, Node SDK listing %.0f objects/s: ratio %.2f "
               "(bar 1); peak memory %ld MB\n",
               report.n_pulled, ours, theirs, theirs > 0 ? ours / theirs : 0.0,
               usage.ru_maxrss / 1024);
    }
}

static void
bench_latency (const char *folder, const char *program)
{
  Server server = { 0 };
  g_autofree char *seen = NULL;
  RtStore *store = open_store (folder, "97");
  RtSyncReport report;
  double rate;

  server_start (&server, program, "20000", "100", "100", "0");
  rate = sync_all (store, server.base, RT_SYNC_PULL, &report);
  seen = server_stop (&server);
  g_object_unref (store);
  g_print ("pull with 100 ms and a ceiling of 100/s: %.0f objects/s of 10,000 possible: ratio %.2f "
           "(bar 0.90); seen: %s\n",
           rate, rate / 10000, seen);
}

static void
bench_push (const char *folder, const char *program, guint n_changes)
{
  Server server = { 0 };
  g_autofree char *seen = NULL;
  RtStore *store = open_store (folder, "24");
  RtSyncReport report;
  gint64 started;
  double seconds;

  for (guint i = 0; i < n_changes; i++)
    {
      g_autofree char *name = g_strdup_printf ("Client %u", i);
      g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);

      rt_draft_set (draft, "name", name);
      rt_client_unref (rt_client_create (store, draft, NULL));
    }
  server_start (&server, program, "1", "100", "25", "50");
  started = g_get_monotonic_time ();
  do
    sync_all (store, server.base, RT_SYNC_PUSH | RT_SYNC_NOW, &report);
  while (report.n_pending > 0);
  seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;
  seen = server_stop (&server);
  g_object_unref (store);
  g_print ("push of %u changes with 100 ms, 5 %% lost answers and a ceiling of 25/s: %.1f/s: ratio "
           "%.2f (bar 0.90); seen (requests, put off, created, lost, seconds): %s\n",
           n_changes, n_changes / seconds, n_changes / seconds / 25, seen);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("retainer-bench-XXXXXX", NULL);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", folder);
  g_autofree char *output = NULL;

  if (argc != 5)
    return 2;
  bench_pull (folder, argv[1], argv[2], argv[3]);
  bench_latency (folder, argv[1]);
  bench_push (folder, argv[1], (guint) atoi (argv[4]));
  g_spawn_command_line_sync (command, &output, NULL, NULL, NULL);
  return 0;
}
