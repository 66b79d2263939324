#include <locale.h>

#include "rt-country.h"

static void
test_list (void)
{
  guint n_countries;
  const RtCountry *countries = rt_country_list (&n_countries);

  g_assert_cmpuint (n_countries, ==, 249);
  for (guint i = 0; i < n_countries; i++)
    {
      g_test_message ("%s %s", countries[i].code, countries[i].name);
      g_assert_true (rt_country_find (countries[i].code) == &countries[i]);
      g_assert_true (g_utf8_validate (countries[i].name, -1, NULL));
      g_assert_true (i == 0 || strcmp (countries[i - 1].code, countries[i].code) < 0);
    }
}

static void
test_find (void)
{
  static const char *const none[] = { "", "D", "DEU", "XX", "D\xc3\x89", "  ", "1A", NULL };

  g_assert_cmpstr (rt_country_find ("de")->code, ==, "DE");
  g_assert_cmpstr (rt_country_find ("dE")->name, ==, "Germany");
  g_assert_null (rt_country_find (NULL));
  for (guint i = 0; none[i] != NULL; i++)
    g_assert_null (rt_country_find (none[i]));
}

static void
test_name (void)
{
  g_assert_cmpstr (rt_country_get_name ("DE"), ==, "Germany");
  g_assert_cmpstr (rt_country_get_name ("BO"), ==, "Bolivia");
  g_test_message ("Stripe knows countries that ISO does not");
  g_assert_cmpstr (rt_country_get_name ("XK"), ==, "XK");
  g_assert_null (rt_country_get_name (NULL));
}

static void
test_read (void)
{
  static const struct
  {
    const char *typed;
    const char *fallback;
    const char *code;
    gboolean is_good;
  } cases[] = {
    { NULL, NULL, NULL, TRUE },       { NULL, "DE", "DE", TRUE }, { "", "DE", NULL, TRUE },
    { "at", "DE", "AT", TRUE },       { "XK", "XK", "XK", TRUE }, { "XK", "DE", "DE", FALSE },
    { "Germany", NULL, NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
      g_autoptr (GPtrArray) problems = rt_draft_problems_new ();

      rt_draft_set (draft, "country", cases[i].typed);
      g_assert_cmpstr (rt_country_read (draft, "country", cases[i].fallback, problems), ==,
                       cases[i].code);
      g_assert_cmpuint (problems->len, ==, cases[i].is_good ? 0 : 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/country/list", test_list);
  g_test_add_func ("/country/find", test_find);
  g_test_add_func ("/country/name", test_name);
  g_test_add_func ("/country/read", test_read);
  return g_test_run ();
}
