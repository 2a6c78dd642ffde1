/* SPDX-License-Identifier: MIT
 *
 * journal -- what a process that puts files in place has begun, so that another one can
 * undo it when the first was killed half way.
 *
 *     journal *j = journal_open("shop", ".carpel/outputs.journal", &waiting, err);
 *     ...                                    // the folder is locked; nothing is half done
 *     journal_note(j, JOURNAL_ASIDE, path, err);      // before the file is made
 *     ...
 *     journal_ready(j, moves, count, err);            // from here on files are renamed
 *     ...
 *     journal_done(j, err);                           // all are in place, and stay
 *     ...                                             // what was before is removed
 *     journal_close(j, err);                          // nothing is to be done any more
 *
 * The lock is one on the folder itself, which ends with the process. A journal that is
 * found when the lock is taken was left by a process that is no more:
 *
 *     before "ready"     what it made is removed
 *     before "done"      files of before are put back, unless somebody else has written
 *                        there since
 *     after "done"       files of before are removed; the new ones stay
 *
 * A journal that is a copy of another file, such as one that came with a copied project, is
 * removed unread.
 */
#ifndef BASE_JOURNAL_H
#define BASE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cancel.h"
#include "base/error.h"

typedef struct journal journal;

/* What is told while a journal is opened, a line each: what was put right, and, before it is waited
 * for, that another process has the lock. Either may be NULL. Waiting ends when the flag is asked. */
typedef struct journal_listener {
    void *context;
    void (*note)(void *context, const char *line);
    void (*waits)(void *context, const char *line);
    const cancel *cancel;
} journal_listener;

/* Lock `folder`, and undo or finish what its journal tells. `name` is the journal's path in
 * the folder; what is missing of it is made when there is something to write. NULL: *err
 * says why, and a journal that could not be undone is kept. */
journal *journal_open(const char *folder, const char *name,
                      const journal_listener *listener, carpel_error *err);

/* Names of files that are written aside and kept: ".carpel-..." with one of the endings. */
#define JOURNAL_NAME_BEGIN ".carpel-"
#define JOURNAL_NAME_NEW   ".new"
#define JOURNAL_NAME_OLD   ".old"

typedef enum journal_kind { JOURNAL_ASIDE, JOURNAL_FOLDER } journal_kind;

/* A file that is about to be written aside, or a folder that is about to be made; on success
 * this is on the disk. Paths are absolute. All of these accept a NULL journal, which keeps nothing. */
bool journal_note(journal *j, journal_kind kind, const char *path, carpel_error *err);

/* A file that is about to take its place. */
typedef struct journal_move {
    const char *target, *aside, *old; /* old: where what stood at the target is kept */
} journal_move;

/* The files are complete; on success all of this is on the disk. No memory is asked for
 * after this. */
bool journal_ready(journal *j, const journal_move *moves, size_t count,
                   carpel_error *err);
bool journal_done(journal *j, carpel_error *err);

/* Only undo or finish what an earlier process left; what a living one writes is its own. */
bool journal_recover(const char *folder, const char *name,
                     const journal_listener *listener, carpel_error *err);

/* Everything is in place or taken back: remove the journal and unlock; it is released even
 * when that fails. Accepts NULL. */
bool journal_close(journal *j, carpel_error *err);

/* The same when something could not be taken back: the next one has to. */
void journal_leave(journal *j);

#endif
