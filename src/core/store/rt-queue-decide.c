#include <glib/gi18n-lib.h>

#include "rt-kind.h"
#include "rt-queue-private.h"
#include "rt-queue.h"
#include "rt-store-private.h"

/* What a person decides about a change that waits or was stopped. */

static gboolean
retry_change (RtStore *store, const RtChange *change, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  guint n_steps = 0;

  if (change->state == RT_STATE_CONFLICT)
    {
      rt_set_error (error, RT_ERROR_INVALID, NULL,
                    _ ("“%s” changed at Stripe, too. Choose what is right first."), change->name);
      return FALSE;
    }
  if (change->state != RT_STATE_REJECTED)
    return rt_db_run (db, error,
                      "UPDATE request SET next_attempt_at = 0 WHERE seq = ?1 AND state <> 'done'",
                      "i", change->seq);
  return rt_queue_gather (db, change->object, change->object_id, error)
         && rt_db_run (db, error,
                       "UPDATE change SET state = 'queued', review = 'needed', error_code = NULL,"
                       " error_message = NULL, error_field = NULL,"
                       " created_at = iif(expires_at IS NULL, created_at, ?2),"
                       " expires_at = ?2 + expires_at - created_at WHERE seq = ?1",
                       "ii", change->seq, rt_clock_now (rt_store_get_clock (store)))
         && rt_queue_log (store, change->seq, "retried", NULL, NULL, error)
         && (rt_queue_waits (db, change->seq)
             || rt_queue_plan (store, change->seq, change->object, change->object_id, &n_steps,
                               error));
}

gboolean
rt_queue_retry (RtStore *store, const char *id, GError **error)
{
  g_autoptr (RtChange) change = NULL;
  gboolean is_retried;

  if (!rt_store_begin (store, error))
    return FALSE;
  change = rt_change_find (store, id, error);
  is_retried = change != NULL && retry_change (store, change, error)
               && rt_queue_refresh (store, change->object, change->object_id, error);
  return rt_store_end (store, is_retried, error);
}

GPtrArray *
rt_queue_dup_dependents (RtStore *store, const char *id, GError **error)
{
  g_autoptr (GPtrArray) dependents
      = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_change_unref);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  RtDb *db = rt_store_read (store);
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (
      db, &local_error,
      "WITH RECURSIVE waiting (seq) AS (SELECT n.seq FROM change_need n JOIN change c ON c.seq ="
      " n.needs WHERE c.id = ?1 UNION SELECT n.seq FROM change_need n JOIN waiting w ON n.needs ="
      " w.seq) SELECT c.id FROM waiting w JOIN change c ON c.seq = w.seq WHERE c.state <> 'done'"
      " ORDER BY c.seq",
      "s", id);

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    g_ptr_array_add (ids, g_strdup (rt_db_text (statement, 0)));
  rt_store_unread (store, db);
  for (guint i = 0; i < ids->len && local_error == NULL; i++)
    {
      RtChange *change = rt_change_find (store, g_ptr_array_index (ids, i), &local_error);

      if (change != NULL)
        g_ptr_array_add (dependents, change);
    }
  if (local_error == NULL)
    return g_steal_pointer (&dependents);
  g_propagate_error (error, local_error);
  return NULL;
}

static gboolean
has_state (const RtChange *change, const char *state)
{
  for (guint i = 0; i < change->requests->len; i++)
    if (g_str_equal (((RtRequest *) g_ptr_array_index (change->requests, i))->state, state))
      return TRUE;
  return FALSE;
}

gboolean
rt_queue_has_done_request (const RtChange *change)
{
  return has_state (change, "done");
}

/* Whether Stripe has a part of what this change was to make: not a meter, which all share. */
static gboolean
is_half_made (RtStore *store, const RtChange *change)
{
  g_autofree char *stripe_id = rt_store_dup_identity (store, change->object, change->object_id);
  g_autoptr (JsonObject) object
      = stripe_id != NULL ? rt_store_object (store, change->object, stripe_id) : NULL;

  return has_state (change, "done") && object != NULL;
}

/* The fields of a change, and what Stripe had of them when it was begun. */
typedef struct
{
  JsonObject *fields; /* (owned) (nullable) */
  JsonObject *base;   /* (owned) (nullable) */
  JsonObject *own;    /* (owned) (nullable): what Stripe was seen to have of it */
  gboolean is_open; /* Stripe failed at a part of it, and may have done it: nobody has looked yet */
} Edited;

