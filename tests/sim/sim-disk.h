#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk in memory, as SQLite's default VFS: it can fail at the N-th operation, die with its
 * computer at the N-th, and forget what was not synced when that happens. */

/* Registers it; all files of SQLite are on it from then on. */
void sim_disk_install (void);

/* Forgets all files under @folder. */
void sim_disk_format (const char *folder);

/* Keeps the files under @folder as what sim_disk_load() brings. */
void sim_disk_keep (const char *folder);
void sim_disk_load (const char *folder);

/* Lets the @n-th operation from now under @folder fail, once; 0: none. */
void sim_disk_fail_at (const char *folder, guint n, guint32 seed);

/* Lets the computer with @folder die at the @n-th operation from now: nothing it does afterwards
 * reaches the disk; 0: it lives. */
void sim_disk_die_at (const char *folder, guint n);
void sim_disk_die (const char *folder);
/* Whether it is still to fail or to die: what is answered now may not be kept. */
gboolean sim_disk_is_doomed (const char *folder);
gboolean sim_disk_is_dead (const char *folder);

/* The power is back: of what was not synced, some is there, some is not, some is torn. */
void sim_disk_power_up (const char *folder, GRand *random);

G_END_DECLS
