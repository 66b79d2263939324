#include "rt-queue.h"

#include <glib/gi18n-lib.h>

#include "rt-kind.h"
#include "rt-queue-private.h"
#include "rt-store-private.h"
#include "rt-ulid.h"

gboolean
rt_queue_refresh (RtStore *store, const char *object, const char *object_id, GError **error)
{
  rt_store_touch (store, RT_STORE_QUEUE);
  return rt_kind_find (object)->refresh (store, object_id, error);
}

gboolean
rt_store_overlay (RtStore *store, const char *object, const char *id, gint64 seq,
                  JsonObject *record, gboolean *has_change, GError **error)
{
  RtDb *db = rt_store_read (store);
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error,
                     "SELECT fields FROM change WHERE object = ?1 AND object_id = ?2"
                     " AND state <> 'done' AND seq <= ?3 ORDER BY seq",
                     "ssi", object, id, seq);

  *has_change = FALSE;
  while (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      g_autoptr (JsonObject) fields = rt_json_parse (rt_db_text (statement, 0), -1, NULL);
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      *has_change = TRUE;
      json_object_iter_init (&iter, fields);
      while (json_object_iter_next (&iter, &name, &value))
        json_object_set_member (record, name, json_node_copy (value));
    }
  rt_store_unread (store, db);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

RtState
rt_store_pending_state (RtStore *store, const char *object, const char *id, gboolean is_archived)
{
  RtDb *db = rt_store_read (store);
  sqlite3_stmt *statement = rt_db_query (
      db, NULL,
      "SELECT state FROM change WHERE object = ?1 AND object_id = ?2 AND state <> 'done' ORDER BY"
      " CASE state WHEN 'rejected' THEN 0 WHEN 'conflict' THEN 1 WHEN 'sending' THEN 2 ELSE 3 END"
      " LIMIT 1",
      "ss", object, id);
  RtState state = is_archived ? RT_STATE_ARCHIVED : RT_STATE_SYNCED;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    state = (RtState) rt_term_from_nick (RT_TERM_STATE, rt_db_text (statement, 0));
  rt_db_end (statement);
  rt_store_unread (store, db);
  return state;
}

gboolean
rt_queue_plan (RtStore *store, gint64 seq, const char *object, const char *object_id,
               guint *n_steps, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autoptr (GPtrArray) plan = rt_kind_find (object)->plan (store, object_id, seq, error);

  gint64 n_attempts = 0;

  if (plan == NULL
      || !rt_db_get_int (db, &n_attempts, error,
                         "SELECT sum(n_attempts) FROM request WHERE seq = ?1 AND state = 'pending'",
                         "i", seq)
      || !rt_db_run (db, error,
                     "DELETE FROM request WHERE seq = ?1 AND state IN ('pending', 'failed')", "i",
                     seq))
    return FALSE;
  *n_steps = plan->len;
  for (guint i = 0; i < plan->len; i++)
    {
      const RtPlanStep *step = g_ptr_array_index (plan, i);
      g_autofree char *parameters = rt_form_to_json (step->form);
      /* Random, nothing volatile in it, and of this request alone (TRAPS B2, B4). */
      g_autofree char *key = g_uuid_string_random ();

      if (!rt_db_run (db, error,
                      "INSERT INTO request (seq, method, path, object, handle, parameters,"
                      " idempotency_key, n_attempts, state)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'pending')",
                      "issssssi", seq, step->method, step->path, step->object, step->handle,
                      parameters, key, i == 0 ? n_attempts : 0))
        return FALSE;
    }
  return TRUE;
}

/* What the queue already holds for an object: its last open change. */
typedef struct
{
  gint64 seq; /* 0: none */
  char *action;
  char *fields;
  gboolean is_foldable;
  gboolean has_done;
} LastChange;

static void
last_change_clear (LastChange *last)
{
  g_free (last->action);
  g_free (last->fields);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LastChange, last_change_clear)

