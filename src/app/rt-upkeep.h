#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_UPKEEP (rt_upkeep_get_type ())
G_DECLARE_FINAL_TYPE (RtUpkeep, rt_upkeep, RT, UPKEEP, AdwBin)

/**
 * RtUpkeep:
 *
 * The part of the account page about the replica: how fast it is synced, what happened, whether it
 * is right, its backups, and making it anew.
 *
 * Action: `upkeep.rebuild`.
 */

void rt_upkeep_set_desk (RtUpkeep *upkeep, RtDesk *desk);

G_END_DECLS
