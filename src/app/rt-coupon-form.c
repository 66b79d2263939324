#include "rt-coupon-form.h"

#include <glib/gi18n-lib.h>

#include "rt-coupon-actions.h"
#include "rt-form-page.h"
#include "rt-question.h"
#include "rt-toast.h"

struct _RtCouponForm
{
  AdwBin parent_instance;

  RtFormPage *page;
  AdwEntryRow *name;
  AdwEntryRow *code;
  AdwPreferencesGroup *discount;
  AdwComboRow *kind;
  AdwEntryRow *percent;
  AdwEntryRow *amount;
  GtkDropDown *currency;
  AdwComboRow *duration;
  AdwEntryRow *months;
  GtkButton *delete;

  RtStore *store;   /* (owned) */
  RtCoupon *coupon; /* (owned) (nullable): what is edited */
};

G_DEFINE_FINAL_TYPE (RtCouponForm, rt_coupon_form, ADW_TYPE_BIN)

static void
update (GtkWidget *widget)
{
  RtFormPage *page = RT_COUPON_FORM (widget)->page;
  gboolean is_amount = g_str_equal (rt_form_page_get_text (page, "kind"), "amount");
  int duration = rt_term_from_nick (RT_TERM_DURATION, rt_form_page_get_text (page, "duration"));

  rt_form_page_show (page, "percent", !is_amount);
  rt_form_page_show (page, "amount", is_amount);
  rt_form_page_show (page, "currency", is_amount);
  rt_form_page_show (page, "months", duration == RT_DURATION_MONTHS);
}

static char *
judge (GtkWidget *widget, const RtDraft *draft, GPtrArray *problems)
{
  RtCouponForm *self = RT_COUPON_FORM (widget);
  const char *code = rt_draft_get (draft, "code");
  g_autoptr (RtCoupon) coupon = NULL;

  /* Whatever others made is right as it is. */
  if (self->coupon != NULL && self->coupon->is_outside)
    return rt_coupon_to_sentence (self->coupon);
  coupon = rt_coupon_from_draft (draft, self->coupon, problems);
  /* The action has the last word; but it is better to hear it while typing. */
  if (code != NULL && *code != '\0' && rt_store_has_coupon_code (self->store, code))
    rt_draft_problem (problems, "code", _ ("This code is or was used by another coupon."));
  return coupon != NULL ? rt_coupon_to_sentence (coupon) : NULL;
}

static gboolean
save (RtStore *store, const char *id, const RtDraft *draft, GError **error)
{
  g_autoptr (RtCoupon) coupon = id != NULL ? rt_coupon_update (store, id, draft, error)
                                           : rt_coupon_create (store, draft, error);

  return coupon != NULL;
}

static const RtFormKind kind = {
  .object = "coupon",
  .hint = N_ ("What a client saves will stand here."),
  .update = update,
  .judge = judge,
  .save = save,
};

static gboolean
delete_write (RtStore *store, gpointer id, GError **error)
{
  return rt_coupon_delete (store, id, error);
}

static void
delete_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtCouponForm *self = RT_COUPON_FORM (source);

  if (rt_question_ask_finish (result) && self->coupon != NULL)
    rt_form_page_write (self->page, delete_write,
                        rt_toast_new (_ ("“%s” deleted"), self->coupon->name));
}

static void
delete_cb (RtCouponForm *self)
{
  g_autofree char *heading = g_strdup_printf (_ ("Delete “%s”?"), self->coupon->name);
  const RtQuestionText text = {
    .heading = heading,
    .body = _ ("Nobody can use it from then on. Clients who have the discount keep it. The code "
               "cannot be used again."),
    .action = _ ("_Delete Coupon"),
    .is_destructive = TRUE,
  };

  rt_question_ask_async (self, &text, delete_answered_cb, NULL);
}

