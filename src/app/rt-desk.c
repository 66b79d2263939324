#include "rt-desk.h"

#include <glib/gi18n-lib.h>

#include "rt-desk-text.h"
#include "rt-pull-list.h"
#include "rt-pull.h"
#include "rt-queue.h"
#include "rt-task.h"
#include "rt-time.h"

/* Milliseconds. */
#define SEND_DELAY 300
#define SHOW_BUSY_AFTER 400
#define SHOW_PROGRESS_AFTER 1000
#define PROGRESS_INTERVAL 120
#define POLL_INTERVAL 2000
#define TEXT_INTERVAL 20000
#define CLOSE_PATIENCE 5000

struct _RtDesk
{
  GObject parent_instance;

  RtSession *session;        /* (owned) */
  GNetworkMonitor *network;  /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): of the sync that runs */
  RtPace *pace;              /* (owned) */
  RtDeskState state;
  char *text;    /* (owned) */
  char *badge;   /* (owned) (nullable) */
  char *problem; /* (owned) (nullable) */
  char *denial;  /* (owned) (nullable): what the key may not do */
  RtSyncReport report;
  gboolean has_report;
  gboolean is_running;
  gboolean shows_busy;
  gboolean shows_progress;
  gboolean is_active;
  gboolean is_closed;
  gboolean had_network;
  guint n_read;    /* atomic: by what runs */
  guint n_known;   /* atomic */
  GTask *job_task; /* (owned) (nullable): a job that runs or waits until a sync has ended */
  gboolean is_job_running;
  RtDeskJob job;
  RtSyncFlags flags;  /* of the sync that runs */
  RtSyncFlags wanted; /* what was asked for while a sync ran */
  guint pace_timer;   /* sources, 0 if none */
  guint send_timer;
  guint busy_timer;
  guint progress_timer;
  guint close_timer;
  guint poll_timer;
  guint text_timer;
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_SYNCING,
  PROP_BADGE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static guint changed_signal;
static guint progress_signal;

G_DEFINE_FINAL_TYPE (RtDesk, rt_desk, G_TYPE_OBJECT)

static void desk_start (RtDesk *self, RtSyncFlags flags);
static void job_start (RtDesk *self);

static void
update (RtDesk *self)
{
  guint n_waiting = 0, n_stopped = 0, n_conflicts = 0;
  g_autofree char *last = rt_desk_dup_last_sync (self);
  guint n;

  rt_queue_count (rt_desk_get_store (self), &n_waiting, &n_stopped, &n_conflicts, NULL);
  n = n_waiting + n_stopped + n_conflicts;
  g_free (self->text);
  self->text = rt_desk_text_dup (self->state, self->shows_busy, n_waiting, n_stopped + n_conflicts,
                                 rt_desk_is_partial (self) ? NULL : last);
  g_free (self->badge);
  self->badge = n > 0 ? g_strdup_printf ("%u", n) : NULL;
  for (guint i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), props[i]);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
