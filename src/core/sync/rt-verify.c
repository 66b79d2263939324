#include "rt-verify.h"

#include <glib/gi18n-lib.h>

#include "rt-log.h"
#include "rt-pull-events.h"
#include "rt-pull-list.h"
#include "rt-pull-walk.h"
#include "rt-reader.h"
#include "rt-store-audit.h"
#include "rt-store-object.h"
#include "rt-verify-compare.h"

#define MAX_DIFFERENCES 1000 /* told in full; beyond, only counted */
#define MAX_VALUE 200        /* characters of a value that is told */
#define BATCH 500            /* objects that are held in memory at once */

/* An object that may differ. */
typedef struct
{
  char *object;       /* (owned) */
  char *id;           /* (owned) */
  JsonObject *answer; /* (owned) (nullable): as it is by itself; %NULL: Stripe has no such object */
  gint64 asked_at;    /* of that; 0: the key may not read it */
} Suspect;

typedef struct
{
  RtPull *pull;
  gboolean is_repairing;
  RtVerifyReport *report;
  gint64 started;       /* seconds, Stripe's */
  GHashTable *seen;     /* (owned): rows that a list showed */
  GPtrArray *suspects;  /* (owned) of Suspect */
  guint n_asked;        /* of these */
  guint end;            /* of the batch that is asked for */
  const Suspect *about; /* whose members are being compared */
} Verify;

static void
difference_free (gpointer data)
{
  RtDifference *self = data;

  g_free (self->object);
  g_free (self->id);
  g_free (self->field);
  g_free (self->replica);
  g_free (self->stripe);
  g_free (self);
}

void
rt_verify_report_clear (RtVerifyReport *report)
{
  g_clear_pointer (&report->differences, g_ptr_array_unref);
}

static void
suspect_free (gpointer data)
{
  Suspect *suspect = data;

  g_free (suspect->object);
  g_free (suspect->id);
  g_clear_pointer (&suspect->answer, json_object_unref);
  g_free (suspect);
}

static void
add_suspect (Verify *self, const char *object, const char *id)
{
  Suspect *suspect = g_new0 (Suspect, 1);

  suspect->object = g_strdup (object);
  suspect->id = g_strdup (id);
  g_ptr_array_add (self->suspects, suspect);
}

/* Long enough to see what it is. */
static char *
dup_cut (const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_autofree char *start = NULL;

  if (valid == NULL || g_utf8_strlen (valid, -1) <= MAX_VALUE)
    return g_steal_pointer (&valid);
  start = g_utf8_substring (valid, 0, MAX_VALUE);
  return g_strconcat (start, "…", NULL);
}

/* @replica, @stripe: JSON texts. */
static void
tell (Verify *self, const char *field, const char *replica, const char *stripe)
{
  RtDifference *difference;

  if (self->report->differences->len >= MAX_DIFFERENCES)
    return;
  difference = g_new0 (RtDifference, 1);
  difference->object = g_strdup (self->about->object);
  difference->id = g_strdup (self->about->id);
  difference->field = dup_cut (field);
  difference->replica = dup_cut (replica);
  difference->stripe = dup_cut (stripe);
  g_ptr_array_add (self->report->differences, difference);
}

static void
tell_cb (const char *field, JsonNode *replica, JsonNode *stripe, gpointer user_data)
{
  g_autofree char *replica_text = replica != NULL ? json_to_string (replica, FALSE) : NULL;
  g_autofree char *stripe_text = stripe != NULL ? json_to_string (stripe, FALSE) : NULL;

  tell (user_data, field, replica_text, stripe_text);
}

static void
ignore_cb (const char *field, JsonNode *replica, JsonNode *stripe, gpointer user_data)
{
}

/* Whether the replica holds something else than @stripe. By text first, which is quick. */
static gboolean
is_different (Verify *self, const RtStoredObject *stored, JsonObject *stripe, gboolean is_told)
{
  g_autofree char *text = rt_json_to_text (stripe);
  g_autoptr (JsonObject) replica = NULL;

  if (g_strcmp0 (text, stored->text) == 0)
    return FALSE;
  replica = rt_json_parse (stored->text, -1, NULL);
  if (replica != NULL)
    return rt_verify_compare (replica, stripe, is_told ? tell_cb : ignore_cb, self);
  if (is_told)
    tell (self, NULL, stored->text, text);
  return TRUE;
}

