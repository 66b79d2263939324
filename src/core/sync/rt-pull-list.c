#include "rt-pull-list.h"

#include "rt-log.h"
#include "rt-pull-walk.h"
#include "rt-reader.h"
#include "rt-store-object.h"

#define MANY_MISSING 50
/* Settings: types of which the key may not read everything, and what Stripe said. */
#define UNLISTED "unlisted"
#define DENIAL "denial"

const char *const *
rt_pull_get_objects (void)
{
  static const char *objects[RT_PULL_N_LISTS + 1];
  static gsize is_made;

  if (g_once_init_enter (&is_made))
    {
      const RtPullList *lists = rt_pull_walk_get_lists ();
      guint n = 0;

      for (guint i = 0; i < RT_PULL_N_LISTS; i++)
        if (n == 0 || !g_str_equal (objects[n - 1], lists[i].object))
          objects[n++] = lists[i].object;
      g_once_init_leave (&is_made, 1);
    }
  return objects;
}

char *
rt_pull_dup_path (const char *object, const char *id)
{
  const RtPullList *lists = rt_pull_walk_get_lists ();
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  for (guint i = 0; i < RT_PULL_N_LISTS; i++)
    if (g_str_equal (lists[i].object, object))
      return g_strconcat (lists[i].path, "/", escaped,
                          g_str_equal (object, "price") ? "?expand[0]=tiers" : "", NULL);
  return NULL;
}

gboolean
rt_pull_restart_lists (RtStore *store, const char *object, GError **error)
{
  for (guint i = 0; i < RT_PULL_N_LISTS; i++)
    {
      g_autofree char *name = rt_pull_walk_dup_name (i);

      if ((object == NULL || g_str_equal (rt_pull_walk_get_lists ()[i].object, object))
          && !rt_store_restart_listing (store, name, error))
        return FALSE;
    }
  return TRUE;
}

static GPtrArray *
begin_cb (gpointer user_data, const char *name, gint64 *number, GError **error)
{
  return rt_store_resume_listing (user_data, name, number, error);
}

static gboolean
keep_cb (gpointer user_data, GPtrArray *pages, GError **error)
{
  return rt_store_put_pages (user_data, pages, error);
}

static gboolean
rewind_cb (gpointer user_data, const char *name, RtListingWindow *window, GError **error)
{
  return rt_store_rewind_window (user_data, name, window, error);
}

/* One object that a list did not show. */
typedef struct
{
  guint list;   /* the first of its type */
  gint64 since; /* the number of the list that did not show it */
  char *id;     /* (owned) */
} Single;

typedef struct
{
  RtPullWalk *walk;
  GQueue singles; /* of Single: what is asked for by itself */
} Missing;

static void
single_free (gpointer data)
{
  Single *single = data;

  g_free (single->id);
  g_free (single);
}

static const char *
object_of (guint list)
{
  return rt_pull_walk_get_lists ()[list].object;
}

static gboolean
add_missing (Missing *self, guint list, gint64 since, GError **error)
{
  RtStore *store = self->walk->pull->store;
  const char *object = object_of (list);
  g_autoptr (GPtrArray) ids = rt_store_missing (store, object, since, error);
  guint n_known = rt_store_count_objects (store, object);

  if (ids == NULL)
    return FALSE;
  /* A list that lost this much is more likely wrong than right (TRAPS A20). */
  if (ids->len > MANY_MISSING && ids->len > n_known / 2)
    rt_log_note (store, "short-list", object, ids->len);
  while (ids->len > 0)
    {
      Single *single = g_new0 (Single, 1);

      single->list = list;
      single->since = since;
      single->id = g_ptr_array_steal_index (ids, 0);
      g_queue_push_tail (&self->singles, single);
    }
  return TRUE;
}

static char *
next (gpointer user_data, gpointer *data)
{
  Missing *self = user_data;
  Single *single = g_queue_pop_head (&self->singles);

  /* What the key may not read of one, it may not read of the others. */
  while (single != NULL && self->walk->is_skipped[single->list])
    {
      single_free (single);
      single = g_queue_pop_head (&self->singles);
    }
  if (single == NULL)
    return NULL;
  *data = single;
  return rt_pull_dup_path (object_of (single->list), single->id);
}

static void
drop (gpointer user_data, gpointer single)
{
  single_free (single);
}

static gboolean
put_single (RtStore *store, const Single *single, const RtAnswer *answer, GError **error)
{
  if (answer->outcome != RT_OUTCOME_DONE || rt_json_bool (answer->json, "deleted"))
    return rt_store_put_deleted (store, object_of (single->list), single->id, answer->asked_at,
                                 error);
  /* As if the list had shown it: it is not asked for again. */
  return rt_store_put_object (store, answer->json, answer->asked_at, single->since, error);
}

