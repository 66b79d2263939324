#include "rt-product-form.h"

#include <glib/gi18n-lib.h>

#include "rt-form-page.h"
#include "rt-product-actions.h"

struct _RtProductForm
{
  AdwBin parent_instance;

  RtFormPage *page;
  AdwEntryRow *name;
  AdwEntryRow *description;
  AdwPreferencesGroup *price;
  AdwComboRow *model;
  AdwEntryRow *amount;
  GtkDropDown *currency;
  AdwComboRow *period;
  GtkSwitch *tax;
  AdwPreferencesGroup *usage_group;
  GtkSwitch *usage;
  AdwComboRow *metric;
  AdwEntryRow *included;
  AdwEntryRow *overage;
  GtkButton *archive;

  RtProduct *product; /* (owned) (nullable): what is edited */
};

G_DEFINE_FINAL_TYPE (RtProductForm, rt_product_form, ADW_TYPE_BIN)

static void
update (GtkWidget *widget)
{
  RtProductForm *self = RT_PRODUCT_FORM (widget);
  RtFormPage *page = self->page;
  int model = rt_term_from_nick (RT_TERM_MODEL, rt_form_page_get_text (page, "model"));
  gboolean has_usage
      = model == RT_MODEL_BASE && g_str_equal (rt_form_page_get_text (page, "usage"), "yes");

  rt_form_page_show (page, "period", model != RT_MODEL_ONE_TIME);
  rt_form_page_show (page, "usage", model == RT_MODEL_BASE);
  rt_form_page_show (page, "metric", model == RT_MODEL_USAGE || has_usage);
  rt_form_page_show (page, "included", has_usage);
  rt_form_page_show (page, "overage", has_usage);
  gtk_widget_set_visible (GTK_WIDGET (self->usage_group), model != RT_MODEL_ONE_TIME);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->amount),
                                 model == RT_MODEL_BASE    ? _ ("Fee per Period")
                                 : model == RT_MODEL_USAGE ? _ ("Price per Unit")
                                                           : _ ("Price"));
}

static char *
judge (GtkWidget *widget, const RtDraft *draft, GPtrArray *problems)
{
  const RtProduct *before = RT_PRODUCT_FORM (widget)->product;
  g_autoptr (RtProduct) product = NULL;

  /* Whatever others made is right as it is. */
  if (before != NULL && before->is_outside)
    return rt_product_to_sentence (before);
  product = rt_product_from_draft (draft, before, problems);
  return product != NULL ? rt_product_to_sentence (product) : NULL;
}

static gboolean
save (RtStore *store, const char *id, const RtDraft *draft, GError **error)
{
  g_autoptr (RtProduct) product = id != NULL ? rt_product_update (store, id, draft, error)
                                             : rt_product_create (store, draft, error);

  return product != NULL;
}

static const RtFormKind kind = {
  .object = "product",
  .hint = N_ ("What a client pays will stand here."),
  .update = update,
  .judge = judge,
  .save = save,
};

static void
archive_cb (RtProductForm *self)
{
  rt_form_page_set_archived (self->page, self->product->name, !self->product->is_archived);
}

static void
add_fields (RtProductForm *self)
{
  rt_form_page_add (self->page, rt_field_new_text ("name", self->name));
  rt_form_page_add (self->page, rt_field_new_text ("description", self->description));
  rt_form_page_add (self->page, rt_field_new_term ("model", self->model, RT_TERM_MODEL, G_MAXUINT));
  rt_form_page_add (self->page, rt_field_new_text ("amount", self->amount));
  rt_form_page_add (self->page, rt_field_new_currency ("currency", self->currency));
  rt_form_page_add (self->page,
                    rt_field_new_term ("period", self->period, RT_TERM_PERIOD, G_MAXUINT));
  rt_form_page_add (self->page,
                    rt_field_new_switch ("tax", self->tax,
                                         rt_term_to_nick (RT_TERM_TAX, RT_TAX_INCLUSIVE),
                                         rt_term_to_nick (RT_TERM_TAX, RT_TAX_EXCLUSIVE)));
  rt_form_page_add (self->page, rt_field_new_switch ("usage", self->usage, "yes", "no"));
  rt_form_page_add (self->page,
                    rt_field_new_term ("metric", self->metric, RT_TERM_METRIC, G_MAXUINT));
  rt_form_page_add (self->page, rt_field_new_text ("included", self->included));
  rt_form_page_add (self->page, rt_field_new_text ("overage", self->overage));
}

