#include "rt-bar.h"

#define SPACING 12
#define LEAST_TEXT 220 /* what the text needs beside the button; with less, that stands below */

struct _RtBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkWidget *content;
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
  gtk_widget_class_bind_template_child (widget_class, RtBar, content);
  gtk_widget_class_bind_template_child (widget_class, RtBar, text);
  gtk_widget_class_bind_template_child (widget_class, RtBar, button);
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *content)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
get_natural (GtkWidget *widget, GtkOrientation orientation, int for_size)
{
  int natural = 0;

  gtk_widget_measure (widget, orientation, for_size, NULL, &natural, NULL, NULL);
  return natural;
}

/* With the gap before it. */
static int
get_button_width (GtkWidget *button)
{
  return gtk_widget_get_visible (button)
             ? SPACING + get_natural (button, GTK_ORIENTATION_HORIZONTAL, -1)
             : 0;
}

static gboolean
is_stacked (GtkWidget *button, int width)
{
  return gtk_widget_get_visible (button) && width - get_button_width (button) < LEAST_TEXT;
}

/* lint: long, because GtkCustomLayout says which parameters there are */
static void
measure (GtkWidget *content, GtkOrientation orientation, int width, int *minimum, int *natural,
         int *minimum_baseline, int *natural_baseline)
{
  GtkWidget *text = gtk_widget_get_first_child (content);
  GtkWidget *button = gtk_widget_get_last_child (content);
  int button_width = get_button_width (button);
  int button_height = get_natural (button, GTK_ORIENTATION_VERTICAL, -1);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (text, orientation, -1, minimum, natural, NULL, NULL);
      *minimum = MAX (*minimum, button_width);
      *natural += button_width;
      return;
    }
  if (is_stacked (button, width))
    *natural = get_natural (text, orientation, width) + SPACING + button_height;
  else
    *natural = MAX (get_natural (text, orientation, MAX (width - button_width, -1)), button_height);
  *minimum = *natural;
}

static void
allocate (GtkWidget *content, int width, int height, int baseline)
{
  GtkWidget *text = gtk_widget_get_first_child (content);
  GtkWidget *button = gtk_widget_get_last_child (content);
  gboolean is_rtl = gtk_widget_get_direction (content) == GTK_TEXT_DIR_RTL;
  int button_width = get_button_width (button);
  GtkAllocation above = { 0, 0, width, height };
  GtkAllocation end = { 0, 0, MAX (button_width - SPACING, 0),
                        get_natural (button, GTK_ORIENTATION_VERTICAL, -1) };

  if (is_stacked (button, width))
    {
      above.height = height - SPACING - end.height;
      end.y = height - end.height;
    }
  else
    {
      above.width = width - button_width;
      above.x = is_rtl ? button_width : 0;
      end.y = (height - end.height) / 2;
    }
  end.x = is_rtl ? 0 : width - end.width;
  gtk_widget_size_allocate (text, &above, -1);
  if (gtk_widget_should_layout (button))
    gtk_widget_size_allocate (button, &end, -1);
}

static void
rt_bar_init (RtBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (self->content,
                                 gtk_custom_layout_new (get_request_mode, measure, allocate));
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
