/* Answers of whoever answers: the first byte chooses the status. */

#include "fuzz.h"
#include "rt-error.h"
#include "rt-stripe-answer.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint statuses[] = { 200, 400, 401, 402, 403, 404, 409, 424, 429, 500, 302, 0 };
  g_autoptr (GBytes) body = NULL;
  g_autoptr (RtAnswer) answer = NULL;
  guint status;

  if (size == 0)
    return 0;
  status = statuses[data[0] % G_N_ELEMENTS (statuses)];
  body = g_bytes_new_static (data + 1, size - 1);
  answer = rt_answer_new (status, data[0] & 0x80 ? NULL : "req_1", "false", "5", body);
  g_assert_true ((answer->outcome == RT_OUTCOME_DONE) == (answer->error == NULL));
  if (answer->error != NULL)
    g_assert_nonnull (rt_error_get_code (answer->error));
  return 0;
}
