#include "rt-practice-expand.h"

#include <string.h>

#include "rt-practice-error.h"
#include "rt-practice-json.h"

#define MAX_LEVELS 4

typedef struct
{
  const char *object;
  const char *member;
  const char *target; /* (nullable) type that the member refers to; NULL: hidden unless expanded */
} Expandable;

static const Expandable expandables[] = {
  { "product", "default_price", "price" },
  { "price", "product", "product" },
  { "price", "tiers", NULL },
  { "price", "currency_options", NULL },
  { "coupon", "applies_to", NULL },
  { "coupon", "currency_options", NULL },
};

static const Expandable *
find_expandable (const char *object, const char *member)
{
  for (gsize i = 0; i < G_N_ELEMENTS (expandables); i++)
    if (g_str_equal (expandables[i].object, object) && g_str_equal (expandables[i].member, member))
      return &expandables[i];
  return NULL;
}

static gboolean
is_path (const char *object, char **parts)
{
  for (; object != NULL && *parts != NULL; parts++)
    {
      const Expandable *found = find_expandable (object, *parts);

      if (found == NULL)
        return FALSE;
      object = found->target;
    }
  return *parts == NULL;
}

static gboolean
check_path (const char *path, const char *object, gboolean is_list, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (path, ".", -1);

  if (g_strv_length (parts) > MAX_LEVELS)
    rt_practice_refuse (error, 400, NULL, "expand",
                        "You cannot expand more than %d levels of a property: %s", MAX_LEVELS,
                        path);
  else if (is_list && g_strcmp0 (parts[0], "data") != 0)
    rt_practice_refuse (error, 400, NULL, "expand",
                        "This property cannot be expanded (%s). You may want to try expanding "
                        "'data.%s' instead.",
                        path, path);
  else if (!is_path (object, parts + (is_list ? 1 : 0)))
    rt_practice_refuse (error, 400, NULL, "expand", "This property cannot be expanded (%s).", path);
  else
    return TRUE;
  return FALSE;
}

gboolean
rt_practice_expand_check (RtPracticeCall *call, const char *object, gboolean is_list,
                          GError **error)
{
  JsonArray *paths = rt_practice_json_array (call->params, "expand");

  for (guint i = 0; paths != NULL && i < json_array_get_length (paths); i++)
    if (!check_path (json_array_get_string_element (paths, i), object, is_list, error))
      return FALSE;
  return TRUE;
}

/* The paths below @member: NULL if it is not to be expanded at all. */
static GPtrArray *
paths_below (GPtrArray *paths, const char *member)
{
  gsize length = strlen (member);
  GPtrArray *below = NULL;

  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);

      if (strncmp (path, member, length) != 0 || (path[length] != '\0' && path[length] != '.'))
        continue;
      if (below == NULL)
        below = g_ptr_array_new ();
      if (path[length] == '.')
        g_ptr_array_add (below, (char *) path + length + 1);
    }
  return below;
}

static JsonObject *render (RtPracticeCall *call, JsonObject *object, GPtrArray *paths);

static void
expand_member (RtPracticeCall *call, JsonObject *shown, const Expandable *expandable,
               GPtrArray *below)
{
  const char *id = rt_practice_json_string (shown, expandable->member);
  JsonObject *target;

  if (id == NULL)
    return;
  target = rt_practice_call_find (call, expandable->target, id);
  json_object_set_object_member (shown, expandable->member,
                                 target != NULL ? render (call, target, below)
                                                : rt_practice_call_stub (expandable->target, id));
}

/* At Stripe the price's own currency is among its options. */
static void
add_own_currency (JsonObject *price)
{
  static const char *const members[] = { "custom_unit_amount", "tax_behavior",        "tiers",
                                         "unit_amount",        "unit_amount_decimal", NULL };
  JsonObject *options = rt_practice_json_object (price, "currency_options");
  JsonObject *own = json_object_new ();

  if (options == NULL)
    {
      options = json_object_new ();
      json_object_set_object_member (price, "currency_options", options);
    }
  for (const char *const *member = members; *member != NULL; member++)
    rt_practice_json_move (own, *member, price);
  json_object_set_object_member (options, rt_practice_json_string (price, "currency"), own);
}

/* A coupon dies by itself: `valid` is what the clock says. */
static void
set_valid (RtPracticeCall *call, JsonObject *coupon)
{
  gint64 redeem_by = rt_practice_json_int (coupon, "redeem_by", G_MAXINT64);

  json_object_set_boolean_member (coupon, "valid", call->now < redeem_by);
}

static JsonObject *
render (RtPracticeCall *call, JsonObject *object, GPtrArray *paths)
{
  JsonObject *shown = rt_practice_json_copy (object);
  const char *type = rt_practice_json_string (object, "object");

  if (json_object_has_member (object, "deleted"))
    return shown;
  if (g_str_equal (type, "coupon"))
    set_valid (call, shown);
  if (g_str_equal (type, "price"))
    add_own_currency (shown);
  for (gsize i = 0; i < G_N_ELEMENTS (expandables); i++)
    if (g_str_equal (expandables[i].object, type))
      {
        GPtrArray *below = paths_below (paths, expandables[i].member);

        if (below != NULL && expandables[i].target != NULL)
          expand_member (call, shown, &expandables[i], below);
        else if (below == NULL && expandables[i].target == NULL
                 && json_object_has_member (shown, expandables[i].member))
          json_object_remove_member (shown, expandables[i].member);
        g_clear_pointer (&below, g_ptr_array_unref);
      }
  return shown;
}

/* The paths that were asked for, without `data.`. */
static GPtrArray *
wanted (RtPracticeCall *call)
{
  JsonArray *array = rt_practice_json_array (call->params, "expand");
  GPtrArray *paths = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *path = json_array_get_string_element (array, i);

      if (!g_str_equal (path, "data"))
        g_ptr_array_add (paths, (char *) path + (g_str_has_prefix (path, "data.") ? 5 : 0));
    }
  return paths;
}

char *
rt_practice_expand_object (RtPracticeCall *call, JsonObject *object)
{
  g_autoptr (GPtrArray) paths = wanted (call);
  g_autoptr (JsonObject) shown = render (call, object, paths);

  return rt_practice_json_write (shown, RT_PRACTICE_JSON_AS_IS);
}

void
rt_practice_expand_row (RtPracticeCall *call, RtPracticeRow *row, GString *out)
{
  g_autofree char *text = NULL;

  if (row->object != NULL
      && (rt_practice_json_array (call->params, "expand") != NULL
          || rt_practice_json_has (row->object, "redeem_by")))
    {
      text = rt_practice_expand_object (call, row->object);
      g_string_append (out, text);
      return;
    }
  /* Lists are read in bulk: the text of an object is made once. */
  if (row->text == NULL)
    row->text = rt_practice_expand_object (call, row->object);
  g_string_append (out, row->text);
}
