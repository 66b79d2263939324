#include "rt-outbox-page.h"

#include <glib/gi18n-lib.h>

#include "rt-change-row.h"
#include "rt-desk-write.h"
#include "rt-page-header.h"
#include "rt-question.h"
#include "rt-queue.h"
#include "rt-status.h"
#include "rt-task.h"
#include "rt-toast.h"

/* Nobody reads more; the rest moves up as these are done. */
#define MAX_ROWS 200

struct _RtOutboxPage
{
  AdwBin parent_instance;

  RtPageHeader *header;
  GtkStack *stack;
  AdwStatusPage *failed;
  GtkListBox *list;
  GtkLabel *more;

  RtDesk *desk;     /* (owned) */
  GHashTable *rows; /* (owned) id of a change → #RtChangeRow (borrowed) */
  gboolean is_loading;
  gboolean is_stale;
};

G_DEFINE_FINAL_TYPE (RtOutboxPage, rt_outbox_page, ADW_TYPE_BIN)

static void
forget_gone (RtOutboxPage *self, GHashTable *present)
{
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, &row))
    if (!g_hash_table_contains (present, id))
      {
        gtk_list_box_remove (self->list, row);
        g_hash_table_iter_remove (&iter);
      }
}

/* Rows stay as long as their change: what a person has unfolded or focused stays so. Changes are in
 * queue order, so new ones are always the last. */
static void
show_changes (RtOutboxPage *self, GPtrArray *changes, guint n_more)
{
  const gint64 now = rt_clock_now (rt_store_get_clock (rt_desk_get_store (self->desk)));
  g_autoptr (GHashTable) present = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *more
      = g_strdup_printf (ngettext ("and %u more change", "and %u more changes", n_more), n_more);

  for (guint i = 0; i < changes->len; i++)
    {
      RtChange *change = g_ptr_array_index (changes, i);
      GtkWidget *row = g_hash_table_lookup (self->rows, change->id);
      gboolean is_new = row == NULL;

      if (is_new)
        row = rt_change_row_new ();
      rt_change_row_set_change (RT_CHANGE_ROW (row), change, now);
      if (is_new)
        {
          gtk_list_box_append (self->list, row);
          g_hash_table_insert (self->rows, g_strdup (change->id), row);
        }
      g_hash_table_add (present, change->id);
    }
  forget_gone (self, present);
  gtk_label_set_label (self->more, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n_more > 0);
  gtk_stack_set_visible_child_name (self->stack, changes->len > 0 ? "list" : "empty");
}

static void rt_outbox_page_load (RtOutboxPage *self);

typedef struct
{
  RtStore *store; /* (owned) */
  guint n_more;
} Load;

static void
load_free (gpointer data)
{
  g_object_unref (((Load *) data)->store);
  g_free (data);
}

/* Only what is shown: while a reader is in use, others wait for it. */
static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Load *load = task_data;
  GError *error = NULL;
  GPtrArray *changes = rt_change_list_first (load->store, MAX_ROWS, &load->n_more, &error);

  if (changes != NULL)
    g_task_return_pointer (task, changes, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtOutboxPage *self = RT_OUTBOX_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = g_task_propagate_pointer (G_TASK (result), &error);

  self->is_loading = FALSE;
  if (self->desk == NULL)
    return;
  if (self->is_stale)
    {
      rt_outbox_page_load (self);
      return;
    }
  if (changes != NULL)
    {
      show_changes (self, changes, ((Load *) g_task_get_task_data (G_TASK (result)))->n_more);
      return;
    }
  rt_status_set_text (self->failed, error->message);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* What nobody sees can wait until somebody looks. */
static void
rt_outbox_page_load (RtOutboxPage *self)
{
  g_autoptr (GTask) task = NULL;
  Load *load;

  self->is_stale = self->is_loading || !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->is_stale)
    return;
  self->is_loading = TRUE;
  load = g_new0 (Load, 1);
  load->store = g_object_ref (rt_desk_get_store (self->desk));
  task = rt_task_new (self, NULL, load, load_free, loaded_cb);
  g_task_run_in_thread (task, load_thread);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    rt_toast_tell (GTK_WIDGET (source), error->message);
}

static void
write_id (RtOutboxPage *self, const char *id, RtDeskWrite write)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, written_cb, NULL);

  g_task_set_task_data (task, g_strdup (id), g_free);
  rt_desk_write (self->desk, task, write);
}

