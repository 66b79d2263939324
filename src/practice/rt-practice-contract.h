#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtPracticeKind:
 *
 * What a parameter holds, as the contract calls it.
 */
typedef enum
{
  RT_PRACTICE_STRING,
  RT_PRACTICE_INTEGER,
  RT_PRACTICE_BOOLEAN,
  RT_PRACTICE_TIMESTAMP,
  RT_PRACTICE_DECIMAL,
  RT_PRACTICE_NUMBER,
  RT_PRACTICE_ENUM,
  RT_PRACTICE_UP_TO,
  RT_PRACTICE_RANGE,
  RT_PRACTICE_OBJECT,
  RT_PRACTICE_LIST,
  RT_PRACTICE_OBJECTS,
  RT_PRACTICE_METADATA,
  RT_PRACTICE_CURRENCIES,
} RtPracticeKind;

typedef struct _RtPracticeParam RtPracticeParam;

/**
 * RtPracticeParam:
 * @name: name on the wire; %NULL ends a table
 * @kind: what it holds
 * @choices: (nullable): for an enum: its values, separated by `|`
 * @fields: (nullable): what an object holds
 * @max: longest text in characters, 0 for Stripe's default of 5000
 * @required: whether its parent cannot do without it
 * @unset: whether an empty string clears it
 */
struct _RtPracticeParam
{
  const char *name;
  RtPracticeKind kind;
  const char *choices;
  const RtPracticeParam *fields;
  guint16 max;
  gboolean required;
  gboolean unset;
};

/**
 * rt_practice_contract_get:
 * @operation: a name such as `products.create`
 *
 * Returns: (nullable) (transfer none): the parameters of @operation, %NULL if there is no such one
 */
const RtPracticeParam *rt_practice_contract_get (const char *operation);

G_END_DECLS
