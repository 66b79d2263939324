/* Writing products to Stripe: the difference between what is wanted and what is there. */

#include "rt-product-words.h"

#include <string.h>

#include "rt-ulid.h"

#define LANE "1"

typedef struct
{
  GPtrArray *plan;
  const RtProduct *desired;
  JsonObject *product; /* (nullable) */
  GPtrArray *prices;
  RtClock *clock;
  char *product_id;
} Planning;

char *
rt_product_dup_meter_name (RtMetric metric)
{
  return g_strconcat ("rtn_", rt_term_to_stripe (RT_TERM_METRIC, metric), "_" LANE, NULL);
}

static void
plan_meter (GPtrArray *plan, RtMetric metric, JsonObject *meter)
{
  g_autofree char *event_name = rt_product_dup_meter_name (metric);
  g_autofree char *display_name = NULL;
  RtForm *form;

  if (meter != NULL && g_strcmp0 (rt_json_string (meter, "status"), "inactive") != 0)
    return;
  if (meter != NULL)
    {
      rt_plan_add (plan, "POST",
                   g_strdup_printf ("/v1/billing/meters/%s/reactivate",
                                    rt_json_string (meter, "id")),
                   "billing.meter", event_name);
      return;
    }
  /* Not translated: every computer of the agency must make the same meter. */
  display_name
      = g_strdup_printf ("Retainer %s, lane " LANE, rt_term_to_stripe (RT_TERM_METRIC, metric));
  form = rt_plan_add (plan, "POST", g_strdup ("/v1/billing/meters"), "billing.meter", event_name);
  rt_form_add (form, "display_name", display_name);
  rt_form_add (form, "event_name", event_name);
  rt_form_add (form, "default_aggregation[formula]", "sum");
  rt_form_add (form, "customer_mapping[type]", "by_id");
  rt_form_add (form, "customer_mapping[event_payload_key]", "stripe_customer_id");
  rt_form_add (form, "value_settings[event_payload_key]", "value");
}

/* What Stripe writes behind a number on invoices: at most 12 characters, of what its meter counts.
 */
static const char *
unit_label (RtMetric metric)
{
  static const char *const labels[] = {
    [RT_METRIC_NONE] = NULL,        [RT_METRIC_INTERACTIONS] = "interaction",
    [RT_METRIC_MINUTES] = "second", [RT_METRIC_CONVERSATIONS] = "conversation",
    [RT_METRIC_VALUE] = "success",
  };

  return labels[metric];
}

static const char *
model_word (const RtProduct *desired)
{
  return desired->has_overage ? RT_WORD_BASE_OVERAGE
                              : rt_term_to_stripe (RT_TERM_MODEL, desired->model);
}

static char *
included_text (const RtProduct *desired)
{
  return desired->has_overage ? g_strdup_printf ("%" G_GINT64_FORMAT, desired->included) : NULL;
}

static void
plan_new_product (Planning *self)
{
  const RtProduct *desired = self->desired;
  g_autofree char *included = included_text (desired);
  RtForm *form
      = rt_plan_add (self->plan, "POST", g_strdup ("/v1/products"), "product", self->product_id);

  rt_form_add (form, "id", self->product_id);
  rt_form_add (form, "name", desired->name);
  rt_form_add (form, "description", desired->description);
  rt_form_add (form, "unit_label", unit_label (desired->metric));
  rt_form_add (form, "metadata[" RT_KEY_VERSION "]", "1");
  rt_form_add (form, "metadata[" RT_KEY_REFERENCE "]", desired->id);
  rt_form_add (form, "metadata[" RT_KEY_MODEL "]", model_word (desired));
  rt_form_add (form, "metadata[" RT_KEY_METRIC "]",
               rt_term_to_nick (RT_TERM_METRIC, desired->metric));
  rt_form_add (form, "metadata[" RT_KEY_INCLUDED "]", included);
}

