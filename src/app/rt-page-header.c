#include "rt-page-header.h"

#include "rt-split.h"

struct _RtPageHeader
{
  AdwBin parent_instance;

  AdwHeaderBar *bar;
  AdwWindowTitle *title;
  GtkLabel *status;
  GtkButton *back;
  GtkButton *sync;
  GtkStack *sync_stack;
  GtkSpinner *spinner;

  RtDesk *desk; /* (owned) (nullable) */
};

enum
{
  PROP_0,
  PROP_TITLE,
};

static void rt_page_header_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RtPageHeader, rt_page_header, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      rt_page_header_buildable_init))

static GtkBuildableIface *parent_buildable;

static void
rt_page_header_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                          const char *type)
{
  RtPageHeader *self = RT_PAGE_HEADER (buildable);

  if (g_strcmp0 (type, "start") == 0)
    adw_header_bar_pack_start (self->bar, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    adw_header_bar_pack_end (self->bar, GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
rt_page_header_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = rt_page_header_add_child;
}

static void
desk_changed_cb (RtPageHeader *self)
{
  g_autofree char *text = NULL;
  const char *problem = rt_desk_get_problem (self->desk);
  gboolean is_syncing;

  g_object_get (self->desk, "text", &text, "syncing", &is_syncing, NULL);
  adw_window_title_set_subtitle (self->title,
                                 gtk_widget_get_visible (GTK_WIDGET (self->status)) ? NULL : text);
  gtk_label_set_label (self->status, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), problem);
  gtk_stack_set_visible_child_name (self->sync_stack, is_syncing ? "busy" : "idle");
  gtk_spinner_set_spinning (self->spinner, is_syncing);
}

/* Where it is narrow, the state of the sync has a line of its own: there is no room in the bar. */
static void
folded_cb (RtPageHeader *self, GParamSpec *pspec, RtSplit *split)
{
  gboolean is_folded;

  g_object_get (split, "folded", &is_folded, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->back), is_folded);
  gtk_widget_set_visible (GTK_WIDGET (self->status), is_folded);
  adw_header_bar_set_show_start_title_buttons (self->bar, is_folded);
  adw_header_bar_set_decoration_layout (self->bar, rt_split_get_decoration_layout (split));
  if (self->desk != NULL)
    desk_changed_cb (self);
}

static void
rt_page_header_root (GtkWidget *widget)
{
  RtPageHeader *self = RT_PAGE_HEADER (widget);
  GtkWidget *split = gtk_widget_get_ancestor (widget, RT_TYPE_SPLIT);

  GTK_WIDGET_CLASS (rt_page_header_parent_class)->root (widget);
  if (split == NULL)
    return;
  g_signal_connect_object (split, "notify::folded", G_CALLBACK (folded_cb), self,
                           G_CONNECT_SWAPPED);
  folded_cb (self, NULL, RT_SPLIT (split));
}

static void
rt_page_header_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, adw_window_title_get_title (RT_PAGE_HEADER (object)->title));
}

static void
rt_page_header_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  adw_window_title_set_title (RT_PAGE_HEADER (object)->title, g_value_get_string (value));
}

static void
rt_page_header_dispose (GObject *object)
{
  g_clear_object (&RT_PAGE_HEADER (object)->desk);
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_PAGE_HEADER);
  G_OBJECT_CLASS (rt_page_header_parent_class)->dispose (object);
}

static void
rt_page_header_class_init (RtPageHeaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_page_header_get_property;
  object_class->set_property = rt_page_header_set_property;
  object_class->dispose = rt_page_header_dispose;
  widget_class->root = rt_page_header_root;
  g_object_class_install_property (
      object_class, PROP_TITLE,
      g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-page-header.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPageHeader, bar);
  gtk_widget_class_bind_template_child (widget_class, RtPageHeader, title);
  gtk_widget_class_bind_template_child (widget_class, RtPageHeader, status);
  gtk_widget_class_bind_template_child (widget_class, RtPageHeader, back);
  gtk_widget_class_bind_template_child (widget_class, RtPageHeader, sync);
  gtk_widget_class_bind_template_child (widget_class, RtPageHeader, sync_stack);
  gtk_widget_class_bind_template_child (widget_class, RtPageHeader, spinner);
}

static void
rt_page_header_init (RtPageHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rt_page_header_set_desk (RtPageHeader *self, RtDesk *desk)
{
  g_return_if_fail (self->desk == NULL);
  self->desk = g_object_ref (desk);
  g_signal_connect_object (desk, "changed", G_CALLBACK (desk_changed_cb), self, G_CONNECT_SWAPPED);
  desk_changed_cb (self);
}
