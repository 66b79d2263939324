#include "rt-draft-keeper.h"

#include "rt-task.h"

/* Milliseconds. */
#define DELAY 300 /* what a crash may cost */
#define RETRY_DELAY 5000

struct _RtDraftKeeper
{
  GObject parent_instance;

  char *form;       /* (owned) */
  char *object_id;  /* (owned) (nullable) */
  GMutex mutex;     /* guards the next six */
  RtStore *store;   /* (owned) */
  char *latest;     /* (owned) (nullable): JSON of what was given last */
  guint n_given;    /* drafts, until now */
  guint n_written;  /* of these, what is on the disk */
  gboolean is_gone; /* saved, and being committed: nothing is written any more */
  gboolean is_abandoned;
  gboolean is_held; /* it is in the list below */
  gboolean is_saving;
  gboolean is_flushing;
  char *problem; /* (owned) (nullable): why the last write failed */
  guint timer;
};

enum
{
  PROP_0,
  PROP_PROBLEM,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

/* Those that have something to write, for the main thread: they outlive form and desk, and a form
 * that is opened again goes on with its own. */
static GPtrArray *held; /* (owned) (nullable) of RtDraftKeeper */

G_DEFINE_FINAL_TYPE (RtDraftKeeper, rt_draft_keeper, G_TYPE_OBJECT)

static void
rt_draft_keeper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, RT_DRAFT_KEEPER (object)->problem);
}

static void
rt_draft_keeper_finalize (GObject *object)
{
  RtDraftKeeper *self = RT_DRAFT_KEEPER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->store);
  g_free (self->form);
  g_free (self->object_id);
  g_free (self->problem);
  g_free (self->latest);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (rt_draft_keeper_parent_class)->finalize (object);
}

static void
rt_draft_keeper_class_init (RtDraftKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rt_draft_keeper_get_property;
  object_class->finalize = rt_draft_keeper_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rt_draft_keeper_init (RtDraftKeeper *self)
{
  g_mutex_init (&self->mutex);
}

/* What was abandoned is nobody's any more. */
static RtDraftKeeper *
find_held (const char *path, const char *form, const char *object_id)
{
  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      RtDraftKeeper *self = g_ptr_array_index (held, i);

      if (!self->is_abandoned && g_str_equal (rt_store_get_path (self->store), path)
          && g_str_equal (self->form, form) && g_strcmp0 (self->object_id, object_id) == 0)
        return self;
    }
  return NULL;
}

RtDraftKeeper *
rt_draft_keeper_open (RtStore *store, const char *form, const char *object_id)
{
  RtDraftKeeper *self = find_held (rt_store_get_path (store), form, object_id);

  if (self == NULL)
    {
      self = g_object_new (RT_TYPE_DRAFT_KEEPER, NULL);
      self->store = g_object_ref (store);
      self->form = g_strdup (form);
      self->object_id = g_strdup (object_id);
      return self;
    }
  /* The replica may have been opened anew meanwhile, even repaired. */
  g_mutex_lock (&self->mutex);
  g_set_object (&self->store, store);
  g_mutex_unlock (&self->mutex);
  return g_object_ref (self);
}

gboolean
rt_draft_keeper_is_saving (RtStore *store, const char *form, const char *object_id)
{
  RtDraftKeeper *self = find_held (rt_store_get_path (store), form, object_id);

  return self != NULL && self->is_saving;
}

/* With the mutex. */
static gboolean
has_to_write (RtDraftKeeper *self)
{
  return self->n_given != self->n_written && !self->is_gone && !self->is_abandoned;
}

static gboolean
is_dirty (RtDraftKeeper *self)
{
  gboolean is_so;

  g_mutex_lock (&self->mutex);
  is_so = has_to_write (self);
  g_mutex_unlock (&self->mutex);
  return is_so;
}

RtDraft *
rt_draft_keeper_dup_draft (RtDraftKeeper *self)
{
  g_autofree char *latest = NULL;
  gboolean is_written;

  g_mutex_lock (&self->mutex);
  is_written = !has_to_write (self);
  latest = g_strdup (self->latest);
  g_mutex_unlock (&self->mutex);
  if (is_written)
    return rt_store_dup_draft (self->store, self->form, self->object_id, RT_NUMBER_LOCALE);
  return latest != NULL ? rt_draft_from_json (latest, RT_NUMBER_LOCALE) : NULL;
}

/* Asked within the transaction: an older draft never follows a newer one, or what was saved. */
static gboolean
write_latest (RtDraftKeeper *self, RtStore *store, guint *n_written, GError **error)
{
  g_autofree char *latest = NULL;
  gboolean is_written;

  g_mutex_lock (&self->mutex);
  is_written = !has_to_write (self);
  latest = g_strdup (self->latest);
  *n_written = is_written ? self->n_written : self->n_given;
  g_mutex_unlock (&self->mutex);
  return is_written || rt_store_keep_draft (store, self->form, self->object_id, latest, error);
}

