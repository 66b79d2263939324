#pragma once

#include <adwaita.h>

#include "rt-desk-write.h"
#include "rt-field.h"

G_BEGIN_DECLS

#define RT_TYPE_FORM_PAGE (rt_form_page_get_type ())
G_DECLARE_FINAL_TYPE (RtFormPage, rt_form_page, RT, FORM_PAGE, AdwBin)

/**
 * RtFormPage:
 *
 * The frame of every form: Cancel and Save, the sentence that says what the input means, problems
 * beside their fields, a draft that survives closing and crashes. A form puts this page around its
 * groups in its `.ui` file, adds its fields, and opens it.
 *
 * Actions: `form.save`, `form.close`, `form.start-over`.
 */

/**
 * RtFormKind:
 * @object: names draft, change and area: "product"
 * @hint: untranslated: stands for the sentence while the input is not acceptable
 * @update: shows only the fields that count; called after every change
 * @judge: (nullable result): adds a problem for each field at fault, else returns the sentence
 * @save: creates, or with @id changes, the object; called in a thread
 *
 * What a form is besides its fields. @form is the widget given to rt_form_page_open().
 */
typedef struct
{
  const char *object;
  const char *hint;
  void (*update) (GtkWidget *form);
  char *(*judge) (GtkWidget *form, const RtDraft *draft, GPtrArray *problems);
  gboolean (*save) (RtStore *store, const char *id, const RtDraft *draft, GError **error);
} RtFormKind;

/**
 * rt_form_page_add:
 * @field: (transfer full): a field of the form
 */
void rt_form_page_add (RtFormPage *page, RtField *field);

/**
 * rt_form_page_open:
 * @form: the form around the page
 * @id: (nullable): the object that is edited
 * @base: (transfer full): what the fields show first
 *
 * Fills in @base and what was left of an earlier time.
 */
void rt_form_page_open (RtFormPage *page, GtkWidget *form, const RtFormKind *kind, const char *id,
                        RtDraft *base);

/**
 * rt_form_page_set_desk:
 *
 * To be called before anything else.
 */
void rt_form_page_set_desk (RtFormPage *page, RtDesk *desk);

void rt_form_page_set_title (RtFormPage *page, const char *title);

/**
 * rt_form_page_set_read_only:
 * @reason: a sentence that says why
 */
void rt_form_page_set_read_only (RtFormPage *page, const char *reason);

/**
 * rt_form_page_get_text:
 *
 * Returns: (transfer none): what a field holds
 */
const char *rt_form_page_get_text (RtFormPage *page, const char *field);

/**
 * rt_form_page_show:
 *
 * Shows a field, or not: only those that are shown count.
 */
void rt_form_page_show (RtFormPage *page, const char *field, gboolean is_visible);

/**
 * rt_form_page_fix:
 * @fields: (array zero-terminated=1): what cannot be changed any more
 *
 * Stripe has the object: from now on only what the person changes is saved.
 */
void rt_form_page_fix (RtFormPage *page, const char *const *fields);

/**
 * rt_form_page_write:
 * @write: called in a thread with the form's object id
 * @done: (transfer full) (nullable): says what was done; may have an undo
 *
 * Runs an action that ends the object of the form, then closes it; what was typed is forgotten.
 */
void rt_form_page_write (RtFormPage *page, RtDeskWrite write, AdwToast *done);

/**
 * rt_form_page_set_archived:
 * @name: of the form's object
 * @is_archived: whether it is to be archived, else restored
 *
 * Does that and closes the form; the toast that says so can undo it. What was typed and not saved
 * is there when the form is opened again.
 */
void rt_form_page_set_archived (RtFormPage *page, const char *name, gboolean is_archived);

G_END_DECLS
