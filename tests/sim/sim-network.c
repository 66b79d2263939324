#include <string.h>

#include "sim-answer.h"
#include "sim-disk.h"
#include "sim-request.h"

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
  FATE_FAULT_AFTER, /* 500, done, and replayed to the same key */
  /* What Stripe says in place of doing it; see statuses. */
  FATE_REFUSED,
  FATE_KEY,
  FATE_CARD,
  FATE_PERMISSION,
  FATE_LOCKED,
  FATE_DEPENDENCY,
  FATE_BUSY,
  FATE_FAULT_BEFORE,
  FATE_UNAVAILABLE,
  N_FATES,
} Fate;

static const char *const fates[] = { "well",          "unreached", "dropped before",
                                     "dropped after", "twice",     "late",
                                     "truncated",     "portal",    "500 after",
                                     "400",           "401",       "402",
                                     "403",           "409",       "424",
                                     "429",           "500",       "503" };

static const guint statuses[N_FATES] = {
  [FATE_REFUSED] = 400,    [FATE_KEY] = 401,          [FATE_CARD] = 402,
  [FATE_PERMISSION] = 403, [FATE_LOCKED] = 409,       [FATE_DEPENDENCY] = 424,
  [FATE_BUSY] = 429,       [FATE_FAULT_BEFORE] = 500, [FATE_UNAVAILABLE] = 503,
};

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
  SimRequest request;
  Fate fate;
  guint n_hops; /* others may overtake it so often */
  gboolean is_carried;
  GCancellable *cancellable;
  RtHttpReply *reply;
} Carrying;

static void
carrying_free (gpointer data)
{
  Carrying *carrying = data;

  sim_request_clear (&carrying->request);
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

static void
execute_and_forget (Sim *sim, const SimRequest *request)
{
  RtPracticeReply reply = { 0 };

  sim_request_execute (sim, request, &reply);
  rt_practice_reply_clear (&reply);
}

void
sim_network_deliver_late (Sim *sim, gboolean is_all)
{
  for (guint i = sim->late != NULL ? sim->late->len : 0; i > 0; i--)
    {
      const SimRequest *late = g_ptr_array_index (sim->late, i - 1);

      if (!is_all && late->arrives_at > rt_clock_now (sim->clock))
        continue;
      sim_tell (sim, "  arrives late: %s %s", late->method, late->path);
      execute_and_forget (sim, late);
      g_ptr_array_remove_index (sim->late, i - 1);
    }
}

static void
add_late (Sim *sim, const SimRequest *request)
{
  SimRequest *late = g_new0 (SimRequest, 1);

  late->method = g_strdup (request->method);
  late->path = g_strdup (request->path);
  late->body = g_strdup (request->body);
  late->idempotency_key = g_strdup (request->idempotency_key);
  late->offset = request->offset;
  late->arrives_at = rt_clock_now (sim->clock) + (gint64) (sim_pick (sim, 60) + 1) * G_USEC_PER_SEC;
  g_ptr_array_add (sim->late, late);
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
ask_practice (Computer *computer, const SimRequest *request, Fate fate)
{
  Sim *sim = computer->sim;
  RtPracticeReply answer = { 0 };
  guint refusal = sim_request_get_refusal (sim, request);
  RtHttpReply *reply;
  gsize length;

  if (refusal != 0)
    return sim_answer_status (sim, refusal);
  if (fate == FATE_FAULT_AFTER)
    order_fault_after (sim);
  if (fate == FATE_TWICE)
    execute_and_forget (sim, request);
  sim_request_execute (sim, request, &answer);
  length = answer.body != NULL ? strlen (answer.body) : 0;
  if (fate == FATE_TRUNCATED)
    length /= 2;
  reply = g_new0 (RtHttpReply, 1);
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

static gboolean
is_refusal (guint status)
{
  return status == 400 || status == 402;
}

static RtHttpReply *
carry (Computer *computer, const SimRequest *request, Fate fate)
{
  Sim *sim = computer->sim;
  guint status = statuses[fate];

  sim_request_check_expiry (sim, request);
  if (is_refusal (status) && !sim_request_refuse (sim, request, status))
    return ask_practice (computer, request, FATE_WELL);
  if (status != 0)
    {
      RtHttpReply *reply = sim_answer_status (sim, status);

      sim_request_note_wait (computer, request, reply->retry_after);
      return reply;
    }
  switch (fate)
    {
    case FATE_UNREACHED:
      return sim_answer_broken (FALSE);
    case FATE_DROP_BEFORE:
      return sim_answer_broken (TRUE);
    case FATE_DROP_AFTER:
      execute_and_forget (sim, request);
      return sim_answer_broken (TRUE);
    case FATE_LATE:
      add_late (sim, request);
      return sim_answer_broken (TRUE);
    case FATE_PORTAL:
      return sim_answer_portal (sim);
    default:
      return ask_practice (computer, request, fate);
    }
}

/* A question neither arrives late, nor does it matter twice, nor does it cost anything. */
static Fate
draw_fate (Sim *sim, gboolean is_get)
{
  Fate fate;

  if (!sim_chance (sim, sim->trouble))
    return FATE_WELL;
  fate = (Fate) (1 + sim_pick (sim, N_FATES - 1));
  if (is_get && (fate == FATE_LATE || fate == FATE_TWICE))
    fate = FATE_DROP_AFTER;
  if (is_get && fate == FATE_CARD)
    fate = FATE_PERMISSION;
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
      if (g_cancellable_is_cancelled (carrying->cancellable) || is_dead)
        carrying->reply = sim_answer_broken (FALSE);
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
      rt_http_reply_free (carrying->reply);
      carrying->reply = sim_answer_broken (TRUE);
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
  computer_keep_time (self->computer);
  sim_request_check_overwrite (self->computer, &carrying->request);
  sim_request_check_wait (self->computer, &carrying->request);
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
  computer->sim->late = computer->sim->late != NULL
                            ? computer->sim->late
                            : g_ptr_array_new_with_free_func (sim_request_free);
  return RT_TRANSPORT (self);
}
