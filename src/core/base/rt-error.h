#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RtError:
 * @RT_ERROR_INVALID: what a person or a file gave is not acceptable; names its field
 * @RT_ERROR_NOT_FOUND: no such object, or several of that name
 * @RT_ERROR_STORAGE: the replica could not be read or written
 * @RT_ERROR_NEWER: the replica was written by a newer Retainer
 * @RT_ERROR_DAMAGED: a file or an answer is not what it must be
 * @RT_ERROR_OFFLINE: Stripe could not be reached, or something else answered in its place
 * @RT_ERROR_KEY: no usable key: none stored, keyring locked, or refused by Stripe
 * @RT_ERROR_PERMISSION: the key lacks a permission
 * @RT_ERROR_REFUSED: Stripe refused for good
 * @RT_ERROR_BUSY: another Retainer holds what is needed
 * @RT_ERROR_READ_ONLY: the object was made outside Retainer
 *
 * The one error domain of Retainer's core.
 */
typedef enum
{
  RT_ERROR_INVALID,
  RT_ERROR_NOT_FOUND,
  RT_ERROR_STORAGE,
  RT_ERROR_NEWER,
  RT_ERROR_DAMAGED,
  RT_ERROR_OFFLINE,
  RT_ERROR_KEY,
  RT_ERROR_PERMISSION,
  RT_ERROR_REFUSED,
  RT_ERROR_BUSY,
  RT_ERROR_READ_ONLY,
} RtError;

#define RT_ERROR (rt_error_quark ())
GQuark rt_error_quark (void);

/**
 * rt_error_new:
 * @code: what kind of failure
 * @field: (nullable): the form field at fault, as in the drafts ("name", "amount")
 * @format: a translated sentence that says what happened and what to do
 *
 * Returns: (transfer full): a #GError that knows its field
 */
GError *rt_error_new (RtError code, const char *field, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/**
 * rt_set_error:
 * @error: (out) (optional): return location
 *
 * Like g_set_error() with rt_error_new().
 */
void rt_set_error (GError **error, RtError code, const char *field, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/**
 * rt_error_set_answer:
 * @error: an error of this domain
 * @code: (nullable): Stripe's error code, such as `resource_missing`
 * @request_id: (nullable): Stripe's `request-id` header
 *
 * Keeps what Stripe said about a refused request with the error (API-GUIDE §1).
 */
void rt_error_set_answer (GError *error, const char *code, const char *request_id);

/**
 * rt_error_get_field:
 *
 * Returns: (nullable) (transfer none): the field at fault
 */
const char *rt_error_get_field (const GError *error);

/**
 * rt_error_get_request_id:
 *
 * Returns: (nullable) (transfer none): Stripe's request id
 */
const char *rt_error_get_request_id (const GError *error);

/**
 * rt_error_get_code:
 *
 * Returns: (transfer none): a stable name: Stripe's code where there is one, else that of the
 *   #RtError ("invalid", "offline" …), else "failed"
 */
const char *rt_error_get_code (const GError *error);

G_END_DECLS
