/* The queue at its edges: requests that a damaged file lost, changes that are taken back or folded
 * while they are half done. Without Stripe: it answers by hand. */

#include "rt-client-actions.h"
#include "rt-product-actions.h"
#include "rt-queue-send.h"
#include "rt-queue.h"
#include "rt-store-object.h"
#include "rt-store-private.h"
#include "store-fixture.h"

#define CLIENT "01ARZ3NDEKTSV4RRFFQ69G0001"
#define HOUR (3600 * (gint64) G_USEC_PER_SEC)

#define ADD_WITH(name, function, data) \
  g_test_add (name, Fixture, data, fixture_set_up, function, fixture_tear_down)

static void
begin (Fixture *f)
{
  g_assert_true (rt_store_begin (f->store, NULL));
}

static void
end (Fixture *f, gboolean is_good, GError *error)
{
  g_assert_no_error (error);
  g_assert_true (rt_store_end (f->store, is_good, &error));
  g_assert_no_error (error);
}

static void
run_sql (Fixture *f, const char *sql)
{
  GError *error = NULL;

  begin (f);
  end (f, rt_db_exec (rt_store_get_writer (f->store), sql, &error), error);
}

static gint64
next_order (Fixture *f)
{
  gint64 order = 0;

  g_assert_true (rt_store_get_order (f->store, &order, NULL));
  return order + 1;
}

/* What Stripe has. */
static void
put (Fixture *f, const char *json)
{
  g_autoptr (JsonObject) object = rt_json_parse (json, -1, NULL);
  gint64 order = next_order (f);
  GError *error = NULL;

  g_assert_nonnull (object);
  begin (f);
  end (f, rt_store_put_object (f->store, object, order, 0, &error), error);
}

static void
put_client (Fixture *f, const char *name)
{
  g_autofree char *json
      = g_strdup_printf ("{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"%s\",\"email\":null,"
                         "\"metadata\":{\"rtn_v\":\"1\",\"rtn_ref\":\"" CLIENT "\"}}",
                         name);

  put (f, json);
}

static char *
add_product (Fixture *f)
{
  g_autoptr (RtDraft) typed
      = draft ("name", "Care", "model", "base", "amount", "49.00", "currency", "usd", NULL);
  GError *error = NULL;
  g_autoptr (RtProduct) product = rt_product_create (f->store, typed, &error);

  g_assert_no_error (error);
  return g_strdup (product->id);
}

static void
edit_client (Fixture *f, const char *field, const char *text)
{
  g_autoptr (RtDraft) typed = draft (field, text, NULL);
  GError *error = NULL;

  rt_client_unref (rt_client_update (f->store, CLIENT, typed, &error));
  g_assert_no_error (error);
}

static void
edit_product (Fixture *f, const char *id, const char *field, const char *text)
{
  g_autoptr (RtDraft) typed = draft (field, text, NULL);
  GError *error = NULL;

  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  g_assert_no_error (error);
}

/* That something must be read again. */
static RtRequest *
claim_reads (Fixture *f, guint n_reads)
{
  RtRequest *request = claim (f);

  g_assert_nonnull (request);
  g_assert_nonnull (request->reads);
  g_assert_cmpuint (request->reads->len, ==, n_reads);
  return request;
}

/* What Stripe says to a request. */
static void
answer (Fixture *f, const RtRequest *request, const char *json)
{
  g_autoptr (JsonObject) object = rt_json_parse (json, -1, NULL);
  gint64 order = next_order (f);
  GError *error = NULL;

  g_assert_nonnull (object);
  g_assert_true (rt_queue_settle_done (f->store, request,
                                       &(RtSettlement){ object, "req_1", order, TRUE }, &error));
  g_assert_no_error (error);
}

/* What is read again, in order; "" for what Stripe does not have. */
static void
review (Fixture *f, const RtRequest *request, const char *json, ...)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) objects
      = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  gint64 order = next_order (f);
  GError *error = NULL;
  va_list arguments;

  va_start (arguments, json);
  for (; json != NULL; json = va_arg (arguments, const char *))
    {
      RtSettlement *settlement = g_new0 (RtSettlement, 1);

      settlement->answer = *json != '\0' ? rt_json_parse (json, -1, NULL) : NULL;
      settlement->asked_at = order;
      if (settlement->answer != NULL)
        g_ptr_array_add (objects, settlement->answer);
      g_ptr_array_add (answers, settlement);
    }
  va_end (arguments);
  g_assert_true (rt_queue_settle_review (f->store, request, answers, &error));
  g_assert_no_error (error);
}

