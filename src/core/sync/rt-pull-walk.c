#include "rt-pull-walk.h"

#include <glib/gi18n-lib.h>

#include "rt-reader.h"

#define PAGE_SIZE 100
#define STRIPE_BEGAN 1300000000 /* March 2011: no object is older */
#define LAST_SECOND ((gint64) G_MAXUINT32)
#define MAX_REWINDS 3
#define FEW_PAGES 4     /* that a window has at least, when what is left is cut into several */
#define MAX_DOUBLINGS 4 /* of the width of windows, where a list may end soon */
#define ENOUGH_LANES 11 /* at work: with fewer, the pace that Stripe allows is not kept */

/* What is listed (API-GUIDE §3): prices in two passes, or the inactive ones are missing; their
 * tiers expanded, or overage is. */
static const RtPullList lists[] = {
  { "billing.meter", "/v1/billing/meters", "", FALSE },
  { "product", "/v1/products", "", TRUE },
  { "price", "/v1/prices", "&active=true&expand[0]=data.tiers", TRUE },
  { "price", "/v1/prices", "&active=false&expand[0]=data.tiers", TRUE },
  { "coupon", "/v1/coupons", "", TRUE },
  { "customer", "/v1/customers", "", TRUE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (lists) == RT_PULL_N_LISTS);

/* One read: the next page of a window of a list. */
typedef struct
{
  guint list;
  RtListingWindow *window; /* (owned) (nullable) */
  guint n_rewinds;
  gint64 rewound_at; /* seconds: creation of the last object before the last rewind; 0: none */
} Job;

typedef struct
{
  RtPullWalk *walk;
  GQueue jobs;           /* of Job: what to ask next */
  GQueue held;           /* of Job: until all prices are asked for: products' views need both */
  GHashTable *cursors;   /* (owned): of all pages: one that comes again would never end */
  guint n_price_windows; /* asked or to be asked */
  RtPullWrite *write;    /* (owned) */
  gboolean has_begun;
  gboolean was_busy; /* every lane: if one has nothing to do now, prices come to their end */
  guint n_running;
  guint n_read;
  guint n_known;
} Walking;

const RtPullList *
rt_pull_walk_get_lists (void)
{
  return lists;
}

char *
rt_pull_walk_dup_name (guint list)
{
  return g_strconcat (lists[list].path, "?", lists[list].query, NULL);
}

static Job *
job_new (guint list, RtListingWindow *window)
{
  Job *job = g_new0 (Job, 1);

  job->list = list;
  job->window = window;
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  rt_listing_window_free (job->window);
  g_free (job);
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
  Walking *self = user_data;
  Job *job = g_queue_pop_head (&self->jobs);

  if (job == NULL && self->was_busy && self->n_running < ENOUGH_LANES)
    job = g_queue_pop_head (&self->held);
  if (job == NULL)
    return NULL;
  self->n_running++;
  self->was_busy = self->was_busy || self->n_running == RT_READER_LANES;
  *data = job;
  return dup_page_path (job);
}

static void
drop (gpointer user_data, gpointer job)
{
  ((Walking *) user_data)->n_running--;
  job_free (job);
}

static gint64
created_of (JsonArray *page, guint index)
{
  gint64 created = 0;

  rt_json_int (rt_json_element (page, index), "created", &created);
  return created;
}

/* Nobody knows how far back the list goes: each window is twice as wide as the one before, and the
 * last one has no end. */
static void
split_doubling (GArray *splits, guint n_idle, gint64 oldest, gint64 width)
{
  gint64 at = oldest - width;

  for (guint i = 0; i < MIN (n_idle, MAX_DOUBLINGS) && at > STRIPE_BEGAN; i++)
    {
      g_array_append_val (splits, at);
      width *= 2;
      at -= width;
    }
}

static void
split_evenly (GArray *splits, guint n_idle, gint64 oldest, gint64 from, gint64 width)
{
  gint64 n_parts = MIN ((gint64) n_idle + 1, (oldest - from) / width);

  for (gint64 i = n_parts - 1; i > 0; i--)
    {
      gint64 at = from + (oldest - from) * i / n_parts;

      g_array_append_val (splits, at);
    }
}

/* Where what is left of a window is cut, so that idle lanes have something to do, going by how many
 * seconds this page took. One idle lane waits for a second one: each cut costs half a page. */
static GArray *
choose_splits (const Walking *self, const Job *job, JsonArray *page)
{
  GArray *splits = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_waiting = self->jobs.length + (self->was_busy ? self->held.length : 0);
  guint n_busy = self->n_running + n_waiting + 1;
  gint64 newest = created_of (page, 0);
  gint64 oldest = created_of (page, json_array_get_length (page) - 1);
  gint64 width;

  if (!lists[job->list].has_created || n_busy + 1 >= RT_READER_LANES || oldest < STRIPE_BEGAN
      || newest < oldest || newest > LAST_SECOND)
    return splits;
  width = FEW_PAGES * (newest - oldest + 1);
  if (job->window->created_from == 0)
    split_doubling (splits, RT_READER_LANES - n_busy, oldest, width);
  else
    split_evenly (splits, RT_READER_LANES - n_busy, oldest, job->window->created_from, width);
  return splits;
}

/* Whether the list goes on behind @last as a list does: to somewhere it has not been. */
static gboolean
goes_on (Walking *self, guint list, const char *last)
{
  return last != NULL && g_hash_table_add (self->cursors, g_strdup_printf ("%u %s", list, last));
}

static gboolean
is_price (guint list)
{
  return g_str_equal (lists[list].object, "price");
}

static void
add_window (Walking *self, guint list, RtListingWindow *window)
{
  gboolean is_held = self->walk->object == NULL && !is_price (list)
                     && (self->n_price_windows > 0 || !self->has_begun);

  self->n_price_windows += is_price (list) ? 1 : 0;
  g_queue_push_tail (is_held ? &self->held : &self->jobs, job_new (list, window));
}

static void
release_held (Walking *self)
{
  while (self->n_price_windows == 0 && !g_queue_is_empty (&self->held))
    g_queue_push_tail (&self->jobs, g_queue_pop_head (&self->held));
}

static void
end_window (Walking *self, guint list)
{
  self->n_price_windows -= is_price (list) ? 1 : 0;
  release_held (self);
}

/* A window that has come further than when it was last rewound may be rewound again. */
static void
go_on_with (Walking *self, const RtPage *page, const Job *job)
{
  Job *next_job = job_new (job->list, rt_listing_window_copy (page->window));

  if (page->window->last_created == 0 || page->window->last_created >= job->rewound_at)
    next_job->n_rewinds = job->n_rewinds;
  next_job->rewound_at = job->rewound_at;
  for (guint i = 0; i < page->splits->len; i++)
    add_window (self, job->list, rt_page_new_window (page, i));
  g_queue_push_head (&self->jobs, next_job);
}

static RtPage *
page_new (const Walking *self, const Job *job, const RtAnswer *answer, JsonArray *objects,
          const char *last)
{
  RtPage *page = g_new0 (RtPage, 1);
  guint n_objects = json_array_get_length (objects);

  page->list = rt_pull_walk_dup_name (job->list);
  page->number = self->walk->numbers[job->list];
  page->objects = json_array_ref (objects);
  page->texts = g_ptr_array_ref (answer->texts);
  page->asked_at = answer->asked_at;
  page->is_last = !rt_json_bool (answer->json, "has_more");
  page->splits = page->is_last ? g_array_new (FALSE, FALSE, sizeof (gint64))
                               : choose_splits (self, job, objects);
  page->created_from = job->window->created_from;
  page->window
      = rt_listing_window_new (page->splits->len > 0 ? g_array_index (page->splits, gint64, 0)
                                                     : page->created_from,
                               job->window->created_to);
  page->window->cursor = g_strdup (last);
  page->window->last_created = n_objects > 0 ? created_of (objects, n_objects - 1) : 0;
  return page;
}

static gboolean
keep_page (Walking *self, Job *job, const RtAnswer *answer, GError **error)
{
  RtPull *pull = self->walk->pull;
  JsonArray *objects = rt_json_array (answer->json, "data");
  guint n_objects = objects != NULL ? json_array_get_length (objects) : 0;
  const char *last
      = n_objects > 0 ? rt_json_string (rt_json_element (objects, n_objects - 1), "id") : NULL;
  RtPage *page;

  if (objects == NULL
      || (rt_json_bool (answer->json, "has_more") && !goes_on (self, job->list, last)))
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("A list of Stripe does not go on."));
      return FALSE;
    }
  page = page_new (self, job, answer, objects, last);
  if (page->is_last)
    end_window (self, job->list);
  else
    go_on_with (self, page, job);
  pull->n_pulled += n_objects;
  self->n_read += n_objects;
  if (pull->progress != NULL)
    pull->progress (self->n_read, self->n_known, pull->user_data);
  /* The next pages are on their way meanwhile: should writing fail, they are asked for again, for
   * their windows in the replica stand where they stood. */
  return rt_pull_write_add (self->write, page, error);
}

