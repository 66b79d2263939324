#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* More than any request of ours needs; hostile ones end here. */
#define RT_PRACTICE_FORM_MAX_PARAMS 1000
#define RT_PRACTICE_FORM_MAX_DEPTH 8

/**
 * rt_practice_form_decode:
 * @text: `application/x-www-form-urlencoded` bytes, hostile until this returns
 * @length: their number
 * @error: return location for a refusal
 *
 * Decodes a body or a query string into a tree: each leaf is text, each level an object. A list is
 * an object too, whose members are its indexes; `a[]=x` takes the next index, but only as the last
 * part of a name: lists of objects need an explicit one.
 *
 * Returns: (transfer full) (nullable): the tree
 */
JsonObject *rt_practice_form_decode (const char *text, gsize length, GError **error);

G_END_DECLS
