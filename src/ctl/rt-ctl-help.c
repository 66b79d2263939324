#include <glib/gi18n.h>

#include "rt-ctl.h"

/* The interface of CLI.md in its own words; names and options are not translated. */
static const struct
{
  const char *command;
  const char *text;
} helps[] = {
  { "account",
    "account add --name NAME [--key-stdin]     store a key in the keyring and bind the account\n"
    "account add --name NAME --practice        an account on the built-in practice Stripe\n"
    "account set-key NAME [--key-stdin]        another key for the account; what is queued stays\n"
    "account list | use NAME | status | remove NAME [--yes]\n"
    "account set-rate N                        requests a second, 1 to 100; 0: the usual pace\n" },
  { "product",
    "product create --name N --model base|usage|one-time --amount D --currency CUR\n"
    "               [--description T] [--period day|week|month|year] [--tax inclusive|exclusive]\n"
    "               [--metric interactions|minutes|conversations|value]\n"
    "               [--included N --overage D]\n"
    "product list [--archived] [--search T] [--limit N] [--offset N] | show ID\n"
    "product update ID [--name N] [--description T] [--amount D] [--included N] [--overage D]\n"
    "product archive ID | restore ID\n" },
  { "client",
    "client create --name N [--email E] [--country CC] [--postal-code P] [--notes T]\n"
    "client list [--archived] [--search T] [--limit N] [--offset N] | show ID\n"
    "client update ID [--name N] [--email E] [--country CC] [--postal-code P] [--notes T]\n"
    "client archive ID | restore ID\n" },
  { "coupon",
    "coupon create --name N (--percent P | --amount D --currency CUR)\n"
    "              --duration once|forever|months [--months N] [--code ID]\n"
    "coupon list [--search T] [--limit N] [--offset N] | show ID | rename ID NAME | delete ID\n" },
  { "sync",
    "sync [--pull|--push] [--full]             push, then pull; --full lists everything anew\n" },
  { "outbox",
    "outbox list [--search T] [--limit N] [--offset N] | show ID | retry ID\n"
    "outbox discard ID [--yes]                 --yes: with what waits for it\n"
    "outbox resolve ID --mine|--theirs         decide a conflict: as typed, or as at Stripe\n"
    "outbox resolve ID --field NAME=mine|theirs [--field …]   the same field by field\n" },
  { "log", "log [--limit N]                           what happened, the newest first\n" },
  { "check", "check                                     replica, queue, keyring and clock\n"
             "check --remote [--repair]                 compare the whole replica with Stripe\n" },
  { "rebuild",
    "rebuild [--yes]                           read everything anew; drafts and outbox stay\n" },
  { "backup", "backup list | create | restore NAME       copies of drafts and outbox\n" },
  { "practice",
    "practice serve [--port N] [--data DIR]    the practice Stripe for any Stripe client\n" },
};

const char *
rt_ctl_help (const char *command)
{
  static GString *all = NULL;

  for (guint i = 0; command != NULL && i < G_N_ELEMENTS (helps); i++)
    if (g_str_equal (helps[i].command, command))
      return helps[i].text;
  if (command != NULL)
    return NULL;
  if (all == NULL)
    {
      all = g_string_new (
          "retainerctl [--account NAME] [--json] COMMAND [OPTIONS] [ARGUMENTS]\n\n");
      for (guint i = 0; i < G_N_ELEMENTS (helps); i++)
        g_string_append_printf (all, "%s\n", helps[i].text);
      g_string_append (all, "help [COMMAND] | --help | --version\n");
    }
  return all->str;
}
