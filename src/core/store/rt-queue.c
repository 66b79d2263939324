#include "rt-queue.h"

#include <glib/gi18n-lib.h>

#include "rt-conflict.h"
#include "rt-kind.h"
#include "rt-log.h"
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

gboolean
rt_store_has_change (RtStore *store, const char *object, const char *id)
{
  RtDb *db = rt_store_read (store);
  gint64 has_change = 0;

  rt_db_get_int (db, &has_change, NULL,
                 "SELECT EXISTS (SELECT 1 FROM change WHERE object = ?1 AND object_id = ?2"
                 " AND state <> 'done')",
                 "ss", object, id);
  rt_store_unread (store, db);
  return has_change != 0;
}

RtState
rt_store_pending_state (RtStore *store, const char *object, const char *id, gboolean is_archived)
{
  RtDb *db = rt_store_read (store);
  /* What Stripe failed at may be there in part: to whom edits it, it is being sent. */
  sqlite3_stmt *statement = rt_db_query (
      db, NULL,
      "SELECT iif(state = 'queued' AND EXISTS (SELECT 1 FROM request r WHERE r.seq = c.seq"
      " AND r.lost_at = 0), 'sending', state) AS shown"
      " FROM change c WHERE object = ?1 AND object_id = ?2 AND state <> 'done' ORDER BY"
      " CASE shown WHEN 'rejected' THEN 0 WHEN 'conflict' THEN 1 WHEN 'sending' THEN 2 ELSE 3 END"
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

  gint64 n_attempts = 0, was_tried = 0;

  if (plan == NULL
      || !rt_db_get_int (db, &n_attempts, error,
                         "SELECT sum(n_attempts) FROM request WHERE seq = ?1 AND state = 'pending'",
                         "i", seq)
      || !rt_db_get_int (db, &was_tried, error,
                         "SELECT count(*) FROM request WHERE seq = ?1 AND lost_at = 0", "i", seq)
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
                      " idempotency_key, n_attempts, lost_at, state)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif (?9, 0, NULL), 'pending')",
                      "issssssib", seq, step->method, step->path, step->object, step->handle,
                      parameters, key, i == 0 ? n_attempts : 0, was_tried > 0))
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
  char *base; /* (nullable) */
  gboolean is_foldable;
  gboolean has_done;
} LastChange;

static void
last_change_clear (LastChange *last)
{
  g_free (last->action);
  g_free (last->fields);
  g_free (last->base);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LastChange, last_change_clear)

