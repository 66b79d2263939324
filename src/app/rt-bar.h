#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_BAR (rt_bar_get_type ())
G_DECLARE_FINAL_TYPE (RtBar, rt_bar, RT, BAR, AdwBin)

/**
 * RtBar:
 *
 * A quiet line above what it speaks of, with at most one button. Nothing is shown without a text.
 */

/**
 * rt_bar_show:
 * @text: what happened
 * @label: (nullable): of the button, with a mnemonic; %NULL for none
 * @action: (nullable): detailed name of the button's action
 */
void rt_bar_show (RtBar *bar, const char *text, const char *label, const char *action);

/**
 * rt_bar_hide:
 */
void rt_bar_hide (RtBar *bar);

G_END_DECLS
