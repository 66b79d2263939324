#include "rt-stripe-answer.h"

#include <glib/gi18n-lib.h>

#include "rt-error.h"

#define MAX_RETRY_AFTER 3600

void
rt_answer_free (RtAnswer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->json, json_object_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->param);
  g_free (self->request_id);
  g_free (self);
}

RtAnswer *
rt_answer_new_failed (RtOutcome outcome, GError *error)
{
  RtAnswer *self = g_new0 (RtAnswer, 1);

  self->outcome = outcome;
  self->error = error;
  return self;
}

/* @is_rate_limit: `rate_limit` may come as 400, too (API-GUIDE §1). */
static RtOutcome
outcome_of (guint status, gboolean is_rate_limit)
{
  if (status >= 200 && status < 300)
    return RT_OUTCOME_DONE;
  if (is_rate_limit || status == 429)
    return RT_OUTCOME_BUSY;
  /* `idempotency_key_in_use` even says that a request with our key is being executed. */
  if (status == 409 || status == 424)
    return RT_OUTCOME_UNCERTAIN;
  if (status == 401)
    return RT_OUTCOME_KEY;
  if (status == 403)
    return RT_OUTCOME_PERMISSION;
  if (status >= 500)
    return RT_OUTCOME_FAULT;
  return RT_OUTCOME_REFUSED;
}

static int
error_kind (RtOutcome outcome)
{
  switch (outcome)
    {
    case RT_OUTCOME_KEY:
      return RT_ERROR_KEY;
    case RT_OUTCOME_PERMISSION:
      return RT_ERROR_PERMISSION;
    case RT_OUTCOME_REFUSED:
      return RT_ERROR_REFUSED;
    default:
      return RT_ERROR_OFFLINE;
    }
}

static void
read_error (RtAnswer *self)
{
  JsonObject *object = rt_json_object (self->json, "error");
  const char *message = rt_json_string (object, "message");
  const char *code = rt_json_string (object, "code");

  self->param = g_strdup (rt_json_string (object, "param"));
  if (self->outcome == RT_OUTCOME_KEY)
    self->error = rt_error_new (
        RT_ERROR_KEY, "key",
        _ ("Stripe does not accept the key. Enter a new one; everything stays in the queue."));
  else if (self->outcome == RT_OUTCOME_PERMISSION)
    self->error = rt_error_new (RT_ERROR_PERMISSION, "key",
                                _ ("The key lacks a permission. Stripe says: %s"),
                                message != NULL ? message : "403");
  else if (message != NULL)
    self->error = rt_error_new ((RtError) error_kind (self->outcome), NULL, "%s", message);
  else
    self->error = rt_error_new ((RtError) error_kind (self->outcome), NULL,
                                _ ("Stripe answered with status %u."), self->status);
  rt_error_set_answer (self->error, code, self->request_id);
}

static RtAnswer *
not_stripe (guint status)
{
  RtAnswer *self = rt_answer_new_failed (
      RT_OUTCOME_LOST,
      rt_error_new (RT_ERROR_OFFLINE, NULL,
                    _ ("Something other than Stripe answered. Is there a sign-in page on this "
                       "network?")));

  self->status = status;
  return self;
}

RtAnswer *
rt_answer_new (guint status, const char *request_id, const char *should_retry,
               const char *retry_after, GBytes *body)
{
  g_autoptr (RtAnswer) self = g_new0 (RtAnswer, 1);
  guint64 seconds = 0;
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  self->status = status;
  self->request_id = g_strdup (request_id);
  self->json = text != NULL ? rt_json_parse_list (text, length, &self->texts, NULL) : NULL;
  if (request_id == NULL || self->json == NULL)
    return not_stripe (status);
  self->outcome = outcome_of (
      status,
      g_strcmp0 (rt_json_string (rt_json_object (self->json, "error"), "code"), "rate_limit") == 0);
  self->must_not_retry = g_strcmp0 (should_retry, "false") == 0;
  if (retry_after != NULL
      && g_ascii_string_to_unsigned (retry_after, 10, 0, MAX_RETRY_AFTER, &seconds, NULL))
    self->retry_after = (gint64) seconds * G_USEC_PER_SEC;
  if (self->outcome == RT_OUTCOME_REFUSED && g_strcmp0 (should_retry, "true") == 0)
    self->outcome = RT_OUTCOME_UNCERTAIN;
  if (self->outcome != RT_OUTCOME_DONE)
    read_error (self);
  return g_steal_pointer (&self);
}
