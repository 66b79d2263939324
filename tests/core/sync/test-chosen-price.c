/* Prices that somebody chose in Stripe's Dashboard are not replaced unseen (TRAPS B14). */

#include <string.h>

#include "rt-conflict.h"
#include "sync-fixture.h"

static char *
add_usage (Fixture *f)
{
  g_autoptr (RtDraft) typed = draft ("name", "Calls", "model", "usage", "metric", "interactions",
                                     "amount", "0.10", "currency", "usd", NULL);
  GError *error = NULL;
  g_autoptr (RtProduct) product = rt_product_create (f->store, typed, &error);

  g_assert_no_error (error);
  return g_strdup (product->id);
}

static void
assert_chosen (Fixture *f, const char *id, const char *price)
{
  g_autofree char *chosen = dup_chosen_price (f, id);

  g_assert_cmpstr (chosen, ==, price);
}

static void
assert_costs (Fixture *f, const char *id, const char *expected)
{
  g_autoptr (RtProduct) product = rt_store_find_product (f->store, id, NULL);
  g_autofree char *shown = rt_money_to_plain (product->amount, product->currency);

  g_assert_cmpstr (shown, ==, expected);
}

/* It was chosen, and even read, before the creation was known. */
static void
test_before_it_is_known (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autofree char *price = NULL;
  RtSyncReport report;

  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/products\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  price = choose_price (f, id, "unit_amount=9900&recurring[interval]=month");
  sync_once (f, RT_SYNC_PULL, &report, NULL);
  rt_clock_advance (f->clock, 25 * HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  assert_chosen (f, id, price);
}

/* A flat fee is not what usage costs: both stay, and only the one that was edited is made anew. */
static void
test_of_another_kind (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_usage (f);
  g_autoptr (RtDraft) typed = draft ("amount", "0.20", NULL);
  g_autofree char *price = NULL;

  sync_all (f);
  price = choose_price (f, id, "unit_amount=9900&recurring[interval]=month");
  rt_clock_advance (f->clock, HOUR);
  sync_all (f);
  assert_costs (f, id, "0.10");
  rt_product_unref (rt_product_update (f->store, id, typed, NULL));
  sync_all (f);
  assert_costs (f, id, "0.20");
  assert_chosen (f, id, price);
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 3); /* one of them the Dashboard's */
}

/* The same, chosen after a creation broke off at its last step, which makes its own price the
 * default. Whether that was done is told by what Stripe has. @data: the fault that it met. */
static void
test_of_another_kind_halfway (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_usage (f);
  g_autofree char *price = NULL;
  RtSyncReport report;

  fault (f, data);
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, NULL));
  clear_faults (f);
  price = choose_price (f, id, "unit_amount=9900&recurring[interval]=month");
  /* A moment later, it is not replaced by repeating what was lost. */
  rt_clock_advance (f->clock, HOUR / 60);
  sync_once (f, RT_SYNC_PUSH, &report, NULL);
  assert_chosen (f, id, price);
  rt_clock_advance (f->clock, HOUR);
  sync_all (f);
  assert_costs (f, id, "0.10");
  assert_chosen (f, id, price);
}

/* A new price was made, and Stripe failed at choosing it. Taken back before anybody looked whether
 * that was done. @data: the fault. */
static void
test_taken_back_after_fault (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autoptr (RtDraft) typed = draft ("amount", "83", NULL);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *before = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  before = dup_chosen_price (f, id);
  rt_clock_advance (f->clock, HOUR);
  rt_product_unref (rt_product_update (f->store, id, typed, NULL));
  fault (f, data);
  fault (f, "{\"fault\":\"status\",\"status\":429,\"skip\":1,\"count\":0,"
            "\"match\":\"GET /v1/products/\"}");
  sync_once (f, RT_SYNC_PUSH, &report, NULL);
  clear_faults (f);
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 2);
  g_assert_cmpuint (report.n_pending, ==, 1);
  change = only_change (f);
  g_assert_true (rt_queue_discard (f->store, change->id, TRUE, &error));
  g_assert_no_error (error);
  rt_clock_advance (f->clock, HOUR);
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 0);
  assert_chosen (f, id, before);
}

typedef struct
{
  const char *form;   /* what somebody chooses in the Dashboard */
  const char *fields; /* what is in conflict then */
  const char *mine;   /* what is decided to be as typed */
  const char *result; /* what new clients pay */
} Terms;

static const Terms terms[] = {
  { "unit_amount=4900&currency=usd&recurring[interval]=year", "period ", "period",
    "usd 5900 month 1" },
  { "unit_amount=4900&currency=usd&recurring[interval]=year", "period ", "", "usd 5900 year 1" },
  { "unit_amount=4900&currency=eur&recurring[interval]=month", "currency ", "currency",
    "usd 5900 month 1" },
  { "unit_amount=4900&currency=eur&recurring[interval]=month", "currency ", "",
    "eur 5900 month 1" },
  { "unit_amount=9900&currency=usd&recurring[interval]=month&recurring[interval_count]=3",
    "amount period_count ", "amount", "usd 5900 month 3" },
  { "unit_amount=9900&currency=usd&recurring[interval]=month&recurring[interval_count]=3",
    "amount period_count ", "", "usd 9900 month 3" },
};

static char *
dup_conflicts (Fixture *f, const RtChange *change)
{
  g_autoptr (GPtrArray) conflicts = rt_conflict_list (f->store, change->seq, NULL);
  GString *fields = g_string_new (NULL);

  for (guint i = 0; i < conflicts->len; i++)
    g_string_append_printf (fields, "%s ",
                            ((RtConflictField *) g_ptr_array_index (conflicts, i))->field);
  return g_string_free (fields, FALSE);
}

