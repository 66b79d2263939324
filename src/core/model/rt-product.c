#include "rt-product.h"

#include <glib/gi18n-lib.h>

#define MAX_NAME 250
#define MAX_DESCRIPTION 40000
#define MAX_INCLUDED ((gint64) 1000000000000)

RtProduct *
rt_product_new (void)
{
  RtProduct *self = g_atomic_rc_box_new0 (RtProduct);

  self->id = g_strdup ("");
  self->name = g_strdup ("");
  self->n_periods = 1;
  self->period = RT_PERIOD_MONTH;
  return self;
}

RtProduct *
rt_product_ref (RtProduct *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
product_clear (gpointer data)
{
  RtProduct *self = data;

  g_free (self->id);
  g_free (self->stripe_id);
  g_free (self->name);
  g_free (self->description);
}

void
rt_product_unref (RtProduct *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, product_clear);
}

/* The fields that stay as they are once the product exists. */
static void
check_fixed (const RtDraft *draft, const RtProduct *self, const RtProduct *before,
             GPtrArray *problems)
{
  const char *message = _ ("This cannot change once the product exists. Create another product.");

  if (self->model != before->model)
    rt_draft_problem (problems, "model", "%s", message);
  if (self->currency != NULL && self->currency != before->currency)
    rt_draft_problem (problems, "currency", "%s", message);
  if (self->period != before->period)
    rt_draft_problem (problems, "period", "%s", message);
  if (self->tax != before->tax)
    rt_draft_problem (problems, "tax", "%s", message);
  if (self->metric != before->metric)
    rt_draft_problem (problems, "metric", "%s", message);
}

/* Until something of it was sent, everything about it can still be another. */
static gboolean
is_open (const RtProduct *self)
{
  return self->stripe_id == NULL
         && (self->state == RT_STATE_QUEUED || self->state == RT_STATE_REJECTED);
}

static gboolean
is_typed (const RtDraft *draft, const char *field)
{
  const char *text = rt_draft_get (draft, field);

  return text != NULL && *text != '\0';
}

/* What a form begins with; also what "was not touched" means for a new product. */
static const RtProduct blank = {
  .model = RT_MODEL_BASE,
  .period = RT_PERIOD_MONTH,
  .tax = RT_TAX_EXCLUSIVE,
  .metric = RT_METRIC_NONE,
  .included = -1,
};

static void
read_included (RtProduct *self, const RtDraft *draft, const RtProduct *old, GPtrArray *problems)
{
  self->included = rt_draft_read_count (draft, "included", old->has_overage ? old->included : -1,
                                        MAX_INCLUDED, problems);
  if (self->included < 0 && !is_typed (draft, "included"))
    rt_draft_problem (problems, "included", _ ("Say how many units the fee includes, 0 for none."));
}

static void
read_usage (RtProduct *self, const RtDraft *draft, const RtProduct *before, GPtrArray *problems)
{
  const RtProduct *old = before != NULL ? before : &blank;
  gboolean is_fixed = before != NULL && !is_open (before);
  gboolean has_overage = is_typed (draft, "overage");
  gboolean has_any = has_overage || is_typed (draft, "included");
  const char *field = has_overage ? "overage" : "included";
  gboolean has_usage = is_fixed ? old->has_overage : has_any || self->metric != RT_METRIC_NONE;

  if (has_any && self->model != RT_MODEL_BASE)
    rt_draft_problem (problems, field,
                      _ ("Only a product with a base fee has included usage and overage."));
  else if (has_any && !has_usage)
    rt_draft_problem (problems, field,
                      _ ("This product has no usage. Create another product for that."));
  if (!has_usage || self->model != RT_MODEL_BASE)
    return;
  self->has_overage = TRUE;
  read_included (self, draft, old, problems);
  self->overage
      = rt_draft_read_money (draft, "overage", self->currency, old->overage, TRUE, problems);
}

/* What belongs to the product itself and not to its form. */
static void
copy_identity (RtProduct *self, const RtProduct *before)
{
  g_free (self->id);
  self->id = g_strdup (before->id);
  self->stripe_id = g_strdup (before->stripe_id);
  self->is_archived = before->is_archived;
  self->created_at = before->created_at;
}

