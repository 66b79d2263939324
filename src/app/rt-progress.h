#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_PROGRESS (rt_progress_get_type ())
G_DECLARE_FINAL_TYPE (RtProgress, rt_progress, RT, PROGRESS, AdwBin)

/**
 * RtProgress:
 *
 * How far something is that takes a while, and a button to cancel it. Hidden until shown.
 */

/**
 * rt_progress_set_action:
 * @action: what the button does
 */
void rt_progress_set_action (RtProgress *progress, const char *action);

/**
 * rt_progress_show:
 * @reason: (nullable): why it takes long
 * @n_read: how many objects were read
 * @n_known: of how many; 0 if nobody can know
 */
void rt_progress_show (RtProgress *progress, const char *reason, guint n_read, guint n_known);

void rt_progress_hide (RtProgress *progress);

G_END_DECLS