static RtDraft *
dup_base (RtProductForm *self, RtStore *store)
{
  RtDraft *draft = self->product != NULL ? rt_product_to_draft (self->product, RT_NUMBER_LOCALE)
                                         : rt_draft_new (RT_NUMBER_LOCALE);
  g_autofree char *last = rt_store_dup_setting (store, "last-currency");

  rt_draft_set (draft, "usage", self->product != NULL && self->product->has_overage ? "yes" : "no");
  /* A choice shows something from the start; so the draft has it too. */
  if (rt_draft_get (draft, "metric") == NULL)
    rt_draft_set (draft, "metric", rt_term_to_nick (RT_TERM_METRIC, RT_METRIC_MINUTES));
  if (self->product != NULL)
    return draft;
  rt_draft_set (draft, "model", rt_term_to_nick (RT_TERM_MODEL, RT_MODEL_BASE));
  rt_draft_set (draft, "period", rt_term_to_nick (RT_TERM_PERIOD, RT_PERIOD_MONTH));
  rt_draft_set (draft, "tax", rt_term_to_nick (RT_TERM_TAX, RT_TAX_EXCLUSIVE));
  rt_draft_set (draft, "currency", last != NULL ? last : rt_currency_of_locale ()->code);
  return draft;
}

/* What it is for clients that have it already cannot change. */
static void
lock_fixed (RtProductForm *self)
{
  static const char *const fixed[]
      = { "model", "currency", "period", "tax", "usage", "metric", NULL };

  if (self->product->is_outside)
    {
      rt_form_page_set_read_only (
          self->page, _ ("This product was made outside Retainer. It is shown here, and changed "
                         "where it was made."));
      return;
    }
  gtk_button_set_label (self->archive, self->product->is_archived ? _ ("_Restore Product")
                                                                  : _ ("_Archive Product"));
  gtk_widget_set_visible (GTK_WIDGET (self->archive), TRUE);
  if (self->product->stripe_id == NULL && self->product->state != RT_STATE_SENDING)
    return;
  rt_form_page_fix (self->page, fixed);
  adw_preferences_group_set_description (
      self->price, _ ("Pricing model, currency, period, tax and what is counted cannot change once "
                      "the product exists. A new amount counts for new subscriptions."));
}

static void
rt_product_form_dispose (GObject *object)
{
  RtProductForm *self = RT_PRODUCT_FORM (object);

  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_PRODUCT_FORM);
  g_clear_pointer (&self->product, rt_product_unref);
  G_OBJECT_CLASS (rt_product_form_parent_class)->dispose (object);
}

static gboolean
rt_product_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_PRODUCT_FORM (widget)->name));
}

static void
rt_product_form_class_init (RtProductFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_product_form_dispose;
  widget_class->grab_focus = rt_product_form_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-product-form.ui");
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, page);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, name);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, description);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, price);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, model);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, amount);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, currency);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, period);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, tax);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, usage_group);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, usage);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, metric);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, included);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, overage);
  gtk_widget_class_bind_template_child (widget_class, RtProductForm, archive);
  gtk_widget_class_bind_template_callback (widget_class, archive_cb);
}

static void
rt_product_form_init (RtProductForm *self)
{
  g_type_ensure (RT_TYPE_FORM_PAGE);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_fields (self);
}

GtkWidget *
rt_product_form_new (RtDesk *desk, const char *id)
{
  RtStore *store = rt_desk_get_store (desk);
  g_autoptr (RtProduct) product = id != NULL ? rt_store_find_product (store, id, NULL) : NULL;
  RtProductForm *self;

  if (id != NULL && product == NULL)
    return NULL;
  self = g_object_new (RT_TYPE_PRODUCT_FORM, NULL);
  self->product = g_steal_pointer (&product);
  rt_form_page_set_desk (self->page, desk);
  rt_form_page_set_title (self->page, id != NULL ? _ ("Product") : _ ("New Product"));
  rt_form_page_open (self->page, GTK_WIDGET (self), &kind,
                     self->product != NULL ? self->product->id : NULL, dup_base (self, store));
  if (self->product != NULL)
    lock_fixed (self);
  return GTK_WIDGET (self);
}