static void
check_metric (const RtProduct *self, GPtrArray *problems)
{
  if ((self->model == RT_MODEL_USAGE || self->has_overage) && self->metric == RT_METRIC_NONE)
    rt_draft_problem (problems, "metric", _ ("Choose what is counted."));
  if (self->model == RT_MODEL_ONE_TIME && self->metric != RT_METRIC_NONE)
    rt_draft_problem (problems, "metric", _ ("A one-time product counts no usage."));
}

RtProduct *
rt_product_from_draft (const RtDraft *draft, const RtProduct *before, GPtrArray *problems)
{
  g_autoptr (RtProduct) self = rt_product_new ();
  const RtProduct *old = before != NULL ? before : &blank;
  guint n_before = problems->len;

  if (before != NULL)
    copy_identity (self, before);
  g_free (self->name);
  self->name = rt_draft_read_text (draft, "name", old->name, MAX_NAME, TRUE, problems);
  self->description = rt_draft_read_text (draft, "description", old->description, MAX_DESCRIPTION,
                                          FALSE, problems);
  self->model
      = (RtModel) rt_draft_read_term (draft, "model", RT_TERM_MODEL, (int) old->model, problems);
  self->currency = rt_draft_read_currency (draft, "currency", old->currency, problems);
  self->period = (RtPeriod) rt_draft_read_term (draft, "period", RT_TERM_PERIOD, (int) old->period,
                                                problems);
  self->tax = (RtTax) rt_draft_read_term (draft, "tax", RT_TERM_TAX, (int) old->tax, problems);
  self->metric = (RtMetric) rt_draft_read_term (draft, "metric", RT_TERM_METRIC, (int) old->metric,
                                                problems);
  self->amount = rt_draft_read_money (draft, "amount", self->currency, old->amount,
                                      self->model == RT_MODEL_USAGE, problems);
  read_usage (self, draft, before, problems);
  check_metric (self, problems);
  if (before != NULL && !is_open (before))
    check_fixed (draft, self, before, problems);
  else if (before == NULL && self->tax == RT_TAX_UNSPECIFIED)
    rt_draft_problem (problems, "tax", _ ("Choose whether the price includes tax."));
  return problems->len == n_before ? g_steal_pointer (&self) : NULL;
}

RtDraft *
rt_product_to_draft (const RtProduct *self, RtNumberStyle style)
{
  RtDraft *draft = rt_draft_new (style);
  g_autoptr (JsonObject) before = rt_product_to_json (self);
  char *(*to_text) (RtDecimal, const RtCurrency *)
      = style == RT_NUMBER_LOCALE ? rt_money_to_edit : rt_money_to_plain;

  rt_draft_set (draft, "name", self->name);
  rt_draft_set (draft, "description", self->description != NULL ? self->description : "");
  rt_draft_set (draft, "model", rt_term_to_nick (RT_TERM_MODEL, self->model));
  rt_draft_set (draft, "period", rt_term_to_nick (RT_TERM_PERIOD, self->period));
  rt_draft_set (draft, "tax", rt_term_to_nick (RT_TERM_TAX, self->tax));
  rt_draft_set (draft, "metric", rt_term_to_nick (RT_TERM_METRIC, self->metric));
  if (self->currency != NULL)
    {
      g_autofree char *amount = to_text (self->amount, self->currency);

      rt_draft_set (draft, "currency", self->currency->code);
      rt_draft_set (draft, "amount", amount);
    }
  if (self->has_overage)
    {
      g_autofree char *overage = to_text (self->overage, self->currency);
      g_autofree char *included = g_strdup_printf ("%" G_GINT64_FORMAT, self->included);

      rt_draft_set (draft, "included", included);
      rt_draft_set (draft, "overage", overage);
    }
  rt_draft_set_before (draft, before);
  return draft;
}

