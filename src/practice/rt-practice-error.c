#include "rt-practice-error.h"

typedef struct
{
  char *type;  /* (owned) (nullable) */
  char *code;  /* (owned) (nullable) */
  char *param; /* (owned) (nullable) */
} RtPracticeErrorPrivate;

static void
rt_practice_error_private_init (RtPracticeErrorPrivate *priv)
{
  *priv = (RtPracticeErrorPrivate){ 0 };
}

static void
rt_practice_error_private_copy (const RtPracticeErrorPrivate *source,
                                RtPracticeErrorPrivate *destination)
{
  destination->type = g_strdup (source->type);
  destination->code = g_strdup (source->code);
  destination->param = g_strdup (source->param);
}

static void
rt_practice_error_private_clear (RtPracticeErrorPrivate *priv)
{
  g_free (priv->type);
  g_free (priv->code);
  g_free (priv->param);
}

G_DEFINE_EXTENDED_ERROR (RtPracticeError, rt_practice_error)

void
rt_practice_refuse (GError **error, guint status, const char *code, const char *param,
                    const char *format, ...)
{
  GError *refusal;
  va_list arguments;

  va_start (arguments, format);
  refusal = g_error_new_valist (RT_PRACTICE_ERROR, (int) status, format, arguments);
  va_end (arguments);
  rt_practice_error_get_private (refusal)->code = g_strdup (code);
  rt_practice_error_get_private (refusal)->param = g_strdup (param);
  g_propagate_error (error, refusal);
}

void
rt_practice_refuse_type (GError **error, guint status, const char *type, const char *code,
                         const char *message)
{
  GError *refusal = g_error_new_literal (RT_PRACTICE_ERROR, (int) status, message);

  rt_practice_error_get_private (refusal)->type = g_strdup (type);
  rt_practice_error_get_private (refusal)->code = g_strdup (code);
  g_propagate_error (error, refusal);
}

static void
add_links (JsonObject *body, const char *code, const char *request_id)
{
  g_autofree char *log = g_strdup_printf ("https://dashboard.stripe.com/test/logs/%s", request_id);

  json_object_set_string_member (body, "request_log_url", log);
  if (code != NULL)
    {
      g_autofree char *page = g_strdelimit (g_strdup (code), "_", '-');
      g_autofree char *url = g_strdup_printf ("https://stripe.com/docs/error-codes/%s", page);

      json_object_set_string_member (body, "doc_url", url);
    }
}

JsonObject *
rt_practice_error_to_json (const GError *error, const char *request_id, guint *status)
{
  RtPracticeErrorPrivate none = { 0 }, *priv = &none;
  g_autoptr (JsonObject) whole = json_object_new ();
  JsonObject *body = json_object_new ();
  const char *type = "api_error";

  *status = 500;
  if (error->domain == RT_PRACTICE_ERROR)
    {
      priv = rt_practice_error_get_private (error);
      *status = (guint) error->code;
      type = priv->type != NULL ? priv->type : "invalid_request_error";
    }
  json_object_set_string_member (body, "type", type);
  json_object_set_string_member (body, "message", error->message);
  if (priv->code != NULL)
    json_object_set_string_member (body, "code", priv->code);
  if (priv->param != NULL)
    json_object_set_string_member (body, "param", priv->param);
  add_links (body, priv->code, request_id);
  json_object_set_object_member (whole, "error", body);
  return g_steal_pointer (&whole);
}
