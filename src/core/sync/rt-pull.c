#include "rt-pull.h"

#include "rt-log.h"
#include "rt-pull-events.h"
#include "rt-pull-list.h"
#include "rt-store-event.h"

#define DAY (24 * 3600)
/* Stripe keeps events for 30 days; five less leave room for clocks (guide §3, TRAPS A2). */
#define EVENTS_REACH (25 * DAY)
/* An event may show late; what was seen before is read again (TRAPS A3). */
#define LOOKBACK 600
#define KEEP_EVENTS (31 * DAY)
/* A full list that was left is gone on with: the events since its beginning fill the rest in. */
#define RESUME_WITHIN (7 * DAY)

/* Where the reading of events stands, as settings of the replica. Times are Stripe's, in seconds.
 */
#define NEWEST "events-newest"        /* creation of the newest event seen, all before it read */
#define POLLED_AT "events-polled-at"  /* when events were last read to their end */
#define RELIST "relist"               /* why everything is being listed; empty: it is not */
#define RELIST_AT "relist-at"         /* since when */
#define RELIST_NEWEST "relist-newest" /* creation of the newest event before it began */

static gint64
get_time (RtStore *store, const char *name)
{
  g_autofree char *text = rt_store_dup_setting (store, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
set_time (RtStore *store, const char *name, gint64 value, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  return rt_store_set_setting (store, name, text, error);
}

static char *
dup_relist (RtStore *store)
{
  g_autofree char *value = rt_store_dup_setting (store, RELIST);

  return value != NULL && *value != '\0' ? g_steal_pointer (&value) : NULL;
}

char *
rt_pull_dup_reason (RtStore *store)
{
  g_autofree char *nick = dup_relist (store);

  return nick != NULL ? g_strdup (rt_log_reason (nick)) : NULL;
}

gboolean
rt_pull_must_be_first (RtStore *store)
{
  g_autofree char *pull_first = rt_store_dup_setting (store, "pull-first");

  return g_strcmp0 (pull_first, "yes") == 0;
}

gboolean
rt_pull_is_partial (RtStore *store)
{
  g_autofree char *unfinished = dup_relist (store);

  return unfinished != NULL || rt_pull_must_be_first (store) || rt_pull_is_unlisted (store, NULL);
}

/* Why everything must be listed; %NULL if the events since the last time are enough. */
static const char *
find_reason (RtPull *pull, gboolean is_full)
{
  gint64 polled_at = get_time (pull->store, POLLED_AT);
  gint64 now = rt_pull_stripe_now (pull);

  if (is_full)
    return "asked";
  if (rt_pull_must_be_first (pull->store))
    return "repaired";
  if (polled_at == 0)
    return "first";
  if (now - polled_at > EVENTS_REACH || polled_at > now + DAY)
    return "gap";
  return NULL;
}

static gboolean
begin_relist (RtPull *pull, const char *reason, GError **error)
{
  RtStore *store = pull->store;
  gint64 newest = 0;
  g_autoptr (GError) denied = NULL;
  gboolean is_begun;

  if (!rt_pull_events_newest (pull, &newest, &denied))
    {
      if (!g_error_matches (denied, RT_ERROR, RT_ERROR_PERMISSION))
        {
          g_propagate_error (error, g_steal_pointer (&denied));
          return FALSE;
        }
      reason = "no-events";
      newest = 0;
    }
  if (!rt_store_begin (store, error))
    return FALSE;
  is_begun = rt_store_set_setting (store, RELIST, reason, error)
             && set_time (store, RELIST_AT, rt_pull_stripe_now (pull), error)
             && set_time (store, RELIST_NEWEST, newest, error)
             && rt_store_settle_hints (store, NULL, rt_store_last_event_row (store), error)
             && rt_pull_restart_lists (store, NULL, error)
             && rt_log_add (store, &(RtLogEntry){ .event = "relist", .detail = reason }, error);
  return rt_store_end (store, is_begun, error);
}

/* Without a record of changes the next sync lists everything again. */
static gboolean
end_relist (RtPull *pull, GError **error)
{
  RtStore *store = pull->store;
  g_autofree char *reason = dup_relist (store);
  gboolean has_events = g_strcmp0 (reason, "no-events") != 0;
  gboolean is_ended;

  if (!rt_store_begin (store, error))
    return FALSE;
  is_ended = set_time (store, NEWEST, get_time (store, RELIST_NEWEST), error)
             && set_time (store, POLLED_AT, has_events ? get_time (store, RELIST_AT) : 0, error)
             && rt_store_set_setting (store, RELIST, "", error)
             && rt_store_set_setting (store, "pull-first", "no", error);
  return rt_store_end (store, is_ended, error);
}

/* One that was begun before a repair is begun anew; without events no reason is kept but that one,
 * and a repair leaves no place in any list to go on from. */
static gboolean
is_since_repair (const char *unfinished)
{
  return g_str_equal (unfinished, "repaired") || g_str_equal (unfinished, "no-events");
}

static gboolean
pull_full (RtPull *pull, const char *reason, GError **error)
{
  gint64 begun_at = get_time (pull->store, RELIST_AT);
  gint64 now = rt_pull_stripe_now (pull);
  g_autofree char *unfinished = dup_relist (pull->store);
  gboolean is_resumed = unfinished != NULL && begun_at <= now && now - begun_at < RESUME_WITHIN
                        && g_strcmp0 (reason, "asked") != 0
                        && (g_strcmp0 (reason, "repaired") != 0 || is_since_repair (unfinished));

  pull->is_full = TRUE;
  return (is_resumed || begin_relist (pull, reason != NULL ? reason : unfinished, error))
         && rt_pull_lists (pull, NULL, error) && end_relist (pull, error);
}

/* Returns: %FALSE on failure; @has_hole if everything must be listed after all. */
static gboolean
pull_changes (RtPull *pull, gboolean *has_hole, GError **error)
{
  RtStore *store = pull->store;
  gint64 since = get_time (store, NEWEST);
  gint64 started = rt_pull_stripe_now (pull);
  RtEventWalk walk = { .covered_until = get_time (store, RELIST_NEWEST) };
  gboolean is_kept;

  if (!rt_pull_events_walk (pull, MAX (since - LOOKBACK, 0), &walk, has_hole, error))
    return FALSE;
  if (*has_hole)
    return TRUE;
  if (!rt_store_begin (store, error))
    return FALSE;
  is_kept = set_time (store, NEWEST, MAX (since, walk.newest), error)
            && set_time (store, POLLED_AT, started, error);
  return rt_store_end (store, is_kept, error) && rt_pull_events_apply (pull, error)
         && rt_store_forget_events (store, started - KEEP_EVENTS, error);
}

static gboolean
run (RtPull *pull, gboolean is_full, GError **error)
{
  const char *reason = find_reason (pull, is_full);
  g_autofree char *unfinished = dup_relist (pull->store);
  GError *local_error = NULL;
  gboolean has_hole = FALSE;

  if (reason != NULL || unfinished != NULL ? !pull_full (pull, reason, error)
                                           : !rt_pull_unlisted (pull, error))
    return FALSE;
  /* Also after a full list: what changed while it was read. */
  if (!pull_changes (pull, &has_hole, &local_error))
    {
      /* Said by the reason why everything is listed each time. */
      if (pull->is_full && g_error_matches (local_error, RT_ERROR, RT_ERROR_PERMISSION))
        {
          g_error_free (local_error);
          return TRUE;
        }
      g_propagate_error (error, local_error);
      return FALSE;
    }
  return !has_hole || pull_full (pull, "hole", error);
}

gboolean
rt_pull_run (RtPull *pull, gboolean is_full, GError **error)
{
  if (!run (pull, is_full, error))
    return FALSE;
  if (pull->denied == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (pull->denied));
  return FALSE;
}

gboolean
rt_pull_before_audit (RtPull *pull, GError **error)
{
  /* Without events the next sync lists everything, and what differs would be gone unseen. */
  gboolean is_whole = get_time (pull->store, RELIST_AT) != 0 && !rt_pull_is_partial (pull->store)
                      && get_time (pull->store, POLLED_AT) == 0;

  return is_whole || rt_pull_run (pull, FALSE, error);
}

gboolean
rt_pull_catch_up (RtPull *pull, GError **error)
{
  GError *local_error = NULL;
  gboolean has_hole = FALSE;

  if (pull_changes (pull, &has_hole, &local_error)
      || g_error_matches (local_error, RT_ERROR, RT_ERROR_PERMISSION))
    {
      g_clear_error (&local_error);
      return TRUE;
    }
  g_propagate_error (error, local_error);
  return FALSE;
}
