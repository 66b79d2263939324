/* A first sync of 100,000 objects into SQLite against Stripe's own Node SDK merely listing them,
 * and against Supabase's sync engine bringing them into PostgreSQL, on the same loopback server in
 * the same run; and the same with 100 ms latency and a ceiling of 100 requests a second. */

#include <sys/resource.h>

#include "bench-server.h"

/* On the command line. */
enum
{
  PROGRAM = 1,
  NODE,
  LIST,
  ENGINE,
  N_ARGUMENTS,
};

/* Objects a second of a program that prints how many; 0 if it cannot run. */
static double
other_rate (const char *program, const char *script, const char *base)
{
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, program, script, base, NULL);
  g_autofree char *out = NULL;

  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, NULL)
      || !g_subprocess_get_successful (process))
    return 0;
  return g_ascii_strtod (out, NULL);
}

/* Microseconds of processor time that this process has used. */
static double
cpu_time (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static long
peak_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/* One pull of everything into a new replica; objects a second. */
static double
pull_once (const char *folder, const char *base, double *cpu, guint *n_objects)
{
  RtStore *store = open_store (folder, "1000");
  double before = cpu_time ();
  RtSyncReport report;
  double rate = sync_all (store, base, RT_SYNC_PULL, &report);

  *cpu = (cpu_time () - before) / report.n_pulled;
  *n_objects = report.n_pulled;
  g_object_unref (store);
  return rate;
}

/* The best of three of each, in turns, for the machine may be busy. */
static void
bench_pull (const char *folder, char **arguments, const char *objects)
{
  Server server = { 0 };
  double ours = 0, theirs = 0, engine, cpu = 0;
  guint n_objects = 0;

  server_start (&server, arguments[PROGRAM], objects, "0", "0", "0");
  for (guint i = 0; i < 3; i++)
    {
      theirs = MAX (theirs, other_rate (arguments[NODE], arguments[LIST], server.base));
      ours = MAX (ours, pull_once (folder, server.base, &cpu, &n_objects));
    }
  g_print ("pull of %u objects: %.0f objects/s, Node SDK listing %.0f objects/s: ratio %.2f "
           "(bar 1); %.1f us of processor time for each; peak memory %ld MB\n",
           n_objects, ours, theirs, theirs > 0 ? ours / theirs : 0.0, cpu, peak_memory ());
  engine = other_rate ("sh", arguments[ENGINE], server.base);
  if (engine > 0)
    g_print ("sync engine into PostgreSQL: %.0f objects/s: ratio %.1f (bar 25)\n", engine,
             ours / engine);
  else
    g_print ("sync engine into PostgreSQL: not measured, see above\n");
  g_free (server_stop (&server));
}

static void
bench_latency (const char *folder, const char *program)
{
  Server server = { 0 };
  g_autofree char *seen = NULL;
  RtStore *store = open_store (folder, "98");
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

int
main (int argc, char **argv)
{
  char *folder = folder_new ();

  if (argc != N_ARGUMENTS)
    return 2;
  bench_pull (folder, argv, "10000");
  bench_pull (folder, argv, "20000");
  bench_latency (folder, argv[PROGRAM]);
  folder_free (folder);
  return 0;
}
