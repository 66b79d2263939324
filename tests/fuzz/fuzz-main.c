/* Runs a fuzzer over its corpus and, seeded, over small changes of it, without libFuzzer. */

#include <glib.h>
#include <stdint.h>
#include <string.h>

#define N_CHANGES 50000

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static GPtrArray *corpus;

static void
test_corpus (void)
{
  for (guint i = 0; i < corpus->len; i++)
    {
      GBytes *text = g_ptr_array_index (corpus, i);

      LLVMFuzzerTestOneInput (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
    }
}

/* Flips, cuts, repeats and splices, as a fuzzer would without looking. */
static GByteArray *
change (GRand *random)
{
  GBytes *text
      = g_ptr_array_index (corpus, (guint) g_rand_int_range (random, 0, (gint) corpus->len));
  GByteArray *changed = g_byte_array_new ();
  gint n_steps = g_rand_int_range (random, 1, 6);

  g_byte_array_append (changed, g_bytes_get_data (text, NULL), (guint) g_bytes_get_size (text));
  while (n_steps-- > 0 && changed->len > 1)
    {
      guint at = (guint) g_rand_int_range (random, 0, (gint) changed->len);
      static const char bytes[] = "{}[]\",:\\0-9.eE+\xff\x80 \n\0u";

      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          changed->data[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
          break;
        case 1:
          changed->data[at] = (guint8) bytes[g_rand_int_range (random, 0, (gint) sizeof bytes)];
          break;
        case 2:
          g_byte_array_set_size (changed, at + 1);
          break;
        default:
          g_byte_array_remove_index (changed, at);
        }
    }
  return changed;
}

static void
test_changes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261122);

  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autoptr (GByteArray) changed = change (random);

      LLVMFuzzerTestOneInput (changed->data, changed->len);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) folder = NULL;
  const char *name;
  int result;

  g_test_init (&argc, &argv, NULL);
  corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  folder = g_dir_open (argv[1], 0, NULL);
  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      char *text;
      gsize length;

      if (g_file_get_contents (path, &text, &length, NULL))
        g_ptr_array_add (corpus, g_bytes_new_take (text, length));
    }
  g_assert_cmpuint (corpus->len, >, 0);
  g_test_add_func ("/fuzz/corpus", test_corpus);
  g_test_add_func ("/fuzz/changes", test_changes);
  result = g_test_run ();
  g_ptr_array_unref (corpus);
  return result;
}
