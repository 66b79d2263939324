#pragma once

#include "rt-bar.h"
#include "rt-desk.h"
#include "rt-progress.h"
#include "rt-split.h"
#include "rt-window.h"

G_BEGIN_DECLS

struct _RtWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack *root;
  AdwStatusPage *failed;
  RtSplit *split;
  AdwHeaderBar *sidebar_bar;
  GtkLabel *account_name;
  GtkLabel *account_mode;
  GtkListBox *sidebar;
  RtProgress *progress;
  RtBar *bar;
  GtkStack *pages;
  GtkLabel *badge;         /* (borrowed): in the sidebar */
  GtkListBoxRow *selected; /* (borrowed) (nullable): there */

  RtWorkspace *workspace; /* (borrowed) */
  RtDesk *desk;           /* (owned) (nullable): the open account */
  GtkWidget *form;        /* (borrowed) (nullable): in pages */
  GtkCssProvider *live;   /* (owned) (nullable): the accent of a live account */
  GQueue openings;        /* (owned): what waits for the account that is being opened */
  gboolean is_opening;
  gboolean is_reaching;     /* whether it may be reached is being written: */
  gboolean wants_reachable; /* what was chosen last */
  gboolean is_rebuilt_told;
  gboolean is_closing; /* what was typed is being written first */
};

/* rt-window.c */

/**
 * rt_window_show_desk:
 *
 * Makes the pages of the account on the desk.
 */
void rt_window_show_desk (RtWindow *window);

/**
 * rt_window_leave_desk:
 *
 * Forgets pages and forms of the account that was open.
 */
void rt_window_leave_desk (RtWindow *window);

/**
 * rt_window_show_failure:
 * @message: why there is no account to show
 */
void rt_window_show_failure (RtWindow *window, const char *message);

/* rt-window-pages.c */

/**
 * rt_window_page_new:
 * @action: what opens it: "win.show-log"
 *
 * Returns: (transfer floating): a page that is shown over that of the sidebar, like a form
 */
GtkWidget *rt_window_page_new (RtWindow *window, const char *action, GVariant *parameter);

/* rt-window-account.c */

/**
 * rt_window_install_account_actions:
 *
 * The actions that change accounts.
 */
void rt_window_install_account_actions (GtkWidgetClass *widget_class);

/**
 * rt_window_set_accent:
 * @is_live: whether what happens here happens to real money
 */
void rt_window_set_accent (RtWindow *window, gboolean is_live);

/**
 * rt_window_show_session:
 *
 * Shows an account that was opened instead of the one before.
 */
void rt_window_show_session (RtWindow *window, RtSession *session);

/* rt-window-close.c */

/**
 * rt_window_may_close:
 *
 * Writes what was typed before the window goes, and asks if that cannot be.
 *
 * Returns: whether there is nothing to write; if not, the window closes itself later
 */
gboolean rt_window_may_close (RtWindow *window);

/* rt-window-open.c */

/**
 * rt_window_open_account:
 * @id: (nullable): %NULL: the one in use
 */
void rt_window_open_account (RtWindow *window, const char *id);

/**
 * rt_window_use_account:
 * @id: the account that is used from now on, and opened
 */
void rt_window_use_account (RtWindow *window, const char *id);

/**
 * rt_window_add_practice:
 *
 * Adds a practice account and opens it.
 */
void rt_window_add_practice (RtWindow *window);

/**
 * rt_window_remove_account:
 * @id: of an account, open or not
 *
 * Removes it once nothing uses its files any more, and opens the one that is in use then.
 */
void rt_window_remove_account (RtWindow *window, const char *id);

G_END_DECLS
