#include "rt-field.h"

#include <glib/gi18n-lib.h>

#include "rt-country.h"

/* Of a country's name in one line. */
#define BUTTON_CHARS 20
#define LIST_CHARS 26

struct _RtField
{
  GObject parent_instance;

  char *name;              /* (owned) */
  GtkWidget *row;          /* (owned) */
  GtkWidget *input;        /* (owned): the row itself, or a widget in it */
  char **nicks;            /* (owned) (nullable): of a choice; of a switch: off, on */
  char *lines;             /* (owned) (nullable): what a text view holds, once asked */
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
  g_free (self->lines);
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
  if (signal != NULL)
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

static GtkWidget *
find_descendant (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = G_TYPE_CHECK_INSTANCE_TYPE (child, type) ? child : find_descendant (child, type);
  return found;
}

/* GTK 4.8 opens a drop-down with the focus in its list, where typing does nothing; and who types
 * and goes on to the list at once must not be in it while it is still being filtered. */
static void
search_on_open (GtkDropDown *input)
{
  GtkWidget *popover = find_descendant (GTK_WIDGET (input), GTK_TYPE_POPOVER);
  GtkWidget *search = popover != NULL ? find_descendant (popover, GTK_TYPE_SEARCH_ENTRY) : NULL;

  if (search == NULL)
    return;
  gtk_search_entry_set_search_delay (GTK_SEARCH_ENTRY (search), 0);
  g_signal_connect_object (popover, "map", G_CALLBACK (gtk_widget_grab_focus), search,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/* One that is searched by what it shows. */
static RtField *
field_new_drop_down (const char *name, GtkDropDown *input, GtkStringList *model, GPtrArray *nicks)
{
  g_autoptr (GtkExpression) expression
      = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  g_ptr_array_add (nicks, NULL);
  gtk_drop_down_set_expression (input, expression);
  gtk_drop_down_set_model (input, G_LIST_MODEL (model));
  search_on_open (input);
  return field_new (name, input, (const char *const *) nicks->pdata, "notify::selected");
}

RtField *
rt_field_new_currency (const char *name, GtkDropDown *input)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  g_autoptr (GPtrArray) nicks = g_ptr_array_new ();
  guint n_currencies;
  const RtCurrency *currencies = rt_currency_list (&n_currencies);

  for (guint i = 0; i < n_currencies; i++)
    {
      gtk_string_list_take (model, g_ascii_strup (currencies[i].code, -1));
      g_ptr_array_add (nicks, (gpointer) currencies[i].code);
    }
  return field_new_drop_down (name, input, model, nicks);
}

static int
compare_countries (const void *a, const void *b)
{
  const RtCountry *const *first = a, *const *second = b;

  return g_utf8_collate (rt_country_get_name ((*first)->code),
                         rt_country_get_name ((*second)->code));
}

static GtkLabel *
add_label (GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
  return GTK_LABEL (label);
}

/* Names are longer than a narrow window has room for: shortened in the button … */
static void
button_setup_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkLabel *label = add_label (item);

  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (label, BUTTON_CHARS);
}

/* … and whole in the list. */
static void
list_setup_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkLabel *label = add_label (item);

  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_width_chars (label, LIST_CHARS);
  gtk_label_set_max_width_chars (label, LIST_CHARS);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static GtkListItemFactory *
factory_new (GCallback setup)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  return factory;
}

RtField *
rt_field_new_country (const char *name, GtkDropDown *input)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  g_autoptr (GtkListItemFactory) button = factory_new (G_CALLBACK (button_setup_cb));
  g_autoptr (GtkListItemFactory) list = factory_new (G_CALLBACK (list_setup_cb));
  g_autoptr (GPtrArray) nicks = g_ptr_array_new ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  guint n_countries;
  const RtCountry *countries = rt_country_list (&n_countries);

  for (guint i = 0; i < n_countries; i++)
    g_ptr_array_add (sorted, (gpointer) &countries[i]);
  g_ptr_array_sort (sorted, compare_countries);
  gtk_string_list_append (model, C_ ("country", "Not given"));
  g_ptr_array_add (nicks, "");
  for (guint i = 0; i < sorted->len; i++)
    {
      const char *code = ((const RtCountry *) g_ptr_array_index (sorted, i))->code;

      gtk_string_list_append (model, rt_country_get_name (code));
      g_ptr_array_add (nicks, (gpointer) code);
    }
  gtk_drop_down_set_factory (input, button);
  gtk_drop_down_set_list_factory (input, list);
  return field_new_drop_down (name, input, model, nicks);
}

RtField *
rt_field_new_lines (const char *name, GtkTextView *input)
{
  RtField *self = field_new (name, input, NULL, NULL);

  g_signal_connect_object (gtk_text_view_get_buffer (input), "changed", G_CALLBACK (changed_cb),
                           self, G_CONNECT_SWAPPED);
  return self;
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

static const char *
get_lines (RtField *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_free (self->lines);
  self->lines = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return self->lines;
}

const char *
rt_field_get_text (RtField *self)
{
  guint selected;

  if (GTK_IS_TEXT_VIEW (self->input))
    return get_lines (self);
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

/* What an object made elsewhere has, and the list does not, can stay as it is. */
static void
add_missing (RtField *self, const char *nick)
{
  GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (self->input));
  guint n_nicks = g_strv_length (self->nicks);

  if (*nick == '\0' || position_of (self, nick) != GTK_INVALID_LIST_POSITION)
    return;
  self->nicks = g_renew (char *, self->nicks, n_nicks + 2);
  self->nicks[n_nicks] = g_strdup (nick);
  self->nicks[n_nicks + 1] = NULL;
  gtk_string_list_append (GTK_STRING_LIST (model), nick);
}

void
rt_field_set_text (RtField *self, const char *text)
{
  self->is_setting = TRUE;
  if (GTK_IS_DROP_DOWN (self->input))
    add_missing (self, text);
  if (GTK_IS_TEXT_VIEW (self->input))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input)), text, -1);
  else if (GTK_IS_EDITABLE (self->input))
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
