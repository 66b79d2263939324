#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * RtSalvageLoss:
 * @RT_SALVAGE_LOST_DRAFTS: half-filled forms may be missing
 * @RT_SALVAGE_LOST_CHANGES: changes may be missing
 *
 * What a damaged file may not have given back.
 */
typedef enum
{
  RT_SALVAGE_LOST_DRAFTS = 1 << 0,
  RT_SALVAGE_LOST_CHANGES = 1 << 1,
} RtSalvageLoss;

/**
 * rt_salvage:
 * @store: a new replica
 * @path: (type filename): the damaged one; only read
 * @loss: (out): what may be missing
 *
 * Copies what is readable into a new replica: every row on every page that is whole, wherever the
 * damage is. Changes that were being sent and have lost requests become refused ones, for a person
 * to decide; nothing is taken for done. The next sync reads Stripe before it writes ("pull-first").
 */
gboolean rt_salvage (RtStore *store, const char *path, RtSalvageLoss *loss, GError **error);

G_END_DECLS
