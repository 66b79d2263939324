#pragma once

#include "rt-decimal.h"

G_BEGIN_DECLS

/**
 * RtNumberStyle:
 * @RT_NUMBER_PLAIN: `1234.5`, as on the command line and on the wire
 * @RT_NUMBER_LOCALE: with the decimal point and grouping of the current locale
 */
typedef enum
{
  RT_NUMBER_PLAIN,
  RT_NUMBER_LOCALE,
} RtNumberStyle;

/**
 * rt_number_parse:
 * @text: an unsigned number as typed; spaces around it are ignored
 * @value: (out caller-allocates): untouched unless %TRUE is returned
 *
 * In %RT_NUMBER_LOCALE grouping is accepted only where it stands right (`1.000,50` in German, not
 * `10.00`): a wrong point must never make an amount a hundred times larger.
 *
 * Returns: whether @text is a decimal of at most 12 places
 */
gboolean rt_number_parse (const char *text, RtNumberStyle style, RtDecimal *value);

/**
 * rt_number_format:
 * @min_places: how many places to write even if they are 0
 * @is_grouped: whether to group thousands; not in what a person edits
 *
 * Returns: (transfer full): @value as the current locale writes it
 */
char *rt_number_format (RtDecimal value, guint min_places, gboolean is_grouped);

G_END_DECLS
