#pragma once

#include "rt-store.h"
#include "rt-stripe-client.h"

G_BEGIN_DECLS

/**
 * rt_push_async:
 *
 * Sends what is queued until nothing is left that can go now, several independent changes at once.
 * It keeps nothing itself: what is left to do is in the queue.
 */
void rt_push_async (RtStore *store, RtStripeClient *client, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data);

/**
 * rt_push_finish:
 *
 * Returns: %FALSE if Stripe could not be reached, refused the key, or the store failed
 */
gboolean rt_push_finish (GAsyncResult *result, GError **error);

G_END_DECLS
