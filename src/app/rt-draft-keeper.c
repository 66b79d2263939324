#include "rt-draft-keeper.h"

#define DELAY 300 /* milliseconds: what a crash may cost */

struct _RtDraftKeeper
{
  GObject parent_instance;

  RtStore *store;  /* (owned) */
  char *form;      /* (owned) */
  char *object_id; /* (owned) (nullable) */
  GMutex writing;  /* held by whoever writes: an older draft never follows a newer one */
  GMutex mutex;    /* guards the two below */
  RtDraft *latest; /* (owned) (nullable) */
  gboolean is_dirty;
  guint timer;
};

G_DEFINE_FINAL_TYPE (RtDraftKeeper, rt_draft_keeper, G_TYPE_OBJECT)

static void
rt_draft_keeper_finalize (GObject *object)
{
  RtDraftKeeper *self = RT_DRAFT_KEEPER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->store);
  g_free (self->form);
  g_free (self->object_id);
  rt_draft_free (self->latest);
  g_mutex_clear (&self->writing);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (rt_draft_keeper_parent_class)->finalize (object);
}

static void
rt_draft_keeper_class_init (RtDraftKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_draft_keeper_finalize;
}

static void
rt_draft_keeper_init (RtDraftKeeper *self)
{
  g_mutex_init (&self->writing);
  g_mutex_init (&self->mutex);
}

RtDraftKeeper *
rt_draft_keeper_new (RtStore *store, const char *form, const char *object_id)
{
  RtDraftKeeper *self = g_object_new (RT_TYPE_DRAFT_KEEPER, NULL);

  self->store = g_object_ref (store);
  self->form = g_strdup (form);
  self->object_id = g_strdup (object_id);
  return self;
}

static void
flush_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  rt_draft_keeper_flush (RT_DRAFT_KEEPER (source));
  g_task_return_boolean (task, TRUE);
}

static gboolean
timer_cb (gpointer user_data)
{
  RtDraftKeeper *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  self->timer = 0;
  g_task_run_in_thread (task, flush_thread);
  return G_SOURCE_REMOVE;
}

void
rt_draft_keeper_keep (RtDraftKeeper *self, RtDraft *draft)
{
  g_mutex_lock (&self->mutex);
  rt_draft_free (self->latest);
  self->latest = draft;
  self->is_dirty = TRUE;
  g_mutex_unlock (&self->mutex);
  if (self->timer == 0)
    self->timer = g_timeout_add (DELAY, timer_cb, self);
}

void
rt_draft_keeper_flush (RtDraftKeeper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->writing);
  g_autoptr (RtDraft) draft = NULL;
  gboolean is_dirty;

  g_mutex_lock (&self->mutex);
  draft = g_steal_pointer (&self->latest);
  is_dirty = self->is_dirty;
  self->is_dirty = FALSE;
  g_mutex_unlock (&self->mutex);
  if (is_dirty)
    rt_store_keep_draft (self->store, self->form, self->object_id, draft, NULL);
}
