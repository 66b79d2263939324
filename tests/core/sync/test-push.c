/* Refusals, keys and order (TRAPS B3, B8, B9, B18, B22, B25, B27). */

#include <string.h>

#include "rt-queue-send.h"
#include "sync-fixture.h"

static void
test_refusal_stops_only_itself (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) taken
      = outside (f, "POST", "/v1/coupons", "id=TAKEN&percent_off=5&duration=once");
  g_autofree char *refused = NULL;
  g_autofree char *other = NULL;
  g_autoptr (RtChange) change = NULL;
  g_autoptr (RtDraft) edit = draft ("code", "FREE", NULL);
  g_autoptr (RtCoupon) coupon = NULL;
  RtSyncReport report;
  GError *error = NULL;

  refused = add_coupon (f, "Mine", "TAKEN");
  for (guint i = 0; i < 20; i++)
    {
      g_free (other);
      other = add_coupon (f, "Other", NULL);
    }
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_rejected, ==, 1);
  g_assert_cmpuint (report.n_pushed, ==, 20);
  g_assert_cmpint (coupon_state (f, other), ==, RT_STATE_SYNCED);
  g_assert_cmpint (coupon_state (f, refused), ==, RT_STATE_REJECTED);
  change = only_change (f);
  g_assert_cmpstr (change->error_field, ==, "code");
  g_assert_cmpstr (change->error_code, ==, "resource_already_exists");
  /* The draft is whole, can be edited, and goes through with a new key. */
  coupon = rt_coupon_update (f->store, refused, edit, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (coupon->name, ==, "Mine");
  g_assert_cmpint (coupon->state, ==, RT_STATE_QUEUED);
  sync_all (f);
  g_assert_cmpint (coupon_state (f, refused), ==, RT_STATE_SYNCED);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 22);
}

static void
test_refused_in_the_middle (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Half");
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":400,\"code\":\"amount_too_large\","
            "\"param\":\"unit_amount\",\"match\":\"POST /v1/prices\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_field, ==, "amount");
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_REJECTED);
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  sync_all (f);
  g_assert_cmpint (count_objects (f, "product"), ==, 1);
  g_assert_cmpint (count_objects (f, "price"), ==, 1);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_SYNCED);
}

/* What a creation asked for and Stripe did not do is no conflict when it is tried again. */
static void
test_ignored_creation (Fixture *f, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autoptr (RtChange) change = NULL;

  fault (f, "{\"fault\":\"ignore_fields\",\"fields\":[\"name\"],\"match\":\"POST /v1/customers\","
            "\"count\":1}");
  id = add_client (f, "Anna");
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  change = only_change (f);
  g_assert_cmpstr (change->error_code, ==, "ignored");
  g_assert_true (rt_queue_retry (f->store, change->id, NULL));
  g_assert_cmpuint (sync_all (f).n_conflicts, ==, 0);
  name = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (name, ==, "Anna");
}

/* Taking back half of a new allowance gives back the old one: the price that was made is not what
 * the product cost. */
static void
test_discard_half_allowance (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_base_with_usage (f, "Half");
  g_autoptr (RtDraft) typed = draft ("included", "2000", NULL);
  g_autoptr (RtProduct) before = NULL;
  g_autoptr (RtProduct) after = NULL;
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  rt_clock_advance (f->clock, HOUR);
  before = rt_store_find_product (f->store, id, &error);
  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  g_assert_no_error (error);
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/prices/\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_no_error (error);
  sync_all (f);
  after = rt_store_find_product (f->store, id, &error);
  g_assert_cmpint (after->included, ==, before->included);
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 3);
}

/* What it cost was said in the Dashboard: that comes back, not what Retainer asked for before. */
static void
test_discard_half_price (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Half");
  g_autoptr (RtDraft) typed = draft ("name", "Renamed", "amount", "40", NULL);
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  g_free (choose_price (f, id, "unit_amount=3000&recurring[interval]=month"));
  rt_clock_advance (f->clock, HOUR);
  sync_all (f);
  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  g_assert_no_error (error);
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/products/\",\"skip\":1,"
            "\"count\":1}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_no_error (error);
  sync_all (f);
  product = rt_store_find_product (f->store, id, &error);
  g_assert_cmpint (product->amount.scaled, ==, 3000 * G_GINT64_CONSTANT (1000000000000));
}

/* Taking back what is half made undoes the half that Stripe has. */
static void
test_discard_half (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Half");
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/prices\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  sync_all (f);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_ARCHIVED);
}

