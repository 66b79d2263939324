/* Events in their hard form: late, told twice, of unknown types, without an object's id. */

#include "practice-fixture.h"

#include <string.h>

#include "rt-json.h"

#define DAY (G_GINT64_CONSTANT (24) * 60 * 60)

/* The events of a list, newest first; json_array_unref() when done. */
static JsonArray *
events (Fixture *f, const char *query)
{
  g_autofree char *path = g_strconcat ("/v1/events?limit=100", query, NULL);
  g_autoptr (Answer) answer = fixture_send (f, "GET", path, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return json_array_ref (rt_json_array (answer->body, "data"));
}

static guint
n_events (Fixture *f, const char *query)
{
  g_autoptr (JsonArray) list = events (f, query);

  return json_array_get_length (list);
}

static void
make_coupons (Fixture *f, guint n)
{
  for (guint i = 0; i < n; i++)
    json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=5"));
}

static char *
insert (Fixture *f, const char *json)
{
  g_autoptr (JsonObject) order = rt_json_parse (json, -1, NULL);
  g_autoptr (GError) error = NULL;
  char *id = rt_practice_add_event (f->practice, order, &error);

  g_assert_no_error (error);
  return id;
}

/* Each appears in its own time, in its old place: a cursor that has passed it never meets it. */
static void
test_late (Fixture *f, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autofree char *newer = NULL;
  g_autoptr (JsonArray) first = NULL;

  make_coupons (f, 1);
  first = events (f, "");
  id = g_strdup (rt_json_string (rt_json_element (first, 0), "id"));
  newer = g_strconcat ("&ending_before=", id, NULL);
  fixture_fault (f, "{\"fault\":\"late_events\",\"seconds\":600}");
  make_coupons (f, 20);
  g_assert_cmpuint (n_events (f, ""), ==, 1);
  rt_clock_advance (f->clock, 300 * G_USEC_PER_SEC);
  g_assert_cmpuint (n_events (f, newer), >, 0);
  g_assert_cmpuint (n_events (f, newer), <, 20);
  rt_clock_advance (f->clock, 300 * G_USEC_PER_SEC);
  g_assert_cmpuint (n_events (f, newer), ==, 20);
  g_clear_pointer (&first, json_array_unref);
  first = events (f, "");
  for (guint i = 0; i < 21; i++)
    {
      gint64 created = 0;

      g_assert_true (rt_json_int (rt_json_element (first, i), "created", &created));
      g_assert_cmpint (created, ==, FIXTURE_NOW);
    }
}

static void
test_late_share (Fixture *f, gconstpointer data)
{
  rt_practice_set_seed (f->practice, 1);
  fixture_fault (f, "{\"fault\":\"late_events\",\"share\":300,\"seconds\":5}");
  make_coupons (f, 90);
  g_assert_cmpuint (n_events (f, ""), >, 40);
  g_assert_cmpuint (n_events (f, ""), <, 80);
  rt_clock_advance (f->clock, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (n_events (f, ""), ==, 90);
}

/* What is not there yet cannot be asked for; a restart does not bring it forward. */
static void
test_late_is_hidden (Fixture *f, gconstpointer data)
{
  g_autofree char *id = insert (f, "{\"type\":\"x.y\",\"late\":10}");
  g_autofree char *path = g_strconcat ("/v1/events/", id, NULL);
  g_autofree char *cursor = g_strconcat ("/v1/events?starting_after=", id, NULL);
  g_autoptr (Answer) early = fixture_send (f, "GET", path, NULL, NULL);
  g_autoptr (Answer) early_cursor = fixture_send (f, "GET", cursor, NULL, NULL);
  g_autoptr (Answer) restarted = NULL;
  g_autoptr (Answer) later = NULL;

  assert_refused (early, 404, "resource_missing", "id");
  assert_refused (early_cursor, 404, "resource_missing", "starting_after");
  fixture_restart (f);
  restarted = fixture_send (f, "GET", path, NULL, NULL);
  g_assert_cmpuint (restarted->status, ==, 404);
  rt_clock_advance (f->clock, 10 * G_USEC_PER_SEC);
  later = fixture_send (f, "GET", path, NULL, NULL);
  g_assert_cmpuint (later->status, ==, 200);
}

static void
test_duplicates (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonArray) list = NULL;
  JsonObject *one, *other;
  g_autofree char *one_data = NULL;
  g_autofree char *other_data = NULL;

  fixture_fault (f, "{\"fault\":\"duplicate_events\",\"match\":\"POST\",\"count\":1}");
  make_coupons (f, 1);
  list = events (f, "");
  g_assert_cmpuint (json_array_get_length (list), ==, 2);
  one = rt_json_element (list, 0);
  other = rt_json_element (list, 1);
  one_data = rt_json_to_text (rt_json_object (one, "data"));
  other_data = rt_json_to_text (rt_json_object (other, "data"));
  g_assert_cmpstr (rt_json_string (one, "id"), !=, rt_json_string (other, "id"));
  g_assert_cmpstr (one_data, ==, other_data);
  make_coupons (f, 1);
  g_assert_cmpuint (n_events (f, ""), ==, 3);
}

static void
test_strange (Fixture *f, gconstpointer data)
{
  g_autofree char *upcoming
      = insert (f, "{\"type\":\"invoice.upcoming\",\"object\":{\"object\":\"invoice\"}}");
  g_autofree char *unknown = insert (f, "{\"type\":\"moon.phase_changed\",\"object\":{\"id\":7},"
                                        "\"previous_attributes\":{\"phase\":\"new\"}}");
  g_autofree char *old = insert (f, "{\"type\":\"charge.failed\",\"created\":1794999000}");
  g_autoptr (JsonArray) list = events (f, "");
  g_autoptr (JsonArray) some = events (f, "&types[0]=moon.phase_changed&types[1]=charge.failed");
  JsonObject *newest = rt_json_element (list, 0), *told = rt_json_object (newest, "data");

  g_assert_cmpuint (json_array_get_length (list), ==, 3);
  g_assert_cmpstr (rt_json_string (newest, "id"), ==, unknown);
  g_assert_nonnull (rt_json_object (told, "previous_attributes"));
  g_assert_true (json_object_get_null_member (rt_json_object (newest, "request"), "id"));
  g_assert_cmpstr (rt_json_string (rt_json_element (list, 1), "id"), ==, upcoming);
  g_assert_cmpstr (rt_json_string (rt_json_element (list, 2), "id"), ==, old);
  g_assert_cmpuint (json_array_get_length (some), ==, 2);
  g_assert_cmpuint (n_events (f, "&type=moon.*"), ==, 1);
  g_assert_cmpuint (n_events (f, "&type=invoice.*"), ==, 1);
  g_assert_cmpuint (n_events (f, "&created[lt]=1794999001"), ==, 1);
}

static void
test_strange_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) refused = fixture_send (f, "POST", "/_practice/events", "{}", NULL);
  g_autoptr (Answer) taken
      = fixture_send (f, "POST", "/_practice/events", "{\"type\":\"a.b\"}", NULL);

  g_assert_cmpuint (refused->status, ==, 400);
  g_assert_cmpuint (taken->status, ==, 200);
  g_assert_true (g_str_has_prefix (answer_string (taken, "id"), "evt_"));
}

