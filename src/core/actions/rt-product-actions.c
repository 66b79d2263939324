#include "rt-product-actions.h"

#include <glib/gi18n-lib.h>

#include "rt-queue.h"
#include "rt-ulid.h"

/* Hands the first problem on; forms ask rt_product_from_draft() for all of them as one types. */
static RtProduct *
judge (const RtDraft *draft, const RtProduct *before, GError **error)
{
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  RtProduct *product = rt_product_from_draft (draft, before, problems);

  if (product == NULL)
    g_propagate_error (error, g_error_copy (g_ptr_array_index (problems, 0)));
  return product;
}

/* The members that differ: what a person did not touch is not theirs to overwrite at Stripe. */
static JsonObject *
difference (const RtProduct *before, const RtProduct *after)
{
  static const char *const members[]
      = { "name", "description", "model",    "amount",  "currency", "period",
          "tax",  "metric",      "included", "overage", "archived", NULL };
  g_autoptr (JsonObject) old = rt_product_to_json (before);
  g_autoptr (JsonObject) new = rt_product_to_json (after);

  return rt_json_difference (old, new, members);
}

static gboolean
require_own (const RtProduct *product, GError **error)
{
  if (!product->is_outside)
    return TRUE;
  rt_set_error (error, RT_ERROR_READ_ONLY, NULL,
                _ ("“%s” was made outside Retainer and is only shown here."), product->name);
  return FALSE;
}

RtProduct *
rt_product_create (RtStore *store, const RtDraft *draft, GError **error)
{
  RtClock *clock = rt_store_get_clock (store);
  g_autoptr (RtProduct) product = judge (draft, NULL, error);
  g_autoptr (JsonObject) fields = NULL;
  g_autoptr (RtProduct) result = NULL;
  gboolean is_added;
  RtEdit edit;

  if (product == NULL)
    return NULL;
  g_free (product->id);
  product->id = rt_ulid_new (clock);
  product->created_at = rt_clock_now_seconds (clock);
  fields = rt_product_to_json (product);
  json_object_remove_member (fields, "id");
  json_object_remove_member (fields, "stripe_id");
  json_object_remove_member (fields, "state");
  edit = (RtEdit){ "create", "product", product->id, product->name, fields, NULL, 0 };
  if (!rt_store_begin (store, error))
    return NULL;
  is_added = rt_queue_add (store, &edit, error)
             && rt_store_set_setting (store, "last-currency", product->currency->code, error);
  /* Now: what cannot be read after the commit would be said not to be saved. */
  result = is_added ? rt_store_find_product (store, product->id, error) : NULL;
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}

/* @seen: what the person saw when the edit began, if that was earlier. */
static RtProduct *
update (RtStore *store, const RtProduct *before, const RtProduct *after, const char *action,
        JsonObject *seen, GError **error)
{
  g_autoptr (JsonObject) fields = difference (before, after);
  g_autoptr (JsonObject) now = rt_product_to_json (before);

  if (json_object_get_size (fields) > 0
      && !rt_queue_add (store,
                        &(RtEdit){ action, "product", before->id, after->name, fields,
                                   seen != NULL ? seen : now, 0 },
                        error))
    return NULL;
  return rt_store_find_product (store, before->id, error);
}

RtProduct *
rt_product_update (RtStore *store, const char *id, const RtDraft *draft, GError **error)
{
  g_autoptr (RtProduct) before = NULL;
  g_autoptr (RtProduct) after = NULL;
  g_autoptr (RtProduct) result = NULL;

  if (!rt_store_begin (store, error))
    return NULL;
  before = rt_store_find_product (store, id, error);
  if (before != NULL && require_own (before, error))
    after = judge (draft, before, error);
  if (after != NULL)
    result = update (store, before, after, "update", rt_draft_get_before (draft), error);
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}

RtProduct *
rt_product_set_archived (RtStore *store, const char *id, gboolean is_archived, GError **error)
{
  g_autoptr (RtProduct) before = NULL;
  g_autoptr (RtProduct) result = NULL;

  if (!rt_store_begin (store, error))
    return NULL;
  before = rt_store_find_product (store, id, error);
  if (before != NULL && require_own (before, error))
    {
      g_autoptr (JsonObject) record = rt_product_to_json (before);
      g_autoptr (RtProduct) after = rt_product_from_json (record);

      after->is_archived = is_archived;
      result = update (store, before, after, is_archived ? "archive" : "restore", NULL, error);
    }
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}
