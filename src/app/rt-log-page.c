#include "rt-log-page.h"

#include <glib/gi18n-lib.h>

#include "rt-log.h"
#include "rt-status.h"
#include "rt-task.h"
#include "rt-time.h"
#include "rt-toast.h"

/* Shown; what is copied is all of it. */
#define MAX_ROWS 200

struct _RtLogPage
{
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *failed;
  GtkListBox *list;
  GtkLabel *more;
  GtkButton *copy;

  RtDesk *desk;      /* (owned) */
  gint64 newest_row; /* of what is shown */
  gboolean is_loaded;
};

G_DEFINE_FINAL_TYPE (RtLogPage, rt_log_page, ADW_TYPE_BIN)

static GtkWidget *
row_new (const RtLogEntry *entry)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *sentence = rt_log_dup_sentence (entry);
  g_autofree char *time = rt_time_to_exact (entry->at);
  g_autofree char *subtitle = entry->request_id != NULL
                                  ? g_strdup_printf (_ ("%s · %s"), time, entry->request_id)
                                  : g_steal_pointer (&time);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sentence);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return row;
}

static void
load (RtLogPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries
      = rt_log_list (rt_desk_get_store (self->desk), MAX_ROWS + 1, &error);
  gint64 newest = entries != NULL && entries->len > 0
                      ? ((RtLogEntry *) g_ptr_array_index (entries, 0))->row
                      : 0;
  GtkWidget *row;

  if (entries == NULL)
    {
      self->is_loaded = FALSE;
      rt_status_set_text (self->failed, error->message);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  if (self->is_loaded && newest == self->newest_row)
    return;
  self->is_loaded = TRUE;
  self->newest_row = newest;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  gtk_widget_set_visible (GTK_WIDGET (self->more), entries->len > MAX_ROWS);
  for (guint i = 0; i < MIN (entries->len, MAX_ROWS); i++)
    gtk_list_box_append (self->list, row_new (g_ptr_array_index (entries, i)));
  gtk_stack_set_visible_child_name (self->stack, entries->len > 0 ? "list" : "empty");
  gtk_widget_set_visible (GTK_WIDGET (self->copy), entries->len > 0);
}

/* Times as others understand them, whatever the language of the sentences is. */
static void
append_line (GString *text, const RtLogEntry *entry)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (entry->at / G_USEC_PER_SEC);
  g_autofree char *time = at != NULL ? g_date_time_format_iso8601 (at) : g_strdup ("");
  g_autofree char *sentence = rt_log_dup_sentence (entry);

  g_string_append_printf (text, "%s\t%s\t%s\n", time, sentence,
                          entry->request_id != NULL ? entry->request_id : "");
}

/* Ninety days can be long. */
static void
copy_thread (GTask *task, gpointer source, gpointer store, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) entries = rt_log_list (store, 0, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    append_line (text, g_ptr_array_index (entries, i));
  if (entries != NULL)
    g_task_return_pointer (task, g_string_free (g_steal_pointer (&text), FALSE), g_free);
  else
    g_task_return_error (task, error);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (AdwToast) toast = NULL;

  if (RT_LOG_PAGE (source)->desk == NULL)
    return;
  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (source)), text);
  toast = text != NULL ? adw_toast_new (_ ("Copied")) : rt_toast_new ("%s", error->message);
  rt_toast_show (GTK_WIDGET (source), toast);
}

static void
copy_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtLogPage *self = RT_LOG_PAGE (widget);
  RtStore *store = rt_desk_get_store (self->desk);
  g_autoptr (GTask) task
      = rt_task_new (self, NULL, g_object_ref (store), g_object_unref, copied_cb);

  g_task_run_in_thread (task, copy_thread);
}

static void
rt_log_page_dispose (GObject *object)
{
  RtLogPage *self = RT_LOG_PAGE (object);

  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_LOG_PAGE);
  self->stack = NULL;
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_log_page_parent_class)->dispose (object);
}

static gboolean
rt_log_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), GTK_DIR_TAB_FORWARD);
}

static void
rt_log_page_class_init (RtLogPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_log_page_dispose;
  widget_class->grab_focus = rt_log_page_grab_focus;
  gtk_widget_class_install_action (widget_class, "log.copy", NULL, copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.close-form", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-log-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtLogPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RtLogPage, failed);
  gtk_widget_class_bind_template_child (widget_class, RtLogPage, list);
  gtk_widget_class_bind_template_child (widget_class, RtLogPage, more);
  gtk_widget_class_bind_template_child (widget_class, RtLogPage, copy);
}

static void
rt_log_page_init (RtLogPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rt_log_page_new (RtDesk *desk)
{
  RtLogPage *self = g_object_new (RT_TYPE_LOG_PAGE, NULL);

  self->desk = g_object_ref (desk);
  g_signal_connect_object (desk, "changed", G_CALLBACK (load), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
