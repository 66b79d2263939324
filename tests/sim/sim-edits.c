/* What the person was told is saved, followed by the change that it became, until Stripe has it. */

#include "sim-edits.h"

#include <string.h>

#include "rt-store-private.h"
#include "sim-disk.h"
#include "sim-request.h"

/* Of a person who may have changed anything of an object. */
#define ANY_FIELD "*"

/* The last that the person said on one computer of one field of one object. */
struct _Edit
{
  char *object;
  char *id;
  char *field;
  JsonNode *value;   /* (nullable) */
  char *terms;       /* (nullable): what an amount was of: "usd year" */
  gint64 seq;        /* of the change that it is a part of; 0: none is needed */
  char *change;      /* (nullable): the id of that */
  gint64 log_row;    /* of the newest line then */
  guint at;          /* the number of the newest name then */
  gboolean is_ended; /* that change has come to its end: the view may show something else */
  gboolean is_void;  /* it may be lost: the person wants it no more, or was not told it is saved */
};

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  g_free (edit->object);
  g_free (edit->id);
  g_free (edit->field);
  g_free (edit->change);
  g_free (edit->terms);
  g_clear_pointer (&edit->value, json_node_unref);
  g_free (edit);
}

GPtrArray *
sim_edits_new (void)
{
  return g_ptr_array_new_with_free_func (edit_free);
}

/* How many lines of the log @sql finds of the change of an edit. */
static gint64
count_lines (RtStore *store, const char *sql, const Edit *edit)
{
  RtDb *db = rt_store_read (store);
  gint64 n_lines = 0;

  rt_db_get_int (db, &n_lines, NULL, sql, "si", edit->change, edit->log_row);
  rt_store_unread (store, db);
  return n_lines;
}

static gint64
find_log_row (RtStore *store)
{
  RtDb *db = rt_store_read (store);
  gint64 row = 0;

  rt_db_get_int (db, &row, NULL, "SELECT max(row) FROM log", "");
  rt_store_unread (store, db);
  return row;
}

/* The open change of an object that is the last before @before; 0: there is none. */
static gint64
find_change (RtStore *store, const Edit *edit, gint64 before, char **id, JsonObject **fields)
{
  RtDb *db = rt_store_read (store);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL,
                     "SELECT seq, id, fields FROM change WHERE object = ?1 AND object_id = ?2"
                     " AND state <> 'done' AND seq < ?3 ORDER BY seq DESC LIMIT 1",
                     "ssi", edit->object, edit->id, before);
  gint64 seq = 0;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    {
      seq = sqlite3_column_int64 (statement, 0);
      *id = g_strdup (rt_db_text (statement, 1));
      *fields = rt_json_parse (rt_db_text (statement, 2), -1, NULL);
    }
  rt_db_end (statement);
  rt_store_unread (store, db);
  return seq;
}

/* Makes the last change before @before that has its field the one that is watched. */
static gboolean
find_home (Computer *computer, Edit *edit, gint64 before)
{
  while (before > 0)
    {
      g_autofree char *id = NULL;
      g_autoptr (JsonObject) fields = NULL;
      gint64 seq = find_change (computer->store, edit, before, &id, &fields);

      if (fields != NULL && json_object_has_member (fields, edit->field))
        {
          edit->seq = seq;
          g_free (edit->change);
          edit->change = g_steal_pointer (&id);
          return TRUE;
        }
      before = seq;
    }
  return FALSE;
}

static Edit *
add_edit (Computer *computer, const char *object, const char *id, const char *field,
          JsonNode *value)
{
  Edit *edit = g_new0 (Edit, 1);

  for (guint i = computer->edits->len; i > 0; i--)
    {
      const Edit *earlier = g_ptr_array_index (computer->edits, i - 1);

      if (g_str_equal (earlier->id, id) && g_str_equal (earlier->field, field))
        g_ptr_array_remove_index (computer->edits, i - 1);
    }
  edit->object = g_strdup (object);
  edit->id = g_strdup (id);
  edit->field = g_strdup (field);
  edit->value = value != NULL ? json_node_copy (value) : NULL;
  edit->at = computer->sim->n_names;
  g_ptr_array_add (computer->edits, edit);
  return edit;
}

/* One computer, and nobody in the Dashboard. */
gboolean
sim_is_alone (Sim *sim)
{
  return sim->n_computers == 1 && !sim->has_dashboard;
}

