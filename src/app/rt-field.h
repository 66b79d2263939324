#pragma once

#include <adwaita.h>

#include "rt-draft.h"
#include "rt-term.h"

G_BEGIN_DECLS

#define RT_TYPE_FIELD (rt_field_get_type ())
G_DECLARE_FINAL_TYPE (RtField, rt_field, RT, FIELD, GObject)

/**
 * RtField:
 *
 * Ties one row of a form to one field of an #RtDraft: what is typed or chosen is a text, whatever
 * the widget. Shows what is wrong with it in a row of its own below.
 *
 * The signal `changed` is emitted when the person changed it.
 */

/**
 * rt_field_new_text:
 * @name: the draft's field
 * @row: an #AdwEntryRow in a group
 *
 * Returns: (transfer full): the field
 */
RtField *rt_field_new_text (const char *name, AdwEntryRow *row);

/**
 * rt_field_new_term:
 * @n_shown: how many of the values, from the first with a word on, can be chosen
 *
 * Returns: (transfer full): a field with a choice of the values of @term
 */
RtField *rt_field_new_term (const char *name, AdwComboRow *row, RtTerm term, guint n_shown);

/**
 * rt_field_new_choice:
 * @nicks: (array zero-terminated=1): the texts in the draft
 * @labels: (array zero-terminated=1): what is shown for them
 *
 * Returns: (transfer full): a field with a choice
 */
RtField *rt_field_new_choice (const char *name, AdwComboRow *row, const char *const *nicks,
                              const char *const *labels);

/**
 * rt_field_new_currency:
 * @input: in a row of a group
 *
 * Returns: (transfer full): a field with a choice of all currencies that can be searched
 */
RtField *rt_field_new_currency (const char *name, GtkDropDown *input);

/**
 * rt_field_new_country:
 * @input: in a row of a group
 *
 * Returns: (transfer full): a field with a choice of all countries, or none, that can be searched;
 *   its texts are codes of ISO 3166-1
 */
RtField *rt_field_new_country (const char *name, GtkDropDown *input);

/**
 * rt_field_new_lines:
 * @input: in a row of a group
 *
 * Returns: (transfer full): a field for a text of several lines
 */
RtField *rt_field_new_lines (const char *name, GtkTextView *input);

/**
 * rt_field_new_switch:
 * @input: in a row of a group
 * @on: the text in the draft when it is on
 * @off: and off
 *
 * Returns: (transfer full): a field that is on or off
 */
RtField *rt_field_new_switch (const char *name, GtkSwitch *input, const char *on, const char *off);

const char *rt_field_get_name (RtField *field);

/**
 * rt_field_get_text:
 *
 * Returns: (transfer none): what is typed or chosen
 */
const char *rt_field_get_text (RtField *field);

/**
 * rt_field_set_text:
 *
 * Shows a text without telling `changed`.
 */
void rt_field_set_text (RtField *field, const char *text);

gboolean rt_field_get_visible (RtField *field);
void rt_field_set_visible (RtField *field, gboolean is_visible);
void rt_field_set_sensitive (RtField *field, gboolean is_sensitive);

/**
 * rt_field_touch:
 *
 * From now on its problems are shown, as if the person had been there.
 */
void rt_field_touch (RtField *field);

/**
 * rt_field_set_problem:
 * @message: (nullable): what is wrong with what is in the form
 *
 * Shown once the field has been touched.
 */
void rt_field_set_problem (RtField *field, const char *message);

/**
 * rt_field_set_refusal:
 * @message: why this field was refused when it was saved or sent; shown until the person changes it
 */
void rt_field_set_refusal (RtField *field, const char *message);

/**
 * rt_field_has_problem:
 *
 * Returns: whether a problem was set
 */
gboolean rt_field_has_problem (RtField *field);

void rt_field_grab_focus (RtField *field);

G_END_DECLS
