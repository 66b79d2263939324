#pragma once

#include <gtk/gtk.h>

#include "rt-store.h"

G_BEGIN_DECLS

#define RT_TYPE_DRAFT_KEEPER (rt_draft_keeper_get_type ())
G_DECLARE_FINAL_TYPE (RtDraftKeeper, rt_draft_keeper, RT, DRAFT_KEEPER, GObject)

/**
 * RtDraftKeeper:
 *
 * Keeps the draft of one form on the disk, off the main thread and in order. What cannot be written
 * is not given up: it is tried again every 5 seconds, also after the form was closed.
 *
 * - `problem` (string, nullable): why the last write failed; what was typed is only here then
 */

/**
 * rt_draft_keeper_open:
 * @form: which form
 * @object_id: (nullable): the object that is edited
 *
 * Returns: (transfer full): the one that still has something to write for this form, or a new one
 */
RtDraftKeeper *rt_draft_keeper_open (RtStore *store, const char *form, const char *object_id);

/**
 * rt_draft_keeper_dup_draft:
 *
 * Returns: (transfer full) (nullable): what was given last, or what is on the disk
 */
RtDraft *rt_draft_keeper_dup_draft (RtDraftKeeper *keeper);

/**
 * rt_draft_keeper_keep:
 * @draft: (transfer full) (nullable): what is typed now
 *
 * Writes it within 0.3 seconds. The process does not end before that.
 */
void rt_draft_keeper_keep (RtDraftKeeper *keeper, RtDraft *draft);

/**
 * rt_draft_keeper_hurry:
 *
 * Begins to write at once what was given.
 */
void rt_draft_keeper_hurry (RtDraftKeeper *keeper);

/**
 * rt_draft_keeper_begin_save:
 *
 * The form is being saved, until rt_draft_keeper_end_save(): nobody may type into another one like
 * it.
 */
void rt_draft_keeper_begin_save (RtDraftKeeper *keeper);

/**
 * rt_draft_keeper_forget:
 *
 * Of the transaction in which it is saved, in whatever thread: no draft is left of it.
 */
gboolean rt_draft_keeper_forget (RtDraftKeeper *keeper, RtStore *store, GError **error);

/**
 * rt_draft_keeper_end_save:
 * @is_saved: whether that transaction is on the disk
 */
void rt_draft_keeper_end_save (RtDraftKeeper *keeper, gboolean is_saved);

/**
 * rt_draft_keeper_is_saving:
 *
 * Returns: whether such a form is being saved
 */
gboolean rt_draft_keeper_is_saving (RtStore *store, const char *form, const char *object_id);

/**
 * rt_draft_keeper_get_problem:
 *
 * Returns: (nullable) (transfer none): why the last write failed
 */
const char *rt_draft_keeper_get_problem (RtDraftKeeper *keeper);

/**
 * rt_draft_keeper_has_unwritten:
 *
 * Returns: whether something that was given by any form is not on the disk
 */
gboolean rt_draft_keeper_has_unwritten (void);

/**
 * rt_draft_keeper_flush_all:
 * @owner: see rt_task_new()
 * @done: (scope async): gets a boolean, with the reason if something cannot be written
 *
 * Writes in a thread what rt_draft_keeper_has_unwritten() is about.
 */
void rt_draft_keeper_flush_all (gpointer owner, GAsyncReadyCallback done);

/**
 * rt_draft_keeper_abandon:
 * @path: (nullable) (type filename): of a replica; %NULL: all
 *
 * Gives up what could not be written: a person said so, or its replica goes.
 */
void rt_draft_keeper_abandon (const char *path);

G_END_DECLS
