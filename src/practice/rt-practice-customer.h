#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_customer_create:
 *
 * `POST /v1/customers`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_customer_create (RtPracticeCall *call, GError **error);

/**
 * rt_practice_customer_retrieve:
 *
 * `GET /v1/customers/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_customer_retrieve (RtPracticeCall *call, GError **error);

/**
 * rt_practice_customer_update:
 *
 * `POST /v1/customers/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_customer_update (RtPracticeCall *call, GError **error);

/**
 * rt_practice_customer_delete:
 *
 * `DELETE /v1/customers/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_customer_delete (RtPracticeCall *call, GError **error);

/**
 * rt_practice_customer_filter:
 *
 * Those of a test clock are seen only by who asks for that clock (guide §3).
 *
 * Returns: whether @row passes the filters of its list
 */
gboolean rt_practice_customer_filter (RtPracticeCall *call, RtPracticeRow *row);

G_END_DECLS
