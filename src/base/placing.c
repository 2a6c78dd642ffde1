/* SPDX-License-Identifier: MIT
 *
 * The life of a set of files: open, write, prepare, put, finish; and the way back.
 */
#include "base/placing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/command.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/leftovers.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"

enum { BUFFER_SIZE = 128 * 1024, NAME_ATTEMPTS = 1000 };

/* What stands at the place, or will. */
typedef enum file_kind {
    FILE_PLACED,
    FILE_STREAM,
    FILE_STANDARD_OUTPUT,
    FILE_PROGRAM
} file_kind;

struct placing_file {
    char *folder;         /* of the target: between two renames memory may not run out */
    placing_file *before; /* the file that was opened before it */
    file_kind kind;
    const placing_program *program; /* FILE_PROGRAM */
    char *path;                     /* as the caller said */
    char *target;                   /* FILE_PLACED: where links lead to */
    char *aside, *old; /* FILE_PLACED: the new file's and the old file's other name */
    leftover *leftover;
    bool had_old, is_old_kept, is_placed,
        is_removed; /* removed: what was kept of the old */
    int fd;
    int failure; /* errno of the first write that failed */
    size_t size;
    char *buffer;
};

/* A folder that was made for a file. */
typedef struct made_folder {
    struct made_folder *before;
    leftover *leftover;
    char *path;
} made_folder;

struct placing {
    placing_guard guard;
    journal *journal; /* or NULL */
    placing_file *last;
    made_folder *last_folder;
    unsigned long long salt; /* of names: no other process, on whatever machine, has it */
    unsigned name_count;
    bool is_put;   /* some renames may have been done */
    bool is_stuck; /* one could not be taken back */
};

/* ---- writing ---------------------------------------------------------------------- */

static bool flush(placing_file *f)
{
    if (f->failure == 0 && !file_write_all(f->fd, f->buffer, f->size))
        f->failure = errno;
    f->size = 0;
    return f->failure == 0;
}

bool placing_write(placing_file *f, const void *data, size_t size)
{
    const char *rest = data;
    while (size > 0 && f->failure == 0) {
        size_t room = BUFFER_SIZE - f->size, part = size < room ? size : room;
        memcpy(f->buffer + f->size, rest, part);
        f->size += part;
        rest += part;
        size -= part;
        if (f->size == BUFFER_SIZE)
            flush(f);
    }
    return f->failure == 0;
}

/* ---- opening ---------------------------------------------------------------------- */

static void note_folder(placing *p, const char *folder)
{
    made_folder *made = memory_alloc_zero(sizeof *made);
    made->path = memory_copy_string(folder);
    made->leftover = leftovers_add_folder(folder);
    made->before = p->last_folder;
    p->last_folder = made;
}

/* Make the folder and those above it, and remember which were not there. */
static bool make_folders(placing *p, const char *folder, carpel_error *err)
{
    if (directory_exists(folder))
        return true;
    char *above = path_directory(folder);
    bool ok = make_folders(p, above, err) &&
              journal_note(p->journal, JOURNAL_FOLDER, folder, err);
    if (ok)
        note_folder(p, folder);
    ok = ok && ((system_mkdir(folder, 0777) == 0 && directory_sync(above)) ||
                fail_errno(err, "cannot create the folder", folder));
    memory_free(above);
    return ok;
}

/* A name in the target's folder that does not look like a file of anybody else. */
static char *name_beside(const placing *p, const char *target, const char *ending)
{
    char *folder = path_directory(target);
    char name[64];
    snprintf(name, sizeof name, JOURNAL_NAME_BEGIN "%ld-%llx-%u%s", (long)getpid(),
             p->salt, p->name_count, ending);
    char *path = path_join(folder, name);
    memory_free(folder);
    return path;
}

static bool create_aside(placing *p, placing_file *f, carpel_error *err)
{
    for (unsigned attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
        p->name_count++;
        f->aside = name_beside(p, f->target, JOURNAL_NAME_NEW);
        f->old = name_beside(p, f->target, JOURNAL_NAME_OLD);
        if (!journal_note(p->journal, JOURNAL_ASIDE, f->aside, err))
            return false;
        f->leftover = leftovers_add_file(f->aside);
        f->fd = system_open(f->aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (f->fd >= 0)
            return true;
        int reason = errno;
        leftovers_drop(f->leftover);
        memory_free(f->aside);
        memory_free(f->old);
        f->leftover = NULL;
        f->aside = f->old = NULL;
        errno = reason;
        if (reason != EEXIST)
            break;
    }
    return fail_errno(err, "cannot write", f->path);
}

/* A file without a name, for what a stream gets in the end. */
static bool create_spool(placing_file *f, carpel_error *err)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] == '\0')
        folder = "/tmp";
    f->fd = system_open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return f->fd >= 0 || fail_errno(err, "cannot write in the folder", folder);
}

