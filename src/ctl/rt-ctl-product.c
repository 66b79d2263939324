#include <glib/gi18n.h>

#include "rt-ctl.h"
#include "rt-product-actions.h"

/* What a product's form has, in the words of CLI.md. */
static const RtCtlOption form[] = {
  { "--name", "name", TRUE },
  { "--description", "description", TRUE },
  { "--amount", "amount", TRUE },
  { "--included", "included", TRUE },
  { "--overage", "overage", TRUE },
  { "--model", "model", TRUE },
  { "--currency", "currency", TRUE },
  { "--period", "period", TRUE },
  { "--tax", "tax", TRUE },
  { "--metric", "metric", TRUE },
  { NULL, NULL, FALSE },
};

static RtExit
print (RtCtl *ctl, RtProduct *product, GError *error)
{
  if (product == NULL)
    return rt_ctl_fail (ctl, error);
  rt_ctl_print_object (ctl, rt_product_to_json (product));
  rt_product_unref (product);
  return RT_EXIT_DONE;
}

static RtExit
create (RtCtl *ctl, RtStore *store, char **arguments)
{
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, form, 0, &draft);
  GError *error = NULL;
  RtProduct *product;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  if (rt_draft_get (draft, "model") == NULL)
    return rt_ctl_usage (ctl, _ ("%s is missing."), "--model");
  product = rt_product_create (store, draft, &error);
  return print (ctl, product, error);
}

static RtExit
update (RtCtl *ctl, RtStore *store, char **arguments)
{
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, form, 1, &draft);
  GError *error = NULL;
  RtProduct *product;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  product = rt_product_update (store, g_ptr_array_index (rest, 0), draft, &error);
  return print (ctl, product, error);
}

static JsonObject *
row_to_json (RtStore *store, gint64 row)
{
  g_autoptr (RtProduct) product = rt_store_get_product (store, row);

  return product != NULL ? rt_product_to_json (product) : NULL;
}

static RtExit
list (RtCtl *ctl, char **arguments)
{
  static const char *const columns[]
      = { "id", "name", "model", "amount", "currency", "state", NULL };

  return rt_ctl_list (ctl, arguments, rt_store_product_rows, row_to_json, columns);
}

RtExit
rt_ctl_product (RtCtl *ctl, char **arguments)
{
  static const char *const names[]
      = { "create", "update", "list", "show", "archive", "restore", NULL };
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  gboolean has_one = g_strv_length (arguments) == 2;
  GError *error = NULL;
  RtProduct *product = NULL;
  RtStore *store;

  if (!g_strv_contains (names, name))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("product"));
  if (!rt_ctl_open (ctl, &error))
    return rt_ctl_fail (ctl, error);
  store = rt_session_get_store (ctl->session);
  if (g_str_equal (name, "create"))
    return create (ctl, store, arguments + 1);
  if (g_str_equal (name, "update"))
    return update (ctl, store, arguments + 1);
  if (g_str_equal (name, "list"))
    return list (ctl, arguments + 1);
  if (g_str_equal (name, "show") && has_one)
    product = rt_store_find_product (store, arguments[1], &error);
  else if (g_str_equal (name, "archive") && has_one)
    product = rt_product_set_archived (store, arguments[1], TRUE, &error);
  else if (g_str_equal (name, "restore") && has_one)
    product = rt_product_set_archived (store, arguments[1], FALSE, &error);
  else
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("product"));
  return print (ctl, product, error);
}
