#include "rt-sync.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "rt-error.h"
#include "rt-push.h"
#include "rt-queue-send.h"
#include "rt-queue.h"
#include "rt-store-object.h"
#include "rt-store-rebuild.h"

#define LOCK_PATIENCE (30 * G_USEC_PER_SEC)
#define LOCK_INTERVAL (G_USEC_PER_SEC / 20)

/* What an asynchronous step left behind for the loop that waits for it. */
typedef struct
{
  gboolean is_done;
  GAsyncResult *result; /* (owned) */
} Step;

static void
step_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;

  step->is_done = TRUE;
  step->result = g_object_ref (result);
}

static GAsyncResult *
step_wait (Step *step)
{
  while (!step->is_done)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  return step->result;
}

static gboolean
wait_over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_a_moment (void)
{
  g_autoptr (GSource) source = g_timeout_source_new (LOCK_INTERVAL / 1000);
  gboolean is_over = FALSE;

  g_source_set_callback (source, wait_over_cb, &is_over, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  while (!is_over)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

/* One sync at a time for a replica, over all processes (TRAPS B25). The kernel drops the lock when
 * its holder dies. */
static int
take_lock (RtStore *store, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_strconcat (rt_store_get_path (store), ".lock", NULL);
  int file = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gint64 until = g_get_monotonic_time () + LOCK_PATIENCE;

  if (file < 0)
    {
      rt_set_error (error, RT_ERROR_STORAGE, NULL, _ ("The lock of the replica cannot be made."));
      return -1;
    }
  while (flock (file, LOCK_EX | LOCK_NB) != 0)
    {
      if (g_get_monotonic_time () > until || g_cancellable_is_cancelled (cancellable))
        {
          rt_set_error (error, RT_ERROR_BUSY, NULL,
                        _ ("Another Retainer is syncing this account. Try again in a moment."));
          close (file);
          return -1;
        }
      wait_a_moment ();
    }
  return file;
}

static RtAnswer *
ask (RtStripeClient *client, const char *path, GCancellable *cancellable)
{
  Step step = { 0 };
  g_autoptr (GAsyncResult) result = NULL;

  rt_stripe_client_send_async (client, "GET", path, NULL, NULL, cancellable, step_cb, &step);
  result = step_wait (&step);
  return rt_stripe_client_send_finish (client, result);
}

/* A restricted key that may not read its account: it is the right one if it can read an object that
 * only this account can have, or if nothing is known yet that could be mixed up (API-GUIDE §1). */
static gboolean
check_objects (RtStore *store, RtStripeClient *client, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) paths = rt_store_dup_own_paths (store);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (RtAnswer) answer = ask (client, g_ptr_array_index (paths, i), cancellable);

      if (answer->outcome == RT_OUTCOME_DONE)
        return TRUE;
    }
  if (paths->len == 0)
    return TRUE;
  rt_set_error (
      error, RT_ERROR_KEY, "key",
      _ ("The key may not read its account, and nothing of this account can be found with "
         "it. Nothing was sent. Give the key the permission to read the account."));
  return FALSE;
}

/* Whose key is it? Asked before every sync: a key can be swapped at any time (TRAPS A24). */
static gboolean
check_account (RtStore *store, RtStripeClient *client, const RtSyncPeer *peer,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (RtAnswer) answer = ask (client, "/v1/account", cancellable);
  const char *id;

  if (answer->outcome == RT_OUTCOME_PERMISSION)
    return check_objects (store, client, cancellable, error);
  if (answer->outcome != RT_OUTCOME_DONE)
    {
      g_propagate_error (error, g_error_copy (answer->error));
      return FALSE;
    }
  id = rt_json_string (answer->json, "id");
  if (id == NULL)
    {
      rt_set_error (error, RT_ERROR_OFFLINE, NULL, _ ("Stripe's answer has no object."));
      return FALSE;
    }
  return peer->bind == NULL || peer->bind (id, peer->user_data, error);
}

static gboolean
push (RtStore *store, RtStripeClient *client, GCancellable *cancellable, GError **error)
{
  Step step = { 0 };
  g_autoptr (GAsyncResult) result = NULL;

  rt_push_async (store, client, cancellable, step_cb, &step);
  result = step_wait (&step);
  return rt_push_finish (result, error);
}

