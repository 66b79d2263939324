/* Drafts in any shape: a good one or problems, each with its field and a sentence. */

#include "fuzz.h"
#include "rt-client.h"
#include "rt-coupon.h"
#include "rt-product.h"

static void
check_problems (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const GError *problem = g_ptr_array_index (problems, i);

      g_assert_nonnull (rt_error_get_field (problem));
      g_assert_cmpstr (problem->message, !=, "");
      g_assert_true (g_utf8_validate (problem->message, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (RtDraft) draft = rt_draft_from_json (text, RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (RtProduct) product = NULL;
  g_autoptr (RtCoupon) coupon = NULL;
  g_autoptr (RtClient) client = NULL;

  if (draft == NULL)
    return 0;
  product = rt_product_from_draft (draft, NULL, problems);
  g_assert_true ((product == NULL) == (problems->len > 0));
  check_problems (problems);
  g_ptr_array_set_size (problems, 0);
  coupon = rt_coupon_from_draft (draft, NULL, problems);
  g_assert_true ((coupon == NULL) == (problems->len > 0));
  check_problems (problems);
  g_ptr_array_set_size (problems, 0);
  client = rt_client_from_draft (draft, NULL, problems);
  g_assert_true ((client == NULL) == (problems->len > 0));
  check_problems (problems);
  return 0;
}
