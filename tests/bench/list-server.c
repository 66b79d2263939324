/* A loopback Stripe that only lists and takes creations, as fast as a socket can: what is measured
 * against it is the client. usage: list-server OBJECTS LATENCY_MS PER_SECOND FAULTS_PER_1000
 * Prints its port. A thread for each connection; no more than PER_SECOND requests in a second (0:
 * no ceiling) are answered, others get 429. Ends when its input does, printing what it saw. */

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_LISTS 5
#define INACTIVE 4 /* prices come in two lists */
#define FIRST_CREATED 1600000000
#define SPACING 300
#define MAX_REQUEST 65536

static const char *const paths[N_LISTS]
    = { "/v1/products", "/v1/prices", "/v1/coupons", "/v1/customers", "/v1/prices" };

static guint n_objects, latency_ms, per_second, faults;
static GPtrArray *rendered[N_LISTS]; /* of GBytes, oldest first */
static GMutex mutex;
static gint64 window_started;
static guint n_in_window;
static GHashTable *answers; /* idempotency key → body */
static guint n_requests, n_put_off, n_created, n_faults;
static gint64 first_at, last_at;

static char *
render (guint list, guint i)
{
  gint64 created = FIRST_CREATED + (gint64) i * SPACING;

  switch (list)
    {
    case 1:
    case INACTIVE:
      return g_strdup_printf (
          "{\"id\":\"price_%u%06u\",\"object\":\"price\",\"active\":%s,"
          "\"billing_scheme\":\"per_unit\",\"created\":%" G_GINT64_FORMAT
          ",\"currency\":\"usd\",\"custom_unit_amount\":"
          "null,\"livemode\":false,\"lookup_key\":\"rtn_key_%u%06u\","
          "\"metadata\":{\"rtn_v\":\"1\","
          "\"rtn_role\":\"base\"},\"nickname\":\"base\",\"product\":\"prod_%06u\",\"recurring\":{"
          "\"interval\":\"month\",\"interval_count\":1,\"meter\":null,\"trial_period_days\":null,"
          "\"usage_type\":\"licensed\"},\"tax_behavior\":\"exclusive\",\"tiers_mode\":null,"
          "\"transform_quantity\":null,\"type\":\"recurring\",\"unit_amount\":%u,"
          "\"unit_amount_decimal\":\"%u\"}",
          list, i, list == 1 ? "true" : "false", created, list, i, i, 1000 + i, 1000 + i);
    case 0:
      return g_strdup_printf (
          "{\"id\":\"prod_%06u\",\"object\":\"product\",\"active\":true,\"attributes\":[],"
          "\"created\":%" G_GINT64_FORMAT ",\"default_price\":\"price_1%06u\",\"description\":\"An "
          "agent that answers calls, number %u of many\",\"images\":[],\"livemode\":false,"
          "\"marketing_features\":[],\"metadata\":{\"rtn_v\":\"1\",\"rtn_model\":\"base\"},"
          "\"name\":\"Voice %u\",\"package_dimensions\":null,\"shippable\":null,"
          "\"statement_descriptor\":null,\"tax_code\":null,\"type\":\"service\","
          "\"unit_label\":null,"
          "\"updated\":%" G_GINT64_FORMAT ",\"url\":null}",
          i, created, i, i, i, created);
    case 2:
      return g_strdup_printf (
          "{\"id\":\"COUPON%06u\",\"object\":\"coupon\",\"amount_off\":null,"
          "\"created\":%" G_GINT64_FORMAT ",\"currency\":null,\"duration\":\"repeating\","
          "\"duration_in_months\":3,"
          "\"livemode\":false,\"max_redemptions\":null,\"metadata\":{},\"name\":\"Summer %u\","
          "\"percent_off\":12.5,\"redeem_by\":null,\"times_redeemed\":0,\"valid\":true}",
          i, created, i);
    case 3:
    default:
      return g_strdup_printf (
          "{\"id\":\"cus_%06u\",\"object\":\"customer\",\"address\":{\"city\":\"Berlin\","
          "\"country\":\"DE\",\"line1\":\"Street %u\",\"line2\":null,\"postal_code\":\"10115\","
          "\"state\":null},\"balance\":0,\"created\":%" G_GINT64_FORMAT ",\"currency\":\"usd\","
          "\"default_source\":null,\"delinquent\":false,\"description\":null,\"discount\":null,"
          "\"email\":\"client%u@example.com\",\"invoice_prefix\":\"ABC%05u\",\"invoice_settings\":{"
          "\"custom_fields\":null,\"default_payment_method\":null,\"footer\":null,"
          "\"rendering_options\":null},\"livemode\":false,\"metadata\":{\"rtn_v\":\"1\","
          "\"rtn_client\":\"1\"},\"name\":\"Client %u\",\"next_invoice_sequence\":1,\"phone\":null,"
          "\"preferred_locales\":[],\"shipping\":null,\"tax_exempt\":\"none\",\"test_clock\":null}",
          i, i, created, i, i, i);
    }
}

