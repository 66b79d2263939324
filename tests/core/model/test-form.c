#include "rt-form.h"

#include "rt-error.h"

static char *
resolve_cb (const char *object, const char *handle, gpointer user_data)
{
  g_assert_cmpstr (object, ==, "price");
  return g_strdup (g_str_equal (handle, "known") ? "price_1" : NULL);
}

static void
test_encode (void)
{
  g_autoptr (RtForm) form = rt_form_new ();
  g_autofree char *body = NULL;

  g_assert_true (rt_form_is_empty (form));
  rt_form_add (form, "name", "Müller & Söhne = 100 %+\n");
  rt_form_add (form, "absent", NULL);
  rt_form_add (form, "description", "");
  rt_form_add_int (form, "tiers[0][up_to]", 60000);
  rt_form_add_reference (form, "default_price", "price", "known");
  body = rt_form_encode (form, resolve_cb, NULL, NULL);
  g_assert_cmpstr (body, ==,
                   "name=M%C3%BCller%20%26%20S%C3%B6hne%20%3D%20100%20%25%2B%0A&description="
                   "&tiers[0][up_to]=60000&default_price=price_1");
}

static void
test_unresolved (void)
{
  g_autoptr (RtForm) form = rt_form_new ();
  GError *error = NULL;

  rt_form_add_reference (form, "default_price", "price", "unknown");
  g_assert_null (rt_form_encode (form, resolve_cb, NULL, &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_NOT_FOUND);
  g_clear_error (&error);
}

/* Kept in the queue and read again it gives the very same bytes. */
static void
test_json (void)
{
  g_autoptr (RtForm) form = rt_form_new ();
  g_autoptr (RtForm) back = NULL;
  g_autofree char *json = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  GError *error = NULL;

  rt_form_add (form, "a", "\"\\ü\t");
  rt_form_add_reference (form, "b", "price", "known");
  json = rt_form_to_json (form);
  back = rt_form_from_json (json, &error);
  g_assert_no_error (error);
  before = rt_form_encode (form, resolve_cb, NULL, NULL);
  after = rt_form_encode (back, resolve_cb, NULL, NULL);
  g_assert_cmpstr (before, ==, after);
  g_assert_null (rt_form_from_json ("[]", &error));
  g_assert_error (error, RT_ERROR, RT_ERROR_DAMAGED);
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/encode", test_encode);
  g_test_add_func ("/form/unresolved", test_unresolved);
  g_test_add_func ("/form/json", test_json);
  return g_test_run ();
}
