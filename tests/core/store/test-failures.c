/* The disk says no at any moment: each step is whole or has not happened (TRAPS B20, B32, D7).
 *
 * SQLite is made to stop in its N-th operation, for every N in turn; then the step is done again
 * without a fault, and the story must end as it always does. */

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "rt-change.h"
#include "rt-queue-send.h"
#include "rt-queue.h"
#include "rt-store-object.h"
#include "rt-store.h"

/* Operations from one fault to the next: prime, so that it falls everywhere; wider under the
 * sanitizers, which are slow and look at paths. */
#ifdef __SANITIZE_ADDRESS__
#define STRIDE 997
#define MEMORY_STRIDE 211
#define MIN_FAULTS 5
#else
#define STRIDE 61
#define MEMORY_STRIDE 23
#define MIN_FAULTS 60
#endif
#define ID "01ARZ3NDEKTSV4RRFFQ69G5FAV"

static sqlite3 *connections[8];
static guint n_connections;
static gint64 n_left = -1; /* operations until the fault; negative: none */

static gboolean is_committing;

static int
committing_cb (void *user_data)
{
  is_committing = TRUE;
  return 0;
}

static int
note_connection (sqlite3 *connection, char **message, const struct sqlite3_api_routines *routines)
{
  if (n_connections < G_N_ELEMENTS (connections))
    connections[n_connections++] = connection;
  sqlite3_commit_hook (connection, committing_cb, NULL);
  return SQLITE_OK;
}

/* SQLite asks once more behind a commit, and would call one interrupted that is done. */
static int
progress_cb (void *user_data)
{
  if (is_committing)
    {
      is_committing = FALSE;
      return 0;
    }
  return n_left >= 0 && n_left-- == 0;
}

/* What fails: operations of SQLite's machine, or its allocations. */
static gboolean is_memory;
static sqlite3_mem_methods memory; /* SQLite's own */

static gboolean
is_out_of_memory (void)
{
  return is_memory && n_left >= 0 && n_left-- == 0;
}

static void *
allocate (int size)
{
  return is_out_of_memory () ? NULL : memory.xMalloc (size);
}

static void *
reallocate (void *block, int size)
{
  return is_out_of_memory () ? NULL : memory.xRealloc (block, size);
}

static void
install_memory (void)
{
  sqlite3_mem_methods failing;

  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &memory), ==, SQLITE_OK);
  failing = memory;
  failing.xMalloc = allocate;
  failing.xRealloc = reallocate;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &failing), ==, SQLITE_OK);
}

static void
arm (gint64 n)
{
  n_left = n;
  for (guint i = 0; i < n_connections && !is_memory; i++)
    sqlite3_progress_handler (connections[i], n >= 0 ? 1 : 0, progress_cb, NULL);
}

static guint
count_open (RtStore *store)
{
  g_autoptr (GPtrArray) changes = rt_change_list (store, NULL);

  return changes != NULL ? changes->len : G_MAXUINT;
}

static gboolean
queue_edit (RtStore *store, const char *action, const char *json, GError **error)
{
  g_autoptr (JsonObject) fields = rt_json_parse (json, -1, NULL);

  if (!rt_store_begin (store, error))
    return FALSE;
  return rt_store_end (store,
                       rt_queue_add (store, &(RtEdit){ action, "product", ID, "Voice", fields },
                                     error),
                       error);
}

static gboolean
create (RtStore *store, RtRequest **request, GError **error)
{
  return queue_edit (store, "create",
                     "{\"name\":\"Voice\",\"model\":\"base\",\"amount\":\"25.00\","
                     "\"currency\":\"usd\",\"period\":\"month\",\"tax\":\"exclusive\"}",
                     error);
}

static gboolean
fold (RtStore *store, RtRequest **request, GError **error)
{
  return queue_edit (store, "update", "{\"description\":\"typed\"}", error);
}

static gboolean
claim (RtStore *store, RtRequest **request, GError **error)
{
  gint64 due_at;

  g_clear_pointer (request, rt_request_free);
  return rt_queue_claim (store, request, &due_at, error);
}

static gboolean
settle_later (RtStore *store, RtRequest **request, GError **error)
{
  return rt_queue_settle_later (store, *request, RT_ATTEMPT_VAIN, 0, error);
}

static gboolean
settle_done (RtStore *store, RtRequest **request, GError **error)
{
  g_autoptr (JsonObject) answer
      = rt_json_parse ("{\"id\":\"rtn_p_" ID
                       "\",\"object\":\"product\",\"active\":true,\"name\":\"Voice\","
                       "\"description\":\"typed\",\"metadata\":{\"rtn_v\":\"1\",\"rtn_ref\":\"" ID
                       "\"}}",
                       -1, NULL);

  return rt_queue_settle_done (store, *request, &(RtSettlement){ answer, "req_1", 1, TRUE }, error);
}

static gboolean
settle_refused (RtStore *store, RtRequest **request, GError **error)
{
  return rt_queue_settle_refused (store, *request, "amount_too_large", "too large", "unit_amount",
                                  "req_2", error);
}

static gboolean
retry (RtStore *store, RtRequest **request, GError **error)
{
  return rt_queue_retry (store, ID, error);
}

static gboolean
discard (RtStore *store, RtRequest **request, GError **error)
{
  return rt_queue_discard (store, ID, TRUE, error);
}

static gboolean
recover (RtStore *store, RtRequest **request, GError **error)
{
  return rt_queue_recover (store, error) && rt_queue_wake (store, error);
}

