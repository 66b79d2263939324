#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_OUTBOX_PAGE (rt_outbox_page_get_type ())
G_DECLARE_FINAL_TYPE (RtOutboxPage, rt_outbox_page, RT, OUTBOX_PAGE, AdwBin)

/**
 * RtOutboxPage:
 *
 * What Stripe has not seen yet, and why (TRAPS B29).
 *
 * Actions: `outbox.retry`, `outbox.discard` (id of a change), `outbox.copy` (a text).
 */

/**
 * rt_outbox_page_new:
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *rt_outbox_page_new (RtDesk *desk);

G_END_DECLS
