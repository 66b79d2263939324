/* Full lists of any size (API-GUIDE §3): windows, kills, lists that lie. */

#include <string.h>

#include "rt-log.h"
#include "rt-pull-list.h"
#include "rt-store-listing.h"
#include "rt-store-object.h"
#include "rt-store-rebuild.h"
#include "rt-store-private.h"
#include "sync-fixture.h"

#define SECOND G_USEC_PER_SEC
/* Fewer under the sanitizers, which are slow and look at paths. */
#ifdef __SANITIZE_ADDRESS__
#define MANY 530
#else
#define MANY 1730
#endif

/* @n customers, so many seconds apart. */
static void
add_spaced (Fixture *f, guint n, guint seconds)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *form = g_strdup_printf ("name=Number%u", i);

      rt_clock_advance (f->clock, seconds * SECOND);
      json_object_unref (outside (f, "POST", "/v1/customers", form));
    }
}

/* @n customers over as many minutes. */
static void
add_many (Fixture *f, guint n)
{
  add_spaced (f, n, 60);
}

static guint
count_clients (Fixture *f)
{
  RtFilter filter = { 0 };
  g_autoptr (GArray) rows = rt_store_client_rows (f->store, &filter, NULL);

  return rows->len;
}

static RtSyncReport
pull (Fixture *f, RtSyncFlags flags)
{
  RtSyncReport report;
  GError *error = NULL;

  sync_once (f, RT_SYNC_PULL | flags, &report, &error);
  g_assert_no_error (error);
  return report;
}

/* Killed after each number of pages in turn: it goes on, and ends with everything once. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  add_many (f, 730);
  for (guint skip = 1; skip < 12; skip++)
    {
      g_autofree char *order
          = g_strdup_printf ("{\"fault\":\"status\",\"status\":500,\"count\":1000,\"skip\":%u,"
                             "\"match\":\"GET /v1/customers\"}",
                             skip);
      RtSyncReport report;
      GError *error = NULL;

      fixture_lose_replica (f);
      fault (f, order);
      sync_once (f, RT_SYNC_PULL, &report, &error);
      g_clear_error (&error);
      clear_faults (f);
      fixture_reopen (f);
      pull (f, 0);
      g_assert_cmpuint (count_clients (f), ==, 730);
    }
}

/* A customer each second: wherever the list is cut, nobody is on neither side. */
static void
test_cut (Fixture *f, gconstpointer data)
{
  add_spaced (f, MANY, 1);
  pull (f, 0);
  g_assert_cmpuint (count_clients (f), ==, MANY);
}

/* Prices that are not active, and all else that lists leave out by themselves. */
static void
test_defaults (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Voice");
  g_autoptr (RtDraft) edit = draft ("amount", "59", NULL);

  sync_all (f);
  rt_product_unref (rt_product_update (f->store, id, edit, NULL));
  sync_all (f);
  rt_product_unref (rt_product_set_archived (f->store, id, TRUE, NULL));
  sync_all (f);
  fixture_lose_replica (f);
  pull (f, 0);
  g_assert_cmpint (count_objects (f, "price"), ==, 2);
  {
    g_autofree char *stripe_id = g_strconcat ("rtn_p_", id, NULL);
    g_autoptr (GPtrArray) prices = rt_store_prices_of (f->store, stripe_id, NULL);

    g_assert_cmpuint (prices->len, ==, 2);
  }
}

static guint
count_logged (Fixture *f, const char *event)
{
  g_autoptr (GPtrArray) log = rt_log_list (f->store, 0, NULL);
  guint n = 0;

  for (guint i = 0; i < log->len; i++)
    n += g_str_equal (((RtLogEntry *) g_ptr_array_index (log, i))->event, event) ? 1 : 0;
  return n;
}

