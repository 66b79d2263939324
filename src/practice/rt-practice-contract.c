/* Stripe's parameters for API version 2026-10-28.endive (stripe-node 23.1.0, OpenAPI v2596),
 * carried over from contract.json. Where the contract knows no length, `max` stays 0. */

#include "rt-practice-contract.h"

static const RtPracticeParam custom_unit_amount_fields[] = {
  { "enabled", RT_PRACTICE_BOOLEAN, .required = TRUE },
  { "maximum", RT_PRACTICE_INTEGER },
  { "minimum", RT_PRACTICE_INTEGER },
  { "preset", RT_PRACTICE_INTEGER },
  { 0 },
};

static const RtPracticeParam tiers_fields[] = {
  { "flat_amount", RT_PRACTICE_INTEGER },           { "flat_amount_decimal", RT_PRACTICE_DECIMAL },
  { "unit_amount", RT_PRACTICE_INTEGER },           { "unit_amount_decimal", RT_PRACTICE_DECIMAL },
  { "up_to", RT_PRACTICE_UP_TO, .required = TRUE }, { 0 },
};

static const RtPracticeParam price_currency_fields[] = {
  { "custom_unit_amount", RT_PRACTICE_OBJECT, .fields = custom_unit_amount_fields },
  { "tax_behavior", RT_PRACTICE_ENUM, .choices = "exclusive|inclusive|unspecified" },
  { "tiers", RT_PRACTICE_OBJECTS, .fields = tiers_fields },
  { "unit_amount", RT_PRACTICE_INTEGER },
  { "unit_amount_decimal", RT_PRACTICE_DECIMAL },
  { 0 },
};

static const RtPracticeParam default_recurring_fields[] = {
  { "interval", RT_PRACTICE_ENUM, .required = TRUE, .choices = "day|month|week|year" },
  { "interval_count", RT_PRACTICE_INTEGER },
  { 0 },
};

static const RtPracticeParam default_price_data_fields[] = {
  { "currency", RT_PRACTICE_STRING, .required = TRUE },
  { "currency_options", RT_PRACTICE_CURRENCIES, .fields = price_currency_fields },
  { "custom_unit_amount", RT_PRACTICE_OBJECT, .fields = custom_unit_amount_fields },
  { "metadata", RT_PRACTICE_METADATA },
  { "recurring", RT_PRACTICE_OBJECT, .fields = default_recurring_fields },
  { "tax_behavior", RT_PRACTICE_ENUM, .choices = "exclusive|inclusive|unspecified" },
  { "unit_amount", RT_PRACTICE_INTEGER },
  { "unit_amount_decimal", RT_PRACTICE_DECIMAL },
  { 0 },
};

static const RtPracticeParam marketing_features_fields[] = {
  { "name", RT_PRACTICE_STRING, .required = TRUE, .max = 80 },
  { 0 },
};

static const RtPracticeParam package_dimensions_fields[] = {
  { "height", RT_PRACTICE_NUMBER, .required = TRUE },
  { "length", RT_PRACTICE_NUMBER, .required = TRUE },
  { "weight", RT_PRACTICE_NUMBER, .required = TRUE },
  { "width", RT_PRACTICE_NUMBER, .required = TRUE },
  { 0 },
};

static const RtPracticeParam tax_details_fields[] = {
  { "performance_location", RT_PRACTICE_STRING },
  { "tax_code", RT_PRACTICE_STRING, .unset = TRUE },
  { 0 },
};

static const RtPracticeParam product_create[] = {
  { "active", RT_PRACTICE_BOOLEAN },
  { "default_price_data", RT_PRACTICE_OBJECT, .fields = default_price_data_fields },
  { "description", RT_PRACTICE_STRING, .max = 40000 },
  { "expand", RT_PRACTICE_LIST },
  { "id", RT_PRACTICE_STRING },
  { "images", RT_PRACTICE_LIST },
  { "marketing_features", RT_PRACTICE_OBJECTS, .fields = marketing_features_fields },
  { "metadata", RT_PRACTICE_METADATA },
  { "name", RT_PRACTICE_STRING, .required = TRUE },
  { "package_dimensions", RT_PRACTICE_OBJECT, .fields = package_dimensions_fields },
  { "shippable", RT_PRACTICE_BOOLEAN },
  { "statement_descriptor", RT_PRACTICE_STRING, .max = 22 },
  { "tax_code", RT_PRACTICE_STRING },
  { "tax_details", RT_PRACTICE_OBJECT, .fields = tax_details_fields },
  { "type", RT_PRACTICE_ENUM, .choices = "good|service" },
  { "unit_label", RT_PRACTICE_STRING, .max = 12 },
  { "url", RT_PRACTICE_STRING },
  { 0 },
};

