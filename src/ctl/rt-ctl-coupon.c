#include <glib/gi18n.h>

#include "rt-coupon-actions.h"
#include "rt-ctl.h"

static RtExit
print (RtCtl *ctl, RtCoupon *coupon, GError *error)
{
  if (coupon == NULL)
    return rt_ctl_fail (ctl, error);
  rt_ctl_print_object (ctl, rt_coupon_to_json (coupon));
  rt_coupon_unref (coupon);
  return RT_EXIT_DONE;
}

static RtExit
create (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[] = {
    { "--name", "name", RT_CTL_TEXT },          { "--percent", "percent", RT_CTL_VALUE },
    { "--amount", "amount", RT_CTL_VALUE },     { "--currency", "currency", RT_CTL_VALUE },
    { "--duration", "duration", RT_CTL_VALUE }, { "--months", "months", RT_CTL_VALUE },
    { "--code", "code", RT_CTL_VALUE },         { NULL, NULL, RT_CTL_SWITCH },
  };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 0, &draft);
  GError *error = NULL;
  RtCoupon *coupon;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  if (rt_draft_get (draft, "duration") == NULL)
    return rt_ctl_usage (ctl, _ ("%s is missing."), "--duration");
  /* What would be dropped was meant to say something. */
  if (rt_draft_get (draft, "months") != NULL
      && g_strcmp0 (rt_draft_get (draft, "duration"),
                    rt_term_to_nick (RT_TERM_DURATION, RT_DURATION_MONTHS))
             != 0)
    return rt_ctl_usage (ctl, _ ("%s goes with %s only."), "--months", "--duration months");
  if (rt_draft_get (draft, "currency") != NULL && rt_draft_get (draft, "amount") == NULL)
    return rt_ctl_usage (ctl, _ ("%s goes with %s only."), "--currency", "--amount");
  store = rt_ctl_open (ctl, &error);
  coupon = store != NULL ? rt_coupon_create (store, draft, &error) : NULL;
  return print (ctl, coupon, error);
}

static RtExit
rename_coupon (RtCtl *ctl, char **arguments)
{
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, NULL, 2, &draft);
  GError *error = NULL;
  RtCoupon *coupon;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  rt_draft_set (draft, "name", g_ptr_array_index (rest, 1));
  store = rt_ctl_open (ctl, &error);
  coupon
      = store != NULL ? rt_coupon_update (store, g_ptr_array_index (rest, 0), draft, &error) : NULL;
  return print (ctl, coupon, error);
}

static RtExit
show (RtCtl *ctl, const char *key)
{
  GError *error = NULL;
  RtStore *store = rt_ctl_open (ctl, &error);
  RtCoupon *coupon = store != NULL ? rt_store_find_coupon (store, key, &error) : NULL;

  return print (ctl, coupon, error);
}

static RtExit
delete_coupon (RtCtl *ctl, const char *key)
{
  GError *error = NULL;
  RtStore *store = rt_ctl_open (ctl, &error);
  g_autoptr (RtCoupon) before = store != NULL ? rt_store_find_coupon (store, key, &error) : NULL;
  RtCoupon *after;
  JsonObject *json;

  if (before == NULL || !rt_coupon_delete (store, before->id, &error))
    return rt_ctl_fail (ctl, error);
  after = rt_store_find_coupon (store, before->id, NULL);
  if (after != NULL)
    return print (ctl, after, NULL);
  /* One that Stripe never saw is gone, which for the others is to come. */
  json = rt_coupon_to_json (before);
  json_object_set_string_member (json, "state", rt_term_to_nick (RT_TERM_STATE, RT_STATE_ARCHIVED));
  rt_ctl_print_object (ctl, json);
  return RT_EXIT_DONE;
}

static JsonObject *
row_to_json (RtStore *store, gint64 row)
{
  g_autoptr (RtCoupon) coupon = rt_store_get_coupon (store, row);

  return coupon != NULL ? rt_coupon_to_json (coupon) : NULL;
}

static RtExit
list (RtCtl *ctl, char **arguments)
{
  static const char *const columns[]
      = { "id", "name", "code", "percent", "amount", "currency", "duration", "state", NULL };

  return rt_ctl_list (ctl, arguments, rt_store_coupon_rows, row_to_json, columns);
}

RtExit
rt_ctl_coupon (RtCtl *ctl, char **arguments)
{
  static const char *const names[] = { "create", "list", "show", "rename", "delete", NULL };
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  const char *id;

  if (!g_strv_contains (names, name))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("coupon"));
  if (g_str_equal (name, "create"))
    return create (ctl, arguments + 1);
  if (g_str_equal (name, "list"))
    return list (ctl, arguments + 1);
  if (g_str_equal (name, "rename"))
    return rename_coupon (ctl, arguments + 1);
  id = rt_ctl_parse_id (ctl, arguments + 1);
  if (id == NULL)
    return RT_EXIT_USAGE;
  return g_str_equal (name, "show") ? show (ctl, id) : delete_coupon (ctl, id);
}
