/* lint: long, because a disk is one thing with one table of operations */
#include "sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#define SECTOR 512
#define ROOM (512 * 1024) /* a file of a run fits in */
#define N_SHM_LOCKS SQLITE_SHM_NLOCK

/* A write or a cut that was not synced yet. */
typedef struct
{
  gint64 offset; /* of a write; the new size of a cut */
  GBytes *bytes; /* (owned) (nullable): a cut */
} Op;

typedef struct
{
  char *name;
  GByteArray *data;    /* what a reader sees */
  GByteArray *durable; /* what is certainly there after a crash */
  GArray *ops;         /* of Op: between the two */
  GPtrArray *shm;
  int n_shared;
  int n_reserved;
  int n_exclusive;
  int shm_shared[N_SHM_LOCKS];
  int shm_exclusive[N_SHM_LOCKS];
  int n_mapped;
} Node;

typedef struct
{
  sqlite3_file base;
  Node *node;
  gboolean is_temporary;
  int lock;
  guint shared_mask;
  guint exclusive_mask;
  gboolean is_mapped;
} File;

/* What goes wrong on one computer. */
typedef struct
{
  guint fail_at;
  guint die_at;
  guint32 seed;
  gboolean is_dead;
} Trouble;

static GHashTable *nodes;    /* name → Node */
static GHashTable *troubles; /* folder → Trouble */
static GHashTable *kept;     /* base name → GBytes */

static void
op_clear (gpointer data)
{
  g_clear_pointer (&((Op *) data)->bytes, g_bytes_unref);
}

static Node *
node_new (const char *name)
{
  Node *node = g_new0 (Node, 1);

  node->name = g_strdup (name);
  node->data = g_byte_array_sized_new (ROOM);
  node->durable = g_byte_array_sized_new (ROOM);
  node->ops = g_array_new (FALSE, FALSE, sizeof (Op));
  g_array_set_clear_func (node->ops, op_clear);
  node->shm = g_ptr_array_new_with_free_func (g_free);
  return node;
}

static void
node_free (gpointer data)
{
  Node *node = data;

  g_free (node->name);
  g_byte_array_unref (node->data);
  g_byte_array_unref (node->durable);
  g_array_unref (node->ops);
  g_ptr_array_unref (node->shm);
  g_free (node);
}

static Trouble *
trouble_of_folder (const char *folder)
{
  Trouble *trouble = g_hash_table_lookup (troubles, folder);

  if (trouble == NULL)
    {
      trouble = g_new0 (Trouble, 1);
      g_hash_table_insert (troubles, g_strdup (folder), trouble);
    }
  return trouble;
}

static Trouble *
trouble_of (const char *name)
{
  const char *slash = name != NULL ? strrchr (name, '/') : NULL;
  g_autofree char *folder = slash != NULL ? g_strndup (name, (gsize) (slash - name)) : NULL;

  return folder != NULL ? g_hash_table_lookup (troubles, folder) : NULL;
}

/* Counts an operation; returns what it comes to. */
static int
operate (const char *name, int failure)
{
  Trouble *trouble = trouble_of (name);

  if (trouble == NULL)
    return SQLITE_OK;
  if (trouble->die_at > 0 && --trouble->die_at == 0)
    trouble->is_dead = TRUE;
  if (trouble->is_dead)
    return failure;
  if (trouble->fail_at == 0 || --trouble->fail_at > 0)
    return SQLITE_OK;
  return failure == SQLITE_IOERR_WRITE && trouble->seed % 2 == 0 ? SQLITE_FULL : failure;
}

static void
apply_op (GByteArray *data, const Op *op, gsize length)
{
  if (op->bytes == NULL)
    {
      if (op->offset < data->len)
        g_byte_array_set_size (data, (guint) op->offset);
      return;
    }
  if (op->offset + (gint64) length > data->len)
    {
      guint old = data->len;

      g_byte_array_set_size (data, (guint) (op->offset + (gint64) length));
      memset (data->data + old, 0, data->len - old);
    }
  memcpy (data->data + op->offset, g_bytes_get_data (op->bytes, NULL), length);
}

static void
note_op (Node *node, gint64 offset, const void *bytes, gsize length)
{
  Op op = { offset, bytes != NULL ? g_bytes_new (bytes, length) : NULL };

  apply_op (node->data, &op, length);
  g_array_append_val (node->ops, op);
}

