#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "rt-clock.h"

G_BEGIN_DECLS

/**
 * RtPractice:
 *
 * The practice Stripe: a strict, stateful stand-in for Stripe's API on the loopback interface,
 * with products, prices, meters, coupons, customers and events. Outside `/v1` it has endpoints of
 * its own:
 *
 * - `GET /_practice/state`: `account`, `now`, `objects` (number by type), `requests` (number by
 *   "METHOD path template"), `keys` (executed POSTs per idempotency key, 2 is a double), `unkeyed`
 *   (executed POSTs without a key) and `rate_limited` (answers with status 429)
 * - `POST /_practice/faults`: what rt_practice_add_fault() takes; `DELETE` clears them
 * - `POST /_practice/events`: what rt_practice_add_event() takes; answers with `id`
 * - `POST /_practice/edit`: what rt_practice_edit() takes: `object`, `id`, `parameters`, or
 *   `"delete":true` instead of the latter; answers with the object
 * - `POST /_practice/clock` with `{"advance":seconds}`: moves the server's time
 */
#define RT_TYPE_PRACTICE (rt_practice_get_type ())
G_DECLARE_FINAL_TYPE (RtPractice, rt_practice, RT, PRACTICE, GObject)

/**
 * rt_practice_new:
 * @clock: where time comes from
 * @directory: (nullable): where the account is kept, %NULL to keep nothing on disk
 * @error: return location for an #RtError: %RT_ERROR_BUSY if another server uses @directory
 *
 * One directory is one account: its id stays the same.
 *
 * Returns: (transfer full) (nullable): a practice Stripe that does not listen yet
 */
RtPractice *rt_practice_new (RtClock *clock, const char *directory, GError **error);

/**
 * rt_practice_listen:
 * @port: a port of 127.0.0.1, 0 for any free one
 * @error: return location for an error
 *
 * Serves in the thread-default main context of the caller.
 *
 * Returns: whether it listens
 */
gboolean rt_practice_listen (RtPractice *self, guint port, GError **error);

/**
 * rt_practice_get_port:
 *
 * Returns: the port listened on, 0 if none
 */
guint rt_practice_get_port (RtPractice *self);

/**
 * rt_practice_dup_base:
 *
 * Returns: (transfer full): `http://127.0.0.1:PORT`
 */
char *rt_practice_dup_base (RtPractice *self);

/**
 * rt_practice_stop:
 *
 * Closes all connections. Requests that a fault holds up are given up.
 */
void rt_practice_stop (RtPractice *self);

/**
 * RtPracticeMessage:
 * @method: HTTP method
 * @path: path and query, encoded: `/v1/events?limit=100`
 * @body: (nullable): an encoded form, NUL-terminated; only of a POST
 * @authorization: (nullable): header `Authorization`
 * @key: (nullable): header `Idempotency-Key`
 * @version: (nullable): header `Stripe-Version`
 * @account: (nullable): header `Stripe-Account`
 * @content_type: (nullable): header `Content-Type`; %NULL stands for that of a form
 *
 * A request to the practice Stripe. All strings are borrowed.
 */
typedef struct
{
  const char *method;
  const char *path;
  const char *body;
  const char *authorization;
  const char *key;
  const char *version;
  const char *account;
  const char *content_type;
} RtPracticeMessage;

/**
 * RtPracticeReply:
 * @status: HTTP status, 0 if a fault let the connection drop
 * @body: (owned) (nullable): the body
 * @request_id: (owned) (nullable): header `Request-Id`, %NULL if it is not Stripe that answers
 * @location: (owned) (nullable): header `Location`
 * @date: header `Date` in Unix seconds
 * @replayed: header `Idempotent-Replayed`
 * @should_retry: header `Stripe-Should-Retry`: 1, 0, or -1 if there is none
 * @retry_after: header `Retry-After` in seconds, -1 if there is none
 * @delay_ms: by how much a fault delays the answer; rt_practice_call() itself does not wait
 *
 * An answer of the practice Stripe.
 */
typedef struct
{
  guint status;
  char *body;
  char *request_id;
  char *location;
  gint64 date;
  gboolean replayed;
  int should_retry;
  gint64 retry_after;
  gint64 delay_ms;
} RtPracticeReply;

/**
 * rt_practice_call:
 * @message: a request
 * @reply: (out caller-allocates): the answer; rt_practice_reply_clear() frees what it owns
 *
 * Asks without HTTP: what a server would do with @message is done before this returns, faults
 * included, and counted like any other request. A dropped connection is a reply with status 0; a
 * truncated one has half a body; dripping is not seen. For simulations: needs neither
 * rt_practice_listen() nor a main loop. Not thread-safe.
 */
void rt_practice_call (RtPractice *self, const RtPracticeMessage *message, RtPracticeReply *reply);

/**
 * rt_practice_reply_clear:
 *
 * Frees what @reply owns.
 */
void rt_practice_reply_clear (RtPracticeReply *reply);

/**
 * rt_practice_set_seed:
 *
 * From now on ids, and all else that is random, are the same for the same requests. An account
 * that is not kept on disk and has no objects yet gets a new id by @seed, too.
 */
