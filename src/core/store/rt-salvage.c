#include "rt-salvage.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-json.h"
#include "rt-kind.h"
#include "rt-log.h"
#include "rt-pages.h"
#include "rt-store-private.h"
#include "rt-ulid.h"

#define SCHEMA_COLUMNS 5
#define SCHEMA_NAME 1
#define SCHEMA_ROOT 3

/* Types of the columns: `k` the row id, `s` text, `t` text that only people read, `i` integer,
 * `j` a JSON object, `u` a ULID, `o` an #RtKind; upper case: or null. Tables WITHOUT ROWID must
 * begin with their key. */
typedef struct
{
  const char *name;
  const char *types;
  gboolean has_rows;
  const char *index; /* (nullable): one that has an entry for each row */
} Table;

/* What Stripe cannot give back comes first; a later one may need rows of an earlier one. */
static const Table tables[] = {
  { "setting", "ss", FALSE, NULL },
  { "draft", "ssj", FALSE, NULL },
  { "log", "kisSSSSTST", TRUE, "log_by_time" },
  { "change", "kusoutjsiISTSJsIJ", TRUE, "sqlite_autoindex_change_1" },
  { "request", "kissssjSssiIiiSIS", TRUE, "sqlite_autoindex_request_1" },
  { "identity", "sus", FALSE, NULL },
  { "stripe_object", "ksssSjiii", TRUE, NULL },
};

/* What may be left out, from the end, if views cannot be made of all. */
static const guint n_tables_tried[] = { G_N_ELEMENTS (tables), G_N_ELEMENTS (tables) - 2, 3 };

/* One table on its way from the damaged file into the new one. */
typedef struct
{
  const Table *table;
  RtDb *db;  /* (borrowed) */
  char *sql; /* (owned) */
  guint n_copied;
} Copy;

static gboolean
is_json (const RtValue *value)
{
  g_autoptr (JsonObject) object = rt_json_parse (value->text, value->length, NULL);

  return object != NULL;
}

static gboolean
is_ulid (const RtValue *value)
{
  g_autofree char *text = g_strndup (value->text, (gsize) value->length);

  return rt_ulid_is_valid (text);
}

static gboolean
is_kind (const RtValue *value)
{
  g_autofree char *text = g_strndup (value->text, (gsize) value->length);

  return rt_kind_find (text) != NULL;
}

static gboolean
fits (const RtValue *value, char type)
{
  if (g_ascii_isupper (type) && value->type == 'n')
    return TRUE;
  switch (g_ascii_tolower (type))
    {
    case 'k':
      return value->type == 'n';
    case 'i':
      return value->type == 'i';
    case 'j':
      return value->type == 's' && is_json (value);
    case 'u':
      return value->type == 's' && is_ulid (value);
    case 't':
      return value->type == 's' || value->type == 'b';
    case 'o':
      return value->type == 's' && is_kind (value);
    default:
      return value->type == 's';
    }
}

static void
bind (sqlite3_stmt *statement, int column, const RtValue *value)
{
  if (value->type == 's')
    sqlite3_bind_text (statement, column, value->text, value->length, SQLITE_TRANSIENT);
  else if (value->type == 'b')
    {
      char *text = g_utf8_make_valid (value->text, value->length);

      sqlite3_bind_text (statement, column, text, -1, g_free);
    }
  else if (value->type == 'i')
    sqlite3_bind_int64 (statement, column, value->number);
}

/* Rows of an older file lack the columns that were added since, and may be null. */
static gboolean
is_whole (const RtRow *row, const char *types)
{
  gsize n_types = strlen (types);

  if (row->n_values > n_types)
    return FALSE;
  for (gsize i = row->n_values; i < n_types; i++)
    if (!g_ascii_isupper (types[i]))
      return FALSE;
  return TRUE;
}

/* The CHECKs, keys and references of the new table refuse what else cannot be. */
static gboolean
copy_row_cb (const RtRow *row, gpointer user_data)
{
  Copy *copy = user_data;
  const char *types = copy->table->types;
  sqlite3_stmt *statement;
  gboolean is_copied;

  if (!is_whole (row, types))
    return FALSE;
  for (guint i = 0; i < row->n_values; i++)
    if (!fits (&row->values[i], types[i]))
      return FALSE;
  statement = rt_db_query (copy->db, NULL, copy->sql, "");
  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < row->n_values; i++)
    bind (statement, (int) i + 1, &row->values[i]);
  if (*types == 'k')
    sqlite3_bind_int64 (statement, 1, row->row);
  is_copied = sqlite3_step (statement) == SQLITE_DONE && rt_db_n_changes (copy->db) == 1;
  rt_db_end (statement);
  copy->n_copied += is_copied ? 1 : 0;
  return is_copied;
}

typedef struct
{
  const char *name;
  guint32 root;
} Root;

static gboolean
find_root_cb (const RtRow *row, gpointer user_data)
{
  Root *root = user_data;
  const RtValue *name = &row->values[SCHEMA_NAME];
  const RtValue *page = &row->values[SCHEMA_ROOT];

  if (row->n_values == SCHEMA_COLUMNS && name->type == 's' && page->type == 'i'
      && name->length == (int) strlen (root->name)
      && memcmp (name->text, root->name, strlen (root->name)) == 0)
    root->root = (guint32) CLAMP (page->number, 0, G_MAXINT32);
  return TRUE;
}