static gboolean
settle (Missing *self, const Single *single, const RtAnswer *answer, GError **error)
{
  RtPull *pull = self->walk->pull;

  if (answer->outcome == RT_OUTCOME_PERMISSION)
    {
      self->walk->is_skipped[single->list] = TRUE;
      g_clear_error (&pull->denied);
      pull->denied = g_error_copy (answer->error);
      return TRUE;
    }
  if (answer->outcome == RT_OUTCOME_DONE || answer->status == 404)
    return rt_store_begin (pull->store, error)
           && rt_store_end (pull->store, put_single (pull->store, single, answer, error), error);
  g_propagate_error (error, g_error_copy (answer->error));
  return FALSE;
}

static gboolean
keep (gpointer user_data, gpointer single, const RtAnswer *answer, GError **error)
{
  gboolean is_kept = settle (user_data, single, answer, error);

  single_free (single);
  return is_kept;
}

/* What no list of its type showed is asked for by itself. */
static gboolean
ask_missing (RtPullWalk *walk, GError **error)
{
  RtPull *pull = walk->pull;
  Missing self = { .walk = walk, .singles = G_QUEUE_INIT };
  RtReader reader = {
    pull->client, rt_store_get_clock (pull->store), pull->cancellable, next, keep, drop, &self
  };
  gboolean is_asked = TRUE;
  gint64 since;

  for (guint i = 0; i < RT_PULL_N_LISTS && is_asked; i++)
    if (rt_pull_walk_is_first (walk, i) && rt_pull_walk_is_whole (walk, i, &since))
      is_asked = add_missing (&self, i, since, error);
  is_asked = is_asked && rt_reader_run (&reader, error);
  g_queue_clear_full (&self.singles, single_free);
  return is_asked;
}

gboolean
rt_pull_is_unlisted (RtStore *store, const char *object)
{
  g_autofree char *setting = rt_store_dup_setting (store, UNLISTED);
  g_auto (GStrv) unlisted = g_strsplit (setting != NULL ? setting : "", " ", -1);

  return object != NULL ? g_strv_contains ((const char *const *) unlisted, object)
                        : unlisted[0] != NULL;
}

char *
rt_pull_dup_denial (RtStore *store)
{
  return rt_pull_is_unlisted (store, NULL) ? rt_store_dup_setting (store, DENIAL) : NULL;
}

static gboolean
note_denial (RtPull *pull, GError **error)
{
  g_autofree char *before = rt_store_dup_setting (pull->store, DENIAL);

  return pull->denied == NULL || g_strcmp0 (before, pull->denied->message) == 0
         || rt_store_set_setting (pull->store, DENIAL, pull->denied->message, error);
}

/* What could not be listed is listed as soon as the key may: no event will tell of what is old. */
static gboolean
note_unlisted (RtPullWalk *walk, GError **error)
{
  RtStore *store = walk->pull->store;
  g_autoptr (GString) unlisted = g_string_new (NULL);
  g_autofree char *before = rt_store_dup_setting (store, UNLISTED);
  gint64 since;

  for (guint i = 0; i < RT_PULL_N_LISTS; i++)
    {
      const char *object = object_of (i);
      gboolean is_asked = rt_pull_walk_is_first (walk, i);
      gboolean is_first = i == 0 || !g_str_equal (object_of (i - 1), object);

      if (is_first
          && (is_asked ? !rt_pull_walk_is_whole (walk, i, &since)
                       : rt_pull_is_unlisted (store, object)))
        g_string_append_printf (unlisted, unlisted->len > 0 ? " %s" : "%s", object);
    }
  return note_denial (walk->pull, error)
         && (g_strcmp0 (before != NULL ? before : "", unlisted->str) == 0
             || rt_store_set_setting (store, UNLISTED, unlisted->str, error));
}

gboolean
rt_pull_lists (RtPull *pull, const char *object, GError **error)
{
  RtPullWalk walk = { .pull = pull,
                      .object = object,
                      .begin = begin_cb,
                      .keep = keep_cb,
                      .rewind = rewind_cb,
                      .user_data = pull->store };

  return rt_pull_walk_run (&walk, error) && ask_missing (&walk, error)
         && note_unlisted (&walk, error);
}

gboolean
rt_pull_unlisted (RtPull *pull, GError **error)
{
  gboolean is_read = TRUE;

  for (const char *const *object = rt_pull_get_objects (); *object != NULL && is_read; object++)
    if (rt_pull_is_unlisted (pull->store, *object))
      is_read = rt_pull_lists (pull, *object, error);
  /* It was told when it was met first, and by rt_pull_dup_denial() ever since. */
  g_clear_error (&pull->denied);
  return is_read;
}
