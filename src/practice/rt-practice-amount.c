#include "rt-practice-amount.h"

#include <string.h>

#include "rt-decimal.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"

/* 12 digits: the longest amount that Stripe documents. */
#define MAX_AMOUNT G_GINT64_CONSTANT (999999999999)

static const char currencies[]
    = " aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn"
      " bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd"
      " gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt"
      " lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn myr mzn nad ngn nio nok"
      " npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sll"
      " sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof"
      " xpf yer zar zmw ";

static gboolean
is_listed (const char *list, const char *currency)
{
  char padded[6];

  if (strlen (currency) != 3)
    return FALSE;
  g_snprintf (padded, sizeof padded, " %s ", currency);
  return strstr (list, padded) != NULL;
}

gboolean
rt_practice_amount_check_currency (const char *currency, const char *param, GError **error)
{
  if (is_listed (currencies, currency))
    return TRUE;
  rt_practice_refuse (error, 400, NULL, param,
                      "Invalid currency: %s. Stripe uses lower-case three-letter ISO codes",
                      currency);
  return FALSE;
}

gboolean
rt_practice_amount_check (gint64 amount, const char *currency, const char *param, GError **error)
{
  gint64 step = is_listed (" bhd jod kwd omr tnd ", currency) ? 10 : 1;

  if (is_listed (" isk ugx ", currency))
    step = 100;
  if (amount < 0)
    rt_practice_refuse (error, 400, "parameter_invalid_integer", param,
                        "This value must be greater than or equal to 0.");
  else if (amount > MAX_AMOUNT)
    rt_practice_refuse (error, 400, "amount_too_large", param,
                        "Amount must be no more than %" G_GINT64_FORMAT, MAX_AMOUNT);
  else if (amount % step != 0)
    rt_practice_refuse (error, 400, NULL, param,
                        "Invalid amount in %s: must be a multiple of %" G_GINT64_FORMAT, currency,
                        step);
  else
    return TRUE;
  return FALSE;
}

static gboolean
set_decimal (JsonObject *object, const char *stem, const char *name, const char *text,
             const char *param, GError **error)
{
  g_autofree char *canonical = NULL;
  RtDecimal value;
  gint64 whole;

  if (!rt_decimal_parse (text, &value) || value.scaled < 0
      || rt_decimal_compare (value, rt_decimal_from_int (MAX_AMOUNT)) > 0)
    {
      rt_practice_refuse (error, 400, NULL, param,
                          "This value must be greater than or equal to 0 and at most "
                          "%" G_GINT64_FORMAT ".",
                          MAX_AMOUNT);
      return FALSE;
    }
  canonical = rt_decimal_format (value, 0);
  json_object_set_string_member (object, name, canonical);
  if (rt_decimal_to_int (value, &whole))
    json_object_set_int_member (object, stem, whole);
  else
    json_object_set_null_member (object, stem);
  return TRUE;
}

gboolean
rt_practice_amount_set (JsonObject *object, JsonObject *params, const char *stem,
                        const char *currency, const char *param, GError **error)
{
  g_autofree char *name = g_strconcat (stem, "_decimal", NULL);
  const char *decimal = rt_practice_json_string (params, name);
  g_autofree char *text = NULL;
  gint64 amount;

  if (json_object_has_member (params, stem) && decimal != NULL)
    {
      rt_practice_refuse (error, 400, "parameters_exclusive", param,
                          "You may only specify one of these parameters: %s, %s.", stem, name);
      return FALSE;
    }
  if (decimal != NULL)
    return set_decimal (object, stem, name, decimal, param, error);
  if (!json_object_has_member (params, stem))
    {
      json_object_set_null_member (object, stem);
      json_object_set_null_member (object, name);
      return TRUE;
    }
  amount = rt_practice_json_int (params, stem, 0);
  text = g_strdup_printf ("%" G_GINT64_FORMAT, amount);
  json_object_set_int_member (object, stem, amount);
  json_object_set_string_member (object, name, text);
  return rt_practice_amount_check (amount, currency, param, error);
}
