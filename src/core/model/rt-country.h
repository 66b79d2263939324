#pragma once

#include "rt-draft.h"

G_BEGIN_DECLS

/**
 * RtCountry:
 * @code: ISO 3166-1 alpha-2, upper case
 * @name: in English
 *
 * A country. The list is our own, so that what is accepted does not depend on what is installed;
 * only the translations of the names come from the package iso-codes.
 */
typedef struct
{
  const char *code;
  const char *name;
} RtCountry;

/**
 * rt_country_find:
 * @code: (nullable): a code in any case
 *
 * Returns: (transfer none) (nullable): the country, %NULL if there is none of that code
 */
const RtCountry *rt_country_find (const char *code);

/**
 * rt_country_list:
 *
 * Returns: (transfer none) (array length=n_countries): all countries, sorted by code
 */
const RtCountry *rt_country_list (guint *n_countries);

/**
 * rt_country_get_name:
 * @code: (nullable): a code, perhaps of none of ours
 *
 * Returns: (transfer none) (nullable): the name in the language of the person; @code if it has none
 */
const char *rt_country_get_name (const char *code);

/**
 * rt_country_read:
 * @fallback: (nullable): the code of a field that was not touched
 * @problems: (element-type GError): gets an error that names @field
 *
 * Returns: (transfer none) (nullable): the code that was typed, in upper case
 */
const char *rt_country_read (const RtDraft *draft, const char *field, const char *fallback,
                             GPtrArray *problems);

G_END_DECLS