/* A cursor whose object was deleted meanwhile answers 400 or 404 (TRAPS A12). */
static gboolean
rewind_window (Walking *self, Job *job, GError **error)
{
  g_autofree char *name = rt_pull_walk_dup_name (job->list);
  gint64 rewound_at;
  Job *again;

  rewound_at = job->window->last_created;
  if (!lists[job->list].has_created)
    job->window->last_created = 0; /* all of it again */
  if (!rt_pull_write_flush (self->write, error))
    return FALSE;
  if (!self->walk->rewind (self->walk->user_data, name, job->window, error))
    return FALSE;
  g_hash_table_remove_all (self->cursors);
  again = job_new (job->list, g_steal_pointer (&job->window));
  again->n_rewinds = job->n_rewinds + 1;
  again->rewound_at = rewound_at;
  g_queue_push_head (&self->jobs, again);
  return TRUE;
}

/* The other lists go on without one that the key may not read. */
static gboolean
settle (Walking *self, Job *job, const RtAnswer *answer, GError **error)
{
  RtPull *pull = self->walk->pull;

  if (answer->outcome == RT_OUTCOME_PERMISSION)
    {
      self->walk->is_skipped[job->list] = TRUE;
      g_clear_error (&pull->denied);
      pull->denied = g_error_copy (answer->error);
      end_window (self, job->list);
      return TRUE;
    }
  if (answer->outcome == RT_OUTCOME_DONE)
    return keep_page (self, job, answer, error);
  if (job->window->cursor != NULL && job->n_rewinds < MAX_REWINDS)
    return rewind_window (self, job, error);
  g_propagate_error (error, g_error_copy (answer->error));
  return FALSE;
}

