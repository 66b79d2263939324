#include "rt-practice-private.h"

#include <string.h>

#include "rt-error.h"
#include "rt-practice-account.h"
#include "rt-practice-door.h"
#include "rt-practice-error.h"
#include "rt-practice-event.h"
#include "rt-practice-json.h"
#include "rt-practice-lock.h"
#include "rt-practice-route.h"
#include "rt-practice-serve.h"

/* A journal is rewritten at the start when this many of its lines are dead, and most are. */
#define MAX_DEAD_LINES 200

G_DEFINE_FINAL_TYPE (RtPractice, rt_practice, G_TYPE_OBJECT)

gint64
rt_practice_now (RtPractice *self)
{
  return rt_clock_now_seconds (self->clock) + self->offset;
}

static void
take_line (JsonObject *line, gpointer user_data)
{
  RtPractice *self = RT_PRACTICE (user_data);
  JsonObject *record = rt_practice_json_object (line, "key");

  self->offset = rt_practice_json_int (line, "offset", self->offset);
  rt_practice_state_apply (self->core.state, line);
  if (record != NULL)
    rt_practice_keys_store (self->core.keys, record);
}

static gboolean
append (RtPractice *self, JsonObject *line, GError **error)
{
  return self->core.journal == NULL || rt_practice_journal_append (self->core.journal, line, error);
}

gboolean
rt_practice_advance (RtPractice *self, gint64 seconds, GError **error)
{
  g_autoptr (JsonObject) line = json_object_new ();

  json_object_set_int_member (line, "offset", self->offset + seconds);
  if (!append (self, line, error))
    return FALSE;
  self->offset += seconds;
  return TRUE;
}

static gboolean
make_account (RtPractice *self, GError **error)
{
  g_autoptr (JsonObject) line = json_object_new ();
  JsonArray *puts;

  if (rt_practice_account_get (self->core.state) != NULL)
    return TRUE;
  puts = json_array_new ();
  json_array_add_object_element (puts, rt_practice_account_new (self->core.state,
                                                                rt_practice_now (self)));
  json_object_set_array_member (line, "put", puts);
  if (!append (self, line, error))
    return FALSE;
  rt_practice_state_apply (self->core.state, line);
  return TRUE;
}

static gboolean
add_line (JsonObject *line, gpointer user_data)
{
  GString *text = user_data;
  g_autofree char *json = rt_practice_json_write (line, RT_PRACTICE_JSON_AS_IS);

  g_string_append (text, json);
  g_string_append_c (text, '\n');
  return TRUE;
}

/* The shortest journal that tells the same. */
static GString *
tell_all (RtPractice *self, GPtrArray *records)
{
  GString *text = g_string_new (NULL);
  g_autoptr (JsonObject) time = json_object_new ();

  json_object_set_int_member (time, "offset", self->offset);
  add_line (time, text);
  rt_practice_state_foreach (self->core.state, add_line, text);
  for (guint i = 0; i < records->len; i++)
    {
      g_autoptr (JsonObject) line = json_object_new ();

      json_object_set_object_member (line, "key", json_object_ref (g_ptr_array_index (records, i)));
      add_line (line, text);
    }
  return text;
}

static guint
n_live (RtPractice *self, GPtrArray *records)
{
  g_autoptr (JsonObject) counts = rt_practice_state_counts (self->core.state);
  g_autoptr (GList) values = json_object_get_values (counts);
  guint n = records->len;

  for (GList *l = values; l != NULL; l = l->next)
    n += (guint) json_node_get_int (l->data);
  return n;
}

static gboolean
compact (RtPractice *self, GError **error)
{
  g_autoptr (GPtrArray) records = rt_practice_keys_live (self->core.keys, rt_practice_now (self));
  guint n_lines = rt_practice_journal_n_lines (self->core.journal), n;
  GString *text;
  gboolean worked;

  rt_practice_state_expire (self->core.state,
                            rt_practice_now (self) - RT_PRACTICE_EVENT_DAYS * 24 * 60 * 60);
  n = n_live (self, records);
  if (n_lines <= 2 * n + MAX_DEAD_LINES)
    return TRUE;
  text = tell_all (self, records);
  worked = rt_practice_journal_rewrite (self->core.journal, text, error);
  g_string_free (text, TRUE);
  return worked;
}

