/* SPDX-License-Identifier: MIT
 *
 * A journal is lines of text: a word, then fields behind tabs. What ends a field in a path
 * is written as %09, %0A and %25. A last line without an end does not count.
 *
 * Its first line says which file it is, so that a copy, which came with a copied project, is
 * not taken for what was left here. And it is believed only of files with names that
 * placing.c gives.
 */
#include "base/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/leftovers.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"
#include "base/text.h"

enum { MOST_BYTES = 1 << 28, MOST_FIELDS = 6 };

struct journal {
    int lock;     /* the folder */
    char *path;   /* of the journal */
    char *folder; /* that it stands in */
    int fd;       /* -1: nothing was written yet */
    bool is_absent, made_folder;
    leftover *leftover, *folder_leftover;
};

/* ---- one line --------------------------------------------------------------------- */

static void append_field(text *line, const char *field)
{
    text_append_char(line, '\t');
    for (; *field != '\0'; field++) {
        if (*field == '\t' || *field == '\n' || *field == '%')
            text_append_format(line, "%%%02X", (unsigned)*field);
        else
            text_append_char(line, *field);
    }
}

/* Undo the escapes, in place. */
static void unescape(char *field)
{
    char *to = field;
    for (; *field != '\0'; field++, to++) {
        char digits[3] = {0};
        *to = *field;
        if (*field == '%' && field[1] != '\0' && field[2] != '\0') {
            memcpy(digits, field + 1, 2);
            *to = (char)strtoul(digits, NULL, 16);
            field += 2;
        }
    }
    *to = '\0';
}

/* A line that was read: its word and its fields, NULL where there are no more. */
typedef struct record {
    char *word, *fields[MOST_FIELDS];
} record;

static record parse(char *line)
{
    record r = {.word = line};
    for (size_t i = 0; i < MOST_FIELDS && (line = strchr(line, '\t')) != NULL; i++) {
        *line++ = '\0';
        r.fields[i] = line;
    }
    for (size_t i = 0; i < MOST_FIELDS && r.fields[i] != NULL; i++)
        unescape(r.fields[i]);
    return r;
}

/* ---- undoing ---------------------------------------------------------------------- */

typedef struct records {
    text content;
    record *items;
    size_t count, capacity;
    bool is_ready, is_done;
} records;

static void split(records *all)
{
    char *line = all->content.data, *end;
    for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        memory_grow((void **)&all->items, all->count, &all->capacity, sizeof *all->items);
        record r = parse(line);
        all->is_ready |= strcmp(r.word, "ready") == 0;
        all->is_done |= strcmp(r.word, "done") == 0;
        all->items[all->count++] = r;
    }
}

/* Is it the name of a file that was written aside, or kept? */
static bool is_own_name(const char *path, const char *ending)
{
    slice name = slice_of(path_base(path));
    return path[0] == '/' && slice_starts_with(name, slice_of(JOURNAL_NAME_BEGIN)) &&
           slice_ends_with(name, slice_of(ending));
}

static bool is_word(const record *r, const char *word, size_t fields)
{
    return strcmp(r->word, word) == 0 && r->fields[fields - 1] != NULL;
}

static bool is_move(const record *r)
{
    return is_word(r, "put", 5) && r->fields[0][0] == '/' &&
           is_own_name(r->fields[2], JOURNAL_NAME_OLD);
}

/* Remove a file that may be gone already. */
static bool remove_file(const char *path, carpel_error *err)
{
    return system_unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR ||
           fail_errno(err, "cannot remove", path);
}

/* "DEVICE:INODE" */
enum { IDENTITY_SIZE = 64 };

static void write_identity(const struct stat *st, char out[IDENTITY_SIZE])
{
    snprintf(out, IDENTITY_SIZE, "%llu:%llu", (unsigned long long)st->st_dev,
             (unsigned long long)st->st_ino);
}

/* Is it the file that was meant? */
static bool is_ours(const struct stat *st, const char *identity)
{
    char own[IDENTITY_SIZE];
    write_identity(st, own);
    return strcmp(own, identity) == 0;
}

/* Fields: target, aside, old, "1" when there was a file before, which file is new. */
static bool take_back(const record *r, carpel_error *err)
{
    const char *target = r->fields[0], *old = r->fields[2];
    struct stat at_target, kept;
    bool is_there = system_lstat(target, &at_target) == 0;
    bool is_new = is_there && is_ours(&at_target, r->fields[4]);
    if (system_lstat(old, &kept) !=
        0) /* nothing was kept: there was nothing, or not yet */
        return !is_new || strcmp(r->fields[3], "1") == 0 || remove_file(target, err);
    bool is_same =
        is_there && at_target.st_dev == kept.st_dev && at_target.st_ino == kept.st_ino;
    if (!is_there || is_new)
        return system_rename(old, target) == 0 ||
               fail_errno(err, "cannot put back", target);
    return !is_same || remove_file(old, err); /* of somebody else: both stay */
}

