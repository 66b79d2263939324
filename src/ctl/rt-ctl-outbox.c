#include <glib/gi18n.h>
#include <string.h>

#include "rt-conflict-detail.h"
#include "rt-ctl.h"
#include "rt-kind.h"
#include "rt-queue.h"

static JsonObject *
change_to_json (const RtChange *change)
{
  JsonObject *json = rt_change_to_json (change);

  json_object_set_boolean_member (json, "asks", rt_change_asks (change));
  return json;
}

static JsonArray *
changes_to_json (RtCtl *ctl, GError **error)
{
  RtStore *store = rt_ctl_open (ctl, error);
  g_autoptr (GPtrArray) changes = store != NULL ? rt_change_list (store, error) : NULL;
  JsonArray *array;

  if (changes == NULL)
    return NULL;
  array = json_array_new ();
  for (guint i = 0; i < changes->len; i++)
    json_array_add_object_element (array, change_to_json (g_ptr_array_index (changes, i)));
  return array;
}

static RtExit
list (RtCtl *ctl, char **arguments)
{
  static const char *const columns[] = { "id", "title", "state", "attempts", "asks", NULL };

  return rt_ctl_print_filtered (ctl, arguments, changes_to_json, "title", columns);
}

/* What is in conflict is a table for people. */
static void
print_change (RtCtl *ctl, JsonObject *json)
{
  static const char *const columns[] = { "field", "base", "mine", "theirs", NULL };
  JsonArray *conflicts = rt_json_array (json, "conflicts");

  if (ctl->is_json || conflicts == NULL)
    {
      rt_ctl_print_object (ctl, json_object_ref (json));
      return;
    }
  json_array_ref (conflicts);
  json_object_remove_member (json, "conflicts");
  rt_ctl_print_object (ctl, json_object_ref (json));
  g_print ("\n");
  rt_ctl_print_list (ctl, conflicts, columns);
}

static RtExit
show (RtCtl *ctl, const char *key)
{
  GError *error = NULL;
  RtStore *store = rt_ctl_open (ctl, &error);
  g_autoptr (RtChange) change = store != NULL ? rt_change_find (store, key, &error) : NULL;
  g_autoptr (JsonObject) json = NULL;

  if (change == NULL)
    return rt_ctl_fail (ctl, error);
  json = change_to_json (change);
  if (change->state == RT_STATE_CONFLICT && !rt_conflict_detail_add (store, change, json, &error))
    return rt_ctl_fail (ctl, error);
  print_change (ctl, json);
  if (!ctl->is_json && rt_change_asks (change))
    g_print ("\n%s\n", _ ("It was tried many times and goes on being tried; discard it if it is no "
                          "longer wanted."));
  return RT_EXIT_DONE;
}

static RtExit
retry (RtCtl *ctl, const char *key)
{
  GError *error = NULL;
  RtStore *store = rt_ctl_open (ctl, &error);

  if (store == NULL || !rt_queue_retry (store, key, &error))
    return rt_ctl_fail (ctl, error);
  return show (ctl, key);
}

/* That of what the change was for: of what else waits for it, or what Stripe has. */
static const char *
state_after (RtStore *store, const RtChange *before, JsonObject *record)
{
  g_autoptr (RtChange) other = rt_change_find (store, before->object_id, NULL);

  if (other != NULL)
    return rt_term_to_nick (RT_TERM_STATE, other->state);
  if (record != NULL)
    return rt_json_string (record, "state");
  /* It was never made, and is as good as put away. */
  return rt_term_to_nick (RT_TERM_STATE, RT_STATE_ARCHIVED);
}

/* A change that has left the outbox, and what trouble there was with it. */
static RtExit
print_left (RtCtl *ctl, RtStore *store, const RtChange *before)
{
  g_autoptr (JsonObject) record = rt_kind_find (before->object)->record (store, before->object_id);
  JsonObject *json = change_to_json (before);

  json_object_set_string_member (json, "state", state_after (store, before, record));
  json_object_set_null_member (json, "error");
  json_object_set_boolean_member (json, "asks", FALSE);
  rt_ctl_print_object (ctl, json);
  return RT_EXIT_DONE;
}

static RtExit
discard (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[]
      = { { "--yes", "yes", RT_CTL_SWITCH }, { NULL, NULL, RT_CTL_SWITCH } };
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, options, 1, &draft);
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;
  RtStore *store;

  if (rest == NULL)
    return RT_EXIT_USAGE;
  store = rt_ctl_open (ctl, &error);
  change = store != NULL ? rt_change_find (store, g_ptr_array_index (rest, 0), &error) : NULL;
  if (change == NULL
      || !rt_queue_discard (store, change->id, rt_draft_get (draft, "yes") != NULL, &error))
    return rt_ctl_fail (ctl, error);
  return print_left (ctl, store, change);
}

/* Takes `--field NAME=mine|theirs`, as often as it is there, out of the arguments; @fields maps
 * name to word. Returns: (transfer container) (nullable): the rest; %NULL on a usage error */
