#include "rt-client.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-country.h"

#define MAX_NAME 256
#define MAX_EMAIL 512
#define MAX_POSTAL_CODE 32 /* Stripe would take 5,000: no post in the world has half of these */
#define MAX_NOTES 5000

RtClient *
rt_client_new (void)
{
  RtClient *self = g_atomic_rc_box_new0 (RtClient);

  self->id = g_strdup ("");
  self->name = g_strdup ("");
  return self;
}

RtClient *
rt_client_ref (RtClient *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
client_clear (gpointer data)
{
  RtClient *self = data;

  g_free (self->id);
  g_free (self->stripe_id);
  g_free (self->name);
  g_free (self->email);
  g_free (self->country);
  g_free (self->postal_code);
  g_free (self->notes);
}

void
rt_client_unref (RtClient *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, client_clear);
}

/* One @, something on either side, and nothing that a list of addresses or a pasted "Anna <a@b.de>"
 * has. Whether mail arrives is for others to find out. */
static gboolean
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  if (at == NULL || at == text || at[1] == '\0' || strchr (at + 1, '@') != NULL
      || strpbrk (text, "<>,;\"()[]\\") != NULL)
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static char *
read_email (const RtDraft *draft, const char *fallback, GPtrArray *problems)
{
  guint n_before = problems->len;
  char *email = rt_draft_read_text (draft, "email", fallback, MAX_EMAIL, FALSE, problems);

  if (email != NULL && problems->len == n_before && g_strcmp0 (email, fallback) != 0
      && !is_email (email))
    rt_draft_problem (problems, "email",
                      _ ("This is no e-mail address. One looks like name@example.com."));
  return email;
}

RtClient *
rt_client_from_draft (const RtDraft *draft, const RtClient *before, GPtrArray *problems)
{
  static const RtClient blank = { 0 };
  g_autoptr (RtClient) self = rt_client_new ();
  const RtClient *old = before != NULL ? before : &blank;
  guint n_before = problems->len;

  if (before != NULL)
    {
      g_free (self->id);
      self->id = g_strdup (before->id);
      self->stripe_id = g_strdup (before->stripe_id);
      self->is_archived = before->is_archived;
      self->created_at = before->created_at;
    }
  g_free (self->name);
  self->name = rt_draft_read_text (draft, "name", old->name, MAX_NAME, TRUE, problems);
  self->email = read_email (draft, old->email, problems);
  self->country = g_strdup (rt_country_read (draft, "country", old->country, problems));
  self->postal_code = rt_draft_read_text (draft, "postal_code", old->postal_code, MAX_POSTAL_CODE,
                                          FALSE, problems);
  self->notes = rt_draft_read_text (draft, "notes", old->notes, MAX_NOTES, FALSE, problems);
  return problems->len == n_before ? g_steal_pointer (&self) : NULL;
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

RtDraft *
rt_client_to_draft (const RtClient *self, RtNumberStyle style)
{
  RtDraft *draft = rt_draft_new (style);
  g_autoptr (JsonObject) before = rt_client_to_json (self);

  rt_draft_set (draft, "name", self->name);
  rt_draft_set (draft, "email", or_empty (self->email));
  rt_draft_set (draft, "country", or_empty (self->country));
  rt_draft_set (draft, "postal_code", or_empty (self->postal_code));
  rt_draft_set (draft, "notes", or_empty (self->notes));
  rt_draft_set_before (draft, before);
  return draft;
}

JsonObject *
rt_client_to_json (const RtClient *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", self->id);
  rt_json_set_string (object, "stripe_id", self->stripe_id);
  json_object_set_string_member (object, "state", rt_term_to_nick (RT_TERM_STATE, self->state));
  json_object_set_string_member (object, "name", self->name);
  rt_json_set_string (object, "email", self->email);
  rt_json_set_string (object, "country", self->country);
  rt_json_set_string (object, "postal_code", self->postal_code);
  rt_json_set_string (object, "notes", self->notes);
  json_object_set_boolean_member (object, "archived", self->is_archived);
  json_object_set_boolean_member (object, "outside", self->is_outside);
  json_object_set_int_member (object, "created", self->created_at);
  return object;
}

static void
replace_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value != NULL ? value : "");
}

RtClient *
rt_client_from_json (JsonObject *object)
{
  RtClient *self = rt_client_new ();
  int state = rt_term_from_nick (RT_TERM_STATE, rt_json_string (object, "state"));

  replace_text (&self->id, rt_json_string (object, "id"));
  self->stripe_id = g_strdup (rt_json_string (object, "stripe_id"));
  self->state = state >= 0 ? (RtState) state : RT_STATE_SYNCED;
  replace_text (&self->name, rt_json_string (object, "name"));
  self->email = g_strdup (rt_json_string (object, "email"));
  self->country = g_strdup (rt_json_string (object, "country"));
  self->postal_code = g_strdup (rt_json_string (object, "postal_code"));
  self->notes = g_strdup (rt_json_string (object, "notes"));
  self->is_archived = rt_json_bool (object, "archived");
  self->is_outside = rt_json_bool (object, "outside");
  rt_json_int (object, "created", &self->created_at);
  return self;
}

char *
rt_client_to_sentence (const RtClient *self)
{
  const char *parts[] = { self->email, self->postal_code, rt_country_get_name (self->country) };
  g_autoptr (GString) sentence = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      g_string_append_printf (sentence, sentence->len > 0 ? " · %s" : "%s", parts[i]);
  if (sentence->len == 0)
    return g_strdup (_ ("No e-mail address yet"));
  return g_string_free (g_steal_pointer (&sentence), FALSE);
}

