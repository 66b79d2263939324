#include <string.h>

#include "rt-kind.h"
#include "rt-pull-list.h"
#include "rt-store-private.h"
#include "sim-edits.h"
#include "sim-request.h"

static char *
dup_dump (RtStore *store)
{
  static const char sql[]
      = "SELECT json_group_array(line) FROM (SELECT json_array(id, stripe_id, state, name,"
        " description, model, currency, amount, included, overage, is_archived) AS line"
        " FROM product UNION ALL SELECT json_array(id, stripe_id, state, name, code, percent,"
        " amount, is_archived) FROM coupon UNION ALL SELECT json_array(id, stripe_id, state, name,"
        " email, country, postal_code, notes, is_archived) FROM customer ORDER BY 1)";
  RtDb *db = rt_store_read (store);
  sqlite3_stmt *statement = rt_db_query (db, NULL, sql, "");
  char *dump = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    dump = g_strdup (rt_db_text (statement, 0));
  rt_db_end (statement);
  rt_store_unread (store, db);
  return dump;
}

/* The view is what Stripe said with what waits laid over it, at any moment. */
static void
check_view (Computer *computer)
{
  g_autofree char *before = dup_dump (computer->store);
  g_autofree char *after = NULL;

  if (!rt_store_begin (computer->store, NULL))
    return;
  rt_kind_refresh_all (computer->store, NULL);
  after = dup_dump (computer->store);
  rt_store_end (computer->store, FALSE, NULL);
  if (g_strcmp0 (before, after) != 0)
    sim_fail (computer->sim, "computer %u: the view is not what it must be:\n%s\n%s",
              computer->number, before, after);
}

/* Who is alone has no conflicts. */
static void
check_conflicts (Sim *sim, Computer *computer)
{
  RtDb *db;
  sqlite3_stmt *statement;

  if (!sim_is_alone (sim))
    return;
  db = rt_store_read (computer->store);
  statement = rt_db_query (db, NULL,
                           "SELECT name, fields, base FROM change WHERE state = 'conflict'", "");
  if (statement != NULL && rt_db_next (db, statement, NULL))
    sim_fail (sim, "a conflict with nobody: %s %s %s", rt_db_text (statement, 0),
              rt_db_text (statement, 1), rt_db_text (statement, 2));
  rt_db_end (statement);
  rt_store_unread (computer->store, db);
}

/* Nothing is said to be missing that nobody has deleted: it would only have been sent too early. */
static void
check_missing (Sim *sim, Computer *computer)
{
  RtDb *db = rt_store_read (computer->store);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT c.name, c.object_id, i.stripe_id FROM change c LEFT JOIN identity i"
                     " ON i.object = c.object AND i.id = c.object_id"
                     " WHERE c.state = 'rejected' AND c.error_code = 'resource_missing'",
                     "");

  while (statement != NULL && rt_db_next (db, statement, NULL))
    if (!sim_request_is_deleted (sim, rt_db_text (statement, 1))
        && !sim_request_is_deleted (sim, rt_db_text (statement, 2)))
      sim_fail (sim, "computer %u misses what nobody deleted: %s %s", computer->number,
                rt_db_text (statement, 0), rt_db_text (statement, 1));
  rt_db_end (statement);
  rt_store_unread (computer->store, db);
}

void
sim_check_step (Sim *sim, Computer *computer)
{
  if (computer->store == NULL || computer->is_syncing)
    return;
  sim_edits_check (computer);
  check_conflicts (sim, computer);
  check_missing (sim, computer);
  /* Dear: now and then, and always at the end. */
  if (sim_chance (sim, 250))
    check_view (computer);
}

/* A product costs one thing: what was paid by before is archived. Who took back half of a price,
 * and then that, too, has both. */
static void
check_price (Sim *sim, GHashTable *seen, JsonObject *price)
{
  const char *role = rt_json_string (rt_json_object (price, "metadata"), "rtn_role");
  const char *product = rt_json_string (price, "product");

  if (!g_hash_table_add (seen, g_strconcat (product, " ", role, NULL))
      && !g_hash_table_contains (sim->discarded_twice, product + strlen ("rtn_p_")))
    sim_fail (sim, "two prices: %s %s", product, role);
}

