/* Lists, cursors, filters and events. */

#include "practice-fixture.h"

#include <string.h>

#include "rt-json.h"

#define DAY (G_GINT64_CONSTANT (24) * 60 * 60)

/* The ids of a list, separated by spaces, and + if there are more. */
static char *
list (Fixture *f, const char *path)
{
  g_autoptr (Answer) answer = fixture_send (f, "GET", path, NULL, NULL);
  JsonArray *data;
  GString *ids = g_string_new (NULL);

  g_test_message ("%s: %.300s", path, answer->text);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer_string (answer, "object"), ==, "list");
  data = rt_json_array (answer->body, "data");
  for (guint i = 0; i < json_array_get_length (data); i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            rt_json_string (rt_json_element (data, i), "id"));
  if (rt_json_bool (answer->body, "has_more"))
    g_string_append (ids, " +");
  return g_string_free (ids, FALSE);
}

static void
assert_list (Fixture *f, const char *path, const char *expected)
{
  g_autofree char *ids = list (f, path);

  g_assert_cmpstr (ids, ==, expected);
}

static void
make_products (Fixture *f, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *form = g_strdup_printf ("name=x&id=p%u", i);

      json_object_unref (fixture_create (f, "/v1/products", form));
      rt_clock_advance (f->clock, (i % 2) * G_USEC_PER_SEC);
    }
}

/* Two and two share a second: order must be right within it, too. */
static void
test_pages (Fixture *f, gconstpointer data)
{
  g_autofree char *created = NULL;

  make_products (f, 12);
  assert_list (f, "/v1/products", "p11 p10 p9 p8 p7 p6 p5 p4 p3 p2 +");
  assert_list (f, "/v1/products?limit=3", "p11 p10 p9 +");
  assert_list (f, "/v1/products?limit=3&starting_after=p9", "p8 p7 p6 +");
  assert_list (f, "/v1/products?limit=3&starting_after=p3", "p2 p1 p0");
  assert_list (f, "/v1/products?limit=3&starting_after=p0", "");
  assert_list (f, "/v1/products?limit=3&ending_before=p2", "p5 p4 p3 +");
  assert_list (f, "/v1/products?limit=3&ending_before=p8", "p11 p10 p9");
  assert_list (f, "/v1/products?limit=3&ending_before=p11", "");
  created = g_strdup_printf ("/v1/products?created=%" G_GINT64_FORMAT, FIXTURE_NOW + 1);
  assert_list (f, created, "p3 p2");
  g_free (created);
  created = g_strdup_printf ("/v1/products?created[gte]=%" G_GINT64_FORMAT
                             "&created[lt]=%" G_GINT64_FORMAT "&limit=3",
                             FIXTURE_NOW + 1, FIXTURE_NOW + 3);
  assert_list (f, created, "p5 p4 p3 +");
  g_free (created);
  created = g_strdup_printf ("/v1/products?created[gt]=%" G_GINT64_FORMAT
                             "&created[lte]=%" G_GINT64_FORMAT,
                             FIXTURE_NOW + 1, FIXTURE_NOW + 2);
  assert_list (f, created, "p5 p4");
}

static void
test_vanished_cursor (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) deleted = NULL;
  g_autoptr (Answer) answer = NULL;

  make_products (f, 3);
  deleted = fixture_send (f, "DELETE", "/v1/products/p1", NULL, NULL);
  g_assert_cmpuint (deleted->status, ==, 200);
  answer = fixture_send (f, "GET", "/v1/products?starting_after=p1", NULL, NULL);
  assert_refused (answer, 400, "resource_missing", "starting_after");
  assert_list (f, "/v1/products", "p2 p0");
}

/* The same for what else can be deleted, on every list that pages. */
static void
test_deleted_cursors (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = { "/v1/customers", "/v1/coupons" };
  static const char *const forms[] = { "", "percent_off=5" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (JsonObject) made = fixture_create (f, paths[i], forms[i]);
      g_autofree char *path = g_strconcat (paths[i], "/", rt_json_string (made, "id"), NULL);
      g_autofree char *after
          = g_strconcat (paths[i], "?starting_after=", rt_json_string (made, "id"), NULL);
      g_autofree char *before
          = g_strconcat (paths[i], "?ending_before=", rt_json_string (made, "id"), NULL);
      g_autoptr (Answer) deleted = fixture_send (f, "DELETE", path, NULL, NULL);
      g_autoptr (Answer) lost_after = fixture_send (f, "GET", after, NULL, NULL);
      g_autoptr (Answer) lost_before = fixture_send (f, "GET", before, NULL, NULL);

      g_assert_cmpuint (deleted->status, ==, 200);
      assert_refused (lost_after, 400, "resource_missing", "starting_after");
      assert_refused (lost_before, 400, "resource_missing", "ending_before");
    }
}

