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

GtkWidget *
rt_window_page_new (RtWindow *self, const char *action, GVariant *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (opened); i++)
    if (g_str_equal (opened[i].action, action))
      return opened[i].page_new (self->desk, parameter);
  g_return_val_if_reached (NULL);
}
