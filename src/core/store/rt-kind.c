#include "rt-kind.h"

#include "rt-store-private.h"
#include "rt-ulid.h"

static const char *
coupon_field_of (const char *object, const char *handle, const char *param)
{
  return rt_coupon_field_of (param);
}

static const char *
client_field_of (const char *object, const char *handle, const char *param)
{
  return rt_client_field_of (param);
}

static const RtKind kinds[] = {
  { "customer", "client", RT_STORE_CLIENTS, "name, email", rt_store_refresh_client,
    rt_store_plan_client, rt_store_record_client, rt_store_reads_of_client, client_field_of, NULL,
    rt_store_is_client_outdated },
  { "product", "product", RT_STORE_PRODUCTS, "name, description", rt_store_refresh_product,
    rt_store_plan_product, rt_store_record_product, rt_store_reads_of_product, rt_product_field_of,
    rt_store_context_of_product, rt_store_is_product_outdated },
  { "coupon", "coupon", RT_STORE_COUPONS, "name, code", rt_store_refresh_coupon,
    rt_store_plan_coupon, rt_store_record_coupon, rt_store_reads_of_coupon, coupon_field_of, NULL,
    NULL },
};

const RtKind *
rt_kind_find (const char *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].object, object))
      return &kinds[i];
  return NULL;
}

/* What @sql says of an object's identity. */
static char *
dup_identity (RtStore *self, const char *sql, const char *object, const char *key)
{
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement = rt_db_query (db, NULL, sql, "ss", object, key);
  char *found = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    found = g_strdup (rt_db_text (statement, 0));
  rt_db_end (statement);
  rt_store_unread (self, db);
  return found;
}

char *
rt_store_dup_identity (RtStore *self, const char *object, const char *id)
{
  return dup_identity (self, "SELECT stripe_id FROM identity WHERE object = ?1 AND id = ?2", object,
                       id);
}

static char *
dup_local_id (RtStore *self, const char *object, const char *stripe_id)
{
  return dup_identity (self, "SELECT id FROM identity WHERE object = ?1 AND stripe_id = ?2", object,
                       stripe_id);
}

/* The id it was born with, unless another object has it: somebody may have copied the metadata. */
static char *
new_local_id (RtStore *self, const char *object, JsonObject *json)
{
  const char *born_with = rt_json_string (rt_json_object (json, "metadata"), "rtn_ref");
  g_autofree char *taken = NULL;

  if (!rt_ulid_is_valid (born_with))
    return rt_ulid_new (rt_store_get_clock (self));
  taken = rt_store_dup_identity (self, object, born_with);
  return taken == NULL ? g_strdup (born_with) : rt_ulid_new (rt_store_get_clock (self));
}

gboolean
rt_kind_refresh_by_stripe_id (const RtKind *kind, RtStore *self, const char *stripe_id,
                              GError **error)
{
  g_autofree char *id = dup_local_id (self, kind->object, stripe_id);
  g_autoptr (JsonObject) json = NULL;

  if (id != NULL)
    return kind->refresh (self, id, error);
  json = rt_store_object (self, kind->object, stripe_id);
  if (json == NULL)
    return TRUE; /* a price that came before its product, or a tombstone of something unknown */
  id = new_local_id (self, kind->object, json);
  return rt_db_run (rt_store_get_writer (self), error,
                    "INSERT INTO identity (object, id, stripe_id) VALUES (?1, ?2, ?3)", "sss",
                    kind->object, id, stripe_id)
         && kind->refresh (self, id, error);
}

static gboolean
refresh_each (RtStore *self, const RtKind *kind, GPtrArray *ids, GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    if (!kind->refresh (self, g_ptr_array_index (ids, i), error))
      return FALSE;
  return TRUE;
}

/* @sql: the local ids of objects of type ?1. */
static gboolean
refresh_which (RtStore *self, const char *sql, GError **error)
{
  RtDb *db = rt_store_get_writer (self);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
      sqlite3_stmt *statement = rt_db_query (db, error, sql, "s", kinds[i].object);

      while (statement != NULL && rt_db_next (db, statement, error))
        g_ptr_array_add (ids, g_strdup (rt_db_text (statement, 0)));
      if (statement == NULL || !refresh_each (self, &kinds[i], ids, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
rt_kind_refresh_all (RtStore *self, GError **error)
{
  return refresh_which (self,
                        "SELECT id FROM identity WHERE object = ?1 UNION"
                        " SELECT object_id FROM change WHERE object = ?1 AND state <> 'done'",
                        error);
}

gboolean
rt_kind_refresh_known (RtStore *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s", kinds[i].object);

      rt_store_touch (self, kinds[i].touched);
      if (!rt_db_run (rt_store_get_writer (self), error, sql, ""))
        return FALSE;
    }
  return refresh_which (self,
                        "SELECT i.id FROM stripe_object o JOIN identity i USING (object, stripe_id)"
                        " WHERE o.object = ?1 UNION"
                        " SELECT object_id FROM change WHERE object = ?1 AND state <> 'done'",
                        error);
}

static gboolean
enter_search (RtDb *db, const RtKind *kind, GError **error)
{
  g_autofree char *sql
      = g_strdup_printf ("INSERT INTO %1$s_search (rowid, %2$s) SELECT row, %2$s FROM %1$s"
                         " WHERE row IN (SELECT row FROM unsearched WHERE object = ?1)",
                         kind->object, kind->searched);

  return rt_db_run (db, error, sql, "s", kind->object);
}

gboolean
rt_kind_enter_search (RtStore *self, GError **error)
{
  RtDb *db = rt_store_get_writer (self);
  gint64 is_any = 0;

  if (!rt_db_get_int (db, &is_any, error, "SELECT EXISTS (SELECT 1 FROM unsearched)", ""))
    return FALSE;
  for (guint i = 0; is_any && i < G_N_ELEMENTS (kinds); i++)
    if (!enter_search (db, &kinds[i], error))
      return FALSE;
  return !is_any || rt_db_run (db, error, "DELETE FROM unsearched", "");
}

gboolean
rt_kind_rebuild_search (RtStore *self, GError **error)
{
  RtDb *db = rt_store_get_writer (self);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *sql
          = g_strdup_printf ("INSERT INTO %1$s_search (%1$s_search) VALUES ('rebuild')",
                             kinds[i].object);

      if (!rt_db_run (db, error, sql, ""))
        return FALSE;
    }
  return rt_db_run (db, error, "DELETE FROM unsearched", "");
}
