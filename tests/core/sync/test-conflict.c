/* The same thing changed here and at Stripe (TRAPS B11, B13, B14). */

#include "rt-conflict.h"
#include "rt-log.h"
#include "rt-queue.h"
#include "rt-store-private.h"
#include "sync-fixture.h"

/* As long as nobody knows what Stripe has, nothing is sent; asked for, it is tried at once. */
static void
test_not_read (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *name = NULL;
  RtSyncReport report;
  GError *error = NULL;

  edit_client (f, id, "name", "Bea");
  change = only_change (f);
  fault (f, "{\"fault\":\"status\",\"status\":500,\"match\":\"GET /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pending, ==, 1);
  g_assert_cmpint (count_requests (f, "POST /v1/customers/{id}"), ==, 0);
  clear_faults (f);
  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sync_both (f).n_pending, ==, 0);
  g_assert_cmpint (count_requests (f, "POST /v1/customers/{id}"), ==, 1);
  name = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (name, ==, "Bea");
}

/* The answer to a creation was lost, and what was created is changed before it is known: what
 * others wrote since is not the base of what is sent next. */
static void
test_changed_before_it_is_known (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autofree char *path = g_strconcat ("/v1/products/rtn_p_", id, NULL);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (JsonObject) there = NULL;
  RtSyncReport report;
  g_autoptr (GError) error = NULL;

  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/products\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  clear_faults (f);
  json_object_unref (outside (f, "POST", path, "name=Theirs"));
  rt_clock_advance (f->clock, 25 * HOUR);
  report = sync_both (f);
  g_assert_cmpuint (report.n_rejected + report.n_conflicts, ==, 1);
  change = only_change (f);
  if (change->state == RT_STATE_REJECTED)
    g_assert_true (rt_queue_retry (f->store, change->id, NULL));
  report = sync_both (f);
  g_assert_cmpuint (report.n_conflicts, ==, 1);
  there = outside (f, "GET", path, NULL);
  g_assert_cmpstr (rt_json_string (there, "name"), ==, "Theirs");
}

/* A creation that Stripe has already, as after a backup is restored: what others made of it since
 * is not replaced. @data: whether it is read before. */
static void
test_exists_already (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Mine");
  g_autofree char *path = g_strconcat ("/v1/products/rtn_p_", id, NULL);
  g_autofree char *product
      = g_strdup_printf ("id=rtn_p_%s&name=Theirs&metadata[rtn_v]=1&metadata[rtn_ref]=%s"
                         "&metadata[rtn_model]=base&metadata[rtn_metric]=none",
                         id, id);
  g_autofree char *price = NULL;
  g_autoptr (JsonObject) there = NULL;
  RtSyncReport report;

  json_object_unref (outside (f, "POST", "/v1/products", product));
  price = choose_price (f, id, "unit_amount=9900&recurring[interval]=month");
  if (data != NULL)
    sync_once (f, RT_SYNC_PULL, &report, NULL);
  sync_once (f, RT_SYNC_PUSH, &report, NULL);
  g_assert_cmpuint (report.n_conflicts, ==, 1);
  there = outside (f, "GET", path, NULL);
  g_assert_cmpstr (rt_json_string (there, "name"), ==, "Theirs");
  g_assert_cmpstr (rt_json_string (there, "default_price"), ==, price);
}

/* Trying once more decides nothing: a conflict stays one. */
static void
test_retry (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (GError) error = NULL;

  edit_client (f, id, "name", "Bea");
  edit_client_outside (f, id, "name=Cora");
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  change = only_change (f);
  g_assert_false (rt_queue_retry (f->store, change->id, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_INVALID);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
}

/* Changed on one side only, each side another field: both stay. */
static void
test_merge (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *name = NULL;
  g_autofree char *notes = NULL;

  edit_client (f, id, "name", "Bea");
  edit_client_outside (f, id, "description=Theirs");
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 0);
  name = dup_at_stripe (f, id, "name");
  notes = dup_at_stripe (f, id, "description");
  g_assert_cmpstr (name, ==, "Bea");
  g_assert_cmpstr (notes, ==, "Theirs");
}

/* The same field on both sides: nothing is sent, both values are there to be seen. */
static void
test_stop (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (RtClient) client = NULL;
  g_autofree char *name = NULL;
  RtConflictField *field;

  edit_client (f, id, "name", "Bea");
  edit_client (f, id, "notes", "Also");
  edit_client_outside (f, id, "name=Clara");
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  name = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (name, ==, "Clara");
  client = get_client (f, id);
  g_assert_cmpstr (client->name, ==, "Bea");
  g_assert_cmpint (client->state, ==, RT_STATE_CONFLICT);
  change = only_change (f);
  conflicts = rt_conflict_list (f->store, change->seq, NULL);
  g_assert_cmpuint (conflicts->len, ==, 1);
  field = g_ptr_array_index (conflicts, 0);
  g_assert_cmpstr (field->field, ==, "name");
  g_assert_cmpstr (json_node_get_string (field->base), ==, "Anna");
  g_assert_cmpstr (json_node_get_string (field->mine), ==, "Bea");
  g_assert_cmpstr (json_node_get_string (field->theirs), ==, "Clara");
  /* It stays so, however often it is synced, until somebody decides. */
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
}

