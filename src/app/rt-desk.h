#pragma once

#include <gtk/gtk.h>

#include "rt-desk-state.h"
#include "rt-session.h"

G_BEGIN_DECLS

#define RT_TYPE_DESK (rt_desk_get_type ())
G_DECLARE_FINAL_TYPE (RtDesk, rt_desk, RT, DESK, GObject)

/**
 * RtDesk:
 *
 * An open account in a window: its session, when it syncs, and what is said about that. All pages
 * of the account share it.
 *
 * - `text` (string): the state of the sync in a few words
 * - `syncing` (boolean): whether to show that it is busy
 * - `badge` (string, nullable): how many changes wait or need a person
 *
 * The signal `changed` is emitted after any of them may have changed, `progress` a few times a
 * second while a sync runs that takes long.
 */

/**
 * rt_desk_new:
 *
 * Starts with a sync.
 *
 * Returns: (transfer full): a desk with the account of @session on it
 */
RtDesk *rt_desk_new (RtSession *session);

/**
 * rt_desk_close:
 *
 * Stops syncing, within 5 seconds if something is being sent; the session ends with the last
 * reference.
 */
void rt_desk_close (RtDesk *desk);

RtSession *rt_desk_get_session (RtDesk *desk);
RtStore *rt_desk_get_store (RtDesk *desk);
const RtAccount *rt_desk_get_account (RtDesk *desk);
RtDeskState rt_desk_get_state (RtDesk *desk);

/**
 * rt_desk_get_problem:
 *
 * Returns: (nullable) (transfer none): why the last sync failed
 */
const char *rt_desk_get_problem (RtDesk *desk);

/**
 * rt_desk_get_report:
 *
 * Returns: (nullable) (transfer none): what the sync did that rt_desk_dup_last_sync() is about;
 *   %NULL if it was of an earlier time
 */
const RtSyncReport *rt_desk_get_report (RtDesk *desk);

/**
 * rt_desk_is_partial:
 *
 * Returns: whether reading everything was begun and left, so that the lists may lack something
 */
gboolean rt_desk_is_partial (RtDesk *desk);

/**
 * rt_desk_dup_last_sync:
 *
 * Returns: (transfer full) (nullable): when Stripe was last read, as one would say it
 */
char *rt_desk_dup_last_sync (RtDesk *desk);

/**
 * rt_desk_sync_now:
 *
 * A person asks for a sync: at once, whatever the network monitor says (TRAPS C1).
 */
void rt_desk_sync_now (RtDesk *desk);

/**
 * RtDeskJob:
 * @data: the task data of the #GTask given to rt_desk_run()
 *
 * Something about the whole replica that nothing else may run beside; called in a thread.
 */
typedef gboolean (*RtDeskJob) (RtSession *session, gpointer data, GCancellable *cancellable,
                               GError **error);

/**
 * rt_desk_run:
 * @task: returns a boolean
 *
 * Runs @job instead of a sync, with progress and a way out like one; a sync that runs is left for
 * it. After it comes a sync. %G_IO_ERROR_CANCELLED if a person left it.
 */
void rt_desk_run (RtDesk *desk, GTask *task, RtDeskJob job);

/**
 * rt_desk_cancel:
 *
 * A person leaves what runs, a sync or a job. What was read stays.
 */
void rt_desk_cancel (RtDesk *desk);

/**
 * rt_desk_get_progress:
 * @n_read: (out): objects read by the sync that runs
 * @n_known: (out): of how many; 0 if nobody can know
 *
 * Returns: whether a sync takes long enough to show it
 */
gboolean rt_desk_get_progress (RtDesk *desk, guint *n_read, guint *n_known);

/**
 * rt_desk_set_active:
 * @is_active: whether the window has the focus: then it syncs more often, and watches for writes of
 *   other processes
 */
void rt_desk_set_active (RtDesk *desk, gboolean is_active);

/**
 * rt_desk_send_soon:
 *
 * Something was queued: it is sent in a moment, together with what follows at once.
 */
void rt_desk_send_soon (RtDesk *desk);

G_END_DECLS
