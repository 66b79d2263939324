/* What somebody else does in the Dashboard. */

#include "practice-fixture.h"

#include "rt-json.h"

#define EDIT "/_practice/edit"

/* The newest event. */
static JsonObject *
newest_event (Fixture *f)
{
  g_autoptr (Answer) answer = fixture_send (f, "GET", "/v1/events?limit=1", NULL, NULL);

  return json_object_ref (rt_json_element (rt_json_array (answer->body, "data"), 0));
}

static void
assert_told (Fixture *f, const char *type)
{
  g_autoptr (JsonObject) event = newest_event (f);
  JsonObject *request = rt_json_object (event, "request");

  g_assert_cmpstr (rt_json_string (event, "type"), ==, type);
  g_assert_true (json_object_get_null_member (request, "id"));
  g_assert_true (json_object_get_null_member (request, "idempotency_key"));
}

static void
test_life (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *made = rt_practice_edit (f->practice, "product", NULL, "name=A&id=p", &error);
  g_autofree char *changed = NULL;
  g_autofree char *deleted = NULL;
  g_autoptr (Answer) read = NULL;
  g_autoptr (Answer) state = NULL;
  gint64 n = -1;

  g_assert_no_error (error);
  g_assert_nonnull (made);
  assert_told (f, "product.created");
  changed = rt_practice_edit (f->practice, "product", "p", "name=B", &error);
  g_assert_no_error (error);
  assert_told (f, "product.updated");
  read = fixture_send (f, "GET", "/v1/products/p", NULL, NULL);
  g_assert_cmpstr (read->text, ==, changed);
  deleted = rt_practice_edit (f->practice, "product", "p", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (deleted, ==, "{\"id\":\"p\",\"object\":\"product\",\"deleted\":true}");
  assert_told (f, "product.deleted");
  state = fixture_send (f, "GET", "/_practice/state", NULL, NULL);
  g_assert_true (rt_json_int (state->body, "unkeyed", &n));
  g_assert_cmpint (n, ==, 0);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *object, *id, *parameters;
  } cases[] = {
    { "moon", NULL, "name=x" },  { "product", "none", "name=x" }, { "product", NULL, "color=x" },
    { "product", "none", NULL }, { "event", "evt_1", "type=x" },  { "price", "price_1", NULL },
    { "product", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (rt_practice_edit (f->practice, cases[i].object, cases[i].id,
                                       cases[i].parameters, &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (error);
    }
  g_assert_cmpuint (rt_practice_count (f->practice, "event"), ==, 0);
}

static void
test_meter_action (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) meter
      = fixture_create (f, "/v1/billing/meters",
                        "display_name=m&event_name=m&default_aggregation[formula]=sum");
  g_autofree char *id = g_strconcat (rt_json_string (meter, "id"), "/deactivate", NULL);
  g_autofree char *done = rt_practice_edit (f->practice, "billing.meter", id, "", NULL);

  g_assert_nonnull (done);
  assert_told (f, "billing.meter.deactivated");
}

/* Faults of the line do not concern the Dashboard and are not used up; those of events do. */
static void
test_faults (Fixture *f, gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autoptr (Answer) refused = NULL;

  fixture_fault (f, "{\"fault\":\"status\",\"status\":500,\"count\":1}");
  fixture_fault (f, "{\"fault\":\"duplicate_events\",\"match\":\"DASHBOARD\",\"count\":1}");
  made = rt_practice_edit (f->practice, "customer", NULL, "name=A", NULL);
  g_assert_nonnull (made);
  g_assert_cmpuint (rt_practice_count (f->practice, "event"), ==, 2);
  refused = fixture_send (f, "GET", "/v1/balance", NULL, NULL);
  g_assert_cmpuint (refused->status, ==, 500);
}

static void
test_endpoint (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = {
    "{}",
    "{\"object\":\"coupon\"}",
    "{\"object\":\"coupon\",\"id\":\"c\"}",
    "{\"object\":\"coupon\",\"delete\":true}",
    "{\"object\":\"coupon\",\"id\":\"c\",\"delete\":true,\"parameters\":\"name=x\"}",
    "{\"object\":\"coupon\",\"id\":\"none\",\"parameters\":\"name=x\"}",
  };
  g_autoptr (Answer) made
      = fixture_send (f, "POST", EDIT,
                      "{\"object\":\"coupon\",\"parameters\":\"id=c&percent_off=5\"}", NULL);
  g_autoptr (Answer) deleted = NULL;

  g_assert_cmpstr (answer_string (made, "id"), ==, "c");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (Answer) answer = fixture_send (f, "POST", EDIT, bad[i], NULL);

      g_test_message ("%s: %s", bad[i], answer->text);
      g_assert_cmpuint (answer->status, ==, 400);
    }
  deleted = fixture_send (f, "POST", EDIT, "{\"object\":\"coupon\",\"id\":\"c\",\"delete\":true}",
                          NULL);
  g_assert_true (rt_json_bool (deleted->body, "deleted"));
  g_assert_cmpuint (rt_practice_count (f->practice, "coupon"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/edit/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("life", test_life);
  ADD ("refused", test_refused);
  ADD ("meter-action", test_meter_action);
  ADD ("faults", test_faults);
  ADD ("endpoint", test_endpoint);
  return g_test_run ();
}