static const RtPracticeParam product_update[] = {
  { "active", RT_PRACTICE_BOOLEAN },
  { "default_price", RT_PRACTICE_STRING },
  { "description", RT_PRACTICE_STRING, .unset = TRUE, .max = 40000 },
  { "expand", RT_PRACTICE_LIST },
  { "images", RT_PRACTICE_LIST, .unset = TRUE },
  { "marketing_features", RT_PRACTICE_OBJECTS, .unset = TRUE, .fields = marketing_features_fields },
  { "metadata", RT_PRACTICE_METADATA, .unset = TRUE },
  { "name", RT_PRACTICE_STRING },
  { "package_dimensions", RT_PRACTICE_OBJECT, .unset = TRUE, .fields = package_dimensions_fields },
  { "shippable", RT_PRACTICE_BOOLEAN },
  { "statement_descriptor", RT_PRACTICE_STRING, .max = 22 },
  { "tax_code", RT_PRACTICE_STRING, .unset = TRUE },
  { "tax_details", RT_PRACTICE_OBJECT, .unset = TRUE, .fields = tax_details_fields },
  { "unit_label", RT_PRACTICE_STRING, .unset = TRUE, .max = 12 },
  { "url", RT_PRACTICE_STRING, .unset = TRUE },
  { 0 },
};

static const RtPracticeParam product_list[] = {
  { "active", RT_PRACTICE_BOOLEAN },
  { "created", RT_PRACTICE_RANGE },
  { "ending_before", RT_PRACTICE_STRING },
  { "expand", RT_PRACTICE_LIST },
  { "ids", RT_PRACTICE_LIST },
  { "limit", RT_PRACTICE_INTEGER },
  { "shippable", RT_PRACTICE_BOOLEAN },
  { "starting_after", RT_PRACTICE_STRING },
  { "type", RT_PRACTICE_ENUM, .choices = "good|service" },
  { "url", RT_PRACTICE_STRING },
  { 0 },
};

static const RtPracticeParam product_data_fields[] = {
  { "active", RT_PRACTICE_BOOLEAN },
  { "id", RT_PRACTICE_STRING },
  { "metadata", RT_PRACTICE_METADATA },
  { "name", RT_PRACTICE_STRING, .required = TRUE },
  { "statement_descriptor", RT_PRACTICE_STRING, .max = 22 },
  { "tax_code", RT_PRACTICE_STRING },
  { "tax_details", RT_PRACTICE_OBJECT, .fields = tax_details_fields },
  { "unit_label", RT_PRACTICE_STRING },
  { 0 },
};

static const RtPracticeParam price_recurring_fields[] = {
  { "interval", RT_PRACTICE_ENUM, .required = TRUE, .choices = "day|month|week|year" },
  { "interval_count", RT_PRACTICE_INTEGER },
  { "meter", RT_PRACTICE_STRING },
  { "trial_period_days", RT_PRACTICE_INTEGER },
  { "usage_type", RT_PRACTICE_ENUM, .choices = "licensed|metered" },
  { 0 },
};

static const RtPracticeParam transform_quantity_fields[] = {
  { "divide_by", RT_PRACTICE_INTEGER, .required = TRUE },
  { "round", RT_PRACTICE_ENUM, .required = TRUE, .choices = "down|up" },
  { 0 },
};

static const RtPracticeParam price_create[] = {
  { "active", RT_PRACTICE_BOOLEAN },
  { "billing_scheme", RT_PRACTICE_ENUM, .choices = "per_unit|tiered" },
  { "currency", RT_PRACTICE_STRING, .required = TRUE },
  { "currency_options", RT_PRACTICE_CURRENCIES, .fields = price_currency_fields },
  { "custom_unit_amount", RT_PRACTICE_OBJECT, .fields = custom_unit_amount_fields },
  { "expand", RT_PRACTICE_LIST },
  { "lookup_key", RT_PRACTICE_STRING, .max = 200 },
  { "metadata", RT_PRACTICE_METADATA },
  { "nickname", RT_PRACTICE_STRING },
  { "product", RT_PRACTICE_STRING },
  { "product_data", RT_PRACTICE_OBJECT, .fields = product_data_fields },
  { "recurring", RT_PRACTICE_OBJECT, .fields = price_recurring_fields },
  { "tax_behavior", RT_PRACTICE_ENUM, .choices = "exclusive|inclusive|unspecified" },
  { "tiers", RT_PRACTICE_OBJECTS, .fields = tiers_fields },
  { "tiers_mode", RT_PRACTICE_ENUM, .choices = "graduated|volume" },
  { "transfer_lookup_key", RT_PRACTICE_BOOLEAN },
  { "transform_quantity", RT_PRACTICE_OBJECT, .fields = transform_quantity_fields },
  { "unit_amount", RT_PRACTICE_INTEGER },
  { "unit_amount_decimal", RT_PRACTICE_DECIMAL },
  { 0 },
};