static void
test_discard_unsent (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Never");
  g_autoptr (RtChange) change = only_change (f);
  g_autoptr (RtProduct) product = NULL;
  GError *error = NULL;

  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_no_error (error);
  product = rt_store_find_product (f->store, id, &error);
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "product"), ==, 0);
}

static void
test_revoked_key (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_product (f, "One"));
  g_free (add_product (f, "Two"));
  f->key = "sk_test_revoked";
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_KEY);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 2);
  f->key = "sk_test_fixture";
  sync_all (f);
  g_assert_cmpint (count_objects (f, "product"), ==, 2);
}

/* The key dies in the middle of the queue, after its account was asked for. */
static void
test_key_dies_midway (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_product (f, "One"));
  fault (f, "{\"fault\":\"status\",\"status\":401,\"code\":\"api_key_expired\","
            "\"match\":\"POST /v1/prices\",\"count\":1}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_KEY);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpuint (report.n_rejected, ==, 0);
  sync_all (f);
  assert_no_double (f);
}

static void
test_missing_permission (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_product (f, "One"));
  f->key = "rk_test_noproducts";
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_PERMISSION);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 1);
}

static RtRequest *
claim (Fixture *f)
{
  RtRequest *request = NULL;
  GError *error = NULL;
  gint64 due_at;

  g_assert_true (rt_queue_claim (f->store, &request, &due_at, &error));
  g_assert_no_error (error);
  return request;
}

/* Body and key never change from the first byte on, over any number of processes. */
static void
test_bytes_are_fixed (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtRequest) first = claim (f);
  g_autoptr (RtRequest) second = NULL;
  g_autoptr (RtRequest) third = NULL;
  GError *error = NULL;

  g_assert_nonnull (first);
  fixture_reopen (f);
  g_assert_true (rt_queue_recover (f->store, &error));
  second = claim (f);
  g_assert_cmpstr (second->body, ==, first->body);
  g_assert_cmpstr (second->idempotency_key, ==, first->idempotency_key);
  g_assert_true (second->was_unknown);
  g_assert_true (rt_queue_settle_later (f->store, second, RT_ATTEMPT_VAIN, 0, &error));
  third = claim (f);
  g_assert_cmpstr (third->body, ==, first->body);
  g_assert_cmpstr (third->idempotency_key, ==, first->idempotency_key);
  g_assert_true (third->was_unknown);
}

/* An edit while the row is uploading is a later change, never lost in the answer (TRAPS B22). */
static void
test_edit_while_sending (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtRequest) request = claim (f);
  g_autoptr (RtDraft) edit = draft ("name", "Two", NULL);
  g_autoptr (RtProduct) product = NULL;
  GError *error = NULL;

  product = rt_product_update (f->store, id, edit, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (product->name, ==, "Two");
  g_assert_cmpuint (count_changes (f), ==, 2);
  g_assert_true (rt_queue_settle_later (f->store, request, RT_ATTEMPT_UNKNOWN, 0, &error));
  sync_all (f);
  g_clear_pointer (&product, rt_product_unref);
  product = rt_store_find_product (f->store, id, &error);
  g_assert_cmpstr (product->name, ==, "Two");
  g_assert_cmpint (product->state, ==, RT_STATE_SYNCED);
  g_assert_cmpint (count_objects (f, "product"), ==, 1);
}

/* When a coupon was created is Stripe's to say: it is no conflict with an edit made before. */
static void
test_edit_coupon_while_sending (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_coupon (f, "One", "ONE");
  g_autoptr (RtRequest) request = claim (f);
  g_autoptr (RtDraft) edit = draft ("name", "Two", NULL);
  g_autoptr (RtCoupon) coupon = NULL;
  GError *error = NULL;

  rt_clock_advance (f->clock, 5 * G_USEC_PER_SEC);
  rt_coupon_unref (rt_coupon_update (f->store, id, edit, &error));
  g_assert_no_error (error);
  g_assert_true (rt_queue_settle_later (f->store, request, RT_ATTEMPT_UNKNOWN, 0, &error));
  g_assert_cmpuint (sync_all (f).n_conflicts, ==, 0);
  coupon = rt_store_find_coupon (f->store, id, &error);
  g_assert_cmpstr (coupon->name, ==, "Two");
  g_assert_cmpint (coupon->state, ==, RT_STATE_SYNCED);
}

