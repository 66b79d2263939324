#include "rt-log.h"

#include <glib/gi18n-lib.h>

#include "rt-change.h"
#include "rt-json.h"
#include "rt-store-private.h"

#define LOG_COLUMNS "row, at, event, change_id, action, object, object_id, name, request_id, detail"

enum
{
  LOG_ROW,
  LOG_AT,
  LOG_EVENT,
  LOG_CHANGE_ID,
  LOG_ACTION,
  LOG_OBJECT,
  LOG_OBJECT_ID,
  LOG_NAME,
  LOG_REQUEST_ID,
  LOG_DETAIL,
};

gboolean
rt_log_add (RtStore *store, const RtLogEntry *entry, GError **error)
{
  return rt_db_run (rt_store_get_writer (store), error,
                    "INSERT INTO log (at, event, change_id, action, object, object_id, name,"
                    " request_id, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    "issssssss", rt_clock_now (rt_store_get_clock (store)), entry->event,
                    entry->change_id, entry->action, entry->object, entry->object_id, entry->name,
                    entry->request_id, entry->detail);
}

void
rt_log_note (RtStore *store, const char *event, const char *object, guint number)
{
  g_autofree char *detail = g_strdup_printf ("%u", number);

  if (rt_store_begin (store, NULL))
    rt_store_end (store,
                  rt_log_add (store,
                              &(RtLogEntry){ .event = event, .object = object, .detail = detail },
                              NULL),
                  NULL);
}

static void
entry_free (gpointer data)
{
  RtLogEntry *entry = data;

  g_free ((char *) entry->event);
  g_free ((char *) entry->change_id);
  g_free ((char *) entry->action);
  g_free ((char *) entry->object);
  g_free ((char *) entry->object_id);
  g_free ((char *) entry->name);
  g_free ((char *) entry->request_id);
  g_free ((char *) entry->detail);
  g_free (entry);
}

static RtLogEntry *
entry_from_row (sqlite3_stmt *row)
{
  RtLogEntry *entry = g_new0 (RtLogEntry, 1);

  entry->row = sqlite3_column_int64 (row, LOG_ROW);
  entry->at = sqlite3_column_int64 (row, LOG_AT);
  entry->event = g_strdup (rt_db_text (row, LOG_EVENT));
  entry->change_id = g_strdup (rt_db_text (row, LOG_CHANGE_ID));
  entry->action = g_strdup (rt_db_text (row, LOG_ACTION));
  entry->object = g_strdup (rt_db_text (row, LOG_OBJECT));
  entry->object_id = g_strdup (rt_db_text (row, LOG_OBJECT_ID));
  entry->name = g_strdup (rt_db_text (row, LOG_NAME));
  entry->request_id = g_strdup (rt_db_text (row, LOG_REQUEST_ID));
  entry->detail = g_strdup (rt_db_text (row, LOG_DETAIL));
  return entry;
}

GPtrArray *
rt_log_list (RtStore *store, guint limit, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  RtDb *db = rt_store_read (store);
  GError *local_error = NULL;
  sqlite3_stmt *statement
      = rt_db_query (db, &local_error, "SELECT " LOG_COLUMNS " FROM log ORDER BY row DESC LIMIT ?1",
                     "i", limit > 0 ? (gint64) limit : (gint64) -1);

  while (statement != NULL && rt_db_next (db, statement, &local_error))
    g_ptr_array_add (entries, entry_from_row (statement));
  rt_store_unread (store, db);
  if (local_error == NULL)
    return g_steal_pointer (&entries);
  g_propagate_error (error, local_error);
  return NULL;
}

/* Why everything is read. */
static const struct
{
  const char *nick;
  const char *sentence;
} reasons[] = {
  { "asked", N_ ("Everything is being read anew, as you asked.") },
  { "first", N_ ("Everything is being read for the first time.") },
  { "gap", N_ ("The last sync was too long ago for Stripe’s record of changes: everything is being "
               "read anew.") },
  { "hole", N_ ("Stripe’s record of changes has a gap: everything is being read anew.") },
  { "repaired", N_ ("The replica was made anew: everything is being read again.") },
  { "no-events", N_ ("The key may not read Stripe’s record of changes: everything is being read "
                     "each time. Give it the permission to read events.") },
};