static GPtrArray *
take_fields (RtCtl *ctl, char **arguments, GHashTable *fields)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      const char *choice = arguments[i];
      const char *word;

      if (!g_str_equal (choice, "--field") && !g_str_has_prefix (choice, "--field="))
        {
          g_ptr_array_add (rest, arguments[i]);
          continue;
        }
      choice = choice[strlen ("--field")] == '=' ? choice + strlen ("--field=") : arguments[++i];
      word = choice != NULL ? strrchr (choice, '=') : NULL;
      if (word == NULL || (!g_str_equal (word, "=mine") && !g_str_equal (word, "=theirs")))
        {
          rt_ctl_usage (ctl, _ ("%s needs a value."), "--field NAME=mine|theirs");
          return NULL;
        }
      g_hash_table_insert (fields, g_strndup (choice, (gsize) (word - choice)),
                           g_strdup (word + 1));
    }
  g_ptr_array_add (rest, NULL);
  return g_steal_pointer (&rest);
}

/* Every field in conflict must be decided, and nothing else can be. Returns: (transfer container)
 * (nullable): the names that are to be as typed here */
static GPtrArray *
choose (GPtrArray *conflicts, GHashTable *fields, GError **error)
{
  g_autoptr (GPtrArray) mine = g_ptr_array_new ();
  guint n_known = 0;

  for (guint i = 0; i < conflicts->len; i++)
    {
      RtConflictField *conflict = g_ptr_array_index (conflicts, i);
      const char *word = g_hash_table_lookup (fields, conflict->field);

      if (word == NULL)
        {
          rt_set_error (error, RT_ERROR_INVALID, conflict->field,
                        _ ("“%s” is in conflict, too. Say which one is right."), conflict->field);
          return NULL;
        }
      n_known++;
      if (g_str_equal (word, "mine"))
        g_ptr_array_add (mine, conflict->field);
    }
  if (n_known < g_hash_table_size (fields))
    {
      rt_set_error (error, RT_ERROR_INVALID, NULL, _ ("Only fields in conflict can be decided."));
      return NULL;
    }
  g_ptr_array_add (mine, NULL);
  return g_steal_pointer (&mine);
}

static gboolean
resolve_fields (RtStore *store, const RtChange *change, GHashTable *fields, GError **error)
{
  g_autoptr (GPtrArray) conflicts = rt_conflict_list (store, change->seq, error);
  g_autoptr (GPtrArray) mine = conflicts != NULL ? choose (conflicts, fields, error) : NULL;

  return mine != NULL
         && rt_conflict_resolve (store, change->id, (const char *const *) mine->pdata, error);
}

/* What is left of it, or that nothing is. */
static RtExit
show_resolved (RtCtl *ctl, RtStore *store, const RtChange *before)
{
  g_autoptr (RtChange) change = rt_change_find (store, before->id, NULL);

  return change != NULL ? show (ctl, before->id) : print_left (ctl, store, before);
}

static RtExit
resolve (RtCtl *ctl, char **arguments)
{
  static const RtCtlOption options[] = {
    { "--mine", "mine", RT_CTL_SWITCH },
    { "--theirs", "theirs", RT_CTL_SWITCH },
    { NULL, NULL, RT_CTL_SWITCH },
  };
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) left = take_fields (ctl, arguments, fields);
  g_autoptr (RtDraft) draft = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (RtChange) change = NULL;
  GError *error = NULL;
  RtStore *store;
  gboolean is_mine, is_theirs, is_resolved;

  if (left != NULL)
    rest = rt_ctl_parse (ctl, (char **) left->pdata, options, 1, &draft);
  if (rest == NULL)
    return RT_EXIT_USAGE;
  is_mine = rt_draft_get (draft, "mine") != NULL;
  is_theirs = rt_draft_get (draft, "theirs") != NULL;
  if (is_mine + is_theirs + (g_hash_table_size (fields) > 0) != 1)
    return rt_ctl_usage (ctl, _ ("Say which one is right: --mine, --theirs or --field."));
  store = rt_ctl_open (ctl, &error);
  change = store != NULL ? rt_change_find (store, g_ptr_array_index (rest, 0), &error) : NULL;
  if (change == NULL)
    return rt_ctl_fail (ctl, error);
  is_resolved = is_mine || is_theirs || change->state != RT_STATE_CONFLICT
                    ? rt_conflict_resolve_all (store, change->id, is_mine, &error)
                    : resolve_fields (store, change, fields, &error);
  return is_resolved ? show_resolved (ctl, store, change) : rt_ctl_fail (ctl, error);
}

RtExit
rt_ctl_outbox (RtCtl *ctl, char **arguments)
{
  static const char *const names[] = { "list", "show", "retry", "discard", "resolve", NULL };
  const char *name = arguments[0] != NULL ? arguments[0] : "";
  const char *id;

  if (!g_strv_contains (names, name))
    return rt_ctl_usage (ctl, "%s", rt_ctl_help ("outbox"));
  if (g_str_equal (name, "list"))
    return list (ctl, arguments + 1);
  if (g_str_equal (name, "discard"))
    return discard (ctl, arguments + 1);
  if (g_str_equal (name, "resolve"))
    return resolve (ctl, arguments + 1);
  id = rt_ctl_parse_id (ctl, arguments + 1);
  if (id == NULL)
    return RT_EXIT_USAGE;
  return g_str_equal (name, "show") ? show (ctl, id) : retry (ctl, id);
}