/* After 30 days an event is gone, as an object and as a cursor. */
static void
test_gone (Fixture *f, gconstpointer data)
{
  g_autofree char *id = insert (f, "{\"type\":\"x.y\"}");
  g_autofree char *path = g_strconcat ("/v1/events/", id, NULL);
  g_autofree char *cursor = g_strconcat ("/v1/events?starting_after=", id, NULL);
  g_autoptr (Answer) still = NULL;
  g_autoptr (Answer) gone = NULL;
  g_autoptr (Answer) gone_cursor = NULL;

  rt_clock_advance (f->clock, 30 * DAY * G_USEC_PER_SEC);
  still = fixture_send (f, "GET", path, NULL, NULL);
  g_assert_cmpuint (still->status, ==, 200);
  rt_clock_advance (f->clock, G_USEC_PER_SEC);
  gone = fixture_send (f, "GET", path, NULL, NULL);
  assert_refused (gone, 404, "resource_missing", "id");
  gone_cursor = fixture_send (f, "GET", cursor, NULL, NULL);
  assert_refused (gone_cursor, 404, "resource_missing", "starting_after");
  g_assert_cmpuint (n_events (f, ""), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/events/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("late", test_late);
  ADD ("late-share", test_late_share);
  ADD ("duplicates", test_duplicates);
  ADD ("strange", test_strange);
  ADD ("strange-refused", test_strange_refused);
  ADD ("gone", test_gone);
  g_test_add ("/practice/events/late-is-hidden", Fixture, NULL, fixture_set_up_on_disk,
              test_late_is_hidden, fixture_tear_down);
  return g_test_run ();
}
