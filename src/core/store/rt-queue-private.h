#pragma once

#include <sqlite3.h>

#include "rt-change.h"
#include "rt-db.h"

G_BEGIN_DECLS

/* What the files of the queue share. */

#define REQUEST_COLUMNS                                                                            \
  "row, seq, method, path, object, handle, body, idempotency_key, state, n_attempts, was_unknown," \
  " ifnull(first_sent_at, 0), next_attempt_at, request_id,"                                        \
  " (SELECT value ->> 'value' FROM json_each(parameters, '$.parameters')"                          \
  " WHERE value ->> 'name' = 'metadata[rtn_ref]')"

RtRequest *rt_queue_request_from_row (sqlite3_stmt *row);

/* Replaces the requests of a change that were not sent by what is still to be sent. */
gboolean rt_queue_plan (RtStore *store, gint64 seq, const char *object, const char *object_id,
                        guint *n_steps, GError **error);

/* Makes the view of a changed object anew and notes the queue as changed. */
gboolean rt_queue_refresh (RtStore *store, const char *object, const char *object_id,
                           GError **error);

gboolean rt_queue_reject (RtStore *store, gint64 seq, const char *code, const char *message,
                          const char *field, GError **error);

G_END_DECLS
