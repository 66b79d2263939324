/* What a review found: each of these once doubled a price, lost an edit or stopped the queue. */

#include "rt-queue-send.h"
#include "rt-store-object.h"
#include "sync-fixture.h"

static void
edit (Fixture *f, const char *id, const char *field, const char *text)
{
  g_autoptr (RtDraft) typed = draft (field, text, NULL);
  GError *error = NULL;

  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  g_assert_no_error (error);
}

static void
set_archived (Fixture *f, const char *id, gboolean is_archived)
{
  GError *error = NULL;

  rt_product_unref (rt_product_set_archived (f->store, id, is_archived, &error));
  g_assert_no_error (error);
}

/* Amounts of the active prices at Stripe, newest first, such as "2000 ". */
static char *
active_prices (Fixture *f)
{
  g_autoptr (JsonObject) list = outside (f, "GET", "/v1/prices?limit=100", NULL);
  JsonArray *prices = rt_json_array (list, "data");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (prices); i++)
    g_string_append_printf (text, "%s ",
                            rt_json_string (rt_json_element (prices, i), "unit_amount_decimal"));
  return g_string_free (text, FALSE);
}

static void
assert_prices (Fixture *f, const char *expected)
{
  g_autofree char *prices = active_prices (f);

  g_assert_cmpstr (prices, ==, expected);
}

/* "Our key is at work right now" is no licence to try with another. */
static void
test_key_in_use (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  edit (f, id, "amount", "20");
  fault (f, "{\"fault\":\"execute_then_status\",\"status\":409,\"match\":\"POST /v1/prices\","
            "\"code\":\"idempotency_key_in_use\",\"count\":1}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  rt_clock_advance (f->clock, 25 * HOUR);
  sync_all (f);
  assert_prices (f, "2000 ");
}

static void
test_stored_500_lets_the_rest_go (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");

  sync_all (f);
  edit (f, id, "name", "Two");
  json_object_unref (outside (f, "POST", "/v1/products", "id=other&name=Elsewhere"));
  fault (f, "{\"fault\":\"execute_then_status\",\"status\":500,\"match\":\"POST /v1/products\","
            "\"count\":1}");
  sync_all (f);
  g_assert_cmpint (product_state (f, "other"), ==, RT_STATE_SYNCED);
  g_assert_cmpint (product_state (f, "Two"), ==, RT_STATE_SYNCED);
}

static void
test_price_of_archived (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtProduct) product = NULL;

  sync_all (f);
  edit (f, id, "amount", "30");
  set_archived (f, id, TRUE);
  sync_all (f);
  edit (f, id, "amount", "40");
  sync_all (f);
  set_archived (f, id, FALSE);
  sync_all (f);
  assert_prices (f, "4000 ");
}

/* Renaming must not take back what somebody set in Stripe's Dashboard (TRAPS B13). */
static void
test_price_of_dashboard (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtProduct) product = NULL;
  g_autofree char *shown = NULL;

  sync_all (f);
  g_free (choose_price (f, id, "unit_amount=1500&recurring[interval]=month"));
  sync_all (f);
  product = rt_store_find_product (f->store, id, NULL);
  shown = rt_money_to_plain (product->amount, product->currency);
  g_assert_cmpstr (shown, ==, "15.00");
  edit (f, id, "name", "Two");
  sync_all (f);
  assert_prices (f, "1500 4900 ");
}

/* A reference that leads nowhere stops its change only. */
static void
test_unresolved (Fixture *f, gconstpointer data)
{
  g_autofree char *coupon = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"ignore_fields\",\"fields\":[\"lookup_key\"],"
            "\"match\":\"POST /v1/prices\",\"count\":1}");
  g_free (add_product (f, "One"));
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_clear_error (&error);
  coupon = add_coupon (f, "Behind", NULL);
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (coupon_state (f, coupon), ==, RT_STATE_SYNCED);
}

/* The edit that repairs a refused change goes into it, not behind it. */
static void
test_repair_of_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Bad");
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/products\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  edit (f, id, "description", "typed while unknown");
  g_assert_cmpuint (count_changes (f), ==, 2);
  clear_faults (f);
  fault (f, "{\"fault\":\"status\",\"status\":400,\"param\":\"name\","
            "\"match\":\"POST /v1/products\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_rejected, ==, 1);
  edit (f, id, "name", "Good");
  g_assert_cmpuint (count_changes (f), ==, 1);
  sync_all (f);
  {
    g_autoptr (RtProduct) product = rt_store_find_product (f->store, id, NULL);

    g_assert_cmpstr (product->name, ==, "Good");
    g_assert_cmpstr (product->description, ==, "typed while unknown");
  }
}

static void
test_discard_after_meter (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_base_with_usage (f, "One");
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/products\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_cmpuint (count_changes (f), ==, 0);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "product"), ==, 0);
}

/* Of a price change of which the new price exists, nothing stays behind. */
static void
test_discard_half_update (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  edit (f, id, "amount", "20");
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/products\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  sync_all (f);
  assert_prices (f, "4900 ");
}

/* Half made, refused, and the half deleted by somebody: that is not "done". */
static void
test_retry_of_lost (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autofree char *path = g_strdup_printf ("/v1/products/rtn_p_%s", id);
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"POST /v1/prices\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  json_object_unref (outside (f, "DELETE", path, NULL));
  sync_once (f, RT_SYNC_PULL, &report, &error);
  change = only_change (f);
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pushed, ==, 0);
  g_assert_cmpuint (report.n_rejected, ==, 1);
}