static gint64
parameter (const char *query, const char *name, gint64 fallback)
{
  const char *found = query != NULL ? strstr (query, name) : NULL;

  return found != NULL ? g_ascii_strtoll (found + strlen (name), NULL, 10) : fallback;
}

/* The first index behind the cursor; ids end in six digits. */
static gint64
cursor_of (const char *query)
{
  const char *found = query != NULL ? strstr (query, "starting_after=") : NULL;
  gsize length;

  if (found == NULL)
    return n_objects;
  found += strlen ("starting_after=");
  length = strcspn (found, "& ");
  return g_ascii_strtoll (found + length - 6, NULL, 10);
}

static void
append_page (GString *body, guint list, const char *query)
{
  gint64 from = parameter (query, "created[gte]=", 0), to = parameter (query, "created[lt]=", 0);
  gint64 limit = parameter (query, "limit=", 10);
  gint64 at = cursor_of (query) - 1;
  gint64 lowest = from > FIRST_CREATED ? (from - FIRST_CREATED + SPACING - 1) / SPACING : 0;
  gint64 n = 0;

  if (to > 0)
    at = MIN (at, (to - FIRST_CREATED + SPACING - 1) / SPACING - 1);
  g_string_assign (body, "{\"object\":\"list\",\"data\":[");
  for (; at >= lowest && n < limit; at--, n++)
    {
      GBytes *object = g_ptr_array_index (rendered[list], at);

      if (n > 0)
        g_string_append_c (body, ',');
      g_string_append_len (body, g_bytes_get_data (object, NULL),
                           (gssize) g_bytes_get_size (object));
    }
  g_string_append_printf (body, "],\"has_more\":%s,\"url\":\"%s\"}",
                          at >= lowest ? "true" : "false", paths[list]);
}

/* A creation, once for each key. */
static void
append_creation (GString *body, const char *key)
{
  const char *known;

  g_mutex_lock (&mutex);
  known = g_hash_table_lookup (answers, key);
  if (known == NULL)
    {
      known
          = g_strdup_printf ("{\"id\":\"cus_new%06u\",\"object\":\"customer\",\"name\":\"Client\","
                             "\"created\":1700000000,\"metadata\":{}}",
                             n_created++);
      g_hash_table_insert (answers, g_strdup (key), (char *) known);
    }
  g_string_assign (body, known);
  g_mutex_unlock (&mutex);
}

/* Whether this one is within the ceiling. */
static gboolean
is_admitted (void)
{
  gint64 now = g_get_monotonic_time ();
  gboolean is_in;

  g_mutex_lock (&mutex);
  if (first_at == 0)
    first_at = now;
  last_at = now;
  n_requests++;
  if (now - window_started >= G_USEC_PER_SEC)
    {
      window_started = now;
      n_in_window = 0;
    }
  is_in = per_second == 0 || ++n_in_window <= per_second;
  n_put_off += is_in ? 0 : 1;
  g_mutex_unlock (&mutex);
  return is_in;
}

static gboolean
send_all (int client, const char *bytes, gsize length)
{
  while (length > 0)
    {
      ssize_t sent = send (client, bytes, length, MSG_NOSIGNAL);

      if (sent <= 0)
        return FALSE;
      bytes += sent;
      length -= (gsize) sent;
    }
  return TRUE;
}

