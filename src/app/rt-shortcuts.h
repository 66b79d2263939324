#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * rt_shortcuts_install:
 *
 * Gives the actions of the application and of its window their keys.
 */
void rt_shortcuts_install (GtkApplication *application);

/**
 * rt_shortcuts_new:
 *
 * Returns: (transfer full): a window that names all keys, made from the table that installs them
 */
GtkWindow *rt_shortcuts_new (GtkWindow *parent);

G_END_DECLS
