#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/* What a person can do with clients; see rt-product-actions.h. */

/**
 * rt_client_create:
 * @draft: what was typed
 *
 * Returns: (transfer full) (nullable): the new client, queued
 */
RtClient *rt_client_create (RtStore *store, const RtDraft *draft, GError **error);

/**
 * rt_client_update:
 * @id: local id, Stripe id or exact name
 * @draft: what was typed; what is absent stays
 *
 * Returns: (transfer full) (nullable): the client as it is now
 */
RtClient *rt_client_update (RtStore *store, const char *id, const RtDraft *draft, GError **error);

/**
 * rt_client_set_archived:
 *
 * Archives or restores. At Stripe the customer stays, with its subscriptions: deleting one would
 * cancel them at once (API-GUIDE §8, §17).
 *
 * Returns: (transfer full) (nullable): the client as it is now
 */
RtClient *rt_client_set_archived (RtStore *store, const char *id, gboolean is_archived,
                                  GError **error);

G_END_DECLS
