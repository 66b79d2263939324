#pragma once

#include <gio/gio.h>

#include "rt-client.h"
#include "rt-clock.h"
#include "rt-coupon.h"
#include "rt-draft.h"
#include "rt-product.h"

G_BEGIN_DECLS

#define RT_TYPE_STORE (rt_store_get_type ())
G_DECLARE_FINAL_TYPE (RtStore, rt_store, RT, STORE, GObject)

/**
 * RtStoreChanged:
 *
 * What a transaction touched, as the signal `changed (guint)` tells in the main context of the
 * thread that opened the store, once for any number of transactions.
 */
typedef enum
{
  RT_STORE_PRODUCTS = 1 << 0,
  RT_STORE_COUPONS = 1 << 1,
  RT_STORE_QUEUE = 1 << 2,
  RT_STORE_SETTINGS = 1 << 3,
  RT_STORE_CLIENTS = 1 << 4,
  RT_STORE_ALL = (1 << 5) - 1,
} RtStoreChanged;

/**
 * RtSort:
 *
 * How lists are ordered.
 */
typedef enum
{
  RT_SORT_NAME,
  RT_SORT_NEWEST,
} RtSort;

/**
 * RtFilter:
 * @search: (nullable): words that names must have, each as a beginning; also e-mail addresses,
 *   codes and descriptions
 * @archived: whether the archived ones are wanted instead of the others
 * @limit: at most so many; 0: all
 *
 * Which objects a list shows.
 */
typedef struct
{
  const char *search;
  gboolean archived;
  RtSort sort;
  guint limit;
  guint offset;
} RtFilter;

/**
 * rt_store_open:
 * @path: the replica's file; made, with mode 0600, if it does not exist
 *
 * Opens the local replica of one Stripe account and mode, brought up to date. Blocks on the disk.
 * A file that is damaged is not repaired here: see rt_store_set_aside().
 *
 * Returns: (transfer full) (nullable): the store
 */
RtStore *rt_store_open (const char *path, RtClock *clock, GError **error);

/**
 * rt_store_set_aside:
 *
 * Keeps a damaged replica with its journal under a new name and puts a new one in its place that
 * has all that is still readable (rt_salvage()). Safe against crashes at any point and against
 * other processes that do the same: a replica that is whole by then is just opened.
 *
 * Returns: (transfer full) (nullable): the new store
 */
RtStore *rt_store_set_aside (const char *path, RtClock *clock, GError **error);

/**
 * rt_store_get_path:
 *
 * Returns: (transfer none): the file
 */
const char *rt_store_get_path (RtStore *store);

/**
 * rt_store_get_clock:
 *
 * Returns: (transfer none): its clock
 */
RtClock *rt_store_get_clock (RtStore *store);

/* The setting that keeps it. */
#define RT_STORE_SKEW "clock-skew"

/**
 * rt_store_set_skew:
 * @skew: seconds by which the clock is ahead of Stripe's, as the latest answer told
 */
void rt_store_set_skew (RtStore *store, gint64 skew);

/**
 * rt_store_now_at_stripe:
 *
 * How long Stripe remembers an idempotency key, and whether a lost request can still arrive, is
 * reckoned by Stripe's clock: this computer's may be set anew in between (API-GUIDE §2).
 *
 * Returns: what Stripe's clock says, microseconds
 */
gint64 rt_store_now_at_stripe (RtStore *store);

/**
 * rt_store_begin:
 *
 * Takes the one write lock and begins a transaction; reads of this thread see it until
 * rt_store_end(). Never held across a request or a question. Within one, it begins a part of it,
 * which is committed or undone with the whole.
 */
gboolean rt_store_begin (RtStore *store, GError **error);

/**
 * rt_store_end:
 * @is_good: whether to commit, else everything since rt_store_begin() is undone, and all else that
 *   this is a part of
 *
 * Returns: whether it was committed to the disk; of a part, whether it may be
 */
