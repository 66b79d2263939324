#pragma once

#include "rt-db.h"
#include "rt-store.h"

G_BEGIN_DECLS

/* Of the store's own files only. */

/* The connection that sees what this thread wrote, else the reading one; locked until
 * rt_store_unread(). */
RtDb *rt_store_read (RtStore *self);
void rt_store_unread (RtStore *self, RtDb *db);

/* The writing connection; only between rt_store_begin() and rt_store_end(). */
RtDb *rt_store_get_writer (RtStore *self);

/* Notes for `changed`, emitted after the commit. */
void rt_store_touch (RtStore *self, RtStoreChanged what);

/* The object whose view is being made, so that it need not be read and parsed again: of the writing
 * thread only. (nullable): none any more. */
void rt_store_set_at_hand (RtStore *self, JsonObject *object);
JsonObject *rt_store_get_at_hand (RtStore *self, const char *object, const char *id);

/* Makes the view of one object anew. */
gboolean rt_store_refresh_client (RtStore *self, const char *id, GError **error);
gboolean rt_store_refresh_product (RtStore *self, const char *id, GError **error);
gboolean rt_store_refresh_coupon (RtStore *self, const char *id, GError **error);

/* Plans what is still to be sent for it, with its pending changes up to @seq laid over what Stripe
 * has. */
GPtrArray *rt_store_plan_client (RtStore *self, const char *id, gint64 seq, GError **error);
GPtrArray *rt_store_plan_product (RtStore *self, const char *id, gint64 seq, GError **error);
GPtrArray *rt_store_plan_coupon (RtStore *self, const char *id, gint64 seq, GError **error);

/* (transfer full) (nullable): what Stripe has, as the object's JSON. */
JsonObject *rt_store_record_client (RtStore *self, const char *id);
JsonObject *rt_store_record_product (RtStore *self, const char *id);
JsonObject *rt_store_record_coupon (RtStore *self, const char *id);

/* Adds what must be read again, as RtRead, before changes that set @fields may be sent. */
void rt_store_reads_of_client (RtStore *self, const char *id, JsonObject *fields, GPtrArray *reads);
void rt_store_reads_of_product (RtStore *self, const char *id, JsonObject *fields,
                                GPtrArray *reads);
void rt_store_reads_of_coupon (RtStore *self, const char *id, JsonObject *fields, GPtrArray *reads);

/* What a price is besides its amounts, if @fields set anything of one. */
const char *const *rt_store_context_of_product (JsonObject *fields);

/* Whether a lost request with this body would undo what others have decided without a conflict: a
 * price of another kind; the rest of an address. */
gboolean rt_store_is_client_outdated (RtStore *self, const char *id, JsonObject *fields,
                                      const char *body);
gboolean rt_store_is_product_outdated (RtStore *self, const char *id, JsonObject *fields,
                                       const char *body);

/* Whether an object has open changes: mostly not, and then Stripe's word is all there is. */
gboolean rt_store_has_change (RtStore *self, const char *object, const char *id);

/* Lays the open changes of an object, up to @seq, over @record; returns whether there was any. */
gboolean rt_store_overlay (RtStore *self, const char *object, const char *id, gint64 seq,
                           JsonObject *record, gboolean *has_change, GError **error);

/* The state of an object from its open changes: the one that most needs a person. */
RtState rt_store_pending_state (RtStore *self, const char *object, const char *id,
                                gboolean is_archived);

/* (transfer full) (nullable): the Stripe id of a local id. */
char *rt_store_dup_identity (RtStore *self, const char *object, const char *id);

/* (transfer full) (nullable): what Stripe said, %NULL if it has none, or has deleted it. */
JsonObject *rt_store_object (RtStore *self, const char *object, const char *handle);
/* The same, but also if it was deleted. */
JsonObject *rt_store_object_even_deleted (RtStore *self, const char *object, const char *handle,
                                          gboolean *is_deleted);
GPtrArray *rt_store_prices_of (RtStore *self, const char *product_id, GError **error);

/* @table: "customer", "product" or "coupon". */
GArray *rt_store_rows (RtStore *self, const char *table, const RtFilter *filter, GError **error);
/* The row of a table by id, Stripe id, the column @handle, or exact name; 0 and an error if none or
 * several. */
gint64 rt_store_find_row (RtStore *self, const char *table, const char *handle, const char *key,
                          GError **error);

G_END_DECLS
