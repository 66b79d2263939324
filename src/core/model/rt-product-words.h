#pragma once

#include "rt-product.h"

G_BEGIN_DECLS

/* What the reading and the writing half of a product's mapping share (API-GUIDE §16). Private to
 * rt-product-*.c. */

#define RT_KEY_VERSION "rtn_v"
#define RT_KEY_REFERENCE "rtn_ref"
#define RT_KEY_MODEL "rtn_model"
#define RT_KEY_METRIC "rtn_metric"
#define RT_KEY_INCLUDED "rtn_included"
#define RT_KEY_ROLE "rtn_role"
#define RT_KEY_LANE "rtn_lane"
#define RT_KEY_RATE "rtn_rate"
#define RT_WORD_BASE_OVERAGE "base_overage"

typedef enum
{
  RT_ROLE_BASE,
  RT_ROLE_OVERAGE,
  RT_ROLE_USAGE,
  RT_ROLE_ONE_TIME,
} RtProductRole;

const char   *rt_product_role_to_word (RtProductRole role);
RtProductRole rt_product_main_role (RtModel product_model);
gboolean      rt_product_price_has_role (JsonObject *price, RtProductRole role);
/* @role: -1 for any. Returns: (nullable) (transfer none) */
JsonObject *rt_product_find_price (JsonObject *product, GPtrArray *prices, int role);
gboolean    rt_product_unit_amount (JsonObject *price, RtDecimal *amount, gint64 *included);
/* From what a person reads (minutes) to what the meter counts (seconds). */
RtDecimal rt_product_metered_amount (RtMetric metric, RtDecimal per_unit);
gint64    rt_product_metered_units (RtMetric metric, gint64 units);

G_END_DECLS
