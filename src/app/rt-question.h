#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_QUESTION (rt_question_get_type ())
G_DECLARE_FINAL_TYPE (RtQuestion, rt_question, RT, QUESTION, AdwWindow)

/**
 * RtQuestionText:
 * @heading: the question
 * @body: (nullable): what follows from a yes
 * @action: what the button for yes says, with a mnemonic
 * @name: (nullable): what has to be typed before yes is possible
 * @is_destructive: whether yes cannot be undone
 *
 * A question to the person: the only dialog of its kind in the application.
 */
typedef struct
{
  const char *heading;
  const char *body;
  const char *action;
  const char *name;
  gboolean is_destructive;
} RtQuestionText;

/**
 * rt_question_ask_async:
 * @parent: (not nullable): a #GtkWidget in the window that asks
 *
 * Asks. Closing the question is a no.
 */
void rt_question_ask_async (gpointer parent, const RtQuestionText *text,
                            GAsyncReadyCallback callback, gpointer user_data);

/**
 * rt_question_ask_finish:
 *
 * Returns: whether the person said yes
 */
gboolean rt_question_ask_finish (GAsyncResult *result);

G_END_DECLS
