#pragma once

#include "rt-practice-private.h"

G_BEGIN_DECLS

/**
 * RtPracticeVisit:
 * @id: (owned): id of the request
 * @fault: (owned): what goes wrong with it
 *
 * A request that has come in, whether by HTTP or by rt_practice_call().
 */
typedef struct
{
  char *id;
  RtPracticeFault fault;
} RtPracticeVisit;

/**
 * rt_practice_door_enter:
 * @method: HTTP method
 * @path: decoded path
 * @visit: (out caller-allocates): the request; rt_practice_door_leave() frees what it owns
 *
 * Counts a request and decides what goes wrong with it.
 */
void rt_practice_door_enter (RtPractice *self, const char *method, const char *path,
                             RtPracticeVisit *visit);

/**
 * rt_practice_door_leave:
 *
 * Frees what @visit owns.
 */
void rt_practice_door_leave (RtPracticeVisit *visit);

/**
 * rt_practice_door_form:
 * @query: (nullable): what comes after the question mark
 * @body: (nullable): the body, if the request is a POST
 * @length: its length in bytes
 *
 * Returns: (transfer full): all parameters of a request
 */
GString *rt_practice_door_form (const char *query, const char *body, gsize length);

/**
 * rt_practice_door_answer:
 * @request: what is asked for; gets the members that are the server's to set
 * @refusal: (nullable): why it is not to be executed
 * @reply: (out caller-allocates): what to answer; rt_practice_reply_clear() frees what it owns
 *
 * Executes @request. What a fault does to the line is left to the caller.
 */
void rt_practice_door_answer (RtPractice *self, const RtPracticeVisit *visit,
                              RtPracticeRequest *request, const GError *refusal,
                              RtPracticeReply *reply);

G_END_DECLS
