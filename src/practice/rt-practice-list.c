#include "rt-practice-list.h"

#include "rt-practice-error.h"
#include "rt-practice-expand.h"
#include "rt-practice-json.h"

#define DEFAULT_LIMIT 10
#define MAX_LIMIT 100

static gboolean
was_created_in_range (RtPracticeCall *call, gint64 created)
{
  JsonObject *range = rt_practice_json_object (call->params, "created");

  if (range == NULL)
    return created == rt_practice_json_int (call->params, "created", created);
  return created > rt_practice_json_int (range, "gt", G_MININT64)
         && created >= rt_practice_json_int (range, "gte", G_MININT64)
         && created < rt_practice_json_int (range, "lt", G_MAXINT64)
         && created <= rt_practice_json_int (range, "lte", G_MAXINT64);
}

static gboolean
check (RtPracticeCall *call, gint64 limit, GError **error)
{
  if (limit < 1 || limit > MAX_LIMIT)
    rt_practice_refuse (error, 400, "parameter_invalid_integer", "limit",
                        "Invalid limit: must be between 1 and %d", MAX_LIMIT);
  else if (json_object_has_member (call->params, "starting_after")
           && json_object_has_member (call->params, "ending_before"))
    rt_practice_refuse (error, 400, "parameters_exclusive", "ending_before",
                        "You may only specify one of these parameters: ending_before, "
                        "starting_after.");
  else
    return TRUE;
  return FALSE;
}

/* A cursor that is not there is a wrong parameter; an event that is gone answers as guide §3 says.
 */
static gboolean
check_cursor (RtPracticeCall *call, const char *object, const char *id, const char *param,
              GError **error)
{
  g_autoptr (GError) refusal = NULL;

  if (rt_practice_call_get (call, object, id, param, &refusal) != NULL)
    return TRUE;
  if (g_str_equal (object, "event"))
    refusal->code = 404;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

/* Where the page begins: @start is the index of its first row, @step leads towards its others. */
static gboolean
find_start (RtPracticeCall *call, const char *object, gint64 *start, int *step, GError **error)
{
  const char *after = rt_practice_json_string (call->params, "starting_after");
  const char *before = rt_practice_json_string (call->params, "ending_before");
  const char *cursor = after != NULL ? after : before;
  RtPracticeRow *row;

  *step = before != NULL ? 1 : -1;
  *start = (gint64) rt_practice_state_rows (call->state, object)->len - 1;
  if (cursor == NULL)
    return TRUE;
  if (call->fault->list == RT_PRACTICE_FAULT_STUCK_LISTS)
    {
      *step = -1;
      return TRUE;
    }
  if (!check_cursor (call, object, cursor, after != NULL ? "starting_after" : "ending_before",
                     error))
    return FALSE;
  row = rt_practice_state_row (call->state, object, cursor);
  *start = (gint64) rt_practice_state_position (call->state, object, row) + *step;
  return TRUE;
}

/* Up to @most rows in the order of the walk. */
static GPtrArray *
collect (RtPracticeCall *call, const char *object, gint64 at, int step, guint most,
         RtPracticeFilter filter)
{
  GPtrArray *rows = rt_practice_state_rows (call->state, object);
  GPtrArray *page = g_ptr_array_new ();

  for (; at >= 0 && at < rows->len && page->len < most; at += step)
    {
      RtPracticeRow *row = g_ptr_array_index (rows, (guint) at);

      if (row->visible_at <= call->now && was_created_in_range (call, row->created)
          && (filter == NULL || filter (call, row)))
        g_ptr_array_add (page, row);
    }
  return page;
}

static void
spoil (RtPracticeFaultKind fault, GPtrArray *page, gboolean *has_more)
{
  if (fault == RT_PRACTICE_FAULT_EMPTY_LISTS)
    g_ptr_array_set_size (page, 0);
  if (fault != RT_PRACTICE_FAULT_NONE)
    *has_more = fault == RT_PRACTICE_FAULT_STUCK_LISTS;
}

char *
rt_practice_list (RtPracticeCall *call, const char *object, const char *url,
                  RtPracticeFilter filter, GError **error)
{
  gint64 limit = rt_practice_json_int (call->params, "limit", DEFAULT_LIMIT), start;
  g_autoptr (GPtrArray) page = NULL;
  GString *out;
  gboolean has_more;
  int step;

  if (!check (call, limit, error) || !find_start (call, object, &start, &step, error))
    return NULL;
  /* One row more than asked for tells whether there are more. */
  page = collect (call, object, start, step, (guint) limit + 1, filter);
  has_more = page->len > limit;
  spoil (call->fault->list, page, &has_more);
  g_ptr_array_set_size (page, MIN ((int) page->len, (int) limit));
  out = g_string_new ("{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < page->len; i++)
    {
      guint index = step > 0 ? page->len - 1 - i : i;

      if (i > 0)
        g_string_append_c (out, ',');
      rt_practice_expand_row (call, g_ptr_array_index (page, index), out);
    }
  g_string_append_printf (out, "],\"has_more\":%s,\"url\":\"%s\"}", has_more ? "true" : "false",
                          url);
  return g_string_free (out, FALSE);
}
