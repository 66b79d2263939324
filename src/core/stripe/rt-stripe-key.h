#pragma once

#include "rt-error.h"

G_BEGIN_DECLS

#define RT_STRIPE_HOST "https://api.stripe.com"

/**
 * rt_stripe_key_check:
 * @key: (nullable): what was entered as a key
 * @is_live: (out) (optional): whether it is for live mode
 * @is_restricted: (out) (optional): whether it is a restricted key, the better choice
 *
 * Tells the kinds of keys apart (API-GUIDE §1): secret and restricted ones are taken, all others
 * are refused with a sentence that names what they are.
 */
gboolean rt_stripe_key_check (const char *key, gboolean *is_live, gboolean *is_restricted,
                              GError **error);

/**
 * rt_stripe_key_free:
 * @key: (nullable) (transfer full): a key
 *
 * Wipes @key from memory and frees it.
 */
void rt_stripe_key_free (char *key);

/**
 * rt_stripe_check_base:
 * @base: an API base such as %RT_STRIPE_HOST
 * @is_live: whether the key that would go there is a live one
 *
 * Keys go to Stripe's host over TLS only; for tests also to this very machine, but never a live one
 * (CLI.md, `RETAINER_API_BASE`).
 */
gboolean rt_stripe_check_base (const char *base, gboolean is_live, GError **error);

G_END_DECLS
