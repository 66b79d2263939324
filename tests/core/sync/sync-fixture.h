#pragma once

#include "rt-change.h"
#include "rt-client-actions.h"
#include "rt-coupon-actions.h"
#include "rt-practice.h"
#include "rt-product-actions.h"
#include "rt-queue.h"
#include "rt-sync.h"

G_BEGIN_DECLS

/* A replica in a folder of its own and a practice Stripe in another thread, both on one fake clock:
 * the whole way of an edit to Stripe and back, over HTTP, in a moment. */
typedef struct
{
  RtClock *clock;
  RtStore *store;
  RtPracticeThread *practice;
  char *folder;
  char *replica;
  char *base;
  const char *key;
} Fixture;

#define FIXTURE_NOW (G_GINT64_CONSTANT (1795000000) * G_USEC_PER_SEC)
#define HOUR (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

#define ADD(name, function)                                                                        \
  g_test_add (name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

void fixture_set_up (Fixture *self, gconstpointer data);
void fixture_tear_down (Fixture *self, gconstpointer data);

/* Stops the practice Stripe and starts it again on what it kept. */
void fixture_stop_stripe (Fixture *self);
void fixture_start_stripe (Fixture *self);

/* Closes the replica and opens it again, as a new process would. */
void fixture_reopen (Fixture *self);
/* The same without the file. */
void fixture_lose_replica (Fixture *self);

/* Fields and texts up to a NULL. */
RtDraft *draft (const char *field, ...) G_GNUC_NULL_TERMINATED;

/* Each must work; ids. */
char *add_product (Fixture *self, const char *name);
char *add_base_with_usage (Fixture *self, const char *name);
char *add_coupon (Fixture *self, const char *name, const char *code);

char *add_client (Fixture *self, const char *name);
/* One that Stripe has, for a minute. */
char *add_synced (Fixture *self);
/* The person edits a client; somebody else does, in the Dashboard. */
void edit_client (Fixture *self, const char *id, const char *field, const char *text);
void edit_client_outside (Fixture *self, const char *id, const char *form);
/* What Stripe has of a client. */
char *dup_at_stripe (Fixture *self, const char *id, const char *member);

/* A sync that must end well, with nothing left. */
RtSyncReport sync_all (Fixture *self);
/* One that must end well, whatever is left. */
RtSyncReport sync_both (Fixture *self);
/* One that may fail. */
gboolean sync_once (Fixture *self, RtSyncFlags flags, RtSyncReport *report, GError **error);

/* Something outside Retainer asks the practice Stripe. */
JsonObject *outside (Fixture *self, const char *method, const char *path, const char *body);
/* Somebody chooses another price for a product in Stripe's Dashboard; @form: what else it is given.
 * Returns: (transfer full): its id */
char *choose_price (Fixture *self, const char *product_id, const char *form);
/* (transfer full): the id of a product's default price. */
char *dup_chosen_price (Fixture *self, const char *product_id);
void fault (Fixture *self, const char *order);
void clear_faults (Fixture *self);

/* What the practice Stripe holds and was asked. */
gint64 count_objects (Fixture *self, const char *object);
gint64 count_requests (Fixture *self, const char *request);
/* That no idempotency key created more than one object. */
void assert_no_double (Fixture *self);

RtState product_state (Fixture *self, const char *id);
RtState coupon_state (Fixture *self, const char *id);
/* (transfer full): it must be there. */
RtClient *get_client (Fixture *self, const char *key);
/* The only open change. */
RtChange *only_change (Fixture *self);
guint count_changes (Fixture *self);

G_END_DECLS
