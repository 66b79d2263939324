#include <string.h>

#include "rt-stripe-client.h"
#include "sim-disk.h"
#include "sim.h"

/* What left is repeated for ten minutes (RT_QUEUE_STRAY_LIFE). */
#define REPEATED_WITHIN (11 * 60 * (gint64) G_USEC_PER_SEC)

/* How a request fares. */
typedef enum
{
  FATE_WELL,
  FATE_UNREACHED,   /* no byte left */
  FATE_DROP_BEFORE, /* never arrives */
  FATE_DROP_AFTER,  /* is done, the answer is lost */
  FATE_TWICE,       /* is delivered twice */
  FATE_LATE,        /* is given up here and arrives later */
  FATE_TRUNCATED,
  FATE_PORTAL,
  FATE_BUSY,
  FATE_LOCKED,
  FATE_FAULT_BEFORE, /* 500, nothing done */
  FATE_FAULT_AFTER,  /* 500, done, and replayed to the same key */
  FATE_KEY,          /* 401 */
  N_FATES,
} Fate;

static const char *const fates[] = { "well",  "unreached", "dropped before", "dropped after",
                                     "twice", "late",      "truncated",      "portal",
                                     "429",   "409",       "500 before",     "500 after",
                                     "401" };

/* A request that is still somewhere. */
typedef struct
{
  char *method;
  char *path;
  char *body;
  char *idempotency_key;
  gint64 arrives_at;
  gint64 offset; /* of the clock of the computer that sent it, then */
} Late;

#define SIM_TYPE_NETWORK (sim_network_get_type ())
G_DECLARE_FINAL_TYPE (SimNetwork, sim_network, SIM, NETWORK, GObject)

struct _SimNetwork
{
  GObject parent_instance;

  Computer *computer;
};

static void sim_network_iface_init (RtTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SimNetwork, sim_network, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RT_TYPE_TRANSPORT, sim_network_iface_init))

/* One request and its answer: the data of its task. */
typedef struct
{
  Late request;
  Fate fate;
  guint n_hops; /* others may overtake it so often */
  gboolean is_carried;
  GCancellable *cancellable;
  RtHttpReply *reply;
} Carrying;

static void
late_clear (Late *late)
{
  g_free (late->method);
  g_free (late->path);
  g_free (late->body);
  g_free (late->idempotency_key);
}

static void
late_free (gpointer late)
{
  late_clear (late);
  g_free (late);
}

static void
carrying_free (gpointer data)
{
  Carrying *carrying = data;

  late_clear (&carrying->request);
  g_clear_object (&carrying->cancellable);
  rt_http_reply_free (carrying->reply);
  g_free (carrying);
}

static void
sim_network_class_init (SimNetworkClass *klass)
{
}

static void
sim_network_init (SimNetwork *self)
{
}

/* Nothing may be done for a person after the time for which it was decided (TRAPS B23). */
static void
check_expiry (Sim *sim, const Late *request)
{
  GHashTableIter iter;
  gpointer text, expires_at;

  if (request->body == NULL)
    return;
  g_hash_table_iter_init (&iter, sim->expires);
  while (g_hash_table_iter_next (&iter, &text, &expires_at))
    if (strstr (request->body, text) != NULL
        && rt_clock_now (sim->clock) + request->offset > *(gint64 *) expires_at)
      sim_fail (sim, "sent after its expiry: %s", request->body);
}

/* Whether @part of a body puts something else in the place of what the Dashboard wrote. */
static gboolean
replaces_unseen (Computer *computer, const char *part, const char *field, const char *value)
{
  gsize length = strlen (field);

  return g_str_has_prefix (part, field) && part[length] == '='
         && !g_str_equal (part + length + 1, value)
         && g_ascii_strtoull (value + strlen ("Dash"), NULL, 10) <= computer->n_names
         && !sim_person_has_seen (computer, value);
}

/* Whether a part of a body chooses a price of the same amount. */
static gboolean
costs_the_same (Sim *sim, const char *part, JsonObject *price)
{
  g_autofree char *path = g_strconcat ("/v1/prices/", strchr (part, '=') + 1, NULL);
  g_autoptr (JsonObject) chosen = price != NULL ? sim_ask (sim, "GET", path, NULL) : NULL;
  gint64 before = 0, after = -1;

  rt_json_int (price, "unit_amount", &before);
  rt_json_int (chosen, "unit_amount", &after);
  return before == after;
}