static const RtPracticeParam price_update[] = {
  { "active", RT_PRACTICE_BOOLEAN },
  { "currency_options", RT_PRACTICE_CURRENCIES, .unset = TRUE, .fields = price_currency_fields },
  { "expand", RT_PRACTICE_LIST },
  { "lookup_key", RT_PRACTICE_STRING, .max = 200 },
  { "metadata", RT_PRACTICE_METADATA, .unset = TRUE },
  { "nickname", RT_PRACTICE_STRING },
  { "tax_behavior", RT_PRACTICE_ENUM, .choices = "exclusive|inclusive|unspecified" },
  { "transfer_lookup_key", RT_PRACTICE_BOOLEAN },
  { 0 },
};

static const RtPracticeParam list_recurring_fields[] = {
  { "interval", RT_PRACTICE_ENUM, .choices = "day|month|week|year" },
  { "meter", RT_PRACTICE_STRING },
  { "usage_type", RT_PRACTICE_ENUM, .choices = "licensed|metered" },
  { 0 },
};

static const RtPracticeParam price_list[] = {
  { "active", RT_PRACTICE_BOOLEAN },
  { "created", RT_PRACTICE_RANGE },
  { "currency", RT_PRACTICE_STRING },
  { "ending_before", RT_PRACTICE_STRING },
  { "expand", RT_PRACTICE_LIST },
  { "limit", RT_PRACTICE_INTEGER },
  { "lookup_keys", RT_PRACTICE_LIST },
  { "product", RT_PRACTICE_STRING },
  { "recurring", RT_PRACTICE_OBJECT, .fields = list_recurring_fields },
  { "starting_after", RT_PRACTICE_STRING },
  { "type", RT_PRACTICE_ENUM, .choices = "one_time|recurring" },
  { 0 },
};

static const RtPracticeParam customer_mapping_fields[] = {
  { "event_payload_key", RT_PRACTICE_STRING, .required = TRUE, .max = 100 },
  { "type", RT_PRACTICE_ENUM, .required = TRUE, .choices = "by_id" },
  { 0 },
};

static const RtPracticeParam default_aggregation_fields[] = {
  { "formula", RT_PRACTICE_ENUM, .required = TRUE, .choices = "count|last|sum" },
  { 0 },
};

static const RtPracticeParam value_settings_fields[] = {
  { "event_payload_key", RT_PRACTICE_STRING, .required = TRUE, .max = 100 },
  { 0 },
};

static const RtPracticeParam meter_create[] = {
  { "customer_mapping", RT_PRACTICE_OBJECT, .fields = customer_mapping_fields },
  { "default_aggregation", RT_PRACTICE_OBJECT, .required = TRUE,
    .fields = default_aggregation_fields },
  { "display_name", RT_PRACTICE_STRING, .required = TRUE, .max = 250 },
  { "event_name", RT_PRACTICE_STRING, .required = TRUE, .max = 100 },
  { "event_time_window", RT_PRACTICE_ENUM, .choices = "day|hour" },
  { "expand", RT_PRACTICE_LIST },
  { "value_settings", RT_PRACTICE_OBJECT, .fields = value_settings_fields },
  { 0 },
};

static const RtPracticeParam meter_update[] = {
  { "display_name", RT_PRACTICE_STRING, .max = 250 },
  { "expand", RT_PRACTICE_LIST },
  { 0 },
};

static const RtPracticeParam meter_list[] = {
  { "ending_before", RT_PRACTICE_STRING },
  { "expand", RT_PRACTICE_LIST },
  { "limit", RT_PRACTICE_INTEGER },
  { "starting_after", RT_PRACTICE_STRING },
  { "status", RT_PRACTICE_ENUM, .choices = "active|inactive" },
  { 0 },
};

static const RtPracticeParam applies_to_fields[] = {
  { "products", RT_PRACTICE_LIST },
  { 0 },
};

