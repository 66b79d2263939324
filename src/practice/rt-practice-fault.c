#include "rt-practice-fault.h"

#include <string.h>

#include "rt-practice-error.h"
#include "rt-practice-json.h"

#define MAX_PER_SECOND 100000
#define MAX_LATENCY (10 * 60 * 1000)

typedef struct
{
  RtPracticeFaultKind kind;
  JsonObject *details; /* (owned) */
  char *match;         /* (owned) prefix of "METHOD path" */
  guint n_skipped;     /* still to let pass */
  guint n_left;        /* 0: until cleared */
  gint64 *passed;      /* (owned) (nullable) a ceiling's: when the last @n_passed were let in */
  guint n_passed;
  guint next; /* the oldest of @passed */
} Order;

struct _RtPracticeFaults
{
  GPtrArray *orders; /* (owned) */
};

static const char *const names[] = {
  [RT_PRACTICE_FAULT_NONE] = "",
  [RT_PRACTICE_FAULT_DROP_BEFORE] = "drop_before",
  [RT_PRACTICE_FAULT_DROP_AFTER] = "drop_after",
  [RT_PRACTICE_FAULT_STATUS] = "status",
  [RT_PRACTICE_FAULT_EXECUTE_THEN_STATUS] = "execute_then_status",
  [RT_PRACTICE_FAULT_SLOW] = "slow",
  [RT_PRACTICE_FAULT_DRIP] = "drip",
  [RT_PRACTICE_FAULT_TRUNCATE] = "truncate",
  [RT_PRACTICE_FAULT_HTML] = "html",
  [RT_PRACTICE_FAULT_REDIRECT] = "redirect",
  [RT_PRACTICE_FAULT_SKEW] = "skew",
  [RT_PRACTICE_FAULT_IGNORE_FIELDS] = "ignore_fields",
  [RT_PRACTICE_FAULT_LATE_EVENTS] = "late_events",
  [RT_PRACTICE_FAULT_DUPLICATE_EVENTS] = "duplicate_events",
  [RT_PRACTICE_FAULT_EMPTY_LISTS] = "empty_lists",
  [RT_PRACTICE_FAULT_CUT_LISTS] = "cut_lists",
  [RT_PRACTICE_FAULT_STUCK_LISTS] = "stuck_lists",
  [RT_PRACTICE_FAULT_CEILING] = "ceiling",
  [RT_PRACTICE_FAULT_LATENCY] = "latency",
  [RT_PRACTICE_FAULT_SHUFFLE] = "shuffle",
};

static void
order_free (Order *order)
{
  json_object_unref (order->details);
  g_free (order->passed);
  g_free (order->match);
  g_free (order);
}

RtPracticeFaults *
rt_practice_faults_new (void)
{
  RtPracticeFaults *self = g_new0 (RtPracticeFaults, 1);

  self->orders = g_ptr_array_new_with_free_func ((GDestroyNotify) order_free);
  return self;
}

void
rt_practice_faults_free (RtPracticeFaults *self)
{
  g_ptr_array_unref (self->orders);
  g_free (self);
}

static RtPracticeFaultKind
kind_of (JsonObject *details)
{
  const char *name = rt_practice_json_string (details, "fault");

  for (guint kind = 1; kind < G_N_ELEMENTS (names); kind++)
    if (g_strcmp0 (names[kind], name) == 0)
      return kind;
  return RT_PRACTICE_FAULT_NONE;
}

/* A request above the ceiling is refused by what looks like an ordered status. */
static void
set_ceiling (Order *order)
{
  gint64 per_second = rt_practice_json_int (order->details, "per_second", 25);
  JsonObject *refusal = rt_practice_json_copy (order->details);

  order->n_passed = (guint) CLAMP (per_second, 1, MAX_PER_SECOND);
  order->passed = g_new (gint64, order->n_passed);
  for (guint i = 0; i < order->n_passed; i++)
    order->passed[i] = G_MININT64;
  json_object_set_int_member (refusal, "status", 429);
  if (!json_object_has_member (refusal, "message"))
    json_object_set_string_member (refusal, "message",
                                   "Request rate limit exceeded. Learn more about rate limits "
                                   "here: https://stripe.com/docs/rate-limits.");
  json_object_unref (order->details);
  order->details = refusal;
}

gboolean
rt_practice_faults_add (RtPracticeFaults *self, JsonObject *order)
{
  const char *match = rt_practice_json_string (order, "match");
  RtPracticeFaultKind kind = kind_of (order);
  Order *added;

  if (kind == RT_PRACTICE_FAULT_NONE)
    return FALSE;
  added = g_new0 (Order, 1);
  added->kind = kind;
  added->details = json_object_ref (order);
  added->match = g_strdup (match != NULL ? match : "");
  added->n_skipped = (guint) CLAMP (rt_practice_json_int (order, "skip", 0), 0, G_MAXINT);
  added->n_left = (guint) CLAMP (rt_practice_json_int (order, "count", 0), 0, G_MAXINT);
  if (kind == RT_PRACTICE_FAULT_CEILING)
    set_ceiling (added);
  g_ptr_array_add (self->orders, added);
  return TRUE;
}

void
rt_practice_faults_clear (RtPracticeFaults *self)
{
  g_ptr_array_set_size (self->orders, 0);
}

