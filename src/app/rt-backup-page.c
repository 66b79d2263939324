#include "rt-backup-page.h"

#include <glib/gi18n-lib.h>

#include "rt-backup.h"
#include "rt-question.h"
#include "rt-task.h"
#include "rt-time.h"
#include "rt-toast.h"

struct _RtBackupPage
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkLabel *intro;
  GtkListBox *list;

  RtDesk *desk; /* (owned) */
};

G_DEFINE_FINAL_TYPE (RtBackupPage, rt_backup_page, ADW_TYPE_BIN)

typedef struct
{
  char *name;
  RtRestored restored;
} Restoration;

static void
restoration_free (gpointer data)
{
  g_free (((Restoration *) data)->name);
  g_free (data);
}

static char *
dup_counts (guint n_changes, guint n_drafts)
{
  g_autofree char *changes
      = g_strdup_printf (ngettext ("%u change", "%u changes", n_changes), n_changes);
  g_autofree char *drafts
      = g_strdup_printf (ngettext ("%u draft", "%u drafts", n_drafts), n_drafts);

  /* Translators: "3 changes, 1 draft" */
  return g_strdup_printf (_ ("%s, %s"), changes, drafts);
}

/* What cannot be read is named, so that it can be found among the files. */
static char *
dup_content (const RtBackup *backup)
{
  return backup->is_good ? dup_counts (backup->n_changes, backup->n_drafts)
                         : g_strdup_printf (_ ("Cannot be read: %s"), backup->name);
}

static GtkWidget *
row_new (const RtBackup *backup)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Restore…"));
  g_autofree char *time = rt_time_to_exact (backup->made_at * G_USEC_PER_SEC);
  g_autofree char *content = dup_content (backup);
  g_autofree char *label = g_strdup_printf (_ ("Restore the backup of %s"), time);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), time);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), content);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, backup->is_good);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "backup.restore");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(sxs)", backup->name, backup->made_at,
                                    content);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtBackupPage *self = RT_BACKUP_PAGE (source);
  const Restoration *restoration = g_task_get_task_data (G_TASK (result));
  const RtRestored *restored = &restoration->restored;
  g_autoptr (GError) error = NULL;
  g_autoptr (AdwToast) toast = NULL;
  g_autofree char *counts = dup_counts (restored->n_changes, restored->n_drafts);
  gboolean is_good = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!is_good)
    toast = rt_toast_new ("%s", error->message);
  else if (restored->n_changes + restored->n_drafts == 0)
    toast = rt_toast_new ("%s", _ ("Everything in this backup is here already."));
  else
    /* Translators: %s is "3 changes, 1 draft" */
    toast = rt_toast_new (_ ("Restored: %s"), counts);
  rt_toast_show (GTK_WIDGET (self), toast);
  if (is_good)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.close-form", NULL);
}

static gboolean
restore_job (RtSession *session, gpointer data, GCancellable *cancellable, GError **error)
{
  Restoration *restoration = data;

  return rt_session_restore (session, restoration->name, cancellable, &restoration->restored,
                             error);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtBackupPage *self = RT_BACKUP_PAGE (source);
  g_autofree char *name = user_data;
  g_autoptr (GTask) task = NULL;
  Restoration *restoration;

  if (!rt_question_ask_finish (result) || self->stack == NULL)
    return;
  restoration = g_new0 (Restoration, 1);
  restoration->name = g_steal_pointer (&name);
  task = g_task_new (self, NULL, restored_cb, NULL);
  g_task_set_task_data (task, restoration, restoration_free);
  rt_desk_run (self->desk, task, restore_job);
}