static int
file_close (sqlite3_file *base)
{
  File *file = (File *) base;

  if (file->is_temporary)
    node_free (file->node);
  return SQLITE_OK;
}

static int
file_read (sqlite3_file *base, void *buffer, int amount, sqlite3_int64 offset)
{
  File *file = (File *) base;
  GByteArray *data = file->node->data;
  gint64 there = MAX (0, MIN ((gint64) amount, (gint64) data->len - offset));
  int result = operate (file->node->name, SQLITE_IOERR_READ);

  if (result != SQLITE_OK)
    return result;
  if (there > 0)
    memcpy (buffer, data->data + offset, (gsize) there);
  if (there == amount)
    return SQLITE_OK;
  memset ((char *) buffer + there, 0, (gsize) (amount - there));
  return SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *base, const void *buffer, int amount, sqlite3_int64 offset)
{
  File *file = (File *) base;
  int result = operate (file->node->name, SQLITE_IOERR_WRITE);

  if (result == SQLITE_OK)
    note_op (file->node, offset, buffer, (gsize) amount);
  return result;
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  File *file = (File *) base;
  int result = operate (file->node->name, SQLITE_IOERR_TRUNCATE);

  if (result == SQLITE_OK)
    note_op (file->node, size, NULL, 0);
  return result;
}

static void
make_durable (Node *node)
{
  for (guint i = 0; i < node->ops->len; i++)
    {
      const Op *op = &g_array_index (node->ops, Op, i);

      apply_op (node->durable, op, op->bytes != NULL ? g_bytes_get_size (op->bytes) : 0);
    }
  g_array_set_size (node->ops, 0);
}

static int
file_sync (sqlite3_file *base, int flags)
{
  File *file = (File *) base;
  int result = operate (file->node->name, SQLITE_IOERR_FSYNC);

  if (result == SQLITE_OK)
    make_durable (file->node);
  return result;
}

static int
file_size (sqlite3_file *base, sqlite3_int64 *size)
{
  *size = ((File *) base)->node->data->len;
  return SQLITE_OK;
}

static int
file_lock (sqlite3_file *base, int lock)
{
  File *file = (File *) base;
  Node *node = file->node;

  if (lock <= file->lock)
    return SQLITE_OK;
  if (lock == SQLITE_LOCK_SHARED)
    {
      if (node->n_exclusive > 0)
        return SQLITE_BUSY;
      node->n_shared++;
    }
  else if (lock == SQLITE_LOCK_RESERVED)
    {
      if (node->n_reserved > 0)
        return SQLITE_BUSY;
      node->n_reserved++;
    }
  else
    {
      if (node->n_shared > 1 || node->n_exclusive > 0)
        return SQLITE_BUSY;
      if (file->lock < SQLITE_LOCK_RESERVED)
        node->n_reserved++;
      node->n_exclusive++;
      lock = SQLITE_LOCK_EXCLUSIVE;
    }
  file->lock = lock;
  return SQLITE_OK;
}

static int
file_unlock (sqlite3_file *base, int lock)
{
  File *file = (File *) base;
  Node *node = file->node;

  if (file->lock >= SQLITE_LOCK_EXCLUSIVE && lock < SQLITE_LOCK_EXCLUSIVE)
    node->n_exclusive--;
  if (file->lock >= SQLITE_LOCK_RESERVED && lock < SQLITE_LOCK_RESERVED)
    node->n_reserved--;
  if (file->lock >= SQLITE_LOCK_SHARED && lock < SQLITE_LOCK_SHARED)
    node->n_shared--;
  file->lock = MIN (file->lock, lock);
  return SQLITE_OK;
}

static int
file_check_reserved (sqlite3_file *base, int *is_reserved)
{
  *is_reserved = ((File *) base)->node->n_reserved > 0;
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *base, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *base)
{
  return SECTOR;
}

static int
file_characteristics (sqlite3_file *base)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
shm_map (sqlite3_file *base, int region, int size, int extend, void volatile **memory)
{
  File *file = (File *) base;
  Node *node = file->node;

  if (!file->is_mapped)
    node->n_mapped++;
  file->is_mapped = TRUE;
  *memory = NULL;
  while ((int) node->shm->len <= region)
    {
      if (!extend)
        return SQLITE_OK;
      g_ptr_array_add (node->shm, g_malloc0 ((gsize) size));
    }
  *memory = g_ptr_array_index (node->shm, region);
  return SQLITE_OK;
}

