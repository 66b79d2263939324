#include "rt-conflict-row.h"

#include <glib/gi18n-lib.h>

struct _RtConflictRow
{
  AdwBin parent_instance;

  AdwPreferencesGroup *group;
  GtkLabel *base;
  GtkLabel *mine;
  GtkLabel *theirs;
  GtkCheckButton *mine_check;
  GtkCheckButton *theirs_check;

  char *field; /* (owned) */
};

G_DEFINE_FINAL_TYPE (RtConflictRow, rt_conflict_row, ADW_TYPE_BIN)

static guint chosen_signal;

static void
toggled_cb (RtConflictRow *self)
{
  g_signal_emit (self, chosen_signal, 0);
}

static void
rt_conflict_row_dispose (GObject *object)
{
  /* By AdwBin, before the template does it too: this one child is both's. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_CONFLICT_ROW);
  G_OBJECT_CLASS (rt_conflict_row_parent_class)->dispose (object);
}

static gboolean
rt_conflict_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_CONFLICT_ROW (widget)->mine_check));
}

static void
rt_conflict_row_finalize (GObject *object)
{
  g_free (RT_CONFLICT_ROW (object)->field);
  G_OBJECT_CLASS (rt_conflict_row_parent_class)->finalize (object);
}

static void
rt_conflict_row_class_init (RtConflictRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_conflict_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_conflict_row_finalize;
  widget_class->grab_focus = rt_conflict_row_grab_focus;
  chosen_signal = g_signal_new ("chosen", RT_TYPE_CONFLICT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-conflict-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RtConflictRow, group);
  gtk_widget_class_bind_template_child (widget_class, RtConflictRow, base);
  gtk_widget_class_bind_template_child (widget_class, RtConflictRow, mine);
  gtk_widget_class_bind_template_child (widget_class, RtConflictRow, theirs);
  gtk_widget_class_bind_template_child (widget_class, RtConflictRow, mine_check);
  gtk_widget_class_bind_template_child (widget_class, RtConflictRow, theirs_check);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
rt_conflict_row_init (RtConflictRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Read out alone, a choice must still say of which field and what value it is. */
static void
set_choice (GtkLabel *label, GtkCheckButton *check, const char *field, const char *side,
            const char *value)
{
  /* Translators: "Name, Yours: Anna" */
  g_autofree char *name = g_strdup_printf (_ ("%s, %s: %s"), field, side, value);

  gtk_label_set_label (label, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

GtkWidget *
rt_conflict_row_new (const char *field, const char *label, const char *base, const char *mine,
                     const char *theirs)
{
  RtConflictRow *self = g_object_new (RT_TYPE_CONFLICT_ROW, NULL);

  self->field = g_strdup (field);
  adw_preferences_group_set_title (self->group, label);
  gtk_label_set_label (self->base, base);
  set_choice (self->mine, self->mine_check, label, _ ("Yours"), mine);
  set_choice (self->theirs, self->theirs_check, label, _ ("Stripe’s"), theirs);
  return GTK_WIDGET (self);
}

const char *
rt_conflict_row_get_field (RtConflictRow *self)
{
  return self->field;
}

static gboolean
is_same_text (GtkLabel *a, GtkLabel *b)
{
  return g_str_equal (gtk_label_get_label (a), gtk_label_get_label (b));
}

gboolean
rt_conflict_row_is_same (RtConflictRow *self, RtConflictRow *other)
{
  return g_str_equal (self->field, other->field) && is_same_text (self->base, other->base)
         && is_same_text (self->mine, other->mine) && is_same_text (self->theirs, other->theirs);
}

RtConflictSide
rt_conflict_row_get_side (RtConflictRow *self)
{
  if (gtk_check_button_get_active (self->mine_check))
    return RT_CONFLICT_MINE;
  return gtk_check_button_get_active (self->theirs_check) ? RT_CONFLICT_THEIRS
                                                          : RT_CONFLICT_UNDECIDED;
}

void
rt_conflict_row_set_side (RtConflictRow *self, RtConflictSide side)
{
  gtk_check_button_set_active (self->mine_check, side == RT_CONFLICT_MINE);
  gtk_check_button_set_active (self->theirs_check, side == RT_CONFLICT_THEIRS);
}
