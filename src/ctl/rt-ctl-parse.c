#include <glib/gi18n.h>
#include <string.h>

#include "rt-ctl.h"

/* Those of every command; they belong to no draft. */
static const RtCtlOption globals[] = {
  { "--account", NULL, RT_CTL_TEXT }, { "--json", NULL, RT_CTL_SWITCH },
  { "--help", NULL, RT_CTL_SWITCH },  { "-h", NULL, RT_CTL_SWITCH },
  { NULL, NULL, RT_CTL_SWITCH },
};

static gboolean
is_end (const char *text)
{
  return g_str_equal (text, "--");
}

static gboolean
is_option (const char *text)
{
  return g_str_has_prefix (text, "--") || g_str_equal (text, "-h");
}

static const RtCtlOption *
find_in (const RtCtlOption *options, const char *text)
{
  gsize length = strcspn (text, "=");

  for (; options->name != NULL; options++)
    if (strlen (options->name) == length && strncmp (options->name, text, length) == 0)
      return options;
  return NULL;
}

static const RtCtlOption *
find_option (const RtCtlOption *options, const char *text)
{
  const RtCtlOption *found = options != NULL ? find_in (options, text) : NULL;

  return found != NULL ? found : find_in (globals, text);
}

/* Something is an option here even if it stands where a value is due: that was forgotten, or came
 * from an unset variable. */
static gboolean
is_value (const RtCtlOption *options, const char *text)
{
  return text != NULL && (!is_option (text) || find_option (options, text) == NULL);
}

static void
obey (RtCtl *ctl, const RtCtlOption *option, const char *value, RtDraft *draft)
{
  if (option->field != NULL)
    rt_draft_set (draft, option->field, value);
  else if (option->value == RT_CTL_TEXT)
    ctl->account = value;
  else if (g_str_equal (option->name, "--json"))
    ctl->is_json = TRUE;
  else
    ctl->wants_help = TRUE;
}

/* The option at @arguments, which moves on to its value if that stands apart. */
static gboolean
read_option (RtCtl *ctl, char ***arguments, const RtCtlOption *options, RtDraft *draft)
{
  const RtCtlOption *option = find_option (options, **arguments);
  const char *equals = strchr (**arguments, '=');
  const char *value = equals != NULL ? equals + 1 : NULL;

  if (option == NULL || (value != NULL && option->value == RT_CTL_SWITCH))
    {
      rt_ctl_usage (ctl, _ ("There is no option “%s” here."), **arguments);
      return FALSE;
    }
  if (option->value == RT_CTL_SWITCH)
    value = "yes";
  else if (value == NULL && is_value (options, (*arguments)[1]))
    value = *++*arguments;
  if (value == NULL || (*value == '\0' && option->value == RT_CTL_VALUE))
    {
      rt_ctl_usage (ctl, _ ("%s needs a value."), option->name);
      return FALSE;
    }
  obey (ctl, option, value, draft);
  return TRUE;
}

/* What goes wrong in front of it is told as JSON, too. */
static gboolean
has_json (char **arguments)
{
  for (; *arguments != NULL && !is_end (*arguments); arguments++)
    if (g_str_equal (*arguments, "--json"))
      return TRUE;
  return FALSE;
}

GPtrArray *
rt_ctl_parse_globals (RtCtl *ctl, char **arguments)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();

  ctl->is_json = has_json (arguments);
  for (; *arguments != NULL; arguments++)
    {
      if (!is_option (*arguments))
        g_ptr_array_add (rest, *arguments);
      else if (find_in (globals, *arguments) == NULL)
        break;
      else if (!read_option (ctl, &arguments, NULL, NULL))
        return NULL;
    }
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (rest, *arguments);
  g_ptr_array_add (rest, NULL);
  return g_steal_pointer (&rest);
}

static gboolean
check_number (RtCtl *ctl, GPtrArray *rest, guint n_required)
{
  if (rest->len < n_required)
    rt_ctl_usage (ctl, _ ("Something is missing."));
  else if (rest->len > n_required)
    rt_ctl_usage (ctl, _ ("“%s” is one argument too many."),
                  (char *) g_ptr_array_index (rest, n_required));
  return rest->len == n_required;
}

GPtrArray *
rt_ctl_parse (RtCtl *ctl, char **arguments, const RtCtlOption *options, guint n_required,
              RtDraft **draft)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  g_autoptr (RtDraft) values = rt_draft_new (RT_NUMBER_PLAIN);
  gboolean is_over = FALSE;

  for (; *arguments != NULL; arguments++)
    {
      if (is_over || !is_option (*arguments))
        g_ptr_array_add (rest, *arguments);
      else if (is_end (*arguments))
        is_over = TRUE;
      else if (!read_option (ctl, &arguments, options, values) || ctl->wants_help)
        return NULL;
    }
  if (!check_number (ctl, rest, n_required))
    return NULL;
  if (draft != NULL)
    *draft = g_steal_pointer (&values);
  return g_steal_pointer (&rest);
}

const char *
rt_ctl_parse_id (RtCtl *ctl, char **arguments)
{
  g_autoptr (GPtrArray) rest = rt_ctl_parse (ctl, arguments, NULL, 1, NULL);

  return rest != NULL ? g_ptr_array_index (rest, 0) : NULL;
}
