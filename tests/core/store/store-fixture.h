#pragma once

#include "rt-change.h"
#include "rt-draft.h"
#include "rt-queue-send.h"
#include "rt-store.h"

G_BEGIN_DECLS

/* A replica in a folder of its own, on a clock that stands still. */
typedef struct
{
  char *folder;
  char *path;
  RtClock *clock;
  RtStore *store; /* (nullable): not opened yet */
} Fixture;

#define ADD(name, function)                                                                        \
  g_test_add (name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

void fixture_set_up (Fixture *f, gconstpointer data);
/* The same without a file. */
void fixture_set_up_folder (Fixture *f, gconstpointer data);
void fixture_open (Fixture *f);
void fixture_tear_down (Fixture *f, gconstpointer data);

/* Fields and their texts, ended by %NULL. */
RtDraft *draft (const char *field, ...) G_GNUC_NULL_TERMINATED;

guint count_changes (Fixture *f);
/* (transfer full): an open change, by its place. */
RtChange *get_change (Fixture *f, guint index);

/* (transfer full) (nullable): what push would send next, marked as being sent. */
RtRequest *claim (Fixture *f);
void assert_nothing_to_send (Fixture *f);

G_END_DECLS
