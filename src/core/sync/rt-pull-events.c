#include "rt-pull-events.h"

#include <glib/gi18n-lib.h>

#include "rt-pull-list.h"
#include "rt-reader.h"
#include "rt-store-event.h"
#include "rt-store-listing.h"

#define PAGE_SIZE 100
#define MANY_HINTS 50 /* of one type: then its lists are quicker (API-GUIDE §3) */

/* At most 20 in one question (API-GUIDE §3). */
static const char *const types[] = {
  "billing.meter.created",
  "billing.meter.updated",
  "billing.meter.deactivated",
  "billing.meter.reactivated",
  "coupon.created",
  "coupon.updated",
  "coupon.deleted",
  "customer.created",
  "customer.updated",
  "customer.deleted",
  "price.created",
  "price.updated",
  "price.deleted",
  "product.created",
  "product.updated",
  "product.deleted",
};

G_STATIC_ASSERT (G_N_ELEMENTS (types) <= 20);

typedef struct
{
  RtPull *pull;
  gint64 since;
  RtEventWalk *walk;
  char *cursor; /* (owned) (nullable) */
  gboolean is_asking;
  gboolean is_over;
  gboolean has_hole;
} Walk;

static char *
next_page (gpointer user_data, gpointer *job)
{
  Walk *self = user_data;
  g_autoptr (GString) path = g_string_new (NULL);

  if (self->is_asking || self->is_over)
    return NULL;
  self->is_asking = TRUE;
  g_string_printf (path, "/v1/events?limit=%d&created[gte]=%" G_GINT64_FORMAT, PAGE_SIZE,
                   self->since);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_string_append_printf (path, "&types[%u]=%s", i, types[i]);
  if (self->cursor != NULL)
    {
      g_string_append (path, "&starting_after=");
      g_string_append_uri_escaped (path, self->cursor, NULL, FALSE);
    }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

static void
drop_nothing (gpointer user_data, gpointer job)
{
}

static gboolean
keep_page (gpointer user_data, gpointer job, const RtAnswer *answer, GError **error)
{
  Walk *self = user_data;
  JsonArray *page = rt_json_array (answer->json, "data");
  guint n_events = page != NULL ? json_array_get_length (page) : 0;
  const char *last
      = n_events > 0 ? rt_json_string (rt_json_element (page, n_events - 1), "id") : NULL;
  gboolean has_more = rt_json_bool (answer->json, "has_more");

  self->is_asking = FALSE;
  if (answer->outcome == RT_OUTCOME_REFUSED && self->cursor != NULL)
    {
      self->has_hole = self->is_over = TRUE; /* the cursor is gone (guide §3) */
      return TRUE;
    }
  if (answer->outcome != RT_OUTCOME_DONE)
    {
      g_propagate_error (error, g_error_copy (answer->error));
      return FALSE;
    }
  if (page == NULL || (has_more && (last == NULL || g_strcmp0 (last, self->cursor) == 0)))
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("A list of Stripe does not go on."));
      return FALSE;
    }
  if (!rt_store_put_events (self->pull->store, page, rt_pull_get_objects (), self->walk, error))
    return FALSE;
  g_free (self->cursor);
  self->cursor = g_strdup (last);
  self->is_over = !has_more;
  return TRUE;
}

gboolean
rt_pull_events_walk (RtPull *pull, gint64 since, RtEventWalk *walk, gboolean *has_hole,
                     GError **error)
{
  Walk self = { .pull = pull, .since = since, .walk = walk };
  RtReader reader = { pull->client,
                      rt_store_get_clock (pull->store),
                      pull->cancellable,
                      next_page,
                      keep_page,
                      drop_nothing,
                      &self };
  gboolean is_read = rt_reader_run (&reader, error);

  *has_hole = self.has_hole;
  g_free (self.cursor);
  return is_read;
}

typedef struct
{
  gboolean is_asked;
  gint64 created;
} Newest;

static char *
next_newest (gpointer user_data, gpointer *job)
{
  Newest *self = user_data;

  if (self->is_asked)
    return NULL;
  self->is_asked = TRUE;
  return g_strdup ("/v1/events?limit=1");
}

static gboolean
keep_newest (gpointer user_data, gpointer job, const RtAnswer *answer, GError **error)
{
  Newest *self = user_data;
  JsonArray *page = rt_json_array (answer->json, "data");

  if (answer->outcome != RT_OUTCOME_DONE)
    {
      g_propagate_error (error, g_error_copy (answer->error));
      return FALSE;
    }
  if (page != NULL && json_array_get_length (page) > 0)
    rt_json_int (rt_json_element (page, 0), "created", &self->created);
  return TRUE;
}

gint64
rt_pull_stripe_now (RtPull *pull)
{
  gint64 skew = 0;

  rt_stripe_client_get_skew (pull->client, &skew);
  return rt_clock_now_seconds (rt_store_get_clock (pull->store)) - skew;
}

