#include <locale.h>

#include "rt-client.h"

#define ULID "01ARZ3NDEKTSV4RRFFQ69G5FAV"

static RtClient *
judge (const RtClient *before, const char **field_at_fault, const char *field, va_list arguments)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  RtClient *client;

  for (; field != NULL; field = va_arg (arguments, const char *))
    rt_draft_set (draft, field, va_arg (arguments, const char *));
  client = rt_client_from_draft (draft, before, problems);
  g_assert_true ((client == NULL) == (problems->len > 0));
  *field_at_fault = NULL;
  if (problems->len > 0)
    *field_at_fault = g_intern_string (rt_error_get_field (g_ptr_array_index (problems, 0)));
  return client;
}

static RtClient *
edited (const RtClient *before, const char *field, ...)
{
  const char *at_fault;
  va_list arguments;
  RtClient *client;

  va_start (arguments, field);
  client = judge (before, &at_fault, field, arguments);
  va_end (arguments);
  g_assert_cmpstr (at_fault, ==, NULL);
  return client;
}

static const char *
fault (const RtClient *before, const char *field, ...)
{
  const char *at_fault;
  va_list arguments;

  va_start (arguments, field);
  rt_client_unref (judge (before, &at_fault, field, arguments));
  va_end (arguments);
  return at_fault;
}

static char *
repeat (const char *text, guint n)
{
  GString *string = g_string_new (NULL);

  while (n-- > 0)
    g_string_append (string, text);
  return g_string_free (string, FALSE);
}

static void
test_draft (void)
{
  g_autoptr (RtClient) client
      = edited (NULL, "name", "  Café Müller  ", "email", "Anna@Example.COM", "country", "de",
                "postal_code", " 10115 ", "notes", "first\r\n\tsecond", NULL);
  g_autoptr (RtClient) bare = edited (NULL, "name", "x", NULL);

  g_assert_cmpstr (client->name, ==, "Café Müller");
  g_assert_cmpstr (client->email, ==, "Anna@Example.COM");
  g_assert_cmpstr (client->country, ==, "DE");
  g_assert_cmpstr (client->postal_code, ==, "10115");
  g_assert_cmpstr (client->notes, ==, "first\n\tsecond");
  g_assert_null (bare->email);
  g_assert_null (bare->country);
  g_assert_null (bare->postal_code);
  g_assert_null (bare->notes);
}

static void
test_bad_draft (void)
{
  static const char *const emails[]
      = { "anna",        "@example.com",    "anna@",         "a@b@c",         "a b@example.com",
          "a@exam\tple", "a\u00a0b@c.de",   "Anna <a@b.de>", "a@b.de,c@d.de", "a@b.de;",
          "\"a\"@b.de",  "a@\u202eexample", "a@b.de\u2028",  "a@[127.0.0.1]", NULL };
  static const char *const good[] = { "a@b", "a+b@c.de", "ä@exämple.de", "o'hara@x.ie", NULL };

  g_assert_cmpstr (fault (NULL, "name", "", NULL), ==, "name");
  g_assert_cmpstr (fault (NULL, "email", "a@b.de", NULL), ==, "name");
  g_assert_cmpstr (fault (NULL, "name", " \t ", NULL), ==, "name");
  g_assert_cmpstr (fault (NULL, "name", "two\nlines", NULL), ==, "name");
  g_assert_cmpstr (fault (NULL, "name", "a\u202eb", NULL), ==, "name");
  g_assert_cmpstr (fault (NULL, "name", "x", "country", "XX", NULL), ==, "country");
  g_assert_cmpstr (fault (NULL, "name", "x", "country", "Germany", NULL), ==, "country");
  g_assert_cmpstr (fault (NULL, "name", "x", "postal_code", "1\n2", NULL), ==, "postal_code");
  g_assert_cmpstr (fault (NULL, "name", "x", "notes", "a\x01", NULL), ==, "notes");
  g_assert_cmpstr (fault (NULL, "name", "x", "notes", "a\rb", NULL), ==, "notes");
  for (guint i = 0; emails[i] != NULL; i++)
    {
      g_test_message ("%s", emails[i]);
      g_assert_cmpstr (fault (NULL, "name", "x", "email", emails[i], NULL), ==, "email");
    }
  for (guint i = 0; good[i] != NULL; i++)
    g_assert_null (fault (NULL, "name", "x", "email", good[i], NULL));
}

