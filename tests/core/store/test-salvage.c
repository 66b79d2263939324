/* What is saved from a damaged file, and what crashes and other processes do to the exchange. */

#include <glib/gstdio.h>
#include <string.h>

#include "rt-change.h"
#include "rt-db.h"
#include "rt-queue-send.h"
#include "rt-queue.h"
#include "rt-store.h"
#include "store-fixture.h"

#define N_CHANGES 60

static void
add_product (Fixture *f, guint number, const char *description)
{
  g_autofree char *id = g_strdup_printf ("01ARZ3NDEKTSV4RRFFQ69G%04u", number);
  g_autofree char *name = g_strdup_printf ("Product %04u", number);
  g_autofree char *text
      = g_strdup_printf ("{\"name\":\"%s\",\"model\":\"base\",\"amount\":\"1.00\","
                         "\"currency\":\"usd\",\"period\":\"month\",\"tax\":\"exclusive\","
                         "\"description\":\"%s\"}",
                         name, description);
  g_autoptr (JsonObject) fields = rt_json_parse (text, -1, NULL);
  GError *error = NULL;

  g_assert_true (rt_store_begin (f->store, &error));
  rt_queue_add (f->store, &(RtEdit){ "create", "product", id, name, fields }, &error);
  g_assert_no_error (error);
  g_assert_true (rt_store_end (f->store, TRUE, &error));
}

static void
add_products (Fixture *f)
{
  for (guint i = 0; i < N_CHANGES; i++)
    add_product (f, i, "as typed");
}

static void
break_bytes (Fixture *f, gsize at, gsize n)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_clear_object (&f->store);
  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  g_assert_cmpuint (at + n, <=, length);
  for (gsize i = at; i < at + n; i++)
    bytes[i] ^= 0x55;
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
}

/* In place: others have it open. */
static void
write_byte (Fixture *f, gsize at, char byte)
{
  FILE *file = g_fopen (f->path, "r+");

  g_assert_cmpint (fseek (file, (long) at, SEEK_SET), ==, 0);
  g_assert_cmpint (fputc (byte, file), !=, EOF);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* The first byte of each page says what it is. */
static void
break_page (Fixture *f, gsize page)
{
  break_bytes (f, page * RT_DB_PAGE_SIZE, 1);
}

static gsize
root_of (Fixture *f, const char *name)
{
  g_autoptr (RtDb) db = rt_db_open (f->path, TRUE, NULL);
  gint64 root = 0;

  g_assert_true (rt_db_get_int (db, &root, NULL,
                                "SELECT rootpage FROM sqlite_schema WHERE name = ?1", "s", name));
  g_assert_cmpint (root, >, 0);
  return (gsize) root - 1;
}

/* The page of a table's leaf on which @text stands. */
static gsize
leaf_with (Fixture *f, const char *text, const char *more)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_clear_object (&f->store);
  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  g_assert_nonnull (bytes);
  for (gsize i = 1; i < length / RT_DB_PAGE_SIZE; i++)
    {
      const char *page = bytes + i * RT_DB_PAGE_SIZE;

      if (*page == 13 && memmem (page, RT_DB_PAGE_SIZE, text, strlen (text)) != NULL
          && memmem (page, RT_DB_PAGE_SIZE, more, strlen (more)) != NULL)
        return i;
    }
  g_assert_not_reached ();
}

static guint
set_aside (Fixture *f)
{
  g_autoptr (GPtrArray) changes = NULL;
  GError *error = NULL;

  f->store = rt_store_open (f->path, f->clock, &error);
  g_assert_null (f->store);
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
  f->store = rt_store_set_aside (f->path, f->clock, &error);
  g_assert_no_error (error);
  changes = rt_change_list (f->store, &error);
  g_assert_no_error (error);
  g_assert_true (rt_store_check (f->store, &error));
  g_assert_no_error (error);
  return changes->len;
}

static guint
count_aside (Fixture *f)
{
  g_autoptr (GDir) folder = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (folder)) != NULL)
    n += g_str_has_prefix (name, "replica.db.damaged-") && !g_str_has_suffix (name, "-wal");
  return n;
}

/* A leaf costs the rows on it, not those behind it; its first byte costs nothing. */
static void
test_leaf (Fixture *f, gconstpointer data)
{
  gsize leaf;
  guint n_left;

  add_products (f);
  /* The only table that has both the action and the object of a change. */
  leaf = leaf_with (f, "Product 0030", "createproduct");
  break_page (f, leaf);
  g_assert_cmpuint (set_aside (f), ==, N_CHANGES);
  g_clear_object (&f->store);
  leaf = leaf_with (f, "Product 0030", "createproduct");
  break_bytes (f, leaf * RT_DB_PAGE_SIZE, RT_DB_PAGE_SIZE);
  n_left = set_aside (f);
  g_test_message ("%u of %u", n_left, N_CHANGES);
  g_assert_cmpuint (n_left, <, N_CHANGES);
  g_assert_cmpuint (n_left, >, N_CHANGES / 2);
}