static int
shm_release (File *file, guint mask, int offset, int n)
{
  for (int i = offset; i < offset + n; i++)
    {
      if ((file->shared_mask & (1u << i)) != 0)
        file->node->shm_shared[i]--;
      if ((file->exclusive_mask & (1u << i)) != 0)
        file->node->shm_exclusive[i]--;
    }
  file->shared_mask &= ~mask;
  file->exclusive_mask &= ~mask;
  return SQLITE_OK;
}

static int
shm_lock (sqlite3_file *base, int offset, int n, int flags)
{
  File *file = (File *) base;
  Node *node = file->node;
  guint mask = ((1u << n) - 1) << offset;

  if ((flags & SQLITE_SHM_UNLOCK) != 0)
    return shm_release (file, mask, offset, n);
  for (int i = offset; i < offset + n; i++)
    {
      int own_shared = (file->shared_mask >> i) & 1;
      int own_exclusive = (file->exclusive_mask >> i) & 1;

      if (node->shm_exclusive[i] > own_exclusive)
        return SQLITE_BUSY;
      if ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && node->shm_shared[i] > own_shared)
        return SQLITE_BUSY;
    }
  for (int i = offset; i < offset + n; i++)
    if ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && (file->exclusive_mask & (1u << i)) == 0)
      node->shm_exclusive[i]++;
    else if ((flags & SQLITE_SHM_SHARED) != 0 && (file->shared_mask & (1u << i)) == 0)
      node->shm_shared[i]++;
  if ((flags & SQLITE_SHM_EXCLUSIVE) != 0)
    file->exclusive_mask |= mask;
  else
    file->shared_mask |= mask;
  return SQLITE_OK;
}

static void
shm_barrier (sqlite3_file *base)
{
}

static int
shm_unmap (sqlite3_file *base, int must_delete)
{
  File *file = (File *) base;

  if (!file->is_mapped)
    return SQLITE_OK;
  shm_release (file, ~0u, 0, N_SHM_LOCKS);
  file->is_mapped = FALSE;
  if (--file->node->n_mapped == 0)
    g_ptr_array_set_size (file->node->shm, 0);
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_characteristics,
  .xShmMap = shm_map,
  .xShmLock = shm_lock,
  .xShmBarrier = shm_barrier,
  .xShmUnmap = shm_unmap,
};

static int
disk_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
  File *file = (File *) base;
  Node *node = name != NULL ? g_hash_table_lookup (nodes, name) : NULL;

  memset (file, 0, sizeof *file);
  if (operate (name, SQLITE_CANTOPEN) != SQLITE_OK)
    return SQLITE_CANTOPEN;
  if (node == NULL && name != NULL && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  if (node == NULL)
    node = node_new (name);
  if (name != NULL && !g_hash_table_contains (nodes, name))
    g_hash_table_insert (nodes, node->name, node);
  file->node = node;
  file->is_temporary = name == NULL;
  file->base.pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
disk_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  if (operate (name, SQLITE_IOERR_DELETE) != SQLITE_OK)
    return SQLITE_IOERR_DELETE;
  g_hash_table_remove (nodes, name);
  return SQLITE_OK;
}

static int
disk_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  Node *node = g_hash_table_lookup (nodes, name);

  *result = node != NULL && (flags != SQLITE_ACCESS_EXISTS || node->data->len > 0);
  return SQLITE_OK;
}

static int
disk_full_path (sqlite3_vfs *vfs, const char *name, int size, char *out)
{
  return (int) g_strlcpy (out, name, (gsize) size) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
disk_randomness (sqlite3_vfs *vfs, int size, char *out)
{
  for (int i = 0; i < size; i++)
    out[i] = (char) g_random_int ();
  return size;
}

static int
disk_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

static int
disk_time (sqlite3_vfs *vfs, double *days)
{
  *days = 2461000.5;
  return SQLITE_OK;
}

static int
disk_last_error (sqlite3_vfs *vfs, int size, char *out)
{
  return SQLITE_OK;
}

void
sim_disk_install (void)
{
  static sqlite3_vfs disk = {
    .iVersion = 1,
    .szOsFile = sizeof (File),
    .mxPathname = 512,
    .zName = "sim",
    .xOpen = disk_open,
    .xDelete = disk_delete,
    .xAccess = disk_access,
    .xFullPathname = disk_full_path,
    .xRandomness = disk_randomness,
    .xSleep = disk_sleep,
    .xCurrentTime = disk_time,
    .xGetLastError = disk_last_error,
  };

  nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, node_free);
  troubles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  sqlite3_vfs_register (&disk, 1);
}

