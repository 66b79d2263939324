#pragma once

#include <adwaita.h>

#include "rt-workspace.h"

G_BEGIN_DECLS

#define RT_TYPE_KEY_DIALOG (rt_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtKeyDialog, rt_key_dialog, RT, KEY_DIALOG, AdwWindow)

/**
 * RtKeyDialog:
 *
 * Asks for a Stripe key: of a new account, or another one for an account that is there. The signal
 * `done (const char *account_id)` is emitted once the key is kept.
 */

/**
 * rt_key_dialog_new:
 * @account: (nullable): whose key; %NULL to add an account
 *
 * Returns: (transfer full): the dialog
 */
GtkWindow *rt_key_dialog_new (GtkWindow *parent, RtWorkspace *workspace, const RtAccount *account);

G_END_DECLS