/* What is above the leaves, an index or the schema costs nothing. */
static void
test_roots (Fixture *f, gconstpointer data)
{
  static const char *const trees[]
      = { "change", "request", "change_open", "product_by_created", "product" };

  add_products (f);
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    {
      g_test_message ("%s", trees[i]);
      g_clear_object (&f->store);
      break_page (f, root_of (f, trees[i]));
      g_assert_cmpuint (set_aside (f), ==, N_CHANGES);
    }
  g_assert_cmpuint (count_aside (f), ==, G_N_ELEMENTS (trees));
}

/* A file that was damaged before this version came to it: its rows lack the newest column. */
static void
test_older (Fixture *f, gconstpointer data)
{
  RtDb *db;
  GError *error = NULL;

  add_products (f);
  g_clear_object (&f->store);
  db = rt_db_open (f->path, TRUE, &error);
  g_assert_no_error (error);
  rt_db_run (db, &error, "ALTER TABLE change DROP COLUMN own", "");
  g_assert_no_error (error);
  g_assert_true (rt_db_run (db, &error, "PRAGMA user_version = 5", ""));
  g_clear_pointer (&db, rt_db_close);
  break_page (f, root_of (f, "change"));
  g_assert_cmpuint (set_aside (f), ==, N_CHANGES);
}

static void
test_header (Fixture *f, gconstpointer data)
{
  add_products (f);
  break_page (f, 0);
  g_assert_cmpuint (set_aside (f), ==, N_CHANGES);
}

/* Longer than a page: a chain of them, in the file and in the journal. */
static void
test_journal (Fixture *f, gconstpointer data)
{
  g_autofree char *description = g_strnfill (20000, 'x');
  g_autofree char *journal = g_strconcat (f->path, "-wal", NULL);
  g_autofree char *kept = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (RtProduct) product = NULL;
  gsize length, kept_length;

  add_products (f);
  g_clear_object (&f->store);
  fixture_open (f);
  add_product (f, N_CHANGES, description);
  /* As a crash leaves it, but for the damage. */
  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  g_assert_true (g_file_get_contents (journal, &kept, &kept_length, NULL));
  g_clear_object (&f->store);
  bytes[0] ^= 0x55;
  bytes[RT_DB_PAGE_SIZE] ^= 0x55;
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
  g_assert_true (g_file_set_contents (journal, kept, (gssize) kept_length, NULL));
  g_assert_cmpuint (set_aside (f), ==, N_CHANGES + 1);
  product = rt_store_find_product (f->store, "Product 0060", NULL);
  g_assert_nonnull (product);
  g_assert_cmpstr (product->description, ==, description);
}

/* A change under way that has lost its requests is neither done nor sent half. */
static void
test_lost_requests (Fixture *f, gconstpointer data)
{
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtChange) change = NULL;
  g_autofree char *pull_first = NULL;
  GError *error = NULL;

  add_product (f, 1, "");
  request = claim (f);
  break_page (f, root_of (f, "request"));
  g_assert_cmpuint (set_aside (f), ==, 1);
  change = rt_change_find (f->store, "01ARZ3NDEKTSV4RRFFQ69G0001", &error);
  g_assert_no_error (error);
  g_assert_cmpint (change->state, ==, RT_STATE_REJECTED);
  g_assert_cmpstr (change->error_code, ==, "salvaged");
  g_assert_nonnull (change->error_message);
  pull_first = rt_store_dup_setting (f->store, "pull-first");
  g_assert_cmpstr (pull_first, ==, "yes");
  g_assert_true (rt_queue_discard (f->store, change->id, FALSE, &error));
  g_assert_no_error (error);
}

/* With its requests it goes on where it was, with the same keys. */
static void
test_kept_requests (Fixture *f, gconstpointer data)
{
  g_autoptr (RtRequest) request = NULL;
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;
  const RtRequest *first;

  add_product (f, 1, "");
  request = claim (f);
  break_page (f, root_of (f, "product"));
  g_assert_cmpuint (set_aside (f), ==, 1);
  change = rt_change_find (f->store, "01ARZ3NDEKTSV4RRFFQ69G0001", &error);
  g_assert_cmpint (change->state, ==, RT_STATE_SENDING);
  first = g_ptr_array_index (change->requests, 0);
  g_assert_cmpstr (first->idempotency_key, ==, request->idempotency_key);
  g_assert_cmpstr (first->body, ==, request->body);
}

/* What was discarded does not come back from pages that are free now. */
static void
test_deleted (Fixture *f, gconstpointer data)
{
  GError *error = NULL;

  add_products (f);
  for (guint i = 0; i < N_CHANGES - 1; i++)
    {
      g_autofree char *id = g_strdup_printf ("01ARZ3NDEKTSV4RRFFQ69G%04u", i);

      rt_queue_discard (f->store, id, FALSE, &error);
      g_assert_no_error (error);
    }
  break_page (f, root_of (f, "change"));
  g_assert_cmpuint (set_aside (f), <=, 1);
}

