#include "rt-change.h"
#include "rt-client-actions.h"
#include "rt-conflict.h"
#include "rt-coupon-actions.h"
#include "rt-kind.h"
#include "rt-product-actions.h"
#include "rt-queue.h"
#include "rt-store-private.h"
#include "sim-disk.h"
#include "sim-edits.h"

#define LIFETIME (24 * 3600 * (gint64) G_USEC_PER_SEC)

static char *
new_name (Sim *sim, const char *word)
{
  return g_strdup_printf ("%s %u", word, ++sim->n_names);
}

/* Of the Dashboard's words and of its amounts, which are beyond those of the person. */
static void
see_text (Computer *computer, const char *text)
{
  guint64 amount = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  if (text != NULL && g_str_has_prefix (text, "Dash"))
    g_hash_table_add (computer->sim->seen, g_strdup_printf ("%u %s", computer->number, text));
  if (amount > SIM_DASHBOARD_AMOUNT)
    g_hash_table_add (computer->sim->seen,
                      g_strdup_printf ("%u Dash%" G_GUINT64_FORMAT, computer->number,
                                       amount - SIM_DASHBOARD_AMOUNT));
}

/* What the person has before her eyes when she edits. */
static void
see (Computer *computer, JsonObject *view)
{
  static const char *const fields[] = { "name", "description", "notes", "amount" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    see_text (computer, rt_json_string (view, fields[i]));
}

/* The price that somebody chose in the Dashboard is seen where it is shown.
 * @view: (nullable): what is shown; %NULL: all that Stripe has */
static void
see_price (Computer *computer, const char *id, JsonObject *view)
{
  static const char *const terms[] = { "amount", "currency", "period", "period_count" };
  RtStore *store = computer->store;
  g_autoptr (JsonObject) record = rt_kind_find ("product")->record (store, id);
  g_autofree char *stripe_id = rt_store_dup_identity (store, "product", id);
  g_autoptr (JsonObject) product
      = stripe_id != NULL ? rt_store_object (store, "product", stripe_id) : NULL;
  const char *price_id = rt_json_reference (product, "default_price");
  g_autoptr (JsonObject) price
      = price_id != NULL ? rt_store_object (store, "price", price_id) : NULL;

  for (guint i = 0; view != NULL && record != NULL && i < G_N_ELEMENTS (terms); i++)
    if (!json_node_equal (json_object_get_member (view, terms[i]),
                          json_object_get_member (record, terms[i])))
      return;
  see_text (computer, rt_json_string (price, "nickname"));
}

static gboolean
has_terms (GPtrArray *conflicts)
{
  for (guint i = 0; i < conflicts->len; i++)
    if (sim_edits_is_of_price (((RtConflictField *) g_ptr_array_index (conflicts, i))->field))
      return TRUE;
  return FALSE;
}

/* @conflicts: (nullable) of RtConflictField. A disk that fails shows none: then she decides
 * blindly, and whatever is replaced is replaced by her. */
static void
see_conflicts (Computer *computer, const RtChange *change, GPtrArray *conflicts)
{
  if (conflicts == NULL || conflicts->len == 0)
    computer->is_blind = TRUE;
  else if (g_str_equal (change->object, "product") && has_terms (conflicts))
    see_price (computer, change->object_id, NULL);
  for (guint i = 0; conflicts != NULL && i < conflicts->len; i++)
    {
      JsonNode *theirs = ((RtConflictField *) g_ptr_array_index (conflicts, i))->theirs;

      if (JSON_NODE_HOLDS_VALUE (theirs) && json_node_get_value_type (theirs) == G_TYPE_STRING)
        see_text (computer, json_node_get_string (theirs));
    }
}

gboolean
sim_person_has_seen (Computer *computer, const char *text)
{
  g_autofree char *key = g_strdup_printf ("%u %s", computer->number, text);

  return computer->is_blind || g_hash_table_contains (computer->sim->seen, key);
}

static RtDraft *
draft_new (const char *field, ...)
{
  RtDraft *draft = rt_draft_new (RT_NUMBER_PLAIN);
  va_list arguments;

  va_start (arguments, field);
  for (; field != NULL; field = va_arg (arguments, const char *))
    rt_draft_set (draft, field, va_arg (arguments, const char *));
  va_end (arguments);
  return draft;
}

/* Often the same one again: a price that was for sale before may still be there. */
static char *
dup_amount (Sim *sim)
{
  return g_strdup_printf ("%u", sim_chance (sim, 300) ? 49 : 5 + sim_pick (sim, 90));
}

/* A disk that fails is no lie: the person was told, and it may be saved or not.
 * @typed: (nullable): what she typed; @after: (nullable): what she was told is saved */
static void
was_saved (Computer *computer, const char *object, const char *id, JsonObject *before,
           const RtDraft *typed, JsonObject *after)
{
  if (after == NULL || sim_disk_is_dead (computer->folder))
    {
      sim_edits_forget (computer, object, id);
      return;
    }
  if (typed != NULL)
    sim_edits_check_typed (computer, id, typed, after);
  sim_edits_note (computer, object, id, before, after);
}

static void
create_product (Computer *computer)
{
  Sim *sim = computer->sim;
  g_autofree char *name = new_name (sim, "Product");
  g_autofree char *amount = dup_amount (sim);
  const char *metric = sim_chance (sim, 500) ? "minutes" : "interactions";
  g_autoptr (RtDraft) draft
      = draft_new ("name", name, "model", "base", "amount", amount, "currency", "usd", NULL);
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (JsonObject) after = NULL;

  if (sim_chance (sim, 150))
    {
      rt_draft_set (draft, "model", "usage");
      rt_draft_set (draft, "metric", metric);
    }
  else if (sim_chance (sim, 150))
    {
      rt_draft_set (draft, "model", "one-time");
    }
  else if (sim_chance (sim, 400))
    {
      rt_draft_set (draft, "metric", metric);
      rt_draft_set (draft, "included", "100");
      rt_draft_set (draft, "overage", "0.05");
    }
  product = rt_product_create (computer->store, draft, NULL);
  after = product != NULL ? rt_product_to_json (product) : NULL;
  sim_tell (sim, "%u: creates %s%s", computer->number, name, product == NULL ? " (failed)" : "");
  if (product != NULL)
    was_saved (computer, "product", product->id, NULL, draft, after);
}

static void
create_coupon (Computer *computer)
{
  Sim *sim = computer->sim;
  g_autofree char *name = new_name (sim, "Coupon");
  g_autoptr (RtDraft) draft
      = draft_new ("name", name, "kind", "percent", "percent", "10", "duration", "once", NULL);
  g_autoptr (RtCoupon) coupon = rt_coupon_create (computer->store, draft, NULL);
  g_autoptr (JsonObject) after = coupon != NULL ? rt_coupon_to_json (coupon) : NULL;

  sim_tell (sim, "%u: creates %s%s", computer->number, name, coupon == NULL ? " (failed)" : "");
  if (coupon != NULL)
    was_saved (computer, "coupon", coupon->id, NULL, draft, after);
}

static void
create_client (Computer *computer)
{
  Sim *sim = computer->sim;
  g_autofree char *name = new_name (sim, "Client");
  g_autoptr (RtDraft) draft
      = draft_new ("name", name, "email", "a@example.com", "country", "DE", NULL);
  g_autoptr (RtClient) client = rt_client_create (computer->store, draft, NULL);
  g_autoptr (JsonObject) after = client != NULL ? rt_client_to_json (client) : NULL;

  sim_tell (sim, "%u: creates %s%s", computer->number, name, client == NULL ? " (failed)" : "");
  if (client != NULL)
    was_saved (computer, "customer", client->id, NULL, draft, after);
}

static gint64
pick_row (Computer *computer, GArray *rows)
{
  return rows != NULL && rows->len > 0
             ? g_array_index (rows, gint64, sim_pick (computer->sim, rows->len))
             : 0;
}

static RtFilter
any_filter (Sim *sim)
{
  return (RtFilter){ .archived = sim_chance (sim, 100) };
}

static void
edit_product (Computer *computer)
{
  Sim *sim = computer->sim;
  RtFilter filter = any_filter (sim);
  g_autoptr (GArray) rows = rt_store_product_rows (computer->store, &filter, NULL);
  g_autoptr (RtProduct) product = rt_store_get_product (computer->store, pick_row (computer, rows));
  g_autofree char *text = new_name (sim, "Edited");
  g_autofree char *amount = dup_amount (sim);
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (RtProduct) edited = NULL;
  g_autoptr (JsonObject) before = NULL;
  g_autoptr (JsonObject) after = NULL;

  if (product == NULL)
    return;
  before = rt_product_to_json (product);
  see (computer, before);
  see_price (computer, product->id, before);
  switch (sim_pick (sim, 7))
    {
    case 0:
      edited = rt_product_set_archived (computer->store, product->id, !product->is_archived, NULL);
      rt_draft_set (draft, "archived", product->is_archived ? "false" : "true");
      break;
    case 1:
      rt_draft_set (draft, "amount", amount);
      break;
    case 5:
      rt_draft_set (draft, "amount", amount);
      rt_draft_set (draft, "name", text);
      break;
    case 6:
      rt_draft_set (draft, product->has_overage ? "included" : "amount", amount);
      rt_draft_set (draft, "tax", sim_chance (sim, 500) ? "inclusive" : "exclusive");
      break;
    case 2:
      rt_draft_set (draft, "description", text);
      break;
    case 3:
      if (product->has_overage)
        rt_draft_set (draft, "overage", amount);
      G_GNUC_FALLTHROUGH;
    default:
      rt_draft_set (draft, "name", text);
    }
  if (rt_draft_get (draft, "archived") == NULL)
    edited = rt_product_update (computer->store, product->id, draft, NULL);
  after = edited != NULL ? rt_product_to_json (edited) : NULL;
  sim_tell (sim, "%u: edits product %s (%s, %s)%s", computer->number, product->name, text, amount,
            edited == NULL ? " (failed)" : "");
  was_saved (computer, "product", product->id, before, draft, after);
}

static void
edit_coupon (Computer *computer)
{
  Sim *sim = computer->sim;
  RtFilter filter = { 0 };
  g_autoptr (GArray) rows = rt_store_coupon_rows (computer->store, &filter, NULL);
  g_autoptr (RtCoupon) coupon = rt_store_get_coupon (computer->store, pick_row (computer, rows));
  g_autofree char *text = new_name (sim, "Edited");
  g_autoptr (RtDraft) draft = draft_new ("name", text, NULL);
  g_autoptr (RtCoupon) edited = NULL;
  g_autoptr (JsonObject) before = NULL;
  g_autoptr (JsonObject) after = NULL;

  if (coupon == NULL)
    return;
  before = rt_coupon_to_json (coupon);
  see (computer, before);
  if (sim_chance (sim, 200))
    {
      sim_tell (sim, "%u: deletes coupon %s", computer->number, coupon->name);
      rt_coupon_delete (computer->store, coupon->id, NULL);
      sim_edits_forget (computer, "coupon", coupon->id);
      return;
    }
  if (coupon->stripe_id == NULL && sim_chance (sim, 300))
    rt_draft_set (draft, "percent", "20");
  edited = rt_coupon_update (computer->store, coupon->id, draft, NULL);
  after = edited != NULL ? rt_coupon_to_json (edited) : NULL;
  sim_tell (sim, "%u: renames coupon %s to %s%s", computer->number, coupon->name, text,
            edited == NULL ? " (failed)" : "");
  was_saved (computer, "coupon", coupon->id, before, draft, after);
}

/* As charges will be: not sent any more after a day. */
static void
edit_for_a_day (Computer *computer, const RtClient *client, JsonObject *before)
{
  Sim *sim = computer->sim;
  g_autofree char *text = g_strdup_printf ("expires-%u-", ++sim->n_names);
  g_autoptr (JsonObject) fields = json_object_new ();
  gint64 *expires_at;
  RtEdit edit = { "update", "customer", client->id, client->name, fields, before, LIFETIME };
  g_autoptr (RtClient) edited = NULL;
  g_autoptr (JsonObject) after = NULL;

  /* Only as a change of its own: a longer wait of another edit must not lengthen it. */
  if (client->state != RT_STATE_SYNCED || client->is_outside
      || !rt_store_begin (computer->store, NULL))
    return;
  json_object_set_string_member (fields, "notes", text);
  if (!rt_store_end (computer->store, rt_queue_add (computer->store, &edit, NULL), NULL))
    {
      sim_edits_forget (computer, "customer", client->id);
      return;
    }
  expires_at = g_new (gint64, 1);
  *expires_at = rt_clock_now (computer->clock) + LIFETIME;
  g_hash_table_insert (sim->expires, g_strdup (text), expires_at);
  g_hash_table_insert (sim->expiring, g_strdup_printf ("%u %s", computer->number, client->id),
                       expires_at);
  sim_tell (sim, "%u: edits client %s for a day (%s)", computer->number, client->name, text);
  edited = rt_store_find_client (computer->store, client->id, NULL);
  after = edited != NULL ? rt_client_to_json (edited) : NULL;
  was_saved (computer, "customer", client->id, before, NULL, after);
}

static void
edit_client (Computer *computer)
{
  Sim *sim = computer->sim;
  RtFilter filter = any_filter (sim);
  g_autoptr (GArray) rows = rt_store_client_rows (computer->store, &filter, NULL);
  g_autoptr (RtClient) client = rt_store_get_client (computer->store, pick_row (computer, rows));
  g_autofree char *text = new_name (sim, "Edited");
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (RtClient) edited = NULL;
  g_autoptr (JsonObject) before = NULL;
  g_autoptr (JsonObject) after = NULL;

  if (client == NULL)
    return;
  before = rt_client_to_json (client);
  see (computer, before);
  switch (sim_pick (sim, 6))
    {
    case 0:
      edited = rt_client_set_archived (computer->store, client->id, !client->is_archived, NULL);
      rt_draft_set (draft, "archived", client->is_archived ? "false" : "true");
      break;
    case 1:
      rt_draft_set (draft, "country", sim_chance (sim, 500) ? "FR" : "US");
      break;
    case 2:
      rt_draft_set (draft, "notes", text);
      if (sim_chance (sim, 500))
        rt_draft_set (draft, "email", sim_chance (sim, 500) ? "b@example.com" : "");
      break;
    case 3:
      edit_for_a_day (computer, client, before);
      return;
    default:
      rt_draft_set (draft, "name", text);
    }
  if (rt_draft_get (draft, "archived") == NULL)
    edited = rt_client_update (computer->store, client->id, draft, NULL);
  after = edited != NULL ? rt_client_to_json (edited) : NULL;
  sim_tell (sim, "%u: edits client %s (%s)%s", computer->number, client->name, text,
            edited == NULL ? " (failed)" : "");
  was_saved (computer, "customer", client->id, before, draft, after);
}

static void
decide (Computer *computer, const RtChange *change)
{
  Sim *sim = computer->sim;
  GError *error = NULL;
  const char *how = "leaves";

  if (change->state == RT_STATE_CONFLICT)
    {
      g_autoptr (GPtrArray) conflicts = rt_conflict_list (computer->store, change->seq, NULL);
      const char *one[2] = { NULL, NULL };

      if (conflicts != NULL && conflicts->len > 1 && sim_chance (sim, 300))
        one[0] = ((RtConflictField *) g_ptr_array_index (conflicts, 0))->field;
      see_conflicts (computer, change, conflicts);
      how = "resolves";
      if (one[0] != NULL)
        rt_conflict_resolve (computer->store, change->id, one, &error);
      else
        rt_conflict_resolve_all (computer->store, change->id, sim_chance (sim, 500), &error);
    }
  else if (change->state == RT_STATE_REJECTED && sim_chance (sim, 600))
    {
      g_autofree char *key = g_strdup_printf ("%u %s", computer->number, change->object_id);
      gint64 *expires_at = g_hash_table_lookup (sim->expiring, key);

      how = "retries";
      if (change->expires_at != 0 && expires_at != NULL)
        *expires_at = rt_clock_now (computer->clock) + LIFETIME;
      rt_queue_retry (computer->store, change->id, &error);
    }
  else if (change->state == RT_STATE_REJECTED || sim_chance (sim, 200))
    {
      how = "discards";
      if (rt_queue_discard (computer->store, change->id, sim_chance (sim, 700), &error)
          && !g_hash_table_add (sim->discarded, g_strdup (change->object_id)))
        g_hash_table_add (sim->discarded_twice, g_strdup (change->object_id));
    }
  sim_tell (sim, "%u: %s %s %s%s", computer->number, how, change->action, change->name,
            error != NULL ? " (failed)" : "");
  g_clear_error (&error);
}

static void
decide_any (Computer *computer)
{
  g_autoptr (GPtrArray) changes = rt_change_list (computer->store, NULL);

  if (changes != NULL && changes->len > 0)
    decide (computer, g_ptr_array_index (changes, sim_pick (computer->sim, changes->len)));
}

guint
sim_person_decide_all (Computer *computer)
{
  g_autoptr (GPtrArray) changes = rt_change_list (computer->store, NULL);
  guint n_decided = 0;

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      const RtChange *change = g_ptr_array_index (changes, i);

      if (change->state == RT_STATE_CONFLICT || change->state == RT_STATE_REJECTED)
        {
          decide (computer, change);
          sim_edits_check (computer);
          n_decided++;
        }
    }
  return n_decided;
}

void
sim_person_act (Computer *computer)
{
  static void (*const acts[]) (Computer *)
      = { create_product, create_coupon, create_client, edit_product, edit_product,
          edit_client,    edit_client,   edit_coupon,   decide_any,   decide_any };

  if (computer->store == NULL)
    return;
  /* What is edited is another request; what is retried is asked for. */
  g_hash_table_remove_all (computer->waits);
  acts[sim_pick (computer->sim, G_N_ELEMENTS (acts))](computer);
  sim_edits_check (computer);
}
