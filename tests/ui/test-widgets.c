/* Every widget: built, read back, gone without a trace. And the list model behind the pages.
 * lint: long, because each of them is included */
#include "rt-account-page.h"
#include "rt-backup-page.h"
#include "rt-backup.h"
#include "rt-bar.h"
#include "rt-change-row.h"
#include "rt-client-actions.h"
#include "rt-client-form.h"
#include "rt-conflict-page.h"
#include "rt-conflict-row.h"
#include "rt-coupon-actions.h"
#include "rt-coupon-form.h"
#include "rt-desk-text.h"
#include "rt-field.h"
#include "rt-id-list.h"
#include "rt-key-dialog.h"
#include "rt-list-page.h"
#include "rt-log-page.h"
#include "rt-log.h"
#include "rt-outbox-page.h"
#include "rt-page-header.h"
#include "rt-product-form.h"
#include "rt-progress.h"
#include "rt-split.h"
#include "rt-time.h"
#include "rt-upkeep.h"
#include "rt-verify-page.h"
#include "rt-window.h"
#include "ui-fixture.h"

static RtCoupon *
add_coupon (RtStore *store, const char *name)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GError) error = NULL;
  RtCoupon *coupon;

  rt_draft_set (draft, "name", name);
  rt_draft_set (draft, "percent", "20");
  coupon = rt_coupon_create (store, draft, &error);
  g_assert_no_error (error);
  return coupon;
}

static RtClient *
add_client (RtStore *store, const char *name)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GError) error = NULL;
  RtClient *client;

  rt_draft_set (draft, "name", name);
  rt_draft_set (draft, "country", "DE");
  client = rt_client_create (store, draft, &error);
  g_assert_no_error (error);
  return client;
}

/* In a window, drawn, and gone again. */
static void
check_widget (GtkWidget *widget)
{
  GtkWidget *window = gtk_window_new ();

  g_object_ref_sink (widget);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (widget) || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
  gtk_window_set_child (GTK_WINDOW (window), NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  assert_finalize (widget);
}

static void
test_pages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) product = add_product (fixture->store, "Voice <b>&</b>");
  g_autoptr (RtCoupon) coupon = add_coupon (fixture->store, "Welcome");
  g_autoptr (RtClient) client = add_client (fixture->store, "Anna");

  check_widget (rt_list_page_new (fixture->desk, rt_area_find ("customer")));
  check_widget (rt_list_page_new (fixture->desk, rt_area_find ("product")));
  check_widget (rt_list_page_new (fixture->desk, rt_area_find ("coupon")));
  check_widget (rt_outbox_page_new (fixture->desk));
  check_widget (rt_account_page_new (fixture->desk, fixture->workspace));
}

static void
test_forms (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) product = add_product (fixture->store, "Voice");
  g_autoptr (RtCoupon) coupon = add_coupon (fixture->store, "Welcome");
  g_autoptr (RtClient) client = add_client (fixture->store, "Anna");

  check_widget (rt_client_form_new (fixture->desk, NULL));
  check_widget (rt_client_form_new (fixture->desk, client->id));
  check_widget (rt_product_form_new (fixture->desk, NULL));
  check_widget (rt_product_form_new (fixture->desk, product->id));
  check_widget (rt_coupon_form_new (fixture->desk, NULL));
  check_widget (rt_coupon_form_new (fixture->desk, coupon->id));
  g_test_message ("one that has gone meanwhile is no new one");
  g_assert_null (rt_client_form_new (fixture->desk, "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
  g_assert_null (rt_product_form_new (fixture->desk, "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
  g_assert_null (rt_coupon_form_new (fixture->desk, "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
}

static gboolean
says_more (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget)
      && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), "and 9801 more changes"))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says_more (child))
      return TRUE;
  return FALSE;
}

/* Of so many that wait, only what is shown is read. */
static void
test_long_outbox (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) product = add_product (fixture->store, "Voice");
  GtkWidget *page = g_object_ref_sink (rt_outbox_page_new (fixture->desk));
  GtkWidget *window = gtk_window_new ();

  run_sql (fixture,
           "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000) "
           "INSERT INTO change (id, action, object, object_id, name, fields, state, created_at) "
           "SELECT 'c' || n, action, object, object_id, name, fields, state, created_at "
           "FROM change, n");
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  while (!says_more (page))
    g_main_context_iteration (NULL, TRUE);
  gtk_window_set_child (GTK_WINDOW (window), NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  assert_finalize (page);
}

