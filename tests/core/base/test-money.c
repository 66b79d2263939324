/* Amounts: every currency, there and back, and what is refused (TRAPS F1, F2). */

#include <locale.h>
#include <string.h>

#include "rt-money.h"

static RtDecimal
parse (const char *text, const char *code, guint places)
{
  RtDecimal minor = { -1 };
  GError *error = NULL;

  g_assert_true (rt_money_parse (text, rt_currency_find (code), places, RT_NUMBER_PLAIN, "amount",
                                 &minor, &error));
  g_assert_no_error (error);
  return minor;
}

/* Typed text → wire → shown text, for every currency of the table. */
static void
test_every_currency (void)
{
  guint n_currencies;
  const RtCurrency *currencies = rt_currency_list (&n_currencies);

  g_assert_cmpuint (n_currencies, >=, 130);
  for (guint i = 0; i < n_currencies; i++)
    {
      static const char *const whole[] = { "1", "80", "999999", "1234567890" };
      guint places = rt_currency_get_places (&currencies[i]);

      g_test_message ("%s", currencies[i].code);
      if (i > 0)
        g_assert_cmpstr (currencies[i - 1].code, <, currencies[i].code);
      for (guint j = 0; j < G_N_ELEMENTS (whole); j++)
        {
          g_autofree char *fraction = g_strnfill (places, '7');
          g_autofree char *typed = g_strconcat (whole[j], places > 0 ? "." : "", fraction, NULL);
          RtDecimal minor = parse (typed, currencies[i].code, places);
          g_autofree char *shown = rt_money_to_plain (minor, &currencies[i]);
          gint64 wire;

          g_assert_cmpstr (shown, ==, typed);
          g_assert_true (rt_decimal_to_int (minor, &wire));
          g_assert_cmpint (wire % currencies[i].step, ==, 0);
        }
    }
}

