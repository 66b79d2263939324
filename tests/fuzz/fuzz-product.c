/* Objects of Stripe in any shape: `{"product": …, "price": …, "coupon": …}`. */

#include "fuzz.h"
#include "rt-coupon.h"
#include "rt-product.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonObject) root = rt_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr (GPtrArray) prices = g_ptr_array_new ();
  g_autoptr (RtClock) clock = rt_clock_new_fake (0);

  if (root == NULL)
    return 0;
  if (rt_json_object (root, "price") != NULL)
    g_ptr_array_add (prices, rt_json_object (root, "price"));
  if (rt_json_object (root, "product") != NULL
      && rt_json_string (rt_json_object (root, "product"), "id") != NULL)
    {
      JsonObject *object = rt_json_object (root, "product");
      g_autoptr (RtProduct) product = rt_product_from_stripe (object, prices);
      g_autofree char *sentence = rt_product_to_sentence (product);
      g_autoptr (JsonObject) json = rt_product_to_json (product);
      g_autoptr (RtProduct) back = rt_product_from_json (json);
      g_autoptr (GPtrArray) plan = rt_product_plan (back, object, prices, NULL, TRUE, clock);

      g_assert_nonnull (sentence);
      g_assert_nonnull (plan);
    }
  if (rt_json_object (root, "coupon") != NULL
      && rt_json_string (rt_json_object (root, "coupon"), "id") != NULL)
    {
      g_autoptr (RtCoupon) coupon = rt_coupon_from_stripe (rt_json_object (root, "coupon"));
      g_autofree char *sentence = rt_coupon_to_sentence (coupon);

      g_assert_nonnull (sentence);
    }
  return 0;
}
