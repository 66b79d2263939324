#include "rt-shortcuts.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *action; /* %NULL: bound by the widget that has it, or by GTK */
  const char *keys[3];
  const char *title;
} shortcuts[] = {
  { "win.new", { "<Control>n" }, N_ ("New") },
  { "win.search", { "<Control>f" }, N_ ("Search") },
  { NULL, { "<Control>Return" }, N_ ("Save the form") },
  { NULL, { "Escape" }, N_ ("Leave the form, keep the draft") },
  { "win.sync", { "F5", "<Control>r" }, N_ ("Sync now") },
  { "win.page::clients", { "<Control>1" }, N_ ("Clients") },
  { "win.page::products", { "<Control>2" }, N_ ("Products") },
  { "win.page::coupons", { "<Control>3" }, N_ ("Coupons") },
  { "win.page::outbox", { "<Control>4" }, N_ ("Outbox") },
  { "win.page::account", { "<Control>5" }, N_ ("Account") },
  { NULL, { "F10" }, N_ ("Main menu") },
  { "app.shortcuts", { "<Control>question" }, N_ ("Keyboard shortcuts") },
  { "window.close", { "<Control>w" }, N_ ("Close the window") },
  { "app.quit", { "<Control>q" }, N_ ("Quit") },
};

void
rt_shortcuts_install (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (shortcuts[i].action != NULL)
      gtk_application_set_accels_for_action (application, shortcuts[i].action, shortcuts[i].keys);
}

static GtkWidget *
row_new (const char *title, const char *keys)
{
  GtkWidget *row = adw_action_row_new ();
  GdkModifierType modifiers;
  guint key;
  g_autofree char *label = NULL;

  gtk_accelerator_parse (keys, &key, &modifiers);
  label = gtk_accelerator_get_label (key, modifiers);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_label_new (label));
  return row;
}

GtkWindow *
rt_shortcuts_new (GtkWindow *parent)
{
  GtkWindow *window = GTK_WINDOW (adw_window_new ());
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  GtkShortcut *close = gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                         gtk_named_action_new ("window.close"));
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                               row_new (g_dgettext (GETTEXT_PACKAGE, shortcuts[i].title),
                                        shortcuts[i].keys[0]));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), close);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
  gtk_window_set_title (window, _ ("Keyboard Shortcuts"));
  gtk_window_set_transient_for (window, parent);
  gtk_window_set_modal (window, TRUE);
  gtk_window_set_default_size (window, 400, 560);
  return window;
}
