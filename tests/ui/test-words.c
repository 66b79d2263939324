/* The fields of objects as their forms name and show them. */
#include "rt-words.h"

#include "rt-json.h"

#define FEE "{\"model\": \"base\", \"currency\": \"usd\"}"

static void
test_values (void)
{
  static const struct
  {
    const char *object;
    const char *field;
    const char *value;
    const char *record;
    const char *label;
    const char *text;
  } rows[] = {
    { "product", "amount", "\"1249.00\"", FEE, "Fee per Period", "$1249.00" },
    { "product", "amount", "\"0.0005\"", "{\"model\": \"usage\", \"currency\": \"eur\"}",
      "Price per Unit", "€0.0005" },
    { "product", "amount", "\"5000\"", "{\"model\": \"one-time\", \"currency\": \"jpy\"}", "Price",
      "JPY\302\2405000" },
    { "product", "amount", "\"12\"", NULL, "Price", "12" },
    { "product", "overage", "null", FEE, "Price of Each Further Unit", "Empty" },
    { "product", "included", "1000", FEE, "Units Included in Each Period", "1000" },
    { "product", "model", "\"one-time\"", FEE, "Pricing Model", "One-time" },
    { "product", "period", "\"fortnight\"", FEE, "Billed Every", "fortnight" },
    { "product", "tax", "\"inclusive\"", FEE, "Price Includes Tax", "Included in the price" },
    { "product", "archived", "true", FEE, "Archived", "Yes" },
    { "customer", "archived", "false", NULL, "Archived", "No" },
    { "customer", "notes", "\"two\\nlines\"", NULL, "Notes", "two\nlines" },
    { "customer", "email", "\"\"", NULL, "E-Mail Address", "Empty" },
    { "customer", "country", "\"DE\"", NULL, "Country", "Germany" },
    { "coupon", "percent", "\"12.5\"", NULL, "Per Cent Off", "12.5%" },
    { "coupon", "duration", "\"months\"", NULL, "Duration", "Several months" },
    { "coupon", "currency", "\"eur\"", NULL, "Currency", "EUR" },
    { "coupon", "unheard_of", "\"x\"", NULL, "unheard_of", "x" },
    { "dispute", "name", "7", NULL, "name", "7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"value\": %s}", rows[i].value);
      g_autoptr (JsonObject) holder = rt_json_parse (json, -1, NULL);
      g_autoptr (JsonObject) record
          = rows[i].record != NULL ? rt_json_parse (rows[i].record, -1, NULL) : NULL;
      g_autofree char *text = rt_words_dup_value (rows[i].object, rows[i].field,
                                                  json_object_get_member (holder, "value"), record);

      g_test_message ("%s.%s %s", rows[i].object, rows[i].field, rows[i].value);
      g_assert_cmpstr (rt_words_label (rows[i].object, rows[i].field, record), ==, rows[i].label);
      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_nothing (void)
{
  g_autofree char *text = rt_words_dup_value ("product", "name", NULL, NULL);

  g_assert_cmpstr (text, ==, "Empty");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/values", test_values);
  g_test_add_func ("/words/nothing", test_nothing);
  return g_test_run ();
}
