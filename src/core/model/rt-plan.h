#pragma once

#include "rt-form.h"

G_BEGIN_DECLS

/**
 * RtPlanStep:
 * @method: "POST" or "DELETE"
 * @path: below the host, with every id in it
 * @object: Stripe's name of the type that is written, such as "price"
 * @handle: what names that object before and after it exists: its id, lookup key or event name
 * @form: its parameters
 *
 * One request that is still to be made.
 */
typedef struct
{
  const char *method;
  char *path;   /* (owned) */
  char *object; /* (owned) */
  char *handle; /* (owned) */
  RtForm *form; /* (owned) */
} RtPlanStep;

/**
 * rt_plan_new:
 *
 * A plan is the requests that lead from what Stripe has to what the person wants, in the order they
 * must go. It is made anew from both whenever nothing of it has been sent, so that an edit of a
 * queued change, a retry after half of it was refused, and a pull in between need no code of their
 * own.
 *
 * Returns: (transfer full) (element-type RtPlanStep): an empty plan
 */
GPtrArray *rt_plan_new (void);

/**
 * rt_plan_add:
 * @path: (transfer full): the path
 * @handle: the object's handle
 *
 * Returns: (transfer none): the form of the new step, to be filled
 */
RtForm *rt_plan_add (GPtrArray *plan, const char *method, char *path, const char *object,
                     const char *handle);

/**
 * rt_plan_add_form:
 * @path: (transfer full): the path
 * @form: (transfer full): its parameters
 *
 * Like rt_plan_add() with a form that was filled before.
 */
void rt_plan_add_form (GPtrArray *plan, const char *method, char *path, const char *object,
                       const char *handle, RtForm *form);

G_END_DECLS
