#include "rt-field.h"

#include <glib/gi18n-lib.h>

struct _RtField
{
  GObject parent_instance;

  char *name;              /* (owned) */
  GtkWidget *row;          /* (owned) */
  GtkWidget *input;        /* (owned): the row itself, or a widget in it */
  char **nicks;            /* (owned) (nullable): of a choice; of a switch: off, on */
  GtkWidget *problem_row;  /* (owned) (nullable): made when first needed */
  GtkLabel *problem_label; /* (borrowed) of it */
  char *problem;           /* (owned) (nullable) */
  char *refusal;           /* (owned) (nullable) */
  gboolean is_touched;
  gboolean is_setting;
};

G_DEFINE_FINAL_TYPE (RtField, rt_field, G_TYPE_OBJECT)

static guint changed_signal;

/* The message stands in a list row below the field's own, so that forms need not mention it. */
static void
make_problem_row (RtField *self)
{
  GtkWidget *list = gtk_widget_get_parent (self->row);
  GtkWidget *label = gtk_label_new (NULL);

  g_return_if_fail (GTK_IS_LIST_BOX (list));
  self->problem_label = GTK_LABEL (label);
  gtk_label_set_wrap (self->problem_label, TRUE);
  gtk_label_set_wrap_mode (self->problem_label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->problem_label, 0);
  gtk_widget_add_css_class (label, "error");
  gtk_widget_add_css_class (label, "caption");
  self->problem_row = g_object_ref_sink (gtk_list_box_row_new ());
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self->problem_row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->problem_row), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (self->problem_row), FALSE);
  gtk_widget_set_focusable (self->problem_row, FALSE);
  gtk_widget_add_css_class (self->problem_row, "problem");
  gtk_list_box_insert (GTK_LIST_BOX (list), self->problem_row,
                       gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (self->row)) + 1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->input),
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, label, NULL, -1);
}

static void
update (RtField *self)
{
  const char *message = self->is_touched ? self->problem : NULL;
  gboolean is_shown;

  if (message == NULL)
    message = self->refusal;
  is_shown = message != NULL && gtk_widget_get_visible (self->row);
  if (is_shown && self->problem_row == NULL)
    make_problem_row (self);
  if (self->problem_row == NULL)
    return;
  if (is_shown)
    gtk_label_set_label (self->problem_label, message);
  gtk_widget_set_visible (self->problem_row, is_shown);
  if (is_shown)
    {
      gtk_widget_add_css_class (self->row, "error");
      gtk_widget_add_css_class (self->row, "has-problem");
    }
  else
    {
      gtk_widget_remove_css_class (self->row, "error");
      gtk_widget_remove_css_class (self->row, "has-problem");
    }
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->input), GTK_ACCESSIBLE_STATE_INVALID,
                               is_shown ? GTK_ACCESSIBLE_INVALID_TRUE
                                        : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
changed_cb (RtField *self)
{
  if (self->is_setting)
    return;
  self->is_touched = TRUE;
  g_clear_pointer (&self->refusal, g_free);
  g_signal_emit (self, changed_signal, 0);
}

static void
rt_field_finalize (GObject *object)
{
  RtField *self = RT_FIELD (object);

  g_clear_object (&self->problem_row);
  g_clear_object (&self->row);
  g_clear_object (&self->input);
  g_strfreev (self->nicks);
  g_free (self->name);
  g_free (self->problem);
  g_free (self->refusal);
  G_OBJECT_CLASS (rt_field_parent_class)->finalize (object);
}