/* What the product costs by default at Stripe. */
static char *
dup_cost (Fixture *f, const char *id)
{
  g_autofree char *price = dup_chosen_price (f, id);
  g_autofree char *path = g_strconcat ("/v1/prices/", price, NULL);
  g_autoptr (JsonObject) object = outside (f, "GET", path, NULL);
  JsonObject *recurring = rt_json_object (object, "recurring");
  gint64 amount = 0, count = 0;

  rt_json_int (object, "unit_amount", &amount);
  rt_json_int (recurring, "interval_count", &count);
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT,
                          rt_json_string (object, "currency"), amount,
                          rt_json_string (recurring, "interval"), count);
}

/* 59 a month was typed over 49 a month: nobody made it 59 a year, or 59 euros. */
static void
test_terms (Fixture *f, gconstpointer data)
{
  const Terms *expected = data;
  g_autofree char *id = add_product (f, "Care");
  g_autoptr (RtDraft) typed = draft ("amount", "59", NULL);
  g_autoptr (RtChange) change = NULL;
  g_autofree char *form = NULL;
  g_autofree char *fields = NULL;
  g_autofree char *cost = NULL;
  const char *mine[] = { *expected->mine != '\0' ? expected->mine : NULL, NULL };
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_update (f->store, id, typed, NULL));
  rt_clock_advance (f->clock, HOUR);
  form = g_strconcat (expected->form, "&tax_behavior=exclusive", NULL);
  g_free (choose_price (f, id, form));
  g_assert_cmpuint (sync_both (f).n_conflicts, ==, 1);
  change = only_change (f);
  fields = dup_conflicts (f, change);
  g_assert_cmpstr (fields, ==, expected->fields);
  g_assert_true (rt_conflict_resolve (f->store, change->id, mine, &error));
  g_assert_no_error (error);
  sync_all (f);
  cost = dup_cost (f, id);
  g_assert_cmpstr (cost, ==, expected->result);
}

/* Somebody chose another price, which was seen; then the amount is typed that an own price has
 * still, of another period or with another tax: that one is not what was typed. Found by the
 * simulator. @data: what is chosen. */
static void
test_same_number (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "Care");
  g_autoptr (RtDraft) typed = draft ("amount", "49", NULL);
  g_autofree char *price = NULL;
  g_autofree char *path = NULL;
  g_autoptr (JsonObject) theirs = NULL;
  g_autoptr (JsonObject) mine = NULL;

  sync_all (f);
  assert_costs (f, id, "49.00");
  g_free (choose_price (f, id, data));
  rt_clock_advance (f->clock, HOUR);
  sync_all (f);
  assert_costs (f, id, "99.00");
  rt_product_unref (rt_product_update (f->store, id, typed, NULL));
  sync_all (f);
  assert_costs (f, id, "49.00");
  price = dup_chosen_price (f, id);
  path = g_strconcat ("/v1/prices/", price, NULL);
  mine = outside (f, "GET", path, NULL);
  g_assert_cmpint (count_requests (f, "POST /v1/prices"), ==, 3);
  g_assert_nonnull (strstr (data, rt_json_string (rt_json_object (mine, "recurring"), "interval")));
  g_assert_nonnull (strstr (data, rt_json_string (mine, "tax_behavior")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/chosen-price/b14-before-it-is-known", test_before_it_is_known);
  ADD ("/chosen-price/b14-of-another-kind", test_of_another_kind);
  g_test_add ("/chosen-price/b14-of-another-kind-halfway/put-off", Fixture,
              "{\"fault\":\"status\",\"status\":429,\"match\":\"POST /v1/products/\",\"count\":0}",
              fixture_set_up, test_of_another_kind_halfway, fixture_tear_down);
  g_test_add ("/chosen-price/b14-of-another-kind-halfway/lost", Fixture,
              "{\"fault\":\"drop_before\",\"match\":\"POST /v1/products/\",\"count\":0}",
              fixture_set_up, test_of_another_kind_halfway, fixture_tear_down);
  g_test_add (
      "/chosen-price/b13-taken-back-after-fault/executed", Fixture,
      "{\"fault\":\"execute_then_status\",\"status\":500,\"count\":1,\"should_retry\":false,"
      "\"match\":\"POST /v1/products/\"}",
      fixture_set_up, test_taken_back_after_fault, fixture_tear_down);
  g_test_add ("/chosen-price/b13-taken-back-after-fault/not-executed", Fixture,
              "{\"fault\":\"status\",\"status\":500,\"count\":1,\"should_retry\":false,"
              "\"match\":\"POST /v1/products/\"}",
              fixture_set_up, test_taken_back_after_fault, fixture_tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      g_autofree char *path = g_strdup_printf ("/chosen-price/b14-terms/%u", i);

      g_test_add (path, Fixture, &terms[i], fixture_set_up, test_terms, fixture_tear_down);
    }
  g_test_add ("/chosen-price/same-number/period", Fixture,
              "unit_amount=9900&recurring[interval]=year&tax_behavior=exclusive", fixture_set_up,
              test_same_number, fixture_tear_down);
  g_test_add ("/chosen-price/same-number/tax", Fixture,
              "unit_amount=9900&recurring[interval]=month&tax_behavior=inclusive", fixture_set_up,
              test_same_number, fixture_tear_down);
  return g_test_run ();
}
