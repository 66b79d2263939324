#pragma once

#include "rt-practice-private.h"

G_BEGIN_DECLS

/**
 * rt_practice_control_handle:
 * @path: below `/_practice`
 *
 * Answers the endpoints that tests use to look at the server and to break it.
 */
void rt_practice_control_handle (RtPractice *self, SoupServerMessage *message, const char *path);

G_END_DECLS