static void
resolve_each_way (Fixture *f, gconstpointer data)
{
  gboolean is_mine = GPOINTER_TO_INT (data);
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (RtClient) client = NULL;
  g_autofree char *name = NULL;
  g_autofree char *notes = NULL;
  GError *error = NULL;

  edit_client (f, id, "name", "Bea");
  edit_client (f, id, "notes", "Also");
  edit_client_outside (f, id, "name=Clara");
  sync_both (f);
  change = only_change (f);
  g_assert_true (rt_conflict_resolve_all (f->store, change->id, is_mine, &error));
  g_assert_no_error (error);
  sync_all (f);
  name = dup_at_stripe (f, id, "name");
  notes = dup_at_stripe (f, id, "description");
  client = get_client (f, id);
  g_assert_cmpstr (name, ==, is_mine ? "Bea" : "Clara");
  g_assert_cmpstr (notes, ==, "Also");
  g_assert_cmpstr (client->name, ==, name);
}

/* Field by field. */
static void
test_by_field (Fixture *f, gconstpointer data)
{
  static const char *const mine[] = { "notes", NULL };
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *name = NULL;
  g_autofree char *notes = NULL;

  edit_client (f, id, "name", "Bea");
  edit_client (f, id, "notes", "Mine");
  edit_client_outside (f, id, "name=Clara&description=Theirs");
  sync_both (f);
  change = only_change (f);
  g_assert_true (rt_conflict_resolve (f->store, change->id, mine, NULL));
  sync_all (f);
  name = dup_at_stripe (f, id, "name");
  notes = dup_at_stripe (f, id, "description");
  g_assert_cmpstr (name, ==, "Clara");
  g_assert_cmpstr (notes, ==, "Mine");
}

/* Stripe's side changes once more after the decision: that is asked again, not overwritten. */
static void
test_again (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *name = NULL;

  edit_client (f, id, "name", "Bea");
  edit_client_outside (f, id, "name=Clara");
  sync_both (f);
  change = only_change (f);
  g_assert_true (rt_conflict_resolve_all (f->store, change->id, TRUE, NULL));
  edit_client_outside (f, id, "name=Dora");
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  name = dup_at_stripe (f, id, "name");
  g_assert_cmpstr (name, ==, "Dora");
}

/* Stripe's side came back to what it was, or became the same: there is nothing to decide. */
static void
test_gone (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);

  edit_client (f, id, "name", "Bea");
  edit_client_outside (f, id, "name=Clara");
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  edit_client_outside (f, id, "name=Bea");
  sync_both (f);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 0);
  g_assert_cmpuint (count_changes (f), ==, 0);
}

/* Amounts: two computers, two new prices. Nobody wins by being last. */
static void
test_money (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Voice");
  g_autofree char *replica = g_strdup (f->replica);
  g_autofree char *other = g_strconcat (f->replica, ".other", NULL);
  g_autoptr (RtDraft) mine = draft ("amount", "59", NULL);
  g_autoptr (RtDraft) theirs = draft ("amount", "69", NULL);
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (RtChange) change = NULL;
  g_autofree char *amount = NULL;
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_update (f->store, id, mine, &error));
  g_assert_no_error (error);
  g_free (f->replica);
  f->replica = g_strdup (other);
  fixture_reopen (f);
  sync_all (f);
  rt_product_unref (rt_product_update (f->store, id, theirs, &error));
  g_assert_no_error (error);
  rt_clock_advance (f->clock, 60 * G_USEC_PER_SEC);
  sync_all (f);
  g_free (f->replica);
  f->replica = g_strdup (replica);
  fixture_reopen (f);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  change = only_change (f);
  g_assert_true (rt_conflict_resolve_all (f->store, change->id, FALSE, &error));
  g_assert_no_error (error);
  sync_all (f);
  product = rt_store_find_product (f->store, id, NULL);
  amount = rt_decimal_format (product->amount, 0);
  g_assert_cmpstr (amount, ==, "6900");
}

/* What the person saw when the form was opened counts, not what a sync brought while it was open.
 */