/* Stripe clears a field to null or to an empty text. */
static char *
dup_filled (JsonObject *object, const char *name)
{
  const char *text = rt_json_string (object, name);

  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

RtClient *
rt_client_from_stripe (JsonObject *customer)
{
  RtClient *self = rt_client_new ();
  JsonObject *address = rt_json_object (customer, "address");
  JsonObject *metadata = rt_json_object (customer, "metadata");
  g_autofree char *name = dup_filled (customer, "name");
  const char *archived = rt_json_string (metadata, "rtn_archived");

  self->stripe_id = g_strdup (rt_json_string (customer, "id"));
  self->email = dup_filled (customer, "email");
  replace_text (&self->name, name != NULL          ? name
                             : self->email != NULL ? self->email
                                                   : self->stripe_id);
  self->country = dup_filled (address, "country");
  self->postal_code = dup_filled (address, "postal_code");
  self->notes = dup_filled (customer, "description");
  self->is_archived = archived != NULL && *archived != '\0';
  self->state = self->is_archived ? RT_STATE_ARCHIVED : RT_STATE_SYNCED;
  self->is_outside = rt_json_string (metadata, "rtn_v") == NULL;
  rt_json_int (customer, "created", &self->created_at);
  return self;
}

static void
plan_new (GPtrArray *plan, const RtClient *desired)
{
  RtForm *form = rt_plan_add (plan, "POST", g_strdup ("/v1/customers"), "customer", desired->id);

  rt_form_add (form, "name", desired->name);
  rt_form_add (form, "email", desired->email);
  rt_form_add (form, "description", desired->notes);
  rt_form_add (form, "address[country]", desired->country);
  rt_form_add (form, "address[postal_code]", desired->postal_code);
  rt_form_add (form, "metadata[rtn_v]", "1");
  rt_form_add (form, "metadata[rtn_ref]", desired->id);
  rt_form_add (form, "metadata[rtn_client]", "1");
  rt_form_add (form, "metadata[rtn_archived]", desired->is_archived ? "1" : NULL);
}

/* The whole address, because Stripe forgets the members that are not sent (API-GUIDE §12). Nothing
 * left of it is written as the empty text; so is a member only where the whole is. */
static void
add_address (RtForm *form, const RtClient *desired, JsonObject *customer)
{
  static const char *const others[] = { "line1", "line2", "city", "state" };
  JsonObject *address = rt_json_object (customer, "address");
  gboolean is_empty = desired->country == NULL && desired->postal_code == NULL;

  rt_form_add (form, "address[country]", desired->country);
  rt_form_add (form, "address[postal_code]", desired->postal_code);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *value = dup_filled (address, others[i]);
      g_autofree char *name = g_strdup_printf ("address[%s]", others[i]);

      rt_form_add (form, name, value);
      is_empty &= value == NULL;
    }
  if (is_empty)
    rt_form_add (form, "address", "");
}

static gboolean
is_of_address (gpointer name, gpointer value, gpointer user_data)
{
  return g_str_has_prefix (name, "address");
}

gboolean
rt_client_is_outdated (JsonObject *customer, JsonObject *fields, const char *body)
{
  static const char *const members[]
      = { "country", "postal_code", "line1", "line2", "city", "state" };
  g_autoptr (GHashTable) parameters
      = g_uri_parse_params (body, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  JsonObject *address = rt_json_object (customer, "address");

  if (parameters == NULL || g_hash_table_find (parameters, is_of_address, NULL) == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *name = g_strdup_printf ("address[%s]", members[i]);
      g_autofree char *now = dup_filled (address, members[i]);

      if (!json_object_has_member (fields, members[i])
          && g_strcmp0 (g_hash_table_lookup (parameters, name), now) != 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_changed (RtForm *form, const char *name, const char *before, const char *after)
{
  if (g_strcmp0 (before, after) != 0)
    rt_form_add (form, name, or_empty (after));
}

GPtrArray *
rt_client_plan (const RtClient *desired, JsonObject *customer)
{
  GPtrArray *plan = rt_plan_new ();
  g_autoptr (RtClient) before = customer != NULL ? rt_client_from_stripe (customer) : NULL;
  g_autoptr (RtForm) form = rt_form_new ();
  g_autofree char *escaped = NULL;

  if (before == NULL)
    {
      plan_new (plan, desired);
      return plan;
    }
  /* Against what the person saw: a name that stands for a missing one is not written back. */
  add_changed (form, "name", before->name, desired->name);
  add_changed (form, "email", before->email, desired->email);
  add_changed (form, "description", before->notes, desired->notes);
  if (g_strcmp0 (before->country, desired->country) != 0
      || g_strcmp0 (before->postal_code, desired->postal_code) != 0)
    add_address (form, desired, customer);
  if (before->is_archived != desired->is_archived)
    rt_form_add (form, "metadata[rtn_archived]", desired->is_archived ? "1" : "");
  if (rt_form_is_empty (form) || before->stripe_id == NULL)
    return plan;
  escaped = g_uri_escape_string (before->stripe_id, NULL, FALSE);
  rt_plan_add_form (plan, "POST", g_strconcat ("/v1/customers/", escaped, NULL), "customer",
                    before->stripe_id, g_steal_pointer (&form));
  return plan;
}

const char *
rt_client_field_of (const char *param)
{
  static const char *const pairs[][2] = {
    { "name", "name" },
    { "email", "email" },
    { "description", "notes" },
    { "address", "country" },
    { "address[country]", "country" },
    { "address[postal_code]", "postal_code" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (g_strcmp0 (param, pairs[i][0]) == 0)
      return pairs[i][1];
  return NULL;
}
