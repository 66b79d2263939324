#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

#define RT_TYPE_DRAFT_KEEPER (rt_draft_keeper_get_type ())
G_DECLARE_FINAL_TYPE (RtDraftKeeper, rt_draft_keeper, RT, DRAFT_KEEPER, GObject)

/**
 * rt_draft_keeper_new:
 * @form: which form
 * @object_id: (nullable): the object that is edited
 *
 * Returns: (transfer full): what keeps the draft of a form on the disk, off the main thread and in
 *   order
 */
RtDraftKeeper *rt_draft_keeper_new (RtStore *store, const char *form, const char *object_id);

/**
 * rt_draft_keeper_keep:
 * @draft: (transfer full) (nullable): what is typed now
 *
 * Writes it within 0.3 seconds.
 */
void rt_draft_keeper_keep (RtDraftKeeper *keeper, RtDraft *draft);

/**
 * rt_draft_keeper_flush:
 *
 * Returns when all that was given is on the disk. Any thread may call it.
 */
void rt_draft_keeper_flush (RtDraftKeeper *keeper);

G_END_DECLS
