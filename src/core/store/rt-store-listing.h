#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * RtListing:
 * @number: identifies this run of the list
 * @started_at: microseconds
 * @cursor: (nullable): the last object of the last page that is stored
 *
 * A full list under way.
 */
typedef struct
{
  gint64 number;
  gint64 started_at;
  char *cursor;
} RtListing;

void rt_listing_clear (RtListing *listing);

/**
 * rt_store_begin_listing:
 * @name: of the list, such as "prices?active=false"
 * @max_age: microseconds: an unfinished list younger than that is gone on with (TRAPS A21)
 * @listing: (out caller-allocates): free with rt_listing_clear()
 */
gboolean rt_store_begin_listing (RtStore *store, const char *name, gint64 max_age,
                                 RtListing *listing, GError **error);

/**
 * rt_store_put_page:
 * @page: (element-type JsonObject): objects of Stripe
 * @asked_at: when the page was asked for, microseconds
 * @is_last: whether the list is complete with it
 *
 * Keeps a page together with the cursor behind it, in one transaction.
 */
gboolean rt_store_put_page (RtStore *store, const char *name, const RtListing *listing,
                            JsonArray *page, gint64 asked_at, gboolean is_last, GError **error);

/**
 * rt_store_missing:
 * @object: Stripe's type
 * @since: the oldest run of its lists that showed everything
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the ids that a complete list did not
 *   show. That is a hint: only a direct read proves a deletion (TRAPS A8, A20).
 */
GPtrArray *rt_store_missing (RtStore *store, const char *object, gint64 since, GError **error);

G_END_DECLS
