#include <glib/gi18n.h>

#include "rt-ctl.h"
#include "rt-log.h"

static void
print_entry (const RtLogEntry *entry)
{
  g_autofree char *at = rt_ctl_dup_local_time (entry->at / G_USEC_PER_SEC);
  g_autofree char *sentence = g_strdelimit (rt_log_dup_sentence (entry), "\n", ' ');

  g_print ("%s  %s%s%s\n", at, sentence, entry->request_id != NULL ? "  " : "",
           entry->request_id != NULL ? entry->request_id : "");
}

RtExit
rt_ctl_log (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[]
      = { { "--limit", "limit", RT_CTL_VALUE }, { NULL, NULL, RT_CTL_SWITCH } };
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  g_autoptr (JsonArray) list = json_array_new ();
  GError *error = NULL;
  RtStore *store;
  guint limit;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  limit = (guint) rt_draft_read_count (draft, "limit", 0, G_MAXINT, problems);
  if (problems->len > 0)
    return rt_ctl_fail (ctl, g_error_copy (g_ptr_array_index (problems, 0)));
  store = rt_ctl_open (ctl, &error);
  if (store != NULL)
    entries = rt_log_list (store, limit, &error);
  if (entries == NULL)
    return rt_ctl_fail (ctl, error);
  for (guint i = 0; i < entries->len; i++)
    if (ctl->is_json)
      json_array_add_object_element (list, rt_log_to_json (g_ptr_array_index (entries, i)));
    else
      print_entry (g_ptr_array_index (entries, i));
  if (ctl->is_json || entries->len == 0)
    rt_ctl_print_list (ctl, json_array_ref (list), NULL);
  return RT_EXIT_DONE;
}
