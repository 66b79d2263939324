/* Reading products of Stripe (API-GUIDE §6, §16). The writing half is rt-product-plan.c; the names
 * of metadata and roles of both stand in rt-product-words.h. */

#include "rt-product-words.h"

#define MAX_PERIODS 1095 /* three years in days: no price of Stripe spans more */

const char *
rt_product_role_to_word (RtProductRole role)
{
  static const char *const words[] = { "base", "overage", "usage", "one_time" };

  return words[role];
}

static const char *
metadata (JsonObject *object, const char *key)
{
  return rt_json_string (rt_json_object (object, "metadata"), key);
}

gboolean
rt_product_price_has_role (JsonObject *price, RtProductRole role)
{
  return g_strcmp0 (metadata (price, RT_KEY_ROLE), rt_product_role_to_word (role)) == 0;
}

static gint64
created_of (JsonObject *object)
{
  gint64 created = 0;

  rt_json_int (object, "created", &created);
  return created;
}

/* Whether @a says more about what new clients pay than @b: the default price, then an active one,
 * then the newer one. */
static gboolean
is_better (JsonObject *a, JsonObject *b, const char *default_price)
{
  gboolean is_default_a = g_strcmp0 (rt_json_string (a, "id"), default_price) == 0;
  gboolean is_default_b = g_strcmp0 (rt_json_string (b, "id"), default_price) == 0;

  if (is_default_a != is_default_b)
    return is_default_a;
  if (rt_json_bool (a, "active") != rt_json_bool (b, "active"))
    return rt_json_bool (a, "active");
  return created_of (a) > created_of (b);
}

JsonObject *
rt_product_find_price (JsonObject *product, GPtrArray *prices, int role)
{
  const char *default_price = rt_json_reference (product, "default_price");
  JsonObject *best = NULL;

  for (guint i = 0; i < prices->len; i++)
    {
      JsonObject *price = g_ptr_array_index (prices, i);

      if (role >= 0 && !rt_product_price_has_role (price, (RtProductRole) role))
        continue;
      if (best == NULL || is_better (price, best, default_price))
        best = price;
    }
  return best;
}

static gboolean
read_amount (JsonObject *object, RtDecimal *amount)
{
  return (rt_json_decimal (object, "unit_amount_decimal", 0, amount)
          || rt_json_decimal (object, "unit_amount", 0, amount))
         && amount->scaled >= 0;
}

/* The price of one metered unit in minor units: the last tier's, or the plain one. */
gboolean
rt_product_unit_amount (JsonObject *price, RtDecimal *amount, gint64 *included)
{
  JsonArray *tiers = rt_json_array (price, "tiers");
  guint n_tiers = tiers != NULL ? json_array_get_length (tiers) : 0;

  *amount = (RtDecimal){ 0 };
  *included = 0;
  if (n_tiers == 0)
    return read_amount (price, amount);
  if (n_tiers > 1)
    rt_json_int (rt_json_element (tiers, n_tiers - 2), "up_to", included);
  *included = MAX (*included, 0);
  return read_amount (rt_json_element (tiers, n_tiers - 1), amount);
}

RtDecimal
rt_product_metered_amount (RtMetric metric, RtDecimal per_unit)
{
  return metric == RT_METRIC_MINUTES ? rt_money_per_second (per_unit) : per_unit;
}

gint64
rt_product_metered_units (RtMetric metric, gint64 units)
{
  return metric == RT_METRIC_MINUTES ? units * 60 : units;
}

/* The rate as it was typed, if it still is what Stripe charges: 5 cents a minute are stored as
 * 0.083333333333 a second, which must not come back as 4.99999999998. */
static RtDecimal
typed_rate (JsonObject *price, RtMetric metric, const RtCurrency *currency, RtDecimal metered)
{
  const char *typed = metadata (price, RT_KEY_RATE);
  RtDecimal rate;

  if (typed != NULL && rt_decimal_parse (typed, &rate)
      && rt_decimal_shift (rate, currency->exponent, &rate)
      && rt_decimal_compare (rt_product_metered_amount (metric, rate), metered) == 0)
    return rate;
  if (metric != RT_METRIC_MINUTES || !rt_decimal_multiply (metered, 60, &rate))
    return metered;
  return rate;
}

static void
read_metered (RtProduct *self, JsonObject *price, RtDecimal *rate)
{
  RtDecimal metered = { 0 };
  gint64 included = 0;

  if (price == NULL || !rt_product_unit_amount (price, &metered, &included))
    return;
  *rate = typed_rate (price, self->metric, self->currency, metered);
  self->included = self->metric == RT_METRIC_MINUTES ? included / 60 : included;
}

