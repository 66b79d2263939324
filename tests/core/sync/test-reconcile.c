/* Unknown outcomes that are older than Stripe keeps idempotency keys (API-GUIDE §2, TRAPS B5, B6).
 */

#include "sync-fixture.h"

static void
make_all (Fixture *f)
{
  g_free (add_base_with_usage (f, "One"));
  g_free (add_coupon (f, "Three", "THREE"));
}

static void
assert_whole (Fixture *f)
{
  g_assert_cmpint (count_objects (f, "product"), ==, 1);
  g_assert_cmpint (count_objects (f, "price"), ==, 2);
  g_assert_cmpint (count_objects (f, "billing.meter"), ==, 1);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
}

/* Loses every answer to @request (executed or not), waits @hours, and syncs until all is done. */
static void
lose_and_wait (const char *fault_name, const char *request, gint64 hours)
{
  Fixture f = { 0 };
  g_autofree char *order
      = g_strdup_printf ("{\"fault\":\"%s\",\"match\":\"%s\",\"count\":0}", fault_name, request);
  RtSyncReport report;
  g_autoptr (GError) error = NULL;

  g_test_message ("%s %s, %d hours", fault_name, request, (int) hours);
  fixture_set_up (&f, NULL);
  make_all (&f);
  fault (&f, order);
  g_assert_false (sync_once (&f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  clear_faults (&f);
  rt_clock_advance (f.clock, hours * HOUR);
  fixture_reopen (&f);
  sync_all (&f);
  assert_whole (&f);
  fixture_tear_down (&f, NULL);
}

static void
test_old_unknown (gconstpointer data)
{
  static const char *const requests[]
      = { "POST /v1/products", "POST /v1/prices", "POST /v1/billing", "POST /v1/coupons" };
  static const gint64 hours[] = { 1, 22, 25, 29 * 24, 31 * 24 };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    for (guint j = 0; j < G_N_ELEMENTS (hours); j++)
      lose_and_wait (data, requests[i], hours[j]);
}

/* A list that is not seen to its end is no proof that nothing was made (TRAPS A12). */
static void
test_stuck (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_client (f, "Anna"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  for (guint i = 0; i < 130; i++)
    json_object_unref (outside (f, "POST", "/v1/customers", "name=Another"));
  rt_clock_advance (f->clock, 25 * HOUR);
  fault (f, "{\"fault\":\"stuck_lists\",\"match\":\"GET /v1/\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 1);
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 131);
}

/* Nor is one that is said not to be there. */
static void
test_list_missing (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_client (f, "Anna"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  rt_clock_advance (f->clock, 25 * HOUR);
  fault (f, "{\"fault\":\"status\",\"status\":404,\"match\":\"GET /v1/events\",\"count\":0}");
  fault (f, "{\"fault\":\"status\",\"status\":404,\"match\":\"GET /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error));
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 1);
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* Made, answer lost, and deleted by somebody before we ask: it was done, and is gone. */
static void
test_deleted_meanwhile (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_coupon (f, "Three", "THREE"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/coupons\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  json_object_unref (outside (f, "DELETE", "/v1/coupons/THREE", NULL));
  rt_clock_advance (f->clock, 25 * HOUR);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 0);
}

/* Old and unknown, and its name belongs to somebody else by now. */
static void
test_taken_meanwhile (Fixture *f, gconstpointer data)
{
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_coupon (f, "Three", "THREE"));
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/coupons\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  json_object_unref (outside (f, "POST", "/v1/coupons", "id=THREE&percent_off=5&duration=forever"));
  rt_clock_advance (f->clock, 25 * HOUR);
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_field, ==, "code");
}

/* An update sets the same values again; a deletion that is done already is done. */
static void
test_old_update_and_deletion (Fixture *f, gconstpointer data)
{
  g_autofree char *product = add_product (f, "One");
  g_autofree char *coupon = add_coupon (f, "Three", "THREE");
  g_autoptr (RtDraft) rename = draft ("name", "Two", NULL);
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_update (f->store, product, rename, &error));
  g_assert_true (rt_coupon_delete (f->store, coupon, &error));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST\",\"count\":0}");
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"DELETE\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  rt_clock_advance (f->clock, 25 * HOUR);
  sync_all (f);
  g_assert_cmpint (product_state (f, product), ==, RT_STATE_SYNCED);
  g_assert_cmpint (coupon_state (f, coupon), ==, RT_STATE_ARCHIVED);
}

/* A key that may not read coupons leaves open whether one was made, also when no event tells any
 * more: it is not made once more. */
static void
test_forbidden (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;
  gint64 n_sent;

  g_free (add_coupon (f, "Three", "THREE"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/coupons\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  n_sent = count_requests (f, "POST /v1/coupons");
  rt_clock_advance (f->clock, 31 * 24 * HOUR);
  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/coupons\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_PERMISSION);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpint (count_requests (f, "POST /v1/coupons"), ==, n_sent);
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_requests (f, "POST /v1/coupons"), ==, n_sent);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/reconcile/a12-list-missing", Fixture, NULL, fixture_set_up, test_list_missing,
              fixture_tear_down);
  g_test_add ("/reconcile/a12-stuck", Fixture, NULL, fixture_set_up, test_stuck, fixture_tear_down);
  g_test_add_data_func ("/reconcile/b5-executed", "drop_after", test_old_unknown);
  g_test_add_data_func ("/reconcile/b5-not-executed", "drop_before", test_old_unknown);
  ADD ("/reconcile/b5-deleted-meanwhile", test_deleted_meanwhile);
  ADD ("/reconcile/taken-meanwhile", test_taken_meanwhile);
  ADD ("/reconcile/old-update-and-deletion", test_old_update_and_deletion);
  ADD ("/reconcile/forbidden", test_forbidden);
  return g_test_run ();
}
