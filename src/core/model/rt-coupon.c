#include "rt-coupon.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAME 40
#define MAX_CODE 100
#define MAX_MONTHS 36

RtCoupon *
rt_coupon_new (void)
{
  RtCoupon *self = g_atomic_rc_box_new0 (RtCoupon);

  self->id = g_strdup ("");
  self->name = g_strdup ("");
  self->code = g_strdup ("");
  return self;
}

RtCoupon *
rt_coupon_ref (RtCoupon *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
coupon_clear (gpointer data)
{
  RtCoupon *self = data;

  g_free (self->id);
  g_free (self->stripe_id);
  g_free (self->name);
  g_free (self->code);
}

void
rt_coupon_unref (RtCoupon *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, coupon_clear);
}

static void
replace_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value != NULL ? value : "");
}

static gboolean
is_typed (const RtDraft *draft, const char *field)
{
  const char *text = rt_draft_get (draft, field);

  return text != NULL && *text != '\0';
}

static void
read_percent (RtCoupon *self, const RtDraft *draft, GPtrArray *problems)
{
  const char *typed = rt_draft_get (draft, "percent");

  if (!is_typed (draft, "percent"))
    rt_draft_problem (problems, "percent", _ ("Say how much is taken off."));
  else if (!rt_number_parse (typed, rt_draft_get_style (draft), &self->percent)
           || rt_decimal_compare (self->percent, rt_decimal_from_int (100)) > 0
           || self->percent.scaled == 0)
    rt_draft_problem (problems, "percent", _ ("A percentage is more than 0 and at most 100."));
  else if (rt_decimal_n_places (self->percent) > 2)
    rt_draft_problem (problems, "percent", _ ("A percentage has at most 2 decimal places."));
}

static void
read_value (RtCoupon *self, const RtDraft *draft, GPtrArray *problems)
{
  const char *kind = rt_draft_get (draft, "kind");
  gboolean is_amount = kind != NULL ? g_str_equal (kind, "amount")
                                    : is_typed (draft, "amount") && !is_typed (draft, "percent");

  if (kind == NULL && is_typed (draft, "amount") && is_typed (draft, "percent"))
    rt_draft_problem (problems, "percent", _ ("Give a percentage or an amount, not both."));
  if (!is_amount)
    {
      read_percent (self, draft, problems);
      return;
    }
  self->currency = rt_draft_read_currency (draft, "currency", NULL, problems);
  self->amount
      = rt_draft_read_money (draft, "amount", self->currency, (RtDecimal){ 0 }, FALSE, problems);
}

static void
read_duration (RtCoupon *self, const RtDraft *draft, GPtrArray *problems)
{
  self->duration = (RtDuration) rt_draft_read_term (draft, "duration", RT_TERM_DURATION,
                                                    RT_DURATION_ONCE, problems);
  if (self->duration != RT_DURATION_MONTHS)
    return;
  self->n_months = rt_draft_read_count (draft, "months", -1, MAX_MONTHS, problems);
  if (self->n_months < 1 && (!is_typed (draft, "months") || self->n_months == 0))
    rt_draft_problem (problems, "months", _ ("Say for how many months, from 1 to %d."), MAX_MONTHS);
}

static void
read_code (RtCoupon *self, const RtDraft *draft, GPtrArray *problems)
{
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const char *typed = rt_draft_get (draft, "code");

  if (!is_typed (draft, "code"))
    return;
  if (strlen (typed) > MAX_CODE || typed[strspn (typed, allowed)] != '\0')
    rt_draft_problem (problems, "code",
                      _ ("A code has letters A–Z, digits, “-” and “_”, at most %d of them."),
                      MAX_CODE);
  else
    replace_text (&self->code, typed);
}

/* Until something of it was sent, everything about it can still be another. */
static gboolean
is_open (const RtCoupon *self)
{
  return self->stripe_id == NULL
         && (self->state == RT_STATE_QUEUED || self->state == RT_STATE_REJECTED);
}

/* Once it exists only the name can change; a form shows the rest and may hand it back unchanged. */
static gboolean
is_untouched (const RtDraft *draft, const RtCoupon *before, const char **field)
{
  static const char *const fixed[]
      = { "percent", "amount", "currency", "duration", "months", "code" };
  g_autoptr (RtDraft) same = rt_coupon_to_draft (before, rt_draft_get_style (draft));

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    if (is_typed (draft, fixed[i])
        && g_strcmp0 (rt_draft_get (draft, fixed[i]), rt_draft_get (same, fixed[i])) != 0)
      {
        *field = fixed[i];
        return FALSE;
      }
  return TRUE;
}

/* @draft, completed by what @before has where nothing was typed. */
static RtDraft *
with_untouched (const RtDraft *draft, const RtCoupon *before)
{
  static const char *const fields[]
      = { "kind", "percent", "amount", "currency", "duration", "months", "code" };
  RtDraft *whole = rt_coupon_to_draft (before, rt_draft_get_style (draft));

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (rt_draft_get (draft, fields[i]) != NULL)
      rt_draft_set (whole, fields[i], rt_draft_get (draft, fields[i]));
  return whole;
}

