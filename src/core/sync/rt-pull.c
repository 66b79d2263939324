#include "rt-pull.h"

#include <glib/gi18n-lib.h>

#include "rt-store-listing.h"
#include "rt-store-object.h"
#include "rt-sync-wait.h"

#define N_LANES 6
#define MAX_FAILURES 4
#define RESUME_WITHIN (3600 * (gint64) G_USEC_PER_SEC)
#define FIRST_DELAY (G_USEC_PER_SEC / 2)
#define MAX_WAIT (20 * G_USEC_PER_SEC) /* what Stripe wants later is left to the next sync */

/* What is listed (API-GUIDE §3): prices in two passes, or the inactive ones are missing; their
 * tiers expanded, or overage is. Lists of one object type stand together. */
static const struct
{
  const char *object;
  const char *path;
  const char *query;
} lists[] = {
  { "billing.meter", "/v1/billing/meters", "" },
  { "product", "/v1/products", "" },
  { "price", "/v1/prices", "&active=true&expand[0]=data.tiers" },
  { "price", "/v1/prices", "&active=false&expand[0]=data.tiers" },
  { "coupon", "/v1/coupons", "" },
  { "customer", "/v1/customers", "" },
};

#define N_LISTS G_N_ELEMENTS (lists)

typedef struct
{
  RtStore *store;
  RtStripeClient *client;
  GCancellable *cancellable;   /* (nullable) */
  RtListing listings[N_LISTS]; /* where each list stands */
  GQueue *jobs;                /* (owned) of Job: what to ask next */
  guint n_running;
  guint n_lists_left;
  guint n_failures;
  guint n_pulled;
  gboolean is_skipped[N_LISTS]; /* the key may not read it */
  gboolean was_restarted[N_LISTS];
  GHashTable *cursors; /* (owned): of all pages: one that comes again would never end */
  GError *denied;      /* (owned) (nullable): why a list was skipped */
  GError *stop;        /* (owned) (nullable) */
} Pull;

/* One read: the next page of a list, or one object that a list did not show. */
typedef struct
{
  GTask *task; /* (owned) (nullable): set while it runs */
  int list;
  char *id;      /* (owned) (nullable): of the single object */
  GSource *wait; /* (owned) (nullable): until it is tried again */
} Job;

static void pull_fill (GTask *task);

static Job *
job_new (int list, const char *id)
{
  Job *job = g_new0 (Job, 1);

  job->list = list;
  job->id = g_strdup (id);
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->task);
  if (job->wait != NULL)
    {
      g_source_destroy (job->wait);
      g_source_unref (job->wait);
    }
  g_free (job->id);
  g_free (job);
}

static void
pull_free (gpointer data)
{
  Pull *self = data;

  for (guint i = 0; i < N_LISTS; i++)
    rt_listing_clear (&self->listings[i]);
  g_queue_free_full (self->jobs, job_free);
  g_hash_table_unref (self->cursors);
  g_clear_error (&self->denied);
  g_object_unref (self->store);
  g_object_unref (self->client);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->stop);
  g_free (self);
}

static void
pull_stop (Pull *self, GError *reason)
{
  if (self->stop == NULL)
    self->stop = reason;
  else
    g_error_free (reason);
}

static char *
dup_name (int list)
{
  return g_strconcat (lists[list].path, "?", lists[list].query, NULL);
}

/* All lists are complete: what none of them showed is asked for by itself. */
static gboolean
add_missing (Pull *self, GError **error)
{
  for (guint i = 0; i < N_LISTS; i++)
    {
      gint64 since = self->listings[i].number;
      gboolean is_skipped = self->is_skipped[i];
      g_autoptr (GPtrArray) ids = NULL;

      if (i > 0 && g_str_equal (lists[i - 1].object, lists[i].object))
        continue;
      for (guint j = i + 1; j < N_LISTS && g_str_equal (lists[j].object, lists[i].object); j++)
        {
          since = MIN (since, self->listings[j].number);
          is_skipped |= self->is_skipped[j];
        }
      if (is_skipped)
        continue;
      ids = rt_store_missing (self->store, lists[i].object, since, error);
      if (ids == NULL)
        return FALSE;
      for (guint j = 0; j < ids->len; j++)
        g_queue_push_tail (self->jobs, job_new ((int) i, g_ptr_array_index (ids, j)));
    }
  return TRUE;
}

