#include "rt-store-object.h"

#include "rt-kind.h"
#include "rt-store-private.h"

/* What names an object besides its id: the caller's choice at creation (API-GUIDE §2). */
static const char *
handle_of (JsonObject *object, const char *type, const char *id)
{
  const char *handle = NULL;

  if (g_str_equal (type, "price"))
    handle = rt_json_string (object, "lookup_key");
  else if (g_str_equal (type, "billing.meter"))
    handle = rt_json_string (object, "event_name");
  return handle != NULL ? handle : id;
}

static gboolean
refresh_view (RtStore *self, const char *type, const char *id, const char *parent, GError **error)
{
  const RtKind *kind = rt_kind_find (type);

  if (g_str_equal (type, "price") && parent != NULL)
    return refresh_view (self, "product", parent, NULL, error);
  return kind == NULL || rt_kind_refresh_by_stripe_id (kind, self, id, error);
}

/* What is known already of what is to be put. */
typedef struct
{
  gboolean is_same;
  gint64 asked_at; /* 0: nothing is known */
} Known;

static gboolean
load_known (RtDb *db, const char *type, const char *id, const char *json, Known *known,
            GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error,
                     "SELECT is_deleted = 0 AND json = ?3, asked_at FROM stripe_object"
                     " WHERE object = ?1 AND stripe_id = ?2",
                     "sss", type, id, json);

  if (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      known->is_same = sqlite3_column_int (statement, 0) != 0;
      known->asked_at = sqlite3_column_int64 (statement, 1);
    }
  rt_db_end (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* A list mostly shows what is known: only that it did is noted. */
static gboolean
note_listed (RtDb *db, const char *type, const char *id, gint64 asked_at, gint64 listing,
             GError **error)
{
  return rt_db_run (db, error,
                    "UPDATE stripe_object SET listing = max(listing, ?4),"
                    " asked_at = max(asked_at, ?3) WHERE object = ?1 AND stripe_id = ?2",
                    "ssii", type, id, asked_at, listing);
}

gboolean
rt_store_put_object (RtStore *self, JsonObject *object, gint64 asked_at, gint64 listing,
                     GError **error)
{
  g_autofree char *text = rt_json_to_text (object);

  return rt_store_put_verbatim (self, object, text, asked_at, listing, error);
}

gboolean
rt_store_put_verbatim (RtStore *self, JsonObject *object, const char *text, gint64 asked_at,
                       gint64 listing, GError **error)
{
  RtDb *db = rt_store_get_writer (self);
  const char *type = rt_json_string (object, "object");
  const char *id = rt_json_string (object, "id");
  const char *parent = rt_json_reference (object, "product");
  Known known = { 0 };
  gboolean is_put;

  if (type == NULL || id == NULL)
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, "An object of Stripe has no id or type");
      return FALSE;
    }
  if (rt_json_bool (object, "deleted"))
    return rt_store_put_deleted (self, type, id, asked_at, error);
  if (!load_known (db, type, id, text, &known, error))
    return FALSE;
  if (known.is_same)
    return note_listed (db, type, id, asked_at, listing, error);
  if (!rt_db_run (
          db, error,
          "INSERT INTO stripe_object (object, stripe_id, handle, parent, json, asked_at,"
          " listing) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
          " ON CONFLICT (object, stripe_id) DO UPDATE SET listing = max(listing, ?7),"
          " handle = iif(asked_at <= ?6, ?3, handle), parent = iif(asked_at <= ?6, ?4, parent),"
          " json = iif(asked_at <= ?6, ?5, json),"
          " is_deleted = iif(asked_at <= ?6, 0, is_deleted), asked_at = max(asked_at, ?6)",
          "sssssii", type, id, handle_of (object, type, id), parent, text, asked_at, listing))
    return FALSE;
  /* The view is made of what was just put: no need to read it back. */
  if (known.asked_at <= asked_at)
    rt_store_set_at_hand (self, object);
  is_put = refresh_view (self, type, id, parent, error);
  rt_store_set_at_hand (self, NULL);
  return is_put;
}

