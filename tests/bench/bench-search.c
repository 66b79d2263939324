/* A keystroke in the search of 100,000 objects against the first page without a search. */

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

#include "rt-store-object.h"

#define N_OBJECTS 100000
#define N_KEYS 50

static void
fill (RtStore *store)
{
  static const char *const words[] = { "Voice", "Chat",  "Agent",   "Support", "Booking",
                                       "Sales", "Basic", "Premium", "Setup",   "Monthly" };
  gboolean is_good = rt_store_begin (store, NULL);

  for (guint i = 0; i < N_OBJECTS && is_good; i++)
    {
      g_autoptr (JsonObject) object = json_object_new ();
      g_autofree char *id = g_strdup_printf ("c%06u", i);
      g_autofree char *name = g_strdup_printf ("%s %s %u", words[i % 10], words[i / 10 % 10], i);

      json_object_set_string_member (object, "id", id);
      json_object_set_string_member (object, "object", "coupon");
      json_object_set_string_member (object, "name", name);
      json_object_set_string_member (object, "duration", "once");
      is_good = rt_store_put_object (store, object, 1, 1, NULL);
    }
  if (!rt_store_end (store, is_good, NULL))
    g_error ("the replica could not be filled");
}

/* Microseconds of CPU for one first page. */
static double
measure (RtStore *store, const char *const *searches)
{
  clock_t started = clock ();
  guint n_pages = 0;

  for (guint i = 0; i < N_KEYS; i++)
    for (guint j = 0; searches[j] != NULL; j++, n_pages++)
      {
        RtFilter filter = { .search = *searches[j] != '\0' ? searches[j] : NULL, .limit = 50 };
        g_autoptr (GArray) rows = rt_store_coupon_rows (store, &filter, NULL);

        for (guint k = 0; k < rows->len; k++)
          rt_coupon_unref (rt_store_get_coupon (store, g_array_index (rows, gint64, k)));
      }
  return (double) (clock () - started) / CLOCKS_PER_SEC * 1e6 / n_pages;
}

int
main (void)
{
  static const char *const plain[] = { "", NULL };
  static const char *const typed[] = { "v", "vo", "voice", "voice ba", "voice basic 4", NULL };
  g_autofree char *folder = g_dir_make_tmp ("retainer-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "replica.db", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);
  g_autoptr (RtClock) clock_source = rt_clock_new_system ();
  g_autoptr (RtStore) store = rt_store_open (path, clock_source, NULL);
  double page, key;

  fill (store);
  page = measure (store, plain);
  key = measure (store, typed);
  g_print ("first page of %d: %.0f us; a keystroke: %.0f us of CPU; ratio %.1f (bar: 16,000 us)\n",
           N_OBJECTS, page, key, key / page);
  g_clear_object (&store);
  return system (remove);
}
