#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_meter_create:
 *
 * `POST /v1/billing/meters`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_meter_create (RtPracticeCall *call, GError **error);

/**
 * rt_practice_meter_retrieve:
 *
 * `GET /v1/billing/meters/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_meter_retrieve (RtPracticeCall *call, GError **error);

/**
 * rt_practice_meter_update:
 *
 * `POST /v1/billing/meters/{id}`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_meter_update (RtPracticeCall *call, GError **error);

/**
 * rt_practice_meter_deactivate:
 *
 * `POST /v1/billing/meters/{id}/deactivate`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_meter_deactivate (RtPracticeCall *call, GError **error);

/**
 * rt_practice_meter_reactivate:
 *
 * `POST /v1/billing/meters/{id}/reactivate`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_meter_reactivate (RtPracticeCall *call, GError **error);

/**
 * rt_practice_meter_filter:
 *
 * Returns: whether @row passes the filters of its list
 */
gboolean rt_practice_meter_filter (RtPracticeCall *call, RtPracticeRow *row);

G_END_DECLS