static gboolean
keep (gpointer user_data, gpointer data, const RtAnswer *answer, GError **error)
{
  Walking *self = user_data;
  Job *job = data;
  gboolean is_kept;

  self->n_running--;
  is_kept = settle (self, job, answer, error);
  job_free (job);
  return is_kept;
}

gboolean
rt_pull_walk_is_first (const RtPullWalk *walk, guint list)
{
  return (walk->object == NULL || g_str_equal (walk->object, lists[list].object))
         && (list == 0 || !g_str_equal (lists[list - 1].object, lists[list].object));
}

gboolean
rt_pull_walk_is_whole (const RtPullWalk *walk, guint first, gint64 *since)
{
  gboolean is_whole = !walk->is_skipped[first];

  *since = walk->numbers[first];
  for (guint i = first + 1;
       i < G_N_ELEMENTS (lists) && g_str_equal (lists[i].object, lists[first].object); i++)
    {
      *since = MIN (*since, walk->numbers[i]);
      is_whole = is_whole && !walk->is_skipped[i];
    }
  return is_whole;
}

static gboolean
begin (Walking *self, GError **error)
{
  RtPullWalk *walk = self->walk;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *name = rt_pull_walk_dup_name (i);
      g_autoptr (GPtrArray) windows = NULL;

      if (walk->object != NULL && !g_str_equal (walk->object, lists[i].object))
        continue;
      windows = walk->begin (walk->user_data, name, &walk->numbers[i], error);
      if (windows == NULL)
        return FALSE;
      while (windows->len > 0)
        add_window (self, i, g_ptr_array_steal_index (windows, 0));
      if (rt_pull_walk_is_first (walk, i))
        self->n_known += rt_store_count_objects (walk->pull->store, lists[i].object);
    }
  self->has_begun = TRUE;
  release_held (self);
  return TRUE;
}

gboolean
rt_pull_walk_run (RtPullWalk *walk, GError **error)
{
  RtPull *pull = walk->pull;
  Walking self = { .walk = walk, .jobs = G_QUEUE_INIT, .held = G_QUEUE_INIT };
  RtReader reader = {
    pull->client, rt_store_get_clock (pull->store), pull->cancellable, next, keep, drop, &self
  };
  gboolean is_read, is_kept;

  self.write
      = rt_pull_write_new (rt_stripe_client_is_network (pull->client), walk->keep, walk->user_data);
  self.cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  is_read = begin (&self, error) && rt_reader_run (&reader, error);
  /* What was read before a failure is kept, too. */
  is_kept = rt_pull_write_flush (self.write, is_read ? error : NULL);
  g_queue_clear_full (&self.jobs, job_free);
  g_queue_clear_full (&self.held, job_free);
  g_hash_table_unref (self.cursors);
  rt_pull_write_free (self.write);
  return is_read && is_kept;
}