/* What the Dashboard wrote into a field; the name it gave to the price that it chose. */
static const char *
written (JsonObject *now, const char *field)
{
  JsonObject *price = rt_json_object (now, field);
  const char *text
      = rt_json_string (price != NULL ? price : now, price != NULL ? "nickname" : field);

  return text != NULL && g_str_has_prefix (text, "Dash") ? text : NULL;
}

static gboolean
is_update (const char *path)
{
  return g_str_has_prefix (path, "/v1/customers/") || g_str_has_prefix (path, "/v1/products/")
         || g_str_has_prefix (path, "/v1/coupons/");
}

static void
note_sent (Sim *sim, const char *key)
{
  gint64 now = rt_clock_now (sim->clock);

  if (!g_hash_table_contains (sim->sent, key))
    g_hash_table_insert (sim->sent, g_strdup (key), g_memdup2 (&now, sizeof now));
}

/* Whether something may have been done with this key a moment ago. */
static gboolean
is_repetition (Sim *sim, const char *key)
{
  const gint64 *sent_at = g_hash_table_lookup (sim->sent, key);

  return sent_at != NULL && rt_clock_now (sim->clock) - *sent_at <= REPEATED_WITHIN;
}

/* What somebody else wrote before this sync is never replaced unseen (TRAPS B13). What repeats a
 * request takes no new decision for a while. */
static void
check_overwrite (Computer *computer, const Late *request)
{
  static const char *const fields[] = { "name", "description", "default_price" };
  Sim *sim = computer->sim;
  g_auto (GStrv) parts = NULL;
  g_autofree char *path = NULL;
  g_autoptr (JsonObject) now = NULL;

  if (request->idempotency_key == NULL || request->body == NULL || !is_update (request->path)
      || is_repetition (sim, request->idempotency_key))
    return;
  path = g_strconcat (request->path,
                      g_str_has_prefix (request->path, "/v1/products/") ? "?expand[0]=default_price"
                                                                        : "",
                      NULL);
  now = sim_ask (sim, "GET", path, NULL);
  parts = g_strsplit (request->body, "&", -1);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *value = written (now, fields[i]);

      for (char **part = parts; value != NULL && *part != NULL; part++)
        if (replaces_unseen (computer, *part, fields[i], value)
            && !costs_the_same (sim, *part, rt_json_object (now, fields[i])))
          sim_fail (sim, "computer %u replaces unseen: %s %s by %s", computer->number,
                    request->path, value, *part);
    }
}

static void
execute (Sim *sim, const Late *request, RtPracticeReply *reply)
{
  RtPracticeMessage message = { .method = request->method,
                                .path = request->path,
                                .body = request->body,
                                .authorization = "Bearer sk_test_sim",
                                .key = request->idempotency_key,
                                .version = RT_STRIPE_VERSION };

  rt_practice_call (sim->practice, &message, reply);
  if (reply->status == 400 && reply->body != NULL
      && (strstr (reply->body, "idempotency_error") != NULL
          || strstr (reply->body, "parameter_unknown") != NULL))
    sim_fail (sim, "%s %s %s: %s", request->method, request->path, request->body, reply->body);
}

static void
execute_and_forget (Sim *sim, const Late *request)
{
  RtPracticeReply reply = { 0 };

  execute (sim, request, &reply);
  rt_practice_reply_clear (&reply);
}

void
sim_network_deliver_late (Sim *sim, gboolean is_all)
{
  for (guint i = sim->late != NULL ? sim->late->len : 0; i > 0; i--)
    {
      const Late *late = g_ptr_array_index (sim->late, i - 1);

      if (!is_all && late->arrives_at > rt_clock_now (sim->clock))
        continue;
      sim_tell (sim, "  arrives late: %s %s", late->method, late->path);
      execute_and_forget (sim, late);
      g_ptr_array_remove_index (sim->late, i - 1);
    }
}

static void
add_late (Sim *sim, const Late *request)
{
  Late *late = g_new0 (Late, 1);

  late->method = g_strdup (request->method);
  late->path = g_strdup (request->path);
  late->body = g_strdup (request->body);
  late->idempotency_key = g_strdup (request->idempotency_key);
  late->offset = request->offset;
  late->arrives_at = rt_clock_now (sim->clock) + (gint64) (sim_pick (sim, 60) + 1) * G_USEC_PER_SEC;
  g_ptr_array_add (sim->late, late);
}

