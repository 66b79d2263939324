#include "rt-form-page.h"

#include <glib/gi18n-lib.h>

#include "rt-area.h"
#include "rt-bar.h"
#include "rt-change.h"
#include "rt-draft-keeper.h"
#include "rt-toast.h"

#define SAVED_SECONDS 2 /* it is seen in the list as well */

struct _RtFormPage
{
  AdwBin parent_instance;

  AdwWindowTitle *title;
  GtkButton *save;
  GtkStack *save_stack;
  RtBar *draft_bar;
  RtBar *bar;
  GtkBox *groups;
  GtkLabel *sentence;

  RtDesk *desk;     /* (owned) */
  GtkWidget *form;  /* (borrowed): around this page */
  GtkWidget *focus; /* (weak) (nullable): while a write is under way */
  const RtFormKind *kind;
  char *id;              /* (owned) (nullable) */
  GPtrArray *fields;     /* (owned) of RtField */
  RtDraft *base;         /* (owned): what the fields showed first */
  gboolean is_fixed;     /* Stripe has the object */
  gboolean is_restored;  /* what an earlier time left is filled in */
  RtDraftKeeper *keeper; /* (owned) (nullable) */
};

static void rt_form_page_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RtFormPage, rt_form_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      rt_form_page_buildable_init))

static GtkBuildableIface *parent_buildable;

/* Children in a form's .ui file stand between title and sentence. */
static void
rt_form_page_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                        const char *type)
{
  RtFormPage *self = RT_FORM_PAGE (buildable);

  if (self->groups != NULL)
    gtk_box_append (self->groups, GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
rt_form_page_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = rt_form_page_add_child;
}

static RtField *
find_field (RtFormPage *self, const char *name)
{
  for (guint i = 0; name != NULL && i < self->fields->len; i++)
    if (g_str_equal (rt_field_get_name (g_ptr_array_index (self->fields, i)), name))
      return g_ptr_array_index (self->fields, i);
  return NULL;
}

/* What differs from what was shown first: that is what the person did. */
static RtDraft *
dup_typed (RtFormPage *self)
{
  RtDraft *draft = rt_draft_new (RT_NUMBER_LOCALE);

  rt_draft_set_before (draft, rt_draft_get_before (self->base));

  for (guint i = 0; i < self->fields->len; i++)
    {
      RtField *field = g_ptr_array_index (self->fields, i);
      const char *before = rt_draft_get (self->base, rt_field_get_name (field));

      if (g_strcmp0 (rt_field_get_text (field), before != NULL ? before : "") != 0)
        rt_draft_set (draft, rt_field_get_name (field), rt_field_get_text (field));
    }
  return draft;
}

/* What is saved. A field that is not shown does not count: what the object had in it is cleared.
 * Once Stripe has the object, only what was changed is named. */
static RtDraft *
dup_draft (RtFormPage *self)
{
  g_autoptr (RtDraft) typed = dup_typed (self);
  RtDraft *draft = rt_draft_new (RT_NUMBER_LOCALE);

  rt_draft_set_before (draft, rt_draft_get_before (self->base));
  for (guint i = 0; i < self->fields->len; i++)
    {
      RtField *field = g_ptr_array_index (self->fields, i);
      const char *name = rt_field_get_name (field);
      gboolean is_visible = rt_field_get_visible (field);

      if (is_visible && (!self->is_fixed || rt_draft_get (typed, name) != NULL))
        rt_draft_set (draft, name, rt_field_get_text (field));
      else if (!is_visible && !self->is_fixed && self->id != NULL)
        rt_draft_set (draft, name, "");
    }
  return draft;
}

static void
show_problems (RtFormPage *self, GPtrArray *problems)
{
  for (guint i = 0; i < self->fields->len; i++)
    rt_field_set_problem (g_ptr_array_index (self->fields, i), NULL);
  /* The first problem of a field is the one to solve first. */
  for (guint i = problems->len; i > 0; i--)
    {
      const GError *problem = g_ptr_array_index (problems, i - 1);
      RtField *field = find_field (self, rt_error_get_field (problem));

      if (field != NULL)
        rt_field_set_problem (field, problem->message);
    }
}

/* Judges what is in the form now: problems to their fields, the sentence below. */
static gboolean
judge (RtFormPage *self)
{
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (RtDraft) draft = NULL;
  g_autofree char *sentence = NULL;

  self->kind->update (self->form);
  draft = dup_draft (self);
  sentence = self->kind->judge (self->form, draft, problems);
  show_problems (self, problems);
  gtk_label_set_label (self->sentence, sentence != NULL
                                           ? sentence
                                           : g_dgettext (GETTEXT_PACKAGE, self->kind->hint));
  if (sentence != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->sentence), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->sentence), "dim-label");
  return problems->len == 0;
}

