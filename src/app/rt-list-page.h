#pragma once

#include <adwaita.h>

#include "rt-area.h"

G_BEGIN_DECLS

#define RT_TYPE_LIST_PAGE (rt_list_page_get_type ())
G_DECLARE_FINAL_TYPE (RtListPage, rt_list_page, RT, LIST_PAGE, AdwBin)

/**
 * RtListPage:
 *
 * All objects of one kind: search, order, what is archived, and what to do where there is nothing.
 *
 * Actions: `list.new`, `list.search`, and those of its properties `list.sort` and `list.archived`.
 */

/**
 * rt_list_page_new:
 *
 * Returns: (transfer floating): the list page of @area
 */
GtkWidget *rt_list_page_new (RtDesk *desk, const RtArea *area);

G_END_DECLS
