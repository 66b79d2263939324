/* The practice Stripe as a program of its own, for tests of other programs: prints its base URL.
 * usage: practice-server [DIRECTORY [PORT]] */

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>

#include "rt-practice.h"

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (RtClock) clock = rt_clock_new_system ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPractice) practice = rt_practice_new (clock, argc > 1 ? argv[1] : NULL, &error);
  g_autofree char *base = NULL;

  if (practice == NULL
      || !rt_practice_listen (practice, argc > 2 ? (guint) atoi (argv[2]) : 0, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  base = rt_practice_dup_base (practice);
  g_print ("%s\n", base);
  fflush (stdout);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_main_loop_run (loop);
  rt_practice_stop (practice);
  return 0;
}
