#include "rt-queue-send.h"

#include <glib/gi18n-lib.h>

#include "rt-conflict.h"
#include "rt-kind.h"
#include "rt-log.h"
#include "rt-queue-private.h"
#include "rt-store-object.h"
#include "rt-store-private.h"

/* A time further ahead than Stripe ever asks for was written by a clock that was wrong: due now. */
#define LONGEST_WAIT (2 * 3600 * (gint64) G_USEC_PER_SEC)
/* A request that leaves now may arrive a little later. */
#define EXPIRY_MARGIN (90 * (gint64) G_USEC_PER_SEC)
#define KEEP_DONE (90 * 24 * 3600 * (gint64) G_USEC_PER_SEC)

static gboolean
recover (RtStore *store, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  gint64 now = rt_clock_now (rt_store_get_clock (store));
  gint64 forget_before = now - KEEP_DONE;

  return rt_db_run (db, error,
                    "UPDATE request SET state = 'unknown', was_unknown = 1,"
                    " lost_at = ifnull(lost_at, ?1) WHERE state = 'sending'",
                    "i", rt_store_now_at_stripe (store))
         && rt_db_run (db, error,
                       "UPDATE change SET review = 'needed' WHERE state <> 'done'"
                       " AND review <> 'needed'",
                       "")
         && rt_conflict_reconsider (store, error)
         && rt_db_run (db, error, "DELETE FROM change WHERE state = 'done' AND settled_at < ?1",
                       "i", forget_before)
         && rt_log_forget (store, forget_before, error);
}

gboolean
rt_queue_recover (RtStore *store, GError **error)
{
  return rt_store_begin (store, error) && rt_store_end (store, recover (store, error), error);
}

void
rt_queued_clear (RtQueued *queued)
{
  g_free (queued->action);
  g_free (queued->object);
  g_free (queued->object_id);
  g_free (queued->name);
  g_free (queued->fields);
}

/* A request that may have been executed, or still be, whose repetition is no new decision: one that
 * creates or deletes something. An update sets what it set: it is looked first whether it may. */
#define MUST_REPEAT                                                  \
  "r.state = 'unknown' AND NOT (r.method = 'POST'"                   \
  " AND (r.path GLOB '/v1/products/*' OR r.path GLOB '/v1/prices/*'" \
  " OR r.path GLOB '/v1/customers/*' OR r.path GLOB '/v1/coupons/*'))"

static gboolean
next_candidate (RtStore *store, gint64 after, gint64 now, RtQueued *candidate, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  sqlite3_stmt *statement
      = rt_db_query (db, error,
                     "SELECT seq, action, object, object_id, name, state = 'sending' AND NOT"
                     " (SELECT ifnull(min(r.state = 'done'), 0) FROM request r"
                     " WHERE r.seq = c.seq), fields,"
                     " review = 'needed' AND NOT EXISTS (SELECT 1"
                     " FROM request r WHERE r.seq = c.seq AND " MUST_REPEAT "),"
                     " ifnull(expires_at, 0), base IS NOT NULL, state = 'sending'"
                     " AND NOT EXISTS (SELECT 1 FROM request r WHERE r.seq = c.seq) FROM change c"
                     " WHERE state <> 'done' AND state IN ('queued', 'sending') AND seq > ?1"
                     " AND review <> 'asked'"
                     " AND NOT EXISTS (SELECT 1 FROM change_need n JOIN change d ON d.seq = n.needs"
                     " WHERE n.seq = c.seq AND d.state <> 'done')"
                     " AND NOT EXISTS (SELECT 1 FROM request r WHERE r.seq = c.seq"
                     " AND (r.state = 'sending' OR (r.state <> 'done' AND r.next_attempt_at > ?2"
                     " AND r.next_attempt_at <= ?3)))"
                     " ORDER BY seq LIMIT 1",
                     "iii", after, now, now + LONGEST_WAIT);
  gboolean is_found = statement != NULL && rt_db_next (db, statement, error);

  if (is_found)
    {
      candidate->seq = sqlite3_column_int64 (statement, 0);
      candidate->action = g_strdup (rt_db_text (statement, 1));
      candidate->object = g_strdup (rt_db_text (statement, 2));
      candidate->object_id = g_strdup (rt_db_text (statement, 3));
      candidate->name = g_strdup (rt_db_text (statement, 4));
      candidate->is_started = sqlite3_column_int (statement, 5) != 0;
      candidate->fields = g_strdup (rt_db_text (statement, 6));
      candidate->needs_review = sqlite3_column_int (statement, 7) != 0;
      candidate->expires_at = sqlite3_column_int64 (statement, 8);
      candidate->has_base = sqlite3_column_int (statement, 9) != 0;
      candidate->is_lost = sqlite3_column_int (statement, 10) != 0;
    }
  rt_db_end (statement);
  return is_found;
}

