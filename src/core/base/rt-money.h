#pragma once

#include "rt-error.h"
#include "rt-number.h"

G_BEGIN_DECLS

/**
 * RtCurrency:
 * @code: lower-case ISO 4217 code, as Stripe writes it
 * @exponent: places of its minor unit on Stripe's wire (API-GUIDE §5)
 * @step: amounts in the minor unit must be a multiple of this
 *
 * One row of the one table of currencies.
 */
typedef struct
{
  char code[4];
  guint8 exponent;
  guint8 step;
} RtCurrency;

/**
 * rt_currency_find:
 * @code: (nullable): an ISO code in any case
 *
 * Returns: (nullable) (transfer none): the currency, if Stripe knows it
 */
const RtCurrency *rt_currency_find (const char *code);

/**
 * rt_currency_list:
 * @n_currencies: (out): how many
 *
 * Returns: (transfer none) (array length=n_currencies): every currency of Stripe, by code
 */
const RtCurrency *rt_currency_list (guint *n_currencies);

/**
 * rt_currency_get_places:
 *
 * Returns: how many places after the point an amount may have: fewer than the exponent where
 *   Stripe wants the last digits to be 0
 */
guint rt_currency_get_places (const RtCurrency *currency);

/**
 * rt_currency_of_locale:
 *
 * Returns: (transfer none): the currency of the current locale's country, else US dollars
 */
const RtCurrency *rt_currency_of_locale (void);

/**
 * rt_money_parse:
 * @text: what was typed, in major units
 * @max_places: how many places may be used: rt_currency_get_places() for amounts, 12 for unit
 *   prices
 * @field: (nullable): the form field, named by the error
 * @minor: (out caller-allocates): the amount in minor units, untouched on failure
 *
 * Reads an amount exactly: never rounds, refuses what the currency cannot hold, signs, and more
 * than 10 digits before the point. Spaces around it are ignored.
 *
 * Returns: %FALSE with a sentence for the person on failure
 */
gboolean rt_money_parse (const char *text, const RtCurrency *currency, guint max_places,
                         RtNumberStyle style, const char *field, RtDecimal *minor, GError **error);

/**
 * rt_money_to_plain:
 * @minor: an amount in minor units
 *
 * Returns: (transfer full): the amount in major units, as rt_money_parse() reads it: `49.00`,
 *   `0.0005`, with at least the places of the currency
 */
char *rt_money_to_plain (RtDecimal minor, const RtCurrency *currency);

/**
 * rt_money_to_text:
 * @minor: an amount in minor units
 *
 * Returns: (transfer full): the amount as the current locale writes it, with its symbol or code:
 *   `$49.00`, `49,00 €`
 */
char *rt_money_to_text (RtDecimal minor, const RtCurrency *currency);

/**
 * rt_money_to_edit:
 *
 * Returns: (transfer full): the amount in major units for an entry, with the locale's decimal point
 */
char *rt_money_to_edit (RtDecimal minor, const RtCurrency *currency);

/**
 * rt_money_per_second:
 * @per_minute: a price per minute in minor units
 *
 * Stripe's meters count seconds (API-GUIDE §6, minutes): divides by 60, half-up at 12 places.
 *
 * Returns: the price per second in minor units
 */
RtDecimal rt_money_per_second (RtDecimal per_minute);

G_END_DECLS
