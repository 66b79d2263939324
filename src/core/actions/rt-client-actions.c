#include "rt-client-actions.h"

#include <glib/gi18n-lib.h>

#include "rt-queue.h"
#include "rt-ulid.h"

/* Hands the first problem on; forms ask rt_client_from_draft() for all of them as one types. */
static RtClient *
judge (const RtDraft *draft, const RtClient *before, GError **error)
{
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  RtClient *client = rt_client_from_draft (draft, before, problems);

  if (client == NULL)
    g_propagate_error (error, g_error_copy (g_ptr_array_index (problems, 0)));
  return client;
}

/* The members that differ: what a person did not touch is not theirs to overwrite at Stripe. */
static JsonObject *
difference (const RtClient *before, const RtClient *after)
{
  static const char *const members[]
      = { "name", "email", "country", "postal_code", "notes", "archived", NULL };
  g_autoptr (JsonObject) old = rt_client_to_json (before);
  g_autoptr (JsonObject) new = rt_client_to_json (after);

  return rt_json_difference (old, new, members);
}

static gboolean
require_own (const RtClient *client, GError **error)
{
  if (!client->is_outside)
    return TRUE;
  rt_set_error (error, RT_ERROR_READ_ONLY, NULL,
                _ ("“%s” was made outside Retainer and is only shown here."), client->name);
  return FALSE;
}

RtClient *
rt_client_create (RtStore *store, const RtDraft *draft, GError **error)
{
  RtClock *clock = rt_store_get_clock (store);
  g_autoptr (RtClient) client = judge (draft, NULL, error);
  g_autoptr (JsonObject) fields = NULL;
  g_autoptr (RtClient) result = NULL;
  gboolean is_added;

  if (client == NULL)
    return NULL;
  g_free (client->id);
  client->id = rt_ulid_new (clock);
  client->created_at = rt_clock_now_seconds (clock);
  fields = rt_client_to_json (client);
  json_object_remove_member (fields, "id");
  json_object_remove_member (fields, "stripe_id");
  json_object_remove_member (fields, "state");
  if (!rt_store_begin (store, error))
    return NULL;
  is_added
      = rt_queue_add (store,
                      &(RtEdit){ "create", "customer", client->id, client->name, fields, NULL, 0 },
                      error);
  /* Now: what cannot be read after the commit would be said not to be saved. */
  result = is_added ? rt_store_find_client (store, client->id, error) : NULL;
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}

/* @seen: what the person saw when the edit began, if that was earlier. */
static RtClient *
update (RtStore *store, const RtClient *before, const RtClient *after, const char *action,
        JsonObject *seen, GError **error)
{
  g_autoptr (JsonObject) fields = difference (before, after);
  g_autoptr (JsonObject) now = rt_client_to_json (before);

  if (json_object_get_size (fields) > 0
      && !rt_queue_add (store,
                        &(RtEdit){ action, "customer", before->id, after->name, fields,
                                   seen != NULL ? seen : now, 0 },
                        error))
    return NULL;
  return rt_store_find_client (store, before->id, error);
}

RtClient *
rt_client_update (RtStore *store, const char *id, const RtDraft *draft, GError **error)
{
  g_autoptr (RtClient) before = NULL;
  g_autoptr (RtClient) after = NULL;
  g_autoptr (RtClient) result = NULL;

  if (!rt_store_begin (store, error))
    return NULL;
  before = rt_store_find_client (store, id, error);
  if (before != NULL && require_own (before, error))
    after = judge (draft, before, error);
  if (after != NULL)
    result = update (store, before, after, "update", rt_draft_get_before (draft), error);
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}

RtClient *
rt_client_set_archived (RtStore *store, const char *id, gboolean is_archived, GError **error)
{
  g_autoptr (RtClient) before = NULL;
  g_autoptr (RtClient) result = NULL;

  if (!rt_store_begin (store, error))
    return NULL;
  before = rt_store_find_client (store, id, error);
  if (before != NULL && require_own (before, error))
    {
      g_autoptr (JsonObject) record = rt_client_to_json (before);
      g_autoptr (RtClient) after = rt_client_from_json (record);

      after->is_archived = is_archived;
      result = update (store, before, after, is_archived ? "archive" : "restore", NULL, error);
    }
  return rt_store_end (store, result != NULL, error) ? g_steal_pointer (&result) : NULL;
}
