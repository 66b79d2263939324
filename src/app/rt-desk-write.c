#include "rt-desk-write.h"

#include <glib/gi18n-lib.h>

#include "rt-question.h"
#include "rt-task.h"

#define CONFIRMED "live-confirmed"

typedef struct
{
  RtDesk *desk; /* (owned) */
  GTask *task;  /* (owned): the caller's, with its data */
  RtDeskWrite write;
  gboolean confirms;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->desk);
  g_object_unref (job->task);
  g_free (job);
}

static void
write_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  RtStore *store = rt_desk_get_store (job->desk);
  GError *error = NULL;

  if ((!job->confirms || rt_store_set_setting (store, CONFIRMED, "yes", &error))
      && rt_store_begin (store, &error)
      && rt_store_end (store, job->write (store, g_task_get_task_data (job->task), &error), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Job *job = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      rt_desk_send_soon (job->desk);
      g_task_return_boolean (job->task, TRUE);
    }
  else
    {
      g_task_return_error (job->task, error);
    }
  g_application_release (g_application_get_default ());
}

static void
job_run (Job *job)
{
  g_autoptr (GTask) task = rt_task_new (job->desk, NULL, job, job_free, written_cb);

  /* A window that is closed now must not take what was saved with it. */
  g_application_hold (g_application_get_default ());
  g_task_run_in_thread (task, write_thread);
}

static void
confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;

  if (rt_question_ask_finish (result))
    {
      job->confirms = TRUE;
      job_run (job);
      return;
    }
  g_task_return_new_error (job->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                           _ ("Nothing was saved."));
  job_free (job);
}

void
rt_desk_write (RtDesk *desk, GTask *task, RtDeskWrite write)
{
  const RtAccount *account = rt_desk_get_account (desk);
  g_autofree char *confirmed
      = account->is_live ? rt_store_dup_setting (rt_desk_get_store (desk), CONFIRMED) : NULL;
  Job *job = g_new0 (Job, 1);

  job->desk = g_object_ref (desk);
  job->task = g_object_ref (task);
  job->write = write;
  if (!account->is_live || confirmed != NULL)
    {
      job_run (job);
    }
  else
    {
      g_autofree char *heading
          = g_strdup_printf (_ ("Change the live account “%s”?"), account->name);
      const RtQuestionText text = {
        .heading = heading,
        .body
        = _ ("What you save here changes what real clients pay. You are asked only this once."),
        .action = _ ("_Use Live Account"),
      };

      rt_question_ask_async (g_task_get_source_object (task), &text, confirmed_cb, job);
    }
}
