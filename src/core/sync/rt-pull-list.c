#include "rt-pull-list.h"

#include <glib/gi18n-lib.h>

#include "rt-log.h"
#include "rt-reader.h"
#include "rt-store-listing.h"
#include "rt-store-object.h"

#define PAGE_SIZE 100
#define STRIPE_BEGAN 1300000000 /* March 2011: no object is older */
#define MAX_REWINDS 3
#define MANY_MISSING 50

/* What is listed (API-GUIDE §3): prices in two passes, or the inactive ones are missing; their
 * tiers expanded, or overage is. Lists of one object type stand together. */
static const struct
{
  const char *object;
  const char *path;
  const char *query;
  gboolean has_created; /* the list can be asked for a span of creation time */
} lists[] = {
  { "billing.meter", "/v1/billing/meters", "", FALSE },
  { "product", "/v1/products", "", TRUE },
  { "price", "/v1/prices", "&active=true&expand[0]=data.tiers", TRUE },
  { "price", "/v1/prices", "&active=false&expand[0]=data.tiers", TRUE },
  { "coupon", "/v1/coupons", "", TRUE },
  { "customer", "/v1/customers", "", TRUE },
};

#define N_LISTS G_N_ELEMENTS (lists)

/* One read: the next page of a window of a list, or one object that a list did not show. */
typedef struct
{
  guint list;
  RtListingWindow *window; /* (owned) (nullable) */
  char *id;                /* (owned) (nullable): of the single object */
  guint n_rewinds;
} Job;

typedef struct
{
  RtPull *pull;
  const char *object;      /* (nullable): only lists of that type */
  gint64 numbers[N_LISTS]; /* which run of each list this is */
  gboolean is_skipped[N_LISTS];
  GQueue jobs;         /* of Job: what to ask next */
  GQueue held;         /* of Job: products, until all prices are there: their views need both */
  GHashTable *cursors; /* (owned): of all pages: one that comes again would never end */
  guint n_windows;     /* asked or to be asked */
  guint n_price_windows;
  gboolean has_begun;
  guint n_running;
  guint n_read;
  guint n_known;
} Listing;

const char *const *
rt_pull_get_objects (void)
{
  static const char *objects[N_LISTS + 1];
  static gsize is_made;

  if (g_once_init_enter (&is_made))
    {
      guint n = 0;

      for (guint i = 0; i < N_LISTS; i++)
        if (n == 0 || !g_str_equal (objects[n - 1], lists[i].object))
          objects[n++] = lists[i].object;
      g_once_init_leave (&is_made, 1);
    }
  return objects;
}

static gboolean
is_wanted (guint list, const char *object)
{
  return object == NULL || g_str_equal (object, lists[list].object);
}

static char *
dup_name (guint list)
{
  return g_strconcat (lists[list].path, "?", lists[list].query, NULL);
}

char *
rt_pull_dup_path (const char *object, const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  for (guint i = 0; i < N_LISTS; i++)
    if (g_str_equal (lists[i].object, object))
      return g_strconcat (lists[i].path, "/", escaped,
                          g_str_equal (object, "price") ? "?expand[0]=tiers" : "", NULL);
  return NULL;
}

gboolean
rt_pull_restart_lists (RtStore *store, const char *object, GError **error)
{
  for (guint i = 0; i < N_LISTS; i++)
    {
      g_autofree char *name = dup_name (i);

      if (is_wanted (i, object) && !rt_store_restart_listing (store, name, error))
        return FALSE;
    }
  return TRUE;
}

static Job *
job_new (guint list, RtListingWindow *window, const char *id)
{
  Job *job = g_new0 (Job, 1);

  job->list = list;
  job->window = window;
  job->id = g_strdup (id);
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  rt_listing_window_free (job->window);
  g_free (job->id);
  g_free (job);
}

/* All lists of a type are complete: what none of them showed is asked for by itself. */
static gboolean
add_missing_of (Listing *self, guint first, GError **error)
{
  gint64 since = self->numbers[first];
  gboolean is_skipped = self->is_skipped[first];
  g_autoptr (GPtrArray) ids = NULL;
  guint n_known;

  for (guint i = first + 1; i < N_LISTS && g_str_equal (lists[i].object, lists[first].object); i++)
    {
      since = MIN (since, self->numbers[i]);
      is_skipped |= self->is_skipped[i];
    }
  if (is_skipped)
    return TRUE;
  ids = rt_store_missing (self->pull->store, lists[first].object, since, error);
  if (ids == NULL)
    return FALSE;
  n_known = rt_store_count_objects (self->pull->store, lists[first].object);
  /* A list that lost this much is more likely wrong than right (TRAPS A20). */
  if (ids->len > MANY_MISSING && ids->len > n_known / 2)
    rt_log_note (self->pull->store, "short-list", lists[first].object, ids->len);
  for (guint i = 0; i < ids->len; i++)
    g_queue_push_tail (&self->jobs, job_new (first, NULL, g_ptr_array_index (ids, i)));
  return TRUE;
}

