#pragma once

#include "rt-practice-contract.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define RT_PRACTICE_MAX_TEXT 5000
#define RT_PRACTICE_METADATA_MAX_KEYS 50
#define RT_PRACTICE_METADATA_MAX_KEY 40
#define RT_PRACTICE_METADATA_MAX_VALUE 500

/**
 * rt_practice_check:
 * @table: what the operation takes
 * @tree: a decoded form
 * @error: return location for a refusal
 *
 * Refuses what Stripe refuses by the contract alone: unknown, missing, mistyped, blank and
 * over-long parameters.
 *
 * Returns: (transfer full) (nullable): the parameters with their types: integers, timestamps and
 *   booleans as such, decimals and numbers as text, lists as arrays, null for what is to be unset
 */
JsonObject *rt_practice_check (const RtPracticeParam *table, JsonObject *tree, GError **error);

/**
 * rt_practice_check_metadata:
 * @object: the object whose `metadata` changes
 * @params: checked parameters
 * @error: return location for a refusal
 *
 * Merges `metadata` of @params into @object: an empty value deletes its key, null deletes all.
 *
 * Returns: whether the result keeps to the limits
 */
gboolean rt_practice_check_metadata (JsonObject *object, JsonObject *params, GError **error);

G_END_DECLS