/* A list that is suddenly empty, or cut short, deletes nothing; that it was is in the log. */
static void
test_empty (Fixture *f, gconstpointer data)
{
  add_many (f, 130);
  pull (f, 0);
  g_assert_cmpuint (count_logged (f, "short-list"), ==, 0);
  fault (f, "{\"fault\":\"empty_lists\",\"match\":\"GET /v1/customers\",\"count\":1}");
  pull (f, RT_SYNC_FULL);
  g_assert_cmpuint (count_logged (f, "short-list"), ==, 1);
  g_assert_cmpuint (count_clients (f), ==, 130);
  fault (f, "{\"fault\":\"cut_lists\",\"match\":\"GET /v1/customers\",\"count\":1}");
  pull (f, RT_SYNC_FULL);
  g_assert_cmpuint (count_clients (f), ==, 130);
}

/* A list that repeats itself ends with an error, not never; the next one is well. */
static void
test_stuck (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  add_many (f, 330);
  fault (f, "{\"fault\":\"stuck_lists\",\"match\":\"GET /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PULL, &report, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  clear_faults (f);
  pull (f, RT_SYNC_FULL);
  g_assert_cmpuint (count_clients (f), ==, 330);
}

/* The cursor is gone: that is read again, and not for ever. Meters are read in one window, so it is
 * known which request has a cursor. */
static void
test_cursor_gone (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 230; i++)
    {
      g_autofree char *form
          = g_strdup_printf ("display_name=M&event_name=m%u&default_aggregation[formula]=sum", i);

      json_object_unref (outside (f, "POST", "/v1/billing/meters", form));
    }
  fault (f, "{\"fault\":\"status\",\"status\":400,\"code\":\"resource_missing\",\"skip\":1,"
            "\"count\":1,\"match\":\"GET /v1/billing/meters\"}");
  pull (f, 0);
  g_assert_cmpuint (rt_store_count_objects (f->store, "billing.meter"), ==, 230);
}

/* Prices before their products and products before their prices come to the same. */
static void
test_any_order (Fixture *f, gconstpointer data)
{
  static const char *const texts[]
      = { "{\"id\":\"p\",\"object\":\"product\",\"name\":\"P\",\"active\":true,\"default_price\":"
          "\"b\",\"metadata\":{}}",
          "{\"id\":\"a\",\"object\":\"price\",\"product\":\"p\",\"active\":false,\"unit_amount\":1,"
          "\"unit_amount_decimal\":\"1\",\"currency\":\"usd\",\"type\":\"one_time\"}",
          "{\"id\":\"b\",\"object\":\"price\",\"product\":\"p\",\"active\":true,\"unit_amount\":2,"
          "\"unit_amount_decimal\":\"2\",\"currency\":\"usd\",\"type\":\"one_time\"}" };
  static const guint orders[6][3]
      = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  g_autofree char *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (RtProduct) product = NULL;
      g_autoptr (JsonObject) json = NULL;
      g_autofree char *text = NULL;

      fixture_lose_replica (f);
      for (guint j = 0; j < 3; j++)
        {
          g_autoptr (JsonObject) object = rt_json_parse (texts[orders[i][j]], -1, NULL);

          g_assert_true (rt_store_begin (f->store, NULL));
          g_assert_true (rt_store_end (f->store,
                                       rt_store_put_object (f->store, object, j + 1, 0, NULL),
                                       NULL));
        }
      product = rt_store_find_product (f->store, "p", NULL);
      json = rt_product_to_json (product);
      json_object_remove_member (json, "id");
      text = rt_json_to_text (json);
      if (first == NULL)
        first = g_strdup (text);
      g_assert_cmpstr (text, ==, first);
    }
}

