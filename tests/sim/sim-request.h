#pragma once

#include "rt-practice.h"
#include "sim.h"

G_BEGIN_DECLS

/* What Retainer sends, and what must be true of it when it leaves and when it arrives. */
typedef struct
{
  char *method;
  char *path;
  char *body;
  char *idempotency_key;
  gint64 arrives_at; /* if it is late */
  gint64 offset;     /* of the clock of the computer that sent it, then */
} SimRequest;

void sim_request_clear (SimRequest *request);
void sim_request_free (gpointer request);

/* When it is decided to send it: nothing of somebody else is replaced unseen. */
void sim_request_check_overwrite (Computer *computer, const SimRequest *request);
/* Stripe said when it may be sent again (Retry-After); it is not sent before. */
void sim_request_note_wait (Computer *computer, const SimRequest *request, const char *retry_after);
void sim_request_check_wait (Computer *computer, const SimRequest *request);
/* When it leaves: nothing is sent that has expired. */
void sim_request_check_expiry (Sim *sim, const SimRequest *request);

/* Stripe refuses it with @status, with this key for good; returns whether it can: what was executed
 * before is answered from the record. */
gboolean sim_request_refuse (Sim *sim, const SimRequest *request, guint status);
/* The status with which its key was refused; 0: it was not. */
guint sim_request_get_refusal (Sim *sim, const SimRequest *request);

/* It arrives. What Stripe has refused once it refuses again: @reply is left alone. */
void sim_request_execute (Sim *sim, const SimRequest *request, RtPracticeReply *reply);

/* What @path names is about to be deleted: requests may miss it from now on. */
void sim_request_note_deletion (Sim *sim, const char *path);
/* Whether that was ever deleted; @id may also be the local id that it was born with. */
gboolean sim_request_is_deleted (Sim *sim, const char *id);

G_END_DECLS
