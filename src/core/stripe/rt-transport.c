#include "rt-transport.h"

G_DEFINE_INTERFACE (RtTransport, rt_transport, G_TYPE_OBJECT)

static void
rt_transport_default_init (RtTransportInterface *iface)
{
}

void
rt_http_reply_free (RtHttpReply *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->error);
  g_free (self->request_id);
  g_free (self->should_retry);
  g_free (self->retry_after);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

void
rt_transport_send_async (RtTransport *self, const RtHttpRequest *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  RT_TRANSPORT_GET_IFACE (self)->send_async (self, request, cancellable, callback, user_data);
}

RtHttpReply *
rt_transport_send_finish (RtTransport *self, GAsyncResult *result)
{
  return RT_TRANSPORT_GET_IFACE (self)->send_finish (self, result);
}
