#include "rt-practice-state.h"

#include "rt-json.h"
#include "rt-practice-json.h"

typedef struct
{
  GHashTable *by_id; /* (owned) id → (owned) row */
  GPtrArray *order;  /* (owned) rows by created, tie */
} Table;

struct _RtPracticeState
{
  GHashTable *tables;   /* (owned) type → (owned) Table */
  GHashTable *unique;   /* (owned) "type:value" → (owned) id */
  GHashTable *n_prices; /* (owned) product id → number */
  GHashTable *deleted;  /* (owned) set of "type:id" */
  guint64 next_tie;
  gboolean shuffle;
};

static void
row_free (RtPracticeRow *row)
{
  g_clear_pointer (&row->object, json_object_unref);
  g_free (row->text);
  g_free (row->id);
  g_free (row);
}

static void
table_free (Table *table)
{
  g_ptr_array_unref (table->order);
  g_hash_table_unref (table->by_id);
  g_free (table);
}

RtPracticeState *
rt_practice_state_new (void)
{
  RtPracticeState *self = g_new0 (RtPracticeState, 1);

  self->tables
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) table_free);
  self->unique = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->n_prices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
rt_practice_state_free (RtPracticeState *self)
{
  g_hash_table_unref (self->tables);
  g_hash_table_unref (self->unique);
  g_hash_table_unref (self->n_prices);
  g_hash_table_unref (self->deleted);
  g_free (self);
}

static Table *
get_table (RtPracticeState *self, const char *object)
{
  Table *table = g_hash_table_lookup (self->tables, object);

  if (table != NULL)
    return table;
  table = g_new0 (Table, 1);
  table->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) row_free);
  table->order = g_ptr_array_new ();
  g_hash_table_insert (self->tables, g_strdup (object), table);
  return table;
}

static int
compare_rows (const RtPracticeRow *a, const RtPracticeRow *b)
{
  if (a->created != b->created)
    return a->created < b->created ? -1 : 1;
  return a->tie < b->tie ? -1 : a->tie > b->tie;
}

/* Where @row is, or would have to be. */
static guint
find_position (GPtrArray *order, const RtPracticeRow *row)
{
  guint low = 0, high = order->len;

  if (high > 0 && compare_rows (g_ptr_array_index (order, high - 1), row) < 0)
    return high;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_rows (g_ptr_array_index (order, middle), row) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
count_price (RtPracticeState *self, const char *product, int step)
{
  guint n = rt_practice_state_n_prices (self, product);

  g_hash_table_insert (self->n_prices, g_strdup (product), GINT_TO_POINTER ((int) n + step));
}

/* The one handle of a price or a meter that no other may have (guide §2). */
static char *
unique_name (JsonObject *object)
{
  const char *type = rt_practice_json_string (object, "object"), *value = NULL;

  if (g_str_equal (type, "price"))
    value = rt_practice_json_string (object, "lookup_key");
  else if (g_str_equal (type, "billing.meter"))
    value = rt_practice_json_string (object, "event_name");
  return value != NULL ? g_strdup_printf ("%s:%s", type, value) : NULL;
}

static void
unindex (RtPracticeState *self, RtPracticeRow *row)
{
  g_autofree char *name = row->object != NULL ? unique_name (row->object) : NULL;

  /* A lookup key may have moved to another price already. */
  if (name != NULL && g_strcmp0 (g_hash_table_lookup (self->unique, name), row->id) == 0)
    g_hash_table_remove (self->unique, name);
}

static void
row_set (RtPracticeState *self, RtPracticeRow *row, JsonObject *object, gboolean is_new)
{
  const char *type = rt_practice_json_string (object, "object");
  g_autofree char *name = unique_name (object);

  g_clear_pointer (&row->text, g_free);
  g_clear_pointer (&row->object, json_object_unref);
  if (g_str_equal (type, "event"))
    {
      /* Events outnumber all else and never change: as text they take a third of the room. */
      row->kind = g_intern_string (rt_practice_json_string (object, "type"));
      row->text = rt_practice_json_write (object, RT_PRACTICE_JSON_AS_IS);
      return;
    }
  row->object = json_object_ref (object);
  if (name != NULL)
    g_hash_table_insert (self->unique, g_steal_pointer (&name), g_strdup (row->id));
  if (is_new && g_str_equal (type, "price"))
    count_price (self, rt_practice_json_string (object, "product"), 1);
}

static guint64
next_tie (RtPracticeState *self, const char *object)
{
  self->next_tie++;
  if (!self->shuffle || !g_str_equal (object, "event"))
    return self->next_tie << 8;
  /* Anywhere among its second, yet never equal to another: the low byte is free for it. */
  return ((guint64) g_random_int_range (0, (int) (self->next_tie & 0xffffff) + 1) << 8)
         + self->next_tie % 255 + 1;
}

static void
put (RtPracticeState *self, JsonObject *object)
{
  const char *type = rt_practice_json_string (object, "object");
  const char *id = rt_practice_json_string (object, "id");
  RtPracticeRow *row;
  Table *table;
  g_autofree char *name = NULL;

  if (type == NULL || id == NULL)
    return;
  table = get_table (self, type);
  row = g_hash_table_lookup (table->by_id, id);
  if (row != NULL)
    {
      unindex (self, row);
      row_set (self, row, object, FALSE);
      return;
    }
  row = g_new0 (RtPracticeRow, 1);
  row->id = g_strdup (id);
  row->created = rt_practice_json_int (object, "created", 0);
  row->tie = next_tie (self, type);
  row_set (self, row, object, TRUE);
  g_hash_table_insert (table->by_id, row->id, row);
  g_ptr_array_insert (table->order, (int) find_position (table->order, row), row);
  name = g_strdup_printf ("%s:%s", type, id);
  g_hash_table_remove (self->deleted, name);
}

static void delete (RtPracticeState *self, const char *type, const char *id)
{
  Table *table = get_table (self, type);
  RtPracticeRow *row = g_hash_table_lookup (table->by_id, id);

  g_hash_table_add (self->deleted, g_strdup_printf ("%s:%s", type, id));
  if (row == NULL)
    return;
  unindex (self, row);
  g_ptr_array_remove_index (table->order, find_position (table->order, row));
  g_hash_table_remove (table->by_id, row->id);
}

void
rt_practice_state_apply (RtPracticeState *self, JsonObject *change)
{
  JsonArray *puts = rt_practice_json_array (change, "put");
  JsonArray *deletes = rt_practice_json_array (change, "delete");

  for (guint i = 0; puts != NULL && i < json_array_get_length (puts); i++)
    {
      JsonObject *object = rt_json_element (puts, i);

      if (object != NULL)
        put (self, object);
    }
  for (guint i = 0; deletes != NULL && i < json_array_get_length (deletes); i++)
    {
      JsonObject *name = rt_json_element (deletes, i);
      const char *type = name != NULL ? rt_practice_json_string (name, "object") : NULL;
      const char *id = name != NULL ? rt_practice_json_string (name, "id") : NULL;

      if (type != NULL && id != NULL)
        delete (self, type, id);
    }
}

RtPracticeRow *
rt_practice_state_row (RtPracticeState *self, const char *object, const char *id)
{
  return g_hash_table_lookup (get_table (self, object)->by_id, id);
}

JsonObject *
rt_practice_state_get (RtPracticeState *self, const char *object, const char *id)
{
  RtPracticeRow *row = rt_practice_state_row (self, object, id);

  if (row == NULL)
    return NULL;
  if (row->object == NULL)
    row->object = rt_json_parse (row->text, -1, NULL);
  return row->object;
}

gboolean
rt_practice_state_is_deleted (RtPracticeState *self, const char *object, const char *id)
{
  g_autofree char *name = g_strdup_printf ("%s:%s", object, id);

  return g_hash_table_contains (self->deleted, name);
}

JsonObject *
rt_practice_state_find (RtPracticeState *self, const char *object, const char *value)
{
  g_autofree char *name = g_strdup_printf ("%s:%s", object, value);
  const char *id = g_hash_table_lookup (self->unique, name);

  return id != NULL ? rt_practice_state_get (self, object, id) : NULL;
}

guint
rt_practice_state_n_prices (RtPracticeState *self, const char *product)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->n_prices, product));
}

