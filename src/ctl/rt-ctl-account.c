#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "rt-ctl.h"
#include "rt-queue.h"
#include "rt-stripe-key.h"

#define MAX_RATE 100

static RtAccount *
find (RtCtl *ctl, const char *name, GError **error)
{
  return rt_accounts_find (rt_workspace_get_accounts (ctl->workspace), name, error);
}

static JsonObject *
account_to_json (RtCtl *ctl, const RtAccount *account)
{
  g_autoptr (RtAccount) current = find (ctl, NULL, NULL);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", account->id);
  json_object_set_string_member (object, "name", account->name);
  json_object_set_string_member (object, "mode", account->is_live ? "live" : "test");
  json_object_set_boolean_member (object, "practice", account->is_practice);
  rt_json_set_string (object, "stripe_account", account->stripe_account);
  json_object_set_boolean_member (object, "current",
                                  current != NULL && g_str_equal (current->id, account->id));
  return object;
}

static RtExit
print (RtCtl *ctl, const RtAccount *account)
{
  rt_ctl_print_object (ctl, account_to_json (ctl, account));
  return RT_EXIT_DONE;
}

static struct termios terminal; /* as it was before it was silenced */

/* Who gives up at the prompt gets back a terminal that shows what is typed. */
static void
give_up (int signal_number)
{
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &terminal);
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

static void
silence_terminal (void)
{
  static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };
  struct termios silent = terminal;

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    signal (signals[i], give_up);
  silent.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
}

/* The first line of stdin, unseen if a person types it. The caller wipes it. */
static char *
read_key (gboolean asks)
{
  gboolean is_silent = asks && tcgetattr (STDIN_FILENO, &terminal) == 0;
  char line[512] = "";
  char *key;

  if (is_silent)
    {
      g_printerr ("%s ", _ ("Stripe key:"));
      silence_terminal ();
    }
  if (fgets (line, sizeof line, stdin) == NULL)
    line[0] = '\0';
  if (is_silent)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &terminal);
      g_printerr ("\n");
    }
  key = g_strdup (g_strstrip (line));
  explicit_bzero (line, sizeof line);
  return key;
}

static RtExit
add (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[] = {
    { "--name", "name", RT_CTL_TEXT },
    { "--key-stdin", "key-stdin", RT_CTL_SWITCH },
    { "--practice", "practice", RT_CTL_SWITCH },
    { NULL, NULL, RT_CTL_SWITCH },
  };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  g_autoptr (RtAccount) account = NULL;
  GError *error = NULL;
  const char *name;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  name = rt_draft_get (draft, "name");
  if (name == NULL)
    return rt_ctl_usage (ctl, _ ("%s is missing."), "--name");
  /* What would be dropped was meant to say something. */
  if (rt_draft_get (draft, "practice") != NULL && rt_draft_get (draft, "key-stdin") != NULL)
    return rt_ctl_usage (ctl, _ ("%s does not go with %s."), "--key-stdin", "--practice");
  if (rt_draft_get (draft, "practice") != NULL)
    {
      account = rt_workspace_add_practice (ctl->workspace, name, &error);
    }
  else
    {
      char *key = rt_workspace_has_environment_key (ctl->workspace)
                      ? NULL
                      : read_key (rt_draft_get (draft, "key-stdin") == NULL);

      account = rt_workspace_add_with_key (ctl->workspace, name, key, FALSE, NULL, &error);
      rt_stripe_key_free (key);
    }
  return account != NULL ? print (ctl, account) : rt_ctl_fail (ctl, error);
}

/* One that was lost, revoked or replaced at Stripe; what is queued stays. */
static RtExit
set_key (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[]
      = { { "--key-stdin", "key-stdin", RT_CTL_SWITCH }, { NULL, NULL, RT_CTL_SWITCH } };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 1, &draft);
  g_autoptr (RtAccount) account = NULL;
  GError *error = NULL;
  gboolean is_set;
  char *key;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  account = find (ctl, g_ptr_array_index (rest, 0), &error);
  if (account == NULL)
    return rt_ctl_fail (ctl, error);
  /* Nobody is asked for what is going to be refused. */
  key = account->is_practice ? NULL : read_key (rt_draft_get (draft, "key-stdin") == NULL);
  is_set = rt_workspace_replace_key (ctl->workspace, account->id, key, FALSE, NULL, &error);
  rt_stripe_key_free (key);
  return is_set ? print (ctl, account) : rt_ctl_fail (ctl, error);
}

static JsonArray *
accounts_to_json (RtCtl *ctl, GError **error)
{
  g_autoptr (GPtrArray) accounts = rt_accounts_list (rt_workspace_get_accounts (ctl->workspace));
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < accounts->len; i++)
    json_array_add_object_element (array, account_to_json (ctl, g_ptr_array_index (accounts, i)));
  return array;
}

