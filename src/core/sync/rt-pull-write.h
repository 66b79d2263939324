#pragma once

#include "rt-store-listing.h"

G_BEGIN_DECLS

/**
 * RtPullWrite:
 *
 * Keeps pages while the next are on their way: in a thread of its own, so that nobody who waits for
 * Stripe waits for the disk. One write after the other, in the order the pages came.
 */
typedef struct _RtPullWrite RtPullWrite;

/**
 * RtPullKeep:
 * @pages: (element-type RtPage): all that came since the last ones
 *
 * Where pages go. Called in one thread at a time, but not always in the same.
 */
typedef gboolean (*RtPullKeep) (gpointer user_data, GPtrArray *pages, GError **error);

/**
 * rt_pull_write_new:
 * @is_threaded: %FALSE: in the thread that reads, so that a run is the same each time
 *
 * Returns: (transfer full): of the thread whose default main context is iterated
 */
RtPullWrite *rt_pull_write_new (gboolean is_threaded, RtPullKeep keep, gpointer user_data);

/**
 * rt_pull_write_add:
 * @page: (transfer full): nobody else may hold its objects any more when the main loop goes on
 *
 * Waits for the disk only if more has come than should be held in memory.
 *
 * Returns: %FALSE with the error of an earlier page
 */
gboolean rt_pull_write_add (RtPullWrite *self, RtPage *page, GError **error);

/**
 * rt_pull_write_flush:
 *
 * Keeps all that came, unless an earlier page could not be kept. Nothing is being written then.
 */
gboolean rt_pull_write_flush (RtPullWrite *self, GError **error);

/**
 * rt_pull_write_free:
 *
 * After rt_pull_write_flush().
 */
void rt_pull_write_free (RtPullWrite *self);

G_END_DECLS