gboolean
rt_pull_events_newest (RtPull *pull, gint64 *newest, GError **error)
{
  Newest self = { FALSE, 0 };
  RtReader reader = { pull->client,
                      rt_store_get_clock (pull->store),
                      pull->cancellable,
                      next_newest,
                      keep_newest,
                      drop_nothing,
                      &self };

  if (!rt_reader_run (&reader, error))
    return FALSE;
  *newest = self.created;
  return TRUE;
}

/* What is to be read again by itself. */
typedef struct
{
  RtPull *pull;
  GQueue hints; /* of RtEventHint */
  guint n_known;
  guint n_read;
} Apply;

static char *
next_hint (gpointer user_data, gpointer *job)
{
  Apply *self = user_data;
  RtEventHint *hint = g_queue_pop_head (&self->hints);

  if (hint == NULL)
    return NULL;
  *job = hint;
  return rt_pull_dup_path (hint->object, hint->object_id);
}

static void
drop_hint (gpointer user_data, gpointer job)
{
  rt_event_hint_free (job);
}

static gboolean
keep_hint (gpointer user_data, gpointer job, const RtAnswer *answer, GError **error)
{
  Apply *self = user_data;
  g_autoptr (RtEventHint) hint = job;

  if (answer->outcome == RT_OUTCOME_PERMISSION)
    {
      g_clear_error (&self->pull->denied);
      self->pull->denied = g_error_copy (answer->error);
      return TRUE;
    }
  if (answer->outcome != RT_OUTCOME_DONE && answer->status != 404)
    {
      g_propagate_error (error, g_error_copy (answer->error));
      return FALSE;
    }
  self->pull->n_pulled++;
  self->n_read++;
  if (self->pull->progress != NULL)
    self->pull->progress (self->n_read, self->n_known, self->pull->user_data);
  return rt_store_settle_hint (self->pull->store, hint,
                               answer->outcome == RT_OUTCOME_DONE ? answer->json : NULL,
                               answer->asked_at, error);
}

static gboolean
relist (RtPull *pull, const char *object, gint64 row, GError **error)
{
  RtStore *store = pull->store;

  if (!rt_store_begin (store, error)
      || !rt_store_end (store, rt_pull_restart_lists (store, object, error), error)
      || !rt_pull_lists (pull, object, error))
    return FALSE;
  if (rt_pull_is_unlisted (store, object))
    return TRUE;
  return rt_store_begin (store, error)
         && rt_store_end (store, rt_store_settle_hints (store, object, row, error), error);
}

/* What the key may not read is read from the beginning once it may. */
static gboolean
put_off (RtPull *pull, const char *object, gint64 row, GError **error)
{
  RtStore *store = pull->store;

  return rt_store_begin (store, error)
         && rt_store_end (store,
                          rt_pull_restart_lists (store, object, error)
                              && rt_store_settle_hints (store, object, row, error),
                          error);
}

static guint
count_of (GPtrArray *hints, const char *object)
{
  guint n = 0;

  for (guint i = 0; i < hints->len; i++)
    n += g_str_equal (((RtEventHint *) g_ptr_array_index (hints, i))->object, object) ? 1 : 0;
  return n;
}

static gboolean
is_quicker_listed (RtPull *pull, const char *object, guint n_hints)
{
  return n_hints > MANY_HINTS
         && n_hints > rt_store_count_objects (pull->store, object) / PAGE_SIZE + 1;
}

/* Instead of one by one. */
static gboolean
apply_at_once (RtPull *pull, const char *object, guint n_hints, gint64 row, GError **error)
{
  if (n_hints > 0 && rt_pull_is_unlisted (pull->store, object))
    return put_off (pull, object, row, error);
  return !is_quicker_listed (pull, object, n_hints) || relist (pull, object, row, error);
}

gboolean
rt_pull_events_apply (RtPull *pull, GError **error)
{
  g_autoptr (GPtrArray) hints = rt_store_list_hints (pull->store, error);
  gint64 row = rt_store_last_event_row (pull->store);
  Apply self = { .pull = pull, .hints = G_QUEUE_INIT };
  RtReader reader = { pull->client,
                      rt_store_get_clock (pull->store),
                      pull->cancellable,
                      next_hint,
                      keep_hint,
                      drop_hint,
                      &self };
  gboolean is_read;

  if (hints == NULL)
    return FALSE;
  for (const char *const *object = rt_pull_get_objects (); *object != NULL; object++)
    if (!apply_at_once (pull, *object, count_of (hints, *object), row, error))
      return FALSE;
  g_clear_pointer (&hints, g_ptr_array_unref);
  hints = rt_store_list_hints (pull->store, error);
  if (hints == NULL)
    return FALSE;
  self.n_known = hints->len;
  while (hints->len > 0)
    g_queue_push_tail (&self.hints, g_ptr_array_steal_index (hints, 0));
  is_read = rt_reader_run (&reader, error);
  g_queue_clear_full (&self.hints, (GDestroyNotify) rt_event_hint_free);
  return is_read;
}
