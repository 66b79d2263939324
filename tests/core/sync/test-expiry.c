/* What is good for a day only: it asks again instead of being sent late (TRAPS B23). */

#include "rt-queue.h"
#include "rt-store-private.h"
#include "sync-fixture.h"

#define DAY (24 * 3600 * (gint64) G_USEC_PER_SEC)

static void
add_expiring (Fixture *f, const char *id)
{
  g_autoptr (JsonObject) fields = json_object_new ();
  g_autoptr (JsonObject) before = json_object_new ();
  RtEdit change = { "update", "customer", id, "Anna", fields, before, DAY };
  GError *error = NULL;

  json_object_set_string_member (fields, "notes", "Only today");
  json_object_set_null_member (before, "notes");
  g_assert_true (rt_store_begin (f->store, &error));
  g_assert_true (rt_store_end (f->store, rt_queue_add (f->store, &change, &error), &error));
  g_assert_no_error (error);
}

/* Three days later nothing happens by itself; it is asked, and done when confirmed. */
static void
test_expiry (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  RtSyncReport report;

  add_expiring (f, id);
  rt_clock_advance (f->clock, 3 * DAY);
  report = sync_both (f);
  g_assert_cmpuint (report.n_rejected, ==, 1);
  before = dup_at_stripe (f, id, "description");
  g_assert_null (before);
  change = only_change (f);
  g_assert_cmpstr (change->error_code, ==, "expired");
  g_assert_true (rt_queue_retry (f->store, change->id, NULL));
  sync_all (f);
  after = dup_at_stripe (f, id, "description");
  g_assert_cmpstr (after, ==, "Only today");
}

/* Sent in time, answer lost: after its time it is not sent again, whatever became of it. */
static void
test_expiry_of_lost (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  RtSyncReport report;
  GError *error = NULL;
  gint64 n_updates;

  add_expiring (f, id);
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_clear_error (&error);
  clear_faults (f);
  n_updates = count_requests (f, "POST /v1/customers/{id}");
  rt_clock_advance (f->clock, 2 * DAY);
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  g_assert_cmpint (count_requests (f, "POST /v1/customers/{id}"), ==, n_updates);
}

/* Sent shortly before its time was over, answer lost: the key still lives, and would execute it too
 * late all the same. */
static void
test_expiry_before_key (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *notes = NULL;
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;
  gint64 n_updates;

  add_expiring (f, id);
  rt_clock_advance (f->clock, 20 * HOUR);
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  n_updates = count_requests (f, "POST /v1/customers/{id}");
  rt_clock_advance (f->clock, 5 * HOUR);
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  g_assert_cmpint (count_requests (f, "POST /v1/customers/{id}"), ==, n_updates);
  change = only_change (f);
  g_assert_cmpstr (change->error_code, ==, "expired");
  notes = dup_at_stripe (f, id, "description");
  g_assert_null (notes);
}

static void
rename_client (Fixture *f, const char *id, const char *name)
{
  g_autoptr (RtDraft) typed = draft ("name", name, NULL);
  GError *error = NULL;

  rt_client_unref (rt_client_update (f->store, id, typed, &error));
  g_assert_no_error (error);
}

static void
assert_too_late (Fixture *f, const char *id)
{
  g_autofree char *notes = NULL;
  g_autoptr (RtChange) change = NULL;

  rt_clock_advance (f->clock, 3 * DAY);
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  notes = dup_at_stripe (f, id, "description");
  g_assert_null (notes);
  change = only_change (f);
  g_assert_cmpstr (change->error_code, ==, "expired");
}

/* Laid into an edit that may wait for ever, it still ends after its day; confirmed, it has one
 * more. */
static void
test_expiry_of_folded (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *notes = NULL;

  rename_client (f, id, "Bea");
  add_expiring (f, id);
  rename_client (f, id, "Clara");
  g_assert_cmpuint (count_changes (f), ==, 1);
  assert_too_late (f, id);
  change = only_change (f);
  g_assert_true (rt_queue_retry (f->store, change->id, NULL));
  rt_clock_advance (f->clock, DAY / 2);
  g_assert_cmpuint (sync_all (f).n_conflicts, ==, 0);
  notes = dup_at_stripe (f, id, "description");
  g_assert_cmpstr (notes, ==, "Only today");
}

/* A second before its end it does not leave any more, not even again: it could arrive too late. */
static void
test_expiry_of_lost_at_the_end (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  RtSyncReport report;
  gint64 n_updates;

  add_expiring (f, id);
  rt_clock_advance (f->clock, DAY - HOUR / 10);
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  n_updates = count_requests (f, "POST /v1/customers/{id}");
  rt_clock_advance (f->clock, HOUR / 10 - 30 * G_USEC_PER_SEC);
  sync_both (f);
  g_assert_cmpint (count_requests (f, "POST /v1/customers/{id}"), ==, n_updates);
}

/* Decided again for another day after its day was over, it is not too late. */
static void
test_expiry_decided_again (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *notes = NULL;

  add_expiring (f, id);
  assert_too_late (f, id);
  add_expiring (f, id);
  sync_all (f);
  notes = dup_at_stripe (f, id, "description");
  g_assert_cmpstr (notes, ==, "Only today");
}

/* Gathered with an edit that was on its way and was refused: the same. */
static void
test_expiry_of_gathered (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  rename_client (f, id, "Bea");
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  add_expiring (f, id);
  g_assert_cmpuint (count_changes (f), ==, 2);
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/customers\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error);
  g_assert_no_error (error);
  change = rt_change_find (f->store, id, &error);
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, 1);
  assert_too_late (f, id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/expiry/b23-asked", test_expiry);
  ADD ("/expiry/b23-of-lost", test_expiry_of_lost);
  ADD ("/expiry/b23-before-key", test_expiry_before_key);
  ADD ("/expiry/b23-folded", test_expiry_of_folded);
  ADD ("/expiry/b23-lost-at-the-end", test_expiry_of_lost_at_the_end);
  ADD ("/expiry/b23-decided-again", test_expiry_decided_again);
  ADD ("/expiry/b23-gathered", test_expiry_of_gathered);
  return g_test_run ();
}
