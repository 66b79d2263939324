#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * rt_practice_lock_take:
 * @directory: the data directory
 * @error: return location for an #RtError, %RT_ERROR_BUSY if another server has it
 *
 * Returns: a file descriptor that holds the lock until closed, -1 on failure
 */
int rt_practice_lock_take (const char *directory, GError **error);

/**
 * rt_practice_lock_tell_port:
 * @fd: what rt_practice_lock_take() returned
 * @port: 0: none
 *
 * Writes the port into the lock file, for rt_practice_lock_find_port().
 *
 * Returns: whether that worked
 */
gboolean rt_practice_lock_tell_port (int fd, guint port);

/**
 * rt_practice_lock_find_port:
 *
 * Returns: the port of the server that uses @directory, 0 if there is none
 */
guint rt_practice_lock_find_port (const char *directory);

G_END_DECLS