text_cb (gpointer user_data)
{
  update (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
poll_cb (gpointer user_data)
{
  rt_store_poll (rt_desk_get_store (user_data));
  return G_SOURCE_CONTINUE;
}

static gboolean
busy_cb (gpointer user_data)
{
  RtDesk *self = user_data;

  self->busy_timer = 0;
  self->shows_busy = TRUE;
  update (self);
  return G_SOURCE_REMOVE;
}

/* Asked for rather than told: the thread of the sync may have news far more often. */
static gboolean
progress_cb (gpointer user_data)
{
  RtDesk *self = user_data;

  self->progress_timer = g_timeout_add (PROGRESS_INTERVAL, progress_cb, self);
  self->shows_progress = TRUE;
  g_signal_emit (self, progress_signal, 0);
  return G_SOURCE_REMOVE;
}

/* In the thread of the sync. */
static void
read_cb (guint n_read, guint n_known, gpointer user_data)
{
  RtDesk *self = user_data;

  g_atomic_int_set (&self->n_read, n_read);
  g_atomic_int_set (&self->n_known, n_known);
}

static void follow_pace (RtDesk *self);

static gboolean
pace_cb (gpointer user_data)
{
  RtDesk *self = user_data;

  self->pace_timer = 0;
  if (rt_pace_is_due (self->pace))
    desk_start (self, RT_SYNC_PULL);
  follow_pace (self);
  return G_SOURCE_REMOVE;
}

static void
follow_pace (RtDesk *self)
{
  g_clear_handle_id (&self->pace_timer, g_source_remove);
  if (!self->is_closed)
    self->pace_timer = g_timeout_add (rt_pace_get_wait (self->pace), pace_cb, self);
}

/* What is written is read again, as Stripe tells it (API-GUIDE §3). */
static RtSyncFlags
flags_after_write (RtDesk *self)
{
  return RT_SYNC_PUSH | (rt_pace_reads_after_write (self->pace) ? RT_SYNC_PULL : 0);
}

static gboolean
send_cb (gpointer user_data)
{
  RtDesk *self = user_data;

  self->send_timer = 0;
  desk_start (self, flags_after_write (self));
  return G_SOURCE_REMOVE;
}

static void
settle (RtDesk *self, const RtSyncReport *report, const GError *error)
{
  /* By a person: nothing has gone wrong, and nothing is said. */
  gboolean is_left = g_cancellable_is_cancelled (self->cancellable);

  self->is_running = FALSE;
  self->shows_busy = FALSE;
  self->shows_progress = FALSE;
  g_clear_handle_id (&self->busy_timer, g_source_remove);
  g_clear_handle_id (&self->progress_timer, g_source_remove);
  g_clear_handle_id (&self->close_timer, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->problem, g_free);
  self->state = rt_desk_state_of (is_left ? NULL : error);
  if (error != NULL && !is_left)
    self->problem = g_strdup (error->message);
  if (self->state == RT_DESK_IDLE && self->denial != NULL)
    {
      self->state = RT_DESK_PERMISSION;
      g_free (self->problem);
      self->problem = g_strdup (self->denial);
    }
  rt_pace_end (self->pace, is_left ? RT_PACE_LEFT : rt_desk_state_end_of (error),
               report->is_full ? report->duration_ms : 0);
  g_signal_emit (self, progress_signal, 0);
}

static void
drop_job (RtDesk *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->job_task);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                           _ ("The account was closed."));
}

static void
synced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RtDesk) self = RT_DESK (user_data);
  g_autoptr (GError) error = NULL;
  RtSyncReport report;
  RtSyncFlags wanted = self->wanted;
  gboolean is_read;

  is_read = rt_session_sync_finish (RT_SESSION (source), result, &report, &error)
            && (self->flags & RT_SYNC_PULL) != 0;
  if (is_read)
    self->report = report;
  /* One that failed may have read before it did: then nobody knows what the last reading took. */
  self->has_report = is_read || (self->has_report && error == NULL);
  if (g_cancellable_is_cancelled (self->cancellable))
    wanted &= RT_SYNC_PUSH;
  self->wanted = 0;
  rt_desk_state_note_denial (&self->denial, &report, rt_pull_is_partial (rt_desk_get_store (self)),
                             error);
  settle (self, &report, error);
  g_application_release (g_application_get_default ());
  if (self->is_closed && self->job_task != NULL)
    drop_job (self);
  if (self->is_closed)
    return;
  update (self);
  if (self->job_task != NULL)
    job_start (self);
  else if (wanted != 0)
    desk_start (self, wanted);
  follow_pace (self);
}

static void
begin (RtDesk *self)
{
  g_clear_handle_id (&self->send_timer, g_source_remove);
  self->is_running = TRUE;
  self->cancellable = g_cancellable_new ();
  rt_pace_begin (self->pace);
  read_cb (0, 0, self);
  self->progress_timer = g_timeout_add (SHOW_PROGRESS_AFTER, progress_cb, self);
  /* What the thread uses must be there until it has ended. */
  g_application_hold (g_application_get_default ());
}

static void
desk_start (RtDesk *self, RtSyncFlags flags)
{
  if (self->is_closed)
    return;
  if (self->is_running)
    {
      self->wanted |= flags | RT_SYNC_PUSH;
      return;
    }
  begin (self);
  self->flags = flags;
  /* What is over at once would only flicker. */
  if ((flags & RT_SYNC_NOW) != 0)
    busy_cb (self);
  else
    self->busy_timer = g_timeout_add (SHOW_BUSY_AFTER, busy_cb, self);
  rt_session_sync_async (self->session, RT_SYNC_PUSH | flags, self->cancellable, synced_cb,
                         g_object_ref (self));
}

