#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RtHttpRequest:
 * @method: "GET", "POST" or "DELETE"
 * @base: scheme, host and port
 * @path: below the base, with the query of a GET
 * @key: the secret or restricted key
 * @idempotency_key: (nullable): of a POST
 * @body: (nullable): the encoded form of a POST
 *
 * What is to be carried to Stripe; borrowed for the call.
 */
typedef struct
{
  const char *method;
  const char *base;
  const char *path;
  const char *key;
  const char *idempotency_key;
  const char *body;
} RtHttpRequest;

/**
 * RtHttpReply:
 * @error: (nullable): why there is no answer; the members below are those of an answer
 * @has_left: whether a byte of the request may have reached the peer
 * @status: the HTTP status
 * @date: what the peer's clock said, Unix seconds; 0 if it did not say
 * @request_id: (nullable): header
 * @should_retry: (nullable): header `stripe-should-retry`
 * @retry_after: (nullable): header
 * @body: (nullable): the whole body
 *
 * What came back.
 */
typedef struct
{
  GError *error;
  gboolean has_left;
  guint status;
  gint64 date;
  char *request_id;
  char *should_retry;
  char *retry_after;
  GBytes *body;
} RtHttpReply;

/**
 * rt_http_reply_free:
 */
void rt_http_reply_free (RtHttpReply *reply);

/**
 * RtTransport:
 *
 * Carries one request to Stripe, once, and brings the answer: over HTTP with
 * rt_transport_new_http(), or through whatever network a test invents.
 */
#define RT_TYPE_TRANSPORT (rt_transport_get_type ())
G_DECLARE_INTERFACE (RtTransport, rt_transport, RT, TRANSPORT, GObject)

struct _RtTransportInterface
{
  GTypeInterface parent_interface;

  void (*send_async) (RtTransport *self, const RtHttpRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data);
  RtHttpReply *(*send_finish) (RtTransport *self, GAsyncResult *result);
};

/**
 * rt_transport_new_http:
 *
 * Returns: (transfer full): HTTP over libsoup, to be used in the thread-default main context it was
 *   made in. An answer has at most %RT_JSON_MAX_BYTES; redirects are not followed.
 */
RtTransport *rt_transport_new_http (void);

/**
 * rt_transport_send_async:
 *
 * Sends one request, once.
 */
void rt_transport_send_async (RtTransport *transport, const RtHttpRequest *request,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);

/**
 * rt_transport_send_finish:
 *
 * Returns: (transfer full): what came back, or why nothing did
 */
RtHttpReply *rt_transport_send_finish (RtTransport *transport, GAsyncResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtHttpReply, rt_http_reply_free)

G_END_DECLS
