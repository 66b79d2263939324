/* The queue's patience, order and memory, row by row of the table of traps. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "rt-queue-send.h"
#include "rt-store-private.h"
#include "sync-fixture.h"

#define SECOND G_USEC_PER_SEC

static void
sync_anyhow (Fixture *f, RtSyncFlags flags)
{
  RtSyncReport report;
  GError *error = NULL;

  sync_once (f, flags, &report, &error);
  g_clear_error (&error);
}

static char *
dup_fields (Fixture *f, const RtChange *change)
{
  RtDb *db = rt_store_read (f->store);
  sqlite3_stmt *row
      = rt_db_query (db, NULL, "SELECT fields FROM change WHERE id = ?1", "s", change->id);
  char *fields = row != NULL && rt_db_next (db, row, NULL) ? g_strdup (rt_db_text (row, 0)) : NULL;

  rt_db_end (row);
  rt_store_unread (f->store, db);
  return fields;
}

/* The one change that waits is refused: nothing that was typed is lost, and the reason is told at
 * its field. */
static void
refuse (Fixture *f, const char *path, guint status)
{
  g_autofree char *order
      = g_strdup_printf ("{\"fault\":\"status\",\"status\":%u,\"code\":\"refused\",\"message\":"
                         "\"No.\",\"param\":\"name\",\"match\":\"POST %s\",\"count\":1}",
                         status, path);
  g_autoptr (RtChange) before = only_change (f);
  g_autoptr (RtChange) after = NULL;
  g_autofree char *typed = dup_fields (f, before);
  g_autofree char *kept = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, order);
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_rejected, ==, 1);
  after = only_change (f);
  kept = dup_fields (f, after);
  g_assert_cmpstr (kept, ==, typed);
  g_assert_cmpstr (after->error_message, ==, "No.");
  g_assert_cmpstr (after->error_code, ==, "refused");
  g_assert_cmpstr (after->error_field, ==, "name");
  g_assert_true (rt_queue_retry (f->store, after->id, NULL));
  sync_all (f);
}

static void
change_name (Fixture *f, guint kind, const char *id)
{
  g_autoptr (RtDraft) typed = draft ("name", "Renamed", NULL);

  if (kind == 0)
    rt_product_unref (rt_product_update (f->store, id, typed, NULL));
  else if (kind == 1)
    rt_coupon_unref (rt_coupon_update (f->store, id, typed, NULL));
  else
    rt_client_unref (rt_client_update (f->store, id, typed, NULL));
}

/* Each kind, made and changed, refused with each status. */
static void
test_refusals (Fixture *f, gconstpointer data)
{
  static const guint statuses[] = { 400, 402, 404, 422 };
  static const char *const paths[] = { "/v1/products", "/v1/coupons", "/v1/customers" };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (guint j = 0; j < G_N_ELEMENTS (paths); j++)
      {
        g_autofree char *id = j == 0   ? add_product (f, "Typed")
                              : j == 1 ? add_coupon (f, "Typed", NULL)
                                       : add_client (f, "Typed");

        refuse (f, paths[j], statuses[i]);
        change_name (f, j, id);
        refuse (f, paths[j], statuses[i]);
      }
}

/* Two requests never share a key, and a new attempt after a refusal has a new one. */
static void
test_keys (Fixture *f, gconstpointer data)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_requests = 0;

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GPtrArray) changes = NULL;

      g_free (add_base_with_usage (f, "Voice"));
      changes = rt_change_list (f->store, NULL);
      for (guint j = 0; j < changes->len; j++)
        {
          RtChange *change = g_ptr_array_index (changes, j);

          if (j < i)
            continue;
          for (guint k = 0; k < change->requests->len; k++, n_requests++)
            g_hash_table_add (keys,
                              g_strdup (((RtRequest *) g_ptr_array_index (change->requests, k))
                                            ->idempotency_key));
        }
    }
  g_assert_cmpuint (n_requests, >=, 20);
  g_assert_cmpuint (g_hash_table_size (keys), ==, n_requests);
}

static gint64
next_attempt_at (Fixture *f)
{
  g_autoptr (RtChange) change = only_change (f);

  return ((RtRequest *) g_ptr_array_index (change->requests, 0))->next_attempt_at;
}

/* Twenty rounds fail. Nobody touches anything: each time its time has come it is tried again, and
 * never before. */
static void
test_times (Fixture *f, gconstpointer data)
{
  guint n_attempts = 0, n_early = 0;

  g_free (add_coupon (f, "Patient", "P"));
  fault (f, "{\"fault\":\"status\",\"status\":503,\"match\":\"POST /v1/coupons\",\"count\":0}");
  sync_anyhow (f, RT_SYNC_PUSH);
  for (guint i = 0; i < 20; i++)
    {
      gint64 due_at = next_attempt_at (f);
      gint64 n_before = count_requests (f, "POST /v1/coupons");

      g_assert_cmpint (due_at, >, rt_clock_now (f->clock));
      g_assert_cmpint (due_at, <=, rt_clock_now (f->clock) + 61 * SECOND);
      if (due_at - rt_clock_now (f->clock) > 25 * SECOND)
        {
          sync_anyhow (f, RT_SYNC_PUSH);
          g_assert_cmpint (count_requests (f, "POST /v1/coupons"), ==, n_before);
          n_early++;
        }
      rt_clock_advance (f->clock, due_at - rt_clock_now (f->clock));
      fixture_reopen (f);
      sync_anyhow (f, RT_SYNC_PUSH);
      g_assert_cmpint (count_requests (f, "POST /v1/coupons"), >, n_before);
      n_attempts++;
    }
  g_assert_cmpuint (n_attempts, ==, 20);
  g_assert_cmpuint (n_early, >, 0);
  clear_faults (f);
  sync_all (f);
}