static void
job_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RtDesk *self = task_data;
  GError *error = NULL;

  if (self->job (self->session, g_task_get_task_data (self->job_task), cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtDesk *self = RT_DESK (source);
  g_autoptr (GTask) task = g_steal_pointer (&self->job_task);
  const RtSyncReport nothing = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean is_left = g_cancellable_is_cancelled (self->cancellable);
  gboolean is_good = g_task_propagate_boolean (G_TASK (result), &error);

  self->is_job_running = FALSE;
  settle (self, &nothing, NULL);
  g_application_release (g_application_get_default ());
  if (is_good)
    g_task_return_boolean (task, TRUE);
  else if (is_left)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", error->message);
  else
    g_task_return_error (task, g_steal_pointer (&error));
  if (self->is_closed)
    return;
  update (self);
  /* Who has left a long read does not want it to begin anew. */
  desk_start (self, is_left ? RT_SYNC_PUSH : RT_SYNC_PULL);
  follow_pace (self);
}

static void
job_start (RtDesk *self)
{
  g_autoptr (GTask) task = NULL;

  begin (self);
  self->is_job_running = TRUE;
  task = rt_task_new (self, self->cancellable, self, NULL, job_done_cb);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, job_thread);
}

static gboolean
is_sending (RtDesk *self)
{
  guint n_waiting = 0, n_stopped, n_conflicts;

  rt_queue_count (rt_desk_get_store (self), &n_waiting, &n_stopped, &n_conflicts, NULL);
  return n_waiting > 0;
}

static void
store_changed_cb (RtDesk *self, guint what)
{
  if ((what & (RT_STORE_QUEUE | RT_STORE_SETTINGS)) == 0)
    return;
  if (!self->is_closed)
    update (self);
  else if (self->is_running && !is_sending (self))
    g_cancellable_cancel (self->cancellable);
}

/* Only a hint that trying is worth while (TRAPS C1). */
static void
network_changed_cb (RtDesk *self, gboolean is_available)
{
  if (is_available && (!self->had_network || self->state == RT_DESK_OFFLINE))
    {
      rt_pace_hint_network (self->pace);
      follow_pace (self);
    }
  self->had_network = is_available;
}

static void
rt_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtDesk *self = RT_DESK (object);

  if (id == PROP_SYNCING)
    g_value_set_boolean (value, self->shows_busy);
  else
    g_value_set_string (value, id == PROP_TEXT ? self->text : self->badge);
}

static void
rt_desk_finalize (GObject *object)
{
  RtDesk *self = RT_DESK (object);

  rt_desk_close (self);
  rt_session_set_progress (self->session, NULL, NULL);
  g_clear_object (&self->session);
  g_clear_object (&self->network);
  rt_pace_free (self->pace);
  g_free (self->text);
  g_free (self->badge);
  g_free (self->problem);
  g_free (self->denial);
  G_OBJECT_CLASS (rt_desk_parent_class)->finalize (object);
}

