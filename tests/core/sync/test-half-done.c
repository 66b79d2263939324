/* Changes of which Stripe has a part, or may have one, when they go on (TRAPS B13). */

#include <string.h>

#include "rt-conflict.h"
#include "rt-queue.h"
#include "rt-store-private.h"
#include "sync-fixture.h"

/* Nobody else was at it: what a creation has not come to yet is no conflict. */
static void
test_refused_halfway (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_base_with_usage (f, "Care");
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;

  rt_product_unref (rt_product_set_archived (f->store, id, TRUE, &error));
  g_assert_no_error (error);
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/prices\",\"count\":1}");
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  change = only_change (f);
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
  sync_all (f);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_ARCHIVED);
}

static gboolean
rename_to_prime (Fixture *f, const char *id, const char *amount)
{
  g_autoptr (RtDraft) typed = draft ("name", "Prime", "amount", amount, NULL);
  g_autoptr (RtProduct) product = rt_product_update (f->store, id, typed, NULL);

  return product != NULL;
}

static char *
dup_product_name (Fixture *f, const char *id)
{
  g_autofree char *path = g_strconcat ("/v1/products/rtn_p_", id, NULL);
  g_autoptr (JsonObject) product = outside (f, "GET", path, NULL);

  return g_strdup (rt_json_string (product, "name"));
}

/* A save of several steps that broke off after the first: the rest is sent in a later sync, and by
 * then others may have written. */
static void
test_changed_halfway (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autofree char *path = g_strconcat ("/v1/products/rtn_p_", id, NULL);
  g_autofree char *name = NULL;
  g_autofree char *after = NULL;
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  g_assert_true (rename_to_prime (f, id, "59"));
  fault (f, "{\"fault\":\"status\",\"status\":429,\"match\":\"POST /v1/products/\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 2);
  clear_faults (f);
  json_object_unref (outside (f, "POST", path, "name=Theirs"));
  rt_clock_advance (f->clock, HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  name = dup_product_name (f, id);
  g_assert_cmpstr (name, ==, "Theirs");
  change = only_change (f);
  g_assert_true (rt_conflict_resolve_all (f->store, change->id, TRUE, &error));
  g_assert_no_error (error);
  sync_all (f);
  after = dup_product_name (f, id);
  g_assert_cmpstr (after, ==, "Prime");
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 2);
}

/* Nobody else was at it: half of an own save is no conflict. A re-read that fails is repeated. */
static void
test_half_is_no_conflict (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autofree char *name = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  g_assert_true (rename_to_prime (f, id, "59"));
  fault (f, "{\"fault\":\"status\",\"status\":429,\"match\":\"POST /v1/products/\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  rt_clock_advance (f->clock, HOUR);
  fault (f, "{\"fault\":\"status\",\"status\":500,\"match\":\"GET /v1/products/\",\"count\":1}");
  sync_all (f);
  name = dup_product_name (f, id);
  g_assert_cmpstr (name, ==, "Prime");
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 2);
}

static void
set_price (Fixture *f, const char *id, const char *amount)
{
  g_autoptr (RtDraft) typed = draft ("amount", amount, NULL);
  GError *error = NULL;

  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  g_assert_no_error (error);
}

static guint
count_active_prices (Fixture *f)
{
  g_autoptr (JsonObject) list = outside (f, "GET", "/v1/prices?active=true", NULL);

  return json_array_get_length (rt_json_array (list, "data"));
}

/* A new price was chosen, and Stripe refused to archive the one before. Edited once more, it is no
 * conflict with what was sent, and one price is left. Found by the simulator. @data: whether the
 * edit came while the archiving was on its way. */
static void
test_edited_after_half (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  gboolean is_early = data != NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  set_price (f, id, "59");
  if (is_early)
    {
      fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/prices/\",\"count\":0}");
      g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
      clear_faults (f);
      set_price (f, id, "69");
      g_assert_cmpuint (count_changes (f), ==, 2);
      rt_clock_advance (f->clock, HOUR);
    }
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/prices/\",\"count\":1}");
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  if (is_early)
    {
      g_autoptr (GPtrArray) changes = rt_change_list (f->store, &error);
      const RtChange *first = g_ptr_array_index (changes, 0);

      g_assert_true (rt_queue_retry (f->store, first->id, &error));
      g_assert_no_error (error);
    }
  else
    {
      set_price (f, id, "69");
    }
  sync_all (f);
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 3);
  g_assert_cmpuint (count_active_prices (f), ==, 1);
}