static void
refuse (Fixture *f, const RtRequest *request)
{
  GError *error = NULL;

  g_assert_true (rt_queue_settle_refused (f->store, request, "bad", "No.", NULL, "req_2", &error));
  g_assert_no_error (error);
}

static void
retry (Fixture *f, guint index)
{
  g_autoptr (RtChange) change = get_change (f, index);
  GError *error = NULL;

  g_assert_true (rt_queue_retry (f->store, change->id, &error));
  g_assert_no_error (error);
}

static char *
dup_product_json (const char *id, const char *name, const char *price)
{
  return g_strdup_printf ("{\"id\":\"rtn_p_%s\",\"object\":\"product\",\"active\":true,"
                          "\"name\":\"%s\",\"default_price\":%s%s%s,\"metadata\":{\"rtn_v\":\"1\","
                          "\"rtn_ref\":\"%s\",\"rtn_model\":\"base\",\"rtn_metric\":\"none\"}}",
                          id, name, price != NULL ? "\"" : "", price != NULL ? price : "null",
                          price != NULL ? "\"" : "", id);
}

/* The lookup key is the id, too. */
static char *
dup_price_json (const char *id, const char *price, const char *cents, gboolean is_active)
{
  return g_strdup_printf (
      "{\"id\":\"%s\",\"object\":\"price\",\"product\":\"rtn_p_%s\",\"active\":%s,"
      "\"currency\":\"usd\",\"unit_amount\":%s,\"unit_amount_decimal\":\"%s\","
      "\"tax_behavior\":\"exclusive\",\"billing_scheme\":\"per_unit\",\"lookup_key\":\"%s\","
      "\"recurring\":{\"interval\":\"month\",\"interval_count\":1,\"usage_type\":\"licensed\"},"
      "\"type\":\"recurring\",\"metadata\":{\"rtn_v\":\"1\",\"rtn_role\":\"base\"}}",
      price, id, is_active ? "true" : "false", cents, cents, price);
}

/* A product that Stripe has, at 49 dollars. */
static void
put_product (Fixture *f, const char *id)
{
  g_autofree char *product = dup_product_json (id, "Care", "price_old");
  g_autofree char *price = dup_price_json (id, "price_old", "4900", TRUE);

  put (f, product);
  put (f, price);
}

/* A creation of which Stripe has the product, and not the price. */
static char *
half_make_product (Fixture *f)
{
  char *id = add_product (f);
  g_autoptr (RtRequest) request = claim (f);
  g_autofree char *json = dup_product_json (id, "Care", NULL);

  g_assert_cmpstr (request->path, ==, "/v1/products");
  answer (f, request, json);
  return id;
}

/* Edited while it was read, it is read anew: the answer to the first reading lets nothing go. */
static void
test_edited_while_read (Fixture *f, gconstpointer data)
{
  g_autofree char *product = dup_product_json (CLIENT, "Care", "price_old");
  g_autofree char *price = dup_price_json (CLIENT, "price_old", "4900", TRUE);
  g_autofree char *list = g_strdup_printf ("{\"object\":\"list\",\"data\":[%s]}", price);
  g_autoptr (RtRequest) first = NULL;
  g_autoptr (RtRequest) second = NULL;
  g_autoptr (RtRequest) request = NULL;

  put_product (f, CLIENT);
  edit_product (f, CLIENT, "name", "Prime");
  first = claim_reads (f, 1);
  edit_product (f, CLIENT, "amount", "59");
  second = claim_reads (f, 3);
  review (f, first, product, NULL);
  assert_nothing_to_send (f);
  review (f, second, product, list, price, NULL);
  request = claim (f);
  g_assert_nonnull (request);
  g_assert_null (request->reads);
}

