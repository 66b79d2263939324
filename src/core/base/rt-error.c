#include "rt-error.h"

typedef struct
{
  char *field;      /* (owned) (nullable) */
  char *code;       /* (owned) (nullable) */
  char *request_id; /* (owned) (nullable) */
} RtErrorPrivate;

static void
rt_error_private_init (RtErrorPrivate *priv)
{
  *priv = (RtErrorPrivate){ 0 };
}

static void
rt_error_private_copy (const RtErrorPrivate *source, RtErrorPrivate *destination)
{
  destination->field = g_strdup (source->field);
  destination->code = g_strdup (source->code);
  destination->request_id = g_strdup (source->request_id);
}

static void
rt_error_private_clear (RtErrorPrivate *priv)
{
  g_free (priv->field);
  g_free (priv->code);
  g_free (priv->request_id);
}

G_DEFINE_EXTENDED_ERROR (RtError, rt_error)

static GError *
error_new_valist (RtError code, const char *field, const char *format, va_list arguments)
{
  GError *error = g_error_new_valist (RT_ERROR, (int) code, format, arguments);

  rt_error_get_private (error)->field = g_strdup (field);
  return error;
}

GError *
rt_error_new (RtError code, const char *field, const char *format, ...)
{
  GError *error;
  va_list arguments;

  va_start (arguments, format);
  error = error_new_valist (code, field, format, arguments);
  va_end (arguments);
  return error;
}

void
rt_set_error (GError **error, RtError code, const char *field, const char *format, ...)
{
  va_list arguments;

  if (error == NULL)
    return;
  va_start (arguments, format);
  g_propagate_error (error, error_new_valist (code, field, format, arguments));
  va_end (arguments);
}

void
rt_error_set_answer (GError *error, const char *code, const char *request_id)
{
  RtErrorPrivate *priv;

  g_return_if_fail (error->domain == RT_ERROR);
  priv = rt_error_get_private (error);
  g_free (priv->code);
  g_free (priv->request_id);
  priv->code = g_strdup (code);
  priv->request_id = g_strdup (request_id);
}

const char *
rt_error_get_field (const GError *error)
{
  return error->domain == RT_ERROR ? rt_error_get_private (error)->field : NULL;
}

const char *
rt_error_get_request_id (const GError *error)
{
  return error->domain == RT_ERROR ? rt_error_get_private (error)->request_id : NULL;
}

const char *
rt_error_get_code (const GError *error)
{
  static const char *const names[] = {
    [RT_ERROR_INVALID] = "invalid",
    [RT_ERROR_NOT_FOUND] = "not_found",
    [RT_ERROR_STORAGE] = "storage",
    [RT_ERROR_NEWER] = "newer_version",
    [RT_ERROR_DAMAGED] = "damaged",
    [RT_ERROR_OFFLINE] = "offline",
    [RT_ERROR_KEY] = "key",
    [RT_ERROR_PERMISSION] = "permission",
    [RT_ERROR_REFUSED] = "refused",
    [RT_ERROR_BUSY] = "busy",
    [RT_ERROR_READ_ONLY] = "read_only",
  };

  if (error->domain != RT_ERROR)
    return "failed";
  if (rt_error_get_private (error)->code != NULL)
    return rt_error_get_private (error)->code;
  return names[error->code];
}
