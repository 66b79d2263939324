#include "rt-money.h"

#include <glib/gi18n-lib.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WHOLE_MAJOR                                                    \
  ((gint64) 9999999999) /* 10 digits: 12 in cents, Stripe's widest amounts \
                         */

/* clang-format off */
/* Stripe's currencies (API-GUIDE §5, docs.stripe.com/currencies): exponent on the wire, and step.
 * Krónur and Ugandan shillings have no minor unit but travel as hundredths that end in 00; dinars
 * and rials have three places of which the last is 0. */
static const RtCurrency currencies[] = {
  { "aed", 2, 1 }, { "afn", 2, 1 }, { "all", 2, 1 }, { "amd", 2, 1 }, { "ang", 2, 1 },
  { "aoa", 2, 1 }, { "ars", 2, 1 }, { "aud", 2, 1 }, { "awg", 2, 1 }, { "azn", 2, 1 },
  { "bam", 2, 1 }, { "bbd", 2, 1 }, { "bdt", 2, 1 }, { "bgn", 2, 1 }, { "bhd", 3, 10 },
  { "bif", 0, 1 }, { "bmd", 2, 1 }, { "bnd", 2, 1 }, { "bob", 2, 1 }, { "brl", 2, 1 },
  { "bsd", 2, 1 }, { "bwp", 2, 1 }, { "byn", 2, 1 }, { "bzd", 2, 1 }, { "cad", 2, 1 },
  { "cdf", 2, 1 }, { "chf", 2, 1 }, { "clp", 0, 1 }, { "cny", 2, 1 }, { "cop", 2, 1 },
  { "crc", 2, 1 }, { "cve", 2, 1 }, { "czk", 2, 1 }, { "djf", 0, 1 }, { "dkk", 2, 1 },
  { "dop", 2, 1 }, { "dzd", 2, 1 }, { "egp", 2, 1 }, { "etb", 2, 1 }, { "eur", 2, 1 },
  { "fjd", 2, 1 }, { "fkp", 2, 1 }, { "gbp", 2, 1 }, { "gel", 2, 1 }, { "gip", 2, 1 },
  { "gmd", 2, 1 }, { "gnf", 0, 1 }, { "gtq", 2, 1 }, { "gyd", 2, 1 }, { "hkd", 2, 1 },
  { "hnl", 2, 1 }, { "htg", 2, 1 }, { "huf", 2, 1 }, { "idr", 2, 1 }, { "ils", 2, 1 },
  { "inr", 2, 1 }, { "isk", 2, 100 }, { "jmd", 2, 1 }, { "jod", 3, 10 }, { "jpy", 0, 1 },
  { "kes", 2, 1 }, { "kgs", 2, 1 }, { "khr", 2, 1 }, { "kmf", 0, 1 }, { "krw", 0, 1 },
  { "kwd", 3, 10 }, { "kyd", 2, 1 }, { "kzt", 2, 1 }, { "lak", 2, 1 }, { "lbp", 2, 1 },
  { "lkr", 2, 1 }, { "lrd", 2, 1 }, { "lsl", 2, 1 }, { "mad", 2, 1 }, { "mdl", 2, 1 },
  { "mga", 0, 1 }, { "mkd", 2, 1 }, { "mmk", 2, 1 }, { "mnt", 2, 1 }, { "mop", 2, 1 },
  { "mur", 2, 1 }, { "mvr", 2, 1 }, { "mwk", 2, 1 }, { "mxn", 2, 1 }, { "myr", 2, 1 },
  { "mzn", 2, 1 }, { "nad", 2, 1 }, { "ngn", 2, 1 }, { "nio", 2, 1 }, { "nok", 2, 1 },
  { "npr", 2, 1 }, { "nzd", 2, 1 }, { "omr", 3, 10 }, { "pab", 2, 1 }, { "pen", 2, 1 },
  { "pgk", 2, 1 }, { "php", 2, 1 }, { "pkr", 2, 1 }, { "pln", 2, 1 }, { "pyg", 0, 1 },
  { "qar", 2, 1 }, { "ron", 2, 1 }, { "rsd", 2, 1 }, { "rub", 2, 1 }, { "rwf", 0, 1 },
  { "sar", 2, 1 }, { "sbd", 2, 1 }, { "scr", 2, 1 }, { "sek", 2, 1 }, { "sgd", 2, 1 },
  { "shp", 2, 1 }, { "sle", 2, 1 }, { "sos", 2, 1 }, { "srd", 2, 1 }, { "std", 2, 1 },
  { "szl", 2, 1 }, { "thb", 2, 1 }, { "tjs", 2, 1 }, { "tnd", 3, 10 }, { "top", 2, 1 },
  { "try", 2, 1 }, { "ttd", 2, 1 }, { "twd", 2, 1 }, { "tzs", 2, 1 }, { "uah", 2, 1 },
  { "ugx", 2, 100 }, { "usd", 2, 1 }, { "uyu", 2, 1 }, { "uzs", 2, 1 }, { "vnd", 0, 1 },
  { "vuv", 0, 1 }, { "wst", 2, 1 }, { "xaf", 0, 1 }, { "xcd", 2, 1 }, { "xcg", 2, 1 },
  { "xof", 0, 1 }, { "xpf", 0, 1 }, { "yer", 2, 1 }, { "zar", 2, 1 }, { "zmw", 2, 1 },
};
/* clang-format on */