gboolean rt_store_end (RtStore *store, gboolean is_good, GError **error);

/**
 * rt_store_check:
 *
 * Returns: whether file, rows and queue are whole
 */
gboolean rt_store_check (RtStore *store, GError **error);

/**
 * rt_store_poll:
 *
 * Emits `changed` if another process has written to the replica since the last call.
 */
void rt_store_poll (RtStore *store);

/**
 * rt_store_dup_setting:
 *
 * Returns: (transfer full) (nullable): a value kept with the account, such as "last-sync-at"
 */
char *rt_store_dup_setting (RtStore *store, const char *name);

/**
 * rt_store_set_setting:
 *
 * In the transaction under way, or in one of its own.
 */
gboolean rt_store_set_setting (RtStore *store, const char *name, const char *value, GError **error);

/* Clients, products and coupons: the view, made of what Stripe said and what is pending. */

/**
 * rt_store_find_product:
 * @key: a local id, a Stripe id or an exact name (CLI.md)
 *
 * Returns: (transfer full) (nullable): the product; an ambiguous name is an error that lists the
 *   candidates
 */
RtProduct *rt_store_find_product (RtStore *store, const char *key, GError **error);

/**
 * rt_store_find_client:
 *
 * Like rt_store_find_product().
 */
RtClient *rt_store_find_client (RtStore *store, const char *key, GError **error);

/**
 * rt_store_find_coupon:
 *
 * Like rt_store_find_product().
 */
RtCoupon *rt_store_find_coupon (RtStore *store, const char *key, GError **error);

/**
 * rt_store_has_coupon_code:
 *
 * Returns: whether any coupon has or had this code: ids are never used again (TRAPS F4)
 */
gboolean rt_store_has_coupon_code (RtStore *store, const char *code);

/**
 * rt_store_client_rows:
 *
 * Returns: (transfer full) (nullable) (element-type gint64): row ids in the order of the list
 */
GArray *rt_store_client_rows (RtStore *store, const RtFilter *filter, GError **error);

/**
 * rt_store_product_rows:
 *
 * Returns: (transfer full) (nullable) (element-type gint64): row ids in the order of the list
 */
GArray *rt_store_product_rows (RtStore *store, const RtFilter *filter, GError **error);

/**
 * rt_store_coupon_rows:
 *
 * Returns: (transfer full) (nullable) (element-type gint64): row ids in the order of the list
 */
GArray *rt_store_coupon_rows (RtStore *store, const RtFilter *filter, GError **error);

/**
 * rt_store_get_client:
 *
 * Returns: (transfer full) (nullable): the client of a row, %NULL if it has gone
 */
RtClient *rt_store_get_client (RtStore *store, gint64 row);

/**
 * rt_store_get_product:
 *
 * Returns: (transfer full) (nullable): the product of a row, %NULL if it has gone
 */
RtProduct *rt_store_get_product (RtStore *store, gint64 row);

/**
 * rt_store_get_coupon:
 *
 * Returns: (transfer full) (nullable): the coupon of a row, %NULL if it has gone
 */
RtCoupon *rt_store_get_coupon (RtStore *store, gint64 row);

/* Half-filled forms. */

/**
 * rt_store_keep_draft:
 * @form: which form: "customer", "product", "coupon"
 * @object_id: (nullable): the object that is edited; %NULL for a new one
 * @texts: (nullable): what is typed, see rt_draft_to_json(); %NULL forgets it
 *
 * Keeps what a person typed and did not save, through closing and crashes.
 */
gboolean rt_store_keep_draft (RtStore *store, const char *form, const char *object_id,
                              const char *texts, GError **error);

/**
 * rt_store_dup_draft:
 *
 * Returns: (transfer full) (nullable): what was kept
 */
RtDraft *rt_store_dup_draft (RtStore *store, const char *form, const char *object_id,
                             RtNumberStyle style);

G_END_DECLS
