/* Stripe's events as a change feed (API-GUIDE §3), in all the ways they are not a plain log. Tests
 * carry the number of the row of the table of traps that they are about. */

#include <string.h>

#include "rt-log.h"
#include "rt-store-private.h"
#include "sync-fixture.h"

#define SECOND G_USEC_PER_SEC
#define DAY (24 * 3600 * (gint64) G_USEC_PER_SEC)

/* A customer made through the API by somebody else. */
static char *
add_outside (Fixture *f, const char *name)
{
  g_autofree char *form = g_strdup_printf ("name=%s", name);
  g_autoptr (JsonObject) made = outside (f, "POST", "/v1/customers", form);

  return g_strdup (rt_json_string (made, "id"));
}

static void
rename_outside (Fixture *f, const char *id, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/v1/customers/%s", id);
  g_autofree char *form = g_strdup_printf ("name=%s", name);

  json_object_unref (outside (f, "POST", path, form));
}

static RtSyncReport
poll_once (Fixture *f)
{
  RtSyncReport report;
  GError *error = NULL;

  sync_once (f, RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  return report;
}

static char *
dup_kept (Fixture *f, const char *object, const char *id)
{
  RtDb *db = rt_store_read (f->store);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT json FROM stripe_object WHERE object = ?1 AND stripe_id = ?2"
                     " AND is_deleted = 0",
                     "ss", object, id);
  char *kept = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    kept = g_strdup (rt_db_text (statement, 0));
  rt_db_end (statement);
  rt_store_unread (f->store, db);
  return kept;
}

/* The replica has what Stripe answers to a direct read, to the byte. */
static void
assert_same (Fixture *f, const char *object, const char *path, const char *id)
{
  g_autofree char *kept = dup_kept (f, object, id);
  g_autofree char *full = g_strdup_printf ("%s/%s%s", path, id,
                                           g_str_equal (object, "price") ? "?expand[0]=tiers" : "");
  g_autoptr (JsonObject) read = outside (f, "GET", full, NULL);
  g_autofree char *text = rt_json_to_text (read);

  g_assert_cmpstr (kept, ==, text);
}

static void
test_old_object (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_outside (f, "Old");

  rt_clock_advance (f->clock, 200 * DAY);
  g_assert_true (poll_once (f).is_full);
  rt_clock_advance (f->clock, 60 * SECOND);
  rename_outside (f, id, "New");
  g_assert_false (poll_once (f).is_full);
  assert_same (f, "customer", "/v1/customers", id);
}

/* Asleep for 31 days: the events are gone, everything is read, and that is said. */
static void
test_asleep (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_outside (f, "Old");
  g_autoptr (GPtrArray) log = NULL;

  poll_once (f);
  rt_clock_advance (f->clock, 60 * SECOND);
  rename_outside (f, id, "New");
  rt_clock_advance (f->clock, 31 * DAY);
  g_assert_true (poll_once (f).is_full);
  assert_same (f, "customer", "/v1/customers", id);
  log = rt_log_list (f->store, 1, NULL);
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 0))->event, ==, "relist");
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 0))->detail, ==, "gap");
}

/* A quiet account is no gap: nothing happened for 40 days, but it was polled. */
static void
test_quiet (Fixture *f, gconstpointer data)
{
  g_free (add_outside (f, "Quiet"));
  poll_once (f);
  for (guint i = 0; i < 4; i++)
    {
      rt_clock_advance (f->clock, 10 * DAY);
      g_assert_false (poll_once (f).is_full);
    }
}

#define N_LATE 24

/* Events that show up minutes after they happened are not missed. */
static void
test_late (Fixture *f, gconstpointer data)
{
  char *ids[N_LATE];

  for (guint i = 0; i < N_LATE; i++)
    ids[i] = add_outside (f, "Client");
  poll_once (f);
  fault (f, "{\"fault\":\"late_events\",\"share\":300,\"seconds\":300,\"match\":\"POST\","
            "\"count\":0}");
  for (guint i = 0; i < 10 * N_LATE; i++)
    {
      g_autofree char *name = g_strdup_printf ("Name%u", i);

      rt_clock_advance (f->clock, 11 * SECOND);
      rename_outside (f, ids[i % N_LATE], name);
      if (i % 7 == 0)
        poll_once (f);
    }
  for (guint i = 0; i < 6; i++)
    {
      rt_clock_advance (f->clock, 60 * SECOND);
      poll_once (f);
    }
  for (guint i = 0; i < N_LATE; i++)
    {
      assert_same (f, "customer", "/v1/customers", ids[i]);
      g_free (ids[i]);
    }
}