static gboolean
pull (RtStore *store, RtStripeClient *client, const RtSyncPeer *peer, RtSyncFlags flags,
      GCancellable *cancellable, RtSyncReport *report, GError **error)
{
  RtPull pull = { .store = store,
                  .client = client,
                  .cancellable = cancellable,
                  .progress = peer->progress,
                  .user_data = peer->user_data };
  gboolean is_read = rt_pull_run (&pull, (flags & RT_SYNC_FULL) != 0, error);
  g_autofree char *now = NULL;

  report->n_pulled += pull.n_pulled;
  report->is_full |= pull.is_full;
  g_clear_error (&pull.denied);
  if (!is_read)
    return FALSE;
  now = g_strdup_printf ("%" G_GINT64_FORMAT, rt_clock_now_seconds (rt_store_get_clock (store)));
  return rt_store_set_setting (store, "last-sync-at", now, error);
}

static void
learn_skew (RtStore *store, RtStripeClient *client)
{
  g_autofree char *text = NULL;
  gint64 skew;

  if (!rt_stripe_client_get_skew (client, &skew))
    return;
  rt_store_set_skew (store, skew);
  text = g_strdup_printf ("%" G_GINT64_FORMAT, skew);
  rt_store_set_setting (store, RT_STORE_SKEW, text, NULL);
}

static gboolean
prepare_queue (RtStore *store, RtSyncFlags flags, GError **error)
{
  return rt_queue_recover (store, error)
         && ((flags & RT_SYNC_NOW) == 0 || rt_queue_wake (store, error));
}

/* What an earlier run left under way is stamped by Stripe's clock if it can be heard, and taken up
 * in any case. */
static gboolean
begin (RtStore *store, RtStripeClient *client, const RtSyncPeer *peer, RtSyncFlags flags,
       GCancellable *cancellable, GError **error)
{
  gboolean is_ours = check_account (store, client, peer, cancellable, error);

  learn_skew (store, client);
  return prepare_queue (store, flags, is_ours ? error : NULL) && is_ours;
}

static gboolean
run_steps (RtStore *store, RtStripeClient *client, const RtSyncPeer *peer, RtSyncFlags flags,
           GCancellable *cancellable, RtSyncReport *report, GError **error)
{
  GError *trouble = NULL;

  if (!begin (store, client, peer, flags, cancellable, error))
    return FALSE;
  if ((flags & RT_SYNC_PUSH) != 0 && rt_pull_must_be_first (store)
      && !pull (store, client, peer, flags, cancellable, report, error))
    return FALSE;
  if ((flags & RT_SYNC_PUSH) != 0)
    push (store, client, cancellable, &trouble);
  /* One request that Stripe cannot answer must not keep everything else from being read. */
  if ((flags & RT_SYNC_PULL) != 0 && !g_error_matches (trouble, RT_ERROR, RT_ERROR_KEY)
      && !g_cancellable_is_cancelled (cancellable))
    pull (store, client, peer, flags, cancellable, report, trouble == NULL ? &trouble : NULL);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

/* Returns: 0 if it is not set */
static guint64
get_number (RtStore *store, const char *setting)
{
  g_autofree char *text = rt_store_dup_setting (store, setting);
  guint64 number = 0;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &number, NULL) ? number
                                                                                            : 0;
}

/* The account is shared with whatever else the agency runs: how fast is a setting (API-GUIDE §2).
 * If Stripe said no to too many, the next sync would meet the same. */
static void
set_pace (RtStore *store, RtStripeClient *client)
{
  guint64 rate = get_number (store, "rate");

  if (rate > 0)
    rt_stripe_client_set_rate (client, (guint) rate);
  rt_stripe_client_set_pace (client, (gint64) get_number (store, "pace"));
}

/* One that cannot be kept is found again by asking too fast. */
static void
keep_pace (RtStore *store, RtStripeClient *client)
{
  gint64 pace = rt_stripe_client_get_pace (client);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, pace);

  if ((guint64) pace != get_number (store, "pace"))
    rt_store_set_setting (store, "pace", text, NULL);
}

/* What is done under the lock. */
typedef struct
{
  RtStore *store;
  const RtSyncPeer *peer;
  RtSyncFlags flags;
  GCancellable *cancellable;
  RtSyncReport *report;   /* (nullable): of a sync */
  RtVerifyReport *verify; /* (nullable): of an audit */
  gboolean is_repairing;
} Run;

