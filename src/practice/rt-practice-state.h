#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RtPracticeState:
 *
 * All objects of the practice account: by id, and in order of creation.
 */
typedef struct _RtPracticeState RtPracticeState;

/**
 * RtPracticeRow:
 * @id: its id
 * @created: Unix time in seconds
 * @tie: orders rows of one second
 * @visible_at: an event's: before that it is not shown
 * @kind: (nullable): an event's type
 * @object: (nullable): the object, hidden members included; an event is kept as text alone
 * @text: (nullable): the object as it is answered, once that was needed
 *
 * One object as stored. Owned by the state, valid until its object changes.
 */
typedef struct
{
  char *id;
  gint64 created;
  guint64 tie;
  gint64 visible_at;
  const char *kind;
  JsonObject *object;
  char *text;
} RtPracticeRow;

/**
 * rt_practice_state_new:
 *
 * Returns: (transfer full): an empty state
 */
RtPracticeState *rt_practice_state_new (void);
void rt_practice_state_free (RtPracticeState *self);

/**
 * rt_practice_state_apply:
 * @change: `put`: objects that are new or changed, `delete`: pairs of `object` and `id`, `late`:
 *   when the event of an id becomes visible
 *
 * What a request did, as in the journal.
 */
void rt_practice_state_apply (RtPracticeState *self, JsonObject *change);

/**
 * rt_practice_state_row:
 * @object: a type such as `price`
 *
 * Returns: (nullable) (transfer none): the row of @id
 */
RtPracticeRow *rt_practice_state_row (RtPracticeState *self, const char *object, const char *id);

/**
 * rt_practice_state_get:
 *
 * Returns: (nullable) (transfer none): the object of @id
 */
JsonObject *rt_practice_state_get (RtPracticeState *self, const char *object, const char *id);

/**
 * rt_practice_state_is_deleted:
 *
 * Returns: whether there was such an object
 */
gboolean rt_practice_state_is_deleted (RtPracticeState *self, const char *object, const char *id);

/**
 * rt_practice_state_find:
 * @object: `price` or `billing.meter`
 * @value: a lookup key or an event name
 *
 * Returns: (nullable) (transfer none): the one object that holds @value
 */
JsonObject *rt_practice_state_find (RtPracticeState *self, const char *object, const char *value);

/**
 * rt_practice_state_n_prices:
 *
 * Returns: how many prices @product has, archived ones included
 */
guint rt_practice_state_n_prices (RtPracticeState *self, const char *product);

/**
 * rt_practice_state_is_new:
 *
 * Returns: whether nothing was made yet but the account
 */
gboolean rt_practice_state_is_new (RtPracticeState *self);

/**
 * rt_practice_state_rows:
 *
 * Returns: (transfer none) (element-type RtPracticeRow): all rows of a type, oldest first
 */
GPtrArray *rt_practice_state_rows (RtPracticeState *self, const char *object);

/**
 * rt_practice_state_position:
 *
 * Returns: the index of @row in rt_practice_state_rows()
 */
guint rt_practice_state_position (RtPracticeState *self, const char *object, RtPracticeRow *row);

/**
 * rt_practice_state_expire:
 * @before: Unix time in seconds
 *
 * Forgets the events created before @before.
 */
void rt_practice_state_expire (RtPracticeState *self, gint64 before);

/**
 * rt_practice_state_shuffle:
 *
 * From now on events of one second come in any order, as at Stripe (guide §3).
 */
void rt_practice_state_shuffle (RtPracticeState *self, gboolean shuffle);

/**
 * rt_practice_state_counts:
 *
 * Returns: (transfer full): the number of objects by type
 */
JsonObject *rt_practice_state_counts (RtPracticeState *self);

/**
 * RtPracticeStateFunc:
 * @line: a change that makes one object, or marks one as deleted
 *
 * Returns: whether to go on
 */
typedef gboolean (*RtPracticeStateFunc) (JsonObject *line, gpointer user_data);

/**
 * rt_practice_state_foreach:
 *
 * Tells the whole state as a series of changes, oldest first: what a compacted journal holds.
 *
 * Returns: whether @func always returned %TRUE
 */
gboolean rt_practice_state_foreach (RtPracticeState *self, RtPracticeStateFunc func,
                                    gpointer user_data);

/**
 * rt_practice_state_set_seed:
 *
 * From now on what is random is the same for the same requests.
 */
void rt_practice_state_set_seed (RtPracticeState *self, guint32 seed);

/**
 * rt_practice_state_random:
 *
 * Returns: a random number below @end
 */
guint rt_practice_state_random (RtPracticeState *self, guint end);

/**
 * rt_practice_state_random_id:
 * @prefix: such as `price_`
 * @length: of the random part
 *
 * Returns: (transfer full): an id in Stripe's manner
 */
char *rt_practice_state_random_id (RtPracticeState *self, const char *prefix, guint length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPracticeState, rt_practice_state_free)

G_END_DECLS
