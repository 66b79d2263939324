#pragma once

#include "rt-practice-call.h"

G_BEGIN_DECLS

/**
 * rt_practice_expand_check:
 * @object: the type that is answered
 * @is_list: whether it comes in a list: paths start with `data.`
 * @error: return location for a refusal
 *
 * Returns: whether each path of `expand` names something expandable, at most 4 levels deep
 */
gboolean rt_practice_expand_check (RtPracticeCall *call, const char *object, gboolean is_list,
                                   GError **error);

/**
 * rt_practice_expand_object:
 * @object: an object as stored, or a stub
 *
 * Returns: (transfer full): @object as it is answered
 */
char *rt_practice_expand_object (RtPracticeCall *call, JsonObject *object);

/**
 * rt_practice_expand_row:
 * @out: gets the object of @row as it is answered in a list
 */
void rt_practice_expand_row (RtPracticeCall *call, RtPracticeRow *row, GString *out);

G_END_DECLS
