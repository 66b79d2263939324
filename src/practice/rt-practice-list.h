#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_list:
 * @call: a request with the parameters that all lists share: `limit`, cursors and `created`
 * @object: the type listed
 * @url: its path
 * @filter: (nullable): what else must be true of a row
 * @error: return location for a refusal
 *
 * Returns: (transfer full) (nullable): one page, newest first
 */
char *rt_practice_list (RtPracticeCall *call, const char *object, const char *url,
                        RtPracticeFilter filter, GError **error);

G_END_DECLS
