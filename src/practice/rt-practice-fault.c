#include "rt-practice-fault.h"

#include <string.h>

#include "rt-practice-error.h"
#include "rt-practice-json.h"

typedef struct
{
  RtPracticeFaultKind kind;
  JsonObject *details; /* (owned) */
  char *match;         /* (owned) prefix of "METHOD path" */
  guint n_skipped;     /* still to let pass */
  guint n_left;        /* 0: until cleared */
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
  [RT_PRACTICE_FAULT_SHUFFLE] = "shuffle",
};

static void
order_free (Order *order)
{
  json_object_unref (order->details);
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

/* A request has one fault that shapes its answer; the others come on top. */
static gboolean
apply (const Order *order, RtPracticeFault *fault)
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
    case RT_PRACTICE_FAULT_SHUFFLE:
      return FALSE;
    default:
      if (fault->kind != RT_PRACTICE_FAULT_NONE)
        return FALSE;
      fault->kind = order->kind;
      fault->details = json_object_ref (order->details);
      return TRUE;
    }
}

void
rt_practice_faults_take (RtPracticeFaults *self, const char *method, const char *path,
                         RtPracticeFault *fault)
{
  g_autofree char *request = g_strdup_printf ("%s %s", method, path);

  *fault = (RtPracticeFault){ 0 };
  for (guint i = 0; i < self->orders->len; i++)
    {
      Order *order = g_ptr_array_index (self->orders, i);

      if (!g_str_has_prefix (request, order->match))
        continue;
      if (order->n_skipped > 0)
        order->n_skipped--;
      else if (apply (order, fault) && order->n_left > 0 && --order->n_left == 0)
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
  const char *type = "invalid_request_error";

  if (status >= 500)
    type = "api_error";
  else if (status == 402)
    type = "card_error";
  if (status == 429 && code == NULL)
    code = "rate_limit";
  if (message == NULL)
    message = "An error occurred with our connection to Stripe (fault on demand).";
  rt_practice_refuse_type (error, (guint) status, type, code, message);
}