/* Draft, edit, a busy Stripe, a product made, its price refused, tried again, taken back. */
static const struct
{
  const char *name;
  gboolean (*run) (RtStore *store, RtRequest **request, GError **error);
  guint n_open; /* changes after it */
} steps[] = {
  { "create", create, 1 },     { "fold", fold, 1 },
  { "claim", claim, 1 },       { "settle-later", settle_later, 1 },
  { "claim-again", claim, 1 }, { "settle-done", settle_done, 1 },
  { "claim-price", claim, 1 }, { "settle-refused", settle_refused, 1 },
  { "retry", retry, 1 },       { "recover", recover, 1 },
  { "discard", discard, 1 }, /* the half that Stripe has is archived by a new change */
};

/* SQLite may report that memory ran out while it tidied up behind a commit: then it is done. */
static gboolean
was_done_all_the_same (RtStore *store, const char *name)
{
  g_autoptr (RtChange) change = rt_change_find (store, ID, NULL);

  return is_memory && g_str_equal (name, "discard") && g_str_equal (change->action, "archive");
}

/* Returns: whether the fault fell into the story at all. */
static gboolean
run_story (const char *folder, gint64 n)
{
  g_autofree char *path = g_build_filename (folder, "replica.db", NULL);
  g_autoptr (RtClock) clock = rt_clock_new_fake (G_GINT64_CONSTANT (1795000000000000));
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtStore) store = NULL;
  gboolean has_failed = FALSE;

  n_connections = 0;
  store = rt_store_open (path, clock, NULL);
  arm (n);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      guint n_before = i > 0 ? steps[i - 1].n_open : 0;
      GError *error = NULL;

      if (!steps[i].run (store, &request, &error))
        {
          g_assert_nonnull (error);
          has_failed = TRUE;
          arm (-1);
          g_assert_cmpuint (count_open (store), ==, n_before);
          g_assert_true (rt_store_check (store, NULL));
          g_test_message ("operation %d, %s: %s", (int) n, steps[i].name, error->message);
          g_clear_error (&error);
          if (was_done_all_the_same (store, steps[i].name))
            continue;
          /* The index for searching may have suffered; it is made anew by the next try. */
          if (!steps[i].run (store, &request, &error))
            {
              g_test_message ("and again: %s", error->message);
              g_assert_error (error, RT_ERROR, RT_ERROR_STORAGE);
              g_clear_error (&error);
              steps[i].run (store, &request, &error);
            }
          g_assert_no_error (error);
        }
      if (n_left < 0)
        g_assert_cmpuint (count_open (store), ==, steps[i].n_open);
    }
  arm (-1);
  g_assert_true (rt_store_check (store, NULL));
  return has_failed;
}

static void
empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
}

static void
test_every (gconstpointer data)
{
  guint stride = GPOINTER_TO_UINT (data);
  g_autofree char *folder = g_dir_make_tmp ("retainer-failures-XXXXXX", NULL);
  guint n_faults = 0, n_misses = 0;

  is_memory = stride != STRIDE;
  /* Some faults are swallowed where nothing depends on the answer; a long run of them is the end.
   */
  for (gint64 n = 0; n_misses < 30; n += stride)
    {
      gboolean has_failed = run_story (folder, n);

      n_faults += has_failed;
      n_misses = has_failed ? 0 : n_misses + 1;
      empty (folder);
    }
  g_rmdir (folder);
  g_test_message ("%u faults", n_faults);
  g_assert_cmpuint (n_faults, >, MIN_FAULTS);
}

/* The place in the order of questions is read or it is an error, never a smaller one: all answers
 * would be taken for older than what is kept. */
static void
test_order (void)
{
  g_autofree char *folder = g_dir_make_tmp ("retainer-failures-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "replica.db", NULL);
  g_autoptr (RtClock) clock = rt_clock_new_fake (G_GINT64_CONSTANT (1795000000000000));
  g_autoptr (JsonObject) coupon = rt_json_parse ("{\"id\":\"x\",\"object\":\"coupon\"}", -1, NULL);
  g_autoptr (RtStore) store = NULL;
  guint n_faults = 0;

  is_memory = FALSE;
  n_connections = 0;
  store = rt_store_open (path, clock, NULL);
  g_assert_true (rt_store_begin (store, NULL));
  g_assert_true (rt_store_end (store, rt_store_put_object (store, coupon, 7, 0, NULL), NULL));
  for (gint64 n = 0; n < 40; n++)
    {
      gint64 order = 0;
      GError *error = NULL;
      gboolean is_read;

      arm (n);
      is_read = rt_store_get_order (store, &order, &error);
      arm (-1);
      n_faults += is_read ? 0 : 1;
      if (is_read)
        g_assert_cmpint (order, ==, 7);
      else
        g_assert_error (error, RT_ERROR, RT_ERROR_STORAGE);
      g_clear_error (&error);
    }
  g_assert_cmpuint (n_faults, >, 0);
  g_clear_object (&store);
  empty (folder);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  install_memory ();
  sqlite3_auto_extension ((void (*) (void)) note_connection);
  g_test_add_data_func ("/failures/b20-b32-every-operation", GUINT_TO_POINTER (STRIDE), test_every);
  g_test_add_data_func ("/failures/d8-every-allocation", GUINT_TO_POINTER (MEMORY_STRIDE),
                        test_every);
  g_test_add_func ("/failures/a7-order", test_order);
  return g_test_run ();
}
