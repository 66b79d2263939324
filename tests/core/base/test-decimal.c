#include "rt-decimal.h"

static RtDecimal
decimal (const char *text)
{
  RtDecimal value = { 0 };

  g_assert_true (rt_decimal_parse (text, &value));
  return value;
}

static void
assert_is (RtDecimal value, const char *expected)
{
  g_autofree char *text = rt_decimal_format (value, 0);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_round_trip (void)
{
  static const char *const texts[] = {
    "0", "1", "-1", "0.5", "-0.000000000001", "12.345678901234", "999999999999999999.999999999999"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (i == 5)
      g_assert_false (rt_decimal_parse ("12.3456789012345", &(RtDecimal){ 0 }));
    else
      assert_is (decimal (texts[i]), texts[i]);
  assert_is (decimal ("+1.500"), "1.5");
  assert_is (decimal ("00012"), "12");
  assert_is (decimal ("-0"), "0");
}

static void
test_refused (void)
{
  static const char *const texts[] = { "",
                                       "-",
                                       ".",
                                       "1.2.3",
                                       "1e5",
                                       " 1",
                                       "1 ",
                                       "0x1",
                                       "1,5",
                                       "inf",
                                       "1234567890123456789",
                                       "0.1234567890123" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RtDecimal value = { 7 };

      g_assert_false (rt_decimal_parse (texts[i], &value));
      g_assert_cmpint ((int) value.scaled, ==, 7);
    }
}

static void
test_shift (void)
{
  RtDecimal value;

  g_assert_true (rt_decimal_shift (decimal ("1.23"), 2, &value));
  assert_is (value, "123");
  g_assert_true (rt_decimal_shift (decimal ("123"), -2, &value));
  assert_is (value, "1.23");
  g_assert_false (rt_decimal_shift (decimal ("0.000000000001"), -1, &value));
  g_assert_false (rt_decimal_shift (decimal ("999999999999999999"), 30, &value));
  g_assert_false (rt_decimal_shift (decimal ("-10208471"), 20, &value));
  g_assert_true (rt_decimal_shift (decimal ("-5"), 0, &value));
  assert_is (value, "-5");
}

static void
test_divide (void)
{
  assert_is (rt_decimal_divide (decimal ("1"), 3), "0.333333333333");
  assert_is (rt_decimal_divide (decimal ("2"), 3), "0.666666666667");
  assert_is (rt_decimal_divide (decimal ("-2"), 3), "-0.666666666667");
  assert_is (rt_decimal_divide (decimal ("0.000000000001"), 2), "0.000000000001");
  assert_is (rt_decimal_divide (decimal ("-0.000000000001"), 2), "-0.000000000001");
}

static void
test_multiply (void)
{
  RtDecimal value;

  g_assert_true (rt_decimal_multiply (decimal ("0.083333333333"), 30, &value));
  assert_is (value, "2.49999999999"); /* the exact half that must not be rounded up (guide §6) */
  g_assert_false (rt_decimal_multiply (decimal ("999999999999999999"), G_MAXINT64, &value));
  g_assert_false (rt_decimal_multiply (decimal ("999999999999999999"), 10000000, &value));
  g_assert_false (rt_decimal_multiply (decimal ("-999999999999999999"), 10000000, &value));
}

static void
test_to_int (void)
{
  gint64 whole = 3;

  g_assert_true (rt_decimal_to_int (rt_decimal_from_int (G_MININT64), &whole));
  g_assert_cmpint (whole, ==, G_MININT64);
  g_assert_false (rt_decimal_to_int (decimal ("0.5"), &whole));
  g_assert_cmpint (whole, ==, G_MININT64);
}

/* Wider than 64 bits: refused on either side of zero, not cut off. */
static void
test_to_int_too_wide (void)
{
  static const char *const texts[] = { "92233720368547759", "-92233720368547759" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RtDecimal value;
      gint64 whole = 3;

      g_assert_true (rt_decimal_shift (decimal (texts[i]), 2, &value));
      g_assert_false (rt_decimal_to_int (value, &whole));
      g_assert_cmpint (whole, ==, 3);
    }
}

static void
test_compare_and_places (void)
{
  g_autofree char *padded = rt_decimal_format (decimal ("1.5"), 4);

  g_assert_cmpint (rt_decimal_compare (decimal ("1"), decimal ("2")), <, 0);
  g_assert_cmpint (rt_decimal_compare (decimal ("2"), decimal ("1")), >, 0);
  g_assert_cmpint (rt_decimal_compare (decimal ("2"), decimal ("2.0")), ==, 0);
  g_assert_cmpuint (rt_decimal_n_places (decimal ("2.50")), ==, 1);
  g_assert_cmpuint (rt_decimal_n_places (decimal ("0")), ==, 0);
  g_assert_cmpstr (padded, ==, "1.5000");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decimal/round-trip", test_round_trip);
  g_test_add_func ("/decimal/refused", test_refused);
  g_test_add_func ("/decimal/shift", test_shift);
  g_test_add_func ("/decimal/divide", test_divide);
  g_test_add_func ("/decimal/multiply", test_multiply);
  g_test_add_func ("/decimal/to-int", test_to_int);
  g_test_add_func ("/decimal/to-int-too-wide", test_to_int_too_wide);
  g_test_add_func ("/decimal/compare-and-places", test_compare_and_places);
  return g_test_run ();
}
