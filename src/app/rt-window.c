#include "rt-window-private.h"

#include <glib/gi18n-lib.h>

#include "rt-account-page.h"
#include "rt-area.h"
#include "rt-desk-write.h"
#include "rt-draft-keeper.h"
#include "rt-list-page.h"
#include "rt-outbox-page.h"
#include "rt-pull.h"
#include "rt-status.h"
#include "rt-toast.h"

G_DEFINE_FINAL_TYPE (RtWindow, rt_window, ADW_TYPE_APPLICATION_WINDOW)

static GtkWidget *
clients_new (RtWindow *self)
{
  return rt_list_page_new (self->desk, rt_area_find ("customer"));
}

static GtkWidget *
products_new (RtWindow *self)
{
  return rt_list_page_new (self->desk, rt_area_find ("product"));
}

static GtkWidget *
coupons_new (RtWindow *self)
{
  return rt_list_page_new (self->desk, rt_area_find ("coupon"));
}

static GtkWidget *
outbox_new (RtWindow *self)
{
  return rt_outbox_page_new (self->desk);
}

static GtkWidget *
account_new (RtWindow *self)
{
  return rt_account_page_new (self->desk, self->workspace);
}

/* The sidebar, in order. */
static const struct
{
  const char *name;
  const char *title;
  const char *icon_name;
  GtkWidget *(*page_new) (RtWindow *self);
} pages[] = {
  { "clients", N_ ("Clients"), "system-users-symbolic", clients_new },
  { "products", N_ ("Products"), "package-x-generic-symbolic", products_new },
  { "coupons", N_ ("Coupons"), "rt-coupon-symbolic", coupons_new },
  { "outbox", N_ ("Outbox"), "mail-send-symbolic", outbox_new },
  { "account", N_ ("Account"), "avatar-default-symbolic", account_new },
};

static GtkWidget *
sidebar_row_new (const char *title, const char *icon_name, GtkLabel **badge)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  *badge = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (*badge), "badge");
  gtk_widget_set_visible (GTK_WIDGET (*badge), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (*badge), GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (*badge));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static void
add_sidebar_rows (RtWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GtkLabel *badge;

      gtk_list_box_append (self->sidebar,
                           sidebar_row_new (g_dgettext (GETTEXT_PACKAGE, pages[i].title),
                                            pages[i].icon_name, &badge));
      if (g_str_equal (pages[i].name, "outbox"))
        self->badge = badge;
    }
}

static void
close_form (RtWindow *self)
{
  GtkWidget *form = self->form;

  self->form = NULL;
  if (form != NULL)
    gtk_stack_remove (self->pages, form);
}

/* The page of the selected row. */
static void
show_page (RtWindow *self)
{
  GtkListBoxRow *row;

  /* Without an account, or while all goes. */
  if (self->desk == NULL)
    return;
  row = gtk_list_box_get_selected_row (self->sidebar);
  gtk_stack_set_visible_child_name (self->pages, pages[gtk_list_box_row_get_index (row)].name);
  close_form (self);
}

/* A row that only gets the focus is selected again: that must not close a form. */
static void
row_selected_cb (RtWindow *self, GtkListBoxRow *row)
{
  if (row == self->selected)
    return;
  self->selected = row;
  show_page (self);
}

static void
row_activated_cb (RtWindow *self)
{
  show_page (self);
  rt_split_set_show_content (self->split, TRUE);
}

static void
select_page (RtWindow *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].name, name))
      gtk_list_box_select_row (self->sidebar,
                               gtk_list_box_get_row_at_index (self->sidebar, (int) i));
}

static void
page_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  select_page (self, g_variant_get_string (parameter, NULL));
  row_activated_cb (self);
  if (self->desk != NULL)
    gtk_widget_grab_focus (gtk_stack_get_visible_child (self->pages));
}

static void
show_sidebar_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  rt_split_set_show_content (self->split, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_selected_row (self->sidebar)));
}

/* With Tab, a list box goes from row to row, and each selected row would show its page: here only
 * the arrow keys do. Tab goes to the page's header, not to where in the page the focus was once. */
static void
leave_sidebar_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  GtkWidget *box = gtk_widget_get_first_child (gtk_stack_get_visible_child (self->pages));

  if (g_variant_get_boolean (parameter))
    gtk_widget_child_focus (gtk_widget_get_first_child (box), GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_child_focus (GTK_WIDGET (self->sidebar_bar), GTK_DIR_TAB_BACKWARD);
}

static void
sync_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  if (self->desk != NULL)
    rt_desk_sync_now (self->desk);
}

