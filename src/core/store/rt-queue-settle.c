#include "rt-queue-send.h"

#include <glib/gi18n-lib.h>

#include "rt-conflict.h"
#include "rt-kind.h"
#include "rt-queue-private.h"
#include "rt-store-event.h"
#include "rt-store-object.h"
#include "rt-store-private.h"

/* Stripe's clock is known to the second. */
#define STRAY_MARGIN (2 * G_USEC_PER_SEC)

static gboolean
load_change (RtDb *db, gint64 seq, RtQueued *candidate, GError **error)
{
  sqlite3_stmt *statement
      = rt_db_query (db, error,
                     "SELECT action, object, object_id, name, ifnull(expires_at, 0), fields"
                     " FROM change WHERE seq = ?1",
                     "i", seq);
  gboolean is_found = statement != NULL && rt_db_next (db, statement, error);

  if (is_found)
    {
      candidate->seq = seq;
      candidate->action = g_strdup (rt_db_text (statement, 0));
      candidate->object = g_strdup (rt_db_text (statement, 1));
      candidate->object_id = g_strdup (rt_db_text (statement, 2));
      candidate->name = g_strdup (rt_db_text (statement, 3));
      candidate->expires_at = sqlite3_column_int64 (statement, 4);
      candidate->fields = g_strdup (rt_db_text (statement, 5));
    }
  rt_db_end (statement);
  return is_found;
}

/* What was created with these values may be answered late, and changed by somebody by then. The
 * rest comes with later requests: a price that is there is not of this creation. */
static void
lay_over_sent (JsonObject *record, JsonObject *fields)
{
  static const char *const sent[] = { "name", "description" };
  static const char *const priced[] = { "amount", "currency", "included", "overage" };

  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    if (json_object_has_member (fields, sent[i]))
      json_object_set_member (record, sent[i],
                              json_node_copy (json_object_get_member (fields, sent[i])));
  for (guint i = 0; json_object_has_member (record, "model") && i < G_N_ELEMENTS (priced); i++)
    json_object_set_null_member (record, priced[i]);
}

/* From the first answer on, Stripe has something of a creation that others can change, too. An
 * answer of now is as good as reading it. */
static gboolean
note_base (RtStore *store, const RtQueued *change, gboolean is_old, GError **error)
{
  g_autoptr (JsonObject) record = rt_kind_find (change->object)->record (store, change->object_id);
  g_autoptr (JsonObject) fields = rt_json_parse (change->fields, -1, error);
  g_autofree char *base = NULL;

  if (record == NULL || !g_str_equal (change->action, "create"))
    return TRUE;
  if (fields == NULL)
    return FALSE;
  if (is_old)
    lay_over_sent (record, fields);
  base = rt_conflict_dup_base (change->object, fields, record, NULL);
  return rt_db_run (rt_store_get_writer (store), error,
                    "UPDATE change SET base = ?2, review = iif (?3, review, 'done')"
                    " WHERE seq = ?1 AND base IS NULL",
                    "isb", change->seq, base, is_old);
}

/* Stripe said yes and did something else: told, never believed (TRAPS B15). */
static gboolean
finish_if_true (RtStore *store, const RtQueued *change, const char *request_id, GError **error)
{
  g_autoptr (GPtrArray) left
      = rt_kind_find (change->object)->plan (store, change->object_id, change->seq, error);
  const char *message = _ ("Stripe accepted this but did not do all of it. Look at it there, then "
                           "retry or discard it.");

  if (left == NULL)
    return FALSE;
  if (left->len == 0)
    return rt_queue_finish (store, change, request_id, error);
  return note_base (store, change, FALSE, error) && rt_conflict_note_own (store, change->seq, error)
         && rt_queue_reject (store, change, "ignored", message, NULL, request_id, error);
}

/* The rest of it goes on with what Stripe has by now. An answer of now ends the doubt whether a
 * part of it was done before. */
