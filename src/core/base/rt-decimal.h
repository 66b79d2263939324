#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RT_DECIMAL_PLACES 12

/**
 * RtDecimal:
 *
 * An exact decimal with 12 places after the point: what Stripe takes as `unit_amount_decimal`
 * (API-GUIDE §5). Held as an integer number of 10⁻¹² in 128 bits; up to 24 digits before the
 * point.
 */
typedef struct
{
  __int128 scaled;
} RtDecimal;

/**
 * rt_decimal_from_int:
 *
 * Returns: @value as a decimal, always exact
 */
RtDecimal rt_decimal_from_int (gint64 value);

/**
 * rt_decimal_parse:
 * @text: `-12.50`: digits with an optional sign and point, nothing else
 * @value: (out caller-allocates): untouched unless %TRUE is returned
 *
 * Returns: whether @text is a decimal of at most 12 places and 18 digits before the point
 */
gboolean rt_decimal_parse (const char *text, RtDecimal *value);

/**
 * rt_decimal_format:
 * @min_places: how many places to write even if they are 0
 *
 * Returns: (transfer full): `12.5`, with a point, never with an exponent
 */
char *rt_decimal_format (RtDecimal value, guint min_places);

/**
 * rt_decimal_shift:
 * @places: how many places to move the point to the right; negative: to the left
 * @result: (out caller-allocates): untouched unless %TRUE is returned
 *
 * Multiplies by a power of ten: major to minor units and back.
 *
 * Returns: whether the result is exact and fits
 */
gboolean rt_decimal_shift (RtDecimal value, int places, RtDecimal *result);

/**
 * rt_decimal_divide:
 * @divisor: greater than 0
 *
 * Returns: @value ÷ @divisor, rounded half away from zero to 12 places (API-GUIDE §6, minutes)
 */
RtDecimal rt_decimal_divide (RtDecimal value, guint divisor);

/**
 * rt_decimal_multiply:
 *
 * @result: (out caller-allocates): untouched unless %TRUE is returned
 *
 * Returns: whether @value × @factor fits
 */
gboolean rt_decimal_multiply (RtDecimal value, gint64 factor, RtDecimal *result);

/**
 * rt_decimal_to_int:
 * @value: (out caller-allocates): untouched unless %TRUE is returned
 *
 * Returns: whether @decimal is a whole number that fits
 */
gboolean rt_decimal_to_int (RtDecimal decimal, gint64 *value);

/**
 * rt_decimal_compare:
 *
 * Returns: less than, equal to or greater than 0, as @a is to @b
 */
int rt_decimal_compare (RtDecimal a, RtDecimal b);

/**
 * rt_decimal_n_places:
 *
 * Returns: how many places after the point are used, 0 to 12
 */
guint rt_decimal_n_places (RtDecimal value);

G_END_DECLS
