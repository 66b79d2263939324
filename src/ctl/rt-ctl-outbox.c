#include <glib/gi18n.h>

#include "rt-ctl.h"
#include "rt-queue.h"

static RtExit
list (RtCtl *ctl, RtStore *store)
{
  static const char *const columns[] = { "id", "title", "state", "attempts", NULL };
  GError *error = NULL;
  g_autoptr (GPtrArray) changes = rt_change_list (store, &error);
  JsonArray *array;

  if (changes == NULL)
    return rt_ctl_fail (ctl, error);
  array = json_array_new ();
  for (guint i = 0; i < changes->len; i++)
    json_array_add_object_element (array, rt_change_to_json (g_ptr_array_index (changes, i)));
  rt_ctl_print_list (ctl, array, columns);
  return RT_EXIT_DONE;
}

static RtExit
show (RtCtl *ctl, RtStore *store, const char *key)
{
  GError *error = NULL;
  g_autoptr (RtChange) change = rt_change_find (store, key, &error);

  if (change == NULL)
    return rt_ctl_fail (ctl, error);
  rt_ctl_print_object (ctl, rt_change_to_json (change));
  return RT_EXIT_DONE;
}

static RtExit
retry (RtCtl *ctl, RtStore *store, const char *key)
{
  GError *error = NULL;

  if (!rt_queue_retry (store, key, &error))
    return rt_ctl_fail (ctl, error);
  return show (ctl, store, key);
}

static RtExit
discard (RtCtl *ctl, RtStore *store, char **arguments)
{
  static const RtCtlOption options[] = { { "--yes", "yes", FALSE }, { NULL, NULL, FALSE } };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 1, &draft);
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  change = rt_change_find (store, g_ptr_array_index (rest, 0), &error);
  if (change == NULL
      || !rt_queue_discard (store, change->id, rt_draft_get (draft, "yes") != NULL, &error))
    return rt_ctl_fail (ctl, error);
  rt_ctl_print_object (ctl, rt_change_to_json (change));
  return RT_EXIT_DONE;
}

RtExit
rt_ctl_outbox (RtCtl *ctl, char **arguments)
{
  static const char *const names[] = { "list", "show", "retry", "discard", NULL };
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  guint n_arguments = g_strv_length (arguments);
  GError *error = NULL;
  RtStore *store;

  if (!g_strv_contains (names, name))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("outbox"));
  if (!rt_ctl_open (ctl, &error))
    return rt_ctl_fail (ctl, error);
  store = rt_session_get_store (ctl->session);
  if (g_str_equal (name, "list") && n_arguments == 1)
    return list (ctl, store);
  if (g_str_equal (name, "show") && n_arguments == 2)
    return show (ctl, store, arguments[1]);
  if (g_str_equal (name, "retry") && n_arguments == 2)
    return retry (ctl, store, arguments[1]);
  if (g_str_equal (name, "discard"))
    return discard (ctl, store, arguments + 1);
  return rt_ctl_usage (ctl, "%s", rt_ctl_help ("outbox"));
}
