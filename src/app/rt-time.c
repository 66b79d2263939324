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

char *
rt_time_span_to_text (gint64 seconds)
{
  const int n_minutes = (int) (seconds / MINUTE);
  const int n_hours = (int) (seconds / HOUR);
  const int n_days = (int) (seconds / DAY);

  if (n_hours < 2)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) n_minutes), n_minutes);
  if (n_days < 2)
    return g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong) n_hours), n_hours);
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) n_days), n_days);
}
