#include "rt-conflict-page.h"

#include <glib/gi18n-lib.h>

#include "rt-area.h"
#include "rt-bar.h"
#include "rt-conflict-row.h"
#include "rt-conflict.h"
#include "rt-store-event.h"
#include "rt-time.h"
#include "rt-toast.h"
#include "rt-words.h"

struct _RtConflictPage
{
  AdwBin parent_instance;

  AdwWindowTitle *title;
  RtBar *bar;
  GtkLabel *who;
  GtkBox *fields; /* of RtConflictRow */

  RtDesk *desk; /* (owned) */
  char *id;     /* (owned): of the change */
  char *name;   /* (owned) (nullable): of what it changes */
  char *seen;   /* (owned) (nullable): the conflict that is shown */
  guint load_source;
  gboolean is_writing;
};

G_DEFINE_FINAL_TYPE (RtConflictPage, rt_conflict_page, ADW_TYPE_BIN)

/* All that is decided about: Stripe's side may change again while a person thinks. */
static char *
dup_picture (GPtrArray *conflicts)
{
  g_autoptr (JsonObject) picture = json_object_new ();

  for (guint i = 0; i < conflicts->len; i++)
    {
      const RtConflictField *conflict = g_ptr_array_index (conflicts, i);
      JsonArray *sides = json_array_new ();

      json_array_add_element (sides, json_node_copy (conflict->mine));
      json_array_add_element (sides, json_node_copy (conflict->theirs));
      json_object_set_array_member (picture, conflict->field, sides);
    }
  return rt_json_to_text (picture);
}

/* @currency: (nullable): of this side, if that is in conflict, too */
static char *
dup_value (const char *object, const char *field, JsonNode *value, JsonNode *currency,
           JsonObject *record)
{
  g_autoptr (JsonObject) side = json_object_new ();

  if (currency == NULL)
    return rt_words_dup_value (object, field, value, record);
  json_object_set_member (side, "currency", json_node_copy (currency));
  return rt_words_dup_value (object, field, value, side);
}

static GtkWidget *
row_new (GPtrArray *conflicts, guint index, const char *object, JsonObject *record)
{
  static const RtConflictField nothing = { NULL };
  const RtConflictField *conflict = g_ptr_array_index (conflicts, index);
  const RtConflictField *currency = &nothing;
  const char *field = conflict->field;
  g_autofree char *base = NULL;
  g_autofree char *mine = NULL;
  g_autofree char *theirs = NULL;

  for (guint i = 0; i < conflicts->len; i++)
    if (g_str_equal (((RtConflictField *) g_ptr_array_index (conflicts, i))->field, "currency"))
      currency = g_ptr_array_index (conflicts, i);
  base = dup_value (object, field, conflict->base, currency->base, record);
  mine = dup_value (object, field, conflict->mine, currency->mine, record);
  theirs = dup_value (object, field, conflict->theirs, currency->theirs, record);
  return rt_conflict_row_new (field, rt_words_label (object, field, record), base, mine, theirs);
}

static RtConflictRow *
first_row (RtConflictPage *self)
{
  return (RtConflictRow *) gtk_widget_get_first_child (GTK_WIDGET (self->fields));
}

static RtConflictRow *
next_row (RtConflictRow *row)
{
  return (RtConflictRow *) gtk_widget_get_next_sibling (GTK_WIDGET (row));
}

static void
chosen_cb (RtConflictPage *self)
{
  gboolean is_decided = first_row (self) != NULL && !self->is_writing;

  for (RtConflictRow *row = first_row (self); row != NULL; row = next_row (row))
    is_decided = is_decided && rt_conflict_row_get_side (row) != RT_CONFLICT_UNDECIDED;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conflict.apply", is_decided);
}

static void
clear_rows (RtConflictPage *self)
{
  while (first_row (self) != NULL)
    gtk_box_remove (self->fields, GTK_WIDGET (first_row (self)));
}

/* What was chosen stays chosen, unless it is about other values now. */
static void
show_rows (RtConflictPage *self, GPtrArray *conflicts, const char *object, JsonObject *record)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  for (guint i = 0; i < conflicts->len; i++)
    {
      GtkWidget *row = row_new (conflicts, i, object, record);

      for (RtConflictRow *old = first_row (self); old != NULL; old = next_row (old))
        if (rt_conflict_row_is_same (old, RT_CONFLICT_ROW (row)))
          rt_conflict_row_set_side (RT_CONFLICT_ROW (row), rt_conflict_row_get_side (old));
      g_signal_connect_object (row, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
      g_ptr_array_add (rows, row);
    }
  clear_rows (self);
  for (guint i = 0; i < rows->len; i++)
    gtk_box_append (self->fields, g_ptr_array_index (rows, i));
}

