#pragma once

#include "rt-practice-call.h"
#include "rt-practice-contract.h"

G_BEGIN_DECLS

/**
 * RtPracticeRoute:
 * @method: HTTP method
 * @path: path template: `{id}` stands for an id
 * @operation: its name in the contract
 * @object: the type that is answered
 * @resource: the word for its permission: `products`
 * @handler: (nullable): executes it; %NULL: a list
 * @filter: (nullable): for a list: what else must be true of a row
 * @check: (nullable): for a list: whether its filters fit together
 *
 * One operation.
 */
typedef struct
{
  const char *method;
  const char *path;
  const char *operation;
  const char *object;
  const char *resource;
  RtPracticeHandler handler;
  RtPracticeFilter filter;
  gboolean (*check) (RtPracticeCall *call, GError **error);
} RtPracticeRoute;

/**
 * rt_practice_route_find:
 * @method: HTTP method
 * @path: decoded path
 * @id: (out) (transfer full) (nullable): the id in @path
 *
 * Returns: (nullable) (transfer none): the operation that was asked for
 */
const RtPracticeRoute *rt_practice_route_find (const char *method, const char *path, char **id);

/**
 * rt_practice_route_collection:
 * @object: a type
 *
 * Returns: (nullable) (transfer none): the path of the list of all such objects
 */
const char *rt_practice_route_collection (const char *object);

G_END_DECLS
