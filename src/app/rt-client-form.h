#pragma once

#include <adwaita.h>

#include "rt-desk.h"

G_BEGIN_DECLS

#define RT_TYPE_CLIENT_FORM (rt_client_form_get_type ())
G_DECLARE_FINAL_TYPE (RtClientForm, rt_client_form, RT, CLIENT_FORM, AdwBin)

/**
 * rt_client_form_new:
 * @id: (nullable): a client; %NULL for a new one
 *
 * Returns: (transfer floating) (nullable): a form for a client;
 *   %NULL if it has gone or cannot be read
 */
GtkWidget *rt_client_form_new (RtDesk *desk, const char *id);

G_END_DECLS