JsonObject *
rt_product_to_json (const RtProduct *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *amount
      = self->currency != NULL ? rt_money_to_plain (self->amount, self->currency) : NULL;
  g_autofree char *overage
      = self->has_overage ? rt_money_to_plain (self->overage, self->currency) : NULL;

  json_object_set_string_member (object, "id", self->id);
  rt_json_set_string (object, "stripe_id", self->stripe_id);
  json_object_set_string_member (object, "state", rt_term_to_nick (RT_TERM_STATE, self->state));
  json_object_set_string_member (object, "name", self->name);
  rt_json_set_string (object, "description", self->description);
  json_object_set_string_member (object, "model", rt_term_to_nick (RT_TERM_MODEL, self->model));
  rt_json_set_string (object, "amount", amount);
  rt_json_set_string (object, "currency", self->currency != NULL ? self->currency->code : NULL);
  rt_json_set_string (object, "period",
                      self->model != RT_MODEL_ONE_TIME
                          ? rt_term_to_nick (RT_TERM_PERIOD, self->period)
                          : NULL);
  json_object_set_int_member (object, "period_count", self->n_periods);
  json_object_set_string_member (object, "tax", rt_term_to_nick (RT_TERM_TAX, self->tax));
  rt_json_set_string (object, "metric", rt_term_to_nick (RT_TERM_METRIC, self->metric));
  if (self->has_overage)
    json_object_set_int_member (object, "included", self->included);
  else
    json_object_set_null_member (object, "included");
  rt_json_set_string (object, "overage", overage);
  json_object_set_boolean_member (object, "archived", self->is_archived);
  json_object_set_boolean_member (object, "outside", self->is_outside);
  json_object_set_int_member (object, "created", self->created_at);
  return object;
}

static void
replace_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static int
read_term (JsonObject *object, const char *name, RtTerm term, int fallback)
{
  int value = rt_term_from_nick (term, rt_json_string (object, name));

  return value >= 0 ? value : fallback;
}

static RtDecimal
read_money (JsonObject *object, const char *name, const RtCurrency *currency)
{
  RtDecimal major = { 0 };

  if (currency != NULL && rt_json_decimal (object, name, 0, &major))
    rt_decimal_shift (major, currency->exponent, &major);
  return major;
}

RtProduct *
rt_product_from_json (JsonObject *object)
{
  RtProduct *self = rt_product_new ();
  gint64 n_periods = 1;

  replace_text (&self->id, rt_json_string (object, "id"));
  replace_text (&self->stripe_id, rt_json_string (object, "stripe_id"));
  replace_text (&self->name, rt_json_string (object, "name"));
  replace_text (&self->description, rt_json_string (object, "description"));
  self->state = (RtState) read_term (object, "state", RT_TERM_STATE, RT_STATE_SYNCED);
  self->model = (RtModel) read_term (object, "model", RT_TERM_MODEL, RT_MODEL_BASE);
  self->currency = rt_currency_find (rt_json_string (object, "currency"));
  self->amount = read_money (object, "amount", self->currency);
  self->period = (RtPeriod) read_term (object, "period", RT_TERM_PERIOD, RT_PERIOD_MONTH);
  if (rt_json_int (object, "period_count", &n_periods))
    self->n_periods = (guint) n_periods;
  self->tax = (RtTax) read_term (object, "tax", RT_TERM_TAX, RT_TAX_UNSPECIFIED);
  self->metric = (RtMetric) read_term (object, "metric", RT_TERM_METRIC, RT_METRIC_NONE);
  self->has_overage = rt_json_int (object, "included", &self->included);
  self->overage = read_money (object, "overage", self->currency);
  self->is_archived = rt_json_bool (object, "archived");
  self->is_outside = rt_json_bool (object, "outside");
  rt_json_int (object, "created", &self->created_at);
  return self;
}

