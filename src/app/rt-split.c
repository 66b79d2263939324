#include "rt-split.h"

#define FOLD_BELOW 700
#define SIDEBAR_WIDTH 230

struct _RtSplit
{
  GtkWidget parent_instance;

  GtkWidget *sidebar; /* (owned) */
  GtkWidget *content; /* (owned) */
  gboolean show_content;
  gboolean is_folded;
  guint tick; /* tells `folded` outside of an allocation */
};

enum
{
  PROP_0,
  PROP_FOLDED,
  PROP_SHOW_CONTENT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void rt_split_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RtSplit, rt_split, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, rt_split_buildable_init))

static GtkBuildableIface *parent_buildable;

static void
rt_split_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  RtSplit *self = RT_SPLIT (buildable);

  if (g_strcmp0 (type, "sidebar") == 0)
    self->sidebar = GTK_WIDGET (child);
  else if (g_strcmp0 (type, "content") == 0)
    self->content = GTK_WIDGET (child);
  else
    return parent_buildable->add_child (buildable, builder, child, type);
  gtk_widget_set_parent (GTK_WIDGET (child), GTK_WIDGET (self));
}

static void
rt_split_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = rt_split_add_child;
}

/* lint: long, because GtkWidget says which parameters there are */
static void
rt_split_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  RtSplit *self = RT_SPLIT (widget);
  int sidebar_minimum, sidebar_natural, content_minimum, content_natural;

  gtk_widget_measure (self->sidebar, orientation, -1, &sidebar_minimum, &sidebar_natural, NULL,
                      NULL);
  gtk_widget_measure (self->content, orientation, -1, &content_minimum, &content_natural, NULL,
                      NULL);
  *minimum = MAX (sidebar_minimum, content_minimum);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? sidebar_natural + content_natural
                                                       : MAX (sidebar_natural, content_natural);
}

static gboolean
notify_folded_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  RT_SPLIT (widget)->tick = 0;
  g_object_notify_by_pspec (G_OBJECT (widget), props[PROP_FOLDED]);
  return G_SOURCE_REMOVE;
}

static void
set_folded (RtSplit *self, gboolean is_folded)
{
  if (self->is_folded == is_folded)
    return;
  self->is_folded = is_folded;
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), notify_folded_cb, NULL, NULL);
}

static void
rt_split_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RtSplit *self = RT_SPLIT (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation sidebar = { 0, 0, width, height };
  GtkAllocation content = { 0, 0, width, height };

  set_folded (self, width < FOLD_BELOW);
  gtk_widget_set_child_visible (self->sidebar, !self->is_folded || !self->show_content);
  gtk_widget_set_child_visible (self->content, !self->is_folded || self->show_content);
  if (!self->is_folded)
    {
      int minimum;

      gtk_widget_measure (self->sidebar, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                          NULL);
      sidebar.width = MAX (minimum, SIDEBAR_WIDTH);
      content.width = width - sidebar.width;
      sidebar.x = is_rtl ? content.width : 0;
      content.x = is_rtl ? 0 : sidebar.width;
    }
  if (gtk_widget_get_child_visible (self->sidebar))
    gtk_widget_size_allocate (self->sidebar, &sidebar, -1);
  if (gtk_widget_get_child_visible (self->content))
    gtk_widget_size_allocate (self->content, &content, -1);
}

static void
rt_split_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtSplit *self = RT_SPLIT (object);

  if (id == PROP_FOLDED)
    g_value_set_boolean (value, self->is_folded);
  else
    g_value_set_boolean (value, self->show_content);
}

static void
rt_split_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  rt_split_set_show_content (RT_SPLIT (object), g_value_get_boolean (value));
}

static void
rt_split_dispose (GObject *object)
{
  RtSplit *self = RT_SPLIT (object);

  g_clear_pointer (&self->sidebar, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_split_parent_class)->dispose (object);
}

static void
rt_split_class_init (RtSplitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rt_split_get_property;
  object_class->set_property = rt_split_set_property;
  object_class->dispose = rt_split_dispose;
  widget_class->measure = rt_split_measure;
  widget_class->size_allocate = rt_split_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "rt-split");
  props[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  props[PROP_SHOW_CONTENT]
      = g_param_spec_boolean ("show-content", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rt_split_init (RtSplit *self)
{
}

void
rt_split_set_show_content (RtSplit *self, gboolean show_content)
{
  if (self->show_content == show_content)
    return;
  self->show_content = show_content;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOW_CONTENT]);
}

const char *
rt_split_get_decoration_layout (RtSplit *self)
{
  g_autofree char *usual = NULL;

  if (!self->is_folded)
    return NULL;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-decoration-layout", &usual, NULL);
  return g_str_has_prefix (usual, "close") ? "close:" : ":close";
}
