/* Pages of events: hints at most, and at most one row for each. */

#include "fuzz.h"
#include "fuzz-store.h"
#include "rt-pull-list.h"
#include "rt-store-event.h"
#include "rt-store-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonObject) root = rt_json_parse ((const char *) data, (gssize) size, NULL);
  JsonArray *page = rt_json_array (root, "data");
  RtStore *store = fuzz_store ();
  RtEventWalk walk = { 0 };
  g_autoptr (GPtrArray) hints = NULL;
  GError *error = NULL;

  if (page == NULL)
    return 0;
  g_assert_true (rt_store_put_events (store, page, rt_pull_get_objects (), &walk, &error));
  g_assert_no_error (error);
  hints = rt_store_list_hints (store, &error);
  g_assert_nonnull (hints);
  g_assert_cmpuint (hints->len, <=, json_array_get_length (page));
  for (guint i = 0; i < hints->len; i++)
    {
      const RtEventHint *hint = g_ptr_array_index (hints, i);
      g_autofree char *path = rt_pull_dup_path (hint->object, hint->object_id);

      g_assert_true (g_str_has_prefix (path, "/v1/"));
      g_assert_null (strpbrk (path, " \r\n\t#"));
    }
  g_assert_true (rt_store_begin (store, NULL));
  g_assert_true (rt_store_end (
      store, rt_db_run (rt_store_get_writer (store), NULL, "DELETE FROM stripe_event", ""), NULL));
  return 0;
}
