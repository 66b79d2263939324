#include "sim-answer.h"

#include <string.h>

RtHttpReply *
sim_answer_broken (gboolean has_left)
{
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);

  reply->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "simulated");
  reply->has_left = has_left;
  return reply;
}

RtHttpReply *
sim_answer_portal (Sim *sim)
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

/* What Stripe says with a status; where there are several lines, any of them. */
static const struct
{
  guint status;
  const char *type;
  const char *code;
  const char *param; /* (nullable) */
} words[] = {
  { 400, "invalid_request_error", "parameter_invalid_empty", "name" },
  { 400, "invalid_request_error", "parameter_invalid_integer", "unit_amount" },
  { 400, "invalid_request_error", "parameter_invalid", "lookup_key" },
  { 401, "invalid_request_error", "api_key_expired", NULL },
  { 402, "card_error", "card_declined", NULL },
  { 403, "invalid_request_error", "permission_denied", NULL },
  { 409, "invalid_request_error", "lock_timeout", NULL },
  { 424, "api_error", "external_dependency_failed", NULL },
  { 429, "invalid_request_error", "rate_limit", NULL },
  { 500, "api_error", "api_error", NULL },
  { 503, "api_error", "api_error", NULL },
};

static char *
dup_body (Sim *sim, guint status)
{
  guint n_matching = 0;
  guint which;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    n_matching += words[i].status == status ? 1 : 0;
  which = sim_pick (sim, n_matching);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].status == status && which-- == 0)
      return g_strdup_printf ("{\"error\":{\"type\":\"%s\",\"code\":\"%s\",\"message\":"
                              "\"simulated\"%s%s%s}}",
                              words[i].type, words[i].code,
                              words[i].param != NULL ? ",\"param\":\"" : "",
                              words[i].param != NULL ? words[i].param : "",
                              words[i].param != NULL ? "\"" : "");
  g_assert_not_reached ();
}

/* Some say when to come back; not all in a way that is understood, or that can be waited for. */
static char *
dup_retry_after (Sim *sim)
{
  static const char *const texts[]
      = { "1", "2", "15", "40", "600", "3600", "86400", "Wed, 21 Oct 2026 07:28:00 GMT" };

  return sim_chance (sim, 500) ? g_strdup (texts[sim_pick (sim, G_N_ELEMENTS (texts))]) : NULL;
}

/* Whether asking again makes sense is for Stripe to say where a status leaves it open. */
static char *
dup_should_retry (Sim *sim)
{
  static const char *const texts[] = { NULL, NULL, "true", "false" };

  return g_strdup (texts[sim_pick (sim, G_N_ELEMENTS (texts))]);
}

RtHttpReply *
sim_answer_status (Sim *sim, guint status)
{
  RtHttpReply *reply = g_new0 (RtHttpReply, 1);
  char *body = dup_body (sim, status);

  reply->has_left = TRUE;
  reply->status = status;
  reply->date = rt_clock_now_seconds (sim->clock);
  reply->request_id = g_strdup ("req_sim");
  reply->body = g_bytes_new_take (body, strlen (body));
  if (status == 429 || status == 503)
    reply->retry_after = dup_retry_after (sim);
  if (status == 409 || status == 424 || status >= 500)
    reply->should_retry = dup_should_retry (sim);
  return reply;
}