/* Only what changed: fields of others, and metadata of other programs, are never touched. */
static void
plan_changed_product (Planning *self)
{
  const RtProduct *desired = self->desired;
  JsonObject *metadata = rt_json_object (self->product, "metadata");
  const char *description = rt_json_string (self->product, "description");
  const char *wanted = desired->description != NULL ? desired->description : "";
  g_autofree char *included = included_text (desired);
  g_autoptr (RtForm) form = rt_form_new ();

  if (g_strcmp0 (rt_json_string (self->product, "name"), desired->name) != 0)
    rt_form_add (form, "name", desired->name);
  if (g_strcmp0 (description != NULL ? description : "", wanted) != 0)
    rt_form_add (form, "description", wanted);
  if (included != NULL && g_strcmp0 (rt_json_string (metadata, RT_KEY_INCLUDED), included) != 0)
    rt_form_add (form, "metadata[" RT_KEY_INCLUDED "]", included);
  if (rt_json_bool (self->product, "active") == desired->is_archived)
    rt_form_add (form, "active", desired->is_archived ? "false" : "true");
  if (rt_form_is_empty (form))
    return;
  rt_plan_add_form (self->plan, "POST", g_strdup_printf ("/v1/products/%s", self->product_id),
                    "product", self->product_id, g_steal_pointer (&form));
}

static RtDecimal
wanted_amount (const RtProduct *desired, RtProductRole role)
{
  if (role == RT_ROLE_OVERAGE)
    return rt_product_metered_amount (desired->metric, desired->overage);
  if (role == RT_ROLE_USAGE)
    return rt_product_metered_amount (desired->metric, desired->amount);
  return desired->amount;
}

static gint64
wanted_included (const RtProduct *desired, RtProductRole role)
{
  return role == RT_ROLE_OVERAGE ? rt_product_metered_units (desired->metric, desired->included)
                                 : 0;
}

/* 49 a month is not 49 a year. */
static gboolean
has_period (JsonObject *price, const RtProduct *desired)
{
  JsonObject *recurring = rt_json_object (price, "recurring");
  gint64 n_periods = 1;

  rt_json_int (recurring, "interval_count", &n_periods);
  return n_periods == desired->n_periods
         && g_strcmp0 (rt_json_string (recurring, "interval"),
                       rt_term_to_stripe (RT_TERM_PERIOD, desired->period))
                == 0;
}

/* What is shown of the tax is that of the main price. */
static gboolean
has_tax (JsonObject *price, const RtProduct *desired)
{
  const char *tax = rt_json_string (price, "tax_behavior");

  return g_strcmp0 (tax != NULL ? tax : "unspecified",
                    rt_term_to_stripe (RT_TERM_TAX, desired->tax))
         == 0;
}

static gboolean
price_is_wanted (Planning *self, JsonObject *price, RtProductRole role)
{
  RtDecimal amount;
  gint64 included;

  return rt_json_bool (price, "active") && rt_product_price_has_role (price, role)
         && g_strcmp0 (rt_json_string (price, "currency"), self->desired->currency->code) == 0
         && (role == RT_ROLE_ONE_TIME || has_period (price, self->desired))
         && (role == RT_ROLE_OVERAGE || has_tax (price, self->desired))
         && rt_product_unit_amount (price, &amount, &included)
         && rt_decimal_compare (amount, wanted_amount (self->desired, role)) == 0
         && included == wanted_included (self->desired, role);
}

static void
add_amount (RtForm *form, const RtProduct *desired, RtProductRole role)
{
  g_autofree char *amount = rt_decimal_format (wanted_amount (desired, role), 0);
  gint64 included = wanted_included (desired, role);

  if (role == RT_ROLE_BASE || role == RT_ROLE_ONE_TIME)
    {
      rt_form_add (form, "unit_amount", amount);
      return;
    }
  if (included == 0)
    {
      rt_form_add (form, "billing_scheme", "per_unit");
      rt_form_add (form, "unit_amount_decimal", amount);
      return;
    }
  rt_form_add (form, "billing_scheme", "tiered");
  rt_form_add (form, "tiers_mode", "graduated");
  rt_form_add_int (form, "tiers[0][up_to]", included);
  rt_form_add (form, "tiers[0][unit_amount]", "0");
  rt_form_add (form, "tiers[1][up_to]", "inf");
  rt_form_add (form, "tiers[1][unit_amount_decimal]", amount);
}

