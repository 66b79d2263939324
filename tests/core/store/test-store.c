/* The view, drafts, settings, notes of change, and what is saved from a damaged file. */

#include <glib/gstdio.h>
#include <string.h>

#include "rt-change.h"
#include "rt-log.h"
#include "rt-queue.h"
#include "rt-store.h"
#include "store-fixture.h"

static void
add_product (Fixture *f, const char *id, const char *name)
{
  g_autofree char *text
      = g_strdup_printf ("{\"name\":\"%s\",\"model\":\"base\",\"amount\":\"1.00\","
                         "\"currency\":\"usd\",\"period\":\"month\",\"tax\":\"exclusive\"}",
                         name);
  g_autoptr (JsonObject) fields = rt_json_parse (text, -1, NULL);
  GError *error = NULL;

  g_assert_true (rt_store_begin (f->store, &error));
  rt_queue_add (f->store, &(RtEdit){ "create", "product", id, name, fields }, &error);
  g_assert_no_error (error);
  g_assert_true (rt_store_end (f->store, TRUE, &error));
}

static guint
count (Fixture *f, const char *search)
{
  RtFilter filter = { .search = search };
  GError *error = NULL;
  g_autoptr (GArray) rows = rt_store_product_rows (f->store, &filter, &error);

  g_assert_no_error (error);
  return rows->len;
}

static void
test_search (Fixture *f, gconstpointer data)
{
  add_product (f, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "Voice Überall");
  add_product (f, "01ARZ3NDEKTSV4RRFFQ69G5FAW", "Chat basic");
  g_assert_cmpuint (count (f, NULL), ==, 2);
  g_assert_cmpuint (count (f, ""), ==, 2);
  g_assert_cmpuint (count (f, "vo"), ==, 1);
  g_assert_cmpuint (count (f, "uber"), ==, 1);
  g_assert_cmpuint (count (f, "basic chat"), ==, 1);
  g_assert_cmpuint (count (f, "zzz"), ==, 0);
  /* What FTS5 would take for a query language is plain text here. */
  g_assert_cmpuint (count (f, "\" OR name:*"), ==, 0);
  g_assert_cmpuint (count (f, "vo\" -("), ==, 1);
  g_assert_cmpuint (count (f, "'; DROP TABLE product; --"), ==, 0);
  g_assert_cmpuint (count (f, NULL), ==, 2);
}

static void
test_order_and_pages (Fixture *f, gconstpointer data)
{
  RtFilter filter = { .sort = RT_SORT_NAME, .limit = 1, .offset = 1 };
  g_autoptr (GArray) rows = NULL;
  g_autoptr (RtProduct) product = NULL;

  add_product (f, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "beta");
  add_product (f, "01ARZ3NDEKTSV4RRFFQ69G5FAW", "Alpha");
  rows = rt_store_product_rows (f->store, &filter, NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  product = rt_store_get_product (f->store, g_array_index (rows, gint64, 0));
  g_assert_cmpstr (product->name, ==, "beta");
  g_assert_null (rt_store_get_product (f->store, 4711));
}

static void
changed_cb (RtStore *store, guint what, gpointer user_data)
{
  *(guint *) user_data |= what;
}

static void
test_changed (Fixture *f, gconstpointer data)
{
  guint what = 0;

  g_signal_connect (f->store, "changed", G_CALLBACK (changed_cb), &what);
  add_product (f, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "One");
  g_assert_cmpuint (what, ==, 0);
  while (what == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (what, ==, RT_STORE_PRODUCTS | RT_STORE_QUEUE);
}

/* A note that is never delivered keeps no file open: all is in the file, not in a journal. */
static void
test_closed (Fixture *f, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (f->path, "-wal", NULL);

  add_product (f, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "One");
  g_assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));
  g_clear_object (&f->store);
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
}