/* Each object of Stripe once; whose creation was asked for twice shows twice the same reference. */
static void
check_doubles (Sim *sim, GPtrArray *objects)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < objects->len; i++)
    {
      JsonObject *object = g_ptr_array_index (objects, i);
      const char *type = rt_json_string (object, "object");
      const char *reference = rt_json_string (rt_json_object (object, "metadata"), "rtn_ref");
      const char *role = rt_json_string (object, "lookup_key");

      if (g_str_equal (type, "billing.meter"))
        reference = rt_json_string (object, "event_name");
      if (g_str_equal (type, "price"))
        reference = role;
      if (g_str_equal (type, "price") && sim_is_alone (sim) && rt_json_bool (object, "active"))
        check_price (sim, seen, object);
      if (reference != NULL && !g_hash_table_add (seen, g_strconcat (type, " ", reference, NULL)))
        sim_fail (sim, "doubled: %s %s", type, reference);
    }
}

static GPtrArray *
list_all (Sim *sim)
{
  static const char *const lists[] = { "/v1/products?limit=100",
                                       "/v1/prices?limit=100&active=true&expand[0]=data.tiers",
                                       "/v1/prices?limit=100&active=false&expand[0]=data.tiers",
                                       "/v1/coupons?limit=100",
                                       "/v1/customers?limit=100",
                                       "/v1/billing/meters?limit=100" };
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (JsonObject) list = sim_ask (sim, "GET", lists[i], NULL);
      JsonArray *data = json_object_get_array_member (list, "data");

      for (guint j = 0; j < json_array_get_length (data); j++)
        g_ptr_array_add (objects, json_object_ref (json_array_get_object_element (data, j)));
    }
  return objects;
}

static gboolean
equal (JsonObject *a, JsonObject *b)
{
  g_autoptr (JsonNode) left = json_node_init_object (json_node_alloc (), a);
  g_autoptr (JsonNode) right = json_node_init_object (json_node_alloc (), b);

  return json_node_equal (left, right);
}

static gint64
count_kept (RtStore *store)
{
  RtDb *db = rt_store_read (store);
  gint64 n_kept = 0;

  rt_db_get_int (db, &n_kept, NULL, "SELECT count(*) FROM stripe_object WHERE is_deleted = 0", "");
  rt_store_unread (store, db);
  return n_kept;
}

static void
check_replica (Sim *sim, Computer *computer, GPtrArray *objects)
{
  gint64 n_kept = count_kept (computer->store);

  for (guint i = 0; i < objects->len; i++)
    {
      JsonObject *object = g_ptr_array_index (objects, i);
      const char *type = rt_json_string (object, "object");
      const char *id = rt_json_string (object, "id");
      RtDb *db = rt_store_read (computer->store);
      sqlite3_stmt *statement
          = rt_db_query (db, NULL,
                         "SELECT json FROM stripe_object WHERE object = ?1 AND stripe_id = ?2"
                         " AND is_deleted = 0",
                         "ss", type, id);
      g_autoptr (JsonObject) kept = NULL;

      if (statement != NULL && rt_db_next (db, statement, NULL))
        kept = rt_json_parse (rt_db_text (statement, 0), -1, NULL);
      rt_db_end (statement);
      rt_store_unread (computer->store, db);
      if (kept == NULL)
        sim_fail (sim, "computer %u has no %s %s", computer->number, type, id);
      else if (!equal (kept, object))
        {
          g_autofree char *left = rt_json_to_text (kept);
          g_autofree char *right = rt_json_to_text (object);

          sim_fail (sim, "computer %u has another %s %s:\n%s\n%s", computer->number, type, id, left,
                    right);
        }
    }
  if (n_kept != objects->len)
    sim_fail (sim, "computer %u has %d objects, Stripe %u", computer->number, (int) n_kept,
              objects->len);
}

void
sim_check_rest (Sim *sim)
{
  g_autoptr (GPtrArray) objects = list_all (sim);

  check_doubles (sim, objects);
  for (guint i = 0; i < sim->n_computers; i++)
    {
      sim_edits_check (&sim->computers[i]);
      check_view (&sim->computers[i]);
      check_replica (sim, &sim->computers[i], objects);
      sim_edits_check_rest (&sim->computers[i]);
    }
}