/* Hundreds of failures: it is still there, still visible, still tried, and done once it can be. */
static void
test_for_ever (Fixture *f, gconstpointer data)
{
  g_autoptr (RtChange) change = NULL;

  g_free (add_coupon (f, "Patient", "P"));
  fault (f, "{\"fault\":\"status\",\"status\":429,\"code\":\"rate_limit\",\"match\":"
            "\"POST /v1/coupons\",\"count\":0}");
  for (guint i = 0; i < 1000; i++)
    {
      rt_clock_advance (f->clock, 70 * SECOND);
      sync_anyhow (f, RT_SYNC_PUSH);
    }
  change = only_change (f);
  g_test_message ("%u attempts", rt_change_get_n_attempts (change));
  g_assert_cmpuint (rt_change_get_n_attempts (change), >=, 1000);
  g_assert_cmpint (change->state, ==, RT_STATE_QUEUED);
  g_assert_true (rt_change_asks (change));
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
}

typedef struct
{
  GCancellable *cancellable;
  guint n_left; /* answers until then */
} Countdown;

/* Each answer of Stripe is a line for debugging. */
static void
answered_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  Countdown *countdown = user_data;

  if (countdown->n_left > 0)
    countdown->n_left--;
  else
    g_cancellable_cancel (countdown->cancellable);
}

/* Returns: whether anything is left to do. */
static gboolean
sync_until (Fixture *f, guint n_answers)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Countdown countdown = { cancellable, n_answers };
  guint handler = g_log_set_handler ("retainer-stripe", G_LOG_LEVEL_DEBUG, answered_cb, &countdown);
  RtSyncReport report;
  GError *error = NULL;

  rt_sync_run (f->store, &(RtSyncPeer){ .base = f->base, .key = f->key },
               RT_SYNC_PUSH | RT_SYNC_PULL | RT_SYNC_NOW, cancellable, &report, &error);
  g_clear_error (&error);
  g_log_remove_handler ("retainer-stripe", handler);
  g_assert_cmpuint (report.n_rejected, ==, 0);
  return report.n_pending > 0;
}

/* Fewer under the sanitizers, which are slow and look at paths. */
#ifdef __SANITIZE_ADDRESS__
#define N_CANCELLED 20
#else
#define N_CANCELLED 100
#endif

/* Cancelled at any moment: that is no failure of anything, and nothing is done twice. */
static void
test_cancelled (Fixture *f, gconstpointer data)
{
  guint n_cut = 0;

  for (guint i = 0; i < N_CANCELLED; i++)
    {
      if (i % 5 == 0)
        g_free (add_base_with_usage (f, "Voice"));
      n_cut += sync_until (f, i % 5) ? 1 : 0;
    }
  g_test_message ("%u times in the middle", n_cut);
  g_assert_cmpuint (n_cut, >, N_CANCELLED / 5);
  sync_all (f);
  assert_no_double (f);
  g_assert_cmpint (count_objects (f, "price"), ==, N_CANCELLED / 5 * 2);
}

/* Another program drains this queue: the lock says so, and nothing is sent by two. */
static void
test_lock (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_strconcat (f->replica, ".lock", NULL);
  int file = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_coupon (f, "One", "ONE"));
  g_assert_cmpint (flock (file, LOCK_EX), ==, 0);
  g_cancellable_cancel (cancellable); /* nobody waits half a minute */
  g_assert_false (rt_sync_run (f->store, &(RtSyncPeer){ .base = f->base, .key = f->key },
                               RT_SYNC_PUSH, cancellable, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpint (count_requests (f, "POST /v1/coupons"), ==, 0);
  close (file);
  sync_all (f);
}

/* A clock that is ten minutes or a day off: measured, and nothing goes wrong by it. */
static void
test_skew (Fixture *f, gconstpointer data)
{
  static const int seconds[] = { 600, -600, 86400, -86400 };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      g_autofree char *order
          = g_strdup_printf ("{\"fault\":\"skew\",\"seconds\":%d,\"match\":\"GET\",\"count\":0}",
                             seconds[i]);
      g_autofree char *measured = NULL;

      fault (f, order);
      g_free (add_client (f, "Anna"));
      sync_all (f);
      measured = rt_store_dup_setting (f->store, "clock-skew");
      g_assert_cmpint (g_ascii_strtoll (measured, NULL, 10), ==, -seconds[i]);
      clear_faults (f);
    }
  assert_no_double (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 4);
}

/* One account syncs while another does: neither waits for the other. */
static void
test_two_accounts (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("retainer-sync-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "replica.db", NULL);
  g_autofree char *lock = g_strconcat (f->replica, ".lock", NULL);
  int file = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  RtStore *other = rt_store_open (path, f->clock, NULL);
  RtSyncReport report;
  GError *error = NULL;

  /* The first one is at it, and will be for long. */
  g_assert_cmpint (flock (file, LOCK_EX), ==, 0);
  json_object_unref (outside (f, "POST", "/v1/customers", "name=Anna"));
  g_assert_true (rt_sync_run (other, &(RtSyncPeer){ .base = f->base, .key = f->key },
                              RT_SYNC_PUSH | RT_SYNC_PULL, NULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pulled, >=, 1);
  close (file);
  g_object_unref (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/outbox/b9-b10-refusals", test_refusals);
  ADD ("/outbox/b4-keys", test_keys);
  ADD ("/outbox/b16-times", test_times);
  ADD ("/outbox/b17-for-ever", test_for_ever);
  ADD ("/outbox/c3-cancelled", test_cancelled);
  ADD ("/outbox/b25-lock", test_lock);
  ADD ("/outbox/c4-skew", test_skew);
  ADD ("/outbox/d6-two-accounts", test_two_accounts);
  return g_test_run ();
}