/* What another process wrote is noticed. */
static void
test_poll (Fixture *f, gconstpointer data)
{
  g_autoptr (RtStore) other = rt_store_open (f->path, f->clock, NULL);
  guint what = 0;

  g_signal_connect (f->store, "changed", G_CALLBACK (changed_cb), &what);
  rt_store_poll (f->store);
  g_assert_true (rt_store_set_setting (other, "a", "b", NULL));
  rt_store_poll (f->store);
  while (what == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (what, ==, RT_STORE_ALL);
}

static void
test_undone (Fixture *f, gconstpointer data)
{
  g_autofree char *value = NULL;

  g_assert_true (rt_store_begin (f->store, NULL));
  g_assert_true (rt_store_set_setting (f->store, "a", "b", NULL));
  value = rt_store_dup_setting (f->store, "a");
  g_assert_cmpstr (value, ==, "b");
  g_assert_false (rt_store_end (f->store, FALSE, NULL));
  g_free (value);
  value = rt_store_dup_setting (f->store, "a");
  g_assert_null (value);
}

static gboolean
keep_draft (Fixture *f, const char *id, const RtDraft *draft, GError **error)
{
  g_autofree char *texts = rt_draft_to_json (draft);

  return rt_store_keep_draft (f->store, "product", id, texts, error);
}

static void
test_drafts (Fixture *f, gconstpointer data)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_LOCALE);
  g_autoptr (RtDraft) kept = NULL;
  GError *error = NULL;

  rt_draft_set (draft, "name", "half");
  g_assert_true (keep_draft (f, NULL, draft, &error));
  g_clear_object (&f->store);
  fixture_open (f);
  kept = rt_store_dup_draft (f->store, "product", NULL, RT_NUMBER_LOCALE);
  g_assert_cmpstr (rt_draft_get (kept, "name"), ==, "half");
  g_assert_null (rt_store_dup_draft (f->store, "product", "other", RT_NUMBER_LOCALE));
  g_assert_true (rt_store_keep_draft (f->store, "product", NULL, NULL, &error));
  g_assert_null (rt_store_dup_draft (f->store, "product", NULL, RT_NUMBER_LOCALE));

  g_test_message ("that a field is cleared is kept, too");
  rt_draft_free (kept);
  rt_draft_set (draft, "name", "");
  g_assert_true (keep_draft (f, NULL, draft, &error));
  kept = rt_store_dup_draft (f->store, "product", NULL, RT_NUMBER_LOCALE);
  g_assert_nonnull (kept);
  g_assert_cmpstr (rt_draft_get (kept, "name"), ==, "");
}

/* Set aside, and queue, drafts and log come along. */
static void
test_set_aside (Fixture *f, gconstpointer data)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GPtrArray) log = NULL;
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (RtDraft) kept = NULL;
  GError *error = NULL;
  FILE *file;

  rt_draft_set (draft, "name", "half");
  keep_draft (f, NULL, draft, NULL);
  add_product (f, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "Queued");
  rt_log_note (f->store, "verified", NULL, 0);
  g_clear_object (&f->store);
  file = g_fopen (f->path, "r+");
  g_assert_cmpint (fputs ("damaged", file), >=, 0);
  fclose (file);
  f->store = rt_store_set_aside (f->path, f->clock, &error);
  g_assert_no_error (error);
  changes = rt_change_list (f->store, &error);
  g_assert_cmpuint (changes->len, ==, 1);
  product = rt_store_find_product (f->store, "Queued", &error);
  g_assert_no_error (error);
  g_assert_cmpint (product->state, ==, RT_STATE_QUEUED);
  kept = rt_store_dup_draft (f->store, "product", NULL, RT_NUMBER_PLAIN);
  g_assert_cmpstr (rt_draft_get (kept, "name"), ==, "half");
  g_assert_true (rt_store_check (f->store, &error));
  log = rt_log_list (f->store, 0, &error);
  g_assert_cmpuint (log->len, ==, 2);
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 0))->event, ==, "salvaged");
  g_assert_cmpstr (((RtLogEntry *) g_ptr_array_index (log, 1))->event, ==, "verified");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/search", test_search);
  ADD ("/store/order-and-pages", test_order_and_pages);
  ADD ("/store/changed", test_changed);
  ADD ("/store/closed", test_closed);
  ADD ("/store/poll", test_poll);
  ADD ("/store/undone", test_undone);
  ADD ("/store/drafts", test_drafts);
  ADD ("/store/set-aside", test_set_aside);
  return g_test_run ();
}
