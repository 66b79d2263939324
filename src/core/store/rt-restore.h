#pragma once

#include "rt-salvage.h"

G_BEGIN_DECLS

/* What a copy gives back. Nothing that is here is overwritten, and nothing is sent twice:
 *
 * | in the copy                        | here           | what happens                           |
 * | ---------------------------------- | -------------- | -------------------------------------- |
 * | a half-filled form                 | is there       | stays as it is here                    |
 * |                                    | is not         | comes back                             |
 * | a change that is done              | –              | nothing: Stripe has it                 |
 * | an open change                     | open or done   | nothing: it is known                   |
 * |                                    | in the log     | nothing: it was ended since            |
 * |                                    | a newer change | nothing: it is older than what waits   |
 * |                                    | of the object  |                                        |
 * | …, of which no request had left    | unknown        | queued, and planned anew once Stripe   |
 * |                                    |                | was read: what was sent since is seen  |
 * | …, of which one was on its way     | unknown        | that request is "unknown": sent with   |
 * |                                    |                | its own key while Stripe knows keys,   |
 * |                                    |                | else evidence decides (rt-reconcile.h) |
 * | …, refused or in conflict          | unknown        | as it was, for a person to decide      |
 *
 * Before anything is sent again Stripe is read whole ("pull-first"). An update of something that
 * was changed since is a conflict then, like any other. */

/**
 * RtRestored:
 * @n_changes: changes that came back
 * @n_drafts: half-filled forms that came back
 * @n_known: open changes of the copy that are known here
 *
 * What was restored.
 */
typedef struct
{
  guint n_changes;
  guint n_drafts;
  guint n_known;
} RtRestored;

/**
 * rt_restore_run:
 * @name: of a copy, see rt_backup_list()
 * @restored: (out): what was
 *
 * Brings drafts and unsent changes back from a copy, in one transaction. To be called while no sync
 * is under way: see rt_sync_restore().
 */
gboolean rt_restore_run (RtStore *store, const char *name, RtRestored *restored, GError **error);

/**
 * rt_restore_newest:
 * @replica: (type filename): the file whose copies are meant
 * @loss: what may be missing
 *
 * Brings back from the newest copy that is whole what a damaged file has lost, as far as there is
 * one. The setting "restored-from" then has its name.
 */
void rt_restore_newest (RtStore *store, const char *replica, RtSalvageLoss loss);

G_END_DECLS
