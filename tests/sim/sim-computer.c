#include "sim.h"

#include <glib/gstdio.h>

#include "sim-disk.h"

void
computer_keep_time (Computer *computer)
{
  RtClock *true_clock = computer->sim->clock;
  gint64 behind = rt_clock_now (true_clock) - (rt_clock_now (computer->clock) - computer->offset);

  rt_clock_advance (behind > 0 ? computer->clock : true_clock, ABS (behind));
}

void
computer_set_clock (Computer *computer, gint64 offset)
{
  g_hash_table_remove_all (computer->waits);
  rt_clock_advance (computer->clock, offset - computer->offset);
  computer->offset = offset;
  sim_tell (computer->sim, "%u: its clock is %d seconds ahead now", computer->number,
            (int) (offset / G_USEC_PER_SEC));
}

void
computer_start (Computer *computer)
{
  g_autoptr (GError) error = NULL;

  computer->store = rt_store_open (computer->path, computer->clock, &error);
  if (computer->store != NULL)
    return;
  if (g_error_matches (error, RT_ERROR, RT_ERROR_DAMAGED))
    sim_fail (computer->sim, "computer %u: damaged after a crash: %s", computer->number,
              error->message);
  sim_tell (computer->sim, "%u: does not start: %s", computer->number, error->message);
}

/* The mark that the replica is damaged is on the real disk: what is made by a computer that is dead
 * was never made; one that lives must not make it. */
static void
check_mark (Computer *computer)
{
  g_autofree char *mark = g_strconcat (computer->path, ".suspect", NULL);

  if (g_unlink (mark) == 0 && !sim_disk_is_dead (computer->folder))
    sim_fail (computer->sim, "computer %u takes its replica for damaged", computer->number);
}

void
computer_stop (Computer *computer)
{
  g_clear_object (&computer->store);
  check_mark (computer);
}

void
computer_crash (Computer *computer)
{
  sim_tell (computer->sim, "%u: crashes", computer->number);
  g_hash_table_remove_all (computer->waits);
  sim_disk_die (computer->folder);
  computer_stop (computer);
  sim_disk_power_up (computer->folder, computer->sim->random);
  computer_start (computer);
}

void
computer_sync (Computer *computer, RtSyncFlags flags)
{
  Sim *sim = computer->sim;
  g_autoptr (RtTransport) transport = sim_network_new (computer);
  RtSyncPeer peer = { .base = "http://127.0.0.1:1", .key = "sk_test_sim", .transport = transport };
  g_autoptr (GError) error = NULL;
  RtSyncReport report;

  if (computer->store == NULL || computer->is_syncing)
    return;
  computer->is_syncing = TRUE;
  computer->n_names = sim->n_names;
  if ((flags & RT_SYNC_NOW) != 0)
    g_hash_table_remove_all (computer->waits);
  computer->cancellable = g_cancellable_new ();
  sim_tell (sim, "%u: sync", computer->number);
  rt_sync_run (computer->store, &peer, flags, computer->cancellable, &report, &error);
  sim_tell (sim, "%u: synced: %s, %u pending, %u conflicts, %u rejected%s", computer->number,
            error != NULL ? error->message : "well", report.n_pending, report.n_conflicts,
            report.n_rejected, report.is_full ? ", full" : "");
  g_clear_object (&computer->cancellable);
  computer->is_syncing = FALSE;
  computer->die_in = computer->cancel_in = 0;
  if (sim_disk_is_dead (computer->folder))
    computer_crash (computer);
}

gboolean
computer_audit (Computer *computer, guint *n_different)
{
  g_autoptr (RtTransport) transport = sim_network_new (computer);
  RtSyncPeer peer = { .base = "http://127.0.0.1:1", .key = "sk_test_sim", .transport = transport };
  g_auto (RtVerifyReport) report = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean is_whole;

  computer->is_syncing = TRUE;
  is_whole = rt_sync_verify (computer->store, &peer, sim_chance (computer->sim, 500), NULL, &report,
                             &error);
  computer->is_syncing = FALSE;
  *n_different = report.n_different;
  sim_tell (computer->sim, "%u: audit: %s, %u different", computer->number,
            is_whole ? "well" : error->message, report.n_different);
  return is_whole;
}

void
computer_rebuild (Computer *computer)
{
  gboolean is_rebuilt = rt_sync_rebuild (computer->store, NULL, NULL);

  sim_tell (computer->sim, "%u: rebuild%s", computer->number, is_rebuilt ? "" : " (failed)");
}
