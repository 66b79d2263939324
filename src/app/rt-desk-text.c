#include "rt-desk-text.h"

#include <glib/gi18n-lib.h>

#include "rt-time.h"

char *
rt_desk_text_dup (RtDeskState state, gboolean is_busy, guint n_waiting, guint n_stopped,
                  const char *last)
{
  g_autofree char *waiting
      = g_strdup_printf (ngettext ("%u change waiting", "%u changes waiting", n_waiting),
                         n_waiting);

  if (is_busy)
    return g_strdup (_ ("Syncing…"));
  if (state == RT_DESK_KEY)
    return g_strdup (_ ("Key needed"));
  if (state == RT_DESK_PERMISSION)
    return g_strdup (_ ("Permission needed"));
  if (state == RT_DESK_FAILED)
    return g_strdup (_ ("Sync failed"));
  if (state == RT_DESK_OFFLINE)
    /* Translators: %s is "3 changes waiting" */
    return n_waiting > 0 ? g_strdup_printf (_ ("Offline – %s"), waiting) : g_strdup (_ ("Offline"));
  if (n_stopped > 0)
    return g_strdup_printf (ngettext ("%u change needs you", "%u changes need you", n_stopped),
                            n_stopped);
  if (n_waiting > 0)
    return g_steal_pointer (&waiting);
  /* Translators: %s is "just now", "2 min ago" or a date */
  return last != NULL ? g_strdup_printf (_ ("Synced %s"), last) : g_strdup (_ ("Not synced yet"));
}

char *
rt_desk_text_dup_clock (gint64 seconds)
{
  g_autofree char *span = rt_time_span_to_text (ABS (seconds));

  /* Translators: %s is "5 minutes", "3 hours" or "2 days" */
  return g_strdup_printf (
      seconds > 0 ? _ ("The clock of this computer is %s fast. Set it right in the system’s "
                       "settings: dates that are sent to Stripe may be wrong.")
                  : _ ("The clock of this computer is %s slow. Set it right in the system’s "
                       "settings: dates that are sent to Stripe may be wrong."),
      span);
}
