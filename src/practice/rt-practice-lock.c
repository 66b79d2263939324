#include "rt-practice-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "rt-error.h"

#define FILE_NAME "practice.lock"

/* Someone who looks for a running server holds a shared lock for a moment: try again that often. */
#define N_TRIES 20
#define TRY_DELAY (5 * 1000)

static gboolean
lock (int fd)
{
  for (int i = 0; i < N_TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK)
        return FALSE;
      g_usleep (TRY_DELAY);
    }
  return FALSE;
}

int
rt_practice_lock_take (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    {
      rt_set_error (error, RT_ERROR_STORAGE, NULL, "%s: %s", path, g_strerror (errno));
      return -1;
    }
  if (lock (fd))
    {
      rt_practice_lock_tell_port (fd, 0);
      return fd;
    }
  rt_set_error (error, RT_ERROR_BUSY, NULL, "Another practice server uses %s", directory);
  close (fd);
  return -1;
}

gboolean
rt_practice_lock_tell_port (int fd, guint port)
{
  g_autofree char *text = port != 0 ? g_strdup_printf ("%u\n", port) : g_strdup ("");
  gssize length = (gssize) strlen (text);

  return ftruncate (fd, 0) == 0 && pwrite (fd, text, (gsize) length, 0) == length;
}

guint
rt_practice_lock_find_port (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  char text[16] = "";
  guint64 port = 0;

  if (fd < 0)
    return 0;
  /* If we get the lock, whoever wrote the port is dead. */
  if (flock (fd, LOCK_SH | LOCK_NB) != 0 && read (fd, text, sizeof text - 1) > 0)
    port = g_ascii_strtoull (text, NULL, 10);
  close (fd);
  return port <= G_MAXUINT16 ? (guint) port : 0;
}