static const RtPracticeParam coupon_currency_fields[] = {
  { "amount_off", RT_PRACTICE_INTEGER, .required = TRUE },
  { 0 },
};

static const RtPracticeParam coupon_create[] = {
  { "amount_off", RT_PRACTICE_INTEGER },
  { "applies_to", RT_PRACTICE_OBJECT, .fields = applies_to_fields },
  { "currency", RT_PRACTICE_STRING },
  { "currency_options", RT_PRACTICE_CURRENCIES, .fields = coupon_currency_fields },
  { "duration", RT_PRACTICE_ENUM, .choices = "forever|once|repeating" },
  { "duration_in_months", RT_PRACTICE_INTEGER },
  { "expand", RT_PRACTICE_LIST },
  { "id", RT_PRACTICE_STRING },
  { "max_redemptions", RT_PRACTICE_INTEGER },
  { "metadata", RT_PRACTICE_METADATA, .unset = TRUE },
  { "name", RT_PRACTICE_STRING, .max = 40 },
  { "percent_off", RT_PRACTICE_NUMBER },
  { "redeem_by", RT_PRACTICE_TIMESTAMP },
  { 0 },
};

static const RtPracticeParam coupon_update[] = {
  { "currency_options", RT_PRACTICE_CURRENCIES, .fields = coupon_currency_fields },
  { "expand", RT_PRACTICE_LIST },
  { "metadata", RT_PRACTICE_METADATA, .unset = TRUE },
  { "name", RT_PRACTICE_STRING, .max = 40 },
  { 0 },
};

static const RtPracticeParam coupon_list[] = {
  { "created", RT_PRACTICE_RANGE },         { "ending_before", RT_PRACTICE_STRING },
  { "expand", RT_PRACTICE_LIST },           { "limit", RT_PRACTICE_INTEGER },
  { "starting_after", RT_PRACTICE_STRING }, { 0 },
};

static const RtPracticeParam address_fields[] = {
  { "city", RT_PRACTICE_STRING },
  { "country", RT_PRACTICE_STRING },
  { "line1", RT_PRACTICE_STRING },
  { "line2", RT_PRACTICE_STRING },
  { "postal_code", RT_PRACTICE_STRING },
  { "state", RT_PRACTICE_STRING },
  { 0 },
};

static const RtPracticeParam custom_fields_fields[] = {
  { "name", RT_PRACTICE_STRING, .required = TRUE, .max = 40 },
  { "value", RT_PRACTICE_STRING, .required = TRUE, .max = 140 },
  { 0 },
};

static const RtPracticeParam rendering_options_fields[] = {
  { "amount_tax_display", RT_PRACTICE_ENUM, .unset = TRUE,
    .choices = "exclude_tax|include_inclusive_tax" },
  { 0 },
};

static const RtPracticeParam invoice_settings_fields[] = {
  { "custom_fields", RT_PRACTICE_OBJECTS, .unset = TRUE, .fields = custom_fields_fields },
  { "default_payment_method", RT_PRACTICE_STRING },
  { "footer", RT_PRACTICE_STRING },
  { "rendering_options", RT_PRACTICE_OBJECT, .unset = TRUE, .fields = rendering_options_fields },
  { 0 },
};

static const RtPracticeParam shipping_fields[] = {
  { "address", RT_PRACTICE_OBJECT, .required = TRUE, .fields = address_fields },
  { "name", RT_PRACTICE_STRING, .required = TRUE },
  { "phone", RT_PRACTICE_STRING },
  { 0 },
};

/* Not taken yet: cash_balance, default_source, payment_method, source, tax, tax_id_data, validate,
 * invoice_settings[rendering_options][template]. */
static const RtPracticeParam customer_create[] = {
  { "address", RT_PRACTICE_OBJECT, .unset = TRUE, .fields = address_fields },
  { "balance", RT_PRACTICE_INTEGER },
  { "business_name", RT_PRACTICE_STRING, .unset = TRUE },
  { "description", RT_PRACTICE_STRING },
  { "email", RT_PRACTICE_STRING, .max = 512 },
  { "expand", RT_PRACTICE_LIST },
  { "individual_name", RT_PRACTICE_STRING, .unset = TRUE },
  { "invoice_prefix", RT_PRACTICE_STRING },
  { "invoice_settings", RT_PRACTICE_OBJECT, .fields = invoice_settings_fields },
  { "metadata", RT_PRACTICE_METADATA, .unset = TRUE },
  { "name", RT_PRACTICE_STRING, .max = 256 },
  { "next_invoice_sequence", RT_PRACTICE_INTEGER },
  { "phone", RT_PRACTICE_STRING, .max = 20 },
  { "preferred_locales", RT_PRACTICE_LIST },
  { "shipping", RT_PRACTICE_OBJECT, .unset = TRUE, .fields = shipping_fields },
  { "tax_exempt", RT_PRACTICE_ENUM, .unset = TRUE, .choices = "exempt|none|reverse" },
  { "test_clock", RT_PRACTICE_STRING },
  { 0 },
};

