/* Somebody works in Stripe's Dashboard, and Retainer hears of it when it hears of it. */

#include "sim-edits.h"
#include "sim-request.h"

static char *
pick_id (Sim *sim, const char *path)
{
  g_autoptr (JsonObject) list = sim_ask (sim, "GET", path, NULL);
  JsonArray *data = json_object_get_array_member (list, "data");
  guint n = json_array_get_length (data);

  return n > 0 ? g_strdup (
             json_object_get_string_member (json_array_get_object_element (data, sim_pick (sim, n)),
                                            "id"))
               : NULL;
}

static void
dashboard (Sim *sim, const char *list, const char *method, const char *body)
{
  g_autofree char *id = pick_id (sim, list);
  g_autofree char *path = id != NULL ? g_strdup_printf ("%s/%s", list, id) : NULL;

  if (path == NULL)
    return;
  sim_tell (sim, "dashboard: %s %s %s", method, path, body != NULL ? body : "");
  if (body != NULL)
    sim_edits_note_dashboard (sim, id, body);
  else
    sim_request_note_deletion (sim, path);
  json_object_unref (sim_ask (sim, method, path, body));
}

static char *
offer_new (const char *currency, gint64 amount, const char *period)
{
  return g_strdup_printf ("currency=%s&unit_amount=%" G_GINT64_FORMAT "%s%s", currency, amount,
                          period != NULL ? "&recurring[interval]=" : "",
                          period != NULL ? period : "");
}

/* What a price of the Dashboard costs: in dollars or euros, a month or a year; a number of its own,
 * or the one that it is now. Returns: (nullable): %NULL if that would be nothing new */
static char *
dup_offer (Sim *sim, JsonObject *product, gboolean is_recurring)
{
  JsonObject *price = rt_json_object (product, "default_price");
  gint64 now = 0, amount = (SIM_DASHBOARD_AMOUNT + (gint64) sim->n_names) * 100;
  const char *currency = sim_chance (sim, 300) ? "eur" : "usd";
  const char *period = sim_chance (sim, 300) ? "year" : "month";
  g_autofree char *before = NULL;
  g_autofree char *offer = NULL;

  if (sim_chance (sim, 400) && rt_json_int (price, "unit_amount", &now))
    amount = now;
  before = offer_new (rt_json_string (price, "currency"), now,
                      rt_json_string (rt_json_object (price, "recurring"), "interval"));
  offer = offer_new (currency, amount, is_recurring ? period : NULL);
  return g_str_equal (offer, before) ? NULL : g_steal_pointer (&offer);
}

/* Another price for new clients, as the Dashboard makes it: without a role, and now and then of
 * another kind, which is not what the product costs in Retainer. */
static void
dashboard_price (Sim *sim, const char *text)
{
  g_autofree char *id = pick_id (sim, "/v1/products");
  g_autofree char *path = g_strdup_printf ("/v1/products/%s", id);
  g_autofree char *expanded = g_strconcat (path, "?expand[0]=default_price", NULL);
  g_autoptr (JsonObject) product = id != NULL ? sim_ask (sim, "GET", expanded, NULL) : NULL;
  const char *model = rt_json_string (rt_json_object (product, "metadata"), "rtn_model");
  gboolean is_recurring = (g_strcmp0 (model, "one_time") == 0) == (sim_pick (sim, 8) == 0);
  g_autofree char *offer = dup_offer (sim, product, is_recurring);
  g_autofree char *body = g_strdup_printf ("product=%s&nickname=%s&%s", id, text, offer);
  g_autoptr (JsonObject) price = NULL;
  g_autofree char *chosen = NULL;

  if (model == NULL || offer == NULL)
    return;
  price = sim_ask (sim, "POST", "/v1/prices", body);
  chosen = g_strconcat ("default_price=", rt_json_string (price, "id"), NULL);
  sim_tell (sim, "dashboard: POST %s %s (%s, %s)", path, chosen, text, offer);
  sim_edits_note_dashboard (sim, id, chosen);
  json_object_unref (sim_ask (sim, "POST", path, chosen));
}

void
sim_dashboard_act (Sim *sim)
{
  g_autofree char *text = g_strdup_printf ("Dash%u", ++sim->n_names);
  g_autofree char *named = g_strconcat ("name=", text, NULL);
  g_autofree char *described = g_strconcat ("description=", text, NULL);

  if (sim->seed % 4 == 0)
    return; /* some people are alone, for what must be true only of them */
  sim->has_dashboard = TRUE;
  switch (sim_pick (sim, 10))
    {
    case 9:
      dashboard_price (sim, text);
      break;
    case 0:
      dashboard (sim, "/v1/products", "POST", named);
      break;
    case 1:
      dashboard (sim, "/v1/products", "POST", described);
      break;
    case 2:
      dashboard (sim, "/v1/coupons", "POST", named);
      break;
    case 3:
      dashboard (sim, "/v1/coupons", "DELETE", NULL);
      break;
    case 4:
      dashboard (sim, "/v1/customers", "POST", named);
      break;
    case 5:
      dashboard (sim, "/v1/customers", "POST", described);
      break;
    case 6:
      if (sim_chance (sim, 300))
        dashboard (sim, "/v1/customers", "DELETE", NULL);
      break;
    case 7:
      dashboard (sim, "/v1/products", "POST",
                 sim_chance (sim, 500) ? "active=false" : "active=true");
      break;
    default:
      json_object_unref (sim_ask (sim, "POST", "/v1/customers", named));
    }
}