static void
rt_desk_class_init (RtDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rt_desk_get_property;
  object_class->finalize = rt_desk_finalize;
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  props[PROP_SYNCING] = g_param_spec_boolean ("syncing", NULL, NULL, FALSE, flags);
  props[PROP_BADGE] = g_param_spec_string ("badge", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", RT_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  progress_signal = g_signal_new ("progress", RT_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
rt_desk_init (RtDesk *self)
{
  self->network = g_object_ref (g_network_monitor_get_default ());
  self->had_network = g_network_monitor_get_network_available (self->network);
  self->text_timer = g_timeout_add (TEXT_INTERVAL, text_cb, self);
}

RtDesk *
rt_desk_new (RtSession *session)
{
  RtDesk *self = g_object_new (RT_TYPE_DESK, NULL);

  self->session = g_object_ref (session);
  self->pace = rt_pace_new (rt_store_get_clock (rt_session_get_store (session)));
  rt_session_set_progress (session, read_cb, self);
  g_signal_connect_object (rt_session_get_store (session), "changed", G_CALLBACK (store_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->network, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->denial = rt_pull_dup_denial (rt_session_get_store (session));
  update (self);
  desk_start (self, RT_SYNC_PULL);
  return self;
}

static gboolean
close_cb (gpointer user_data)
{
  RtDesk *self = user_data;

  self->close_timer = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* What is being sent gets a moment for its answer; what is lost then is asked for next time (TRAPS
 * B31). What is only read can be left at once. */
void
rt_desk_close (RtDesk *self)
{
  if (self->is_closed)
    return;
  self->is_closed = TRUE;
  if (self->is_running && is_sending (self))
    self->close_timer = g_timeout_add (CLOSE_PATIENCE, close_cb, self);
  else
    g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->pace_timer, g_source_remove);
  g_clear_handle_id (&self->send_timer, g_source_remove);
  g_clear_handle_id (&self->busy_timer, g_source_remove);
  g_clear_handle_id (&self->progress_timer, g_source_remove);
  g_clear_handle_id (&self->poll_timer, g_source_remove);
  g_clear_handle_id (&self->text_timer, g_source_remove);
}

void
rt_desk_run (RtDesk *self, GTask *task, RtDeskJob job)
{
  if (self->is_closed || self->job_task != NULL)
    {
      g_task_return_new_error (task, RT_ERROR, RT_ERROR_BUSY, "%s",
                               _ ("Something else is under way. Try again in a moment."));
      return;
    }
  self->job_task = g_object_ref (task);
  self->job = job;
  if (self->is_running)
    g_cancellable_cancel (self->cancellable);
  else
    job_start (self);
}

void
rt_desk_cancel (RtDesk *self)
{
  if (self->job_task != NULL && !self->is_job_running)
    drop_job (self);
  g_cancellable_cancel (self->cancellable);
}

gboolean
rt_desk_get_progress (RtDesk *self, guint *n_read, guint *n_known)
{
  *n_read = g_atomic_int_get (&self->n_read);
  *n_known = g_atomic_int_get (&self->n_known);
  return self->shows_progress && !self->is_closed;
}

RtSession *
rt_desk_get_session (RtDesk *self)
{
  return self->session;
}

RtStore *
rt_desk_get_store (RtDesk *self)
{
  return rt_session_get_store (self->session);
}

const RtAccount *
rt_desk_get_account (RtDesk *self)
{
  return rt_session_get_account (self->session);
}

RtDeskState
rt_desk_get_state (RtDesk *self)
{
  return self->state;
}

const char *
rt_desk_get_problem (RtDesk *self)
{
  return self->problem;
}

const RtSyncReport *
rt_desk_get_report (RtDesk *self)
{
  return self->has_report ? &self->report : NULL;
}

gboolean
rt_desk_is_partial (RtDesk *self)
{
  return !self->is_running && rt_pull_is_partial (rt_desk_get_store (self));
}

char *
rt_desk_dup_last_sync (RtDesk *self)
{
  g_autofree char *at = rt_store_dup_setting (rt_desk_get_store (self), "last-sync-at");

  if (at == NULL)
    return NULL;
  return rt_time_to_text (g_ascii_strtoll (at, NULL, 10) * G_USEC_PER_SEC,
                          rt_clock_now (rt_store_get_clock (rt_desk_get_store (self))));
}

void
rt_desk_sync_now (RtDesk *self)
{
  desk_start (self, RT_SYNC_PULL | RT_SYNC_NOW);
}

void
rt_desk_set_active (RtDesk *self, gboolean is_active)
{
  if (self->is_active == is_active || self->is_closed)
    return;
  self->is_active = is_active;
  g_clear_handle_id (&self->poll_timer, g_source_remove);
  if (is_active)
    self->poll_timer = g_timeout_add (POLL_INTERVAL, poll_cb, self);
  rt_pace_set_active (self->pace, is_active);
  follow_pace (self);
}

void
rt_desk_send_soon (RtDesk *self)
{
  if (self->is_closed)
    return;
  if (self->is_running)
    self->wanted |= flags_after_write (self);
  else if (self->state != RT_DESK_KEY && self->send_timer == 0)
    self->send_timer = g_timeout_add (SEND_DELAY, send_cb, self);
}
