#include <glib/gi18n-lib.h>

#include "rt-draft-keeper.h"
#include "rt-task.h"
#include "rt-toast.h"
#include "rt-window-private.h"

typedef struct _Opening Opening;

/* What ends with another account in the window. One follows the other, in the order in which they
 * were asked for, and only the last one's account is shown. */
struct _Opening
{
  RtWorkspace *workspace; /* (borrowed) */
  char *id;               /* (owned) (nullable): %NULL: of the account in use */
  gboolean (*prepare) (Opening *opening, GError **error); /* (nullable) */
  gboolean is_chosen; /* it is the account in use, once it could be opened */
  GError *problem;    /* (owned) (nullable): why nothing, or something else, is shown */
  RtStore *store;     /* (owned) (nullable): what has to end first, by a toggle reference */
  int has_begun;      /* atomic */
};

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->id);
  g_clear_error (&opening->problem);
  g_free (opening);
}

/* What cannot be opened is not what Retainer begins with the next time. */
static RtSession *
choose (Opening *opening)
{
  g_autoptr (RtSession) session
      = rt_workspace_open (opening->workspace, opening->id, &opening->problem);

  return session != NULL
                 && rt_accounts_use (rt_workspace_get_accounts (opening->workspace), opening->id,
                                     &opening->problem)
             ? g_steal_pointer (&session)
             : NULL;
}

/* "My Agency", "My Agency 2" … */
static char *
dup_free_name (RtWorkspace *workspace)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *name
          = i == 1 ? g_strdup (_ ("My Agency")) : g_strdup_printf (_ ("My Agency %u"), i);
      g_autoptr (RtAccount) taken
          = rt_accounts_find (rt_workspace_get_accounts (workspace), name, NULL);

      if (taken == NULL)
        return g_steal_pointer (&name);
    }
}

static gboolean
add_practice (Opening *opening, GError **error)
{
  g_autofree char *name = dup_free_name (opening->workspace);
  g_autoptr (RtAccount) account = rt_workspace_add_practice (opening->workspace, name, error);

  if (account == NULL)
    return FALSE;
  opening->id = g_strdup (account->id);
  return TRUE;
}

static gboolean
remove_account (Opening *opening, GError **error)
{
  g_autofree char *id = g_steal_pointer (&opening->id);

  return rt_workspace_remove (opening->workspace, id, NULL, error);
}

static void unused_cb (gpointer task, GObject *store, gboolean is_last);

static void
open_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Opening *opening = data;
  RtSession *session;
  GError *error = NULL;

  if (opening->store != NULL)
    g_object_remove_toggle_ref (G_OBJECT (opening->store), unused_cb, task);
  /* What could not be chosen changes nothing; after a removal, failed or not, one is opened. */
  if (opening->is_chosen)
    {
      g_task_return_pointer (task, choose (opening), g_object_unref);
      return;
    }
  if (opening->prepare != NULL && !opening->prepare (opening, &opening->problem)
      && opening->prepare != remove_account)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  session = rt_workspace_open (opening->workspace, opening->id, &error);
  if (session != NULL)
    g_task_return_pointer (task, session, g_object_unref);
  else
    g_task_return_error (task, error);
}

/* In whatever thread was the last to let go of the replica. */
static void
unused_cb (gpointer task, GObject *store, gboolean is_last)
{
  Opening *opening = g_task_get_task_data (task);

  if (!is_last || !g_atomic_int_compare_and_exchange (&opening->has_begun, FALSE, TRUE))
    return;
  g_task_run_in_thread (task, open_thread);
  g_object_unref (task);
}

static void
show_failure (RtWindow *self, const GError *error)
{
  rt_window_leave_desk (self);
  if (g_error_matches (error, RT_ERROR, RT_ERROR_NOT_FOUND))
    gtk_stack_set_visible_child_name (self->root, "welcome");
  else
    rt_window_show_failure (self, error->message);
}

static void run_next (RtWindow *self);

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RtWindow *self = RT_WINDOW (source);
  const Opening *opening = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->pages != NULL && opening->problem != NULL) /* not closed meanwhile */
    rt_toast_tell (GTK_WIDGET (self), opening->problem->message);
  self->is_opening = !g_queue_is_empty (&self->openings);
  if (self->is_opening)
    {
      g_clear_object (&session); /* the next may remove its account */
      run_next (self);
    }
  else if (self->pages != NULL && session != NULL)
    rt_window_show_session (self, session);
  else if (self->pages != NULL && error != NULL)
    show_failure (self, error);
  else if (self->pages != NULL && self->desk == NULL)
    show_failure (self, opening->problem);
  g_application_release (g_application_get_default ());
}

/* What still ends may write beside the replica, and would make anew what was deleted: a sync, a
 * page that reads, the practice Stripe, a draft. All of them hold the store, most of them through
 * the session. */
static void
run_when_unused (RtWindow *self, GTask *task, Opening *opening)
{
  g_autofree char *path = NULL;

  opening->store = rt_desk_get_store (self->desk);
  path = g_strdup (rt_store_get_path (opening->store));
  g_object_add_toggle_ref (G_OBJECT (opening->store), unused_cb, g_object_ref (task));
  rt_desk_cancel (self->desk);
  rt_window_leave_desk (self);
  rt_draft_keeper_abandon (path);
}

static void
run_next (RtWindow *self)
{
  Opening *opening = g_queue_pop_head (&self->openings);
  g_autoptr (GTask) task = rt_task_new (self, NULL, opening, opening_free, opened_cb);

  g_application_hold (g_application_get_default ());
  if (opening->prepare == remove_account && self->desk != NULL
      && g_str_equal (rt_desk_get_account (self->desk)->id, opening->id))
    run_when_unused (self, task, opening);
  else
    g_task_run_in_thread (task, open_thread);
}

/* Accounts are chosen, and replicas checked, on the disk: not in the main loop. */
static Opening *
opening_new (RtWindow *self, const char *id)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->workspace = self->workspace;
  opening->id = g_strdup (id);
  return opening;
}

static void
add_opening (RtWindow *self, Opening *opening)
{
  g_queue_push_tail (&self->openings, opening);
  if (self->is_opening)
    return;
  self->is_opening = TRUE;
  run_next (self);
}

void
rt_window_open_account (RtWindow *self, const char *id)
{
  add_opening (self, opening_new (self, id));
}

void
rt_window_use_account (RtWindow *self, const char *id)
{
  Opening *opening = opening_new (self, id);

  opening->is_chosen = TRUE;
  add_opening (self, opening);
}

/* Who clicks twice wants one. */
void
rt_window_add_practice (RtWindow *self)
{
  Opening *opening;

  if (self->is_opening)
    return;
  opening = opening_new (self, NULL);
  opening->prepare = add_practice;
  add_opening (self, opening);
}

void
rt_window_remove_account (RtWindow *self, const char *id)
{
  Opening *opening = opening_new (self, id);

  opening->prepare = remove_account;
  gtk_stack_set_visible_child_name (self->root, "loading");
  add_opening (self, opening);
}
