/* Clients, whose ids Stripe chooses: sent, read back, and made once whatever happens (API-GUIDE §2,
 * §8, TRAPS B5, B6). */

#include "sync-fixture.h"

#define DAY (24 * HOUR)

static RtClient *
edit (Fixture *f, const char *key, const char *field, const char *text)
{
  g_autoptr (RtDraft) typed = draft (field, text, NULL);
  GError *error = NULL;
  RtClient *client = rt_client_update (f->store, key, typed, &error);

  g_assert_no_error (error);
  return client;
}

static void
archive (Fixture *f, const char *key, gboolean is_archived)
{
  GError *error = NULL;

  rt_client_unref (rt_client_set_archived (f->store, key, is_archived, &error));
  g_assert_no_error (error);
}

static JsonObject *
at_stripe (Fixture *f, const char *key)
{
  g_autoptr (RtClient) client = get_client (f, key);
  g_autofree char *path = g_strconcat ("/v1/customers/", client->stripe_id, NULL);

  return outside (f, "GET", path, NULL);
}

static void
change_outside (Fixture *f, const char *key, const char *body)
{
  g_autoptr (RtClient) client = get_client (f, key);
  g_autofree char *path = g_strconcat ("/v1/customers/", client->stripe_id, NULL);

  json_object_unref (outside (f, "POST", path, body));
}

static void
assert_same_after_loss (Fixture *f, const char *id)
{
  g_autoptr (RtClient) before = get_client (f, id);
  g_autoptr (JsonObject) json = rt_client_to_json (before);
  g_autofree char *text = rt_json_to_text (json);
  g_autoptr (RtClient) after = NULL;
  g_autoptr (JsonObject) json_after = NULL;
  g_autofree char *text_after = NULL;

  fixture_lose_replica (f);
  sync_all (f);
  after = get_client (f, id);
  json_after = rt_client_to_json (after);
  text_after = rt_json_to_text (json_after);
  g_assert_cmpstr (text_after, ==, text);
}

static void
test_story (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Café Müller");
  g_autoptr (RtClient) client = NULL;

  sync_all (f);
  client = get_client (f, id);
  g_assert_cmpint (client->state, ==, RT_STATE_SYNCED);
  g_assert_true (g_str_has_prefix (client->stripe_id, "cus_"));
  assert_same_after_loss (f, id);
  rt_client_unref (edit (f, id, "notes", "One\nTwo"));
  rt_client_unref (edit (f, id, "email", ""));
  archive (f, id, TRUE);
  sync_all (f);
  assert_same_after_loss (f, id);
  archive (f, id, FALSE);
  sync_all (f);
  assert_same_after_loss (f, id);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
  g_assert_cmpuint (sync_all (f).n_pushed, ==, 0);
}

/* What others put into the address and the metadata of our client stays there. */
static void
test_rest_stays (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  g_autoptr (JsonObject) customer = NULL;
  JsonObject *address;

  sync_all (f);
  change_outside (f, id,
                  "address[country]=DE&address[postal_code]=10115&address[line1]=Street 1"
                  "&address[city]=Berlin&metadata[crm]=7&phone=123");
  sync_all (f);
  rt_client_unref (edit (f, id, "postal_code", "10117"));
  rt_client_unref (edit (f, id, "country", ""));
  archive (f, id, TRUE);
  sync_all (f);
  customer = at_stripe (f, id);
  address = rt_json_object (customer, "address");
  g_assert_cmpstr (rt_json_string (address, "postal_code"), ==, "10117");
  g_assert_cmpstr (rt_json_string (address, "line1"), ==, "Street 1");
  g_assert_cmpstr (rt_json_string (address, "city"), ==, "Berlin");
  g_assert_null (rt_json_string (address, "country"));
  g_assert_cmpstr (rt_json_string (rt_json_object (customer, "metadata"), "crm"), ==, "7");
  g_assert_cmpstr (rt_json_string (customer, "phone"), ==, "123");
}

static void
test_no_address_left (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  g_autoptr (JsonObject) customer = NULL;

  sync_all (f);
  rt_client_unref (edit (f, id, "postal_code", ""));
  rt_client_unref (edit (f, id, "country", ""));
  sync_all (f);
  customer = at_stripe (f, id);
  g_assert_true (json_object_get_null_member (customer, "address"));
}

