#include <glib/gi18n-lib.h>

#include "rt-change.h"
#include "rt-kind.h"
#include "rt-store-private.h"

#define COUPON_COLUMNS                                                                           \
  "id, stripe_id, state, name, code, currency, percent, amount, duration, n_months, n_redeemed," \
  " is_archived, is_outside, created_at"

enum
{
  COUPON_ID,
  COUPON_STRIPE_ID,
  COUPON_STATE,
  COUPON_NAME,
  COUPON_CODE,
  COUPON_CURRENCY,
  COUPON_PERCENT,
  COUPON_AMOUNT,
  COUPON_DURATION,
  COUPON_N_MONTHS,
  COUPON_N_REDEEMED,
  COUPON_IS_ARCHIVED,
  COUPON_IS_OUTSIDE,
  COUPON_CREATED_AT,
};

static RtCoupon *
coupon_from_row (sqlite3_stmt *row)
{
  RtCoupon *coupon = rt_coupon_new ();

  g_free (coupon->id);
  g_free (coupon->name);
  g_free (coupon->code);
  coupon->id = g_strdup (rt_db_text (row, COUPON_ID));
  coupon->stripe_id = g_strdup (rt_db_text (row, COUPON_STRIPE_ID));
  coupon->state = (RtState) rt_term_from_nick (RT_TERM_STATE, rt_db_text (row, COUPON_STATE));
  coupon->name = g_strdup (rt_db_text (row, COUPON_NAME));
  coupon->code = g_strdup (rt_db_text (row, COUPON_CODE));
  coupon->currency = rt_currency_find (rt_db_text (row, COUPON_CURRENCY));
  rt_decimal_parse (rt_db_text (row, COUPON_PERCENT), &coupon->percent);
  rt_decimal_parse (rt_db_text (row, COUPON_AMOUNT), &coupon->amount);
  coupon->duration
      = (RtDuration) rt_term_from_nick (RT_TERM_DURATION, rt_db_text (row, COUPON_DURATION));
  coupon->n_months = sqlite3_column_int64 (row, COUPON_N_MONTHS);
  coupon->n_redeemed = sqlite3_column_int64 (row, COUPON_N_REDEEMED);
  coupon->is_archived = sqlite3_column_int (row, COUPON_IS_ARCHIVED) != 0;
  coupon->is_outside = sqlite3_column_int (row, COUPON_IS_OUTSIDE) != 0;
  coupon->created_at = sqlite3_column_int64 (row, COUPON_CREATED_AT);
  return coupon;
}

static gboolean
put_row (RtStore *self, const RtCoupon *coupon, GError **error)
{
  g_autofree char *percent = rt_decimal_format (coupon->percent, 0);
  g_autofree char *amount = rt_decimal_format (coupon->amount, 0);

  return rt_db_run (
      rt_store_get_writer (self), error,
      "INSERT INTO coupon (" COUPON_COLUMNS
      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
      " ?12, ?13, ?14) ON CONFLICT (id) DO UPDATE SET stripe_id = ?2, state = ?3, name = ?4,"
      " code = ?5, currency = ?6, percent = ?7, amount = ?8, duration = ?9, n_months = ?10,"
      " n_redeemed = ?11, is_archived = ?12, is_outside = ?13, created_at = ?14",
      "sssssssssiibbi", coupon->id, coupon->stripe_id,
      rt_term_to_nick (RT_TERM_STATE, coupon->state), coupon->name, coupon->code,
      coupon->currency != NULL ? coupon->currency->code : NULL, percent, amount,
      rt_term_to_nick (RT_TERM_DURATION, coupon->duration), coupon->n_months, coupon->n_redeemed,
      coupon->is_archived, coupon->is_outside, coupon->created_at);
}

/* A coupon that was deleted at Stripe stays as an archived row: discounts of it live on and its
 * name must still resolve (API-GUIDE §11). A tombstone that was never seen alive has no name to
 * keep. */
static JsonObject *
load_server (RtStore *self, const char *id, gboolean *is_deleted)
{
  g_autofree char *stripe_id = rt_store_dup_identity (self, "coupon", id);

  *is_deleted = FALSE;
  return stripe_id != NULL ? rt_store_object_even_deleted (self, "coupon", stripe_id, is_deleted)
                           : NULL;
}

