/* Customers: what they take, keep, refuse and show. */

#include "practice-fixture.h"

#include <string.h>

#include "rt-json.h"

#define CUSTOMERS "/v1/customers"

static char *
path_of (JsonObject *customer)
{
  return g_strconcat (CUSTOMERS "/", rt_json_string (customer, "id"), NULL);
}

static Answer *
change (Fixture *f, JsonObject *customer, const char *form)
{
  g_autofree char *path = path_of (customer);
  Answer *answer = fixture_send (f, "POST", path, form, NULL);

  g_test_message ("%s: %.300s", form, answer->text);
  return answer;
}

static void
test_create (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) bare = fixture_create (f, CUSTOMERS, "");
  g_autoptr (JsonObject) full
      = fixture_create (f, CUSTOMERS,
                        "name=A&email=a@b.c&phone=1&address[city]=X&business_name=B&balance=-5"
                        "&shipping[name]=S&shipping[address][line1]=L&tax_exempt=exempt"
                        "&preferred_locales[0]=de&next_invoice_sequence=7&invoice_prefix=ABC"
                        "&invoice_settings[rendering_options][amount_tax_display]=exclude_tax");
  JsonObject *address = rt_json_object (full, "address");
  JsonObject *shipping = rt_json_object (full, "shipping");

  g_assert_true (g_str_has_prefix (rt_json_string (bare, "id"), "cus_"));
  g_assert_cmpuint (strlen (rt_json_string (bare, "id")), ==, 18);
  g_assert_true (json_object_get_null_member (bare, "address"));
  g_assert_true (json_object_get_null_member (bare, "name"));
  g_assert_false (json_object_has_member (bare, "business_name"));
  g_assert_cmpstr (rt_json_string (bare, "tax_exempt"), ==, "none");
  g_assert_cmpuint (json_object_get_size (address), ==, 6);
  g_assert_cmpstr (rt_json_string (address, "city"), ==, "X");
  g_assert_true (json_object_get_null_member (address, "line1"));
  g_assert_cmpuint (json_object_get_size (rt_json_object (shipping, "address")), ==, 6);
  g_assert_true (json_object_get_null_member (shipping, "phone"));
  g_assert_cmpstr (rt_json_string (full, "business_name"), ==, "B");
  g_assert_cmpstr (rt_json_string (full, "invoice_prefix"), ==, "ABC");
  g_assert_cmpstr (rt_json_string (full, "tax_exempt"), ==, "exempt");
}

