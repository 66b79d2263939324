/* What happens on the way to Stripe: a push that is cancelled at any moment, answers that are none.
 */

#include <string.h>

#include "rt-push.h"
#include "rt-store-listing.h"
#include "rt-store-object.h"
#include "sync-fixture.h"

/* HTTP, but on the way something happens. */
#define LINE_TYPE (line_get_type ())
G_DECLARE_FINAL_TYPE (Line, line, LINE, TRANSPORT, GObject)

/* When the sync is cancelled: once the first request left, came back, or waits for its next time */
typedef enum
{
  CANCEL_NEVER,
  CANCEL_SENT,
  CANCEL_ANSWERED,
  CANCEL_WAITING,
} CancelMoment;

struct _Line
{
  GObject parent_instance;

  RtTransport *inner;        /* (owned) */
  GCancellable *cancellable; /* (owned): of the push */
  CancelMoment moment;
  const char *asked;  /* how what has its first answer spoilt begins, as "POST /v1/coupons" */
  const char *spoilt; /* (nullable): what that answer is instead */
  guint status;       /* its status */
  guint n_refused;    /* so many cursors are refused */
  guint n_sent;
};

static void line_iface_init (RtTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Line, line, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RT_TYPE_TRANSPORT, line_iface_init))

static void
line_finalize (GObject *object)
{
  Line *self = LINE_TRANSPORT (object);

  g_object_unref (self->inner);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (line_parent_class)->finalize (object);
}

static void
line_class_init (LineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = line_finalize;
}

static void
line_init (Line *self)
{
  self->inner = rt_transport_new_http ();
  self->cancellable = g_cancellable_new ();
}

static gboolean
line_cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
  return G_SOURCE_REMOVE;
}

static void
line_carried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Line *self = g_task_get_source_object (task);
  RtHttpReply *reply = rt_transport_send_finish (RT_TRANSPORT (source), result);
  const char *spoilt = g_task_get_task_data (task);

  if (spoilt != NULL)
    {
      g_clear_pointer (&reply->body, g_bytes_unref);
      reply->body = g_bytes_new_static (spoilt, strlen (spoilt));
      reply->status = self->status;
    }
  if (self->moment == CANCEL_ANSWERED)
    g_cancellable_cancel (self->cancellable);
  else if (self->moment == CANCEL_WAITING) /* before time passes, which is what happens last */
    g_idle_add (line_cancel_cb, self->cancellable);
  self->moment = CANCEL_NEVER;
  g_task_return_pointer (task, reply, (GDestroyNotify) rt_http_reply_free);
}

/* Returns: (nullable): what the answer to @request is instead */
static const char *
line_spoil (Line *self, const RtHttpRequest *request)
{
  g_autofree char *asked = g_strconcat (request->method, " ", request->path, NULL);

  if (self->n_refused > 0 && strstr (request->path, "starting_after=") != NULL)
    {
      self->n_refused--;
      self->status = 400;
      return "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"No such cursor.\"}}";
    }
  return self->asked != NULL && g_str_has_prefix (asked, self->asked)
             ? g_steal_pointer (&self->spoilt)
             : NULL;
}

static void
line_send_async (RtTransport *transport, const RtHttpRequest *request, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data)
{
  Line *self = LINE_TRANSPORT (transport);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  self->n_sent++;
  g_task_set_task_data (task, (gpointer) line_spoil (self, request), NULL);
  rt_transport_send_async (self->inner, request, cancellable, line_carried_cb, task);
  if (self->moment == CANCEL_SENT)
    g_cancellable_cancel (self->cancellable);
}

