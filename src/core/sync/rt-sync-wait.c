#include "rt-sync-wait.h"

void
rt_sync_wake_when_cancelled (GSource *timer, GCancellable *cancellable)
{
  g_autoptr (GSource) child = NULL;

  if (cancellable == NULL)
    return;
  child = g_cancellable_source_new (cancellable);
  g_source_set_dummy_callback (child);
  g_source_add_child_source (timer, child);
}
