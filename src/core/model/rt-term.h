#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The enums of the domain. Their words (on the command line and in JSON, at Stripe, for people)
 * stand in the one table of rt-term.c. */

typedef enum
{
  RT_MODEL_BASE, /* a fee per period, perhaps with included usage and overage */
  RT_MODEL_USAGE,
  RT_MODEL_ONE_TIME,
} RtModel;

typedef enum
{
  RT_METRIC_NONE,
  RT_METRIC_INTERACTIONS,
  RT_METRIC_MINUTES, /* Stripe's meter counts seconds */
  RT_METRIC_CONVERSATIONS,
  RT_METRIC_VALUE,
} RtMetric;

typedef enum
{
  RT_PERIOD_DAY,
  RT_PERIOD_WEEK,
  RT_PERIOD_MONTH,
  RT_PERIOD_YEAR,
} RtPeriod;

typedef enum
{
  RT_TAX_INCLUSIVE,
  RT_TAX_EXCLUSIVE,
  RT_TAX_UNSPECIFIED, /* only objects made outside Retainer */
} RtTax;

typedef enum
{
  RT_DURATION_ONCE,
  RT_DURATION_FOREVER,
  RT_DURATION_MONTHS,
} RtDuration;

typedef enum
{
  RT_STATE_SYNCED,
  RT_STATE_QUEUED,
  RT_STATE_SENDING,
  RT_STATE_CONFLICT,
  RT_STATE_REJECTED,
  RT_STATE_HELD,
  RT_STATE_ARCHIVED,
} RtState;

typedef enum
{
  RT_TERM_MODEL,
  RT_TERM_METRIC,
  RT_TERM_PERIOD,
  RT_TERM_TAX,
  RT_TERM_DURATION,
  RT_TERM_STATE,
} RtTerm;

/**
 * rt_term_get_n:
 *
 * Returns: how many values the enum has
 */
guint rt_term_get_n (RtTerm term);

/**
 * rt_term_to_nick:
 *
 * Returns: (nullable) (transfer none): the word of @value in CLI.md and in the replica; %NULL for
 *   none
 */
const char *rt_term_to_nick (RtTerm term, int value);

/**
 * rt_term_from_nick:
 * @nick: (nullable): a word of CLI.md
 *
 * Returns: the value, or -1
 */
int rt_term_from_nick (RtTerm term, const char *nick);

/**
 * rt_term_to_stripe:
 *
 * Returns: (nullable) (transfer none): the word of @value at Stripe (API-GUIDE §6, §11, §16); for a
 *   metric, what its meter counts
 */
const char *rt_term_to_stripe (RtTerm term, int value);

/**
 * rt_term_from_stripe:
 * @word: (nullable): a word of Stripe, perhaps one that did not exist when this was written
 *
 * Returns: the value, or -1
 */
int rt_term_from_stripe (RtTerm term, const char *word);

/**
 * rt_term_to_label:
 *
 * Returns: (transfer none): the translated word for people
 */
const char *rt_term_to_label (RtTerm term, int value);

G_END_DECLS
