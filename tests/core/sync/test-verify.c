/* The audit: everything that Stripe has against everything that the replica has (TRAPS A16). */

#include <libsoup/soup.h>
#include <sqlite3.h>
#include <string.h>

#include "rt-log.h"
#include "sync-fixture.h"

/* Fewer under the sanitizers, which are slow and look at paths. */
#ifdef __SANITIZE_ADDRESS__
#define N_CUSTOMERS 500
#define N_PRODUCTS 100
#define N_COUPONS 100
#else
#define N_CUSTOMERS 9000
#define N_PRODUCTS 500
#define N_COUPONS 500
#endif

/* Behind the store's back, as nobody should. */
static void
tamper (Fixture *f, const char *sql)
{
  sqlite3 *connection;

  g_assert_cmpint (sqlite3_open (f->replica, &connection), ==, SQLITE_OK);
  sqlite3_busy_timeout (connection, 10000);
  if (sqlite3_exec (connection, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (connection));
  g_assert_cmpint (sqlite3_changes (connection), ==, 1);
  sqlite3_close (connection);
}

static gboolean
verify_with (Fixture *f, const RtSyncPeer *peer, gboolean is_repairing, RtVerifyReport *report,
             GError **error)
{
  return rt_sync_verify (f->store, peer, is_repairing, NULL, report, error);
}

static void
verify (Fixture *f, gboolean is_repairing, RtVerifyReport *report)
{
  GError *error = NULL;

  verify_with (f, &(RtSyncPeer){ f->base, f->key, NULL, NULL }, is_repairing, report, &error);
  g_assert_no_error (error);
}

static void
assert_no_difference (Fixture *f, guint n_compared)
{
  g_auto (RtVerifyReport) report;
  g_autoptr (GPtrArray) lines = NULL;
  const RtLogEntry *line;

  verify (f, FALSE, &report);
  for (guint i = 0; i < report.differences->len; i++)
    {
      const RtDifference *difference = g_ptr_array_index (report.differences, i);

      g_test_message ("%s %s %s: %s, not %s", difference->object, difference->id, difference->field,
                      difference->replica, difference->stripe);
    }
  g_assert_cmpuint (report.n_different, ==, 0);
  g_assert_cmpuint (report.differences->len, ==, 0);
  if (n_compared > 0)
    g_assert_cmpuint (report.n_compared, ==, n_compared);
  lines = rt_log_list (f->store, 1, NULL);
  line = g_ptr_array_index (lines, 0);
  g_assert_cmpstr (line->event, ==, "verified");
  g_assert_cmpstr (line->detail, ==, "0");
}

static void
assert_difference (const RtVerifyReport *report, const char *id, const char *field,
                   const char *replica, const char *stripe)
{
  for (guint i = 0; i < report->differences->len; i++)
    {
      const RtDifference *difference = g_ptr_array_index (report->differences, i);

      if (!g_str_equal (difference->id, id) || g_strcmp0 (difference->field, field) != 0)
        continue;
      if (replica != NULL)
        g_assert_true (g_str_has_prefix (difference->replica, replica));
      else
        g_assert_null (difference->replica);
      if (stripe != NULL)
        g_assert_true (g_str_has_prefix (difference->stripe, stripe));
      else
        g_assert_null (difference->stripe);
      return;
    }
  g_test_message ("%s %s", id, field);
  g_assert_not_reached ();
}

static void
post (Fixture *f, SoupSession *session, const char *path, const char *form)
{
  g_autofree char *uri = g_strconcat (f->base, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);
  g_autoptr (GBytes) body = g_bytes_new (form, strlen (form));
  g_autoptr (GBytes) answer = NULL;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization",
                               "Bearer sk_test_outside");
  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
}

static void
fill_stripe (Fixture *f)
{
  g_autoptr (SoupSession) session = soup_session_new ();

  for (guint i = 0; i < N_CUSTOMERS; i++)
    {
      g_autofree char *form = g_strdup_printf ("name=Client %04u&email=c%u@example.com", i, i);

      post (f, session, "/v1/customers", form);
      if (i % 100 == 0)
        rt_clock_advance (f->clock, 60 * G_USEC_PER_SEC);
    }
  for (guint i = 0; i < N_PRODUCTS; i++)
    {
      g_autofree char *form = g_strdup_printf ("id=p%03u&name=Product %03u&metadata[a]=b", i, i);

      post (f, session, "/v1/products", form);
    }
  for (guint i = 0; i < N_COUPONS; i++)
    {
      g_autofree char *form = g_strdup_printf ("id=C%03u&percent_off=5&duration=once", i);

      post (f, session, "/v1/coupons", form);
    }
}

