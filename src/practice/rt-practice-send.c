#include "rt-practice-send.h"

#include "rt-practice-json.h"

#define DRIP_INTERVAL 20

typedef struct
{
  GIOStream *stream; /* (owned) */
  GString *text;     /* (owned) */
  gsize sent;
  RtPracticeSendDone done;
  gpointer user_data;
} Drip;

static void
drip_free (Drip *drip)
{
  g_io_stream_close (drip->stream, NULL, NULL);
  g_object_unref (drip->stream);
  g_string_free (drip->text, TRUE);
  g_free (drip);
}

/* The response as it goes over the wire. */
static GString *
compose (SoupServerMessage *message)
{
  guint status = soup_server_message_get_status (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  GString *text = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  soup_message_headers_iter_init (&iter, soup_server_message_get_response_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strcasecmp (name, "Content-Length") != 0)
      g_string_append_printf (text, "%s: %s\r\n", name, value);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          g_bytes_get_size (bytes));
  g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  return text;
}

static gboolean
drip_cb (gpointer user_data)
{
  Drip *drip = user_data;
  GOutputStream *out = g_io_stream_get_output_stream (drip->stream);

  if (drip->sent < drip->text->len
      && g_output_stream_write (out, drip->text->str + drip->sent, 1, NULL, NULL) == 1)
    {
      drip->sent++;
      return G_SOURCE_CONTINUE;
    }
  drip->done (drip->user_data);
  return G_SOURCE_REMOVE;
}

static GSource *
start_drip (GIOStream *stream, GString *text, gint64 interval, RtPracticeSendDone done,
            gpointer user_data)
{
  Drip *drip = g_new0 (Drip, 1);
  GSource *source = g_timeout_source_new ((guint) CLAMP (interval, 0, 60000));

  *drip = (Drip){ g_object_ref (stream), text, 0, done, user_data };
  g_source_set_callback (source, drip_cb, drip, (GDestroyNotify) drip_free);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

GSource *
rt_practice_send_raw (SoupServerMessage *message, const RtPracticeFault *fault,
                      RtPracticeSendDone done, gpointer user_data)
{
  GString *text = compose (message);
  gsize body_length = (gsize) soup_server_message_get_response_body (message)->length;
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  if (stream != NULL && fault->kind == RT_PRACTICE_FAULT_DRIP)
    return start_drip (stream, text,
                       rt_practice_json_int (fault->details, "interval_ms", DRIP_INTERVAL), done,
                       user_data);
  if (stream != NULL && fault->kind == RT_PRACTICE_FAULT_TRUNCATE)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), text->str,
                               text->len - body_length / 2, NULL, NULL, NULL);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
  g_string_free (text, TRUE);
  done (user_data);
  return NULL;
}