static void
test_outside (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made = outside (f, "POST", "/v1/customers", "email=theirs@example.com");
  const char *stripe_id = rt_json_string (made, "id");
  g_autoptr (RtClient) client = NULL;
  g_autofree char *path = g_strconcat ("/v1/customers/", stripe_id, NULL);
  GError *error = NULL;

  sync_all (f);
  client = get_client (f, "theirs@example.com");
  g_assert_true (client->is_outside);
  g_assert_cmpstr (client->stripe_id, ==, stripe_id);
  json_object_unref (outside (f, "DELETE", path, NULL));
  sync_all (f);
  g_assert_null (rt_store_find_client (f->store, stripe_id, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
}

/* No event reaches back so far: nothing is made before somebody has looked. */
static void
look_and_retry (Fixture *f, const char *id)
{
  gint64 n_before = count_requests (f, "POST /v1/customers");
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  g_assert_true (sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_requests (f, "POST /v1/customers"), ==, n_before);
  change = rt_change_find (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (change->error_code, ==, "outcome_unknown");
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
}

/* Loses every answer to the creation (executed or not) among many others, and waits. */
static void
lose_and_wait (const char *fault_name, gint64 wait, guint n_others)
{
  Fixture f = { 0 };
  g_autofree char *order
      = g_strdup_printf ("{\"fault\":\"%s\",\"match\":\"POST /v1/customers\",\"count\":0}",
                         fault_name);
  g_autofree char *id = NULL;
  g_autoptr (RtClient) client = NULL;
  g_autoptr (GError) error = NULL;
  RtSyncReport report;

  g_test_message ("%s, %d hours, %u others", fault_name, (int) (wait / HOUR), n_others);
  fixture_set_up (&f, NULL);
  id = add_client (&f, "Anna");
  fault (&f, order);
  /* Nothing is read: a list would show it, and with it that nothing is left to do. */
  g_assert_false (sync_once (&f, RT_SYNC_PUSH, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  clear_faults (&f);
  for (guint i = 0; i < n_others; i++)
    json_object_unref (outside (&f, "POST", "/v1/customers", "name=Another"));
  rt_clock_advance (f.clock, wait);
  fixture_reopen (&f);
  rt_client_unref (edit (&f, id, "notes", "Written while nobody knew"));
  if (wait > 30 * DAY && g_str_equal (fault_name, "drop_before"))
    look_and_retry (&f, id);
  sync_all (&f);
  client = get_client (&f, id);
  g_assert_cmpint (client->state, ==, RT_STATE_SYNCED);
  g_assert_cmpstr (client->notes, ==, "Written while nobody knew");
  g_assert_cmpint (count_objects (&f, "customer"), ==, 1 + n_others);
  assert_no_double (&f);
  fixture_tear_down (&f, NULL);
}

static void
test_lost_answer (gconstpointer data)
{
  static const gint64 waits[] = { HOUR, 22 * HOUR, 25 * HOUR, 29 * DAY, 31 * DAY, 400 * DAY };

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    lose_and_wait (data, waits[i], 0);
  lose_and_wait (data, 25 * HOUR, 130);
  lose_and_wait (data, 31 * DAY, 130);
}

/* A creation that was executed and whose answer got lost, a day ago. */
static char *
lose_answer (Fixture *f)
{
  char *id = add_client (f, "Anna");
  RtSyncReport report;
  g_autoptr (GError) error = NULL;

  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  clear_faults (f);
  rt_clock_advance (f->clock, 25 * HOUR);
  return id;
}

static char *
only_path (Fixture *f)
{
  g_autoptr (JsonObject) list = outside (f, "GET", "/v1/customers", NULL);
  JsonArray *customers = rt_json_array (list, "data");

  g_assert_cmpuint (json_array_get_length (customers), ==, 1);
  return g_strconcat ("/v1/customers/", rt_json_string (rt_json_element (customers, 0), "id"),
                      NULL);
}

/* Deleted by somebody before we ask: it was done, and is gone. */
static void
test_deleted_meanwhile (Fixture *f, gconstpointer data)
{
  g_autofree char *id = lose_answer (f);
  g_autofree char *path = only_path (f);

  json_object_unref (outside (f, "DELETE", path, NULL));
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 0);
  g_assert_null (rt_store_find_client (f->store, id, NULL));
  g_assert_cmpuint (count_changes (f), ==, 0);
}

/* Somebody emptied its metadata before we ask: the event still tells that it is the one. */
static void
test_disowned_meanwhile (Fixture *f, gconstpointer data)
{
  g_autofree char *id = lose_answer (f);
  g_autofree char *path = only_path (f);
  g_autoptr (RtClient) client = NULL;

  json_object_unref (outside (f, "POST", path, "metadata="));
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
  client = get_client (f, "Anna");
  g_assert_true (client->is_outside);
}

/* The same, so long ago that no event tells of it: a person decides, and nothing is made twice. */
static void
test_no_evidence (Fixture *f, gconstpointer data)
{
  g_autofree char *id = lose_answer (f);
  g_autofree char *path = only_path (f);
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  json_object_unref (outside (f, "POST", path, "metadata="));
  rt_clock_advance (f->clock, 30 * DAY);
  g_assert_true (sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_code, ==, "outcome_unknown");
  g_test_message ("somebody looked, and it is not there");
  json_object_unref (outside (f, "DELETE", path, NULL));
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* A key that may not read while we look leaves the question open, and nothing is made twice. */
static void
test_undecided (Fixture *f, gconstpointer data)
{
  g_autofree char *id = lose_answer (f);
  g_autoptr (RtClient) client = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"drop_before\",\"match\":\"GET /v1/events\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
  sync_all (f);
  client = get_client (f, id);
  g_assert_cmpint (client->state, ==, RT_STATE_SYNCED);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* Updates set the same values again, however late. */
static void
test_lost_update (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  g_autoptr (RtClient) client = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  rt_client_unref (edit (f, id, "country", "AT"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  rt_clock_advance (f->clock, 31 * DAY);
  sync_all (f);
  client = get_client (f, id);
  g_assert_cmpstr (client->country, ==, "AT");
  g_assert_cmpint (client->state, ==, RT_STATE_SYNCED);
}

static char *
dup_key (Fixture *f)
{
  g_autoptr (RtChange) change = only_change (f);

  return g_strdup (((RtRequest *) g_ptr_array_index (change->requests, 0))->idempotency_key);
}

static void
push_in_vain (Fixture *f)
{
  RtSyncReport report;
  g_autoptr (GError) error = NULL;

  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
}

/* An attempt that was given up may still arrive: whatever later attempts are answered, there is no
 * new key until it cannot any more. Found by the simulator. */
static void
test_stray (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  g_autofree char *lost_key = NULL;
  g_autofree char *later_key = NULL;
  g_autofree char *new_key = NULL;

  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  push_in_vain (f);
  lost_key = dup_key (f);
  clear_faults (f);
  fault (f, "{\"fault\":\"status\",\"status\":500,\"should_retry\":false,"
            "\"match\":\"POST /v1/customers\",\"count\":0}");
  for (guint i = 0; i < 5; i++)
    push_in_vain (f);
  later_key = dup_key (f);
  g_assert_cmpstr (later_key, ==, lost_key);
  rt_clock_advance (f->clock, HOUR);
  push_in_vain (f);
  new_key = dup_key (f);
  g_assert_cmpstr (new_key, !=, lost_key);
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* The clock was a day ahead when the answer was lost, and is right again: what was created is
 * found, and nothing waits until the clock is there once more. */
static void
test_clock_put_back (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_client (f, "Anna"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  push_in_vain (f);
  clear_faults (f);
  rt_clock_advance (f->clock, -DAY);
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pending, ==, 0);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* The same, and it was never executed: as far as anybody knows it was lost just now, so it may
 * still arrive for ten minutes, not for a day. */
static void
test_clock_put_back_unsent (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;
  gint64 n_sent;

  g_free (add_client (f, "Anna"));
  fault (f, "{\"fault\":\"drop_before\",\"match\":\"POST /v1/customers\",\"count\":0}");
  push_in_vain (f);
  clear_faults (f);
  n_sent = count_requests (f, "POST /v1/customers");
  rt_clock_advance (f->clock, -DAY);
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpint (count_requests (f, "POST /v1/customers"), ==, n_sent);
  rt_clock_advance (f->clock, HOUR / 5);
  sync_all (f);
  g_assert_cmpint (count_requests (f, "POST /v1/customers"), ==, n_sent + 1);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* The clock was set back 20 hours after the answer was lost: by it the idempotency key still lives,
 * by Stripe's it is dead, and sent once more it would make a second client. */
static void
test_clock_slow (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;
  gint64 n_sent;

  g_free (add_client (f, "Anna"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  push_in_vain (f);
  clear_faults (f);
  n_sent = count_requests (f, "POST /v1/customers");
  rt_clock_advance (f->clock, 5 * HOUR);
  fault (f, "{\"fault\":\"skew\",\"seconds\":72000,\"match\":\"\",\"count\":0}");
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pending, ==, 0);
  g_assert_cmpint (count_requests (f, "POST /v1/customers"), ==, n_sent);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* A key that may not read events is a key one can work with: the other question decides. */
static void
test_no_events (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (lose_answer (f));
  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/events\",\"count\":0}");
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pending, ==, 0);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* Stripe refuses to be asked: that is no "no". */
static void
test_refused_questions (Fixture *f, gconstpointer data)
{
  g_free (lose_answer (f));
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"GET /v1/events\",\"count\":0}");
  fault (f, "{\"fault\":\"status\",\"status\":400,\"match\":\"GET /v1/customers\",\"count\":0}");
  for (guint i = 0; i < 3; i++)
    {
      RtSyncReport report;
      g_autoptr (GError) error = NULL;

      g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error));
      g_assert_cmpuint (report.n_pending, ==, 1);
      g_assert_cmpint (count_objects (f, "customer"), ==, 1);
    }
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* An event tells that it was created, but the key may not read what: no other question is asked. */
static void
test_no_customers (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (lose_answer (f));
  fault (f, "{\"fault\":\"status\",\"status\":403,\"match\":\"GET /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH | RT_SYNC_NOW, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_PERMISSION);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpint (count_requests (f, "GET /v1/customers"), ==, 0);
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

/* Our rules are Stripe's, but Stripe has the last word, at the field it is about. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_client (f, "Anna");
  g_autoptr (RtChange) change = NULL;
  RtSyncReport report;
  GError *error = NULL;

  fault (f, "{\"fault\":\"status\",\"status\":400,\"code\":\"email_invalid\",\"param\":\"email\","
            "\"match\":\"POST /v1/customers\",\"count\":1}");
  sync_once (f, RT_SYNC_PUSH, &report, &error);
  g_assert_no_error (error);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_field, ==, "email");
  rt_client_unref (edit (f, id, "email", "bea@example.com"));
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/clients/story", test_story);
  ADD ("/clients/rest-stays", test_rest_stays);
  ADD ("/clients/no-address-left", test_no_address_left);
  ADD ("/clients/outside", test_outside);
  g_test_add_data_func ("/clients/lost/executed", "drop_after", test_lost_answer);
  g_test_add_data_func ("/clients/lost/not-executed", "drop_before", test_lost_answer);
  ADD ("/clients/lost/deleted-meanwhile", test_deleted_meanwhile);
  ADD ("/clients/lost/disowned-meanwhile", test_disowned_meanwhile);
  ADD ("/clients/lost/no-evidence", test_no_evidence);
  ADD ("/clients/lost/undecided", test_undecided);
  ADD ("/clients/lost/update", test_lost_update);
  ADD ("/clients/b6-stray-attempt", test_stray);
  ADD ("/clients/b5-clock-put-back", test_clock_put_back);
  ADD ("/clients/b5-c4-clock-slow", test_clock_slow);
  ADD ("/clients/b5-no-events", test_no_events);
  ADD ("/clients/b5-clock-put-back-unsent", test_clock_put_back_unsent);
  ADD ("/clients/lost/refused-questions", test_refused_questions);
  ADD ("/clients/lost/no-customers", test_no_customers);
  ADD ("/clients/refused", test_refused);
  return g_test_run ();
}
