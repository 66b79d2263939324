/* Amounts and counts as typed: what is accepted is shown as it was meant. */

#include "fuzz.h"
#include "rt-money.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  guint n_currencies;
  const RtCurrency *currencies = rt_currency_list (&n_currencies);
  const RtCurrency *currency = &currencies[size % n_currencies];

  for (guint places = 0; places <= 12; places += 6)
    for (int style = RT_NUMBER_PLAIN; style <= RT_NUMBER_LOCALE; style++)
      {
        RtDecimal minor, again;
        g_autofree char *plain = NULL;

        if (!rt_money_parse (text, currency, places, (RtNumberStyle) style, NULL, &minor, NULL))
          continue;
        plain = rt_money_to_plain (minor, currency);
        g_assert_true (rt_money_parse (plain, currency, 12, RT_NUMBER_PLAIN, NULL, &again, NULL));
        g_assert_cmpint (rt_decimal_compare (minor, again), ==, 0);
        g_assert_cmpint (rt_decimal_compare (minor, (RtDecimal){ 0 }), >=, 0);
      }
  return 0;
}
