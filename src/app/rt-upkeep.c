#include "rt-upkeep.h"

#include <glib/gi18n-lib.h>

#include "rt-question.h"
#include "rt-task.h"
#include "rt-toast.h"

struct _RtUpkeep
{
  AdwBin parent_instance;

  AdwComboRow *rate;

  RtDesk *desk;  /* (owned) */
  GArray *rates; /* (owned) of guint: requests a second; 0: as usual */
  guint wanted;  /* what was chosen last */
  gboolean is_writing;
  gboolean is_setting;
};

G_DEFINE_FINAL_TYPE (RtUpkeep, rt_upkeep, ADW_TYPE_BIN)

static guint
get_rate (RtUpkeep *self)
{
  g_autofree char *text = rt_store_dup_setting (rt_desk_get_store (self->desk), "rate");

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

/* The usual ones, and the one that the command line may have set. */
static void
show_rate (RtUpkeep *self)
{
  static const guint usual[] = { 0, 5, 10, 20, 50, 100 };
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  guint rate = get_rate (self);
  guint selected = 0;

  g_array_set_size (self->rates, 0);
  g_array_append_vals (self->rates, usual, G_N_ELEMENTS (usual));
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (usual[i] == rate)
      selected = i;
  if (rate != usual[selected])
    {
      selected = self->rates->len;
      g_array_append_val (self->rates, rate);
    }
  for (guint i = 0; i < self->rates->len; i++)
    {
      guint value = g_array_index (self->rates, guint, i);
      g_autofree char *label = value > 0 ? g_strdup_printf ("%u", value)
                                         : g_strdup (C_ ("requests per second", "Usual"));

      gtk_string_list_append (labels, label);
    }
  self->is_setting = TRUE;
  adw_combo_row_set_model (self->rate, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->rate, selected);
  self->is_setting = FALSE;
}

typedef struct
{
  RtDesk *desk; /* (owned) */
  guint per_second;
} Rate;

static void
rate_free (gpointer data)
{
  g_object_unref (((Rate *) data)->desk);
  g_free (data);
}

/* No change of the account, so it asks nothing and sends nothing. */
static void
rate_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Rate *rate = data;
  g_autofree char *value = g_strdup_printf ("%u", rate->per_second);
  GError *error = NULL;

  if (rt_store_set_setting (rt_desk_get_store (rate->desk), "rate", value, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void write_rate (RtUpkeep *self, RtDesk *desk);

/* What was chosen while it was written is next: the last choice is what stays. */
static void
rate_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtUpkeep *self = RT_UPKEEP (source);
  const Rate *rate = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->is_writing = FALSE;
  g_task_propagate_boolean (G_TASK (result), &error);
  if (error != NULL)
    rt_toast_tell (GTK_WIDGET (self), error->message);
  if (error != NULL && self->desk != NULL)
    show_rate (self);
  else if (error == NULL && self->wanted != rate->per_second)
    write_rate (self, rate->desk);
  g_application_release (g_application_get_default ());
}

static void
write_rate (RtUpkeep *self, RtDesk *desk)
{
  Rate *rate = g_new0 (Rate, 1);
  g_autoptr (GTask) task = rt_task_new (self, NULL, rate, rate_free, rate_written_cb);

  rate->desk = g_object_ref (desk);
  rate->per_second = self->wanted;
  self->is_writing = TRUE;
  g_application_hold (g_application_get_default ());
  g_task_run_in_thread (task, rate_thread);
}

static void
rate_cb (RtUpkeep *self)
{
  guint selected;

  /* It is also called while the row is made and unmade. */
  if (self->is_setting || self->desk == NULL)
    return;
  selected = adw_combo_row_get_selected (self->rate);
  if (selected >= self->rates->len)
    return;
  self->wanted = g_array_index (self->rates, guint, selected);
  if (!self->is_writing)
    write_rate (self, self->desk);
}

static gboolean
rebuild_job (RtSession *session, gpointer data, GCancellable *cancellable, GError **error)
{
  return rt_session_rebuild_replica (session, cancellable, error);
}

static void
rebuilt_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdwToast) toast = NULL;
  gboolean is_good = g_task_propagate_boolean (G_TASK (result), &error);

  if (is_good)
    toast = rt_toast_new ("%s", _ ("Everything is read anew; drafts and outbox were kept."));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    toast = rt_toast_new ("%s", _ ("Nothing was thrown away."));
  else
    toast = rt_toast_new (_ ("Nothing was thrown away: %s"), error->message);
  rt_toast_show (GTK_WIDGET (source), toast);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtUpkeep *self = RT_UPKEEP (source);
  g_autoptr (GTask) task = NULL;

  if (!rt_question_ask_finish (result) || self->desk == NULL)
    return;
  task = g_task_new (self, NULL, rebuilt_cb, NULL);
  rt_desk_run (self->desk, task, rebuild_job);
}

static void
rebuild_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtUpkeep *self = RT_UPKEEP (widget);
  const RtAccount *account = rt_desk_get_account (self->desk);
  /* Translators: %s is the name of an account */
  g_autofree char *heading = g_strdup_printf (_ ("Rebuild the replica of “%s”?"), account->name);
  const RtQuestionText text = {
    .heading = heading,
    .body = _ ("The copy of what Stripe has is thrown away and read anew. Drafts and outbox stay; "
               "nothing changes at Stripe."),
    .action = _ ("_Rebuild"),
    .is_destructive = TRUE,
  };

  rt_question_ask_async (self, &text, answered_cb, NULL);
}

static void
rt_upkeep_dispose (GObject *object)
{
  RtUpkeep *self = RT_UPKEEP (object);

  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_UPKEEP);
  g_clear_pointer (&self->rates, g_array_unref);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_upkeep_parent_class)->dispose (object);
}

static void
rt_upkeep_class_init (RtUpkeepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_upkeep_dispose;
  gtk_widget_class_install_action (widget_class, "upkeep.rebuild", NULL, rebuild_cb);
  gtk_widget_class_set_template_from_resource (widget_class, "/dev/retainer/Retainer/rt-upkeep.ui");
  gtk_widget_class_bind_template_child (widget_class, RtUpkeep, rate);
  gtk_widget_class_bind_template_callback (widget_class, rate_cb);
}

static void
rt_upkeep_init (RtUpkeep *self)
{
  self->rates = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rt_upkeep_set_desk (RtUpkeep *self, RtDesk *desk)
{
  self->desk = g_object_ref (desk);
  show_rate (self);
}