/* Characters, not bytes; and one more is refused at its field. */
static void
test_limits (void)
{
  static const struct
  {
    const char *field;
    guint max;
    const char *end;
  } cases[] = {
    { "name", 256, "" }, { "email", 512, "@b.de" }, { "postal_code", 32, "" }, { "notes", 5000, "" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_end = (guint) strlen (cases[i].end);
      g_autofree char *most = repeat ("ß", cases[i].max - n_end);
      g_autofree char *whole = g_strconcat (most, cases[i].end, NULL);
      g_autofree char *over = g_strconcat ("x", whole, NULL);

      /* The later of two texts for one field counts. */
      g_assert_null (fault (NULL, "name", "x", cases[i].field, whole, NULL));
      g_assert_cmpstr (fault (NULL, "name", "x", cases[i].field, over, NULL), ==, cases[i].field);
    }
}

static void
test_edit (void)
{
  g_autoptr (RtClient) before = edited (NULL, "name", "A", "email", "a@b.de", "country", "DE",
                                        "postal_code", "1", "notes", "n", NULL);
  g_autoptr (RtClient) same = NULL;
  g_autoptr (RtClient) cleared = NULL;
  g_autoptr (JsonObject) json = rt_client_to_json (before);
  g_autoptr (JsonObject) json_same = NULL;
  g_autofree char *text = rt_json_to_text (json);
  g_autofree char *text_same = NULL;

  same = edited (before, NULL);
  json_same = rt_client_to_json (same);
  text_same = rt_json_to_text (json_same);
  g_assert_cmpstr (text, ==, text_same);
  cleared = edited (before, "email", "", "country", "", "postal_code", "", "notes", "", NULL);
  g_assert_null (cleared->email);
  g_assert_null (cleared->country);
  g_assert_null (cleared->postal_code);
  g_assert_null (cleared->notes);
  g_assert_cmpstr (fault (before, "name", "", NULL), ==, "name");
}

/* What Stripe has was good enough for Stripe: a form that hands it back is not refused. */
static void
test_strange_values_stay (void)
{
  g_autoptr (JsonObject) object = rt_json_parse (
      "{\"id\":\"cus_1\",\"name\":\"A\",\"email\":\"not one\",\"address\":{\"country\":\"XK\"},"
      "\"metadata\":{\"rtn_v\":\"1\"}}",
      -1, NULL);
  g_autoptr (RtClient) before = rt_client_from_stripe (object);
  g_autoptr (RtClient) after
      = edited (before, "name", "B", "email", "not one", "country", "XK", NULL);

  g_assert_cmpstr (after->country, ==, "XK");
  g_assert_cmpstr (fault (before, "email", "not two", NULL), ==, "email");
}

static void
test_to_draft (void)
{
  g_autoptr (RtClient) client = edited (NULL, "name", "A", "country", "AT", NULL);
  g_autoptr (RtDraft) draft = rt_client_to_draft (client, RT_NUMBER_LOCALE);

  g_assert_cmpstr (rt_draft_get (draft, "name"), ==, "A");
  g_assert_cmpstr (rt_draft_get (draft, "country"), ==, "AT");
  g_assert_cmpstr (rt_draft_get (draft, "email"), ==, "");
  g_assert_cmpstr (rt_draft_get (draft, "notes"), ==, "");
}

static void
test_json (void)
{
  static const char text[]
      = "{\"id\":\"" ULID "\",\"stripe_id\":\"cus_1\",\"state\":\"queued\",\"name\":\"A\","
        "\"email\":\"a@b.de\",\"country\":\"DE\",\"postal_code\":null,\"notes\":\"x\\ny\","
        "\"archived\":true,\"outside\":false,\"created\":5}";
  g_autoptr (JsonObject) object = rt_json_parse (text, -1, NULL);
  g_autoptr (RtClient) client = rt_client_from_json (object);
  g_autoptr (JsonObject) again = rt_client_to_json (client);
  g_autofree char *text_again = rt_json_to_text (again);

  g_assert_cmpstr (text_again, ==, text);
}

static void
test_sentences (void)
{
  g_autoptr (RtClient) all = edited (NULL, "name", "A", "email", "a@b.de", "country", "DE",
                                     "postal_code", "10115", NULL);
  g_autoptr (RtClient) none = edited (NULL, "name", "A", NULL);
  g_autofree char *first = rt_client_to_sentence (all);
  g_autofree char *second = rt_client_to_sentence (none);

  g_assert_cmpstr (first, ==, "a@b.de · 10115 · Germany");
  g_assert_cmpstr (second, ==, "No e-mail address yet");
}

static void
test_from_stripe (void)
{
  g_autoptr (JsonObject) object = rt_json_parse (
      "{\"id\":\"cus_1\",\"object\":\"customer\",\"name\":\"A\",\"email\":\"a@b.de\","
      "\"description\":\"n\",\"created\":7,\"address\":{\"country\":\"DE\",\"postal_code\":\"\","
      "\"city\":\"Berlin\"},\"metadata\":{\"rtn_v\":\"1\",\"rtn_archived\":\"1\"}}",
      -1, NULL);
  g_autoptr (JsonObject) bare = rt_json_parse (
      "{\"id\":\"cus_2\",\"name\":null,\"email\":\"b@c.de\",\"address\":null,\"metadata\":{}}", -1,
      NULL);
  g_autoptr (JsonObject) strange
      = rt_json_parse ("{\"id\":\"cus_3\",\"name\":5,\"email\":[],\"address\":\"x\",\"metadata\":7,"
                       "\"created\":\"x\"}",
                       -1, NULL);
  g_autoptr (RtClient) client = rt_client_from_stripe (object);
  g_autoptr (RtClient) other = rt_client_from_stripe (bare);
  g_autoptr (RtClient) third = rt_client_from_stripe (strange);

  g_assert_cmpstr (client->stripe_id, ==, "cus_1");
  g_assert_cmpstr (client->notes, ==, "n");
  g_assert_cmpstr (client->country, ==, "DE");
  g_assert_null (client->postal_code);
  g_assert_true (client->is_archived);
  g_assert_false (client->is_outside);
  g_assert_cmpint (client->state, ==, RT_STATE_ARCHIVED);
  g_assert_cmpint (client->created_at, ==, 7);
  g_assert_cmpstr (other->name, ==, "b@c.de");
  g_assert_true (other->is_outside);
  g_assert_false (other->is_archived);
  g_assert_cmpstr (third->name, ==, "cus_3");
  g_assert_null (third->email);
}

/* The only step of the plan as "METHOD path object/handle body"; "" if there is none. */
static char *
plan_text (const RtClient *desired, JsonObject *customer)
{
  g_autoptr (GPtrArray) plan = rt_client_plan (desired, customer);
  g_autofree char *body = NULL;
  const RtPlanStep *step;

  g_assert_cmpuint (plan->len, <=, 1);
  if (plan->len == 0)
    return g_strdup ("");
  step = g_ptr_array_index (plan, 0);
  body = rt_form_encode (step->form, NULL, NULL, NULL);
  return g_strdup_printf ("%s %s %s/%s %s", step->method, step->path, step->object, step->handle,
                          body);
}

static void
test_plan_creation (void)
{
  g_autoptr (RtClient) client = edited (NULL, "name", "A & B", "email", "a+1@b.de", "country", "DE",
                                        "postal_code", "1", "notes", "x\ny", NULL);
  g_autofree char *text = NULL;
  g_autofree char *bare = NULL;

  g_free (client->id);
  client->id = g_strdup (ULID);
  text = plan_text (client, NULL);
  g_assert_cmpstr (text, ==,
                   "POST /v1/customers customer/" ULID " name=A%20%26%20B&email=a%2B1%40b.de"
                   "&description=x%0Ay&address[country]=DE&address[postal_code]=1"
                   "&metadata[rtn_v]=1&metadata[rtn_ref]=" ULID "&metadata[rtn_client]=1");
  g_clear_pointer (&client->email, g_free);
  g_clear_pointer (&client->country, g_free);
  g_clear_pointer (&client->postal_code, g_free);
  g_clear_pointer (&client->notes, g_free);
  client->is_archived = TRUE;
  bare = plan_text (client, NULL);
  g_assert_cmpstr (bare, ==,
                   "POST /v1/customers customer/" ULID " name=A%20%26%20B&metadata[rtn_v]=1"
                   "&metadata[rtn_ref]=" ULID "&metadata[rtn_client]=1&metadata[rtn_archived]=1");
}

typedef struct
{
  const char *name;
  const char *field; /* (nullable): "archived" sets that */
  const char *text;
  const char *body; /* "": nothing to send */
} Update;

static void
check_updates (const char *json, const Update *updates)
{
  g_autoptr (JsonObject) customer = rt_json_parse (json, -1, NULL);

  for (; updates->name != NULL; updates++)
    {
      g_autoptr (RtClient) before = rt_client_from_stripe (customer);
      g_autoptr (RtClient) after = NULL;
      g_autofree char *text = NULL;
      g_autofree char *wanted
          = *updates->body == '\0'
                ? g_strdup ("")
                : g_strconcat ("POST /v1/customers/cus_1 customer/cus_1 ", updates->body, NULL);

      g_test_message ("%s", updates->name);
      if (g_strcmp0 (updates->field, "archived") == 0)
        {
          after = rt_client_ref (before);
          after->is_archived = *updates->text != '\0';
        }
      else
        {
          after = edited (before, updates->field, updates->text, NULL);
        }
      text = plan_text (after, customer);
      g_assert_cmpstr (text, ==, wanted);
    }
}

static void
test_plan_updates (void)
{
  static const Update whole[] = {
    { "nothing", NULL, NULL, "" },
    { "the same again", "name", "A", "" },
    { "name", "name", "B", "name=B" },
    { "e-mail", "email", "A@b.de", "email=A%40b.de" },
    { "no e-mail", "email", "", "email=" },
    { "notes", "notes", "m", "description=m" },
    { "no notes", "notes", "", "description=" },
    { "country, with the rest of the address", "country", "AT",
      "address[country]=AT&address[postal_code]=1&address[line1]=Street%201&address[city]=Berlin" },
    { "no country", "country", "",
      "address[postal_code]=1&address[line1]=Street%201&address[city]=Berlin" },
    { "archive", "archived", "1", "metadata[rtn_archived]=1" },
    { NULL },
  };
  static const Update archived[] = {
    { "restore", "archived", "", "metadata[rtn_archived]=" },
    { "archived already", "archived", "1", "" },
    { "a missing name is not made up", "email", "c@d.de", "email=c%40d.de" },
    { "no address left", "postal_code", "", "address=" },
    { NULL },
  };

  check_updates ("{\"id\":\"cus_1\",\"name\":\"A\",\"email\":\"a@b.de\",\"description\":\"n\","
                 "\"address\":{\"country\":\"DE\",\"postal_code\":\"1\",\"line1\":\"Street 1\","
                 "\"line2\":null,\"city\":\"Berlin\",\"state\":\"\"},\"metadata\":{\"x\":\"y\"}}",
                 whole);
  check_updates ("{\"id\":\"cus_1\",\"name\":null,\"email\":\"a@b.de\",\"description\":null,"
                 "\"address\":{\"country\":null,\"postal_code\":\"1\"},"
                 "\"metadata\":{\"rtn_archived\":\"1\"}}",
                 archived);
}

static void
test_field_of (void)
{
  g_assert_cmpstr (rt_client_field_of ("name"), ==, "name");
  g_assert_cmpstr (rt_client_field_of ("email"), ==, "email");
  g_assert_cmpstr (rt_client_field_of ("description"), ==, "notes");
  g_assert_cmpstr (rt_client_field_of ("address"), ==, "country");
  g_assert_cmpstr (rt_client_field_of ("address[country]"), ==, "country");
  g_assert_cmpstr (rt_client_field_of ("address[postal_code]"), ==, "postal_code");
  g_assert_null (rt_client_field_of ("address[city]"));
  g_assert_null (rt_client_field_of ("metadata[rtn_v]"));
  g_assert_null (rt_client_field_of (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/client/draft", test_draft);
  g_test_add_func ("/client/draft/bad", test_bad_draft);
  g_test_add_func ("/client/draft/limits", test_limits);
  g_test_add_func ("/client/draft/edit", test_edit);
  g_test_add_func ("/client/draft/strange-values-stay", test_strange_values_stay);
  g_test_add_func ("/client/to-draft", test_to_draft);
  g_test_add_func ("/client/json", test_json);
  g_test_add_func ("/client/sentences", test_sentences);
  g_test_add_func ("/client/from-stripe", test_from_stripe);
  g_test_add_func ("/client/plan/creation", test_plan_creation);
  g_test_add_func ("/client/plan/updates", test_plan_updates);
  g_test_add_func ("/client/field-of", test_field_of);
  return g_test_run ();
}
