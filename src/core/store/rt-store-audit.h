#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * RtStoredObject:
 * @row: its row; 0: the replica has never heard of it
 * @text: (nullable): its JSON, as it stands in the file
 * @asked_at: the place of the question that brought it in the order of all that was asked
 * @is_deleted: whether it is a tombstone
 *
 * What the replica holds of an object of Stripe, for comparing.
 */
typedef struct
{
  gint64 row;
  char *text;
  gint64 asked_at;
  gboolean is_deleted;
} RtStoredObject;

void rt_stored_object_clear (RtStoredObject *stored);

/**
 * rt_store_read_stored:
 * @stored: (out caller-allocates): what is there, or nothing
 *
 * Returns: %FALSE on failure; that there is none is no failure
 */
gboolean rt_store_read_stored (RtStore *store, const char *object, const char *stripe_id,
                               RtStoredObject *stored, GError **error);

/**
 * rt_store_list_unseen:
 * @object: Stripe's type
 * @seen: rows, as pointers
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the ids of the objects of that type
 *   that the replica takes for existing and that are not in @seen
 */
GPtrArray *rt_store_list_unseen (RtStore *store, const char *object, GHashTable *seen,
                                 GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtStoredObject, rt_stored_object_clear)

G_END_DECLS
