#include "rt-practice-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rt-error.h"
#include "rt-json.h"
#include "rt-practice-json.h"
#include "rt-practice-lock.h"

#define FILE_NAME "practice.jsonl"

struct _RtPracticeJournal
{
  char *path; /* (owned) */
  int lock;
  int fd;
  goffset size;
  guint n_lines;
};

static gboolean
storage_error (RtPracticeJournal *self, GError **error)
{
  rt_set_error (error, RT_ERROR_STORAGE, NULL, "%s: %s", self->path, g_strerror (errno));
  return FALSE;
}

/* Reads whole lines until the end, or until one that a crash has torn. */
static gboolean
read_lines (RtPracticeJournal *self, const char *text, gsize length, RtPracticeJournalFunc func,
            gpointer user_data, GError **error)
{
  gsize start = 0;

  while (start < length)
    {
      const char *end = memchr (text + start, '\n', length - start);
      gsize line_length = end != NULL ? (gsize) (end - text) - start : length - start;
      g_autoptr (GError) damage = NULL;
      g_autoptr (JsonObject) line
          = end != NULL ? rt_json_parse (text + start, (gssize) line_length, &damage) : NULL;

      if (line == NULL && start + line_length + 1 < length)
        {
          rt_set_error (error, RT_ERROR_DAMAGED, NULL, "%s, line %u: %s", self->path,
                        self->n_lines + 1, damage->message);
          return FALSE;
        }
      if (line == NULL)
        break;
      func (line, user_data);
      self->n_lines++;
      start += line_length + 1;
    }
  self->size = (goffset) start;
  return TRUE;
}

static gboolean
load (RtPracticeJournal *self, RtPracticeJournalFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;

  self->fd = open (self->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    return storage_error (self, error);
  file = g_mapped_file_new_from_fd (self->fd, FALSE, NULL);
  if (file == NULL)
    return storage_error (self, error);
  if (!read_lines (self, g_mapped_file_get_contents (file), g_mapped_file_get_length (file), func,
                   user_data, error))
    return FALSE;
  if (ftruncate (self->fd, self->size) != 0)
    return storage_error (self, error);
  return TRUE;
}

RtPracticeJournal *
rt_practice_journal_open (const char *directory, RtPracticeJournalFunc func, gpointer user_data,
                          GError **error)
{
  RtPracticeJournal *self = g_new0 (RtPracticeJournal, 1);

  self->path = g_build_filename (directory, FILE_NAME, NULL);
  self->lock = self->fd = -1;
  if (g_mkdir_with_parents (directory, 0700) != 0)
    storage_error (self, error);
  else
    self->lock = rt_practice_lock_take (directory, error);
  if (self->lock >= 0 && load (self, func, user_data, error))
    return self;
  rt_practice_journal_close (self);
  return NULL;
}

void
rt_practice_journal_close (RtPracticeJournal *self)
{
  if (self->lock >= 0)
    {
      rt_practice_lock_tell_port (self->lock, 0);
      close (self->lock);
    }
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}

gboolean
rt_practice_journal_append (RtPracticeJournal *self, JsonObject *line, GError **error)
{
  g_autofree char *text = rt_practice_json_write (line, RT_PRACTICE_JSON_AS_IS);
  gsize length = strlen (text);

  /* The final NUL becomes the newline. */
  text[length++] = '\n';
  if (write (self->fd, text, length) == (gssize) length)
    {
      self->size += (goffset) length;
      self->n_lines++;
      return TRUE;
    }
  storage_error (self, error);
  /* A full disk may have taken a part. If this fails too, the next start cuts the torn line off. */
  if (ftruncate (self->fd, self->size) != 0)
    g_prefix_error (error, "and cannot be mended: ");
  return FALSE;
}

guint
rt_practice_journal_n_lines (RtPracticeJournal *self)
{
  return self->n_lines;
}

static guint
count_lines (GString *text)
{
  guint n = 0;

  for (gsize i = 0; i < text->len; i++)
    n += text->str[i] == '\n';
  return n;
}

gboolean
rt_practice_journal_rewrite (RtPracticeJournal *self, GString *text, GError **error)
{
  g_autoptr (GError) failure = NULL;
  int fd;

  if (!g_file_set_contents_full (self->path, text->str, (gssize) text->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &failure))
    {
      rt_set_error (error, RT_ERROR_STORAGE, NULL, "%s", failure->message);
      return FALSE;
    }
  fd = open (self->path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return storage_error (self, error);
  close (self->fd);
  self->fd = fd;
  self->size = (goffset) text->len;
  self->n_lines = count_lines (text);
  return TRUE;
}

void
rt_practice_journal_tell_port (RtPracticeJournal *self, guint port)
{
  rt_practice_lock_tell_port (self->lock, port);
}
