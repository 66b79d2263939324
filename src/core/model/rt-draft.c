#include "rt-draft.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-term.h"

#define BEFORE "before" /* no field has this name */
#define MAX_LINE 1000   /* characters: a text that may be longer may have lines */

struct _RtDraft
{
  RtNumberStyle style;
  GHashTable *texts;  /* (owned) field → text */
  JsonObject *before; /* (owned) (nullable) */
};

RtDraft *
rt_draft_new (RtNumberStyle style)
{
  RtDraft *self = g_new0 (RtDraft, 1);

  self->style = style;
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
rt_draft_free (RtDraft *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->texts);
  g_clear_pointer (&self->before, json_object_unref);
  g_free (self);
}

void
rt_draft_set (RtDraft *self, const char *field, const char *text)
{
  if (text != NULL)
    g_hash_table_insert (self->texts, g_strdup (field), g_strdup (text));
  else
    g_hash_table_remove (self->texts, field);
}

const char *
rt_draft_get (const RtDraft *self, const char *field)
{
  return g_hash_table_lookup (self->texts, field);
}

void
rt_draft_set_before (RtDraft *self, JsonObject *before)
{
  if (before != NULL)
    json_object_ref (before);
  g_clear_pointer (&self->before, json_object_unref);
  self->before = before;
}

JsonObject *
rt_draft_get_before (const RtDraft *self)
{
  return self->before;
}

gboolean
rt_draft_is_empty (const RtDraft *self)
{
  return g_hash_table_size (self->texts) == 0;
}

RtNumberStyle
rt_draft_get_style (const RtDraft *self)
{
  return self->style;
}

char *
rt_draft_to_json (const RtDraft *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  GHashTableIter iter;
  gpointer field, text;

  g_hash_table_iter_init (&iter, self->texts);
  while (g_hash_table_iter_next (&iter, &field, &text))
    json_object_set_string_member (object, field, text);
  if (self->before != NULL)
    json_object_set_object_member (object, BEFORE, json_object_ref (self->before));
  return rt_json_to_text (object);
}

RtDraft *
rt_draft_from_json (const char *text, RtNumberStyle style)
{
  g_autoptr (JsonObject) object = rt_json_parse (text, -1, NULL);
  RtDraft *self;
  JsonObjectIter iter;
  const char *field;

  if (object == NULL)
    return NULL;
  self = rt_draft_new (style);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &field, NULL))
    rt_draft_set (self, field, rt_json_string (object, field));
  rt_draft_set_before (self, rt_json_object (object, BEFORE));
  return self;
}

GPtrArray *
rt_draft_problems_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
}

void
rt_draft_problem (GPtrArray *problems, const char *field, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (problems, rt_error_new (RT_ERROR_INVALID, field, "%s", message));
}

/* Embeddings, overrides and isolates: "Trojan source" characters. The plain marks U+200E and U+200F
 * stay allowed, people who write both directions need them. */
static gboolean
turns_direction (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
has_forbidden_character (const char *text, gboolean has_lines)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (has_lines && (c == '\n' || c == '\t'))
        continue;
      if (g_unichar_iscntrl (c) || turns_direction (c))
        return TRUE;
    }
  return FALSE;
}

/* Lines that were pasted from elsewhere may end in CR LF. */
static void
unify_line_ends (char *text)
{
  char *to = text;

  for (; *text != '\0'; text++)
    if (text[0] != '\r' || text[1] != '\n')
      *to++ = *text;
  *to = '\0';
}

