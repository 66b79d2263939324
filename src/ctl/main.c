#include <glib/gi18n.h>
#include <locale.h>

#include "rt-ctl.h"

static const struct
{
  const char *name;
  RtExit (*run) (RtCtl *ctl, char **arguments);
} commands[] = {
  { "account", rt_ctl_account }, { "product", rt_ctl_product },   { "client", rt_ctl_client },
  { "coupon", rt_ctl_coupon },   { "sync", rt_ctl_sync },         { "outbox", rt_ctl_outbox },
  { "log", rt_ctl_log },         { "check", rt_ctl_check },       { "rebuild", rt_ctl_rebuild },
  { "backup", rt_ctl_backup },   { "practice", rt_ctl_practice },
};

static RtExit
tell (RtCtl *ctl, const char *name, const char *text)
{
  JsonObject *object;

  if (!ctl->is_json)
    {
      g_print ("%s", text);
      return RT_EXIT_DONE;
    }
  object = json_object_new ();
  json_object_set_string_member (object, name, text);
  rt_ctl_print_object (ctl, object);
  return RT_EXIT_DONE;
}

static RtExit
help (RtCtl *ctl, const char *command)
{
  const char *text = rt_ctl_help (command);

  if (text == NULL)
    return rt_ctl_usage (ctl, _ ("There is no command “%s”."), command);
  return tell (ctl, "help", text);
}

static RtExit
run (RtCtl *ctl, guint command, char **arguments)
{
  GError *error = NULL;
  RtExit result;

  ctl->workspace = rt_workspace_new_from_environment (&error);
  if (ctl->workspace == NULL)
    return rt_ctl_fail (ctl, error);
  result = commands[command].run (ctl, arguments);
  return ctl->wants_help ? help (ctl, commands[command].name) : result;
}

static RtExit
run_command (RtCtl *ctl, char **arguments)
{
  const char *name = arguments[0];

  if (g_strcmp0 (name, "help") == 0)
    return help (ctl, arguments[1]);
  if (ctl->wants_help)
    return help (ctl, name);
  if (name == NULL)
    return rt_ctl_usage (ctl, "%s", rt_ctl_help (NULL));
  if (g_str_equal (name, "--version"))
    return tell (ctl, "version", ctl->is_json ? RT_VERSION : "retainerctl " RT_VERSION "\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return run (ctl, i, arguments + 1);
  return rt_ctl_usage (ctl, _ ("There is no command “%s”."), name);
}

int
main (int argc, char **argv)
{
  RtCtl ctl = { 0 };
  g_autoptr (GPtrArray) arguments = NULL;
  RtExit result;

  rt_workspace_protect_keys ();
  rt_ctl_print_begin ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, RT_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  arguments = rt_ctl_parse_globals (&ctl, argv + 1);
  result = arguments != NULL ? run_command (&ctl, (char **) arguments->pdata) : RT_EXIT_USAGE;
  if (!rt_ctl_print_end () && result == RT_EXIT_DONE)
    result = rt_ctl_fail (&ctl, rt_error_new (RT_ERROR_STORAGE, NULL,
                                              _ ("What was to be printed could not be written.")));
  g_clear_object (&ctl.session);
  rt_workspace_free (ctl.workspace);
  return (int) result;
}
