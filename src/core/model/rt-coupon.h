#pragma once

#include "rt-draft.h"
#include "rt-plan.h"
#include "rt-term.h"

G_BEGIN_DECLS

/**
 * RtCoupon:
 * @id: (not nullable): local ULID, stable for life
 * @stripe_id: (nullable): %NULL until Stripe has it; then the same as @code
 * @code: the id it has, or will have, at Stripe
 * @currency: (nullable): %NULL for a percentage
 * @percent: per cent off, at most 2 places; 0 for a fixed amount
 * @amount: in minor units of @currency
 * @n_months: for %RT_DURATION_MONTHS
 * @n_redeemed: how often it was used, as Stripe last said
 * @created_at: Unix seconds, UTC
 *
 * A coupon. Only its name can change at Stripe (API-GUIDE §11). Never changed once made.
 */
typedef struct
{
  char *id;
  char *stripe_id;
  RtState state;
  char *name;
  char *code;
  const RtCurrency *currency;
  RtDecimal percent;
  RtDecimal amount;
  RtDuration duration;
  gint64 n_months;
  gint64 n_redeemed;
  gboolean is_archived;
  gboolean is_outside;
  gint64 created_at;
} RtCoupon;

/**
 * rt_coupon_new:
 *
 * Returns: (transfer full): an empty coupon, to be filled before anyone else sees it
 */
RtCoupon *rt_coupon_new (void);
RtCoupon *rt_coupon_ref (RtCoupon *coupon);
void      rt_coupon_unref (RtCoupon *coupon);

/**
 * rt_coupon_from_draft:
 * @before: (nullable): the coupon that is renamed; %NULL for a new one
 * @problems: (element-type GError): gets one error for each field at fault
 *
 * Judges what a person typed. The draft's `kind` is "percent" or "amount" and says which of the
 * two counts; without it, the one that is filled in. An empty `code` leaves @code empty.
 *
 * Returns: (transfer full) (nullable): the coupon as it shall be, %NULL if there is any problem
 */
RtCoupon *rt_coupon_from_draft (const RtDraft *draft, const RtCoupon *before, GPtrArray *problems);

/**
 * rt_coupon_to_draft:
 *
 * Returns: (transfer full): the texts of a form that shows @coupon
 */
RtDraft *rt_coupon_to_draft (const RtCoupon *coupon, RtNumberStyle style);

/**
 * rt_coupon_to_json:
 *
 * Returns: (transfer full): the object JSON of CLI.md
 */
JsonObject *rt_coupon_to_json (const RtCoupon *coupon);

/**
 * rt_coupon_from_json:
 *
 * Returns: (transfer full): a coupon from what rt_coupon_to_json() wrote
 */
RtCoupon *rt_coupon_from_json (JsonObject *object);

/**
 * rt_coupon_to_sentence:
 *
 * Returns: (transfer full): what a client saves: "20 % off for 3 months"
 */
char *rt_coupon_to_sentence (const RtCoupon *coupon);

/**
 * rt_coupon_from_stripe:
 *
 * Reads a coupon of Stripe (API-GUIDE §11). Its id is left empty: the store knows it.
 *
 * Returns: (transfer full): the coupon as Stripe has it
 */
RtCoupon *rt_coupon_from_stripe (JsonObject *coupon);

/**
 * rt_coupon_plan:
 * @desired: what the person wants, with its id and code
 * @coupon: (nullable): what Stripe has
 *
 * Returns: (transfer full) (element-type RtPlanStep): what is still to be sent, perhaps nothing
 */
GPtrArray *rt_coupon_plan (const RtCoupon *desired, JsonObject *coupon);

/**
 * rt_coupon_field_of:
 * @param: (nullable): the parameter that Stripe's error names
 *
 * Returns: (nullable) (transfer none): the form field that parameter came from
 */
const char *rt_coupon_field_of (const char *param);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCoupon, rt_coupon_unref)

G_END_DECLS
