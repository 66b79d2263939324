#include "rt-term.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *nick;   /* CLI.md, the replica */
  const char *stripe; /* on the wire */
  const char *label;  /* for people, with a context */
} Word;

static const Word models[] = {
  [RT_MODEL_BASE] = { "base", "base", NC_ ("pricing model", "Base fee") },
  [RT_MODEL_USAGE] = { "usage", "usage", NC_ ("pricing model", "Usage based") },
  [RT_MODEL_ONE_TIME] = { "one-time", "one_time", NC_ ("pricing model", "One-time") },
};

static const Word metrics[] = {
  [RT_METRIC_NONE] = { NULL, NULL, NC_ ("usage metric", "None") },
  [RT_METRIC_INTERACTIONS]
  = { "interactions", "interactions", NC_ ("usage metric", "Interactions") },
  [RT_METRIC_MINUTES] = { "minutes", "seconds", NC_ ("usage metric", "Minutes") },
  [RT_METRIC_CONVERSATIONS]
  = { "conversations", "conversations", NC_ ("usage metric", "Conversations") },
  [RT_METRIC_VALUE] = { "value", "value", NC_ ("usage metric", "Value-based") },
};

static const Word periods[] = {
  [RT_PERIOD_DAY] = { "day", "day", NC_ ("billing period", "Day") },
  [RT_PERIOD_WEEK] = { "week", "week", NC_ ("billing period", "Week") },
  [RT_PERIOD_MONTH] = { "month", "month", NC_ ("billing period", "Month") },
  [RT_PERIOD_YEAR] = { "year", "year", NC_ ("billing period", "Year") },
};

static const Word taxes[] = {
  [RT_TAX_INCLUSIVE] = { "inclusive", "inclusive", NC_ ("tax", "Included in the price") },
  [RT_TAX_EXCLUSIVE] = { "exclusive", "exclusive", NC_ ("tax", "Added to the price") },
  [RT_TAX_UNSPECIFIED] = { "unspecified", "unspecified", NC_ ("tax", "Not specified") },
};

static const Word durations[] = {
  [RT_DURATION_ONCE] = { "once", "once", NC_ ("coupon duration", "Once") },
  [RT_DURATION_FOREVER] = { "forever", "forever", NC_ ("coupon duration", "Forever") },
  [RT_DURATION_MONTHS] = { "months", "repeating", NC_ ("coupon duration", "Several months") },
};

static const Word states[] = {
  [RT_STATE_SYNCED] = { "synced", NULL, NC_ ("state", "Synced") },
  [RT_STATE_QUEUED] = { "queued", NULL, NC_ ("state", "Queued") },
  [RT_STATE_SENDING] = { "sending", NULL, NC_ ("state", "Sending") },
  [RT_STATE_CONFLICT] = { "conflict", NULL, NC_ ("state", "Conflict") },
  [RT_STATE_REJECTED] = { "rejected", NULL, NC_ ("state", "Rejected") },
  [RT_STATE_HELD] = { "held", NULL, NC_ ("state", "Waits for a card") },
  [RT_STATE_ARCHIVED] = { "archived", NULL, NC_ ("state", "Archived") },
};

static const struct
{
  const char *context;
  const Word *words;
  guint n_words;
} tables[] = {
  [RT_TERM_MODEL] = { "pricing model", models, G_N_ELEMENTS (models) },
  [RT_TERM_METRIC] = { "usage metric", metrics, G_N_ELEMENTS (metrics) },
  [RT_TERM_PERIOD] = { "billing period", periods, G_N_ELEMENTS (periods) },
  [RT_TERM_TAX] = { "tax", taxes, G_N_ELEMENTS (taxes) },
  [RT_TERM_DURATION] = { "coupon duration", durations, G_N_ELEMENTS (durations) },
  [RT_TERM_STATE] = { "state", states, G_N_ELEMENTS (states) },
};

guint
rt_term_get_n (RtTerm term)
{
  return tables[term].n_words;
}

static const Word *
get_word (RtTerm term, int value)
{
  g_return_val_if_fail (value >= 0 && (guint) value < tables[term].n_words, tables[term].words);
  return &tables[term].words[value];
}

const char *
rt_term_to_nick (RtTerm term, int value)
{
  return get_word (term, value)->nick;
}

int
rt_term_from_nick (RtTerm term, const char *nick)
{
  for (guint i = 0; nick != NULL && i < tables[term].n_words; i++)
    if (g_strcmp0 (tables[term].words[i].nick, nick) == 0)
      return (int) i;
  return -1;
}

const char *
rt_term_to_stripe (RtTerm term, int value)
{
  return get_word (term, value)->stripe;
}

int
rt_term_from_stripe (RtTerm term, const char *word)
{
  for (guint i = 0; word != NULL && i < tables[term].n_words; i++)
    if (g_strcmp0 (tables[term].words[i].stripe, word) == 0)
      return (int) i;
  return -1;
}

const char *
rt_term_to_label (RtTerm term, int value)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, tables[term].context, get_word (term, value)->label);
}
