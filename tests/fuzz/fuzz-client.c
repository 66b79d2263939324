/* Customers of Stripe in any shape: what is read is shown, kept, and sent back only if changed. */

#include "fuzz.h"
#include "rt-client.h"

static void
check_plan (const RtClient *client, JsonObject *customer, guint n_steps)
{
  g_autoptr (GPtrArray) plan = rt_client_plan (client, customer);

  g_assert_cmpuint (plan->len, ==, n_steps);
  for (guint i = 0; i < plan->len; i++)
    {
      const RtPlanStep *step = g_ptr_array_index (plan, i);
      g_autofree char *body = rt_form_encode (step->form, NULL, NULL, NULL);

      g_assert_true (g_str_has_prefix (step->path, "/v1/customers"));
      g_assert_cmpstr (body, !=, "");
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonObject) customer = rt_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr (RtClient) client = NULL;
  g_autoptr (RtClient) back = NULL;
  g_autoptr (JsonObject) json = NULL;
  g_autoptr (JsonObject) json_again = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;

  if (customer == NULL)
    return 0;
  client = rt_client_from_stripe (customer);
  sentence = rt_client_to_sentence (client);
  g_assert_cmpstr (sentence, !=, "");
  json = rt_client_to_json (client);
  back = rt_client_from_json (json);
  json_again = rt_client_to_json (back);
  text = rt_json_to_text (json);
  text_again = rt_json_to_text (json_again);
  g_assert_cmpstr (text, ==, text_again);
  check_plan (back, NULL, 1);
  check_plan (back, customer, 0);
  back->is_archived = !back->is_archived;
  check_plan (back, customer, client->stripe_id != NULL ? 1 : 0);
  return 0;
}