void rt_practice_set_seed (RtPractice *self, guint32 seed);

/**
 * rt_practice_count:
 * @object: `product`, `price`, `coupon`, `customer`, `billing.meter` or `event`
 *
 * Returns: how many there are
 */
guint rt_practice_count (RtPractice *self, const char *object);

/**
 * rt_practice_lookup:
 * @object: as in rt_practice_count()
 * @id: an id
 *
 * Returns: (nullable) (transfer none): the object as it is stored: members that are answered only
 *   when expanded included. Valid until it changes.
 */
JsonObject *rt_practice_lookup (RtPractice *self, const char *object, const char *id);

/**
 * rt_practice_add_fault:
 * @order: `fault` names it; `match` is a prefix of "METHOD path", `count` how often it happens (0:
 *   until cleared), `skip` how many matches pass first. By fault:
 *
 * - `drop_before`: the connection closes, nothing is executed
 * - `drop_after`: executed, then the connection closes without an answer
 * - `status`: `status`, `code`, `message`, `should_retry`, `retry_after`: not executed
 * - `execute_then_status`: the same members, executed and stored under the idempotency key
 * - `slow`: `delay_ms` until execution; its key is in use meanwhile
 * - `drip`: `interval_ms` between two bytes of the answer
 * - `truncate`: the second half of the body is missing
 * - `html`: a captive portal's page instead of Stripe
 * - `redirect`: 302 to `location`
 * - `skew`: `seconds` added to the `Date` header
 * - `ignore_fields`: `fields`: parameters that have no effect
 * - `late_events`: of a thousand new events `share` (default all) become visible only later than
 *   `created`, by up to `seconds` (60) of the account's time
 * - `duplicate_events`: each change is told by two events of different ids
 * - `empty_lists`: a list answers 200 without data; `count` and `skip` count lists only, here and
 *   in the next two
 * - `cut_lists`: the page is right, but `has_more` is false
 * - `stuck_lists`: the cursor is ignored: the same page again and again, `has_more` true
 * - `ceiling`: more than `per_second` (25) requests in any second of the clock are answered with
 *   429 and not executed
 * - `latency`: each answer goes out `delay_ms` (100) later; requests do not wait for each other
 * - `shuffle`: events of one second come in any order (until cleared, not matched)
 *
 * Returns: whether @order names a fault
 */
gboolean rt_practice_add_fault (RtPractice *self, JsonObject *order);

/**
 * rt_practice_add_event:
 * @order: `type`: any, also one of a future Stripe; if wanted `object` (`data.object` as it is to
 *   be shown; with or without an id) and `previous_attributes`, `created` (Unix seconds), `late`
 *   (becomes visible that many seconds from now)
 * @error: return location for an error
 *
 * Inserts an event that no request has caused.
 *
 * Returns: (transfer full) (nullable): its id
 */
char *rt_practice_add_event (RtPractice *self, JsonObject *order, GError **error);

/**
 * rt_practice_edit:
 * @object: a type such as `customer`
 * @id: (nullable): which one; a meter's may have an action behind it: `mtr_1/deactivate`; %NULL
 *   makes a new object
 * @parameters: (nullable): an encoded form as for the API: `name=A&metadata[x]=`; %NULL deletes
 * @error: return location for a refusal
 *
 * Does what somebody else does in Stripe's Dashboard: the same rules hold, but there is no key and
 * the event's `request.id` is null. No fault but `late_events`, `duplicate_events` and `shuffle`
 * concerns it; their `match` sees it as `DASHBOARD /v1/customers/cus_1`.
 *
 * Returns: (transfer full) (nullable): the object as the API would answer, %NULL if it was refused
 */
char *rt_practice_edit (RtPractice *self, const char *object, const char *id,
                        const char *parameters, GError **error);

/**
 * rt_practice_clear_faults:
 *
 * Nothing goes wrong any more.
 */
void rt_practice_clear_faults (RtPractice *self);

/**
 * rt_practice_find_running:
 * @directory: a data directory
 *
 * Returns: the port of the server of whatever process uses @directory, 0 if there is none
 */
guint rt_practice_find_running (const char *directory);

/**
 * RtPracticeThread:
 *
 * A practice Stripe in a thread of its own.
 */
typedef struct _RtPracticeThread RtPracticeThread;

/**
 * rt_practice_thread_start:
 * @clock: where time comes from
 * @directory: (nullable): as for rt_practice_new()
 * @port: as for rt_practice_listen()
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a listening server; rt_practice_thread_stop() frees it
 */
RtPracticeThread *rt_practice_thread_start (RtClock *clock, const char *directory, guint port,
                                            GError **error);

/**
 * rt_practice_thread_get_port:
 *
 * Returns: the port listened on
 */
guint rt_practice_thread_get_port (RtPracticeThread *self);

/**
 * rt_practice_thread_stop:
 * @self: (transfer full): a server
 *
 * Stops the server, waits for its thread and frees @self.
 */
void rt_practice_thread_stop (RtPracticeThread *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPracticeThread, rt_practice_thread_stop)

G_END_DECLS
