#include "rt-practice-customer.h"

#include <string.h>

#include "rt-practice-check.h"
#include "rt-practice-error.h"
#include "rt-practice-json.h"

#define MIN_PREFIX 3
#define MAX_PREFIX 12

/* What is copied as it is sent. */
static const char *const plain[] = { "description",    "email",
                                     "name",           "phone",
                                     "tax_exempt",     "next_invoice_sequence",
                                     "balance",        "preferred_locales",
                                     "invoice_prefix", NULL };

/* Absent until they are first set, unlike the others. */
static const char *const optional[] = { "business_name", "individual_name", NULL };

static gboolean
check_email (JsonObject *params, GError **error)
{
  const char *email = rt_practice_json_string (params, "email");
  const char *at = email != NULL ? strchr (email, '@') : NULL;

  if (email == NULL
      || (at != NULL && at > email && at[1] != '\0' && strpbrk (email, " \t\r\n") == NULL
          && strchr (at + 1, '@') == NULL))
    return TRUE;
  rt_practice_refuse (error, 400, "email_invalid", "email", "Invalid email address: %s", email);
  return FALSE;
}

static gboolean
check_country (JsonObject *address, const char *param, GError **error)
{
  const char *country = address != NULL ? rt_practice_json_string (address, "country") : NULL;

  if (country == NULL
      || (strlen (country) == 2 && g_ascii_isalpha (country[0]) && g_ascii_isalpha (country[1])))
    return TRUE;
  rt_practice_refuse (error, 400, NULL, param,
                      "Country '%s' is unknown. Try using a 2-character alphanumeric country code "
                      "instead, such as 'US', 'EG', or 'GB'.",
                      country);
  return FALSE;
}

static gboolean
check_addresses (JsonObject *params, GError **error)
{
  JsonObject *shipping = rt_practice_json_object (params, "shipping");

  return check_country (rt_practice_json_object (params, "address"), "address[country]", error)
         && (shipping == NULL
             || check_country (rt_practice_json_object (shipping, "address"),
                               "shipping[address][country]", error));
}

static gboolean
check_prefix (JsonObject *params, GError **error)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const char *prefix = rt_practice_json_string (params, "invoice_prefix");
  gsize length = prefix != NULL ? strlen (prefix) : MIN_PREFIX;

  if (length >= MIN_PREFIX && length <= MAX_PREFIX
      && (prefix == NULL || strspn (prefix, letters) == length))
    return TRUE;
  rt_practice_refuse (error, 400, NULL, "invoice_prefix",
                      "Invalid invoice_prefix: must be %d-%d uppercase letters or numbers",
                      MIN_PREFIX, MAX_PREFIX);
  return FALSE;
}

/* There are no cards to practise with yet: a payment method is always one that is not there. */
static gboolean
check_method (RtPracticeCall *call, GError **error)
{
  JsonObject *settings = rt_practice_json_object (call->params, "invoice_settings");
  const char *id
      = settings != NULL ? rt_practice_json_string (settings, "default_payment_method") : NULL;

  return id == NULL
         || rt_practice_call_get (call, "payment_method", id,
                                  "invoice_settings[default_payment_method]", error)
                != NULL;
}

/* Nor are there test clocks; anything that looks like the id of one is taken for one. */
static gboolean
check_clock (JsonObject *params, GError **error)
{
  const char *clock = rt_practice_json_string (params, "test_clock");

  if (clock == NULL || g_str_has_prefix (clock, "clock_"))
    return TRUE;
  rt_practice_refuse (error, 400, "resource_missing", "test_clock", "No such test clock: '%s'",
                      clock);
  return FALSE;
}

static gboolean
check (RtPracticeCall *call, GError **error)
{
  return check_email (call->params, error) && check_addresses (call->params, error)
         && check_prefix (call->params, error) && check_clock (call->params, error)
         && check_method (call, error);
}

/* An address comes back whole: all six members, null where nothing was sent. */
static JsonObject *
whole_address (JsonObject *sent)
{
  static const char *const members[]
      = { "city", "country", "line1", "line2", "postal_code", "state", NULL };
  JsonObject *address = json_object_new ();

  for (const char *const *name = members; *name != NULL; name++)
    rt_practice_json_take (address, *name, sent);
  return address;
}

static void
set_address (JsonObject *object, JsonObject *params)
{
  JsonObject *sent = rt_practice_json_object (params, "address");

  if (sent != NULL)
    json_object_set_object_member (object, "address", whole_address (sent));
  else if (json_object_has_member (params, "address"))
    json_object_set_null_member (object, "address");
}

static void
set_shipping (JsonObject *customer, JsonObject *params)
{
  JsonObject *sent = rt_practice_json_object (params, "shipping"), *shipping;

  rt_practice_json_move (customer, "shipping", params);
  if (sent == NULL)
    return;
  shipping = rt_practice_json_object (customer, "shipping");
  set_address (shipping, sent);
  rt_practice_json_take (shipping, "phone", sent);
}