/* An edit that ends where an earlier one began leaves nothing that could be lost. Only who is alone
 * knows that Stripe has this. */
static void
end_unneeded (Computer *computer, Edit *edit)
{
  edit->is_ended = TRUE;
  edit->is_void = !sim_is_alone (computer->sim) || sim_disk_is_dead (computer->folder);
}

/* Nothing is added to what may be on its way, or comes before something else. */
static void
check_is_last (Computer *computer, const Edit *edit)
{
  RtDb *db = rt_store_read (computer->store);
  gint64 last = 0;

  rt_db_get_int (db, &last, NULL,
                 "SELECT max(seq) FROM change WHERE object = ?1 AND object_id = ?2"
                 " AND state <> 'done'",
                 "ss", edit->object, edit->id);
  rt_store_unread (computer->store, db);
  if (last > edit->seq)
    sim_fail (computer->sim, "computer %u put an edit before a later change: %s %s %s",
              computer->number, edit->object, edit->id, edit->field);
}

static char *
dup_terms (const char *field, JsonObject *view)
{
  const char *currency = rt_json_string (view, "currency");
  const char *period = rt_json_string (view, "period");

  return g_str_equal (field, "amount") && currency != NULL && period != NULL
             ? g_strconcat (currency, " ", period, NULL)
             : NULL;
}

void
sim_edits_note (Computer *computer, const char *object, const char *id, JsonObject *before,
                JsonObject *after)
{
  static const char *const skipped[]
      = { "id", "stripe_id", "state", "created", "outside", "redeemed", NULL };
  gint64 log_row = find_log_row (computer->store);
  JsonObjectIter iter;
  const char *field;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, after);
  while (json_object_iter_next_ordered (&iter, &field, &value))
    {
      JsonNode *old = before != NULL ? json_object_get_member (before, field) : NULL;
      Edit *edit;

      if (g_strv_contains (skipped, field) || (old != NULL && json_node_equal (old, value)))
        continue;
      edit = add_edit (computer, object, id, field, value);
      edit->log_row = log_row;
      edit->terms = dup_terms (field, after);
      /* Twice: a disk that fails does so once. */
      if (!find_home (computer, edit, G_MAXINT64) && !find_home (computer, edit, G_MAXINT64))
        end_unneeded (computer, edit);
      else
        check_is_last (computer, edit);
    }
}

void
sim_edits_forget (Computer *computer, const char *object, const char *id)
{
  Edit *any;

  for (guint i = 0; i < computer->edits->len; i++)
    {
      Edit *edit = g_ptr_array_index (computer->edits, i);

      if (g_str_equal (edit->id, id))
        edit->is_ended = edit->is_void = TRUE;
    }
  any = add_edit (computer, object, id, ANY_FIELD, NULL);
  any->is_ended = any->is_void = TRUE;
}

/* @node: (nullable): of a record of Retainer */
static gboolean
is_as_typed (JsonNode *node, const char *typed)
{
  g_autofree char *shown = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return *typed == '\0';
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    shown = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    shown = g_strdup (json_node_get_boolean (node) ? "true" : "false");
  else
    shown = json_node_dup_string (node);
  /* "5" becomes "5.00". */
  return g_str_equal (shown, typed)
         || (g_ascii_isdigit (*typed)
             && ABS (g_ascii_strtod (shown, NULL) - g_ascii_strtod (typed, NULL)) < 0.001);
}

void
sim_edits_check_typed (Computer *computer, const char *id, const RtDraft *draft, JsonObject *after)
{
  static const char *const fields[]
      = { "name",     "description", "notes", "email",    "country", "amount", "currency",
          "included", "overage",     "tax",   "archived", "percent", "model" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *typed = rt_draft_get (draft, fields[i]);

      if (typed != NULL && !is_as_typed (json_object_get_member (after, fields[i]), typed))
        sim_fail (computer->sim, "computer %u does not show what was typed: %s %s %s",
                  computer->number, id, fields[i], typed);
    }
}

