#include "rt-error.h"

static void
test_field_and_answer (void)
{
  g_autoptr (GError) error = rt_error_new (RT_ERROR_REFUSED, "name", "%s is taken", "x");
  g_autoptr (GError) copy = NULL;

  g_assert_cmpstr (error->message, ==, "x is taken");
  g_assert_cmpstr (rt_error_get_field (error), ==, "name");
  g_assert_cmpstr (rt_error_get_code (error), ==, "refused");
  rt_error_set_answer (error, "resource_missing", "req_1");
  copy = g_error_copy (error);
  g_assert_cmpstr (rt_error_get_code (copy), ==, "resource_missing");
  g_assert_cmpstr (rt_error_get_request_id (copy), ==, "req_1");
  g_assert_cmpstr (rt_error_get_field (copy), ==, "name");
}

static void
test_foreign (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");

  g_assert_null (rt_error_get_field (error));
  g_assert_null (rt_error_get_request_id (error));
  g_assert_cmpstr (rt_error_get_code (error), ==, "failed");
  rt_set_error (NULL, RT_ERROR_INVALID, NULL, "nobody listens");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/field-and-answer", test_field_and_answer);
  g_test_add_func ("/error/foreign", test_foreign);
  return g_test_run ();
}