gboolean
rt_store_put_deleted (RtStore *self, const char *type, const char *id, gint64 asked_at,
                      GError **error)
{
  RtDb *db = rt_store_get_writer (self);

  return rt_db_run (
             db, error,
             "INSERT INTO stripe_object (object, stripe_id, handle, json, asked_at, is_deleted)"
             " VALUES (?1, ?2, ?2, '{}', ?3, 1)"
             " ON CONFLICT (object, stripe_id) DO UPDATE SET"
             " is_deleted = iif(asked_at <= ?3, 1, is_deleted), asked_at = max(asked_at, ?3)",
             "ssi", type, id, asked_at)
         && refresh_view (self, type, id, NULL, error);
}

JsonObject *
rt_store_object_even_deleted (RtStore *self, const char *object, const char *handle,
                              gboolean *is_deleted)
{
  JsonObject *at_hand = rt_store_get_at_hand (self, object, handle);
  RtDb *db;
  sqlite3_stmt *statement;
  JsonObject *found = NULL;

  *is_deleted = FALSE;
  if (at_hand != NULL)
    return json_object_ref (at_hand);
  db = rt_store_read (self);
  /* A lookup key may have moved from one price to another: the newest row counts. */
  statement
      = rt_db_query (db, NULL,
                     "SELECT json, is_deleted FROM stripe_object WHERE object = ?1 AND handle = ?2"
                     " ORDER BY is_deleted, asked_at DESC LIMIT 1",
                     "ss", object, handle);
  if (statement != NULL && rt_db_next (db, statement, NULL))
    {
      found = rt_json_parse (rt_db_text (statement, 0), -1, NULL);
      *is_deleted = sqlite3_column_int (statement, 1) != 0;
    }
  rt_db_end (statement);
  rt_store_unread (self, db);
  return found;
}

JsonObject *
rt_store_object (RtStore *self, const char *object, const char *handle)
{
  gboolean is_deleted = FALSE;
  g_autoptr (JsonObject) found = rt_store_object_even_deleted (self, object, handle, &is_deleted);

  return is_deleted ? NULL : g_steal_pointer (&found);
}

char *
rt_store_dup_stripe_id (RtStore *self, const char *object, const char *handle)
{
  g_autoptr (JsonObject) found = rt_store_object (self, object, handle);

  return found != NULL ? g_strdup (rt_json_string (found, "id")) : NULL;
}

GPtrArray *
rt_store_prices_of (RtStore *self, const char *product_id, GError **error)
{
  GPtrArray *prices = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement = rt_db_query (db, error,
                                         "SELECT json FROM stripe_object WHERE object = 'price'"
                                         " AND parent = ?1 AND is_deleted = 0 ORDER BY row",
                                         "s", product_id);

  while (statement != NULL && rt_db_next (db, statement, error))
    {
      JsonObject *price = rt_json_parse (rt_db_text (statement, 0), -1, NULL);

      if (price != NULL)
        g_ptr_array_add (prices, price);
    }
  rt_store_unread (self, db);
  return prices;
}

gboolean
rt_store_get_order (RtStore *self, gint64 *order, GError **error)
{
  RtDb *db = rt_store_read (self);
  gboolean is_read
      = rt_db_get_int (db, order, error, "SELECT max(asked_at) FROM stripe_object", "");

  rt_store_unread (self, db);
  return is_read;
}

GPtrArray *
rt_store_dup_own_paths (RtStore *self)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  RtDb *db = rt_store_read (self);
  /* Chosen ids with a ULID in them, or ids that Stripe chose: never a coupon code like "SUMMER". */
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT object, stripe_id FROM stripe_object WHERE is_deleted = 0"
                     " AND (object = 'price' OR stripe_id GLOB 'rtn_*') ORDER BY row DESC LIMIT 5",
                     "");

  while (statement != NULL && rt_db_next (db, statement, NULL))
    {
      g_autofree char *id = g_uri_escape_string (rt_db_text (statement, 1), NULL, FALSE);

      g_ptr_array_add (paths, g_strdup_printf ("/v1/%ss/%s", rt_db_text (statement, 0), id));
    }
  rt_store_unread (self, db);
  return paths;
}
