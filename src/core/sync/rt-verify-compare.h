#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RtVerifyCompareFunc:
 * @field: where, such as "metadata.rtn_ref"
 * @replica: (nullable): the one value
 * @stripe: (nullable): the other
 *
 * Told of a member that differs.
 */
typedef void (*RtVerifyCompareFunc) (const char *field, JsonNode *replica, JsonNode *stripe,
                                     gpointer user_data);

/**
 * rt_verify_compare:
 *
 * Calls @func for each member in which two JSON objects differ, as deep as it is. Their order does
 * not count, nor whether a reference is expanded.
 *
 * Returns: whether there is any
 */
gboolean rt_verify_compare (JsonObject *replica, JsonObject *stripe, RtVerifyCompareFunc func,
                            gpointer user_data);

G_END_DECLS