static RtCoupon *
load_desired (RtStore *self, const char *id, gint64 seq, JsonObject *server, gboolean is_deleted,
              gboolean *has_change, GError **error)
{
  g_autoptr (RtCoupon) coupon = server != NULL ? rt_coupon_from_stripe (server) : rt_coupon_new ();
  g_autoptr (JsonObject) record = NULL;

  coupon->is_archived = is_deleted;
  coupon->state = is_deleted ? RT_STATE_ARCHIVED : RT_STATE_SYNCED;
  g_free (coupon->id);
  coupon->id = g_strdup (id);
  *has_change = rt_store_has_change (self, "coupon", id);
  if (!*has_change)
    return server != NULL ? g_steal_pointer (&coupon) : NULL;
  record = rt_coupon_to_json (coupon);
  if (!rt_store_overlay (self, "coupon", id, seq, record, has_change, error))
    return NULL;
  return *has_change || server != NULL ? rt_coupon_from_json (record) : NULL;
}

gboolean
rt_store_refresh_coupon (RtStore *self, const char *id, GError **error)
{
  gboolean is_deleted, has_change;
  g_autoptr (JsonObject) server = load_server (self, id, &is_deleted);
  g_autoptr (RtCoupon) coupon = NULL;
  GError *local_error = NULL;

  rt_store_touch (self, RT_STORE_COUPONS);
  coupon = load_desired (self, id, G_MAXINT64, server, is_deleted, &has_change, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (coupon == NULL)
    return rt_db_run (rt_store_get_writer (self), error, "DELETE FROM coupon WHERE id = ?1", "s",
                      id);
  if (has_change)
    coupon->state = rt_store_pending_state (self, "coupon", id, coupon->is_archived);
  return put_row (self, coupon, error);
}

JsonObject *
rt_store_record_coupon (RtStore *self, const char *id)
{
  gboolean is_deleted;
  g_autoptr (JsonObject) server = load_server (self, id, &is_deleted);
  g_autoptr (RtCoupon) coupon = NULL;

  if (server == NULL || is_deleted)
    return NULL;
  coupon = rt_coupon_from_stripe (server);
  return rt_coupon_to_json (coupon);
}

void
rt_store_reads_of_coupon (RtStore *self, const char *id, JsonObject *fields, GPtrArray *reads)
{
  g_autofree char *stripe_id = rt_store_dup_identity (self, "coupon", id);
  g_autofree char *escaped
      = stripe_id != NULL ? g_uri_escape_string (stripe_id, NULL, FALSE) : NULL;

  if (stripe_id != NULL)
    g_ptr_array_add (reads, rt_read_new ("coupon", stripe_id,
                                         g_strconcat ("/v1/coupons/", escaped, NULL)));
}

GPtrArray *
rt_store_plan_coupon (RtStore *self, const char *id, gint64 seq, GError **error)
{
  gboolean is_deleted, has_change;
  g_autoptr (JsonObject) server = load_server (self, id, &is_deleted);
  GError *local_error = NULL;
  g_autoptr (RtCoupon) desired
      = load_desired (self, id, seq, server, is_deleted, &has_change, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  if (desired == NULL || is_deleted)
    return rt_plan_new ();
  return rt_coupon_plan (desired, server);
}

RtCoupon *
rt_store_get_coupon (RtStore *self, gint64 row)
{
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL, "SELECT " COUPON_COLUMNS " FROM coupon WHERE row = ?1", "i", row);
  RtCoupon *coupon = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    coupon = coupon_from_row (statement);
  rt_db_end (statement);
  rt_store_unread (self, db);
  return coupon;
}

RtCoupon *
rt_store_find_coupon (RtStore *self, const char *key, GError **error)
{
  gint64 row = rt_store_find_row (self, "coupon", "code", key, error);

  return row != 0 ? rt_store_get_coupon (self, row) : NULL;
}

gboolean
rt_store_has_coupon_code (RtStore *self, const char *code)
{
  RtDb *db = rt_store_read (self);
  gint64 n_rows = 0;

  rt_db_get_int (
      db, &n_rows, NULL,
      "SELECT (SELECT count(*) FROM coupon WHERE code = ?1)"
      " + (SELECT count(*) FROM stripe_object WHERE object = 'coupon' AND stripe_id = ?1)",
      "s", code);
  rt_store_unread (self, db);
  return n_rows > 0;
}

GArray *
rt_store_coupon_rows (RtStore *self, const RtFilter *filter, GError **error)
{
  return rt_store_rows (self, "coupon", filter, error);
}