static gboolean
verify (const Run *run, RtStripeClient *client, GError **error)
{
  RtPull pull = { .store = run->store,
                  .client = client,
                  .cancellable = run->cancellable,
                  .progress = run->peer->progress,
                  .user_data = run->peer->user_data };
  gboolean is_verified = check_account (run->store, client, run->peer, run->cancellable, error)
                         && rt_verify_run (&pull, run->is_repairing, run->verify, error);

  g_clear_error (&pull.denied);
  run->verify->n_requests = rt_stripe_client_get_n_requests (client);
  return is_verified;
}

static gboolean
sync_now (const Run *run, RtStripeClient *client, GError **error)
{
  guint n_done = rt_queue_count_done (run->store);
  gboolean is_good
      = run_steps (run->store, client, run->peer, run->flags, run->cancellable, run->report, error);

  run->report->n_requests = rt_stripe_client_get_n_requests (client);
  run->report->n_pushed = rt_queue_count_done (run->store) - n_done;
  return is_good;
}

static gboolean
run_locked (const Run *run, GError **error)
{
  RtStore *store = run->store;
  const RtSyncPeer *peer = run->peer;
  g_autoptr (RtStripeClient) client
      = rt_stripe_client_new (rt_store_get_clock (store), peer->transport, peer->base, peer->key,
                              error);
  gint64 order = 0;
  gboolean is_good;

  if (client == NULL || !rt_store_get_order (store, &order, error))
    return FALSE;
  rt_stripe_client_set_order (client, order);
  set_pace (store, client);
  is_good = run->verify != NULL ? verify (run, client, error) : sync_now (run, client, error);
  keep_pace (store, client);
  return is_good;
}

/* In a main context of its own, so that any thread may call it. */
static gboolean
run (const Run *run, gint64 *duration_ms, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gint64 started = g_get_monotonic_time ();
  gboolean is_good = FALSE;
  int lock;

  g_main_context_push_thread_default (context);
  lock = take_lock (run->store, run->cancellable, error);
  if (lock >= 0)
    {
      is_good = run_locked (run, error);
      close (lock);
    }
  /* What libsoup closes in idle handlers goes with the context. */
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  *duration_ms = (g_get_monotonic_time () - started) / 1000;
  return is_good;
}

gboolean
rt_sync_run (RtStore *store, const RtSyncPeer *peer, RtSyncFlags flags, GCancellable *cancellable,
             RtSyncReport *report, GError **error)
{
  const Run order = {
    .store = store, .peer = peer, .flags = flags, .cancellable = cancellable, .report = report
  };
  gboolean is_good;

  *report = (RtSyncReport){ 0 };
  is_good = run (&order, &report->duration_ms, error);
  rt_queue_count (store, &report->n_pending, &report->n_rejected, &report->n_conflicts, NULL);
  return is_good;
}

gboolean
rt_sync_verify (RtStore *store, const RtSyncPeer *peer, gboolean is_repairing,
                GCancellable *cancellable, RtVerifyReport *report, GError **error)
{
  const Run order = { .store = store,
                      .peer = peer,
                      .cancellable = cancellable,
                      .verify = report,
                      .is_repairing = is_repairing };

  *report = (RtVerifyReport){ 0 };
  return run (&order, &report->duration_ms, error);
}

/* Nothing is sent and no answer settled while @work is done. */
static gboolean
do_alone (RtStore *store, gboolean (*work) (RtStore *store, gpointer data, GError **error),
          gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gboolean is_done = FALSE;
  int lock;

  g_main_context_push_thread_default (context);
  lock = take_lock (store, cancellable, error);
  if (lock >= 0)
    {
      is_done = work (store, data, error);
      close (lock);
    }
  g_main_context_pop_thread_default (context);
  return is_done;
}

static gboolean
rebuild_cb (RtStore *store, gpointer data, GError **error)
{
  return rt_store_rebuild (store, error);
}

gboolean
rt_sync_rebuild (RtStore *store, GCancellable *cancellable, GError **error)
{
  return do_alone (store, rebuild_cb, NULL, cancellable, error);
}

typedef struct
{
  const char *name;
  RtRestored *restored;
} Restore;

static gboolean
restore_cb (RtStore *store, gpointer data, GError **error)
{
  const Restore *restore = data;

  return rt_restore_run (store, restore->name, restore->restored, error);
}

gboolean
rt_sync_restore (RtStore *store, const char *name, GCancellable *cancellable, RtRestored *restored,
                 GError **error)
{
  *restored = (RtRestored){ 0 };
  return do_alone (store, restore_cb, &(Restore){ name, restored }, cancellable, error);
}
