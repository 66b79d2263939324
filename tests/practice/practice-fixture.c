#include "practice-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "rt-json.h"

static void
start (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->practice = rt_practice_new (self->clock, self->directory, &error);
  g_assert_no_error (error);
  rt_practice_listen (self->practice, 0, &error);
  g_assert_no_error (error);
}

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  self->clock = rt_clock_new_fake (FIXTURE_NOW * G_USEC_PER_SEC);
  /* The two that libsoup opens by itself could both be held up by a fault. */
  self->session = soup_session_new_with_options ("max-conns-per-host", 8, NULL);
  start (self);
}

void
fixture_set_up_on_disk (Fixture *self, gconstpointer data)
{
  self->directory = g_dir_make_tmp ("practice-XXXXXX", NULL);
  fixture_set_up (self, data);
}

static void
remove_directory (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
stop (Fixture *self)
{
  soup_session_abort (self->session);
  rt_practice_stop (self->practice);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&self->practice));
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  stop (self);
  g_clear_object (&self->session);
  if (self->directory != NULL)
    remove_directory (self->directory);
  g_free (self->directory);
  rt_clock_unref (self->clock);
}

void
fixture_restart (Fixture *self)
{
  stop (self);
  start (self);
}

static SoupMessage *
make_message (Fixture *self, const char *method, const char *path, const char *form)
{
  g_autofree char *base = rt_practice_dup_base (self->practice);
  g_autofree char *url = g_strconcat (base, path, NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED, NULL);
  SoupMessage *message = soup_message_new_from_uri (method, uri);
  g_autoptr (GBytes) body = form != NULL ? g_bytes_new (form, strlen (form)) : NULL;

  /* What goes wrong must be seen, not followed or tried again. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                "Bearer " FIXTURE_KEY);
  return message;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pending *pending = user_data;
  g_autoptr (GBytes) bytes
      = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  Answer *answer = g_new0 (Answer, 1);

  answer->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  if (bytes != NULL)
    {
      answer->status = soup_message_get_status (message);
      answer->text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      answer->body = rt_json_parse (answer->text, -1, NULL);
    }
  pending->answer = answer;
}

static Pending *
begin (Fixture *self, SoupMessage *message)
{
  Pending *pending = g_new0 (Pending, 1);

  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, sent_cb,
                                    pending);
  return pending;
}

Answer *
fixture_end (Pending *pending)
{
  Answer *answer;

  while (pending->answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  answer = pending->answer;
  g_free (pending);
  return answer;
}

Pending *
fixture_begin (Fixture *self, const char *method, const char *path, const char *form,
               const char *key)
{
  g_autoptr (SoupMessage) message = make_message (self, method, path, form);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Idempotency-Key", key);
  return begin (self, message);
}

Answer *
fixture_send (Fixture *self, const char *method, const char *path, const char *form, ...)
{
  g_autoptr (SoupMessage) message = make_message (self, method, path, form);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  const char *name;
  va_list list;

  va_start (list, form);
  while ((name = va_arg (list, const char *)) != NULL)
    {
      const char *value = va_arg (list, const char *);

      if (*value != '\0')
        soup_message_headers_replace (headers, name, value);
      else
        soup_message_headers_remove (headers, name);
    }
  va_end (list);
  return fixture_end (begin (self, message));
}

JsonObject *
fixture_create (Fixture *self, const char *path, const char *form)
{
  g_autoptr (Answer) answer = fixture_send (self, "POST", path, form, NULL);

  g_test_message ("%s %.100s: %.300s", path, form, answer->text);
  g_assert_cmpuint (answer->status, ==, 200);
  return g_steal_pointer (&answer->body);
}

void
fixture_fault (Fixture *self, const char *json)
{
  g_autoptr (Answer) answer = fixture_send (self, "POST", "/_practice/faults", json, "Content-Type",
                                            "application/json", NULL);

  g_assert_cmpuint (answer->status, ==, 200);
}

static const char *
error_member (Answer *self, const char *name)
{
  JsonObject *error = self->body != NULL ? rt_json_object (self->body, "error") : NULL;

  return error != NULL ? rt_json_string (error, name) : NULL;
}

const char *
answer_code (Answer *self)
{
  return error_member (self, "code");
}

const char *
answer_param (Answer *self)
{
  return error_member (self, "param");
}

const char *
answer_string (Answer *self, const char *name)
{
  return self->body != NULL ? rt_json_string (self->body, name) : NULL;
}

const char *
answer_header (Answer *self, const char *name)
{
  return soup_message_headers_get_one (self->headers, name);
}

void
answer_free (Answer *self)
{
  g_clear_pointer (&self->body, json_object_unref);
  soup_message_headers_unref (self->headers);
  g_free (self->text);
  g_free (self);
}
