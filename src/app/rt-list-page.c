#include "rt-list-page.h"

#include <glib/gi18n-lib.h>

#include "rt-id-list.h"
#include "rt-page-header.h"
#include "rt-status.h"

struct _RtListPage
{
  AdwBin parent_instance;

  RtPageHeader *header;
  GtkButton *new;
  GtkToggleButton *search_button;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search;
  GtkStack *stack;
  AdwStatusPage *empty;
  AdwStatusPage *failed;
  GtkButton *empty_button;
  GtkListView *view;

  const RtArea *area;
  RtIdList *list; /* (owned) */
  gboolean is_archived;
  RtSort sort;
};

enum
{
  PROP_0,
  PROP_ARCHIVED,
  PROP_SORT,
};

/* The targets of `list.sort`. */
static const char *const sorts[] = { [RT_SORT_NAME] = "name", [RT_SORT_NEWEST] = "newest" };

G_DEFINE_FINAL_TYPE (RtListPage, rt_list_page, ADW_TYPE_BIN)

static gboolean
is_searching (RtListPage *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
}

static void
show_empty (RtListPage *self)
{
  const char *title = g_dgettext (GETTEXT_PACKAGE, self->area->none_title);
  const char *text = g_dgettext (GETTEXT_PACKAGE, self->area->none_text);
  const char *icon = self->area->icon_name;

  if (is_searching (self))
    {
      title = _ ("Nothing Found");
      text = _ ("Try other words.");
      icon = "system-search-symbolic";
    }
  else if (self->is_archived)
    {
      title = g_dgettext (GETTEXT_PACKAGE, self->area->none_archived);
      text = NULL;
    }
  adw_status_page_set_title (self->empty, title);
  adw_status_page_set_description (self->empty, text);
  adw_status_page_set_icon_name (self->empty, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_button),
                          !is_searching (self) && !self->is_archived);
}

static void
loaded_cb (RtListPage *self)
{
  const char *problem = rt_id_list_get_problem (self->list);
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0;

  if (problem != NULL)
    rt_status_set_text (self->failed, problem);
  else if (is_empty)
    show_empty (self);
  gtk_stack_set_visible_child_name (self->stack, problem != NULL ? "failed"
                                                 : is_empty      ? "empty"
                                                                 : "list");
}

static void
set_filter (RtListPage *self)
{
  const RtFilter filter = {
    .search = is_searching (self) ? gtk_editable_get_text (GTK_EDITABLE (self->search)) : NULL,
    .archived = self->is_archived,
    .sort = self->sort,
  };

  if (self->list != NULL)
    rt_id_list_set_filter (self->list, &filter);
}

static void
search_changed_cb (RtListPage *self)
{
  set_filter (self);
}

static void
activated_cb (RtListPage *self, guint position)
{
  g_autoptr (RtListItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  /* One that has just gone has no id, which would open a new one. */
  if (item != NULL && *rt_list_item_get_id (item) != '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "win.edit", "(ss)", self->area->object,
                                rt_list_item_get_id (item));
}

static void
new_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.edit", "(ss)", RT_LIST_PAGE (widget)->area->object, "");
}

static void
search_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtListPage *self = RT_LIST_PAGE (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static gboolean
rt_list_page_grab_focus (GtkWidget *widget)
{
  RtListPage *self = RT_LIST_PAGE (widget);
  GtkWidget *view = GTK_WIDGET (self->view);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0)
    return gtk_widget_grab_focus (GTK_WIDGET (self->empty_button));
  if (!gtk_widget_grab_focus (view))
    return FALSE;
  /* A list in which no row had the focus yet keeps it for itself. */
  return !gtk_widget_is_focus (view) || gtk_widget_child_focus (view, GTK_DIR_TAB_FORWARD);
}

static void
rt_list_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtListPage *self = RT_LIST_PAGE (object);

  if (id == PROP_ARCHIVED)
    g_value_set_boolean (value, self->is_archived);
  else
    g_value_set_string (value, sorts[self->sort]);
}

static void
rt_list_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RtListPage *self = RT_LIST_PAGE (object);

  if (id == PROP_ARCHIVED)
    self->is_archived = g_value_get_boolean (value);
  else
    self->sort = g_strcmp0 (g_value_get_string (value), sorts[RT_SORT_NEWEST]) == 0 ? RT_SORT_NEWEST
                                                                                    : RT_SORT_NAME;
  set_filter (self);
}

static void
rt_list_page_dispose (GObject *object)
{
  RtListPage *self = RT_LIST_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_LIST_PAGE);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (rt_list_page_parent_class)->dispose (object);
}

static void
rt_list_page_class_init (RtListPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rt_list_page_get_property;
  object_class->set_property = rt_list_page_set_property;
  object_class->dispose = rt_list_page_dispose;
  widget_class->grab_focus = rt_list_page_grab_focus;
  g_object_class_install_property (object_class, PROP_ARCHIVED,
                                   g_param_spec_boolean ("archived", NULL, NULL, FALSE, flags));
  g_object_class_install_property (object_class, PROP_SORT,
                                   g_param_spec_string ("sort", NULL, NULL, sorts[0], flags));
  gtk_widget_class_install_action (widget_class, "list.new", NULL, new_cb);
  gtk_widget_class_install_action (widget_class, "list.search", NULL, search_cb);
  gtk_widget_class_install_property_action (widget_class, "list.archived", "archived");
  gtk_widget_class_install_property_action (widget_class, "list.sort", "sort");

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-list-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtListPage, header);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, new);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, search_button);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, search);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, empty);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, empty_button);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, failed);
  gtk_widget_class_bind_template_child (widget_class, RtListPage, view);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
rt_list_page_init (RtListPage *self)
{
  g_type_ensure (RT_TYPE_PAGE_HEADER);
  g_type_ensure (RT_TYPE_LIST_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search));
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self));
  g_object_bind_property (self->search_bar, "search-mode-enabled", self->search_button, "active",
                          G_BINDING_BIDIRECTIONAL);
}

static void
set_label (GtkWidget *widget, const char *label)
{
  gtk_widget_set_tooltip_text (widget, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
set_texts (RtListPage *self)
{
  const char *new_label = g_dgettext (GETTEXT_PACKAGE, self->area->new_label);
  const char *search_label = g_dgettext (GETTEXT_PACKAGE, self->area->search_label);
  const char *title = g_dgettext (GETTEXT_PACKAGE, self->area->title);

  g_object_set (self->header, "title", title, NULL);
  g_object_set (self->search, "placeholder-text", search_label, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  search_label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  gtk_button_set_label (self->empty_button, new_label);
  set_label (GTK_WIDGET (self->new), new_label);
  set_label (GTK_WIDGET (self->search_button), search_label);
}

GtkWidget *
rt_list_page_new (RtDesk *desk, const RtArea *area)
{
  RtListPage *self = g_object_new (RT_TYPE_LIST_PAGE, NULL);
  g_autoptr (GtkSelectionModel) selection = NULL;

  self->area = area;
  self->list = rt_id_list_new (rt_desk_get_store (desk), area);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->list))));
  gtk_list_view_set_model (self->view, selection);
  g_signal_connect_object (self->list, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  rt_page_header_set_desk (self->header, desk);
  set_texts (self);
  loaded_cb (self);
  return GTK_WIDGET (self);
}
