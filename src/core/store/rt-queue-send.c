#include "rt-queue-send.h"

#include <glib/gi18n-lib.h>

#include "rt-kind.h"
#include "rt-queue-private.h"
#include "rt-store-object.h"
#include "rt-store-private.h"

/* A time further ahead than Stripe ever asks for was written by a clock that was wrong: due now. */
#define LONGEST_WAIT (2 * 3600 * (gint64) G_USEC_PER_SEC)
#define KEEP_DONE (90 * 24 * 3600 * (gint64) G_USEC_PER_SEC)

gboolean
rt_queue_recover (RtStore *store, GError **error)
{
  RtDb *db;

  if (!rt_store_begin (store, error))
    return FALSE;
  db = rt_store_get_writer (store);
  return rt_store_end (store,
                       rt_db_run (db, error,
                                  "UPDATE request SET state = 'unknown', was_unknown = 1"
                                  " WHERE state = 'sending'",
                                  "")
                           && rt_db_run (db, error,
                                         "DELETE FROM change WHERE state = 'done'"
                                         " AND settled_at < ?1",
                                         "i",
                                         rt_clock_now (rt_store_get_clock (store)) - KEEP_DONE),
                       error);
}

/* A change that could go now: not refused, waiting for nothing, with no request on its way. */
typedef struct
{
  gint64 seq;
  char *action;
  char *object;
  char *object_id;
  char *name;
  gboolean is_started;
} Candidate;

