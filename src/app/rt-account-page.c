#include "rt-account-page.h"

#include <glib/gi18n-lib.h>

#include "rt-page-header.h"
#include "rt-upkeep.h"

struct _RtAccountPage
{
  AdwBin parent_instance;

  RtPageHeader *header;
  AdwActionRow *name;
  GtkLabel *mode;
  GtkLabel *stripe_account;
  AdwActionRow *last_sync;
  AdwActionRow *reachable_row;
  GtkSwitch *reachable;
  GtkButton *key;
  GtkButton *remove;
  RtUpkeep *upkeep;
  AdwPreferencesGroup *others;

  RtDesk *desk;           /* (owned) */
  RtWorkspace *workspace; /* (borrowed): outlives the window */
  gboolean is_showing;    /* the switch follows, nobody moved it */
};

G_DEFINE_FINAL_TYPE (RtAccountPage, rt_account_page, ADW_TYPE_BIN)

const char *
rt_account_mode_label (const RtAccount *account)
{
  if (account->is_practice)
    return C_ ("account", "Practice");
  return account->is_live ? C_ ("account", "Live") : C_ ("account", "Test");
}

static char *
dup_sync_text (RtAccountPage *self)
{
  const RtSyncReport *report = rt_desk_get_report (self->desk);
  g_autofree char *last = rt_desk_dup_last_sync (self->desk);
  g_autofree char *requests = NULL;

  if (last == NULL)
    return g_strdup (_ ("Never"));
  if (report == NULL)
    return g_steal_pointer (&last);
  requests = g_strdup_printf (ngettext ("%u request", "%u requests", report->n_requests),
                              report->n_requests);
  /* Translators: "2 min ago · 14 requests" */
  return g_strdup_printf (_ ("%s · %s"), last, requests);
}

/* What the first answer of Stripe binds is only in the list of accounts. */
static void
show_account (RtAccountPage *self)
{
  g_autoptr (RtAccount) account = NULL;
  g_autofree char *sync = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  account = rt_accounts_find (rt_workspace_get_accounts (self->workspace),
                              rt_desk_get_account (self->desk)->id, NULL);
  if (account == NULL)
    return;
  sync = dup_sync_text (self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name), account->name);
  gtk_label_set_label (self->mode, rt_account_mode_label (account));
  gtk_label_set_label (self->stripe_account, account->stripe_account != NULL
                                                 ? account->stripe_account
                                                 : _ ("Not known yet"));
  adw_action_row_set_subtitle (self->last_sync, sync);
  gtk_widget_set_visible (GTK_WIDGET (self->reachable_row), account->is_practice);
  gtk_widget_set_visible (GTK_WIDGET (self->key), !account->is_practice);
  self->is_showing = TRUE;
  gtk_switch_set_active (self->reachable,
                         rt_session_is_reachable (rt_desk_get_session (self->desk)));
  self->is_showing = FALSE;
}

static void
reachable_cb (RtAccountPage *self)
{
  if (!self->is_showing)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.set-reachable", "b",
                                gtk_switch_get_active (self->reachable));
}

static GtkWidget *
other_row_new (const RtAccount *account)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), account->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), rt_account_mode_label (account));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.use-account");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", account->id);
  return row;
}

static void
add_others (RtAccountPage *self)
{
  g_autoptr (GPtrArray) accounts = rt_accounts_list (rt_workspace_get_accounts (self->workspace));

  for (guint i = 0; i < accounts->len; i++)
    {
      const RtAccount *account = g_ptr_array_index (accounts, i);

      if (g_strcmp0 (account->id, rt_desk_get_account (self->desk)->id) != 0)
        adw_preferences_group_add (self->others, other_row_new (account));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->others), accounts->len > 1);
}

static void
rt_account_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rt_account_page_parent_class)->map (widget);
  show_account (RT_ACCOUNT_PAGE (widget));
}

static void
rt_account_page_dispose (GObject *object)
{
  RtAccountPage *self = RT_ACCOUNT_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_ACCOUNT_PAGE);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_account_page_parent_class)->dispose (object);
}

static void
rt_account_page_class_init (RtAccountPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_account_page_dispose;
  widget_class->map = rt_account_page_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-account-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, header);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, name);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, mode);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, stripe_account);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, last_sync);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, reachable_row);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, reachable);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, key);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, remove);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, upkeep);
  gtk_widget_class_bind_template_child (widget_class, RtAccountPage, others);
  gtk_widget_class_bind_template_callback (widget_class, reachable_cb);
}

static void
rt_account_page_init (RtAccountPage *self)
{
  g_type_ensure (RT_TYPE_PAGE_HEADER);
  g_type_ensure (RT_TYPE_UPKEEP);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rt_account_page_new (RtDesk *desk, RtWorkspace *workspace)
{
  RtAccountPage *self = g_object_new (RT_TYPE_ACCOUNT_PAGE, NULL);

  self->desk = g_object_ref (desk);
  self->workspace = workspace;
  rt_page_header_set_desk (self->header, desk);
  rt_upkeep_set_desk (self->upkeep, desk);
  g_signal_connect_object (desk, "changed", G_CALLBACK (show_account), self, G_CONNECT_SWAPPED);
  add_others (self);
  return GTK_WIDGET (self);
}
