#include "rt-ctl.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

/* Beside what is asked for; with `--json` one document a line, as errors are. */
static void
tell (RtCtl *ctl, const char *notice)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "notice", notice);
  text = rt_json_to_text (object);
  g_printerr ("%s\n", ctl->is_json ? text : notice);
}

/* What a person should know of, whatever the command. With `--json`, too, for what is told once
 * only; that there is no backup `check` can tell at any time. */
static void
tell_state (RtCtl *ctl)
{
  g_autofree char *name = rt_session_dup_restored_from (ctl->session);
  g_autofree char *restored
      = name != NULL
            ? g_strdup_printf (_ ("What was missing was brought back from the backup %s."), name)
            : NULL;
  g_autoptr (GError) reason = NULL;

  rt_session_back_up (ctl->session, &reason);
  if (rt_session_was_set_aside (ctl->session))
    tell (ctl, _ ("The replica was damaged. It was set aside and made anew."));
  if (restored != NULL)
    tell (ctl, restored);
  if (reason != NULL && !ctl->is_json)
    tell (ctl, reason->message);
}

RtStore *
rt_ctl_open (RtCtl *ctl, GError **error)
{
  if (ctl->session == NULL)
    {
      ctl->session = rt_workspace_open (ctl->workspace, ctl->account, error);
      if (ctl->session == NULL)
        return NULL;
      tell_state (ctl);
    }
  return rt_session_get_store (ctl->session);
}

RtExit
rt_ctl_usage (RtCtl *ctl, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  rt_ctl_fail (ctl, rt_error_new (RT_ERROR_INVALID, NULL, "%s", message));
  if (!ctl->is_json)
    g_printerr ("%s\n", _ ("See “retainerctl help”."));
  return RT_EXIT_USAGE;
}

static RtExit
exit_of (const GError *error)
{
  if (error->domain != RT_ERROR)
    return RT_EXIT_REFUSED;
  switch ((RtError) error->code)
    {
    case RT_ERROR_OFFLINE:
      return RT_EXIT_OFFLINE;
    case RT_ERROR_KEY:
    case RT_ERROR_PERMISSION:
      return RT_EXIT_KEY;
    default:
      return RT_EXIT_REFUSED;
    }
}

RtExit
rt_ctl_fail (RtCtl *ctl, GError *error)
{
  RtExit result = exit_of (error);

  if (ctl->is_json)
    {
      g_autoptr (JsonObject) root = json_object_new ();
      JsonObject *object = json_object_new ();
      g_autofree char *text = NULL;

      json_object_set_string_member (object, "code", rt_error_get_code (error));
      json_object_set_string_member (object, "message", error->message);
      if (rt_error_get_field (error) != NULL)
        json_object_set_string_member (object, "field", rt_error_get_field (error));
      if (rt_error_get_request_id (error) != NULL)
        json_object_set_string_member (object, "request_id", rt_error_get_request_id (error));
      json_object_set_object_member (root, "error", object);
      text = rt_json_to_text (root);
      g_printerr ("%s\n", text);
    }
  else if (rt_error_get_field (error) != NULL)
    {
      g_printerr ("%s: %s\n", rt_error_get_field (error), error->message);
    }
  else
    {
      g_printerr ("%s\n", error->message);
    }
  g_error_free (error);
  return result;
}

static gboolean
read_filter (const RtDraft *draft, RtFilter *filter, GError **error)
{
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();

  filter->search = rt_draft_get (draft, "search");
  filter->archived = rt_draft_get (draft, "archived") != NULL;
  filter->limit = (guint) rt_draft_read_count (draft, "limit", 0, G_MAXINT, problems);
  filter->offset = (guint) rt_draft_read_count (draft, "offset", 0, G_MAXINT, problems);
  if (problems->len == 0)
    return TRUE;
  g_propagate_error (error, g_error_copy (g_ptr_array_index (problems, 0)));
  return FALSE;
}

static gboolean
is_wanted (JsonObject *object, const char *name, const RtFilter *filter)
{
  const char *text = rt_json_string (object, name);

  return filter->search == NULL
         || (text != NULL && g_str_match_string (filter->search, text, TRUE));
}

RtExit
rt_ctl_print_filtered (RtCtl *ctl, char **arguments, RtCtlObjects get_objects, const char *name,
                       const char *const *columns)
{
  static const RtCtlOption options[] = { { "--search", "search", RT_CTL_TEXT },
                                         { "--limit", "limit", RT_CTL_VALUE },
                                         { "--offset", "offset", RT_CTL_VALUE },
                                         { NULL, NULL, RT_CTL_SWITCH } };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  g_autoptr (JsonArray) objects = NULL;
  JsonArray *shown;
  RtFilter filter = { 0 };
  GError *error = NULL;
  guint n_skipped = 0;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  if (read_filter (draft, &filter, &error))
    objects = get_objects (ctl, &error);
  if (objects == NULL)
    return rt_ctl_fail (ctl, error);
  shown = json_array_new ();
  for (guint i = 0; i < json_array_get_length (objects); i++)
    {
      JsonObject *object = json_array_get_object_element (objects, i);

      if (is_wanted (object, name, &filter) && n_skipped++ >= filter.offset
          && (filter.limit == 0 || json_array_get_length (shown) < filter.limit))
        json_array_add_object_element (shown, json_object_ref (object));
    }
  rt_ctl_print_list (ctl, shown, columns);
  return RT_EXIT_DONE;
}

RtExit
rt_ctl_list (RtCtl *ctl, char **arguments, RtCtlRows get_rows, RtCtlRowToJson row_to_json,
             const char *const *columns)
{
  static const RtCtlOption options[] = {
    { "--archived", "archived", RT_CTL_SWITCH },
    { "--search", "search", RT_CTL_TEXT },
    { "--limit", "limit", RT_CTL_VALUE },
    { "--offset", "offset", RT_CTL_VALUE },
    { NULL, NULL, RT_CTL_SWITCH },
  };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  g_autoptr (GArray) rows = NULL;
  GError *error = NULL;
  RtFilter filter = { 0 };
  RtStore *store = NULL;
  JsonArray *array;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  if (read_filter (draft, &filter, &error))
    store = rt_ctl_open (ctl, &error);
  if (store != NULL)
    rows = get_rows (store, &filter, &error);
  if (rows == NULL)
    return rt_ctl_fail (ctl, error);
  array = json_array_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      JsonObject *object = row_to_json (store, g_array_index (rows, gint64, i));

      if (object != NULL)
        json_array_add_object_element (array, object);
    }
  rt_ctl_print_list (ctl, array, columns);
  return RT_EXIT_DONE;
}

gboolean
rt_ctl_confirm (const char *question)
{
  char answer[16];

  if (!isatty (STDIN_FILENO))
    return FALSE;
  /* Translators: the answers to a yes-no question at the terminal; the second one is taken when
   * nothing is said */
  g_printerr ("%s %s ", question, _ ("[y/N]"));
  if (fgets (answer, sizeof answer, stdin) == NULL)
    return FALSE;
  /* Translators: what an answer that means yes begins with, in lower case */
  return g_unichar_tolower (g_utf8_get_char_validated (answer, -1)) == g_utf8_get_char (_ ("y"));
}
