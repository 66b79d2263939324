#include "rt-ulid.h"

#include <string.h>
#include <sys/random.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
fill_random (guint8 *bytes, gsize length)
{
  /* 80 bits of the kernel's: two computers draft offline and must never meet in one id. */
  while (length > 0)
    {
      ssize_t got = getrandom (bytes, length, 0);

      if (got < 0)
        continue; /* only a signal can interrupt so short a read */
      bytes += got;
      length -= (gsize) got;
    }
}

/* Adds one to the random part; it cannot overflow in practice: its top bit is cleared at first. */
static void
increment (guint8 random[10])
{
  for (int i = 9; i >= 0 && ++random[i] == 0; i--)
    ;
}

char *
rt_ulid_new (RtClock *clock)
{
  static GMutex mutex;
  static gint64 last_milliseconds = -1;
  static guint8 random[10];
  gint64 milliseconds = rt_clock_now (clock) / 1000;
  char *text = g_malloc (RT_ULID_LENGTH + 1);
  guint8 bytes[10];

  g_mutex_lock (&mutex);
  if (milliseconds == last_milliseconds)
    {
      increment (random);
    }
  else
    {
      fill_random (random, sizeof random);
      random[0] &= 0x7f;
      last_milliseconds = milliseconds;
    }
  memcpy (bytes, random, sizeof bytes);
  g_mutex_unlock (&mutex);

  for (int i = 9; i >= 0; i--, milliseconds >>= 5)
    text[i] = alphabet[milliseconds & 31];
  for (guint i = 0; i < 16; i++)
    {
      guint bit = i * 5;
      guint pair = (guint) bytes[bit / 8] << 8 | (bit / 8 + 1 < 10 ? bytes[bit / 8 + 1] : 0);

      text[10 + i] = alphabet[pair >> (11 - bit % 8) & 31];
    }
  text[RT_ULID_LENGTH] = '\0';
  return text;
}

gboolean
rt_ulid_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != RT_ULID_LENGTH || text[0] > '7')
    return FALSE;
  return strspn (text, alphabet) == RT_ULID_LENGTH;
}