static JsonObject *
dup_view (RtStore *store, const char *object, const char *id)
{
  if (g_str_equal (object, "product"))
    {
      g_autoptr (RtProduct) product = rt_store_find_product (store, id, NULL);

      return product != NULL ? rt_product_to_json (product) : NULL;
    }
  if (g_str_equal (object, "coupon"))
    {
      g_autoptr (RtCoupon) coupon = rt_store_find_coupon (store, id, NULL);

      return coupon != NULL ? rt_coupon_to_json (coupon) : NULL;
    }
  g_autoptr (RtClient) client = rt_store_find_client (store, id, NULL);

  return client != NULL ? rt_client_to_json (client) : NULL;
}

static gboolean
is_shown (JsonObject *view, const Edit *edit)
{
  JsonNode *shown = view != NULL ? json_object_get_member (view, edit->field) : NULL;

  return shown != NULL && json_node_equal (shown, edit->value);
}

/* What the change of an edit still wants of its field; nothing if it is not open. */
static JsonNode *
dup_wanted (RtStore *store, const Edit *edit, gboolean *is_open)
{
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) fields = NULL;
  JsonNode *wanted;

  *is_open = find_change (store, edit, edit->seq + 1, &id, &fields) == edit->seq;
  wanted = *is_open && fields != NULL ? json_object_get_member (fields, edit->field) : NULL;
  return wanted != NULL ? json_node_copy (wanted) : NULL;
}

/* Ends an edit whose own change has ended, or was decided about. An earlier change of the same
 * object that ends says nothing about a later edit (TRAPS B22). */
static void
follow (Computer *computer, Edit *edit, JsonObject *view)
{
  RtStore *store = computer->store;
  gboolean is_open;
  g_autoptr (JsonNode) wanted = dup_wanted (store, edit, &is_open);
  gboolean is_same = wanted != NULL && json_node_equal (wanted, edit->value);

  if (is_open && is_same)
    return;
  edit->is_ended = count_lines (store,
                                "SELECT count(*) FROM log WHERE change_id = ?1 AND row > ?2"
                                " AND event IN ('done', 'discarded', 'resolved')",
                                edit)
                   > 0;
  edit->is_void = count_lines (store,
                               "SELECT count(*) FROM log WHERE change_id = ?1 AND row > ?2"
                               " AND event IN ('discarded', 'resolved')",
                               edit)
                  > 0;
  if (edit->is_ended || is_open)
    return;
  /* It was laid into an earlier change that was stopped, or there is nothing left of it to do. */
  if (!find_home (computer, edit, edit->seq) && is_shown (view, edit))
    end_unneeded (computer, edit);
}

void
sim_edits_check (Computer *computer)
{
  g_autoptr (JsonObject) view = NULL;
  const char *viewed = NULL;

  /* A disk that is about to fail shows nothing: the next time, then. */
  if (computer->store == NULL || sim_disk_is_doomed (computer->folder)
      || sim_disk_is_dead (computer->folder))
    return;
  for (guint i = 0; i < computer->edits->len; i++)
    {
      Edit *edit = g_ptr_array_index (computer->edits, i);

      if (edit->is_ended)
        continue;
      if (viewed == NULL || !g_str_equal (viewed, edit->id))
        {
          g_clear_pointer (&view, json_object_unref);
          view = dup_view (computer->store, edit->object, edit->id);
          viewed = edit->id;
        }
      follow (computer, edit, view);
      if (!edit->is_ended && !is_shown (view, edit))
        sim_fail (computer->sim, "computer %u lost an edit: %s %s %s", computer->number,
                  edit->object, edit->id, edit->field);
    }
}

gboolean
sim_edits_is_of_price (const char *field)
{
  static const char *const priced[]
      = { "amount", "currency",      "included", "overage", "period", "period_count",
          "tax",    "default_price", "metric",   "model",   NULL };

  return g_strv_contains (priced, field);
}

/* What is written together: a price is one thing to Stripe. */
static const char *
group_of (const char *field)
{
  if (sim_edits_is_of_price (field))
    return "price";
  if (g_str_equal (field, "notes"))
    return "description";
  return g_str_equal (field, "active") ? "archived" : field;
}

static char *
dup_touched (const char *stripe_id, const char *field)
{
  return g_strconcat (stripe_id, " ", group_of (field), NULL);
}

void
sim_edits_note_dashboard (Sim *sim, const char *stripe_id, const char *body)
{
  g_autofree char *field = g_strndup (body, strcspn (body, "="));

  g_hash_table_insert (sim->touched, dup_touched (stripe_id, field),
                       GUINT_TO_POINTER (sim->n_names));
}