static void
field_changed_cb (RtFormPage *self)
{
  judge (self);
  rt_draft_keeper_keep (self->keeper, dup_typed (self));
}

static void
fill (RtFormPage *self, const RtDraft *draft)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      RtField *field = g_ptr_array_index (self->fields, i);
      const char *name = rt_field_get_name (field);
      const char *text = rt_draft_get (draft, name);

      if (text == NULL)
        text = rt_draft_get (self->base, name);
      rt_field_set_text (field, text != NULL ? text : "");
    }
  judge (self);
}

static void
show_restored (RtFormPage *self)
{
  if (self->is_restored)
    rt_bar_show (self->draft_bar, _ ("What you did not save last time is filled in again."),
                 _ ("Start _Over"), "form.start-over");
  else
    rt_bar_hide (self->draft_bar);
}

/* What is typed is only in this process until the disk takes it. */
static void
show_keeping (RtFormPage *self)
{
  const char *problem = rt_draft_keeper_get_problem (self->keeper);
  g_autofree char *text = NULL;

  if (problem == NULL)
    {
      show_restored (self);
      return;
    }
  text = g_strdup_printf (_ ("What you type cannot be kept on the disk yet. %s"), problem);
  rt_bar_show (self->draft_bar, text, NULL, NULL);
}

static void
show_refusal (RtFormPage *self, const RtChange *change)
{
  g_autofree char *text = g_strdup_printf (_ ("Stripe refused this: %s"), change->error_message);
  RtField *field = find_field (self, change->error_field);

  if (field != NULL)
    rt_field_set_refusal (field, text);
  else
    rt_bar_show (self->bar, text, NULL, NULL);
}

/* What was sent and refused stands at its field; a conflict is decided on a page of its own. */
static void
show_trouble (RtFormPage *self)
{
  g_autoptr (RtChange) change
      = self->id != NULL ? rt_change_find (rt_desk_get_store (self->desk), self->id, NULL) : NULL;
  g_autofree char *decide = NULL;

  if (change != NULL && change->state == RT_STATE_CONFLICT)
    {
      decide = g_strdup_printf ("win.decide::%s", change->id);
      rt_bar_show (self->bar, _ ("This also changed at Stripe."), _ ("_Decide…"), decide);
    }
  else if (change != NULL && change->error_message != NULL)
    {
      show_refusal (self, change);
    }
}

/* What cannot be typed into loses the focus; it gets it back. */
static void
set_busy (RtFormPage *self, gboolean is_busy)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (is_busy && root != NULL)
    g_set_weak_pointer (&self->focus, gtk_root_get_focus (root));
  gtk_widget_set_sensitive (GTK_WIDGET (self->groups), !is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.save", !is_busy);
  gtk_stack_set_visible_child_name (self->save_stack, is_busy ? "busy" : "idle");
  if (!is_busy && self->focus != NULL)
    gtk_widget_grab_focus (self->focus);
}

static void
show_error (RtFormPage *self, const GError *error)
{
  RtField *field = find_field (self, rt_error_get_field (error));

  if (field != NULL && rt_field_get_visible (field))
    {
      rt_field_set_refusal (field, error->message);
      rt_field_grab_focus (field);
    }
  else
    {
      rt_bar_show (self->bar, error->message, NULL, NULL);
    }
}

typedef struct
{
  RtDraftKeeper *keeper; /* (owned) */
  const RtFormKind *kind;
  char *id;          /* (owned) (nullable) */
  char *name;        /* (owned): of the object, for the person */
  RtDraft *draft;    /* (owned) (nullable) */
  AdwToast *toast;   /* (owned) (nullable): touched by the main thread only */
  RtDeskWrite write; /* (nullable): instead of saving */
  gboolean keeps_draft;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_object_unref (save->keeper);
  g_free (save->id);
  g_free (save->name);
  rt_draft_free (save->draft);
  g_clear_object (&save->toast);
  g_free (save);
}

static gboolean
save_write (RtStore *store, gpointer data, GError **error)
{
  Save *save = data;
  gboolean is_good = save->write != NULL ? save->write (store, save->id, error)
                                         : save->kind->save (store, save->id, save->draft, error);

  return is_good && (save->keeps_draft || rt_draft_keeper_forget (save->keeper, store, error));
}

