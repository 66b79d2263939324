#include "rt-practice-route.h"

#include <string.h>

#include "rt-practice-account.h"
#include "rt-practice-coupon.h"
#include "rt-practice-customer.h"
#include "rt-practice-event.h"
#include "rt-practice-meter.h"
#include "rt-practice-price.h"
#include "rt-practice-product.h"

#define ACCOUNT "account", "account"
#define BALANCE "balance", "balance"
#define METER "billing.meter", "meters"
#define COUPON "coupon", "coupons"
#define CUSTOMER "customer", "customers"
#define EVENT "event", "events"
#define PRICE "price", "prices"
#define PRODUCT "product", "products"

static const RtPracticeRoute routes[] = {
  { "GET", "/v1/account", "account.retrieve", ACCOUNT, rt_practice_account_retrieve },
  { "GET", "/v1/balance", "balance.retrieve", BALANCE, rt_practice_account_balance },
  { "POST", "/v1/products", "products.create", PRODUCT, rt_practice_product_create },
  { "GET", "/v1/products", "products.list", PRODUCT, .filter = rt_practice_product_filter },
  { "GET", "/v1/products/{id}", "products.retrieve", PRODUCT, rt_practice_product_retrieve },
  { "POST", "/v1/products/{id}", "products.update", PRODUCT, rt_practice_product_update },
  { "DELETE", "/v1/products/{id}", "products.delete", PRODUCT, rt_practice_product_delete },
  { "POST", "/v1/prices", "prices.create", PRICE, rt_practice_price_create },
  { "GET", "/v1/prices", "prices.list", PRICE, .filter = rt_practice_price_filter },
  { "GET", "/v1/prices/{id}", "prices.retrieve", PRICE, rt_practice_price_retrieve },
  { "POST", "/v1/prices/{id}", "prices.update", PRICE, rt_practice_price_update },
  { "POST", "/v1/billing/meters", "billing.meters.create", METER, rt_practice_meter_create },
  { "GET", "/v1/billing/meters", "billing.meters.list", METER, .filter = rt_practice_meter_filter },
  { "GET", "/v1/billing/meters/{id}", "billing.meters.retrieve", METER,
    rt_practice_meter_retrieve },
  { "POST", "/v1/billing/meters/{id}", "billing.meters.update", METER, rt_practice_meter_update },
  { "POST", "/v1/billing/meters/{id}/deactivate", "billing.meters.deactivate", METER,
    rt_practice_meter_deactivate },
  { "POST", "/v1/billing/meters/{id}/reactivate", "billing.meters.reactivate", METER,
    rt_practice_meter_reactivate },
  { "POST", "/v1/coupons", "coupons.create", COUPON, rt_practice_coupon_create },
  { "GET", "/v1/coupons", "coupons.list", COUPON },
  { "GET", "/v1/coupons/{id}", "coupons.retrieve", COUPON, rt_practice_coupon_retrieve },
  { "POST", "/v1/coupons/{id}", "coupons.update", COUPON, rt_practice_coupon_update },
  { "DELETE", "/v1/coupons/{id}", "coupons.delete", COUPON, rt_practice_coupon_delete },
  { "POST", "/v1/customers", "customers.create", CUSTOMER, rt_practice_customer_create },
  { "GET", "/v1/customers", "customers.list", CUSTOMER, .filter = rt_practice_customer_filter },
  { "GET", "/v1/customers/{id}", "customers.retrieve", CUSTOMER, rt_practice_customer_retrieve },
  { "POST", "/v1/customers/{id}", "customers.update", CUSTOMER, rt_practice_customer_update },
  { "DELETE", "/v1/customers/{id}", "customers.delete", CUSTOMER, rt_practice_customer_delete },
  { "GET", "/v1/events", "events.list", EVENT, .filter = rt_practice_event_filter,
    .check = rt_practice_event_check_list },
  { "GET", "/v1/events/{id}", "events.retrieve", EVENT, rt_practice_event_retrieve },
};

/* Whether @path is of the form of @template; @id is borrowed from @path. */
static gboolean
match (const char *template, const char *path, const char **id, gsize *length)
{
  const char *hole = strstr (template, "{id}");
  gsize before = hole != NULL ? (gsize) (hole - template) : 0;

  if (hole == NULL)
    return g_str_equal (template, path);
  if (strncmp (template, path, before) != 0)
    return FALSE;
  *id = path + before;
  *length = strcspn (*id, "/");
  return *length > 0 && g_str_equal (*id + *length, hole + strlen ("{id}"));
}

const RtPracticeRoute *
rt_practice_route_find (const char *method, const char *path, char **id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const char *found = NULL;
      gsize length = 0;

      if (!g_str_equal (routes[i].method, method) || !match (routes[i].path, path, &found, &length))
        continue;
      *id = found != NULL ? g_strndup (found, length) : NULL;
      return &routes[i];
    }
  *id = NULL;
  return NULL;
}
