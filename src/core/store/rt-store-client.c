#include "rt-change.h"
#include "rt-kind.h"
#include "rt-store-private.h"

#define CLIENT_COLUMNS                                                                       \
  "id, stripe_id, state, name, email, country, postal_code, notes, is_archived, is_outside," \
  " created_at"

enum
{
  CLIENT_ID,
  CLIENT_STRIPE_ID,
  CLIENT_STATE,
  CLIENT_NAME,
  CLIENT_EMAIL,
  CLIENT_COUNTRY,
  CLIENT_POSTAL_CODE,
  CLIENT_NOTES,
  CLIENT_IS_ARCHIVED,
  CLIENT_IS_OUTSIDE,
  CLIENT_CREATED_AT,
};

static RtClient *
client_from_row (sqlite3_stmt *row)
{
  RtClient *client = rt_client_new ();

  g_free (client->id);
  g_free (client->name);
  client->id = g_strdup (rt_db_text (row, CLIENT_ID));
  client->stripe_id = g_strdup (rt_db_text (row, CLIENT_STRIPE_ID));
  client->state = (RtState) rt_term_from_nick (RT_TERM_STATE, rt_db_text (row, CLIENT_STATE));
  client->name = g_strdup (rt_db_text (row, CLIENT_NAME));
  client->email = g_strdup (rt_db_text (row, CLIENT_EMAIL));
  client->country = g_strdup (rt_db_text (row, CLIENT_COUNTRY));
  client->postal_code = g_strdup (rt_db_text (row, CLIENT_POSTAL_CODE));
  client->notes = g_strdup (rt_db_text (row, CLIENT_NOTES));
  client->is_archived = sqlite3_column_int (row, CLIENT_IS_ARCHIVED) != 0;
  client->is_outside = sqlite3_column_int (row, CLIENT_IS_OUTSIDE) != 0;
  client->created_at = sqlite3_column_int64 (row, CLIENT_CREATED_AT);
  return client;
}

static gboolean
put_row (RtStore *self, const RtClient *client, GError **error)
{
  return rt_db_run (
      rt_store_get_writer (self), error,
      "INSERT INTO customer (" CLIENT_COLUMNS
      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO UPDATE SET"
      " stripe_id = ?2, state = ?3, name = ?4, email = ?5, country = ?6, postal_code = ?7,"
      " notes = ?8, is_archived = ?9, is_outside = ?10, created_at = ?11",
      "ssssssssbbi", client->id, client->stripe_id, rt_term_to_nick (RT_TERM_STATE, client->state),
      client->name, client->email, client->country, client->postal_code, client->notes,
      client->is_archived, client->is_outside, client->created_at);
}

/* A customer that Stripe deleted is still read: an edit that waits must show what it was made of.
 */
static JsonObject *
load_server (RtStore *self, const char *id, gboolean *is_deleted)
{
  g_autofree char *stripe_id = rt_store_dup_identity (self, "customer", id);

  *is_deleted = FALSE;
  return stripe_id != NULL ? rt_store_object_even_deleted (self, "customer", stripe_id, is_deleted)
                           : NULL;
}

/* What Stripe has, with the open changes up to @seq laid over it; %NULL if there is neither. */
static RtClient *
load_desired (RtStore *self, const char *id, gint64 seq, JsonObject *server, gboolean *has_change,
              GError **error)
{
  g_autoptr (RtClient) client = server != NULL ? rt_client_from_stripe (server) : rt_client_new ();
  g_autoptr (JsonObject) record = NULL;

  g_free (client->id);
  client->id = g_strdup (id);
  *has_change = rt_store_has_change (self, "customer", id);
  if (!*has_change)
    return server != NULL ? g_steal_pointer (&client) : NULL;
  record = rt_client_to_json (client);
  if (!rt_store_overlay (self, "customer", id, seq, record, has_change, error))
    return NULL;
  return *has_change || server != NULL ? rt_client_from_json (record) : NULL;
}

gboolean
rt_store_refresh_client (RtStore *self, const char *id, GError **error)
{
  gboolean is_deleted, has_change;
  g_autoptr (JsonObject) server = load_server (self, id, &is_deleted);
  g_autoptr (RtClient) client = NULL;
  GError *local_error = NULL;

  rt_store_touch (self, RT_STORE_CLIENTS);
  client = load_desired (self, id, G_MAXINT64, server, &has_change, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (client == NULL || (is_deleted && !has_change))
    return rt_db_run (rt_store_get_writer (self), error, "DELETE FROM customer WHERE id = ?1", "s",
                      id);
  if (has_change)
    client->state = rt_store_pending_state (self, "customer", id, client->is_archived);
  return put_row (self, client, error);
}

JsonObject *
rt_store_record_client (RtStore *self, const char *id)
{
  gboolean is_deleted;
  g_autoptr (JsonObject) server = load_server (self, id, &is_deleted);
  g_autoptr (RtClient) client = NULL;

  if (server == NULL || is_deleted)
    return NULL;
  client = rt_client_from_stripe (server);
  return rt_client_to_json (client);
}

gboolean
rt_store_is_client_outdated (RtStore *self, const char *id, JsonObject *fields, const char *body)
{
  gboolean is_deleted;
  g_autoptr (JsonObject) server = load_server (self, id, &is_deleted);

  return server != NULL && rt_client_is_outdated (server, fields, body);
}

void
rt_store_reads_of_client (RtStore *self, const char *id, JsonObject *fields, GPtrArray *reads)
{
  g_autofree char *stripe_id = rt_store_dup_identity (self, "customer", id);
  g_autofree char *escaped
      = stripe_id != NULL ? g_uri_escape_string (stripe_id, NULL, FALSE) : NULL;

  if (stripe_id != NULL)
    g_ptr_array_add (reads, rt_read_new ("customer", stripe_id,
                                         g_strconcat ("/v1/customers/", escaped, NULL)));
}

GPtrArray *
rt_store_plan_client (RtStore *self, const char *id, gint64 seq, GError **error)
{
  gboolean is_deleted, has_change;
  g_autoptr (JsonObject) server = load_server (self, id, &is_deleted);
  GError *local_error = NULL;
  g_autoptr (RtClient) desired = load_desired (self, id, seq, server, &has_change, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  if (desired == NULL || is_deleted)
    return rt_plan_new ();
  return rt_client_plan (desired, server);
}

RtClient *
rt_store_get_client (RtStore *self, gint64 row)
{
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL, "SELECT " CLIENT_COLUMNS " FROM customer WHERE row = ?1", "i", row);
  RtClient *client = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    client = client_from_row (statement);
  rt_db_end (statement);
  rt_store_unread (self, db);
  return client;
}

RtClient *
rt_store_find_client (RtStore *self, const char *key, GError **error)
{
  gint64 row = rt_store_find_row (self, "customer", "stripe_id", key, error);

  return row != 0 ? rt_store_get_client (self, row) : NULL;
}

GArray *
rt_store_client_rows (RtStore *self, const RtFilter *filter, GError **error)
{
  return rt_store_rows (self, "customer", filter, error);
}
