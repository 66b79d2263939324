#include <glib/gi18n-lib.h>

#include "rt-draft-keeper.h"
#include "rt-question.h"
#include "rt-window-private.h"

static void
lose_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  if (!rt_question_ask_finish (result))
    return;
  rt_draft_keeper_abandon (NULL);
  gtk_window_destroy (GTK_WINDOW (source));
}

static void
drafts_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtWindow *self = RT_WINDOW (source);
  g_autoptr (GError) error = NULL;

  self->is_closing = FALSE;
  if (self->pages == NULL) /* gone meanwhile */
    return;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    gtk_window_close (GTK_WINDOW (self)); /* unless more was typed */
  else
    rt_question_ask_async (self,
                           &(RtQuestionText){
                               .heading = _ ("Close and lose what you typed?"),
                               .body = error->message,
                               .action = _ ("_Close"),
                               .is_destructive = TRUE,
                           },
                           lose_answered_cb, NULL);
}

gboolean
rt_window_may_close (RtWindow *self)
{
  if (self->is_closing || !rt_draft_keeper_has_unwritten ())
    return !self->is_closing;
  self->is_closing = TRUE;
  rt_draft_keeper_flush_all (self, drafts_written_cb);
  return FALSE;
}
