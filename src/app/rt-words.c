#include "rt-words.h"

#include <glib/gi18n-lib.h>

#include "rt-country.h"
#include "rt-json.h"
#include "rt-money.h"
#include "rt-term.h"

/* Unit prices have so many. */
#define MAX_PLACES 12

typedef enum
{
  TEXT,
  MONEY,
  PER_CENT,
  COUNT,
  COUNTRY,
  CURRENCY,
  YES_NO,
  MODEL,
  METRIC,
  PERIOD,
  TAX,
  DURATION,
} Sort;

static const struct
{
  const char *object;
  const char *field;
  const char *label;
  Sort sort;
} words[] = {
  { "customer", "name", N_ ("Name"), TEXT },
  { "customer", "email", N_ ("E-Mail Address"), TEXT },
  { "customer", "country", N_ ("Country"), COUNTRY },
  { "customer", "postal_code", N_ ("Postal Code"), TEXT },
  { "customer", "notes", N_ ("Notes"), TEXT },
  { "customer", "archived", N_ ("Archived"), YES_NO },
  { "product", "name", N_ ("Name"), TEXT },
  { "product", "description", N_ ("Description, Seen by Clients"), TEXT },
  { "product", "model", N_ ("Pricing Model"), MODEL },
  { "product", "amount", N_ ("Price"), MONEY },
  { "product", "currency", N_ ("Currency"), CURRENCY },
  { "product", "period", N_ ("Billed Every"), PERIOD },
  { "product", "period_count", N_ ("Number of Periods"), COUNT },
  { "product", "tax", N_ ("Price Includes Tax"), TAX },
  { "product", "metric", N_ ("What Is Counted"), METRIC },
  { "product", "included", N_ ("Units Included in Each Period"), COUNT },
  { "product", "overage", N_ ("Price of Each Further Unit"), MONEY },
  { "product", "archived", N_ ("Archived"), YES_NO },
  { "coupon", "name", N_ ("Name, Seen by Clients"), TEXT },
  { "coupon", "code", N_ ("Code"), TEXT },
  { "coupon", "percent", N_ ("Per Cent Off"), PER_CENT },
  { "coupon", "amount", N_ ("Amount Off"), MONEY },
  { "coupon", "currency", N_ ("Currency"), CURRENCY },
  { "coupon", "duration", N_ ("Duration"), DURATION },
  { "coupon", "months", N_ ("Number of Months"), COUNT },
  { "coupon", "archived", N_ ("Deleted"), YES_NO },
};

static int
find_word (const char *object, const char *field)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].object, object) && g_str_equal (words[i].field, field))
      return (int) i;
  return -1;
}

const char *
rt_words_label (const char *object, const char *field, JsonObject *record)
{
  int i = find_word (object, field);
  const char *nick = record != NULL ? rt_json_string (record, "model") : NULL;
  int model = rt_term_from_nick (RT_TERM_MODEL, nick);

  if (i < 0)
    return field;
  if (g_str_equal (object, "product") && g_str_equal (field, "amount") && model >= 0)
    return model == RT_MODEL_BASE    ? _ ("Fee per Period")
           : model == RT_MODEL_USAGE ? _ ("Price per Unit")
                                     : _ ("Price");
  return g_dgettext (GETTEXT_PACKAGE, words[i].label);
}

static char *
dup_money (const char *text, JsonObject *record)
{
  const RtCurrency *currency
      = record != NULL ? rt_currency_find (rt_json_string (record, "currency")) : NULL;
  RtDecimal minor;

  if (currency == NULL
      || !rt_money_parse (text, currency, MAX_PLACES, RT_NUMBER_PLAIN, NULL, &minor, NULL))
    return g_strdup (text);
  return rt_money_to_text (minor, currency);
}

static char *
dup_number (const char *text)
{
  RtDecimal value;

  return rt_number_parse (text, RT_NUMBER_PLAIN, &value) ? rt_number_format (value, 0, TRUE)
                                                         : g_strdup (text);
}

static char *
dup_percentage (const char *text)
{
  g_autofree char *number = dup_number (text);

  /* Translators: a percentage: "25%" */
  return g_strdup_printf (_ ("%s%%"), number);
}

static char *
dup_term (RtTerm term, const char *nick)
{
  int value = rt_term_from_nick (term, nick);

  return g_strdup (value >= 0 ? rt_term_to_label (term, value) : nick);
}

static char *
dup_text (Sort sort, const char *text, JsonObject *record)
{
  switch (sort)
    {
    case MONEY:
      return dup_money (text, record);
    case PER_CENT:
      return dup_percentage (text);
    case COUNT:
      return dup_number (text);
    case COUNTRY:
      return g_strdup (rt_country_get_name (text));
    case CURRENCY:
      return g_ascii_strup (text, -1);
    case MODEL:
      return dup_term (RT_TERM_MODEL, text);
    case METRIC:
      return dup_term (RT_TERM_METRIC, text);
    case PERIOD:
      return dup_term (RT_TERM_PERIOD, text);
    case TAX:
      return dup_term (RT_TERM_TAX, text);
    case DURATION:
      return dup_term (RT_TERM_DURATION, text);
    case TEXT:
    case YES_NO:
    default:
      return g_strdup (text);
    }
}

/* Texts as they are, numbers in the way the command line writes them; %NULL for nothing. */
static char *
dup_plain (JsonNode *value)
{
  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value))
    return NULL;
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (value));
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value));
}

char *
rt_words_dup_value (const char *object, const char *field, JsonNode *value, JsonObject *record)
{
  int i = find_word (object, field);
  g_autofree char *text = dup_plain (value);

  if (value != NULL && JSON_NODE_HOLDS_VALUE (value)
      && json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (value) ? _ ("Yes") : _ ("No"));
  if (text == NULL || *text == '\0')
    return g_strdup (C_ ("field", "Empty"));
  return i >= 0 ? dup_text (words[i].sort, text, record) : g_steal_pointer (&text);
}
