/* What is typed reaches the disk: in order, and when the disk takes it. */
#include "rt-draft-keeper.h"

#include "ui-fixture.h"

/* From here on no draft can be written. */
static void
break_disk (Fixture *fixture)
{
  run_sql (fixture, "CREATE TRIGGER broken BEFORE INSERT ON draft"
                    " BEGIN SELECT raise (ABORT, 'the disk is full'); END");
}

static void
mend_disk (Fixture *fixture)
{
  run_sql (fixture, "DROP TRIGGER broken");
}

static void
type (RtDraftKeeper *keeper, const char *name)
{
  RtDraft *draft = rt_draft_new (RT_NUMBER_LOCALE);

  rt_draft_set (draft, "name", name);
  rt_draft_keeper_keep (keeper, draft);
}

static void
assert_on_disk (Fixture *fixture, const char *name)
{
  g_autoptr (RtDraft) kept = rt_store_dup_draft (fixture->store, "product", NULL, RT_NUMBER_LOCALE);

  g_assert_cmpstr (kept != NULL ? rt_draft_get (kept, "name") : NULL, ==, name);
}

static gboolean
is_all_written (gpointer unused)
{
  return !rt_draft_keeper_has_unwritten ();
}

static gboolean
has_problem (gpointer keeper)
{
  return rt_draft_keeper_get_problem (keeper) != NULL;
}

static gboolean
has_no_problem (gpointer keeper)
{
  return rt_draft_keeper_get_problem (keeper) == NULL;
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      type (keeper, text);
    }
  g_assert_true (rt_draft_keeper_has_unwritten ());
  iterate_until (is_all_written, NULL);
  assert_on_disk (fixture, "19");
  assert_finalize (keeper);
}

static void
assert_draft (RtDraftKeeper *keeper, const char *name)
{
  g_autoptr (RtDraft) draft = rt_draft_keeper_dup_draft (keeper);

  g_assert_cmpstr (draft != NULL ? rt_draft_get (draft, "name") : NULL, ==, name);
}

static void
test_save (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);
  RtDraftKeeper *again;

  type (keeper, "saved");
  assert_draft (keeper, "saved");
  rt_draft_keeper_begin_save (keeper);
  g_test_message ("a form that is opened meanwhile does not offer it");
  again = rt_draft_keeper_open (fixture->store, "product", NULL);
  g_assert_true (again == keeper);
  g_object_unref (again);
  assert_draft (keeper, NULL);
  rt_draft_keeper_forget (keeper);
  rt_draft_keeper_end_save (keeper);
  g_assert_false (rt_draft_keeper_has_unwritten ());
  assert_draft (keeper, NULL);
  assert_on_disk (fixture, NULL);
  assert_finalize (keeper);
}

static void
test_failed_save (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  type (keeper, "refused");
  rt_draft_keeper_begin_save (keeper);
  rt_draft_keeper_end_save (keeper);
  assert_draft (keeper, "refused");
  iterate_until (is_all_written, NULL);
  assert_on_disk (fixture, "refused");
  assert_finalize (keeper);
}

/* In a form that was opened while the first one's was being saved. */
static void
test_typed_since (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  type (keeper, "saved");
  rt_draft_keeper_begin_save (keeper);
  type (keeper, "more");
  rt_draft_keeper_forget (keeper);
  rt_draft_keeper_end_save (keeper);
  assert_draft (keeper, "more");
  iterate_until (is_all_written, NULL);
  assert_on_disk (fixture, "more");
  assert_finalize (keeper);
}

/* What cannot be forgotten holds nothing up. */
static void
test_unforgotten (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  type (keeper, "saved");
  iterate_until (is_all_written, NULL);
  run_sql (fixture, "CREATE TRIGGER broken BEFORE DELETE ON draft"
                    " BEGIN SELECT raise (ABORT, 'the disk is full'); END");
  rt_draft_keeper_begin_save (keeper);
  rt_draft_keeper_forget (keeper);
  rt_draft_keeper_end_save (keeper);
  g_assert_false (rt_draft_keeper_has_unwritten ());
  assert_on_disk (fixture, "saved");
  mend_disk (fixture);
  assert_finalize (keeper);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
}

