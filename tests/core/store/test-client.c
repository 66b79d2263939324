/* Clients in the replica: actions, the view, the queue. Without Stripe: it answers by hand. */

#include "rt-change.h"
#include "rt-client-actions.h"
#include "rt-queue-send.h"
#include "rt-store-private.h"
#include "rt-queue.h"
#include "rt-store-object.h"
#include "store-fixture.h"

static RtClient *
add (Fixture *f, const char *name, const char *email)
{
  g_autoptr (RtDraft) typed = draft ("name", name, "email", email, NULL);
  GError *error = NULL;
  RtClient *client = rt_client_create (f->store, typed, &error);

  g_assert_no_error (error);
  return client;
}

static RtClient *
find (Fixture *f, const char *key)
{
  GError *error = NULL;
  RtClient *client = rt_store_find_client (f->store, key, &error);

  g_assert_no_error (error);
  return client;
}

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
  g_autoptr (RtClient) client = rt_client_set_archived (f->store, key, is_archived, &error);

  g_assert_no_error (error);
  g_assert_true (client->is_archived == is_archived);
}

static guint
count (Fixture *f, const char *search, gboolean archived)
{
  const RtFilter filter = { .search = search, .archived = archived };
  GError *error = NULL;
  g_autoptr (GArray) rows = rt_store_client_rows (f->store, &filter, &error);

  g_assert_no_error (error);
  return rows->len;
}

static gint64
get_order (Fixture *f)
{
  gint64 order = 0;

  g_assert_true (rt_store_get_order (f->store, &order, NULL));
  return order;
}

/* What is to be read again is as it was. */
static void
review (Fixture *f, RtRequest *request)
{
  RtRead *read = g_ptr_array_index (request->reads, 0);
  g_autoptr (JsonObject) object = rt_store_object (f->store, read->object, read->id);
  g_autoptr (GPtrArray) answers = g_ptr_array_new ();
  RtSettlement settlement = { object, NULL, get_order (f) + 1, TRUE };
  GError *error = NULL;

  g_assert_nonnull (object);
  g_ptr_array_add (answers, &settlement);
  g_assert_true (rt_queue_settle_review (f->store, request, answers, &error));
  g_assert_no_error (error);
}

/* What is to be written next, after all that is to be read again. */
static RtRequest *
claim_write (Fixture *f)
{
  RtRequest *request = claim (f);

  if (request == NULL || request->reads == NULL)
    return request;
  review (f, request);
  rt_request_free (request);
  return claim_write (f);
}

/* What Stripe would say to it. */
static void
answer (Fixture *f, const RtRequest *request, const char *json)
{
  g_autoptr (JsonObject) object = rt_json_parse (json, -1, NULL);
  GError *error = NULL;

  g_assert_nonnull (object);
  g_assert_true (rt_queue_settle_done (f->store, request,
                                       &(RtSettlement){ object, "req_1", get_order (f) + 1, TRUE },
                                       &error));
  g_assert_no_error (error);
}

/* Sends the creation that waits; Stripe chooses the id. */
static void
send_creation (Fixture *f, const RtClient *client)
{
  g_autoptr (RtRequest) request = claim_write (f);
  g_autofree char *json = g_strdup_printf (
      "{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"%s\",\"email\":\"a@b.de\","
      "\"created\":9,\"metadata\":{\"rtn_v\":\"1\",\"rtn_ref\":\"%s\"}}",
      client->name, client->id);

  g_assert_cmpstr (request->path, ==, "/v1/customers");
  g_assert_cmpstr (request->reference, ==, client->id);
  answer (f, request, json);
}

static void
test_identity (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b.de");
  g_autoptr (RtClient) sent = NULL;
  g_autoptr (RtClient) by_stripe_id = NULL;

  g_assert_null (client->stripe_id);
  g_assert_cmpint (client->state, ==, RT_STATE_QUEUED);
  send_creation (f, client);
  sent = find (f, client->id);
  g_assert_cmpstr (sent->stripe_id, ==, "cus_1");
  g_assert_cmpint (sent->state, ==, RT_STATE_SYNCED);
  g_assert_cmpint (sent->created_at, ==, 9);
  g_assert_cmpuint (count (f, NULL, FALSE), ==, 1);
  by_stripe_id = find (f, "cus_1");
  g_assert_cmpstr (by_stripe_id->id, ==, client->id);
}