static char *
dup_amount (Fixture *f, const char *id)
{
  g_autoptr (RtProduct) product = rt_store_find_product (f->store, id, NULL);

  return rt_money_to_plain (product->amount, product->currency);
}

/* 59 was chosen instead of 49, and Stripe refused the rest. Edited once more, and then taken back,
 * it costs 49 again. @data: what was edited. */
static void
test_taken_back_after_edit (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autoptr (RtDraft) typed = draft (data, "69", NULL);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *amount = NULL;
  GError *error = NULL;

  sync_all (f);
  set_price (f, id, "59");
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/prices/\",\"count\":1}");
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_true (rt_queue_discard (f->store, change->id, TRUE, &error));
  g_assert_no_error (error);
  sync_all (f);
  amount = dup_amount (f, id);
  g_assert_cmpstr (amount, ==, "49.00");
  g_assert_cmpuint (count_active_prices (f), ==, 1);
}

/* 59 was chosen instead of 49, and the rest was put off. Somebody goes back to 49: that is their
 * word, though it was so before. */
static void
test_put_back_halfway (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autofree char *path = g_strconcat ("/v1/products/rtn_p_", id, NULL);
  g_autofree char *before = NULL;
  g_autofree char *form = NULL;
  g_autofree char *chosen = NULL;
  RtSyncReport report;

  sync_all (f);
  before = dup_chosen_price (f, id);
  set_price (f, id, "59");
  fault (f, "{\"fault\":\"status\",\"status\":429,\"match\":\"POST /v1/prices/\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  form = g_strconcat ("default_price=", before, NULL);
  json_object_unref (outside (f, "POST", path, form));
  rt_clock_advance (f->clock, HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  chosen = dup_chosen_price (f, id);
  g_assert_cmpstr (chosen, ==, before);
}

/* An address is replaced as a whole: repeating a lost one would put back what somebody has
 * corrected of it since, though no field of the change shows that. @data: what it is then. */
static void
test_lost_address (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (JsonObject) there = NULL;
  g_autofree char *stripe_id = rt_store_dup_identity (f->store, "customer", id);
  g_autofree char *path = g_strconcat ("/v1/customers/", stripe_id, NULL);
  JsonObject *address;
  const char *member;
  RtSyncReport report;

  edit_client_outside (f, id, "address[line1]=Old&address[country]=DE");
  rt_clock_advance (f->clock, HOUR);
  sync_all (f);
  edit_client (f, id, "country", "AT");
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  edit_client_outside (f, id, data);
  rt_clock_advance (f->clock, HOUR / 60);
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, NULL);
  rt_clock_advance (f->clock, HOUR);
  sync_all (f);
  there = outside (f, "GET", path, NULL);
  address = rt_json_object (there, "address");
  member = rt_json_string (address, "line1");
  g_assert_cmpstr (member, ==, strstr (data, "New") != NULL ? "New" : "Old");
  member = rt_json_string (address, "postal_code");
  g_assert_cmpstr (member, ==, strstr (data, "80331") != NULL ? "80331" : NULL);
  g_assert_cmpstr (rt_json_string (address, "country"), ==, "AT");
}

/* The default price was chosen, which nobody heard. Meanwhile somebody else had the same amount
 * made and chosen: what is left is planned by that. */
static void
test_rest_is_planned_anew (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autofree char *theirs = NULL;
  RtSyncReport report;

  sync_all (f);
  set_price (f, id, "59");
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/products/\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  theirs = choose_price (f, id,
                         "unit_amount=5900&recurring[interval]=month&tax_behavior=exclusive"
                         "&metadata[rtn_v]=1&metadata[rtn_role]=base");
  rt_clock_advance (f->clock, HOUR / 60);
  sync_all (f);
  g_assert_cmpuint (count_active_prices (f), ==, 1);
}

/* Stripe failed at a creation, and it is proven that it was not done: taken back, it never is. */
static void
test_withdrawn_after_fault (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_coupon (f, "Spring", NULL);
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":500,\"should_retry\":false,\"count\":1,"
            "\"match\":\"POST /v1/coupons\"}");
  fault (f, "{\"fault\":\"status\",\"status\":401,\"skip\":1,\"count\":1,"
            "\"match\":\"POST /v1/coupons\"}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  g_assert_cmpint (count_requests (f, "POST /v1/coupons"), ==, 2);
  g_assert_true (rt_coupon_delete (f->store, id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, 0);
  sync_all (f);
  g_assert_cmpint (count_requests (f, "POST /v1/coupons"), ==, 2);
}

/* Stripe failed at a creation once, then did the first part and refused the second. What repairs
 * that is sent without being asked for. */
static void
test_repaired_after_fault (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");

  fault (f, "{\"fault\":\"status\",\"status\":500,\"should_retry\":false,\"count\":1,"
            "\"match\":\"POST /v1/products\"}");
  fault (f, "{\"fault\":\"status\",\"status\":400,\"count\":1,\"match\":\"POST /v1/prices\"}");
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  set_price (f, id, "59");
  sync_all (f);
  g_assert_cmpuint (count_active_prices (f), ==, 1);
}

/* The answer to an update was lost. A moment later it may arrive yet, so nothing can be decided;
 * but what others wrote meanwhile is not replaced by repeating it. Found by the simulator. @data:
 * what happened to it. */
static void
test_lost_just_now (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *order
      = g_strdup_printf ("{\"fault\":\"%s\",\"match\":\"POST /v1/customers\",\"count\":0}",
                         (const char *) data);
  g_autofree char *theirs = NULL;
  RtSyncReport report;

  edit_client (f, id, "name", "Bea");
  fault (f, order);
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  edit_client_outside (f, id, "name=Cora");
  rt_clock_advance (f->clock, HOUR / 60);
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, NULL);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpuint (report.n_conflicts, ==, 0);
  rt_clock_advance (f->clock, HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  theirs = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (theirs, ==, "Cora");
}

/* The answer to an update was lost. An hour later it cannot arrive any more, and whether it may is
 * decided anew by what Stripe has. @data: what happened to it. */
static void
test_lost_update (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *order
      = g_strdup_printf ("{\"fault\":\"%s\",\"match\":\"POST /v1/customers\",\"count\":0}",
                         (const char *) data);
  g_autofree char *theirs = NULL;
  g_autofree char *mine = NULL;
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  edit_client (f, id, "name", "Bea");
  fault (f, order);
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  edit_client_outside (f, id, "name=Cora");
  rt_clock_advance (f->clock, HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  theirs = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (theirs, ==, "Cora");
  change = only_change (f);
  g_assert_true (rt_conflict_resolve_all (f->store, change->id, TRUE, &error));
  g_assert_no_error (error);
  sync_all (f);
  mine = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (mine, ==, "Bea");
}

/* Lost again and again for an hour: it is the first time that counts. */
static void
test_lost_for_an_hour (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *name = NULL;
  RtSyncReport report;

  edit_client (f, id, "name", "Bea");
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  for (guint i = 0; i < 12; i++)
    {
      sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, NULL);
      g_assert_cmpuint (count_changes (f), ==, 1);
      rt_clock_advance (f->clock, HOUR / 12);
    }
  clear_faults (f);
  edit_client_outside (f, id, "name=Cora");
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, NULL)
                  && report.n_pending + report.n_conflicts == 0);
  rt_clock_advance (f->clock, HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  name = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (name, ==, "Cora");
}

/* Stripe failed after it was done, and it was edited before anybody looked: nobody else did it. */
static void
test_edited_after_fault (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *name = NULL;
  RtSyncReport report;

  edit_client (f, id, "name", "Bea");
  fault (f, "{\"fault\":\"execute_then_status\",\"status\":500,\"count\":1,"
            "\"match\":\"POST /v1/customers/\"}");
  fault (f, "{\"fault\":\"status\",\"status\":429,\"skip\":1,\"count\":0,"
            "\"match\":\"GET /v1/customers/\"}");
  sync_once (f, RT_SYNC_PUSH, &report, NULL);
  clear_faults (f);
  g_assert_cmpuint (report.n_pending, ==, 1);
  edit_client (f, id, "name", "Cora");
  rt_clock_advance (f->clock, HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 0);
  name = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (name, ==, "Cora");
}

/* Nobody has looked yet whether a creation was done in part: what cannot change later cannot change
 * now. What can is a change of its own. Found by the simulator. */
static void
test_fixed_by_fault (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_base_with_usage (f, "Care");
  g_autoptr (RtDraft) tax = draft ("tax", "inclusive", NULL);
  g_autoptr (RtProduct) product = NULL;
  g_autofree char *name = NULL;
  RtSyncReport report;
  g_autoptr (GError) error = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":500,\"should_retry\":false,\"count\":1,"
            "\"match\":\"POST /v1/billing/meters\"}");
  fault (f, "{\"fault\":\"status\",\"status\":401,\"skip\":1,\"count\":1,"
            "\"match\":\"POST /v1/billing/meters\"}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_SENDING);
  g_assert_null (rt_product_update (f->store, id, tax, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_INVALID);
  g_assert_true (rename_to_prime (f, id, "59"));
  sync_all (f);
  name = dup_product_name (f, id);
  g_assert_cmpstr (name, ==, "Prime");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/half-done/refused-halfway", test_refused_halfway);
  ADD ("/half-done/b13-changed-halfway", test_changed_halfway);
  ADD ("/half-done/b13-half-is-no-conflict", test_half_is_no_conflict);
  g_test_add ("/half-done/b13-lost-update/executed", Fixture, "drop_after", fixture_set_up,
              test_lost_update, fixture_tear_down);
  g_test_add ("/half-done/b13-lost-update/not-executed", Fixture, "drop_before", fixture_set_up,
              test_lost_update, fixture_tear_down);
  g_test_add ("/half-done/b13-lost-just-now/executed", Fixture, "drop_after", fixture_set_up,
              test_lost_just_now, fixture_tear_down);
  g_test_add ("/half-done/b13-lost-just-now/not-executed", Fixture, "drop_before", fixture_set_up,
              test_lost_just_now, fixture_tear_down);
  ADD ("/half-done/b13-edited-after-half/late", test_edited_after_half);
  g_test_add ("/half-done/b13-edited-after-half/early", Fixture, GINT_TO_POINTER (TRUE),
              fixture_set_up, test_edited_after_half, fixture_tear_down);
  ADD ("/half-done/b13-lost-for-an-hour", test_lost_for_an_hour);
  ADD ("/half-done/b13-edited-after-fault", test_edited_after_fault);
  ADD ("/half-done/b22-fixed-by-fault", test_fixed_by_fault);
  g_test_add ("/half-done/b27-taken-back-after-edit/amount", Fixture, "amount", fixture_set_up,
              test_taken_back_after_edit, fixture_tear_down);
  g_test_add ("/half-done/b27-taken-back-after-edit/name", Fixture, "name", fixture_set_up,
              test_taken_back_after_edit, fixture_tear_down);
  ADD ("/half-done/b13-put-back", test_put_back_halfway);
  ADD ("/half-done/withdrawn-after-fault", test_withdrawn_after_fault);
  ADD ("/half-done/b3-repaired-after-fault", test_repaired_after_fault);
  g_test_add ("/half-done/b13-lost-address/street", Fixture,
              "address[line1]=New&address[country]=DE", fixture_set_up, test_lost_address,
              fixture_tear_down);
  g_test_add ("/half-done/b13-lost-address/postal-code", Fixture,
              "address[line1]=Old&address[country]=DE&address[postal_code]=80331", fixture_set_up,
              test_lost_address, fixture_tear_down);
  ADD ("/half-done/rest-is-planned-anew", test_rest_is_planned_anew);
  return g_test_run ();
}
