#pragma once

#include <gio/gio.h>

#include "rt-area.h"

G_BEGIN_DECLS

#define RT_TYPE_ID_LIST (rt_id_list_get_type ())
G_DECLARE_FINAL_TYPE (RtIdList, rt_id_list, RT, ID_LIST, GObject)

/**
 * RtIdList:
 *
 * A #GListModel of #RtListItem over the row ids of one area, in the order of SQL. It holds 8 bytes
 * for each object and makes items on demand; while someone holds an item, the same one is returned,
 * and kept up to date. Ids are read off the main thread, but for the first screen.
 *
 * The signal `loaded` follows each reading, also if nothing changed.
 */

/**
 * rt_id_list_new:
 *
 * Returns: (transfer full): a list of what is not archived, by name
 */
RtIdList *rt_id_list_new (RtStore *store, const RtArea *area);

/**
 * rt_id_list_set_filter:
 * @filter: what to show; limit and offset are not looked at
 */
void rt_id_list_set_filter (RtIdList *list, const RtFilter *filter);

/**
 * rt_id_list_get_problem:
 *
 * Returns: (nullable) (transfer none): why the last reading failed; the rows are then older
 */
const char *rt_id_list_get_problem (RtIdList *list);

G_END_DECLS
