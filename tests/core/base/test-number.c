#include <locale.h>

#include "rt-number.h"

/* Whether @text reads as @expected, or as nothing if that is %NULL. */
static void
assert_reads (const char *text, const char *expected)
{
  RtDecimal value = { 0 };
  g_autofree char *read = NULL;

  g_test_message ("“%s”", text);
  g_assert_cmpint (rt_number_parse (text, RT_NUMBER_LOCALE, &value), ==, expected != NULL);
  if (expected == NULL)
    return;
  read = rt_decimal_format (value, 0);
  g_assert_cmpstr (read, ==, expected);
}

/* The locales are made by ./check; where one is missing the test says so and fails. */
static void
use_locale (const char *name)
{
  if (setlocale (LC_ALL, name) == NULL)
    g_error ("the locale %s is missing; ./check makes it", name);
}

static void
test_german (void)
{
  g_autofree char *text = NULL;

  use_locale ("de_DE.UTF-8");
  assert_reads ("49,50", "49.5");
  assert_reads ("1.000,50", "1000.5");
  assert_reads ("1.000", "1000");
  assert_reads ("1000", "1000");
  /* What an English reader would take for 49.50 must not become 4950. */
  assert_reads ("49.50", NULL);
  assert_reads ("1.00", NULL);
  assert_reads ("1.0000", NULL);
  assert_reads ("1,000.50", NULL);
  assert_reads (".500", NULL);
  /* A group that is too short or too long, before the comma as well as before another group. */
  assert_reads ("1.00,50", NULL);
  assert_reads ("1.00.000", NULL);
  assert_reads ("1000.000", NULL);
  assert_reads ("1 000", NULL);
  text = rt_number_format ((RtDecimal){ (__int128) 1234567500000000000 }, 2, TRUE);
  g_assert_cmpstr (text, ==, "1.234.567,50");
}

static void
test_english (void)
{
  use_locale ("en_US.UTF-8");
  assert_reads ("1,234.50", "1234.5");
  assert_reads ("49.50", "49.5");
  assert_reads ("49,50", NULL);
  assert_reads ("12,34", NULL);
  assert_reads ("1,234,567", "1234567");
  assert_reads ("1,234567", NULL);
}

/* French groups with a narrow no-break space that nobody can type. */
static void
test_french (void)
{
  use_locale ("fr_FR.UTF-8");
  assert_reads ("1 234,50", "1234.5");
  assert_reads ("1\u00a0234,50", "1234.5");
  assert_reads ("1\u202f234,50", "1234.5");
  assert_reads ("12 34", NULL);
  assert_reads ("1x234", NULL);
}

static void
test_plain (void)
{
  RtDecimal value;

  use_locale ("de_DE.UTF-8");
  g_assert_true (rt_number_parse ("1234.5", RT_NUMBER_PLAIN, &value));
  g_assert_false (rt_number_parse ("1234,5", RT_NUMBER_PLAIN, &value));
  g_assert_false (rt_number_parse ("-1", RT_NUMBER_PLAIN, &value));
}

/* A true minus sign, which a hyphen is not, and which is no part of a group of digits. */
static void
test_negative (void)
{
  g_autofree char *small = NULL;
  g_autofree char *large = NULL;

  use_locale ("en_US.UTF-8");
  small = rt_number_format ((RtDecimal){ -1500000000000 }, 2, FALSE);
  g_assert_cmpstr (small, ==, "\u22121.50");
  large = rt_number_format ((RtDecimal){ -(__int128) 123456000000000000 }, 0, TRUE);
  g_assert_cmpstr (large, ==, "\u2212123,456");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/german", test_german);
  g_test_add_func ("/number/english", test_english);
  g_test_add_func ("/number/french", test_french);
  g_test_add_func ("/number/plain", test_plain);
  g_test_add_func ("/number/negative", test_negative);
  return g_test_run ();
}
