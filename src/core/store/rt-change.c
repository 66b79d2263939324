#include "rt-change.h"

#include <glib/gi18n-lib.h>

#include "rt-kind.h"
#include "rt-queue-private.h"
#include "rt-store-private.h"

#define MANY_ATTEMPTS 25 /* at least ten minutes of trying */

#define CHANGE_COLUMNS                                                                      \
  "seq, id, action, object, object_id, name, state, created_at, error_code, error_message," \
  " error_field, ifnull(expires_at, 0)"

enum
{
  CHANGE_SEQ,
  CHANGE_ID,
  CHANGE_ACTION,
  CHANGE_OBJECT,
  CHANGE_OBJECT_ID,
  CHANGE_NAME,
  CHANGE_STATE,
  CHANGE_CREATED_AT,
  CHANGE_ERROR_CODE,
  CHANGE_ERROR_MESSAGE,
  CHANGE_ERROR_FIELD,
  CHANGE_EXPIRES_AT,
};

enum
{
  REQUEST_ROW,
  REQUEST_SEQ,
  REQUEST_METHOD,
  REQUEST_PATH,
  REQUEST_OBJECT,
  REQUEST_HANDLE,
  REQUEST_BODY,
  REQUEST_IDEMPOTENCY_KEY,
  REQUEST_STATE,
  REQUEST_N_ATTEMPTS,
  REQUEST_WAS_UNKNOWN,
  REQUEST_FIRST_SENT_AT,
  REQUEST_NEXT_ATTEMPT_AT,
  REQUEST_REQUEST_ID,
  REQUEST_LOST_AT,
  REQUEST_REFERENCE,
  REQUEST_EXPIRES_AT,
};

RtRead *
rt_read_new (const char *object, const char *id, char *path)
{
  RtRead *self = g_new0 (RtRead, 1);

  self->object = g_strdup (object);
  self->id = g_strdup (id);
  self->path = path;
  return self;
}

void
rt_read_free (RtRead *self)
{
  if (self == NULL)
    return;
  g_free (self->object);
  g_free (self->id);
  g_free (self->path);
  g_free (self);
}

void
rt_request_free (RtRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_free (self->path);
  g_free (self->object);
  g_free (self->handle);
  g_free (self->body);
  g_free (self->idempotency_key);
  g_free (self->reference);
  g_free (self->state);
  g_free (self->request_id);
  g_free (self->fields);
  g_clear_pointer (&self->reads, g_ptr_array_unref);
  g_free (self);
}

RtRequest *
rt_queue_request_from_row (sqlite3_stmt *row)
{
  RtRequest *self = g_new0 (RtRequest, 1);

  self->row = sqlite3_column_int64 (row, REQUEST_ROW);
  self->seq = sqlite3_column_int64 (row, REQUEST_SEQ);
  self->method = g_strdup (rt_db_text (row, REQUEST_METHOD));
  self->path = g_strdup (rt_db_text (row, REQUEST_PATH));
  self->object = g_strdup (rt_db_text (row, REQUEST_OBJECT));
  self->handle = g_strdup (rt_db_text (row, REQUEST_HANDLE));
  self->body = g_strdup (rt_db_text (row, REQUEST_BODY));
  self->idempotency_key = g_strdup (rt_db_text (row, REQUEST_IDEMPOTENCY_KEY));
  self->state = g_strdup (rt_db_text (row, REQUEST_STATE));
  self->n_attempts = (guint) sqlite3_column_int (row, REQUEST_N_ATTEMPTS);
  self->was_unknown = sqlite3_column_int (row, REQUEST_WAS_UNKNOWN) != 0;
  self->first_sent_at = sqlite3_column_int64 (row, REQUEST_FIRST_SENT_AT);
  self->next_attempt_at = sqlite3_column_int64 (row, REQUEST_NEXT_ATTEMPT_AT);
  self->request_id = g_strdup (rt_db_text (row, REQUEST_REQUEST_ID));
  self->reference = g_strdup (rt_db_text (row, REQUEST_REFERENCE));
  self->lost_at = sqlite3_column_int64 (row, REQUEST_LOST_AT);
  self->expires_at = sqlite3_column_int64 (row, REQUEST_EXPIRES_AT);
  return self;
}