static void
test_update (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made
      = fixture_create (f, CUSTOMERS,
                        "name=A&email=a@b.c&description=d&address[city]=X&address[line2]=Y"
                        "&business_name=B&metadata[a]=1"
                        "&metadata[b]=2&tax_exempt=exempt&shipping[name]=S"
                        "&shipping[address][line1]=L&invoice_settings[footer]=f");
  g_autoptr (Answer) replaced = change (f, made, "address[city]=Z&metadata[a]=&metadata[c]=3");
  g_autoptr (Answer) cleared
      = change (f, made,
                "address=&business_name=&metadata=&tax_exempt=&shipping=&email=&description=");
  JsonObject *address = rt_json_object (replaced->body, "address");

  g_assert_cmpstr (rt_json_string (address, "city"), ==, "Z");
  g_assert_true (json_object_get_null_member (address, "line2"));
  g_assert_nonnull (strstr (replaced->text, "\"metadata\":{\"b\":\"2\",\"c\":\"3\"}"));
  g_assert_nonnull (strstr (replaced->text, "\"footer\":\"f\""));
  g_assert_cmpstr (answer_string (replaced, "name"), ==, "A");
  g_assert_true (json_object_get_null_member (cleared->body, "address"));
  g_assert_true (json_object_get_null_member (cleared->body, "email"));
  g_assert_true (json_object_get_null_member (cleared->body, "description"));
  g_assert_true (json_object_get_null_member (cleared->body, "shipping"));
  g_assert_false (json_object_has_member (cleared->body, "business_name"));
  g_assert_cmpstr (answer_string (cleared, "tax_exempt"), ==, "none");
  g_assert_nonnull (strstr (cleared->text, "\"metadata\":{}"));
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *form, *code, *param;
  } cases[] = {
    { "email=", "parameter_invalid_empty", "email" },
    { "name=%20", "parameter_invalid_string_blank", "name" },
    { "email=a", "email_invalid", "email" },
    { "email=a@b@c", "email_invalid", "email" },
    { "email=@b", "email_invalid", "email" },
    { "address[country]=GBR", NULL, "address[country]" },
    { "address[street]=x", "parameter_unknown", "address[street]" },
    { "shipping[name]=x", "parameter_missing", "shipping[address]" },
    { "shipping[name]=x&shipping[address][country]=1", NULL, "shipping[address][country]" },
    { "phone=012345678901234567890", NULL, "phone" },
    { "tax_exempt=maybe", NULL, "tax_exempt" },
    { "invoice_prefix=ab", NULL, "invoice_prefix" },
    { "invoice_prefix=abc", NULL, "invoice_prefix" },
    { "id=cus_mine", "parameter_unknown", "id" },
    { "test_clock=x", "resource_missing", "test_clock" },
    { "source=tok_visa", "parameter_unknown", "source" },
    { "invoice_settings[default_payment_method]=pm_1", "resource_missing",
      "invoice_settings[default_payment_method]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Answer) answer = fixture_send (f, "POST", CUSTOMERS, cases[i].form, NULL);

      g_test_message ("%s: %s", cases[i].form, answer->text);
      assert_refused (answer, 400, cases[i].code, cases[i].param);
    }
  g_assert_cmpuint (rt_practice_count (f->practice, "customer"), ==, 0);
}

static void
test_metadata_limit (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made = fixture_create (f, CUSTOMERS, "metadata[x]=1");
  g_autoptr (GString) form = g_string_new (NULL);
  g_autoptr (Answer) refused = NULL;
  g_autoptr (Answer) fits = NULL;

  for (guint i = 0; i < 50; i++)
    g_string_append_printf (form, "&metadata[k%u]=v", i);
  refused = change (f, made, form->str + 1);
  assert_refused (refused, 400, NULL, "metadata");
  g_string_append (form, "&metadata[x]=");
  fits = change (f, made, form->str + 1);
  g_assert_cmpuint (fits->status, ==, 200);
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made = fixture_create (f, CUSTOMERS, "name=A");
  g_autofree char *path = path_of (made);
  g_autoptr (Answer) deleted = fixture_send (f, "DELETE", path, NULL, NULL);
  g_autoptr (Answer) stub = fixture_send (f, "GET", path, NULL, NULL);
  g_autoptr (Answer) again = fixture_send (f, "DELETE", path, NULL, NULL);
  g_autoptr (Answer) changed = change (f, made, "name=B");
  g_autoptr (Answer) unknown = fixture_send (f, "GET", CUSTOMERS "/cus_1", NULL, NULL);
  g_autofree char *expected
      = g_strdup_printf ("{\"id\":\"%s\",\"object\":\"customer\",\"deleted\":true}",
                         rt_json_string (made, "id"));

  g_assert_cmpstr (deleted->text, ==, expected);
  g_assert_cmpstr (stub->text, ==, expected);
  assert_refused (again, 404, "resource_missing", "id");
  assert_refused (changed, 404, "resource_missing", "id");
  assert_refused (unknown, 404, "resource_missing", "id");
}

static void
assert_listed (Fixture *f, const char *query, guint expected)
{
  g_autofree char *path = g_strconcat (CUSTOMERS "?limit=100", query, NULL);
  g_autoptr (Answer) answer = fixture_send (f, "GET", path, NULL, NULL);

  g_test_message ("%s", query);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (json_array_get_length (rt_json_array (answer->body, "data")), ==, expected);
}

