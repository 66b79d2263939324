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

static gboolean is_finished;

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
  is_finished = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* As a form does it; @is_good: whether it can be saved. */
static void
save (Fixture *fixture, RtDraftKeeper *keeper, gboolean is_good)
{
  GError *error = NULL;

  is_finished = FALSE;
  rt_draft_keeper_begin_save (keeper);
  g_assert_true (rt_draft_keeper_is_saving (fixture->store, "product", NULL));
  g_assert_false (rt_draft_keeper_is_saving (fixture->store, "product", "another"));
  g_assert_true (rt_store_begin (fixture->store, &error));
  is_good = rt_draft_keeper_forget (keeper, fixture->store, &error) && is_good;
  g_test_message ("what is written now does not bring it back");
  rt_draft_keeper_flush_all (keeper, flushed_cb);
  is_good = rt_store_end (fixture->store, is_good, &error);
  iterate_until (is_true, &is_finished);
  rt_draft_keeper_end_save (keeper, is_good);
  g_assert_false (rt_draft_keeper_is_saving (fixture->store, "product", NULL));
  g_clear_error (&error);
}

static void
test_save (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  type (keeper, "saved");
  assert_draft (keeper, "saved");
  save (fixture, keeper, TRUE);
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
  save (fixture, keeper, FALSE);
  assert_draft (keeper, "refused");
  iterate_until (is_all_written, NULL);
  assert_on_disk (fixture, "refused");
  assert_finalize (keeper);
}

/* What cannot be forgotten is not saved: else it would be offered, and saved, once more. */
static void
test_unforgotten (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);
  GError *error = NULL;

  type (keeper, "kept");
  iterate_until (is_all_written, NULL);
  run_sql (fixture, "CREATE TRIGGER broken BEFORE DELETE ON draft"
                    " BEGIN SELECT raise (ABORT, 'the disk is full'); END");
  g_assert_true (rt_store_begin (fixture->store, NULL));
  g_assert_false (rt_draft_keeper_forget (keeper, fixture->store, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (rt_store_end (fixture->store, TRUE, NULL));
  rt_draft_keeper_end_save (keeper, FALSE);
  assert_draft (keeper, "kept");
  mend_disk (fixture);
  assert_finalize (keeper);
}

/* A replica that was opened anew takes what the old one could not. */
static void
test_reopened (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);
  RtStore *anew = rt_store_open (rt_store_get_path (fixture->store),
                                 rt_store_get_clock (fixture->store), NULL);
  g_autoptr (RtDraftKeeper) again = NULL;

  break_disk (fixture);
  type (keeper, "half");
  iterate_until (has_problem, keeper);
  again = rt_draft_keeper_open (anew, "product", NULL);
  g_assert_true (again == keeper);
  mend_disk (fixture);
  iterate_until (is_all_written, NULL);
  assert_on_disk (fixture, "half");
  g_clear_object (&again);
  assert_finalize (keeper);
  assert_finalize (anew);
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

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_nonnull (strstr (error->message, "disk is full"));
  is_finished = TRUE;
}

static void
test_abandon (Fixture *fixture, gconstpointer data)
{
  RtDraftKeeper *keeper = rt_draft_keeper_open (fixture->store, "product", NULL);

  break_disk (fixture);
  type (keeper, "half");
  is_finished = FALSE;
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
  rt_draft_keeper_end_save (keeper, TRUE);
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
  g_test_add ("/draft-keeper/reopened", Fixture, NULL, set_up, test_reopened, tear_down);
  g_test_add ("/draft-keeper/unforgotten", Fixture, NULL, set_up, test_unforgotten, tear_down);
  g_test_add ("/draft-keeper/hurry", Fixture, NULL, set_up, test_hurry, tear_down);
  g_test_add ("/draft-keeper/failure", Fixture, NULL, set_up, test_failure, tear_down);
  g_test_add ("/draft-keeper/retry", Fixture, NULL, set_up, test_retry, tear_down);
  g_test_add ("/draft-keeper/abandon", Fixture, NULL, set_up, test_abandon, tear_down);
  return g_test_run ();
}