static void
count_changed_cb (guint *n_changed)
{
  (*n_changed)++;
}

/* @input in a row of a group, as in a form. */
static GtkWidget *
group_new (GtkWidget *input)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_action_row_new ();

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), input);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return g_object_ref_sink (group);
}

static void
check_field (RtField *field, const char *const *texts)
{
  guint n_changed = 0;

  g_signal_connect_swapped (field, "changed", G_CALLBACK (count_changed_cb), &n_changed);
  for (; *texts != NULL; texts++)
    {
      rt_field_set_text (field, *texts);
      g_assert_cmpstr (rt_field_get_text (field), ==, *texts);
    }
  g_test_message ("only a person changes a field");
  g_assert_cmpuint (n_changed, ==, 0);
  g_signal_handlers_disconnect_by_data (field, &n_changed);
}

static void
test_fields (void)
{
  static const char *const countries[] = { "", "DE", "XK", "US", "XK", "", NULL };
  static const char *const lines[] = { "", "one\ntwo\n", "", NULL };
  GtkWidget *country = gtk_drop_down_new (NULL, NULL);
  GtkWidget *notes = gtk_text_view_new ();
  g_autoptr (GtkWidget) country_group = group_new (country);
  g_autoptr (GtkWidget) notes_group = group_new (notes);
  RtField *field = rt_field_new_country ("country", GTK_DROP_DOWN (country));
  guint n_changed = 0;

  g_test_message ("a country that is in no list stays as it is");
  check_field (field, countries);
  g_assert_finalize_object (field);
  field = rt_field_new_lines ("notes", GTK_TEXT_VIEW (notes));
  check_field (field, lines);
  g_signal_connect_swapped (field, "changed", G_CALLBACK (count_changed_cb), &n_changed);
  gtk_text_buffer_insert_at_cursor (gtk_text_view_get_buffer (GTK_TEXT_VIEW (notes)), "x", 1);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_finalize_object (field);
}

static void
test_parts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) product = add_product (fixture->store, "Voice");
  g_autoptr (RtChange) change = rt_change_find (fixture->store, product->id, NULL);
  GtkWidget *row = rt_change_row_new ();
  GtkWidget *bar = g_object_new (RT_TYPE_BAR, NULL);
  GtkWidget *header = g_object_new (RT_TYPE_PAGE_HEADER, "title", "A & B", NULL);
  g_autofree char *title = NULL;

  rt_change_row_set_change (RT_CHANGE_ROW (row), change, change->created_at);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==,
                   "Create product “Voice”");
  check_widget (row);
  rt_bar_show (RT_BAR (bar), "Text", "_Button", "win.set-reachable(true)");
  rt_bar_show (RT_BAR (bar), "Text", "_Button", "win.enter-key");
  check_widget (bar);
  rt_page_header_set_desk (RT_PAGE_HEADER (header), fixture->desk);
  g_object_get (header, "title", &title, NULL);
  g_assert_cmpstr (title, ==, "A & B");
  check_widget (header);
}