static gboolean
add_missing (Listing *self, GError **error)
{
  for (guint i = 0; i < N_LISTS; i++)
    if (is_wanted (i, self->object)
        && (i == 0 || !g_str_equal (lists[i - 1].object, lists[i].object))
        && !add_missing_of (self, i, error))
      return FALSE;
  return TRUE;
}

static char *
dup_page_path (const Job *job)
{
  const RtListingWindow *window = job->window;
  GString *path = g_string_new (NULL);

  g_string_printf (path, "%s?limit=%d%s", lists[job->list].path, PAGE_SIZE, lists[job->list].query);
  if (window->created_from != 0)
    g_string_append_printf (path, "&created[gte]=%" G_GINT64_FORMAT, window->created_from);
  if (window->created_to != 0)
    g_string_append_printf (path, "&created[lt]=%" G_GINT64_FORMAT, window->created_to);
  if (window->cursor != NULL)
    {
      g_string_append (path, "&starting_after=");
      g_string_append_uri_escaped (path, window->cursor, NULL, FALSE);
    }
  return g_string_free (path, FALSE);
}

static char *
next (gpointer user_data, gpointer *data)
{
  Listing *self = user_data;
  Job *job = g_queue_pop_head (&self->jobs);

  if (job == NULL)
    return NULL;
  self->n_running++;
  *data = job;
  return job->id != NULL ? rt_pull_dup_path (lists[job->list].object, job->id)
                         : dup_page_path (job);
}

static void
drop (gpointer user_data, gpointer job)
{
  ((Listing *) user_data)->n_running--;
  job_free (job);
}

static gint64
created_of (JsonArray *page, guint index)
{
  gint64 created = 0;

  rt_json_int (rt_json_element (page, index), "created", &created);
  return created;
}

/* Where what is left of a window is cut in two, so that idle lanes have something to do; 0: not at
 * all. Not for less than a few pages, going by how many seconds this one took. */
static gint64
choose_split (const Listing *self, const Job *job, JsonArray *page)
{
  guint n_objects = json_array_get_length (page);
  gint64 newest = created_of (page, 0);
  gint64 oldest = created_of (page, n_objects - 1);
  gint64 from = MAX (job->window->created_from, STRIPE_BEGAN);
  gint64 split_at = from + (oldest - from) / 2;

  if (!lists[job->list].has_created || self->n_running + self->jobs.length >= RT_READER_LANES
      || oldest == 0 || oldest - from < 3 * (newest - oldest) || split_at <= from)
    return 0;
  return split_at;
}

/* Whether the list goes on behind @last as a list does: to somewhere it has not been. */
static gboolean
goes_on (Listing *self, guint list, const char *last)
{
  return last != NULL && g_hash_table_add (self->cursors, g_strdup_printf ("%u %s", list, last));
}

static gboolean
is_price (guint list)
{
  return g_str_equal (lists[list].object, "price");
}

static void
add_window (Listing *self, guint list, RtListingWindow *window)
{
  gboolean is_held = self->object == NULL && g_str_equal (lists[list].object, "product");

  self->n_windows++;
  self->n_price_windows += is_price (list) ? 1 : 0;
  g_queue_push_tail (is_held && (self->n_price_windows > 0 || !self->has_begun) ? &self->held
                                                                                : &self->jobs,
                     job_new (list, window, NULL));
}

static void
release_held (Listing *self)
{
  while (self->n_price_windows == 0 && !g_queue_is_empty (&self->held))
    g_queue_push_tail (&self->jobs, g_queue_pop_head (&self->held));
}

static gboolean
list_ended (Listing *self, guint list, GError **error)
{
  self->n_windows--;
  self->n_price_windows -= is_price (list) ? 1 : 0;
  release_held (self);
  return self->n_windows > 0 || add_missing (self, error);
}

static void
go_on_with (Listing *self, Job *job, gint64 older_from, gint64 split_at)
{
  if (split_at != 0)
    add_window (self, job->list, rt_listing_window_new (older_from, split_at));
  g_queue_push_head (&self->jobs, job_new (job->list, g_steal_pointer (&job->window), NULL));
}

