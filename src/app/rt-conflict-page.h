#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_CONFLICT_PAGE (rt_conflict_page_get_type ())
G_DECLARE_FINAL_TYPE (RtConflictPage, rt_conflict_page, RT, CONFLICT_PAGE, AdwBin)

/**
 * RtConflictPage:
 *
 * What changed here and at Stripe since an edit began, field by field; nothing is chosen until a
 * person chooses (DESIGN §4). It closes by itself, and says so, once nothing is left to decide.
 *
 * Actions: `conflict.apply`, `conflict.close`, `conflict.all` (boolean: all mine, else Stripe's).
 */

/**
 * rt_conflict_page_new:
 * @id: of a change in conflict
 */
GtkWidget *rt_conflict_page_new (RtDesk *desk, const char *id);

G_END_DECLS