static void
rt_field_class_init (RtFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_field_finalize;
  changed_signal = g_signal_new ("changed", RT_TYPE_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
rt_field_init (RtField *self)
{
}

static RtField *
field_new (const char *name, gpointer input, const char *const *nicks, const char *signal)
{
  RtField *self = g_object_new (RT_TYPE_FIELD, NULL);

  self->name = g_strdup (name);
  self->input = g_object_ref (input);
  self->row = g_object_ref (gtk_widget_get_ancestor (input, GTK_TYPE_LIST_BOX_ROW));
  self->nicks = g_strdupv ((char **) nicks);
  g_signal_connect_object (input, signal, G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

RtField *
rt_field_new_text (const char *name, AdwEntryRow *row)
{
  return field_new (name, row, NULL, "changed");
}

RtField *
rt_field_new_choice (const char *name, AdwComboRow *row, const char *const *nicks,
                     const char *const *labels)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (labels);

  adw_combo_row_set_model (row, G_LIST_MODEL (model));
  return field_new (name, row, nicks, "notify::selected");
}

RtField *
rt_field_new_term (const char *name, AdwComboRow *row, RtTerm term, guint n_shown)
{
  g_autoptr (GPtrArray) nicks = g_ptr_array_new ();
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; i < rt_term_get_n (term) && nicks->len < n_shown; i++)
    if (rt_term_to_nick (term, (int) i) != NULL)
      {
        g_ptr_array_add (nicks, (gpointer) rt_term_to_nick (term, (int) i));
        g_ptr_array_add (labels, (gpointer) rt_term_to_label (term, (int) i));
      }
  g_ptr_array_add (nicks, NULL);
  g_ptr_array_add (labels, NULL);
  return rt_field_new_choice (name, row, (const char *const *) nicks->pdata,
                              (const char *const *) labels->pdata);
}

RtField *
rt_field_new_currency (const char *name, GtkDropDown *input)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  g_autoptr (GPtrArray) nicks = g_ptr_array_new ();
  g_autoptr (GtkExpression) expression
      = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  guint n_currencies;
  const RtCurrency *currencies = rt_currency_list (&n_currencies);

  for (guint i = 0; i < n_currencies; i++)
    {
      gtk_string_list_take (model, g_ascii_strup (currencies[i].code, -1));
      g_ptr_array_add (nicks, (gpointer) currencies[i].code);
    }
  g_ptr_array_add (nicks, NULL);
  gtk_drop_down_set_expression (input, expression);
  gtk_drop_down_set_model (input, G_LIST_MODEL (model));
  return field_new (name, input, (const char *const *) nicks->pdata, "notify::selected");
}

RtField *
rt_field_new_switch (const char *name, GtkSwitch *input, const char *on, const char *off)
{
  const char *const nicks[] = { off, on, NULL };

  return field_new (name, input, nicks, "notify::active");
}

const char *
rt_field_get_name (RtField *self)
{
  return self->name;
}

const char *
rt_field_get_text (RtField *self)
{
  guint selected;

  if (GTK_IS_EDITABLE (self->input))
    return gtk_editable_get_text (GTK_EDITABLE (self->input));
  if (GTK_IS_SWITCH (self->input))
    return self->nicks[gtk_switch_get_active (GTK_SWITCH (self->input)) ? 1 : 0];
  selected = ADW_IS_COMBO_ROW (self->input)
                 ? adw_combo_row_get_selected (ADW_COMBO_ROW (self->input))
                 : gtk_drop_down_get_selected (GTK_DROP_DOWN (self->input));
  return selected != GTK_INVALID_LIST_POSITION ? self->nicks[selected] : "";
}

static guint
position_of (RtField *self, const char *nick)
{
  for (guint i = 0; self->nicks[i] != NULL; i++)
    if (g_str_equal (self->nicks[i], nick))
      return i;
  return GTK_INVALID_LIST_POSITION;
}

void
rt_field_set_text (RtField *self, const char *text)
{
  self->is_setting = TRUE;
  if (GTK_IS_EDITABLE (self->input))
    gtk_editable_set_text (GTK_EDITABLE (self->input), text);
  else if (GTK_IS_SWITCH (self->input))
    gtk_switch_set_active (GTK_SWITCH (self->input), position_of (self, text) == 1);
  else if (ADW_IS_COMBO_ROW (self->input))
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->input), position_of (self, text));
  else
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->input), position_of (self, text));
  self->is_setting = FALSE;
}

gboolean
rt_field_get_visible (RtField *self)
{
  return gtk_widget_get_visible (self->row);
}

void
rt_field_set_visible (RtField *self, gboolean is_visible)
{
  gtk_widget_set_visible (self->row, is_visible);
  update (self);
}

void
rt_field_set_sensitive (RtField *self, gboolean is_sensitive)
{
  gtk_widget_set_sensitive (self->row, is_sensitive);
}

void
rt_field_touch (RtField *self)
{
  self->is_touched = TRUE;
  update (self);
}

void
rt_field_set_problem (RtField *self, const char *message)
{
  g_free (self->problem);
  self->problem = g_strdup (message);
  update (self);
}

void
rt_field_set_refusal (RtField *self, const char *message)
{
  g_free (self->refusal);
  self->refusal = g_strdup (message);
  update (self);
}

gboolean
rt_field_has_problem (RtField *self)
{
  return self->problem != NULL;
}

void
rt_field_grab_focus (RtField *self)
{
  gtk_widget_grab_focus (self->input);
}
