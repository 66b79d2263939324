/* The form decoder alone, on good, bad and random text. */

#include <string.h>

#include "rt-practice-form.h"
#include "rt-practice-json.h"

static const struct
{
  const char *form;
  const char *json; /* NULL: refused */
} cases[] = {
  { "", "{}" },
  { "a=1", "{\"a\":\"1\"}" },
  { "a", "{\"a\":\"\"}" },
  { "a=", "{\"a\":\"\"}" },
  { "a=b=c", "{\"a\":\"b=c\"}" },
  { "&&a=1&", "{\"a\":\"1\"}" },
  { "a+b=c+d", "{\"a b\":\"c d\"}" },
  { "a%5Bb%5D=1", "{\"a\":{\"b\":\"1\"}}" },
  { "a[b][c]=1&a[b][d]=2", "{\"a\":{\"b\":{\"c\":\"1\",\"d\":\"2\"}}}" },
  { "a[]=1&a[]=2", "{\"a\":{\"0\":\"1\",\"1\":\"2\"}}" },
  { "a[0]=1&a[]=2", "{\"a\":{\"0\":\"1\",\"1\":\"2\"}}" },
  { "a=%E2%82%AC", "{\"a\":\"€\"}" },
  { "a=%22%5C%0A", "{\"a\":\"\\\"\\\\\\u000a\"}" },
  { "a[][b]=1", NULL },
  { "a=1&a=2", NULL },
  { "a=1&a[b]=2", NULL },
  { "a[b]=1&a=2", NULL },
  { "[a]=1", NULL },
  { "=1", NULL },
  { "a[b=1", NULL },
  { "a[b]c=1", NULL },
  { "a[b[c]]=1", NULL },
  { "a=%", NULL },
  { "a=%4", NULL },
  { "a=%zz", NULL },
  { "a=%00", NULL },
  { "a%00=1", NULL },
  { "a=%C0%80", NULL },
  { "a=%ED%A0%80", NULL },
  { "a=\xff", NULL },
  { "a[b][c][d][e][f][g][h][i]=1", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\""
                                   ":\"1\"}}}}}}}}}" },
  { "a[b][c][d][e][f][g][h][i][j]=1", NULL },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) tree
          = rt_practice_form_decode (cases[i].form, strlen (cases[i].form), &error);
      g_autofree char *escaped = g_strescape (cases[i].form, NULL);
      g_autofree char *json
          = tree != NULL ? rt_practice_json_write (tree, RT_PRACTICE_JSON_AS_IS) : NULL;

      g_test_message ("%s -> %s", escaped, json != NULL ? json : error->message);
      g_assert_cmpstr (json, ==, cases[i].json);
      g_assert_true ((tree == NULL) == (error != NULL));
    }
}

static void
test_embedded_nul (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (rt_practice_form_decode ("a=b\0c", 5, &error));
  g_assert_nonnull (error);
}

/* Every byte sequence is decoded or refused, and what is decoded is text that JSON can hold. */
static void
test_random (void)
{
  static const char letters[] = "ab[]=&%+0129EFef\xc3\xa9\0.";
  g_autoptr (GRand) random = g_rand_new_with_seed (20261122);
  guint n_decoded = 0;

  for (guint round = 0; round < 200000; round++)
    {
      gsize length = (gsize) g_rand_int_range (random, 0, 40);
      /* An exact allocation: reading past the end shows under a sanitizer. */
      g_autofree char *text = g_malloc (MAX (length, 1));
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) tree = NULL;

      for (gsize i = 0; i < length; i++)
        text[i] = letters[g_rand_int_range (random, 0, sizeof letters - 1)];
      tree = rt_practice_form_decode (text, length, &error);
      g_assert_true ((tree == NULL) == (error != NULL));
      if (tree != NULL)
        {
          g_autofree char *json = rt_practice_json_write (tree, RT_PRACTICE_JSON_SORTED);

          g_assert_true (g_utf8_validate (json, -1, NULL));
          n_decoded++;
        }
    }
  g_assert_cmpuint (n_decoded, >, 5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/form/cases", test_cases);
  g_test_add_func ("/practice/form/embedded-nul", test_embedded_nul);
  g_test_add_func ("/practice/form/random", test_random);
  return g_test_run ();
}
