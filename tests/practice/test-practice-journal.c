/* The practice account on disk. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "practice-fixture.h"
#include "rt-error.h"
#include "rt-json.h"

static char *
journal_path (Fixture *f)
{
  return g_build_filename (f->directory, "practice.jsonl", NULL);
}

static char *
read_all (Fixture *f, gsize *length)
{
  g_autofree char *path = journal_path (f);
  char *text;

  g_assert_true (g_file_get_contents (path, &text, length, NULL));
  return text;
}

static void
append_text (Fixture *f, const char *text)
{
  g_autofree char *path = journal_path (f);
  int fd = g_open (path, O_WRONLY | O_APPEND, 0);

  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  g_close (fd, NULL);
}

static Answer *
get (Fixture *f, const char *path)
{
  return fixture_send (f, "GET", path, NULL, NULL);
}

/* Everything is as before: objects, their order, deletions, keys, account and time. */
static void
test_reload (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = { "/v1/account",         "/v1/products",
                                       "/v1/products/gone",   "/v1/prices?expand[]=data.tiers",
                                       "/v1/coupons",         "/v1/billing/meters",
                                       "/v1/events?limit=100" };
  g_autoptr (Answer) keyed = NULL;
  g_autoptr (Answer) replayed = NULL;
  g_autoptr (Answer) lookup = NULL;
  g_autoptr (Answer) deleted = NULL;
  Answer *before[G_N_ELEMENTS (paths)];

  keyed = fixture_send (f, "POST", "/v1/products", "name=%C3%BC%22%5C&id=p", "Idempotency-Key", "k",
                        NULL);
  json_object_unref (fixture_create (f, "/v1/products", "name=b&id=gone"));
  deleted = fixture_send (f, "DELETE", "/v1/products/gone", NULL, NULL);
  json_object_unref (fixture_create (f, "/v1/prices",
                                     "product=p&currency=usd&billing_scheme=tiered&lookup_key=l"
                                     "&tiers_mode=volume&tiers[0][up_to]=inf"
                                     "&tiers[0][unit_amount_decimal]=0.000000000001"));
  json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=25.1&id=c1"));
  json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=50&id=c2"));
  json_object_unref (
      fixture_create (f, "/v1/billing/meters",
                      "display_name=m&event_name=m&default_aggregation[formula]=sum"));
  json_object_unref (fixture_create (f, "/_practice/clock", "{\"advance\":500}"));
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    before[i] = get (f, paths[i]);
  fixture_restart (f);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) after = get (f, paths[i]);

      g_assert_cmpstr (after->text, ==, before[i]->text);
      g_assert_cmpstr (answer_header (after, "Date"), ==, answer_header (before[i], "Date"));
      answer_free (before[i]);
    }
  replayed = fixture_send (f, "POST", "/v1/products", "name=%C3%BC%22%5C&id=p", "Idempotency-Key",
                           "k", NULL);
  g_assert_cmpstr (replayed->text, ==, keyed->text);
  g_assert_cmpstr (answer_header (replayed, "idempotent-replayed"), ==, "true");
  lookup = fixture_send (f, "POST", "/v1/prices",
                         "product=p&currency=usd&unit_amount=1&lookup_key=l", NULL);
  assert_refused (lookup, 400, NULL, "lookup_key");
}

/* A crash in the middle of a write, at each byte of the last line. */
static void
test_torn_line (Fixture *f, gconstpointer data)
{
  g_autofree char *path = journal_path (f);
  g_autofree char *text = NULL;
  gsize length, before;

  json_object_unref (fixture_create (f, "/v1/products", "name=a&id=kept"));
  g_free (read_all (f, &before));
  json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=5&id=torn"));
  text = read_all (f, &length);
  for (gsize cut = before + 1; cut < length; cut += 13)
    {
      g_autofree char *after = NULL;
      gsize after_length;

      g_assert_true (g_file_set_contents (path, text, (gssize) cut, NULL));
      fixture_restart (f);
      g_assert_nonnull (rt_practice_lookup (f->practice, "product", "kept"));
      g_assert_null (rt_practice_lookup (f->practice, "coupon", "torn"));
      after = read_all (f, &after_length);
      g_assert_cmpuint (after_length, ==, before);
    }
  json_object_unref (fixture_create (f, "/v1/coupons", "percent_off=5&id=torn"));
  fixture_restart (f);
  g_assert_nonnull (rt_practice_lookup (f->practice, "coupon", "torn"));
}