static gboolean
is_under (const char *name, const char *folder)
{
  gsize length = strlen (folder);

  return strncmp (name, folder, length) == 0 && name[length] == '/';
}

static gboolean
is_under_cb (gpointer name, gpointer node, gpointer folder)
{
  return is_under (name, folder);
}

void
sim_disk_format (const char *folder)
{
  g_hash_table_foreach_remove (nodes, is_under_cb, (gpointer) folder);
  memset (trouble_of_folder (folder), 0, sizeof (Trouble));
}

void
sim_disk_keep (const char *folder)
{
  GHashTableIter iter;
  gpointer name, node;

  g_hash_table_iter_init (&iter, nodes);
  while (g_hash_table_iter_next (&iter, &name, &node))
    if (is_under (name, folder))
      g_hash_table_insert (kept, g_path_get_basename (name),
                           g_bytes_new (((Node *) node)->data->data, ((Node *) node)->data->len));
}

void
sim_disk_load (const char *folder)
{
  GHashTableIter iter;
  gpointer base, bytes;

  sim_disk_format (folder);
  g_hash_table_iter_init (&iter, kept);
  while (g_hash_table_iter_next (&iter, &base, &bytes))
    {
      g_autofree char *name = g_build_filename (folder, base, NULL);
      Node *node = node_new (name);

      g_byte_array_append (node->data, g_bytes_get_data (bytes, NULL),
                           (guint) g_bytes_get_size (bytes));
      g_byte_array_append (node->durable, node->data->data, node->data->len);
      g_hash_table_insert (nodes, node->name, node);
    }
}

void
sim_disk_fail_at (const char *folder, guint n, guint32 seed)
{
  Trouble *trouble = trouble_of_folder (folder);

  trouble->fail_at = n;
  trouble->seed = seed;
}

void
sim_disk_die_at (const char *folder, guint n)
{
  trouble_of_folder (folder)->die_at = n;
}

void
sim_disk_die (const char *folder)
{
  trouble_of_folder (folder)->is_dead = TRUE;
}

gboolean
sim_disk_is_doomed (const char *folder)
{
  const Trouble *trouble = trouble_of_folder (folder);

  return trouble->fail_at > 0 || trouble->die_at > 0;
}

gboolean
sim_disk_is_dead (const char *folder)
{
  return trouble_of_folder (folder)->is_dead;
}

static void
lose_power (Node *node, GRand *random)
{
  gboolean is_cut = g_rand_boolean (random);

  for (guint i = 0; i < node->ops->len; i++)
    {
      const Op *op = &g_array_index (node->ops, Op, i);
      gsize length = op->bytes != NULL ? g_bytes_get_size (op->bytes) : 0;

      if (g_rand_int_range (random, 0, 3) == 0)
        {
          if (is_cut)
            break; /* nothing after it */
          continue;
        }
      if (length > SECTOR && g_rand_int_range (random, 0, 8) == 0)
        length = SECTOR * (gsize) g_rand_int_range (random, 0, (gint32) (length / SECTOR));
      apply_op (node->durable, op, length);
    }
  g_array_set_size (node->ops, 0);
  g_byte_array_set_size (node->data, node->durable->len);
  if (node->durable->len > 0)
    memcpy (node->data->data, node->durable->data, node->durable->len);
  g_ptr_array_set_size (node->shm, 0);
  node->n_shared = node->n_reserved = node->n_exclusive = node->n_mapped = 0;
  memset (node->shm_shared, 0, sizeof node->shm_shared);
  memset (node->shm_exclusive, 0, sizeof node->shm_exclusive);
}

static int
compare_nodes (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Node *const *) a)->name, (*(Node *const *) b)->name);
}

void
sim_disk_power_up (const char *folder, GRand *random)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name, node;

  g_hash_table_iter_init (&iter, nodes);
  while (g_hash_table_iter_next (&iter, &name, &node))
    if (is_under (name, folder))
      g_ptr_array_add (found, node);
  g_ptr_array_sort (found, compare_nodes);
  for (guint i = 0; i < found->len; i++)
    lose_power (g_ptr_array_index (found, i), random);
  memset (trouble_of_folder (folder), 0, sizeof (Trouble));
}
