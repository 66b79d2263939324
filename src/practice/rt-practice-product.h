#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_product_build:
 * @data: checked parameters of a product, or a price's `product_data`
 * @path: (nullable): the wire name of @data, %NULL at the top
 * @error: return location for a refusal
 *
 * Returns: (transfer full) (nullable): a new product, not yet stored
 */
JsonObject *rt_practice_product_build (RtPracticeCall *call, JsonObject *data, const char *path,
                                       GError **error);

/**
 * rt_practice_product_create:
 *
 * `POST /v1/products`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_product_create (RtPracticeCall *call, GError **error);

/**
 * rt_practice_product_retrieve:
 *
 * `GET /v1/products/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_product_retrieve (RtPracticeCall *call, GError **error);

/**
 * rt_practice_product_update:
 *
 * `POST /v1/products/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_product_update (RtPracticeCall *call, GError **error);

/**
 * rt_practice_product_delete:
 *
 * `DELETE /v1/products/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_product_delete (RtPracticeCall *call, GError **error);

/**
 * rt_practice_product_filter:
 *
 * Returns: whether @row passes the filters of its list
 */
gboolean rt_practice_product_filter (RtPracticeCall *call, RtPracticeRow *row);

G_END_DECLS
