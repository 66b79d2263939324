#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The fields of an object's JSON in words: as its form labels them and shows what they hold. */

/**
 * rt_words_label:
 * @object: Stripe's type: "customer", "product", "coupon"
 * @field: of its JSON
 * @record: (nullable): the object's JSON: what an amount is called depends on the rest
 *
 * Returns: (transfer none): the translated name of the field; @field itself if no form has it
 */
const char *rt_words_label (const char *object, const char *field, JsonObject *record);

/**
 * rt_words_dup_value:
 * @value: (nullable): what the field holds
 * @record: (nullable): the object's JSON, for the currency of amounts
 *
 * Returns: (transfer full): the value as people write it
 */
char *rt_words_dup_value (const char *object, const char *field, JsonNode *value,
                          JsonObject *record);

G_END_DECLS
