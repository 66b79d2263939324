#include "rt-bar.h"

struct _RtBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *text;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (RtBar, rt_bar, ADW_TYPE_BIN)

static void
rt_bar_dispose (GObject *object)
{
  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_BAR);
  G_OBJECT_CLASS (rt_bar_parent_class)->dispose (object);
}

static void
rt_bar_class_init (RtBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/dev/retainer/Retainer/rt-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RtBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, RtBar, text);
  gtk_widget_class_bind_template_child (widget_class, RtBar, button);
}

static void
rt_bar_init (RtBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Never a name with the target of another: GTK would warn about the mismatch. */
static void
set_action (GtkActionable *button, const char *action)
{
  g_autoptr (GVariant) target = NULL;
  g_autofree char *name = NULL;

  if (!g_action_parse_detailed_name (action, &name, &target, NULL))
    g_return_if_reached ();
  gtk_actionable_set_action_name (button, NULL);
  gtk_actionable_set_action_target_value (button, target);
  gtk_actionable_set_action_name (button, name);
}

void
rt_bar_show (RtBar *self, const char *text, const char *label, const char *action)
{
  gtk_label_set_label (self->text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  if (label != NULL)
    {
      gtk_button_set_label (self->button, label);
      set_action (GTK_ACTIONABLE (self->button), action);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

void
rt_bar_hide (RtBar *self)
{
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