/* A computer whose clock was a day ahead yesterday still believes what Stripe says today. */
static void
test_clock_put_back (Fixture *f, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  rt_clock_advance (f->clock, 48 * HOUR);
  id = add_product (f, "One");
  sync_all (f);
  rt_clock_advance (f->clock, -48 * HOUR);
  path = g_strdup_printf ("/v1/products/rtn_p_%s", id);
  json_object_unref (outside (f, "POST", path, "name=Elsewhere"));
  sync_all (f);
  g_assert_cmpint (product_state (f, "Elsewhere"), ==, RT_STATE_SYNCED);
}

/* A key that may not read its account, of another account, writes nothing (TRAPS A24). */
static void
test_foreign_restricted_key (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_product (f, "One"));
  sync_all (f);
  g_free (add_coupon (f, "Secret", "SECRET"));
  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/account\",\"count\":2}");
  fault (f, "{\"fault\":\"status\",\"status\":404,\"code\":\"resource_missing\","
            "\"match\":\"GET /v1/pr\",\"count\":5}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_KEY);
  g_clear_error (&error);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 0);
  /* The right one goes on: what it can read only this account has. */
  clear_faults (f);
  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/account\",\"count\":1}");
  sync_all (f);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
}

/* What the key may not do waits; the rest goes. */
static void
test_permission_starves_nobody (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  for (guint i = 0; i < 9; i++)
    g_free (add_product (f, "Not allowed"));
  g_free (add_coupon (f, "Allowed", NULL));
  f->key = "rk_test_noproducts";
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_PERMISSION);
  g_clear_error (&error);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
  g_assert_cmpuint (report.n_pending, ==, 9);
}

/* Executed, but said to be a fault; and what was asked about it met a dead key. It is still not
 * known to be undone: found by the simulator, as a doubled client. */
static void
test_undecided (Fixture *f, gconstpointer data)
{
  static const guint statuses[] = { 401, 403, 429, 404 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *order
          = g_strdup_printf ("{\"fault\":\"status\",\"status\":%u,\"match\":\"GET /v1/events\","
                             "\"count\":1}",
                             statuses[i]);
      RtSyncReport report;
      GError *error = NULL;

      g_free (add_client (f, "Anna"));
      fault (f, "{\"fault\":\"execute_then_status\",\"status\":500,\"should_retry\":false,"
                "\"match\":\"POST /v1/customers\",\"count\":1}");
      fault (f, order);
      sync_once (f, RT_SYNC_PUSH, &report, &error);
      g_clear_error (&error);
      clear_faults (f);
      rt_clock_advance (f->clock, 2 * HOUR);
      sync_all (f);
      g_assert_cmpint (count_objects (f, "customer"), ==, i + 1);
    }
}

/* A resend is answered with the words of the first time: what was changed since must not be lost
 * from the replica. Found by the simulator. */
static void
test_replay_is_old (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  g_autoptr (JsonObject) list = NULL;
  g_autoptr (RtClient) client = NULL;
  g_autofree char *path = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":1}");
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_clear_error (&error);
  clear_faults (f);
  list = outside (f, "GET", "/v1/customers", NULL);
  path = g_strconcat ("/v1/customers/",
                      rt_json_string (rt_json_element (rt_json_array (list, "data"), 0), "id"),
                      NULL);
  json_object_unref (outside (f, "POST", path, "name=Clara"));
  sync_all (f);
  client = get_client (f, id);
  g_assert_cmpstr (client->name, ==, "Clara");
}

/* Somebody switched a meter off: what counts by it needs it again. */
static void
test_meter_off (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) list = NULL;
  g_autofree char *off = NULL;

  g_free (add_base_with_usage (f, "Care"));
  sync_all (f);
  list = outside (f, "GET", "/v1/billing/meters", NULL);
  off = g_strdup_printf ("/v1/billing/meters/%s/deactivate",
                         rt_json_string (rt_json_element (rt_json_array (list, "data"), 0), "id"));
  json_object_unref (outside (f, "POST", off, ""));
  rt_clock_advance (f->clock, HOUR);
  sync_all (f);
  g_free (add_base_with_usage (f, "Calls"));
  sync_all (f);
  g_assert_cmpint (count_requests (f, "POST /v1/billing/meters"), ==, 1);
  g_assert_cmpint (count_requests (f, "POST /v1/billing/meters/{id}/reactivate"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/trouble/b7-key-in-use", test_key_in_use);
  ADD ("/trouble/b6-stored-500-lets-the-rest-go", test_stored_500_lets_the_rest_go);
  ADD ("/trouble/price-of-archived", test_price_of_archived);
  ADD ("/trouble/price-of-dashboard", test_price_of_dashboard);
  ADD ("/trouble/b8-unresolved", test_unresolved);
  ADD ("/trouble/b3-repair-of-refused", test_repair_of_refused);
  ADD ("/trouble/discard-after-meter", test_discard_after_meter);
  ADD ("/trouble/discard-half-update", test_discard_half_update);
  ADD ("/trouble/retry-of-lost", test_retry_of_lost);
  ADD ("/trouble/b5-clock-put-back", test_clock_put_back);
  ADD ("/trouble/a24-foreign-restricted-key", test_foreign_restricted_key);
  ADD ("/trouble/permission-starves-nobody", test_permission_starves_nobody);
  ADD ("/trouble/b6-undecided", test_undecided);
  ADD ("/trouble/meter-off", test_meter_off);
  ADD ("/trouble/b1-replay-is-old", test_replay_is_old);
  return g_test_run ();
}
