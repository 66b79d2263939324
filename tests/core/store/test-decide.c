/* What a person decides about changes that wait, at the edges: taking back and retrying. Without
 * Stripe. */

#include "rt-coupon-actions.h"
#include "rt-queue-send.h"
#include "rt-queue.h"
#include "rt-store-object.h"
#include "store-fixture.h"

#define COUPON "01ARZ3NDEKTSV4RRFFQ69G0001"

static char *
add_coupon (Fixture *f)
{
  g_autoptr (RtDraft) typed
      = draft ("name", "Ten", "percent", "10", "duration", "once", "code", "TEN", NULL);
  GError *error = NULL;
  g_autoptr (RtCoupon) coupon = rt_coupon_create (f->store, typed, &error);

  g_assert_no_error (error);
  return g_strdup (coupon->id);
}

static void
rename_coupon (Fixture *f, const char *id, const char *name)
{
  g_autoptr (RtDraft) typed = draft ("name", name, NULL);
  GError *error = NULL;

  rt_coupon_unref (rt_coupon_update (f->store, id, typed, &error));
  g_assert_no_error (error);
}

/* Deleted before Stripe saw anything of it: nothing is left, also not the edits behind it. */
static void
test_forget (Fixture *f, gconstpointer data)
{
  gboolean has_dependent = GPOINTER_TO_INT (data);
  g_autofree char *id = add_coupon (f);
  GError *error = NULL;

  if (has_dependent)
    {
      g_autoptr (RtRequest) request = claim (f);

      rename_coupon (f, id, "Eleven");
      g_assert_cmpuint (count_changes (f), ==, 2);
      g_assert_true (rt_queue_settle_later (f->store, request, RT_ATTEMPT_VAIN, 0, &error));
    }
  g_assert_true (rt_coupon_delete (f->store, id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, 0);
  assert_nothing_to_send (f);
  g_assert_null (rt_store_find_coupon (f->store, id, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
}

static void
test_forget_unknown (Fixture *f, gconstpointer data)
{
  GError *error = NULL;

  g_assert_true (rt_store_begin (f->store, NULL));
  g_assert_false (rt_queue_forget (f->store, "coupon", "nobody", &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (rt_store_end (f->store, FALSE, NULL));
}

/* It may have reached Stripe: then what waits for it is not taken back either. */
static void
test_discard_sending (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_coupon (f);
  g_autoptr (RtRequest) request = claim (f);
  g_autoptr (RtChange) first = NULL;
  g_autoptr (RtCoupon) coupon = NULL;
  GError *error = NULL;

  rename_coupon (f, id, "Eleven");
  first = get_change (f, 0);
  g_assert_false (rt_queue_discard (f->store, first->id, TRUE, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpuint (count_changes (f), ==, 2);
  coupon = rt_store_find_coupon (f->store, id, NULL);
  g_assert_cmpstr (coupon->name, ==, "Eleven");
}

/* Retrying what waits for another sends nothing before its turn. */
static void
test_retry_waiting (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_coupon (f);
  g_autoptr (RtRequest) request = claim (f);
  g_autoptr (RtChange) second = NULL;
  GError *error = NULL;

  rename_coupon (f, id, "Eleven");
  second = get_change (f, 1);
  g_assert_true (rt_queue_retry (f->store, second->id, &error));
  g_assert_no_error (error);
  assert_nothing_to_send (f);
  rt_change_unref (second);
  second = get_change (f, 1);
  g_assert_cmpuint (second->requests->len, ==, 0);
  g_assert_cmpint (second->state, ==, RT_STATE_QUEUED);
}

/* What is read again of a coupon. */
static void
review (Fixture *f, const RtRequest *request, JsonObject *coupon)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new ();
  RtSettlement settlement = { .answer = coupon };
  GError *error = NULL;

  g_assert_nonnull (request);
  g_assert_nonnull (request->reads);
  g_assert_true (rt_store_get_order (f->store, &settlement.asked_at, NULL));
  settlement.asked_at++;
  g_ptr_array_add (answers, &settlement);
  g_assert_true (rt_queue_settle_review (f->store, request, answers, &error));
  g_assert_no_error (error);
}

/* A coupon that Stripe has. */
static JsonObject *
put_coupon (Fixture *f)
{
  JsonObject *coupon = rt_json_parse ("{\"id\":\"TEN\",\"object\":\"coupon\",\"name\":\"Ten\","
                                      "\"percent_off\":10,\"duration\":\"once\",\"metadata\":"
                                      "{\"rtn_v\":\"1\",\"rtn_ref\":\"" COUPON "\"}}",
                                      -1, NULL);
  GError *error = NULL;

  g_assert_nonnull (coupon);
  g_assert_true (rt_store_begin (f->store, NULL));
  g_assert_true (rt_store_put_object (f->store, coupon, 1, 0, &error));
  g_assert_true (rt_store_end (f->store, TRUE, &error));
  return coupon;
}

/* A refused renaming and the deletion behind it are retried as one. The deletion was decided
 * blindly and has no base, but the name has, and somebody changed it. */
static void
test_retry_gathers (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) coupon = put_coupon (f);
  g_autoptr (RtRequest) reads = NULL;
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtRequest) again = NULL;
  g_autoptr (RtChange) change = NULL;
  g_autoptr (RtChange) last = NULL;
  g_autoptr (RtChange) gathered = NULL;
  GError *error = NULL;

  rename_coupon (f, COUPON, "Eleven");
  reads = claim (f);
  review (f, reads, coupon);
  request = claim (f);
  g_assert_true (rt_coupon_delete (f->store, COUPON, &error));
  g_assert_cmpuint (count_changes (f), ==, 2);
  g_assert_true (
      rt_queue_settle_refused (f->store, request, "bad", "No.", "name", "req_1", &error));
  change = get_change (f, 0);
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, 1);
  last = get_change (f, 0);
  g_assert_cmpstr (last->action, ==, "archive");
  again = claim (f);
  json_object_set_string_member (coupon, "name", "Theirs");
  review (f, again, coupon);
  gathered = get_change (f, 0);
  g_assert_cmpint (gathered->state, ==, RT_STATE_CONFLICT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/decide/forget/alone", Fixture, GINT_TO_POINTER (FALSE), fixture_set_up, test_forget,
              fixture_tear_down);
  g_test_add ("/decide/forget/with-dependent", Fixture, GINT_TO_POINTER (TRUE), fixture_set_up,
              test_forget, fixture_tear_down);
  ADD ("/decide/forget/unknown", test_forget_unknown);
  ADD ("/decide/b30-discard-sending", test_discard_sending);
  ADD ("/decide/retry-waiting", test_retry_waiting);
  ADD ("/decide/retry-gathers", test_retry_gathers);
  return g_test_run ();
}
