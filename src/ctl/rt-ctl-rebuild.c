#include <glib/gi18n.h>

#include "rt-ctl.h"
#include "rt-queue.h"

RtExit
rt_ctl_rebuild (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[]
      = { { "--yes", "yes", RT_CTL_SWITCH }, { NULL, NULL, RT_CTL_SWITCH } };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  guint n_waiting = 0, n_stopped = 0, n_conflicts = 0;
  GError *error = NULL;
  JsonObject *object;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  store = rt_ctl_open (ctl, &error);
  if (store == NULL)
    return rt_ctl_fail (ctl, error);
  if (rt_draft_get (draft, "yes") == NULL
      && !rt_ctl_confirm (
          _ ("Throw away the copy of what Stripe has, and read it anew with the next "
             "sync? Drafts and outbox stay.")))
    return rt_ctl_fail (ctl, rt_error_new (RT_ERROR_INVALID, NULL,
                                           _ ("Nothing was done. Say --yes to rebuild.")));
  if (!rt_session_rebuild_replica (ctl->session, NULL, &error)
      || !rt_queue_count (store, &n_waiting, &n_stopped, &n_conflicts, &error))
    return rt_ctl_fail (ctl, error);
  if (!ctl->is_json)
    {
      g_print ("%s\n",
               _ ("The next sync reads everything from Stripe. Drafts and outbox were kept."));
      return RT_EXIT_DONE;
    }
  object = json_object_new ();
  json_object_set_int_member (object, "pending", n_waiting);
  json_object_set_int_member (object, "conflicts", n_conflicts);
  json_object_set_int_member (object, "rejected", n_stopped);
  rt_ctl_print_object (ctl, object);
  return RT_EXIT_DONE;
}
