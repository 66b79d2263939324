#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

#define RT_PRACTICE_EVENT_DAYS 30

/**
 * rt_practice_event_new:
 * @object: what was created, changed or deleted
 * @verb: last part of the type
 * @before: (nullable): @object as it was
 *
 * Returns: (transfer full): an event, rendered in an older API version: other names, wrong amounts
 */
JsonObject *rt_practice_event_new (RtPracticeCall *call, JsonObject *object, const char *verb,
                                   JsonObject *before);

/**
 * rt_practice_event_new_plain:
 * @type: any type, also one that Stripe does not have yet
 * @data: (transfer full): what it tells
 *
 * Returns: (transfer full): an event
 */
JsonObject *rt_practice_event_new_plain (RtPracticeCall *call, const char *type, JsonObject *data);

/**
 * rt_practice_event_delay:
 * @event: an event that this request makes
 *
 * Makes it come late if a fault says so. Which ones it hits follows from their ids.
 */
void rt_practice_event_delay (RtPracticeCall *call, JsonObject *event);

/**
 * rt_practice_event_retrieve:
 *
 * `GET /v1/events/{id}`.
 */
JsonObject *rt_practice_event_retrieve (RtPracticeCall *call, GError **error);

/**
 * rt_practice_event_check_list:
 *
 * Returns: whether the filters of the list fit together
 */
gboolean rt_practice_event_check_list (RtPracticeCall *call, GError **error);

/**
 * rt_practice_event_filter:
 *
 * The filters `type` and `types[]`.
 */
gboolean rt_practice_event_filter (RtPracticeCall *call, RtPracticeRow *row);

G_END_DECLS
