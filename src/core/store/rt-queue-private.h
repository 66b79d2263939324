#pragma once

#include <sqlite3.h>

#include "rt-change.h"
#include "rt-db.h"

G_BEGIN_DECLS

/* What the files of the queue share. */

#define REQUEST_COLUMNS                                                                            \
  "row, seq, method, path, object, handle, body, idempotency_key, state, n_attempts, was_unknown," \
  " ifnull(first_sent_at, 0), next_attempt_at, request_id, ifnull(lost_at, 0),"                    \
  " (SELECT value ->> 'value' FROM json_each(parameters, '$.parameters')"                          \
  " WHERE value ->> 'name' = 'metadata[rtn_ref]'),"                                                \
  " ifnull((SELECT c.expires_at FROM change c WHERE c.seq = request.seq), 0)"

RtRequest *rt_queue_request_from_row (sqlite3_stmt *row);

/* Replaces the requests of a change that were not sent by what is still to be sent. */
gboolean rt_queue_plan (RtStore *store, gint64 seq, const char *object, const char *object_id,
                        guint *n_steps, GError **error);

/* Makes the view of a changed object anew and notes the queue as changed. */
gboolean rt_queue_refresh (RtStore *store, const char *object, const char *object_id,
                           GError **error);

/* What sending must know of a change. */
typedef struct
{
  gint64 seq;
  char *action;
  char *object;
  char *object_id;
  char *name;
  char *fields;
  gboolean is_started;
  gboolean is_lost; /* started, and no request of it is on record */
  gboolean has_base;
  gboolean needs_review;
  gint64 expires_at; /* microseconds; 0: never */
} RtQueued;

void rt_queued_clear (RtQueued *queued);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtQueued, rt_queued_clear)

/* Stripe has done all of it. */
gboolean rt_queue_finish (RtStore *store, const RtQueued *queued, const char *request_id,
                          GError **error);

/* The person's decision is too old to be carried out unasked (TRAPS B23). */
gboolean rt_queue_expire (RtStore *store, const RtQueued *queued, GError **error);

/* Adds a line about a change to the log. */
gboolean rt_queue_log (RtStore *store, gint64 seq, const char *event, const char *request_id,
                       const char *detail, GError **error);

/* Whether a change waits for another one. */
gboolean rt_queue_waits (RtDb *db, gint64 seq);

/* Lays what waits behind a stopped change of the same object into it: the later edit may be what
 * repairs it, and can never go before it. */
gboolean rt_queue_gather (RtDb *db, const char *object, const char *object_id, GError **error);

/* Whether Stripe has executed a part of it. */
gboolean rt_queue_has_done_request (const RtChange *change);

/* The code of what was not sent in time. */
#define RT_QUEUE_EXPIRED "expired"

/* A person has to look at it: told, and logged. */
gboolean rt_queue_reject (RtStore *store, const RtQueued *change, const char *code,
                          const char *message, const char *field, const char *request_id,
                          GError **error);

G_END_DECLS
