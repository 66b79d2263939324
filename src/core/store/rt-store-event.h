#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

/* Stripe's events are hints of what to read again, never the news itself (TRAPS A4, A6). */

/**
 * RtEventHint:
 * @row: the newest event of the object that is known
 * @object: Stripe's type
 * @object_id: Stripe's id
 *
 * An object that has changed at Stripe since it was read.
 */
typedef struct
{
  gint64 row;
  char *object;
  char *object_id;
} RtEventHint;

void rt_event_hint_free (RtEventHint *hint);

/**
 * RtEventWalk:
 * @covered_until: seconds: all that happened before was listed since
 * @newest: seconds: when the newest event that was seen was created
 *
 * A reading of events.
 */
typedef struct
{
  gint64 covered_until;
  gint64 newest;
} RtEventWalk;

/**
 * rt_store_put_events:
 * @events: (element-type JsonObject): a page of events, hostile
 * @objects: (array zero-terminated=1): the types that are kept here; what tells of others, or
 *   names no object, is ignored (TRAPS A15)
 *
 * Remembers what the events hint at. One that is known already changes nothing (TRAPS A3).
 */
gboolean rt_store_put_events (RtStore *store, JsonArray *events, const char *const *objects,
                              RtEventWalk *walk, GError **error);

/**
 * rt_store_add_hint:
 *
 * Notes that an object is to be read again, without an event that says so. Within a transaction.
 */
gboolean rt_store_add_hint (RtStore *store, const char *object, const char *object_id,
                            GError **error);

/**
 * rt_store_list_hints:
 *
 * Returns: (transfer full) (nullable) (element-type RtEventHint): what is still to be read again
 */
GPtrArray *rt_store_list_hints (RtStore *store, GError **error);

/**
 * rt_store_settle_hint:
 * @answer: (nullable): the object as it is now; %NULL: Stripe has it no more (TRAPS A10)
 * @asked_at: the place of the question in the order of all that was asked
 *
 * Keeps what Stripe says now; events up to that of @hint are dealt with.
 */
gboolean rt_store_settle_hint (RtStore *store, const RtEventHint *hint, JsonObject *answer,
                               gint64 asked_at, GError **error);

/**
 * rt_store_settle_hints:
 * @object: (nullable): Stripe's type; %NULL: of all
 * @row: an event's row
 *
 * Events up to @row are dealt with: all of that type was listed since. Within a transaction.
 */
gboolean rt_store_settle_hints (RtStore *store, const char *object, gint64 row, GError **error);

/**
 * rt_store_last_event_row:
 *
 * Returns: the row of the event that was remembered last
 */
gint64 rt_store_last_event_row (RtStore *store);

/**
 * rt_store_forget_events:
 * @before: seconds
 *
 * Forgets events created before that.
 */
gboolean rt_store_forget_events (RtStore *store, gint64 before, GError **error);

/**
 * rt_store_last_event:
 * @created: (out): seconds: when Stripe's object was changed last, as far as events tell
 * @request_id: (out) (transfer full) (nullable): by which request of the API; %NULL: through the
 *   Dashboard, or by Stripe itself
 *
 * Returns: whether any event tells of a change that was not made here
 */
gboolean rt_store_last_event (RtStore *store, const char *object, const char *object_id,
                              gint64 *created, char **request_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtEventHint, rt_event_hint_free)

G_END_DECLS
