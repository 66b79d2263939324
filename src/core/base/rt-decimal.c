#include "rt-decimal.h"

#include <string.h>

#define ONE ((__int128) 1000000000000) /* 10^12 */
#define MAX_WHOLE_DIGITS 18
/* 24 digits before the point: a product of two large amounts is refused long before 128 bits end.
 */
#define LIMIT (ONE * ONE * ONE)

static gboolean
set_checked (__int128 scaled, RtDecimal *result)
{
  if (scaled <= -LIMIT || scaled >= LIMIT)
    return FALSE;
  result->scaled = scaled;
  return TRUE;
}

RtDecimal
rt_decimal_from_int (gint64 value)
{
  return (RtDecimal){ value * ONE };
}

gboolean
rt_decimal_parse (const char *text, RtDecimal *value)
{
  gboolean is_negative = *text == '-';
  const char *digits = is_negative || *text == '+' ? text + 1 : text;
  gsize n_whole = strspn (digits, "0123456789");
  const char *fraction = digits[n_whole] == '.' ? digits + n_whole + 1 : "";
  gsize n_fraction = strspn (fraction, "0123456789");
  __int128 scaled = 0;

  if (n_whole > MAX_WHOLE_DIGITS || n_fraction > RT_DECIMAL_PLACES || n_whole + n_fraction == 0)
    return FALSE;
  if (fraction[n_fraction] != '\0' || (digits[n_whole] != '\0' && digits[n_whole] != '.'))
    return FALSE;

  for (gsize i = 0; i < n_whole; i++)
    scaled = scaled * 10 + (digits[i] - '0');
  for (gsize i = 0; i < RT_DECIMAL_PLACES; i++)
    scaled = scaled * 10 + (i < n_fraction ? fraction[i] - '0' : 0);
  value->scaled = is_negative ? -scaled : scaled;
  return TRUE;
}

char *
rt_decimal_format (RtDecimal value, guint min_places)
{
  guint n_places = MAX (rt_decimal_n_places (value), MIN (min_places, RT_DECIMAL_PLACES));
  unsigned __int128 left
      = value.scaled < 0 ? -(unsigned __int128) value.scaled : (unsigned __int128) value.scaled;
  char buffer[48];
  char *end = buffer + sizeof buffer - 1;

  *end = '\0';
  for (guint place = RT_DECIMAL_PLACES; place > 0; place--)
    {
      if (place <= n_places)
        *--end = (char) ('0' + (int) (left % 10));
      left /= 10;
    }
  if (n_places > 0)
    *--end = '.';
  do
    *--end = (char) ('0' + (int) (left % 10));
  while ((left /= 10) > 0);
  if (value.scaled < 0)
    *--end = '-';
  return g_strdup (end);
}

gboolean
rt_decimal_shift (RtDecimal value, int places, RtDecimal *result)
{
  __int128 scaled = value.scaled;

  for (; places > 0; places--)
    if (scaled <= -LIMIT || scaled >= LIMIT)
      return FALSE;
    else
      scaled *= 10;
  for (; places < 0; places++)
    if (scaled % 10 != 0)
      return FALSE;
    else
      scaled /= 10;
  return set_checked (scaled, result);
}

RtDecimal
rt_decimal_divide (RtDecimal value, guint divisor)
{
  __int128 half = value.scaled < 0 ? -(__int128) divisor : (__int128) divisor;

  /* Twice the value plus the divisor, over twice the divisor: half away from zero in integers. */
  return (RtDecimal){ (value.scaled * 2 + half) / ((__int128) divisor * 2) };
}

gboolean
rt_decimal_multiply (RtDecimal value, gint64 factor, RtDecimal *result)
{
  __int128 product;

  if (__builtin_mul_overflow (value.scaled, (__int128) factor, &product))
    return FALSE;
  return set_checked (product, result);
}

gboolean
rt_decimal_to_int (RtDecimal decimal, gint64 *value)
{
  __int128 whole = decimal.scaled / ONE;

  if (decimal.scaled % ONE != 0 || whole > G_MAXINT64 || whole < G_MININT64)
    return FALSE;
  *value = (gint64) whole;
  return TRUE;
}

int
rt_decimal_compare (RtDecimal a, RtDecimal b)
{
  return (a.scaled > b.scaled) - (a.scaled < b.scaled);
}

guint
rt_decimal_n_places (RtDecimal value)
{
  guint n_places = RT_DECIMAL_PLACES;
  __int128 left = value.scaled;

  for (; n_places > 0 && left % 10 == 0; n_places--)
    left /= 10;
  return n_places;
}
