#include "rt-session.h"

#include <glib/gi18n-lib.h>

#include "rt-practice.h"
#include "rt-queue.h"
#include "rt-stripe-key.h"

/* What a practice account sends as its key; the practice Stripe takes any test key. */
#define PRACTICE_KEY "sk_test_practice"
/* Where a practice Stripe that is "out of reach" would be: the discard port, on which nobody
 * listens. The sync has no code path for it: it meets a refused connection, as in the field. */
#define UNREACHABLE "http://127.0.0.1:9"
#define SKEW_TOLERANCE 60 /* seconds (TRAPS C4) */

struct _RtSession
{
  GObject parent_instance;

  RtAccounts *accounts;       /* (borrowed) of the workspace */
  const RtKeySource *source;  /* (borrowed) of the workspace */
  RtAccount *account;         /* (owned) */
  RtClock *clock;             /* (owned) */
  RtStore *store;             /* (owned) */
  GMutex mutex;               /* guards practice, backup_problem */
  RtPracticeThread *practice; /* (owned) (nullable): started by the first sync */
  char *backup_problem;       /* (owned) (nullable): why there is no backup of today */
  int is_reachable;           /* atomic */
  gboolean was_set_aside;
  RtSessionProgress progress; /* (nullable) */
  gpointer progress_data;
};

G_DEFINE_FINAL_TYPE (RtSession, rt_session, G_TYPE_OBJECT)

static void
rt_session_finalize (GObject *object)
{
  RtSession *self = RT_SESSION (object);

  g_clear_pointer (&self->practice, rt_practice_thread_stop);
  g_clear_object (&self->store);
  rt_account_free (self->account);
  g_free (self->backup_problem);
  rt_clock_unref (self->clock);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (rt_session_parent_class)->finalize (object);
}

static void
rt_session_class_init (RtSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_session_finalize;
}

static void
rt_session_init (RtSession *self)
{
  g_mutex_init (&self->mutex);
}

static RtAccount *
account_copy (const RtAccount *account)
{
  RtAccount *copy = g_new0 (RtAccount, 1);

  *copy = *account;
  copy->id = g_strdup (account->id);
  copy->name = g_strdup (account->name);
  copy->stripe_account = g_strdup (account->stripe_account);
  return copy;
}

RtSession *
rt_session_new (RtAccounts *accounts, const RtAccount *account, RtClock *clock,
                const RtKeySource *source, GError **error)
{
  g_autofree char *path = rt_accounts_dup_replica_path (accounts, account->id);
  g_autoptr (RtSession) self = g_object_new (RT_TYPE_SESSION, NULL);
  GError *reason = NULL;

  self->accounts = accounts;
  self->source = source;
  self->account = account_copy (account);
  self->clock = rt_clock_ref (clock);
  self->is_reachable = account->is_reachable;
  self->store = rt_store_open (path, clock, &reason);
  if (self->store == NULL && g_error_matches (reason, RT_ERROR, RT_ERROR_DAMAGED))
    {
      g_clear_error (&reason);
      self->was_set_aside = TRUE;
      self->store = rt_store_set_aside (path, clock, &reason);
    }
  if (self->store != NULL)
    return g_steal_pointer (&self);
  g_propagate_error (error, reason);
  return NULL;
}

RtStore *
rt_session_get_store (RtSession *self)
{
  return self->store;
}

const RtAccount *
rt_session_get_account (RtSession *self)
{
  return self->account;
}

gboolean
rt_session_was_set_aside (RtSession *self)
{
  return self->was_set_aside;
}

gboolean
rt_session_set_reachable (RtSession *self, gboolean is_reachable, GError **error)
{
  if (!rt_accounts_set_reachable (self->accounts, self->account->id, is_reachable, error))
    return FALSE;
  g_atomic_int_set (&self->is_reachable, is_reachable);
  return TRUE;
}

gboolean
rt_session_is_reachable (RtSession *self)
{
  return g_atomic_int_get (&self->is_reachable) != 0;
}

/* The practice Stripe of this account: ours, or that of another Retainer that has it open already.
 */
