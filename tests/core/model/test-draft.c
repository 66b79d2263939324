/* What people type: judged field by field, nothing invented, nothing lost. */

#include "rt-draft.h"

#include <string.h>

#include "rt-term.h"

static void
assert_problem (GPtrArray *problems, const char *field)
{
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_error ((GError *) g_ptr_array_index (problems, 0), RT_ERROR, RT_ERROR_INVALID);
  g_assert_cmpstr (rt_error_get_field (g_ptr_array_index (problems, 0)), ==, field);
}

static void
test_text (void)
{
  g_autofree char *long_text = g_strnfill (2 * 1024 * 1024, 'x');
  const struct
  {
    const char *typed;
    gboolean is_good;
  } rows[] = {
    { "Voice Basic", TRUE },
    { "  padded ", TRUE },
    { "Grüße 🙂 \u200fعربي", TRUE },
    { "", FALSE },
    { "   ", FALSE },
    { "a\nb", FALSE },
    { "a\x07", FALSE },
    { "a\u202eb", FALSE },
    { "a\u2066b", FALSE },
    { "a\xc2\x85"
      "b",
      FALSE },
    { "\xff\xfe", FALSE },
    { "12345678901", FALSE },
    { long_text, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
      g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
      guint max = i == 11 ? 10 : 250;
      g_autofree char *text = NULL;

      g_test_message ("row %u", i);
      rt_draft_set (draft, "name", rows[i].typed);
      text = rt_draft_read_text (draft, "name", NULL, max, TRUE, problems);
      if (rows[i].is_good)
        {
          g_autofree char *trimmed = g_strstrip (g_strdup (rows[i].typed));

          g_assert_cmpuint (problems->len, ==, 0);
          g_assert_cmpstr (text, ==, trimmed);
        }
      else
        {
          assert_problem (problems, "name");
        }
    }
}

static void
test_text_fallback (void)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autofree char *kept = rt_draft_read_text (draft, "name", "before", 10, TRUE, problems);
  g_autofree char *lines = NULL;
  g_autofree char *cleared = NULL;

  g_assert_cmpstr (kept, ==, "before");
  rt_draft_set (draft, "description", "one\ntwo\tthree");
  lines = rt_draft_read_text (draft, "description", NULL, 40000, FALSE, problems);
  g_assert_cmpstr (lines, ==, "one\ntwo\tthree");
  rt_draft_set (draft, "description", "");
  cleared = rt_draft_read_text (draft, "description", "before", 40000, FALSE, problems);
  g_assert_null (cleared);
  g_assert_cmpuint (problems->len, ==, 0);
}

static void
test_count (void)
{
  static const struct
  {
    const char *typed;
    gint64 expected; /* -1: refused */
  } rows[] = { { "0", 0 },    { "1000", 1000 }, { "1000000", 1000000 }, { "1000001", -1 },
               { "1.5", -1 }, { "-1", -1 },     { "1e3", -1 },          { "x", -1 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
      g_autoptr (GPtrArray) problems = rt_draft_problems_new ();

      rt_draft_set (draft, "included", rows[i].typed);
      g_assert_cmpint (rt_draft_read_count (draft, "included", -1, 1000000, problems), ==,
                       rows[i].expected);
      g_assert_cmpuint (problems->len, ==, rows[i].expected < 0 ? 1 : 0);
    }
}

static void
test_json (void)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_LOCALE);
  g_autoptr (RtDraft) back = NULL;
  g_autofree char *json = NULL;

  g_assert_true (rt_draft_is_empty (draft));
  rt_draft_set (draft, "name", "half „typed“ \\ \"");
  rt_draft_set (draft, "amount", "12,");
  rt_draft_set (draft, "gone", "x");
  rt_draft_set (draft, "gone", NULL);
  g_assert_false (rt_draft_is_empty (draft));
  json = rt_draft_to_json (draft);
  back = rt_draft_from_json (json, RT_NUMBER_LOCALE);
  g_assert_cmpstr (rt_draft_get (back, "name"), ==, "half „typed“ \\ \"");
  g_assert_cmpstr (rt_draft_get (back, "amount"), ==, "12,");
  g_assert_null (rt_draft_get (back, "gone"));
  g_assert_cmpint (rt_draft_get_style (back), ==, RT_NUMBER_LOCALE);
  g_assert_null (rt_draft_from_json ("not json", RT_NUMBER_PLAIN));
}

static void
test_term_and_currency (void)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();

  g_assert_cmpint (rt_draft_read_term (draft, "period", RT_TERM_PERIOD, RT_PERIOD_YEAR, problems),
                   ==, RT_PERIOD_YEAR);
  rt_draft_set (draft, "period", "week");
  g_assert_cmpint (rt_draft_read_term (draft, "period", RT_TERM_PERIOD, RT_PERIOD_YEAR, problems),
                   ==, RT_PERIOD_WEEK);
  g_assert_cmpuint (problems->len, ==, 0);
  rt_draft_set (draft, "period", "fortnight");
  rt_draft_read_term (draft, "period", RT_TERM_PERIOD, RT_PERIOD_YEAR, problems);
  assert_problem (problems, "period");
  g_assert_nonnull (
      strstr (((GError *) g_ptr_array_index (problems, 0))->message, "day, week, month, year"));
  g_ptr_array_set_size (problems, 0);
  g_assert_null (rt_draft_read_currency (draft, "currency", NULL, problems));
  assert_problem (problems, "currency");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draft/text", test_text);
  g_test_add_func ("/draft/text-fallback", test_text_fallback);
  g_test_add_func ("/draft/count", test_count);
  g_test_add_func ("/draft/json", test_json);
  g_test_add_func ("/draft/term-and-currency", test_term_and_currency);
  return g_test_run ();
}
