#include "rt-list-item.h"

#include <glib/gi18n-lib.h>

struct _RtListItem
{
  GObject parent_instance;

  gint64 row;
  char *id;
  char *title;
  char *subtitle;
  RtState state;
  gboolean is_outside;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_PILL,
  PROP_PILL_CLASSES,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtListItem, rt_list_item, G_TYPE_OBJECT)

static const char *
get_pill (RtListItem *self)
{
  if (self->state != RT_STATE_SYNCED && !(self->is_outside && self->state == RT_STATE_ARCHIVED))
    return rt_term_to_label (RT_TERM_STATE, (int) self->state);
  return self->is_outside ? _ ("Made outside Retainer") : NULL;
}

static const char *const *
get_pill_classes (RtListItem *self)
{
  static const char *const none[] = { NULL };
  static const char *const quiet[] = { "pill-label", NULL };
  static const char *const busy[] = { "pill-label", "accent", NULL };
  static const char *const bad[] = { "pill-label", "error", NULL };

  switch (self->state)
    {
    case RT_STATE_QUEUED:
    case RT_STATE_SENDING:
      return busy;
    case RT_STATE_REJECTED:
    case RT_STATE_CONFLICT:
      return bad;
    default:
      return get_pill (self) != NULL ? quiet : none;
    }
}

static void
rt_list_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtListItem *self = RT_LIST_ITEM (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;
    case PROP_PILL:
      g_value_set_string (value, get_pill (self));
      break;
    case PROP_PILL_CLASSES:
      g_value_set_boxed (value, get_pill_classes (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_list_item_finalize (GObject *object)
{
  RtListItem *self = RT_LIST_ITEM (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->subtitle);
  G_OBJECT_CLASS (rt_list_item_parent_class)->finalize (object);
}

static void
rt_list_item_class_init (RtListItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rt_list_item_get_property;
  object_class->finalize = rt_list_item_finalize;
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  props[PROP_PILL] = g_param_spec_string ("pill", NULL, NULL, NULL, flags);
  props[PROP_PILL_CLASSES] = g_param_spec_boxed ("pill-classes", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rt_list_item_init (RtListItem *self)
{
}

RtListItem *
rt_list_item_new (gint64 row, const char *id, const char *title, const char *subtitle,
                  RtState state, gboolean is_outside)
{
  RtListItem *self = g_object_new (RT_TYPE_LIST_ITEM, NULL);

  self->row = row;
  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->subtitle = g_strdup (subtitle);
  self->state = state;
  self->is_outside = is_outside;
  return self;
}

RtListItem *
rt_list_item_new_gone (gint64 row)
{
  return rt_list_item_new (row, "", "", "", RT_STATE_SYNCED, FALSE);
}

void
rt_list_item_become (RtListItem *self, RtListItem *other)
{
  if (g_strcmp0 (self->id, other->id) == 0 && g_strcmp0 (self->title, other->title) == 0
      && g_strcmp0 (self->subtitle, other->subtitle) == 0 && self->state == other->state
      && self->is_outside == other->is_outside)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->subtitle);
  /* When the replica is rebuilt, rows are numbered anew: the same row may be another object. */
  self->id = g_strdup (other->id);
  self->title = g_strdup (other->title);
  self->subtitle = g_strdup (other->subtitle);
  self->state = other->state;
  self->is_outside = other->is_outside;
  for (guint i = PROP_ID; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), props[i]);
}

gint64
rt_list_item_get_row (RtListItem *self)
{
  return self->row;
}

const char *
rt_list_item_get_id (RtListItem *self)
{
  return self->id;
}
