#include <locale.h>

#include "rt-coupon.h"

static RtCoupon *
coupon (const char *field, ...)
{
  g_autoptr (RtDraft) draft = rt_draft_new (RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  va_list arguments;

  va_start (arguments, field);
  for (; field != NULL; field = va_arg (arguments, const char *))
    rt_draft_set (draft, field, va_arg (arguments, const char *));
  va_end (arguments);
  return rt_coupon_from_draft (draft, NULL, problems);
}

static void
test_sentences (void)
{
  g_autoptr (RtCoupon) once = coupon ("name", "x", "percent", "12.5", NULL);
  g_autoptr (RtCoupon) forever
      = coupon ("name", "x", "amount", "5", "currency", "usd", "duration", "forever", NULL);
  g_autoptr (RtCoupon) months
      = coupon ("name", "x", "percent", "100", "duration", "months", "months", "3", NULL);
  g_autofree char *first = rt_coupon_to_sentence (once);
  g_autofree char *second = rt_coupon_to_sentence (forever);
  g_autofree char *third = rt_coupon_to_sentence (months);

  g_assert_cmpstr (first, ==, "12.5% off the next invoice");
  g_assert_cmpstr (second, ==, "$5.00 off every invoice");
  g_assert_cmpstr (third, ==, "100% off for 3 months");
}

/* The form says which of the two counts, whatever is left in the other field. */
static void
test_kind (void)
{
  g_autoptr (RtCoupon) amount = coupon ("name", "x", "kind", "amount", "percent", "999", "amount",
                                        "5", "currency", "eur", NULL);
  g_autoptr (RtCoupon) percent
      = coupon ("name", "x", "kind", "percent", "percent", "9", "amount", "bad", NULL);

  g_assert_cmpstr (amount->currency->code, ==, "eur");
  g_assert_null (percent->currency);
}

static void
test_only_the_name_changes (void)
{
  g_autoptr (RtCoupon) before = coupon ("name", "Before", "percent", "5", "code", "X", NULL);
  g_autoptr (RtDraft) draft = rt_coupon_to_draft (before, RT_NUMBER_PLAIN);
  g_autoptr (GPtrArray) problems = rt_draft_problems_new ();
  g_autoptr (RtCoupon) after = NULL;

  before->stripe_id = g_strdup ("X");
  rt_draft_set (draft, "name", "After");
  after = rt_coupon_from_draft (draft, before, problems);
  g_assert_cmpstr (after->name, ==, "After");
  rt_draft_set (draft, "percent", "6");
  g_assert_null (rt_coupon_from_draft (draft, before, problems));
  g_assert_cmpstr (rt_error_get_field (g_ptr_array_index (problems, 0)), ==, "percent");
}

static void
test_from_stripe (void)
{
  g_autoptr (JsonObject) object = rt_json_parse (
      "{\"id\":\"Z\",\"object\":\"coupon\",\"name\":null,\"percent_off\":25.5,\"amount_off\":null,"
      "\"duration\":\"repeating\",\"duration_in_months\":3,\"times_redeemed\":2,\"metadata\":{}}",
      -1, NULL);
  g_autoptr (JsonObject) strange
      = rt_json_parse ("{\"id\":\"Y\",\"duration\":\"sometimes\",\"amount_off\":\"x\"}", -1, NULL);
  g_autoptr (RtCoupon) read = rt_coupon_from_stripe (object);
  g_autoptr (RtCoupon) other = rt_coupon_from_stripe (strange);
  g_autofree char *sentence = rt_coupon_to_sentence (read);

  g_assert_cmpstr (read->name, ==, "Z");
  g_assert_true (read->is_outside);
  g_assert_cmpint (read->n_redeemed, ==, 2);
  g_assert_cmpstr (sentence, ==, "25.5% off for 3 months");
  g_assert_cmpint (other->duration, ==, RT_DURATION_ONCE);
}

static void
test_plan (void)
{
  g_autoptr (RtCoupon) desired
      = coupon ("name", "x", "amount", "5", "currency", "jpy", "code", "A-b_1", NULL);
  g_autoptr (GPtrArray) plan = rt_coupon_plan (desired, NULL);
  const RtPlanStep *step = g_ptr_array_index (plan, 0);
  g_autofree char *body = rt_form_encode (step->form, NULL, NULL, NULL);
  g_autoptr (GPtrArray) nothing = NULL;

  g_assert_cmpuint (plan->len, ==, 1);
  g_assert_cmpstr (body, ==,
                   "id=A-b_1&name=x&amount_off=5&currency=jpy&duration=once&metadata[rtn_v]=1"
                   "&metadata[rtn_ref]=");
  desired->is_archived = TRUE;
  nothing = rt_coupon_plan (desired, NULL);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void
test_json (void)
{
  g_autoptr (RtCoupon) before = coupon ("name", "x", "percent", "12.34", "code", "C", NULL);
  g_autoptr (JsonObject) json = rt_coupon_to_json (before);
  g_autoptr (RtCoupon) back = rt_coupon_from_json (json);
  g_autoptr (JsonObject) again = rt_coupon_to_json (back);
  g_autofree char *text = rt_json_to_text (json);
  g_autofree char *text_again = rt_json_to_text (again);

  g_assert_cmpstr (text, ==, text_again);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/coupon/sentences", test_sentences);
  g_test_add_func ("/coupon/kind", test_kind);
  g_test_add_func ("/coupon/only-the-name-changes", test_only_the_name_changes);
  g_test_add_func ("/coupon/from-stripe", test_from_stripe);
  g_test_add_func ("/coupon/plan", test_plan);
  g_test_add_func ("/coupon/json", test_json);
  return g_test_run ();
}