static char *
price_every (const RtProduct *self, const char *amount)
{
  guint n = self->n_periods;

  switch (self->period)
    {
    case RT_PERIOD_DAY:
      return g_strdup_printf (ngettext ("%s every %u day", "%s every %u days", n), amount, n);
    case RT_PERIOD_WEEK:
      return g_strdup_printf (ngettext ("%s every %u week", "%s every %u weeks", n), amount, n);
    case RT_PERIOD_YEAR:
      return g_strdup_printf (ngettext ("%s every %u year", "%s every %u years", n), amount, n);
    case RT_PERIOD_MONTH:
    default:
      return g_strdup_printf (ngettext ("%s every %u month", "%s every %u months", n), amount, n);
    }
}

static char *
price_per_period (const RtProduct *self, const char *amount)
{
  if (self->n_periods != 1)
    return price_every (self, amount);
  switch (self->period)
    {
    case RT_PERIOD_DAY:
      return g_strdup_printf (_ ("%s a day"), amount);
    case RT_PERIOD_WEEK:
      return g_strdup_printf (_ ("%s a week"), amount);
    case RT_PERIOD_YEAR:
      return g_strdup_printf (_ ("%s a year"), amount);
    case RT_PERIOD_MONTH:
    default:
      return g_strdup_printf (_ ("%s a month"), amount);
    }
}

static char *
price_per_unit (RtMetric metric, const char *price)
{
  switch (metric)
    {
    case RT_METRIC_INTERACTIONS:
      return g_strdup_printf (_ ("%s an interaction"), price);
    case RT_METRIC_MINUTES:
      return g_strdup_printf (_ ("%s a minute"), price);
    case RT_METRIC_CONVERSATIONS:
      return g_strdup_printf (_ ("%s a conversation"), price);
    case RT_METRIC_VALUE:
      return g_strdup_printf (_ ("%s for each conversation that meets its goal"), price);
    case RT_METRIC_NONE:
      break;
    }
  return g_strdup_printf (_ ("%s a unit"), price);
}

static char *
included_units (RtMetric metric, gint64 included)
{
  g_autofree char *number = rt_number_format (rt_decimal_from_int (included), 0, TRUE);
  gulong n = (gulong) included;

  switch (metric)
    {
    case RT_METRIC_INTERACTIONS:
      return g_strdup_printf (ngettext ("%s interaction included", "%s interactions included", n),
                              number);
    case RT_METRIC_MINUTES:
      return g_strdup_printf (ngettext ("%s minute included", "%s minutes included", n), number);
    case RT_METRIC_CONVERSATIONS:
      return g_strdup_printf (ngettext ("%s conversation included", "%s conversations included", n),
                              number);
    case RT_METRIC_VALUE:
    case RT_METRIC_NONE:
      break;
    }
  return g_strdup_printf (ngettext ("%s success included", "%s successes included", n), number);
}

char *
rt_product_to_sentence (const RtProduct *self)
{
  g_autofree char *amount = NULL;
  g_autofree char *overage = NULL;
  g_autofree char *fee = NULL;
  g_autofree char *per_unit = NULL;
  g_autofree char *included = NULL;

  if (self->currency == NULL)
    return g_strdup (_ ("No price"));
  amount = rt_money_to_text (self->amount, self->currency);
  if (self->model == RT_MODEL_ONE_TIME)
    return g_strdup_printf (_ ("%s once"), amount);
  if (self->model == RT_MODEL_USAGE)
    {
      per_unit = price_per_unit (self->metric, amount);
      /* Translators: %s is a price such as "$0.05 a minute" */
      return g_strdup_printf (_ ("%s, billed at the end of each period"), per_unit);
    }
  fee = price_per_period (self, amount);
  if (!self->has_overage)
    return g_steal_pointer (&fee);
  overage = rt_money_to_text (self->overage, self->currency);
  per_unit = price_per_unit (self->metric, overage);
  if (self->included == 0)
    /* Translators: a fee such as "$25.00 a month" and a price such as "$0.05 a minute" */
    return g_strdup_printf (_ ("%s, plus %s"), fee, per_unit);
  included = included_units (self->metric, self->included);
  /* Translators: "$25.00 a month", "1,000 minutes included", "$0.05 a minute" */
  return g_strdup_printf (_ ("%s, %s, then %s"), fee, included, per_unit);
}