static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) product = add_product (fixture->store, "Voice");
  g_autoptr (RtChange) change = rt_change_find (fixture->store, product->id, NULL);
  GtkWidget *row = rt_conflict_row_new ("name", "Name", "A", "<b>B</b>", "C");
  GtkWidget *same = rt_conflict_row_new ("name", "Name", "A", "<b>B</b>", "C");
  GtkWidget *other = rt_conflict_row_new ("name", "Name", "A", "<b>B</b>", "D");
  guint n_chosen = 0;

  g_object_ref_sink (row);
  g_test_message ("no default");
  g_assert_cmpint (rt_conflict_row_get_side (RT_CONFLICT_ROW (row)), ==, RT_CONFLICT_UNDECIDED);
  g_signal_connect_swapped (row, "chosen", G_CALLBACK (count_changed_cb), &n_chosen);
  rt_conflict_row_set_side (RT_CONFLICT_ROW (row), RT_CONFLICT_THEIRS);
  rt_conflict_row_set_side (RT_CONFLICT_ROW (row), RT_CONFLICT_MINE);
  g_assert_cmpint (rt_conflict_row_get_side (RT_CONFLICT_ROW (row)), ==, RT_CONFLICT_MINE);
  g_assert_cmpuint (n_chosen, >=, 2);
  g_assert_true (rt_conflict_row_is_same (RT_CONFLICT_ROW (row), RT_CONFLICT_ROW (same)));
  g_assert_false (rt_conflict_row_is_same (RT_CONFLICT_ROW (row), RT_CONFLICT_ROW (other)));
  check_widget (same);
  check_widget (other);
  assert_finalize (row);
  g_test_message ("a change that is in no conflict, and one that has gone");
  check_widget (rt_conflict_page_new (fixture->desk, change->id));
  check_widget (rt_conflict_page_new (fixture->desk, "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
}

static void
test_upkeep (Fixture *fixture, gconstpointer data)
{
  GtkWidget *upkeep = g_object_new (RT_TYPE_UPKEEP, NULL);

  g_assert_true (rt_store_set_setting (fixture->store, "rate", "7", NULL));
  rt_upkeep_set_desk (RT_UPKEEP (upkeep), fixture->desk);
  check_widget (upkeep);
  g_test_message ("without and with something to show");
  check_widget (rt_log_page_new (fixture->desk));
  check_widget (rt_backup_page_new (fixture->desk));
  rt_log_note (fixture->store, "verified", NULL, 0);
  rt_backup_free (rt_backup_create (fixture->store, NULL, NULL));
  check_widget (rt_log_page_new (fixture->desk));
  check_widget (rt_backup_page_new (fixture->desk));
  g_test_message ("closed while it runs");
  check_widget (rt_verify_page_new (fixture->desk));
}

static void
test_progress (void)
{
  GtkWidget *progress = g_object_new (RT_TYPE_PROGRESS, NULL);

  rt_progress_set_action (RT_PROGRESS (progress), "win.cancel-sync");
  rt_progress_show (RT_PROGRESS (progress), NULL, 0, 0);
  rt_progress_show (RT_PROGRESS (progress), "Because", 12, 0);
  rt_progress_hide (RT_PROGRESS (progress));
  g_assert_false (gtk_widget_get_visible (progress));
  rt_progress_show (RT_PROGRESS (progress), "Because", 30, 20);
  g_assert_true (gtk_widget_get_visible (progress));
  check_widget (progress);
}

static gboolean
is_length (gpointer data)
{
  return g_list_model_get_n_items (data) == 2;
}

static void
count_cb (guint *n, guint position, guint n_removed, guint n_added)
{
  *n += n_removed + n_added;
}

static void
test_id_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) first = add_product (fixture->store, "Alpha");
  g_autoptr (RtProduct) second = NULL;
  RtIdList *list = rt_id_list_new (fixture->store, rt_area_find ("product"));
  g_autoptr (RtListItem) item = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (RtListItem) same = g_list_model_get_item (G_LIST_MODEL (list), 0);
  const RtFilter filter = { .search = "nothing of that" };
  guint n_changed = 0;

  g_assert_true (item == same);
  g_assert_cmpstr (rt_list_item_get_id (item), ==, first->id);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_changed);
  second = add_product (fixture->store, "Beta");
  iterate_until (is_length, list);
  g_test_message ("only what is new is told");
  g_assert_cmpuint (n_changed, ==, 1);
  g_clear_object (&same);
  same = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (item == same);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 2));

  rt_id_list_set_filter (list, &filter);
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_test_message ("an item outlives its list");
  assert_finalize (list);
  g_assert_cmpstr (rt_list_item_get_id (item), ==, first->id);
}

static gboolean
has_problem (gpointer list)
{
  return rt_id_list_get_problem (list) != NULL;
}

static gboolean
has_no_problem (gpointer list)
{
  return rt_id_list_get_problem (list) == NULL;
}