static gboolean
is_of_other (Computer *other, const Edit *edit, const char *stripe_id)
{
  for (guint i = 0; i < other->edits->len; i++)
    {
      const Edit *theirs = g_ptr_array_index (other->edits, i);
      g_autofree char *their_id = rt_store_dup_identity (other->store, theirs->object, theirs->id);

      if ((g_str_equal (theirs->id, edit->id) || g_strcmp0 (their_id, stripe_id) == 0)
          && (g_str_equal (theirs->field, ANY_FIELD)
              || g_str_equal (group_of (theirs->field), group_of (edit->field))))
        return TRUE;
    }
  return FALSE;
}

/* Whether somebody else may have had the last word. */
static gboolean
is_touched (Computer *computer, const Edit *edit, const char *stripe_id)
{
  Sim *sim = computer->sim;
  g_autofree char *key = dup_touched (stripe_id != NULL ? stripe_id : "", edit->field);

  if (sim_request_is_deleted (sim, edit->id) || sim_request_is_deleted (sim, stripe_id)
      || GPOINTER_TO_UINT (g_hash_table_lookup (sim->touched, key)) > edit->at)
    return TRUE;
  for (guint i = 0; i < sim->n_computers; i++)
    if (&sim->computers[i] != computer && is_of_other (&sim->computers[i], edit, stripe_id))
      return TRUE;
  return FALSE;
}

/* 49 a month is not 49 a year. */
static void
check_terms (Sim *sim, const Edit *edit, JsonObject *price)
{
  const char *period = rt_json_string (rt_json_object (price, "recurring"), "interval");
  g_autofree char *terms = g_strconcat (rt_json_string (price, "currency"), " ", period, NULL);

  if (edit->terms != NULL && period != NULL && !g_str_equal (terms, edit->terms))
    sim_fail (sim, "an amount of %s became one of %s: %s", edit->terms, terms, edit->id);
}

/* What Stripe itself has, past all readers of Retainer; %NULL: not one of these. */
static char *
dup_at_stripe (Sim *sim, const Edit *edit, const char *stripe_id)
{
  JsonObject *object = rt_practice_lookup (sim->practice, edit->object, stripe_id);
  const char *text = rt_json_string (object, edit->field);
  const char *price_id = rt_json_string (object, "default_price");
  JsonObject *price
      = price_id != NULL ? rt_practice_lookup (sim->practice, "price", price_id) : NULL;
  JsonObject *recurring = rt_json_object (price, "recurring");
  gint64 amount = 0;

  if (g_str_equal (edit->field, "name") || g_str_equal (edit->field, "email")
      || g_str_equal (edit->field, "description"))
    return g_strdup (text != NULL ? text : "");
  /* One of somebody else may stay the default; what is metered by the second costs something else
   * there. */
  if (!g_str_equal (edit->field, "amount")
      || rt_json_string (rt_json_object (price, "metadata"), "rtn_role") == NULL
      || rt_json_string (recurring, "meter") != NULL
      || !rt_json_int (price, "unit_amount", &amount))
    return NULL;
  check_terms (sim, edit, price);
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", amount / 100, (int) (amount % 100));
}

static void
check_at_rest (Computer *computer, const Edit *edit)
{
  Sim *sim = computer->sim;
  g_autofree char *stripe_id = rt_store_dup_identity (computer->store, edit->object, edit->id);
  g_autoptr (JsonObject) view = dup_view (computer->store, edit->object, edit->id);
  g_autofree char *there = NULL;
  g_autofree char *wanted = NULL;

  if (edit->is_void || is_touched (computer, edit, stripe_id))
    return;
  if (stripe_id != NULL)
    there = dup_at_stripe (sim, edit, stripe_id);
  wanted = json_to_string (edit->value, FALSE);
  if (stripe_id == NULL || !is_shown (view, edit)
      || (there != NULL && !is_as_typed (edit->value, there)))
    sim_fail (sim, "Stripe has not what computer %u was told last: %s %s %s %s", computer->number,
              edit->object, edit->id, edit->field, wanted);
}

void
sim_edits_check_rest (Computer *computer)
{
  for (guint i = 0; i < computer->edits->len; i++)
    check_at_rest (computer, g_ptr_array_index (computer->edits, i));
}