/* Damage before the end is not a crash's: refuse, and touch nothing. */
static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (RtPractice) second = NULL;

  append_text (f, "{\"put\":[{\"id\":\"x\"\n{\"offset\":1}\n");
  before = read_all (f, NULL);
  rt_practice_stop (f->practice);
  g_clear_object (&f->practice);
  second = rt_practice_new (f->clock, f->directory, &error);
  g_assert_null (second);
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  after = read_all (f, NULL);
  g_assert_cmpstr (after, ==, before);
  f->practice = rt_practice_new (f->clock, NULL, NULL);
}

static void
test_compaction (Fixture *f, gconstpointer data)
{
  g_autoptr (Answer) before = NULL;
  g_autoptr (Answer) after = NULL;
  gsize long_length, short_length;

  json_object_unref (fixture_create (f, "/v1/products", "name=a&id=p"));
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *form = g_strdup_printf ("name=n%u", i);

      json_object_unref (fixture_create (f, "/v1/products/p", form));
    }
  rt_clock_advance (f->clock, G_GINT64_CONSTANT (31) * 24 * 60 * 60 * G_USEC_PER_SEC);
  before = get (f, "/v1/products");
  g_free (read_all (f, &long_length));
  fixture_restart (f);
  g_free (read_all (f, &short_length));
  g_assert_cmpuint (short_length, <, long_length / 20);
  after = get (f, "/v1/products");
  g_assert_cmpstr (after->text, ==, before->text);
  json_object_unref (fixture_create (f, "/v1/products/p", "name=last"));
  fixture_restart (f);
  g_assert_cmpstr (rt_json_string (rt_practice_lookup (f->practice, "product", "p"), "name"), ==,
                   "last");
}

static void
test_lock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPractice) second = rt_practice_new (f->clock, f->directory, &error);
  g_autofree char *lock = g_build_filename (f->directory, "practice.lock", NULL);
  guint port = rt_practice_get_port (f->practice);

  g_assert_null (second);
  g_assert_error (error, RT_ERROR, RT_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpuint (rt_practice_find_running (f->directory), ==, port);
  rt_practice_stop (f->practice);
  g_assert_cmpuint (rt_practice_find_running (f->directory), ==, 0);
  g_clear_object (&f->practice);
  /* What a killed server leaves behind is nobody's port. */
  g_assert_true (g_file_set_contents (lock, "4242\n", -1, NULL));
  g_assert_cmpuint (rt_practice_find_running (f->directory), ==, 0);
  g_assert_cmpuint (rt_practice_find_running ("/nonexistent"), ==, 0);
  f->practice = rt_practice_new (f->clock, f->directory, &error);
  g_assert_no_error (error);
}

static void
test_permissions (Fixture *f, gconstpointer data)
{
  g_autofree char *inner = g_build_filename (f->directory, "inner", NULL);
  g_autoptr (RtPractice) second = rt_practice_new (f->clock, inner, NULL);
  static const char *const files[] = { "practice.jsonl", "practice.lock" };
  GStatBuf status;

  g_assert_cmpint (g_stat (inner, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0700);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (inner, files[i], NULL);

      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_clear_object (&second);
  g_assert_cmpint (g_rmdir (inner), ==, 0);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *status = user_data;
  g_autoptr (GBytes) bytes
      = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  *status = bytes != NULL ? soup_message_get_status (
                soup_session_get_async_result_message (SOUP_SESSION (source), result))
                          : 1;
}

static void
test_thread (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_build_filename (f->directory, "thread", NULL);
  RtPracticeThread *thread = rt_practice_thread_start (f->clock, directory, 0, &error);
  g_autofree char *url = NULL;
  g_autoptr (SoupMessage) message = NULL;
  static const char *const files[] = { "practice.jsonl", "practice.lock" };
  guint status = 0;

  g_assert_no_error (error);
  g_assert_null (rt_practice_thread_start (f->clock, directory, 0, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_BUSY);
  g_assert_cmpuint (rt_practice_find_running (directory), ==, rt_practice_thread_get_port (thread));
  url = g_strdup_printf ("http://127.0.0.1:%u/v1/account", rt_practice_thread_get_port (thread));
  message = soup_message_new ("GET", url);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                "Bearer " FIXTURE_KEY);
  soup_session_send_and_read_async (f->session, message, 0, NULL, finished_cb, &status);
  while (status == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (status, ==, 200);
  rt_practice_thread_stop (thread);
  g_assert_cmpuint (rt_practice_find_running (directory), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i], NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                               \
  g_test_add ("/practice/journal/" name, Fixture, NULL, fixture_set_up_on_disk, function, \
              fixture_tear_down)
  ADD ("reload", test_reload);
  ADD ("torn-line", test_torn_line);
  ADD ("damage", test_damage);
  ADD ("compaction", test_compaction);
  ADD ("lock", test_lock);
  ADD ("permissions", test_permissions);
  ADD ("thread", test_thread);
  return g_test_run ();
}