static bool is_same_place(const placing_file *a, const placing_file *b)
{
    if (a->kind != b->kind || a->kind == FILE_STREAM || a->kind == FILE_PROGRAM)
        return false;
    return a->kind == FILE_STANDARD_OUTPUT || strcmp(a->target, b->target) == 0 ||
           file_is_same(a->target, b->target);
}

/* Would one have to be a folder for the other to be in? */
static bool is_below(const placing_file *inner, const placing_file *outer)
{
    if (inner->target == NULL || outer->target == NULL)
        return false;
    size_t size = strlen(outer->target);
    return strncmp(inner->target, outer->target, size) == 0 && inner->target[size] == '/';
}

static bool check_distinct(const placing *p, const placing_file *f, carpel_error *err)
{
    for (const placing_file *other = p->last; other != NULL; other = other->before) {
        if (is_same_place(f, other))
            return carpel_fail(err, CARPEL_E_INPUT,
                               "cannot write \"%s\": another output writes it already",
                               f->path);
        if (is_below(f, other) || is_below(other, f))
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "cannot write \"%s\": for \"%s\" one would have to be a folder", f->path,
                other->path);
    }
    return true;
}

/* Find out what stands at the place. */
static bool classify(placing_file *f, carpel_error *err)
{
    struct stat st;
    if (strcmp(f->path, "-") == 0) {
        f->kind = FILE_STANDARD_OUTPUT;
        return true;
    }
    f->had_old = system_stat(f->path, &st) == 0;
    if (!f->had_old) { /* it may lead there once folders on the way are made */
        f->target = path_destination(f->path);
        f->had_old = f->target != NULL && system_stat(f->target, &st) == 0;
    }
    if (f->had_old && S_ISDIR(st.st_mode))
        return carpel_fail(err, CARPEL_E_INPUT, "cannot write \"%s\": it is a folder",
                           f->path);
    if (f->had_old && !S_ISREG(st.st_mode)) {
        f->kind = FILE_STREAM;
        return true;
    }
    if (f->target == NULL)
        f->target = path_destination(f->path);
    return f->target != NULL || fail_errno(err, "cannot write", f->path);
}

static bool open_target(placing *p, placing_file *f, carpel_error *err)
{
    char *folder = path_directory(f->target);
    bool ok = make_folders(p, folder, err) && create_aside(p, f, err);
    memory_free(folder);
    return ok;
}

static void free_file(placing_file *f)
{
    if (f->fd >= 0)
        system_close(f->fd);
    leftovers_drop(f->leftover);
    memory_free(f->path);
    memory_free(f->folder);
    memory_free(f->target);
    memory_free(f->aside);
    memory_free(f->old);
    memory_free(f->buffer);
    memory_free(f);
}

static placing_file *new_file(const char *path)
{
    placing_file *f = memory_alloc_zero(sizeof *f);
    f->fd = -1;
    f->path = memory_copy_string(path);
    f->buffer = memory_alloc(BUFFER_SIZE);
    return f;
}

/* Take the file into the set when it could be opened. */
static bool add_file(placing *p, placing_file *f, bool is_open, placing_file **out)
{
    if (!is_open) {
        free_file(f);
        return false;
    }
    f->before = p->last;
    p->last = f;
    *out = f;
    return true;
}

bool placing_open(placing *p, const char *path, placing_file **out, carpel_error *err)
{
    if (p->guard.is_allowed != NULL && !p->guard.is_allowed(p->guard.context, path, err))
        return false;
    placing_file *f = new_file(path);
    bool ok = classify(f, err) && check_distinct(p, f, err) &&
              (f->kind == FILE_PLACED ? open_target(p, f, err) : create_spool(f, err));
    return add_file(p, f, ok, out);
}

bool placing_open_program(placing *p, const placing_program *program, placing_file **out,
                          carpel_error *err)
{
    placing_file *f = new_file(program->title);
    f->kind = FILE_PROGRAM;
    f->program = program;
    return add_file(p, f, create_spool(f, err), out);
}

/* ---- getting ready ---------------------------------------------------------------- */

