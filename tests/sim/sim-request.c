#include "sim-request.h"

#include <string.h>

#include "rt-stripe-client.h"

/* Seconds for which a change is left alone if Stripe asks for it. */
#define LONGEST_WAIT 3600

void
sim_request_clear (SimRequest *request)
{
  g_free (request->method);
  g_free (request->path);
  g_free (request->body);
  g_free (request->idempotency_key);
}

void
sim_request_free (gpointer request)
{
  sim_request_clear (request);
  g_free (request);
}

/* Nothing may be done for a person after the time for which it was decided (TRAPS B23). */
void
sim_request_check_expiry (Sim *sim, const SimRequest *request)
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

/* The beginning of its body tells what it is about: a new key, or a new price, is no other. Only
 * meters are made by any change that needs them. */
static char *
dup_matter (const SimRequest *request)
{
  return request->idempotency_key != NULL && !g_str_has_prefix (request->path, "/v1/billing/")
             ? g_strdup_printf ("%s %.60s", request->path, request->body)
             : NULL;
}

void
sim_request_note_wait (Computer *computer, const SimRequest *request, const char *retry_after)
{
  gint64 now = rt_clock_now (computer->sim->clock);
  char *matter = dup_matter (request);
  guint64 seconds = 0;
  gint64 until;

  /* Nobody waits for a day, nor until a date. */
  if (matter == NULL || retry_after == NULL
      || !g_ascii_string_to_unsigned (retry_after, 10, 1, LONGEST_WAIT, &seconds, NULL))
    {
      g_free (matter);
      return;
    }
  until = now + (gint64) seconds * G_USEC_PER_SEC;
  g_hash_table_replace (computer->waits, matter, g_memdup2 (&until, sizeof until));
}

void
sim_request_check_wait (Computer *computer, const SimRequest *request)
{
  g_autofree char *matter = dup_matter (request);
  const gint64 *until = matter != NULL ? g_hash_table_lookup (computer->waits, matter) : NULL;

  if (until != NULL && rt_clock_now (computer->sim->clock) < *until)
    sim_fail (computer->sim, "computer %u does not wait: %s", computer->number, matter);
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

static const char *
interval_of (JsonObject *price)
{
  return rt_json_string (rt_json_object (price, "recurring"), "interval");
}

/* Whether a part of a body chooses a price that costs the same. */
static gboolean
costs_the_same (Sim *sim, const char *part, JsonObject *price)
{
  g_autofree char *path = g_strconcat ("/v1/prices/", strchr (part, '=') + 1, NULL);
  g_autoptr (JsonObject) chosen = price != NULL ? sim_ask (sim, "GET", path, NULL) : NULL;
  gint64 before = 0, after = -1;

  rt_json_int (price, "unit_amount", &before);
  rt_json_int (chosen, "unit_amount", &after);
  return before == after
         && g_strcmp0 (rt_json_string (price, "currency"), rt_json_string (chosen, "currency")) == 0
         && g_strcmp0 (interval_of (price), interval_of (chosen)) == 0;
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

/* What somebody else wrote before this sync is never replaced unseen (TRAPS B13). */
void
sim_request_check_overwrite (Computer *computer, const SimRequest *request)
{
  static const char *const fields[] = { "name", "description", "default_price" };
  Sim *sim = computer->sim;
  g_auto (GStrv) parts = NULL;
  g_autofree char *path = NULL;
  g_autoptr (JsonObject) now = NULL;

  if (request->idempotency_key == NULL || request->body == NULL || !is_update (request->path))
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

gboolean
sim_request_refuse (Sim *sim, const SimRequest *request, guint status)
{
  const char *key = request->idempotency_key;

  if (key == NULL)
    return TRUE;
  if (g_hash_table_contains (sim->answered, key))
    return FALSE;
  g_hash_table_insert (sim->refused, g_strdup (key), GUINT_TO_POINTER (status));
  return TRUE;
}

guint
sim_request_get_refusal (Sim *sim, const SimRequest *request)
{
  return request->idempotency_key != NULL
             ? GPOINTER_TO_UINT (g_hash_table_lookup (sim->refused, request->idempotency_key))
             : 0;
}

/* By its id at Stripe, and by the local one: a computer may never have heard of the former. */
void
sim_request_note_deletion (Sim *sim, const char *path)
{
  g_autoptr (JsonObject) object = sim_ask (sim, "GET", path, NULL);
  const char *id = rt_json_string (object, "id");
  const char *reference = rt_json_string (rt_json_object (object, "metadata"), "rtn_ref");

  if (id != NULL)
    g_hash_table_add (sim->deleted, g_strdup (id));
  if (reference != NULL)
    g_hash_table_add (sim->deleted, g_strdup (reference));
}

gboolean
sim_request_is_deleted (Sim *sim, const char *id)
{
  return id != NULL && g_hash_table_contains (sim->deleted, id);
}

/* What a change needs is there before it is sent (TRAPS B21), unless somebody has deleted it.
 * Stripe names it in quotes: "No such product: 'rtn_p_1'". */
static void
check_missing (Sim *sim, const SimRequest *request, const char *answer)
{
  g_autoptr (JsonNode) node = json_from_string (answer, NULL);
  JsonObject *error = rt_json_object (json_node_get_object (node), "error");
  const char *message = rt_json_string (error, "message");
  g_auto (GStrv) parts = NULL;

  if (g_strcmp0 (rt_json_string (error, "code"), "resource_missing") != 0 || message == NULL)
    return;
  parts = g_strsplit (message, "'", 3);
  if (parts[0] == NULL || !sim_request_is_deleted (sim, parts[1]))
    sim_fail (sim, "sent before what it needs: %s %s %s: %s", request->method, request->path,
              request->body, message);
}

static void
check_reply (Sim *sim, const SimRequest *request, const RtPracticeReply *reply)
{
  if (reply->body == NULL || !g_str_equal (request->method, "POST"))
    return;
  if (reply->status == 400
      && (strstr (reply->body, "idempotency_error") != NULL
          || strstr (reply->body, "parameter_unknown") != NULL))
    sim_fail (sim, "%s %s %s: %s", request->method, request->path, request->body, reply->body);
  if (reply->status == 400 || reply->status == 404)
    check_missing (sim, request, reply->body);
}

void
sim_request_execute (Sim *sim, const SimRequest *request, RtPracticeReply *reply)
{
  RtPracticeMessage message = { .method = request->method,
                                .path = request->path,
                                .body = request->body,
                                .authorization = "Bearer sk_test_sim",
                                .key = request->idempotency_key,
                                .version = RT_STRIPE_VERSION };

  if (sim_request_get_refusal (sim, request) != 0)
    return;
  if (g_str_equal (request->method, "DELETE"))
    sim_request_note_deletion (sim, request->path);
  rt_practice_call (sim->practice, &message, reply);
  /* Refusals before the execution are not kept under the key. */
  if (request->idempotency_key != NULL && (reply->status < 400 || reply->status >= 500))
    g_hash_table_add (sim->answered, g_strdup (request->idempotency_key));
  check_reply (sim, request, reply);
}
