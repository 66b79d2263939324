#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RT_TYPE_SPLIT (rt_split_get_type ())
G_DECLARE_FINAL_TYPE (RtSplit, rt_split, RT, SPLIT, GtkWidget)

/**
 * RtSplit:
 *
 * A sidebar beside its content; where both do not fit, one of them at a time. In `.ui` files its
 * children are `type="sidebar"` and `type="content"`.
 *
 * - `folded` (boolean, read-only): whether only one of them is shown
 * - `show-content` (boolean): which one, while folded
 */

/**
 * rt_split_set_show_content:
 *
 * Shows the content, else the sidebar, while folded.
 */
void rt_split_set_show_content (RtSplit *split, gboolean show_content);

/**
 * rt_split_get_decoration_layout:
 *
 * Returns: (nullable) (transfer none): the window buttons that a header bar in it has room for:
 *   closing, while it is folded; %NULL: the usual ones
 */
const char *rt_split_get_decoration_layout (RtSplit *split);

G_END_DECLS
