#include "rt-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-error.h"

/* A reader that walks the text once and accepts exactly RFC 8259 within the limits. json-glib then
 * builds the tree of a text that can no longer surprise it. */
typedef struct
{
  const char *at;
  const char *end;
} Scan;

static gboolean scan_value (Scan *scan, guint depth);

static void
scan_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL)
    scan->at++;
}

static gboolean
scan_char (Scan *scan, char wanted)
{
  if (scan->at == scan->end || *scan->at != wanted)
    return FALSE;
  scan->at++;
  return TRUE;
}

static guint
scan_digits (Scan *scan)
{
  const char *start = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;
  return (guint) (scan->at - start);
}

static gboolean
scan_unicode_escape (Scan *scan, guint *code)
{
  if (scan->end - scan->at < 4)
    return FALSE;
  *code = 0;
  for (guint i = 0; i < 4; i++, scan->at++)
    {
      if (!g_ascii_isxdigit (*scan->at))
        return FALSE;
      *code = *code << 4 | (guint) g_ascii_xdigit_value (*scan->at);
    }
  return TRUE;
}

/* \u0000 would end a C string early; half a surrogate pair is no character. */
static gboolean
scan_escape (Scan *scan)
{
  guint code, low;

  if (scan->at == scan->end)
    return FALSE;
  if (strchr ("\"\\/bfnrt", *scan->at) != NULL)
    {
      scan->at++;
      return TRUE;
    }
  if (!scan_char (scan, 'u') || !scan_unicode_escape (scan, &code))
    return FALSE;
  if (code == 0 || (code >= 0xdc00 && code <= 0xdfff))
    return FALSE;
  if (code < 0xd800 || code > 0xdbff)
    return TRUE;
  return scan_char (scan, '\\') && scan_char (scan, 'u') && scan_unicode_escape (scan, &low)
         && low >= 0xdc00 && low <= 0xdfff;
}

static gboolean
scan_string (Scan *scan)
{
  if (!scan_char (scan, '"'))
    return FALSE;
  while (scan->at < scan->end)
    {
      guchar c = (guchar) *scan->at++;

      if (c == '"')
        return TRUE;
      if (c < 0x20 || (c == '\\' && !scan_escape (scan)))
        return FALSE;
    }
  return FALSE;
}

static gboolean
scan_number (Scan *scan)
{
  const char *start = scan->at;
  gboolean is_integer = TRUE;
  guint n_digits;
  char buffer[24];

  scan_char (scan, '-');
  if (scan_char (scan, '0'))
    n_digits = 1;
  else
    n_digits = scan_digits (scan);
  if (n_digits == 0)
    return FALSE;
  if (scan_char (scan, '.'))
    {
      is_integer = FALSE;
      if (scan_digits (scan) == 0)
        return FALSE;
    }
  if (scan_char (scan, 'e') || scan_char (scan, 'E'))
    {
      is_integer = FALSE;
      if (!scan_char (scan, '+'))
        scan_char (scan, '-');
      if (scan_digits (scan) == 0)
        return FALSE;
    }
  if (!is_integer || n_digits < 19)
    return TRUE;
  if (scan->at - start >= (gssize) sizeof buffer)
    return FALSE;
  memcpy (buffer, start, (gsize) (scan->at - start));
  buffer[scan->at - start] = '\0';
  return g_ascii_string_to_signed (buffer, 10, G_MININT64, G_MAXINT64, NULL, NULL);
}

static gboolean
scan_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return FALSE;
  scan->at += length;
  return TRUE;
}

static gboolean
scan_container (Scan *scan, char close, guint depth)
{
  scan->at++;
  scan_space (scan);
  if (scan_char (scan, close))
    return TRUE;
  do
    {
      scan_space (scan);
      if (close == '}')
        {
          if (!scan_string (scan))
            return FALSE;
          scan_space (scan);
          if (!scan_char (scan, ':'))
            return FALSE;
        }
      if (!scan_value (scan, depth + 1))
        return FALSE;
      scan_space (scan);
    }
  while (scan_char (scan, ','));
  return scan_char (scan, close);
}

static gboolean
scan_value (Scan *scan, guint depth)
{
  scan_space (scan);
  if (scan->at == scan->end || depth > RT_JSON_MAX_DEPTH)
    return FALSE;
  switch (*scan->at)
    {
    case '{':
      return scan_container (scan, '}', depth);
    case '[':
      return scan_container (scan, ']', depth);
    case '"':
      return scan_string (scan);
    case 't':
      return scan_word (scan, "true");
    case 'f':
      return scan_word (scan, "false");
    case 'n':
      return scan_word (scan, "null");
    default:
      return scan_number (scan);
    }
}

static gboolean
is_strict_object (const char *text, gsize length)
{
  Scan scan = { text, text + length };

  if (!g_utf8_validate_len (text, length, NULL))
    return FALSE;
  scan_space (&scan);
  if (scan.at == scan.end || *scan.at != '{' || !scan_value (&scan, 1))
    return FALSE;
  scan_space (&scan);
  return scan.at == scan.end;
}

JsonObject *
rt_json_parse (const char *text, gssize length, GError **error)
{
  gsize n_bytes = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (n_bytes > RT_JSON_MAX_BYTES)
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The answer is larger than Retainer reads."));
      return NULL;
    }
  if (!is_strict_object (text, n_bytes)
      || !json_parser_load_from_data (parser, text, (gssize) n_bytes, NULL))
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The answer is not the JSON it must be."));
      return NULL;
    }
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
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