/* The file lost what was to be sent: nobody knows whether it was, so a person is asked. */
static void
test_lost_requests (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f);
  g_autoptr (RtRequest) request = claim (f);
  g_autoptr (RtRequest) again = NULL;
  g_autoptr (RtChange) change = NULL;
  g_autoptr (RtProduct) product = NULL;

  g_assert_nonnull (request);
  run_sql (f, "DELETE FROM request");
  assert_nothing_to_send (f);
  change = get_change (f, 0);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_code, ==, "salvaged");
  product = rt_store_find_product (f->store, id, NULL);
  g_assert_cmpint (product->state, ==, RT_STATE_REJECTED);
  retry (f, 0);
  again = claim (f);
  g_assert_cmpstr (again->path, ==, "/v1/products");
  g_assert_cmpstr (again->idempotency_key, !=, request->idempotency_key);
}

/* The file lost the rest of a save: what Stripe does not have yet is sent all the same. */
static void
test_lost_rest (Fixture *f, gconstpointer data)
{
  g_autofree char *id = half_make_product (f);
  g_autoptr (RtRequest) rest = NULL;

  run_sql (f, "DELETE FROM request WHERE state <> 'done'");
  rest = claim (f);
  g_assert_nonnull (rest);
  g_assert_cmpstr (rest->path, ==, "/v1/prices");
  g_assert_cmpuint (count_changes (f), ==, 1);
}

/* All of it was done, only that is not noted: nothing is sent, and it is at its end. */
static void
test_lost_end (Fixture *f, gconstpointer data)
{
  g_autofree char *id = half_make_product (f);
  g_autoptr (RtProduct) product = NULL;

  run_sql (f, "DELETE FROM request WHERE state <> 'done'");
  run_sql (f, "UPDATE change SET fields = json_remove (fields, '$.amount', '$.currency')");
  assert_nothing_to_send (f);
  g_assert_cmpuint (count_changes (f), ==, 0);
  product = rt_store_find_product (f->store, id, NULL);
  g_assert_cmpint (product->state, ==, RT_STATE_SYNCED);
}

/* Time ran out between two steps: the second one is asked about, like any that is too late. */
static void
test_expiry_halfway (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f);
  g_autofree char *json = dup_product_json (id, "Care", NULL);
  g_autoptr (RtRequest) first = NULL;
  g_autoptr (RtRequest) reads = NULL;
  g_autoptr (RtRequest) second = NULL;
  g_autoptr (RtChange) change = NULL;

  run_sql (f, "UPDATE change SET expires_at = created_at + 3600000000");
  first = claim (f);
  answer (f, first, json);
  rt_clock_advance (f->clock, 2 * HOUR);
  assert_nothing_to_send (f);
  change = get_change (f, 0);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_code, ==, "expired");
  /* Confirmed, it is gone on with where it stopped. */
  retry (f, 0);
  reads = claim_reads (f, 2);
  review (f, reads, json, "{\"object\":\"list\",\"data\":[]}", NULL);
  second = claim (f);
  g_assert_cmpstr (second->path, ==, "/v1/prices");
}

/* Taken back while it is read again: whatever is read is of no interest any more. */
static void
test_discard_while_read (Fixture *f, gconstpointer data)
{
  gboolean is_read = GPOINTER_TO_INT (data);
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtChange) change = NULL;
  g_autoptr (RtClient) client = NULL;
  GError *error = NULL;

  put_client (f, "Anna");
  edit_client (f, "name", "Bea");
  request = claim_reads (f, 1);
  change = get_change (f, 0);
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_no_error (error);
  if (is_read)
    review (f, request, "{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"Clara\"}", NULL);
  else
    g_assert_true (rt_queue_settle_review_later (f->store, request, 1, &error));
  g_assert_no_error (error);
  assert_nothing_to_send (f);
  g_assert_cmpuint (count_changes (f), ==, 0);
  client = rt_store_find_client (f->store, CLIENT, NULL);
  g_assert_cmpstr (client->name, ==, "Anna");
  g_assert_cmpint (client->state, ==, RT_STATE_SYNCED);
}

/* Read again, and deleted by somebody: an edit of it is asked about. */
static void
test_deleted_when_read (Fixture *f, gconstpointer data)
{
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtChange) change = NULL;

  put_client (f, "Anna");
  edit_client (f, "name", "Bea");
  request = claim_reads (f, 1);
  review (f, request, data, NULL);
  assert_nothing_to_send (f);
  change = get_change (f, 0);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_code, ==, "resource_missing");
}

