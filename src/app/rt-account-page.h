#pragma once

#include <adwaita.h>

#include "rt-desk.h"
#include "rt-workspace.h"

G_BEGIN_DECLS

#define RT_TYPE_ACCOUNT_PAGE (rt_account_page_get_type ())
G_DECLARE_FINAL_TYPE (RtAccountPage, rt_account_page, RT, ACCOUNT_PAGE, AdwBin)

/**
 * rt_account_page_new:
 *
 * Returns: (transfer floating): what is known of the account on @desk, and the other accounts
 */
GtkWidget *rt_account_page_new (RtDesk *desk, RtWorkspace *workspace);

/**
 * rt_account_mode_label:
 *
 * Returns: (transfer none): what kind of account it is, in one word
 */
const char *rt_account_mode_label (const RtAccount *account);

G_END_DECLS
