#pragma once

#include "rt-clock.h"
#include "rt-stripe-client.h"

G_BEGIN_DECLS

#define RT_READER_LANES 14

/**
 * RtReader:
 * @client: whom to ask
 * @clock: for the pauses between attempts
 * @cancellable: (nullable): gives up
 * @next: returns the path of the next thing to read, %NULL if there is none for now; @job: (out):
 *   what it is
 * @keep: takes what came back for @job; %FALSE with an error ends the reading
 * @drop: frees a job that was not answered, after a failure
 * @user_data: for these
 *
 * Reads from Stripe, several things at once, each again while nothing is decided.
 */
typedef struct
{
  RtStripeClient *client;
  RtClock *clock;
  GCancellable *cancellable;
  char *(*next) (gpointer user_data, gpointer *job);
  gboolean (*keep) (gpointer user_data, gpointer job, const RtAnswer *answer, GError **error);
  void (*drop) (gpointer user_data, gpointer job);
  gpointer user_data;
} RtReader;

/**
 * rt_reader_run:
 *
 * Reads until there is nothing left. Blocks, running the thread-default main context. What @keep
 * is handed was done or refused, or lacks a permission; other outcomes end the reading.
 *
 * Returns: %FALSE with the first failure, once nothing is on its way any more
 */
gboolean rt_reader_run (const RtReader *reader, GError **error);

G_END_DECLS