static void
test_wire (void)
{
  static const struct
  {
    const char *typed, *code;
    gint64 wire;
  } rows[] = {
    { "80", "jpy", 80 },  { "80", "usd", 8000 },    { "0.01", "usd", 1 }, { "1.23", "bhd", 1230 },
    { "5", "kwd", 5000 }, { "100", "isk", 10000 },  { "7", "ugx", 700 },  { "49.50", "EUR", 4950 },
    { "1", "huf", 100 },  { "12.34", "twd", 1234 }, { "9", "krw", 9 },    { " 3 ", "gbp", 300 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const RtCurrency *currency = rt_currency_find (rows[i].code);
      gint64 wire;

      g_test_message ("%s %s", rows[i].typed, rows[i].code);
      g_assert_true (
          rt_decimal_to_int (parse (rows[i].typed, rows[i].code, rt_currency_get_places (currency)),
                             &wire));
      g_assert_cmpint (wire, ==, rows[i].wire);
    }
}

static void
test_refused (void)
{
  static const char *const rows[][2] = {
    { "", "usd" },      { "-1", "usd" },    { "\u22121", "usd" },     { "1.234", "usd" },
    { "1.5", "jpy" },   { "1.234", "kwd" }, { "1.5", "isk" },         { "1e3", "usd" },
    { "0x10", "usd" },  { "1,5", "usd" },   { "1.", "usd" },          { ".5", "usd" },
    { "1.2.3", "usd" }, { "NaN", "usd" },   { "99999999999", "usd" }, { "1 000", "usd" },
    { "$5", "usd" },    { "+1", "usd" },    { "1\n", "jpyx" },        { "٣", "usd" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const RtCurrency *currency = rt_currency_find (rows[i][1]);
      RtDecimal minor = { 42 };
      GError *error = NULL;

      if (currency == NULL)
        continue;
      g_test_message ("“%s” %s", rows[i][0], rows[i][1]);
      g_assert_false (rt_money_parse (rows[i][0], currency, rt_currency_get_places (currency),
                                      RT_NUMBER_PLAIN, "amount", &minor, &error));
      g_assert_error (error, RT_ERROR, RT_ERROR_INVALID);
      g_assert_cmpstr (rt_error_get_field (error), ==, "amount");
      g_assert_cmpint ((int) minor.scaled, ==, 42);
      g_clear_error (&error);
    }
}

static void
test_unit_prices (void)
{
  static const char *const typed[]
      = { "0.000000000001", "0.05", "0.0000000001", "1234.123456789012", "9999999999" };

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      static const char *const codes[] = { "usd", "jpy", "kwd" };

      for (guint j = 0; j < G_N_ELEMENTS (codes); j++)
        {
          g_autoptr (GString) expected = g_string_new (typed[i]);
          g_autofree char *shown
              = rt_money_to_plain (parse (typed[i], codes[j], 12), rt_currency_find (codes[j]));

          if (strchr (typed[i], '.') == NULL && j == 0)
            g_string_append (expected, ".00");
          if (strchr (typed[i], '.') == NULL && j == 2)
            g_string_append (expected, ".00");
          g_assert_cmpstr (shown, ==, expected->str);
        }
    }
}

/* 60 s → per second, rounded half up at 12 places, and how far that is from exact (guide §6). */
static void
test_per_second (void)
{
  static const char *const rows[][2] = {
    { "5", "0.083333333333" },
    { "6", "0.1" },
    { "10", "0.166666666667" },
    { "0.000000000001", "0" },
    { "0.00000000003", "0.000000000001" },
    { "0.000000000029", "0" },
    { "100", "1.666666666667" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      RtDecimal per_minute;
      g_autofree char *per_second = NULL;

      g_assert_true (rt_decimal_parse (rows[i][0], &per_minute));
      per_second = rt_decimal_format (rt_money_per_second (per_minute), 0);
      g_assert_cmpstr (per_second, ==, rows[i][1]);
    }
}

static void
assert_text (const char *typed, const char *code, const char *expected)
{
  g_autofree char *text = rt_money_to_text (parse (typed, code, 12), rt_currency_find (code));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  assert_text ("49", "usd", "$49.00");
  assert_text ("0.005", "usd", "$0.005");
  assert_text ("49", "eur", "€49.00");
  assert_text ("49", "gbp", "£49.00");
  assert_text ("5000", "jpy", "JPY\u00a05000");
  assert_text ("1.23", "bhd", "BHD\u00a01.23");
  g_assert_null (rt_currency_find ("xyz"));
  g_assert_null (rt_currency_find ("us"));
  g_assert_null (rt_currency_find (NULL));
  g_assert_cmpstr (rt_currency_of_locale ()->code, ==, "usd");
}

/* What a field shows is what was typed, to the last place that one can type. */
static void
test_edit (void)
{
  static const struct
  {
    const char *minor, *currency, *edit;
  } rows[] = {
    { "1250", "usd", "12.50" },
    { "1250", "jpy", "1250" },
    { "1250", "kwd", "1.25" },
    { "0.5", "usd", "0.005" },
    { "0.0000000001", "usd", "0.000000000001" },
    { "0.000000000001", "usd", "0.00" }, /* beyond 12 places of the major unit */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      RtDecimal minor;
      g_autofree char *edit = NULL;

      g_assert_true (rt_decimal_parse (rows[i].minor, &minor));
      edit = rt_money_to_edit (minor, rt_currency_find (rows[i].currency));
      g_assert_cmpstr (edit, ==, rows[i].edit);
    }
}

static void
assert_example (const char *example)
{
  RtDecimal minor;
  GError *error = NULL;

  g_assert_false (rt_money_parse ("much", rt_currency_find ("eur"), 2, RT_NUMBER_LOCALE, "amount",
                                  &minor, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, example));
  g_clear_error (&error);
}

static gboolean
use_locale (const char *name)
{
  if (setlocale (LC_ALL, name) != NULL)
    return TRUE;
  g_test_skip ("the locale is missing; ./check makes it");
  return FALSE;
}

/* The sign stands behind the number, and what a complaint shows as an example can be typed. */
static void
test_german (void)
{
  assert_example (" 49.50.");
  if (!use_locale ("de_DE.UTF-8"))
    return;
  assert_example (" 49,50.");
  assert_text ("1234.5", "eur", "1.234,50\u00a0€");
  assert_text ("5000", "jpy", "5.000\u00a0JPY");
  g_assert_cmpstr (rt_currency_of_locale ()->code, ==, "eur");
  setlocale (LC_ALL, "C.UTF-8");
}

/* A sign stands close before the number, a code does not. */
static void
test_english (void)
{
  if (!use_locale ("en_US.UTF-8"))
    return;
  assert_text ("1234.5", "usd", "$1,234.50");
  assert_text ("5000", "jpy", "JPY\u00a05,000");
  g_assert_cmpstr (rt_currency_of_locale ()->code, ==, "usd");
  setlocale (LC_ALL, "C.UTF-8");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/money/every-currency", test_every_currency);
  g_test_add_func ("/money/wire", test_wire);
  g_test_add_func ("/money/refused", test_refused);
  g_test_add_func ("/money/unit-prices", test_unit_prices);
  g_test_add_func ("/money/per-second", test_per_second);
  g_test_add_func ("/money/text", test_text);
  g_test_add_func ("/money/edit", test_edit);
  g_test_add_func ("/money/german", test_german);
  g_test_add_func ("/money/english", test_english);
  return g_test_run ();
}
