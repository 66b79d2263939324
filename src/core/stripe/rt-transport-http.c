#include "rt-transport.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "rt-json.h"
#include "rt-stripe-client.h"

#define N_CONNECTIONS 16
#define CHUNK (64 * 1024)

#define RT_TYPE_TRANSPORT_HTTP (rt_transport_http_get_type ())
G_DECLARE_FINAL_TYPE (RtTransportHttp, rt_transport_http, RT, TRANSPORT_HTTP, GObject)

struct _RtTransportHttp
{
  GObject parent_instance;

  SoupSession *session; /* (owned) */
};

static void rt_transport_http_iface_init (RtTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RtTransportHttp, rt_transport_http, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RT_TYPE_TRANSPORT,
                                                      rt_transport_http_iface_init))

/* One request on its way: the data of its task. */
typedef struct
{
  SoupMessage *message;      /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) */
  GByteArray *body;          /* (owned) */
  gboolean has_left;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  if (sending->message != NULL)
    g_signal_handlers_disconnect_by_data (sending->message, sending);
  g_clear_object (&sending->message);
  g_clear_object (&sending->cancellable);
  g_byte_array_unref (sending->body);
  g_free (sending);
}

static void
rt_transport_http_finalize (GObject *object)
{
  RtTransportHttp *self = RT_TRANSPORT_HTTP (object);

  soup_session_abort (self->session);
  g_object_unref (self->session);
  G_OBJECT_CLASS (rt_transport_http_parent_class)->finalize (object);
}

static void
rt_transport_http_class_init (RtTransportHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_transport_http_finalize;
}

static void
rt_transport_http_init (RtTransportHttp *self)
{
  self->session
      = soup_session_new_with_options ("max-conns", N_CONNECTIONS, "max-conns-per-host",
                                       N_CONNECTIONS, "timeout", RT_STRIPE_REQUEST_SECONDS,
                                       "user-agent", "Retainer/" RT_VERSION, NULL);
}

static void
return_failure (GTask *task, GError *reason)
{
  Sending *sending = g_task_get_task_data (task);
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);

  reply->error = reason;
  reply->has_left = sending->has_left;
  g_task_return_pointer (task, reply, (GDestroyNotify) rt_http_reply_free);
  g_object_unref (task);
}

static gint64
read_date (SoupMessageHeaders *headers)
{
  const char *text = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  return date != NULL ? g_date_time_to_unix (date) : 0;
}

static void
return_reply (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (sending->message);
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);

  reply->has_left = TRUE;
  reply->status = soup_message_get_status (sending->message);
  reply->date = read_date (headers);
  reply->request_id = g_strdup (soup_message_headers_get_one (headers, "request-id"));
  reply->should_retry = g_strdup (soup_message_headers_get_one (headers, "stripe-should-retry"));
  reply->retry_after = g_strdup (soup_message_headers_get_one (headers, "retry-after"));
  reply->body = g_byte_array_free_to_bytes (g_byte_array_ref (sending->body));
  g_task_return_pointer (task, reply, (GDestroyNotify) rt_http_reply_free);
  g_object_unref (task);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GInputStream *stream = G_INPUT_STREAM (source);
  GTask *task = user_data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (stream, result, &error);

  if (chunk == NULL)
    {
      return_failure (task, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      return_reply (task);
      return;
    }
  if (sending->body->len + g_bytes_get_size (chunk) > RT_JSON_MAX_BYTES)
    {
      return_failure (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                                                 _ ("the answer is too large")));
      return;
    }
  g_byte_array_append (sending->body, g_bytes_get_data (chunk, NULL),
                       (guint) g_bytes_get_size (chunk));
  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT, sending->cancellable, read_cb,
                                   task);
}

static void
headers_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream
      = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    return_failure (task, error);
  else
    g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT, sending->cancellable,
                                     read_cb, task);
}

/* A connection is there and the first byte is about to be written. */
static void
starting_cb (SoupMessage *message, gpointer user_data)
{
  ((Sending *) user_data)->has_left = TRUE;
}

static SoupMessage *
build_message (const RtHttpRequest *request)
{
  g_autofree char *uri = g_strconcat (request->base, request->path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", request->key, NULL);
  SoupMessage *message = soup_message_new (request->method, uri);
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  soup_message_headers_append (headers, "Authorization", bearer);
  soup_message_headers_append (headers, "Stripe-Version", RT_STRIPE_VERSION);
  if (request->idempotency_key != NULL)
    soup_message_headers_append (headers, "Idempotency-Key", request->idempotency_key);
  if (request->body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (request->body, strlen (request->body));

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded",
                                                bytes);
    }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  explicit_bzero (bearer, strlen (bearer));
  return message;
}

static void
rt_transport_http_send_async (RtTransport *transport, const RtHttpRequest *request,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  RtTransportHttp *self = RT_TRANSPORT_HTTP (transport);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Sending *sending = g_new0 (Sending, 1);

  sending->message = build_message (request);
  sending->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  sending->body = g_byte_array_new ();
  g_task_set_task_data (task, sending, sending_free);
  if (sending->message == NULL)
    {
      return_failure (task, g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                         _ ("“%s” is no address at Stripe"), request->path));
      return;
    }
  g_signal_connect (sending->message, "starting", G_CALLBACK (starting_cb), sending);
  soup_session_send_async (self->session, sending->message, G_PRIORITY_DEFAULT, cancellable,
                           headers_cb, task);
}

static RtHttpReply *
rt_transport_http_send_finish (RtTransport *transport, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
rt_transport_http_iface_init (RtTransportInterface *iface)
{
  iface->send_async = rt_transport_http_send_async;
  iface->send_finish = rt_transport_http_send_finish;
}

RtTransport *
rt_transport_new_http (void)
{
  return g_object_new (RT_TYPE_TRANSPORT_HTTP, NULL);
}