/* Every member of every object as something it never was: nothing breaks, the row stays. */
static void
test_type_swaps (Fixture *f, gconstpointer data)
{
  static const char *const swaps[]
      = { "null", "true", "7", "-1.5e300", "\"x\"", "[]", "[1]", "{}", "{\"a\":null}" };
  static const char *const texts[]
      = { "{\"id\":\"p\",\"object\":\"product\",\"name\":\"P\",\"active\":true,\"default_price\":"
          "\"b\",\"description\":\"d\",\"created\":1,\"metadata\":{\"rtn_v\":\"1\",\"rtn_ref\":"
          "\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"rtn_model\":\"base\"}}",
          "{\"id\":\"b\",\"object\":\"price\",\"product\":\"p\",\"active\":true,\"unit_amount\":2,"
          "\"unit_amount_decimal\":\"2\",\"currency\":\"usd\",\"type\":\"recurring\",\"created\":1,"
          "\"recurring\":{\"interval\":\"month\",\"interval_count\":1},\"tiers\":[{\"up_to\":1}],"
          "\"tax_behavior\":\"exclusive\",\"lookup_key\":\"k\",\"metadata\":{\"rtn_role\":"
          "\"base\"}}",
          "{\"id\":\"c\",\"object\":\"coupon\",\"name\":\"C\",\"percent_off\":5,\"duration\":"
          "\"once\",\"valid\":true,\"times_redeemed\":0,\"created\":1,\"metadata\":{}}",
          "{\"id\":\"u\",\"object\":\"customer\",\"name\":\"U\",\"email\":\"a@b.de\",\"address\":"
          "{\"country\":\"DE\",\"postal_code\":\"1\"},\"description\":\"n\",\"created\":1,"
          "\"metadata\":{\"rtn_archived\":\"1\"}}" };
  gint64 order = 1;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonObject) whole = rt_json_parse (texts[i], -1, NULL);
      g_autoptr (GList) members = json_object_get_members (whole);

      for (GList *link = members; link != NULL; link = link->next)
        for (guint j = 0; j < G_N_ELEMENTS (swaps); j++)
          {
            g_autoptr (JsonObject) object = rt_json_parse (texts[i], -1, NULL);
            g_autofree char *swap = g_strdup_printf ("{\"v\":%s}", swaps[j]);
            g_autoptr (JsonObject) holder = rt_json_parse (swap, -1, NULL);
            g_autofree char *id = g_strdup_printf ("%s%u-%u", (const char *) link->data, i, j);
            g_autoptr (JsonObject) kept = NULL;

            if (g_str_equal (link->data, "id") || g_str_equal (link->data, "object"))
              continue;
            json_object_set_string_member (object, "id", id);
            json_object_set_member (object, link->data,
                                    json_node_copy (json_object_get_member (holder, "v")));
            g_assert_true (rt_store_begin (f->store, NULL));
            g_assert_true (rt_store_end (f->store,
                                         rt_store_put_object (f->store, object, order++, 0, NULL),
                                         NULL));
            if (g_str_equal (link->data, "lookup_key"))
              continue; /* is its handle */
            kept
                = i == 1 ? NULL : rt_store_object (f->store, rt_json_string (object, "object"), id);
            g_assert_true (i == 1 || kept != NULL);
          }
    }
}

/* Nobody invents a time at which an object was updated. */
static void
test_schema (Fixture *f, gconstpointer data)
{
  RtDb *db = rt_store_read (f->store);
  gint64 n_columns = -1;

  g_assert_true (rt_db_get_int (db, &n_columns, NULL,
                                "SELECT count(*) FROM pragma_table_list t JOIN"
                                " pragma_table_info(t.name) c WHERE c.name LIKE '%updated%'",
                                ""));
  rt_store_unread (f->store, db);
  g_assert_cmpint (n_columns, ==, 0);
}

/* After a repair all is read before anything is sent: on a bad line, too, that comes to an end. */
static void
test_repaired (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  g_autoptr (GError) error = NULL;

  add_many (f, 430);
  pull (f, 0);
  g_assert_true (rt_store_rebuild (f->store, NULL));
  fault (f, "{\"fault\":\"status\",\"status\":500,\"count\":1000,\"skip\":4,"
            "\"match\":\"GET /v1/customers\"}");
  g_assert_false (sync_once (f, RT_SYNC_PULL, &report, &error));
  clear_faults (f);
  fixture_reopen (f);
  report = pull (f, 0);
  g_assert_true (report.is_full);
  g_assert_cmpuint (report.n_pulled, <, 430 - 50); /* one page at least was there */
  g_assert_cmpuint (count_clients (f), ==, 430);
}

