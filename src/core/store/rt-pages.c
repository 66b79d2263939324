#include "rt-pages.h"

#include <string.h>

#include "rt-db.h"

/* The names are those of SQLite's "Database File Format". */
#define USABLE RT_DB_PAGE_SIZE
#define FIRST_PAGE_HEADER 100
#define MAX_DEPTH 20
#define MAX_PAYLOAD (64 * 1024 * 1024)
#define WAL_HEADER 32
#define WAL_FRAME (24 + RT_DB_PAGE_SIZE)
#define WAL_MAGIC 0x377f0682 /* the last bit: whether checksums are of big-endian words */

enum
{
  INDEX_INTERIOR = 2,
  TABLE_INTERIOR = 5,
  INDEX_LEAF = 10,
  TABLE_LEAF = 13,
};

/* What the last walk found of a page. */
enum
{
  UNSEEN,
  BROKEN,
  WHOLE,
};

struct _RtPages
{
  GMappedFile *file;    /* (owned) */
  GMappedFile *journal; /* (owned) (nullable) */
  GHashTable *newer;    /* (owned) page number → its bytes in the journal */
  guint32 n_pages;
  guint8 *seen; /* (owned): by page number */
  guint8 *free; /* (owned): by page number, whether it is unused */
};

/* Bytes that are read from front to back, never past their end. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Bytes;

static guint32
read_be (const guint8 *at, guint n)
{
  guint32 value = 0;

  while (n-- > 0)
    value = value << 8 | *at++;
  return value;
}

static gboolean
read_varint (Bytes *bytes, guint64 *value)
{
  *value = 0;
  for (guint i = 0; i < 9 && bytes->at < bytes->end; i++)
    {
      guint8 byte = *bytes->at++;

      if (i == 8)
        *value = *value << 8 | byte;
      else
        *value = *value << 7 | (byte & 0x7f);
      if (i == 8 || (byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static const guint8 *
get_page (RtPages *self, guint32 number)
{
  const guint8 *page = g_hash_table_lookup (self->newer, GUINT_TO_POINTER (number));

  if (page != NULL)
    return page;
  if (number == 0 || (gsize) number * RT_DB_PAGE_SIZE > g_mapped_file_get_length (self->file))
    return NULL;
  return (const guint8 *) g_mapped_file_get_contents (self->file)
         + (gsize) (number - 1) * RT_DB_PAGE_SIZE;
}

static void
add_checksum (guint32 sums[2], gboolean is_big, const guint8 *data, gsize length)
{
  for (gsize i = 0; i + 8 <= length; i += 8)
    {
      guint32 words[2] = { read_be (data + i, 4), read_be (data + i + 4, 4) };

      sums[0] += (is_big ? words[0] : GUINT32_SWAP_LE_BE (words[0])) + sums[1];
      sums[1] += (is_big ? words[1] : GUINT32_SWAP_LE_BE (words[1])) + sums[0];
    }
}

/* The frames up to the last commit whose chain of checksums holds, as SQLite recovers them. */
static void
read_journal (RtPages *self)
{
  const guint8 *data = (const guint8 *) g_mapped_file_get_contents (self->journal);
  gsize length = g_mapped_file_get_length (self->journal);
  g_autoptr (GHashTable) pending = g_hash_table_new (NULL, NULL);
  guint32 sums[2] = { 0, 0 };
  gboolean is_big;

  if (length < WAL_HEADER || (read_be (data, 4) & ~1u) != WAL_MAGIC
      || read_be (data + 8, 4) != RT_DB_PAGE_SIZE)
    return;
  is_big = (data[3] & 1) != 0;
  add_checksum (sums, is_big, data, 24);
  for (const guint8 *frame = data + WAL_HEADER; frame + WAL_FRAME <= data + length;
       frame += WAL_FRAME)
    {
      GHashTableIter iter;
      gpointer number, page;

      add_checksum (sums, is_big, frame, 8);
      add_checksum (sums, is_big, frame + 24, RT_DB_PAGE_SIZE);
      if (memcmp (frame + 8, data + 16, 8) != 0 || read_be (frame + 16, 4) != sums[0]
          || read_be (frame + 20, 4) != sums[1])
        return;
      g_hash_table_insert (pending, GUINT_TO_POINTER (read_be (frame, 4)), (gpointer) (frame + 24));
      if (read_be (frame + 4, 4) == 0)
        continue;
      g_hash_table_iter_init (&iter, pending);
      while (g_hash_table_iter_next (&iter, &number, &page))
        {
          g_hash_table_insert (self->newer, number, page);
          self->n_pages = MAX (self->n_pages, GPOINTER_TO_UINT (number));
        }
      g_hash_table_remove_all (pending);
    }
}

