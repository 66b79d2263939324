#pragma once

#include "rt-draft.h"
#include "rt-workspace.h"

G_BEGIN_DECLS

/* Exit codes of CLI.md. */
typedef enum
{
  RT_EXIT_DONE = 0,
  RT_EXIT_REFUSED = 1,
  RT_EXIT_USAGE = 2,
  RT_EXIT_WAITS = 3,
  RT_EXIT_OFFLINE = 4,
  RT_EXIT_KEY = 5,
} RtExit;

/**
 * RtCtl:
 * @account: (nullable): `--account`
 * @is_json: `--json`
 * @wants_help: `--help`
 * @session: (nullable): once rt_ctl_open() was called
 *
 * One run of the command line.
 */
typedef struct
{
  RtWorkspace *workspace;
  const char *account;
  gboolean is_json;
  gboolean wants_help;
  RtSession *session;
} RtCtl;

/**
 * RtCtlValue:
 * @RT_CTL_SWITCH: none; in the draft it is "yes"
 * @RT_CTL_VALUE: one that says something: an unset variable of a script must choose nothing
 * @RT_CTL_TEXT: any, an empty one to clear the field
 *
 * What follows an option.
 */
typedef enum
{
  RT_CTL_SWITCH,
  RT_CTL_VALUE,
  RT_CTL_TEXT,
} RtCtlValue;

/**
 * RtCtlOption:
 * @name: as typed, such as "--amount"
 * @field: where it goes in the draft
 * @value: what follows it
 *
 * One option of a command. Tables end with a %NULL name.
 */
typedef struct
{
  const char *name;
  const char *field;
  RtCtlValue value;
} RtCtlOption;

/**
 * rt_ctl_parse_globals:
 * @arguments: the command line
 *
 * Reads the options that every command has (`--account`, `--json`, `--help`), up to the first
 * option of another name: what follows that may be its value, so rt_ctl_parse() reads on.
 *
 * Returns: (transfer container) (nullable): command, subcommand and what is left, with a %NULL
 *   behind them; %NULL on a usage error
 */
GPtrArray *rt_ctl_parse_globals (RtCtl *ctl, char **arguments);

/**
 * rt_ctl_parse:
 * @arguments: what stands behind the command
 * @options: (nullable): those that it has besides those of every command
 * @n_required: how many arguments without option there must be
 * @draft: (out) (optional) (transfer full): the options by field
 *
 * Reads options and arguments; on a mistake says so and how it is done. What is an option here is
 * never taken for the value of the one before it, but as `--name=--json`. To be called before the
 * account is opened, which `--account` may choose.
 *
 * Returns: (transfer container) (nullable): the arguments; %NULL on a usage error, and if help is
 *   wanted instead, for which main() looks
 */
GPtrArray *rt_ctl_parse (RtCtl *ctl, char **arguments, const RtCtlOption *options, guint n_required,
                         RtDraft **draft);

/**
 * rt_ctl_parse_id:
 * @arguments: of a command that takes one thing and no options
 *
 * Returns: (transfer none) (nullable): what was named; %NULL as rt_ctl_parse()
 */
const char *rt_ctl_parse_id (RtCtl *ctl, char **arguments);

/**
 * rt_ctl_open:
 *
 * Opens the account once, and tells on stderr what a person should know of it.
 *
 * Returns: (transfer none) (nullable): its replica; %NULL if there is none
 */
RtStore *rt_ctl_open (RtCtl *ctl, GError **error);

/**
 * RtCtlObjects:
 *
 * Returns: (transfer full) (nullable): object JSONs
 */
typedef JsonArray *(*RtCtlObjects) (RtCtl *ctl, GError **error);

/**
 * RtCtlRows:
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the rows of a list
 */
typedef GArray *(*RtCtlRows) (RtStore *store, const RtFilter *filter, GError **error);

/**
 * RtCtlRowToJson:
 *
 * Returns: (transfer full) (nullable): object JSON, %NULL if the row has gone
 */
