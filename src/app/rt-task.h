#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * rt_task_new:
 * @owner: (type GObject): who does it; kept until @done has returned, which gets it as the source
 * @cancellable: (nullable): handed to the thread
 * @data: (transfer full) (nullable): the task data; freed after @done
 * @free_data: (nullable): how
 * @done: (scope async): called once, in the main thread
 *
 * A task for g_task_run_in_thread(), which has to follow. The thread may hold a task a little
 * longer than the main loop does, and would be the last to let go of its source object and data:
 * here both end in the main thread, to which widgets belong. The thread function gets no source
 * object.
 *
 * Returns: (transfer full): the task
 */
GTask *rt_task_new (gpointer owner, GCancellable *cancellable, gpointer data,
                    GDestroyNotify free_data, GAsyncReadyCallback done);

G_END_DECLS
