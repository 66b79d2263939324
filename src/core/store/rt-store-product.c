#include <glib/gi18n-lib.h>

#include "rt-change.h"
#include "rt-kind.h"
#include "rt-store-private.h"

#define PRODUCT_COLUMNS                                                                       \
  "id, stripe_id, state, name, description, model, currency, amount, period, n_periods, tax," \
  " metric, included, overage, is_archived, is_outside, created_at"

enum
{
  PRODUCT_ID,
  PRODUCT_STRIPE_ID,
  PRODUCT_STATE,
  PRODUCT_NAME,
  PRODUCT_DESCRIPTION,
  PRODUCT_MODEL,
  PRODUCT_CURRENCY,
  PRODUCT_AMOUNT,
  PRODUCT_PERIOD,
  PRODUCT_N_PERIODS,
  PRODUCT_TAX,
  PRODUCT_METRIC,
  PRODUCT_INCLUDED,
  PRODUCT_OVERAGE,
  PRODUCT_IS_ARCHIVED,
  PRODUCT_IS_OUTSIDE,
  PRODUCT_CREATED_AT,
};

static RtProduct *
product_from_row (sqlite3_stmt *row)
{
  RtProduct *product = rt_product_new ();

  g_free (product->id);
  g_free (product->name);
  product->id = g_strdup (rt_db_text (row, PRODUCT_ID));
  product->stripe_id = g_strdup (rt_db_text (row, PRODUCT_STRIPE_ID));
  product->state = (RtState) rt_term_from_nick (RT_TERM_STATE, rt_db_text (row, PRODUCT_STATE));
  product->name = g_strdup (rt_db_text (row, PRODUCT_NAME));
  product->description = g_strdup (rt_db_text (row, PRODUCT_DESCRIPTION));
  product->model = (RtModel) rt_term_from_nick (RT_TERM_MODEL, rt_db_text (row, PRODUCT_MODEL));
  product->currency = rt_currency_find (rt_db_text (row, PRODUCT_CURRENCY));
  rt_decimal_parse (rt_db_text (row, PRODUCT_AMOUNT), &product->amount);
  product->period = (RtPeriod) rt_term_from_nick (RT_TERM_PERIOD, rt_db_text (row, PRODUCT_PERIOD));
  product->n_periods = (guint) sqlite3_column_int (row, PRODUCT_N_PERIODS);
  product->tax = (RtTax) rt_term_from_nick (RT_TERM_TAX, rt_db_text (row, PRODUCT_TAX));
  product->metric
      = (RtMetric) MAX (rt_term_from_nick (RT_TERM_METRIC, rt_db_text (row, PRODUCT_METRIC)),
                        RT_METRIC_NONE);
  product->has_overage = sqlite3_column_type (row, PRODUCT_INCLUDED) != SQLITE_NULL;
  product->included = sqlite3_column_int64 (row, PRODUCT_INCLUDED);
  rt_decimal_parse (rt_db_text (row, PRODUCT_OVERAGE), &product->overage);
  product->is_archived = sqlite3_column_int (row, PRODUCT_IS_ARCHIVED) != 0;
  product->is_outside = sqlite3_column_int (row, PRODUCT_IS_OUTSIDE) != 0;
  product->created_at = sqlite3_column_int64 (row, PRODUCT_CREATED_AT);
  return product;
}

static gboolean
put_row (RtStore *self, const RtProduct *product, GError **error)
{
  g_autofree char *amount = rt_decimal_format (product->amount, 0);
  g_autofree char *overage = rt_decimal_format (product->overage, 0);

  return rt_db_run (
      rt_store_get_writer (self), error,
      "INSERT INTO product (" PRODUCT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
      " ?11, ?12, iif(?18, ?13, NULL), ?14, ?15, ?16, ?17) ON CONFLICT (id) DO UPDATE SET"
      " stripe_id = ?2, state = ?3, name = ?4, description = ?5, model = ?6, currency = ?7,"
      " amount = ?8, period = ?9, n_periods = ?10, tax = ?11, metric = ?12,"
      " included = iif(?18, ?13, NULL), overage = ?14, is_archived = ?15, is_outside = ?16,"
      " created_at = ?17",
      "sssssssssissisbbib", product->id, product->stripe_id,
      rt_term_to_nick (RT_TERM_STATE, product->state), product->name, product->description,
      rt_term_to_nick (RT_TERM_MODEL, product->model),
      product->currency != NULL ? product->currency->code : NULL, amount,
      rt_term_to_nick (RT_TERM_PERIOD, product->period), (gint64) product->n_periods,
      rt_term_to_nick (RT_TERM_TAX, product->tax),
      rt_term_to_nick (RT_TERM_METRIC, product->metric), product->included, overage,
      product->is_archived, product->is_outside, product->created_at, product->has_overage);
}