static void
test_fold (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b.de");
  g_autoptr (RtClient) edited = edit (f, "Anna", "name", "Bea");
  g_autoptr (RtRequest) request = NULL;

  rt_client_unref (edit (f, "Bea", "country", "at"));
  g_assert_cmpuint (count_changes (f), ==, 1);
  request = claim_write (f);
  g_assert_true (
      g_str_has_prefix (request->body, "name=Bea&email=a%40b.de&address[country]=AT&metadata"));
}

/* What is edited while the creation is on its way goes to the id that Stripe chooses. */
static void
test_edit_while_sending (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b.de");
  g_autoptr (RtRequest) creation = claim_write (f);
  g_autoptr (RtClient) edited = edit (f, client->id, "notes", "Calls back");
  g_autoptr (RtClient) renamed = edit (f, client->id, "name", "Bea");
  g_autoptr (RtRequest) none = claim_write (f);
  g_autoptr (RtRequest) update = NULL;
  g_autofree char *json
      = g_strdup_printf ("{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"Anna\",\"email\":"
                         "\"a@b.de\",\"metadata\":{\"rtn_v\":\"1\",\"rtn_ref\":\"%s\"}}",
                         client->id);

  g_assert_null (none);
  g_assert_cmpuint (count_changes (f), ==, 2);
  answer (f, creation, json);
  update = claim_write (f);
  g_assert_cmpstr (update->path, ==, "/v1/customers/cus_1");
  g_assert_cmpstr (update->body, ==, "name=Bea&description=Calls%20back");
  g_assert_cmpstr (update->handle, ==, "cus_1");
}

/* What was read again before a sync was broken off is old by the next one (TRAPS B13). */
static void
test_read_too_long_ago (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", NULL);
  g_autoptr (RtRequest) creation = claim_write (f);
  g_autofree char *json
      = g_strdup_printf ("{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"Anna\","
                         "\"metadata\":{\"rtn_v\":\"1\",\"rtn_ref\":\"%s\"}}",
                         client->id);
  g_autoptr (RtClient) edited = NULL;

  answer (f, creation, json);
  edited = edit (f, client->id, "name", "Bea");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (RtRequest) request = NULL;
      gint64 due_at;
      GError *error = NULL;

      g_assert_true (rt_queue_recover (f->store, &error));
      g_assert_true (rt_queue_claim (f->store, &request, &due_at, &error));
      g_assert_no_error (error);
      g_assert_nonnull (request->reads);
      review (f, request);
    }
}

/* As with products: it can be restored, so its draft is not thrown away. */
static void
test_archive_queued (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", NULL);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (RtRequest) request = NULL;
  g_autofree char *title = NULL;

  archive (f, client->id, TRUE);
  g_assert_cmpuint (count (f, NULL, FALSE), ==, 0);
  g_assert_cmpuint (count (f, NULL, TRUE), ==, 1);
  g_assert_cmpuint (count_changes (f), ==, 1);
  archive (f, client->id, FALSE);
  archive (f, client->id, TRUE);
  change = rt_change_find (f->store, client->id, NULL);
  title = rt_change_dup_title (change);
  g_assert_cmpstr (title, ==, "Create client “Anna”");
  g_assert_cmpuint (change->requests->len, ==, 1);
  request = claim_write (f);
  g_assert_true (g_str_has_suffix (request->body, "&metadata[rtn_archived]=1"));
}

static void
test_archive_and_restore (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b.de");
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtRequest) back = NULL;
  g_autoptr (RtClient) archived = NULL;
  g_autofree char *json
      = g_strdup_printf ("{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"Anna\",\"email\":"
                         "\"a@b.de\",\"metadata\":{\"rtn_v\":\"1\",\"rtn_ref\":\"%s\","
                         "\"rtn_archived\":\"1\"}}",
                         client->id);

  send_creation (f, client);
  archive (f, "Anna", TRUE);
  archive (f, "Anna", FALSE);
  g_assert_cmpuint (count_changes (f), ==, 0);
  archive (f, "Anna", TRUE);
  request = claim_write (f);
  g_assert_cmpstr (request->body, ==, "metadata[rtn_archived]=1");
  answer (f, request, json);
  archived = find (f, client->id);
  g_assert_cmpint (archived->state, ==, RT_STATE_ARCHIVED);
  g_assert_cmpuint (count (f, NULL, TRUE), ==, 1);
  archive (f, client->id, FALSE);
  back = claim_write (f);
  g_assert_cmpstr (back->body, ==, "metadata[rtn_archived]=");
}