static void
add_fields (RtCouponForm *self)
{
  static const char *const kinds[] = { "percent", "amount", NULL };
  const char *const labels[] = { _ ("Percentage"), _ ("Fixed amount"), NULL };

  rt_form_page_add (self->page, rt_field_new_text ("name", self->name));
  rt_form_page_add (self->page, rt_field_new_text ("code", self->code));
  rt_form_page_add (self->page, rt_field_new_choice ("kind", self->kind, kinds, labels));
  rt_form_page_add (self->page, rt_field_new_text ("percent", self->percent));
  rt_form_page_add (self->page, rt_field_new_text ("amount", self->amount));
  rt_form_page_add (self->page, rt_field_new_currency ("currency", self->currency));
  rt_form_page_add (self->page,
                    rt_field_new_term ("duration", self->duration, RT_TERM_DURATION, G_MAXUINT));
  rt_form_page_add (self->page, rt_field_new_text ("months", self->months));
}

static RtDraft *
dup_base (RtCouponForm *self)
{
  RtDraft *draft = self->coupon != NULL ? rt_coupon_to_draft (self->coupon, RT_NUMBER_LOCALE)
                                        : rt_draft_new (RT_NUMBER_LOCALE);
  g_autofree char *last = rt_store_dup_setting (self->store, "last-currency");

  /* A choice shows something from the start; so the draft has it too. */
  if (rt_draft_get (draft, "currency") == NULL)
    rt_draft_set (draft, "currency", last != NULL ? last : rt_currency_of_locale ()->code);
  if (self->coupon != NULL)
    return draft;
  rt_draft_set (draft, "kind", "percent");
  rt_draft_set (draft, "duration", rt_term_to_nick (RT_TERM_DURATION, RT_DURATION_ONCE));
  return draft;
}

static void
lock_fixed (RtCouponForm *self)
{
  static const char *const fixed[]
      = { "code", "kind", "percent", "amount", "currency", "duration", "months", NULL };

  if (self->coupon->is_outside)
    {
      rt_form_page_set_read_only (
          self->page, _ ("This coupon was made outside Retainer. It is shown here, and changed "
                         "where it was made."));
      return;
    }
  if (self->coupon->is_archived)
    {
      rt_form_page_set_read_only (self->page, _ ("This coupon was deleted. Clients who have its "
                                                 "discount keep it."));
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->delete), TRUE);
  if (self->coupon->stripe_id == NULL && self->coupon->state != RT_STATE_SENDING)
    return;
  rt_form_page_fix (self->page, fixed);
  adw_preferences_group_set_description (
      self->discount, _ ("Stripe lets only the name of a coupon change once it exists."));
}

static void
rt_coupon_form_dispose (GObject *object)
{
  RtCouponForm *self = RT_COUPON_FORM (object);

  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_COUPON_FORM);
  g_clear_pointer (&self->coupon, rt_coupon_unref);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (rt_coupon_form_parent_class)->dispose (object);
}

static gboolean
rt_coupon_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_COUPON_FORM (widget)->name));
}

static void
rt_coupon_form_class_init (RtCouponFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_coupon_form_dispose;
  widget_class->grab_focus = rt_coupon_form_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-coupon-form.ui");
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, page);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, name);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, code);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, discount);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, kind);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, percent);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, amount);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, currency);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, duration);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, months);
  gtk_widget_class_bind_template_child (widget_class, RtCouponForm, delete);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
}

static void
rt_coupon_form_init (RtCouponForm *self)
{
  g_type_ensure (RT_TYPE_FORM_PAGE);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_fields (self);
}

GtkWidget *
rt_coupon_form_new (RtDesk *desk, const char *id)
{
  RtStore *store = rt_desk_get_store (desk);
  g_autoptr (RtCoupon) coupon = id != NULL ? rt_store_find_coupon (store, id, NULL) : NULL;
  RtCouponForm *self;

  if (id != NULL && coupon == NULL)
    return NULL;
  self = g_object_new (RT_TYPE_COUPON_FORM, NULL);
  self->store = g_object_ref (store);
  self->coupon = g_steal_pointer (&coupon);
  rt_form_page_set_desk (self->page, desk);
  rt_form_page_set_title (self->page, id != NULL ? _ ("Coupon") : _ ("New Coupon"));
  rt_form_page_open (self->page, GTK_WIDGET (self), &kind,
                     self->coupon != NULL ? self->coupon->id : NULL, dup_base (self));
  if (self->coupon != NULL)
    lock_fixed (self);
  return GTK_WIDGET (self);
}
