#include "rt-key-dialog.h"

#include <glib/gi18n-lib.h>

#include "rt-bar.h"
#include "rt-field.h"
#include "rt-stripe-key.h"
#include "rt-task.h"

struct _RtKeyDialog
{
  AdwWindow parent_instance;

  GtkButton *save;
  GtkSpinner *spinner;
  RtBar *bar;
  AdwPreferencesGroup *group;
  AdwEntryRow *name;
  AdwPasswordEntryRow *key;
  GtkSwitch *only_this_run;

  RtWorkspace *workspace;    /* (borrowed): outlives the window */
  char *id;                  /* (owned) (nullable): of the account whose key is replaced */
  RtField *fields[2];        /* (owned): name, key */
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (RtKeyDialog, rt_key_dialog, ADW_TYPE_WINDOW)

static guint done_signal;

typedef struct
{
  RtWorkspace *workspace; /* (borrowed) */
  char *id;               /* (owned) (nullable) */
  char *name;             /* (owned) */
  char *key;              /* (owned): wiped when freed */
  gboolean only_this_run;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->id);
  g_free (job->name);
  rt_stripe_key_free (job->key);
  g_free (job);
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr (RtAccount) account = NULL;

  if (job->id != NULL)
    {
      if (rt_workspace_replace_key (job->workspace, job->id, job->key, job->only_this_run,
                                    cancellable, &error))
        g_task_return_pointer (task, g_strdup (job->id), g_free);
      else
        g_task_return_error (task, error);
      return;
    }
  account = rt_workspace_add_with_key (job->workspace, job->name, job->key, job->only_this_run,
                                       cancellable, &error);
  if (account != NULL)
    g_task_return_pointer (task, g_strdup (account->id), g_free);
  else
    g_task_return_error (task, error);
}

static void
set_busy (RtKeyDialog *self, gboolean is_busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->group), !is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), !is_busy);
  gtk_spinner_set_spinning (self->spinner, is_busy);
}

static void
show_error (RtKeyDialog *self, const GError *error)
{
  const char *name = rt_error_get_field (error);

  for (guint i = 0; i < G_N_ELEMENTS (self->fields); i++)
    if (g_strcmp0 (name, rt_field_get_name (self->fields[i])) == 0
        && rt_field_get_visible (self->fields[i]))
      {
        rt_field_set_refusal (self->fields[i], error->message);
        rt_field_grab_focus (self->fields[i]);
        return;
      }
  rt_bar_show (self->bar, error->message, NULL, NULL);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtKeyDialog *self = RT_KEY_DIALOG (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_task_propagate_pointer (G_TASK (result), &error);

  g_application_release (g_application_get_default ());
  if (self->workspace == NULL) /* closed meanwhile */
    return;
  set_busy (self, FALSE);
  if (id == NULL)
    {
      show_error (self, error);
      return;
    }
  /* The entry forgets it; a copy in its undo history would outlive the dialog. */
  gtk_editable_set_text (GTK_EDITABLE (self->key), "");
  g_signal_emit (self, done_signal, 0, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
save_cb (RtKeyDialog *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->save)))
    return;
  job = g_new0 (Job, 1);
  job->workspace = self->workspace;
  job->id = g_strdup (self->id);
  job->name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name)));
  job->key = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->key))));
  job->only_this_run = gtk_switch_get_active (self->only_this_run);
  rt_bar_hide (self->bar);
  set_busy (self, TRUE);
  task = rt_task_new (self, self->cancellable, job, job_free, saved_cb);
  g_application_hold (g_application_get_default ());
  g_task_run_in_thread (task, save_thread);
}

static gboolean
rt_key_dialog_close_request (GtkWindow *window)
{
  RtKeyDialog *self = RT_KEY_DIALOG (window);

  g_cancellable_cancel (self->cancellable);
  self->workspace = NULL;
  return GTK_WINDOW_CLASS (rt_key_dialog_parent_class)->close_request (window);
}

static void
rt_key_dialog_dispose (GObject *object)
{
  RtKeyDialog *self = RT_KEY_DIALOG (object);

  g_clear_object (&self->fields[0]);
  g_clear_object (&self->fields[1]);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_KEY_DIALOG);
  G_OBJECT_CLASS (rt_key_dialog_parent_class)->dispose (object);
}

static void
rt_key_dialog_finalize (GObject *object)
{
  RtKeyDialog *self = RT_KEY_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_free (self->id);
  G_OBJECT_CLASS (rt_key_dialog_parent_class)->finalize (object);
}

static void
rt_key_dialog_class_init (RtKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_key_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_key_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = rt_key_dialog_close_request;
  done_signal = g_signal_new ("done", RT_TYPE_KEY_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtKeyDialog, save);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDialog, bar);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDialog, group);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDialog, name);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDialog, key);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDialog, only_this_run);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
rt_key_dialog_init (RtKeyDialog *self)
{
  g_type_ensure (RT_TYPE_BAR);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->fields[0] = rt_field_new_text ("name", self->name);
  self->fields[1] = rt_field_new_text ("key", ADW_ENTRY_ROW (self->key));
}

GtkWindow *
rt_key_dialog_new (GtkWindow *parent, RtWorkspace *workspace, const RtAccount *account)
{
  RtKeyDialog *self = g_object_new (RT_TYPE_KEY_DIALOG, "transient-for", parent, NULL);

  self->workspace = workspace;
  if (account != NULL)
    {
      g_autofree char *title = g_strdup_printf (_ ("Key of “%s”"), account->name);

      self->id = g_strdup (account->id);
      gtk_window_set_title (GTK_WINDOW (self), title);
      gtk_widget_set_visible (GTK_WIDGET (self->name), FALSE);
      gtk_button_set_label (self->save, _ ("_Use Key"));
    }
  return GTK_WINDOW (self);
}