static void
candidate_clear (Candidate *candidate)
{
  g_free (candidate->action);
  g_free (candidate->object);
  g_free (candidate->object_id);
  g_free (candidate->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Candidate, candidate_clear)

static gboolean
next_candidate (RtDb *db, gint64 after, gint64 now, Candidate *candidate, GError **error)
{
  sqlite3_stmt *statement
      = rt_db_query (db, error,
                     "SELECT seq, action, object, object_id, name, state = 'sending' FROM change c"
                     " WHERE state <> 'done' AND state IN ('queued', 'sending') AND seq > ?1"
                     " AND NOT EXISTS (SELECT 1 FROM change_need n JOIN change d ON d.seq = n.needs"
                     " WHERE n.seq = c.seq AND d.state <> 'done')"
                     " AND NOT EXISTS (SELECT 1 FROM request r WHERE r.seq = c.seq"
                     " AND (r.state = 'sending' OR (r.state <> 'done' AND r.next_attempt_at > ?2)))"
                     " ORDER BY seq LIMIT 1",
                     "ii", after, now);
  gboolean is_found = statement != NULL && rt_db_next (db, statement, error);

  if (is_found)
    {
      candidate->seq = sqlite3_column_int64 (statement, 0);
      candidate->action = g_strdup (rt_db_text (statement, 1));
      candidate->object = g_strdup (rt_db_text (statement, 2));
      candidate->object_id = g_strdup (rt_db_text (statement, 3));
      candidate->name = g_strdup (rt_db_text (statement, 4));
      candidate->is_started = sqlite3_column_int (statement, 5) != 0;
    }
  rt_db_end (statement);
  return is_found;
}

static gboolean
finish_change (RtStore *store, const Candidate *candidate, GError **error)
{
  return rt_db_run (rt_store_get_writer (store), error,
                    "UPDATE change SET state = 'done', settled_at = ?2 WHERE seq = ?1", "ii",
                    candidate->seq, rt_clock_now (rt_store_get_clock (store)))
         && rt_queue_refresh (store, candidate->object, candidate->object_id, error);
}

/* Whether Stripe had what this change is about, and has it no more. */
static gboolean
has_lost_object (RtStore *store, const Candidate *candidate)
{
  g_autofree char *stripe_id
      = rt_store_dup_identity (store, candidate->object, candidate->object_id);
  g_autoptr (JsonObject) object
      = stripe_id != NULL ? rt_store_object (store, candidate->object, stripe_id) : NULL;

  return stripe_id != NULL ? object == NULL : !g_str_equal (candidate->action, "create");
}

/* Plans a change of which nothing is under way against what Stripe has by now. */
static gboolean
replan (RtStore *store, const Candidate *candidate, gboolean *is_ready, GError **error)
{
  guint n_steps = 0;

  *is_ready = FALSE;
  if (has_lost_object (store, candidate) && !g_str_equal (candidate->action, "archive"))
    return rt_queue_reject (store, candidate->seq, "resource_missing",
                            _ ("Stripe does not have this any more: it was deleted elsewhere. "
                               "Discard this change."),
                            NULL, error)
           && rt_queue_refresh (store, candidate->object, candidate->object_id, error);
  if (!rt_queue_plan (store, candidate->seq, candidate->object, candidate->object_id, &n_steps,
                      error))
    return FALSE;
  if (n_steps == 0)
    return finish_change (store, candidate, error);
  *is_ready = TRUE;
  return TRUE;
}

static RtRequest *
first_request (RtDb *db, gint64 seq, GError **error)
{
  sqlite3_stmt *statement
      = rt_db_query (db, error,
                     "SELECT " REQUEST_COLUMNS " FROM request WHERE seq = ?1 AND state <> 'done'"
                     " ORDER BY row LIMIT 1",
                     "i", seq);
  RtRequest *request = NULL;

  if (statement != NULL && rt_db_next (db, statement, error))
    request = rt_queue_request_from_row (statement);
  rt_db_end (statement);
  return request;
}

static gboolean
is_being_written (RtDb *db, const RtRequest *request)
{
  gint64 n_writers = 0;

  rt_db_get_int (db, &n_writers, NULL,
                 "SELECT count(*) FROM request WHERE object = ?1 AND handle = ?2"
                 " AND state = 'sending'",
                 "ss", request->object, request->handle);
  return n_writers > 0;
}

/* Meters are shared by all products that count the same: another change may have made it meanwhile.
 */
static gboolean
is_needless (RtStore *store, const RtRequest *request)
{
  g_autofree char *stripe_id = NULL;

  if (!g_str_equal (request->path, "/v1/billing/meters") || request->was_unknown)
    return FALSE;
  stripe_id = rt_store_dup_stripe_id (store, request->object, request->handle);
  return stripe_id != NULL;
}

static char *
resolve_cb (const char *object, const char *handle, gpointer user_data)
{
  return rt_store_dup_stripe_id (RT_STORE (user_data), object, handle);
}

static gboolean
fix_bytes (RtStore *store, RtRequest *request, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autoptr (RtForm) form = NULL;
  sqlite3_stmt *statement;

  if (request->body != NULL)
    return TRUE;
  statement
      = rt_db_query (db, error, "SELECT parameters FROM request WHERE row = ?1", "i", request->row);
  if (statement == NULL || !rt_db_next (db, statement, error))
    return FALSE;
  form = rt_form_from_json (rt_db_text (statement, 0), error);
  rt_db_end (statement);
  if (form != NULL)
    request->body = rt_form_encode (form, resolve_cb, store, error);
  return request->body != NULL;
}

static gboolean
mark_sending (RtStore *store, const Candidate *candidate, RtRequest *request, GError **error)
{
  RtDb *db = rt_store_get_writer (store);

  if (request->first_sent_at == 0)
    request->first_sent_at = rt_clock_now (rt_store_get_clock (store));
  request->n_attempts++;
  return rt_db_run (db, error,
                    "UPDATE request SET state = 'sending', body = ?2, n_attempts = n_attempts + 1,"
                    " first_sent_at = ?3 WHERE row = ?1",
                    "isi", request->row, request->body, request->first_sent_at)
         && rt_db_run (db, error, "UPDATE change SET state = 'sending' WHERE seq = ?1", "i",
                       candidate->seq)
         && rt_queue_refresh (store, candidate->object, candidate->object_id, error);
}

/* What a request refers to is not there: that stops its change and nothing else (TRAPS B8). */
static gboolean
reject_unresolved (RtStore *store, const Candidate *candidate, GError *reason, GError **error)
{
  gboolean is_rejected;

  if (!g_error_matches (reason, RT_ERROR, RT_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  is_rejected
      = rt_queue_reject (store, candidate->seq, "resource_missing", reason->message, NULL, error)
        && rt_queue_refresh (store, candidate->object, candidate->object_id, error);
  g_error_free (reason);
  return is_rejected;
}

/* A change under way whose requests are lost was not done: a damaged file may have swallowed them.
 */
static gboolean
finish_or_stop (RtStore *store, const Candidate *candidate, GError **error)
{
  gint64 n_done = 0;

  if (!rt_db_get_int (rt_store_get_writer (store), &n_done, error,
                      "SELECT count(*) FROM request WHERE seq = ?1 AND state = 'done'", "i",
                      candidate->seq))
    return FALSE;
  if (n_done > 0)
    return finish_change (store, candidate, error);
  return rt_queue_reject (
             store, candidate->seq, "salvaged",
             _ ("Its requests are lost. Look at Stripe whether it was done, then retry "
                "or discard it."),
             NULL, error)
         && rt_queue_refresh (store, candidate->object, candidate->object_id, error);
}

/* Returns: %FALSE on failure; @request stays %NULL if this candidate has nothing to send now. */
static gboolean
claim_from (RtStore *store, const Candidate *candidate, RtRequest **request, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autoptr (RtRequest) first = NULL;
  gboolean is_ready = TRUE;
  GError *reason = NULL;

  if (!candidate->is_started && !replan (store, candidate, &is_ready, error))
    return FALSE;
  while (is_ready)
    {
      g_clear_pointer (&first, rt_request_free);
      first = first_request (db, candidate->seq, error);
      if (first == NULL)
        return finish_or_stop (store, candidate, error);
      if (!is_needless (store, first))
        break;
      if (!rt_db_run (db, error, "UPDATE request SET state = 'done' WHERE row = ?1", "i",
                      first->row))
        return FALSE;
    }
  if (!is_ready || is_being_written (db, first))
    return TRUE;
  if (!fix_bytes (store, first, &reason))
    return reject_unresolved (store, candidate, reason, error);
  if (!mark_sending (store, candidate, first, error))
    return FALSE;
  *request = g_steal_pointer (&first);
  return TRUE;
}

static gboolean
claim (RtStore *store, RtRequest **request, gint64 *next_attempt_at, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  gint64 now = rt_clock_now (rt_store_get_clock (store));
  GError *local_error = NULL;
  gint64 after = 0;

  while (*request == NULL)
    {
      g_auto (Candidate) candidate = { 0 };

      if (!next_candidate (db, after, now, &candidate, &local_error))
        break;
      after = candidate.seq;
      if (!claim_from (store, &candidate, request, &local_error))
        break;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  return rt_db_get_int (db, next_attempt_at, error,
                        "SELECT min(r.next_attempt_at) FROM request r JOIN change c USING (seq)"
                        " WHERE r.state IN ('pending', 'unknown') AND r.next_attempt_at > 0"
                        " AND c.state <> 'done' AND c.state IN ('queued', 'sending')",
                        "");
}

gboolean
rt_queue_claim (RtStore *store, RtRequest **request, gint64 *next_attempt_at, GError **error)
{
  gboolean is_claimed;

  *request = NULL;
  if (!rt_store_begin (store, error))
    return FALSE;
  is_claimed = claim (store, request, next_attempt_at, error);
  is_claimed = rt_store_end (store, is_claimed, error);
  if (!is_claimed)
    g_clear_pointer (request, rt_request_free);
  return is_claimed;
}

static gboolean
load_change (RtDb *db, gint64 seq, Candidate *candidate, GError **error)
{
  sqlite3_stmt *statement
      = rt_db_query (db, error, "SELECT action, object, object_id, name FROM change WHERE seq = ?1",
                     "i", seq);
  gboolean is_found = statement != NULL && rt_db_next (db, statement, error);

  if (is_found)
    {
      candidate->seq = seq;
      candidate->action = g_strdup (rt_db_text (statement, 0));
      candidate->object = g_strdup (rt_db_text (statement, 1));
      candidate->object_id = g_strdup (rt_db_text (statement, 2));
      candidate->name = g_strdup (rt_db_text (statement, 3));
    }
  rt_db_end (statement);
  return is_found;
}

static gboolean
settle_done (RtStore *store, const RtRequest *request, const Candidate *change, JsonObject *answer,
             const char *request_id, gint64 asked_at, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  gint64 n_open = 0;

  if (!rt_db_run (db, error,
                  "UPDATE request SET state = 'done', request_id = ?2, next_attempt_at = 0"
                  " WHERE row = ?1",
                  "is", request->row, request_id))
    return FALSE;
  if (answer != NULL
          ? !rt_store_put_object (store, answer, asked_at, 0, error)
          : !rt_store_put_deleted (store, request->object, request->handle, asked_at, error))
    return FALSE;
  if (!rt_db_get_int (db, &n_open, error,
                      "SELECT count(*) FROM request WHERE seq = ?1 AND state <> 'done'", "i",
                      request->seq))
    return FALSE;
  if (n_open == 0)
    return finish_change (store, change, error);
  return rt_queue_refresh (store, change->object, change->object_id, error);
}

gboolean
rt_queue_settle_done (RtStore *store, const RtRequest *request, JsonObject *answer,
                      const char *request_id, gint64 asked_at, GError **error)
{
  g_auto (Candidate) change = { 0 };
  gboolean is_settled;

  if (!rt_store_begin (store, error))
    return FALSE;
  is_settled = load_change (rt_store_get_writer (store), request->seq, &change, error)
               && settle_done (store, request, &change, answer, request_id, asked_at, error);
  return rt_store_end (store, is_settled, error);
}

gboolean
rt_queue_settle_refused (RtStore *store, const RtRequest *request, const char *code,
                         const char *message, const char *param, const char *request_id,
                         GError **error)
{
  g_auto (Candidate) change = { 0 };
  RtDb *db;
  gboolean is_settled;

  if (!rt_store_begin (store, error))
    return FALSE;
  db = rt_store_get_writer (store);
  is_settled
      = load_change (db, request->seq, &change, error)
        && rt_db_run (db, error,
                      "UPDATE request SET state = 'failed', request_id = ?2,"
                      " next_attempt_at = 0 WHERE row = ?1",
                      "is", request->row, request_id)
        && rt_queue_reject (
            store, request->seq, code, message,
            rt_kind_find (change.object)->field_of (request->object, request->handle, param), error)
        && rt_queue_refresh (store, change.object, change.object_id, error);
  return rt_store_end (store, is_settled, error);
}

/* Back to "queued" while Stripe has seen nothing of a change, so that it can still be edited in
 * place. */
static gboolean
put_back (RtStore *store, gint64 seq, GError **error)
{
  g_auto (Candidate) change = { 0 };
  RtDb *db = rt_store_get_writer (store);

  return rt_db_run (
             db, error,
             "UPDATE change SET state = 'queued' WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM"
             " request r WHERE r.seq = ?1 AND r.state IN ('sending', 'unknown', 'done'))",
             "i", seq)
         && load_change (db, seq, &change, error)
         && rt_queue_refresh (store, change.object, change.object_id, error);
}

gboolean
rt_queue_settle_later (RtStore *store, const RtRequest *request, gboolean is_unknown,
                       gint64 next_attempt_at, GError **error)
{
  gboolean stays_unknown = is_unknown || request->was_unknown;
  gboolean is_settled;

  if (!rt_store_begin (store, error))
    return FALSE;
  /* Once unknown, only an answer to this very key decides: a 429 now says nothing of then. */
  is_settled = rt_db_run (rt_store_get_writer (store), error,
                          "UPDATE request SET state = iif(?2, 'unknown', 'pending'),"
                          " was_unknown = ?2, next_attempt_at = ?3,"
                          " first_sent_at = iif(?2, first_sent_at, NULL) WHERE row = ?1",
                          "ibi", request->row, stays_unknown, next_attempt_at)
               && put_back (store, request->seq, error);
  return rt_store_end (store, is_settled, error);
}

gboolean
rt_queue_settle_renewed (RtStore *store, const RtRequest *request, gint64 next_attempt_at,
                         GError **error)
{
  g_autofree char *key = g_uuid_string_random ();
  gboolean is_settled;

  if (!rt_store_begin (store, error))
    return FALSE;
  is_settled = rt_db_run (rt_store_get_writer (store), error,
                          "UPDATE request SET state = 'pending', was_unknown = 0,"
                          " first_sent_at = NULL, idempotency_key = ?2, next_attempt_at = ?3"
                          " WHERE row = ?1",
                          "isi", request->row, key, next_attempt_at)
               && put_back (store, request->seq, error);
  return rt_store_end (store, is_settled, error);
}
