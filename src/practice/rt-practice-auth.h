#pragma once

#include "rt-practice-execute.h"
#include "rt-practice-route.h"

G_BEGIN_DECLS

/**
 * rt_practice_auth_check:
 * @request: a request
 * @account: id of the account
 * @error: return location for a refusal
 *
 * Returns: (transfer full) (nullable): the secret key, if it is one that is taken
 */
char *rt_practice_auth_check (const RtPracticeRequest *request, const char *account,
                              GError **error);

/**
 * rt_practice_auth_permits:
 * @key: a restricted key lacks what its name says: `rk_test_noproducts`
 *
 * Returns: whether @key may do this
 */
gboolean rt_practice_auth_permits (const char *key, const RtPracticeRoute *route, GError **error);

G_END_DECLS
