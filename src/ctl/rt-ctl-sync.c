#include <glib/gi18n.h>

#include "rt-ctl.h"
#include "rt-log.h"
#include "rt-pull-list.h"

/* Of the log, where a sync that goes on with what an earlier one began finds it, too.
 * Returns: (transfer full) (nullable): the nick of why everything was listed */
static char *
dup_reason (RtCtl *ctl, const RtSyncReport *report)
{
  g_autoptr (GPtrArray) entries = NULL;

  if (report->is_full)
    entries = rt_log_list (rt_session_get_store (ctl->session), 0, NULL);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const RtLogEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->event, "relist"))
        return g_strdup (entry->detail);
    }
  return NULL;
}

static JsonObject *
report_to_json (const RtSyncReport *report, const char *reason, const char *denial)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "pushed", report->n_pushed);
  json_object_set_int_member (object, "pulled", report->n_pulled);
  json_object_set_int_member (object, "pending", report->n_pending);
  json_object_set_int_member (object, "conflicts", report->n_conflicts);
  json_object_set_int_member (object, "rejected", report->n_rejected);
  json_object_set_int_member (object, "requests", report->n_requests);
  json_object_set_boolean_member (object, "full", report->is_full);
  rt_json_set_string (object, "reason", reason);
  rt_json_set_string (object, "denied", denial);
  json_object_set_int_member (object, "duration_ms", report->duration_ms);
  return object;
}

static void
print_report (RtCtl *ctl, const RtSyncReport *report, gboolean is_good)
{
  g_autofree char *reason = dup_reason (ctl, report);
  g_autofree char *denial = rt_pull_dup_denial (rt_session_get_store (ctl->session));

  if (ctl->is_json)
    {
      rt_ctl_print_object (ctl, report_to_json (report, reason, denial));
      return;
    }
  if (reason != NULL)
    g_print ("%s\n", rt_log_reason (reason));
  g_print (ngettext ("%u change sent", "%u changes sent", report->n_pushed), report->n_pushed);
  g_print (", ");
  g_print (ngettext ("%u object read", "%u objects read", report->n_pulled), report->n_pulled);
  g_print (", ");
  g_print (ngettext ("%u still waits", "%u still wait", report->n_pending), report->n_pending);
  if (report->n_rejected > 0)
    {
      g_print (", ");
      g_print (ngettext ("%u refused", "%u refused", report->n_rejected), report->n_rejected);
    }
  if (report->n_conflicts > 0)
    {
      g_print (", ");
      g_print (ngettext ("%u in conflict", "%u in conflict", report->n_conflicts),
               report->n_conflicts);
    }
  g_print (".\n");
  if (report->n_rejected + report->n_conflicts > 0)
    g_print ("%s\n", _ ("See “retainerctl outbox list”."));
  /* A failure is told by itself. */
  if (is_good && denial != NULL)
    g_print ("%s\n", denial);
}

RtExit
rt_ctl_sync (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[] = {
    { "--pull", "pull", RT_CTL_SWITCH },
    { "--push", "push", RT_CTL_SWITCH },
    { "--full", "full", RT_CTL_SWITCH },
    { NULL, NULL, RT_CTL_SWITCH },
  };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  RtSyncFlags flags = RT_SYNC_NOW;
  GError *error = NULL;
  RtSyncReport report;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  if (rt_draft_get (draft, "full") != NULL && rt_draft_get (draft, "push") != NULL
      && rt_draft_get (draft, "pull") == NULL)
    return rt_ctl_usage (ctl, _ ("%s goes with %s only."), "--full", "--pull");
  if (rt_ctl_open (ctl, &error) == NULL)
    return rt_ctl_fail (ctl, error);
  if (rt_draft_get (draft, "pull") == NULL)
    flags |= RT_SYNC_PUSH;
  if (rt_draft_get (draft, "push") == NULL)
    flags |= RT_SYNC_PULL;
  if (rt_draft_get (draft, "pull") != NULL && rt_draft_get (draft, "push") != NULL)
    flags |= RT_SYNC_PUSH | RT_SYNC_PULL;
  if (rt_draft_get (draft, "full") != NULL)
    flags |= RT_SYNC_FULL;
  rt_session_sync (ctl->session, flags, NULL, &report, &error);
  print_report (ctl, &report, error == NULL);
  if (error != NULL)
    return rt_ctl_fail (ctl, error);
  return report.n_rejected + report.n_conflicts > 0 ? RT_EXIT_WAITS : RT_EXIT_DONE;
}