static char *
dup_who (RtStore *store, const char *object, JsonObject *record)
{
  const char *stripe_id = rt_json_string (record, "stripe_id");
  g_autofree char *request_id = NULL;
  g_autofree char *time = NULL;
  gint64 at = 0;

  if (stripe_id == NULL || !rt_store_last_event (store, object, stripe_id, &at, &request_id))
    return g_strdup ("");
  time = rt_time_to_exact (at * G_USEC_PER_SEC);
  if (request_id != NULL)
    /* Translators: the first %s is date and time, the second is what Stripe calls the request */
    return g_strdup_printf (_ ("Last changed at Stripe on %s (request %s)."), time, request_id);
  /* Translators: %s is date and time */
  return g_strdup_printf (_ ("Last changed at Stripe on %s, in the Dashboard or by Stripe."), time);
}

static void
show_change (RtConflictPage *self, const RtChange *change, GPtrArray *conflicts)
{
  RtStore *store = rt_desk_get_store (self->desk);
  g_autoptr (JsonObject) record
      = rt_area_find (change->object)->dup_json (store, change->object_id);
  g_autofree char *picture = dup_picture (conflicts);
  g_autofree char *title = rt_change_dup_title (change);
  g_autofree char *who = record != NULL ? dup_who (store, change->object, record) : g_strdup ("");

  /* What happened there may be told only after what it did. */
  gtk_label_set_label (self->who, who);
  gtk_widget_set_visible (GTK_WIDGET (self->who), *who != '\0');
  if (g_strcmp0 (picture, self->seen) == 0)
    return;
  if (self->seen != NULL)
    rt_bar_show (self->bar, _ ("Stripe’s side has changed again. Have another look."), NULL, NULL);
  g_free (self->seen);
  self->seen = g_steal_pointer (&picture);
  g_free (self->name);
  self->name = g_strdup (change->name);
  adw_window_title_set_subtitle (self->title, title);
  show_rows (self, conflicts, change->object, record);
  chosen_cb (self);
}

static void
close_page (RtConflictPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.close-form", NULL);
}

/* Nothing is left to decide: sent or discarded elsewhere, or Stripe's side came back. Then the next
 * sync sees that it can be sent. */
static void
leave (RtConflictPage *self)
{
  g_autoptr (AdwToast) toast
      = self->name != NULL ? rt_toast_new (_ ("“%s” is in no conflict any more."), self->name)
                           : rt_toast_new ("%s", _ ("This is in no conflict any more."));

  rt_toast_show (GTK_WIDGET (self), toast);
  rt_desk_send_soon (self->desk);
  close_page (self);
}

/* Returns: whether there is something to decide. */
static gboolean
show (RtConflictPage *self)
{
  RtStore *store = rt_desk_get_store (self->desk);
  g_autoptr (RtChange) change = rt_change_find (store, self->id, NULL);
  g_autoptr (GPtrArray) conflicts = NULL;

  if (change != NULL && change->state == RT_STATE_CONFLICT)
    conflicts = rt_conflict_list (store, change->seq, NULL);
  if (conflicts == NULL || conflicts->len == 0)
    return FALSE;
  show_change (self, change, conflicts);
  return TRUE;
}

