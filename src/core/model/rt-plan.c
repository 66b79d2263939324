#include "rt-plan.h"

static void
step_free (gpointer data)
{
  RtPlanStep *step = data;

  g_free (step->path);
  g_free (step->object);
  g_free (step->handle);
  rt_form_free (step->form);
  g_free (step);
}

GPtrArray *
rt_plan_new (void)
{
  return g_ptr_array_new_with_free_func (step_free);
}

void
rt_plan_add_form (GPtrArray *plan, const char *method, char *path, const char *object,
                  const char *handle, RtForm *form)
{
  RtPlanStep *step = g_new0 (RtPlanStep, 1);

  step->method = method;
  step->path = path;
  step->object = g_strdup (object);
  step->handle = g_strdup (handle);
  step->form = form;
  g_ptr_array_add (plan, step);
}

RtForm *
rt_plan_add (GPtrArray *plan, const char *method, char *path, const char *object,
             const char *handle)
{
  RtForm *form = rt_form_new ();

  rt_plan_add_form (plan, method, path, object, handle, form);
  return form;
}
