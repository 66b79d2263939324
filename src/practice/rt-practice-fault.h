#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RtPracticeFaults:
 *
 * What is to go wrong, in the order in which it was ordered.
 */
typedef struct _RtPracticeFaults RtPracticeFaults;

/**
 * RtPracticeFaultKind:
 *
 * What goes wrong with one request.
 */
typedef enum
{
  RT_PRACTICE_FAULT_NONE,
  RT_PRACTICE_FAULT_DROP_BEFORE,
  RT_PRACTICE_FAULT_DROP_AFTER,
  RT_PRACTICE_FAULT_STATUS,
  RT_PRACTICE_FAULT_EXECUTE_THEN_STATUS,
  RT_PRACTICE_FAULT_SLOW,
  RT_PRACTICE_FAULT_DRIP,
  RT_PRACTICE_FAULT_TRUNCATE,
  RT_PRACTICE_FAULT_HTML,
  RT_PRACTICE_FAULT_REDIRECT,
  RT_PRACTICE_FAULT_SKEW,
  RT_PRACTICE_FAULT_IGNORE_FIELDS,
  RT_PRACTICE_FAULT_LATE_EVENTS,
  RT_PRACTICE_FAULT_DUPLICATE_EVENTS,
  RT_PRACTICE_FAULT_EMPTY_LISTS,
  RT_PRACTICE_FAULT_CUT_LISTS,
  RT_PRACTICE_FAULT_STUCK_LISTS,
  RT_PRACTICE_FAULT_CEILING,
  RT_PRACTICE_FAULT_LATENCY,
  RT_PRACTICE_FAULT_SHUFFLE,
} RtPracticeFaultKind;

/**
 * RtPracticeFault:
 * @kind: what happens to the answer
 * @details: (owned) (nullable): the order that @kind comes from
 * @skew: seconds to add to the `Date` header
 * @ignored: (owned) (nullable): names of parameters that have no effect
 * @late_share: how many of a thousand new events come late
 * @late_seconds: by how much at most
 * @duplicate: whether each change is told by two events
 * @list: what happens to a list: one of the three faults for it, or none
 * @latency_ms: how much later the answer goes out
 *
 * The faults of one request.
 */
typedef struct
{
  RtPracticeFaultKind kind;
  JsonObject *details;
  gint64 skew;
  JsonArray *ignored;
  guint late_share;
  gint64 late_seconds;
  gboolean duplicate;
  RtPracticeFaultKind list;
  gint64 latency_ms;
} RtPracticeFault;

/* Stands for the method of what a person does in the Dashboard: only events go wrong there. */
#define RT_PRACTICE_DASHBOARD "DASHBOARD"

/**
 * rt_practice_faults_new:
 *
 * Returns: (transfer full): no faults
 */
RtPracticeFaults *rt_practice_faults_new (void);
void rt_practice_faults_free (RtPracticeFaults *self);

/**
 * rt_practice_faults_add:
 * @order: `fault`, and `match`, `count`, `skip` and the members of its kind
 *
 * Returns: whether @order names a fault
 */
gboolean rt_practice_faults_add (RtPracticeFaults *self, JsonObject *order);

/**
 * rt_practice_faults_clear:
 *
 * Nothing goes wrong any more.
 */
void rt_practice_faults_clear (RtPracticeFaults *self);

/**
 * rt_practice_faults_take:
 * @now: what the clock says, in microseconds: for the ceiling
 * @method: HTTP method or %RT_PRACTICE_DASHBOARD
 * @path: decoded path
 * @is_list: whether a list is asked for
 * @fault: (out caller-allocates): what is to go wrong with this request
 *
 * Uses up the faults that match.
 */
void rt_practice_faults_take (RtPracticeFaults *self, gint64 now, const char *method,
                              const char *path, gboolean is_list, RtPracticeFault *fault);

/**
 * rt_practice_faults_shuffle:
 *
 * Returns: whether events of one second are to come in any order
 */
gboolean rt_practice_faults_shuffle (RtPracticeFaults *self);

/**
 * rt_practice_fault_clear:
 *
 * Frees what @fault owns.
 */
void rt_practice_fault_clear (RtPracticeFault *fault);

/**
 * rt_practice_fault_refuse:
 * @error: return location for the refusal that @fault stands for
 *
 * For the faults that answer with a status.
 */
void rt_practice_fault_refuse (const RtPracticeFault *fault, GError **error);

G_END_DECLS
