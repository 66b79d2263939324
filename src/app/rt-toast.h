#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * rt_toast_new:
 * @format: a translated text
 *
 * Returns: (transfer full): a toast
 */
AdwToast *rt_toast_new (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * rt_toast_show:
 * @widget: in the window that shows it, or once was: a page that has been left meanwhile
 * @toast: (transfer none): shown a few seconds, longer if it has a button
 */
void rt_toast_show (GtkWidget *widget, AdwToast *toast);

/**
 * rt_toast_tell:
 * @widget: see rt_toast_show()
 * @text: such as the message of an error
 *
 * Shows a text as it is.
 */
void rt_toast_tell (GtkWidget *widget, const char *text);

G_END_DECLS
