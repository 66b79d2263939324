#include "bench-server.h"

void
server_start (Server *self, const char *program, const char *objects, const char *latency,
              const char *per_second, const char *faults)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error, program, objects, latency, per_second, faults, NULL);
  if (self->process == NULL)
    g_error ("%s", error->message);
  self->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  port = g_data_input_stream_read_line (self->out, NULL, NULL, NULL);
  self->base = g_strconcat ("http://127.0.0.1:", port, NULL);
}

char *
server_stop (Server *self)
{
  char *seen;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  seen = g_data_input_stream_read_line (self->out, NULL, NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->out);
  g_clear_object (&self->process);
  g_clear_pointer (&self->base, g_free);
  return seen;
}

RtStore *
open_store (const char *folder, const char *rate)
{
  static guint number;
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autofree char *name = g_strdup_printf ("replica-%u.db", number++);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  RtStore *store = rt_store_open (path, clock, &error);

  if (store == NULL || !rt_store_set_setting (store, "rate", rate, &error))
    g_error ("%s", error->message);
  return store;
}

double
sync_all (RtStore *store, const char *base, RtSyncFlags flags, RtSyncReport *report)
{
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();

  if (!rt_sync_run (store, &(RtSyncPeer){ .base = base, .key = "sk_test_bench" }, flags, NULL,
                    report, &error))
    g_printerr ("%s\n", error->message);
  return (double) report->n_pulled * G_USEC_PER_SEC / (double) (g_get_monotonic_time () - started);
}

char *
folder_new (void)
{
  return g_dir_make_tmp ("retainer-bench-XXXXXX", NULL);
}

void
folder_free (char *folder)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", folder);
  g_autofree char *output = NULL;

  g_spawn_command_line_sync (command, &output, NULL, NULL, NULL);
  g_free (folder);
}
