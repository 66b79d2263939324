#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * rt_practice_tiers_set:
 * @price: a price or a currency option: gets `tiers`
 * @data: checked parameters that hold `tiers`
 * @currency: a known currency
 * @path: the wire name of the tiers
 * @error: return location for a refusal
 *
 * Returns: whether the tiers ascend, end with `inf` and have amounts
 */
gboolean rt_practice_tiers_set (JsonObject *price, JsonObject *data, const char *currency,
                                const char *path, GError **error);

/**
 * rt_practice_tiers_set_options:
 * @price: gets `currency_options`, merged with those it has
 * @data: checked parameters that may hold `currency_options`
 * @error: return location for a refusal
 *
 * Returns: whether the options are good ones
 */
gboolean rt_practice_tiers_set_options (JsonObject *price, JsonObject *data, GError **error);

/**
 * rt_practice_tiers_set_custom:
 * @price: a price or a currency option: gets `custom_unit_amount`
 *
 * Copies the limits of an amount that the customer chooses.
 */
void rt_practice_tiers_set_custom (JsonObject *price, JsonObject *data);

G_END_DECLS
