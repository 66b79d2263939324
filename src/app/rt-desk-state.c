#include "rt-desk-state.h"

#include "rt-error.h"

RtDeskState
rt_desk_state_of (const GError *error)
{
  if (error == NULL)
    return RT_DESK_IDLE;
  if (error->domain != RT_ERROR)
    return RT_DESK_FAILED;
  switch ((RtError) error->code)
    {
    case RT_ERROR_OFFLINE:
      return RT_DESK_OFFLINE;
    case RT_ERROR_KEY:
      return RT_DESK_KEY;
    case RT_ERROR_PERMISSION:
      return RT_DESK_PERMISSION;
    case RT_ERROR_BUSY: /* another Retainer is at it: as good as ours */
      return RT_DESK_IDLE;
    default:
      return RT_DESK_FAILED;
    }
}

/* One permission that a key lacks stops this kind of operation only (DESIGN §4): all the others
 * go on, and what was given in the Dashboard meanwhile is found by trying. */
RtPaceEnd
rt_desk_state_end_of (const GError *error)
{
  if (error == NULL)
    return RT_PACE_DONE;
  return rt_desk_state_of (error) == RT_DESK_KEY ? RT_PACE_STUCK : RT_PACE_FAILED;
}

void
rt_desk_state_note_denial (char **denial, const RtSyncReport *report, gboolean is_partial,
                           const GError *error)
{
  gboolean is_denied = g_error_matches (error, RT_ERROR, RT_ERROR_PERMISSION);

  if (!is_denied && (error != NULL || report->n_pending > 0 || is_partial))
    return;
  g_free (*denial);
  *denial = is_denied ? g_strdup (error->message) : NULL;
}
