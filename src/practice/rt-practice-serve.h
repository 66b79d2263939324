#pragma once

#include "rt-practice-private.h"

G_BEGIN_DECLS

/**
 * rt_practice_serve_start:
 * @server: a server that gets its handlers
 *
 * From now on @server answers for @self.
 */
void rt_practice_serve_start (RtPractice *self, SoupServer *server);

/**
 * rt_practice_serve_exchange_free:
 * @exchange: (transfer full): a member of #RtPractice.exchanges
 *
 * Gives up an exchange that a fault holds up.
 */
void rt_practice_serve_exchange_free (gpointer exchange);

G_END_DECLS
