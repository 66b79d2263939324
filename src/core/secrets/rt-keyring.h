#pragma once

#include "rt-error.h"

G_BEGIN_DECLS

/**
 * RtKeyring:
 *
 * Where keys live: the system's keyring, or this process's memory. Calls block, perhaps on a person
 * who is asked to unlock: give a cancellable, and never call them in the main loop. Errors are
 * %RT_ERROR_KEY and say what to do.
 */
typedef struct _RtKeyring RtKeyring;

/**
 * rt_keyring_new_libsecret:
 *
 * Returns: (transfer full): the Secret Service, or inside Flatpak the file behind its portal
 */
RtKeyring *rt_keyring_new_libsecret (void);

/**
 * rt_keyring_new_memory:
 *
 * Returns: (transfer full): a keyring that forgets everything at the end: "only for this run"
 */
RtKeyring *rt_keyring_new_memory (void);

RtKeyring *rt_keyring_ref (RtKeyring *keyring);
void       rt_keyring_unref (RtKeyring *keyring);

/**
 * rt_keyring_lookup:
 * @account: the id of an account of Retainer
 *
 * Returns: (transfer full) (nullable): the key, to be freed with rt_stripe_key_free(); %NULL with
 *   an error that tells a missing key, a locked keyring and a missing service apart
 */
char *rt_keyring_lookup (RtKeyring *keyring, const char *account, gboolean is_live,
                         GCancellable *cancellable, GError **error);

/**
 * rt_keyring_store:
 * @label: what the person sees in their password manager
 *
 * Keeps a key and reads it back to be sure (TRAPS E3).
 */
gboolean rt_keyring_store (RtKeyring *keyring, const char *account, gboolean is_live,
                           const char *label, const char *key, GCancellable *cancellable,
                           GError **error);

/**
 * rt_keyring_clear:
 *
 * Forgets a key; having none is fine.
 */
gboolean rt_keyring_clear (RtKeyring *keyring, const char *account, gboolean is_live,
                           GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtKeyring, rt_keyring_unref)

G_END_DECLS
