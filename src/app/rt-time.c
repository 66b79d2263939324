#include "rt-time.h"

#include <glib/gi18n-lib.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

char *
rt_time_to_text (gint64 at, gint64 now)
{
  const gint64 age = (now - at) / G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = NULL;

  /* A clock that was set back makes the past the future. */
  if (age < MINUTE && age > -DAY)
    return g_strdup (_ ("just now"));
  if (age >= 0 && age < HOUR)
    {
      const int n = (int) (age / MINUTE);

      /* Translators: minutes, as short as can be */
      return g_strdup_printf (ngettext ("%d min ago", "%d min ago", (gulong) n), n);
    }
  if (age >= 0 && age < DAY)
    {
      const int n = (int) (age / HOUR);

      return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong) n), n);
    }
  time = g_date_time_new_from_unix_local (at / G_USEC_PER_SEC);
  return time != NULL ? g_date_time_format (time, "%x") : g_strdup ("");
}

char *
rt_time_to_exact (gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (at / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%x %X") : g_strdup ("");
}