/* What an event shows is of another version and wrong: none of it is kept. */
static void
test_old_version (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_base_with_usage (f, "Voice");
  g_autofree char *stripe_id = g_strconcat ("rtn_p_", id, NULL);
  g_autofree char *path = g_strconcat ("/v1/products/", stripe_id, NULL);
  g_autoptr (GPtrArray) prices = NULL;

  sync_all (f);
  rt_clock_advance (f->clock, 60 * SECOND);
  json_object_unref (outside (f, "POST", path, "description=Changed"));
  prices = rt_store_prices_of (f->store, stripe_id, NULL);
  g_assert_cmpuint (prices->len, ==, 2);
  for (guint i = 0; i < prices->len; i++)
    {
      const char *price = rt_json_string (g_ptr_array_index (prices, i), "id");
      g_autofree char *price_path = g_strconcat ("/v1/prices/", price, NULL);

      json_object_unref (outside (f, "POST", price_path, "nickname=Changed"));
    }
  g_assert_cmpuint (poll_once (f).n_pulled, ==, 3);
  assert_same (f, "product", "/v1/products", stripe_id);
  for (guint i = 0; i < prices->len; i++)
    assert_same (f, "price", "/v1/prices", rt_json_string (g_ptr_array_index (prices, i), "id"));
}

/* Many in one second, in any order, some told twice. */
static void
test_same_second (Fixture *f, gconstpointer data)
{
  g_autofree char *one = add_outside (f, "One");
  g_autofree char *two = add_outside (f, "Two");

  poll_once (f);
  fault (f, "{\"fault\":\"shuffle\"}");
  fault (f, "{\"fault\":\"duplicate_events\",\"match\":\"POST\",\"count\":0}");
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *name = g_strdup_printf ("Name%u", i);

      rename_outside (f, i % 3 == 0 ? two : one, name);
      if (i % 10 == 0)
        {
          poll_once (f);
          assert_same (f, "customer", "/v1/customers", one);
          assert_same (f, "customer", "/v1/customers", two);
        }
    }
  poll_once (f);
  assert_same (f, "customer", "/v1/customers", one);
  assert_same (f, "customer", "/v1/customers", two);
}

/* 50 of 120 deleted while nobody looked for longer than events last. */
static void
test_deleted_asleep (Fixture *f, gconstpointer data)
{
  char *ids[120];
  RtFilter filter = { 0 };
  g_autoptr (GArray) rows = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add_outside (f, "Client");
  poll_once (f);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *path = g_strconcat ("/v1/customers/", ids[i], NULL);

      if (i < 50)
        json_object_unref (outside (f, "DELETE", path, NULL));
      g_free (ids[i]);
    }
  rt_clock_advance (f->clock, 31 * DAY);
  poll_once (f);
  rows = rt_store_client_rows (f->store, &filter, NULL);
  g_assert_cmpuint (rows->len, ==, 70);
}

/* A stub of a deleted object, and one that is not there at all. */
static void
test_deleted_before_fetch (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_outside (f, "Gone");
  g_autofree char *path = g_strconcat ("/v1/customers/", id, NULL);
  g_autofree char *kept = NULL;

  json_object_unref (outside (f, "POST", "/v1/coupons", "id=GONE&percent_off=5&duration=once"));
  poll_once (f);
  rt_clock_advance (f->clock, 60 * SECOND);
  rename_outside (f, id, "Renamed");
  json_object_unref (outside (f, "POST", "/v1/coupons/GONE", "name=Renamed"));
  json_object_unref (outside (f, "DELETE", path, NULL));
  json_object_unref (outside (f, "DELETE", "/v1/coupons/GONE", NULL));
  poll_once (f);
  kept = dup_kept (f, "customer", id);
  g_assert_null (kept);
  g_assert_null (dup_kept (f, "coupon", "GONE"));
}

/* Every type that Stripe has, with an object, without one, without an id. */
static void
test_every_type (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "event-types.txt", NULL);
  g_autofree char *text = NULL;
  g_autofree char *id = add_outside (f, "Real");
  g_auto (GStrv) types = NULL;
  guint n_types = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  types = g_strsplit (g_strstrip (text), "\n", -1);
  poll_once (f);
  rt_clock_advance (f->clock, 60 * SECOND);
  for (guint i = 0; types[i] != NULL; i++)
    {
      static const char *const objects[]
          = { "{\"object\":\"invoice\"}", "{\"object\":\"customer\",\"id\":\"cus_nowhere\"}",
              "{\"id\":\"x_1\",\"object\":\"unheard_of\"}", "{\"object\":\"price\",\"id\":7}" };
      g_autofree char *order = g_strdup_printf ("{\"type\":\"%s\",\"object\":%s}", types[i],
                                                objects[i % G_N_ELEMENTS (objects)]);

      json_object_unref (outside (f, "POST", "/_practice/events", order));
      n_types++;
    }
  g_assert_cmpuint (n_types, ==, 275);
  rename_outside (f, id, "After");
  poll_once (f);
  assert_same (f, "customer", "/v1/customers", id);
}