static void
restore_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *name, *content;
  gint64 made_at;
  g_autofree char *time = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  RtQuestionText text = { .action = _ ("_Restore") };

  g_variant_get (parameter, "(&sx&s)", &name, &made_at, &content);
  /* Translators: %s is "3 changes, 1 draft" */
  body = g_strdup_printf (_ ("It holds %s. Those of them that are missing here come back. Nothing "
                             "that is here is overwritten, and nothing is sent twice."),
                          content);
  text.body = body;
  time = rt_time_to_exact (made_at * G_USEC_PER_SEC);
  heading = g_strdup_printf (_ ("Restore the backup of %s?"), time);
  text.heading = heading;
  rt_question_ask_async (widget, &text, answered_cb, g_strdup (name));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtBackupPage *self = RT_BACKUP_PAGE (source);
  g_autoptr (GPtrArray) backups = g_task_propagate_pointer (G_TASK (result), NULL);
  GtkWidget *row;

  if (self->stack == NULL)
    return;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < backups->len; i++)
    gtk_list_box_append (self->list, row_new (g_ptr_array_index (backups, i)));
  gtk_stack_set_visible_child_name (self->stack, backups->len > 0 ? "list" : "empty");
  gtk_widget_set_visible (GTK_WIDGET (self->stack), TRUE);
}

static void
load_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  g_task_return_pointer (task, rt_backup_list (path), (GDestroyNotify) g_ptr_array_unref);
}

/* Each copy is opened and checked. Until then nothing is shown, rather than that there are none. */
static void
load (RtBackupPage *self)
{
  char *path = g_strdup (rt_store_get_path (rt_desk_get_store (self->desk)));
  g_autoptr (GTask) task = rt_task_new (self, NULL, path, g_free, loaded_cb);

  g_task_run_in_thread (task, load_thread);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtBackupPage *self = RT_BACKUP_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (AdwToast) toast = NULL;
  g_autoptr (RtBackup) backup = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *content = backup != NULL ? dup_content (backup) : NULL;

  g_application_release (g_application_get_default ());
  if (self->stack == NULL)
    return;
  toast = backup != NULL ? rt_toast_new (_ ("Backed up: %s"), content)
                         : rt_toast_new ("%s", error->message);
  rt_toast_show (GTK_WIDGET (self), toast);
  load (self);
}

static void
create_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  RtBackup *backup = rt_backup_create (data, NULL, &error);

  if (backup != NULL)
    g_task_return_pointer (task, backup, (GDestroyNotify) rt_backup_free);
  else
    g_task_return_error (task, error);
}

/* Beside a sync, which it does not disturb. */
static void
create_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtStore *store = rt_desk_get_store (RT_BACKUP_PAGE (widget)->desk);
  g_autoptr (GTask) task
      = rt_task_new (widget, NULL, g_object_ref (store), g_object_unref, created_cb);

  g_application_hold (g_application_get_default ());
  g_task_run_in_thread (task, create_thread);
}

static void
rt_backup_page_dispose (GObject *object)
{
  RtBackupPage *self = RT_BACKUP_PAGE (object);

  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_BACKUP_PAGE);
  self->stack = NULL;
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_backup_page_parent_class)->dispose (object);
}

static gboolean
rt_backup_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), GTK_DIR_TAB_FORWARD);
}

static void
rt_backup_page_class_init (RtBackupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_backup_page_dispose;
  widget_class->grab_focus = rt_backup_page_grab_focus;
  gtk_widget_class_install_action (widget_class, "backup.restore", "(sxs)", restore_cb);
  gtk_widget_class_install_action (widget_class, "backup.create", NULL, create_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.close-form", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-backup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtBackupPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RtBackupPage, intro);
  gtk_widget_class_bind_template_child (widget_class, RtBackupPage, list);
}

static void
rt_backup_page_init (RtBackupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rt_backup_page_new (RtDesk *desk)
{
  RtBackupPage *self = g_object_new (RT_TYPE_BACKUP_PAGE, NULL);

  self->desk = g_object_ref (desk);
  gtk_label_set_label (self->intro,
                       _ ("Copies of drafts and outbox, made every day and before each "
                          "update. What Stripe has comes back from Stripe."));
  load (self);
  return GTK_WIDGET (self);
}
