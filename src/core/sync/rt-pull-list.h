#pragma once

#include "rt-pull.h"

G_BEGIN_DECLS

/**
 * rt_pull_get_objects:
 *
 * Returns: (transfer none) (array zero-terminated=1): Stripe's types that are kept here
 */
const char *const *rt_pull_get_objects (void);

/**
 * rt_pull_dup_path:
 *
 * Returns: (transfer full): where one object is read
 */
char *rt_pull_dup_path (const char *object, const char *id);

/**
 * rt_pull_restart_lists:
 * @object: (nullable): only the lists of that type
 *
 * Begins the lists anew. Within a transaction.
 */
gboolean rt_pull_restart_lists (RtStore *store, const char *object, GError **error);

/**
 * rt_pull_lists:
 * @object: (nullable): only the lists of that type
 *
 * Goes on with the lists until they are complete, several windows of creation time at once, and
 * asks for each object that they no longer show before it is taken for deleted.
 */
gboolean rt_pull_lists (RtPull *pull, const char *object, GError **error);

/**
 * rt_pull_unlisted:
 *
 * Goes on with the lists that the key was not allowed to read, in case it is by now.
 */
gboolean rt_pull_unlisted (RtPull *pull, GError **error);

/**
 * rt_pull_is_unlisted:
 * @object: (nullable): a type; %NULL: any
 *
 * Returns: whether the key was not allowed to read all lists of it, so that objects may be missing
 */
gboolean rt_pull_is_unlisted (RtStore *store, const char *object);

/**
 * rt_pull_dup_denial:
 *
 * Returns: (transfer full) (nullable): which permission the key lacks to read everything, as it was
 *   told last
 */
char *rt_pull_dup_denial (RtStore *store);

G_END_DECLS
