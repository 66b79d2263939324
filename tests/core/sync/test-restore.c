/* Bringing back a copy makes nothing twice (TRAPS B1, B2, D1). */

#include "rt-backup.h"
#include "rt-restore.h"
#include "sync-fixture.h"

#define NAME "copy.db"

static void
back_up (Fixture *f)
{
  GError *error = NULL;

  rt_backup_free (rt_backup_create (f->store, NAME, &error));
  g_assert_no_error (error);
}

static RtRestored
restore (Fixture *f)
{
  RtRestored restored;
  GError *error = NULL;

  g_assert_true (rt_sync_restore (f->store, NAME, NULL, &restored, &error));
  g_assert_no_error (error);
  return restored;
}

static void
rename_client (Fixture *f, const char *key, const char *name)
{
  g_autoptr (RtDraft) typed = draft ("name", name, NULL);
  GError *error = NULL;

  rt_client_unref (rt_client_update (f->store, key, typed, &error));
  g_assert_no_error (error);
}

/* One of each kind, and an edit of something synced. */
static void
add_work (Fixture *f, const char *synced)
{
  g_free (add_base_with_usage (f, "Voice"));
  g_free (add_coupon (f, "Ten", "TEN"));
  g_free (add_client (f, "Anna"));
  rename_client (f, synced, "Renamed");
}

static void
assert_world (Fixture *f)
{
  g_assert_cmpint (count_objects (f, "product"), ==, 1);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
  g_assert_cmpint (count_objects (f, "customer"), ==, 2);
  g_assert_cmpuint (count_changes (f), ==, 0);
  assert_no_double (f);
}

/* All of it was sent since, and more was done. */
static void
test_d1_after_more_work (Fixture *f, gconstpointer data)
{
  g_autofree char *synced = add_client (f, "Synced");
  RtRestored restored;

  sync_all (f);
  add_work (f, synced);
  back_up (f);
  sync_all (f);
  rename_client (f, synced, "Later");
  sync_all (f);
  restored = restore (f);
  g_assert_cmpuint (restored.n_changes, ==, 0);
  g_assert_cmpuint (restored.n_known, ==, 4);
  g_assert_cmpuint (sync_all (f).n_pushed, ==, 0);
  assert_world (f);
  rt_client_unref (get_client (f, "Later"));
}

/* The same on a replica that knows of nothing: Stripe itself tells what was sent. */
static void
test_d1_lost_replica (Fixture *f, gconstpointer data)
{
  g_autofree char *synced = add_client (f, "Synced");
  gboolean was_sent = GPOINTER_TO_INT (data);
  RtRestored restored;

  sync_all (f);
  add_work (f, synced);
  back_up (f);
  if (was_sent)
    sync_all (f);
  rt_clock_advance (f->clock, 30 * HOUR);
  fixture_lose_replica (f);
  restored = restore (f);
  g_assert_cmpuint (restored.n_changes, ==, 4);
  {
    g_autoptr (RtClient) shown = get_client (f, synced);

    g_assert_cmpstr (shown->name, ==, "Renamed");
    g_assert_cmpstr (shown->email, ==, "anna@example.com");
    g_assert_cmpint (shown->state, ==, RT_STATE_QUEUED);
  }
  sync_all (f);
  assert_world (f);
  rt_client_unref (get_client (f, "Renamed"));
}

/* On its way when the copy was made: its own key, or evidence once Stripe has forgotten that. */
static void
test_d1_on_its_way (Fixture *f, gconstpointer data)
{
  gint64 later = GPOINTER_TO_INT (data) * HOUR;
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_client (f, "Anna"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  back_up (f);
  clear_faults (f);
  rt_clock_advance (f->clock, later);
  fixture_lose_replica (f);
  g_assert_cmpuint (restore (f).n_changes, ==, 1);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
  g_assert_cmpuint (count_changes (f), ==, 0);
  assert_no_double (f);
}

/* What was changed since is for a person to decide. */
static void
test_d1_conflict (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  rename_client (f, id, "Old wish");
  back_up (f);
  sync_all (f);
  rename_client (f, id, "New wish");
  sync_all (f);
  fixture_lose_replica (f);
  g_assert_cmpuint (restore (f).n_changes, ==, 1);
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_conflicts, ==, 1);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_CONFLICT);
}

/* A newer wish for the same thing waits here already. */
static void
test_d1_newer_waits (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  RtRestored restored;

  sync_all (f);
  rename_client (f, id, "Old wish");
  back_up (f);
  fixture_lose_replica (f);
  sync_all (f);
  rt_clock_advance (f->clock, HOUR);
  rename_client (f, id, "New wish");
  restored = restore (f);
  g_assert_cmpuint (restored.n_changes, ==, 0);
  g_assert_cmpuint (restored.n_known, ==, 1);
  sync_all (f);
  rt_client_unref (get_client (f, "New wish"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/restore/d1-after-more-work", test_d1_after_more_work);
  g_test_add ("/restore/d1-lost-replica/sent", Fixture, GINT_TO_POINTER (TRUE), fixture_set_up,
              test_d1_lost_replica, fixture_tear_down);
  g_test_add ("/restore/d1-lost-replica/unsent", Fixture, GINT_TO_POINTER (FALSE), fixture_set_up,
              test_d1_lost_replica, fixture_tear_down);
  g_test_add ("/restore/d1-on-its-way/soon", Fixture, GINT_TO_POINTER (1), fixture_set_up,
              test_d1_on_its_way, fixture_tear_down);
  g_test_add ("/restore/d1-on-its-way/late", Fixture, GINT_TO_POINTER (26), fixture_set_up,
              test_d1_on_its_way, fixture_tear_down);
  ADD ("/restore/d1-conflict", test_d1_conflict);
  ADD ("/restore/d1-newer-waits", test_d1_newer_waits);
  return g_test_run ();
}
