#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * rt_store_rebuild:
 *
 * Throws away the copy of what Stripe has, in one transaction, so that the next sync makes it anew
 * (TRAPS B28). Drafts, the outbox with its requests and keys, local ids, deleted coupons' codes and
 * settings stay; of objects that open changes are about, what those were made of stays, too, until
 * Stripe has said something newer. To be called while no sync is under way: see rt_sync_rebuild().
 */
gboolean rt_store_rebuild (RtStore *store, GError **error);

G_END_DECLS