static void
read_price (RtProduct *self, JsonObject *price)
{
  JsonObject *recurring = rt_json_object (price, "recurring");
  gint64 n_periods = 1;
  int value;

  self->currency = rt_currency_find (rt_json_string (price, "currency"));
  value = rt_term_from_stripe (RT_TERM_TAX, rt_json_string (price, "tax_behavior"));
  self->tax = value >= 0 ? (RtTax) value : RT_TAX_UNSPECIFIED;
  if (recurring == NULL)
    {
      self->model = RT_MODEL_ONE_TIME;
      return;
    }
  if (g_strcmp0 (rt_json_string (recurring, "usage_type"), "metered") == 0)
    self->model = RT_MODEL_USAGE;
  value = rt_term_from_stripe (RT_TERM_PERIOD, rt_json_string (recurring, "interval"));
  if (value >= 0)
    self->period = (RtPeriod) value;
  if (rt_json_int (recurring, "interval_count", &n_periods))
    self->n_periods = (guint) CLAMP (n_periods, 1, MAX_PERIODS);
}

static gboolean
is_of_kind (JsonObject *price, RtProductRole role)
{
  JsonObject *recurring = rt_json_object (price, "recurring");
  gboolean is_metered = g_strcmp0 (rt_json_string (recurring, "usage_type"), "metered") == 0;

  return (recurring == NULL) == (role == RT_ROLE_ONE_TIME) && is_metered == (role == RT_ROLE_USAGE);
}

/* Returns: (nullable): the default price, if somebody else chose it, as in Stripe's Dashboard */
static JsonObject *
find_chosen_price (JsonObject *product, GPtrArray *prices)
{
  JsonObject *price = rt_product_find_price (product, prices, -1);

  return price != NULL && metadata (price, RT_KEY_ROLE) == NULL
                 && g_strcmp0 (rt_json_string (price, "id"),
                               rt_json_reference (product, "default_price"))
                        == 0
             ? price
             : NULL;
}

gboolean
rt_product_default_is_of_others (JsonObject *product, GPtrArray *prices, RtModel model)
{
  JsonObject *chosen = find_chosen_price (product, prices);

  return chosen != NULL && !is_of_kind (chosen, rt_product_main_role (model));
}

/* What new clients pay: the default price, even if somebody else chose it, if it is of the same
 * kind; else our own price of that role. */
static JsonObject *
find_main_price (JsonObject *product, GPtrArray *prices, RtProductRole role)
{
  JsonObject *chosen = find_chosen_price (product, prices);

  return chosen != NULL && is_of_kind (chosen, role)
             ? chosen
             : rt_product_find_price (product, prices, (int) role);
}

static void
read_own (RtProduct *self, JsonObject *product, GPtrArray *prices)
{
  const char *word = metadata (product, RT_KEY_MODEL);
  gboolean has_overage = g_strcmp0 (word, RT_WORD_BASE_OVERAGE) == 0;
  int value = has_overage ? RT_MODEL_BASE : rt_term_from_stripe (RT_TERM_MODEL, word);
  RtProductRole role;
  JsonObject *price;

  if (value >= 0)
    self->model = (RtModel) value;
  value = rt_term_from_nick (RT_TERM_METRIC, metadata (product, RT_KEY_METRIC));
  if (value >= 0)
    self->metric = (RtMetric) value;
  role = rt_product_main_role (self->model);
  price = find_main_price (product, prices, role);
  if (price == NULL)
    return;
  read_price (self, price);
  if (self->currency == NULL)
    return;
  if (role == RT_ROLE_USAGE)
    read_metered (self, price, &self->amount);
  else
    rt_product_unit_amount (price, &self->amount, &self->included);
  price = rt_product_find_price (product, prices, RT_ROLE_OVERAGE);
  self->has_overage = has_overage && price != NULL;
  if (self->has_overage)
    read_metered (self, price, &self->overage);
}

RtProductRole
rt_product_main_role (RtModel product_model)
{
  switch (product_model)
    {
    case RT_MODEL_USAGE:
      return RT_ROLE_USAGE;
    case RT_MODEL_ONE_TIME:
      return RT_ROLE_ONE_TIME;
    case RT_MODEL_BASE:
    default:
      return RT_ROLE_BASE;
    }
}

RtProduct *
rt_product_from_stripe (JsonObject *product, GPtrArray *prices)
{
  RtProduct *self = rt_product_new ();
  const char *description = rt_json_string (product, "description");
  JsonObject *price;

  self->stripe_id = g_strdup (rt_json_string (product, "id"));
  g_free (self->name);
  self->name = g_strdup (rt_json_string (product, "name"));
  if (self->name == NULL)
    self->name = g_strdup (self->stripe_id);
  if (description != NULL && *description != '\0')
    self->description = g_strdup (description);
  self->is_archived = !rt_json_bool (product, "active");
  self->state = self->is_archived ? RT_STATE_ARCHIVED : RT_STATE_SYNCED;
  self->is_outside = metadata (product, RT_KEY_VERSION) == NULL;
  self->created_at = created_of (product);
  if (!self->is_outside)
    {
      read_own (self, product, prices);
      return self;
    }
  price = rt_product_find_price (product, prices, -1);
  if (price != NULL)
    {
      read_price (self, price);
      rt_product_unit_amount (price, &self->amount, &self->included);
    }
  return self;
}
