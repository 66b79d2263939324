/* Pages are kept while the next are on their way: in order, each once, and no failure is missed. */

#include "rt-error.h"
#include "rt-pull-write.h"

typedef struct
{
  RtPullWrite *write;
  GThread *reader;
  GArray *kept; /* of gint64: what the pages are known by */
  guint n_batches;
  guint n_elsewhere; /* of these, in another thread */
  gint64 failing;    /* the page that cannot be kept; 0: none */
  GMutex gate;       /* held: nothing can be kept */
} Fixture;

static gboolean
keep (gpointer user_data, GPtrArray *pages, GError **error)
{
  Fixture *f = user_data;

  g_mutex_lock (&f->gate);
  f->n_batches++;
  f->n_elsewhere += g_thread_self () != f->reader ? 1 : 0;
  g_mutex_unlock (&f->gate);
  for (guint i = 0; i < pages->len; i++)
    {
      RtPage *page = g_ptr_array_index (pages, i);

      if (page->asked_at == f->failing)
        {
          rt_set_error (error, RT_ERROR_STORAGE, NULL, "full");
          return FALSE;
        }
      g_array_append_val (f->kept, page->asked_at);
    }
  return TRUE;
}

static void
set_up (Fixture *f, gconstpointer is_threaded)
{
  f->reader = g_thread_self ();
  f->kept = g_array_new (FALSE, FALSE, sizeof (gint64));
  f->write = rt_pull_write_new (is_threaded != NULL, keep, f);
  g_mutex_init (&f->gate);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  rt_pull_write_free (f->write);
  g_array_unref (f->kept);
  g_mutex_clear (&f->gate);
}

static gboolean
add (Fixture *f, gint64 number, GError **error)
{
  RtPage *page = g_new0 (RtPage, 1);

  page->objects = json_array_new ();
  page->texts = g_ptr_array_new ();
  page->splits = g_array_new (FALSE, FALSE, sizeof (gint64));
  page->asked_at = number;
  return rt_pull_write_add (f->write, page, error);
}

static void
assert_kept (Fixture *f, guint n)
{
  g_assert_cmpuint (f->kept->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_array_index (f->kept, gint64, i), ==, i + 1);
}

static void
test_order (Fixture *f, gconstpointer is_threaded)
{
  for (gint64 i = 1; i <= 100; i++)
    {
      g_assert_true (add (f, i, NULL));
      if (i % 7 == 0)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }
  g_assert_true (rt_pull_write_flush (f->write, NULL));
  assert_kept (f, 100);
  g_assert_true ((f->n_elsewhere > 0) == (is_threaded != NULL));
  g_assert_cmpuint (f->n_batches, <, 100);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
}

/* While the disk takes its time, pages are taken. */
static void
test_meanwhile (Fixture *f, gconstpointer data)
{
  g_mutex_lock (&f->gate);
  g_assert_true (add (f, 1, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (gint64 i = 2; i <= 10; i++)
    {
      g_assert_true (add (f, i, NULL));
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (f->n_batches, ==, 0);
  g_mutex_unlock (&f->gate);
  /* The end of the one write begins the other. */
  while (f->kept->len < 10)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (rt_pull_write_flush (f->write, NULL));
  assert_kept (f, 10);
  g_assert_cmpuint (f->n_batches, ==, 2);
}

static void
test_failure (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->failing = 5;
  for (gint64 i = 1; i <= 40 && error == NULL; i++)
    {
      add (f, i, &error);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_false (rt_pull_write_flush (f->write, error == NULL ? &error : NULL));
  g_assert_error (error, RT_ERROR, RT_ERROR_STORAGE);
  g_assert_cmpuint (f->kept->len, <, 5);
}

#define ADD(path, threaded, test) \
  g_test_add (path, Fixture, GINT_TO_POINTER (threaded), set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/pull-write/order/here", FALSE, test_order);
  ADD ("/pull-write/order/thread", TRUE, test_order);
  ADD ("/pull-write/meanwhile", TRUE, test_meanwhile);
  ADD ("/pull-write/failure/here", FALSE, test_failure);
  ADD ("/pull-write/failure/thread", TRUE, test_failure);
  return g_test_run ();
}
