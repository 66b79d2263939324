/* Throwing away the copy, and nothing else (TRAPS B28). */

#include "rt-conflict.h"
#include "rt-log.h"
#include "rt-store-rebuild.h"
#include "sync-fixture.h"

#define N_DRAFTS 50
#define N_SYNCED 5

static void
rebuild (Fixture *f)
{
  GError *error = NULL;

  g_assert_true (rt_sync_rebuild (f->store, NULL, &error));
  g_assert_no_error (error);
}

static void
edit (Fixture *f, const char *id, const char *field, const char *text)
{
  g_autoptr (RtDraft) typed = draft (field, text, NULL);
  GError *error = NULL;

  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  g_assert_no_error (error);
}

static guint
count_rows (Fixture *f)
{
  g_autoptr (GArray) rows = rt_store_product_rows (f->store, &(RtFilter){ 0 }, NULL);

  return rows->len;
}

static gboolean
keep_draft (Fixture *f, const char *id, const RtDraft *draft, GError **error)
{
  g_autofree char *texts = rt_draft_to_json (draft);

  return rt_store_keep_draft (f->store, "product", id, texts, error);
}

static void
keep_drafts (Fixture *f)
{
  for (guint i = 0; i < N_DRAFTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("01ARZ3NDEKTSV4RRFFQ69G%04u", i);
      g_autofree char *name = g_strdup_printf ("Draft %u", i);
      g_autoptr (RtDraft) typed = draft ("name", name, NULL);

      g_assert_true (keep_draft (f, id, typed, NULL));
    }
}

static void
assert_drafts (Fixture *f)
{
  for (guint i = 0; i < N_DRAFTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("01ARZ3NDEKTSV4RRFFQ69G%04u", i);
      g_autofree char *name = g_strdup_printf ("Draft %u", i);
      g_autoptr (RtDraft) typed = rt_store_dup_draft (f->store, "product", id, RT_NUMBER_PLAIN);

      g_assert_cmpstr (rt_draft_get (typed, "name"), ==, name);
    }
}

static void
test_b28_rebuild (Fixture *f, gconstpointer data)
{
  char *ids[N_SYNCED];
  g_autofree char *coupon = add_coupon (f, "Used", "USED");
  g_autofree char *client = add_client (f, "Anna");
  RtSyncReport report;
  g_autoptr (GPtrArray) lines = NULL;

  for (guint i = 0; i < N_SYNCED; i++)
    ids[i] = add_base_with_usage (f, "Synced");
  sync_all (f);
  json_object_unref (outside (f, "DELETE", "/v1/coupons/USED", NULL));
  sync_all (f);
  keep_drafts (f);
  /* Ten changes: of something synced, and new ones. */
  for (guint i = 0; i < 3; i++)
    edit (f, ids[i], i == 0 ? "overage" : "name", i == 0 ? "0.07" : "Renamed");
  for (guint i = 0; i < 7; i++)
    g_free (add_product (f, "New"));
  rebuild (f);
  g_assert_cmpuint (count_changes (f), ==, 10);
  g_assert_cmpuint (count_rows (f), ==, 10);
  g_assert_true (rt_store_has_coupon_code (f->store, "USED"));
  assert_drafts (f);
  {
    g_autoptr (RtProduct) product = rt_store_find_product (f->store, ids[1], NULL);

    g_assert_cmpstr (product->name, ==, "Renamed");
    g_assert_cmpint (product->state, ==, RT_STATE_QUEUED);
    g_assert_cmpint (product->included, ==, 1000);
  }
  lines = rt_log_list (f->store, 1, NULL);
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (lines, 0))->event, ==, "rebuilt");
  fixture_reopen (f);
  report = sync_all (f);
  g_assert_cmpuint (report.n_pushed, ==, 10);
  g_assert_true (report.is_full);
  g_assert_cmpint (count_objects (f, "product"), ==, N_SYNCED + 7);
  g_assert_cmpuint (count_rows (f), ==, N_SYNCED + 7);
  assert_no_double (f);
  assert_drafts (f);
  for (guint i = 0; i < N_SYNCED; i++)
    {
      g_assert_cmpint (product_state (f, ids[i]), ==, RT_STATE_SYNCED);
      g_free (ids[i]);
    }
  rt_client_unref (get_client (f, client)); /* under the id that it always had */
  g_assert_cmpuint (sync_all (f).n_pushed, ==, 0);
}

/* Whatever happens to the answers: nothing is sent before Stripe was read. */
static void
test_b28_pull_first (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  edit (f, id, "name", "Two");
  rebuild (f);
  fault (f, "{\"fault\":\"status\",\"status\":500,\"match\":\"GET /v1/products?\",\"count\":0}");
  fault (f, "{\"fault\":\"status\",\"status\":500,\"match\":\"GET /v1/products\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  g_assert_cmpuint (report.n_pushed, ==, 0);
  clear_faults (f);
  g_assert_cmpuint (sync_all (f).n_pushed, ==, 1);
}

/* What was under way with an unknown end keeps its key. */
static void
test_b28_unknown (Fixture *f, gconstpointer data)
{
  RtSyncReport report;
  GError *error = NULL;

  g_free (add_client (f, "Anna"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/customers\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  rebuild (f);
  clear_faults (f);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "customer"), ==, 1);
  assert_no_double (f);
}

/* A conflict is still one, with all its sides. */
static void
test_b28_conflict (Fixture *f, gconstpointer data)
{
  g_autofree char *id = add_product (f, "One");
  g_autofree char *path = g_strdup_printf ("/v1/products/rtn_p_%s", id);
  g_autoptr (RtChange) change = NULL;
  g_autoptr (GPtrArray) fields = NULL;
  RtSyncReport report;
  GError *error = NULL;

  sync_all (f);
  edit (f, id, "name", "Mine");
  json_object_unref (outside (f, "POST", path, "name=Theirs"));
  sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
  g_assert_cmpuint (report.n_conflicts, ==, 1);
  rebuild (f);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&change, rt_change_unref);
      g_clear_pointer (&fields, g_ptr_array_unref);
      change = only_change (f);
      g_assert_cmpint (change->state, ==, RT_STATE_CONFLICT);
      fields = rt_conflict_list (f->store, change->seq, &error);
      g_assert_cmpuint (fields->len, ==, 1);
      sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (report.n_conflicts, ==, 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/rebuild/b28-rebuild", test_b28_rebuild);
  ADD ("/rebuild/b28-pull-first", test_b28_pull_first);
  ADD ("/rebuild/b28-unknown", test_b28_unknown);
  ADD ("/rebuild/b28-conflict", test_b28_conflict);
  return g_test_run ();
}