/* A product that Stripe deleted is still read: an edit that waits must show what it was made of. */
static JsonObject *
load_server (RtStore *self, const char *id, GPtrArray **prices, gboolean *is_deleted,
             GError **error)
{
  g_autofree char *stripe_id = rt_store_dup_identity (self, "product", id);
  JsonObject *object = stripe_id != NULL
                           ? rt_store_object_even_deleted (self, "product", stripe_id, is_deleted)
                           : NULL;
  GError *local_error = NULL;

  *prices = object != NULL ? rt_store_prices_of (self, stripe_id, &local_error)
                           : g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  /* What cannot be read fails the whole transaction, see rt_db_has_failed(). */
  g_clear_error (&local_error);
  return object;
}

/* What Stripe has, with the open changes up to @seq laid over it; %NULL if there is neither. */
static RtProduct *
load_desired (RtStore *self, const char *id, gint64 seq, JsonObject *server, GPtrArray *prices,
              gboolean *has_change, GError **error)
{
  g_autoptr (RtProduct) product
      = server != NULL ? rt_product_from_stripe (server, prices) : rt_product_new ();
  g_autoptr (JsonObject) record = NULL;

  g_free (product->id);
  product->id = g_strdup (id);
  *has_change = rt_store_has_change (self, "product", id);
  if (!*has_change)
    return server != NULL ? g_steal_pointer (&product) : NULL;
  record = rt_product_to_json (product);
  if (!rt_store_overlay (self, "product", id, seq, record, has_change, error))
    return NULL;
  return *has_change || server != NULL ? rt_product_from_json (record) : NULL;
}