static RtExit
list (RtCtl *ctl, char **arguments)
{
  static const char *const columns[]
      = { "name", "mode", "practice", "stripe_account", "current", NULL };

  return rt_ctl_print_filtered (ctl, arguments, accounts_to_json, "name", columns);
}

static RtExit
print_status (RtCtl *ctl)
{
  GError *error = NULL;
  RtStore *store = rt_ctl_open (ctl, &error);
  JsonObject *object;
  g_autofree char *last_sync = NULL;
  g_autofree char *rate = NULL;
  guint n_waiting = 0, n_stopped = 0, n_conflicts = 0;

  if (store == NULL || !rt_queue_count (store, &n_waiting, &n_stopped, &n_conflicts, &error))
    return rt_ctl_fail (ctl, error);
  last_sync = rt_store_dup_setting (store, "last-sync-at");
  object = account_to_json (ctl, rt_session_get_account (ctl->session));
  json_object_set_int_member (object, "pending", n_waiting);
  json_object_set_int_member (object, "rejected", n_stopped);
  json_object_set_int_member (object, "conflicts", n_conflicts);
  if (last_sync != NULL)
    json_object_set_int_member (object, "last_sync", g_ascii_strtoll (last_sync, NULL, 10));
  else
    json_object_set_null_member (object, "last_sync");
  rate = rt_store_dup_setting (store, "rate");
  json_object_set_int_member (object, "rate", rate != NULL ? g_ascii_strtoll (rate, NULL, 10) : 0);
  rt_ctl_print_object (ctl, object);
  return RT_EXIT_DONE;
}

static RtExit
status (RtCtl *ctl, char **arguments)
{
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, NULL, 0, NULL);

  return rest != NULL ? print_status (ctl) : RT_EXIT_USAGE;
}

static RtExit
use (RtCtl *ctl, const char *name)
{
  g_autoptr (RtAccount) account = NULL;
  GError *error = NULL;

  if (rt_accounts_use (rt_workspace_get_accounts (ctl->workspace), name, &error))
    account = find (ctl, name, &error);
  return account != NULL ? print (ctl, account) : rt_ctl_fail (ctl, error);
}

/* Requests a second, at most; 0: the usual pace of the key's mode. */
static RtExit
set_rate (RtCtl *ctl, const char *text)
{
  GError *error = NULL;
  guint64 rate = 0;
  g_autofree char *value = NULL;
  RtStore *store;

  if (!g_ascii_string_to_unsigned (text, 10, 0, MAX_RATE, &rate, NULL))
    return rt_ctl_fail (ctl, rt_error_new (RT_ERROR_INVALID, "rate",
                                           _ ("The rate is a number from 0 to %d."), MAX_RATE));
  value = g_strdup_printf ("%" G_GUINT64_FORMAT, rate);
  store = rt_ctl_open (ctl, &error);
  if (store == NULL || !rt_store_set_setting (store, "rate", value, &error))
    return rt_ctl_fail (ctl, error);
  return print_status (ctl);
}

static RtExit
remove_account (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[]
      = { { "--yes", "yes", RT_CTL_SWITCH }, { NULL, NULL, RT_CTL_SWITCH } };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 1, &draft);
  g_autoptr (RtAccount) account = NULL;
  g_autofree char *question = NULL;
  GError *error = NULL;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  account = find (ctl, g_ptr_array_index (rest, 0), &error);
  if (account == NULL)
    return rt_ctl_fail (ctl, error);
  question = g_strdup_printf (
      _ ("Remove “%s” from this computer, with all that is queued? Stripe is not touched."),
      account->name);
  if (rt_draft_get (draft, "yes") == NULL && !rt_ctl_confirm (question))
    return rt_ctl_fail (ctl, rt_error_new (RT_ERROR_INVALID, NULL,
                                           _ ("Nothing was removed. Say --yes to remove it.")));
  if (!rt_workspace_remove (ctl->workspace, account->id, NULL, &error))
    return rt_ctl_fail (ctl, error);
  if (ctl->is_json)
    return print (ctl, account);
  g_print (_ ("“%s” was removed from this computer."), account->name);
  g_print ("\n");
  return RT_EXIT_DONE;
}

RtExit
rt_ctl_account (RtCtl *ctl, char **arguments)
{
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  const char *argument;

  if (g_str_equal (name, "add"))
    return add (ctl, arguments + 1);
  if (g_str_equal (name, "list"))
    return list (ctl, arguments + 1);
  if (g_str_equal (name, "set-key"))
    return set_key (ctl, arguments + 1);
  if (g_str_equal (name, "remove"))
    return remove_account (ctl, arguments + 1);
  if (g_str_equal (name, "status"))
    return status (ctl, arguments + 1);
  if (!g_str_equal (name, "use") && !g_str_equal (name, "set-rate"))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("account"));
  argument = rt_ctl_parse_id (ctl, arguments + 1);
  if (argument == NULL)
    return RT_EXIT_USAGE;
  return g_str_equal (name, "use") ? use (ctl, argument) : set_rate (ctl, argument);
}
