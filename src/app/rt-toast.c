#include "rt-toast.h"

AdwToast *
rt_toast_new (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *title = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* Toasts read markup, and before libadwaita 1.4 nothing else. */
  title = g_markup_escape_text (text, -1);
  return adw_toast_new (title);
}

void
rt_toast_show (GtkWidget *widget, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (toast));
}
