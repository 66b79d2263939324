#pragma once

#include "rt-store.h"
#include "rt-stripe-client.h"

G_BEGIN_DECLS

/**
 * rt_pull_async:
 * @is_full: whether lists that were begun earlier are begun anew
 *
 * Lists everything that Retainer keeps, page by page, and asks for each object that a list no
 * longer shows before it is taken for deleted.
 */
void rt_pull_async (RtStore *store, RtStripeClient *client, gboolean is_full,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * rt_pull_finish:
 * @n_pulled: (out): objects read
 */
gboolean rt_pull_finish (GAsyncResult *result, guint *n_pulled, GError **error);

G_END_DECLS