static void
test_titles (Fixture *f, gconstpointer data)
{
  static const char *const titles[][2] = {
    { "name", "Change client “Bea”" },
    { "archived", "Archive client “Bea”" },
  };
  g_autoptr (RtClient) client = add (f, "Anna", "a@b.de");

  send_creation (f, client);
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (RtChange) change = NULL;
      g_autoptr (JsonObject) json = NULL;

      if (i == 0)
        rt_client_unref (edit (f, client->id, "name", "Bea"));
      else
        archive (f, client->id, TRUE);
      change = rt_change_find (f->store, client->id, NULL);
      json = rt_change_to_json (change);
      g_assert_cmpstr (rt_json_string (json, "title"), ==, titles[i][1]);
      g_assert_cmpstr (rt_json_string (json, "object"), ==, "client");
      g_assert_cmpstr (rt_json_string (json, "object_id"), ==, client->id);
    }
}

static void
test_search (Fixture *f, gconstpointer data)
{
  rt_client_unref (add (f, "Müller & Söhne", "office@mueller.example"));
  rt_client_unref (add (f, "Anna", "anna.s@example.com"));
  rt_client_unref (add (f, "Nobody", NULL));
  g_assert_cmpuint (count (f, NULL, FALSE), ==, 3);
  g_assert_cmpuint (count (f, "mull", FALSE), ==, 1);
  g_assert_cmpuint (count (f, "sohne mu", FALSE), ==, 1);
  g_assert_cmpuint (count (f, "office@mue", FALSE), ==, 1);
  g_assert_cmpuint (count (f, "ANNA.S@EXAMPLE.COM", FALSE), ==, 1);
  g_assert_cmpuint (count (f, "example", FALSE), ==, 2);
  rt_client_unref (edit (f, "Anna", "email", ""));
  g_assert_cmpuint (count (f, "example", FALSE), ==, 1);
  g_assert_cmpuint (count (f, "\" OR name:*", FALSE), ==, 0);
}

/* Those that others made are shown, and never changed. */
static void
test_outside (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) object = rt_json_parse (
      "{\"id\":\"cus_9\",\"object\":\"customer\",\"name\":\"Theirs\",\"metadata\":{}}", -1, NULL);
  g_autoptr (RtDraft) typed = draft ("name", "Ours", NULL);
  g_autoptr (RtClient) client = NULL;
  GError *error = NULL;

  g_assert_true (rt_store_begin (f->store, NULL));
  g_assert_true (rt_store_put_object (f->store, object, 1, 1, &error));
  g_assert_true (rt_store_end (f->store, TRUE, &error));
  client = find (f, "cus_9");
  g_assert_true (client->is_outside);
  g_assert_null (rt_client_update (f->store, "cus_9", typed, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_null (rt_client_set_archived (f->store, "cus_9", TRUE, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_cmpuint (count_changes (f), ==, 0);
}

/* Deleted in Stripe's Dashboard: gone here, unless an edit waits, which a person must see. */
static void
test_deleted_elsewhere (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b.de");
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;

  send_creation (f, client);
  rt_client_unref (edit (f, "Anna", "name", "Bea"));
  g_assert_true (rt_store_begin (f->store, NULL));
  g_assert_true (rt_store_put_deleted (f->store, "customer", "cus_1", 100, &error));
  g_assert_true (rt_store_end (f->store, TRUE, &error));
  g_assert_cmpuint (count (f, "bea", FALSE), ==, 1);
  request = claim_write (f);
  g_assert_null (request);
  change = rt_change_find (f->store, client->id, &error);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_true (rt_queue_discard (f->store, change->id, TRUE, &error));
  g_assert_cmpuint (count (f, NULL, FALSE), ==, 0);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b");
  g_autoptr (RtRequest) request = claim_write (f);
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;

  g_assert_true (rt_queue_settle_refused (f->store, request, "email_invalid",
                                          "Invalid email address: a@b", "email", "req_1", &error));
  change = rt_change_find (f->store, client->id, &error);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_field, ==, "email");
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_cmpuint (count (f, NULL, FALSE), ==, 0);
}

/* What was refused, and what was typed behind it, is sent as one: against what Stripe had before
 * any of it, so that the person's own steps are no conflict. */
static void
test_gather (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b.de");
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtRequest) again = NULL;
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;

  send_creation (f, client);
  rt_client_unref (edit (f, client->id, "name", "Bea"));
  request = claim_write (f);
  rt_client_unref (edit (f, client->id, "name", "Clara"));
  rt_client_unref (edit (f, client->id, "notes", "Calls back"));
  g_assert_cmpuint (count_changes (f), ==, 2);
  g_assert_true (
      rt_queue_settle_refused (f->store, request, "bad", "No.", "name", "req_1", &error));
  change = rt_change_find (f->store, client->id, &error);
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_changes (f), ==, 1);
  again = claim_write (f);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->body, ==, "name=Clara&description=Calls%20back");
}