/* Whether the list goes on behind @last as a list does: to somewhere it has not been. */
static gboolean
goes_on (Pull *self, int list, const char *last)
{
  return last != NULL && g_hash_table_add (self->cursors, g_strdup_printf ("%d %s", list, last));
}

static gboolean
list_ended (Pull *self, GError **error)
{
  self->n_lists_left--;
  return self->n_lists_left > 0 || add_missing (self, error);
}

static gboolean
keep_page (Pull *self, const Job *job, const RtAnswer *answer, GError **error)
{
  RtListing *listing = &self->listings[job->list];
  JsonArray *page = rt_json_array (answer->json, "data");
  guint n_objects = page != NULL ? json_array_get_length (page) : 0;
  const char *last
      = n_objects > 0 ? rt_json_string (rt_json_element (page, n_objects - 1), "id") : NULL;
  gboolean has_more = rt_json_bool (answer->json, "has_more");
  g_autofree char *name = dup_name (job->list);

  if (page == NULL || (has_more && !goes_on (self, job->list, last)))
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("A list of Stripe does not go on."));
      return FALSE;
    }
  if (!rt_store_put_page (self->store, name, listing, page, answer->asked_at, !has_more, error))
    return FALSE;
  self->n_pulled += n_objects;
  if (!has_more)
    return list_ended (self, error);
  g_free (listing->cursor);
  listing->cursor = g_strdup (last);
  g_queue_push_head (self->jobs, job_new (job->list, NULL));
  return TRUE;
}

static gboolean
keep_single (Pull *self, const Job *job, const RtAnswer *answer, GError **error)
{
  gboolean is_gone = answer->outcome != RT_OUTCOME_DONE || rt_json_bool (answer->json, "deleted");
  gboolean is_kept;

  if (!rt_store_begin (self->store, error))
    return FALSE;
  is_kept = is_gone ? rt_store_put_deleted (self->store, lists[job->list].object, job->id,
                                            answer->asked_at, error)
                    : rt_store_put_object (self->store, answer->json, answer->asked_at, 0, error);
  return rt_store_end (self->store, is_kept, error);
}

/* A cursor whose object was deleted meanwhile answers 400: the list begins anew, once (TRAPS A12).
 */
static gboolean
restart_list (Pull *self, const Job *job, GError **error)
{
  g_autofree char *name = dup_name (job->list);

  self->was_restarted[job->list] = TRUE;
  g_hash_table_remove_all (self->cursors);
  rt_listing_clear (&self->listings[job->list]);
  if (!rt_store_begin_listing (self->store, name, -1, &self->listings[job->list], error))
    return FALSE;
  g_queue_push_head (self->jobs, job_new (job->list, NULL));
  return TRUE;
}

static gboolean
again_cb (gpointer user_data)
{
  Job *job = user_data;
  g_autoptr (GTask) task = g_object_ref (job->task);
  Pull *self = g_task_get_task_data (task);

  g_queue_push_head (self->jobs, job_new (job->list, job->id));
  self->n_running--;
  job_free (job);
  pull_fill (task);
  return G_SOURCE_REMOVE;
}

static void
try_again (Pull *self, Job *job, gint64 delay)
{
  job->wait = rt_clock_timer_new (rt_store_get_clock (self->store), delay);
  rt_sync_wake_when_cancelled (job->wait, self->cancellable);
  g_source_set_callback (job->wait, again_cb, job, NULL);
  g_source_attach (job->wait, g_task_get_context (job->task));
}

/* Whether asking again may help: nothing was decided, and Stripe can be reached. */
static gboolean
is_passing (RtOutcome outcome)
{
  return outcome == RT_OUTCOME_BUSY || outcome == RT_OUTCOME_UNCERTAIN
         || outcome == RT_OUTCOME_FAULT || outcome == RT_OUTCOME_LOST;
}

