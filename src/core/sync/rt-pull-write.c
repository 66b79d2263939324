#include "rt-pull-write.h"

/* Pages that wait for those being written, if they come faster than that. */
#define MAX_ARRIVED 16

struct _RtPullWrite
{
  RtPullKeep keep;
  gpointer user_data;
  gboolean is_threaded;
  GPtrArray *arrived; /* (owned) of RtPage: not yet kept */
  GPtrArray *writing; /* (owned) (nullable) of RtPage: of the thread, while there is one */
  GThread *thread;    /* (owned) (nullable) */
  GSource *turn;      /* (owned) (nullable): begins the next write, or ends the one under way */
  GError *failure; /* (owned) (nullable): nothing is kept any more; of the thread like @writing */
};

static GPtrArray *
pages_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) rt_page_free);
}

RtPullWrite *
rt_pull_write_new (gboolean is_threaded, RtPullKeep keep, gpointer user_data)
{
  RtPullWrite *self = g_new0 (RtPullWrite, 1);

  self->keep = keep;
  self->user_data = user_data;
  self->is_threaded = is_threaded;
  self->arrived = pages_new ();
  return self;
}

void
rt_pull_write_free (RtPullWrite *self)
{
  g_ptr_array_unref (self->arrived);
  g_clear_error (&self->failure);
  g_free (self);
}

static void
set_turn (RtPullWrite *self, GSource *turn, GSourceFunc callback)
{
  if (self->turn != NULL)
    g_source_destroy (self->turn);
  g_clear_pointer (&self->turn, g_source_unref);
  self->turn = turn;
  if (turn == NULL)
    return;
  g_source_set_callback (turn, callback, self, NULL);
  g_source_attach (turn, g_main_context_get_thread_default ());
}

static gpointer
write_thread (gpointer data)
{
  RtPullWrite *self = data;

  self->keep (self->user_data, self->writing, &self->failure);
  g_source_set_ready_time (self->turn, 0);
  return NULL;
}

/* What was read is freed here and not in the thread, which has enough to do. */
static void
end_write (RtPullWrite *self)
{
  if (self->thread == NULL)
    return;
  g_thread_join (g_steal_pointer (&self->thread));
  g_clear_pointer (&self->writing, g_ptr_array_unref);
  set_turn (self, NULL, NULL);
}

static gboolean begin_cb (gpointer user_data);

/* Once nothing else is to be done: then as many pages as possible are of one transaction, and
 * whoever read them has let go of them. */
static void
schedule (RtPullWrite *self)
{
  if (self->turn == NULL && self->arrived->len > 0)
    set_turn (self, g_idle_source_new (), begin_cb);
  if (self->thread == NULL && self->arrived->len >= MAX_ARRIVED)
    g_source_set_priority (self->turn, G_PRIORITY_HIGH);
}

static gboolean
ended_cb (gpointer user_data)
{
  RtPullWrite *self = user_data;

  end_write (self);
  schedule (self);
  return G_SOURCE_REMOVE;
}

static gboolean
begin_cb (gpointer user_data)
{
  RtPullWrite *self = user_data;

  set_turn (self, NULL, NULL);
  if (self->failure != NULL)
    return G_SOURCE_REMOVE;
  self->writing = g_steal_pointer (&self->arrived);
  self->arrived = pages_new ();
  if (self->is_threaded)
    {
      /* Made ready by the thread, never by time. */
      set_turn (self, g_timeout_source_new (G_MAXUINT), ended_cb);
      self->thread = g_thread_try_new ("retainer-pages", write_thread, self, NULL);
      if (self->thread != NULL)
        return G_SOURCE_REMOVE;
      set_turn (self, NULL, NULL);
    }
  self->keep (self->user_data, self->writing, &self->failure);
  g_clear_pointer (&self->writing, g_ptr_array_unref);
  return G_SOURCE_REMOVE;
}

/* A later page would move its window over what was lost with an earlier one. */
static gboolean
has_failed (RtPullWrite *self, GError **error)
{
  if (self->failure == NULL)
    return FALSE;
  g_propagate_error (error, g_error_copy (self->failure));
  return TRUE;
}

gboolean
rt_pull_write_add (RtPullWrite *self, RtPage *page, GError **error)
{
  g_ptr_array_add (self->arrived, page);
  if (self->arrived->len >= MAX_ARRIVED)
    end_write (self);
  if (self->thread == NULL && has_failed (self, error))
    return FALSE;
  schedule (self);
  return TRUE;
}

gboolean
rt_pull_write_flush (RtPullWrite *self, GError **error)
{
  g_autoptr (GPtrArray) pages = NULL;

  end_write (self);
  set_turn (self, NULL, NULL);
  pages = g_steal_pointer (&self->arrived);
  self->arrived = pages_new ();
  if (self->failure == NULL && pages->len > 0)
    self->keep (self->user_data, pages, &self->failure);
  return !has_failed (self, error);
}
