#pragma once

#include "rt-desk.h"

G_BEGIN_DECLS

/**
 * RtDeskWrite:
 * @data: the task data of the #GTask given to rt_desk_write()
 *
 * A write to the replica, made in a thread and in one transaction: mostly one action.
 */
typedef gboolean (*RtDeskWrite) (RtStore *store, gpointer data, GError **error);

/**
 * rt_desk_write:
 * @task: of a #GtkWidget; it returns a boolean
 *
 * Runs @write in a thread, then sends what it queued. Before the first write to a live account the
 * person is asked; "no" is %G_IO_ERROR_CANCELLED. The process does not end before it is done.
 */
void rt_desk_write (RtDesk *desk, GTask *task, RtDeskWrite write);

G_END_DECLS
