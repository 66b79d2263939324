#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/* `POST /v1/billing/meters` and so on. */
JsonObject *rt_practice_meter_create (RtPracticeCall *call, GError **error);
JsonObject *rt_practice_meter_retrieve (RtPracticeCall *call, GError **error);
JsonObject *rt_practice_meter_update (RtPracticeCall *call, GError **error);
JsonObject *rt_practice_meter_deactivate (RtPracticeCall *call, GError **error);
JsonObject *rt_practice_meter_reactivate (RtPracticeCall *call, GError **error);
gboolean    rt_practice_meter_filter (RtPracticeCall *call, RtPracticeRow *row);

G_END_DECLS