gboolean
rt_queue_finish (RtStore *store, const RtQueued *candidate, const char *request_id, GError **error)
{
  return rt_db_run (rt_store_get_writer (store), error,
                    "UPDATE change SET state = 'done', settled_at = ?2 WHERE seq = ?1", "ii",
                    candidate->seq, rt_clock_now (rt_store_get_clock (store)))
         && rt_queue_log (store, candidate->seq, "done", request_id, NULL, error)
         && rt_queue_refresh (store, candidate->object, candidate->object_id, error);
}

/* Whether Stripe had what this change is about, and has it no more. */
static gboolean
has_lost_object (RtStore *store, const RtQueued *candidate)
{
  g_autofree char *stripe_id
      = rt_store_dup_identity (store, candidate->object, candidate->object_id);
  g_autoptr (JsonObject) object
      = stripe_id != NULL ? rt_store_object (store, candidate->object, stripe_id) : NULL;

  return stripe_id != NULL ? object == NULL : !g_str_equal (candidate->action, "create");
}

/* Plans a change of which nothing is under way against what Stripe has by now. */
static gboolean
replan (RtStore *store, const RtQueued *candidate, gboolean *is_ready, GError **error)
{
  guint n_steps = 0;

  *is_ready = FALSE;
  if (has_lost_object (store, candidate) && !g_str_equal (candidate->action, "archive"))
    return rt_queue_reject (store, candidate, "resource_missing",
                            _ ("Stripe does not have this any more: it was deleted elsewhere. "
                               "Discard this change."),
                            NULL, NULL, error);
  if (!rt_queue_plan (store, candidate->seq, candidate->object, candidate->object_id, &n_steps,
                      error))
    return FALSE;
  if (n_steps == 0)
    return rt_queue_finish (store, candidate, NULL, error);
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

/* Should the computer die now, this is when it was lost. */
static gboolean
mark_sending (RtStore *store, const RtQueued *candidate, RtRequest *request, GError **error)
{
  RtDb *db = rt_store_get_writer (store);

  if (request->first_sent_at == 0)
    request->first_sent_at = rt_store_now_at_stripe (store);
  request->n_attempts++;
  return rt_db_run (db, error,
                    "UPDATE request SET state = 'sending', body = ?2, n_attempts = n_attempts + 1,"
                    " first_sent_at = ?3, lost_at = ?4 WHERE row = ?1",
                    "isii", request->row, request->body, request->first_sent_at,
                    rt_store_now_at_stripe (store))
         && rt_db_run (db, error, "UPDATE change SET state = 'sending' WHERE seq = ?1", "i",
                       candidate->seq)
         && rt_queue_refresh (store, candidate->object, candidate->object_id, error);
}

/* What a request refers to is not there: that stops its change and nothing else (TRAPS B8). */
static gboolean
reject_unresolved (RtStore *store, const RtQueued *candidate, GError *reason, GError **error)
{
  gboolean is_rejected;

  if (!g_error_matches (reason, RT_ERROR, RT_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  is_rejected
      = rt_queue_reject (store, candidate, "resource_missing", reason->message, NULL, NULL, error);
  g_error_free (reason);
  return is_rejected;
}

/* A change under way whose requests are lost was not done: a damaged file may have swallowed them.
 */
static gboolean
reject_lost (RtStore *store, const RtQueued *candidate, GError **error)
{
  return rt_queue_reject (
      store, candidate, "salvaged",
      _ ("Its requests are lost. Look at Stripe whether it was done, then retry "
         "or discard it."),
      NULL, NULL, error);
}

/* The person's decision is too old to be carried out unasked (TRAPS B23). */
gboolean
rt_queue_expire (RtStore *store, const RtQueued *candidate, GError **error)
{
  return rt_queue_reject (store, candidate, RT_QUEUE_EXPIRED,
                          _ ("This waited so long that it was not sent. Retry it if it is still "
                             "wanted, or discard it."),
                          NULL, NULL, error);
}

gboolean
rt_queue_has_expired (RtStore *store, gint64 expires_at)
{
  return expires_at != 0 && expires_at - EXPIRY_MARGIN <= rt_clock_now (rt_store_get_clock (store));
}

/* What must be read again first (TRAPS B13); %NULL if Stripe has nothing of it, or if only the
 * repetition of a request tells whether it was executed. */
static GPtrArray *
dup_reads (RtStore *store, const RtQueued *candidate)
{
  g_autoptr (GPtrArray) reads = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_read_free);
  g_autoptr (JsonObject) fields = rt_json_parse (candidate->fields, -1, NULL);

  if (!candidate->needs_review || !candidate->has_base || fields == NULL)
    return NULL;
  rt_kind_find (candidate->object)->reads (store, candidate->object_id, fields, reads);
  return reads->len > 0 ? g_steal_pointer (&reads) : NULL;
}

static gboolean
claim_review (RtStore *store, const RtQueued *candidate, RtRequest **request, GPtrArray *reads,
              GError **error)
{
  if (!rt_db_run (rt_store_get_writer (store), error,
                  "UPDATE change SET review = 'asked' WHERE seq = ?1", "i", candidate->seq))
    return FALSE;
  *request = g_new0 (RtRequest, 1);
  (*request)->seq = candidate->seq;
  (*request)->reads = g_ptr_array_ref (reads);
  (*request)->fields = g_strdup (candidate->fields);
  return TRUE;
}

static gboolean
claim_next (RtStore *store, const RtQueued *candidate, RtRequest **request, GError **error)
{
  GError *reason = NULL;
  g_autoptr (RtRequest) first
      = first_request (rt_store_get_writer (store), candidate->seq, &reason);

  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  if (first == NULL)
    return TRUE;
  if (is_being_written (rt_store_get_writer (store), first))
    return TRUE;
  if (!first->was_unknown && rt_queue_has_expired (store, candidate->expires_at))
    return rt_queue_expire (store, candidate, error);
  if (!fix_bytes (store, first, &reason))
    return reject_unresolved (store, candidate, reason, error);
  if (!mark_sending (store, candidate, first, error))
    return FALSE;
  *request = g_steal_pointer (&first);
  return TRUE;
}

/* What a creation meant is what Stripe should have of it. Of what has no price yet, none is missed.
 */
static JsonObject *
dup_meant (JsonObject *fields, JsonObject *record)
{
  static const char *const told[] = { "created", "outside", "redeemed" };
  static const char *const priced[]
      = { "amount", "currency", "included", "overage", "period", "period_count", "tax" };
  g_autofree char *text = rt_json_to_text (fields);
  JsonObject *base = rt_json_parse (text, -1, NULL);
  gboolean is_product = json_object_has_member (record, "model");
  gboolean has_price = rt_json_string (record, "currency") != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    json_object_remove_member (base, told[i]);
  json_object_set_boolean_member (base, "archived", FALSE); /* nothing is born so */
  for (guint i = 0; is_product && i < G_N_ELEMENTS (priced); i++)
    if (!has_price || json_object_get_null_member (record, priced[i]))
      json_object_set_member (base, priced[i],
                              json_node_copy (json_object_get_member (record, priced[i])));
  return base;
}

/* A creation that Stripe has already, though no answer of it is on record: an older copy of the
 * queue was restored, or a lost one is tried again. Others may have changed it since. */
static gboolean
note_meant (RtStore *store, RtQueued *candidate, GError **error)
{
  g_autoptr (JsonObject) record = NULL;
  g_autoptr (JsonObject) fields = NULL;
  g_autoptr (JsonObject) base = NULL;
  g_autofree char *text = NULL;

  if (candidate->has_base || !g_str_equal (candidate->action, "create"))
    return TRUE;
  record = rt_kind_find (candidate->object)->record (store, candidate->object_id);
  if (record == NULL)
    return TRUE;
  fields = rt_json_parse (candidate->fields, -1, error);
  if (fields == NULL)
    return FALSE;
  base = dup_meant (fields, record);
  text = rt_json_to_text (base);
  candidate->has_base = TRUE;
  return rt_db_run (rt_store_get_writer (store), error,
                    "UPDATE change SET base = ?2 WHERE seq = ?1", "is", candidate->seq, text);
}

/* Returns: %FALSE on failure; @request stays %NULL if this candidate has nothing to send now. */
static gboolean
claim_from (RtStore *store, RtQueued *candidate, RtRequest **request, GError **error)
{
  g_autoptr (GPtrArray) reads = NULL;
  gboolean is_ready = TRUE;

  if (candidate->is_lost)
    return reject_lost (store, candidate, error);
  if (!candidate->is_started && rt_queue_has_expired (store, candidate->expires_at))
    return rt_queue_expire (store, candidate, error);
  if (!candidate->is_started
      && (!note_meant (store, candidate, error) || !replan (store, candidate, &is_ready, error)))
    return FALSE;
  if (!is_ready)
    return TRUE;
  reads = dup_reads (store, candidate);
  if (reads != NULL)
    return claim_review (store, candidate, request, reads, error);
  return claim_next (store, candidate, request, error);
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
      g_auto (RtQueued) candidate = { 0 };

      if (!next_candidate (store, after, now, &candidate, &local_error))
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
  *next_attempt_at = 0;
  if (*request != NULL)
    return TRUE;
  return rt_db_get_int (db, next_attempt_at, error,
                        "SELECT min(r.next_attempt_at) FROM request r JOIN change c USING (seq)"
                        " WHERE r.state IN ('pending', 'unknown') AND r.next_attempt_at > ?1"
                        " AND c.state <> 'done' AND c.state IN ('queued', 'sending')"
                        " AND NOT EXISTS (SELECT 1 FROM change_need n JOIN change d"
                        " ON d.seq = n.needs WHERE n.seq = c.seq AND d.state <> 'done')",
                        "i", now);
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
