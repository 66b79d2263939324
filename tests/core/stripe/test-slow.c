/* An answer that drips, a byte a second, must not hang a sync: the whole of a request has a
 * deadline. Takes as long as that. */

#include <gio/gio.h>

#include "rt-stripe-client.h"

static gboolean
drip_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
         gpointer user_data)
{
  static const char headers[] = "HTTP/1.1 200 OK\r\nrequest-id: req_1\r\nContent-Length: 1000\r\n"
                                "Content-Type: application/json\r\n\r\n";
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GPollFD never = { .fd = -1 };

  if (!g_output_stream_write_all (out, headers, sizeof headers - 1, NULL, NULL, NULL))
    return TRUE;
  do
    g_poll (&never, 1, 1000);
  while (g_output_stream_write_all (out, " ", 1, NULL, NULL, NULL));
  return TRUE;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(RtAnswer **) user_data = rt_stripe_client_send_finish (RT_STRIPE_CLIENT (source), result);
}

static void
test_drip (void)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (2);
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autoptr (RtStripeClient) client = NULL;
  g_autoptr (RtAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_autofree char *base = g_strdup_printf ("http://127.0.0.1:%u", port);
  gint64 started = g_get_monotonic_time (), seconds;

  g_assert_no_error (error);
  g_signal_connect (service, "run", G_CALLBACK (drip_cb), NULL);
  client = rt_stripe_client_new (clock, NULL, base, "sk_test_abc", &error);
  g_assert_no_error (error);
  rt_stripe_client_send_async (client, "GET", "/v1/account", NULL, NULL, NULL, sent_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  seconds = (g_get_monotonic_time () - started) / G_USEC_PER_SEC;
  g_test_message ("given up after %d seconds", (int) seconds);
  g_assert_cmpint (answer->outcome, ==, RT_OUTCOME_LOST);
  g_assert_cmpint (seconds, >=, RT_STRIPE_REQUEST_SECONDS - 1);
  g_assert_cmpint (seconds, <, 2 * RT_STRIPE_REQUEST_SECONDS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slow/c6-drip", test_drip);
  return g_test_run ();
}