/* Who wanted it archived has what was wanted. */
static void
test_deleted_when_archived (Fixture *f, gconstpointer data)
{
  g_autoptr (RtRequest) request = NULL;
  GError *error = NULL;

  put_client (f, "Anna");
  rt_client_unref (rt_client_set_archived (f->store, CLIENT, TRUE, &error));
  g_assert_no_error (error);
  request = claim_reads (f, 1);
  review (f, request, "", NULL);
  assert_nothing_to_send (f);
  g_assert_cmpuint (count_changes (f), ==, 0);
}

/* Prices that others made meanwhile are kept, all of them; what is no object is passed over. */
static void
test_read_prices (Fixture *f, gconstpointer data)
{
  static const char *const prices[] = { "price_old", "price_b", "price_c" };
  g_autofree char *product = dup_product_json (CLIENT, "Care", "price_old");
  g_autofree char *old = dup_price_json (CLIENT, "price_old", "4900", TRUE);
  g_autofree char *b = dup_price_json (CLIENT, "price_b", "100", TRUE);
  g_autofree char *c = dup_price_json (CLIENT, "price_c", "200", TRUE);
  g_autofree char *list
      = g_strdup_printf ("{\"object\":\"list\",\"data\":[%s,\"price_x\",%s]}", b, c);
  g_autoptr (RtRequest) reads = NULL;
  g_autoptr (RtRequest) request = NULL;

  put_product (f, CLIENT);
  edit_product (f, CLIENT, "amount", "59");
  reads = claim_reads (f, 3);
  review (f, reads, product, list, old, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (prices); i++)
    {
      g_autoptr (JsonObject) price = rt_store_object (f->store, "price", prices[i]);

      g_assert_nonnull (price);
    }
  request = claim (f);
  g_assert_cmpstr (request->path, ==, "/v1/prices");
}

/* A list that says nothing takes nothing away. */
static void
test_read_no_list (Fixture *f, gconstpointer data)
{
  g_autofree char *product = dup_product_json (CLIENT, "Care", "price_old");
  g_autofree char *old = dup_price_json (CLIENT, "price_old", "4900", TRUE);
  g_autoptr (RtRequest) reads = NULL;
  g_autoptr (RtRequest) request = NULL;

  put_product (f, CLIENT);
  edit_product (f, CLIENT, "amount", "59");
  reads = claim_reads (f, 3);
  review (f, reads, product, "", old, NULL);
  request = claim (f);
  g_assert_cmpstr (request->path, ==, "/v1/prices");
}

/* An edit of what is half made: its base is what Stripe has, so nobody is overwritten unseen. */
static void
test_fold_half_made (Fixture *f, gconstpointer data)
{
  g_autofree char *id = half_make_product (f);
  g_autofree char *json = dup_product_json (id, "Theirs", NULL);
  g_autoptr (RtRequest) price = claim (f);
  g_autoptr (RtRequest) reads = NULL;
  g_autoptr (RtChange) change = NULL;

  g_assert_cmpstr (price->path, ==, "/v1/prices");
  refuse (f, price);
  edit_product (f, id, "name", "Prime");
  g_assert_cmpuint (count_changes (f), ==, 1);
  reads = claim_reads (f, 2);
  review (f, reads, json, "{\"object\":\"list\",\"data\":[]}", NULL);
  change = get_change (f, 0);
  g_assert_cmpint (change->state, ==, RT_STATE_CONFLICT);
}

/* Somebody completed at Stripe what was refused; then an edit is taken back: the creation is ended
 * as done, and not forgotten. */
static void
test_fold_completed (Fixture *f, gconstpointer data)
{
  g_autofree char *id = half_make_product (f);
  g_autofree char *product_json = dup_product_json (id, "Care", "price_new");
  g_autofree char *price_json = dup_price_json (id, "price_new", "4900", TRUE);
  g_autoptr (RtRequest) price = claim (f);
  g_autoptr (RtProduct) product = NULL;

  refuse (f, price);
  put (f, product_json);
  put (f, price_json);
  edit_product (f, id, "description", "Typed");
  edit_product (f, id, "description", "");
  g_assert_cmpuint (count_changes (f), ==, 1);
  assert_nothing_to_send (f);
  g_assert_cmpuint (count_changes (f), ==, 0);
  product = rt_store_find_product (f->store, id, NULL);
  g_assert_cmpint (product->state, ==, RT_STATE_SYNCED);
  g_assert_cmpuint (rt_queue_count_done (f->store), ==, 1);
}

