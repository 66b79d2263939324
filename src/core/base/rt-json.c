#include "rt-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rt-error.h"

/* A reader that accepts exactly RFC 8259 within the limits and builds the tree as it goes:
 * JsonParser takes more than that, and several times as long. */
typedef struct
{
  const char *at;
  const char *end;
  GString *texts;      /* (owned): a stack of names and texts, decoded, each with its NUL */
  GString *compact;    /* (owned): what was read, without the space in between */
  GPtrArray *elements; /* (owned) (nullable) of char *: that of each element of the root's `data` */
  gboolean is_data;    /* what is read next is the root's `data` */
} Reader;

static JsonNode *read_value (Reader *self, guint depth);

static void
skip_space (Reader *self)
{
  while (self->at < self->end
         && (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static gboolean
skip_char (Reader *self, char wanted)
{
  if (self->at == self->end || *self->at != wanted)
    return FALSE;
  self->at++;
  return TRUE;
}

/* One of the characters that JSON is held together by. */
static gboolean
read_mark (Reader *self, char wanted)
{
  skip_space (self);
  if (!skip_char (self, wanted))
    return FALSE;
  if (self->elements != NULL)
    g_string_append_c (self->compact, wanted);
  return TRUE;
}

static void
keep_compact (Reader *self, const char *from)
{
  if (self->elements != NULL)
    g_string_append_len (self->compact, from, self->at - from);
}

static guint
skip_digits (Reader *self)
{
  const char *start = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return (guint) (self->at - start);
}

static gboolean
read_code (Reader *self, guint *code)
{
  if (self->end - self->at < 4)
    return FALSE;
  *code = 0;
  for (guint i = 0; i < 4; i++, self->at++)
    {
      if (!g_ascii_isxdigit (*self->at))
        return FALSE;
      *code = *code << 4 | (guint) g_ascii_xdigit_value (*self->at);
    }
  return TRUE;
}

/* \u0000 would end a C string early; half a surrogate pair is no character. */
static gboolean
read_unicode_escape (Reader *self)
{
  guint code, low;

  if (!read_code (self, &code) || code == 0 || (code >= 0xdc00 && code <= 0xdfff))
    return FALSE;
  if (code >= 0xd800 && code <= 0xdbff)
    {
      if (!skip_char (self, '\\') || !skip_char (self, 'u') || !read_code (self, &low)
          || low < 0xdc00 || low > 0xdfff)
        return FALSE;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
  g_string_append_unichar (self->texts, code);
  return TRUE;
}

static gboolean
read_escape (Reader *self)
{
  static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  const char *escape;

  if (self->at == self->end)
    return FALSE;
  if (skip_char (self, 'u'))
    return read_unicode_escape (self);
  escape = *self->at != '\0' ? strchr (escapes, *self->at) : NULL;
  if (escape == NULL)
    return FALSE;
  g_string_append_c (self->texts, meanings[escape - escapes]);
  self->at++;
  return TRUE;
}

/* Leaves the text on the stack. */
static gboolean
read_text (Reader *self)
{
  const char *start = self->at;

  if (!skip_char (self, '"'))
    return FALSE;
  for (;;)
    {
      const char *plain = self->at;

      while (self->at < self->end && *self->at != '"' && *self->at != '\\'
             && (guchar) *self->at >= 0x20)
        self->at++;
      g_string_append_len (self->texts, plain, self->at - plain);
      if (skip_char (self, '"'))
        break;
      if (!skip_char (self, '\\') || !read_escape (self))
        return FALSE;
    }
  g_string_append_c (self->texts, '\0');
  keep_compact (self, start);
  return TRUE;
}

static JsonNode *
read_string (Reader *self)
{
  gsize top = self->texts->len;
  JsonNode *node;

  if (!read_text (self))
    return NULL;
  node = json_node_init_string (json_node_alloc (), self->texts->str + top);
  g_string_truncate (self->texts, top);
  return node;
}

static gboolean
skip_number (Reader *self, gboolean *is_integer)
{
  *is_integer = TRUE;
  skip_char (self, '-');
  if (!skip_char (self, '0') && skip_digits (self) == 0)
    return FALSE;
  if (skip_char (self, '.'))
    {
      *is_integer = FALSE;
      if (skip_digits (self) == 0)
        return FALSE;
    }
  if (skip_char (self, 'e') || skip_char (self, 'E'))
    {
      *is_integer = FALSE;
      if (!skip_char (self, '+'))
        skip_char (self, '-');
      if (skip_digits (self) == 0)
        return FALSE;
    }
  return TRUE;
}

static JsonNode *
read_number (Reader *self)
{
  const char *start = self->at;
  gsize top = self->texts->len;
  gboolean is_integer;
  gint64 integer = 0;
  JsonNode *node = NULL;

  if (!skip_number (self, &is_integer))
    return NULL;
  keep_compact (self, start);
  g_string_append_len (self->texts, start, self->at - start);
  if (!is_integer)
    node
        = json_node_init_double (json_node_alloc (), g_ascii_strtod (self->texts->str + top, NULL));
  else if (g_ascii_string_to_signed (self->texts->str + top, 10, G_MININT64, G_MAXINT64, &integer,
                                     NULL))
    node = json_node_init_int (json_node_alloc (), integer);
  g_string_truncate (self->texts, top);
  return node;
}

static gboolean
read_word (Reader *self, const char *word)
{
  const char *start = self->at;
  gsize length = strlen (word);

  if ((gsize) (self->end - start) < length || memcmp (start, word, length) != 0)
    return FALSE;
  self->at += length;
  keep_compact (self, start);
  return TRUE;
}

static JsonNode *
read_literal (Reader *self)
{
  if (read_word (self, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (read_word (self, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  return read_word (self, "null") ? json_node_init_null (json_node_alloc ()) : NULL;
}

static gboolean
read_member (Reader *self, JsonObject *object, guint depth)
{
  gsize top = self->texts->len;
  JsonNode *value;

  skip_space (self);
  if (!read_text (self) || !read_mark (self, ':'))
    return FALSE;
  self->is_data = depth == 1 && g_str_equal (self->texts->str + top, "data");
  value = read_value (self, depth + 1);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, self->texts->str + top, value);
  g_string_truncate (self->texts, top);
  return TRUE;
}

static gboolean
read_element (Reader *self, JsonArray *array, guint depth, gboolean is_data)
{
  gsize start = self->compact->len;
  JsonNode *value = read_value (self, depth + 1);

  if (value == NULL)
    return FALSE;
  json_array_add_element (array, value);
  if (is_data)
    g_ptr_array_add (self->elements,
                     g_strndup (self->compact->str + start, self->compact->len - start));
  return TRUE;
}

static JsonNode *
read_object (Reader *self, guint depth)
{
  g_autoptr (JsonObject) object = json_object_new ();

  read_mark (self, '{');
  if (!read_mark (self, '}'))
    {
      do
        if (!read_member (self, object, depth))
          return NULL;
      while (read_mark (self, ','));
      if (!read_mark (self, '}'))
        return NULL;
    }
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
read_array (Reader *self, guint depth)
{
  g_autoptr (JsonArray) array = json_array_new ();
  gboolean is_data = self->is_data && self->elements != NULL;

  self->is_data = FALSE;
  if (is_data)
    g_ptr_array_set_size (self->elements, 0); /* of a member that came twice the last one counts */
  read_mark (self, '[');
  if (!read_mark (self, ']'))
    {
      do
        if (!read_element (self, array, depth, is_data))
          return NULL;
      while (read_mark (self, ','));
      if (!read_mark (self, ']'))
        return NULL;
    }
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
read_value (Reader *self, guint depth)
{
  skip_space (self);
  if (self->at == self->end || depth > RT_JSON_MAX_DEPTH)
    return NULL;
  switch (*self->at)
    {
    case '{':
      self->is_data = FALSE;
      return read_object (self, depth);
    case '[':
      return read_array (self, depth);
    case '"':
      return read_string (self);
    case 't':
    case 'f':
    case 'n':
      return read_literal (self);
    default:
      return read_number (self);
    }
}

/* @elements: (nullable): where the texts of the root's `data` go */
static JsonObject *
read_root (const char *text, gsize length, GPtrArray *elements)
{
  g_autoptr (GString) texts = g_string_sized_new (256);
  g_autoptr (GString) compact = g_string_sized_new (elements != NULL ? length : 0);
  Reader self = { text, text + length, texts, compact, elements, FALSE };
  g_autoptr (JsonNode) root = NULL;

  if (!g_utf8_validate_len (text, length, NULL))
    return NULL;
  root = read_value (&self, 1);
  skip_space (&self);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) || self.at != self.end)
    return NULL;
  return json_node_dup_object (root);
}

static JsonObject *
parse (const char *text, gsize length, GPtrArray *elements, GError **error)
{
  JsonObject *root;

  if (length > RT_JSON_MAX_BYTES)
    {
      rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The answer is larger than Retainer reads."));
      return NULL;
    }
  root = read_root (text, length, elements);
  if (root == NULL)
    rt_set_error (error, RT_ERROR_DAMAGED, NULL, _ ("The answer is not the JSON it must be."));
  return root;
}

JsonObject *
rt_json_parse (const char *text, gssize length, GError **error)
{
  return parse (text, length < 0 ? strlen (text) : (gsize) length, NULL, error);
}

JsonObject *
rt_json_parse_list (const char *text, gsize length, GPtrArray **elements, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  JsonObject *root = parse (text, length, found, error);

  if (root != NULL)
    *elements = g_steal_pointer (&found);
  return root;
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

JsonObject *
rt_json_difference (JsonObject *before, JsonObject *after, const char *const *members)
{
  g_autoptr (JsonNode) nothing = json_node_new (JSON_NODE_NULL);
  JsonObject *difference = json_object_new ();

  for (gsize i = 0; members[i] != NULL; i++)
    {
      JsonNode *old = json_object_get_member (before, members[i]);
      JsonNode *new = json_object_get_member (after, members[i]);

      old = old != NULL ? old : nothing;
      new = new != NULL ? new : nothing;
      if (!json_node_equal (new, old))
        json_object_set_member (difference, members[i], json_node_copy (new));
    }
  return difference;
}

void
rt_json_set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}
