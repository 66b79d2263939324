#include "rt-practice.h"

struct _RtPracticeThread
{
  GThread *thread;
  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned) */
  RtClock *clock;        /* (owned) */
  char *directory;       /* (owned) (nullable) */
  guint port;            /* in: what to listen on; out: what was got */
  GMutex mutex;
  GCond ready;
  gboolean is_ready;
  GError *error; /* (owned) (nullable) why it could not start */
};

static void
tell_ready (RtPracticeThread *self, guint port)
{
  g_mutex_lock (&self->mutex);
  self->port = port;
  self->is_ready = TRUE;
  g_cond_signal (&self->ready);
  g_mutex_unlock (&self->mutex);
}

static gpointer
run (gpointer data)
{
  RtPracticeThread *self = data;
  g_autoptr (RtPractice) practice = NULL;

  g_main_context_push_thread_default (self->context);
  practice = rt_practice_new (self->clock, self->directory, &self->error);
  if (practice == NULL || !rt_practice_listen (practice, self->port, &self->error))
    tell_ready (self, 0);
  else
    {
      tell_ready (self, rt_practice_get_port (practice));
      g_main_loop_run (self->loop);
      rt_practice_stop (practice);
      /* Connections close in idle sources of this context. */
      while (g_main_context_iteration (self->context, FALSE))
        ;
    }
  g_clear_object (&practice);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
thread_free (RtPracticeThread *self)
{
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  rt_clock_unref (self->clock);
  g_clear_error (&self->error);
  g_free (self->directory);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ready);
  g_free (self);
}

RtPracticeThread *
rt_practice_thread_start (RtClock *clock, const char *directory, guint port, GError **error)
{
  RtPracticeThread *self = g_new0 (RtPracticeThread, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->clock = rt_clock_ref (clock);
  self->directory = g_strdup (directory);
  self->port = port;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ready);
  self->thread = g_thread_new ("practice", run, self);
  g_mutex_lock (&self->mutex);
  while (!self->is_ready)
    g_cond_wait (&self->ready, &self->mutex);
  g_mutex_unlock (&self->mutex);
  if (self->error == NULL)
    return self;
  g_thread_join (self->thread);
  g_propagate_error (error, g_steal_pointer (&self->error));
  thread_free (self);
  return NULL;
}

guint
rt_practice_thread_get_port (RtPracticeThread *self)
{
  return self->port;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
rt_practice_thread_stop (RtPracticeThread *self)
{
  /* From within the loop: quitting one that does not run yet would be forgotten. */
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  thread_free (self);
}