RtChange *
rt_change_ref (RtChange *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
change_clear (gpointer data)
{
  RtChange *self = data;

  g_free (self->id);
  g_free (self->action);
  g_free (self->object);
  g_free (self->object_id);
  g_free (self->name);
  g_free (self->error_code);
  g_free (self->error_message);
  g_free (self->error_field);
  g_ptr_array_unref (self->requests);
}

void
rt_change_unref (RtChange *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, change_clear);
}

static RtChange *
change_from_row (sqlite3_stmt *row)
{
  RtChange *self = g_atomic_rc_box_new0 (RtChange);

  self->seq = sqlite3_column_int64 (row, CHANGE_SEQ);
  self->id = g_strdup (rt_db_text (row, CHANGE_ID));
  self->action = g_strdup (rt_db_text (row, CHANGE_ACTION));
  self->object = g_strdup (rt_db_text (row, CHANGE_OBJECT));
  self->object_id = g_strdup (rt_db_text (row, CHANGE_OBJECT_ID));
  self->name = g_strdup (rt_db_text (row, CHANGE_NAME));
  self->state = (RtState) rt_term_from_nick (RT_TERM_STATE, rt_db_text (row, CHANGE_STATE));
  self->created_at = sqlite3_column_int64 (row, CHANGE_CREATED_AT);
  self->expires_at = sqlite3_column_int64 (row, CHANGE_EXPIRES_AT);
  self->error_code = g_strdup (rt_db_text (row, CHANGE_ERROR_CODE));
  self->error_message = g_strdup (rt_db_text (row, CHANGE_ERROR_MESSAGE));
  self->error_field = g_strdup (rt_db_text (row, CHANGE_ERROR_FIELD));
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_request_free);
  return self;
}

static void
load_requests (RtDb *db, RtChange *self)
{
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT " REQUEST_COLUMNS " FROM request WHERE seq = ?1 ORDER BY row", "i",
                     self->seq);

  while (statement != NULL && rt_db_next (db, statement, NULL))
    g_ptr_array_add (self->requests, rt_queue_request_from_row (statement));
}

static GPtrArray *
take_changes (RtDb *db, sqlite3_stmt *statement, GError **error)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_change_unref);

  while (statement != NULL && rt_db_next (db, statement, error))
    g_ptr_array_add (changes, change_from_row (statement));
  for (guint i = 0; i < changes->len; i++)
    load_requests (db, g_ptr_array_index (changes, i));
  return changes;
}

static GPtrArray *
load_changes (RtStore *store, const char *sql, const char *types, const char *key, GError **error)
{
  RtDb *db = rt_store_read (store);
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (db, &local_error, sql, types, key);
  g_autoptr (GPtrArray) changes = take_changes (db, statement, &local_error);

  rt_store_unread (store, db);
  if (local_error == NULL)
    return g_steal_pointer (&changes);
  g_propagate_error (error, local_error);
  return NULL;
}

GPtrArray *
rt_change_list (RtStore *store, GError **error)
{
  return load_changes (store,
                       "SELECT " CHANGE_COLUMNS " FROM change WHERE state <> 'done' ORDER BY seq",
                       "", NULL, error);
}

GPtrArray *
rt_change_list_first (RtStore *store, guint limit, guint *n_more, GError **error)
{
  RtDb *db = rt_store_read (store);
  GError *local_error = NULL;
  sqlite3_stmt *statement = rt_db_query (db, &local_error,
                                         "SELECT " CHANGE_COLUMNS
                                         " FROM change WHERE state <> 'done' ORDER BY seq LIMIT ?1",
                                         "i", (gint64) limit);
  g_autoptr (GPtrArray) changes = take_changes (db, statement, &local_error);
  gint64 n = 0;

  if (local_error == NULL)
    rt_db_get_int (db, &n, &local_error, "SELECT count(*) FROM change WHERE state <> 'done'", "");
  rt_store_unread (store, db);
  /* Between the two statements some may have been done. */
  *n_more = (guint) MAX (n - (gint64) changes->len, 0);
  if (local_error == NULL)
    return g_steal_pointer (&changes);
  g_propagate_error (error, local_error);
  return NULL;
}