static void
test_created (Fixture *f, gconstpointer data)
{
  static const char *const paths[]
      = { "/v1/customers", "/v1/coupons", "/v1/products", "/v1/prices", "/v1/events" };
  static const char *const bounds[] = { "gt", "gte", "lt", "lte" };

  json_object_unref (fixture_create (f, "/v1/customers", ""));
  json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=5"));
  json_object_unref (fixture_create (f, "/v1/products", "name=x&id=p"));
  json_object_unref (fixture_create (f, "/v1/prices", "product=p&currency=usd&unit_amount=1"));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    for (guint j = 0; j < G_N_ELEMENTS (bounds); j++)
      {
        g_autofree char *path = g_strdup_printf ("%s?created[%s]=%" G_GINT64_FORMAT, paths[i],
                                                 bounds[j], FIXTURE_NOW);
        g_autofree char *ids = list (f, path);

        /* All were made in this second: only the closed bounds let it in. */
        g_assert_cmpint (*ids != '\0', ==, strlen (bounds[j]) == 3);
      }
}

static void
test_spoiled (Fixture *f, gconstpointer data)
{
  make_products (f, 5);
  fixture_fault (f, "{\"fault\":\"empty_lists\",\"count\":1}");
  json_object_unref (fixture_create (f, "/v1/products/p0", "name=y"));
  assert_list (f, "/v1/products", "");
  assert_list (f, "/v1/products?limit=2", "p4 p3 +");
  fixture_fault (f, "{\"fault\":\"cut_lists\",\"skip\":1,\"count\":1}");
  assert_list (f, "/v1/products?limit=2", "p4 p3 +");
  assert_list (f, "/v1/products?limit=2&starting_after=p3", "p2 p1");
  assert_list (f, "/v1/products?limit=2&starting_after=p3", "p2 p1 +");
  fixture_fault (f, "{\"fault\":\"stuck_lists\",\"match\":\"GET /v1/products\"}");
  assert_list (f, "/v1/products?limit=2", "p4 p3 +");
  assert_list (f, "/v1/products?limit=2&starting_after=p3", "p4 p3 +");
  assert_list (f, "/v1/products?limit=2&ending_before=p3", "p4 p3 +");
  assert_list (f, "/v1/products?limit=9", "p4 p3 p2 p1 p0 +");
  assert_list (f, "/v1/prices", "");
}

static void
test_filters (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autofree char *archive = NULL;

  make_products (f, 3);
  json_object_unref (fixture_create (f, "/v1/products/p1", "active=false"));
  assert_list (f, "/v1/products", "p2 p1 p0");
  assert_list (f, "/v1/products?active=true", "p2 p0");
  assert_list (f, "/v1/products?ids[0]=p2&ids[1]=p1&ids[2]=none", "p2 p1");
  first = fixture_create (f, "/v1/prices", "product=p0&currency=usd&unit_amount=1&lookup_key=a");
  second = fixture_create (f, "/v1/prices",
                           "product=p2&currency=eur&unit_amount=1&recurring[interval]=year");
  assert_list (f, "/v1/prices?product=p0", rt_json_string (first, "id"));
  assert_list (f, "/v1/prices?currency=eur", rt_json_string (second, "id"));
  assert_list (f, "/v1/prices?type=one_time", rt_json_string (first, "id"));
  assert_list (f, "/v1/prices?recurring[interval]=year", rt_json_string (second, "id"));
  assert_list (f, "/v1/prices?recurring[interval]=month", "");
  assert_list (f, "/v1/prices?lookup_keys[]=a", rt_json_string (first, "id"));
  assert_list (f, "/v1/prices?lookup_keys[]=b", "");
  archive = g_strdup_printf ("/v1/prices/%s", rt_json_string (first, "id"));
  json_object_unref (fixture_create (f, archive, "active=false"));
  assert_list (f, "/v1/prices", rt_json_string (second, "id"));
  assert_list (f, "/v1/prices?active=false", rt_json_string (first, "id"));
}

/* The types of the events, newest first. */
static void
assert_events (Fixture *f, const char *query, const char *expected)
{
  g_autofree char *path = g_strconcat ("/v1/events?limit=100", query, NULL);
  g_autoptr (Answer) answer = fixture_send (f, "GET", path, NULL, NULL);
  JsonArray *data = rt_json_array (answer->body, "data");
  g_autoptr (GString) types = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (data); i++)
    g_string_append_printf (types, "%s%s", i > 0 ? " " : "",
                            rt_json_string (rt_json_element (data, i), "type"));
  g_assert_cmpstr (types->str, ==, expected);
}