static void
tamper_each_way (Fixture *f)
{
  tamper (f, "UPDATE stripe_object SET json = json_set (json, '$.name', 'Altered',"
             " '$.metadata.a', 'c', '$.metadata.more', json ('[1]')) WHERE stripe_id = 'p007'");
  tamper (f, "UPDATE stripe_object SET json = json_remove (json, '$.percent_off')"
             " WHERE stripe_id = 'C008'");
  tamper (f, "UPDATE stripe_object SET is_deleted = 1 WHERE stripe_id = 'p009'");
  tamper (f, "UPDATE stripe_object SET json = '{\"id\":' WHERE stripe_id = 'p010'");
  tamper (f, "DELETE FROM stripe_object WHERE stripe_id = 'C011'");
  tamper (f, "INSERT INTO stripe_object (object, stripe_id, handle, json, asked_at)"
             " VALUES ('customer', 'cus_none', 'cus_none',"
             " '{\"id\":\"cus_none\",\"object\":\"customer\"}', 1)");
}

static void
assert_all_found (const RtVerifyReport *report)
{
  g_assert_cmpuint (report->n_different, ==, 6);
  g_assert_cmpuint (report->differences->len, ==, 8);
  assert_difference (report, "p007", "name", "\"Altered\"", "\"Product 007\"");
  assert_difference (report, "p007", "metadata.a", "\"c\"", "\"b\"");
  assert_difference (report, "p007", "metadata.more", "[1]", NULL);
  assert_difference (report, "C008", "percent_off", NULL, "5");
  assert_difference (report, "p009", NULL, NULL, "{");
  assert_difference (report, "p010", NULL, "{\"id\":", "{");
  assert_difference (report, "C011", NULL, NULL, "{");
  assert_difference (report, "cus_none", NULL, "{", NULL);
}

static void
test_a16_audit (Fixture *f, gconstpointer data)
{
  const guint n_all = N_CUSTOMERS + N_PRODUCTS + N_COUPONS;
  gint64 started;

  fill_stripe (f);
  sync_all (f);
  started = g_get_monotonic_time ();
  assert_no_difference (f, n_all);
  g_test_message ("%u objects in %d ms", n_all, (int) ((g_get_monotonic_time () - started) / 1000));
  tamper_each_way (f);
  for (guint i = 0; i < 2; i++) /* looking changes nothing */
    {
      g_auto (RtVerifyReport) report;

      verify (f, FALSE, &report);
      assert_all_found (&report);
      g_assert_cmpuint (report.n_repaired, ==, 0);
      sync_all (f);
    }
  {
    g_auto (RtVerifyReport) report;
    g_autoptr (RtProduct) product = NULL;

    verify (f, TRUE, &report);
    assert_all_found (&report);
    g_assert_cmpuint (report.n_repaired, ==, 6);
    product = rt_store_find_product (f->store, "p007", NULL);
    g_assert_cmpstr (product->name, ==, "Product 007");
    g_assert_cmpint (product_state (f, "p009"), ==, RT_STATE_SYNCED);
    g_assert_cmpint (coupon_state (f, "C011"), ==, RT_STATE_SYNCED);
  }
  assert_no_difference (f, n_all);
}

/* Everything that Retainer itself makes is read back as it was answered. */
static void
test_a16_own_objects (Fixture *f, gconstpointer data)
{
  g_autofree char *client = add_client (f, "Anna");
  g_autofree char *product = add_base_with_usage (f, "Voice");
  g_autofree char *gone = add_product (f, "Gone");
  g_autofree char *coupon = add_coupon (f, "Ten", "TEN");
  g_autoptr (RtDraft) typed = draft ("amount", "30", "overage", "0.06", NULL);
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_update (f->store, product, typed, &error));
  g_assert_no_error (error);
  rt_product_unref (rt_product_set_archived (f->store, gone, TRUE, &error));
  g_assert_no_error (error);
  /* What waits is no difference, and is not sent by looking. */
  assert_no_difference (f, 0);
  g_assert_cmpuint (count_changes (f), ==, 2);
  sync_all (f);
  assert_no_difference (f, 0);
  json_object_unref (outside (f, "DELETE", "/v1/coupons/TEN", NULL));
  assert_no_difference (f, 0);
  g_assert_cmpint (coupon_state (f, coupon), ==, RT_STATE_ARCHIVED);
  g_assert_cmpint (count_requests (f, "POST /v1/customers"), ==, 1);
}

typedef struct
{
  Fixture *fixture;
  guint n_calls;
} Meanwhile;

