#include "rt-question.h"

#include <glib/gi18n-lib.h>

struct _RtQuestion
{
  AdwWindow parent_instance;

  GtkLabel *heading;
  GtkLabel *body;
  AdwPreferencesGroup *typing;
  AdwEntryRow *name;
  GtkButton *no;
  GtkButton *yes;

  GTask *task;    /* (owned) (nullable): until answered */
  char *expected; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (RtQuestion, rt_question, ADW_TYPE_WINDOW)

static void
answer (RtQuestion *self, gboolean is_yes)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (task != NULL)
    g_task_return_boolean (task, is_yes);
}

static void
yes_cb (RtQuestion *self)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->yes)))
    return;
  answer (self, TRUE);
  gtk_window_close (GTK_WINDOW (self));
}

static void
typed_cb (RtQuestion *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->yes),
                            self->expected == NULL
                                || g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->name)),
                                              self->expected)
                                       == 0);
}

static gboolean
rt_question_close_request (GtkWindow *window)
{
  answer (RT_QUESTION (window), FALSE);
  return GTK_WINDOW_CLASS (rt_question_parent_class)->close_request (window);
}

static void
rt_question_dispose (GObject *object)
{
  answer (RT_QUESTION (object), FALSE);
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_QUESTION);
  G_OBJECT_CLASS (rt_question_parent_class)->dispose (object);
}

static void
rt_question_finalize (GObject *object)
{
  g_free (RT_QUESTION (object)->expected);
  G_OBJECT_CLASS (rt_question_parent_class)->finalize (object);
}

static void
rt_question_class_init (RtQuestionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_question_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_question_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = rt_question_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-question.ui");
  gtk_widget_class_bind_template_child (widget_class, RtQuestion, heading);
  gtk_widget_class_bind_template_child (widget_class, RtQuestion, body);
  gtk_widget_class_bind_template_child (widget_class, RtQuestion, typing);
  gtk_widget_class_bind_template_child (widget_class, RtQuestion, name);
  gtk_widget_class_bind_template_child (widget_class, RtQuestion, no);
  gtk_widget_class_bind_template_child (widget_class, RtQuestion, yes);
  gtk_widget_class_bind_template_callback (widget_class, yes_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
rt_question_init (RtQuestion *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_text (RtQuestion *self, const RtQuestionText *text)
{
  gtk_window_set_title (GTK_WINDOW (self), text->heading);
  gtk_label_set_label (self->heading, text->heading);
  gtk_label_set_label (self->body, text->body);
  gtk_widget_set_visible (GTK_WIDGET (self->body), text->body != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text->heading, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->body != NULL ? text->body : "", -1);
  gtk_button_set_label (self->yes, text->action);
  gtk_widget_add_css_class (GTK_WIDGET (self->yes),
                            text->is_destructive ? "destructive-action" : "suggested-action");
  self->expected = g_strdup (text->name);
  gtk_widget_set_visible (GTK_WIDGET (self->typing), text->name != NULL);
  if (text->name != NULL)
    {
      /* Translators: %s is what has to be typed to confirm */
      g_autofree char *title = g_strdup_printf (_ ("Type “%s” to confirm"), text->name);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name), title);
    }
  typed_cb (self);
  /* Enter must not destroy by accident. */
  gtk_widget_grab_focus (text->name != NULL     ? GTK_WIDGET (self->name)
                         : text->is_destructive ? GTK_WIDGET (self->no)
                                                : GTK_WIDGET (self->yes));
}

void
rt_question_ask_async (gpointer parent, const RtQuestionText *text, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (parent)));
  RtQuestion *self = g_object_new (RT_TYPE_QUESTION, "transient-for", window, NULL);

  self->task = g_task_new (parent, NULL, callback, user_data);
  set_text (self, text);
  gtk_window_present (GTK_WINDOW (self));
}

gboolean
rt_question_ask_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
