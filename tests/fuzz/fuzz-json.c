/* Whatever bytes: an object or an error, and what is read writes and reads again as the same. */

#include "fuzz.h"
#include "rt-error.h"
#include "rt-json.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = rt_json_parse ((const char *) data, (gssize) size, &error);
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;

  g_assert_true ((object == NULL) == (error != NULL));
  if (object == NULL)
    return 0;
  text = rt_json_to_text (object);
  again = rt_json_parse (text, -1, NULL);
  if (again == NULL)
    return 0; /* numbers such as 1e999 have no JSON form once read */
  text_again = rt_json_to_text (again);
  g_assert_cmpstr (text, ==, text_again);
  return 0;
}
