#pragma once

#include <gtk/gtk.h>

#include "rt-desk-write.h"
#include "rt-list-item.h"

G_BEGIN_DECLS

/**
 * RtArea:
 * @object: as in #RtChange: "customer"
 * @touched: the part of the replica it shows
 * @title: untranslated, as all texts here
 * @rows: which objects a list shows, in order; may be called in any thread
 * @load_item: (nullable result): reads one; may be called in any thread
 * @dup_json: (transfer full) (nullable): its JSON by local id, as it is shown
 * @archive, @restore: (nullable): given the local id of one of them; called in a thread
 * @form_new: (nullable result): a form for one of them, or with a %NULL id for a new one; %NULL if
 *   it has gone or cannot be read
 *
 * All that one kind of object adds to list page, form and outbox. A new kind is one row in
 * rt-area.c.
 */
typedef struct
{
  const char *object;
  RtStoreChanged touched;
  const char *icon_name;
  const char *title;
  const char *new_label;
  const char *search_label;
  const char *none_title;
  const char *none_text;
  const char *none_archived;
  GArray *(*rows) (RtStore *store, const RtFilter *filter, GError **error);
  RtListItem *(*load_item) (RtStore *store, gint64 row);
  JsonObject *(*dup_json) (RtStore *store, const char *id);
  RtDeskWrite archive;
  RtDeskWrite restore;
  GtkWidget *(*form_new) (RtDesk *desk, const char *id);
} RtArea;

/**
 * rt_area_find:
 *
 * Returns: (transfer none): the area of an object
 */
const RtArea *rt_area_find (const char *object);

G_END_DECLS
