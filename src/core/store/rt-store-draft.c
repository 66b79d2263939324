#include "rt-store-private.h"

gboolean
rt_store_keep_draft (RtStore *self, const char *form, const char *object_id, const char *texts,
                     GError **error)
{
  const char *id = object_id != NULL ? object_id : "";
  gboolean is_kept;

  if (!rt_store_begin (self, error))
    return FALSE;
  if (texts != NULL)
    is_kept = rt_db_run (rt_store_get_writer (self), error,
                         "INSERT INTO draft (form, object_id, texts) VALUES (?1, ?2, ?3)"
                         " ON CONFLICT (form, object_id) DO UPDATE SET texts = excluded.texts",
                         "sss", form, id, texts);
  else
    is_kept = rt_db_run (rt_store_get_writer (self), error,
                         "DELETE FROM draft WHERE form = ?1 AND object_id = ?2", "ss", form, id);
  return rt_store_end (self, is_kept, error);
}

RtDraft *
rt_store_dup_draft (RtStore *self, const char *form, const char *object_id, RtNumberStyle style)
{
  RtDb *db = rt_store_read (self);
  sqlite3_stmt *statement
      = rt_db_query (db, NULL, "SELECT texts FROM draft WHERE form = ?1 AND object_id = ?2", "ss",
                     form, object_id != NULL ? object_id : "");
  RtDraft *draft = NULL;

  if (statement != NULL && rt_db_next (db, statement, NULL))
    draft = rt_draft_from_json (rt_db_text (statement, 0), style);
  rt_db_end (statement);
  rt_store_unread (self, db);
  return draft;
}