/* What was typed is still there, in its draft. */
static void
tell_left (RtFormPage *self, const Save *save, const GError *error)
{
  g_autoptr (AdwToast) toast
      = rt_toast_new (_ ("“%s” was not saved. %s"), save->name, error->message);

  rt_toast_show (GTK_WIDGET (self), toast);
}

/* It may have been left meanwhile. */
static gboolean
is_shown (RtFormPage *self)
{
  return gtk_widget_get_root (GTK_WIDGET (self)) != NULL;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtFormPage *self = RT_FORM_PAGE (source);
  Save *save = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean is_good = g_task_propagate_boolean (G_TASK (result), &error);

  rt_draft_keeper_end_save (save->keeper, is_good);
  if (is_good && is_shown (self))
    {
      if (save->toast != NULL)
        rt_toast_show (GTK_WIDGET (self), save->toast);
      gtk_widget_activate_action (GTK_WIDGET (self), "win.close-form", NULL);
    }
  if (is_good)
    return;
  if (is_shown (self))
    set_busy (self, FALSE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (is_shown (self))
    show_error (self, error);
  else
    tell_left (self, save, error);
}

static void
start (RtFormPage *self, Save *save)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, saved_cb, NULL);

  save->keeper = g_object_ref (self->keeper);
  save->kind = self->kind;
  save->id = g_strdup (self->id);
  save->name = g_strdup (rt_form_page_get_text (self, "name"));
  g_task_set_task_data (task, save, save_free);
  rt_draft_keeper_begin_save (self->keeper);
  set_busy (self, TRUE);
  rt_bar_hide (self->bar);
  rt_desk_write (self->desk, task, save_write);
}

/* Of its own: what the drafts of a form share is not meant for threads. */
static RtDraft *
dup_for_thread (RtFormPage *self)
{
  g_autoptr (RtDraft) draft = dup_draft (self);
  g_autofree char *text = rt_draft_to_json (draft);

  return rt_draft_from_json (text, RT_NUMBER_LOCALE);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtFormPage *self = RT_FORM_PAGE (widget);
  Save *save;

  for (guint i = 0; i < self->fields->len; i++)
    rt_field_touch (g_ptr_array_index (self->fields, i));
  if (judge (self))
    {
      save = g_new0 (Save, 1);
      save->draft = dup_for_thread (self);
      save->toast = rt_toast_new (_ ("“%s” saved"), rt_form_page_get_text (self, "name"));
      adw_toast_set_timeout (save->toast, SAVED_SECONDS);
      start (self, save);
      return;
    }
  for (guint i = 0; i < self->fields->len; i++)
    {
      RtField *field = g_ptr_array_index (self->fields, i);

      if (rt_field_get_visible (field) && rt_field_has_problem (field))
        {
          rt_field_grab_focus (field);
          return;
        }
    }
}

static void
close_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.close-form", NULL);
}

static void
start_over_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtFormPage *self = RT_FORM_PAGE (widget);

  self->is_restored = FALSE;
  rt_bar_hide (self->draft_bar);
  fill (self, self->base);
  rt_draft_keeper_keep (self->keeper, NULL);
}

static gboolean
rt_form_page_grab_focus (GtkWidget *widget)
{
  RtFormPage *self = RT_FORM_PAGE (widget);

  return gtk_widget_child_focus (GTK_WIDGET (self->groups), GTK_DIR_TAB_FORWARD);
}

static void
rt_form_page_dispose (GObject *object)
{
  RtFormPage *self = RT_FORM_PAGE (object);

  if (self->keeper != NULL)
    rt_draft_keeper_hurry (self->keeper);
  g_clear_object (&self->keeper);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  self->kind = NULL;
  self->groups = NULL;
  g_clear_weak_pointer (&self->focus);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_FORM_PAGE);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (rt_form_page_parent_class)->dispose (object);
}

static void
rt_form_page_finalize (GObject *object)
{
  RtFormPage *self = RT_FORM_PAGE (object);

  rt_draft_free (self->base);
  g_free (self->id);
  G_OBJECT_CLASS (rt_form_page_parent_class)->finalize (object);
}