RtCoupon *
rt_coupon_from_draft (const RtDraft *draft, const RtCoupon *before, GPtrArray *problems)
{
  g_autoptr (RtCoupon) self = NULL;
  g_autoptr (JsonObject) json = NULL;
  guint n_before = problems->len;
  g_autofree char *name = rt_draft_read_text (draft, "name", before != NULL ? before->name : NULL,
                                              MAX_NAME, TRUE, problems);
  const char *field;

  if (before != NULL && !is_open (before))
    {
      json = rt_coupon_to_json (before);
      self = rt_coupon_from_json (json);
      if (!is_untouched (draft, before, &field))
        rt_draft_problem (problems, field,
                          _ ("Stripe lets only the name of a coupon change. Create another one."));
    }
  else
    {
      g_autoptr (RtDraft) whole = before != NULL ? with_untouched (draft, before) : NULL;

      self = rt_coupon_new ();
      if (before != NULL)
        {
          replace_text (&self->id, before->id);
          self->created_at = before->created_at;
          replace_text (&self->code, before->code);
          draft = whole;
        }
      read_value (self, draft, problems);
      read_duration (self, draft, problems);
      read_code (self, draft, problems);
    }
  replace_text (&self->name, name);
  return problems->len == n_before ? g_steal_pointer (&self) : NULL;
}

RtDraft *
rt_coupon_to_draft (const RtCoupon *self, RtNumberStyle style)
{
  RtDraft *draft = rt_draft_new (style);
  g_autoptr (JsonObject) before = rt_coupon_to_json (self);

  rt_draft_set (draft, "name", self->name);
  rt_draft_set (draft, "code", self->code);
  rt_draft_set (draft, "duration", rt_term_to_nick (RT_TERM_DURATION, self->duration));
  rt_draft_set (draft, "kind", self->currency != NULL ? "amount" : "percent");
  if (self->currency != NULL)
    {
      g_autofree char *amount = style == RT_NUMBER_LOCALE
                                    ? rt_money_to_edit (self->amount, self->currency)
                                    : rt_money_to_plain (self->amount, self->currency);

      rt_draft_set (draft, "amount", amount);
      rt_draft_set (draft, "currency", self->currency->code);
    }
  else
    {
      g_autofree char *percent = style == RT_NUMBER_LOCALE
                                     ? rt_number_format (self->percent, 0, FALSE)
                                     : rt_decimal_format (self->percent, 0);

      rt_draft_set (draft, "percent", percent);
    }
  if (self->duration == RT_DURATION_MONTHS)
    {
      g_autofree char *months = g_strdup_printf ("%" G_GINT64_FORMAT, self->n_months);

      rt_draft_set (draft, "months", months);
    }
  rt_draft_set_before (draft, before);
  return draft;
}

JsonObject *
rt_coupon_to_json (const RtCoupon *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *amount
      = self->currency != NULL ? rt_money_to_plain (self->amount, self->currency) : NULL;
  g_autofree char *percent = self->currency == NULL ? rt_decimal_format (self->percent, 0) : NULL;

  json_object_set_string_member (object, "id", self->id);
  rt_json_set_string (object, "stripe_id", self->stripe_id);
  json_object_set_string_member (object, "state", rt_term_to_nick (RT_TERM_STATE, self->state));
  json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "code", self->code);
  rt_json_set_string (object, "percent", percent);
  rt_json_set_string (object, "amount", amount);
  rt_json_set_string (object, "currency", self->currency != NULL ? self->currency->code : NULL);
  json_object_set_string_member (object, "duration",
                                 rt_term_to_nick (RT_TERM_DURATION, self->duration));
  if (self->duration == RT_DURATION_MONTHS)
    json_object_set_int_member (object, "months", self->n_months);
  else
    json_object_set_null_member (object, "months");
  json_object_set_int_member (object, "redeemed", self->n_redeemed);
  json_object_set_boolean_member (object, "archived", self->is_archived);
  json_object_set_boolean_member (object, "outside", self->is_outside);
  json_object_set_int_member (object, "created", self->created_at);
  return object;
}

RtCoupon *
rt_coupon_from_json (JsonObject *object)
{
  RtCoupon *self = rt_coupon_new ();
  int value;

  replace_text (&self->id, rt_json_string (object, "id"));
  self->stripe_id = g_strdup (rt_json_string (object, "stripe_id"));
  replace_text (&self->name, rt_json_string (object, "name"));
  replace_text (&self->code, rt_json_string (object, "code"));
  value = rt_term_from_nick (RT_TERM_STATE, rt_json_string (object, "state"));
  self->state = value >= 0 ? (RtState) value : RT_STATE_SYNCED;
  value = rt_term_from_nick (RT_TERM_DURATION, rt_json_string (object, "duration"));
  self->duration = value >= 0 ? (RtDuration) value : RT_DURATION_ONCE;
  self->currency = rt_currency_find (rt_json_string (object, "currency"));
  rt_json_decimal (object, "percent", 2, &self->percent);
  if (self->currency != NULL && rt_json_decimal (object, "amount", 0, &self->amount))
    rt_decimal_shift (self->amount, self->currency->exponent, &self->amount);
  rt_json_int (object, "months", &self->n_months);
  rt_json_int (object, "redeemed", &self->n_redeemed);
  self->is_archived = rt_json_bool (object, "archived");
  self->is_outside = rt_json_bool (object, "outside");
  rt_json_int (object, "created", &self->created_at);
  return self;
}

