#include "rt-coupon-actions.h"

#include <glib/gi18n-lib.h>

#include "rt-queue.h"
#include "rt-ulid.h"

static RtCoupon *
judge (RtStore *store, const RtDraft *draft, const RtCoupon *before, GError **error)
{
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (RtCoupon) coupon = rt_coupon_from_draft (draft, before, problems);
  gboolean is_new_code = coupon != NULL && (before == NULL || before->stripe_id == NULL)
                         && *coupon->code != '\0'
                         && (before == NULL || !g_str_equal (before->code, coupon->code));

  if (is_new_code && rt_store_has_coupon_code (store, coupon->code))
    rt_draft_problem (problems, "code",
                      _ ("A coupon with this code exists, or has existed. Choose another code."));
  if (problems->len == 0)
    return g_steal_pointer (&coupon);
  g_propagate_error (error, g_error_copy (g_ptr_array_index (problems, 0)));
  return NULL;
}

static gboolean
require_own (const RtCoupon *coupon, GError **error)
{
  if (!coupon->is_outside)
    return TRUE;
  rt_set_error (error, RT_ERROR_READ_ONLY, NULL,
                _ ("“%s” was made outside Retainer and is only shown here."), coupon->name);
  return FALSE;
}

static gboolean
require_alive (const RtCoupon *coupon, GError **error)
{
  if (!coupon->is_archived)
    return TRUE;
  rt_set_error (error, RT_ERROR_INVALID, NULL, _ ("“%s” was deleted and cannot change any more."),
                coupon->name);
  return FALSE;
}

/* The members that differ: what a person did not touch is not theirs to overwrite at Stripe. */
static JsonObject *
difference (const RtCoupon *before, const RtCoupon *after)
{
  static const char *const members[]
      = { "name", "code", "percent", "amount", "currency", "duration", "months", NULL };
  g_autoptr (JsonObject) old = rt_coupon_to_json (before);
  g_autoptr (JsonObject) new = rt_coupon_to_json (after);

  return rt_json_difference (old, new, members);
}

RtCoupon *
rt_coupon_create (RtStore *store, const RtDraft *draft, GError **error)
{
  RtClock *clock = rt_store_get_clock (store);
  g_autoptr (RtCoupon) coupon = NULL;
  g_autoptr (RtCoupon) result = NULL;
  gboolean is_added = FALSE;

  if (!rt_store_begin (store, error))
    return NULL;
  coupon = judge (store, draft, NULL, error);
  if (coupon != NULL)
    {
      g_autoptr (JsonObject) fields = NULL;

      g_free (coupon->id);
      coupon->id = rt_ulid_new (clock);
      coupon->created_at = rt_clock_now_seconds (clock);
      if (*coupon->code == '\0')
        {
          g_free (coupon->code);
          coupon->code = g_strconcat ("rtn_c_", coupon->id, NULL);
        }
      fields = rt_coupon_to_json (coupon);
      json_object_remove_member (fields, "id");
      json_object_remove_member (fields, "stripe_id");
      json_object_remove_member (fields, "state");
      is_added = rt_queue_add (
          store, &(RtEdit){ "create", "coupon", coupon->id, coupon->name, fields, NULL, 0 }, error);
      if (is_added && coupon->currency != NULL)
        is_added = rt_store_set_setting (store, "last-currency", coupon->currency->code, error);
    }
  /* Now: what cannot be read after the commit would be said not to be saved. */
  result = is_added ? rt_store_find_coupon (store, coupon->id, error) : NULL;
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}

/* @seen: what the person saw when the edit began, if that was earlier. */
static RtCoupon *
update (RtStore *store, const RtCoupon *before, const RtCoupon *after, JsonObject *seen,
        GError **error)
{
  g_autoptr (JsonObject) fields = difference (before, after);
  g_autoptr (JsonObject) now = rt_coupon_to_json (before);

  if (json_object_get_size (fields) > 0
      && !rt_queue_add (store,
                        &(RtEdit){ "update", "coupon", before->id, after->name, fields,
                                   seen != NULL ? seen : now, 0 },
                        error))
    return NULL;
  return rt_store_find_coupon (store, before->id, error);
}

RtCoupon *
rt_coupon_update (RtStore *store, const char *id, const RtDraft *draft, GError **error)
{
  g_autoptr (RtCoupon) before = NULL;
  g_autoptr (RtCoupon) after = NULL;
  g_autoptr (RtCoupon) result = NULL;

  if (!rt_store_begin (store, error))
    return NULL;
  before = rt_store_find_coupon (store, id, error);
  if (before != NULL && require_own (before, error) && require_alive (before, error))
    after = judge (store, draft, before, error);
  if (after != NULL)
    result = update (store, before, after, rt_draft_get_before (draft), error);
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}

static gboolean
add_deletion (RtStore *store, const RtCoupon *coupon, GError **error)
{
  g_autoptr (JsonObject) fields = json_object_new ();

  json_object_set_boolean_member (fields, "archived", TRUE);
  return rt_queue_add (store,
                       &(RtEdit){ "archive", "coupon", coupon->id, coupon->name, fields, NULL, 0 },
                       error);
}

/* What may have reached Stripe is deleted there. */
static gboolean
take_back (RtStore *store, const RtCoupon *coupon, GError **error)
{
  GError *local_error = NULL;

  if (rt_queue_forget (store, "coupon", coupon->id, &local_error))
    return TRUE;
  if (g_error_matches (local_error, RT_ERROR, RT_ERROR_BUSY))
    {
      g_error_free (local_error);
      return add_deletion (store, coupon, error);
    }
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
rt_coupon_delete (RtStore *store, const char *id, GError **error)
{
  g_autoptr (RtCoupon) before = NULL;
  gboolean is_deleted = FALSE;

  if (!rt_store_begin (store, error))
    return FALSE;
  before = rt_store_find_coupon (store, id, error);
  if (before != NULL && require_own (before, error))
    {
      if (before->is_archived)
        is_deleted = TRUE;
      else if (before->stripe_id == NULL)
        is_deleted = take_back (store, before, error);
      else
        is_deleted = add_deletion (store, before, error);
    }
  return rt_store_end (store, is_deleted, error);
}
