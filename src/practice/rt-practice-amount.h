#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * rt_practice_amount_check_currency:
 * @currency: what was sent
 * @param: its name on the wire
 * @error: return location for a refusal
 *
 * Returns: whether @currency is one that Stripe knows, in lower case
 */
gboolean rt_practice_amount_check_currency (const char *currency, const char *param,
                                            GError **error);

/**
 * rt_practice_amount_check:
 * @amount: an amount in minor units
 * @currency: a known currency
 * @param: its name on the wire
 * @error: return location for a refusal
 *
 * Guide §5: amounts in three-decimal currencies end in 0, those in ISK and UGX in 00.
 *
 * Returns: whether Stripe takes @amount: not negative, not too large, of a size that can be paid
 */
gboolean rt_practice_amount_check (gint64 amount, const char *currency, const char *param,
                                   GError **error);

/**
 * rt_practice_amount_set:
 * @object: a price, a tier or a currency option: gets `<stem>` and `<stem>_decimal`
 * @params: checked parameters that may hold either
 * @stem: `unit_amount` or `flat_amount`
 * @currency: a known currency
 * @param: the wire name of @stem in @params
 * @error: return location for a refusal
 *
 * Both come back: the decimal always as text, the integer as null where the decimal is not whole.
 * Both are null if @params has neither.
 *
 * Returns: whether at most one was given, and a good one
 */
gboolean rt_practice_amount_set (JsonObject *object, JsonObject *params, const char *stem,
                                 const char *currency, const char *param, GError **error);

G_END_DECLS
