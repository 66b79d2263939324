#pragma once

#include "rt-practice-fault.h"
#include "rt-practice-state.h"

G_BEGIN_DECLS

/**
 * RtPracticeCall:
 * @state: what there was before; changed only once the change is in the journal
 * @params: checked parameters
 * @id: (nullable): the id in the path
 * @request_id: (nullable): id of this request, %NULL if it comes from the Dashboard
 * @key: (nullable): its idempotency key
 * @now: Unix time in seconds
 * @fault: what goes wrong
 * @change: what the request does, see rt_practice_state_apply()
 *
 * One request on its way through a resource.
 */
typedef struct
{
  RtPracticeState *state;
  JsonObject *params;
  const char *id;
  const char *request_id;
  const char *key;
  gint64 now;
  const RtPracticeFault *fault;
  JsonObject *change;
} RtPracticeCall;

/**
 * RtPracticeHandler:
 *
 * Returns: (transfer full) (nullable): the object to answer with, hidden members included
 */
typedef JsonObject *(*RtPracticeHandler) (RtPracticeCall *call, GError **error);

/**
 * RtPracticeFilter:
 *
 * Returns: whether @row belongs in the list that was asked for
 */
typedef gboolean (*RtPracticeFilter) (RtPracticeCall *call, RtPracticeRow *row);

/**
 * rt_practice_call_get:
 * @object: a type
 * @id: an id from outside
 * @param: (nullable): the parameter that holds @id, %NULL if it is the one in the path
 * @error: return location for `resource_missing`
 *
 * Returns: (nullable) (transfer none): the object
 */
JsonObject *rt_practice_call_get (RtPracticeCall *call, const char *object, const char *id,
                                  const char *param, GError **error);

/**
 * rt_practice_call_find:
 *
 * Returns: (nullable) (transfer none): the object, also if this very request makes it
 */
JsonObject *rt_practice_call_find (RtPracticeCall *call, const char *object, const char *id);

/**
 * rt_practice_call_edit:
 * @object: the type of the object in the path
 *
 * Returns: (nullable) (transfer full): a copy of it to change
 */
JsonObject *rt_practice_call_edit (RtPracticeCall *call, const char *object, GError **error);

/**
 * rt_practice_call_new_object:
 * @object: a type
 * @id: its id
 *
 * Returns: (transfer full): an object with what all have in common
 */
JsonObject *rt_practice_call_new_object (RtPracticeCall *call, const char *object, const char *id);

/**
 * rt_practice_call_create:
 * @object: (transfer none): a new object
 *
 * Stores it and tells so by an event.
 */
void rt_practice_call_create (RtPracticeCall *call, JsonObject *object);

/**
 * rt_practice_call_update:
 * @object: (transfer none): the changed object
 * @verb: last part of the event's type, usually `updated`
 *
 * Stores it and tells so by an event, unless it is as before.
 */
void rt_practice_call_update (RtPracticeCall *call, JsonObject *object, const char *verb);

/**
 * rt_practice_call_delete:
 * @object: the type of the object in the path
 *
 * Returns: (nullable) (transfer full): what Stripe answers
 */
JsonObject *rt_practice_call_delete (RtPracticeCall *call, const char *object, GError **error);

/**
 * rt_practice_call_stub:
 *
 * Returns: (transfer full): what stands for a deleted object
 */
JsonObject *rt_practice_call_stub (const char *object, const char *id);

/**
 * rt_practice_call_check_id:
 * @id: an id chosen by the client
 * @param: its name on the wire
 * @error: return location for a refusal
 *
 * Returns: whether @id has the form of one and is free
 */
gboolean rt_practice_call_check_id (RtPracticeCall *call, const char *object, const char *id,
                                    const char *param, GError **error);

G_END_DECLS