/* Met by a statement alone: the next to open knows, though the file looks whole to it. */
static void
test_found_later (Fixture *f, gconstpointer data)
{
  RtFilter filter = { .sort = RT_SORT_NEWEST };
  g_autoptr (GArray) rows = NULL;
  g_autofree char *whole = NULL;
  GError *error = NULL;
  RtStore *store;
  gsize length, root;

  add_products (f);
  g_clear_object (&f->store);
  root = root_of (f, "product_by_created");
  g_assert_true (g_file_get_contents (f->path, &whole, &length, NULL));
  fixture_open (f);
  store = g_steal_pointer (&f->store);
  write_byte (f, root * RT_DB_PAGE_SIZE, (char) (whole[root * RT_DB_PAGE_SIZE] ^ 0x55));
  rows = rt_store_product_rows (store, &filter, &error);
  g_assert_null (rows);
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
  g_object_unref (store);
  write_byte (f, root * RT_DB_PAGE_SIZE, whole[root * RT_DB_PAGE_SIZE]);
  g_assert_cmpuint (set_aside (f), ==, N_CHANGES);
  g_clear_object (&f->store);
  fixture_open (f);
}

/* Whatever is there, a replica comes of it. */
static void
test_noise (Fixture *f, gconstpointer data)
{
  GRand *random = g_rand_new_with_seed (7);
  g_autofree char *whole = NULL;
  gsize length;

  add_products (f);
  g_clear_object (&f->store);
  g_assert_true (g_file_get_contents (f->path, &whole, &length, NULL));
  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *bytes = g_memdup2 (whole, length);
      GError *error = NULL;

      for (guint n = 0; n < 1u << i % 12; n++)
        bytes[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int (random);
      bytes[0] ^= 0x55;
      g_clear_object (&f->store);
      g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
      f->store = rt_store_set_aside (f->path, f->clock, &error);
      g_assert_no_error (error);
    }
  g_rand_free (random);
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  g_autoptr (RtStore) other = NULL;

  add_products (f);
  other = rt_store_set_aside (f->path, f->clock, NULL);
  g_assert_nonnull (other);
  g_assert_cmpuint (count_aside (f), ==, 0);
}

static gpointer
set_aside_thread (gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (RtStore) store = rt_store_set_aside (f->path, f->clock, NULL);
  g_autoptr (GPtrArray) changes = store != NULL ? rt_change_list (store, NULL) : NULL;

  return GUINT_TO_POINTER (changes != NULL ? changes->len : 0);
}

static void
test_parallel (Fixture *f, gconstpointer data)
{
  GThread *threads[4];

  add_products (f);
  break_page (f, root_of (f, "product"));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("set-aside", set_aside_thread, f);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, N_CHANGES);
  g_assert_cmpuint (count_aside (f), ==, 1);
}

/* One that had it open cannot write into what was set aside. */
static void
test_replaced (Fixture *f, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (f->path, ".elsewhere", NULL);
  GError *error = NULL;

  g_assert_cmpint (g_rename (f->path, aside), ==, 0);
  g_assert_false (rt_store_begin (f->store, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_STORAGE);
  g_clear_error (&error);
}

/* A crash while the new one is filled, and one between the two names. */
static void
test_crashes (Fixture *f, gconstpointer data)
{
  g_autofree char *fresh = g_strconcat (f->path, ".new", NULL);
  g_autofree char *salvaged = g_strconcat (f->path, ".salvaged", NULL);

  add_products (f);
  break_page (f, root_of (f, "product"));
  g_assert_true (g_file_set_contents (fresh, "half", -1, NULL));
  g_assert_cmpuint (set_aside (f), ==, N_CHANGES);
  g_assert_false (g_file_test (fresh, G_FILE_TEST_EXISTS));
  g_clear_object (&f->store);
  g_assert_cmpint (g_rename (f->path, salvaged), ==, 0);
  g_assert_true (g_file_set_contents (f->path, "the damaged one", -1, NULL));
  g_assert_cmpuint (set_aside (f), ==, N_CHANGES);
  g_assert_false (g_file_test (salvaged, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_aside (f), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/salvage/leaf", test_leaf);
  ADD ("/salvage/roots", test_roots);
  ADD ("/salvage/older", test_older);
  ADD ("/salvage/header", test_header);
  ADD ("/salvage/journal", test_journal);
  ADD ("/salvage/lost-requests", test_lost_requests);
  ADD ("/salvage/kept-requests", test_kept_requests);
  ADD ("/salvage/deleted", test_deleted);
  ADD ("/salvage/found-later", test_found_later);
  ADD ("/salvage/d1-noise", test_noise);
  ADD ("/salvage/whole", test_whole);
  ADD ("/salvage/parallel", test_parallel);
  ADD ("/salvage/replaced", test_replaced);
  ADD ("/salvage/crashes", test_crashes);
  return g_test_run ();
}