static gboolean
load_last (RtDb *db, const char *object, const char *object_id, LastChange *last, GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (
      db, &local_error,
      "SELECT seq, action, fields, state <> 'sending' AND NOT EXISTS (SELECT 1 FROM request r WHERE"
      " r.seq = c.seq AND (r.state IN ('sending', 'unknown') OR r.lost_at = 0)),"
      " EXISTS (SELECT 1 FROM request r WHERE r.seq = c.seq AND r.state = 'done'), base"
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
      last->base = g_strdup (rt_db_text (statement, 5));
    }
  rt_db_end (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
rt_queue_waits (RtDb *db, gint64 seq)
{
  gint64 n_needs = 0;

  rt_db_get_int (db, &n_needs, NULL,
                 "SELECT count(*) FROM change_need n JOIN change d ON d.seq = n.needs"
                 " WHERE n.seq = ?1 AND d.state <> 'done'",
                 "i", seq);
  return n_needs > 0;
}

static void
lay_over (JsonObject *fields, JsonObject *later)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  json_object_iter_init (&iter, later);
  while (json_object_iter_next (&iter, &member, &value))
    json_object_set_member (fields, member, json_node_copy (value));
}

/* What the merged fields were before any of the edits; a creation that nothing is known of at
 * Stripe has no such thing. */
static char *
merge_base (const LastChange *last, const RtEdit *edit, JsonObject *merged, gboolean is_creation)
{
  g_autoptr (JsonObject) base = last->base != NULL ? rt_json_parse (last->base, -1, NULL) : NULL;

  return is_creation && base == NULL
             ? NULL
             : rt_conflict_dup_base (edit->object, merged, edit->before, base);
}

/* Of what becomes one, the earliest end to come counts (TRAPS B23); with it the beginning, which
 * tells how long it was to be good. */
#define IS_SOONER "?7 <> 0 AND (expires_at IS NULL OR expires_at <= ?6 OR ?7 < expires_at)"

/* Lays an edit into what waits. One that ends where it began leaves nothing to send. */
static gboolean
fold (RtStore *store, const LastChange *last, const RtEdit *edit, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autoptr (JsonObject) merged = rt_json_parse (last->fields, -1, error);
  g_autofree char *text = NULL;
  g_autofree char *base = NULL;
  gboolean is_creation = g_str_equal (last->action, "create");
  gint64 now = rt_clock_now (rt_store_get_clock (store));
  guint n_steps = 0;

  if (merged == NULL)
    return FALSE;
  lay_over (merged, edit->fields);
  text = rt_json_to_text (merged);
  base = merge_base (last, edit, merged, is_creation);
  if (!rt_db_run (db, error,
                  "UPDATE change SET fields = ?2, base = ?3, action = ?4, name = ?5,"
                  " state = 'queued', review = 'needed', error_code = NULL, error_message = NULL,"
                  " error_field = NULL, created_at = iif(" IS_SOONER ", ?6, created_at),"
                  " expires_at = iif(" IS_SOONER ", ?7, expires_at) WHERE seq = ?1",
                  "issssii", last->seq, text, base, is_creation ? "create" : edit->action,
                  edit->name, now, edit->lifetime > 0 ? now + edit->lifetime : (gint64) 0))
    return FALSE;
  if (rt_queue_waits (db, last->seq))
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
  g_autofree char *base = rt_conflict_dup_base (edit->object, edit->fields, edit->before, NULL);
  gint64 now = rt_clock_now (rt_store_get_clock (store));
  guint n_steps = 0;
  gint64 seq;

  if (!rt_db_run (db, error,
                  "INSERT INTO change (id, action, object, object_id, name, fields, state,"
                  " created_at, base, expires_at)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, nullif(?9, 0))",
                  "ssssssisi", id, edit->action, edit->object, edit->object_id, edit->name, text,
                  now, base, edit->lifetime > 0 ? now + edit->lifetime : (gint64) 0))
    return FALSE;
  seq = rt_db_last_row (db);
  if (needs != 0)
    return rt_db_run (db, error, "INSERT INTO change_need (seq, needs) VALUES (?1, ?2)", "ii", seq,
                      needs);
  if (!rt_queue_plan (store, seq, edit->object, edit->object_id, &n_steps, error))
    return FALSE;
  return n_steps > 0 || rt_db_run (db, error, "DELETE FROM change WHERE seq = ?1", "i", seq);
}

/* The open changes of an object from one on, as one. */
typedef struct
{
  JsonObject *fields; /* (owned) (nullable) */
  JsonObject *base;   /* (owned) (nullable) */
  char *action;       /* (owned) */
  char *name;         /* (owned) */
  gint64 created_at;  /* with @expires_at */
  gint64 expires_at;  /* the earliest; 0: never */
  guint n_changes;
} Gathered;

static void
gathered_clear (Gathered *gathered)
{
  g_clear_pointer (&gathered->fields, json_object_unref);
  g_clear_pointer (&gathered->base, json_object_unref);
  g_free (gathered->action);
  g_free (gathered->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gathered, gathered_clear)

/* Later fields win, but the earliest base: that is what Stripe had. It is what the last one is,
 * unless it begins with a creation. */
static void
gather_row (Gathered *gathered, sqlite3_stmt *row)
{
  g_autoptr (JsonObject) fields = rt_json_parse (rt_db_text (row, 0), -1, NULL);
  const char *base_text = rt_db_text (row, 1);
  gint64 expires_at = sqlite3_column_int64 (row, 5);
  g_autoptr (JsonObject) base = base_text != NULL ? rt_json_parse (base_text, -1, NULL) : NULL;

  if (gathered->n_changes++ == 0)
    {
      gathered->fields = g_steal_pointer (&fields);
      gathered->base = g_steal_pointer (&base);
    }
  else if (fields != NULL && gathered->fields != NULL)
    {
      lay_over (gathered->fields, fields);
      if (gathered->base != NULL && base != NULL)
        {
          lay_over (base, gathered->base);
          json_object_unref (gathered->base);
          gathered->base = g_steal_pointer (&base);
        }
    }
  if (expires_at != 0 && (gathered->expires_at == 0 || expires_at < gathered->expires_at))
    {
      gathered->created_at = sqlite3_column_int64 (row, 4);
      gathered->expires_at = expires_at;
    }
  g_free (gathered->name);
  gathered->name = g_strdup (rt_db_text (row, 2));
  if (g_strcmp0 (gathered->action, "create") == 0)
    return;
  g_free (gathered->action);
  gathered->action = g_strdup (rt_db_text (row, 3));
}

static gboolean
gather_from (RtDb *db, const char *object, const char *object_id, gint64 first, Gathered *gathered,
             GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (
      db, &local_error,
      "SELECT fields, base, name, action, created_at, ifnull(expires_at, 0) FROM change"
      " WHERE object = ?1 AND object_id = ?2 AND state <> 'done' AND seq >= ?3 ORDER BY seq",
      "ssi", object, object_id, first);

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    gather_row (gathered, statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
rt_queue_gather (RtDb *db, const char *object, const char *object_id, GError **error)
{
  g_auto (Gathered) gathered = { 0 };
  g_autofree char *fields = NULL;
  g_autofree char *base = NULL;
  gint64 stopped = 0;

  if (!rt_db_get_int (db, &stopped, error,
                      "SELECT min(seq) FROM change WHERE object = ?1 AND object_id = ?2"
                      " AND state IN ('rejected', 'conflict')",
                      "ss", object, object_id))
    return FALSE;
  if (stopped == 0)
    return TRUE;
  if (!gather_from (db, object, object_id, stopped, &gathered, error))
    return FALSE;
  if (gathered.n_changes < 2 || gathered.fields == NULL)
    return TRUE;
  fields = rt_json_to_text (gathered.fields);
  base = gathered.base != NULL ? rt_json_to_text (gathered.base) : NULL;
  return rt_db_run (db, error,
                    "UPDATE change SET fields = ?2, base = ?3, name = ?4, action = ?5,"
                    " created_at = iif(?7 = 0, created_at, ?6), expires_at = nullif(?7, 0)"
                    " WHERE seq = ?1",
                    "issssii", stopped, fields, base, gathered.name, gathered.action,
                    gathered.created_at, gathered.expires_at)
         && rt_db_run (db, error,
                       "DELETE FROM change WHERE object = ?1 AND object_id = ?2"
                       " AND state <> 'done' AND seq > ?3",
                       "ssi", object, object_id, stopped);
}

gboolean
rt_queue_add (RtStore *store, const RtEdit *edit, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_auto (LastChange) last = { 0 };
  gboolean is_queued;

  if (!rt_queue_gather (db, edit->object, edit->object_id, error)
      || !load_last (db, edit->object, edit->object_id, &last, error))
    return FALSE;
  if (last.seq != 0 && last.is_foldable)
    is_queued = fold (store, &last, edit, error);
  else
    is_queued = insert (store, last.seq, edit, error);
  return is_queued && rt_queue_refresh (store, edit->object, edit->object_id, error);
}

gboolean
rt_queue_log (RtStore *store, gint64 seq, const char *event, const char *request_id,
              const char *detail, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  sqlite3_stmt *statement
      = rt_db_query (db, error,
                     "SELECT id, action, object, object_id, name FROM change WHERE seq = ?1", "i",
                     seq);
  RtLogEntry entry = { .event = event, .request_id = request_id, .detail = detail };
  gboolean is_added = FALSE;

  if (statement != NULL && rt_db_next (db, statement, error))
    {
      entry.change_id = rt_db_text (statement, 0);
      entry.action = rt_db_text (statement, 1);
      entry.object = rt_db_text (statement, 2);
      entry.object_id = rt_db_text (statement, 3);
      entry.name = rt_db_text (statement, 4);
      is_added = rt_log_add (store, &entry, error);
    }
  rt_db_end (statement);
  return is_added;
}

gboolean
rt_queue_reject (RtStore *store, const RtQueued *change, const char *code, const char *message,
                 const char *field, const char *request_id, GError **error)
{
  gboolean is_expired = g_str_equal (code, RT_QUEUE_EXPIRED);

  return rt_db_run (rt_store_get_writer (store), error,
                    "UPDATE change SET state = 'rejected', error_code = ?2, error_message = ?3,"
                    " error_field = ?4 WHERE seq = ?1",
                    "isss", change->seq, code, message, field)
         && rt_queue_log (store, change->seq, is_expired ? "expired" : "refused", request_id,
                          is_expired ? NULL : message, error)
         && rt_queue_refresh (store, change->object, change->object_id, error);
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
