#pragma once

#include "rt-pace.h"
#include "rt-sync.h"

G_BEGIN_DECLS

/**
 * RtDeskState:
 * @RT_DESK_IDLE: nothing to tell
 * @RT_DESK_OFFLINE: Stripe could not be reached
 * @RT_DESK_KEY: there is no usable key
 * @RT_DESK_PERMISSION: the key may not do all that is needed
 * @RT_DESK_FAILED: the last sync failed for another reason
 */
typedef enum
{
  RT_DESK_IDLE,
  RT_DESK_OFFLINE,
  RT_DESK_KEY,
  RT_DESK_PERMISSION,
  RT_DESK_FAILED,
} RtDeskState;

/**
 * rt_desk_state_of:
 * @error: (nullable): with which a sync ended
 *
 * Returns: what there is to tell after it
 */
RtDeskState rt_desk_state_of (const GError *error);

/**
 * rt_desk_state_end_of:
 * @error: (nullable): with which a sync ended
 *
 * Returns: how soon it is worth while to try again
 */
RtPaceEnd rt_desk_state_end_of (const GError *error);

/**
 * rt_desk_state_note_denial:
 * @denial: (inout) (transfer full) (nullable): what the key may not do
 * @is_partial: whether lists may lack something, see rt_pull_is_partial()
 * @error: (nullable): with which the sync of @report ended
 *
 * Remembers what a sync was denied, or that nothing is missing any more: the next one does not say
 * it again, and ends well.
 */
void rt_desk_state_note_denial (char **denial, const RtSyncReport *report, gboolean is_partial,
                                const GError *error);

G_END_DECLS