static gboolean
retry_write (RtStore *store, gpointer id, GError **error)
{
  return rt_queue_retry (store, id, error);
}

static gboolean
discard_write (RtStore *store, gpointer id, GError **error)
{
  return rt_queue_discard (store, id, TRUE, error);
}

static void
retry_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  write_id (RT_OUTBOX_PAGE (widget), g_variant_get_string (parameter, NULL), retry_write);
}

static void
discard_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtOutboxPage *self = RT_OUTBOX_PAGE (source);
  g_autofree char *id = user_data;

  if (rt_question_ask_finish (result) && self->desk != NULL)
    write_id (self, id, discard_write);
}

static char *
dup_discard_body (RtStore *store, const char *id)
{
  g_autoptr (GPtrArray) dependents = rt_queue_dup_dependents (store, id, NULL);
  g_autoptr (GString) body = g_string_new (_ ("What Stripe has not seen of it is lost."));

  if (dependents == NULL || dependents->len == 0)
    return g_strdup (body->str);
  g_string_append_printf (body, "\n\n%s", _ ("This waits for it and goes too:"));
  for (guint i = 0; i < dependents->len; i++)
    {
      g_autofree char *title = rt_change_dup_title (g_ptr_array_index (dependents, i));

      g_string_append_printf (body, "\n%s", title);
    }
  return g_strdup (body->str);
}

static void
discard_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtOutboxPage *self = RT_OUTBOX_PAGE (widget);
  RtStore *store = rt_desk_get_store (self->desk);
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (RtChange) change = rt_change_find (store, id, NULL);
  g_autofree char *title = change != NULL ? rt_change_dup_title (change) : NULL;
  g_autofree char *body = dup_discard_body (store, id);
  g_autofree char *heading = NULL;
  RtQuestionText text = { .body = body, .action = _ ("_Discard"), .is_destructive = TRUE };

  if (change == NULL) /* sent meanwhile */
    return;
  /* Translators: %s is a change such as "Create product “Voice”" */
  heading = g_strdup_printf (_ ("Discard: %s?"), title);
  text.heading = heading;
  rt_question_ask_async (self, &text, discard_answered_cb, g_strdup (id));
}

static void
copy_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (AdwToast) toast = adw_toast_new (_ ("Copied"));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
  rt_toast_show (widget, toast);
}

static void
store_changed_cb (RtOutboxPage *self, guint what)
{
  if ((what & RT_STORE_QUEUE) != 0)
    rt_outbox_page_load (self);
}

static void
rt_outbox_page_map (GtkWidget *widget)
{
  RtOutboxPage *self = RT_OUTBOX_PAGE (widget);

  GTK_WIDGET_CLASS (rt_outbox_page_parent_class)->map (widget);
  if (self->is_stale)
    rt_outbox_page_load (self);
}

static void
rt_outbox_page_dispose (GObject *object)
{
  RtOutboxPage *self = RT_OUTBOX_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_OUTBOX_PAGE);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_outbox_page_parent_class)->dispose (object);
}

static void
rt_outbox_page_class_init (RtOutboxPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_outbox_page_dispose;
  widget_class->map = rt_outbox_page_map;
  gtk_widget_class_install_action (widget_class, "outbox.retry", "s", retry_cb);
  gtk_widget_class_install_action (widget_class, "outbox.discard", "s", discard_cb);
  gtk_widget_class_install_action (widget_class, "outbox.copy", "s", copy_cb);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-outbox-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtOutboxPage, header);
  gtk_widget_class_bind_template_child (widget_class, RtOutboxPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RtOutboxPage, failed);
  gtk_widget_class_bind_template_child (widget_class, RtOutboxPage, list);
  gtk_widget_class_bind_template_child (widget_class, RtOutboxPage, more);
}

static void
rt_outbox_page_init (RtOutboxPage *self)
{
  g_type_ensure (RT_TYPE_PAGE_HEADER);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GtkWidget *
rt_outbox_page_new (RtDesk *desk)
{
  RtOutboxPage *self = g_object_new (RT_TYPE_OUTBOX_PAGE, NULL);

  self->desk = g_object_ref (desk);
  rt_page_header_set_desk (self->header, desk);
  g_signal_connect_object (rt_desk_get_store (desk), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  rt_outbox_page_load (self);
  return GTK_WIDGET (self);
}