const char *
rt_log_reason (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reasons[i].nick, nick) == 0)
      return _ (reasons[i].sentence);
  return nick;
}

/* What happened to a change; @title says which. */
static char *
dup_change_sentence (const RtLogEntry *entry, const char *title)
{
  const char *event = entry->event;

  if (g_str_equal (event, "done"))
    return g_strdup_printf (_ ("Done: %s"), title);
  if (g_str_equal (event, "refused"))
    return g_strdup_printf (_ ("Refused: %s (%s)"), title, entry->detail);
  if (g_str_equal (event, "conflict"))
    return g_strdup_printf (_ ("Conflict: %s (%s)"), title, entry->detail);
  if (g_str_equal (event, "resolved"))
    return g_strdup_printf (_ ("Conflict resolved: %s (%s)"), title, entry->detail);
  if (g_str_equal (event, "discarded"))
    return g_strdup_printf (_ ("Discarded: %s"), title);
  if (g_str_equal (event, "expired"))
    return g_strdup_printf (_ ("Waited too long and was not sent: %s"), title);
  if (g_str_equal (event, "retried"))
    return g_strdup_printf (_ ("To be tried again: %s"), title);
  return g_strdup (title);
}

static char *
dup_replica_sentence (const RtLogEntry *entry)
{
  const char *event = entry->event;
  guint number = entry->detail != NULL ? (guint) g_ascii_strtoull (entry->detail, NULL, 10) : 0;

  if (g_str_equal (event, "relist"))
    return g_strdup (rt_log_reason (entry->detail));
  if (g_str_equal (event, "short-list"))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "A list of Stripe left out %u object; it was asked for",
                                         "A list of Stripe left out %u objects; each was asked for",
                                         number),
                            number);
  if (g_str_equal (event, "rebuilt"))
    return g_strdup (_ ("The replica was made anew; drafts and outbox were kept"));
  if (g_str_equal (event, "salvaged"))
    return g_strdup (_ ("The replica was damaged; what could be read of it was kept"));
  if (g_str_equal (event, "restored"))
    return g_strdup_printf (_ ("Drafts and outbox were restored from the backup of %s"),
                            entry->detail);
  if (g_str_equal (event, "verified"))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "The replica was compared with Stripe: %u difference",
                                         "The replica was compared with Stripe: %u differences",
                                         number),
                            number);
  return g_strdup (event);
}

char *
rt_log_dup_sentence (const RtLogEntry *entry)
{
  g_autofree char *title = NULL;

  if (entry->change_id == NULL)
    return dup_replica_sentence (entry);
  title = rt_change_dup_title_of (entry->object, entry->action, entry->name);
  return dup_change_sentence (entry, title);
}

JsonObject *
rt_log_to_json (const RtLogEntry *entry)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (entry->at / G_USEC_PER_SEC);
  g_autofree char *at_text = g_date_time_format_iso8601 (at);
  g_autofree char *sentence = rt_log_dup_sentence (entry);

  json_object_set_string_member (object, "at", at_text);
  json_object_set_string_member (object, "event", entry->event);
  json_object_set_string_member (object, "sentence", sentence);
  rt_json_set_string (object, "change", entry->change_id);
  rt_json_set_string (object, "object", entry->object);
  rt_json_set_string (object, "object_id", entry->object_id);
  rt_json_set_string (object, "name", entry->name);
  rt_json_set_string (object, "request_id", entry->request_id);
  rt_json_set_string (object, "detail", entry->detail);
  return object;
}

gboolean
rt_log_forget (RtStore *store, gint64 before, GError **error)
{
  return rt_db_run (rt_store_get_writer (store), error, "DELETE FROM log WHERE at < ?1", "i",
                    before);
}