static void
add_metered (RtForm *form, const RtProduct *desired, RtProductRole role)
{
  g_autofree char *event_name = rt_product_dup_meter_name (desired->metric);
  g_autofree char *rate
      = rt_money_to_plain (role == RT_ROLE_OVERAGE ? desired->overage : desired->amount,
                           desired->currency);

  rt_form_add (form, "recurring[usage_type]", "metered");
  rt_form_add_reference (form, "recurring[meter]", "billing.meter", event_name);
  rt_form_add (form, "metadata[" RT_KEY_LANE "]", LANE);
  rt_form_add (form, "metadata[" RT_KEY_RATE "]", rate);
}

static char *
plan_new_price (Planning *self, RtProductRole role)
{
  const RtProduct *desired = self->desired;
  gboolean is_metered = role == RT_ROLE_OVERAGE || role == RT_ROLE_USAGE;
  const char *word = rt_product_role_to_word (role);
  /* The revision is random, not counted: two computers that edit one price offline must not make
   * two different prices under one key. */
  g_autofree char *revision = rt_ulid_new (self->clock);
  g_autofree char *lookup_key = g_strconcat ("rtn_", desired->id, "_", word,
                                             is_metered ? "_l" LANE "_" : "_", revision, NULL);
  RtForm *form = rt_plan_add (self->plan, "POST", g_strdup ("/v1/prices"), "price", lookup_key);

  rt_form_add (form, "product", self->product_id);
  rt_form_add (form, "currency", desired->currency->code);
  rt_form_add (form, "tax_behavior", rt_term_to_stripe (RT_TERM_TAX, desired->tax));
  rt_form_add (form, "lookup_key", lookup_key);
  rt_form_add (form, "nickname", word);
  add_amount (form, desired, role);
  if (role != RT_ROLE_ONE_TIME)
    {
      rt_form_add (form, "recurring[interval]",
                   rt_term_to_stripe (RT_TERM_PERIOD, desired->period));
      rt_form_add_int (form, "recurring[interval_count]", desired->n_periods);
    }
  if (is_metered)
    add_metered (form, desired, role);
  rt_form_add (form, "metadata[" RT_KEY_VERSION "]", "1");
  rt_form_add (form, "metadata[" RT_KEY_REFERENCE "]", revision);
  rt_form_add (form, "metadata[" RT_KEY_ROLE "]", word);
  /* Else the answer leaves the tiers out and the replica would not know what it made. */
  rt_form_add (form, "expand[0]", "tiers");
  return g_steal_pointer (&lookup_key);
}

/* Returns: (nullable): the price of @role that stays or is made: its id if it exists; else its
 * lookup key in @lookup_key */
static const char *
plan_price (Planning *self, RtProductRole role, char **lookup_key)
{
  for (guint i = 0; i < self->prices->len; i++)
    {
      JsonObject *price = g_ptr_array_index (self->prices, i);

      if (price_is_wanted (self, price, role))
        return rt_json_string (price, "id");
    }
  *lookup_key = plan_new_price (self, role);
  return NULL;
}

static void
plan_default_price (Planning *self, const char *id, const char *lookup_key)
{
  RtForm *form;

  if (id != NULL && g_strcmp0 (rt_json_reference (self->product, "default_price"), id) == 0)
    return;
  form = rt_plan_add (self->plan, "POST", g_strdup_printf ("/v1/products/%s", self->product_id),
                      "product", self->product_id);
  if (id != NULL)
    rt_form_add (form, "default_price", id);
  else
    rt_form_add_reference (form, "default_price", "price", lookup_key);
}

/* Own prices that are neither @keep nor the overage price that stays. Prices of others are theirs.
 */
static void
plan_archive_prices (Planning *self, const char *keep, const char *keep_overage)
{
  for (guint i = 0; i < self->prices->len; i++)
    {
      JsonObject *price = g_ptr_array_index (self->prices, i);
      const char *id = rt_json_string (price, "id");
      const char *lookup_key = rt_json_string (price, "lookup_key");
      RtForm *form;

      if (!rt_json_bool (price, "active") || g_strcmp0 (id, keep) == 0
          || g_strcmp0 (id, keep_overage) == 0
          || rt_json_string (rt_json_object (price, "metadata"), RT_KEY_VERSION) == NULL)
        continue;
      form = rt_plan_add (self->plan, "POST", g_strdup_printf ("/v1/prices/%s", id), "price",
                          lookup_key != NULL ? lookup_key : id);
      rt_form_add (form, "active", "false");
      rt_form_add (form, "expand[0]", "tiers");
    }
}

