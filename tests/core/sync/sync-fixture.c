#include "sync-fixture.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "rt-store-private.h"

void
fixture_start_stripe (Fixture *self)
{
  g_autofree char *state = g_build_filename (self->folder, "stripe", NULL);
  GError *error = NULL;

  self->practice = rt_practice_thread_start (self->clock, state, 0, &error);
  g_assert_no_error (error);
  g_free (self->base);
  self->base
      = g_strdup_printf ("http://127.0.0.1:%u", rt_practice_thread_get_port (self->practice));
}

void
fixture_stop_stripe (Fixture *self)
{
  g_clear_pointer (&self->practice, rt_practice_thread_stop);
}

static void
open_replica (Fixture *self)
{
  GError *error = NULL;

  self->store = rt_store_open (self->replica, self->clock, &error);
  g_assert_no_error (error);
}

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  GError *error = NULL;

  self->folder = g_dir_make_tmp ("retainer-sync-XXXXXX", &error);
  g_assert_no_error (error);
  self->replica = g_build_filename (self->folder, "replica.db", NULL);
  self->clock = rt_clock_new_fake (FIXTURE_NOW);
  self->key = "sk_test_fixture";
  open_replica (self);
  fixture_start_stripe (self);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  fixture_stop_stripe (self);
  g_clear_object (&self->store);
  rt_clock_unref (self->clock);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->replica);
  g_free (self->base);
}

void
fixture_reopen (Fixture *self)
{
  g_clear_object (&self->store);
  open_replica (self);
}

void
fixture_lose_replica (Fixture *self)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  g_clear_object (&self->store);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (self->replica, suffixes[i], NULL);

      g_remove (path);
    }
  open_replica (self);
}

RtDraft *
draft (const char *field, ...)
{
  RtDraft *self = rt_draft_new (RT_NUMBER_PLAIN);
  va_list arguments;

  va_start (arguments, field);
  for (; field != NULL; field = va_arg (arguments, const char *))
    rt_draft_set (self, field, va_arg (arguments, const char *));
  va_end (arguments);
  return self;
}

static char *
create_product (Fixture *self, RtDraft *typed)
{
  GError *error = NULL;
  g_autoptr (RtProduct) product = rt_product_create (self->store, typed, &error);

  g_assert_no_error (error);
  rt_draft_free (typed);
  return g_strdup (product->id);
}

char *
add_product (Fixture *self, const char *name)
{
  return create_product (self, draft ("name", name, "model", "base", "amount", "49.00", "currency",
                                      "usd", NULL));
}

char *
add_base_with_usage (Fixture *self, const char *name)
{
  return create_product (self,
                         draft ("name", name, "model", "base", "amount", "25", "currency", "usd",
                                "metric", "minutes", "included", "1000", "overage", "0.05", NULL));
}

char *
add_coupon (Fixture *self, const char *name, const char *code)
{
  g_autoptr (RtDraft) typed
      = draft ("name", name, "percent", "12.5", "duration", "months", "months", "3", NULL);
  GError *error = NULL;
  g_autoptr (RtCoupon) coupon = NULL;

  rt_draft_set (typed, "code", code);
  coupon = rt_coupon_create (self->store, typed, &error);
  g_assert_no_error (error);
  return g_strdup (coupon->id);
}

char *
add_client (Fixture *self, const char *name)
{
  g_autoptr (RtDraft) typed = draft ("name", name, "email", "anna@example.com", "country", "DE",
                                     "postal_code", "10115", NULL);
  GError *error = NULL;
  g_autoptr (RtClient) client = rt_client_create (self->store, typed, &error);

  g_assert_no_error (error);
  return g_strdup (client->id);
}

gboolean
sync_once (Fixture *self, RtSyncFlags flags, RtSyncReport *report, GError **error)
{
  return rt_sync_run (self->store, &(RtSyncPeer){ self->base, self->key, NULL, NULL }, flags, NULL,
                      report, error);
}

RtSyncReport
sync_all (Fixture *self)
{
  RtSyncReport report;
  GError *error = NULL;

  sync_once (self, RT_SYNC_PUSH | RT_SYNC_PULL | RT_SYNC_NOW, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_pending, ==, 0);
  g_assert_cmpuint (report.n_rejected, ==, 0);
  g_assert_cmpuint (report.n_conflicts, ==, 0);
  return report;
}

JsonObject *
outside (Fixture *self, const char *method, const char *path, const char *body)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *uri = g_strconcat (self->base, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  gboolean is_order = body != NULL && *body == '{';
  g_autoptr (GBytes) answer = NULL;
  GError *error = NULL;
  JsonObject *object;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization",
                               "Bearer sk_test_outside");
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message,
                                                is_order ? "application/json"
                                                         : "application/x-www-form-urlencoded",
                                                bytes);
    }
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  object
      = rt_json_parse (g_bytes_get_data (answer, NULL), (gssize) g_bytes_get_size (answer), &error);
  g_assert_no_error (error);
  if (soup_message_get_status (message) != 200)
    g_test_message ("%s %s: %u %s", method, path, soup_message_get_status (message),
                    (const char *) g_bytes_get_data (answer, NULL));
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  return object;
}

