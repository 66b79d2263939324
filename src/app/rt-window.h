#pragma once

#include <adwaita.h>

#include "rt-workspace.h"

G_BEGIN_DECLS

#define RT_TYPE_WINDOW (rt_window_get_type ())
G_DECLARE_FINAL_TYPE (RtWindow, rt_window, RT, WINDOW, AdwApplicationWindow)

/**
 * RtWindow:
 *
 * The window: accounts and pages. What pages ask of it are its actions `win.…`, listed in
 * rt-window.c.
 */

/**
 * rt_window_new:
 * @workspace: must outlive the window
 *
 * Returns: (transfer none): a window that opens the account in use
 */
GtkWindow *rt_window_new (AdwApplication *application, RtWorkspace *workspace);

/**
 * rt_window_new_failed:
 * @message: why there are no accounts to work with
 *
 * Returns: (transfer none): a window that says so
 */
GtkWindow *rt_window_new_failed (AdwApplication *application, const char *message);

G_END_DECLS
