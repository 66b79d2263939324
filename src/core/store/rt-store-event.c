#include "rt-store-event.h"

#include <string.h>

#include "rt-store-object.h"
#include "rt-store-private.h"

#define MAX_ID 255 /* characters; Stripe's own ids are far shorter */

void
rt_event_hint_free (RtEventHint *self)
{
  if (self == NULL)
    return;
  g_free (self->object);
  g_free (self->object_id);
  g_free (self);
}

/* What is covered already: what was listed since, and what our own request answered. Only type and
 * id are believed: the rest is rendered in the account's own version (TRAPS A4). */
static gboolean
put_event (RtStore *self, JsonObject *event, const char *const *objects, RtEventWalk *walk,
           GError **error)
{
  RtDb *db = rt_store_get_writer (self);
  JsonObject *about = rt_json_object (rt_json_object (event, "data"), "object");
  JsonObject *request = rt_json_object (event, "request");
  const char *id = rt_json_string (event, "id");
  const char *type = rt_json_string (event, "type");
  const char *object = rt_json_string (about, "object");
  const char *object_id = rt_json_string (about, "id");
  gint64 created = 0;

  if (id == NULL || strlen (id) > MAX_ID || !rt_json_int (event, "created", &created))
    return TRUE;
  walk->newest = MAX (walk->newest, created);
  if (type == NULL || object == NULL || object_id == NULL || strlen (object_id) > MAX_ID
      || !g_strv_contains (objects, object))
    return TRUE;
  return rt_db_run (db, error,
                    "INSERT INTO stripe_event (id, type, object, object_id, created, request_id,"
                    " idempotency_key, is_applied) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5 < ?8"
                    " OR EXISTS (SELECT 1 FROM request r WHERE r.idempotency_key = ?7"
                    " AND r.stripe_id = ?4)) ON CONFLICT (id) DO NOTHING",
                    "ssssissi", id, type, object, object_id, created,
                    rt_json_string (request, "id"), rt_json_string (request, "idempotency_key"),
                    walk->covered_until);
}

static gboolean
put_events (RtStore *self, JsonArray *events, const char *const *objects, RtEventWalk *walk,
            GError **error)
{
  /* Oldest first, so that rows grow with time. */
  for (guint i = json_array_get_length (events); i > 0; i--)
    if (!put_event (self, rt_json_element (events, i - 1), objects, walk, error))
      return FALSE;
  return TRUE;
}

gboolean
rt_store_put_events (RtStore *self, JsonArray *events, const char *const *objects,
                     RtEventWalk *walk, GError **error)
{
  return rt_store_begin (self, error)
         && rt_store_end (self, put_events (self, events, objects, walk, error), error);
}

gboolean
rt_store_add_hint (RtStore *self, const char *object, const char *object_id, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();

  return rt_db_run (rt_store_get_writer (self), error,
                    "INSERT INTO stripe_event (id, type, object, object_id, created)"
                    " VALUES (?1, 'local', ?2, ?3, 0)",
                    "sss", id, object, object_id);
}

GPtrArray *
rt_store_list_hints (RtStore *self, GError **error)
{
  g_autoptr (GPtrArray) hints
      = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_event_hint_free);
  RtDb *db = rt_store_read (self);
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error,
                     "SELECT max(row), object, object_id FROM stripe_event WHERE is_applied = 0"
                     " GROUP BY object, object_id ORDER BY object, max(row)",
                     "");

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      RtEventHint *hint = g_new0 (RtEventHint, 1);

      hint->row = sqlite3_column_int64 (statement, 0);
      hint->object = g_strdup (rt_db_text (statement, 1));
      hint->object_id = g_strdup (rt_db_text (statement, 2));
      g_ptr_array_add (hints, hint);
    }
  rt_store_unread (self, db);
  if (local_error == NULL)
    return g_steal_pointer (&hints);
  g_propagate_error (error, local_error);
  return NULL;
}

static gboolean
settle_hint (RtStore *self, const RtEventHint *hint, JsonObject *answer, gint64 asked_at,
             GError **error)
{
  gboolean is_gone = answer == NULL || rt_json_bool (answer, "deleted");
  gboolean is_put
      = is_gone ? rt_store_put_deleted (self, hint->object, hint->object_id, asked_at, error)
                : rt_store_put_object (self, answer, asked_at, 0, error);

  return is_put
         && rt_db_run (rt_store_get_writer (self), error,
                       "UPDATE stripe_event SET is_applied = 1 WHERE is_applied = 0 AND row <= ?1"
                       " AND object = ?2 AND object_id = ?3",
                       "iss", hint->row, hint->object, hint->object_id);
}

gboolean
rt_store_settle_hint (RtStore *self, const RtEventHint *hint, JsonObject *answer, gint64 asked_at,
                      GError **error)
{
  return rt_store_begin (self, error)
         && rt_store_end (self, settle_hint (self, hint, answer, asked_at, error), error);
}

gboolean
rt_store_settle_hints (RtStore *self, const char *object, gint64 row, GError **error)
{
  return rt_db_run (rt_store_get_writer (self), error,
                    "UPDATE stripe_event SET is_applied = 1 WHERE is_applied = 0 AND row <= ?1"
                    " AND (?2 IS NULL OR object = ?2)",
                    "is", row, object);
}

gint64
rt_store_last_event_row (RtStore *self)
{
  RtDb *db = rt_store_read (self);
  gint64 row = 0;

  rt_db_get_int (db, &row, NULL, "SELECT max(row) FROM stripe_event", "");
  rt_store_unread (self, db);
  return row;
}

gboolean
rt_store_forget_events (RtStore *self, gint64 before, GError **error)
{
  return rt_store_begin (self, error)
         && rt_store_end (self,
                          rt_db_run (rt_store_get_writer (self), error,
                                     "DELETE FROM stripe_event WHERE created < ?1"
                                     " AND is_applied = 1",
                                     "i", before),
                          error);
}

gboolean
rt_store_last_event (RtStore *self, const char *object, const char *object_id, gint64 *created,
                     char **request_id)
{
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT created, request_id FROM stripe_event e WHERE object = ?1"
                     " AND object_id = ?2 AND created > 0 AND NOT EXISTS (SELECT 1 FROM request r"
                     " WHERE r.idempotency_key = e.idempotency_key)"
                     " ORDER BY created DESC, row DESC LIMIT 1",
                     "ss", object, object_id);
  gboolean is_found = statement != NULL && rt_db_next (db, statement, NULL);

  *request_id = NULL;
  if (is_found)
    {
      *created = sqlite3_column_int64 (statement, 0);
      *request_id = g_strdup (rt_db_text (statement, 1));
    }
  rt_db_end (statement);
  rt_store_unread (self, db);
  return is_found;
}