/* More than fifty changes of one type are listed, not asked for one by one. */
static void
test_many (Fixture *f, gconstpointer data)
{
  char *ids[60];
  gint64 n_lists;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add_outside (f, "Client");
  poll_once (f);
  rt_clock_advance (f->clock, 60 * SECOND);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    rename_outside (f, ids[i], "Renamed");
  n_lists = count_requests (f, "GET /v1/customers");
  g_assert_cmpuint (poll_once (f).n_requests, <, 6);
  g_assert_cmpint (count_requests (f, "GET /v1/customers"), ==, n_lists + 1);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_same (f, "customer", "/v1/customers", ids[i]);
      g_free (ids[i]);
    }
}

/* What was saved here is not read again because Stripe tells of it. */
static void
test_own_writes (Fixture *f, gconstpointer data)
{
  g_autofree char *first = add_client (f, "First");
  g_autofree char *second = NULL;

  sync_all (f);
  rt_clock_advance (f->clock, 60 * SECOND);
  second = add_client (f, "Second");
  /* The account, the creation, the events. */
  g_assert_cmpuint (sync_all (f).n_requests, ==, 3);
}

/* Without the permission to read events everything is listed each time, and that is said. */
static void
test_no_permission (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_outside (f, "One");
  g_autoptr (GPtrArray) log = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/events\",\"count\":0}");
  g_assert_true (poll_once (f).is_full);
  rename_outside (f, id, "Two");
  g_assert_true (poll_once (f).is_full);
  assert_same (f, "customer", "/v1/customers", id);
  log = rt_log_list (f->store, 1, NULL);
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 0))->detail, ==, "no-events");
}

/* The place in the events is gone at Stripe: everything is read, and why is said. */
static void
test_place_gone (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_outside (f, "Old");
  g_autoptr (GPtrArray) log = NULL;

  poll_once (f);
  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *name = g_strdup_printf ("Name%u", i);

      rt_clock_advance (f->clock, SECOND);
      rename_outside (f, id, name);
    }
  fault (f, "{\"fault\":\"status\",\"status\":400,\"code\":\"resource_missing\",\"skip\":1,"
            "\"count\":1,\"match\":\"GET /v1/events\"}");
  g_assert_true (poll_once (f).is_full);
  assert_same (f, "customer", "/v1/customers", id);
  log = rt_log_list (f->store, 1, NULL);
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 0))->event, ==, "relist");
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 0))->detail, ==, "hole");
}

/* A walk that breaks in the middle begins where it began: nothing is skipped. */
static void
test_broken_walk (Fixture *f, gconstpointer data)
{
  char *ids[30];
  RtSyncReport report;
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add_outside (f, "Client");
  poll_once (f);
  for (guint i = 0; i < 240; i++)
    {
      g_autofree char *name = g_strdup_printf ("Name%u", i);

      rt_clock_advance (f->clock, SECOND);
      rename_outside (f, ids[i % G_N_ELEMENTS (ids)], name);
    }
  fault (f, "{\"fault\":\"status\",\"status\":500,\"match\":\"GET /v1/events\",\"skip\":1,"
            "\"count\":50}");
  g_assert_false (sync_once (f, RT_SYNC_PULL, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  fixture_reopen (f);
  poll_once (f);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_same (f, "customer", "/v1/customers", ids[i]);
      g_free (ids[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/events/a1-old-object", test_old_object);
  ADD ("/events/a2-asleep-for-31-days", test_asleep);
  ADD ("/events/a2-quiet-is-no-gap", test_quiet);
  ADD ("/events/a3-late", test_late);
  ADD ("/events/a4-a5-old-version", test_old_version);
  ADD ("/events/a6-a7-same-second", test_same_second);
  ADD ("/events/a8-deleted-asleep", test_deleted_asleep);
  ADD ("/events/a9-a10-deleted-before-fetch", test_deleted_before_fetch);
  ADD ("/events/a15-every-type", test_every_type);
  ADD ("/events/many", test_many);
  ADD ("/events/own-writes", test_own_writes);
  ADD ("/events/no-permission", test_no_permission);
  ADD ("/events/a2-place-gone", test_place_gone);
  ADD ("/events/broken-walk", test_broken_walk);
  return g_test_run ();
}
