#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * rt_sync_wake_when_cancelled:
 * @timer: a source that is not attached yet
 * @cancellable: (nullable): of the sync
 *
 * Lets a wait end at once when the sync is cancelled.
 */
void rt_sync_wake_when_cancelled (GSource *timer, GCancellable *cancellable);

G_END_DECLS
