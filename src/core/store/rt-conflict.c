#include "rt-conflict.h"

#include <glib/gi18n-lib.h>

#include "rt-kind.h"
#include "rt-queue-private.h"
#include "rt-store-private.h"

void
rt_conflict_field_free (RtConflictField *self)
{
  if (self == NULL)
    return;
  g_free (self->field);
  json_node_unref (self->base);
  json_node_unref (self->mine);
  json_node_unref (self->theirs);
  g_free (self);
}

/* A member that is not there is null: so it is for the records of objects. */
static JsonNode *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL ? json_node_copy (node) : json_node_new (JSON_NODE_NULL);
}

static const char *const *
context_of (const char *object, JsonObject *fields)
{
  static const char *const none[] = { NULL };
  const RtKind *kind = rt_kind_find (object);

  return kind->context != NULL ? kind->context (fields) : none;
}

static void
add_known (JsonObject *known, const char *name, JsonObject *before, JsonObject *base)
{
  if (base != NULL && json_object_has_member (base, name))
    json_object_set_member (known, name, dup_member (base, name));
  else if (before != NULL)
    json_object_set_member (known, name, dup_member (before, name));
}

char *
rt_conflict_dup_base (const char *object, JsonObject *fields, JsonObject *before, JsonObject *base)
{
  g_autoptr (JsonObject) known = json_object_new ();
  const char *const *context = context_of (object, fields);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (before == NULL && base == NULL)
    return NULL;
  json_object_iter_init (&iter, fields);
  while (json_object_iter_next (&iter, &name, &value))
    add_known (known, name, before, base);
  for (guint i = 0; context[i] != NULL; i++)
    add_known (known, context[i], before, base);
  return rt_json_to_text (known);
}

/* The two sides of a change, as the queue keeps them. */
typedef struct
{
  gint64 seq;
  char *object;
  char *object_id;
  JsonObject *fields; /* (owned) */
  JsonObject *base;   /* (owned) (nullable) */
  JsonObject *own;    /* (owned): what Stripe was seen to have as the person wanted it */
} Sides;

