#pragma once

#include "rt-json.h"

G_BEGIN_DECLS

/**
 * RtForm:
 *
 * The parameters of a request before they are bytes: names and texts, in order, or references to
 * objects that may not exist at Stripe yet (a price names the meter that is made just before it).
 */
typedef struct _RtForm RtForm;

/**
 * rt_form_new:
 *
 * Returns: (transfer full): no parameters
 */
RtForm *rt_form_new (void);
void    rt_form_free (RtForm *form);

/**
 * rt_form_add:
 * @value: (nullable): nothing is added for %NULL; the empty string clears a field at Stripe
 */
void rt_form_add (RtForm *form, const char *name, const char *value);

/**
 * rt_form_add_int:
 */
void rt_form_add_int (RtForm *form, const char *name, gint64 value);

/**
 * rt_form_add_reference:
 * @object: Stripe's name of the type, such as "billing.meter"
 * @handle: its chosen id, lookup key or event name (API-GUIDE §2)
 *
 * Adds a parameter whose value is the Stripe id of an object known by its handle.
 */
void rt_form_add_reference (RtForm *form, const char *name, const char *object, const char *handle);

/**
 * rt_form_is_empty:
 *
 * Returns: whether it has no parameter
 */
gboolean rt_form_is_empty (const RtForm *form);

/**
 * rt_form_to_json:
 *
 * Returns: (transfer full): the form as one JSON text, as the queue keeps it
 */
char *rt_form_to_json (const RtForm *form);

/**
 * rt_form_from_json:
 *
 * Returns: (transfer full) (nullable): the form, %NULL with an error if @text is none
 */
RtForm *rt_form_from_json (const char *text, GError **error);

/**
 * RtFormResolve:
 *
 * Returns: (transfer full) (nullable): the Stripe id of what a reference names
 */
typedef char *(*RtFormResolve) (const char *object, const char *handle, gpointer user_data);

/**
 * rt_form_encode:
 * @resolve: (scope call): looks references up
 *
 * Encodes as `application/x-www-form-urlencoded` (API-GUIDE §1): UTF-8 percent-encoded, brackets of
 * names bare. The bytes must never change once they were sent under their idempotency key.
 *
 * Returns: (transfer full) (nullable): the body; %NULL if a reference cannot be resolved
 */
char *rt_form_encode (const RtForm *form, RtFormResolve resolve, gpointer user_data,
                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtForm, rt_form_free)

G_END_DECLS
