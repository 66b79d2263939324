#include "rt-ulid.h"

#define N_IDS 100000

static void
test_ascending_and_unique (void)
{
  g_autoptr (RtClock) clock = rt_clock_new_fake (G_GINT64_CONSTANT (1795000000000000));
  g_autofree char *last = rt_ulid_new (clock);

  g_assert_true (g_str_has_prefix (last, "01M7"));
  for (guint i = 0; i < N_IDS; i++)
    {
      char *next;

      if (i % 1000 == 0)
        rt_clock_advance (clock, 1000);
      next = rt_ulid_new (clock);
      g_assert_true (rt_ulid_is_valid (next));
      g_assert_cmpstr (last, <, next);
      g_free (last);
      last = next;
    }
}

static void
test_is_valid (void)
{
  g_assert_true (rt_ulid_is_valid ("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
  g_assert_false (rt_ulid_is_valid (NULL));
  g_assert_false (rt_ulid_is_valid (""));
  g_assert_false (rt_ulid_is_valid ("01ARZ3NDEKTSV4RRFFQ69G5FA"));
  g_assert_false (rt_ulid_is_valid ("01arz3ndektsv4rrffq69g5fav"));
  g_assert_false (rt_ulid_is_valid ("01ARZ3NDEKTSV4RRFFQ69G5FAI"));
  g_assert_false (rt_ulid_is_valid ("81ARZ3NDEKTSV4RRFFQ69G5FAV"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ulid/ascending-and-unique", test_ascending_and_unique);
  g_test_add_func ("/ulid/is-valid", test_is_valid);
  return g_test_run ();
}