/* For scripts: why it stopped, and at which field. */
static void
test_refused_to_json (Fixture *f, gconstpointer data)
{
  g_autoptr (RtClient) client = add (f, "Anna", "a@b");
  g_autoptr (RtChange) waiting = rt_change_find (f->store, client->id, NULL);
  g_autoptr (JsonObject) before = rt_change_to_json (waiting);
  g_autoptr (RtRequest) request = claim_write (f);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (JsonObject) json = NULL;
  JsonObject *reason;

  g_assert_true (json_object_get_null_member (before, "error"));
  g_assert_true (rt_queue_settle_refused (f->store, request, "email_invalid", "Invalid: a@b",
                                          "email", "req_1", NULL));
  change = rt_change_find (f->store, client->id, NULL);
  json = rt_change_to_json (change);
  g_assert_cmpstr (rt_json_string (json, "state"), ==, "rejected");
  reason = rt_json_object (json, "error");
  g_assert_cmpstr (rt_json_string (reason, "code"), ==, "email_invalid");
  g_assert_cmpstr (rt_json_string (reason, "message"), ==, "Invalid: a@b");
  g_assert_cmpstr (rt_json_string (reason, "field"), ==, "email");
}

/* What a newer Retainer did is called by its name alone. */
static void
test_title_unknown (void)
{
  g_autofree char *title = rt_change_dup_title_of ("invoice", "pay", "R-1");

  g_assert_cmpstr (title, ==, "R-1");
}

/* Nothing to be freed is fine. */
static void
test_free_nothing (void)
{
  rt_change_unref (NULL);
  rt_request_free (NULL);
  rt_read_free (NULL);
}

static void
test_bad_draft (Fixture *f, gconstpointer data)
{
  g_autoptr (RtDraft) typed = draft ("name", "x", "email", "no", NULL);
  GError *error = NULL;

  g_assert_null (rt_client_create (f->store, typed, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_INVALID);
  g_assert_cmpstr (rt_error_get_field (error), ==, "email");
  g_clear_error (&error);
  g_assert_null (rt_client_update (f->store, "nobody", typed, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpuint (count_changes (f), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/identity", test_identity);
  ADD ("/client/fold", test_fold);
  ADD ("/client/edit-while-sending", test_edit_while_sending);
  ADD ("/client/b13-read-too-long-ago", test_read_too_long_ago);
  ADD ("/client/archive-queued", test_archive_queued);
  ADD ("/client/archive-and-restore", test_archive_and_restore);
  ADD ("/client/titles", test_titles);
  ADD ("/client/search", test_search);
  ADD ("/client/outside", test_outside);
  ADD ("/client/deleted-elsewhere", test_deleted_elsewhere);
  ADD ("/client/refused", test_refused);
  ADD ("/client/gather", test_gather);
  ADD ("/client/refused-to-json", test_refused_to_json);
  g_test_add_func ("/client/title-unknown", test_title_unknown);
  g_test_add_func ("/client/free-nothing", test_free_nothing);
  ADD ("/client/bad-draft", test_bad_draft);
  return g_test_run ();
}