static void
rt_form_page_class_init (RtFormPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_form_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_form_page_finalize;
  widget_class->grab_focus = rt_form_page_grab_focus;
  gtk_widget_class_install_action (widget_class, "form.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "form.close", NULL, close_cb);
  gtk_widget_class_install_action (widget_class, "form.start-over", NULL, start_over_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "form.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "form.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK,
                                       "form.save", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-form-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtFormPage, title);
  gtk_widget_class_bind_template_child (widget_class, RtFormPage, save);
  gtk_widget_class_bind_template_child (widget_class, RtFormPage, save_stack);
  gtk_widget_class_bind_template_child (widget_class, RtFormPage, draft_bar);
  gtk_widget_class_bind_template_child (widget_class, RtFormPage, bar);
  gtk_widget_class_bind_template_child (widget_class, RtFormPage, groups);
  gtk_widget_class_bind_template_child (widget_class, RtFormPage, sentence);
}

static void
rt_form_page_init (RtFormPage *self)
{
  g_type_ensure (RT_TYPE_BAR);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->fields = g_ptr_array_new_with_free_func (g_object_unref);
}

void
rt_form_page_add (RtFormPage *self, RtField *field)
{
  g_ptr_array_add (self->fields, field);
  g_signal_connect_object (field, "changed", G_CALLBACK (field_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
rt_form_page_open (RtFormPage *self, GtkWidget *form, const RtFormKind *kind, const char *id,
                   RtDraft *base)
{
  g_autoptr (RtDraft) kept = NULL;

  self->form = form;
  self->kind = kind;
  self->id = g_strdup (id);
  self->base = base;
  self->keeper = rt_draft_keeper_open (rt_desk_get_store (self->desk), kind->object, id);
  kept = rt_draft_keeper_dup_draft (self->keeper);
  /* What is gone on with began earlier than this form. */
  if (kept != NULL && rt_draft_get_before (kept) != NULL)
    rt_draft_set_before (base, rt_draft_get_before (kept));
  fill (self, kept != NULL ? kept : base);
  self->is_restored = kept != NULL;
  show_restored (self);
  g_signal_connect_object (self->keeper, "notify::problem", G_CALLBACK (show_keeping), self,
                           G_CONNECT_SWAPPED);
  if (rt_draft_keeper_get_problem (self->keeper) != NULL)
    show_keeping (self);
  show_trouble (self);
}

void
rt_form_page_set_desk (RtFormPage *self, RtDesk *desk)
{
  g_set_object (&self->desk, desk);
}

void
rt_form_page_set_title (RtFormPage *self, const char *title)
{
  adw_window_title_set_title (self->title, title);
}

void
rt_form_page_set_read_only (RtFormPage *self, const char *reason)
{
  for (guint i = 0; i < self->fields->len; i++)
    rt_field_set_sensitive (g_ptr_array_index (self->fields, i), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.save", FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->save), FALSE);
  rt_bar_show (self->bar, reason, NULL, NULL);
}

const char *
rt_form_page_get_text (RtFormPage *self, const char *field)
{
  return rt_field_get_text (find_field (self, field));
}

void
rt_form_page_show (RtFormPage *self, const char *field, gboolean is_visible)
{
  rt_field_set_visible (find_field (self, field), is_visible);
}

void
rt_form_page_fix (RtFormPage *self, const char *const *fields)
{
  for (guint i = 0; fields[i] != NULL; i++)
    {
      RtField *field = find_field (self, fields[i]);
      const char *base = rt_draft_get (self->base, fields[i]);
      const char *text = base != NULL ? base : "";

      /* What was typed here while it still could be must not bar what can be saved. */
      if (!g_str_equal (rt_field_get_text (field), text))
        rt_field_set_text (field, text);
      rt_field_set_sensitive (field, FALSE);
    }
  self->is_fixed = TRUE;
  judge (self);
}

static void
write_object (RtFormPage *self, RtDeskWrite write, gboolean keeps_draft, AdwToast *done)
{
  Save *save = g_new0 (Save, 1);

  save->write = write;
  save->keeps_draft = keeps_draft;
  save->toast = done;
  start (self, save);
}

void
rt_form_page_write (RtFormPage *self, RtDeskWrite write, AdwToast *done)
{
  write_object (self, write, FALSE, done);
}

void
rt_form_page_set_archived (RtFormPage *self, const char *name, gboolean is_archived)
{
  const RtArea *area = rt_area_find (self->kind->object);
  AdwToast *toast = rt_toast_new (is_archived ? _ ("“%s” archived") : _ ("“%s” restored"), name);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, is_archived ? "win.restore" : "win.archive");
  adw_toast_set_action_target (toast, "(sss)", rt_desk_get_account (self->desk)->id,
                               self->kind->object, self->id);
  write_object (self, is_archived ? area->archive : area->restore, TRUE, toast);
}