/* Nothing holds a process that has written all. */
static void
test_hurry (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  type (keeper, "half");
  rt_draft_keeper_flush_all (keeper, flushed_cb);
  iterate_until (is_all_written, NULL);
  rt_draft_keeper_hurry (keeper);
  assert_finalize (keeper);
}

/* The form may be left meanwhile, and opened again. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtDraftKeeper) keeper = rt_draft_keeper_open (fixture->store, "product", NULL);
  g_autoptr (RtDraftKeeper) other = NULL;
  RtDraftKeeper *again;
  g_autoptr (RtDraft) draft = NULL;

  break_disk (fixture);
  type (keeper, "half");
  iterate_until (has_problem, keeper);
  rt_draft_keeper_hurry (keeper);
  g_clear_object (&keeper);

  again = rt_draft_keeper_open (fixture->store, "product", NULL);
  g_assert_nonnull (rt_draft_keeper_get_problem (again));
  draft = rt_draft_keeper_dup_draft (again);
  g_assert_cmpstr (rt_draft_get (draft, "name"), ==, "half");
  other = rt_draft_keeper_open (fixture->store, "product", "another");
  g_assert_null (rt_draft_keeper_dup_draft (other));

  mend_disk (fixture);
  rt_draft_keeper_hurry (again);
  iterate_until (has_no_problem, again);
  g_assert_false (rt_draft_keeper_has_unwritten ());
  assert_on_disk (fixture, "half");
  assert_finalize (again);
}

/* Nobody asks for it: it is tried again by itself, and what was typed since goes with it. */
static void
test_retry (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  break_disk (fixture);
  type (keeper, "half");
  iterate_until (has_problem, keeper);
  type (keeper, "more");
  mend_disk (fixture);
  iterate_until (has_no_problem, keeper);
  assert_on_disk (fixture, "more");
  assert_finalize (keeper);
}

static gboolean is_finished;

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_nonnull (strstr (error->message, "disk is full"));
  is_finished = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_abandon (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  break_disk (fixture);
  type (keeper, "half");
  rt_draft_keeper_flush_all (keeper, finished_cb);
  iterate_until (is_true, &is_finished);

  rt_draft_keeper_abandon ("/another/replica.db");
  g_assert_true (rt_draft_keeper_has_unwritten ());
  rt_draft_keeper_abandon (rt_store_get_path (fixture->store));
  g_assert_false (rt_draft_keeper_has_unwritten ());
  type (keeper, "after all");
  g_assert_false (rt_draft_keeper_has_unwritten ());
  g_test_message ("a save under way does not hold it for ever");
  rt_draft_keeper_begin_save (keeper);
  rt_draft_keeper_end_save (keeper);
  mend_disk (fixture);
  assert_on_disk (fixture, NULL);
  assert_finalize (keeper);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = init_ui (&argc, &argv);

  g_test_add ("/draft-keeper/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/draft-keeper/save", Fixture, NULL, set_up, test_save, tear_down);
  g_test_add ("/draft-keeper/failed-save", Fixture, NULL, set_up, test_failed_save, tear_down);
  g_test_add ("/draft-keeper/typed-since", Fixture, NULL, set_up, test_typed_since, tear_down);
  g_test_add ("/draft-keeper/unforgotten", Fixture, NULL, set_up, test_unforgotten, tear_down);
  g_test_add ("/draft-keeper/hurry", Fixture, NULL, set_up, test_hurry, tear_down);
  g_test_add ("/draft-keeper/failure", Fixture, NULL, set_up, test_failure, tear_down);
  g_test_add ("/draft-keeper/retry", Fixture, NULL, set_up, test_retry, tear_down);
  g_test_add ("/draft-keeper/abandon", Fixture, NULL, set_up, test_abandon, tear_down);
  return g_test_run ();
}