static bool undo(const records *all, carpel_error *err)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->is_ready && is_move(&all->items[i]) && !take_back(&all->items[i], err))
            return false;
    for (size_t i = 0; i < all->count; i++)
        if (is_word(&all->items[i], "aside", 1) &&
            is_own_name(all->items[i].fields[0], JOURNAL_NAME_NEW) &&
            !remove_file(all->items[i].fields[0], err))
            return false;
    for (size_t i = all->count; i-- > 0;)
        if (is_word(&all->items[i], "folder", 1))
            (void)system_rmdir(all->items[i].fields[0]); /* it may be in use by now */
    return true;
}

static bool finish(const records *all, carpel_error *err)
{
    for (size_t i = 0; i < all->count; i++)
        if (is_move(&all->items[i]) && !remove_file(all->items[i].fields[2], err))
            return false;
    return true;
}

static void tell(const journal_listener *l, const char *line)
{
    if (l != NULL && l->note != NULL)
        l->note(l->context, line);
}

static bool settle(const records *all, const journal_listener *listener,
                   carpel_error *err)
{
    static const char *const lines[] = {
        "an earlier run was ended while its outputs were put in place; they are as they "
        "were before it",
        "an earlier run was ended after its outputs were in place; they stay"};
    if (!(all->is_done ? finish(all, err) : undo(all, err)))
        return false;
    if (all->is_ready)
        tell(listener, lines[all->is_done ? 1 : 0]);
    return true;
}

static bool recover(const journal *j, const journal_listener *listener, carpel_error *err)
{
    struct stat st;
    records all = {0};
    if (system_lstat(j->path, &st) != 0)
        return true;
    if (!S_ISREG(st.st_mode))
        return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" is no regular file: remove it",
                           j->path);
    text_init(&all.content);
    bool ok = file_read(j->path, MOST_BYTES, &all.content, err);
    if (ok)
        split(&all);
    bool is_own = all.count > 0 && is_word(&all.items[0], "journal", 1) &&
                  is_ours(&st, all.items[0].fields[0]);
    if (ok && is_own)
        ok = settle(&all, listener, err);
    else if (ok && all.count > 0)
        tell(listener, "the journal of another folder's outputs was found and removed");
    ok = ok && remove_file(j->path, err);
    text_done(&all.content);
    memory_free(all.items);
    return ok;
}

/* ---- the lock --------------------------------------------------------------------- */

