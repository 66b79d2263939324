#pragma once

#include "rt-json.h"
#include "rt-money.h"

G_BEGIN_DECLS

/**
 * RtDraft:
 *
 * What a person typed into a form or gave on the command line, unjudged: texts by field name. A
 * field that is absent was not touched; an empty one was cleared. The field names are those of the
 * object's JSON and of rt_error_get_field().
 */
typedef struct _RtDraft RtDraft;

/**
 * rt_draft_new:
 * @style: how numbers in it are written
 *
 * Returns: (transfer full): an empty draft
 */
RtDraft *rt_draft_new (RtNumberStyle style);
void rt_draft_free (RtDraft *draft);

/**
 * rt_draft_set:
 * @text: (nullable): %NULL removes the field
 */
void rt_draft_set (RtDraft *draft, const char *field, const char *text);

/**
 * rt_draft_get:
 *
 * Returns: (nullable) (transfer none): what was typed
 */
const char *rt_draft_get (const RtDraft *draft, const char *field);

/**
 * rt_draft_set_before:
 * @before: (nullable): JSON of the object
 *
 * Notes what the object was when the person began to edit it: what else happens to it until the
 * draft is saved, or sent, was not meant to be undone.
 */
void rt_draft_set_before (RtDraft *draft, JsonObject *before);

/**
 * rt_draft_get_before:
 *
 * Returns: (nullable) (transfer none): what was noted
 */
JsonObject *rt_draft_get_before (const RtDraft *draft);

/**
 * rt_draft_is_empty:
 *
 * Returns: whether it says nothing about any field; that one is cleared is something
 */
gboolean rt_draft_is_empty (const RtDraft *draft);

/**
 * rt_draft_get_style:
 *
 * Returns: how its numbers are written
 */
RtNumberStyle rt_draft_get_style (const RtDraft *draft);

/**
 * rt_draft_to_json:
 *
 * Returns: (transfer full): the draft as one JSON text, to keep it while its form is closed
 */
char *rt_draft_to_json (const RtDraft *draft);

/**
 * rt_draft_from_json:
 *
 * Returns: (transfer full) (nullable): the draft, %NULL if @text is none
 */
RtDraft *rt_draft_from_json (const char *text, RtNumberStyle style);

/* The readers below add an #RtError that names its field to @problems (element-type GError) and
 * return a neutral value when the field is not acceptable. */

/**
 * rt_draft_read_text:
 * @fallback: (nullable): the value of a field that was not touched
 * @max_characters: the longest that Stripe takes
 * @is_required: whether it must not be empty
 *
 * Reads a text. Refuses what is not UTF-8, control characters (but line ends in texts of over 1,000
 * characters), and the characters that turn the reading direction: a name must not read as another.
 *
 * Returns: (transfer full) (nullable): the text without spaces around it; %NULL if it is empty
 */
char *rt_draft_read_text (const RtDraft *draft, const char *field, const char *fallback,
                          guint max_characters, gboolean is_required, GPtrArray *problems);

/**
 * rt_draft_read_term:
 * @term: an #RtTerm
 * @fallback: the value of a field that was not touched
 *
 * Returns: the value of one of the enums
 */
int rt_draft_read_term (const RtDraft *draft, const char *field, int term, int fallback,
                        GPtrArray *problems);

/**
 * rt_draft_read_currency:
 * @fallback: (nullable): the value of a field that was not touched
 *
 * Returns: (transfer none) (nullable): the currency
 */
const RtCurrency *rt_draft_read_currency (const RtDraft *draft, const char *field,
                                          const RtCurrency *fallback, GPtrArray *problems);

/**
 * rt_draft_read_count:
 * @fallback: the value of a field that was not touched or is empty
 * @max: the largest that is accepted
 *
 * Returns: a whole number from 0 to @max
 */
gint64 rt_draft_read_count (const RtDraft *draft, const char *field, gint64 fallback, gint64 max,
                            GPtrArray *problems);

/**
 * rt_draft_read_money:
 * @currency: (nullable): %NULL reads nothing: its own problem is told already
 * @fallback: the value in minor units of a field that was not touched
 * @is_unit_price: whether 12 places may be used, else those of @currency
 *
 * Returns: an amount above 0 in minor units
 */
RtDecimal rt_draft_read_money (const RtDraft *draft, const char *field, const RtCurrency *currency,
                               RtDecimal fallback, gboolean is_unit_price, GPtrArray *problems);

/**
 * rt_draft_problem:
 *
 * Adds a problem of @field with its translated sentence.
 */
void rt_draft_problem (GPtrArray *problems, const char *field, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/**
 * rt_draft_problems_new:
 *
 * Returns: (transfer full): an array that owns its #GError elements
 */
GPtrArray *rt_draft_problems_new (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtDraft, rt_draft_free)

G_END_DECLS
