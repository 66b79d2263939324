#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_VERIFY_PAGE (rt_verify_page_get_type ())
G_DECLARE_FINAL_TYPE (RtVerifyPage, rt_verify_page, RT, VERIFY_PAGE, AdwBin)

/**
 * RtVerifyPage:
 *
 * Compares the replica with Stripe, shows in what they differ, and sets it right if a person wants.
 *
 * Action: `verify.repair`.
 */

GtkWidget *rt_verify_page_new (RtDesk *desk);

G_END_DECLS
