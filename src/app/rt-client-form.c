#include "rt-client-form.h"

#include <glib/gi18n-lib.h>

#include "rt-client-actions.h"
#include "rt-form-page.h"

struct _RtClientForm
{
  AdwBin parent_instance;

  RtFormPage *page;
  AdwEntryRow *name;
  AdwEntryRow *email;
  GtkDropDown *country;
  AdwEntryRow *postal_code;
  GtkTextView *notes;
  GtkButton *archive;

  RtClient *client; /* (owned) (nullable): what is edited */
};

G_DEFINE_FINAL_TYPE (RtClientForm, rt_client_form, ADW_TYPE_BIN)

static void
update (GtkWidget *widget)
{
}

static char *
judge (GtkWidget *widget, const RtDraft *draft, GPtrArray *problems)
{
  const RtClient *before = RT_CLIENT_FORM (widget)->client;
  g_autoptr (RtClient) client = NULL;

  /* Whatever others made is right as it is. */
  if (before != NULL && before->is_outside)
    return rt_client_to_sentence (before);
  client = rt_client_from_draft (draft, before, problems);
  return client != NULL ? rt_client_to_sentence (client) : NULL;
}

static gboolean
save (RtStore *store, const char *id, const RtDraft *draft, GError **error)
{
  g_autoptr (RtClient) client = id != NULL ? rt_client_update (store, id, draft, error)
                                           : rt_client_create (store, draft, error);

  return client != NULL;
}

static const RtFormKind kind = {
  .object = "customer",
  .hint = N_ ("How the client is reached will stand here."),
  .update = update,
  .judge = judge,
  .save = save,
};

static void
archive_cb (RtClientForm *self)
{
  rt_form_page_set_archived (self->page, self->client->name, !self->client->is_archived);
}

static void
add_fields (RtClientForm *self)
{
  rt_form_page_add (self->page, rt_field_new_text ("name", self->name));
  rt_form_page_add (self->page, rt_field_new_text ("email", self->email));
  rt_form_page_add (self->page, rt_field_new_country ("country", self->country));
  rt_form_page_add (self->page, rt_field_new_text ("postal_code", self->postal_code));
  rt_form_page_add (self->page, rt_field_new_lines ("notes", self->notes));
}

static void
show_state (RtClientForm *self)
{
  static const char *const none[] = { NULL };

  if (self->client->is_outside)
    {
      rt_form_page_set_read_only (
          self->page, _ ("This client was made outside Retainer. It is shown here, and changed "
                         "where it was made."));
      return;
    }
  gtk_button_set_label (self->archive,
                        self->client->is_archived ? _ ("_Restore Client") : _ ("_Archive Client"));
  gtk_widget_set_visible (GTK_WIDGET (self->archive), TRUE);
  if (self->client->stripe_id != NULL || self->client->state == RT_STATE_SENDING)
    rt_form_page_fix (self->page, none);
}

static void
rt_client_form_dispose (GObject *object)
{
  RtClientForm *self = RT_CLIENT_FORM (object);

  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_CLIENT_FORM);
  g_clear_pointer (&self->client, rt_client_unref);
  G_OBJECT_CLASS (rt_client_form_parent_class)->dispose (object);
}

static gboolean
rt_client_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_CLIENT_FORM (widget)->name));
}

static void
rt_client_form_class_init (RtClientFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_client_form_dispose;
  widget_class->grab_focus = rt_client_form_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-client-form.ui");
  gtk_widget_class_bind_template_child (widget_class, RtClientForm, page);
  gtk_widget_class_bind_template_child (widget_class, RtClientForm, name);
  gtk_widget_class_bind_template_child (widget_class, RtClientForm, email);
  gtk_widget_class_bind_template_child (widget_class, RtClientForm, country);
  gtk_widget_class_bind_template_child (widget_class, RtClientForm, postal_code);
  gtk_widget_class_bind_template_child (widget_class, RtClientForm, notes);
  gtk_widget_class_bind_template_child (widget_class, RtClientForm, archive);
  gtk_widget_class_bind_template_callback (widget_class, archive_cb);
}

static void
rt_client_form_init (RtClientForm *self)
{
  g_type_ensure (RT_TYPE_FORM_PAGE);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_fields (self);
}

GtkWidget *
rt_client_form_new (RtDesk *desk, const char *id)
{
  RtStore *store = rt_desk_get_store (desk);
  g_autoptr (RtClient) client = id != NULL ? rt_store_find_client (store, id, NULL) : NULL;
  RtClientForm *self;

  if (id != NULL && client == NULL)
    return NULL;
  self = g_object_new (RT_TYPE_CLIENT_FORM, NULL);
  self->client = g_steal_pointer (&client);
  rt_form_page_set_desk (self->page, desk);
  rt_form_page_set_title (self->page, id != NULL ? _ ("Client") : _ ("New Client"));
  rt_form_page_open (self->page, GTK_WIDGET (self), &kind,
                     self->client != NULL ? self->client->id : NULL,
                     self->client != NULL ? rt_client_to_draft (self->client, RT_NUMBER_LOCALE)
                                          : rt_draft_new (RT_NUMBER_LOCALE));
  if (self->client != NULL)
    show_state (self);
  return GTK_WIDGET (self);
}