/* A list that cannot be read is not an empty one. */
static void
test_id_list_failure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) product = add_product (fixture->store, "Alpha");
  RtIdList *list = rt_id_list_new (fixture->store, rt_area_find ("product"));
  g_autoptr (RtIdList) second = NULL;
  const RtFilter filter = { .search = NULL };

  run_sql (fixture, "ALTER TABLE product RENAME TO elsewhere");
  rt_id_list_set_filter (list, &filter);
  iterate_until (has_problem, list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  second = rt_id_list_new (fixture->store, rt_area_find ("product"));
  g_assert_nonnull (rt_id_list_get_problem (second));

  run_sql (fixture, "ALTER TABLE elsewhere RENAME TO product");
  rt_id_list_set_filter (list, &filter);
  iterate_until (has_no_problem, list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  assert_finalize (list);
}

/* After a rebuild the same row may be another object. */
static void
test_list_item (void)
{
  g_autoptr (RtListItem) item = rt_list_item_new (1, "a", "Same", "name", RT_STATE_SYNCED, FALSE);
  g_autoptr (RtListItem) other = rt_list_item_new (1, "b", "Same", "name", RT_STATE_SYNCED, FALSE);
  guint n_told = 0;

  g_signal_connect_swapped (item, "notify::id", G_CALLBACK (count_changed_cb), &n_told);
  rt_list_item_become (item, other);
  g_assert_cmpstr (rt_list_item_get_id (item), ==, "b");
  g_assert_cmpuint (n_told, ==, 1);
}

static gboolean
is_title (gpointer item)
{
  g_autofree char *title = NULL;

  g_object_get (item, "title", &title, NULL);
  return g_str_equal (title, "Alpha again");
}

static void
test_id_list_update (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RtProduct) product = add_product (fixture->store, "Alpha");
  g_autoptr (RtProduct) renamed = NULL;
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (RtIdList) list = rt_id_list_new (fixture->store, rt_area_find ("product"));
  g_autoptr (RtListItem) item = g_list_model_get_item (G_LIST_MODEL (list), 0);

  rt_draft_set (draft, "name", "Alpha again");
  renamed = rt_product_update (fixture->store, product->id, draft, NULL);
  g_assert_nonnull (renamed);
  iterate_until (is_title, item);
}

static gboolean
is_folded (gpointer window)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *split = focus != NULL ? gtk_widget_get_ancestor (focus, RT_TYPE_SPLIT) : NULL;
  gboolean folded = FALSE;

  if (split != NULL)
    g_object_get (split, "folded", &folded, NULL);
  return folded && !g_main_context_pending (NULL);
}

/* A phone is 360 pixels wide; the frame around the window is none of its own there. */
static void
check_width (GtkWindow *window, const char *what)
{
  GtkWidget *content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));
  int minimum;

  gtk_widget_measure (content, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("%s: %d", what, minimum);
  g_assert_cmpint (minimum, <=, 360);
}