static GPtrArray *
begin_cb (gpointer user_data, const char *name, gint64 *number, GError **error)
{
  GPtrArray *windows = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_listing_window_free);

  g_ptr_array_add (windows, rt_listing_window_new (0, 0));
  return windows;
}

static gboolean
compare_listed (Verify *self, JsonObject *listed, GError **error)
{
  const char *object = rt_json_string (listed, "object");
  const char *id = rt_json_string (listed, "id");
  g_auto (RtStoredObject) stored = { 0 };

  if (object == NULL || id == NULL)
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("A list of Stripe has an entry without id."));
      return FALSE;
    }
  if (!rt_store_read_stored (self->pull->store, object, id, &stored, error))
    return FALSE;
  self->report->n_compared++;
  if (stored.row != 0)
    g_hash_table_add (self->seen, GSIZE_TO_POINTER (stored.row));
  if (stored.row == 0 || stored.is_deleted || is_different (self, &stored, listed, FALSE))
    add_suspect (self, object, id);
  return TRUE;
}

static gboolean
keep_cb (gpointer user_data, GPtrArray *pages, GError **error)
{
  for (guint i = 0; i < pages->len; i++)
    {
      const RtPage *page = g_ptr_array_index (pages, i);
      guint n_objects = json_array_get_length (page->objects);

      for (guint j = 0; j < n_objects; j++)
        if (!compare_listed (user_data, rt_json_element (page->objects, j), error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
rewind_cb (gpointer user_data, const char *name, RtListingWindow *window, GError **error)
{
  if (window->last_created > 0)
    window->created_to = window->last_created + 1;
  g_clear_pointer (&window->cursor, g_free);
  return TRUE;
}

static gboolean
walk (Verify *self, GError **error)
{
  RtPullWalk walk = {
    .pull = self->pull, .begin = begin_cb, .keep = keep_cb, .rewind = rewind_cb, .user_data = self
  };
  gint64 since;

  if (!rt_pull_walk_run (&walk, error))
    return FALSE;
  for (guint i = 0; i < RT_PULL_N_LISTS; i++)
    {
      const char *object = rt_pull_walk_get_lists ()[i].object;
      g_autoptr (GPtrArray) ids = NULL;

      if (!rt_pull_walk_is_first (&walk, i) || !rt_pull_walk_is_whole (&walk, i, &since))
        continue;
      ids = rt_store_list_unseen (self->pull->store, object, self->seen, error);
      if (ids == NULL)
        return FALSE;
      self->report->n_compared += ids->len;
      for (guint n = 0; n < ids->len; n++)
        add_suspect (self, object, g_ptr_array_index (ids, n));
    }
  return TRUE;
}

static char *
next_suspect (gpointer user_data, gpointer *job)
{
  Verify *self = user_data;
  char *path = NULL;

  /* A type that no list of ours is of has no place where it is read. */
  while (path == NULL && self->n_asked < self->end)
    {
      Suspect *suspect = g_ptr_array_index (self->suspects, self->n_asked++);

      *job = suspect;
      path = rt_pull_dup_path (suspect->object, suspect->id);
    }
  return path;
}

static void
drop_nothing (gpointer user_data, gpointer job)
{
}

static gboolean
keep_answer (gpointer user_data, gpointer job, const RtAnswer *answer, GError **error)
{
  Verify *self = user_data;
  Suspect *suspect = job;

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
  suspect->asked_at = answer->asked_at;
  if (answer->outcome == RT_OUTCOME_DONE && !rt_json_bool (answer->json, "deleted"))
    suspect->answer = json_object_ref (answer->json);
  return TRUE;
}

static gboolean
ask_suspects (Verify *self, GError **error)
{
  RtPull *pull = self->pull;
  RtReader reader = { pull->client,
                      rt_store_get_clock (pull->store),
                      pull->cancellable,
                      next_suspect,
                      keep_answer,
                      drop_nothing,
                      self };

  return rt_reader_run (&reader, error);
}

/* Made since the audit began, though no event tells of it yet. */
static gboolean
is_new (const Verify *self, const Suspect *suspect)
{
  gint64 created = 0;

  return suspect->answer != NULL && rt_json_int (suspect->answer, "created", &created)
         && created > self->started;
}

/* Tells what is different, if anything is. Returns: whether anything is */
static gboolean
judge (Verify *self, const Suspect *suspect, const RtStoredObject *stored)
{
  g_autofree char *answer = suspect->answer != NULL ? rt_json_to_text (suspect->answer) : NULL;
  gboolean has_it = stored->row != 0 && !stored->is_deleted;

  self->about = suspect;
  if (!has_it && answer == NULL)
    return FALSE;
  if (!has_it || answer == NULL)
    {
      tell (self, NULL, has_it ? stored->text : NULL, answer);
      return TRUE;
    }
  return is_different (self, stored, suspect->answer, TRUE);
}

static gboolean
repair (Verify *self, const Suspect *suspect, GError **error)
{
  RtStore *store = self->pull->store;
  gboolean is_put;

  if (!rt_store_begin (store, error))
    return FALSE;
  is_put
      = suspect->answer != NULL
            ? rt_store_put_object (store, suspect->answer, suspect->asked_at, 0, error)
            : rt_store_put_deleted (store, suspect->object, suspect->id, suspect->asked_at, error);
  if (!rt_store_end (store, is_put, error))
    return FALSE;
  self->report->n_repaired++;
  return TRUE;
}

static gboolean
settle_suspect (Verify *self, const Suspect *suspect, GError **error)
{
  g_auto (RtStoredObject) stored = { 0 };

  if (suspect->asked_at == 0 || is_new (self, suspect))
    return TRUE;
  if (!rt_store_read_stored (self->pull->store, suspect->object, suspect->id, &stored, error))
    return FALSE;
  /* An event has brought something newer meanwhile. */
  if (stored.asked_at > suspect->asked_at || !judge (self, suspect, &stored))
    return TRUE;
  self->report->n_different++;
  return !self->is_repairing || repair (self, suspect, error);
}

static gboolean
settle_batch (Verify *self, guint first, GError **error)
{
  self->end = MIN (first + BATCH, self->suspects->len);
  if (!ask_suspects (self, error) || !rt_pull_catch_up (self->pull, error))
    return FALSE;
  for (guint i = first; i < self->end; i++)
    {
      Suspect *suspect = g_ptr_array_index (self->suspects, i);

      if (!settle_suspect (self, suspect, error))
        return FALSE;
      g_clear_pointer (&suspect->answer, json_object_unref);
    }
  return TRUE;
}

static gboolean
verify (Verify *self, GError **error)
{
  if (!walk (self, error))
    return FALSE;
  for (guint i = 0; i < self->suspects->len; i += BATCH)
    if (!settle_batch (self, i, error))
      return FALSE;
  rt_log_note (self->pull->store, "verified", NULL, self->report->n_different);
  if (self->pull->denied == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->pull->denied));
  return FALSE;
}

gboolean
rt_verify_run (RtPull *pull, gboolean is_repairing, RtVerifyReport *report, GError **error)
{
  Verify self = { .pull = pull, .is_repairing = is_repairing, .report = report };
  GError *trouble = NULL;
  gboolean is_verified;

  if (report->differences == NULL)
    report->differences = g_ptr_array_new_with_free_func (difference_free);
  if (!rt_pull_before_audit (pull, &trouble) && pull->denied == NULL)
    {
      g_propagate_error (error, trouble);
      return FALSE;
    }
  g_clear_error (&trouble); /* what the key may read is compared all the same */
  self.started = rt_pull_stripe_now (pull);
  self.seen = g_hash_table_new (NULL, NULL);
  self.suspects = g_ptr_array_new_with_free_func (suspect_free);
  is_verified = verify (&self, error);
  g_ptr_array_unref (self.suspects);
  g_hash_table_unref (self.seen);
  return is_verified;
}
