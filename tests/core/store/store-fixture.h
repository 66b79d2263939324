#pragma once

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

G_END_DECLS