static int
compare_code (const void *code, const void *currency)
{
  return strcmp (code, ((const RtCurrency *) currency)->code);
}

const RtCurrency *
rt_currency_find (const char *code)
{
  char lower[4];

  if (code == NULL || strlen (code) != 3)
    return NULL;
  for (guint i = 0; i < 4; i++)
    lower[i] = g_ascii_tolower (code[i]);
  return bsearch (lower, currencies, G_N_ELEMENTS (currencies), sizeof *currencies, compare_code);
}

const RtCurrency *
rt_currency_list (guint *n_currencies)
{
  *n_currencies = G_N_ELEMENTS (currencies);
  return currencies;
}

guint
rt_currency_get_places (const RtCurrency *currency)
{
  guint places = currency->exponent;

  for (guint step = currency->step; step > 1; step /= 10)
    places--;
  return places;
}

const RtCurrency *
rt_currency_of_locale (void)
{
  char code[4];
  const RtCurrency *currency;

  g_strlcpy (code, localeconv ()->int_curr_symbol, sizeof code);
  currency = rt_currency_find (code);
  return currency != NULL ? currency : rt_currency_find ("usd");
}

gboolean
rt_money_parse (const char *text, const RtCurrency *currency, guint max_places, RtNumberStyle style,
                const char *field, RtDecimal *minor, GError **error)
{
  RtDecimal major;

  if (g_str_has_prefix (text, "-") || g_str_has_prefix (text, "\u2212"))
    {
      rt_set_error (error, RT_ERROR_INVALID, field, _ ("An amount cannot be negative."));
      return FALSE;
    }
  if (!rt_number_parse (text, style, &major))
    {
      g_autofree char *example = style == RT_NUMBER_PLAIN
                                     ? g_strdup ("49.50")
                                     : rt_number_format ((RtDecimal){ 49500000000000 }, 2, FALSE);

      rt_set_error (error, RT_ERROR_INVALID, field, _ ("Write the amount as a number such as %s."),
                    example);
      return FALSE;
    }
  if (rt_decimal_n_places (major) > max_places)
    {
      g_autofree char *code = g_ascii_strup (currency->code, -1);

      if (max_places == 0)
        rt_set_error (error, RT_ERROR_INVALID, field, _ ("%s has no decimal places."), code);
      else
        rt_set_error (error, RT_ERROR_INVALID, field,
                      g_dngettext (GETTEXT_PACKAGE, "An amount in %s has at most %u decimal place.",
                                   "An amount in %s has at most %u decimal places.", max_places),
                      code, max_places);
      return FALSE;
    }
  if (rt_decimal_compare (major, rt_decimal_from_int (MAX_WHOLE_MAJOR)) > 0
      || !rt_decimal_shift (major, currency->exponent, minor))
    {
      rt_set_error (error, RT_ERROR_INVALID, field, _ ("That amount is too large for Stripe."));
      return FALSE;
    }
  return TRUE;
}

/* Major units: exact, as 14 places of a minor unit are never in use (12 is the most one can type).
 */
static RtDecimal
to_major (RtDecimal minor, const RtCurrency *currency)
{
  RtDecimal major;

  if (!rt_decimal_shift (minor, -(int) currency->exponent, &major))
    {
      guint divisor = 1;

      for (guint i = 0; i < currency->exponent; i++)
        divisor *= 10;
      major = rt_decimal_divide (minor, divisor);
    }
  return major;
}

char *
rt_money_to_plain (RtDecimal minor, const RtCurrency *currency)
{
  return rt_decimal_format (to_major (minor, currency), rt_currency_get_places (currency));
}

char *
rt_money_to_edit (RtDecimal minor, const RtCurrency *currency)
{
  return rt_number_format (to_major (minor, currency), rt_currency_get_places (currency), FALSE);
}

/* Only the signs that are not shared by several currencies of Stripe's list, and the dollar, which
 * means the US one for the others are written with their code. */
static char *
dup_symbol (const RtCurrency *currency)
{
  static const char *const symbols[][2] = { { "usd", "$" }, { "eur", "€" }, { "gbp", "£" } };

  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (g_str_equal (symbols[i][0], currency->code))
      return g_strdup (symbols[i][1]);
  return g_ascii_strup (currency->code, -1);
}

char *
rt_money_to_text (RtDecimal minor, const RtCurrency *currency)
{
  const struct lconv *locale = localeconv ();
  g_autofree char *symbol = dup_symbol (currency);
  g_autofree char *number
      = rt_number_format (to_major (minor, currency), rt_currency_get_places (currency), TRUE);
  gboolean is_first = locale->p_cs_precedes != 0; /* CHAR_MAX in the C locale: first, as in $49 */
  gboolean has_space = g_ascii_isalpha (*symbol)
                       || (locale->p_sep_by_space != 0 && locale->p_sep_by_space != CHAR_MAX);

  return g_strconcat (is_first ? symbol : number, has_space ? "\u00a0" : "",
                      is_first ? number : symbol, NULL);
}

RtDecimal
rt_money_per_second (RtDecimal per_minute)
{
  return rt_decimal_divide (per_minute, 60);
}