static char *
dup_practice_base (RtSession *self, GError **error)
{
  g_autofree char *directory = rt_accounts_dup_practice_path (self->accounts, self->account->id);
  GError *reason = NULL;
  guint port = 0;

  g_mutex_lock (&self->mutex);
  if (self->practice == NULL)
    self->practice = rt_practice_thread_start (self->clock, directory, 0, &reason);
  if (self->practice != NULL)
    port = rt_practice_thread_get_port (self->practice);
  g_mutex_unlock (&self->mutex);
  if (port == 0 && g_error_matches (reason, RT_ERROR, RT_ERROR_BUSY))
    port = rt_practice_find_running (directory);
  if (port != 0)
    {
      g_clear_error (&reason);
      return g_strdup_printf ("http://127.0.0.1:%u", port);
    }
  g_propagate_error (error, reason);
  return NULL;
}

static char *
dup_base (RtSession *self, GError **error)
{
  if (self->source->base != NULL)
    return g_strdup (self->source->base);
  if (!self->account->is_practice)
    return g_strdup (RT_STRIPE_HOST);
  if (!rt_session_is_reachable (self))
    return g_strdup (UNREACHABLE);
  return dup_practice_base (self, error);
}

static char *
dup_key (RtSession *self, GCancellable *cancellable, GError **error)
{
  const RtAccount *account = self->account;
  g_autoptr (GError) reason = NULL;
  char *key;
  gboolean is_live = FALSE;

  if (account->is_practice)
    return g_strdup (PRACTICE_KEY);
  if (self->source->environment_key != NULL)
    key = g_strdup (self->source->environment_key);
  else
    key = rt_keyring_lookup (self->source->run_keys, account->id, account->is_live, NULL, NULL);
  if (key == NULL)
    key = rt_keyring_lookup (self->source->keyring, account->id, account->is_live, cancellable,
                             error);
  if (key == NULL)
    return NULL;
  if (!rt_stripe_key_check (key, &is_live, NULL, &reason))
    rt_set_error (error, RT_ERROR_KEY, "key", "%s", reason->message);
  else if (is_live != account->is_live)
    rt_set_error (error, RT_ERROR_KEY, "key",
                  _ ("The key is for the other mode (test or live). Nothing was sent."));
  else
    return key;
  rt_stripe_key_free (key);
  return NULL;
}

static gboolean
bind_cb (const char *stripe_account, gpointer user_data, GError **error)
{
  RtSession *self = user_data;

  return rt_accounts_bind (self->accounts, self->account->id, stripe_account, error);
}

static void
progress_cb (guint n_read, guint n_known, gpointer user_data)
{
  RtSession *self = user_data;

  if (self->progress != NULL)
    self->progress (n_read, n_known, self->progress_data);
}

void
rt_session_set_progress (RtSession *self, RtSessionProgress progress, gpointer user_data)
{
  self->progress = progress;
  self->progress_data = user_data;
}

gboolean
rt_session_sync (RtSession *self, RtSyncFlags flags, GCancellable *cancellable,
                 RtSyncReport *report, GError **error)
{
  g_autofree char *base = NULL;
  char *key = dup_key (self, cancellable, error);
  gboolean is_good = FALSE;

  *report = (RtSyncReport){ 0 };
  rt_session_back_up (self, NULL);
  rt_queue_count (self->store, &report->n_pending, &report->n_rejected, &report->n_conflicts, NULL);
  if (key != NULL)
    base = dup_base (self, error);
  if (base != NULL)
    is_good
        = rt_sync_run (self->store, &(RtSyncPeer){ base, key, bind_cb, self, NULL, progress_cb },
                       flags, cancellable, report, error);
  rt_stripe_key_free (key);
  return is_good;
}

typedef struct
{
  RtSyncFlags flags;
  RtSyncReport report;
} SyncTask;

