#pragma once

#include "rt-transport.h"
#include "sim.h"

G_BEGIN_DECLS

/* Answers that no request has earned: of a broken line, of a router, of a Stripe in trouble. */

/* None. @has_left: whether something may have reached Stripe. */
RtHttpReply *sim_answer_broken (gboolean has_left);
/* A captive portal's page. */
RtHttpReply *sim_answer_portal (Sim *sim);
/* Stripe says @status and has done nothing. */
RtHttpReply *sim_answer_status (Sim *sim, guint status);

G_END_DECLS
