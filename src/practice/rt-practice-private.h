#pragma once

#include "rt-practice-execute.h"
#include "rt-practice.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What the parts of the server share; not for its users. */
struct _RtPractice
{
  GObject parent_instance;

  RtClock *clock;           /* (owned) */
  gint64 offset;            /* seconds by which the practice account is ahead of the clock */
  RtPracticeCore core;      /* (owned) */
  RtPracticeFaults *faults; /* (owned) */
  GHashTable *n_requests;   /* (owned) "METHOD path template" → number */
  guint n_limited;          /* answers with status 429 */
  GPtrArray *exchanges;     /* (owned) those that a fault holds up */
  SoupServer *server;       /* (owned) (nullable) */
  guint port;
};

/**
 * rt_practice_now:
 *
 * Returns: Unix time in seconds in the practice account
 */
gint64 rt_practice_now (RtPractice *self);

/**
 * rt_practice_advance:
 * @error: return location for an #RtError
 *
 * Returns: whether the practice account's time was moved by @seconds, for good
 */
gboolean rt_practice_advance (RtPractice *self, gint64 seconds, GError **error);

G_END_DECLS