static guint
answer (GString *body, const char *method, char *target, const char *key)
{
  char *query = strchr (target, '?');

  if (query != NULL)
    *query++ = '\0';
  if (!is_admitted ())
    {
      g_string_assign (body, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":"
                             "\"rate_limit\",\"message\":\"Too many\"}}");
      return 429;
    }
  for (guint i = 0; i < N_LISTS; i++)
    if (g_str_equal (target, paths[i]))
      {
        if (g_str_equal (method, "POST"))
          append_creation (body, key);
        else if (i == 1 && query != NULL && strstr (query, "active=false") != NULL)
          append_page (body, INACTIVE, query);
        else
          append_page (body, i, query);
        return 200;
      }
  if (g_str_equal (target, "/v1/events") || g_str_equal (target, "/v1/billing/meters"))
    g_string_assign (body, "{\"object\":\"list\",\"data\":[],\"has_more\":false}");
  else
    g_string_assign (body, "{\"id\":\"acct_bench\",\"object\":\"account\"}");
  return 200;
}

/* Returns: whether the connection goes on. */
static gboolean
serve_one (int client, char *request, GString *body, GString *out)
{
  g_auto (GStrv) words = g_strsplit_set (request, " \r\n", 3);
  char *header = strcasestr (request, "\nidempotency-key: ");
  g_autofree char *key = g_strdup (header != NULL ? header + 18 : "");
  gboolean is_fault = faults > 0 && g_random_int_range (0, 1000) < (gint32) faults;
  guint status;

  key[strcspn (key, "\r\n")] = '\0';
  status = answer (body, words[0], words[1], key);
  if (latency_ms > 0)
    g_usleep (latency_ms * 1000); /* lint: sleep, because it is the latency that is simulated */
  if (is_fault)
    {
      g_atomic_int_inc ((int *) &n_faults);
      return FALSE; /* done, and the answer is lost */
    }
  g_string_printf (out,
                   "HTTP/1.1 %u OK\r\nContent-Type: application/json\r\nRequest-Id: req_1\r\n"
                   "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                   status, body->len);
  g_string_append_len (out, body->str, (gssize) body->len);
  return send_all (client, out->str, out->len);
}

static gpointer
serve (gpointer data)
{
  int client = GPOINTER_TO_INT (data);
  g_autofree char *request = g_malloc (MAX_REQUEST + 1);
  g_autoptr (GString) body = g_string_sized_new (200000);
  g_autoptr (GString) out = g_string_sized_new (200000);
  gsize length = 0;

  for (;;)
    {
      char *end;
      gsize whole;
      const char *content;
      ssize_t got = recv (client, request + length, MAX_REQUEST - length, 0);

      if (got <= 0)
        break;
      length += (gsize) got;
      request[length] = '\0';
      end = strstr (request, "\r\n\r\n");
      if (end == NULL)
        continue;
      content = strcasestr (request, "\ncontent-length: ");
      whole = (gsize) (end + 4 - request)
              + (content != NULL && content < end ? strtoul (content + 17, NULL, 10) : 0);
      if (length < whole)
        continue;
      length = 0; /* nobody pipelines */
      if (!serve_one (client, request, body, out))
        break;
    }
  close (client);
  return NULL;
}

static gpointer
watch_input (gpointer data)
{
  char c;

  while (read (STDIN_FILENO, &c, 1) > 0)
    ;
  g_print ("%u %u %u %u %.3f\n", n_requests, n_put_off, n_created, n_faults,
           (double) (last_at - first_at) / G_USEC_PER_SEC);
  fflush (stdout);
  _exit (0);
}

int
main (int argc, char **argv)
{
  int server = socket (AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in address
      = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;

  if (argc != 5)
    return 2;
  n_objects = (guint) atoi (argv[1]);
  latency_ms = (guint) atoi (argv[2]);
  per_second = (guint) atoi (argv[3]);
  faults = (guint) atoi (argv[4]);
  answers = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint list = 0; list < N_LISTS; list++)
    {
      rendered[list] = g_ptr_array_new ();
      for (guint i = 0; i < n_objects; i++)
        {
          char *text = render (list, i);

          g_ptr_array_add (rendered[list], g_bytes_new_take (text, strlen (text)));
        }
    }
  if (bind (server, (struct sockaddr *) &address, sizeof address) != 0 || listen (server, 64) != 0
      || getsockname (server, (struct sockaddr *) &address, &size) != 0)
    return 1;
  g_print ("%u\n", ntohs (address.sin_port));
  fflush (stdout);
  g_thread_unref (g_thread_new ("input", watch_input, NULL));
  for (;;)
    {
      int client = accept (server, NULL, NULL);

      if (client < 0)
        continue;
      setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      g_thread_unref (g_thread_new ("client", serve, GINT_TO_POINTER (client)));
    }
}
