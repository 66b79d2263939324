#include <glib/gi18n-lib.h>

#include "rt-desk-text.h"
#include "rt-key-dialog.h"
#include "rt-question.h"
#include "rt-task.h"
#include "rt-toast.h"
#include "rt-window-private.h"

/* At most one thing is said at a time, the one a person can do something about first. */
static void
update_bar (RtWindow *self)
{
  RtSession *session = rt_desk_get_session (self->desk);
  RtDeskState state = rt_desk_get_state (self->desk);

  if (state == RT_DESK_KEY)
    {
      g_autofree char *text
          = g_strdup_printf (_ ("%s You can work offline."), rt_desk_get_problem (self->desk));

      rt_bar_show (self->bar, text, _ ("_Enter Key…"), "win.enter-key");
    }
  else if (state == RT_DESK_PERMISSION)
    {
      g_autofree char *text = g_strdup_printf (_ ("%s Everything else is still synced."),
                                               rt_desk_get_problem (self->desk));

      rt_bar_show (self->bar, text, _ ("_Enter Key…"), "win.enter-key");
    }
  else if (!rt_session_is_reachable (session))
    rt_bar_show (self->bar, _ ("The practice Stripe is switched off: you are working offline."),
                 _ ("_Switch On"), "win.set-reachable(true)");
  else if (state == RT_DESK_FAILED)
    rt_bar_show (self->bar, rt_desk_get_problem (self->desk), NULL, NULL);
  else if (rt_desk_is_partial (self->desk))
    rt_bar_show (self->bar,
                 _ ("Not everything has been read from Stripe yet: lists may lack something."),
                 _ ("_Go On"), "win.sync");
  else if (rt_session_was_set_aside (session) && !self->is_rebuilt_told)
    rt_bar_show (self->bar,
                 _ ("The local replica was damaged. It is being rebuilt from Stripe; what was "
                    "waiting is kept."),
                 _ ("_Got It"), "win.dismiss-bar");
  else if (rt_session_get_clock_error (session) != 0)
    {
      g_autofree char *text = rt_desk_text_dup_clock (rt_session_get_clock_error (session));

      /* Stripe tells the time with each answer. */
      rt_bar_show (self->bar, text, _ ("_Check Again"), "win.sync");
    }
  else
    rt_bar_hide (self->bar);
}

void
rt_window_set_accent (RtWindow *self, gboolean is_live)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (self));

  if (is_live && self->live == NULL)
    {
      self->live = gtk_css_provider_new ();
      gtk_css_provider_load_from_resource (self->live, "/dev/retainer/Retainer/live.css");
      gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->live),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    }
  else if (!is_live && self->live != NULL)
    {
      gtk_style_context_remove_provider_for_display (/* lint: name, because only it is not */
                                                     display, GTK_STYLE_PROVIDER (self->live));
      g_clear_object (&self->live);
    }
}

void
rt_window_show_session (RtWindow *self, RtSession *session)
{
  rt_window_leave_desk (self);
  self->is_rebuilt_told = FALSE;
  self->desk = rt_desk_new (session);
  rt_window_set_accent (self, rt_desk_get_account (self->desk)->is_live);
  g_signal_connect_object (self->desk, "changed", G_CALLBACK (update_bar), self, G_CONNECT_SWAPPED);
  rt_window_show_desk (self);
  update_bar (self);
  gtk_stack_set_visible_child_name (self->root, "account");
  gtk_widget_grab_focus (gtk_stack_get_visible_child (self->pages));
}

static void
use_account_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  rt_window_use_account (RT_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
add_practice_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  rt_window_add_practice (RT_WINDOW (widget));
}

static void
key_done_cb (RtWindow *self, const char *id)
{
  if (self->desk != NULL && g_strcmp0 (rt_desk_get_account (self->desk)->id, id) == 0)
    rt_desk_sync_now (self->desk);
  else
    rt_window_open_account (self, id);
}