static gboolean
keep_page (Listing *self, Job *job, const RtAnswer *answer, GError **error)
{
  RtPull *pull = self->pull;
  g_autofree char *name = dup_name (job->list);
  gint64 older_from = job->window->created_from;
  RtPage page = { .list = name,
                  .number = self->numbers[job->list],
                  .objects = rt_json_array (answer->json, "data"),
                  .asked_at = answer->asked_at,
                  .is_last = !rt_json_bool (answer->json, "has_more") };
  guint n_objects = page.objects != NULL ? json_array_get_length (page.objects) : 0;
  const char *last
      = n_objects > 0 ? rt_json_string (rt_json_element (page.objects, n_objects - 1), "id") : NULL;

  if (page.objects == NULL || (!page.is_last && !goes_on (self, job->list, last)))
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("A list of Stripe does not go on."));
      return FALSE;
    }
  if (!page.is_last)
    page.split_at = choose_split (self, job, page.objects);
  if (!rt_store_put_page (pull->store, &page, job->window, error))
    return FALSE;
  pull->n_pulled += n_objects;
  self->n_read += n_objects;
  if (pull->progress != NULL)
    pull->progress (self->n_read, self->n_known, pull->user_data);
  if (page.is_last)
    return list_ended (self, job->list, error);
  go_on_with (self, job, older_from, page.split_at);
  return TRUE;
}

/* A cursor whose object was deleted meanwhile answers 400 or 404 (TRAPS A12). */
static gboolean
rewind_window (Listing *self, Job *job, GError **error)
{
  g_autofree char *name = dup_name (job->list);
  Job *again;

  if (!lists[job->list].has_created)
    job->window->last_created = 0; /* all of it again */
  if (!rt_store_rewind_window (self->pull->store, name, job->window, error))
    return FALSE;
  g_hash_table_remove_all (self->cursors);
  again = job_new (job->list, g_steal_pointer (&job->window), NULL);
  again->n_rewinds = job->n_rewinds + 1;
  g_queue_push_head (&self->jobs, again);
  return TRUE;
}

static gboolean
keep_single (Listing *self, const Job *job, const RtAnswer *answer, GError **error)
{
  RtStore *store = self->pull->store;
  gboolean is_gone = answer->outcome != RT_OUTCOME_DONE || rt_json_bool (answer->json, "deleted");
  gboolean is_kept;

  if (!rt_store_begin (store, error))
    return FALSE;
  is_kept = is_gone ? rt_store_put_deleted (store, lists[job->list].object, job->id,
                                            answer->asked_at, error)
                    : rt_store_put_object (store, answer->json, answer->asked_at, 0, error);
  return rt_store_end (store, is_kept, error);
}

/* The other lists go on without one that the key may not read. */
static gboolean
skip_list (Listing *self, const Job *job, const RtAnswer *answer, GError **error)
{
  self->is_skipped[job->list] = TRUE;
  g_clear_error (&self->pull->denied);
  self->pull->denied = g_error_copy (answer->error);
  return job->id != NULL || list_ended (self, job->list, error);
}

static gboolean
settle (Listing *self, Job *job, const RtAnswer *answer, GError **error)
{
  gboolean is_done = answer->outcome == RT_OUTCOME_DONE;

  if (answer->outcome == RT_OUTCOME_PERMISSION)
    return skip_list (self, job, answer, error);
  if (job->id != NULL && (is_done || answer->status == 404))
    return keep_single (self, job, answer, error);
  if (job->id == NULL && is_done)
    return keep_page (self, job, answer, error);
  if (job->id == NULL && job->window->cursor != NULL && job->n_rewinds < MAX_REWINDS)
    return rewind_window (self, job, error);
  g_propagate_error (error, g_error_copy (answer->error));
  return FALSE;
}

static gboolean
keep (gpointer user_data, gpointer data, const RtAnswer *answer, GError **error)
{
  Listing *self = user_data;
  Job *job = data;
  gboolean is_kept;

  self->n_running--;
  is_kept = settle (self, job, answer, error);
  job_free (job);
  return is_kept;
}

static gboolean
begin (Listing *self, GError **error)
{
  for (guint i = 0; i < N_LISTS; i++)
    {
      g_autofree char *name = dup_name (i);
      g_autoptr (GPtrArray) windows = NULL;

      if (!is_wanted (i, self->object))
        continue;
      windows = rt_store_resume_listing (self->pull->store, name, &self->numbers[i], error);
      if (windows == NULL)
        return FALSE;
      while (windows->len > 0)
        add_window (self, i, g_ptr_array_steal_index (windows, 0));
      if (i == 0 || !g_str_equal (lists[i].object, lists[i - 1].object))
        self->n_known += rt_store_count_objects (self->pull->store, lists[i].object);
    }
  self->has_begun = TRUE;
  release_held (self);
  return self->n_windows > 0 || add_missing (self, error);
}

gboolean
rt_pull_lists (RtPull *pull, const char *object, GError **error)
{
  Listing self = { .pull = pull, .object = object, .jobs = G_QUEUE_INIT, .held = G_QUEUE_INIT };
  RtReader reader = {
    pull->client, rt_store_get_clock (pull->store), pull->cancellable, next, keep, drop, &self
  };
  gboolean is_read;

  self.cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  is_read = begin (&self, error) && rt_reader_run (&reader, error);
  g_queue_clear_full (&self.jobs, job_free);
  g_queue_clear_full (&self.held, job_free);
  g_hash_table_unref (self.cursors);
  return is_read;
}
