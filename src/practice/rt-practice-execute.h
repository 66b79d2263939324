#pragma once

#include "rt-practice-fault.h"
#include "rt-practice-journal.h"
#include "rt-practice-keys.h"
#include "rt-practice-state.h"

G_BEGIN_DECLS

#define RT_PRACTICE_VERSION "2026-10-28.endive"

/**
 * RtPracticeCore:
 * @state: all objects
 * @keys: idempotency keys
 * @journal: (nullable): where it is kept
 * @n_unkeyed: executed POSTs without a key
 *
 * What outlives a request.
 */
typedef struct
{
  RtPracticeState *state;
  RtPracticeKeys *keys;
  RtPracticeJournal *journal;
  guint n_unkeyed;
} RtPracticeCore;

/**
 * RtPracticeRequest:
 * @id: (nullable): its id, %NULL if it stands for what a person does in the Dashboard
 * @method: HTTP method
 * @path: decoded path
 * @form: encoded parameters
 * @form_length: their length in bytes
 * @authorization: (nullable): header
 * @version: (nullable): header
 * @account: (nullable): header
 * @key: (nullable): header
 * @content_type: (nullable): header
 * @now: Unix time in seconds
 * @fault: what is to go wrong
 *
 * One request, free of HTTP. All strings are borrowed.
 */
typedef struct
{
  const char *id;
  const char *method;
  const char *path;
  const char *form;
  gsize form_length;
  const char *authorization;
  const char *version;
  const char *account;
  const char *key;
  const char *content_type;
  gint64 now;
  const RtPracticeFault *fault;
} RtPracticeRequest;

/**
 * RtPracticeAnswer:
 * @status: HTTP status
 * @body: (owned) (nullable): JSON
 * @replayed: whether it was stored under the idempotency key
 */
typedef struct
{
  guint status;
  char *body;
  gboolean replayed;
} RtPracticeAnswer;

/**
 * rt_practice_execute:
 * @answer: (out caller-allocates): what to answer; the caller frees the body
 *
 * Checks @request, executes it, writes the journal and says what to answer.
 */
void rt_practice_execute (RtPracticeCore *core, const RtPracticeRequest *request,
                          RtPracticeAnswer *answer);

/**
 * rt_practice_execute_edit:
 * @request: has neither an id nor a key, and needs no authorization
 * @answer: (out caller-allocates): what an API request would be answered; the caller frees the body
 * @error: return location for a refusal
 *
 * Executes what a person does in the Dashboard.
 *
 * Returns: whether it was done
 */
gboolean rt_practice_execute_edit (RtPracticeCore *core, const RtPracticeRequest *request,
                                   RtPracticeAnswer *answer, GError **error);

/**
 * rt_practice_execute_event:
 * @order: `type` and, if wanted, `object`, `previous_attributes`, `created` and `late`
 * @now: Unix time in seconds
 * @error: return location for a refusal
 *
 * See rt_practice_add_event().
 *
 * Returns: (transfer full) (nullable): its id
 */
char *rt_practice_execute_event (RtPracticeCore *core, JsonObject *order, gint64 now,
                                 GError **error);

/**
 * rt_practice_execute_refusal:
 * @answer: (out caller-allocates): what to answer; the caller frees the body
 *
 * Answers with @error.
 */
void rt_practice_execute_refusal (const GError *error, const char *request_id,
                                  RtPracticeAnswer *answer);

G_END_DECLS