static gboolean
note_part (RtStore *store, const RtQueued *change, gboolean is_old, GError **error)
{
  const char *sql = is_old ? "UPDATE change SET review = 'needed' WHERE seq = ?1"
                           : "UPDATE request SET lost_at = NULL WHERE seq = ?1 AND lost_at = 0";

  return note_base (store, change, is_old, error)
         && rt_conflict_note_own (store, change->seq, error)
         && rt_db_run (rt_store_get_writer (store), error, sql, "i", change->seq);
}

static gboolean
settle_done (RtStore *store, const RtRequest *request, const RtQueued *change,
             const RtSettlement *settlement, GError **error)
{
  JsonObject *answer = settlement->answer;
  const char *request_id = settlement->request_id;
  gint64 asked_at = settlement->asked_at;
  gboolean is_old = request->was_unknown || !settlement->is_direct;
  RtDb *db = rt_store_get_writer (store);
  gint64 n_open = 0;

  if (!rt_db_run (db, error,
                  "UPDATE request SET state = 'done', request_id = ?2, next_attempt_at = 0,"
                  " stripe_id = ?3 WHERE row = ?1",
                  "iss", request->row, request_id, rt_json_string (answer, "id")))
    return FALSE;
  if (answer != NULL
          ? !rt_store_put_object (store, answer, asked_at, 0, error)
          : !rt_store_put_deleted (store, request->object, request->handle, asked_at, error))
    return FALSE;
  /* What was sent before is answered with the words of then: somebody may have changed it since. */
  if (answer != NULL && is_old
      && !rt_store_add_hint (store, rt_json_string (answer, "object"),
                             rt_json_string (answer, "id"), error))
    return FALSE;
  if (!rt_db_get_int (db, &n_open, error,
                      "SELECT count(*) FROM request WHERE seq = ?1 AND state <> 'done'", "i",
                      request->seq))
    return FALSE;
  if (n_open == 0 && !is_old)
    return finish_if_true (store, change, request_id, error);
  if (n_open == 0)
    return rt_queue_finish (store, change, request_id, error);
  return note_part (store, change, is_old, error)
         && rt_queue_refresh (store, change->object, change->object_id, error);
}

gboolean
rt_queue_settle_done (RtStore *store, const RtRequest *request, const RtSettlement *settlement,
                      GError **error)
{
  g_auto (RtQueued) change = { 0 };
  gboolean is_settled;

  if (!rt_store_begin (store, error))
    return FALSE;
  is_settled = load_change (rt_store_get_writer (store), request->seq, &change, error)
               && settle_done (store, request, &change, settlement, error);
  return rt_store_end (store, is_settled, error);
}

gboolean
rt_queue_settle_refused (RtStore *store, const RtRequest *request, const char *code,
                         const char *message, const char *param, const char *request_id,
                         GError **error)
{
  g_auto (RtQueued) change = { 0 };
  RtDb *db;
  gboolean is_settled;

  if (!rt_store_begin (store, error))
    return FALSE;
  db = rt_store_get_writer (store);
  is_settled = load_change (db, request->seq, &change, error)
               && rt_db_run (db, error,
                             "UPDATE request SET state = 'failed', request_id = ?2,"
                             " next_attempt_at = 0 WHERE row = ?1",
                             "is", request->row, request_id)
               && rt_queue_reject (
                   store, &change, code, message,
                   rt_kind_find (change.object)->field_of (request->object, request->handle, param),
                   request_id, error);
  return rt_store_end (store, is_settled, error);
}

/* Back to "queued" while Stripe has seen nothing of a change, so that it can still be edited in
 * place. What was read of it grows old. */
static gboolean
put_back (RtStore *store, gint64 seq, GError **error)
{
  g_auto (RtQueued) change = { 0 };
  RtDb *db = rt_store_get_writer (store);

  return rt_db_run (db, error,
                    "UPDATE change SET review = 'needed', state = iif (EXISTS (SELECT 1"
                    " FROM request r WHERE r.seq = ?1 AND r.state IN ('sending', 'unknown',"
                    " 'done')), state, 'queued') WHERE seq = ?1 AND state IN ('queued', 'sending')",
                    "i", seq)
         && load_change (db, seq, &change, error)
         && rt_queue_refresh (store, change.object, change.object_id, error);
}

