#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_account_new:
 * @state: where its id comes from; it is not put there yet
 * @now: Unix time in seconds
 *
 * Returns: (transfer full): an account for a new data directory
 */
JsonObject *rt_practice_account_new (RtPracticeState *state, gint64 now);

/**
 * rt_practice_account_get:
 *
 * Returns: (nullable) (transfer none): the one account in @state
 */
JsonObject *rt_practice_account_get (RtPracticeState *state);

/**
 * rt_practice_account_retrieve:
 *
 * `GET /v1/account`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_account_retrieve (RtPracticeCall *call, GError **error);

/**
 * rt_practice_account_balance:
 *
 * `GET /v1/balance`.
 *
 * Returns: (transfer full) (nullable): what is answered
 */
JsonObject *rt_practice_account_balance (RtPracticeCall *call, GError **error);

G_END_DECLS