typedef JsonObject *(*RtCtlRowToJson) (RtStore *store, gint64 row);

/**
 * rt_ctl_print_filtered:
 * @arguments: the options of a list (CLI.md), but for `--archived`
 * @get_objects: what is listed, asked once the options are read
 * @name: the member that is searched
 * @columns: the members that a person sees, %NULL-terminated
 *
 * Prints a list that is short enough to be held whole.
 *
 * Returns: the exit code
 */
RtExit rt_ctl_print_filtered (RtCtl *ctl, char **arguments, RtCtlObjects get_objects,
                              const char *name, const char *const *columns);

/**
 * rt_ctl_list:
 * @arguments: the options of a list (CLI.md)
 * @columns: the members that a person sees, %NULL-terminated
 *
 * Opens the account and runs the `list` of a kind of object.
 *
 * Returns: the exit code
 */
RtExit rt_ctl_list (RtCtl *ctl, char **arguments, RtCtlRows rows, RtCtlRowToJson row_to_json,
                    const char *const *columns);

/**
 * rt_ctl_fail:
 * @error: (transfer full): what went wrong
 *
 * Says it on stderr.
 *
 * Returns: the exit code that goes with it
 */
RtExit rt_ctl_fail (RtCtl *ctl, GError *error);

/**
 * rt_ctl_usage:
 * @format: what is wrong with the command line
 *
 * Returns: %RT_EXIT_USAGE
 */
RtExit rt_ctl_usage (RtCtl *ctl, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * rt_ctl_print_begin:
 *
 * From here on g_print() and g_printerr() write UTF-8 in every locale, and no character of a name
 * made elsewhere steers the terminal. JSON is written as it is.
 */
void rt_ctl_print_begin (void);

/**
 * rt_ctl_print_end:
 *
 * Returns: whether all that was printed could be written
 */
gboolean rt_ctl_print_end (void);

/**
 * rt_ctl_print_object:
 * @object: (transfer full): object JSON
 *
 * Prints one JSON document, or one line for each member.
 */
void rt_ctl_print_object (RtCtl *ctl, JsonObject *object);

/**
 * rt_ctl_print_list:
 * @list: (transfer full): object JSONs
 * @columns: the members that a person sees, %NULL-terminated
 *
 * Prints one JSON array, or a table.
 */
void rt_ctl_print_list (RtCtl *ctl, JsonArray *list, const char *const *columns);

/**
 * rt_ctl_dup_local_time:
 * @seconds: Unix time
 *
 * Returns: (transfer full): date and time here, for people
 */
char *rt_ctl_dup_local_time (gint64 seconds);

/**
 * rt_ctl_confirm:
 *
 * Returns: whether the person at the terminal says yes; %FALSE without one
 */
gboolean rt_ctl_confirm (const char *question);

/**
 * rt_ctl_help:
 * @command: (nullable): a command
 *
 * Returns: (transfer none) (nullable): how to use it, or all of them; %NULL if there is none such
 */
const char *rt_ctl_help (const char *command);

RtExit rt_ctl_account (RtCtl *ctl, char **arguments);
RtExit rt_ctl_client (RtCtl *ctl, char **arguments);
RtExit rt_ctl_product (RtCtl *ctl, char **arguments);
RtExit rt_ctl_coupon (RtCtl *ctl, char **arguments);
RtExit rt_ctl_sync (RtCtl *ctl, char **arguments);
RtExit rt_ctl_outbox (RtCtl *ctl, char **arguments);
RtExit rt_ctl_log (RtCtl *ctl, char **arguments);
RtExit rt_ctl_check (RtCtl *ctl, char **arguments);
RtExit rt_ctl_backup (RtCtl *ctl, char **arguments);
RtExit rt_ctl_rebuild (RtCtl *ctl, char **arguments);
RtExit rt_ctl_practice (RtCtl *ctl, char **arguments);

G_END_DECLS
