/* What each answer means for the queue (API-GUIDE §1, §2). */

#include <string.h>

#include "rt-error.h"
#include "rt-stripe-answer.h"

static RtAnswer *
answer (guint status, const char *request_id, const char *should_retry, const char *body)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;

  return rt_answer_new (status, request_id, should_retry, "3", bytes);
}

static void
test_outcomes (void)
{
  static const struct
  {
    guint status;
    const char *should_retry;
    const char *code;
    RtOutcome outcome;
  } rows[] = {
    { 200, NULL, NULL, RT_OUTCOME_DONE },
    { 400, NULL, "x", RT_OUTCOME_REFUSED },
    { 400, NULL, "rate_limit", RT_OUTCOME_BUSY },
    { 400, "true", "x", RT_OUTCOME_UNCERTAIN },
    { 401, NULL, "api_key_expired", RT_OUTCOME_KEY },
    { 402, NULL, "x", RT_OUTCOME_REFUSED },
    { 403, NULL, NULL, RT_OUTCOME_PERMISSION },
    { 404, NULL, "x", RT_OUTCOME_REFUSED },
    { 409, NULL, "lock_timeout", RT_OUTCOME_UNCERTAIN },
    { 424, NULL, NULL, RT_OUTCOME_UNCERTAIN },
    { 429, NULL, "rate_limit", RT_OUTCOME_BUSY },
    { 500, "false", NULL, RT_OUTCOME_FAULT },
    { 503, NULL, NULL, RT_OUTCOME_FAULT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body
          = rows[i].code != NULL ? g_strdup_printf (
                "{\"error\":{\"code\":\"%s\",\"message\":\"m\",\"param\":\"p\"}}", rows[i].code)
                                 : g_strdup ("{}");
      g_autoptr (RtAnswer) judged = answer (rows[i].status, "req_1", rows[i].should_retry, body);

      g_test_message ("%u", rows[i].status);
      g_assert_cmpint (judged->outcome, ==, rows[i].outcome);
      g_assert_cmpint (judged->must_not_retry, ==, g_strcmp0 (rows[i].should_retry, "false") == 0);
      g_assert_cmpint (judged->retry_after, ==, 3 * G_USEC_PER_SEC);
      if (rows[i].outcome == RT_OUTCOME_DONE)
        g_assert_no_error (judged->error);
      else
        g_assert_cmpstr (rt_error_get_request_id (judged->error), ==, "req_1");
    }
}

/* Without Stripe's JSON and request id nobody's word counts, whatever the status (TRAPS C2). */
static void
test_not_stripe (void)
{
  static const struct
  {
    guint status;
    const char *request_id;
    const char *body;
  } rows[] = {
    { 200, NULL, "{\"id\":\"x\"}" }, { 200, "req_1", "<html>" }, { 302, NULL, NULL },
    { 200, "req_1", NULL },          { 200, "req_1", "" },       { 400, NULL, "{\"error\":{}}" },
    { 200, "req_1", "{\"id\":" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RtAnswer) judged = answer (rows[i].status, rows[i].request_id, NULL, rows[i].body);

      g_assert_cmpint (judged->outcome, ==, RT_OUTCOME_LOST);
      g_assert_error (judged->error, RT_ERROR, RT_ERROR_OFFLINE);
    }
}

static void
test_odd_headers (void)
{
  static const char *const texts[]
      = { "", "-1", "99999999999", "soon", "Wed, 21 Oct 2026 07:28:00 GMT" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
      g_autoptr (RtAnswer) judged = rt_answer_new (429, "req_1", "maybe", texts[i], body);

      g_assert_cmpint (judged->retry_after, ==, 0);
      g_assert_false (judged->must_not_retry);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answer/outcomes", test_outcomes);
  g_test_add_func ("/answer/c2-not-stripe", test_not_stripe);
  g_test_add_func ("/answer/odd-headers", test_odd_headers);
  return g_test_run ();
}
