#include "rt-error.h"
#include "rt-json.h"

#include <string.h>

static gboolean
is_read (const char *text, gssize length)
{
  GError *error = NULL;
  g_autoptr (JsonObject) object = rt_json_parse (text, length, &error);

  if (object == NULL)
    g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
  return object != NULL;
}

static void
test_accepted (void)
{
  static const char *const texts[] = {
    "{}",
    " {\"a\" : [ ] , \"b\":null}\n",
    "{\"a\":-0.5e+10}",
    "{\"a\":\"\\u00e4\\ud83d\\ude00\\n\"}",
    "{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
    "{\"a\":1,\"a\":2}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%s", texts[i]);
      g_assert_true (is_read (texts[i], -1));
    }
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "[]",
    "1",
    "null",
    "{",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{'a':1}",
    "{a:1}",
    "{\"a\":01}",
    "{\"a\":1.}",
    "{\"a\":.5}",
    "{\"a\":+1}",
    "{\"a\":1e}",
    "{\"a\":NaN}",
    "{\"a\":9223372036854775808}",
    "{\"a\":-99999999999999999999999999999999}",
    "{\"a\":\"\\x\"}",
    "{\"a\":\"\\u12\"}",
    "{\"a\":\"\\u0000\"}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":\"\\ude00\"}",
    "{\"a\":\"\\ud800\\u0041\"}",
    "{\"a\":\"\n\"}",
    "{\"a\":\"x}",
    "{\"a\":tru}",
    "{\"a\":1} x",
    "{\"a\":1}{}",
    "{\"a\":[1 2]}",
    "/* */{}",
    "var a={}",
    "{\"a\":\"\xff\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%u", i);
      g_assert_false (is_read (texts[i], -1));
    }
  g_assert_false (is_read ("{\"a\":\"\0\"}", 9));
}

/* json-glib 1.6 overflows the stack at 100,000 brackets. */
static void
test_depth (void)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":");

  for (guint i = 0; i < RT_JSON_MAX_DEPTH - 1; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < RT_JSON_MAX_DEPTH - 1; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  g_assert_true (is_read (text->str, (gssize) text->len));
  g_string_assign (text, "{\"a\":");
  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');
  g_assert_false (is_read (text->str, (gssize) text->len));
}

static void
test_size (void)
{
  g_autofree char *text = g_malloc0 (RT_JSON_MAX_BYTES + 2);

  memset (text, ' ', RT_JSON_MAX_BYTES + 1);
  text[0] = '{';
  text[RT_JSON_MAX_BYTES - 1] = '}';
  g_assert_true (is_read (text, RT_JSON_MAX_BYTES));
  g_assert_false (is_read (text, RT_JSON_MAX_BYTES + 1));
}

/* The tree is the one that json-glib makes of a text it can be trusted with. */
static void
test_same_tree (void)
{
  static const char *const texts[] = {
    "{}",
    "{\"a\":[],\"b\":{},\"c\":[[{\"d\":[1,-2,0,-0]}]]}",
    "{\"a\":\"\",\"b\":\"x\\\"\\\\\\/\\b\\f\\n\\r\\ty\",\"c\":\"\\u00e4\\ud83d\\ude00\\uFFFD!\"}",
    "{\"a\":1.5,\"b\":-0.5e+10,\"c\":25E-3,\"d\":9223372036854775807,\"e\":-9223372036854775808}",
    "{\"a\":true,\"b\":false,\"c\":null,\"a\":{\"again\":\"the last one counts\"}}",
    " {\t\"k\\u0065y\" :\r\n[ 1 , \"grüß\" ] } ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonObject) object = rt_json_parse (texts[i], -1, NULL);
      g_autoptr (JsonNode) ours = NULL;
      g_autoptr (JsonNode) theirs = json_from_string (texts[i], NULL);

      g_test_message ("%s", texts[i]);
      g_assert_nonnull (object);
      ours = json_node_init_object (json_node_alloc (), object);
      g_assert_true (json_node_equal (ours, theirs));
    }
}

static void
test_readers (void)
{
  g_autoptr (JsonObject) object = rt_json_parse (
      "{\"s\":\"x\",\"i\":5,\"d\":25.5,\"b\":true,\"n\":null,\"o\":{\"id\":\"p\"},\"a\":[1,{}],"
      "\"t\":\"0.083333333333\"}",
      -1, NULL);
  gint64 whole = 7;
  RtDecimal decimal = { 7 };
  g_autofree char *text = NULL;

  g_assert_cmpstr (rt_json_string (object, "s"), ==, "x");
  g_assert_null (rt_json_string (object, "i"));
  g_assert_null (rt_json_string (object, "n"));
  g_assert_null (rt_json_string (object, "missing"));
  g_assert_null (rt_json_string (NULL, "s"));
  g_assert_false (rt_json_int (object, "d", &whole));
  g_assert_false (rt_json_int (object, "s", &whole));
  g_assert_cmpint (whole, ==, 7);
  g_assert_true (rt_json_int (object, "i", &whole));
  g_assert_cmpint (whole, ==, 5);
  g_assert_true (rt_json_decimal (object, "d", 2, &decimal));
  text = rt_decimal_format (decimal, 0);
  g_assert_cmpstr (text, ==, "25.5");
  g_assert_true (rt_json_decimal (object, "t", 0, &decimal));
  g_assert_true (rt_json_decimal (object, "i", 0, &decimal));
  g_assert_false (rt_json_decimal (object, "b", 0, &decimal));
  g_assert_true (rt_json_bool (object, "b"));
  g_assert_false (rt_json_bool (object, "i"));
  g_assert_cmpstr (rt_json_reference (object, "o"), ==, "p");
  g_assert_cmpstr (rt_json_reference (object, "s"), ==, "x");
  g_assert_null (rt_json_object (object, "a"));
  g_assert_null (rt_json_array (object, "o"));
  g_assert_null (rt_json_element (rt_json_array (object, "a"), 0));
  g_assert_nonnull (rt_json_element (rt_json_array (object, "a"), 1));
}

static void
test_difference (void)
{
  static const char *const members[] = { "same", "other", "gone", "new", "neither", NULL };
  g_autoptr (JsonObject) before
      = rt_json_parse ("{\"same\":1,\"other\":\"a\",\"gone\":5,\"unasked\":1}", -1, NULL);
  g_autoptr (JsonObject) after
      = rt_json_parse ("{\"same\":1,\"other\":\"b\",\"new\":{},\"unasked\":2}", -1, NULL);
  g_autoptr (JsonObject) difference = rt_json_difference (before, after, members);
  g_autofree char *text = rt_json_to_text (difference);

  g_assert_cmpstr (text, ==, "{\"other\":\"b\",\"gone\":null,\"new\":{}}");
}

static void
test_percent_is_exact (void)
{
  for (guint i = 1; i <= 10000; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"p\":%u.%02u}", i / 100, i % 100);
      g_autoptr (JsonObject) object = rt_json_parse (text, -1, NULL);
      RtDecimal percent;

      g_assert_true (rt_json_decimal (object, "p", 2, &percent));
      g_assert_true (percent.scaled == (__int128) i * 10000000000);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/accepted", test_accepted);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/size", test_size);
  g_test_add_func ("/json/same-tree", test_same_tree);
  g_test_add_func ("/json/readers", test_readers);
  g_test_add_func ("/json/difference", test_difference);
  g_test_add_func ("/json/percent-is-exact", test_percent_is_exact);
  return g_test_run ();
}
