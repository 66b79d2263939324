#pragma once

#include "rt-json.h"

G_BEGIN_DECLS

/**
 * RtOutcome:
 * @RT_OUTCOME_DONE: Stripe answered 2xx
 * @RT_OUTCOME_REFUSED: refused for good (400, 402, 404, …): the same request will never do
 * @RT_OUTCOME_BUSY: too fast (429): nothing was executed
 * @RT_OUTCOME_UNCERTAIN: try again with the same key (409, 424): our own request may be at work
 * @RT_OUTCOME_FAULT: a fault of Stripe (5xx): it may have been executed
 * @RT_OUTCOME_UNREACHED: no byte reached Stripe
 * @RT_OUTCOME_LOST: no answer, or one that is not Stripe's: it may have been executed
 * @RT_OUTCOME_KEY: 401: the key is wrong or revoked
 * @RT_OUTCOME_PERMISSION: 403: the key lacks a permission
 * @RT_OUTCOME_CANCELLED: given up here: it may have been executed
 *
 * What an answer means for the queue (API-GUIDE §1, §2).
 */
typedef enum
{
  RT_OUTCOME_DONE,
  RT_OUTCOME_REFUSED,
  RT_OUTCOME_BUSY,
  RT_OUTCOME_UNCERTAIN,
  RT_OUTCOME_FAULT,
  RT_OUTCOME_UNREACHED,
  RT_OUTCOME_LOST,
  RT_OUTCOME_KEY,
  RT_OUTCOME_PERMISSION,
  RT_OUTCOME_CANCELLED,
} RtOutcome;

/**
 * RtAnswer:
 * @status: the HTTP status; 0 without an answer
 * @json: (nullable): the body
 * @texts: (nullable) (element-type utf8): the text of each element of a list, as Stripe wrote it
 * @error: (nullable): for people, with Stripe's code and request id; %NULL only if done
 * @param: (nullable): the parameter that Stripe's error names
 * @request_id: (nullable): Stripe's `request-id`
 * @must_not_retry: Stripe said `stripe-should-retry: false`
 * @retry_after: microseconds that Stripe asks to wait; 0 if it did not say
 * @asked_at: the place of the request in the order of all that was asked
 *
 * One answer, or the lack of one.
 */
typedef struct
{
  RtOutcome outcome;
  guint status;
  JsonObject *json;
  GPtrArray *texts;
  GError *error;
  char *param;
  char *request_id;
  gboolean must_not_retry;
  gint64 retry_after;
  gint64 asked_at;
} RtAnswer;

void rt_answer_free (RtAnswer *answer);

/**
 * rt_answer_new_failed:
 * @error: (transfer full): why there is no answer
 *
 * Returns: (transfer full): an answer that is none
 */
RtAnswer *rt_answer_new_failed (RtOutcome outcome, GError *error);

/**
 * rt_answer_new:
 * @should_retry: (nullable): the header `stripe-should-retry`
 * @request_id: (nullable): the header `request-id`; without it nothing is believed to be Stripe's
 *   (TRAPS C2)
 * @body: (nullable): the body, hostile
 *
 * Judges an HTTP answer.
 *
 * Returns: (transfer full): the answer
 */
RtAnswer *rt_answer_new (guint status, const char *request_id, const char *should_retry,
                         const char *retry_after, GBytes *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtAnswer, rt_answer_free)

G_END_DECLS