static gboolean
load_cb (gpointer user_data)
{
  RtConflictPage *self = user_data;

  self->load_source = 0;
  if (!self->is_writing && !show (self))
    leave (self);
  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (RtConflictPage *self)
{
  if (self->load_source == 0)
    self->load_source = g_idle_add (load_cb, self);
}

typedef struct
{
  char *id;
  char *seen;
  char **mine;
} Decision;

static void
decision_free (gpointer data)
{
  Decision *decision = data;

  g_free (decision->id);
  g_free (decision->seen);
  g_strfreev (decision->mine);
  g_free (decision);
}

/* Nothing is decided that was not seen. */
static gboolean
apply_write (RtStore *store, gpointer data, GError **error)
{
  const Decision *decision = data;
  g_autoptr (RtChange) change = rt_change_find (store, decision->id, error);
  g_autoptr (GPtrArray) conflicts
      = change != NULL ? rt_conflict_list (store, change->seq, error) : NULL;
  g_autofree char *picture = conflicts != NULL ? dup_picture (conflicts) : NULL;

  if (conflicts == NULL)
    return FALSE;
  if (g_str_equal (picture, decision->seen))
    return rt_conflict_resolve (store, decision->id, (const char *const *) decision->mine, error);
  rt_set_error (error, RT_ERROR_INVALID, NULL,
                _ ("Stripe’s side has changed again. Have another look."));
  return FALSE;
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtConflictPage *self = RT_CONFLICT_PAGE (source);
  gboolean is_shown = gtk_widget_get_root (GTK_WIDGET (self)) != NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_good = g_task_propagate_boolean (G_TASK (result), &error);
  gboolean is_left = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  self->is_writing = FALSE;
  if (!is_shown && !is_good && !is_left)
    rt_toast_tell (GTK_WIDGET (self), error->message);
  if (!is_shown)
    return;
  if (is_good)
    {
      close_page (self);
      return;
    }
  if (!is_left)
    rt_bar_show (self->bar, error->message, NULL, NULL);
  chosen_cb (self);
  store_changed_cb (self);
}

static void
apply_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtConflictPage *self = RT_CONFLICT_PAGE (widget);
  g_autoptr (GTask) task = g_task_new (self, NULL, applied_cb, NULL);
  g_autoptr (GStrvBuilder) mine = g_strv_builder_new ();
  Decision *decision = g_new0 (Decision, 1);

  for (RtConflictRow *row = first_row (self); row != NULL; row = next_row (row))
    if (rt_conflict_row_get_side (row) == RT_CONFLICT_MINE)
      g_strv_builder_add (mine, rt_conflict_row_get_field (row));
  decision->id = g_strdup (self->id);
  decision->seen = g_strdup (self->seen);
  decision->mine = g_strv_builder_end (mine);
  g_task_set_task_data (task, decision, decision_free);
  self->is_writing = TRUE;
  chosen_cb (self);
  rt_bar_hide (self->bar);
  rt_desk_write (self->desk, task, apply_write);
}

static void
close_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  close_page (RT_CONFLICT_PAGE (widget));
}

static void
all_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtConflictPage *self = RT_CONFLICT_PAGE (widget);

  for (RtConflictRow *row = first_row (self); row != NULL; row = next_row (row))
    rt_conflict_row_set_side (row, g_variant_get_boolean (parameter) ? RT_CONFLICT_MINE
                                                                     : RT_CONFLICT_THEIRS);
}

static gboolean
rt_conflict_page_grab_focus (GtkWidget *widget)
{
  RtConflictRow *row = first_row (RT_CONFLICT_PAGE (widget));

  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
rt_conflict_page_dispose (GObject *object)
{
  RtConflictPage *self = RT_CONFLICT_PAGE (object);

  g_clear_handle_id (&self->load_source, g_source_remove);
  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_CONFLICT_PAGE);
  self->fields = NULL;
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_conflict_page_parent_class)->dispose (object);
}

static void
rt_conflict_page_finalize (GObject *object)
{
  RtConflictPage *self = RT_CONFLICT_PAGE (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->seen);
  G_OBJECT_CLASS (rt_conflict_page_parent_class)->finalize (object);
}

static void
rt_conflict_page_class_init (RtConflictPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_conflict_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_conflict_page_finalize;
  widget_class->grab_focus = rt_conflict_page_grab_focus;
  gtk_widget_class_install_action (widget_class, "conflict.apply", NULL, apply_cb);
  gtk_widget_class_install_action (widget_class, "conflict.close", NULL, close_cb);
  gtk_widget_class_install_action (widget_class, "conflict.all", "b", all_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "conflict.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "conflict.apply", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-conflict-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtConflictPage, title);
  gtk_widget_class_bind_template_child (widget_class, RtConflictPage, bar);
  gtk_widget_class_bind_template_child (widget_class, RtConflictPage, who);
  gtk_widget_class_bind_template_child (widget_class, RtConflictPage, fields);
}

static void
rt_conflict_page_init (RtConflictPage *self)
{
  g_type_ensure (RT_TYPE_BAR);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conflict.apply", FALSE);
}

GtkWidget *
rt_conflict_page_new (RtDesk *desk, const char *id)
{
  RtConflictPage *self = g_object_new (RT_TYPE_CONFLICT_PAGE, NULL);
  RtStore *store = rt_desk_get_store (desk);

  self->desk = g_object_ref (desk);
  self->id = g_strdup (id);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* Not left at once: it is not in its window yet. */
  if (!show (self))
    store_changed_cb (self);
  return GTK_WIDGET (self);
}
