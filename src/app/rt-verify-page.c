#include "rt-verify-page.h"

#include <glib/gi18n-lib.h>

#include "rt-area.h"
#include "rt-status.h"

/* More would help nobody; all of them are set right. */
#define MAX_ROWS 200

struct _RtVerifyPage
{
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *running;
  AdwStatusPage *same;
  AdwStatusPage *failed;
  GtkLabel *trouble;
  GtkLabel *intro;
  GtkListBox *list;
  GtkButton *repair;

  RtDesk *desk; /* (owned) */
  gboolean is_running;
  gboolean is_repairing;
};

G_DEFINE_FINAL_TYPE (RtVerifyPage, rt_verify_page, ADW_TYPE_BIN)

typedef struct
{
  gboolean is_repairing;
  RtVerifyReport report;
} Verification;

static void
verification_free (gpointer data)
{
  rt_verify_report_clear (&((Verification *) data)->report);
  g_free (data);
}

static gboolean
verify_job (RtSession *session, gpointer data, GCancellable *cancellable, GError **error)
{
  Verification *verification = data;

  return rt_session_verify_replica (session, verification->is_repairing, cancellable,
                                    &verification->report, error);
}

static char *
dup_difference (const RtDifference *difference)
{
  if (difference->field == NULL)
    return g_strdup (difference->replica == NULL ? _ ("Only at Stripe") : _ ("Only here"));
  /* Translators: the values of a field; long ones are cut */
  return g_strdup_printf (_ ("Here: %s\nAt Stripe: %s"),
                          difference->replica != NULL ? difference->replica : "–",
                          difference->stripe != NULL ? difference->stripe : "–");
}

/* As a person calls it; what has no name, and what is only at Stripe, by its id. */
static char *
dup_name (RtVerifyPage *self, const RtDifference *difference)
{
  static const struct
  {
    const char *object;
    const char *kind;
    gboolean has_name;
  } kinds[] = {
    { "customer", N_ ("Client"), TRUE },      { "product", N_ ("Product"), TRUE },
    { "coupon", N_ ("Coupon"), TRUE },        { "price", N_ ("Price"), FALSE },
    { "billing.meter", N_ ("Meter"), FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].object, difference->object))
      {
        g_autoptr (JsonObject) json = NULL;
        const char *name = NULL;

        if (kinds[i].has_name)
          json = rt_area_find (difference->object)
                     ->dup_json (rt_desk_get_store (self->desk), difference->id);
        if (json != NULL)
          name = json_object_get_string_member_with_default (json, "name", NULL);
        /* Translators: what it is, and its name: "Client “Anna”" */
        return name != NULL ? g_strdup_printf (_ ("%s “%s”"), _ (kinds[i].kind), name)
                            : g_strdup_printf ("%s %s", _ (kinds[i].kind), difference->id);
      }
  return g_strdup_printf ("%s %s", difference->object, difference->id);
}

static GtkWidget *
row_new (RtVerifyPage *self, const RtDifference *difference)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = dup_name (self, difference);
  g_autofree char *title = difference->field != NULL
                               ? g_strdup_printf (_ ("%s · %s"), name, difference->field)
                               : g_strdup (name);
  g_autofree char *subtitle = dup_difference (difference);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

static void
show_trouble (RtVerifyPage *self, const GError *error)
{
  g_autofree char *text = g_strdup_printf (_ ("Not everything could be compared. %s"),
                                           error != NULL ? error->message : "");

  gtk_label_set_label (self->trouble, text);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), error != NULL);
}

/* @error: (nullable): why it is not all that there may be */
static void
show_differences (RtVerifyPage *self, const RtVerifyReport *report, const GError *error)
{
  const GPtrArray *differences = report->differences;
  g_autofree char *intro
      = g_strdup_printf (ngettext ("%u object differs from what Stripe has.",
                                   "%u objects differ from what Stripe has.", report->n_different),
                         report->n_different);

  if (differences != NULL && differences->len > MAX_ROWS)
    {
      g_autofree char *few = g_steal_pointer (&intro);

      intro = g_strdup_printf (_ ("%s The first of them are listed; all are repaired."), few);
    }
  gtk_label_set_label (self->intro, intro);
  show_trouble (self, error);
  for (guint i = 0; differences != NULL && i < MIN (differences->len, MAX_ROWS); i++)
    gtk_list_box_append (self->list, row_new (self, g_ptr_array_index (differences, i)));
  gtk_widget_set_visible (GTK_WIDGET (self->repair), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "list");
}

