#pragma once

#include <adwaita.h>

#include "rt-desk.h"
#include "rt-product-actions.h"
#include "rt-workspace.h"

G_BEGIN_DECLS

/* An account on a desk whose Stripe cannot be reached. */
typedef struct
{
  char *directory;        /* (owned) */
  RtWorkspace *workspace; /* (owned) */
  RtDesk *desk;           /* (owned) */
  RtStore *store;         /* (borrowed) */
} Fixture;

/**
 * init_ui:
 *
 * What main() begins with.
 *
 * Returns: (transfer full): the application, to be kept while the tests run
 */
AdwApplication *init_ui (int *argc, char ***argv);

void set_up (Fixture *fixture, gconstpointer data);
void tear_down (Fixture *fixture, gconstpointer data);

/**
 * iterate_until:
 *
 * Runs the main loop until @is_so.
 */
void iterate_until (gboolean (*is_so) (gpointer data), gpointer data);

/**
 * assert_finalize:
 * @object: (transfer full): threads that read for it may still hold it for a moment
 */
void assert_finalize (gpointer object);

/**
 * add_product:
 *
 * Returns: (transfer full): a new product
 */
RtProduct *add_product (RtStore *store, const char *name);

/**
 * run_sql:
 *
 * Does something to the replica that Retainer would not: breaks it, or mends it.
 */
void run_sql (Fixture *fixture, const char *sql);

G_END_DECLS
