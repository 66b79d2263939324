#include "rt-store-rebuild.h"

#include "rt-kind.h"
#include "rt-log.h"
#include "rt-store-private.h"

/* What an open change is about, with its prices: a conflict and the form need to know what the edit
 * was made of, and a change of something unknown would be taken for one of something deleted. What
 * was deleted: no list tells that a coupon's code was used before (TRAPS F4). */
#define OPEN \
  "change c JOIN identity i ON i.object = c.object AND i.id = c.object_id WHERE c.state <> 'done'"
#define IS_NEEDED                                                                         \
  "is_deleted = 1 OR (object, stripe_id) IN (SELECT i.object, i.stripe_id FROM " OPEN ")" \
  " OR (object = 'price' AND parent IN (SELECT i.stripe_id FROM " OPEN                    \
  " AND c.object = 'product'))"

/* How far reading has come, by the names that sync gives to it. */
#define PLACES "'events-newest', 'events-polled-at', 'relist', 'relist-at', 'relist-newest'"

static gboolean
forget_copy (RtDb *db, GError **error)
{
  static const char *const steps[] = {
    "DELETE FROM stripe_object WHERE NOT (" IS_NEEDED ")",
    /* Older than anything Stripe will say, and in no list: the pull decides what is still there. */
    "UPDATE stripe_object SET asked_at = 0, listing = 0",
    "DELETE FROM stripe_event",
    "DELETE FROM listing_window",
    "DELETE FROM listing",
    "DELETE FROM setting WHERE name IN (" PLACES ")",
    /* What was compared with the old copy is compared anew before it is sent. */
    "UPDATE change SET review = 'needed' WHERE state <> 'done'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (!rt_db_run (db, error, steps[i], ""))
      return FALSE;
  return TRUE;
}

gboolean
rt_store_rebuild (RtStore *self, GError **error)
{
  gboolean is_rebuilt;

  if (!rt_store_begin (self, error))
    return FALSE;
  rt_store_touch (self, RT_STORE_ALL);
  is_rebuilt = forget_copy (rt_store_get_writer (self), error)
               && rt_store_set_setting (self, "pull-first", "yes", error)
               && rt_kind_refresh_known (self, error) && rt_kind_rebuild_search (self, error)
               && rt_log_add (self, &(RtLogEntry){ .event = "rebuilt" }, error);
  return rt_store_end (self, is_rebuilt, error);
}
