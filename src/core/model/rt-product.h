#pragma once

#include "rt-clock.h"
#include "rt-draft.h"
#include "rt-plan.h"
#include "rt-term.h"

G_BEGIN_DECLS

/**
 * RtProduct:
 * @id: (not nullable): local ULID, stable for life
 * @stripe_id: (nullable): %NULL until Stripe has it
 * @currency: (nullable): %NULL only outside Retainer, where a product may have no price
 * @amount: in minor units: the fee, the one-time amount, or the price of one unit of @metric
 * @n_periods: the fee comes every so many @period; 1 but for objects made outside Retainer
 * @has_overage: whether @included and @overage count (base fee with usage)
 * @included: units of @metric in each period
 * @overage: in minor units: price of each further unit of @metric
 * @created_at: Unix seconds, UTC
 *
 * A product with its current prices, as its form shows it. Never changed once made; shared by
 * reference.
 */
typedef struct
{
  char *id;
  char *stripe_id;
  RtState state;
  char *name;
  char *description; /* (nullable) */
  RtModel model;
  const RtCurrency *currency;
  RtDecimal amount;
  RtPeriod period;
  guint n_periods;
  RtTax tax;
  RtMetric metric;
  gboolean has_overage;
  gint64 included;
  RtDecimal overage;
  gboolean is_archived;
  gboolean is_outside;
  gint64 created_at;
} RtProduct;

/**
 * rt_product_new:
 *
 * Returns: (transfer full): an empty product, to be filled before anyone else sees it
 */
RtProduct *rt_product_new (void);
RtProduct *rt_product_ref (RtProduct *product);
void rt_product_unref (RtProduct *product);

/**
 * rt_product_from_draft:
 * @before: (nullable): the product that is edited; %NULL for a new one
 * @problems: (element-type GError): gets one error for each field at fault
 *
 * Judges what a person typed. What makes a product what it is (pricing model, currency, period,
 * tax, metric) cannot change once it exists: clients subscribed to that.
 *
 * Returns: (transfer full) (nullable): the product as it shall be, %NULL if there is any problem
 */
RtProduct *rt_product_from_draft (const RtDraft *draft, const RtProduct *before,
                                  GPtrArray *problems);

/**
 * rt_product_to_draft:
 *
 * Returns: (transfer full): the texts of a form that edits @product
 */
RtDraft *rt_product_to_draft (const RtProduct *product, RtNumberStyle style);

/**
 * rt_product_to_json:
 *
 * Returns: (transfer full): the object JSON of CLI.md
 */
JsonObject *rt_product_to_json (const RtProduct *product);

/**
 * rt_product_from_json:
 *
 * Returns: (transfer full): a product from what rt_product_to_json() wrote
 */
RtProduct *rt_product_from_json (JsonObject *object);

/**
 * rt_product_to_sentence:
 *
 * Returns: (transfer full): what a client pays: "$25.00 a month, 1,000 minutes included, then
 *   $0.05 a minute"
 */
char *rt_product_to_sentence (const RtProduct *product);

/**
 * rt_product_from_stripe:
 * @product: a product of Stripe
 * @prices: (element-type JsonObject): all its prices, tiers expanded
 *
 * Reads a product (API-GUIDE §6, §16). Its id is left empty: the store knows it.
 *
 * Returns: (transfer full): the product as Stripe has it, state synced or archived
 */
RtProduct *rt_product_from_stripe (JsonObject *product, GPtrArray *prices);

/**
 * rt_product_default_is_of_others:
 * @product: a product of Stripe
 * @prices: (element-type JsonObject): all its prices
 * @model: how it is charged
 *
 * Returns: whether somebody else chose a default price of another kind, as one without a period for
 *   what is paid by the month: it is not what the product costs in Retainer, and stays as it is
 */
gboolean rt_product_default_is_of_others (JsonObject *product, GPtrArray *prices, RtModel model);

/**
 * rt_product_plan:
 * @desired: what the person wants, with its id
 * @product: (nullable): what Stripe has
 * @prices: (element-type JsonObject): the prices Stripe has for it
 * @meter: (nullable): Stripe's meter of lane 1 of the product's metric
 * @has_new_prices: whether the person set anything that prices hold; else they stay as they are,
 *   also where somebody changed them in Stripe's Dashboard
 *
 * Plans meter, product, prices, default price and the archiving of replaced prices (API-GUIDE §6,
 * §7.4): prices are immutable, an edited amount is a new price.
 *
 * Returns: (transfer full) (element-type RtPlanStep): what is still to be sent, perhaps nothing
 */
GPtrArray *rt_product_plan (const RtProduct *desired, JsonObject *product, GPtrArray *prices,
                            JsonObject *meter, gboolean has_new_prices, RtClock *clock);

/**
 * rt_product_dup_meter_name:
 * @metric: not %RT_METRIC_NONE
 *
 * Returns: (transfer full): the event name of the metric's meter in lane 1 (API-GUIDE §7.4)
 */
char *rt_product_dup_meter_name (RtMetric metric);

/**
 * rt_product_field_of:
 * @object: Stripe's type that was written
 * @handle: its handle
 * @param: (nullable): the parameter that Stripe's error names
 *
 * Returns: (nullable) (transfer none): the form field that parameter came from
 */
const char *rt_product_field_of (const char *object, const char *handle, const char *param);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtProduct, rt_product_unref)

G_END_DECLS