static void
test_events (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) meter = NULL;
  g_autofree char *path = NULL;
  g_autoptr (Answer) deleted = NULL;

  json_object_unref (fixture_create (f, "/v1/products", "name=x&id=p"));
  json_object_unref (fixture_create (f, "/v1/products/p", "name=y"));
  json_object_unref (fixture_create (f, "/v1/products/p", "name=y"));
  meter = fixture_create (f, "/v1/billing/meters",
                          "display_name=m&event_name=m&default_aggregation[formula]=sum");
  path = g_strdup_printf ("/v1/billing/meters/%s/deactivate", rt_json_string (meter, "id"));
  json_object_unref (fixture_create (f, path, ""));
  json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=5&id=c"));
  deleted = fixture_send (f, "DELETE", "/v1/coupons/c", NULL, NULL);
  assert_events (f, "",
                 "coupon.deleted coupon.created billing.meter.deactivated billing.meter.created "
                 "product.updated product.created");
  assert_events (f, "&type=product.*", "product.updated product.created");
  assert_events (f, "&type=coupon.deleted", "coupon.deleted");
  assert_events (f, "&types[0]=coupon.created&types[1]=product.created",
                 "coupon.created product.created");
  assert_events (f, "&delivery_success=false", "");
}

/* Only type and id of an event are to be believed. */
static void
test_event_shape (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) created = NULL;
  g_autoptr (Answer) answer = NULL;
  JsonObject *event, *object, *request;
  gint64 amount = 0;

  json_object_unref (fixture_create (f, "/v1/products", "name=x&id=p"));
  created = fixture_send (f, "POST", "/v1/prices", "product=p&currency=usd&unit_amount=490",
                          "Idempotency-Key", "k-event", NULL);
  answer = fixture_send (f, "GET", "/v1/events?type=price.created", NULL, NULL);
  event = rt_json_element (rt_json_array (answer->body, "data"), 0);
  object = rt_json_object (rt_json_object (event, "data"), "object");
  request = rt_json_object (event, "request");
  g_assert_cmpstr (rt_json_string (object, "id"), ==, answer_string (created, "id"));
  g_assert_cmpstr (rt_json_string (object, "object"), ==, "price");
  g_assert_true (rt_json_int (object, "unit_amount", &amount));
  g_assert_cmpint (amount, !=, 490);
  g_assert_false (json_object_has_member (object, "unit_amount_decimal"));
  g_assert_cmpstr (rt_json_string (event, "api_version"), ==, "2022-11-15");
  g_assert_cmpstr (rt_json_string (request, "idempotency_key"), ==, "k-event");
  g_assert_cmpstr (rt_json_string (request, "id"), ==, answer_header (created, "request-id"));
}

static void
test_event_retention (Fixture *f, gconstpointer data)
{
  g_autofree char *old = NULL;
  g_autofree char *cursor = NULL;
  g_autoptr (Answer) answer = NULL;

  json_object_unref (fixture_create (f, "/v1/products", "name=x&id=p"));
  old = list (f, "/v1/events");
  rt_clock_advance (f->clock, 20 * DAY * G_USEC_PER_SEC);
  json_object_unref (fixture_create (f, "/v1/products/p", "name=y"));
  rt_clock_advance (f->clock, 10 * DAY * G_USEC_PER_SEC);
  assert_events (f, "", "product.updated product.created");
  rt_clock_advance (f->clock, G_USEC_PER_SEC);
  assert_events (f, "", "product.updated");
  cursor = g_strdup_printf ("/v1/events?ending_before=%s", old);
  answer = fixture_send (f, "GET", cursor, NULL, NULL);
  assert_refused (answer, 404, "resource_missing", "ending_before");
}

/* Within a second events come in any order, but each once, on whatever page. */
static void
test_shuffled_events (Fixture *f, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = g_strdup ("");
  gboolean has_more = TRUE;

  fixture_fault (f, "{\"fault\":\"shuffle\"}");
  for (guint i = 0; i < 25; i++)
    json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=5"));
  while (has_more)
    {
      g_autofree char *path = g_strconcat ("/v1/events?limit=4", cursor, NULL);
      g_autofree char *ids = list (f, path);
      g_auto (GStrv) page = g_strsplit (ids, " ", -1);
      guint n = g_strv_length (page);

      has_more = g_str_equal (page[n - 1], "+");
      for (guint i = 0; i < n - has_more; i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (page[i])));
      g_free (cursor);
      cursor = g_strconcat ("&starting_after=", page[n - 1 - has_more], NULL);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 25);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/lists/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("pages", test_pages);
  ADD ("vanished-cursor", test_vanished_cursor);
  ADD ("deleted-cursors", test_deleted_cursors);
  ADD ("created", test_created);
  ADD ("spoiled", test_spoiled);
  ADD ("filters", test_filters);
  ADD ("events", test_events);
  ADD ("event-shape", test_event_shape);
  ADD ("event-retention", test_event_retention);
  ADD ("shuffled-events", test_shuffled_events);
  return g_test_run ();
}