/* Settles what an answer says about a list or an object. */
static gboolean
keep_answer (Pull *self, const Job *job, RtAnswer *answer, GError **error)
{
  gboolean is_refused = answer->outcome == RT_OUTCOME_REFUSED;

  if (answer->outcome == RT_OUTCOME_DONE)
    {
      self->n_failures = 0;
      return job->id != NULL ? keep_single (self, job, answer, error)
                             : keep_page (self, job, answer, error);
    }
  if (is_refused && job->id != NULL && answer->status == 404)
    return keep_single (self, job, answer, error);
  if (is_refused && job->id == NULL && self->listings[job->list].cursor != NULL
      && !self->was_restarted[job->list])
    return restart_list (self, job, error);
  if (answer->outcome == RT_OUTCOME_PERMISSION && job->id == NULL)
    {
      /* The other lists go on without it. */
      self->is_skipped[job->list] = TRUE;
      g_clear_error (&self->denied);
      self->denied = g_error_copy (answer->error);
      return list_ended (self, error);
    }
  g_propagate_error (error, g_error_copy (answer->error));
  return FALSE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;
  g_autoptr (GTask) task = g_object_ref (job->task);
  Pull *self = g_task_get_task_data (task);
  g_autoptr (RtAnswer) answer = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);
  gint64 delay = MAX (FIRST_DELAY << MIN (self->n_failures, 6), answer->retry_after);
  GError *error = NULL;

  if (is_passing (answer->outcome) && ++self->n_failures <= MAX_FAILURES && delay <= MAX_WAIT)
    {
      try_again (self, job, delay);
      return;
    }
  if (!keep_answer (self, job, answer, &error))
    pull_stop (self, error);
  self->n_running--;
  job_free (job);
  pull_fill (task);
}

static void
job_start (GTask *task, Job *job)
{
  Pull *self = g_task_get_task_data (task);
  const char *last = self->listings[job->list].cursor;
  g_autofree char *cursor = last != NULL ? g_uri_escape_string (last, NULL, FALSE) : NULL;
  g_autofree char *id = job->id != NULL ? g_uri_escape_string (job->id, NULL, FALSE) : NULL;
  g_autofree char *path = NULL;

  if (id != NULL)
    path = g_strdup_printf ("%s/%s%s", lists[job->list].path, id,
                            g_str_equal (lists[job->list].object, "price") ? "?expand[0]=tiers"
                                                                           : "");
  else
    path = g_strdup_printf ("%s?limit=100%s%s%s", lists[job->list].path, lists[job->list].query,
                            cursor != NULL ? "&starting_after=" : "", cursor != NULL ? cursor : "");
  job->task = g_object_ref (task);
  self->n_running++;
  rt_stripe_client_send_async (self->client, "GET", path, NULL, NULL, self->cancellable, read_cb,
                               job);
}

static void
pull_fill (GTask *task)
{
  Pull *self = g_task_get_task_data (task);

  if (g_cancellable_is_cancelled (self->cancellable))
    pull_stop (self, rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("The sync was cancelled.")));
  while (self->stop == NULL && self->n_running < N_LANES && !g_queue_is_empty (self->jobs))
    job_start (task, g_queue_pop_head (self->jobs));
  if (self->n_running > 0 || g_task_get_completed (task))
    return;
  if (self->stop == NULL)
    self->stop = g_steal_pointer (&self->denied);
  if (self->stop != NULL)
    g_task_return_error (task, g_steal_pointer (&self->stop));
  else
    g_task_return_boolean (task, TRUE);
}

void
rt_pull_async (RtStore *store, RtStripeClient *client, gboolean is_full, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Pull *self = g_new0 (Pull, 1);

  self->store = g_object_ref (store);
  self->client = g_object_ref (client);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->jobs = g_queue_new ();
  self->cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->n_lists_left = N_LISTS;
  g_task_set_task_data (task, self, pull_free);
  for (guint i = 0; i < N_LISTS && self->stop == NULL; i++)
    {
      g_autofree char *name = dup_name ((int) i);
      GError *error = NULL;

      if (rt_store_begin_listing (store, name, is_full ? -1 : RESUME_WITHIN, &self->listings[i],
                                  &error))
        g_queue_push_tail (self->jobs, job_new ((int) i, NULL));
      else
        pull_stop (self, error);
    }
  pull_fill (task);
}

gboolean
rt_pull_finish (GAsyncResult *result, guint *n_pulled, GError **error)
{
  *n_pulled = ((Pull *) g_task_get_task_data (G_TASK (result)))->n_pulled;
  return g_task_propagate_boolean (G_TASK (result), error);
}