RtPractice *
rt_practice_new (RtClock *clock, const char *directory, GError **error)
{
  g_autoptr (RtPractice) self = g_object_new (RT_TYPE_PRACTICE, NULL);

  self->clock = rt_clock_ref (clock);
  if (directory != NULL)
    {
      self->core.journal = rt_practice_journal_open (directory, take_line, self, error);
      if (self->core.journal == NULL || !compact (self, error))
        return NULL;
    }
  return make_account (self, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
rt_practice_listen (RtPractice *self, guint port, GError **error)
{
  g_autoptr (SoupServer) server = soup_server_new ("server-header", "practice", NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = NULL;
  GSList *uris;

  g_return_val_if_fail (self->server == NULL, FALSE);
  if (port > G_MAXUINT16)
    {
      rt_set_error (error, RT_ERROR_INVALID, "port", "There is no port %u", port);
      return FALSE;
    }
  address = g_inet_socket_address_new (loopback, (guint16) port);
  rt_practice_serve_start (self, server);
  if (!soup_server_listen (server, address, 0, error))
    return FALSE;
  uris = soup_server_get_uris (server);
  self->port = (guint) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  self->server = g_steal_pointer (&server);
  if (self->core.journal != NULL)
    rt_practice_journal_tell_port (self->core.journal, self->port);
  return TRUE;
}

guint
rt_practice_get_port (RtPractice *self)
{
  return self->port;
}

char *
rt_practice_dup_base (RtPractice *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u", self->port);
}

void
rt_practice_stop (RtPractice *self)
{
  if (self->server == NULL)
    return;
  if (self->core.journal != NULL)
    rt_practice_journal_tell_port (self->core.journal, 0);
  g_ptr_array_set_size (self->exchanges, 0);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  self->port = 0;
}

/* What the line makes of the answer. */
static void
carry (const RtPracticeFault *fault, RtPracticeReply *reply)
{
  gint64 delay_ms = fault->latency_ms;

  if (fault->kind == RT_PRACTICE_FAULT_DROP_AFTER)
    rt_practice_reply_clear (reply);
  else if (fault->kind == RT_PRACTICE_FAULT_TRUNCATE)
    reply->body[strlen (reply->body) / 2] = '\0';
  else if (fault->kind == RT_PRACTICE_FAULT_SLOW)
    delay_ms += rt_practice_json_int (fault->details, "delay_ms", 1000);
  reply->delay_ms = delay_ms;
}

void
rt_practice_call (RtPractice *self, const RtPracticeMessage *message, RtPracticeReply *reply)
{
  const char *query = strchr (message->path, '?');
  g_autofree char *raw = query != NULL ? g_strndup (message->path, (gsize) (query - message->path))
                                       : g_strdup (message->path);
  g_autofree char *path = g_uri_unescape_string (raw, NULL);
  const char *body = g_str_equal (message->method, "POST") ? message->body : NULL;
  g_autoptr (GString) form = rt_practice_door_form (query != NULL ? query + 1 : NULL, body,
                                                    body != NULL ? strlen (body) : 0);
  RtPracticeVisit visit;
  RtPracticeRequest request = {
    .method = message->method,
    .path = path != NULL ? path : raw,
    .form = form->str,
    .form_length = form->len,
    .authorization = message->authorization,
    .version = message->version,
    .account = message->account,
    .key = message->key,
    .content_type = message->content_type,
  };

  rt_practice_door_enter (self, request.method, request.path, &visit);
  *reply = (RtPracticeReply){ .should_retry = -1, .retry_after = -1 };
  if (visit.fault.kind != RT_PRACTICE_FAULT_DROP_BEFORE)
    rt_practice_door_answer (self, &visit, &request, NULL, reply);
  carry (&visit.fault, reply);
  rt_practice_door_leave (&visit);
}

void
rt_practice_reply_clear (RtPracticeReply *reply)
{
  g_free (reply->body);
  g_free (reply->request_id);
  g_free (reply->location);
  *reply = (RtPracticeReply){ .should_retry = -1, .retry_after = -1 };
}

void
rt_practice_set_seed (RtPractice *self, guint32 seed)
{
  g_autoptr (RtPracticeState) old = NULL;

  if (self->core.journal == NULL && rt_practice_state_is_new (self->core.state))
    {
      old = g_steal_pointer (&self->core.state);
      self->core.state = rt_practice_state_new ();
    }
  rt_practice_state_set_seed (self->core.state, seed);
  if (old != NULL)
    make_account (self, NULL);
}

guint
rt_practice_count (RtPractice *self, const char *object)
{
  return rt_practice_state_rows (self->core.state, object)->len;
}

JsonObject *
rt_practice_lookup (RtPractice *self, const char *object, const char *id)
{
  return rt_practice_state_get (self->core.state, object, id);
}

gboolean
rt_practice_add_fault (RtPractice *self, JsonObject *order)
{
  return rt_practice_faults_add (self->faults, order);
}

char *
rt_practice_add_event (RtPractice *self, JsonObject *order, GError **error)
{
  return rt_practice_execute_event (&self->core, order, rt_practice_now (self), error);
}

char *
rt_practice_edit (RtPractice *self, const char *object, const char *id, const char *parameters,
                  GError **error)
{
  const char *collection = rt_practice_route_collection (object);
  g_autofree char *path
      = id != NULL ? g_strconcat (collection, "/", id, NULL) : g_strdup (collection);
  RtPracticeFault fault;
  RtPracticeAnswer answer = { 0 };
  RtPracticeRequest request = {
    .method = parameters != NULL ? "POST" : "DELETE",
    .path = path,
    .form = parameters,
    .form_length = parameters != NULL ? strlen (parameters) : 0,
    .now = rt_practice_now (self),
    .fault = &fault,
  };

  if (collection == NULL)
    {
      rt_practice_refuse (error, 404, NULL, "object", "There are no objects of type %s", object);
      return NULL;
    }
  rt_practice_faults_take (self->faults, rt_clock_now (self->clock), RT_PRACTICE_DASHBOARD, path,
                           FALSE, &fault);
  rt_practice_state_shuffle (self->core.state, rt_practice_faults_shuffle (self->faults));
  rt_practice_execute_edit (&self->core, &request, &answer, error);
  rt_practice_fault_clear (&fault);
  return answer.body;
}

void
rt_practice_clear_faults (RtPractice *self)
{
  rt_practice_faults_clear (self->faults);
}

guint
rt_practice_find_running (const char *directory)
{
  return rt_practice_lock_find_port (directory);
}

static void
rt_practice_finalize (GObject *object)
{
  RtPractice *self = RT_PRACTICE (object);

  rt_practice_stop (self);
  g_ptr_array_unref (self->exchanges);
  g_hash_table_unref (self->n_requests);
  rt_practice_faults_free (self->faults);
  rt_practice_keys_free (self->core.keys);
  rt_practice_state_free (self->core.state);
  g_clear_pointer (&self->core.journal, rt_practice_journal_close);
  g_clear_pointer (&self->clock, rt_clock_unref);
  G_OBJECT_CLASS (rt_practice_parent_class)->finalize (object);
}

static void
rt_practice_class_init (RtPracticeClass *class)
{
  G_OBJECT_CLASS (class)->finalize = rt_practice_finalize;
}

static void
rt_practice_init (RtPractice *self)
{
  self->core.state = rt_practice_state_new ();
  self->core.keys = rt_practice_keys_new ();
  self->faults = rt_practice_faults_new ();
  self->n_requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->exchanges = g_ptr_array_new_with_free_func (rt_practice_serve_exchange_free);
}
