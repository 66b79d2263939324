#pragma once

#include "rt-pull.h"
#include "rt-pull-write.h"

G_BEGIN_DECLS

#define RT_PULL_N_LISTS 6

/**
 * RtPullList:
 * @object: Stripe's type
 * @path: where its objects are
 * @query: of the list, beyond its page
 * @has_created: whether the list can be asked for a span of creation time
 *
 * A list of Stripe.
 */
typedef struct
{
  const char *object;
  const char *path;
  const char *query;
  gboolean has_created;
} RtPullList;

/**
 * rt_pull_walk_get_lists:
 *
 * Returns: (transfer none) (array fixed-size=6): all lists; those of one type stand together
 */
const RtPullList *rt_pull_walk_get_lists (void);

/**
 * rt_pull_walk_dup_name:
 * @list: a place among the lists
 *
 * Returns: (transfer full): what the list is called in the replica
 */
char *rt_pull_walk_dup_name (guint list);

/**
 * RtPullWalk:
 * @pull: with what to read, and who is told of progress
 * @object: (nullable): only the lists of that type
 * @begin: returns (transfer full) what is to be read of a list; sets which run of it this is
 * @keep: takes the pages that have come meanwhile, in the order they were read; perhaps in a thread
 * @rewind: begins the second of the window's last object again: its cursor is gone (TRAPS A12)
 * @user_data: for these
 * @numbers: (out): which run of each list it was
 * @is_skipped: (out): which lists the key may not read
 *
 * A walk over Stripe's lists, and where its pages go.
 */
typedef struct
{
  RtPull *pull;
  const char *object;
  GPtrArray *(*begin) (gpointer user_data, const char *name, gint64 *number, GError **error);
  RtPullKeep keep;
  gboolean (*rewind) (gpointer user_data, const char *name, RtListingWindow *window,
                      GError **error);
  gpointer user_data;
  gint64 numbers[RT_PULL_N_LISTS];
  gboolean is_skipped[RT_PULL_N_LISTS];
} RtPullWalk;

/**
 * rt_pull_walk_run:
 *
 * Reads the lists to their ends, several windows of creation time at once.
 */
gboolean rt_pull_walk_run (RtPullWalk *walk, GError **error);

/**
 * rt_pull_walk_is_whole:
 * @list: the first list of a type
 * @since: (out): the oldest run of the lists of that type
 *
 * Returns: whether all lists of the type could be read
 */
gboolean rt_pull_walk_is_whole (const RtPullWalk *walk, guint list, gint64 *since);

/**
 * rt_pull_walk_is_first:
 *
 * Returns: whether @list is wanted, and the first of its type
 */
gboolean rt_pull_walk_is_first (const RtPullWalk *walk, guint list);

G_END_DECLS
