#pragma once

#include <gio/gio.h>

#include "rt-store.h"
#include "rt-sync.h"

/* What the benchmarks of the sync share: a list server, a replica, a sync. */

typedef struct
{
  GSubprocess *process;
  GDataInputStream *out;
  char *base;
} Server;

/* @objects, @latency, @per_second, @faults: see list-server.c. */
void server_start (Server *server, const char *program, const char *objects, const char *latency,
                   const char *per_second, const char *faults);

/* (transfer full): what it saw: requests, put off, created, faults, seconds. */
char *server_stop (Server *server);

RtStore *open_store (const char *folder, const char *rate);

/* Objects a second. */
double sync_all (RtStore *store, const char *base, RtSyncFlags flags, RtSyncReport *report);

/* (transfer full): a folder of its own, and its end. */
char *folder_new (void);
void folder_free (char *folder);
