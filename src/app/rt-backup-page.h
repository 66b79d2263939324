#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_BACKUP_PAGE (rt_backup_page_get_type ())
G_DECLARE_FINAL_TYPE (RtBackupPage, rt_backup_page, RT, BACKUP_PAGE, AdwBin)

/**
 * RtBackupPage:
 *
 * The copies of drafts and outbox, and a way back for each.
 *
 * Action: `backup.restore` (its name, and when it was made).
 */

GtkWidget *rt_backup_page_new (RtDesk *desk);

G_END_DECLS
