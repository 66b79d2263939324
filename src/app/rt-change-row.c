#include "rt-change-row.h"

#include <glib/gi18n-lib.h>

#include "rt-time.h"

struct _RtChangeRow
{
  AdwExpanderRow parent_instance;

  GtkLabel *state;
  GtkListBoxRow *reason_row;
  GtkLabel *reason;
  GtkListBoxRow *buttons;
  GtkButton *decide;
  GtkButton *edit;
  GtkButton *retry;
  GtkButton *discard;

  GPtrArray *request_rows; /* (owned) of GtkWidget */
  gboolean was_conflict;
  char *shown; /* (owned) (nullable): what the request rows were made of */
};

G_DEFINE_FINAL_TYPE (RtChangeRow, rt_change_row, ADW_TYPE_EXPANDER_ROW)

static char *
dup_subtitle (const RtChange *change, gint64 now)
{
  g_autofree char *when = rt_time_to_text (change->created_at, now);
  guint n_attempts = rt_change_get_n_attempts (change);
  g_autofree char *attempts
      = g_strdup_printf (ngettext ("%u attempt", "%u attempts", n_attempts), n_attempts);

  if (n_attempts == 0)
    return g_steal_pointer (&when);
  if (rt_change_asks (change))
    /* Translators: "2 d ago · 30 attempts. It goes on …" */
    return g_strdup_printf (_ ("%s · %s. It goes on being tried; discard it if it is no longer "
                               "wanted."),
                            when, attempts);
  /* Translators: "2 min ago · 3 attempts" */
  return g_strdup_printf (_ ("%s · %s"), when, attempts);
}

static const char *
state_label (const char *state)
{
  static const char *const states[][2] = {
    { "pending", NC_ ("request", "Waiting") },
    { "sending", NC_ ("request", "Being sent") },
    { "done", NC_ ("request", "Done") },
    { "failed", NC_ ("request", "Refused") },
    { "unknown", NC_ ("request", "No answer yet") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i][0], state))
      return g_dpgettext2 (GETTEXT_PACKAGE, "request", states[i][1]);
  return state;
}

/* All that support could ask for. */
static char *
dup_details (const RtRequest *request)
{
  return g_strdup_printf ("%s %s\n%s\nIdempotency-Key: %s\nRequest-Id: %s\n%s\n", request->method,
                          request->path, request->state, request->idempotency_key,
                          request->request_id != NULL ? request->request_id : "–",
                          request->body != NULL ? request->body : "");
}

static GtkWidget *
copy_button_new (const char *text)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "outbox.copy");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", text);
  gtk_widget_set_tooltip_text (button, _ ("Copy Request"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy Request"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkWidget *
request_row_new (const RtRequest *request)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_strdup_printf ("%s %s", request->method, request->path);
  g_autofree char *details = dup_details (request);
  g_autoptr (GString) subtitle = g_string_new (state_label (request->state));

  if (request->request_id != NULL)
    g_string_append_printf (subtitle, " · %s", request->request_id);
  if (request->body != NULL && *request->body != '\0')
    g_string_append_printf (subtitle, "\n%s", request->body);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle->str);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy_button_new (details));
  gtk_widget_add_css_class (row, "request");
  return row;
}

/* Anew only if something about them is new: a row that is made again loses the focus. */
static void
show_requests (RtChangeRow *self, const RtChange *change)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < change->requests->len; i++)
    {
      g_autofree char *details = dup_details (g_ptr_array_index (change->requests, i));

      g_string_append (all, details);
    }
  if (g_strcmp0 (all->str, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_strdup (all->str);
  for (guint i = 0; i < self->request_rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->request_rows, i));
  g_ptr_array_set_size (self->request_rows, 0);
  for (guint i = 0; i < change->requests->len; i++)
    {
      GtkWidget *row = request_row_new (g_ptr_array_index (change->requests, i));

      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
      g_ptr_array_add (self->request_rows, row);
    }
}

static void
rt_change_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_CHANGE_ROW);
  G_OBJECT_CLASS (rt_change_row_parent_class)->dispose (object);
}

static void
rt_change_row_finalize (GObject *object)
{
  RtChangeRow *self = RT_CHANGE_ROW (object);

  g_ptr_array_unref (self->request_rows);
  g_free (self->shown);
  G_OBJECT_CLASS (rt_change_row_parent_class)->finalize (object);
}

static void
rt_change_row_class_init (RtChangeRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_change_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_change_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/dev/retainer/Retainer/rt-change-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, state);
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, reason_row);
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, reason);
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, buttons);
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, edit);
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, decide);
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, retry);
  gtk_widget_class_bind_template_child (widget_class, RtChangeRow, discard);
}

static void
rt_change_row_init (RtChangeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->request_rows = g_ptr_array_new ();
}

GtkWidget *
rt_change_row_new (void)
{
  return g_object_new (RT_TYPE_CHANGE_ROW, NULL);
}

static void
set_css_class (gpointer widget, const char *css_class, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

/* Why it does not go on by itself, and what a person can do about it. */
static void
show_reason (RtChangeRow *self, const RtChange *change)
{
  const gboolean is_conflict = change->state == RT_STATE_CONFLICT;
  const gboolean is_refused = !is_conflict && change->error_message != NULL;

  set_css_class (self->state, "error", is_refused);
  set_css_class (self->state, "warning", is_conflict);
  set_css_class (self->reason, "error", is_refused);
  set_css_class (self->reason, "warning", is_conflict);
  gtk_label_set_label (self->reason,
                       is_conflict  ? _ ("This also changed at Stripe. It waits until you decide.")
                       : is_refused ? change->error_message
                                    : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_row), is_conflict || is_refused);
  gtk_widget_set_visible (GTK_WIDGET (self->decide), is_conflict);
  gtk_widget_set_visible (GTK_WIDGET (self->retry), !is_conflict);
  /* Once: a person may fold it again. */
  if (is_conflict && !self->was_conflict)
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
  self->was_conflict = is_conflict;
}

void
rt_change_row_set_change (RtChangeRow *self, RtChange *change, gint64 now)
{
  g_autofree char *title = rt_change_dup_title (change);
  g_autofree char *subtitle = dup_subtitle (change, now);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  gtk_label_set_label (self->state, rt_term_to_label (RT_TERM_STATE, (int) change->state));
  show_reason (self, change);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->edit), "(ss)", change->object,
                                    change->object_id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->retry), "s", change->id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->decide), "s", change->id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->discard), "s", change->id);
  show_requests (self, change);
}
