#pragma once

#include <adwaita.h>

#include "rt-change.h"

G_BEGIN_DECLS

#define RT_TYPE_CHANGE_ROW (rt_change_row_get_type ())
G_DECLARE_FINAL_TYPE (RtChangeRow, rt_change_row, RT, CHANGE_ROW, AdwExpanderRow)

/**
 * RtChangeRow:
 *
 * A change that waits, unfolding into its requests. Its buttons are the actions `outbox.retry`,
 * `outbox.discard` (id of the change) and `win.edit`.
 */

/**
 * rt_change_row_new:
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *rt_change_row_new (void);

/**
 * rt_change_row_set_change:
 * @now: Unix time in microseconds
 *
 * Shows @change as it is now.
 */
void rt_change_row_set_change (RtChangeRow *row, RtChange *change, gint64 now);

G_END_DECLS
