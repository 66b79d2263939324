#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>

#include "rt-ctl.h"
#include "rt-practice.h"

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static RtExit
serve (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[] = {
    { "--port", "port", RT_CTL_VALUE },
    { "--data", "data", RT_CTL_VALUE },
    { NULL, NULL, RT_CTL_SWITCH },
  };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *standard
      = g_build_filename (g_get_user_data_dir (), "retainer", "practice", NULL);
  g_autofree char *base = NULL;
  g_autoptr (RtPractice) practice = NULL;
  const char *directory;
  GError *error = NULL;
  gint64 port;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  directory = rt_draft_get (draft, "data") != NULL ? rt_draft_get (draft, "data") : standard;
  port = rt_draft_read_count (draft, "port", 0, G_MAXUINT16, problems);
  if (problems->len > 0)
    return rt_ctl_fail (ctl, g_error_copy (g_ptr_array_index (problems, 0)));
  practice = rt_practice_new (rt_workspace_get_clock (ctl->workspace), directory, &error);
  if (practice == NULL || !rt_practice_listen (practice, (guint) port, &error))
    return rt_ctl_fail (ctl, error);
  base = rt_practice_dup_base (practice);
  /* Scripts read the first line to learn the port. */
  g_print ("%s\n", base);
  fflush (stdout);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_main_loop_run (loop);
  rt_practice_stop (practice);
  return RT_EXIT_DONE;
}

RtExit
rt_ctl_practice (RtCtl *ctl, char **arguments)
{
  if (g_strcmp0 (arguments[0], "serve") == 0)
    return serve (ctl, arguments + 1);
  return rt_ctl_usage (ctl, "%s", rt_ctl_help ("practice"));
}
