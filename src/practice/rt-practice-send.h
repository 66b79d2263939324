#pragma once

#include "rt-practice-fault.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * RtPracticeSendDone:
 *
 * Called once a stolen connection is closed.
 */
typedef void (*RtPracticeSendDone) (gpointer user_data);

/**
 * rt_practice_send_raw:
 * @message: a paused message whose response is set
 * @fault: how to spoil it: drop, drip or truncate
 * @done: called once all is over, maybe before this returns
 *
 * Takes the connection out of the server's hands and answers in a way a server would not.
 *
 * Returns: (transfer full) (nullable): what is still going on; g_source_destroy() gives it up
 */
GSource *rt_practice_send_raw (SoupServerMessage *message, const RtPracticeFault *fault,
                               RtPracticeSendDone done, gpointer user_data);

G_END_DECLS
