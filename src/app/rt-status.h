#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * rt_status_set_text:
 * @text: shown as it is, whatever characters are in it
 *
 * Says on a status page what happened, such as why something cannot be shown.
 */
void rt_status_set_text (AdwStatusPage *page, const char *text);

G_END_DECLS