char *
choose_price (Fixture *self, const char *product_id, const char *form)
{
  g_autofree char *path = g_strconcat ("/v1/products/rtn_p_", product_id, NULL);
  const char *currency = strstr (form, "currency=") != NULL ? "" : "currency=usd&";
  g_autofree char *body = g_strdup_printf ("product=rtn_p_%s&%s%s", product_id, currency, form);
  g_autoptr (JsonObject) price = outside (self, "POST", "/v1/prices", body);
  char *id = g_strdup (rt_json_string (price, "id"));
  g_autofree char *chosen = g_strconcat ("default_price=", id, NULL);

  json_object_unref (outside (self, "POST", path, chosen));
  return id;
}

char *
dup_chosen_price (Fixture *self, const char *product_id)
{
  g_autofree char *path = g_strconcat ("/v1/products/rtn_p_", product_id, NULL);
  g_autoptr (JsonObject) product = outside (self, "GET", path, NULL);

  return g_strdup (rt_json_string (product, "default_price"));
}

void
fault (Fixture *self, const char *order)
{
  g_autoptr (JsonObject) answer = outside (self, "POST", "/_practice/faults", order);
}

void
clear_faults (Fixture *self)
{
  g_autoptr (JsonObject) answer = outside (self, "DELETE", "/_practice/faults", NULL);
}

static gint64
state_of (Fixture *self, const char *group, const char *name)
{
  g_autoptr (JsonObject) state = outside (self, "GET", "/_practice/state", NULL);
  gint64 n = 0;

  rt_json_int (rt_json_object (state, group), name, &n);
  return n;
}

gint64
count_objects (Fixture *self, const char *object)
{
  return state_of (self, "objects", object);
}

gint64
count_requests (Fixture *self, const char *request)
{
  return state_of (self, "requests", request);
}

void
assert_no_double (Fixture *self)
{
  g_autoptr (JsonObject) state = outside (self, "GET", "/_practice/state", NULL);
  JsonObject *keys = rt_json_object (state, "keys");
  g_autoptr (GList) names = json_object_get_members (keys);

  for (GList *name = names; name != NULL; name = name->next)
    g_assert_cmpint (json_object_get_int_member (keys, name->data), <=, 1);
}

RtState
product_state (Fixture *self, const char *id)
{
  GError *error = NULL;
  g_autoptr (RtProduct) product = rt_store_find_product (self->store, id, &error);

  g_assert_no_error (error);
  return product->state;
}

RtState
coupon_state (Fixture *self, const char *id)
{
  GError *error = NULL;
  g_autoptr (RtCoupon) coupon = rt_store_find_coupon (self->store, id, &error);

  g_assert_no_error (error);
  return coupon->state;
}

RtClient *
get_client (Fixture *self, const char *key)
{
  GError *error = NULL;
  RtClient *client = rt_store_find_client (self->store, key, &error);

  g_assert_no_error (error);
  return client;
}

guint
count_changes (Fixture *self)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) changes = rt_change_list (self->store, &error);

  g_assert_no_error (error);
  return changes->len;
}

RtChange *
only_change (Fixture *self)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) changes = rt_change_list (self->store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 1);
  return rt_change_ref (g_ptr_array_index (changes, 0));
}

char *
add_synced (Fixture *f)
{
  char *id = add_client (f, "Anna");

  sync_all (f);
  rt_clock_advance (f->clock, 60 * G_USEC_PER_SEC);
  return id;
}

RtSyncReport
sync_both (Fixture *f)
{
  RtSyncReport report;
  GError *error = NULL;

  sync_once (f, RT_SYNC_PUSH | RT_SYNC_PULL, &report, &error);
  g_assert_no_error (error);
  return report;
}

char *
dup_at_stripe (Fixture *f, const char *id, const char *member)
{
  g_autofree char *stripe_id = rt_store_dup_identity (f->store, "customer", id);
  g_autofree char *path = g_strconcat ("/v1/customers/", stripe_id, NULL);
  g_autoptr (JsonObject) object = outside (f, "GET", path, NULL);

  return g_strdup (rt_json_string (object, member));
}

void
edit_client (Fixture *self, const char *id, const char *field, const char *text)
{
  g_autoptr (RtDraft) typed = draft (field, text, NULL);
  GError *error = NULL;

  rt_client_unref (rt_client_update (self->store, id, typed, &error));
  g_assert_no_error (error);
}

void
edit_client_outside (Fixture *self, const char *id, const char *form)
{
  g_autofree char *stripe_id = rt_store_dup_identity (self->store, "customer", id);
  g_autofree char *path = g_strconcat ("/v1/customers/", stripe_id, NULL);

  json_object_unref (outside (self, "POST", path, form));
}