/* With every page somebody changes, makes and deletes something. */
static void
meanwhile_cb (guint n_read, guint n_known, gpointer user_data)
{
  Meanwhile *meanwhile = user_data;
  Fixture *f = meanwhile->fixture;
  guint n = meanwhile->n_calls++;
  g_autofree char *path = g_strdup_printf ("/v1/products/p%u", n);
  g_autofree char *other = g_strdup_printf ("/v1/coupons/C%u", n);
  g_autofree char *form = g_strdup_printf ("id=new%u&name=New", n);

  if (n >= 10)
    return;
  rt_clock_advance (f->clock, G_USEC_PER_SEC);
  json_object_unref (outside (f, "POST", path, "name=Changed"));
  json_object_unref (outside (f, "DELETE", other, NULL));
  json_object_unref (outside (f, "POST", "/v1/products", form));
}

static void
test_a16_changes_meanwhile (Fixture *f, gconstpointer data)
{
  Meanwhile meanwhile = { f, 0 };
  g_auto (RtVerifyReport) report;
  GError *error = NULL;

  for (guint i = 0; i < 350; i++)
    {
      g_autofree char *product = g_strdup_printf ("id=p%u&name=Before", i);
      g_autofree char *coupon = g_strdup_printf ("id=C%u&percent_off=5&duration=once", i);

      json_object_unref (outside (f, "POST", "/v1/products", product));
      json_object_unref (outside (f, "POST", "/v1/coupons", coupon));
      rt_clock_advance (f->clock, G_USEC_PER_SEC);
    }
  sync_all (f);
  tamper (f, "UPDATE stripe_object SET json = json_set (json, '$.name', 'Altered')"
             " WHERE stripe_id = 'p300'");
  verify_with (f, &(RtSyncPeer){ f->base, f->key, NULL, &meanwhile, .progress = meanwhile_cb },
               FALSE, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (meanwhile.n_calls, >, 5);
  g_assert_cmpuint (report.n_different, ==, 1);
  assert_difference (&report, "p300", "name", "\"Altered\"", "\"Before\"");
}

/* A list that is wrong is no proof of anything (TRAPS A20). */
static void
test_a20_empty_lists (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 60; i++)
    g_free (add_product (f, "One"));
  sync_all (f);
  fault (f, "{\"fault\":\"empty_lists\",\"match\":\"GET /v1/products\",\"count\":1}");
  assert_no_difference (f, 0);
}

/* What cannot be read is said; the rest is compared. */
static void
test_no_permission (Fixture *f, gconstpointer data)
{
  g_auto (RtVerifyReport) report;
  GError *error = NULL;

  g_free (add_product (f, "One"));
  g_free (add_coupon (f, "Ten", "TEN"));
  sync_all (f);
  tamper (f, "UPDATE stripe_object SET json = json_set (json, '$.percent_off', 7)"
             " WHERE stripe_id = 'TEN'");
  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/products\",\"count\":0}");
  g_assert_false (
      verify_with (f, &(RtSyncPeer){ f->base, f->key, NULL, NULL }, FALSE, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_PERMISSION);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_different, ==, 1);
  assert_difference (&report, "TEN", "percent_off", "7", "12.5");
}

static void
test_offline (Fixture *f, gconstpointer data)
{
  g_auto (RtVerifyReport) report;
  GError *error = NULL;

  g_free (add_product (f, "One"));
  sync_all (f);
  fixture_stop_stripe (f);
  g_assert_false (
      verify_with (f, &(RtSyncPeer){ f->base, f->key, NULL, NULL }, TRUE, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_different, ==, 0);
}

/* A key that may not read events: each sync reads everything, an audit tells what it found. */
static void
test_no_events (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made = outside (f, "POST", "/v1/customers", "name=Anna");
  const char *id = rt_json_string (made, "id");
  g_autofree char *path = g_strconcat ("/v1/customers/", id, NULL);
  g_auto (RtVerifyReport) report = { 0 };

  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/events\",\"count\":0}");
  sync_all (f);
  json_object_unref (outside (f, "POST", path, "name=Bea"));
  verify (f, TRUE, &report);
  g_assert_cmpuint (report.n_different, ==, 1);
  assert_difference (&report, id, "name", "\"Anna\"", "\"Bea\"");
  rt_verify_report_clear (&report);
  report = (RtVerifyReport){ 0 };
  verify (f, FALSE, &report);
  g_assert_cmpuint (report.n_different, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/verify/a16-audit", test_a16_audit);
  ADD ("/verify/a16-own-objects", test_a16_own_objects);
  ADD ("/verify/a16-changes-meanwhile", test_a16_changes_meanwhile);
  ADD ("/verify/a20-empty-lists", test_a20_empty_lists);
  ADD ("/verify/no-permission", test_no_permission);
  ADD ("/verify/offline", test_offline);
  ADD ("/verify/a16-no-events", test_no_events);
  return g_test_run ();
}
