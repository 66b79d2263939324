#pragma once

#include <json-glib/json-glib.h>

#include "rt-decimal.h"

G_BEGIN_DECLS

/* Limits of what is read: a Stripe page of 100 objects stays well below both. */
#define RT_JSON_MAX_BYTES (16 * 1024 * 1024)
#define RT_JSON_MAX_DEPTH 64

/**
 * rt_json_parse:
 * @text: text from outside, hostile until this returns
 * @length: its length in bytes, or -1 if NUL-terminated
 * @error: return location for an #RtError of kind %RT_ERROR_DAMAGED
 *
 * Reads one JSON object (RFC 8259, strictly: json-glib 1.6's own reader takes single quotes and
 * comments, wraps integers beyond 64 bits and overflows the stack on deep nesting). Refuses more
 * than %RT_JSON_MAX_BYTES, more than %RT_JSON_MAX_DEPTH levels, bytes that are not UTF-8, U+0000,
 * repeated member names being kept as the last one.
 *
 * Returns: (transfer full) (nullable): the object
 */
JsonObject *rt_json_parse (const char *text, gssize length, GError **error);

/**
 * rt_json_parse_list:
 * @elements: (out) (transfer full) (element-type utf8): the text of each element of the member
 *   `data`, as it came but for the space between its parts; empty if there is no such array
 *
 * rt_json_parse() for a page of a list.
 */
JsonObject *rt_json_parse_list (const char *text, gsize length, GPtrArray **elements,
                                GError **error);

/**
 * rt_json_to_text:
 *
 * Returns: (transfer full): @object in one line
 */
char *rt_json_to_text (JsonObject *object);

/**
 * rt_json_string:
 *
 * Returns: (nullable) (transfer none): the text of member @name, %NULL if it is absent, null or of
 * another type. Stripe adds fields and changes types at any time (API-GUIDE §1): readers are
 * lenient.
 */
const char *rt_json_string (JsonObject *object, const char *name);

/**
 * rt_json_int:
 * @value: (out caller-allocates): untouched unless %TRUE is returned
 *
 * Returns: whether member @name is an integer
 */
gboolean rt_json_int (JsonObject *object, const char *name, gint64 *value);

/**
 * rt_json_decimal:
 * @places: how many decimal places the number can have, at most 6
 * @value: (out caller-allocates): untouched unless %TRUE is returned
 *
 * Reads a JSON number (`percent_off`) or a decimal string (`unit_amount_decimal`) exactly.
 *
 * Returns: whether member @name is one
 */
gboolean rt_json_decimal (JsonObject *object, const char *name, guint places, RtDecimal *value);

/**
 * rt_json_bool:
 *
 * Returns: whether member @name is `true`
 */
gboolean rt_json_bool (JsonObject *object, const char *name);

/**
 * rt_json_object:
 *
 * Returns: (nullable) (transfer none): member @name if it is an object
 */
JsonObject *rt_json_object (JsonObject *object, const char *name);

/**
 * rt_json_array:
 *
 * Returns: (nullable) (transfer none): member @name if it is an array
 */
JsonArray *rt_json_array (JsonObject *object, const char *name);

/**
 * rt_json_element:
 *
 * Returns: (nullable) (transfer none): element @index of @array if it is an object
 */
JsonObject *rt_json_element (JsonArray *array, guint index);

/**
 * rt_json_reference:
 *
 * Returns: (nullable) (transfer none): the id in a field that holds an id or the expanded object
 */
const char *rt_json_reference (JsonObject *object, const char *name);

/**
 * rt_json_difference:
 * @members: (array zero-terminated=1): the names to compare
 *
 * Returns: (transfer full): those of @members, as @after has them, that @before has otherwise; one
 *   that is not there is null
 */
JsonObject *rt_json_difference (JsonObject *before, JsonObject *after, const char *const *members);

/**
 * rt_json_set_string:
 * @value: (nullable): stored as null if %NULL
 *
 * json_object_set_string_member() that also takes %NULL.
 */
void rt_json_set_string (JsonObject *object, const char *name, const char *value);

G_END_DECLS
