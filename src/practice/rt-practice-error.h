#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The code of an error of this domain is the HTTP status of the refusal. */
#define RT_PRACTICE_ERROR (rt_practice_error_quark ())
GQuark rt_practice_error_quark (void);

/**
 * rt_practice_refuse:
 * @error: (out) (optional): return location
 * @status: HTTP status of the refusal
 * @code: (nullable): Stripe's error code; many refusals have none
 * @param: (nullable): the parameter at fault, by its name on the wire
 * @format: Stripe-like English
 *
 * Refuses a request as Stripe would.
 */
void rt_practice_refuse (GError **error, guint status, const char *code, const char *param,
                         const char *format, ...) G_GNUC_PRINTF (5, 6);

/**
 * rt_practice_refuse_type:
 * @type: Stripe's error type, instead of the usual `invalid_request_error`
 *
 * Like rt_practice_refuse() without a parameter.
 */
void rt_practice_refuse_type (GError **error, guint status, const char *type, const char *code,
                              const char *message);

/**
 * rt_practice_error_to_json:
 * @error: an error; one of a foreign domain becomes an `api_error`
 * @request_id: the request's id, for its log link
 * @status: (out): HTTP status
 *
 * Returns: (transfer full): Stripe's body for @error
 */
JsonObject *rt_practice_error_to_json (const GError *error, const char *request_id, guint *status);

G_END_DECLS
