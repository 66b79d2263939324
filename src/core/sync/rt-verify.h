#pragma once

#include "rt-pull.h"

G_BEGIN_DECLS

/**
 * RtDifference:
 * @object: Stripe's type
 * @id: Stripe's id
 * @field: (nullable): the member that differs, such as "metadata.rtn_ref" or "tiers[1].up_to";
 *   %NULL: one side does not have the object at all, or not readably
 * @replica: (nullable): the replica's value as JSON, cut if it is long; %NULL: it has none
 * @stripe: (nullable): Stripe's value, likewise
 *
 * Something in which the replica and Stripe differ.
 */
typedef struct
{
  char *object;
  char *id;
  char *field;
  char *replica;
  char *stripe;
} RtDifference;

/**
 * RtVerifyReport:
 * @n_compared: objects that were compared
 * @n_different: objects that differ
 * @n_repaired: of these, how many were set right
 * @n_requests: HTTP requests made
 * @duration_ms: milliseconds
 * @differences: (owned) (nullable) (element-type RtDifference): the first of them
 *
 * What comparing the replica with Stripe showed.
 */
typedef struct
{
  guint n_compared;
  guint n_different;
  guint n_repaired;
  guint n_requests;
  gint64 duration_ms;
  GPtrArray *differences;
} RtVerifyReport;

void rt_verify_report_clear (RtVerifyReport *report);

/**
 * rt_verify_run:
 * @is_repairing: whether what differs is set right: as Stripe says it
 * @report: (inout): filled in
 *
 * Lists everything and compares it with the replica member by member (TRAPS A16). Before and after
 * that events are pulled, and what differs is read once more by itself: what was changed at Stripe
 * meanwhile is no difference. Neither is what waits in the outbox: compared is what the replica
 * takes for Stripe's word. But for these events, nothing is written unless @is_repairing. A line
 * of the log tells the number.
 *
 * Returns: %FALSE with an error if not everything could be compared
 */
gboolean rt_verify_run (RtPull *pull, gboolean is_repairing, RtVerifyReport *report,
                        GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtVerifyReport, rt_verify_report_clear)

G_END_DECLS