gboolean
rt_store_refresh_product (RtStore *self, const char *id, GError **error)
{
  gboolean is_deleted = FALSE, has_change;
  g_autoptr (GPtrArray) prices = NULL;
  g_autoptr (JsonObject) server = load_server (self, id, &prices, &is_deleted, error);
  g_autoptr (RtProduct) product = NULL;
  GError *local_error = NULL;

  rt_store_touch (self, RT_STORE_PRODUCTS);
  product = load_desired (self, id, G_MAXINT64, server, prices, &has_change, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (product == NULL || (is_deleted && !has_change))
    return rt_db_run (rt_store_get_writer (self), error, "DELETE FROM product WHERE id = ?1", "s",
                      id);
  if (has_change)
    product->state = rt_store_pending_state (self, "product", id, product->is_archived);
  return put_row (self, product, error);
}

static gboolean
has_any (JsonObject *fields, const char *const *members)
{
  for (guint i = 0; members[i] != NULL; i++)
    if (json_object_has_member (fields, members[i]))
      return TRUE;
  return FALSE;
}

/* What an amount is of: 49 a month and 49 a year are not the same. */
static const char *const terms[]
    = { "currency", "period", "period_count", "tax", "metric", "model", NULL };

/* Whether @fields set anything that prices hold. */
static gboolean
has_price_member (JsonObject *fields)
{
  static const char *const amounts[] = { "amount", "included", "overage", NULL };

  return has_any (fields, amounts) || has_any (fields, terms);
}

const char *const *
rt_store_context_of_product (JsonObject *fields)
{
  static const char *const none[] = { NULL };

  return has_price_member (fields) ? terms : none;
}

static gboolean
sets_price (RtStore *self, const char *id, gint64 seq)
{
  g_autoptr (JsonObject) fields = json_object_new ();
  gboolean has_change;

  return rt_store_overlay (self, "product", id, seq, fields, &has_change, NULL)
         && has_price_member (fields);
}

GPtrArray *
rt_store_plan_product (RtStore *self, const char *id, gint64 seq, GError **error)
{
  gboolean is_deleted = FALSE, has_change;
  g_autoptr (GPtrArray) prices = NULL;
  g_autoptr (JsonObject) server = load_server (self, id, &prices, &is_deleted, error);
  g_autoptr (JsonObject) meter = NULL;
  g_autoptr (RtProduct) desired = NULL;
  GError *local_error = NULL;

  desired = load_desired (self, id, seq, server, prices, &has_change, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  if (desired == NULL || is_deleted)
    return rt_plan_new ();
  if (desired->metric != RT_METRIC_NONE)
    {
      g_autofree char *event_name = rt_product_dup_meter_name (desired->metric);

      meter = rt_store_object (self, "billing.meter", event_name);
    }
  return rt_product_plan (desired, server, prices, meter, sets_price (self, id, seq),
                          rt_store_get_clock (self));
}

JsonObject *
rt_store_record_product (RtStore *self, const char *id)
{
  gboolean is_deleted = FALSE;
  g_autoptr (GPtrArray) prices = NULL;
  g_autoptr (JsonObject) server = load_server (self, id, &prices, &is_deleted, NULL);
  g_autoptr (RtProduct) product = NULL;

  if (server == NULL || is_deleted)
    return NULL;
  product = rt_product_from_stripe (server, prices);
  return rt_product_to_json (product);
}

gboolean
rt_store_is_product_outdated (RtStore *self, const char *id, JsonObject *fields, const char *body)
{
  gboolean is_deleted = FALSE;
  g_autoptr (GPtrArray) prices = NULL;
  g_autoptr (JsonObject) server = load_server (self, id, &prices, &is_deleted, NULL);
  g_autoptr (RtProduct) product = server != NULL ? rt_product_from_stripe (server, prices) : NULL;

  return product != NULL && g_str_has_prefix (body, "default_price=")
         && rt_product_default_is_of_others (server, prices, product->model);
}

/* The active prices, and each that was active when it was last read. */
static void
add_price_reads (RtStore *self, const char *stripe_id, GPtrArray *reads)
{
  g_autofree char *escaped = g_uri_escape_string (stripe_id, NULL, FALSE);
  g_autoptr (GPtrArray) prices = rt_store_prices_of (self, stripe_id, NULL);

  g_ptr_array_add (reads, rt_read_new (NULL, NULL,
                                       g_strconcat ("/v1/prices?limit=100&active=true&product=",
                                                    escaped, "&expand[0]=data.tiers", NULL)));
  for (guint i = 0; prices != NULL && i < prices->len; i++)
    {
      JsonObject *price = g_ptr_array_index (prices, i);
      const char *id = rt_json_string (price, "id");
      g_autofree char *path = g_uri_escape_string (id, NULL, FALSE);

      if (rt_json_bool (price, "active"))
        g_ptr_array_add (reads,
                         rt_read_new ("price", id,
                                      g_strconcat ("/v1/prices/", path, "?expand[0]=tiers", NULL)));
    }
}

void
rt_store_reads_of_product (RtStore *self, const char *id, JsonObject *fields, GPtrArray *reads)
{
  g_autofree char *stripe_id = rt_store_dup_identity (self, "product", id);
  g_autofree char *escaped
      = stripe_id != NULL ? g_uri_escape_string (stripe_id, NULL, FALSE) : NULL;

  if (stripe_id == NULL)
    return;
  g_ptr_array_add (reads, rt_read_new ("product", stripe_id,
                                       g_strconcat ("/v1/products/", escaped, NULL)));
  if (has_price_member (fields))
    add_price_reads (self, stripe_id, reads);
}

RtProduct *
rt_store_get_product (RtStore *self, gint64 row)
{
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL, "SELECT " PRODUCT_COLUMNS " FROM product WHERE row = ?1", "i", row);
  RtProduct *product = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    product = product_from_row (statement);
  rt_db_end (statement);
  rt_store_unread (self, db);
  return product;
}

RtProduct *
rt_store_find_product (RtStore *self, const char *key, GError **error)
{
  gint64 row = rt_store_find_row (self, "product", "stripe_id", key, error);

  return row != 0 ? rt_store_get_product (self, row) : NULL;
}

GArray *
rt_store_product_rows (RtStore *self, const RtFilter *filter, GError **error)
{
  return rt_store_rows (self, "product", filter, error);
}
