#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/* Copies of what Stripe cannot give back (TRAPS D1): drafts and the open changes with their
 * requests, and of Stripe's objects only those that these are about. So a copy stays small however
 * large the replica is, and making one every day costs nothing. Each is a file of the replica's own
 * format with a name that begins with its day, in a folder beside the replica (mode 0700, files
 * 0600). The copy before an update is of the whole file, as it was (TRAPS D2). */

/* So many of the daily ones are kept, and so many of the others. */
#define RT_BACKUP_KEEP 14

/**
 * RtBackup:
 * @name: of its file
 * @made_at: seconds
 * @n_changes: open changes in it
 * @n_drafts: half-filled forms in it
 * @is_good: whether it can be read
 *
 * A copy.
 */
typedef struct
{
  char *name;
  gint64 made_at;
  guint n_changes;
  guint n_drafts;
  gboolean is_good;
} RtBackup;

void rt_backup_free (RtBackup *backup);

/**
 * rt_backup_dup_folder:
 * @replica: (type filename): the replica's file
 *
 * Returns: (transfer full) (type filename): where its copies are
 */
char *rt_backup_dup_folder (const char *replica);

/**
 * rt_backup_list:
 *
 * Looks at each copy.
 *
 * Returns: (transfer full) (element-type RtBackup): the newest first
 */
GPtrArray *rt_backup_list (const char *replica);

/**
 * rt_backup_create:
 * @name: (nullable): of the file; %NULL: by day and time
 *
 * Makes a copy: under another name first, read back and on the disk before it gets its own. Copies
 * beyond %RT_BACKUP_KEEP go. May be called from any thread.
 *
 * Returns: (transfer full) (nullable): the copy; %NULL with a sentence, and nothing is lost
 */
RtBackup *rt_backup_create (RtStore *store, const char *name, GError **error);

/**
 * rt_backup_daily:
 *
 * Makes the copy of today, by the store's clock, unless there is one or nothing to be kept.
 */
gboolean rt_backup_daily (RtStore *store, GError **error);

/**
 * rt_backup_to_json:
 *
 * Returns: (transfer full): the copy for scripts
 */
JsonObject *rt_backup_to_json (const RtBackup *backup);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtBackup, rt_backup_free)

G_END_DECLS
