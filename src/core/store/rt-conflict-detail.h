#pragma once

#include "rt-conflict.h"

G_BEGIN_DECLS

/**
 * rt_conflict_detail_add:
 * @change: a change in conflict
 * @json: the change for scripts
 *
 * Adds what a person must know to decide: `conflicts` with the three values of each field,
 * `changed_at` and `changed_by`: when Stripe's side was changed last, and by which request; null if
 * no event tells, or if it was not done through the API.
 */
gboolean rt_conflict_detail_add (RtStore *store, const RtChange *change, JsonObject *json,
                                 GError **error);

G_END_DECLS
