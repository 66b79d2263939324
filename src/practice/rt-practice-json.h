#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RtPracticeJsonOrder:
 * @RT_PRACTICE_JSON_AS_IS: members in the order in which they were set
 * @RT_PRACTICE_JSON_SORTED: members by name, so that equal trees give equal text
 */
typedef enum
{
  RT_PRACTICE_JSON_AS_IS,
  RT_PRACTICE_JSON_SORTED,
} RtPracticeJsonOrder;

/**
 * rt_practice_json_write:
 * @object: what to write
 *
 * Writes JSON without json-glib's generator, which turns 25.1 into 25.100000000000001.
 *
 * Returns: (transfer full): @object in one line
 */
char *rt_practice_json_write (JsonObject *object, RtPracticeJsonOrder order);

/**
 * rt_practice_json_copy:
 *
 * Returns: (transfer full): a deep copy of @object
 */
JsonObject *rt_practice_json_copy (JsonObject *object);

/**
 * rt_practice_json_take:
 * @object: gets the member
 * @name: its name
 * @params: checked parameters
 *
 * Copies member @name of @params to @object, null if there is none.
 */
void rt_practice_json_take (JsonObject *object, const char *name, JsonObject *params);

/**
 * rt_practice_json_move:
 *
 * Like rt_practice_json_take() but leaves @object alone if @params has no such member: updates.
 */
void rt_practice_json_move (JsonObject *object, const char *name, JsonObject *params);

/**
 * rt_practice_json_equal:
 *
 * Returns: whether both say the same
 */
gboolean rt_practice_json_equal (JsonObject *a, JsonObject *b);

/**
 * rt_practice_json_has:
 *
 * Returns: whether member @name is there and not null
 */
gboolean rt_practice_json_has (JsonObject *object, const char *name);

/**
 * rt_practice_json_string:
 *
 * Returns: (nullable) (transfer none): member @name if it is text
 */
const char *rt_practice_json_string (JsonObject *object, const char *name);

/**
 * rt_practice_json_object:
 *
 * Returns: (nullable) (transfer none): member @name if it is an object
 */
JsonObject *rt_practice_json_object (JsonObject *object, const char *name);

/**
 * rt_practice_json_array:
 *
 * Returns: (nullable) (transfer none): member @name if it is an array
 */
JsonArray *rt_practice_json_array (JsonObject *object, const char *name);

/**
 * rt_practice_json_int:
 *
 * Returns: member @name if it is an integer, else @otherwise
 */
gint64 rt_practice_json_int (JsonObject *object, const char *name, gint64 otherwise);

/**
 * rt_practice_json_bool:
 *
 * Returns: member @name if it is a boolean, else @otherwise
 */
gboolean rt_practice_json_bool (JsonObject *object, const char *name, gboolean otherwise);

G_END_DECLS