/* `win.new` → `list.new` of the page that is shown, and so on: a shortcut works wherever the focus
 * is. */
static void
forward_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  g_autofree char *name = g_strconcat ("list.", action + strlen ("win."), NULL);

  if (self->desk != NULL && self->form == NULL)
    gtk_widget_activate_action (gtk_stack_get_visible_child (self->pages), name, NULL);
}

/* Over the page of the sidebar, until it is closed. */
static void
show_form (RtWindow *self, GtkWidget *form)
{
  close_form (self);
  self->form = form;
  gtk_stack_add_child (self->pages, self->form);
  gtk_stack_set_visible_child (self->pages, self->form);
  rt_split_set_show_content (self->split, TRUE);
  gtk_widget_grab_focus (self->form);
}

static void
edit_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  const char *object, *id;
  GtkWidget *form;

  if (self->desk == NULL)
    return;
  g_variant_get (parameter, "(&s&s)", &object, &id);
  id = *id != '\0' ? id : NULL;
  /* Should that fail, what was typed is needed again. */
  if (rt_draft_keeper_is_saving (rt_desk_get_store (self->desk), object, id))
    {
      rt_toast_tell (widget, _ ("This form is still being saved. Try again in a moment."));
      return;
    }
  form = rt_area_find (object)->form_new (self->desk, id);
  if (form != NULL)
    show_form (self, form);
  else
    rt_toast_tell (widget, _ ("It has gone meanwhile, or cannot be read on this computer."));
}

/* From wherever it was asked: what is decided goes on in the outbox. */
static void
decide_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  GtkWidget *form;

  if (self->desk == NULL)
    return;
  form = rt_window_page_new (self, action, parameter);
  select_page (self, "outbox");
  show_form (self, form);
}

/* Pages that are opened from others, like a form. */
static void
open_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  if (self->desk != NULL)
    show_form (self, rt_window_page_new (self, action, parameter));
}

static void
close_form_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  show_page (self);
  gtk_widget_grab_focus (gtk_stack_get_visible_child (self->pages));
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    rt_toast_tell (GTK_WIDGET (source), error->message);
}

/* The undo of a toast, which outlives its account: another one may have an object of that id. */
static void
set_archived_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  g_autoptr (GTask) task = NULL;
  const char *account, *object, *id;
  const RtArea *area;

  g_variant_get (parameter, "(&s&s&s)", &account, &object, &id);
  if (self->desk == NULL || !g_str_equal (rt_desk_get_account (self->desk)->id, account))
    return;
  area = rt_area_find (object);
  task = g_task_new (self, NULL, undone_cb, NULL);
  g_task_set_task_data (task, g_strdup (id), g_free);
  rt_desk_write (self->desk, task,
                 g_str_equal (action, "win.archive") ? area->archive : area->restore);
}

static void
cancel_sync_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  if (self->desk != NULL)
    rt_desk_cancel (self->desk);
}

static void
progress_cb (RtWindow *self)
{
  guint n_read, n_known;
  g_autofree char *reason = NULL;

  if (!rt_desk_get_progress (self->desk, &n_read, &n_known))
    {
      rt_progress_hide (self->progress);
      return;
    }
  reason = rt_pull_dup_reason (rt_desk_get_store (self->desk));
  rt_progress_show (self->progress, reason, n_read, n_known);
}

static void
active_changed_cb (RtWindow *self)
{
  if (self->desk != NULL)
    rt_desk_set_active (self->desk, gtk_window_is_active (GTK_WINDOW (self)));
}

void
rt_window_leave_desk (RtWindow *self)
{
  GtkWidget *page;

  /* Else the window keeps the page that had it until the next frame. */
  gtk_root_set_focus (GTK_ROOT (self), NULL);
  close_form (self);
  while ((page = gtk_widget_get_first_child (GTK_WIDGET (self->pages))) != NULL)
    gtk_stack_remove (self->pages, page);
  rt_progress_hide (self->progress);
  rt_window_set_accent (self, FALSE);
  if (self->desk == NULL)
    return;
  /* A sync that runs keeps the desk for a moment, and tells of its end. */
  g_signal_handlers_disconnect_by_data (self->desk, self);
  rt_desk_close (self->desk);
  g_clear_object (&self->desk);
}

