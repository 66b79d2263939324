#include "rt-id-list.h"

#include "rt-task.h"

/* Fills the tallest screen. */
#define FIRST_SCREEN 64

struct _RtIdList
{
  GObject parent_instance;

  RtStore *store; /* (owned) */
  const RtArea *area;
  GArray *rows;      /* (owned) of gint64 */
  GHashTable *items; /* (owned) row → #RtListItem, weak: those that someone holds */
  RtFilter filter;
  char *search;  /* (owned) (nullable): of the filter */
  char *problem; /* (owned) (nullable): why the last reading failed */
  gboolean is_loading;
  gboolean is_stale; /* what is being loaded is not what is wanted any more */
};

static void rt_id_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RtIdList, rt_id_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, rt_id_list_model_init))

static guint loaded_signal;

/* One reading in a thread. */
typedef struct
{
  RtStore *store; /* (owned) */
  const RtArea *area;
  RtFilter filter;
  char *search;     /* (owned) (nullable) */
  GArray *held;     /* (owned) of gint64: rows whose items are in use */
  GArray *rows;     /* (owned) (nullable): the result */
  GError *error;    /* (owned) (nullable): why there is none */
  GPtrArray *items; /* (owned): newer items for @held */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->store);
  g_free (load->search);
  g_array_unref (load->held);
  g_clear_pointer (&load->rows, g_array_unref);
  g_clear_error (&load->error);
  g_ptr_array_unref (load->items);
  g_free (load);
}

static void
item_gone_cb (gpointer user_data, GObject *item)
{
  RtIdList *self = user_data;
  gint64 row = rt_list_item_get_row ((RtListItem *) item);

  g_hash_table_remove (self->items, &row);
}

static RtListItem *
make_item (RtIdList *self, gint64 row)
{
  RtListItem *item = self->area->load_item (self->store, row);

  if (item == NULL)
    item = rt_list_item_new_gone (row);
  g_hash_table_insert (self->items, g_memdup2 (&row, sizeof row), item);
  g_object_weak_ref (G_OBJECT (item), item_gone_cb, self);
  return item;
}

static gpointer
rt_id_list_get_item (GListModel *model, guint position)
{
  RtIdList *self = RT_ID_LIST (model);
  RtListItem *item;
  gint64 row;

  if (position >= self->rows->len)
    return NULL;
  row = g_array_index (self->rows, gint64, position);
  item = g_hash_table_lookup (self->items, &row);
  return item != NULL ? g_object_ref (item) : make_item (self, row);
}

static guint
rt_id_list_get_n_items (GListModel *model)
{
  return RT_ID_LIST (model)->rows->len;
}

static GType
rt_id_list_get_item_type (GListModel *model)
{
  return RT_TYPE_LIST_ITEM;
}

static void
rt_id_list_model_init (GListModelInterface *iface)
{
  iface->get_item = rt_id_list_get_item;
  iface->get_n_items = rt_id_list_get_n_items;
  iface->get_item_type = rt_id_list_get_item_type;
}

static void
replace_rows (RtIdList *self, GArray *rows)
{
  const gint64 *old = (const gint64 *) self->rows->data;
  const gint64 *new = (const gint64 *) rows->data;
  guint n_old = self->rows->len, n_new = rows->len;
  guint n_head = 0, n_tail = 0;
  const guint n_least = MIN (n_old, n_new);

  while (n_head < n_least && old[n_head] == new[n_head])
    n_head++;
  while (n_tail < n_least - n_head && old[n_old - n_tail - 1] == new[n_new - n_tail - 1])
    n_tail++;
  g_array_unref (self->rows);
  self->rows = g_array_ref (rows);
  if (n_head + n_tail < MAX (n_old, n_new))
    g_list_model_items_changed (G_LIST_MODEL (self), n_head, n_old - n_head - n_tail,
                                n_new - n_head - n_tail);
}