static void
ask_key (RtWindow *self, const RtAccount *account)
{
  GtkWindow *dialog = rt_key_dialog_new (GTK_WINDOW (self), self->workspace, account);

  g_signal_connect_object (dialog, "done", G_CALLBACK (key_done_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
add_key_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ask_key (RT_WINDOW (widget), NULL);
}

static void
enter_key_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  if (self->desk != NULL)
    ask_key (self, rt_desk_get_account (self->desk));
}

typedef struct
{
  RtDesk *desk; /* (owned) */
  gboolean is_reachable;
} Reach;

static void
reach_free (gpointer data)
{
  g_object_unref (((Reach *) data)->desk);
  g_free (data);
}

static void
reach_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Reach *reach = data;
  GError *error = NULL;

  if (rt_session_set_reachable (rt_desk_get_session (reach->desk), reach->is_reachable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void write_reachable (RtWindow *self, RtDesk *desk);

/* What was wanted while it was written is next. */
static void
reached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtWindow *self = RT_WINDOW (source);
  const Reach *reach = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->is_reaching = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    rt_toast_tell (GTK_WIDGET (self), error->message);
  if (error == NULL && self->wants_reachable != reach->is_reachable)
    write_reachable (self, reach->desk);
  else
    rt_desk_sync_now (reach->desk); /* which finds out, either way */
  g_application_release (g_application_get_default ());
}

static void
write_reachable (RtWindow *self, RtDesk *desk)
{
  Reach *reach = g_new0 (Reach, 1);
  g_autoptr (GTask) task = rt_task_new (self, NULL, reach, reach_free, reached_cb);

  reach->desk = g_object_ref (desk);
  reach->is_reachable = self->wants_reachable;
  self->is_reaching = TRUE;
  g_application_hold (g_application_get_default ());
  g_task_run_in_thread (task, reach_thread);
}

static void
set_reachable_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  if (self->desk == NULL)
    return;
  self->wants_reachable = g_variant_get_boolean (parameter);
  if (!self->is_reaching)
    write_reachable (self, self->desk);
}

static void
dismiss_bar_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  self->is_rebuilt_told = TRUE;
  update_bar (self);
}

static void
remove_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtWindow *self = RT_WINDOW (source);
  g_autofree char *id = user_data;

  if (rt_question_ask_finish (result) && self->pages != NULL)
    rt_window_remove_account (self, id);
}

static void
remove_account_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  const RtAccount *account = self->desk != NULL ? rt_desk_get_account (self->desk) : NULL;
  g_autofree char *heading
      = account != NULL ? g_strdup_printf (_ ("Remove “%s”?"), account->name) : NULL;

  if (account == NULL)
    return;
  rt_question_ask_async (
      self,
      &(RtQuestionText){
          .heading = heading,
          .body = account->is_practice
                      ? _ ("The account and everything in its practice Stripe are deleted.")
                      : _ ("Its key, its local copy and what waits in the outbox are deleted from "
                           "this computer. Nothing changes at Stripe."),
          .action = _ ("_Remove"),
          .name = account->name,
          .is_destructive = TRUE,
      },
      remove_answered_cb, g_strdup (account->id));
}

void
rt_window_install_account_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.use-account", "s", use_account_cb);
  gtk_widget_class_install_action (widget_class, "win.add-practice-account", NULL, add_practice_cb);
  gtk_widget_class_install_action (widget_class, "win.add-key-account", NULL, add_key_cb);
  gtk_widget_class_install_action (widget_class, "win.enter-key", NULL, enter_key_cb);
  gtk_widget_class_install_action (widget_class, "win.set-reachable", "b", set_reachable_cb);
  gtk_widget_class_install_action (widget_class, "win.dismiss-bar", NULL, dismiss_bar_cb);
  gtk_widget_class_install_action (widget_class, "win.remove-account", NULL, remove_account_cb);
}
