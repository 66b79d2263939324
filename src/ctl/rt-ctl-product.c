#include <glib/gi18n.h>

#include "rt-ctl.h"
#include "rt-product-actions.h"

/* What a product's form has, in the words of CLI.md. */
static const RtCtlOption form[] = {
  { "--name", "name", RT_CTL_TEXT },
  { "--description", "description", RT_CTL_TEXT },
  { "--amount", "amount", RT_CTL_VALUE },
  { "--included", "included", RT_CTL_VALUE },
  { "--overage", "overage", RT_CTL_VALUE },
  { "--model", "model", RT_CTL_VALUE },
  { "--currency", "currency", RT_CTL_VALUE },
  { "--period", "period", RT_CTL_VALUE },
  { "--tax", "tax", RT_CTL_VALUE },
  { "--metric", "metric", RT_CTL_VALUE },
  { NULL, NULL, RT_CTL_SWITCH },
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
create (RtCtl *ctl, char **arguments)
{
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, form, 0, &draft);
  GError *error = NULL;
  RtProduct *product;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  if (rt_draft_get (draft, "model") == NULL)
    return rt_ctl_usage (ctl, _ ("%s is missing."), "--model");
  /* What would be dropped was meant to say something. */
  if (rt_draft_get (draft, "period") != NULL
      && g_strcmp0 (rt_draft_get (draft, "model"),
                    rt_term_to_nick (RT_TERM_MODEL, RT_MODEL_ONE_TIME))
             == 0)
    return rt_ctl_usage (ctl, _ ("%s goes with %s only."), "--period", "--model base|usage");
  store = rt_ctl_open (ctl, &error);
  product = store != NULL ? rt_product_create (store, draft, &error) : NULL;
  return print (ctl, product, error);
}

static RtExit
update (RtCtl *ctl, char **arguments)
{
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, form, 1, &draft);
  GError *error = NULL;
  RtProduct *product;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  store = rt_ctl_open (ctl, &error);
  product = store != NULL ? rt_product_update (store, g_ptr_array_index (rest, 0), draft, &error)
                          : NULL;
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

static RtExit
show_or_archive (RtCtl *ctl, const char *name, const char *id)
{
  GError *error = NULL;
  RtStore *store = rt_ctl_open (ctl, &error);
  RtProduct *product = NULL;

  if (store != NULL)
    product = g_str_equal (name, "show")
                  ? rt_store_find_product (store, id, &error)
                  : rt_product_set_archived (store, id, g_str_equal (name, "archive"), &error);
  return print (ctl, product, error);
}

RtExit
rt_ctl_product (RtCtl *ctl, char **arguments)
{
  static const char *const names[]
      = { "create", "update", "list", "show", "archive", "restore", NULL };
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  const char *id;

  if (!g_strv_contains (names, name))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("product"));
  if (g_str_equal (name, "create"))
    return create (ctl, arguments + 1);
  if (g_str_equal (name, "update"))
    return update (ctl, arguments + 1);
  if (g_str_equal (name, "list"))
    return list (ctl, arguments + 1);
  id = rt_ctl_parse_id (ctl, arguments + 1);
  if (id == NULL)
    return RT_EXIT_USAGE;
  return show_or_archive (ctl, name, id);
}