/* What was done, where no difference is left. */
static char *
dup_result (const RtVerifyReport *report)
{
  if (report->n_repaired > 0)
    return g_strdup_printf (ngettext ("%u object was set right.", "%u objects were set right.",
                                      report->n_repaired),
                            report->n_repaired);
  return g_strdup_printf (ngettext ("%u object was compared with Stripe.",
                                    "%u objects were compared with Stripe.", report->n_compared),
                          report->n_compared);
}

static void
show_same (RtVerifyPage *self, const RtVerifyReport *report)
{
  g_autofree char *result = dup_result (report);

  adw_status_page_set_title (self->same,
                             report->n_repaired > 0 ? _ ("Repaired") : _ ("No Differences"));
  adw_status_page_set_description (self->same, result);
  gtk_stack_set_visible_child_name (self->stack, "same");
}

static void
show_failure (RtVerifyPage *self, const RtVerifyReport *report, const GError *error)
{
  g_autofree char *result = dup_result (report);
  g_autofree char *text = report->n_compared + report->n_repaired > 0
                              ? g_strdup_printf ("%s\n\n%s", error->message, result)
                              : g_strdup (error->message);

  rt_status_set_text (self->failed, text);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtVerifyPage *self = RT_VERIFY_PAGE (source);
  const Verification *verification = g_task_get_task_data (G_TASK (result));
  const RtVerifyReport *report = &verification->report;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);

  self->is_running = FALSE;
  if (self->stack == NULL) /* closed meanwhile */
    return;
  /* With one list denied, what the others showed is there all the same. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.close-form", NULL);
  else if (report->n_different > report->n_repaired)
    show_differences (self, report, error);
  else if (error == NULL)
    show_same (self, report);
  else
    show_failure (self, report, error);
}

static void
start (RtVerifyPage *self, gboolean is_repairing)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, verified_cb, NULL);
  Verification *verification = g_new0 (Verification, 1);

  verification->is_repairing = is_repairing;
  g_task_set_task_data (task, verification, verification_free);
  self->is_running = TRUE;
  self->is_repairing = is_repairing;
  adw_status_page_set_title (self->running,
                             is_repairing ? _ ("Repairing…") : _ ("Comparing with Stripe…"));
  adw_status_page_set_description (
      self->running, is_repairing ? _ ("Everything is read once more, and what differs is set "
                                       "right here. Nothing changes at Stripe.")
                                  : _ ("Everything is read once more and compared with what is "
                                       "kept here. Nothing is changed by it."));
  gtk_stack_set_visible_child_name (self->stack, "running");
  gtk_widget_set_visible (GTK_WIDGET (self->repair), FALSE);
  rt_desk_run (self->desk, task, verify_job);
}

static void
repair_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtVerifyPage *self = RT_VERIFY_PAGE (widget);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  start (self, TRUE);
}

static void
again_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  start (RT_VERIFY_PAGE (widget), RT_VERIFY_PAGE (widget)->is_repairing);
}

static void
rt_verify_page_dispose (GObject *object)
{
  RtVerifyPage *self = RT_VERIFY_PAGE (object);

  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_VERIFY_PAGE);
  self->stack = NULL;
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_verify_page_parent_class)->dispose (object);
}

/* Left: nobody would see what it finds, and until its end nothing could be sent. Not in dispose,
 * which the running job itself puts off. */
static void
rt_verify_page_unroot (GtkWidget *widget)
{
  RtVerifyPage *self = RT_VERIFY_PAGE (widget);

  if (self->is_running)
    rt_desk_cancel (self->desk);
  GTK_WIDGET_CLASS (rt_verify_page_parent_class)->unroot (widget);
}

static gboolean
rt_verify_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), GTK_DIR_TAB_FORWARD);
}

static void
rt_verify_page_class_init (RtVerifyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_verify_page_dispose;
  widget_class->grab_focus = rt_verify_page_grab_focus;
  widget_class->unroot = rt_verify_page_unroot;
  gtk_widget_class_install_action (widget_class, "verify.repair", NULL, repair_cb);
  gtk_widget_class_install_action (widget_class, "verify.again", NULL, again_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.close-form", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-verify-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, running);
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, same);
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, failed);
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, intro);
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, list);
  gtk_widget_class_bind_template_child (widget_class, RtVerifyPage, repair);
}

static void
rt_verify_page_init (RtVerifyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rt_verify_page_new (RtDesk *desk)
{
  RtVerifyPage *self = g_object_new (RT_TYPE_VERIFY_PAGE, NULL);

  self->desk = g_object_ref (desk);
  start (self, FALSE);
  return GTK_WIDGET (self);
}
