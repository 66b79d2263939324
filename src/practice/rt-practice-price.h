#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_price_build:
 * @data: checked parameters of a price, or a product's `default_price_data`
 * @product: id of its product, not checked here
 * @path: (nullable): the wire name of @data, %NULL at the top
 * @error: return location for a refusal
 *
 * Returns: (transfer full) (nullable): a new price, not yet stored
 */
JsonObject *rt_practice_price_build (RtPracticeCall *call, JsonObject *data, const char *product,
                                     const char *path, GError **error);

/**
 * rt_practice_price_create:
 *
 * `POST /v1/prices`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_price_create (RtPracticeCall *call, GError **error);

/**
 * rt_practice_price_retrieve:
 *
 * `GET /v1/prices/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_price_retrieve (RtPracticeCall *call, GError **error);

/**
 * rt_practice_price_update:
 *
 * `POST /v1/prices/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_price_update (RtPracticeCall *call, GError **error);

/**
 * rt_practice_price_filter:
 *
 * Returns: whether @row passes the filters of its list
 */
gboolean rt_practice_price_filter (RtPracticeCall *call, RtPracticeRow *row);

G_END_DECLS