static RtHttpReply *
broken (gboolean has_left)
{
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);

  reply->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "simulated");
  reply->has_left = has_left;
  return reply;
}

static RtHttpReply *
stated (Computer *computer, guint status, const char *code)
{
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);
  char *body = g_strdup_printf ("{\"error\":{\"type\":\"api_error\",\"code\":\"%s\",\"message\":"
                                "\"simulated\"}}",
                                code);

  reply->has_left = TRUE;
  reply->status = status;
  reply->date = rt_clock_now_seconds (computer->sim->clock);
  reply->request_id = g_strdup ("req_sim");
  reply->body = g_bytes_new_take (body, strlen (body));
  return reply;
}

static RtHttpReply *
portal (Sim *sim)
{
  static const char page[] = "<html>Welcome to our Wi-Fi</html>";
  static const guint statuses[] = { 200, 302, 404, 503 };
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);

  reply->has_left = TRUE;
  reply->status = statuses[sim_pick (sim, G_N_ELEMENTS (statuses))];
  reply->date = 365 * 24 * 3600; /* the router's clock has never been set */
  reply->body = g_bytes_new_static (page, sizeof page - 1);
  return reply;
}

static void
order_fault_after (Sim *sim)
{
  g_autoptr (JsonObject) order = json_object_new ();

  json_object_set_string_member (order, "fault", "execute_then_status");
  json_object_set_int_member (order, "status", 500);
  json_object_set_int_member (order, "count", 1);
  json_object_set_string_member (order, "match", "");
  if (sim_chance (sim, 500))
    json_object_set_boolean_member (order, "should_retry", FALSE);
  rt_practice_add_fault (sim->practice, order);
}

static RtHttpReply *
ask_practice (Computer *computer, const Late *request, Fate fate)
{
  Sim *sim = computer->sim;
  RtPracticeReply answer = { 0 };
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);
  gsize length;

  if (fate == FATE_FAULT_AFTER)
    order_fault_after (sim);
  if (fate == FATE_TWICE)
    execute_and_forget (sim, request);
  execute (sim, request, &answer);
  length = answer.body != NULL ? strlen (answer.body) : 0;
  if (fate == FATE_TRUNCATED)
    length /= 2;
  reply->has_left = TRUE;
  reply->status = answer.status;
  reply->date = answer.date;
  reply->request_id = g_strdup (answer.request_id);
  reply->should_retry
      = answer.should_retry < 0 ? NULL : g_strdup (answer.should_retry != 0 ? "true" : "false");
  reply->body = g_bytes_new (answer.body, length);
  rt_practice_reply_clear (&answer);
  return reply;
}

static RtHttpReply *
carry (Computer *computer, const Late *request, Fate fate)
{
  Sim *sim = computer->sim;

  check_expiry (sim, request);
  if (request->idempotency_key != NULL && fate != FATE_UNREACHED
      && ((fate != FATE_BUSY && fate != FATE_KEY) || sim_disk_is_doomed (computer->folder)))
    note_sent (sim, request->idempotency_key);
  switch (fate)
    {
    case FATE_UNREACHED:
      return broken (FALSE);
    case FATE_DROP_BEFORE:
      return broken (TRUE);
    case FATE_DROP_AFTER:
      execute_and_forget (sim, request);
      return broken (TRUE);
    case FATE_LATE:
      add_late (sim, request);
      return broken (TRUE);
    case FATE_PORTAL:
      return portal (sim);
    case FATE_BUSY:
      return stated (computer, 429, "rate_limit");
    case FATE_LOCKED:
      return stated (computer, 409, "lock_timeout");
    case FATE_FAULT_BEFORE:
      return stated (computer, 500, "api_error");
    case FATE_KEY:
      return stated (computer, 401, "api_key_expired");
    default:
      return ask_practice (computer, request, fate);
    }
}

static Fate
draw_fate (Sim *sim, gboolean is_get)
{
  Fate fate;

  if (!sim_chance (sim, sim->trouble))
    return FATE_WELL;
  fate = (Fate) (1 + sim_pick (sim, N_FATES - 1));
  if (is_get && (fate == FATE_LATE || fate == FATE_TWICE))
    fate = FATE_DROP_AFTER;
  return fate;
}

