#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RT_PAGES_MAX_VALUES 32

/**
 * RtPages:
 *
 * The pages of an SQLite file that SQLite itself refuses: the file with the committed part of its
 * journal laid over it. Reads only; every number in it is taken for damaged until it is checked.
 */
typedef struct _RtPages RtPages;

/**
 * RtValue:
 * @type: `n` null, `i` integer, `s` text (valid UTF-8), `b` text that is not, `x` anything
 *   else
 * @text: (nullable): not terminated
 */
typedef struct
{
  char type;
  gint64 number;
  const char *text;
  int length;
} RtValue;

/**
 * RtRow:
 * @row: its row id; 0 in a tree without
 *
 * One row, valid during the call it is handed to.
 */
typedef struct
{
  gint64 row;
  guint n_values;
  RtValue values[RT_PAGES_MAX_VALUES];
} RtRow;

/**
 * RtRowFunc:
 *
 * Returns: whether the row is what the caller looks for
 */
typedef gboolean (*RtRowFunc) (const RtRow *row, gpointer user_data);

/**
 * rt_pages_open:
 * @path: (type filename): an SQLite file with pages of %RT_DB_PAGE_SIZE bytes
 *
 * Returns: (transfer full) (nullable): its pages, %NULL if there are none
 */
RtPages *rt_pages_open (const char *path);
void rt_pages_free (RtPages *pages);

/**
 * rt_pages_walk:
 * @root: the page on which the tree begins
 * @is_table: whether its rows have row ids, else it is of an index or of a table WITHOUT ROWID
 *
 * Hands every row of a tree that can be read to @func.
 *
 * Returns: whether the tree is whole and @func took each of its rows
 */
gboolean rt_pages_walk (RtPages *pages, guint32 root, gboolean is_table, RtRowFunc func,
                        gpointer user_data);

/**
 * rt_pages_scan:
 *
 * Hands every row to @func that stands on any page in use of that kind, of whatever tree, but for
 * those that the last walk found whole.
 */
void rt_pages_scan (RtPages *pages, gboolean is_table, RtRowFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPages, rt_pages_free)

G_END_DECLS