char *
rt_draft_read_text (const RtDraft *self, const char *field, const char *fallback,
                    guint max_characters, gboolean is_required, GPtrArray *problems)
{
  const char *typed = rt_draft_get (self, field);
  g_autofree char *text = NULL;

  if (typed == NULL && fallback != NULL)
    return g_strdup (fallback);
  /* Looked at before anything walks it: a pasted file must cost nothing. */
  if (typed != NULL && strlen (typed) > (gsize) max_characters * 4)
    {
      rt_draft_problem (problems, field, _ ("This text is too long: at most %u characters."),
                        max_characters);
      return NULL;
    }
  if (typed != NULL && !g_utf8_validate (typed, -1, NULL))
    {
      rt_draft_problem (problems, field, _ ("This text is not valid UTF-8."));
      return NULL;
    }
  text = g_strstrip (g_strdup (typed != NULL ? typed : ""));
  if (max_characters > MAX_LINE)
    unify_line_ends (text);
  if (*text == '\0')
    {
      if (is_required)
        rt_draft_problem (problems, field, _ ("Please fill in this field."));
      return NULL;
    }
  if (g_utf8_strlen (text, -1) > (glong) max_characters)
    rt_draft_problem (problems, field, _ ("This text is too long: at most %u characters."),
                      max_characters);
  else if (has_forbidden_character (text, max_characters > MAX_LINE))
    rt_draft_problem (problems, field,
                      _ ("This text contains invisible control characters. Please remove them."));
  return g_steal_pointer (&text);
}

int
rt_draft_read_term (const RtDraft *self, const char *field, int term, int fallback,
                    GPtrArray *problems)
{
  const char *typed = rt_draft_get (self, field);
  g_autoptr (GString) words = g_string_new (NULL);
  int value;

  if (typed == NULL)
    return fallback;
  /* Cleared: none, where the enum has that. */
  if (*typed == '\0')
    return rt_term_to_nick ((RtTerm) term, 0) == NULL ? 0 : fallback;
  value = rt_term_from_nick ((RtTerm) term, typed);
  if (value >= 0)
    return value;
  for (guint i = 0; i < rt_term_get_n ((RtTerm) term); i++)
    if (rt_term_to_nick ((RtTerm) term, (int) i) != NULL)
      g_string_append_printf (words, words->len > 0 ? ", %s" : "%s",
                              rt_term_to_nick ((RtTerm) term, (int) i));
  rt_draft_problem (problems, field, _ ("Please choose one of: %s."), words->str);
  return fallback;
}

const RtCurrency *
rt_draft_read_currency (const RtDraft *self, const char *field, const RtCurrency *fallback,
                        GPtrArray *problems)
{
  const char *typed = rt_draft_get (self, field);
  const RtCurrency *currency;

  if (typed == NULL)
    {
      if (fallback == NULL)
        rt_draft_problem (problems, field, _ ("Please choose a currency."));
      return fallback;
    }
  currency = rt_currency_find (typed);
  if (currency == NULL)
    rt_draft_problem (problems, field,
                      _ ("Stripe knows no such currency. Use a code such as USD or EUR."));
  return currency;
}

gint64
rt_draft_read_count (const RtDraft *self, const char *field, gint64 fallback, gint64 max,
                     GPtrArray *problems)
{
  const char *typed = rt_draft_get (self, field);
  g_autofree char *limit = NULL;
  RtDecimal decimal;
  gint64 count;

  if (typed == NULL || *typed == '\0')
    return fallback;
  if (rt_number_parse (typed, self->style, &decimal) && rt_decimal_to_int (decimal, &count)
      && count <= max)
    return count;
  limit = rt_number_format (rt_decimal_from_int (max), 0, TRUE);
  rt_draft_problem (problems, field, _ ("Write a whole number from 0 to %s."), limit);
  return fallback;
}

RtDecimal
rt_draft_read_money (const RtDraft *self, const char *field, const RtCurrency *currency,
                     RtDecimal fallback, gboolean is_unit_price, GPtrArray *problems)
{
  const char *typed = rt_draft_get (self, field);
  GError *error = NULL;
  RtDecimal minor = fallback;

  if (currency == NULL || (typed == NULL && fallback.scaled > 0))
    return fallback;
  if (typed == NULL || *typed == '\0')
    rt_draft_problem (problems, field, _ ("Please fill in an amount."));
  else if (!rt_money_parse (typed, currency,
                            is_unit_price ? RT_DECIMAL_PLACES : rt_currency_get_places (currency),
                            self->style, field, &minor, &error))
    g_ptr_array_add (problems, error);
  else if (minor.scaled == 0)
    rt_draft_problem (problems, field, _ ("The amount must be more than 0."));
  return minor;
}
