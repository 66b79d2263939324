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

/* Of the application's window, for a page that has been left. */
static GtkWidget *
find_overlay (void)
{
  GApplication *application = g_application_get_default ();
  GList *windows = GTK_IS_APPLICATION (application)
                       ? gtk_application_get_windows (GTK_APPLICATION (application))
                       : NULL;

  for (; windows != NULL; windows = windows->next)
    if (ADW_IS_APPLICATION_WINDOW (windows->data))
      return adw_application_window_get_content (windows->data);
  return NULL;
}

void
rt_toast_show (GtkWidget *widget, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay == NULL)
    overlay = find_overlay ();

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (toast));
}

void
rt_toast_tell (GtkWidget *widget, const char *text)
{
  g_autoptr (AdwToast) toast = rt_toast_new ("%s", text);

  rt_toast_show (widget, toast);
}
