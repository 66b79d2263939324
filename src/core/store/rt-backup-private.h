#pragma once

#include "rt-backup.h"
#include "rt-db.h"

G_BEGIN_DECLS

/* Of the store's own files only. */

/* Copies the whole file before its schema is changed, unless it is new or up to date. */
gboolean rt_backup_before_update (RtDb *db, const char *replica, RtClock *clock, GError **error);

/* Opens a copy that is whole, for reading only. */
RtDb *rt_backup_open (const char *path, GError **error);

/* Removes a file with what SQLite puts beside it. */
void rt_backup_remove (const char *path);

G_END_DECLS
