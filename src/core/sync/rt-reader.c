#include "rt-reader.h"

#include <glib/gi18n-lib.h>

#include "rt-error.h"
#include "rt-sync-wait.h"

#define MAX_TRIES 5       /* of one read that meets faults and broken lines */
#define MAX_BUSY_TRIES 12 /* of one that Stripe puts off: the pace is halved each time */
#define FIRST_DELAY (G_USEC_PER_SEC / 2)
#define LONGEST_DELAY (60 * G_USEC_PER_SEC)
#define MAX_WAIT (20 * G_USEC_PER_SEC) /* what Stripe wants later is left to the next sync */

typedef struct
{
  const RtReader *reader;
  guint n_running;
  GError *stop; /* (owned) (nullable): why nothing more is asked */
} Reading;

/* One question, as often as it takes. */
typedef struct
{
  Reading *reading;
  gpointer job;
  char *path;    /* (owned) */
  GSource *wait; /* (owned) (nullable): until it is asked again */
  guint n_tries;
} Question;

static void reading_fill (Reading *self);

static void
question_free (Question *question)
{
  g_clear_pointer (&question->wait, g_source_unref);
  g_free (question->path);
  g_free (question);
}

static void
reading_stop (Reading *self, GError *reason)
{
  if (self->stop == NULL)
    self->stop = reason;
  else
    g_error_free (reason);
}

static void question_ask (Question *question);

static gboolean
again_cb (gpointer user_data)
{
  Question *question = user_data;
  Reading *self = question->reading;

  g_clear_pointer (&question->wait, g_source_unref);
  if (self->stop == NULL && !g_cancellable_is_cancelled (self->reader->cancellable))
    {
      question_ask (question);
      return G_SOURCE_REMOVE;
    }
  self->reader->drop (self->reader->user_data, question->job);
  question_free (question);
  self->n_running--;
  reading_fill (self);
  return G_SOURCE_REMOVE;
}

static void
ask_again (Question *question, gint64 delay)
{
  const RtReader *reader = question->reading->reader;

  question->wait = rt_clock_timer_new (reader->clock, delay);
  rt_sync_wake_when_cancelled (question->wait, reader->cancellable);
  g_source_set_callback (question->wait, again_cb, question, NULL);
  g_source_attach (question->wait, g_main_context_get_thread_default ());
}

/* Jitter from half to the whole, so that lanes and computers do not meet again and again. */
static gint64
pause_before (const Question *question, const RtAnswer *answer)
{
  gint64 delay = MIN (FIRST_DELAY << MIN (question->n_tries - 1, 8), LONGEST_DELAY);

  return MAX (delay / 2 + g_random_int_range (0, (gint32) (delay / 2)), answer->retry_after);
}

/* Whether asking again may help: nothing was decided, and Stripe can be reached. */
static gboolean
may_ask_again (const Question *question, const RtAnswer *answer)
{
  if (answer->must_not_retry)
    return FALSE;
  switch (answer->outcome)
    {
    case RT_OUTCOME_BUSY:
      return question->n_tries < MAX_BUSY_TRIES;
    case RT_OUTCOME_UNCERTAIN:
    case RT_OUTCOME_FAULT:
    case RT_OUTCOME_LOST:
      return question->n_tries < MAX_TRIES;
    default:
      return FALSE;
    }
}

static gboolean
is_decided (const RtAnswer *answer)
{
  return answer->outcome == RT_OUTCOME_DONE || answer->outcome == RT_OUTCOME_REFUSED
         || answer->outcome == RT_OUTCOME_PERMISSION;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  Reading *self = question->reading;
  const RtReader *reader = self->reader;
  g_autoptr (RtAnswer) answer = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);
  gint64 delay = pause_before (question, answer);
  GError *error = NULL;

  if (self->stop == NULL && may_ask_again (question, answer) && delay <= MAX_WAIT)
    {
      ask_again (question, delay);
      return;
    }
  if (self->stop != NULL || !is_decided (answer))
    {
      reader->drop (reader->user_data, question->job);
      if (answer->error != NULL)
        reading_stop (self, g_error_copy (answer->error));
    }
  else if (!reader->keep (reader->user_data, question->job, answer, &error))
    {
      reading_stop (self, error);
    }
  question_free (question);
  self->n_running--;
  reading_fill (self);
}

static void
question_ask (Question *question)
{
  const RtReader *reader = question->reading->reader;

  question->n_tries++;
  rt_stripe_client_send_async (reader->client, "GET", question->path, NULL, NULL,
                               reader->cancellable, answered_cb, question);
}

static void
reading_fill (Reading *self)
{
  const RtReader *reader = self->reader;

  if (g_cancellable_is_cancelled (reader->cancellable))
    reading_stop (self, rt_error_new (RT_ERROR_OFFLINE, NULL, _ ("The sync was cancelled.")));
  while (self->stop == NULL && self->n_running < RT_READER_LANES)
    {
      gpointer job = NULL;
      char *path = reader->next (reader->user_data, &job);
      Question *question;

      if (path == NULL)
        return;
      question = g_new0 (Question, 1);
      question->reading = self;
      question->job = job;
      question->path = path;
      self->n_running++;
      question_ask (question);
    }
}

gboolean
rt_reader_run (const RtReader *reader, GError **error)
{
  Reading self = { .reader = reader };

  reading_fill (&self);
  while (self.n_running > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  if (self.stop == NULL)
    return TRUE;
  g_propagate_error (error, self.stop);
  return FALSE;
}
