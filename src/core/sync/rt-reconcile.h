#pragma once

#include "rt-change.h"
#include "rt-stripe-client.h"

G_BEGIN_DECLS

/**
 * RtVerdict:
 * @RT_VERDICT_DONE: it was executed; the object is at hand
 * @RT_VERDICT_GONE: it was executed and the object has been deleted since, or it was a deletion
 * @RT_VERDICT_FOREIGN: the handle belongs to an object that is not ours
 * @RT_VERDICT_NOT_DONE: it was not executed
 * @RT_VERDICT_NO_EVIDENCE: nothing tells of it, but what would does not reach back so far
 * @RT_VERDICT_UNDECIDED: Stripe could not be asked; the answer says why
 */
typedef enum
{
  RT_VERDICT_DONE,
  RT_VERDICT_GONE,
  RT_VERDICT_FOREIGN,
  RT_VERDICT_NOT_DONE,
  RT_VERDICT_NO_EVIDENCE,
  RT_VERDICT_UNDECIDED,
} RtVerdict;

/**
 * rt_reconcile_async:
 * @now: microseconds, by Stripe's clock
 *
 * Finds out by evidence whether a request was executed (API-GUIDE §2, outbox rule 4): by the id it
 * chose, its lookup key or event name, by the idempotency key that events carry, and where Stripe
 * chose the id by our reference in the metadata of what was created since. For an update there is
 * no evidence and no need of any: it sets the same values again.
 */
void rt_reconcile_async (RtStripeClient *client, const RtRequest *request, gint64 now,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);

/**
 * rt_reconcile_finish:
 * @answer: (out) (transfer full) (nullable): the answer that decided; its JSON is the object if
 *   done
 *
 * Returns: the verdict
 */
RtVerdict rt_reconcile_finish (GAsyncResult *result, RtAnswer **answer);

G_END_DECLS