static gboolean
ignore_fields (const Order *order, RtPracticeFault *fault)
{
  JsonArray *fields = rt_practice_json_array (order->details, "fields");

  if (fault->ignored != NULL || fields == NULL)
    return FALSE;
  fault->ignored = json_array_ref (fields);
  return TRUE;
}

/* Whether no more than @n_passed requests were let in within any one second, this one included. */
static gboolean
passes_ceiling (Order *order, gint64 now)
{
  gint64 oldest = order->passed[order->next];

  if (oldest <= now && oldest > now - G_USEC_PER_SEC)
    return FALSE;
  order->passed[order->next] = now;
  order->next = (order->next + 1) % order->n_passed;
  return TRUE;
}

static gboolean
shape (const Order *order, RtPracticeFaultKind kind, RtPracticeFault *fault)
{
  if (fault->kind != RT_PRACTICE_FAULT_NONE)
    return FALSE;
  fault->kind = kind;
  fault->details = json_object_ref (order->details);
  return TRUE;
}

/* A request has one fault that shapes its answer; the others come on top. */
static gboolean
apply (Order *order, gint64 now, RtPracticeFault *fault)
{
  switch (order->kind)
    {
    case RT_PRACTICE_FAULT_SKEW:
      fault->skew = rt_practice_json_int (order->details, "seconds", 0);
      return TRUE;
    case RT_PRACTICE_FAULT_IGNORE_FIELDS:
      return ignore_fields (order, fault);
    case RT_PRACTICE_FAULT_LATE_EVENTS:
      fault->late_share
          = (guint) CLAMP (rt_practice_json_int (order->details, "share", 1000), 0, 1000);
      fault->late_seconds = MAX (rt_practice_json_int (order->details, "seconds", 60), 1);
      return TRUE;
    case RT_PRACTICE_FAULT_DUPLICATE_EVENTS:
      fault->duplicate = TRUE;
      return TRUE;
    case RT_PRACTICE_FAULT_EMPTY_LISTS:
    case RT_PRACTICE_FAULT_CUT_LISTS:
    case RT_PRACTICE_FAULT_STUCK_LISTS:
      if (fault->list != RT_PRACTICE_FAULT_NONE)
        return FALSE;
      fault->list = order->kind;
      return TRUE;
    case RT_PRACTICE_FAULT_CEILING:
      return !passes_ceiling (order, now) && shape (order, RT_PRACTICE_FAULT_STATUS, fault);
    case RT_PRACTICE_FAULT_LATENCY:
      fault->latency_ms
          = CLAMP (rt_practice_json_int (order->details, "delay_ms", 100), 0, MAX_LATENCY);
      return TRUE;
    case RT_PRACTICE_FAULT_SHUFFLE:
      return FALSE;
    default:
      return shape (order, order->kind, fault);
    }
}

static gboolean
concerns (const Order *order, const char *request, gboolean is_list)
{
  gboolean is_for_events = order->kind == RT_PRACTICE_FAULT_LATE_EVENTS
                           || order->kind == RT_PRACTICE_FAULT_DUPLICATE_EVENTS;
  gboolean is_for_lists = order->kind >= RT_PRACTICE_FAULT_EMPTY_LISTS
                          && order->kind <= RT_PRACTICE_FAULT_STUCK_LISTS;

  return g_str_has_prefix (request, order->match) && (is_list || !is_for_lists)
         && (is_for_events || !g_str_has_prefix (request, RT_PRACTICE_DASHBOARD));
}

void
rt_practice_faults_take (RtPracticeFaults *self, gint64 now, const char *method, const char *path,
                         gboolean is_list, RtPracticeFault *fault)
{
  g_autofree char *request = g_strdup_printf ("%s %s", method, path);

  *fault = (RtPracticeFault){ 0 };
  for (guint i = 0; i < self->orders->len; i++)
    {
      Order *order = g_ptr_array_index (self->orders, i);

      if (!concerns (order, request, is_list))
        continue;
      if (order->n_skipped > 0)
        order->n_skipped--;
      else if (apply (order, now, fault) && order->n_left > 0 && --order->n_left == 0)
        g_ptr_array_remove_index (self->orders, i--);
    }
}

gboolean
rt_practice_faults_shuffle (RtPracticeFaults *self)
{
  for (guint i = 0; i < self->orders->len; i++)
    if (((Order *) g_ptr_array_index (self->orders, i))->kind == RT_PRACTICE_FAULT_SHUFFLE)
      return TRUE;
  return FALSE;
}

void
rt_practice_fault_clear (RtPracticeFault *fault)
{
  g_clear_pointer (&fault->details, json_object_unref);
  g_clear_pointer (&fault->ignored, json_array_unref);
}

void
rt_practice_fault_refuse (const RtPracticeFault *fault, GError **error)
{
  gint64 status = rt_practice_json_int (fault->details, "status", 500);
  const char *code = rt_practice_json_string (fault->details, "code");
  const char *message = rt_practice_json_string (fault->details, "message");
  const char *param = rt_practice_json_string (fault->details, "param");
  const char *type = "invalid_request_error";

  if (status >= 500)
    type = "api_error";
  else if (status == 402)
    type = "card_error";
  if (status == 429 && code == NULL)
    code = "rate_limit";
  if (message == NULL)
    message = "An error occurred with our connection to Stripe (fault on demand).";
  if (param != NULL)
    rt_practice_refuse (error, (guint) status, code, param, "%s", message);
  else
    rt_practice_refuse_type (error, (guint) status, type, code, message);
}
