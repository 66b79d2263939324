#pragma once

#include <gio/gio.h>

#include "rt-clock.h"
#include "rt-stripe-answer.h"
#include "rt-transport.h"

G_BEGIN_DECLS

#define RT_STRIPE_VERSION "2026-10-28.endive"

/* The whole of a request takes no longer: dripping answers hang a sync (TRAPS C6). */
#define RT_STRIPE_REQUEST_SECONDS 80

#define RT_TYPE_STRIPE_CLIENT (rt_stripe_client_get_type ())
G_DECLARE_FINAL_TYPE (RtStripeClient, rt_stripe_client, RT, STRIPE_CLIENT, GObject)

/**
 * rt_stripe_client_new:
 * @transport: (nullable): what carries the requests; %NULL: HTTP
 * @base: where requests go, see rt_stripe_check_base()
 * @key: a secret or restricted key; kept until the client goes, then wiped
 *
 * A client for one account, to be used in the thread-default main context it was made in. Paces
 * itself: 20 requests a second in test mode, 50 live (API-GUIDE §2).
 *
 * Returns: (transfer full) (nullable): the client; %NULL if the key must not go to @base
 */
RtStripeClient *rt_stripe_client_new (RtClock *clock, RtTransport *transport, const char *base,
                                      const char *key, GError **error);

/**
 * rt_stripe_client_set_rate:
 * @rate: requests a second, at most
 *
 * Another pace than the usual one of the key's mode.
 */
void rt_stripe_client_set_rate (RtStripeClient *client, guint rate);

/**
 * rt_stripe_client_set_pace:
 * @pace: what rt_stripe_client_get_pace() told of an earlier client
 *
 * Goes on at the pace that Stripe's answers have led to. After rt_stripe_client_set_rate().
 */
void rt_stripe_client_set_pace (RtStripeClient *client, gint64 pace);

/**
 * rt_stripe_client_get_pace:
 *
 * Returns: microseconds between two requests; 0 for as many as the rate allows
 */
gint64 rt_stripe_client_get_pace (RtStripeClient *client);

/**
 * rt_stripe_client_send_async:
 * @method: "GET", "POST" or "DELETE"
 * @path: below the base, with the query of a GET
 * @body: (nullable): the encoded form of a POST
 * @idempotency_key: (nullable): of a POST
 *
 * Sends one request, once: whether it goes again is the queue's decision. The whole of it takes at
 * most %RT_STRIPE_REQUEST_SECONDS, the answer at most %RT_JSON_MAX_BYTES. Redirects are not
 * followed.
 */
void rt_stripe_client_send_async (RtStripeClient *client, const char *method, const char *path,
                                  const char *body, const char *idempotency_key,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);

/**
 * rt_stripe_client_send_finish:
 *
 * Returns: (transfer full): what came back; reply, refusal and broken line are all answers
 */
RtAnswer *rt_stripe_client_send_finish (RtStripeClient *client, GAsyncResult *result);

/**
 * rt_stripe_client_set_order:
 * @order: what the replica knows was asked last, see rt_store_get_order()
 *
 * Answers are ordered by when they were asked for. That is counted, not read off a clock, which may
 * have been wrong yesterday.
 */
void rt_stripe_client_set_order (RtStripeClient *client, gint64 order);

/**
 * rt_stripe_client_is_network:
 *
 * Returns: whether answers take their time, rather than come from a transport that was handed in
 */
gboolean rt_stripe_client_is_network (RtStripeClient *client);

/**
 * rt_stripe_client_get_n_requests:
 *
 * Returns: how many requests were sent
 */
guint rt_stripe_client_get_n_requests (RtStripeClient *client);

/**
 * rt_stripe_client_get_skew:
 * @skew: (out): seconds by which this computer's clock is ahead of Stripe's
 *
 * Returns: whether any answer told the time (TRAPS C4)
 */
gboolean rt_stripe_client_get_skew (RtStripeClient *client, gint64 *skew);

G_END_DECLS