static gboolean
count_cb (const RtRow *row, gpointer user_data)
{
  guint *n_rows = user_data;

  (*n_rows)++;
  return TRUE;
}

/* A page that says it has fewer rows than it had is whole to a walk: an index knows better. */
static gboolean
is_short (RtPages *pages, const Table *table, guint n_copied)
{
  Root root = { table->index, 0 };
  guint n_rows = 0;

  if (table->index == NULL)
    return FALSE;
  rt_pages_walk (pages, 1, TRUE, find_root_cb, &root);
  rt_pages_walk (pages, root.root, FALSE, count_cb, &n_rows);
  return n_rows > n_copied;
}

/* Along the tree if that is whole, else from every page that looks like one of this table; returns
 * whether nothing is missing. */
static gboolean
copy_table (RtDb *db, RtPages *pages, const Table *table)
{
  guint n_columns = (guint) strlen (table->types);
  g_autoptr (GString) sql = g_string_new (NULL);
  Root root = { table->name, 0 };
  Copy copy = { table, db, NULL, 0 };

  g_string_printf (sql, "INSERT OR IGNORE INTO %s VALUES (?1", table->name);
  for (guint i = 2; i <= n_columns; i++)
    g_string_append_printf (sql, ", ?%u", i);
  g_string_append_c (sql, ')');
  copy.sql = sql->str;
  rt_pages_walk (pages, 1, TRUE, find_root_cb, &root);
  if (rt_pages_walk (pages, root.root, table->has_rows, copy_row_cb, &copy)
      && !is_short (pages, table, copy.n_copied))
    return TRUE;
  rt_pages_scan (pages, table->has_rows, copy_row_cb, &copy);
  return FALSE;
}

/* What a change waits for follows from the queue: the open change of the same object before it. */
static gboolean
restore_needs (RtDb *db, GError **error)
{
  return rt_db_run (db, error,
                    "INSERT INTO change_need (seq, needs) SELECT c.seq, max(p.seq)"
                    " FROM change c JOIN change p ON p.object = c.object"
                    " AND p.object_id = c.object_id AND p.seq < c.seq"
                    " WHERE c.state <> 'done' AND p.state <> 'done' GROUP BY c.seq",
                    "");
}

/* A change without the requests it had is never done, nor sent half: a person looks (TRAPS D7). */
static gboolean
refuse_half (RtDb *db, gboolean has_lost_requests, GError **error)
{
  return rt_db_run (db, error,
                    "UPDATE change SET state = 'rejected', error_code = 'salvaged',"
                    " error_message = ?2 WHERE state = 'sending' AND (?1 OR NOT EXISTS (SELECT 1"
                    " FROM request r WHERE r.seq = change.seq AND r.state <> 'done'))",
                    "bs", has_lost_requests,
                    _ ("The replica was damaged while this was being sent. Look at Stripe whether "
                       "it was done, then retry or discard."))
         /* Planned anew by a retry, after Stripe was read; a discard is not refused for them. */
         && rt_db_run (db, error,
                       "UPDATE request SET state = 'failed' WHERE state IN ('sending', 'unknown')"
                       " AND seq IN (SELECT seq FROM change WHERE error_code = 'salvaged')",
                       "");
}

static gboolean
fill (RtStore *store, RtPages *pages, guint n_tables, RtSalvageLoss *loss, GError **error)
{
  RtDb *db = rt_store_get_writer (store);
  gboolean has_lost_requests = FALSE;

  *loss = 0;
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      const char *name = tables[i].name;

      if (i < n_tables && copy_table (db, pages, &tables[i]))
        continue;
      has_lost_requests |= g_str_equal (name, "request");
      *loss |= g_str_equal (name, "draft") ? RT_SALVAGE_LOST_DRAFTS : 0;
      *loss |= g_str_equal (name, "change") ? RT_SALVAGE_LOST_CHANGES : 0;
    }
  /* Older than anything Stripe will say, and in no list: the pull decides what is still there. */
  return rt_db_run (db, error, "UPDATE stripe_object SET asked_at = 0, listing = 0", "")
         && restore_needs (db, error) && refuse_half (db, has_lost_requests, error)
         && rt_store_set_setting (store, "pull-first", "yes", error)
         && rt_log_add (store, &(RtLogEntry){ .event = "salvaged" }, error)
         && rt_kind_refresh_all (store, error);
}

gboolean
rt_salvage (RtStore *store, const char *path, RtSalvageLoss *loss, GError **error)
{
  g_autoptr (RtPages) pages = rt_pages_open (path);
  GError *reason = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (n_tables_tried); i++)
    {
      gboolean is_filled;

      g_clear_error (&reason);
      if (!rt_store_begin (store, error))
        return FALSE;
      is_filled = fill (store, pages, pages != NULL ? n_tables_tried[i] : 0, loss, &reason);
      if (rt_store_end (store, is_filled, is_filled ? &reason : NULL))
        return TRUE;
    }
  g_propagate_error (error, reason);
  return FALSE;
}
