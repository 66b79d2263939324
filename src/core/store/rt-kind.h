#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * RtKind:
 * @object: Stripe's name of the type, also that of its table
 * @word: Retainer's, as in CLI.md
 * @touched: what `changed` tells
 * @searched: the columns that search looks into
 * @refresh: makes its view anew
 * @plan: what is still to be sent for it
 * @record: (transfer full) (nullable): what Stripe has, as the object's JSON, without pending
 * changes
 * @reads: adds what must be read again before pending changes that set @fields may be sent
 * @field_of: the form field of a parameter that Stripe refused
 * @context: (nullable): the members that must be what the person saw for what @fields set to mean
 *   the same, such as the currency of an amount
 * @is_outdated: (nullable): whether a request with this body, of a change that sets @fields, would
 *   undo what somebody else decided since without a conflict
 *
 * What the queue must know of a type of object that a person can change. A new type is one row in
 * rt-kind.c.
 */
typedef struct
{
  const char *object;
  const char *word;
  RtStoreChanged touched;
  const char *searched;
  gboolean (*refresh) (RtStore *store, const char *id, GError **error);
  GPtrArray *(*plan) (RtStore *store, const char *id, gint64 seq, GError **error);
  JsonObject *(*record) (RtStore *store, const char *id);
  void (*reads) (RtStore *store, const char *id, JsonObject *fields, GPtrArray *reads);
  const char *(*field_of) (const char *object, const char *handle, const char *param);
  const char *const *(*context) (JsonObject *fields);
  gboolean (*is_outdated) (RtStore *store, const char *id, JsonObject *fields, const char *body);
} RtKind;

/**
 * rt_kind_find:
 *
 * Returns: (transfer none) (nullable): the kind, %NULL for objects that have no view of their own
 */
const RtKind *rt_kind_find (const char *object);

/**
 * rt_kind_refresh_by_stripe_id:
 *
 * Makes the view of an object of Stripe anew, giving it a local id if it has none yet: the one it
 * was born with, from `metadata[rtn_ref]` (API-GUIDE §16). Within a transaction.
 */
gboolean rt_kind_refresh_by_stripe_id (const RtKind *kind, RtStore *store, const char *stripe_id,
                                       GError **error);

/**
 * rt_kind_refresh_all:
 *
 * Makes the views of all objects anew. Within a transaction.
 */
gboolean rt_kind_refresh_all (RtStore *store, GError **error);

/**
 * rt_kind_refresh_known:
 *
 * Throws the views of all objects away and makes those anew of which the replica knows anything.
 * Within a transaction.
 */
gboolean rt_kind_refresh_known (RtStore *store, GError **error);

/**
 * rt_kind_enter_search:
 *
 * Enters what was written in this transaction into the indexes for searching. Its last step.
 */
gboolean rt_kind_enter_search (RtStore *store, GError **error);

/**
 * rt_kind_rebuild_search:
 *
 * Makes the indexes for searching anew from the views. Within a transaction.
 */
gboolean rt_kind_rebuild_search (RtStore *store, GError **error);

G_END_DECLS