static void
badge_changed_cb (RtWindow *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (self->badge), GTK_TYPE_LIST_BOX_ROW);
  g_autofree char *text = NULL;
  g_autofree char *label = NULL;

  g_object_get (self->desk, "badge", &text, NULL);
  gtk_label_set_label (self->badge, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->badge), text != NULL);
  /* Translators: the page and how many changes are in it, as read aloud: "Outbox, 3" */
  label
      = text != NULL ? g_strdup_printf (_ ("%s, %s"), _ ("Outbox"), text) : g_strdup (_ ("Outbox"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
rt_window_show_desk (RtWindow *self)
{
  const RtAccount *account = rt_desk_get_account (self->desk);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      const char *title = g_dgettext (GETTEXT_PACKAGE, pages[i].title);
      GtkStackPage *page
          = gtk_stack_add_titled (self->pages, pages[i].page_new (self), pages[i].name, title);

      gtk_accessible_update_property (GTK_ACCESSIBLE (page), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                      -1);
    }
  gtk_label_set_label (self->account_name, account->name);
  gtk_label_set_label (self->account_mode, rt_account_mode_label (account));
  g_signal_connect_object (self->desk, "notify::badge", G_CALLBACK (badge_changed_cb), self,
                           G_CONNECT_SWAPPED);
  badge_changed_cb (self);
  g_signal_connect_object (self->desk, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  active_changed_cb (self);
  show_page (self);
}

void
rt_window_show_failure (RtWindow *self, const char *message)
{
  rt_status_set_text (self->failed, message);
  gtk_stack_set_visible_child_name (self->root, "failed");
}

static gboolean
rt_window_close_request (GtkWindow *window)
{
  return !rt_window_may_close (RT_WINDOW (window))
         || GTK_WINDOW_CLASS (rt_window_parent_class)->close_request (window);
}

static void
rt_window_dispose (GObject *object)
{
  RtWindow *self = RT_WINDOW (object);

  if (self->pages != NULL)
    rt_window_leave_desk (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_WINDOW);
  G_OBJECT_CLASS (rt_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_cb);
  gtk_widget_class_install_action (widget_class, "win.show-sidebar", NULL, show_sidebar_cb);
  gtk_widget_class_install_action (widget_class, "win.leave-sidebar", "b", leave_sidebar_cb);
  gtk_widget_class_install_action (widget_class, "win.sync", NULL, sync_cb);
  gtk_widget_class_install_action (widget_class, "win.cancel-sync", NULL, cancel_sync_cb);
  gtk_widget_class_install_action (widget_class, "win.new", NULL, forward_cb);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, forward_cb);
  gtk_widget_class_install_action (widget_class, "win.edit", "(ss)", edit_cb);
  gtk_widget_class_install_action (widget_class, "win.decide", "s", decide_cb);
  gtk_widget_class_install_action (widget_class, "win.show-log", NULL, open_cb);
  gtk_widget_class_install_action (widget_class, "win.show-backups", NULL, open_cb);
  gtk_widget_class_install_action (widget_class, "win.verify", NULL, open_cb);
  gtk_widget_class_install_action (widget_class, "win.close-form", NULL, close_form_cb);
  gtk_widget_class_install_action (widget_class, "win.archive", "(sss)", set_archived_cb);
  gtk_widget_class_install_action (widget_class, "win.restore", "(sss)", set_archived_cb);
  rt_window_install_account_actions (widget_class);
}

static void
rt_window_class_init (RtWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = rt_window_close_request;
  install_actions (widget_class);
  gtk_widget_class_set_template_from_resource (widget_class, "/dev/retainer/Retainer/rt-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RtWindow, root);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, failed);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, split);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, sidebar_bar);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, account_name);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, account_mode);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, bar);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, pages);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
rt_window_init (RtWindow *self)
{
  g_type_ensure (RT_TYPE_SPLIT);
  g_type_ensure (RT_TYPE_BAR);
  g_type_ensure (RT_TYPE_PROGRESS);
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_progress_set_action (self->progress, "win.cancel-sync");
  add_sidebar_rows (self);
  gtk_list_box_select_row (self->sidebar, gtk_list_box_get_row_at_index (self->sidebar, 0));
  g_object_bind_property (self->split, "folded", self->sidebar_bar, "show-end-title-buttons",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_changed_cb), NULL);
}

GtkWindow *
rt_window_new (AdwApplication *application, RtWorkspace *workspace)
{
  RtWindow *self = g_object_new (RT_TYPE_WINDOW, "application", application, NULL);

  self->workspace = workspace;
  rt_window_open_account (self, NULL);
  return GTK_WINDOW (self);
}

GtkWindow *
rt_window_new_failed (AdwApplication *application, const char *message)
{
  RtWindow *self = g_object_new (RT_TYPE_WINDOW, "application", application, NULL);

  rt_window_show_failure (self, message);
  return GTK_WINDOW (self);
}