static void
edited_clear (Edited *edited)
{
  g_clear_pointer (&edited->fields, json_object_unref);
  g_clear_pointer (&edited->base, json_object_unref);
  g_clear_pointer (&edited->own, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Edited, edited_clear)

static void
load_edited (RtDb *db, gint64 seq, Edited *edited)
{
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT fields, ifnull(base, ''), EXISTS (SELECT 1 FROM request r"
                     " WHERE r.seq = ?1 AND r.lost_at = 0), ifnull(own, '') FROM change"
                     " WHERE seq = ?1",
                     "i", seq);

  if (statement != NULL && rt_db_next (db, statement, NULL))
    {
      edited->fields = rt_json_parse (rt_db_text (statement, 0), -1, NULL);
      edited->base = rt_json_parse (rt_db_text (statement, 1), -1, NULL);
      edited->is_open = sqlite3_column_int (statement, 2) != 0;
      edited->own = rt_json_parse (rt_db_text (statement, 3), -1, NULL);
    }
  rt_db_end (statement);
}

static const char *const prices[] = { "amount", "included", "overage" };

static JsonNode *
get_member (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

/* What a product cost before the part of an edit that Stripe has; as it is where somebody else has
 * said it since. */
static JsonObject *
dup_before (JsonObject *record, const Edited *edited)
{
  JsonObject *before = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (prices); i++)
    {
      const char *name = prices[i];
      JsonNode *now = json_object_get_member (record, name);
      JsonNode *mine = get_member (edited->fields, name);
      JsonNode *own = get_member (edited->own, name);
      JsonNode *base = get_member (edited->base, name);
      gboolean is_mine
          = mine != NULL && base != NULL
            && (json_node_equal (now, mine) || (own != NULL && json_node_equal (now, own)));

      json_object_set_member (before, name, json_node_copy (is_mine ? base : now));
    }
  return before;
}

/* What Stripe may have of it by now without being anybody else's word: what was read last or, of an
 * edit that Stripe failed at, what was sent. Going back is no conflict with either. */
static void
lay_sent_over (JsonObject *record, const Edited *edited)
{
  for (guint i = 0; edited->is_open && edited->fields != NULL && i < G_N_ELEMENTS (prices); i++)
    if (json_object_has_member (edited->fields, prices[i]))
      json_object_set_member (record, prices[i],
                              json_node_copy (json_object_get_member (edited->fields, prices[i])));
}

/* Undoes the part that Stripe has: a creation is archived; the prices of an update go back. */
static gboolean
undo_half (RtStore *store, const RtChange *change, const Edited *edited, GError **error)
{
  gboolean is_creation = g_str_equal (change->action, "create");
  g_autoptr (JsonObject) record = rt_kind_find (change->object)->record (store, change->object_id);
  g_autoptr (JsonObject) fields = NULL;

  /* Only products have steps; without a currency it cost nothing. */
  if (!is_creation
      && (rt_json_string (record, "model") == NULL || rt_json_string (record, "currency") == NULL))
    return TRUE;
  fields = is_creation ? json_object_new () : dup_before (record, edited);
  if (is_creation)
    json_object_set_boolean_member (fields, "archived", TRUE);
  else
    lay_sent_over (record, edited);
  return rt_queue_add (store,
                       &(RtEdit){ is_creation ? "archive" : "update", change->object,
                                  change->object_id, change->name, fields, record, 0 },
                       error);
}

static gboolean
discard_one (RtStore *store, const RtChange *change, GError **error)
{
  g_auto (Edited) edited = { 0 };

  load_edited (rt_store_get_writer (store), change->seq, &edited);
  if (has_state (change, "sending") || has_state (change, "unknown"))
    {
      rt_set_error (
          error, RT_ERROR_BUSY, NULL,
          _ ("“%s” may have reached Stripe already. The next sync finds out; then you can "
             "take it back."),
          change->name);
      return FALSE;
    }
  if (!rt_queue_log (store, change->seq, "discarded", NULL, NULL, error)
      || !rt_db_run (rt_store_get_writer (store), error, "DELETE FROM change WHERE seq = ?1", "i",
                     change->seq)
      || !rt_queue_refresh (store, change->object, change->object_id, error))
    return FALSE;
  return !is_half_made (store, change) || undo_half (store, change, &edited, error);
}

static gboolean
discard_all (RtStore *store, const RtChange *change, GPtrArray *dependents,
             gboolean with_dependents, GError **error)
{
  if (dependents->len > 0 && !with_dependents)
    {
      g_autofree char *title
          = rt_change_dup_title (g_ptr_array_index (dependents, dependents->len - 1));

      rt_set_error (error, RT_ERROR_BUSY, NULL,
                    g_dngettext (GETTEXT_PACKAGE, "%u other change waits for this one: %s.",
                                 "%u other changes wait for this one, the last of them: %s.",
                                 dependents->len),
                    dependents->len, title);
      return FALSE;
    }
  for (guint i = dependents->len; i > 0; i--)
    if (!discard_one (store, g_ptr_array_index (dependents, i - 1), error))
      return FALSE;
  return discard_one (store, change, error);
}

gboolean
rt_queue_discard (RtStore *store, const char *id, gboolean with_dependents, GError **error)
{
  g_autoptr (RtChange) change = NULL;
  g_autoptr (GPtrArray) dependents = NULL;
  gboolean is_discarded;

  if (!rt_store_begin (store, error))
    return FALSE;
  change = rt_change_find (store, id, error);
  if (change != NULL)
    dependents = rt_queue_dup_dependents (store, change->id, error);
  is_discarded
      = dependents != NULL && discard_all (store, change, dependents, with_dependents, error);
  return rt_store_end (store, is_discarded, error);
}

gboolean
rt_queue_forget (RtStore *store, const char *object, const char *object_id, GError **error)
{
  g_autoptr (RtChange) change = rt_change_find (store, object_id, error);
  g_autoptr (GPtrArray) dependents = NULL;

  if (change == NULL)
    return FALSE;
  dependents = rt_queue_dup_dependents (store, change->id, error);
  return dependents != NULL && discard_all (store, change, dependents, TRUE, error);
}
