#pragma once

#include <sqlite3.h>

#include "rt-error.h"

G_BEGIN_DECLS

/* Fixed, so that a file can be read whose header is damaged. */
#define RT_DB_PAGE_SIZE 4096

/* Beside a file that a statement found damaged. */
#define RT_DB_SUSPECT ".suspect"

/**
 * RtDb:
 *
 * One connection to SQLite with its prepared statements. Private to the store. Lock it while using
 * it from more than one thread.
 */
typedef struct _RtDb RtDb;

/**
 * rt_db_open:
 * @is_writer: whether it may write; the file is made with mode 0600 if it does not exist
 *
 * Opens with WAL, `synchronous=FULL` and foreign keys on.
 *
 * Returns: (transfer full) (nullable): the connection
 */
RtDb *rt_db_open (const char *path, gboolean is_writer, GError **error);
void rt_db_close (RtDb *db);

/**
 * rt_db_has_moved:
 *
 * Returns: whether the file is no longer the one at its path: what is written now would be lost
 */
gboolean rt_db_has_moved (RtDb *db);

/**
 * rt_db_lock:
 *
 * Recursive.
 */
void rt_db_lock (RtDb *db);
void rt_db_unlock (RtDb *db);

/**
 * rt_db_enter:
 *
 * A transaction has begun: failures are watched for, and nothing is run any more should SQLite end
 * it by itself.
 */
void rt_db_enter (RtDb *db);

/**
 * rt_db_leave:
 *
 * The transaction is about to end.
 */
void rt_db_leave (RtDb *db);

/**
 * rt_db_has_failed:
 *
 * Returns: whether any statement has failed since, also one whose caller took no notice: what was
 *   decided in that transaction may rest on something that was not read
 */
gboolean rt_db_has_failed (RtDb *db);

/**
 * rt_db_take_bad_index:
 *
 * Returns: whether an index for searching was found bad since the last call; it can be made anew
 */
gboolean rt_db_take_bad_index (RtDb *db);

/**
 * rt_db_exec:
 *
 * Runs @sql, several statements without parameters.
 */
gboolean rt_db_exec (RtDb *db, const char *sql, GError **error);

/**
 * rt_db_query:
 * @sql: one statement, cached by its text
 * @types: a letter for each parameter: `s` text (%NULL is null), `i` #gint64, `b` #gboolean
 *
 * Binds. Rows are then taken with rt_db_next(); end early with rt_db_end().
 *
 * Returns: (transfer none) (nullable): the statement, reset and bound
 */
sqlite3_stmt *rt_db_query (RtDb *db, GError **error, const char *sql, const char *types, ...);

/**
 * rt_db_next:
 * @error: return location; set only on failure, not at the end
 *
 * Returns: whether there is a row; after %FALSE the statement is reset
 */
gboolean rt_db_next (RtDb *db, sqlite3_stmt *statement, GError **error);

/**
 * rt_db_end:
 *
 * Resets a statement whose remaining rows are not wanted. %NULL is fine.
 */
void rt_db_end (sqlite3_stmt *statement);

/**
 * rt_db_run:
 *
 * rt_db_query() for statements without rows.
 *
 * Returns: %FALSE on failure
 */
gboolean rt_db_run (RtDb *db, GError **error, const char *sql, const char *types, ...);

/**
 * rt_db_text:
 *
 * Returns: (transfer none) (nullable): the text of a column, valid until the next row
 */
const char *rt_db_text (sqlite3_stmt *statement, int column);

/**
 * rt_db_get_int:
 *
 * Runs a query of one integer, 0 without a row.
 */
gboolean rt_db_get_int (RtDb *db, gint64 *value, GError **error, const char *sql, const char *types,
                        ...);

/**
 * rt_db_n_changes:
 *
 * Returns: how many rows the last statement changed
 */
int rt_db_n_changes (RtDb *db);

/**
 * rt_db_last_row:
 *
 * Returns: the row id of the last insert
 */
gint64 rt_db_last_row (RtDb *db);

/**
 * rt_db_migrate:
 *
 * Brings the schema up to date in one transaction that also sets `user_version`; several processes
 * may do so at once. Refuses a newer file and one of another program, changing nothing. A version
 * that no Retainer will ever have is damage.
 */
gboolean rt_db_migrate (RtDb *db, GError **error);

/**
 * rt_db_get_outdated:
 * @version: (out): the schema's version if rt_db_migrate() would change it and there is something
 *   in the file; else 0
 *
 * Returns: %FALSE where rt_db_migrate() would fail at once
 */
gboolean rt_db_get_outdated (RtDb *db, gint64 *version, GError **error);

/**
 * rt_db_check:
 *
 * Returns: whether `PRAGMA quick_check` and the foreign keys find the file whole
 */
gboolean rt_db_check (RtDb *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtDb, rt_db_close)

G_END_DECLS