/* What was deleted must not come back: pages of the free list are never scanned. */
static void
read_free_list (RtPages *self)
{
  const guint8 *page = get_page (self, 1);
  guint32 trunk = page != NULL ? read_be (page + 32, 4) : 0;

  while (trunk > 0 && trunk <= self->n_pages && !self->free[trunk])
    {
      guint32 n_leaves;

      self->free[trunk] = 1;
      page = get_page (self, trunk);
      if (page == NULL)
        return;
      n_leaves = MIN (read_be (page + 4, 4), (RT_DB_PAGE_SIZE - 8) / 4);
      for (guint32 i = 0; i < n_leaves; i++)
        {
          guint32 leaf = read_be (page + 8 + 4 * (gsize) i, 4);

          if (leaf > 1 && leaf <= self->n_pages)
            self->free[leaf] = 1;
        }
      trunk = read_be (page, 4);
    }
}

RtPages *
rt_pages_open (const char *path)
{
  g_autofree char *journal = g_strconcat (path, "-wal", NULL);
  g_autoptr (RtPages) self = g_new0 (RtPages, 1);

  self->newer = g_hash_table_new (NULL, NULL);
  self->file = g_mapped_file_new (path, FALSE, NULL);
  if (self->file == NULL)
    return NULL;
  self->n_pages
      = (guint32) MIN (g_mapped_file_get_length (self->file) / RT_DB_PAGE_SIZE, (gsize) G_MAXINT32);
  self->journal = g_mapped_file_new (journal, FALSE, NULL);
  if (self->journal != NULL)
    read_journal (self);
  self->seen = g_new0 (guint8, (gsize) self->n_pages + 1);
  self->free = g_new0 (guint8, (gsize) self->n_pages + 1);
  read_free_list (self);
  return self->n_pages > 0 ? g_steal_pointer (&self) : NULL;
}

void
rt_pages_free (RtPages *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->newer);
  g_clear_pointer (&self->file, g_mapped_file_unref);
  g_clear_pointer (&self->journal, g_mapped_file_unref);
  g_free (self->seen);
  g_free (self->free);
  g_free (self);
}

static gint64
read_integer (const guint8 *at, guint64 length)
{
  guint64 number = length > 0 && (*at & 0x80) != 0 ? G_MAXUINT64 : 0;

  for (guint i = 0; i < length; i++)
    number = number << 8 | at[i];
  return (gint64) number;
}

static gboolean
read_value (Bytes *bytes, guint64 kind, RtValue *value)
{
  static const guint sizes[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };
  static const char types[] = "niiiiiixii";
  guint64 length = kind < 10 ? sizes[kind] : (kind - 12) / 2;

  if (kind == 10 || kind == 11 || length > (guint64) (bytes->end - bytes->at))
    return FALSE;
  *value = (RtValue){ .type = kind < 10 ? types[kind] : 'x' };
  if (value->type == 'i')
    value->number = kind == 9 ? 1 : read_integer (bytes->at, length);
  if (kind >= 13 && kind % 2 == 1)
    {
      value->type = g_utf8_validate_len ((const char *) bytes->at, length, NULL) ? 's' : 'b';
      value->text = (const char *) bytes->at;
      value->length = (int) length;
    }
  bytes->at += length;
  return TRUE;
}

static gboolean
read_record (Bytes bytes, RtRow *row)
{
  Bytes kinds = bytes;
  guint64 length, kind;

  if (!read_varint (&kinds, &length) || length > (guint64) (bytes.end - bytes.at))
    return FALSE;
  bytes.at += length;
  kinds.end = bytes.at;
  for (row->n_values = 0; kinds.at < kinds.end; row->n_values++)
    if (row->n_values == RT_PAGES_MAX_VALUES || !read_varint (&kinds, &kind)
        || !read_value (&bytes, kind, &row->values[row->n_values]))
      return FALSE;
  return TRUE;
}

/* Where the payload does not fit its page, the rest stands on a chain of overflow pages. */
static gboolean
read_overflow (RtPages *self, guint32 next, guint8 *at, gsize left)
{
  while (left > 0)
    {
      const guint8 *page = get_page (self, next);
      gsize n = MIN (left, USABLE - 4);

      if (page == NULL)
        return FALSE;
      memcpy (at, page + 4, n);
      at += n;
      left -= n;
      next = read_be (page, 4);
    }
  return TRUE;
}

typedef struct
{
  RtPages *pages;
  RtRowFunc func;
  gpointer user_data;
  gboolean is_table; /* with row ids */
} Reader;

static gboolean
hand_record (const Reader *self, const guint8 *data, gsize length, gint64 number)
{
  RtRow row = { .row = number };

  return read_record ((Bytes){ data, data + length }, &row) && self->func (&row, self->user_data);
}