static void
set_rendering (JsonObject *settings, JsonObject *sent)
{
  JsonObject *options = rt_practice_json_object (sent, "rendering_options");

  rt_practice_json_move (settings, "rendering_options", sent);
  if (options == NULL)
    return;
  json_object_set_null_member (rt_practice_json_object (settings, "rendering_options"), "template");
  rt_practice_json_take (rt_practice_json_object (settings, "rendering_options"),
                         "amount_tax_display", options);
}

static void
set_settings (JsonObject *customer, JsonObject *params)
{
  JsonObject *sent = rt_practice_json_object (params, "invoice_settings");
  JsonObject *settings = rt_practice_json_object (customer, "invoice_settings");

  if (sent == NULL)
    return;
  rt_practice_json_move (settings, "custom_fields", sent);
  rt_practice_json_move (settings, "default_payment_method", sent);
  rt_practice_json_move (settings, "footer", sent);
  set_rendering (settings, sent);
}

static void
set_members (JsonObject *customer, JsonObject *params)
{
  for (const char *const *name = plain; *name != NULL; name++)
    rt_practice_json_move (customer, *name, params);
  for (const char *const *name = optional; *name != NULL; name++)
    if (rt_practice_json_has (params, *name))
      rt_practice_json_move (customer, *name, params);
    else if (json_object_has_member (params, *name) && json_object_has_member (customer, *name))
      json_object_remove_member (customer, *name);
  if (!rt_practice_json_has (customer, "tax_exempt"))
    json_object_set_string_member (customer, "tax_exempt", "none");
  set_address (customer, params);
  set_shipping (customer, params);
  set_settings (customer, params);
}

/* A customer of whom nothing is known. */
static JsonObject *
new_customer (RtPracticeCall *call)
{
  static const char *const nulls[]
      = { "address", "currency", "default_source", "description", "discount",   "email",
          "name",    "phone",    "shipping",       "test_clock",  "tax_exempt", NULL };
  g_autofree char *id = rt_practice_state_random_id ("cus_", 14);
  g_autofree char *prefix = rt_practice_state_random_id ("", 8);
  g_autofree char *upper = g_ascii_strup (prefix, -1);
  JsonObject *customer = rt_practice_call_new_object (call, "customer", id);
  JsonObject *settings = json_object_new ();

  for (const char *const *name = nulls; *name != NULL; name++)
    json_object_set_null_member (customer, *name);
  json_object_set_int_member (customer, "balance", 0);
  json_object_set_boolean_member (customer, "delinquent", FALSE);
  json_object_set_string_member (customer, "invoice_prefix", upper);
  json_object_set_null_member (settings, "custom_fields");
  json_object_set_null_member (settings, "default_payment_method");
  json_object_set_null_member (settings, "footer");
  json_object_set_null_member (settings, "rendering_options");
  json_object_set_object_member (customer, "invoice_settings", settings);
  json_object_set_int_member (customer, "next_invoice_sequence", 1);
  json_object_set_array_member (customer, "preferred_locales", json_array_new ());
  return customer;
}

JsonObject *
rt_practice_customer_create (RtPracticeCall *call, GError **error)
{
  g_autoptr (JsonObject) customer = NULL;

  if (!check (call, error))
    return NULL;
  customer = new_customer (call);
  set_members (customer, call->params);
  rt_practice_json_move (customer, "test_clock", call->params);
  if (!rt_practice_check_metadata (customer, call->params, error))
    return NULL;
  rt_practice_call_create (call, customer);
  return g_steal_pointer (&customer);
}

JsonObject *
rt_practice_customer_retrieve (RtPracticeCall *call, GError **error)
{
  JsonObject *customer;

  if (rt_practice_state_is_deleted (call->state, "customer", call->id))
    return rt_practice_call_stub ("customer", call->id);
  customer = rt_practice_call_get (call, "customer", call->id, NULL, error);
  return customer != NULL ? json_object_ref (customer) : NULL;
}

JsonObject *
rt_practice_customer_update (RtPracticeCall *call, GError **error)
{
  g_autoptr (JsonObject) customer = rt_practice_call_edit (call, "customer", error);

  if (customer == NULL || !check (call, error)
      || !rt_practice_check_metadata (customer, call->params, error))
    return NULL;
  set_members (customer, call->params);
  rt_practice_call_update (call, customer, "updated");
  return g_steal_pointer (&customer);
}

JsonObject *
rt_practice_customer_delete (RtPracticeCall *call, GError **error)
{
  return rt_practice_call_delete (call, "customer", error);
}

gboolean
rt_practice_customer_filter (RtPracticeCall *call, RtPracticeRow *row)
{
  const char *email = rt_practice_json_string (call->params, "email");
  const char *clock = rt_practice_json_string (call->params, "test_clock");

  if (email != NULL && g_strcmp0 (email, rt_practice_json_string (row->object, "email")) != 0)
    return FALSE;
  return g_strcmp0 (clock, rt_practice_json_string (row->object, "test_clock")) == 0;
}