/* An update that ends where it began after a part of it was done: ended as done, and on record. */
static void
test_fold_half_update (Fixture *f, gconstpointer data)
{
  g_autofree char *product = dup_product_json (CLIENT, "Care", "price_old");
  g_autofree char *old = dup_price_json (CLIENT, "price_old", "4900", TRUE);
  g_autofree char *made = NULL;
  g_autofree char *gone = NULL;
  g_autoptr (RtRequest) reads = NULL;
  g_autoptr (RtRequest) price = NULL;
  g_autoptr (RtRequest) rest = NULL;

  put_product (f, CLIENT);
  edit_product (f, CLIENT, "amount", "59");
  reads = claim_reads (f, 3);
  review (f, reads, product, "{\"object\":\"list\",\"data\":[]}", old, NULL);
  price = claim (f);
  made = dup_price_json (CLIENT, price->handle, "5900", TRUE);
  gone = dup_price_json (CLIENT, price->handle, "5900", FALSE);
  answer (f, price, made);
  rest = claim (f);
  g_assert_cmpstr (rest->path, ==, "/v1/products/rtn_p_" CLIENT);
  refuse (f, rest);
  put (f, gone);
  edit_product (f, CLIENT, "amount", "49");
  g_assert_cmpuint (count_changes (f), ==, 1);
  assert_nothing_to_send (f);
  g_assert_cmpuint (count_changes (f), ==, 0);
  g_assert_cmpuint (rt_queue_count_done (f->store), ==, 1);
}

/* A window shows the first few of many, and says how many more there are. */
static void
test_list_first (Fixture *f, gconstpointer data)
{
  static const struct
  {
    guint limit;
    guint n_shown;
    guint n_more;
  } cases[] = { { 200, 3, 0 }, { 3, 3, 0 }, { 2, 2, 1 }, { 0, 0, 3 } };
  g_autofree char *first = add_product (f);
  g_autofree char *second = add_product (f);
  g_autofree char *third = add_product (f);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_more = 99;
      g_autoptr (GPtrArray) all = rt_change_list (f->store, NULL);
      g_autoptr (GPtrArray) changes
          = rt_change_list_first (f->store, cases[i].limit, &n_more, NULL);

      g_assert_cmpuint (changes->len, ==, cases[i].n_shown);
      g_assert_cmpuint (n_more, ==, cases[i].n_more);
      for (guint j = 0; j < changes->len; j++)
        {
          const RtChange *change = g_ptr_array_index (changes, j);
          const RtChange *same = g_ptr_array_index (all, j);

          g_assert_cmpstr (change->id, ==, same->id);
          g_assert_cmpuint (change->requests->len, ==, same->requests->len);
        }
    }
  run_sql (f, "ALTER TABLE change RENAME TO elsewhere");
  g_assert_null (rt_change_list_first (f->store, 1, &(guint){ 0 }, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/queue/b13-edited-while-read", test_edited_while_read);
  ADD ("/queue/lost-requests", test_lost_requests);
  ADD ("/queue/lost-rest", test_lost_rest);
  ADD ("/queue/lost-end", test_lost_end);
  ADD ("/queue/b23-expiry-halfway", test_expiry_halfway);
  ADD_WITH ("/queue/discard-while-read/read", test_discard_while_read, GINT_TO_POINTER (TRUE));
  ADD_WITH ("/queue/discard-while-read/later", test_discard_while_read, GINT_TO_POINTER (FALSE));
  ADD_WITH ("/queue/deleted-when-read/missing", test_deleted_when_read, "");
  ADD_WITH ("/queue/deleted-when-read/tombstone", test_deleted_when_read,
            "{\"id\":\"cus_1\",\"object\":\"customer\",\"deleted\":true}");
  ADD ("/queue/deleted-when-archived", test_deleted_when_archived);
  ADD ("/queue/read-prices", test_read_prices);
  ADD ("/queue/read-no-list", test_read_no_list);
  ADD ("/queue/fold/half-made", test_fold_half_made);
  ADD ("/queue/fold/completed", test_fold_completed);
  ADD ("/queue/fold/half-update", test_fold_half_update);
  ADD ("/queue/list-first", test_list_first);
  return g_test_run ();
}