static void
test_width (Fixture *fixture, gconstpointer data)
{
  static const char *const pages[] = { "clients", "products", "coupons", "outbox", "account" };
  static const char *const forms[] = { "customer", "product", "coupon" };
  GtkWindow *window
      = rt_window_new (ADW_APPLICATION (g_application_get_default ()), fixture->workspace);

  gtk_window_set_default_size (window, 360, 640);
  gtk_window_present (window);
  iterate_until (is_folded, window);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", pages[i]);
      check_width (window, pages[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.edit", "(ss)", forms[i], "");
      check_width (window, forms[i]);
    }
  gtk_window_destroy (window);
}

/* How much higher a bar is for its button. */
static int
cost_of_button (RtBar *bar, int width)
{
  const char *text = "The key lacks a permission. Stripe says which one, and that takes a while.";
  int with = 0, without = 0;

  rt_bar_show (bar, text, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (bar), GTK_ORIENTATION_VERTICAL, width, &without, NULL, NULL,
                      NULL);
  rt_bar_show (bar, text, "_Enter Another Key…", "win.enter-key");
  gtk_widget_measure (GTK_WIDGET (bar), GTK_ORIENTATION_VERTICAL, width, &with, NULL, NULL, NULL);
  return with - without;
}

/* Where it is narrow, the button stands below the text, which is not squeezed. */
static void
test_bar (void)
{
  GtkWidget *bar = g_object_ref_sink (g_object_new (RT_TYPE_BAR, NULL));

  g_assert_cmpint (cost_of_button (RT_BAR (bar), 340), >, 36);
  g_assert_cmpint (cost_of_button (RT_BAR (bar), 340), <, 60);
  g_assert_cmpint (cost_of_button (RT_BAR (bar), 1000), <, 20);
  g_assert_finalize_object (bar);
}

/* Right to left the sidebar stands on the right. */
static void
test_direction (Fixture *fixture, gconstpointer data)
{
  GtkWidget *split = g_object_new (RT_TYPE_SPLIT, NULL);
  GtkWidget *sidebar = gtk_label_new ("sidebar");
  GtkWidget *content = gtk_label_new ("content");
  GtkBuildableIface *iface = GTK_BUILDABLE_GET_IFACE (split);
  graphene_rect_t place;

  iface->add_child (GTK_BUILDABLE (split), NULL, G_OBJECT (sidebar), "sidebar");
  iface->add_child (GTK_BUILDABLE (split), NULL, G_OBJECT (content), "content");
  g_object_ref_sink (split);
  gtk_widget_set_direction (split, GTK_TEXT_DIR_RTL);
  gtk_widget_size_allocate (split, &(GtkAllocation){ 0, 0, 1000, 600 }, -1);
  g_assert_true (gtk_widget_compute_bounds (sidebar, split, &place));
  g_assert_cmpfloat (place.origin.x + place.size.width, ==, 1000);
  gtk_widget_set_direction (split, GTK_TEXT_DIR_LTR);
  gtk_widget_size_allocate (split, &(GtkAllocation){ 0, 0, 1000, 600 }, -1);
  g_assert_true (gtk_widget_compute_bounds (sidebar, split, &place));
  g_assert_cmpfloat (place.origin.x, ==, 0);
  gtk_widget_size_allocate (split, &(GtkAllocation){ 0, 0, 699, 600 }, -1);
  g_assert_true (gtk_widget_get_child_visible (sidebar));
  g_assert_false (gtk_widget_get_child_visible (content));
  g_assert_finalize_object (split);
}

static void
test_windows (Fixture *fixture, gconstpointer data)
{
  GtkWindow *dialog;
  GtkWindow *window;

  window = rt_window_new (ADW_APPLICATION (g_application_get_default ()), fixture->workspace);
  gtk_window_present (window);
  dialog = g_object_ref (rt_key_dialog_new (window, fixture->workspace, NULL));
  gtk_window_present (dialog);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  gtk_window_destroy (dialog);
  g_assert_finalize_object (dialog);
  g_object_ref (window);
  gtk_window_destroy (window);
  while (G_OBJECT (window)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (window);
}

static void
test_time (void)
{
  const gint64 now = 1700000000 * (gint64) G_USEC_PER_SEC;
  static const struct
  {
    gint64 age;
    const char *text;
  } cases[] = {
    { 0, "just now" },         { 59, "just now" },     { -30, "just now" },
    { 60, "1 min ago" },       { 3599, "59 min ago" }, { 3600, "1 hour ago" },
    { 86399, "23 hours ago" }, { 86400, "11/13/23" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rt_time_to_text (now - cases[i].age * G_USEC_PER_SEC, now);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_clock (void)
{
  static const struct
  {
    gint64 seconds;
    const char *text;
  } cases[] = {
    { 61, "1 minute fast" },         { -119 * 60, "119 minutes slow" }, { 7200, "2 hours fast" },
    { -47 * 3600, "47 hours slow" }, { 86400 * 365, "365 days fast" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rt_desk_text_dup_clock (cases[i].seconds);

      g_assert_nonnull (strstr (text, cases[i].text));
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = init_ui (&argc, &argv);

  g_test_add ("/ui/pages", Fixture, NULL, set_up, test_pages, tear_down);
  g_test_add ("/ui/forms", Fixture, NULL, set_up, test_forms, tear_down);
  g_test_add ("/ui/long-outbox", Fixture, NULL, set_up, test_long_outbox, tear_down);
  g_test_add_func ("/ui/fields", test_fields);
  g_test_add ("/ui/parts", Fixture, NULL, set_up, test_parts, tear_down);
  g_test_add ("/ui/conflict", Fixture, NULL, set_up, test_conflict, tear_down);
  g_test_add_func ("/ui/progress", test_progress);
  g_test_add ("/ui/upkeep", Fixture, NULL, set_up, test_upkeep, tear_down);
  g_test_add ("/ui/windows", Fixture, NULL, set_up, test_windows, tear_down);
  g_test_add ("/ui/width", Fixture, NULL, set_up, test_width, tear_down);
  g_test_add ("/ui/direction", Fixture, NULL, set_up, test_direction, tear_down);
  g_test_add ("/ui/id-list/change", Fixture, NULL, set_up, test_id_list, tear_down);
  g_test_add ("/ui/id-list/update", Fixture, NULL, set_up, test_id_list_update, tear_down);
  g_test_add ("/ui/id-list/failure", Fixture, NULL, set_up, test_id_list_failure, tear_down);
  g_test_add_func ("/ui/list-item", test_list_item);
  g_test_add_func ("/ui/bar", test_bar);
  g_test_add_func ("/ui/time", test_time);
  g_test_add_func ("/ui/clock", test_clock);
  return g_test_run ();
}