static void
refresh_items (RtIdList *self, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      RtListItem *newer = g_ptr_array_index (items, i);
      gint64 row = rt_list_item_get_row (newer);
      RtListItem *item = g_hash_table_lookup (self->items, &row);

      if (item != NULL)
        rt_list_item_become (item, newer);
    }
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Load *load = task_data;

  load->filter.search = load->search;
  load->rows = load->area->rows (load->store, &load->filter, &load->error);
  for (guint i = 0; i < load->held->len; i++)
    {
      RtListItem *item = load->area->load_item (load->store, g_array_index (load->held, gint64, i));

      if (item != NULL)
        g_ptr_array_add (load->items, item);
    }
  g_task_return_boolean (task, TRUE);
}

static void
set_problem (RtIdList *self, const GError *error)
{
  g_free (self->problem);
  self->problem = error != NULL ? g_strdup (error->message) : NULL;
}

static void rt_id_list_load (RtIdList *self);

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtIdList *self = RT_ID_LIST (source);
  Load *load = g_task_get_task_data (G_TASK (result));

  self->is_loading = FALSE;
  if (self->is_stale)
    {
      rt_id_list_load (self);
      return;
    }
  refresh_items (self, load->items);
  set_problem (self, load->error);
  if (load->rows != NULL)
    replace_rows (self, load->rows);
  g_signal_emit (self, loaded_signal, 0);
}

static void
rt_id_list_load (RtIdList *self)
{
  g_autoptr (GTask) task = NULL;
  GHashTableIter iter;
  gpointer row;
  Load *load;

  self->is_stale = self->is_loading;
  if (self->is_loading)
    return;
  self->is_loading = TRUE;
  load = g_new0 (Load, 1);
  load->store = g_object_ref (self->store);
  load->area = self->area;
  load->filter = self->filter;
  load->search = g_strdup (self->search);
  load->items = g_ptr_array_new_with_free_func (g_object_unref);
  load->held = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    g_array_append_vals (load->held, row, 1);
  task = rt_task_new (self, NULL, load, load_free, loaded_cb);
  g_task_run_in_thread (task, load_thread);
}

static void
store_changed_cb (RtIdList *self, guint what)
{
  if ((what & self->area->touched) != 0)
    rt_id_list_load (self);
}

static void
rt_id_list_finalize (GObject *object)
{
  RtIdList *self = RT_ID_LIST (object);
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    g_object_weak_unref (item, item_gone_cb, self);
  g_hash_table_unref (self->items);
  g_array_unref (self->rows);
  g_clear_object (&self->store);
  g_free (self->search);
  g_free (self->problem);
  G_OBJECT_CLASS (rt_id_list_parent_class)->finalize (object);
}

static void
rt_id_list_class_init (RtIdListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_id_list_finalize;
  loaded_signal = g_signal_new ("loaded", RT_TYPE_ID_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
rt_id_list_init (RtIdList *self)
{
  self->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

RtIdList *
rt_id_list_new (RtStore *store, const RtArea *area)
{
  RtIdList *self = g_object_new (RT_TYPE_ID_LIST, NULL);
  const RtFilter first = { .limit = FIRST_SCREEN };
  g_autoptr (GError) error = NULL;

  self->store = g_object_ref (store);
  self->area = area;
  self->rows = area->rows (store, &first, &error);
  set_problem (self, error);
  if (self->rows == NULL)
    self->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (self->rows->len == FIRST_SCREEN)
    rt_id_list_load (self);
  return self;
}

void
rt_id_list_set_filter (RtIdList *self, const RtFilter *filter)
{
  g_free (self->search);
  self->search = g_strdup (filter->search);
  self->filter = *filter;
  self->filter.search = NULL;
  self->filter.limit = 0;
  self->filter.offset = 0;
  rt_id_list_load (self);
}

const char *
rt_id_list_get_problem (RtIdList *self)
{
  return self->problem;
}
