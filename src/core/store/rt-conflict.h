#pragma once

#include "rt-change.h"

G_BEGIN_DECLS

/* Stripe has no "if unchanged": before a change is sent, its object is read again and compared with
 * what the person saw (TRAPS B13). Fields that changed on one side only merge by themselves; what
 * changed on both sides stops the change until a person decides (TRAPS B14). */

/**
 * RtConflictField:
 * @field: of the object's JSON
 * @base: what it was when the person began
 * @mine: what the person wants
 * @theirs: what Stripe has now
 *
 * A field that changed on both sides.
 */
typedef struct
{
  char *field;
  JsonNode *base;
  JsonNode *mine;
  JsonNode *theirs;
} RtConflictField;

void rt_conflict_field_free (RtConflictField *field);

/**
 * rt_conflict_list:
 * @seq: of a change
 *
 * Returns: (transfer full) (nullable) (element-type RtConflictField): what it and Stripe disagree
 *   about
 */
GPtrArray *rt_conflict_list (RtStore *store, gint64 seq, GError **error);

/**
 * rt_conflict_resolve:
 * @id: of a change in conflict
 * @mine: (array zero-terminated=1): the fields that are to be as the person wants; the others in
 *   conflict stay as Stripe has them
 *
 * Decides a conflict. The change is queued again with what is left of it, or done if that is
 * nothing. If Stripe's side changes again before it is sent, that is a new conflict.
 */
gboolean rt_conflict_resolve (RtStore *store, const char *id, const char *const *mine,
                              GError **error);

/**
 * rt_conflict_resolve_all:
 * @is_mine: whether all fields in conflict are to be as the person wants
 *
 * Decides a conflict one way (CLI.md, `outbox resolve`).
 */
gboolean rt_conflict_resolve_all (RtStore *store, const char *id, gboolean is_mine, GError **error);

/**
 * rt_conflict_dup_base:
 * @object: of which type
 * @fields: what the person sets
 * @before: (nullable): the object's JSON as the person saw it
 * @base: (nullable): what is known already of the same change
 *
 * Returns: (transfer full) (nullable): the JSON text of what the fields were, and of what they
 *   depend on
 */
char *rt_conflict_dup_base (const char *object, JsonObject *fields, JsonObject *before,
                            JsonObject *base);

/**
 * rt_conflict_note_own:
 *
 * Notes of a change what Stripe has as the person wants it. That is nobody else's word; what
 * differs from it later is, even if it is what it was before. Within a transaction.
 */
gboolean rt_conflict_note_own (RtStore *store, gint64 seq, GError **error);

/**
 * rt_conflict_reconsider:
 *
 * Changes whose conflict has gone, because Stripe's side came back or became the same, are queued
 * again. Within a transaction.
 */
gboolean rt_conflict_reconsider (RtStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtConflictField, rt_conflict_field_free)

G_END_DECLS
