#pragma once

#include <glib-object.h>

#include "rt-term.h"

G_BEGIN_DECLS

#define RT_TYPE_LIST_ITEM (rt_list_item_get_type ())
G_DECLARE_FINAL_TYPE (RtListItem, rt_list_item, RT, LIST_ITEM, GObject)

/**
 * RtListItem:
 *
 * What a row of a list shows of an object. All properties are read-only:
 *
 * - `id` (string): its local id
 * - `title`, `subtitle` (string): its name and its sentence
 * - `pill` (string, nullable): its state, unless that is the ordinary one
 * - `pill-classes` (strv): how the pill looks
 */

/**
 * rt_list_item_new:
 * @row: its row in the replica
 * @is_outside: whether it was made outside Retainer
 *
 * Returns: (transfer full): an item
 */
RtListItem *rt_list_item_new (gint64 row, const char *id, const char *title, const char *subtitle,
                              RtState state, gboolean is_outside);

/**
 * rt_list_item_new_gone:
 *
 * Returns: (transfer full): an item for a row that has just gone
 */
RtListItem *rt_list_item_new_gone (gint64 row);

/**
 * rt_list_item_become:
 * @other: a newer item of the same row
 *
 * Shows what @other shows; only the list does this.
 */
void rt_list_item_become (RtListItem *item, RtListItem *other);

gint64 rt_list_item_get_row (RtListItem *item);
const char *rt_list_item_get_id (RtListItem *item);

G_END_DECLS