RtChange *
rt_change_find (RtStore *store, const char *key, GError **error)
{
  g_autoptr (GPtrArray) changes
      = load_changes (store,
                      "SELECT " CHANGE_COLUMNS " FROM change WHERE state <> 'done'"
                      " AND (id = ?1 OR object_id = ?1) ORDER BY id = ?1 DESC, seq LIMIT 1",
                      "s", key, error);

  if (changes == NULL)
    return NULL;
  if (changes->len == 0)
    {
      rt_set_error (error, RT_ERROR_NOT_FOUND, NULL, _ ("Nothing called “%s” waits in the outbox."),
                    key);
      return NULL;
    }
  return rt_change_ref (g_ptr_array_index (changes, 0));
}

char *
rt_change_dup_title_of (const char *object, const char *action, const char *name)
{
  static const struct
  {
    const char *object;
    const char *action;
    const char *format;
  } titles[] = {
    { "customer", "create", N_ ("Create client “%s”") },
    { "customer", "update", N_ ("Change client “%s”") },
    { "customer", "archive", N_ ("Archive client “%s”") },
    { "customer", "restore", N_ ("Restore client “%s”") },
    { "product", "create", N_ ("Create product “%s”") },
    { "product", "update", N_ ("Change product “%s”") },
    { "product", "archive", N_ ("Archive product “%s”") },
    { "product", "restore", N_ ("Restore product “%s”") },
    { "coupon", "create", N_ ("Create coupon “%s”") },
    { "coupon", "update", N_ ("Rename coupon to “%s”") },
    { "coupon", "archive", N_ ("Delete coupon “%s”") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (titles[i].object, object) == 0 && g_strcmp0 (titles[i].action, action) == 0)
      {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        return g_strdup_printf (_ (titles[i].format), name);
#pragma GCC diagnostic pop
      }
  return g_strdup (name);
}

char *
rt_change_dup_title (const RtChange *self)
{
  return rt_change_dup_title_of (self->object, self->action, self->name);
}

guint
rt_change_get_n_attempts (const RtChange *self)
{
  guint n_attempts = 0;

  for (guint i = 0; i < self->requests->len; i++)
    n_attempts += ((RtRequest *) g_ptr_array_index (self->requests, i))->n_attempts;
  return n_attempts;
}

gboolean
rt_change_asks (const RtChange *self)
{
  return rt_change_get_n_attempts (self) >= MANY_ATTEMPTS;
}

static JsonArray *
requests_to_json (const RtChange *self)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < self->requests->len; i++)
    {
      const RtRequest *request = g_ptr_array_index (self->requests, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "method", request->method);
      json_object_set_string_member (object, "path", request->path);
      json_object_set_string_member (object, "state", request->state);
      rt_json_set_string (object, "request_id", request->request_id);
      json_array_add_object_element (list, object);
    }
  return list;
}

JsonObject *
rt_change_to_json (const RtChange *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *title = rt_change_dup_title (self);
  g_autoptr (GDateTime) created = g_date_time_new_from_unix_utc (self->created_at / G_USEC_PER_SEC);
  g_autofree char *created_text = g_date_time_format_iso8601 (created);

  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "title", title);
  json_object_set_string_member (object, "state", rt_term_to_nick (RT_TERM_STATE, self->state));
  json_object_set_string_member (object, "object", rt_kind_find (self->object)->word);
  json_object_set_string_member (object, "object_id", self->object_id);
  json_object_set_string_member (object, "created", created_text);
  json_object_set_int_member (object, "attempts", rt_change_get_n_attempts (self));
  json_object_set_array_member (object, "requests", requests_to_json (self));
  if (self->error_message != NULL)
    {
      JsonObject *error = json_object_new ();

      rt_json_set_string (error, "code", self->error_code);
      json_object_set_string_member (error, "message", self->error_message);
      rt_json_set_string (error, "field", self->error_field);
      json_object_set_object_member (object, "error", error);
    }
  else
    {
      json_object_set_null_member (object, "error");
    }
  return object;
}