/* What may have reached Stripe cannot be taken back before its outcome is known. */
static void
test_discard_unknown (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtRequest) request = claim (f);
  g_autoptr (RtChange) change = only_change (f);
  GError *error = NULL;

  g_assert_true (rt_queue_settle_later (f->store, request, RT_ATTEMPT_UNKNOWN, 0, &error));
  g_assert_false (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpuint (count_changes (f), ==, 1);
}

static void
test_dependents_are_named (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtRequest) request = claim (f);
  g_autoptr (RtDraft) edit = draft ("name", "Two", NULL);
  g_autoptr (GPtrArray) changes = NULL;
  const RtChange *first;
  GError *error = NULL;

  rt_product_unref (rt_product_update (f->store, id, edit, &error));
  g_assert_true (rt_queue_settle_later (f->store, request, RT_ATTEMPT_VAIN, 0, &error));
  changes = rt_change_list (f->store, &error);
  g_assert_cmpuint (changes->len, ==, 2);
  first = g_ptr_array_index (changes, 0);
  g_assert_false (rt_queue_discard (f->store, first->id, FALSE, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "Two"));
  g_clear_error (&error);
  g_assert_true (rt_queue_discard (f->store, first->id, TRUE, &error));
  g_assert_cmpuint (count_changes (f), ==, 0);
}

static gboolean
refuse_cb (const char *stripe_account, gpointer user_data, GError **error)
{
  rt_set_error (error, RT_ERROR_KEY, "key", "another account");
  return FALSE;
}

/* A key of another account writes nothing (TRAPS A24). */
static void
test_foreign_account (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_product (f, "One"));
  g_assert_false (rt_sync_run (f->store, &(RtSyncPeer){ f->base, f->key, refuse_cb, NULL },
                               RT_SYNC_PUSH, NULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_KEY);
  g_clear_error (&error);
  g_assert_cmpint (count_objects (f, "product"), ==, 0);
}

/* Read again and not there: what is deleted is not renamed. */
static void
test_missing_when_read (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_coupon (f, "Ten", "TEN");
  g_autoptr (RtDraft) edit = draft ("name", "Eleven", NULL);
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  rt_coupon_unref (rt_coupon_update (f->store, id, edit, &error));
  g_assert_no_error (error);
  json_object_unref (outside (f, "DELETE", "/v1/coupons/TEN", NULL));
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_code, ==, "resource_missing");
  g_assert_cmpint (count_requests (f, "POST /v1/coupons/{id}"), ==, 0);
}

/* Stripe is down: after six failures in a row nothing more is begun, and nothing is lost. */
static void
test_many_failures (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;
  gint64 n_sent;

  for (guint i = 0; i < 20; i++)
    g_free (add_coupon (f, "Ten", NULL));
  fault (f, "{\"fault\":\"status\",\"status\":503,\"match\":\"POST /v1/coupons\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 20);
  /* Eight are under way at once, so at most seven when the sixth fails. */
  n_sent = count_requests (f, "POST /v1/coupons");
  g_assert_cmpint (n_sent, >=, 6);
  g_assert_cmpint (n_sent, <=, 13);
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/push/b8-refusal-stops-only-itself", test_refusal_stops_only_itself);
  ADD ("/push/b27-refused-in-the-middle", test_refused_in_the_middle);
  ADD ("/push/discard-half", test_discard_half);
  ADD ("/push/b30-discard-unsent", test_discard_unsent);
  ADD ("/push/b30-discard-unknown", test_discard_unknown);
  ADD ("/push/dependents-are-named", test_dependents_are_named);
  ADD ("/push/b18-revoked-key", test_revoked_key);
  ADD ("/push/b18-key-dies-midway", test_key_dies_midway);
  ADD ("/push/missing-permission", test_missing_permission);
  ADD ("/push/b1-b2-bytes-are-fixed", test_bytes_are_fixed);
  ADD ("/push/discard-half-price", test_discard_half_price);
  ADD ("/push/b15-ignored-creation", test_ignored_creation);
  ADD ("/push/discard-half-allowance", test_discard_half_allowance);
  ADD ("/push/b22-edit-while-sending", test_edit_while_sending);
  ADD ("/push/b22-edit-coupon-while-sending", test_edit_coupon_while_sending);
  ADD ("/push/b13-missing-when-read", test_missing_when_read);
  ADD ("/push/many-failures", test_many_failures);
  ADD ("/push/a24-foreign-account", test_foreign_account);
  return g_test_run ();
}
