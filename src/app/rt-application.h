#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_APPLICATION (rt_application_get_type ())
G_DECLARE_FINAL_TYPE (RtApplication, rt_application, RT, APPLICATION, AdwApplication)

/**
 * rt_application_new:
 *
 * Returns: (transfer full): the application: one instance, one window, one #RtWorkspace
 */
RtApplication *rt_application_new (void);

G_END_DECLS