/* A key that may not read a list, and later may: nothing is missing then. */
static void
test_permitted_later (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  g_autofree char *denial = NULL;
  g_autoptr (GError) error = NULL;

  add_many (f, 130);
  fault (f, "{\"fault\":\"status\",\"status\":403,\"count\":0,\"match\":\"GET /v1/customers\"}");
  g_assert_false (sync_once (f, RT_SYNC_PULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_PERMISSION);
  g_assert_true (rt_pull_is_partial (f->store));
  g_assert_false (rt_pull_is_unlisted (f->store, "product"));
  fixture_reopen (f);
  pull (f, 0);
  g_assert_true (rt_pull_is_unlisted (f->store, "customer"));
  denial = rt_pull_dup_denial (f->store);
  g_assert_cmpstr (denial, ==, error->message);
  g_assert_cmpuint (count_clients (f), ==, 0);
  clear_faults (f);
  pull (f, 0);
  g_assert_false (rt_pull_is_partial (f->store));
  g_assert_null (rt_pull_dup_denial (f->store));
  g_assert_cmpuint (count_clients (f), ==, 130);
}

/* What a list does not show any more is asked for by itself; if the key may not do that, it is
 * asked for later. Found by the simulator. */
static void
test_one_permitted_later (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *stripe_id = rt_store_dup_identity (f->store, "customer", id);
  g_autofree char *path = g_strconcat ("/v1/customers/", stripe_id, NULL);
  g_autofree char *order = g_strdup_printf ("{\"fault\":\"status\",\"status\":403,\"count\":0,"
                                            "\"match\":\"GET %s\"}",
                                            path);
  RtSyncReport report;
  g_autoptr (GError) error = NULL;
  gint64 n_asked;

  pull (f, 0);
  json_object_unref (outside (f, "DELETE", path, NULL));
  rt_clock_advance (f->clock, HOUR);
  fault (f, order);
  g_assert_false (sync_once (f, RT_SYNC_PULL | RT_SYNC_FULL, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_PERMISSION);
  g_assert_true (rt_pull_is_unlisted (f->store, "customer"));
  g_assert_cmpuint (count_clients (f), ==, 1);
  /* What is newer than the list is not asked for by that again and again. */
  n_asked = count_requests (f, "GET /v1/customers/{id}");
  add_many (f, 9);
  for (guint i = 0; i < 5; i++)
    pull (f, 0);
  g_assert_cmpint (count_requests (f, "GET /v1/customers/{id}"), <=, n_asked + 9 + 5);
  clear_faults (f);
  pull (f, 0);
  g_assert_false (rt_pull_is_unlisted (f->store, "customer"));
  g_assert_cmpuint (count_clients (f), ==, 9);
}

/* Asked for, broken off, and left for longer than it can be gone on with: it begins anew. Found by
 * the simulator. */
static void
test_left_alone (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  g_autoptr (GError) error = NULL;

  pull (f, 0);
  add_many (f, 1);
  fault (f, "{\"fault\":\"status\",\"status\":500,\"count\":1000,\"match\":\"GET /v1/customers\"}");
  g_assert_false (sync_once (f, RT_SYNC_PULL | RT_SYNC_FULL, &report, &error));
  clear_faults (f);
  rt_clock_advance (f->clock, 8 * 24 * HOUR);
  g_assert_true (pull (f, 0).is_full);
  g_assert_cmpuint (count_clients (f), ==, 1);
  g_assert_false (pull (f, 0).is_full);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/listing/a12-cursor-gone", test_cursor_gone);
  ADD ("/listing/a12-stuck", test_stuck);
  ADD ("/listing/a14-defaults", test_defaults);
  ADD ("/listing/a17-no-invented-times", test_schema);
  ADD ("/listing/a18-type-swaps", test_type_swaps);
  ADD ("/listing/a19-any-order", test_any_order);
  ADD ("/listing/a20-empty", test_empty);
  ADD ("/listing/a21-killed", test_killed);
  ADD ("/listing/a21-cut", test_cut);
  ADD ("/listing/a21-left-alone", test_left_alone);
  ADD ("/listing/a21-repaired", test_repaired);
  ADD ("/listing/permitted-later", test_permitted_later);
  ADD ("/listing/one-permitted-later", test_one_permitted_later);
  return g_test_run ();
}