GPtrArray *
rt_practice_state_rows (RtPracticeState *self, const char *object)
{
  return get_table (self, object)->order;
}

guint
rt_practice_state_position (RtPracticeState *self, const char *object, RtPracticeRow *row)
{
  return find_position (get_table (self, object)->order, row);
}

void
rt_practice_state_expire (RtPracticeState *self, gint64 before)
{
  Table *table = get_table (self, "event");
  guint n = 0;

  for (; n < table->order->len; n++)
    {
      RtPracticeRow *row = g_ptr_array_index (table->order, n);

      if (row->created >= before)
        break;
      g_hash_table_remove (table->by_id, row->id);
    }
  if (n > 0)
    g_ptr_array_remove_range (table->order, 0, n);
}

void
rt_practice_state_shuffle (RtPracticeState *self, gboolean shuffle)
{
  self->shuffle = shuffle;
}

JsonObject *
rt_practice_state_counts (RtPracticeState *self)
{
  static const char *const types[]
      = { "product", "price", "billing.meter", "coupon", "customer", "event", NULL };
  JsonObject *counts = json_object_new ();

  for (const char *const *type = types; *type != NULL; type++)
    json_object_set_int_member (counts, *type, get_table (self, *type)->order->len);
  return counts;
}

static gboolean
tell (const char *what, JsonObject *object, RtPracticeStateFunc func, gpointer user_data)
{
  g_autoptr (JsonObject) line = json_object_new ();
  JsonArray *array = json_array_new ();

  json_array_add_object_element (array, json_object_ref (object));
  json_object_set_array_member (line, what, array);
  return func (line, user_data);
}

static gboolean
tell_deleted (const char *name, RtPracticeStateFunc func, gpointer user_data)
{
  g_auto (GStrv) parts = g_strsplit (name, ":", 2);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "object", parts[0]);
  json_object_set_string_member (object, "id", parts[1]);
  return tell ("delete", object, func, user_data);
}

gboolean
rt_practice_state_foreach (RtPracticeState *self, RtPracticeStateFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, &key, &value))
    for (guint i = 0; i < ((Table *) value)->order->len; i++)
      {
        RtPracticeRow *row = g_ptr_array_index (((Table *) value)->order, i);

        if (!tell ("put", rt_practice_state_get (self, key, row->id), func, user_data))
          return FALSE;
      }
  g_hash_table_iter_init (&iter, self->deleted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!tell_deleted (key, func, user_data))
      return FALSE;
  return TRUE;
}

char *
rt_practice_state_random_id (const char *prefix, guint length)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  GString *id = g_string_new (prefix);

  for (guint i = 0; i < length; i++)
    g_string_append_c (id, letters[g_random_int_range (0, sizeof letters - 1)]);
  return g_string_free (id, FALSE);
}
