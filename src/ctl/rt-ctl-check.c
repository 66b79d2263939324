#include <glib/gi18n.h>

#include "rt-ctl.h"

static JsonArray *
differences_to_json (GPtrArray *differences)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; differences != NULL && i < differences->len; i++)
    {
      const RtDifference *difference = g_ptr_array_index (differences, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "object", difference->object);
      json_object_set_string_member (object, "id", difference->id);
      rt_json_set_string (object, "field", difference->field);
      rt_json_set_string (object, "replica", difference->replica);
      rt_json_set_string (object, "stripe", difference->stripe);
      json_array_add_object_element (list, object);
    }
  return list;
}

/* What was found, as a problem unless it is set right. */
static void
add_problem (const RtVerifyReport *report, GPtrArray *problems)
{
  guint n_left = report->n_different - report->n_repaired;

  if (n_left > 0)
    g_ptr_array_add (problems,
                     g_strdup_printf (ngettext ("%u object differs from what Stripe has.",
                                                "%u objects differ from what Stripe has.", n_left),
                                      n_left));
}

static void
print_remote (RtCtl *ctl, const RtVerifyReport *report)
{
  static const char *const columns[] = { "object", "id", "field", "replica", "stripe", NULL };

  if (report->differences != NULL && report->differences->len > 0)
    rt_ctl_print_list (ctl, differences_to_json (report->differences), columns);
  g_print (ngettext ("%u object was compared with Stripe.", "%u objects were compared with Stripe.",
                     report->n_compared),
           report->n_compared);
  g_print ("\n");
  if (report->n_repaired == 0)
    return;
  g_print (ngettext ("%u object was set right.", "%u objects were set right.", report->n_repaired),
           report->n_repaired);
  g_print ("\n");
}

/* @error: (nullable): why there was no comparing, which stderr tells a person */
static void
print_problems (RtCtl *ctl, GPtrArray *problems, const RtVerifyReport *report, const GError *error)
{
  JsonObject *object;
  JsonArray *list;

  if (!ctl->is_json)
    {
      if (report != NULL)
        print_remote (ctl, report);
      for (guint i = 0; i < problems->len; i++)
        if (error == NULL || !g_str_equal (g_ptr_array_index (problems, i), error->message))
          g_print ("%s\n", (char *) g_ptr_array_index (problems, i));
      if (problems->len == 0)
        g_print ("%s\n", _ ("Everything is in order."));
      return;
    }
  object = json_object_new ();
  list = json_array_new ();
  for (guint i = 0; i < problems->len; i++)
    json_array_add_string_element (list, g_ptr_array_index (problems, i));
  json_object_set_boolean_member (object, "ok", problems->len == 0);
  json_object_set_array_member (object, "problems", list);
  if (report != NULL)
    {
      json_object_set_array_member (object, "differences",
                                    differences_to_json (report->differences));
      json_object_set_int_member (object, "compared", report->n_compared);
      json_object_set_int_member (object, "repaired", report->n_repaired);
    }
  rt_ctl_print_object (ctl, object);
}

RtExit
rt_ctl_check (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[] = {
    { "--remote", "remote", RT_CTL_SWITCH },
    { "--repair", "repair", RT_CTL_SWITCH },
    { NULL, NULL, RT_CTL_SWITCH },
  };
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  g_auto (RtVerifyReport) report = { 0 };
  GError *error = NULL;
  gboolean is_remote, is_repairing;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  is_remote = rt_draft_get (draft, "remote") != NULL;
  is_repairing = rt_draft_get (draft, "repair") != NULL;
  if (is_repairing && !is_remote)
    return rt_ctl_usage (ctl, _ ("%s is missing."), "--remote");
  if (rt_ctl_open (ctl, &error) == NULL)
    return rt_ctl_fail (ctl, error);
  rt_session_check (ctl->session, NULL, problems);
  if (is_remote)
    {
      rt_session_verify_replica (ctl->session, is_repairing, NULL, &report, &error);
      add_problem (&report, problems);
    }
  /* A key that is missing was found by both. */
  if (error != NULL
      && !g_ptr_array_find_with_equal_func (problems, error->message, g_str_equal, NULL))
    g_ptr_array_add (problems, g_strdup (error->message));
  print_problems (ctl, problems, is_remote ? &report : NULL, error);
  if (error != NULL)
    return rt_ctl_fail (ctl, error);
  return problems->len == 0 ? RT_EXIT_DONE : RT_EXIT_REFUSED;
}
