#include "rt-client-actions.h"
#include "rt-ctl.h"

/* What a client's form has, in the words of CLI.md. */
static const RtCtlOption form[] = {
  { "--name", "name", RT_CTL_TEXT },       { "--email", "email", RT_CTL_TEXT },
  { "--country", "country", RT_CTL_TEXT }, { "--postal-code", "postal_code", RT_CTL_TEXT },
  { "--notes", "notes", RT_CTL_TEXT },     { NULL, NULL, RT_CTL_SWITCH },
};

static RtExit
print (RtCtl *ctl, RtClient *client, GError *error)
{
  if (client == NULL)
    return rt_ctl_fail (ctl, error);
  rt_ctl_print_object (ctl, rt_client_to_json (client));
  rt_client_unref (client);
  return RT_EXIT_DONE;
}

static RtExit
create (RtCtl *ctl, char **arguments)
{
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, form, 0, &draft);
  GError *error = NULL;
  RtClient *client;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  store = rt_ctl_open (ctl, &error);
  client = store != NULL ? rt_client_create (store, draft, &error) : NULL;
  return print (ctl, client, error);
}

static RtExit
update (RtCtl *ctl, char **arguments)
{
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, form, 1, &draft);
  GError *error = NULL;
  RtClient *client;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  store = rt_ctl_open (ctl, &error);
  client
      = store != NULL ? rt_client_update (store, g_ptr_array_index (rest, 0), draft, &error) : NULL;
  return print (ctl, client, error);
}

static JsonObject *
row_to_json (RtStore *store, gint64 row)
{
  g_autoptr (RtClient) client = rt_store_get_client (store, row);

  return client != NULL ? rt_client_to_json (client) : NULL;
}

static RtExit
list (RtCtl *ctl, char **arguments)
{
  static const char *const columns[]
      = { "id", "name", "email", "country", "postal_code", "state", NULL };

  return rt_ctl_list (ctl, arguments, rt_store_client_rows, row_to_json, columns);
}

static RtExit
show_or_archive (RtCtl *ctl, const char *name, const char *id)
{
  GError *error = NULL;
  RtStore *store = rt_ctl_open (ctl, &error);
  RtClient *client = NULL;

  if (store != NULL)
    client = g_str_equal (name, "show")
                 ? rt_store_find_client (store, id, &error)
                 : rt_client_set_archived (store, id, g_str_equal (name, "archive"), &error);
  return print (ctl, client, error);
}

RtExit
rt_ctl_client (RtCtl *ctl, char **arguments)
{
  static const char *const names[]
      = { "create", "update", "list", "show", "archive", "restore", NULL };
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  const char *id;

  if (!g_strv_contains (names, name))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("client"));
  if (g_str_equal (name, "create"))
    return create (ctl, arguments + 1);
  if (g_str_equal (name, "update"))
    return update (ctl, arguments + 1);
  if (g_str_equal (name, "list"))
    return list (ctl, arguments + 1);
  id = rt_ctl_parse_id (ctl, arguments + 1);
  if (id == NULL)
    return RT_EXIT_USAGE;
  return show_or_archive (ctl, name, id);
}
