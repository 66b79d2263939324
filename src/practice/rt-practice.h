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
 *   "METHOD path template"), `keys` (executed POSTs per idempotency key, 2 is a double) and
 *   `unkeyed` (executed POSTs without a key)
 * - `POST /_practice/faults`: what rt_practice_add_fault() takes; `DELETE` clears them
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
 * - `shuffle`: events of one second come in any order (until cleared, not matched)
 *
 * Returns: whether @order names a fault
 */
gboolean rt_practice_add_fault (RtPractice *self, JsonObject *order);

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