/* Description and e-mail can be emptied, although the typings do not say so: stripe-node #1834. */
static const RtPracticeParam customer_update[] = {
  { "address", RT_PRACTICE_OBJECT, .unset = TRUE, .fields = address_fields },
  { "balance", RT_PRACTICE_INTEGER },
  { "business_name", RT_PRACTICE_STRING, .unset = TRUE },
  { "description", RT_PRACTICE_STRING, .unset = TRUE },
  { "email", RT_PRACTICE_STRING, .unset = TRUE, .max = 512 },
  { "expand", RT_PRACTICE_LIST },
  { "individual_name", RT_PRACTICE_STRING, .unset = TRUE },
  { "invoice_prefix", RT_PRACTICE_STRING },
  { "invoice_settings", RT_PRACTICE_OBJECT, .fields = invoice_settings_fields },
  { "metadata", RT_PRACTICE_METADATA, .unset = TRUE },
  { "name", RT_PRACTICE_STRING, .max = 256 },
  { "next_invoice_sequence", RT_PRACTICE_INTEGER },
  { "phone", RT_PRACTICE_STRING, .max = 20 },
  { "preferred_locales", RT_PRACTICE_LIST },
  { "shipping", RT_PRACTICE_OBJECT, .unset = TRUE, .fields = shipping_fields },
  { "tax_exempt", RT_PRACTICE_ENUM, .unset = TRUE, .choices = "exempt|none|reverse" },
  { 0 },
};

static const RtPracticeParam customer_list[] = {
  { "created", RT_PRACTICE_RANGE },        { "email", RT_PRACTICE_STRING },
  { "ending_before", RT_PRACTICE_STRING }, { "expand", RT_PRACTICE_LIST },
  { "limit", RT_PRACTICE_INTEGER },        { "starting_after", RT_PRACTICE_STRING },
  { "test_clock", RT_PRACTICE_STRING },    { 0 },
};

static const RtPracticeParam event_list[] = {
  { "created", RT_PRACTICE_RANGE },
  { "delivery_success", RT_PRACTICE_BOOLEAN },
  { "ending_before", RT_PRACTICE_STRING },
  { "expand", RT_PRACTICE_LIST },
  { "limit", RT_PRACTICE_INTEGER },
  { "starting_after", RT_PRACTICE_STRING },
  { "type", RT_PRACTICE_STRING },
  { "types", RT_PRACTICE_LIST },
  { 0 },
};

static const RtPracticeParam only_expand[] = {
  { "expand", RT_PRACTICE_LIST },
  { 0 },
};

static const RtPracticeParam nothing[] = {
  { 0 },
};

const RtPracticeParam *
rt_practice_contract_get (const char *operation)
{
  static const struct
  {
    const char *operation;
    const RtPracticeParam *params;
  } table[] = {
    { "account.retrieve", only_expand },
    { "balance.retrieve", only_expand },
    { "billing.meters.create", meter_create },
    { "billing.meters.deactivate", only_expand },
    { "billing.meters.list", meter_list },
    { "billing.meters.reactivate", only_expand },
    { "billing.meters.retrieve", only_expand },
    { "billing.meters.update", meter_update },
    { "coupons.create", coupon_create },
    { "coupons.delete", nothing },
    { "coupons.list", coupon_list },
    { "coupons.retrieve", only_expand },
    { "coupons.update", coupon_update },
    { "customers.create", customer_create },
    { "customers.delete", nothing },
    { "customers.list", customer_list },
    { "customers.retrieve", only_expand },
    { "customers.update", customer_update },
    { "events.list", event_list },
    { "events.retrieve", only_expand },
    { "prices.create", price_create },
    { "prices.list", price_list },
    { "prices.retrieve", only_expand },
    { "prices.update", price_update },
    { "products.create", product_create },
    { "products.delete", nothing },
    { "products.list", product_list },
    { "products.retrieve", only_expand },
    { "products.update", product_update },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].operation, operation))
      return table[i].params;
  return NULL;
}