static gboolean
load_last (RtDb *db, const char *object, const char *object_id, LastChange *last, GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (
      db, &local_error,
      "SELECT seq, action, fields, state <> 'sending' AND NOT EXISTS (SELECT 1 FROM request r WHERE"
      " r.seq = c.seq AND r.state IN ('sending', 'unknown')),"
      " EXISTS (SELECT 1 FROM request r WHERE r.seq = c.seq AND r.state = 'done')"
      " FROM change c WHERE object = ?1 AND object_id = ?2 AND state <> 'done'"
      " ORDER BY seq DESC LIMIT 1",
      "ss", object, object_id);

  if (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      last->seq = sqlite3_column_int64 (statement, 0);
      last->action = g_strdup (rt_db_text (statement, 1));
      last->fields = g_strdup (rt_db_text (statement, 2));
      last->is_foldable = sqlite3_column_int (statement, 3) != 0;
      last->has_done = sqlite3_column_int (statement, 4) != 0;
    }
  rt_db_end (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
waits_for_another (RtDb *db, gint64 seq)
{
  gint64 n_needs = 0;

  rt_db_get_int (db, &n_needs, NULL,
                 "SELECT count(*) FROM change_need n JOIN change d ON d.seq = n.needs"
                 " WHERE n.seq = ?1 AND d.state <> 'done'",
                 "i", seq);
  return n_needs > 0;
}

/* Lays @fields into what waits. An edit that ends where it began leaves nothing to send. */
static gboolean
fold (RtStore *store, const LastChange *last, const RtEdit *edit, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autoptr (JsonObject) merged = rt_json_parse (last->fields, -1, error);
  g_autofree char *text = NULL;
  gboolean is_creation = g_str_equal (last->action, "create");
  guint n_steps = 0;
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  if (merged == NULL)
    return FALSE;
  json_object_iter_init (&iter, edit->fields);
  while (json_object_iter_next (&iter, &member, &value))
    json_object_set_member (merged, member, json_node_copy (value));
  text = rt_json_to_text (merged);
  if (!rt_db_run (db, error,
                  "UPDATE change SET fields = ?2, action = ?3, name = ?4, state = 'queued',"
                  " error_code = NULL, error_message = NULL, error_field = NULL WHERE seq = ?1",
                  "isss", last->seq, text, is_creation ? "create" : edit->action, edit->name))
    return FALSE;
  if (waits_for_another (db, last->seq))
    return TRUE; /* planned when that is done: what Stripe will have is not known yet */
  if (!rt_queue_plan (store, last->seq, edit->object, edit->object_id, &n_steps, error))
    return FALSE;
  return n_steps > 0 || is_creation || last->has_done
         || rt_db_run (db, error, "DELETE FROM change WHERE seq = ?1", "i", last->seq);
}

static gboolean
insert (RtStore *store, gint64 needs, const RtEdit *edit, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autofree char *id = rt_ulid_new (rt_store_get_clock (store));
  g_autofree char *text = rt_json_to_text (edit->fields);
  guint n_steps = 0;
  gint64 seq;

  if (!rt_db_run (db, error,
                  "INSERT INTO change (id, action, object, object_id, name, fields, state,"
                  " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7)",
                  "ssssssi", id, edit->action, edit->object, edit->object_id, edit->name, text,
                  rt_clock_now (rt_store_get_clock (store))))
    return FALSE;
  seq = rt_db_last_row (db);
  if (needs != 0)
    return rt_db_run (db, error, "INSERT INTO change_need (seq, needs) VALUES (?1, ?2)", "ii", seq,
                      needs);
  if (!rt_queue_plan (store, seq, edit->object, edit->object_id, &n_steps, error))
    return FALSE;
  return n_steps > 0 || rt_db_run (db, error, "DELETE FROM change WHERE seq = ?1", "i", seq);
}

/* Lays what waits behind a refused change of the same object into it: the later edit may be what
 * repairs it, and can never go before it. */
static gboolean
gather (RtDb *db, const char *object, const char *object_id, GError **error)
{
  gint64 refused = 0, n_later = 0;

  if (!rt_db_get_int (db, &refused, error,
                      "SELECT min(seq) FROM change WHERE object = ?1 AND object_id = ?2"
                      " AND state = 'rejected'",
                      "ss", object, object_id)
      || !rt_db_get_int (db, &n_later, error,
                         "SELECT count(*) FROM change WHERE object = ?1 AND object_id = ?2"
                         " AND state <> 'done' AND seq > ?3",
                         "ssi", object, object_id, refused))
    return FALSE;
  if (refused == 0 || n_later == 0)
    return TRUE;
  /* json_patch() drops members that are null, and null is a value here: merged by hand. */
  return rt_db_run (db, error,
                    "UPDATE change SET fields = (SELECT json_group_object(key, json(value)) FROM"
                    " (SELECT key, CASE type WHEN 'text' THEN json_quote(value) WHEN 'true' THEN"
                    " 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null' ELSE value END AS"
                    " value, max(c.seq) FROM change c, json_each(c.fields) WHERE c.object = ?1 AND"
                    " c.object_id = ?2 AND c.state <> 'done' AND c.seq >= ?3 GROUP BY key)), name ="
                    " (SELECT name FROM change WHERE object = ?1 AND object_id = ?2 AND"
                    " state <> 'done' ORDER BY seq DESC LIMIT 1) WHERE seq = ?3",
                    "ssi", object, object_id, refused)
         && rt_db_run (db, error,
                       "DELETE FROM change WHERE object = ?1 AND object_id = ?2"
                       " AND state <> 'done' AND seq > ?3",
                       "ssi", object, object_id, refused);
}

gboolean
rt_queue_add (RtStore *store, const RtEdit *edit, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_auto (LastChange) last = { 0 };
  gboolean is_queued;

  if (!gather (db, edit->object, edit->object_id, error)
      || !load_last (db, edit->object, edit->object_id, &last, error))
    return FALSE;
  if (last.seq != 0 && last.is_foldable)
    is_queued = fold (store, &last, edit, error);
  else
    is_queued = insert (store, last.seq, edit, error);
  return is_queued && rt_queue_refresh (store, edit->object, edit->object_id, error);
}

gboolean
rt_queue_reject (RtStore *store, gint64 seq, const char *code, const char *message,
                 const char *field, GError **error)
{
  return rt_db_run (rt_store_get_writer (store), error,
                    "UPDATE change SET state = 'rejected', error_code = ?2, error_message = ?3,"
                    " error_field = ?4 WHERE seq = ?1",
                    "isss", seq, code, message, field);
}

static gboolean
retry_change (RtStore *store, const RtChange *change, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  guint n_steps = 0;

  if (change->state != RT_STATE_REJECTED)
    return rt_db_run (db, error,
                      "UPDATE request SET next_attempt_at = 0 WHERE seq = ?1 AND state <> 'done'",
                      "i", change->seq);
  return gather (db, change->object, change->object_id, error)
         && rt_db_run (
             db, error,
             "UPDATE change SET state = 'queued', error_code = NULL, error_message = NULL,"
             " error_field = NULL WHERE seq = ?1",
             "i", change->seq)
         && (waits_for_another (db, change->seq)
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

/* Whether Stripe has a part of what this change was to make: not a meter, which all share. */
static gboolean
is_half_made (RtStore *store, const RtChange *change)
{
  g_autofree char *stripe_id = rt_store_dup_identity (store, change->object, change->object_id);
  g_autoptr (JsonObject) object
      = stripe_id != NULL ? rt_store_object (store, change->object, stripe_id) : NULL;

  return has_state (change, "done") && object != NULL;
}

/* Undoes the part that Stripe has: a creation is archived; the prices of an update go back to what
 * the product costs without it. */
static gboolean
undo_half (RtStore *store, const RtChange *change, GError **error)
{
  static const char *const members[] = { "amount", "included", "overage" };
  gboolean is_creation = g_str_equal (change->action, "create");
  g_autoptr (JsonObject) fields = json_object_new ();
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (JsonObject) record = NULL;

  if (is_creation)
    {
      json_object_set_boolean_member (fields, "archived", TRUE);
    }
  else if (g_str_equal (change->object, "product"))
    {
      product = rt_store_find_product (store, change->object_id, error);
      if (product == NULL)
        return FALSE;
      record = rt_product_to_json (product);
      for (guint i = 0; i < G_N_ELEMENTS (members); i++)
        json_object_set_member (fields, members[i],
                                json_node_copy (json_object_get_member (record, members[i])));
    }
  return json_object_get_size (fields) == 0
         || rt_queue_add (store,
                          &(RtEdit){ is_creation ? "archive" : "update", change->object,
                                     change->object_id, change->name, fields },
                          error);
}

static gboolean
discard_one (RtStore *store, const RtChange *change, GError **error)
{
  if (has_state (change, "sending") || has_state (change, "unknown"))
    {
      rt_set_error (
          error, RT_ERROR_BUSY, NULL,
          _ ("“%s” may have reached Stripe already. The next sync finds out; then you can "
             "take it back."),
          change->name);
      return FALSE;
    }
  if (!rt_db_run (rt_store_get_writer (store), error, "DELETE FROM change WHERE seq = ?1", "i",
                  change->seq)
      || !rt_queue_refresh (store, change->object, change->object_id, error))
    return FALSE;
  return !is_half_made (store, change) || undo_half (store, change, error);
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

gboolean
rt_queue_wake (RtStore *store, GError **error)
{
  if (!rt_store_begin (store, error))
    return FALSE;
  return rt_store_end (store,
                       rt_db_run (rt_store_get_writer (store), error,
                                  "UPDATE request SET next_attempt_at = 0 WHERE next_attempt_at > 0"
                                  " AND state IN ('pending', 'unknown')",
                                  ""),
                       error);
}

gboolean
rt_queue_count (RtStore *store, guint *n_waiting, guint *n_stopped, guint *n_conflicts,
                GError **error)
{
  RtDb *db = rt_store_read (store);
  sqlite3_stmt *statement = rt_db_query (
      db, error,
      "SELECT count(*) FILTER (WHERE state IN ('queued', 'sending')),"
      " count(*) FILTER (WHERE state = 'rejected'),"
      " count(*) FILTER (WHERE state = 'conflict') FROM change WHERE state <> 'done'",
      "");
  gboolean is_counted = statement != NULL && rt_db_next (db, statement, error);

  if (is_counted)
    {
      *n_waiting = (guint) sqlite3_column_int (statement, 0);
      *n_stopped = (guint) sqlite3_column_int (statement, 1);
      *n_conflicts = (guint) sqlite3_column_int (statement, 2);
    }
  rt_db_end (statement);
  rt_store_unread (store, db);
  return is_counted;
}

guint
rt_queue_count_done (RtStore *store)
{
  RtDb *db = rt_store_read (store);
  gint64 n_done = 0;

  rt_db_get_int (db, &n_done, NULL, "SELECT count(*) FROM change WHERE state = 'done'", "");
  rt_store_unread (store, db);
  return (guint) n_done;
}
