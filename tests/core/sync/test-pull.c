/* Reading what Stripe has (API-GUIDE §3, TRAPS A7, A8, A12, A14, A20, A21, A25, F21). */

#include "rt-store-object.h"
#include "sync-fixture.h"

static void
test_outside_is_read_only (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made
      = outside (f, "POST", "/v1/products", "id=theirs&name=Theirs&metadata[other]=kept");
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (RtDraft) edit = draft ("name", "Ours", NULL);
  GError *error = NULL;

  json_object_unref (outside (f, "POST", "/v1/prices",
                              "product=theirs&currency=eur&unit_amount=1500"
                              "&recurring[interval]=month&recurring[interval_count]=3"));
  sync_all (f);
  product = rt_store_find_product (f->store, "theirs", &error);
  g_assert_no_error (error);
  g_assert_true (product->is_outside);
  g_assert_cmpuint (product->n_periods, ==, 3);
  g_assert_null (rt_product_update (f->store, "theirs", edit, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_cmpuint (count_changes (f), ==, 0);
}

static void
test_deletions_are_found (Fixture *f, gconstpointer data)
{
  g_autofree char *kept = add_coupon (f, "Kept", "KEPT");
  g_autofree char *gone = add_coupon (f, "Gone", "GONE");

  sync_all (f);
  json_object_unref (outside (f, "DELETE", "/v1/coupons/GONE", NULL));
  sync_all (f);
  g_assert_cmpint (coupon_state (f, kept), ==, RT_STATE_SYNCED);
  g_assert_cmpint (coupon_state (f, gone), ==, RT_STATE_ARCHIVED);
}

/* Hundreds of objects over several pages, read again from where it broke. */
static void
test_pages_and_restart (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;
  g_autoptr (GArray) rows = NULL;
  RtFilter filter = { 0 };

  for (guint i = 0; i < 330; i++)
    {
      g_autofree char *form = g_strdup_printf ("id=p%03u&name=Number %03u", i, i);

      json_object_unref (outside (f, "POST", "/v1/products", form));
    }
  /* What happened before the newest event is covered by the list; this is read again. */
  rt_clock_advance (f->clock, 2 * G_USEC_PER_SEC);
  json_object_unref (outside (f, "POST", "/v1/coupons", "id=LAST&percent_off=5&duration=once"));
  fault (f, "{\"fault\":\"status\",\"status\":500,\"match\":\"GET /v1/products\",\"skip\":2,"
            "\"count\":100}");
  g_assert_false (sync_once (f, RT_SYNC_PULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  clear_faults (f);
  fixture_reopen (f);
  /* Two pages are there already: what is left of the others, and nothing twice. */
  sync_once (f, RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pulled, <, 330 - 80);
  g_assert_cmpuint (report.n_pulled, >=, 130);
  rows = rt_store_product_rows (f->store, &filter, &error);
  g_assert_cmpuint (rows->len, ==, 330);
}

static void
test_pending_is_not_touched (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Mine");
  g_autofree char *path = g_strdup_printf ("/v1/products/rtn_p_%s", id);
  g_autoptr (RtDraft) edit = draft ("name", "My edit", NULL);
  g_autoptr (RtProduct) product = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_update (f->store, id, edit, &error));
  json_object_unref (outside (f, "POST", path, "name=Theirs&description=New"));
  sync_once (f, RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  product = rt_store_find_product (f->store, id, &error);
  g_assert_cmpstr (product->name, ==, "My edit");
  g_assert_cmpstr (product->description, ==, "New");
  g_assert_cmpint (product->state, ==, RT_STATE_QUEUED);
}

/* An answer that was asked for earlier never overwrites one that was asked for later. */
static void
test_late_answer (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) older
      = rt_json_parse ("{\"id\":\"x\",\"object\":\"coupon\",\"name\":\"older\"}", -1, NULL);
  g_autoptr (JsonObject) newer
      = rt_json_parse ("{\"id\":\"x\",\"object\":\"coupon\",\"name\":\"newer\"}", -1, NULL);
  g_autoptr (RtCoupon) coupon = NULL;
  GError *error = NULL;

  g_assert_true (rt_store_begin (f->store, &error));
  g_assert_true (rt_store_put_object (f->store, newer, 200, 0, &error));
  g_assert_true (rt_store_put_object (f->store, older, 100, 0, &error));
  g_assert_true (rt_store_end (f->store, TRUE, &error));
  coupon = rt_store_find_coupon (f->store, "x", &error);
  g_assert_cmpstr (coupon->name, ==, "newer");
}

/* Nor does it that something was deleted then. */
static void
test_late_deletion (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) newer
      = rt_json_parse ("{\"id\":\"x\",\"object\":\"coupon\",\"name\":\"newer\"}", -1, NULL);
  g_autoptr (RtCoupon) coupon = NULL;
  GError *error = NULL;

  g_assert_true (rt_store_begin (f->store, &error));
  g_assert_true (rt_store_put_object (f->store, newer, 200, 0, &error));
  g_assert_true (rt_store_put_deleted (f->store, "coupon", "x", 100, &error));
  g_assert_true (rt_store_end (f->store, TRUE, &error));
  coupon = rt_store_find_coupon (f->store, "x", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (coupon->name, ==, "newer");
  g_assert_false (coupon->is_archived);
}

/* A price before its product, and an edit of a product that has gone from Stripe. */
static void
test_edit_of_deleted (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made = NULL;
  g_autofree char *form
      = g_strdup ("id=rtn_p_01ARZ3NDEKTSV4RRFFQ69G5FAV&name=Bare&metadata[rtn_v]=1"
                  "&metadata[rtn_ref]=01ARZ3NDEKTSV4RRFFQ69G5FAV&metadata[rtn_model]=base");
  g_autoptr (RtDraft) edit = draft ("description", "too late", NULL);
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  made = outside (f, "POST", "/v1/products", form);
  sync_all (f);
  json_object_unref (outside (f, "DELETE", "/v1/products/rtn_p_01ARZ3NDEKTSV4RRFFQ69G5FAV", NULL));
  rt_draft_set (edit, "amount", "5");
  rt_draft_set (edit, "currency", "usd");
  rt_product_unref (rt_product_set_archived (f->store, "01ARZ3NDEKTSV4RRFFQ69G5FAV", TRUE, &error));
  g_assert_no_error (error);
  sync_once (f, RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  sync_all (f); /* archiving what is gone is done */
  g_assert_cmpint (count_objects (f, "product"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/pull/outside-is-read-only", test_outside_is_read_only);
  ADD ("/pull/a8-deletions-are-found", test_deletions_are_found);
  ADD ("/pull/a21-pages-and-restart", test_pages_and_restart);
  ADD ("/pull/a25-pending-is-not-touched", test_pending_is_not_touched);
  ADD ("/pull/a7-late-answer", test_late_answer);
  ADD ("/pull/a7-late-deletion", test_late_deletion);
  ADD ("/pull/edit-of-deleted", test_edit_of_deleted);
  return g_test_run ();
}
