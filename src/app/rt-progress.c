#include "rt-progress.h"

#include <glib/gi18n-lib.h>

#include "rt-number.h"

struct _RtProgress
{
  AdwBin parent_instance;

  GtkLabel *reason;
  GtkLabel *count;
  GtkProgressBar *bar;
  GtkButton *cancel;
};

G_DEFINE_FINAL_TYPE (RtProgress, rt_progress, ADW_TYPE_BIN)

static void
rt_progress_dispose (GObject *object)
{
  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_PROGRESS);
  G_OBJECT_CLASS (rt_progress_parent_class)->dispose (object);
}

static void
rt_progress_class_init (RtProgressClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_progress_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-progress.ui");
  gtk_widget_class_bind_template_child (widget_class, RtProgress, reason);
  gtk_widget_class_bind_template_child (widget_class, RtProgress, count);
  gtk_widget_class_bind_template_child (widget_class, RtProgress, bar);
  gtk_widget_class_bind_template_child (widget_class, RtProgress, cancel);
}

static void
rt_progress_init (RtProgress *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rt_progress_set_action (RtProgress *self, const char *action)
{
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->cancel), action);
}

static char *
dup_number (guint n)
{
  RtDecimal value;
  g_autofree char *text = g_strdup_printf ("%u", n);

  return rt_number_parse (text, RT_NUMBER_PLAIN, &value) ? rt_number_format (value, 0, TRUE)
                                                         : g_steal_pointer (&text);
}

static char *
dup_count (guint n_read, guint n_known)
{
  g_autofree char *read = dup_number (n_read);
  g_autofree char *known = dup_number (n_known);

  if (n_read == 0)
    return g_strdup (_ ("Waiting for Stripe…"));
  if (n_known == 0)
    return g_strdup_printf (ngettext ("%s object read", "%s objects read", n_read), read);
  /* Translators: numbers: "12,300 of 20,000 objects read" */
  return g_strdup_printf (ngettext ("%s of %s object read", "%s of %s objects read", n_known), read,
                          known);
}

void
rt_progress_show (RtProgress *self, const char *reason, guint n_read, guint n_known)
{
  g_autofree char *count = dup_count (n_read, n_known);

  gtk_label_set_label (self->count, count);
  gtk_label_set_label (self->reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL);
  if (n_known > 0)
    gtk_progress_bar_set_fraction (self->bar, MIN (1.0, (double) n_read / n_known));
  else
    gtk_progress_bar_pulse (self->bar);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
rt_progress_hide (RtProgress *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