gboolean
rt_queue_settle_later (RtStore *store, const RtRequest *request, RtAttempt attempt,
                       gint64 next_attempt_at, GError **error)
{
  gboolean stays_unknown = attempt != RT_ATTEMPT_VAIN || request->was_unknown;
  gboolean is_settled;

  if (!rt_store_begin (store, error))
    return FALSE;
  /* Once unknown, only an answer to this very key decides: a 429 now says nothing of then. */
  is_settled
      = rt_db_run (rt_store_get_writer (store), error,
                   "UPDATE request SET state = iif(?2, 'unknown', 'pending'),"
                   " was_unknown = ?2, next_attempt_at = ?3,"
                   " first_sent_at = iif(?2, first_sent_at, NULL),"
                   " lost_at = iif(?4, ?5, nullif(?6, 0)) WHERE row = ?1",
                   "ibibii", request->row, stays_unknown, next_attempt_at,
                   attempt == RT_ATTEMPT_LOST, rt_store_now_at_stripe (store), request->lost_at)
        && put_back (store, request->seq, error);
  return rt_store_end (store, is_settled, error);
}

static gboolean
put_list (RtStore *store, JsonArray *list, gint64 asked_at, GError **error)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *object = rt_json_element (list, i);

      if (object != NULL && !rt_store_put_object (store, object, asked_at, 0, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_reread (RtStore *store, const RtRead *read, const RtSettlement *settlement, GError **error)
{
  if (read->object == NULL)
    return put_list (store, rt_json_array (settlement->answer, "data"), settlement->asked_at,
                     error);
  if (settlement->answer == NULL || rt_json_bool (settlement->answer, "deleted"))
    return rt_store_put_deleted (store, read->object, read->id, settlement->asked_at, error);
  return rt_store_put_object (store, settlement->answer, settlement->asked_at, 0, error);
}

static gboolean
settle_renewed (RtStore *store, const RtRequest *request, gint64 next_attempt_at, GError **error)
{
  g_autofree char *key = g_uuid_string_random ();
  g_auto (RtQueued) change = { 0 };
  RtDb *db = rt_store_get_writer (store);

  if (!load_change (db, request->seq, &change, error)
      || !rt_db_run (db, error,
                     "UPDATE request SET state = 'pending', was_unknown = 0,"
                     " first_sent_at = NULL, lost_at = 0, idempotency_key = ?2,"
                     " next_attempt_at = ?3"
                     " WHERE row = ?1",
                     "isi", request->row, key, next_attempt_at))
    return FALSE;
  if (rt_queue_has_expired (store, change.expires_at))
    return rt_queue_expire (store, &change, error);
  return put_back (store, request->seq, error);
}

gboolean
rt_queue_settle_renewed (RtStore *store, const RtRequest *request, gint64 next_attempt_at,
                         GError **error)
{
  return rt_store_begin (store, error)
         && rt_store_end (store, settle_renewed (store, request, next_attempt_at, error), error);
}

/* Returns: whether there is no error to be handed on */
static gboolean
pass_on (GError *local_error, GError **error)
{
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* Whether what was read again is what the change needs by now: it may have been edited while it was
 * read, and be read anew for that, or even be on its way. */
static gboolean
is_same_review (RtDb *db, const RtRequest *request, const RtQueued *change)
{
  gint64 is_asked = 0;

  return g_strcmp0 (request->fields, change->fields) == 0
         && rt_db_get_int (db, &is_asked, NULL,
                           "SELECT review = 'asked' FROM change WHERE seq = ?1", "i", change->seq)
         && is_asked != 0;
}

/* An update that can arrive no more is given up: whether it was executed is told by what Stripe has
 * now, and what is left to be done is planned anew. */
static gboolean
give_up_unknown (RtStore *store, const RtQueued *change, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autofree char *key = g_uuid_string_random ();

  if (!rt_db_run (db, error,
                  "UPDATE request SET state = 'pending', was_unknown = 0, first_sent_at = NULL,"
                  " lost_at = NULL, body = NULL, idempotency_key = ?2"
                  " WHERE seq = ?1 AND state = 'unknown'",
                  "is", change->seq, key))
    return FALSE;
  return rt_db_n_changes (db) == 0
         || (rt_db_run (db, error,
                        "UPDATE change SET state = 'queued' WHERE seq = ?1 AND NOT EXISTS"
                        " (SELECT 1 FROM request r WHERE r.seq = ?1 AND r.state = 'done')",
                        "i", change->seq)
             && rt_queue_refresh (store, change->object, change->object_id, error));
}

static gboolean
has_stray (RtStore *store, gint64 seq, gboolean *has, GError **error)
{
  gint64 n_strays = 0;

  if (!rt_db_get_int (rt_store_get_writer (store), &n_strays, error,
                      "SELECT count(*) FROM request WHERE seq = ?1 AND state = 'unknown'"
                      " AND lost_at > ?2",
                      "ii", seq, rt_store_now_at_stripe (store) - RT_QUEUE_STRAY_LIFE))
    return FALSE;
  *has = n_strays > 0;
  return TRUE;
}

/* Whether a lost request says what others have decided since without a conflict. */
static gboolean
is_outdated (RtStore *store, const RtQueued *change)
{
  const RtKind *kind = rt_kind_find (change->object);
  RtDb *db = rt_store_get_writer (store);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL, "SELECT body FROM request WHERE seq = ?1 AND state = 'unknown'", "i",
                     change->seq);
  g_autoptr (JsonObject) fields = rt_json_parse (change->fields, -1, NULL);
  g_autofree char *body = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    body = g_strdup (rt_db_text (statement, 0));
  rt_db_end (statement);
  return body != NULL && fields != NULL && kind->is_outdated != NULL
         && kind->is_outdated (store, change->object_id, fields, body);
}

/* An update that may still arrive must meet its own key: it is repeated, or nothing is decided
 * before it cannot arrive any more. */
static gboolean
meet_stray (RtStore *store, const RtQueued *change, gboolean is_agreed, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  gint64 now = rt_store_now_at_stripe (store);

  if (is_agreed && !is_outdated (store, change))
    return rt_db_run (db, error, "UPDATE change SET review = 'done' WHERE seq = ?1", "i",
                      change->seq);
  /* By a clock that was put back it was lost only now. */
  return rt_db_run (db, error,
                    "UPDATE request SET lost_at = min(lost_at, ?2),"
                    " next_attempt_at = min(lost_at, ?2) + ?3 WHERE seq = ?1 AND state = 'unknown'",
                    "iii", change->seq, now,
                    RT_QUEUE_STRAY_LIFE + STRAY_MARGIN + rt_clock_now (rt_store_get_clock (store))
                        - now)
         && put_back (store, change->seq, error);
}

/* What is left of a half-made change was planned before others wrote what was read now. Of one that
 * is not half made, what was read is the base from now on: it may be an own attempt's. */
static gboolean
go_on (RtStore *store, const RtQueued *change, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autoptr (JsonObject) record = rt_kind_find (change->object)->record (store, change->object_id);
  g_autoptr (JsonObject) fields = rt_json_parse (change->fields, -1, error);
  g_autofree char *base = fields != NULL && record != NULL
                              ? rt_conflict_dup_base (change->object, fields, record, NULL)
                              : NULL;
  gint64 is_half = 0;
  guint n_steps;

  if (fields == NULL
      || !rt_db_get_int (db, &is_half, error,
                         "SELECT count(*) FROM request WHERE seq = ?1 AND state = 'done'", "i",
                         change->seq)
      || !rt_db_run (db, error,
                     "UPDATE change SET review = 'done', base = iif (?2, base, ifnull (?3, base))"
                     " WHERE seq = ?1",
                     "iis", change->seq, is_half, base)
      || !rt_db_run (db, error, "UPDATE request SET lost_at = NULL WHERE seq = ?1 AND lost_at = 0",
                     "i", change->seq))
    return FALSE;
  return (is_half == 0
          || rt_queue_plan (store, change->seq, change->object, change->object_id, &n_steps, error))
         && rt_queue_refresh (store, change->object, change->object_id, error);
}

static char *
join_fields (GPtrArray *conflicts)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < conflicts->len; i++)
    g_string_append_printf (names, i > 0 ? ", %s" : "%s",
                            ((RtConflictField *) g_ptr_array_index (conflicts, i))->field);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static gboolean
stop_for_conflict (RtStore *store, const RtQueued *change, GPtrArray *conflicts, GError **error)
{
  g_autofree char *names = join_fields (conflicts);

  return rt_db_run (rt_store_get_writer (store), error,
                    "UPDATE change SET state = 'conflict', review = 'needed' WHERE seq = ?1", "i",
                    change->seq)
         && rt_queue_log (store, change->seq, "conflict", NULL, names, error)
         && rt_queue_refresh (store, change->object, change->object_id, error);
}

/* What was read again is kept, and compared with what the person saw. */
static gboolean
settle_review (RtStore *store, const RtRequest *request, GPtrArray *answers, GError **error)
{
  g_auto (RtQueued) change = { 0 };
  g_autoptr (GPtrArray) conflicts = NULL;
  RtDb *db = rt_store_get_writer (store);
  GError *local_error = NULL;
  gboolean may_arrive;

  /* The person may have taken it back meanwhile. */
  if (!load_change (db, request->seq, &change, &local_error))
    return pass_on (local_error, error);
  for (guint i = 0; i < answers->len; i++)
    if (!put_reread (store, g_ptr_array_index (request->reads, i), g_ptr_array_index (answers, i),
                     error))
      return FALSE;
  if (!is_same_review (db, request, &change))
    return TRUE;
  conflicts = rt_conflict_list (store, request->seq, error);
  if (conflicts == NULL || !rt_conflict_note_own (store, change.seq, error)
      || !has_stray (store, request->seq, &may_arrive, error))
    return FALSE;
  if (may_arrive)
    return meet_stray (store, &change, conflicts->len == 0, error);
  if (!give_up_unknown (store, &change, error))
    return FALSE;
  return conflicts->len > 0 ? stop_for_conflict (store, &change, conflicts, error)
                            : go_on (store, &change, error);
}

gboolean
rt_queue_settle_review (RtStore *store, const RtRequest *request, GPtrArray *answers,
                        GError **error)
{
  return rt_store_begin (store, error)
         && rt_store_end (store, settle_review (store, request, answers, error), error);
}

static gboolean
settle_review_later (RtStore *store, const RtRequest *request, gint64 next_attempt_at,
                     GError **error)
{
  g_auto (RtQueued) change = { 0 };
  RtDb *db = rt_store_get_writer (store);
  GError *local_error = NULL;

  if (!load_change (db, request->seq, &change, &local_error))
    return pass_on (local_error, error);
  return rt_db_run (db, error,
                    "UPDATE request SET n_attempts = n_attempts + 1, next_attempt_at = ?2"
                    " WHERE row = (SELECT min(row) FROM request WHERE seq = ?1"
                    " AND state IN ('pending', 'unknown'))",
                    "ii", request->seq, next_attempt_at)
         && put_back (store, request->seq, error);
}

gboolean
rt_queue_settle_review_later (RtStore *store, const RtRequest *request, gint64 next_attempt_at,
                              GError **error)
{
  return rt_store_begin (store, error)
         && rt_store_end (store, settle_review_later (store, request, next_attempt_at, error),
                          error);
}
