#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RtPracticeKeys:
 *
 * Idempotency keys: what was answered to whom, for 24 hours (guide §2).
 */
typedef struct _RtPracticeKeys RtPracticeKeys;

#define RT_PRACTICE_KEY_MAX 255

/**
 * rt_practice_keys_new:
 *
 * Returns: (transfer full): no keys
 */
RtPracticeKeys *rt_practice_keys_new (void);
void rt_practice_keys_free (RtPracticeKeys *self);

/**
 * rt_practice_keys_fingerprint:
 *
 * Returns: (transfer full): a digest that is equal for equal requests
 */
char *rt_practice_keys_fingerprint (const char *method, const char *path, JsonObject *tree);

/**
 * rt_practice_keys_begin:
 *
 * Marks @key as in use by a slow request.
 *
 * Returns: whether it was not in use already
 */
gboolean rt_practice_keys_begin (RtPracticeKeys *self, const char *key);

/**
 * rt_practice_keys_end:
 *
 * Ends what rt_practice_keys_begin() began.
 */
void rt_practice_keys_end (RtPracticeKeys *self, const char *key);

/**
 * rt_practice_keys_is_running:
 *
 * Returns: whether a slow request with @key has not been executed yet
 */
gboolean rt_practice_keys_is_running (RtPracticeKeys *self, const char *key);

/**
 * rt_practice_keys_record:
 * @fingerprint: of the request
 * @now: Unix time in seconds
 *
 * Returns: (transfer full): a record for the journal and for rt_practice_keys_store()
 */
JsonObject *rt_practice_keys_record (const char *key, const char *fingerprint, guint status,
                                     const char *body, gint64 now);

/**
 * rt_practice_keys_store:
 * @record: (transfer none): an answer to be replayed
 *
 * Also counts one execution of its key.
 */
void rt_practice_keys_store (RtPracticeKeys *self, JsonObject *record);

/**
 * rt_practice_keys_find:
 * @now: Unix time in seconds; older records are gone after 24 hours
 *
 * Returns: (nullable) (transfer none): the record of @key: `fingerprint`, `status`, `body`
 */
JsonObject *rt_practice_keys_find (RtPracticeKeys *self, const char *key, gint64 now);

/**
 * rt_practice_keys_counts:
 *
 * Returns: (transfer full): executions by key: more than one is a double
 */
JsonObject *rt_practice_keys_counts (RtPracticeKeys *self);

/**
 * rt_practice_keys_live:
 * @now: Unix time in seconds
 *
 * Returns: (transfer container) (element-type JsonObject): the records that still count
 */
GPtrArray *rt_practice_keys_live (RtPracticeKeys *self, gint64 now);

G_END_DECLS
