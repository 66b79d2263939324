#pragma once

#include "rt-change.h"

G_BEGIN_DECLS

/* What push does to the queue. Each call is one transaction, on the disk when it returns. */

/**
 * RT_QUEUE_STRAY_LIFE:
 *
 * Microseconds for which a request that was given up here may still arrive at Stripe, because
 * something between holds it. Then it must meet its own key, not an object that another key has
 * made meanwhile.
 */
#define RT_QUEUE_STRAY_LIFE (10 * 60 * (gint64) G_USEC_PER_SEC)

/**
 * rt_queue_recover:
 *
 * After a crash: what was being sent has an unknown outcome. To be called once by who holds the
 * sync lock, before anything is claimed.
 */
gboolean rt_queue_recover (RtStore *store, GError **error);

/**
 * rt_queue_has_expired:
 * @expires_at: microseconds; 0: never
 *
 * Returns: whether a request that leaves now may arrive too late (TRAPS B23)
 */
gboolean rt_queue_has_expired (RtStore *store, gint64 expires_at);

/**
 * rt_queue_claim:
 * @request: (out) (transfer full) (nullable): the next request to send, marked as being sent; %NULL
 *   if none can be sent now
 * @next_attempt_at: (out): if there is none, when the next becomes due, microseconds; 0: never by
 *   itself
 *
 * Takes the oldest request whose change waits for nothing, fixing its bytes (API-GUIDE §2). A
 * change of which nothing was sent is planned anew first; one that has become needless is done
 * without a request. A change of something that Stripe has is first handed out with what must be
 * read again (TRAPS B13): that is settled by rt_queue_settle_review().
 *
 * Returns: %FALSE on failure
 */
gboolean rt_queue_claim (RtStore *store, RtRequest **request, gint64 *next_attempt_at,
                         GError **error);

/**
 * RtSettlement:
 * @answer: (nullable): the object as it is now; %NULL if it was deleted
 * @request_id: (nullable): what Stripe calls the request
 * @asked_at: the place of the request in the order of all that was asked
 * @is_direct: whether this is the very answer to the request, not what was found out later
 *
 * What Stripe said.
 */
typedef struct
{
  JsonObject *answer;
  const char *request_id;
  gint64 asked_at;
  gboolean is_direct;
} RtSettlement;

/**
 * rt_queue_settle_done:
 *
 * Stripe did it: the answer, the request's end and the view in one transaction (TRAPS B20). A
 * direct answer that does not show what was asked for stops the change (TRAPS B15).
 */
gboolean rt_queue_settle_done (RtStore *store, const RtRequest *request,
                               const RtSettlement *settlement, GError **error);

/**
 * rt_queue_settle_refused:
 * @code: (nullable): Stripe's error code
 * @message: what Stripe says
 * @param: (nullable): the parameter at fault
 *
 * Stripe refused for good: the change stops with the reason at its field; nothing typed is lost.
 */
gboolean rt_queue_settle_refused (RtStore *store, const RtRequest *request, const char *code,
                                  const char *message, const char *param, const char *request_id,
                                  GError **error);

/**
 * RtAttempt:
 * @RT_ATTEMPT_VAIN: it was not executed
 * @RT_ATTEMPT_UNKNOWN: it may have been executed
 * @RT_ATTEMPT_LOST: that, or it may be executed yet: it left and nothing came back
 *
 * What became of an attempt that decided nothing.
 */
typedef enum
{
  RT_ATTEMPT_VAIN,
  RT_ATTEMPT_UNKNOWN,
  RT_ATTEMPT_LOST,
} RtAttempt;

/**
 * rt_queue_settle_later:
 * @next_attempt_at: microseconds
 *
 * No answer that decides: the same bytes and key are sent again later.
 */
gboolean rt_queue_settle_later (RtStore *store, const RtRequest *request, RtAttempt attempt,
                                gint64 next_attempt_at, GError **error);

/**
 * rt_queue_settle_renewed:
 * @next_attempt_at: microseconds
 *
 * It is proven that nothing was executed nor can be any more, and the key is spent: a new attempt
 * gets a new key.
 */
gboolean rt_queue_settle_renewed (RtStore *store, const RtRequest *request, gint64 next_attempt_at,
                                  GError **error);

/**
 * rt_queue_settle_review:
 * @answers: (element-type RtSettlement): to the reads of @request, in their order; without an
 *   answer Stripe has no such object any more
 *
 * What was read again is kept. The change may be sent now, unless Stripe's side and the person's
 * have both changed the same field: then it stops as a conflict.
 */
gboolean rt_queue_settle_review (RtStore *store, const RtRequest *request, GPtrArray *answers,
                                 GError **error);

/**
 * rt_queue_settle_review_later:
 * @next_attempt_at: microseconds
 *
 * It could not be read again: nothing was sent.
 */
gboolean rt_queue_settle_review_later (RtStore *store, const RtRequest *request,
                                       gint64 next_attempt_at, GError **error);

G_END_DECLS
