#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RtPracticeJournal:
 *
 * The practice account on disk: `practice.jsonl`, one line per executed request.
 */
typedef struct _RtPracticeJournal RtPracticeJournal;

/**
 * RtPracticeJournalFunc:
 *
 * Takes up one line of the journal.
 */
typedef void (*RtPracticeJournalFunc) (JsonObject *line, gpointer user_data);

/**
 * rt_practice_journal_open:
 * @directory: the data directory; made (0700) if need be
 * @func: gets each line, oldest first
 * @error: return location for an #RtError
 *
 * A torn last line, from a crash in the middle of a write, is dropped and cut off.
 *
 * Returns: (transfer full) (nullable): the journal, locked against other servers
 */
RtPracticeJournal *rt_practice_journal_open (const char *directory, RtPracticeJournalFunc func,
                                             gpointer user_data, GError **error);

/**
 * rt_practice_journal_close:
 *
 * Gives the directory free.
 */
void rt_practice_journal_close (RtPracticeJournal *self);

/**
 * rt_practice_journal_append:
 * @line: what one request did
 * @error: return location for an #RtError
 *
 * Writes @line with one write(): after a crash it is there whole or not at all.
 *
 * Returns: whether it was written; otherwise the journal is as before
 */
gboolean rt_practice_journal_append (RtPracticeJournal *self, JsonObject *line, GError **error);

/**
 * rt_practice_journal_n_lines:
 *
 * Returns: how many lines there are
 */
guint rt_practice_journal_n_lines (RtPracticeJournal *self);

/**
 * rt_practice_journal_rewrite:
 * @text: new contents, whole lines
 * @error: return location for an #RtError
 *
 * Replaces the journal in one step.
 *
 * Returns: whether that worked; otherwise the journal is as before
 */
gboolean rt_practice_journal_rewrite (RtPracticeJournal *self, GString *text, GError **error);

/**
 * rt_practice_journal_tell_port:
 *
 * Makes a listening server known to rt_practice_lock_find_port().
 */
void rt_practice_journal_tell_port (RtPracticeJournal *self, guint port);

G_END_DECLS
