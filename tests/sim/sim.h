#pragma once

#include <gio/gio.h>

#include "rt-practice.h"
#include "rt-store.h"
#include "rt-sync.h"

G_BEGIN_DECLS

#define N_COMPUTERS 2

typedef struct _Sim Sim;

/* One computer of the person, with its replica. */
typedef struct
{
  Sim *sim;
  guint number;
  char *folder;
  char *path;
  RtClock *clock;    /* its own, which may be wrong */
  gint64 offset;     /* microseconds by which it is ahead */
  RtStore *store;    /* (nullable): it is off */
  GPtrArray *edits;  /* of Edit: what the person was told is saved */
  GHashTable *waits; /* request → when it may be sent again, gint64 microseconds */
  guint die_in;      /* requests until it dies; 0: it lives */
  guint cancel_in;   /* requests until the person cancels; 0: never */
  GCancellable *cancellable;
  gboolean is_syncing;
  gboolean is_blind; /* the person has decided without seeing what about */
  guint n_names;     /* there were, when the sync began: what was written before is no race */
} Computer;

/* One run: what one seed makes of all this. */
struct _Sim
{
  guint64 seed;
  GRand *random;
  RtClock *clock;
  RtPractice *practice;
  Computer computers[N_COMPUTERS];
  guint n_computers;     /* of them exist: half of the people have one */
  guint trouble;         /* of 1,000 requests so many meet something */
  GPtrArray *late;       /* of SimRequest: those that are still somewhere on their way */
  GHashTable *expires;   /* text → when it must not be sent any more, gint64 microseconds */
  GHashTable *expiring;  /* computer and local id → the same, of the last such edit (borrowed) */
  GHashTable *seen;      /* computer and text: what the Dashboard wrote and the person saw */
  GHashTable *answered;  /* keys of what Stripe has executed */
  GHashTable *refused;   /* key → the status with which Stripe refuses it */
  GHashTable *deleted;   /* ids, at Stripe and local ones */
  GHashTable *touched;   /* id at Stripe and field: the number of the Dashboard's name then */
  GHashTable *discarded; /* local ids */
  GHashTable *discarded_twice; /* local ids */
  guint n_names;
  gboolean has_dashboard; /* somebody has worked in the Dashboard */
  guint depth;            /* of actions within syncs */
  char *failure;
  GString *story; /* (nullable): what happened, for people */
};

void sim_tell (Sim *sim, const char *format, ...) G_GNUC_PRINTF (2, 3);
void sim_fail (Sim *sim, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* A number from 0 to @n - 1; whether one of @n comes up. */
guint sim_pick (Sim *sim, guint n);
gboolean sim_chance (Sim *sim, guint of_1000);

/* Asks the practice Stripe as the simulator itself: nothing goes wrong. */
JsonObject *sim_ask (Sim *sim, const char *method, const char *path, const char *body);

/* A network between @computer and Stripe. */
RtTransport *sim_network_new (Computer *computer);
/* Delivers what is still on its way and due. */
void sim_network_deliver_late (Sim *sim, gboolean is_all);

/* What the person does next on @computer: edits, discards, retries, resolves. */
void sim_person_act (Computer *computer);
/* Whether the person has seen @text on @computer when editing or deciding. */
gboolean sim_person_has_seen (Computer *computer, const char *text);
/* Decides everything that waits for a person; returns how much that was. */
guint sim_person_decide_all (Computer *computer);
/* What the Dashboard asks for, in whole units; the number of the name comes on top. */
#define SIM_DASHBOARD_AMOUNT 100000

/* Somebody works in the Dashboard. */
void sim_dashboard_act (Sim *sim);

/* Time that passed on @computer passes everywhere, and the other way round. */
void computer_keep_time (Computer *computer);
/* Its clock is @offset microseconds ahead from now on. */
void computer_set_clock (Computer *computer, gint64 offset);
void computer_start (Computer *computer);
void computer_stop (Computer *computer);
/* The power goes; it comes back with what the disk still has. */
void computer_crash (Computer *computer);
void computer_sync (Computer *computer, RtSyncFlags flags);
/* Compares the replica with Stripe, under the same troubles; returns whether it could. */
gboolean computer_audit (Computer *computer, guint *n_different);
void computer_rebuild (Computer *computer);

/* What must be true after every step, and at the end. */
void sim_check_step (Sim *sim, Computer *computer);
void sim_check_rest (Sim *sim);

G_END_DECLS
