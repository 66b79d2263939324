#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/**
 * RtListingWindow:
 * @created_from: seconds, inclusive; 0: no bound
 * @created_to: seconds, exclusive; 0: no bound
 * @last_created: seconds: of the last object that is stored; 0: none is
 * @cursor: (owned) (nullable): the id of that object
 *
 * What is still to be read of a list: the objects created in a span of time, newest first.
 */
typedef struct
{
  gint64 created_from;
  gint64 created_to;
  gint64 last_created;
  char *cursor;
} RtListingWindow;

/**
 * rt_listing_window_new:
 *
 * Returns: (transfer full): a window of which nothing was read
 */
RtListingWindow *rt_listing_window_new (gint64 created_from, gint64 created_to);

/**
 * rt_listing_window_copy:
 *
 * Returns: (transfer full): another one like it
 */
RtListingWindow *rt_listing_window_copy (const RtListingWindow *window);

void rt_listing_window_free (RtListingWindow *window);

/**
 * rt_store_restart_listing:
 * @name: of the list, such as "/v1/prices?active=false"
 *
 * Begins a list anew. Within a transaction.
 */
gboolean rt_store_restart_listing (RtStore *store, const char *name, GError **error);

/**
 * rt_store_resume_listing:
 * @number: (out): identifies this run of the list
 *
 * Goes on with a list where it was left (TRAPS A21), or begins it if it never was.
 *
 * Returns: (transfer full) (nullable) (element-type RtListingWindow): what is still to be read;
 * empty if the list is complete
 */
GPtrArray *rt_store_resume_listing (RtStore *store, const char *name, gint64 *number,
                                    GError **error);

/**
 * RtPage:
 * @list: (owned): the list's name
 * @number: the run of the list
 * @objects: (owned) (element-type JsonObject): of Stripe
 * @texts: (owned) (element-type utf8): of these, in the same order
 * @asked_at: the place of its question in the order of all that was asked
 * @is_last: whether the window is complete with it
 * @splits: (owned) (element-type gint64): seconds, newest first: what was created before the first
 *   becomes a window of its own, up to the second, and so on
 * @created_from: where its window began
 * @window: (owned): what is left of its window behind it
 *
 * One page of a window.
 */
typedef struct
{
  char *list;
  gint64 number;
  JsonArray *objects;
  GPtrArray *texts;
  gint64 asked_at;
  gboolean is_last;
  GArray *splits;
  gint64 created_from;
  RtListingWindow *window;
} RtPage;

void rt_page_free (RtPage *page);

/**
 * rt_page_new_window:
 * @index: of a split
 *
 * Returns: (transfer full): the window before that split
 */
RtListingWindow *rt_page_new_window (const RtPage *page, guint index);

/**
 * rt_store_put_pages:
 * @pages: (element-type RtPage): in the order they were read
 *
 * Keeps the objects of several pages, and how far that is in their windows, in one transaction.
 */
gboolean rt_store_put_pages (RtStore *store, GPtrArray *pages, GError **error);

/**
 * rt_store_rewind_window:
 *
 * Reads the second of the last object again: its cursor is gone at Stripe (TRAPS A12).
 */
gboolean rt_store_rewind_window (RtStore *store, const char *list, RtListingWindow *window,
                                 GError **error);

/**
 * rt_store_missing:
 * @object: Stripe's type
 * @since: the oldest run of its lists that showed everything
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the ids that a complete list did not
 *   show. That is a hint: only a direct read proves a deletion (TRAPS A8, A20).
 */
GPtrArray *rt_store_missing (RtStore *store, const char *object, gint64 since, GError **error);

/**
 * rt_store_count_objects:
 * @object: Stripe's type
 *
 * Returns: how many the replica holds
 */
guint rt_store_count_objects (RtStore *store, const char *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtListingWindow, rt_listing_window_free)

G_END_DECLS