/* A file that is replaced hands its mode on. */
static bool complete(placing_file *f)
{
    struct stat st;
    if (!flush(f))
        return false;
    if (f->kind != FILE_PLACED)
        return true;
    if (f->folder == NULL)
        f->folder = path_directory(f->target);
    bool ok = (system_stat(f->target, &st) != 0 ||
               system_fchmod(f->fd, st.st_mode & 07777) == 0) &&
              system_fsync(f->fd) == 0;
    int fd = f->fd;
    f->fd = -1;
    if (!ok)
        f->failure = errno;
    if (system_close(fd) != 0 && ok)
        f->failure = errno;
    return f->failure == 0;
}

bool placing_prepare(placing *p, carpel_error *err)
{
    for (placing_file *f = p->last; f != NULL; f = f->before)
        if (!complete(f)) {
            errno = f->failure;
            return fail_errno(err, "cannot write", f->path);
        }
    return true;
}

/* ---- streams --------------------------------------------------------------------- */

static bool copy_to(placing_file *f, int out)
{
    if (lseek(f->fd, 0, SEEK_SET) != 0)
        return false;
    for (;;) {
        ssize_t got = system_read(f->fd, f->buffer, BUFFER_SIZE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        if (!file_write_all(out, f->buffer, (size_t)got))
            return false;
    }
}

static bool copy_to_stream(placing_file *f, carpel_error *err)
{
    if (f->kind == FILE_STANDARD_OUTPUT)
        return copy_to(f, STDOUT_FILENO) ||
               fail_errno(err, "cannot write to", "standard output");
    int out = system_open(f->target != NULL ? f->target : f->path,
                          O_WRONLY | O_CLOEXEC | O_NOCTTY, 0);
    bool ok = out >= 0 && copy_to(f, out);
    if (!ok)
        fail_errno(err, "cannot write", f->path);
    if (out >= 0 && system_close(out) != 0 && ok)
        ok = fail_errno(err, "cannot write", f->path);
    return ok;
}

/* The place in the file is the program's, too: where it ended to read. */
static uint64_t count_unread(int fd)
{
    off_t at = lseek(fd, 0, SEEK_CUR), end = lseek(fd, 0, SEEK_END);
    return at >= 0 && at < end ? (uint64_t)(end - at) : 0;
}

static bool feed_program(placing_file *f, carpel_error *err)
{
    const placing_program *program = f->program;
    if (lseek(f->fd, 0, SEEK_SET) != 0)
        return fail_errno(err, "cannot read what is for", program->title);
    if (command_feed(program->words, program->count, program->folder, f->fd,
                     program->cancel, program->said, err)) {
        *program->unread = count_unread(f->fd);
        return true;
    }
    if (err->code == CARPEL_E_CANCELLED)
        return false;
    char *why = memory_copy_string(err->message);
    carpel_fail(err, err->code, "the command of the %s: %s", program->title, why);
    memory_free(why);
    return false;
}

static bool copy_streams(placing_file *f, carpel_error *err)
{
    if (!f)
        return true;
    if (!copy_streams(f->before, err))
        return false;
    return f->kind == FILE_PLACED    ? true
           : f->kind == FILE_PROGRAM ? feed_program(f, err)
                                     : copy_to_stream(f, err);
}

bool placing_copy_streams(placing *p, carpel_error *err)
{
    return copy_streams(p->last, err);
}

/* ---- putting in place ------------------------------------------------------------- */

/* Keep what is at the place under another name: the same file twice, or, where a file
 * cannot have two names, for a moment only there. */
static bool keep_old(placing_file *f)
{
    struct stat st;
    f->had_old = system_lstat(f->target, &st) == 0;
    if (!f->had_old)
        return true;
    if (S_ISDIR(st.st_mode)) { /* made by somebody since the file was opened */
        errno = EISDIR;
        return false;
    }
    f->is_old_kept =
        system_link(f->target, f->old) == 0 || system_rename(f->target, f->old) == 0;
    return f->is_old_kept;
}

/* Note all moves before the first one. */
static bool note_moves(placing *p, carpel_error *err)
{
    size_t count = 0;
    for (placing_file *f = p->last; f != NULL; f = f->before)
        count += f->kind == FILE_PLACED;
    journal_move *moves = memory_alloc_array(count + 1, sizeof *moves);
    count = 0;
    for (placing_file *f = p->last; f != NULL; f = f->before)
        if (f->kind == FILE_PLACED)
            moves[count++] = (journal_move){f->target, f->aside, f->old};
    bool ok = count == 0 || journal_ready(p->journal, moves, count, err);
    memory_free(moves);
    return ok;
}

/* Before the first new file takes its place, what stood there is on the disk under its other name: a
 * disk may keep a later change of a folder and lose an earlier one. */
static bool keep_all(placing *p, carpel_error *err)
{
    for (placing_file *f = p->last; f != NULL; f = f->before)
        if (f->kind == FILE_PLACED &&
            (!keep_old(f) || (f->is_old_kept && !directory_sync(f->folder))))
            return fail_errno(err, "cannot write", f->path);
    return true;
}

static bool replace_all(placing *p, carpel_error *err)
{
    for (placing_file *f = p->last; f != NULL; f = f->before) {
        if (f->kind != FILE_PLACED)
            continue;
        leftovers_drop(f->leftover);
        f->leftover = NULL;
        f->is_placed = system_rename(f->aside, f->target) == 0;
        if (!f->is_placed || !directory_sync(f->folder))
            return fail_errno(err, "cannot write", f->path);
    }
    return true;
}

bool placing_put(placing *p, carpel_error *err)
{
    carpel_error on_the_way_back;
    if (!note_moves(p, err))
        return false;
    p->is_put = true;
    if (keep_all(p, err) && replace_all(p, err))
        return true;
    if (!placing_take_back(p, &on_the_way_back))
        *err = on_the_way_back;
    return false;
}

/* ---- the end ------------------------------------------------------------------- */

/* What was removed does not come back. */
static bool sync_removals(const placing *p, carpel_error *err)
{
    for (const placing_file *f = p->last; f != NULL; f = f->before)
        if (f->is_removed && !directory_sync(f->folder))
            return fail_errno(err, "cannot write", f->folder);
    return true;
}

/* The files are kept: none of them is taken back any more. */
bool placing_keep(placing *p, carpel_error *err)
{
    if (p->is_put && !journal_done(p->journal, err))
        return false;
    p->is_put = false;
    for (placing_file *f = p->last; f != NULL; f = f->before) {
        if (f->is_old_kept && system_unlink(f->old) != 0)
            (void)system_unlink(f->old); /* once more: nothing else removes it */
        f->is_removed = f->is_old_kept;
        f->is_old_kept = false;
        f->is_placed = false;
    }
    p->is_stuck = !sync_removals(p, err); /* else nobody would remember to remove them */
    for (made_folder *made = p->last_folder; made != NULL; made = made->before) {
        leftovers_drop(made->leftover);
        made->leftover = NULL;
    }
    return !p->is_stuck;
}

static bool take_back_file(placing_file *f, carpel_error *err)
{
    bool ok = true;
    if (f->is_old_kept) {
        ok = system_rename(f->old, f->target) == 0;
        if (ok)
            system_unlink(f->old); /* it stays when both were one file */
    } else if (f->is_placed) {
        ok = system_unlink(f->target) == 0;
    }
    if (!ok)
        carpel_fail(err, CARPEL_E_SYSTEM,
                    "cannot put back \"%s\"; what stood there is in \"%s\"", f->path,
                    f->is_old_kept ? f->old : f->target);
    if (!f->is_placed && f->aside != NULL)
        system_unlink(f->aside);
    f->is_old_kept = f->is_placed = false;
    return ok;
}

bool placing_take_back(placing *p, carpel_error *err)
{
    bool ok = true;
    for (placing_file *f = p->last; f != NULL; f = f->before)
        if (f->kind == FILE_PLACED)
            ok = take_back_file(f, err) && ok;
    p->is_stuck |= !ok;
    for (made_folder *made = p->last_folder; made != NULL; made = made->before)
        if (made->leftover != NULL)
            system_rmdir(made->path);
    return ok;
}

bool placing_is_stuck(const placing *p)
{
    return p->is_stuck;
}

placing *placing_new(const placing_guard *guard, journal *journal)
{
    placing *p = memory_alloc_zero(sizeof *p);
    p->journal = journal;
    p->salt = (unsigned long long)clock_now();
    if (guard != NULL)
        p->guard = *guard;
    return p;
}

void placing_free(placing *p)
{
    carpel_error ignored;
    if (p == NULL)
        return;
    placing_take_back(p, &ignored);
    while (p->last != NULL) {
        placing_file *f = p->last;
        p->last = f->before;
        free_file(f);
    }
    while (p->last_folder != NULL) {
        made_folder *made = p->last_folder;
        p->last_folder = made->before;
        leftovers_drop(made->leftover);
        memory_free(made->path);
        memory_free(made);
    }
    memory_free(p);
}
