#include <glib/gi18n.h>

#include "rt-ctl.h"

static RtExit
list (RtCtl *ctl, RtStore *store)
{
  static const char *const columns[] = { "name", "made", "changes", "drafts", "good", NULL };
  g_autoptr (GPtrArray) backups = rt_backup_list (rt_store_get_path (store));
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < backups->len; i++)
    json_array_add_object_element (array, rt_backup_to_json (g_ptr_array_index (backups, i)));
  rt_ctl_print_list (ctl, array, columns);
  return RT_EXIT_DONE;
}

static RtExit
create (RtCtl *ctl, RtStore *store)
{
  GError *error = NULL;
  g_autoptr (RtBackup) backup = rt_backup_create (store, NULL, &error);

  if (backup == NULL)
    return rt_ctl_fail (ctl, error);
  rt_ctl_print_object (ctl, rt_backup_to_json (backup));
  return RT_EXIT_DONE;
}

static RtExit
restore (RtCtl *ctl, const char *name)
{
  GError *error = NULL;
  RtRestored restored;
  JsonObject *object;

  if (!rt_session_restore (ctl->session, name, NULL, &restored, &error))
    return rt_ctl_fail (ctl, error);
  object = json_object_new ();
  json_object_set_int_member (object, "changes", restored.n_changes);
  json_object_set_int_member (object, "drafts", restored.n_drafts);
  json_object_set_int_member (object, "known", restored.n_known);
  rt_ctl_print_object (ctl, object);
  return RT_EXIT_DONE;
}

RtExit
rt_ctl_backup (RtCtl *ctl, char **arguments)
{
  static const char *const names[] = { "list", "create", "restore", NULL };
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  gboolean is_restoring = g_str_equal (name, "restore");
  g_autoptr (GPtrArray) rest = NULL;
  GError *error = NULL;
  RtStore *store;

  if (!g_strv_contains (names, name))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("backup"));
  rest = rt_ctl_parse (ctl, arguments + 1, NULL, is_restoring ? 1 : 0, NULL);
  if (rest == NULL)
    return RT_EXIT_USAGE;
  store = rt_ctl_open (ctl, &error);
  if (store == NULL)
    return rt_ctl_fail (ctl, error);
  if (is_restoring)
    return restore (ctl, g_ptr_array_index (rest, 0));
  return g_str_equal (name, "list") ? list (ctl, store) : create (ctl, store);
}
