#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * rt_salvage:
 * @store: a new replica
 * @path: (type filename): the damaged one; only read
 *
 * Copies what is readable into a new replica: every row on every page that is whole, wherever the
 * damage is. Changes that were being sent and have lost requests become refused ones, for a person
 * to decide; nothing is taken for done. The next sync reads Stripe before it writes ("pull-first").
 */
gboolean rt_salvage (RtStore *store, const char *path, GError **error);

G_END_DECLS
