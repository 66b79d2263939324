#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_LOG_PAGE (rt_log_page_get_type ())
G_DECLARE_FINAL_TYPE (RtLogPage, rt_log_page, RT, LOG_PAGE, AdwBin)

/**
 * RtLogPage:
 *
 * What happened to each change, and to the replica, newest first.
 *
 * Action: `log.copy`, all of it as text; nothing secret is in it.
 */

GtkWidget *rt_log_page_new (RtDesk *desk);

G_END_DECLS