static void
test_list (Fixture *f, gconstpointer data)
{
  g_autofree char *later = g_strdup_printf ("&created[gt]=%" G_GINT64_FORMAT, FIXTURE_NOW);
  g_autofree char *after = NULL;
  g_autofree char *before = NULL;
  g_autoptr (JsonObject) first = fixture_create (f, CUSTOMERS, "email=a@b.c");
  g_autoptr (JsonObject) second = fixture_create (f, CUSTOMERS, "email=A@b.c&test_clock=clock_1");
  g_autoptr (JsonObject) third = NULL;

  rt_clock_advance (f->clock, G_USEC_PER_SEC);
  third = fixture_create (f, CUSTOMERS, "email=a@b.c");
  assert_listed (f, "", 2);
  assert_listed (f, "&test_clock=clock_1", 1);
  assert_listed (f, "&email=a@b.c", 2);
  assert_listed (f, "&email=A@b.c", 0);
  assert_listed (f, "&email=A@b.c&test_clock=clock_1", 1);
  assert_listed (f, later, 1);
  after = g_strconcat ("&starting_after=", rt_json_string (third, "id"), NULL);
  before = g_strconcat ("&ending_before=", rt_json_string (first, "id"), NULL);
  assert_listed (f, after, 1);
  assert_listed (f, before, 1);
}

/* As for all objects, only type and id of an event are to be believed. */
static void
test_events (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) made = fixture_create (f, CUSTOMERS, "email=a@b.c&name=A&address[city]=X");
  g_autoptr (Answer) changed = change (f, made, "name=B");
  g_autoptr (Answer) events = fixture_send (f, "GET", "/v1/events?type=customer.*", NULL, NULL);
  JsonArray *list = rt_json_array (events->body, "data");
  JsonObject *told = rt_json_object (rt_json_element (list, 0), "data");
  JsonObject *object = rt_json_object (told, "object");

  g_assert_cmpuint (json_array_get_length (list), ==, 2);
  g_assert_cmpstr (rt_json_string (rt_json_element (list, 0), "type"), ==, "customer.updated");
  g_assert_cmpstr (rt_json_string (object, "id"), ==, rt_json_string (made, "id"));
  g_assert_false (json_object_has_member (object, "email"));
  g_assert_false (json_object_has_member (object, "address"));
  g_assert_cmpuint (json_object_get_size (rt_json_object (told, "previous_attributes")), ==, 1);
}

/* What was made and what was deleted outlive the server. */
static void
test_restart (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) kept = fixture_create (f, CUSTOMERS, "name=A&address[city]=X");
  g_autoptr (JsonObject) gone = fixture_create (f, CUSTOMERS, "name=B");
  g_autofree char *kept_path = path_of (kept);
  g_autofree char *gone_path = path_of (gone);
  g_autoptr (Answer) deleted = fixture_send (f, "DELETE", gone_path, NULL, NULL);
  g_autoptr (Answer) before = fixture_send (f, "GET", kept_path, NULL, NULL);
  g_autoptr (Answer) after = NULL;
  g_autoptr (Answer) stub = NULL;

  fixture_restart (f);
  after = fixture_send (f, "GET", kept_path, NULL, NULL);
  stub = fixture_send (f, "GET", gone_path, NULL, NULL);
  g_assert_cmpstr (after->text, ==, before->text);
  g_assert_cmpstr (stub->text, ==, deleted->text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                         \
  g_test_add ("/practice/customers/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("create", test_create);
  ADD ("update", test_update);
  ADD ("refusals", test_refusals);
  ADD ("metadata-limit", test_metadata_limit);
  ADD ("delete", test_delete);
  ADD ("list", test_list);
  ADD ("events", test_events);
  g_test_add ("/practice/customers/restart", Fixture, NULL, fixture_set_up_on_disk, test_restart,
              fixture_tear_down);
  return g_test_run ();
}