static void
sides_clear (Sides *sides)
{
  g_free (sides->object);
  g_free (sides->object_id);
  g_clear_pointer (&sides->fields, json_object_unref);
  g_clear_pointer (&sides->base, json_object_unref);
  g_clear_pointer (&sides->own, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sides, sides_clear)

static gboolean
load_sides (RtStore *store, gint64 seq, Sides *sides, GError **error)
{
  RtDb *db = rt_store_read (store);
  sqlite3_stmt *statement
      = rt_db_query (db, error,
                     "SELECT object, object_id, fields, base, ifnull(own, '{}') FROM change"
                     " WHERE seq = ?1",
                     "i", seq);
  const char *base;

  sides->seq = seq;
  if (statement != NULL && rt_db_next (db, statement, error))
    {
      sides->object = g_strdup (rt_db_text (statement, 0));
      sides->object_id = g_strdup (rt_db_text (statement, 1));
      sides->fields = rt_json_parse (rt_db_text (statement, 2), -1, error);
      base = rt_db_text (statement, 3);
      sides->base = base != NULL ? rt_json_parse (base, -1, NULL) : NULL;
      sides->own = rt_json_parse (rt_db_text (statement, 4), -1, error);
    }
  rt_db_end (statement);
  rt_store_unread (store, db);
  return sides->fields != NULL && sides->own != NULL;
}

/* What the person wants of a member: of what the fields depend on, that it is what it was. */
static JsonNode *
get_mine (const Sides *sides, const char *name, JsonNode *base)
{
  JsonNode *mine = json_object_get_member (sides->fields, name);

  return mine == NULL && g_strv_contains (context_of (sides->object, sides->fields), name) ? base
                                                                                           : mine;
}

/* Whether Stripe has of a member what it is known to have: what it had when the person began or,
 * since it was seen to have what the person wants, that. */
static gboolean
is_known (const Sides *sides, const char *name, JsonNode *base, JsonNode *theirs)
{
  JsonNode *own = json_object_get_member (sides->own, name);

  return json_node_equal (theirs, own != NULL ? own : base);
}

static GPtrArray *
find_conflicts (RtStore *store, const Sides *sides)
{
  GPtrArray *conflicts = g_ptr_array_new_with_free_func ((GDestroyNotify) rt_conflict_field_free);
  g_autoptr (JsonObject) theirs = rt_kind_find (sides->object)->record (store, sides->object_id);
  JsonObjectIter iter;
  const char *name;
  JsonNode *base;

  if (theirs == NULL || sides->base == NULL)
    return conflicts;
  json_object_iter_init_ordered (&iter, sides->base);
  while (json_object_iter_next_ordered (&iter, &name, &base))
    {
      g_autoptr (JsonNode) their_value = dup_member (theirs, name);
      JsonNode *mine = get_mine (sides, name, base);
      RtConflictField *conflict;

      if (mine == NULL || is_known (sides, name, base, their_value)
          || json_node_equal (their_value, mine))
        continue;
      conflict = g_new0 (RtConflictField, 1);
      conflict->field = g_strdup (name);
      conflict->base = json_node_copy (base);
      conflict->mine = json_node_copy (mine);
      conflict->theirs = g_steal_pointer (&their_value);
      g_ptr_array_add (conflicts, conflict);
    }
  return conflicts;
}

GPtrArray *
rt_conflict_list (RtStore *store, gint64 seq, GError **error)
{
  g_auto (Sides) sides = { 0 };

  return load_sides (store, seq, &sides, error) ? find_conflicts (store, &sides) : NULL;
}

gboolean
rt_conflict_note_own (RtStore *store, gint64 seq, GError **error)
{
  g_auto (Sides) sides = { 0 };
  g_autoptr (JsonObject) theirs = NULL;
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *mine;

  if (!load_sides (store, seq, &sides, error))
    return FALSE;
  theirs = rt_kind_find (sides.object)->record (store, sides.object_id);
  json_object_iter_init (&iter, sides.fields);
  while (theirs != NULL && json_object_iter_next (&iter, &name, &mine))
    {
      JsonNode *now = json_object_get_member (theirs, name);

      if (now != NULL && json_node_equal (now, mine))
        json_object_set_member (sides.own, name, json_node_copy (mine));
    }
  text = rt_json_to_text (sides.own);
  return rt_db_run (rt_store_get_writer (store), error, "UPDATE change SET own = ?2 WHERE seq = ?1",
                    "is", seq, text);
}

/* What Stripe has becomes the new base; what stays theirs leaves the change. */
static void
decide (const Sides *sides, GPtrArray *conflicts, const char *const *mine)
{
  for (guint i = 0; i < conflicts->len; i++)
    {
      const RtConflictField *conflict = g_ptr_array_index (conflicts, i);

      json_object_set_member (sides->base, conflict->field, json_node_copy (conflict->theirs));
      json_object_remove_member (sides->own, conflict->field);
      if (g_strv_contains (mine, conflict->field))
        json_object_set_member (sides->fields, conflict->field, json_node_copy (conflict->mine));
      else
        json_object_remove_member (sides->fields, conflict->field);
    }
}

static gboolean
requeue (RtStore *store, const RtChange *change, const Sides *sides, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autofree char *fields = rt_json_to_text (sides->fields);
  g_autofree char *base = rt_json_to_text (sides->base);
  g_autofree char *own = rt_json_to_text (sides->own);
  guint n_steps = 0;

  if (!rt_db_run (db, error,
                  "UPDATE change SET fields = ?2, base = ?3, own = ?4, state = 'queued',"
                  " review = 'needed' WHERE seq = ?1",
                  "isss", change->seq, fields, base, own)
      || !rt_queue_plan (store, change->seq, change->object, change->object_id, &n_steps, error))
    return FALSE;
  /* A half-made one is ended by push, which sees that nothing is left. */
  return n_steps > 0 || rt_queue_has_done_request (change)
         || rt_db_run (db, error, "DELETE FROM change WHERE seq = ?1", "i", change->seq);
}

static gboolean
resolve (RtStore *store, const RtChange *change, GPtrArray *conflicts, const Sides *sides,
         const char *const *mine, GError **error)
{
  g_autofree char *kept = g_strjoinv (", ", (char **) mine);

  decide (sides, conflicts, mine);
  return rt_queue_log (store, change->seq, "resolved", NULL,
                       *kept != '\0' ? kept : _ ("as Stripe has it"), error)
         && requeue (store, change, sides, error)
         && rt_queue_refresh (store, change->object, change->object_id, error);
}

/* @mine: %NULL for all of them. */
static gboolean
resolve_change (RtStore *store, const char *id, const char *const *mine, GError **error)
{
  g_autoptr (RtChange) change = rt_change_find (store, id, error);
  g_auto (Sides) sides = { 0 };
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  if (change == NULL || !load_sides (store, change->seq, &sides, error))
    return FALSE;
  if (change->state != RT_STATE_CONFLICT)
    {
      rt_set_error (error, RT_ERROR_INVALID, NULL, _ ("“%s” is in no conflict."), change->name);
      return FALSE;
    }
  conflicts = find_conflicts (store, &sides);
  for (guint i = 0; i < conflicts->len; i++)
    g_ptr_array_add (all, ((RtConflictField *) g_ptr_array_index (conflicts, i))->field);
  g_ptr_array_add (all, NULL);
  return resolve (store, change, conflicts, &sides,
                  mine != NULL ? mine : (const char *const *) all->pdata, error);
}

gboolean
rt_conflict_resolve (RtStore *store, const char *id, const char *const *mine, GError **error)
{
  return rt_store_begin (store, error)
         && rt_store_end (store, resolve_change (store, id, mine, error), error);
}

gboolean
rt_conflict_resolve_all (RtStore *store, const char *id, gboolean is_mine, GError **error)
{
  static const char *const none[] = { NULL };

  return rt_conflict_resolve (store, id, is_mine ? NULL : none, error);
}

gboolean
rt_conflict_reconsider (RtStore *store, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error, "SELECT seq FROM change WHERE state = 'conflict'", "");

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    {
      gint64 seq = sqlite3_column_int64 (statement, 0);

      g_array_append_val (seqs, seq);
    }
  for (guint i = 0; i < seqs->len && local_error == NULL; i++)
    {
      g_auto (Sides) sides = { 0 };
      g_autoptr (GPtrArray) conflicts = NULL;

      if (!load_sides (store, g_array_index (seqs, gint64, i), &sides, &local_error))
        break;
      conflicts = find_conflicts (store, &sides);
      if (conflicts->len == 0
          && rt_db_run (db, &local_error, "UPDATE change SET state = 'queued' WHERE seq = ?1", "i",
                        sides.seq))
        rt_queue_refresh (store, sides.object, sides.object_id, &local_error);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}