/* While it waits, other things happen: to this computer, to the other one, at Stripe. */
static void
live_on (Computer *computer)
{
  Sim *sim = computer->sim;
  Computer *other = &sim->computers[1 - computer->number];

  if (computer->die_in > 0 && --computer->die_in == 0)
    {
      sim_tell (sim, "  computer %u dies", computer->number);
      sim_disk_die (computer->folder);
    }
  if (computer->cancel_in > 0 && --computer->cancel_in == 0)
    g_cancellable_cancel (computer->cancellable);
  if (sim->depth > 1)
    return;
  sim->depth++;
  if (sim_chance (sim, 60) && !sim_disk_is_dead (computer->folder))
    sim_person_act (computer);
  if (sim_chance (sim, 40))
    sim_dashboard_act (sim);
  if (sim_chance (sim, 30) && other->store != NULL && !other->is_syncing)
    computer_sync (other, RT_SYNC_PUSH | RT_SYNC_PULL);
  sim->depth--;
}

static gboolean
hop_cb (gpointer user_data)
{
  GTask *task = user_data;
  SimNetwork *self = g_task_get_source_object (task);
  Computer *computer = self->computer;
  Carrying *carrying = g_task_get_task_data (task);
  gboolean is_dead = sim_disk_is_dead (computer->folder);

  computer_keep_time (computer);
  if (!carrying->is_carried)
    {
      carrying->is_carried = TRUE;
      sim_network_deliver_late (computer->sim, FALSE);
      /* Who dies while sending does not know whether something left. */
      if ((is_dead || sim_disk_is_doomed (computer->folder))
          && carrying->request.idempotency_key != NULL)
        note_sent (computer->sim, carrying->request.idempotency_key);
      if (g_cancellable_is_cancelled (carrying->cancellable) || is_dead)
        carrying->reply = broken (FALSE);
      else
        carrying->reply = carry (computer, &carrying->request, carrying->fate);
      live_on (computer);
    }
  if (carrying->n_hops-- > 0)
    {
      g_autoptr (GSource) hop = rt_clock_timer_new (computer->clock, 1000);

      g_source_set_callback (hop, hop_cb, task, NULL);
      g_source_attach (hop, g_task_get_context (task));
      return G_SOURCE_REMOVE;
    }
  /* Nobody hears the answer, not even that nothing was done. */
  if (sim_disk_is_dead (computer->folder) && carrying->reply->error == NULL)
    {
      if (carrying->request.idempotency_key != NULL)
        note_sent (computer->sim, carrying->request.idempotency_key);
      rt_http_reply_free (carrying->reply);
      carrying->reply = broken (TRUE);
    }
  g_task_return_pointer (task, g_steal_pointer (&carrying->reply),
                         (GDestroyNotify) rt_http_reply_free);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

static void
sim_network_send_async (RtTransport *transport, const RtHttpRequest *request,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  SimNetwork *self = SIM_NETWORK (transport);
  Sim *sim = self->computer->sim;
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Carrying *carrying = g_new0 (Carrying, 1);
  g_autoptr (GSource) hop
      = rt_clock_timer_new (self->computer->clock, (gint64) (sim_pick (sim, 500) + 1) * 1000);

  carrying->request.method = g_strdup (request->method);
  carrying->request.path = g_strdup (request->path);
  carrying->request.body = g_strdup (request->body);
  carrying->request.idempotency_key = g_strdup (request->idempotency_key);
  carrying->request.offset = self->computer->offset;
  carrying->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  carrying->fate = draw_fate (sim, g_str_equal (request->method, "GET"));
  carrying->n_hops = sim_pick (sim, 4);
  sim_tell (sim, "  %u: %s %.90s %s (%s)", self->computer->number, request->method, request->path,
            request->body != NULL ? request->body : "", fates[carrying->fate]);
  check_overwrite (self->computer, &carrying->request);
  g_task_set_task_data (task, carrying, carrying_free);
  g_source_set_callback (hop, hop_cb, task, NULL);
  g_source_attach (hop, g_task_get_context (task));
}

static RtHttpReply *
sim_network_send_finish (RtTransport *transport, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
sim_network_iface_init (RtTransportInterface *iface)
{
  iface->send_async = sim_network_send_async;
  iface->send_finish = sim_network_send_finish;
}

RtTransport *
sim_network_new (Computer *computer)
{
  SimNetwork *self = g_object_new (SIM_TYPE_NETWORK, NULL);

  self->computer = computer;
  computer->sim->late = computer->sim->late != NULL ? computer->sim->late
                                                    : g_ptr_array_new_with_free_func (late_free);
  return RT_TRANSPORT (self);
}
