#include "rt-practice-account.h"

#include "rt-json.h"

/* An account in good standing, with what guide §4 shows of one. */
static const char template[]
    = "{\"id\":\"\",\"object\":\"account\",\"business_profile\":{\"annual_revenue\":null,"
      "\"estimated_worker_count\":null,\"mcc\":null,\"name\":\"Practice agency\","
      "\"product_description\":null,\"support_address\":null,\"support_email\":null,"
      "\"support_phone\":null,\"support_url\":null,\"url\":null},\"business_type\":null,"
      "\"capabilities\":{\"card_payments\":\"active\",\"transfers\":\"active\"},"
      "\"charges_enabled\":true,\"controller\":{\"type\":\"account\"},\"country\":\"US\","
      "\"default_currency\":\"usd\",\"details_submitted\":true,\"email\":\"practice@example.com\","
      "\"external_accounts\":{\"object\":\"list\",\"data\":[],\"has_more\":false,"
      "\"url\":\"/v1/account/external_accounts\"},\"metadata\":{},\"payouts_enabled\":true,"
      "\"requirements\":{\"alternatives\":[],\"current_deadline\":null,\"currently_due\":[],"
      "\"disabled_reason\":null,\"errors\":[],\"eventually_due\":[],\"past_due\":[],"
      "\"pending_verification\":[]},\"settings\":{\"branding\":{\"icon\":null,\"logo\":null,"
      "\"primary_color\":null,\"secondary_color\":null},\"card_payments\":{"
      "\"statement_descriptor_prefix\":null},\"dashboard\":{\"display_name\":\"Practice account\","
      "\"timezone\":\"Etc/UTC\"},\"payments\":{\"statement_descriptor\":null}},"
      "\"tos_acceptance\":{\"date\":null,\"ip\":null,\"user_agent\":null},\"type\":\"standard\"}";

static const char balance[]
    = "{\"object\":\"balance\",\"available\":[{\"amount\":0,\"currency\":\"usd\","
      "\"source_types\":{\"card\":0}}],\"livemode\":false,\"pending\":[{\"amount\":0,"
      "\"currency\":\"usd\",\"source_types\":{\"card\":0}}]}";

JsonObject *
rt_practice_account_new (RtPracticeState *state, gint64 now)
{
  g_autofree char *id = rt_practice_state_random_id (state, "acct_", 16);
  JsonObject *account = rt_json_parse (template, -1, NULL);

  json_object_set_string_member (account, "id", id);
  json_object_set_int_member (account, "created", now);
  return account;
}

JsonObject *
rt_practice_account_get (RtPracticeState *state)
{
  GPtrArray *accounts = rt_practice_state_rows (state, "account");

  return accounts->len > 0 ? ((RtPracticeRow *) g_ptr_array_index (accounts, 0))->object : NULL;
}

JsonObject *
rt_practice_account_retrieve (RtPracticeCall *call, GError **error)
{
  return json_object_ref (rt_practice_account_get (call->state));
}

JsonObject *
rt_practice_account_balance (RtPracticeCall *call, GError **error)
{
  return rt_json_parse (balance, -1, NULL);
}
