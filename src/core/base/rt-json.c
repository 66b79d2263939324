#include "rt-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-error.h"

/* A reader that walks the text once, accepts exactly RFC 8259 within the limits and builds
 * json-glib's tree on the way: json-glib's own reader must not see such text (see the header), and
 * takes four times as long. Each read function returns what it read, %NULL if it is not that. */
typedef struct
{
  const char *at;
  const char *end;
  GString *text; /* of the string that is being read */
} Reader;

static JsonNode *read_value (Reader *reader, guint depth);

static void
skip_space (Reader *reader)
{
  while (
      reader->at < reader->end
      && (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t'))
    reader->at++;
}

static gboolean
skip_char (Reader *reader, char wanted)
{
  if (reader->at == reader->end || *reader->at != wanted)
    return FALSE;
  reader->at++;
  return TRUE;
}

static guint
skip_digits (Reader *reader)
{
  const char *start = reader->at;

  while (reader->at < reader->end && g_ascii_isdigit (*reader->at))
    reader->at++;
  return (guint) (reader->at - start);
}

static gboolean
read_code (Reader *reader, gunichar *code)
{
  if (reader->end - reader->at < 4)
    return FALSE;
  *code = 0;
  for (guint i = 0; i < 4; i++, reader->at++)
    {
      if (!g_ascii_isxdigit (*reader->at))
        return FALSE;
      *code = *code << 4 | (gunichar) g_ascii_xdigit_value (*reader->at);
    }
  return TRUE;
}

/* \u0000 would end a C string early; half a surrogate pair is no character. */
static gboolean
read_unicode_escape (Reader *reader)
{
  gunichar code, low;

  if (!read_code (reader, &code) || code == 0 || (code >= 0xdc00 && code <= 0xdfff))
    return FALSE;
  if (code >= 0xd800 && code <= 0xdbff)
    {
      if (!skip_char (reader, '\\') || !skip_char (reader, 'u') || !read_code (reader, &low)
          || low < 0xdc00 || low > 0xdfff)
        return FALSE;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
  g_string_append_unichar (reader->text, code);
  return TRUE;
}

static gboolean
read_escape (Reader *reader)
{
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;

  if (reader->at == reader->end || *reader->at == '\0')
    return FALSE;
  letter = strchr (letters, *reader->at++);
  if (letter != NULL)
    {
      g_string_append_c (reader->text, meanings[letter - letters]);
      return TRUE;
    }
  return reader->at[-1] == 'u' && read_unicode_escape (reader);
}

/* Into @reader's text. */
static gboolean
read_text (Reader *reader)
{
  const char *start;

  g_string_truncate (reader->text, 0);
  if (!skip_char (reader, '"'))
    return FALSE;
  start = reader->at;
  while (reader->at < reader->end && (guchar) *reader->at >= 0x20)
    switch (*reader->at)
      {
      case '"':
        g_string_append_len (reader->text, start, reader->at++ - start);
        return TRUE;
      case '\\':
        g_string_append_len (reader->text, start, reader->at++ - start);
        if (!read_escape (reader))
          return FALSE;
        start = reader->at;
        break;
      default:
        reader->at++;
      }
  return FALSE;
}

static JsonNode *
read_string (Reader *reader)
{
  return read_text (reader) ? json_node_init_string (json_node_alloc (), reader->text->str) : NULL;
}

/* Integers beyond 64 bits are refused: a wrong amount is worse than none. */
static JsonNode *
read_number (Reader *reader)
{
  const char *start = reader->at;
  gboolean is_integer = TRUE;
  gint64 integer;

  skip_char (reader, '-');
  if (!skip_char (reader, '0') && skip_digits (reader) == 0)
    return NULL;
  if (skip_char (reader, '.'))
    {
      is_integer = FALSE;
      if (skip_digits (reader) == 0)
        return NULL;
    }
  if (skip_char (reader, 'e') || skip_char (reader, 'E'))
    {
      is_integer = FALSE;
      if (!skip_char (reader, '+'))
        skip_char (reader, '-');
      if (skip_digits (reader) == 0)
        return NULL;
    }
  g_string_truncate (reader->text, 0);
  g_string_append_len (reader->text, start, reader->at - start);
  if (!is_integer)
    return json_node_init_double (json_node_alloc (), g_ascii_strtod (reader->text->str, NULL));
  if (!g_ascii_string_to_signed (reader->text->str, 10, G_MININT64, G_MAXINT64, &integer, NULL))
    return NULL;
  return json_node_init_int (json_node_alloc (), integer);
}

static gboolean
skip_word (Reader *reader, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (reader->end - reader->at) < length || memcmp (reader->at, word, length) != 0)
    return FALSE;
  reader->at += length;
  return TRUE;
}

static gboolean
read_member (Reader *reader, JsonObject *object, guint depth)
{
  g_autofree char *name = NULL;
  JsonNode *value;

  skip_space (reader);
  if (!read_text (reader))
    return FALSE;
  name = g_strndup (reader->text->str, reader->text->len);
  skip_space (reader);
  value = skip_char (reader, ':') ? read_value (reader, depth + 1) : NULL;
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, name, value);
  return TRUE;
}

static JsonNode *
read_object (Reader *reader, guint depth)
{
  g_autoptr (JsonObject) object = json_object_new ();

  reader->at++;
  skip_space (reader);
  if (!skip_char (reader, '}'))
    {
      do
        {
          if (!read_member (reader, object, depth))
            return NULL;
          skip_space (reader);
        }
      while (skip_char (reader, ','));
      if (!skip_char (reader, '}'))
        return NULL;
    }
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
read_array (Reader *reader, guint depth)
{
  g_autoptr (JsonArray) array = json_array_new ();

  reader->at++;
  skip_space (reader);
  if (!skip_char (reader, ']'))
    {
      do
        {
          JsonNode *element = read_value (reader, depth + 1);

          if (element == NULL)
            return NULL;
          json_array_add_element (array, element);
          skip_space (reader);
        }
      while (skip_char (reader, ','));
      if (!skip_char (reader, ']'))
        return NULL;
    }
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
read_value (Reader *reader, guint depth)
{
  skip_space (reader);
  if (reader->at == reader->end || depth > RT_JSON_MAX_DEPTH)
    return NULL;
  switch (*reader->at)
    {
    case '{':
      return read_object (reader, depth);
    case '[':
      return read_array (reader, depth);
    case '"':
      return read_string (reader);
    case 't':
      return skip_word (reader, "true") ? json_node_init_boolean (json_node_alloc (), TRUE) : NULL;
    case 'f':
      return skip_word (reader, "false") ? json_node_init_boolean (json_node_alloc (), FALSE)
                                         : NULL;
    case 'n':
      return skip_word (reader, "null") ? json_node_init_null (json_node_alloc ()) : NULL;
    default:
      return read_number (reader);
    }
}

static JsonObject *
read_all (const char *text, gsize length)
{
  g_autoptr (GString) buffer = g_string_sized_new (256);
  Reader reader = { text, text + length, buffer };
  g_autoptr (JsonNode) root = NULL;

  if (!g_utf8_validate_len (text, length, NULL))
    return NULL;
  skip_space (&reader);
  if (reader.at == reader.end || *reader.at != '{')
    return NULL;
  root = read_value (&reader, 1);
  skip_space (&reader);
  return root != NULL && reader.at == reader.end ? json_node_dup_object (root) : NULL;
}

JsonObject *
rt_json_parse (const char *text, gssize length, GError **error)
{
  gsize n_bytes = length < 0 ? strlen (text) : (gsize) length;
  JsonObject *object;

  if (n_bytes > RT_JSON_MAX_BYTES)
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The answer is larger than Retainer reads."));
      return NULL;
    }
  object = read_all (text, n_bytes);
  if (object == NULL)
    rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The answer is not the JSON it must be."));
  return object;
}

char *
rt_json_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

static JsonNode *
member_of_type (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    return NULL;
  return node;
}

const char *
rt_json_string (JsonObject *object, const char *name)
{
  JsonNode *node = member_of_type (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

gboolean
rt_json_int (JsonObject *object, const char *name, gint64 *value)
{
  JsonNode *node = member_of_type (object, name, G_TYPE_INT64);

  if (node == NULL)
    return FALSE;
  *value = json_node_get_int (node);
  return TRUE;
}

gboolean
rt_json_decimal (JsonObject *object, const char *name, guint places, RtDecimal *value)
{
  const char *text = rt_json_string (object, name);
  JsonNode *node;
  char buffer[64], format[8];
  gint64 whole;

  if (text != NULL)
    return rt_decimal_parse (text, value);
  if (rt_json_int (object, name, &whole))
    {
      *value = rt_decimal_from_int (whole);
      return TRUE;
    }
  node = member_of_type (object, name, G_TYPE_DOUBLE);
  if (node == NULL || places > 6 || !(ABS (json_node_get_double (node)) < 1e9))
    return FALSE;
  /* Below 10^9 with 6 places a double's 15 digits hold what was written: rounding restores it. */
  g_snprintf (format, sizeof format, "%%.%uf", places);
  g_ascii_formatd (buffer, sizeof buffer, format, json_node_get_double (node));
  return rt_decimal_parse (buffer, value);
}

gboolean
rt_json_bool (JsonObject *object, const char *name)
{
  JsonNode *node = member_of_type (object, name, G_TYPE_BOOLEAN);

  return node != NULL && json_node_get_boolean (node);
}

JsonObject *
rt_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
rt_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
rt_json_element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
rt_json_reference (JsonObject *object, const char *name)
{
  JsonObject *expanded = rt_json_object (object, name);

  return expanded != NULL ? rt_json_string (expanded, "id") : rt_json_string (object, name);
}

void
rt_json_set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}