static RtHttpReply *
line_send_finish (RtTransport *transport, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
line_iface_init (RtTransportInterface *iface)
{
  iface->send_async = line_send_async;
  iface->send_finish = line_send_finish;
}

static void
pushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* A push over @line, in this thread. */
static gboolean
push_over (Fixture *f, Line *line, GError **error)
{
  g_autoptr (RtStripeClient) client
      = rt_stripe_client_new (f->clock, RT_TRANSPORT (line), f->base, f->key, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  gint64 order = 0;

  rt_store_get_order (f->store, &order, NULL);
  rt_stripe_client_set_order (client, order);
  rt_push_async (f->store, client, line->cancellable, pushed_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return rt_push_finish (result, error);
}

/* Cancelled with eight requests under way: none is a failure of theirs, and no other is begun. */
static void
test_cancelled_under_way (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  g_autoptr (GPtrArray) changes = NULL;
  GError *error = NULL;

  for (guint i = 0; i < 20; i++)
    g_free (add_coupon (f, "Ten", NULL));
  line->moment = CANCEL_SENT;
  g_assert_false (push_over (f, line, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_cmpuint (line->n_sent, ==, 8);
  changes = rt_change_list (f->store, NULL);
  g_assert_cmpuint (changes->len, ==, 20);
  for (guint i = 0; i < changes->len; i++)
    {
      const RtChange *change = g_ptr_array_index (changes, i);
      const RtRequest *request = g_ptr_array_index (change->requests, 0);

      g_assert_cmpint (request->next_attempt_at, ==, 0);
      g_assert_cmpstr (request->state, !=, "sending");
      if (i >= 8)
        g_assert_cmpstr (request->state, ==, "pending");
    }
  sync_all (f);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 20);
  assert_no_double (f);
}

/* Cancelled as an answer comes: it is kept, and the next step waits for the next sync. */
static void
test_cancelled_when_answered (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;

  line->moment = CANCEL_ANSWERED;
  g_assert_false (push_over (f, line, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_cmpuint (line->n_sent, ==, 1);
  change = only_change (f);
  g_assert_cmpstr (((RtRequest *) g_ptr_array_index (change->requests, 0))->state, ==, "done");
  sync_all (f);
  g_assert_cmpint (count_requests (f, "POST /v1/products"), ==, 1);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_SYNCED);
}

/* Cancelled while the next attempt is not due yet: there is none. */
static void
test_cancelled_while_waiting (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  GError *error = NULL;

  g_free (add_coupon (f, "Ten", NULL));
  fault (f, "{\"fault\":\"status\",\"status\":429,\"match\":\"POST /v1/coupons\",\"count\":1}");
  line->moment = CANCEL_WAITING;
  g_assert_false (push_over (f, line, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_cmpuint (line->n_sent, ==, 1);
  sync_all (f);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
}

/* Nobody who cancels waits for the next attempt. By a real clock: the fake one never waits. */
static void
test_cancelled_wait_ends (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  g_autoptr (RtChange) change = NULL;
  const RtRequest *request;
  GError *error = NULL;

  rt_clock_unref (f->clock);
  f->clock = rt_clock_new_system ();
  fixture_reopen (f);
  g_free (add_coupon (f, "Ten", NULL));
  fault (f, "{\"fault\":\"status\",\"status\":429,\"retry_after\":15,\"count\":1,"
            "\"match\":\"POST /v1/coupons\"}");
  line->moment = CANCEL_WAITING;
  g_assert_false (push_over (f, line, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  change = only_change (f);
  request = g_ptr_array_index (change->requests, 0);
  g_assert_cmpint (rt_clock_now (f->clock), <, request->next_attempt_at);
}

/* Cancelled while Stripe is asked whether it was done: that is still open, and asked first. */
static void
test_cancelled_while_asking (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  g_autoptr (RtChange) change = NULL;
  const RtRequest *request;
  RtSyncReport report;
  GError *error = NULL;
  gint64 n_sent;

  g_free (add_coupon (f, "Ten", "TEN"));
  fault (f, "{\"fault\":\"drop_after\",\"match\":\"POST /v1/coupons\",\"count\":0}");
  g_assert_false (sync_once (f, RT_SYNC_PUSH, &report, &error));
  g_clear_error (&error);
  clear_faults (f);
  n_sent = count_requests (f, "POST /v1/coupons");
  rt_clock_advance (f->clock, 25 * HOUR);
  line->moment = CANCEL_SENT;
  g_assert_false (push_over (f, line, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_OFFLINE);
  g_clear_error (&error);
  change = only_change (f);
  request = g_ptr_array_index (change->requests, 0);
  g_assert_cmpstr (request->state, ==, "unknown");
  g_assert_cmpint (request->next_attempt_at, ==, 0);
  sync_all (f);
  g_assert_cmpint (count_requests (f, "POST /v1/coupons"), ==, n_sent);
  g_assert_cmpint (count_objects (f, "coupon"), ==, 1);
}

/* A sign-in page does not say that something is gone, whatever its status (TRAPS C2). */
static void
test_missing_says_somebody_else (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtProduct) product = NULL;
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_set_archived (f->store, id, TRUE, &error));
  line->asked = "GET /v1/products/";
  line->spoilt = "<html>Not found</html>";
  line->status = 404;
  g_assert_true (push_over (f, line, &error));
  g_assert_no_error (error);
  g_assert_null (line->spoilt);
  product = rt_store_find_product (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (product->state, ==, RT_STATE_ARCHIVED);
  g_assert_cmpint (count_requests (f, "POST /v1/products/{id}"), ==, 2);
}

/* Half an answer about prices is none: it is asked for again. */
static void
test_prices_without_list (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  g_autofree char *id = add_product (f, "One");
  g_autoptr (RtDraft) typed = draft ("amount", "59", NULL);
  GError *error = NULL;

  sync_all (f);
  rt_product_unref (rt_product_update (f->store, id, typed, &error));
  line->asked = "GET /v1/prices?";
  line->spoilt = "{\"object\":\"list\"}";
  line->status = 200;
  g_assert_true (push_over (f, line, &error));
  g_assert_no_error (error);
  g_assert_null (line->spoilt);
  g_assert_cmpint (count_requests (f, "GET /v1/products/{id}"), ==, 2);
  g_assert_cmpint (product_state (f, id), ==, RT_STATE_SYNCED);
}

/* Stripe says yes and does not say to what: that is no answer, and the same key asks again. */
static void
test_answer_without_object (Fixture *f, gconstpointer data)
{
  static const char *const answers[]
      = { "{}", "{\"id\":\"TEN\"}", "{\"object\":\"coupon\"}", "{\"id\":7,\"object\":\"coupon\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
      GError *error = NULL;

      g_test_message ("%s", answers[i]);
      g_free (add_coupon (f, "Ten", NULL));
      line->asked = "POST /v1/coupons";
      line->spoilt = answers[i];
      line->status = 200;
      g_assert_true (push_over (f, line, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (line->n_sent, ==, 2);
      g_assert_cmpuint (count_changes (f), ==, 0);
      g_assert_cmpint (count_objects (f, "coupon"), ==, i + 1);
    }
  assert_no_double (f);
}

/* "There is one already" is looked into, by whatever handle it is said: what is there is ours. */
static void
test_says_exists (Fixture *f, gconstpointer data)
{
  static const char *const rows[][2] = {
    { "POST /v1/billing/meters", "{\"error\":{\"message\":\"Taken.\",\"param\":\"event_name\"}}" },
    { "POST /v1/prices", "{\"error\":{\"message\":\"Taken.\",\"param\":\"lookup_key\"}}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
      g_autofree char *id = add_base_with_usage (f, rows[i][0]);
      GError *error = NULL;

      line->asked = rows[i][0];
      line->spoilt = rows[i][1];
      line->status = 400;
      g_assert_true (push_over (f, line, &error));
      g_assert_no_error (error);
      g_assert_null (line->spoilt);
      g_assert_cmpint (product_state (f, id), ==, RT_STATE_SYNCED);
      g_assert_cmpint (count_objects (f, "price"), ==, 2 * (i + 1));
    }
  g_assert_cmpint (count_objects (f, "billing.meter"), ==, 1);
}

/* A cursor that is refused again and again is an error, and not asked for for ever: all of one
 * second, so that no reading gets further than the one before. */
static void
test_cursor_never_good (Fixture *f, gconstpointer data)
{
  g_autoptr (Line) line = g_object_new (LINE_TYPE, NULL);
  RtSyncPeer peer = { .transport = RT_TRANSPORT (line), .base = f->base, .key = f->key };
  RtSyncReport report;
  GError *error = NULL;

  for (guint i = 0; i < 130; i++)
    json_object_unref (outside (f, "POST", "/v1/customers", "name=Twin"));
  line->n_refused = 40;
  g_assert_false (rt_sync_run (f->store, &peer, RT_SYNC_PULL, NULL, &report, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (line->n_refused, >, 30);
  line->n_refused = 0;
  g_assert_true (rt_sync_run (f->store, &peer, RT_SYNC_PULL, NULL, &report, &error));
  g_assert_cmpuint (rt_store_count_objects (f->store, "customer"), ==, 130);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/line/c3-cancelled-under-way", test_cancelled_under_way);
  ADD ("/line/c3-cancelled-when-answered", test_cancelled_when_answered);
  ADD ("/line/c3-cancelled-while-waiting", test_cancelled_while_waiting);
  ADD ("/line/c3-cancelled-wait-ends", test_cancelled_wait_ends);
  ADD ("/line/c3-cancelled-while-asking", test_cancelled_while_asking);
  ADD ("/line/c2-missing-says-somebody-else", test_missing_says_somebody_else);
  ADD ("/line/b13-prices-without-list", test_prices_without_list);
  ADD ("/line/says-exists", test_says_exists);
  ADD ("/line/answer-without-object", test_answer_without_object);
  ADD ("/line/a12-cursor-never-good", test_cursor_never_good);
  return g_test_run ();
}
