#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_CONFLICT_ROW (rt_conflict_row_get_type ())
G_DECLARE_FINAL_TYPE (RtConflictRow, rt_conflict_row, RT, CONFLICT_ROW, AdwBin)

/**
 * RtConflictSide:
 * @RT_CONFLICT_UNDECIDED: nobody chose yet: there is no default (DESIGN §4)
 *
 * What a person chose for one field.
 */
typedef enum
{
  RT_CONFLICT_UNDECIDED,
  RT_CONFLICT_MINE,
  RT_CONFLICT_THEIRS,
} RtConflictSide;

/**
 * RtConflictRow:
 *
 * One field that changed on both sides: what it was, what it is here, what it is at Stripe, and the
 * choice between them. The signal `chosen` tells of a choice.
 */

/**
 * rt_conflict_row_new:
 * @field: of the object's JSON
 * @label: its name, translated
 * @base, @mine, @theirs: the three values in words
 */
GtkWidget *rt_conflict_row_new (const char *field, const char *label, const char *base,
                                const char *mine, const char *theirs);

const char *rt_conflict_row_get_field (RtConflictRow *row);

/**
 * rt_conflict_row_is_same:
 *
 * Returns: whether @other is about the same field and the same three values
 */
gboolean rt_conflict_row_is_same (RtConflictRow *row, RtConflictRow *other);

RtConflictSide rt_conflict_row_get_side (RtConflictRow *row);
void rt_conflict_row_set_side (RtConflictRow *row, RtConflictSide side);

G_END_DECLS
