#include "rt-number.h"

#include <locale.h>
#include <string.h>

/* Some locales group with a no-break space that nobody can type: a plain one means the same. */
static gsize
skip_separator (const char *at, const char *separator)
{
  static const char *const spaces[] = { " ", "\u00a0", "\u202f", "\u2009" };
  gboolean is_space = FALSE;

  if (*separator == '\0')
    return 0;
  if (g_str_has_prefix (at, separator))
    return strlen (separator);
  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    is_space = is_space || g_str_equal (separator, spaces[i]);
  for (guint i = 0; is_space && i < G_N_ELEMENTS (spaces); i++)
    if (g_str_has_prefix (at, spaces[i]))
      return strlen (spaces[i]);
  return 0;
}

/* Copies @text to @plain with the locale's separators taken out and its point made a `.`. */
static gboolean
make_plain (const char *text, const char *point, const char *separator, GString *plain)
{
  gboolean is_grouped = FALSE, in_fraction = FALSE;
  guint n_digits = 0;
  gsize skip;

  while (*text != '\0')
    {
      if (g_ascii_isdigit (*text))
        {
          g_string_append_c (plain, *text++);
          n_digits++;
        }
      else if (!in_fraction && *point != '\0' && g_str_has_prefix (text, point))
        {
          if (is_grouped && n_digits != 3)
            return FALSE;
          in_fraction = TRUE;
          g_string_append_c (plain, '.');
          text += strlen (point);
        }
      else if (!in_fraction && (skip = skip_separator (text, separator)) > 0)
        {
          if (is_grouped ? n_digits != 3 : n_digits == 0 || n_digits > 3)
            return FALSE;
          is_grouped = TRUE;
          n_digits = 0;
          text += skip;
        }
      else
        {
          return FALSE;
        }
    }
  return in_fraction || !is_grouped || n_digits == 3;
}

gboolean
rt_number_parse (const char *text, RtNumberStyle style, RtDecimal *value)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autoptr (GString) plain = g_string_new (NULL);
  const struct lconv *locale = localeconv ();
  gboolean is_number;

  if (style == RT_NUMBER_PLAIN)
    is_number = make_plain (trimmed, ".", "", plain);
  else
    is_number = make_plain (trimmed, locale->decimal_point, locale->thousands_sep, plain);
  return is_number && plain->str[0] != '.' && !g_str_has_suffix (plain->str, ".")
         && rt_decimal_parse (plain->str, value);
}

char *
rt_number_format (RtDecimal value, guint min_places, gboolean is_grouped)
{
  const struct lconv *locale = localeconv ();
  g_autofree char *plain = rt_decimal_format (value, min_places);
  const char *digits = plain + (*plain == '-');
  gsize n_whole = strspn (digits, "0123456789");
  GString *text = g_string_new (*plain == '-' ? "\u2212" : NULL);

  for (gsize i = 0; i < n_whole; i++)
    {
      if (is_grouped && i > 0 && (n_whole - i) % 3 == 0)
        g_string_append (text, locale->thousands_sep);
      g_string_append_c (text, digits[i]);
    }
  if (digits[n_whole] == '.')
    {
      g_string_append (text, locale->decimal_point);
      g_string_append (text, digits + n_whole + 1);
    }
  return g_string_free (text, FALSE);
}
