#include "rt-practice-keys.h"

#include "rt-practice-json.h"

#define RETENTION (G_GINT64_CONSTANT (24) * 60 * 60)

struct _RtPracticeKeys
{
  GHashTable *records;  /* (owned) key → (owned) record */
  GHashTable *running;  /* (owned) set of keys */
  GHashTable *n_by_key; /* (owned) key → executions */
};

RtPracticeKeys *
rt_practice_keys_new (void)
{
  RtPracticeKeys *self = g_new0 (RtPracticeKeys, 1);

  self->records
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->n_by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
rt_practice_keys_free (RtPracticeKeys *self)
{
  g_hash_table_unref (self->records);
  g_hash_table_unref (self->running);
  g_hash_table_unref (self->n_by_key);
  g_free (self);
}

char *
rt_practice_keys_fingerprint (const char *method, const char *path, JsonObject *tree)
{
  g_autofree char *params = rt_practice_json_write (tree, RT_PRACTICE_JSON_SORTED);
  g_autofree char *text = g_strdup_printf ("%s %s\n%s", method, path, params);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

gboolean
rt_practice_keys_begin (RtPracticeKeys *self, const char *key)
{
  return g_hash_table_add (self->running, g_strdup (key));
}

void
rt_practice_keys_end (RtPracticeKeys *self, const char *key)
{
  g_hash_table_remove (self->running, key);
}

gboolean
rt_practice_keys_is_running (RtPracticeKeys *self, const char *key)
{
  return g_hash_table_contains (self->running, key);
}

JsonObject *
rt_practice_keys_record (const char *key, const char *fingerprint, guint status, const char *body,
                         gint64 now)
{
  JsonObject *record = json_object_new ();

  json_object_set_string_member (record, "key", key);
  json_object_set_string_member (record, "fingerprint", fingerprint);
  json_object_set_int_member (record, "status", status);
  json_object_set_string_member (record, "body", body);
  json_object_set_int_member (record, "at", now);
  return record;
}

void
rt_practice_keys_store (RtPracticeKeys *self, JsonObject *record)
{
  const char *key = rt_practice_json_string (record, "key");
  guint n;

  if (key == NULL || rt_practice_json_string (record, "body") == NULL
      || rt_practice_json_string (record, "fingerprint") == NULL)
    return;
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->n_by_key, key));
  g_hash_table_insert (self->n_by_key, g_strdup (key), GUINT_TO_POINTER (n + 1));
  g_hash_table_insert (self->records, g_strdup (key), json_object_ref (record));
}

static gboolean
is_live (JsonObject *record, gint64 now)
{
  return now - rt_practice_json_int (record, "at", 0) < RETENTION;
}

JsonObject *
rt_practice_keys_find (RtPracticeKeys *self, const char *key, gint64 now)
{
  JsonObject *record = g_hash_table_lookup (self->records, key);

  if (record == NULL || is_live (record, now))
    return record;
  g_hash_table_remove (self->records, key);
  return NULL;
}

JsonObject *
rt_practice_keys_counts (RtPracticeKeys *self)
{
  JsonObject *counts = json_object_new ();
  GHashTableIter iter;
  gpointer key, n;

  g_hash_table_iter_init (&iter, self->n_by_key);
  while (g_hash_table_iter_next (&iter, &key, &n))
    json_object_set_int_member (counts, key, GPOINTER_TO_UINT (n));
  return counts;
}

GPtrArray *
rt_practice_keys_live (RtPracticeKeys *self, gint64 now)
{
  GPtrArray *live = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer record;

  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, &record))
    if (is_live (record, now))
      g_ptr_array_add (live, record);
  return live;
}
