#include <glib/gi18n.h>
#include <stdio.h>

#include "rt-ctl.h"

/* Terminals obey control characters, and some turn the direction of what follows. */
static gboolean
is_harmless (gunichar c)
{
  return c == '\n'
         || (!g_unichar_iscntrl (c) && !(c >= 0x202a && c <= 0x202e)
             && !(c >= 0x2066 && c <= 0x2069));
}

/* UTF-8 whatever the locale says: a timer has none. */
static void
print_harmless (const char *text, FILE *file)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    if (is_harmless (g_utf8_get_char (c)))
      fwrite (c, 1, (gsize) (g_utf8_next_char (c) - c), file);
    else
      fputc (' ', file);
  fflush (file);
}

static void
print_cb (const char *text)
{
  print_harmless (text, stdout);
}

static void
printerr_cb (const char *text)
{
  print_harmless (text, stderr);
}

void
rt_ctl_print_begin (void)
{
  g_set_print_handler (print_cb);
  g_set_printerr_handler (printerr_cb);
}

gboolean
rt_ctl_print_end (void)
{
  return fflush (stdout) == 0 && !ferror (stdout);
}

/* Exactly as it is: scripts read it. */
static void
print_json (const char *text)
{
  fputs (text, stdout);
  fputc ('\n', stdout);
}

/* One value of an object as a person reads it, on one line. */
static char *
dup_value (JsonNode *value)
{
  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return g_strdup ("–");
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (value));
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (value) ? C_ ("value", "yes") : C_ ("value", "no"));
  return json_to_string (value, FALSE);
}

static char *
dup_text (JsonNode *value)
{
  return g_strdelimit (dup_value (value), "\n", ' ');
}

char *
rt_ctl_dup_local_time (gint64 seconds)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (seconds);

  return at != NULL ? g_date_time_format (at, "%Y-%m-%d %H:%M:%S") : g_strdup ("–");
}

void
rt_ctl_print_object (RtCtl *ctl, JsonObject *object)
{
  g_autoptr (JsonObject) owned = object;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (ctl->is_json)
    {
      g_autofree char *text = rt_json_to_text (owned);

      print_json (text);
      return;
    }
  json_object_iter_init_ordered (&iter, owned);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *text = dup_text (value);

      g_print ("%-15s %s\n", name, text);
    }
}

/* How many columns of a terminal a text fills as it is printed: what is harmful is a space. */
static int
measure (const char *text)
{
  int width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (!is_harmless (character))
        width++;
      else if (!g_unichar_iszerowidth (character))
        width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

/* Nothing is shortened: what is in conflict, or differs from Stripe, is decided by what one reads
 * here. */
static void
print_cell (const char *text, int width, gboolean is_last)
{
  g_print ("%s%*s%s", text, is_last ? 0 : width - measure (text), "", is_last ? "\n" : "  ");
}

static void
print_table (JsonArray *list, const char *const *columns)
{
  guint n_rows = json_array_get_length (list), n_columns = g_strv_length ((GStrv) columns);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autofree int *widths = g_new0 (int, n_columns);

  for (guint column = 0; column < n_columns; column++)
    g_ptr_array_add (cells, g_strdup (columns[column]));
  for (guint row = 0; row < n_rows; row++)
    for (guint column = 0; column < n_columns; column++)
      g_ptr_array_add (cells,
                       dup_text (json_object_get_member (json_array_get_object_element (list, row),
                                                         columns[column])));
  for (guint i = 0; i < cells->len; i++)
    widths[i % n_columns] = MAX (widths[i % n_columns], measure (g_ptr_array_index (cells, i)));
  for (guint i = 0; i < cells->len; i++)
    print_cell (g_ptr_array_index (cells, i), widths[i % n_columns],
                i % n_columns == n_columns - 1);
}

void
rt_ctl_print_list (RtCtl *ctl, JsonArray *list, const char *const *columns)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, list);
  if (ctl->is_json)
    {
      g_autofree char *text = json_to_string (node, FALSE);

      print_json (text);
    }
  else if (json_array_get_length (list) == 0)
    {
      g_print ("%s\n", _ ("Nothing."));
    }
  else
    {
      print_table (list, columns);
    }
}