char *
rt_coupon_to_sentence (const RtCoupon *self)
{
  g_autofree char *number = self->currency != NULL ? rt_money_to_text (self->amount, self->currency)
                                                   : rt_number_format (self->percent, 0, TRUE);
  /* Translators: a percentage; put the sign and the space as your language does */
  g_autofree char *value
      = self->currency != NULL ? g_strdup (number) : g_strdup_printf (_ ("%s%%"), number);

  switch (self->duration)
    {
    case RT_DURATION_FOREVER:
      return g_strdup_printf (_ ("%s off every invoice"), value);
    case RT_DURATION_MONTHS:
      return g_strdup_printf (ngettext ("%s off for %d month", "%s off for %d months",
                                        (gulong) self->n_months),
                              value, (int) self->n_months);
    case RT_DURATION_ONCE:
    default:
      return g_strdup_printf (_ ("%s off the next invoice"), value);
    }
}

RtCoupon *
rt_coupon_from_stripe (JsonObject *coupon)
{
  RtCoupon *self = rt_coupon_new ();
  const char *name = rt_json_string (coupon, "name");
  JsonObject *metadata = rt_json_object (coupon, "metadata");
  int duration = rt_term_from_stripe (RT_TERM_DURATION, rt_json_string (coupon, "duration"));

  self->stripe_id = g_strdup (rt_json_string (coupon, "id"));
  replace_text (&self->code, self->stripe_id);
  replace_text (&self->name, name != NULL ? name : self->stripe_id);
  if (!rt_json_decimal (coupon, "percent_off", 2, &self->percent))
    {
      self->currency = rt_currency_find (rt_json_string (coupon, "currency"));
      rt_json_decimal (coupon, "amount_off", 0, &self->amount);
      self->amount.scaled = MAX (self->amount.scaled, 0);
    }
  if (duration >= 0)
    self->duration = (RtDuration) duration;
  rt_json_int (coupon, "duration_in_months", &self->n_months);
  rt_json_int (coupon, "times_redeemed", &self->n_redeemed);
  rt_json_int (coupon, "created", &self->created_at);
  self->is_outside = rt_json_string (metadata, "rtn_v") == NULL;
  return self;
}

static void
plan_new (GPtrArray *plan, const RtCoupon *desired)
{
  RtForm *form = rt_plan_add (plan, "POST", g_strdup ("/v1/coupons"), "coupon", desired->code);
  g_autofree char *percent = rt_decimal_format (desired->percent, 0);
  g_autofree char *amount = rt_decimal_format (desired->amount, 0);

  rt_form_add (form, "id", desired->code);
  rt_form_add (form, "name", desired->name);
  if (desired->currency != NULL)
    {
      rt_form_add (form, "amount_off", amount);
      rt_form_add (form, "currency", desired->currency->code);
    }
  else
    {
      rt_form_add (form, "percent_off", percent);
    }
  rt_form_add (form, "duration", rt_term_to_stripe (RT_TERM_DURATION, desired->duration));
  if (desired->duration == RT_DURATION_MONTHS)
    rt_form_add_int (form, "duration_in_months", desired->n_months);
  rt_form_add (form, "metadata[rtn_v]", "1");
  rt_form_add (form, "metadata[rtn_ref]", desired->id);
}

GPtrArray *
rt_coupon_plan (const RtCoupon *desired, JsonObject *coupon)
{
  GPtrArray *plan = rt_plan_new ();
  g_autofree char *escaped = g_uri_escape_string (desired->code, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/coupons/", escaped, NULL);

  if (coupon == NULL && !desired->is_archived)
    plan_new (plan, desired);
  else if (coupon != NULL && desired->is_archived)
    rt_plan_add (plan, "DELETE", g_steal_pointer (&path), "coupon", desired->code);
  else if (coupon != NULL && g_strcmp0 (rt_json_string (coupon, "name"), desired->name) != 0)
    rt_form_add (rt_plan_add (plan, "POST", g_steal_pointer (&path), "coupon", desired->code),
                 "name", desired->name);
  return plan;
}

const char *
rt_coupon_field_of (const char *param)
{
  static const char *const pairs[][2] = {
    { "id", "code" },
    { "name", "name" },
    { "percent_off", "percent" },
    { "amount_off", "amount" },
    { "currency", "currency" },
    { "duration", "duration" },
    { "duration_in_months", "months" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (g_strcmp0 (param, pairs[i][0]) == 0)
      return pairs[i][1];
  return NULL;
}
