#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

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

static gboolean
is_help (const char *argument)
{
  return g_str_equal (argument, "--help") || g_str_equal (argument, "-h");
}

static gboolean
wants_help (char **arguments)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    if (is_help (arguments[i]))
      return TRUE;
  return FALSE;
}

static RtExit
run_command (RtCtl *ctl, char **arguments)
{
  const char *name = arguments[0];
  GError *error = NULL;

  if (name == NULL)
    return rt_ctl_usage (ctl, "%s", rt_ctl_help (NULL));
  if (g_str_equal (name, "help") || is_help (name))
    return help (ctl, arguments[1]);
  if (g_str_equal (name, "--version"))
    return tell (ctl, "version", ctl->is_json ? RT_VERSION : "retainerctl " RT_VERSION "\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (!g_str_equal (commands[i].name, name))
        continue;
      if (wants_help (arguments))
        return help (ctl, name);
      ctl->workspace = rt_workspace_new_from_environment (&error);
      return ctl->workspace != NULL ? commands[i].run (ctl, arguments + 1)
                                    : rt_ctl_fail (ctl, error);
    }
  return rt_ctl_usage (ctl, _ ("There is no command “%s”."), name);
}

/* `--json` and `--account` may stand anywhere. Returns: (transfer full): the rest */
static GStrv
take_global_options (RtCtl *ctl, char **arguments, gboolean *is_missing)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      if (g_str_equal (arguments[i], "--json"))
        ctl->is_json = TRUE;
      else if (g_str_has_prefix (arguments[i], "--account="))
        ctl->account = arguments[i] + strlen ("--account=");
      else if (!g_str_equal (arguments[i], "--account"))
        g_ptr_array_add (rest, g_strdup (arguments[i]));
      else if (arguments[i + 1] != NULL)
        ctl->account = arguments[++i];
      else
        *is_missing = TRUE;
    }
  g_ptr_array_add (rest, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&rest), FALSE);
}

int
main (int argc, char **argv)
{
  RtCtl ctl = { 0 };
  gboolean is_missing = FALSE;
  g_auto (GStrv) arguments = NULL;
  RtExit result;

  rt_workspace_protect_keys ();
  rt_ctl_print_begin ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, RT_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  arguments = take_global_options (&ctl, argv + 1, &is_missing);
  result = is_missing ? rt_ctl_usage (&ctl, _ ("%s needs a value."), "--account")
                      : run_command (&ctl, arguments);
  if (!rt_ctl_print_end () && result == RT_EXIT_DONE)
    result = rt_ctl_fail (&ctl, rt_error_new (RT_ERROR_STORAGE, NULL,
                                              _ ("What was to be printed could not be written.")));
  g_clear_object (&ctl.session);
  rt_workspace_free (ctl.workspace);
  return (int) result;
}
