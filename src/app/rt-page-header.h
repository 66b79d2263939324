#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_PAGE_HEADER (rt_page_header_get_type ())
G_DECLARE_FINAL_TYPE (RtPageHeader, rt_page_header, RT, PAGE_HEADER, AdwBin)

/**
 * RtPageHeader:
 *
 * The header bar of every page: its title, the state of the sync below it, "Sync now", and the way
 * back to the sidebar where that is folded away. In `.ui` files children are `type="start"` and
 * `type="end"`.
 *
 * - `title` (string)
 */

/**
 * rt_page_header_set_desk:
 *
 * Tells whose sync is shown.
 */
void rt_page_header_set_desk (RtPageHeader *header, RtDesk *desk);

G_END_DECLS
