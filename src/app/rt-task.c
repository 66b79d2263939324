#include "rt-task.h"

typedef struct
{
  GObject *owner; /* (owned) */
  gpointer data;  /* (owned) (nullable) */
  GDestroyNotify free_data;
  GAsyncReadyCallback done;
} Call;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;

  call->done (call->owner, result, NULL);
  if (call->free_data != NULL)
    call->free_data (call->data);
  g_object_unref (call->owner);
  g_free (call);
}

GTask *
rt_task_new (gpointer owner, GCancellable *cancellable, gpointer data, GDestroyNotify free_data,
             GAsyncReadyCallback done)
{
  Call *call = g_new0 (Call, 1);
  GTask *task = g_task_new (NULL, cancellable, done_cb, call);

  call->owner = g_object_ref (owner);
  call->data = data;
  call->free_data = free_data;
  call->done = done;
  g_task_set_task_data (task, data, NULL);
  return task;
}
