#pragma once

#include "rt-draft.h"
#include "sim.h"

G_BEGIN_DECLS

typedef struct _Edit Edit;

/* Returns: (transfer full) (element-type Edit): of one computer */
GPtrArray *sim_edits_new (void);

/* The person was told that this is saved. @before: (nullable): what was shown before */
void sim_edits_note (Computer *computer, const char *object, const char *id, JsonObject *before,
                     JsonObject *after);
/* The person wants nothing of it any more, or was not told whether it is saved. */
void sim_edits_forget (Computer *computer, const char *object, const char *id);
/* What is shown as saved is what was typed. */
void sim_edits_check_typed (Computer *computer, const char *id, const RtDraft *draft,
                            JsonObject *after);
/* What was saved is seen, until its change has ended. */
void sim_edits_check (Computer *computer);
/* What a person said last, and nobody else after her, is what Stripe has. */
void sim_edits_check_rest (Computer *computer);
/* Somebody in the Dashboard sends @body to the object @stripe_id. */
void sim_edits_note_dashboard (Sim *sim, const char *stripe_id, const char *body);

/* Whether a field of a product, Retainer's or Stripe's, is about what it costs. */
gboolean sim_edits_is_of_price (const char *field);

/* One computer, and nobody in the Dashboard. */
gboolean sim_is_alone (Sim *sim);

G_END_DECLS
