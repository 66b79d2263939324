#pragma once

#include <libsoup/soup.h>

#include "rt-practice.h"

G_BEGIN_DECLS

/* A practice Stripe in this process, on a fake clock, and a client for it. */
typedef struct
{
  RtClock *clock;
  RtPractice *practice;
  SoupSession *session;
  char *directory; /* (nullable) */
} Fixture;

/* An answer, or a broken connection: status 0. */
typedef struct
{
  guint status;
  JsonObject *body; /* (nullable): not a JSON object */
  char *text;
  SoupMessageHeaders *headers;
} Answer;

#define FIXTURE_KEY "sk_test_fixture"
#define FIXTURE_NOW G_GINT64_CONSTANT (1795000000)

void fixture_set_up (Fixture *self, gconstpointer data);
void fixture_set_up_on_disk (Fixture *self, gconstpointer data);
void fixture_tear_down (Fixture *self, gconstpointer data);

/* Starts the server anew, on the same directory. */
void fixture_restart (Fixture *self);

/* Sends; @headers are names and values up to a NULL, after a key of our own unless one is given. */
Answer *fixture_send (Fixture *self, const char *method, const char *path, const char *form,
                      ...) G_GNUC_NULL_TERMINATED;

/* Like fixture_send(), but does not wait; answer_free() later. */
typedef struct
{
  Answer *answer;
} Pending;
Pending *fixture_begin (Fixture *self, const char *method, const char *path, const char *form,
                        const char *key);
Answer *fixture_end (Pending *pending);

/* A POST that must work: its object. */
JsonObject *fixture_create (Fixture *self, const char *path, const char *form);

void fixture_fault (Fixture *self, const char *json);

const char *answer_code (Answer *self);
const char *answer_param (Answer *self);
const char *answer_string (Answer *self, const char *name);
const char *answer_header (Answer *self, const char *name);
void answer_free (Answer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

#define assert_refused(answer, want_status, want_code, want_param) \
  G_STMT_START                                                     \
  {                                                                \
    g_assert_cmpuint ((answer)->status, ==, want_status);          \
    g_assert_cmpstr (answer_code (answer), ==, want_code);         \
    g_assert_cmpstr (answer_param (answer), ==, want_param);       \
  }                                                                \
  G_STMT_END

G_END_DECLS