static void
test_open_form (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtClient) shown = get_client (f, id);
  g_autoptr (RtDraft) typed = rt_client_to_draft (shown, RT_NUMBER_PLAIN);
  g_autoptr (RtDraft) fields = draft ("name", "Bea", NULL);
  GError *error = NULL;

  rt_draft_set_before (fields, rt_draft_get_before (typed));
  edit_client_outside (f, id, "name=Clara");
  sync_both (f);
  rt_client_unref (rt_client_update (f->store, id, fields, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
}

/* An answer that says yes while a field was left as it was is not believed. */
static void
test_ignored (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  RtSyncReport report;
  g_autoptr (RtChange) change = NULL;

  edit_client (f, id, "name", "Bea");
  fault (f, "{\"fault\":\"ignore_fields\",\"fields\":[\"name\"],\"match\":\"POST /v1/customers\","
            "\"count\":1}");
  report = sync_both (f);
  g_assert_cmpuint (report.n_rejected, ==, 1);
  change = only_change (f);
  g_assert_cmpstr (change->error_code, ==, "ignored");
  g_assert_true (rt_queue_retry (f->store, change->id, NULL));
  sync_all (f);
}

/* What Stripe did of it is nobody else's word when it is edited once more. */
static void
test_half_ignored (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autofree char *name = NULL;
  g_autofree char *email = NULL;

  edit_client (f, id, "name", "Bea");
  edit_client (f, id, "email", "bea@example.com");
  fault (f, "{\"fault\":\"ignore_fields\",\"fields\":[\"email\"],\"match\":\"POST /v1/customers\","
            "\"count\":1}");
  g_assert_cmpuint (sync_both (f).n_rejected, ==, 1);
  edit_client (f, id, "name", "Cora");
  sync_all (f);
  name = dup_at_stripe (f, id, "name");
  email = dup_at_stripe (f, id, "email");
  g_assert_cmpstr (name, ==, "Cora");
  g_assert_cmpstr (email, ==, "bea@example.com");
}

/* On record: what happened, with the request's id, without anything secret. */
static void
test_log (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (GPtrArray) log = NULL;
  g_autoptr (GString) events = g_string_new (NULL);

  edit_client (f, id, "name", "Bea");
  edit_client_outside (f, id, "name=Clara");
  sync_both (f);
  change = only_change (f);
  rt_conflict_resolve_all (f->store, change->id, TRUE, NULL);
  sync_all (f);
  log = rt_log_list (f->store, 0, NULL);
  for (guint i = log->len; i > 0; i--)
    {
      const RtLogEntry *entry = g_ptr_array_index (log, i - 1);
      g_autoptr (JsonObject) json = rt_log_to_json (entry);
      g_autofree char *text = rt_json_to_text (json);

      g_string_append_printf (events, "%s ", entry->event);
      g_assert_null (strstr (text, "sk_test"));
      g_assert_null (strstr (text, "example.com"));
      if (g_str_equal (entry->event, "done"))
        g_assert_true (g_str_has_prefix (entry->request_id, "req_"));
    }
  g_assert_cmpstr (events->str, ==, "done relist conflict resolved done ");
}

/* What stops a change is in the log, whoever found it out. */
static void
test_log_of_deleted (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_synced (f);
  g_autoptr (RtClient) client = get_client (f, id);
  g_autofree char *path = g_strconcat ("/v1/customers/", client->stripe_id, NULL);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (GPtrArray) log = NULL;

  edit_client (f, id, "name", "Bea");
  json_object_unref (outside (f, "DELETE", path, NULL));
  sync_both (f);
  change = only_change (f);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  log = rt_log_list (f->store, 1, NULL);
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 0))->event, ==, "refused");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/conflict/b13-merge", test_merge);
  ADD ("/conflict/b11-b13-stop", test_stop);
  ADD ("/conflict/b12-by-field", test_by_field);
  g_test_add ("/conflict/b12-mine", Fixture, GINT_TO_POINTER (TRUE), fixture_set_up,
              resolve_each_way, fixture_tear_down);
  g_test_add ("/conflict/b12-theirs", Fixture, GINT_TO_POINTER (FALSE), fixture_set_up,
              resolve_each_way, fixture_tear_down);
  ADD ("/conflict/b13-not-read", test_not_read);
  ADD ("/conflict/b13-changed-before-it-is-known", test_changed_before_it_is_known);
  g_test_add ("/conflict/b13-exists-already/read", Fixture, GINT_TO_POINTER (TRUE), fixture_set_up,
              test_exists_already, fixture_tear_down);
  g_test_add ("/conflict/b13-exists-already/unread", Fixture, NULL, fixture_set_up,
              test_exists_already, fixture_tear_down);
  ADD ("/conflict/retry", test_retry);
  ADD ("/conflict/again", test_again);
  ADD ("/conflict/gone", test_gone);
  ADD ("/conflict/b14-money", test_money);
  ADD ("/conflict/b26-open-form", test_open_form);
  ADD ("/conflict/b15-ignored", test_ignored);
  ADD ("/conflict/b15-half-ignored", test_half_ignored);
  ADD ("/conflict/log", test_log);
  ADD ("/conflict/log-of-deleted", test_log_of_deleted);
  return g_test_run ();
}
