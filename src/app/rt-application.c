#include "rt-application.h"

#include <glib/gi18n-lib.h>

#include "rt-shortcuts.h"
#include "rt-window.h"
#include "rt-workspace.h"

struct _RtApplication
{
  AdwApplication parent_instance;

  RtWorkspace *workspace; /* (owned) (nullable) */
  char *problem;          /* (owned) (nullable): why there is no workspace */
};

G_DEFINE_FINAL_TYPE (RtApplication, rt_application, ADW_TYPE_APPLICATION)

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_show_about_dialog (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "program-name", "Retainer", "logo-icon-name", RT_APPLICATION_ID, "version",
                         RT_VERSION, "comments",
                         _ ("Bill clients through Stripe, online and offline"), "license-type",
                         GTK_LICENSE_GPL_3_0,
                         /* Translators: your name, one line for each translator */
                         "translator-credits", _ ("translator-credits"), NULL);
}

static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (
      rt_shortcuts_new (gtk_application_get_active_window (GTK_APPLICATION (user_data))));
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (user_data));

  /* Closed rather than killed: forms keep what is typed. */
  if (window != NULL)
    gtk_window_close (window);
}

static void
rt_application_activate (GApplication *application)
{
  RtApplication *self = RT_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = self->workspace != NULL ? rt_window_new (ADW_APPLICATION (self), self->workspace)
                                     : rt_window_new_failed (ADW_APPLICATION (self), self->problem);
  gtk_window_present (window);
}

static void
rt_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = about_cb },
    { .name = "shortcuts", .activate = shortcuts_cb },
    { .name = "quit", .activate = quit_cb },
  };
  RtApplication *self = RT_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  G_APPLICATION_CLASS (rt_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  rt_shortcuts_install (GTK_APPLICATION (self));
  gtk_window_set_default_icon_name (RT_APPLICATION_ID);
  self->workspace = rt_workspace_new_from_environment (&error);
  if (self->workspace == NULL)
    self->problem = g_strdup (error->message);
}

static void
rt_application_finalize (GObject *object)
{
  RtApplication *self = RT_APPLICATION (object);

  rt_workspace_free (self->workspace);
  g_free (self->problem);
  G_OBJECT_CLASS (rt_application_parent_class)->finalize (object);
}

static void
rt_application_class_init (RtApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_application_finalize;
  G_APPLICATION_CLASS (klass)->startup = rt_application_startup;
  G_APPLICATION_CLASS (klass)->activate = rt_application_activate;
}

static void
rt_application_init (RtApplication *self)
{
}

RtApplication *
rt_application_new (void)
{
  return g_object_new (RT_TYPE_APPLICATION, "application-id", RT_APPLICATION_ID, "flags",
                       G_APPLICATION_DEFAULT_FLAGS, NULL);
}