static gboolean
flush (RtDraftKeeper *self, GError **error)
{
  g_autoptr (RtStore) store = NULL;
  guint n_written = 0;

  g_mutex_lock (&self->mutex);
  store = g_object_ref (self->store);
  g_mutex_unlock (&self->mutex);
  if (!is_dirty (self))
    return TRUE;
  if (!rt_store_begin (store, error)
      || !rt_store_end (store, write_latest (self, store, &n_written, error), error))
    return FALSE;
  g_mutex_lock (&self->mutex);
  self->n_written = MAX (self->n_written, n_written);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

gboolean
rt_draft_keeper_forget (RtDraftKeeper *self, RtStore *store, GError **error)
{
  g_mutex_lock (&self->mutex);
  self->is_gone = TRUE;
  g_mutex_unlock (&self->mutex);
  return rt_store_keep_draft (store, self->form, self->object_id, NULL, error);
}

static void
flush_thread (GTask *task, gpointer source, gpointer keeper, GCancellable *cancellable)
{
  GError *error = NULL;

  if (flush (RT_DRAFT_KEEPER (keeper), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The process does not end, nor does the keeper, before all is written. */
static void
hold (RtDraftKeeper *self)
{
  if (self->is_held)
    return;
  if (held == NULL)
    held = g_ptr_array_new_with_free_func (g_object_unref);
  self->is_held = TRUE;
  g_ptr_array_add (held, g_object_ref (self));
  g_application_hold (g_application_get_default ());
}

static void
release (RtDraftKeeper *self)
{
  if (!self->is_held || self->is_saving)
    return;
  self->is_held = FALSE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_ptr_array_remove (held, self);
  if (held->len == 0)
    g_clear_pointer (&held, g_ptr_array_unref);
  g_application_release (g_application_get_default ());
}

static void schedule (RtDraftKeeper *self, guint delay);

static void
set_problem (RtDraftKeeper *self, const char *problem)
{
  if (g_strcmp0 (problem, self->problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtDraftKeeper *self = RT_DRAFT_KEEPER (source);
  g_autoptr (GError) error = NULL;

  self->is_flushing = FALSE;
  g_task_propagate_boolean (G_TASK (result), &error);
  set_problem (self, error != NULL ? error->message : NULL);
  if (!is_dirty (self))
    release (self);
  else
    schedule (self, error != NULL ? RETRY_DELAY : DELAY);
}

static gboolean
timer_cb (gpointer user_data)
{
  RtDraftKeeper *self = user_data;
  g_autoptr (GTask) task = NULL;

  self->timer = 0;
  /* Its end asks for the next: a disk that makes one wait is not waited for by many. */
  if (self->is_flushing)
    return G_SOURCE_REMOVE;
  self->is_flushing = TRUE;
  task = rt_task_new (self, NULL, self, NULL, flushed_cb);
  g_task_run_in_thread (task, flush_thread);
  return G_SOURCE_REMOVE;
}

static void
schedule (RtDraftKeeper *self, guint delay)
{
  if (!is_dirty (self))
    return;
  hold (self);
  if (self->timer == 0)
    self->timer = g_timeout_add (delay, timer_cb, self);
}

void
rt_draft_keeper_keep (RtDraftKeeper *self, RtDraft *draft)
{
  char *text = draft != NULL && !rt_draft_is_empty (draft) ? rt_draft_to_json (draft) : NULL;

  rt_draft_free (draft);
  g_mutex_lock (&self->mutex);
  g_free (self->latest);
  self->latest = text;
  self->n_given++;
  g_mutex_unlock (&self->mutex);
  schedule (self, DELAY);
}

void
rt_draft_keeper_begin_save (RtDraftKeeper *self)
{
  hold (self);
  self->is_saving = TRUE;
}

void
rt_draft_keeper_end_save (RtDraftKeeper *self, gboolean is_saved)
{
  self->is_saving = FALSE;
  g_mutex_lock (&self->mutex);
  if (self->is_gone && is_saved)
    {
      g_clear_pointer (&self->latest, g_free);
      self->n_written = self->n_given;
    }
  self->is_gone = FALSE;
  g_mutex_unlock (&self->mutex);
  rt_draft_keeper_hurry (self);
}

void
rt_draft_keeper_hurry (RtDraftKeeper *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (is_dirty (self))
    schedule (self, 0);
  else
    release (self);
}

const char *
rt_draft_keeper_get_problem (RtDraftKeeper *self)
{
  return self->problem;
}

static void
flush_all_thread (GTask *task, gpointer source, gpointer keepers, GCancellable *cancellable)
{
  GPtrArray *all = keepers;
  GError *error = NULL;

  for (guint i = 0; i < all->len && error == NULL; i++)
    flush (g_ptr_array_index (all, i), &error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

gboolean
rt_draft_keeper_has_unwritten (void)
{
  for (guint i = 0; held != NULL && i < held->len; i++)
    if (is_dirty (g_ptr_array_index (held, i)))
      return TRUE;
  return FALSE;
}

void
rt_draft_keeper_flush_all (gpointer owner, GAsyncReadyCallback done)
{
  g_autoptr (GTask) task
      = rt_task_new (owner, NULL, g_ptr_array_copy (held, (GCopyFunc) g_object_ref, NULL),
                     (GDestroyNotify) g_ptr_array_unref, done);

  g_task_run_in_thread (task, flush_all_thread);
}

void
rt_draft_keeper_abandon (const char *path)
{
  g_autoptr (GPtrArray) all
      = held != NULL ? g_ptr_array_copy (held, (GCopyFunc) g_object_ref, NULL) : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      RtDraftKeeper *self = g_ptr_array_index (all, i);

      if (path != NULL && !g_str_equal (rt_store_get_path (self->store), path))
        continue;
      g_mutex_lock (&self->mutex);
      self->is_abandoned = TRUE;
      g_mutex_unlock (&self->mutex);
      release (self);
    }
}