static void
plan_prices (Planning *self)
{
  RtProductRole role = rt_product_main_role (self->desired->model);
  g_autofree char *lookup_key = NULL;
  g_autofree char *overage_key = NULL;
  const char *keep = plan_price (self, role, &lookup_key);
  const char *keep_overage = NULL;

  if (self->desired->has_overage)
    keep_overage = plan_price (self, RT_ROLE_OVERAGE, &overage_key);
  /* One of another kind was never shown as what this costs: it stays whose it is. */
  if (self->product == NULL
      || !rt_product_default_is_of_others (self->product, self->prices, self->desired->model))
    plan_default_price (self, keep, lookup_key);
  plan_archive_prices (self, keep, keep_overage);
}

/* Restoring brings back the overage price that archiving took along. */
static void
plan_restored_overage (Planning *self)
{
  JsonObject *price = self->desired->has_overage
                          ? rt_product_find_price (self->product, self->prices, RT_ROLE_OVERAGE)
                          : NULL;
  const char *id = price != NULL ? rt_json_string (price, "id") : NULL;
  const char *lookup_key = price != NULL ? rt_json_string (price, "lookup_key") : NULL;
  RtForm *form;

  if (id == NULL || rt_json_bool (price, "active"))
    return;
  form = rt_plan_add (self->plan, "POST", g_strconcat ("/v1/prices/", id, NULL), "price",
                      lookup_key != NULL ? lookup_key : id);
  rt_form_add (form, "active", "true");
  rt_form_add (form, "expand[0]", "tiers");
}

GPtrArray *
rt_product_plan (const RtProduct *desired, JsonObject *product, GPtrArray *prices,
                 JsonObject *meter, gboolean has_new_prices, RtClock *clock)
{
  g_autofree char *product_id = product != NULL ? g_strdup (rt_json_string (product, "id"))
                                                : g_strconcat ("rtn_p_", desired->id, NULL);
  Planning self = { rt_plan_new (), desired, product, prices, clock, product_id };
  gboolean is_new = product == NULL;

  has_new_prices = (has_new_prices || is_new) && desired->currency != NULL;
  if (has_new_prices && desired->metric != RT_METRIC_NONE)
    plan_meter (self.plan, desired->metric, meter);
  if (is_new)
    plan_new_product (&self);
  /* Prices of an archived product are made, too: they are the only place that remembers what it
   * costs, for the day it is restored. It is archived behind them. */
  if (has_new_prices)
    plan_prices (&self);
  if (!is_new)
    plan_changed_product (&self);
  else if (desired->is_archived)
    rt_form_add (rt_plan_add (self.plan, "POST", g_strconcat ("/v1/products/", product_id, NULL),
                              "product", product_id),
                 "active", "false");
  if (is_new || has_new_prices)
    return self.plan;
  if (desired->is_archived)
    /* The default price cannot be archived (API-GUIDE §6); the product being archived stops it. */
    plan_archive_prices (&self, rt_json_reference (product, "default_price"), NULL);
  else
    plan_restored_overage (&self);
  return self.plan;
}

const char *
rt_product_field_of (const char *object, const char *handle, const char *param)
{
  gboolean is_overage = handle != NULL && strstr (handle, "_overage_") != NULL;

  if (param == NULL)
    return NULL;
  if (g_str_equal (object, "billing.meter"))
    return "metric";
  if (g_str_has_prefix (param, "tiers[0]"))
    return "included";
  if (g_str_has_prefix (param, "tiers") || g_str_has_prefix (param, "unit_amount"))
    return is_overage ? "overage" : "amount";
  if (g_str_has_prefix (param, "recurring"))
    return "period";
  if (g_str_equal (param, "tax_behavior"))
    return "tax";
  if (g_str_equal (param, "currency") || g_str_equal (param, "name")
      || g_str_equal (param, "description"))
    return g_intern_string (param);
  return NULL;
}
