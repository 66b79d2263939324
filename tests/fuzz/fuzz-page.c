/* Pages of lists into the replica: whatever an entry is, it is kept or refused, and the view can be
 * made of it. Nothing stays: each page is rolled back. */

#include "fuzz.h"
#include "fuzz-store.h"
#include "rt-kind.h"
#include "rt-store-object.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonObject) root = rt_json_parse ((const char *) data, (gssize) size, NULL);
  JsonArray *page = rt_json_array (root, "data");
  RtStore *store = fuzz_store ();
  gboolean is_good = TRUE;
  GError *error = NULL;

  if (page == NULL)
    return 0;
  g_assert_true (rt_store_begin (store, &error));
  for (guint i = 0; i < json_array_get_length (page) && is_good; i++)
    {
      JsonObject *object = rt_json_element (page, i);

      if (object != NULL)
        is_good = rt_store_put_object (store, object, i + 1, 1, &error);
    }
  /* Only what has no id or type is refused. */
  g_assert_true (is_good || g_error_matches (error, RT_ERROR, RT_ERROR_DAMAGED));
  g_clear_error (&error);
  if (is_good)
    g_assert_true (rt_kind_refresh_all (store, &error));
  rt_store_end (store, FALSE, NULL);
  return 0;
}