static void
sync_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  SyncTask *data = task_data;
  GError *error = NULL;

  if (rt_session_sync (RT_SESSION (source), data->flags, cancellable, &data->report, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
rt_session_sync_async (RtSession *self, RtSyncFlags flags, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SyncTask *data = g_new0 (SyncTask, 1);

  data->flags = flags;
  /* The report tells more than "cancelled" would. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, data, g_free);
  g_task_run_in_thread (task, sync_thread);
}

gboolean
rt_session_sync_finish (RtSession *self, GAsyncResult *result, RtSyncReport *report, GError **error)
{
  *report = ((SyncTask *) g_task_get_task_data (G_TASK (result)))->report;
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
rt_session_verify (RtSession *self, GCancellable *cancellable, GError **error)
{
  RtSyncReport report;

  return rt_session_sync (self, 0, cancellable, &report, error);
}

gboolean
rt_session_verify_replica (RtSession *self, gboolean is_repairing, GCancellable *cancellable,
                           RtVerifyReport *report, GError **error)
{
  g_autofree char *base = NULL;
  char *key = dup_key (self, cancellable, error);
  gboolean is_verified = FALSE;

  *report = (RtVerifyReport){ 0 };
  if (key != NULL)
    base = dup_base (self, error);
  if (base != NULL)
    is_verified
        = rt_sync_verify (self->store, &(RtSyncPeer){ base, key, bind_cb, self, NULL, progress_cb },
                          is_repairing, cancellable, report, error);
  rt_stripe_key_free (key);
  return is_verified;
}

gboolean
rt_session_rebuild_replica (RtSession *self, GCancellable *cancellable, GError **error)
{
  return rt_session_verify (self, cancellable, error)
         && rt_sync_rebuild (self->store, cancellable, error);
}

gboolean
rt_session_back_up (RtSession *self, GError **error)
{
  GError *reason = NULL;
  gboolean is_made = rt_backup_daily (self->store, &reason);

  g_mutex_lock (&self->mutex);
  g_free (self->backup_problem);
  self->backup_problem = is_made ? NULL : g_strdup (reason->message);
  g_mutex_unlock (&self->mutex);
  if (is_made)
    return TRUE;
  g_propagate_error (error, reason);
  return FALSE;
}

gboolean
rt_session_restore (RtSession *self, const char *name, GCancellable *cancellable,
                    RtRestored *restored, GError **error)
{
  return rt_sync_restore (self->store, name, cancellable, restored, error);
}

char *
rt_session_dup_restored_from (RtSession *self)
{
  return self->was_set_aside ? rt_store_dup_setting (self->store, "restored-from") : NULL;
}

/* That there is no backup, and what there was one for. */
static void
check_backup (RtSession *self, GPtrArray *problems)
{
  g_autofree char *name = rt_session_dup_restored_from (self);

  if (name != NULL)
    g_ptr_array_add (problems,
                     g_strdup_printf (_ ("What was missing was brought back from the backup %s."),
                                      name));
  g_mutex_lock (&self->mutex);
  if (self->backup_problem != NULL)
    g_ptr_array_add (problems, g_strdup (self->backup_problem));
  g_mutex_unlock (&self->mutex);
}

gint64
rt_session_get_clock_error (RtSession *self)
{
  g_autofree char *text = rt_store_dup_setting (self->store, RT_STORE_SKEW);
  gint64 skew = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;

  /* The clock of the practice Stripe can be moved. */
  return self->account->is_practice || ABS (skew) <= SKEW_TOLERANCE ? 0 : skew;
}

static void
check_clock (RtSession *self, GPtrArray *problems)
{
  gint64 skew = rt_session_get_clock_error (self);

  if (skew != 0)
    g_ptr_array_add (
        problems, g_strdup_printf (_ ("This computer's clock differs from Stripe's by %d seconds."),
                                   (int) skew));
}

void
rt_session_check (RtSession *self, GCancellable *cancellable, GPtrArray *problems)
{
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) key_error = NULL;
  char *key = dup_key (self, cancellable, &key_error);

  if (key == NULL)
    g_ptr_array_add (problems, g_strdup (key_error->message));
  rt_stripe_key_free (key);
  if (!rt_store_check (self->store, &store_error))
    g_ptr_array_add (problems, g_strdup (store_error->message));
  if (self->was_set_aside)
    g_ptr_array_add (problems,
                     g_strdup (_ ("The replica was damaged. It was set aside and made anew.")));
  check_backup (self, problems);
  check_clock (self, problems);
}
