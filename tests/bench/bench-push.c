/* A queue of creations with 100 ms latency and 5 % lost answers against a ceiling of 25 requests a
 * second. usage: bench-push LIST_SERVER N_CHANGES */

#include <stdio.h>
#include <stdlib.h>

#include "bench-server.h"
#include "rt-client-actions.h"

/* Whether the server made as many as were queued: none is lost, none doubled. */
static gboolean
is_each_made_once (const char *seen, guint n_changes)
{
  guint n_requests, n_put_off, n_created;

  return sscanf (seen, "%u %u %u", &n_requests, &n_put_off, &n_created) == 3
         && n_created == n_changes;
}

static gboolean
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
  return is_each_made_once (seen, n_changes);
}

int
main (int argc, char **argv)
{
  char *folder = folder_new ();
  gboolean is_good;

  if (argc != 3)
    return 2;
  is_good = bench_push (folder, argv[1], (guint) atoi (argv[2]));
  folder_free (folder);
  return is_good ? 0 : 1;
}