static gboolean
read_payload (const Reader *self, Bytes bytes, guint64 length, gint64 row)
{
  gsize most = self->is_table ? USABLE - 35 : (USABLE - 12) * 64 / 255 - 23;
  gsize least = (USABLE - 12) * 32 / 255 - 23;
  gsize here = least + (length - least) % (USABLE - 4);
  g_autofree guint8 *whole = NULL;

  if (length > MAX_PAYLOAD || length > (gsize) self->pages->n_pages * RT_DB_PAGE_SIZE)
    return FALSE;
  if (length <= most)
    return length <= (gsize) (bytes.end - bytes.at) && hand_record (self, bytes.at, length, row);
  here = here <= most ? here : least;
  if (here + 4 > (gsize) (bytes.end - bytes.at))
    return FALSE;
  whole = g_malloc (length);
  memcpy (whole, bytes.at, here);
  return read_overflow (self->pages, read_be (bytes.at + here, 4), whole + here, length - here)
         && hand_record (self, whole, length, row);
}

static gboolean walk (const Reader *self, guint32 number, guint depth);

/* @type is that of the page; @depth 0 means that the children are not visited. */
static gboolean
read_cell (const Reader *self, Bytes bytes, guint type, guint depth)
{
  gboolean is_interior = type == TABLE_INTERIOR || type == INDEX_INTERIOR;
  gboolean is_whole = TRUE;
  guint64 length, row = 0;

  if (is_interior)
    {
      if (bytes.end - bytes.at < 4)
        return FALSE;
      is_whole = depth == 0 || walk (self, read_be (bytes.at, 4), depth + 1);
      bytes.at += 4;
    }
  if (type == TABLE_INTERIOR)
    return is_whole;
  return read_varint (&bytes, &length) && (!self->is_table || read_varint (&bytes, &row))
         && read_payload (self, bytes, length, (gint64) row) && is_whole;
}

/* Whether a page of this tree, and whether one with children. Where every page is tried (@depth 0),
 * one of no type at all is a leaf with a damaged first byte as likely as it is anything else. */
static gboolean
is_of_tree (const Reader *self, guint type, guint depth, gboolean *is_interior)
{
  gboolean is_none = type != TABLE_INTERIOR && type != TABLE_LEAF && type != INDEX_INTERIOR
                     && type != INDEX_LEAF;

  *is_interior = type == (guint) (self->is_table ? TABLE_INTERIOR : INDEX_INTERIOR);
  return *is_interior || type == (guint) (self->is_table ? TABLE_LEAF : INDEX_LEAF)
         || (is_none && depth == 0);
}

static gboolean
read_page (const Reader *self, guint32 number, guint depth)
{
  const guint8 *page = get_page (self->pages, number);
  const guint8 *header, *cells;
  gboolean is_interior, is_whole = TRUE;
  guint32 n_cells;

  if (page == NULL)
    return FALSE;
  header = number == 1 ? page + FIRST_PAGE_HEADER : page;
  if (!is_of_tree (self, *header, depth, &is_interior))
    return FALSE;
  cells = header + (is_interior ? 12 : 8);
  n_cells = read_be (header + 3, 2);
  if (cells + (gsize) n_cells * 2 > page + RT_DB_PAGE_SIZE)
    {
      n_cells = (guint32) (page + RT_DB_PAGE_SIZE - cells) / 2;
      is_whole = FALSE;
    }
  /* One damaged cell costs only itself. */
  for (guint32 i = 0; i < n_cells; i++)
    {
      guint32 offset = read_be (cells + 2 * (gsize) i, 2);
      Bytes bytes = { page + offset, page + RT_DB_PAGE_SIZE };

      if (offset >= RT_DB_PAGE_SIZE || !read_cell (self, bytes, *header, depth))
        is_whole = FALSE;
    }
  if (is_interior && depth > 0 && !walk (self, read_be (header + 8, 4), depth + 1))
    is_whole = FALSE;
  return is_whole;
}

static gboolean
walk (const Reader *self, guint32 number, guint depth)
{
  gboolean is_whole;

  /* Each page once, or a damaged tree that bites its tail would never end. */
  if (number == 0 || number > self->pages->n_pages || self->pages->seen[number] != UNSEEN
      || depth > MAX_DEPTH)
    return FALSE;
  self->pages->seen[number] = BROKEN;
  is_whole = read_page (self, number, depth);
  if (is_whole)
    self->pages->seen[number] = WHOLE;
  return is_whole;
}

gboolean
rt_pages_walk (RtPages *self, guint32 root, gboolean is_table, RtRowFunc func, gpointer user_data)
{
  Reader reader = { self, func, user_data, is_table };

  memset (self->seen, 0, (gsize) self->n_pages + 1);
  return walk (&reader, root, 1);
}

void
rt_pages_scan (RtPages *self, gboolean is_table, RtRowFunc func, gpointer user_data)
{
  Reader reader = { self, func, user_data, is_table };

  for (guint32 i = 1; i <= self->n_pages; i++)
    if (!self->free[i] && self->seen[i] != WHOLE)
      read_page (&reader, i, 0);
}
