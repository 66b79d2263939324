#include "rt-backup-page.h"
#include "rt-conflict-page.h"
#include "rt-log-page.h"
#include "rt-verify-page.h"
#include "rt-window-private.h"

static GtkWidget *
log_new (RtDesk *desk, GVariant *parameter)
{
  return rt_log_page_new (desk);
}

static GtkWidget *
backups_new (RtDesk *desk, GVariant *parameter)
{
  return rt_backup_page_new (desk);
}

static GtkWidget *
verify_new (RtDesk *desk, GVariant *parameter)
{
  return rt_verify_page_new (desk);
}

static GtkWidget *
conflict_new (RtDesk *desk, GVariant *parameter)
{
  return rt_conflict_page_new (desk, g_variant_get_string (parameter, NULL));
}

static const struct
{
  const char *action;
  GtkWidget *(*page_new) (RtDesk *desk, GVariant *parameter);
} opened[] = {
  { "win.show-log", log_new },
  { "win.show-backups", backups_new },
  { "win.verify", verify_new },
  { "win.decide", conflict_new },
};

static gboolean
layout_cb (GBinding *binding, const GValue *folded, GValue *layout, gpointer split)
{
  g_value_set_static_string (layout, rt_split_get_decoration_layout (split));
  return TRUE;
}

/* The bar is the first in each of them. */
static GtkWidget *
follow_split (RtWindow *self, GtkWidget *page)
{
  GtkWidget *bar = gtk_widget_get_first_child (adw_bin_get_child (ADW_BIN (page)));

  g_object_bind_property_full (self->split, "folded", bar, "decoration-layout",
                               G_BINDING_SYNC_CREATE, layout_cb, NULL, self->split, NULL);
  return page;
}

GtkWidget *
rt_window_page_new (RtWindow *self, const char *action, GVariant *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (opened); i++)
    if (g_str_equal (opened[i].action, action))
      return follow_split (self, opened[i].page_new (self->desk, parameter));
  g_return_val_if_reached (NULL);
}