static bool wait_for_lock(journal *j, const char *folder,
                          const journal_listener *listener, carpel_error *err)
{
    if (system_flock(j->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno != EWOULDBLOCK)
        return fail_errno(err, "cannot lock", folder);
    if (listener != NULL && listener->waits != NULL)
        listener->waits(listener->context, "another run of this project writes its "
                                           "outputs; waiting for its end");
    while (system_flock(j->lock, LOCK_EX) != 0) {
        if (listener != NULL && cancel_is_asked(listener->cancel))
            return cancel_fail(err);
        if (errno != EINTR)
            return fail_errno(err, "cannot lock", folder);
    }
    return true;
}

static bool close_file(int fd, const char *path, carpel_error *err)
{
    return fd < 0 || system_close(fd) == 0 || fail_errno(err, "cannot close", path);
}

static bool release(journal *j, carpel_error *err)
{
    leftovers_drop(j->leftover);
    leftovers_drop(j->folder_leftover);
    bool ok = close_file(j->fd, j->path, err);
    ok = close_file(j->lock, j->folder, err) && ok;
    memory_free(j->path);
    memory_free(j->folder);
    memory_free(j);
    return ok;
}

/* After a failure, which is told already. */
static void give_up(journal *j)
{
    carpel_error ignored;
    (void)release(j, &ignored);
}

/* Not locked yet. */
static journal *new_journal(const char *folder, const char *name)
{
    journal *j = memory_alloc_zero(sizeof *j);
    j->fd = -1;
    j->path = path_join(folder, name);
    j->folder = path_directory(j->path);
    j->lock = system_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    return j;
}

bool journal_recover(const char *folder, const char *name,
                     const journal_listener *listener, carpel_error *err)
{
    journal *j = new_journal(folder, name);
    bool ok = j->lock >= 0 || fail_errno(err, "cannot open the folder", folder);
    if (ok && system_flock(j->lock, LOCK_EX | LOCK_NB) == 0)
        ok = recover(j, listener, err);
    else if (ok && errno != EWOULDBLOCK)
        ok = fail_errno(err, "cannot lock", folder);
    if (ok)
        return release(j, err);
    give_up(j);
    return false;
}

journal *journal_open(const char *folder, const char *name,
                      const journal_listener *listener, carpel_error *err)
{
    journal *j = new_journal(folder, name);
    bool ok = j->lock >= 0 || fail_errno(err, "cannot open the folder", folder);
    if (ok && wait_for_lock(j, folder, listener, err) && recover(j, listener, err))
        return j;
    give_up(j);
    return NULL;
}

/* ---- writing ---------------------------------------------------------------------- */

/* A folder that cannot be written at all keeps no journal: then only a killed run leaves
 * something behind. */
static bool may_do_without(int reason)
{
    return reason == EACCES || reason == EROFS || reason == EPERM;
}

static bool append(journal *j, const char *data, size_t size, carpel_error *err)
{
    return j->fd < 0 || file_write_all(j->fd, data, size) ||
           fail_errno(err, "cannot write", j->path);
}

/* The first line: which file this is; and its name is on the disk. */
static bool introduce(journal *j, carpel_error *err)
{
    struct stat st;
    char identity[IDENTITY_SIZE];
    text line;
    if (system_fstat(j->fd, &st) != 0)
        return fail_errno(err, "cannot write", j->path);
    write_identity(&st, identity);
    text_init(&line);
    text_append_format(&line, "journal\t%s\n", identity);
    bool ok = append(j, line.data, line.size, err) &&
              (directory_sync(j->folder) || fail_errno(err, "cannot write", j->path));
    text_done(&line);
    return ok;
}

static bool sync_folder_above(const char *path)
{
    char *above = path_directory(path);
    bool ok = directory_sync(above);
    memory_free(above);
    return ok;
}

static bool make_folder(journal *j)
{
    if (directory_exists(j->folder))
        return true;
    j->folder_leftover = leftovers_add_folder(j->folder);
    j->made_folder = system_mkdir(j->folder, 0777) == 0;
    return j->made_folder && sync_folder_above(j->folder);
}

static bool begin(journal *j, carpel_error *err)
{
    if (j->fd >= 0 || j->is_absent)
        return true;
    if (make_folder(j))
        j->fd = system_open(j->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
                            0666);
    j->is_absent = j->fd < 0 && may_do_without(errno);
    if (j->fd < 0)
        return j->is_absent || fail_errno(err, "cannot write", j->path);
    j->leftover = leftovers_add_file(j->path);
    return introduce(j, err);
}

static bool sync_journal(journal *j, carpel_error *err)
{
    return j->fd < 0 || system_fsync(j->fd) == 0 ||
           fail_errno(err, "cannot write", j->path);
}

bool journal_note(journal *j, journal_kind kind, const char *path, carpel_error *err)
{
    text line;
    if (j == NULL)
        return true;
    text_init(&line);
    text_append(&line, kind == JOURNAL_ASIDE ? "aside" : "folder");
    append_field(&line, path);
    text_append_char(&line, '\n');
    bool ok =
        begin(j, err) && append(j, line.data, line.size, err) && sync_journal(j, err);
    text_done(&line);
    return ok;
}

static bool append_move(text *out, const journal_move *move, carpel_error *err)
{
    struct stat aside, before;
    char identity[IDENTITY_SIZE];
    if (system_lstat(move->aside, &aside) != 0)
        return fail_errno(err, "cannot find", move->aside);
    write_identity(&aside, identity);
    text_append(out, "put");
    append_field(out, move->target);
    append_field(out, move->aside);
    append_field(out, move->old);
    append_field(out, system_lstat(move->target, &before) == 0 ? "1" : "0");
    append_field(out, identity);
    text_append_char(out, '\n');
    return true;
}

bool journal_ready(journal *j, const journal_move *moves, size_t count, carpel_error *err)
{
    text lines;
    bool ok = true;
    if (j == NULL)
        return true;
    text_init(&lines);
    for (size_t i = 0; ok && i < count; i++)
        ok = append_move(&lines, &moves[i], err);
    text_append(&lines, "ready\n");
    ok = ok && begin(j, err) && append(j, lines.data, lines.size, err) &&
         sync_journal(j, err);
    text_done(&lines);
    if (ok) { /* from now on it tells what is to be undone */
        leftovers_drop(j->leftover);
        leftovers_drop(j->folder_leftover);
        j->leftover = j->folder_leftover = NULL;
    }
    return ok;
}

bool journal_done(journal *j, carpel_error *err)
{
    return j == NULL || (append(j, "done\n", 5, err) && sync_journal(j, err));
}

bool journal_close(journal *j, carpel_error *err)
{
    if (j == NULL)
        return true;
    if (j->fd >= 0 && system_unlink(j->path) != 0)
        (void)system_unlink(
            j->path); /* once more; else the next one finds nothing to do */
    if (j->made_folder)
        (void)system_rmdir(j->folder); /* unless something else stands there by now */
    return release(j, err);
}

void journal_leave(journal *j)
{
    if (j != NULL)
        give_up(j);
}
