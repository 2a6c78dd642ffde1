/* SPDX-License-Identifier: MIT */
#include "runs/run_folder.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"
#include "runs/run_file.h"

#define FOLDER           ".carpel/runs"
#define ENDING           ".run"
#define FORGOTTEN_ENDING ".forgotten"

/* Files may be as large as the people of a project are many. */
#define MOST_BYTES ((size_t)16 << 30)

/* ---- the files ---------------------------------------------------------- */

/* The number that a name with this ending tells; 0: it is no such one. */
static uint64_t number_of(const char *name, const char *ending)
{
    uint64_t number = 0;
    const char *at = name;
    for (; *at >= '0' && *at <= '9' && number < UINT64_MAX / 100; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    return at > name && strcmp(at, ending) == 0 ? number : 0;
}

static slice all_of(const text *t)
{
    return (slice){t->data, t->size};
}

static remembered_run *read_run(const char *path, carpel_error *err)
{
    text bytes;
    text_init(&bytes);
    remembered_run *r = NULL;
    if (file_read(path, MOST_BYTES, &bytes, err))
        r = run_file_read(all_of(&bytes), path, err);
    text_done(&bytes);
    return r;
}

/* A long head takes a second look. */
static remembered_run *read_head(const char *path, carpel_error *err)
{
    text bytes;
    text_init(&bytes);
    remembered_run *r = NULL;
    bool ok = file_read_beginning(path, RUN_FILE_BEGINNING, &bytes, err);
    size_t needed = run_file_head_bytes(all_of(&bytes));
    if (ok && bytes.size == RUN_FILE_BEGINNING && needed > bytes.size) {
        text_clear(&bytes);
        ok = file_read_beginning(path, needed, &bytes, err);
    }
    if (ok)
        r = run_file_read_head(all_of(&bytes), path, err);
    text_done(&bytes);
    return r;
}

static bool is_gone(const char *path)
{
    struct stat status;
    return system_lstat(path, &status) != 0 && errno == ENOENT;
}

/* NULL: it cannot be read, or is another run. */
static remembered_run *read_head_of(const run_entry *e, carpel_error *err)
{
    remembered_run *head = read_head(e->path, err);
    if (!head || head->number == e->number)
        return head;
    carpel_fail(err, CARPEL_E_INPUT,
                "the remembered run \"%s\" is damaged: it is run %" PRIu64, e->path,
                head->number);
    remembered_run_free(head);
    return NULL;
}

/* A run that cannot be read is one, too, but for a reason that lies in the computer; a link to
 * nowhere is a damaged one. */
static bool add_entry(run_folder *f, const char *name, uint64_t number, bool is_forgotten,
                      carpel_error *err)
{
    run_entry e = {.number = number, .path = path_join(f->path, name)};
    remembered_run *head = read_head_of(&e, err);
    if (!head && is_gone(e.path)) { /* since the folder was listed */
        memory_free(e.path);
        return true;
    }
    if (is_forgotten)
        e.taken = head;
    else
        e.head = head;
    e.damage = head || is_forgotten ? NULL : memory_copy_string(err->message);
    memory_grow((void **)&f->items, f->count, &f->capacity, sizeof *f->items);
    f->items[f->count++] = e;
    return head || err->code == CARPEL_E_INPUT || !file_exists(e.path);
}

static bool is_forgotten(const run_entry *e)
{
    return !e->head && !e->damage;
}

/* Of one number the forgotten last. */
static int compare_entries(const void *a, const void *b)
{
    const run_entry *x = a, *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                  : is_forgotten(x) - is_forgotten(y);
}

static void entry_done(run_entry *e)
{
    remembered_run_free(e->head);
    remembered_run_free(e->taken);
    memory_free(e->path);
    memory_free(e->damage);
}

void run_folder_free(run_folder *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++)
        entry_done(&f->items[i]);
    path_list_done(&f->aside);
    memory_free(f->items);
    memory_free(f->path);
    memory_free(f);
}

static void note_aside(run_folder *f, const char *name)
{
    slice s = slice_of(name);
    if (!slice_starts_with(s, slice_of(JOURNAL_NAME_BEGIN)) ||
        !slice_ends_with(s, slice_of(JOURNAL_NAME_NEW)))
        return;
    char *path = path_join(f->path, name);
    path_list_add(&f->aside, path);
    memory_free(path);
}

static bool add_entries(run_folder *f, carpel_error *err)
{
    path_list names = {0};
    bool ok = directory_list(f->path, &names);
    if (!ok && (errno == ENOENT || errno == ENOTDIR))
        ok = true; /* none is remembered yet */
    else if (!ok)
        carpel_fail(err, CARPEL_E_SYSTEM, "cannot read the folder \"%s\": %s", f->path,
                    strerror(errno));
    for (size_t i = 0; ok && i < names.count; i++) {
        uint64_t number = number_of(names.items[i], ENDING),
                 forgotten = number_of(names.items[i], FORGOTTEN_ENDING);
        if (number > 0 || forgotten > 0)
            ok = add_entry(f, names.items[i], number + forgotten, forgotten > 0, err);
        else
            note_aside(f, names.items[i]);
    }
    path_list_done(&names);
    return ok;
}

bool run_folder_remove_aside(run_folder *f, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < f->aside.count; i++)
        is_good = file_remove(f->aside.items[i], err);
    return is_good;
}

/* By instant, those of one by number; the damaged and the forgotten first. */
static int compare_instants(const void *a, const void *b)
{
    const remembered_run *x = (*(run_entry *const *)a)->head,
                         *y = (*(run_entry *const *)b)->head;
    if (!x || !y)
        return (x != NULL) - (y != NULL);
    return x->as_of != y->as_of ? (x->as_of > y->as_of) - (x->as_of < y->as_of)
                                : (x->number > y->number) - (x->number < y->number);
}

static void find_befores(run_folder *f)
{
    run_entry **sorted = memory_alloc_array(f->count + 1, sizeof *sorted);
    for (size_t i = 0; i < f->count; i++)
        sorted[i] = &f->items[i];
    if (f->count > 1)
        qsort(sorted, f->count, sizeof *sorted, compare_instants);
    for (size_t i = 0; i < f->count; i++)
        sorted[i]->before = i > 0 ? sorted[i - 1]->head : NULL;
    memory_free(sorted);
}

run_folder *run_folder_open(const char *project, carpel_error *err)
{
    run_folder *f = memory_alloc_zero(sizeof *f);
    f->path = path_join(project, FOLDER);
    if (!add_entries(f, err)) {
        run_folder_free(f);
        return NULL;
    }
    if (f->count > 1)
        qsort(f->items, f->count, sizeof *f->items, compare_entries);
    find_befores(f);
    return f;
}

static char *file_of(const run_folder *f, uint64_t number, const char *ending)
{
    char name[40];
    snprintf(name, sizeof name, "%08" PRIu64 "%s", number, ending);
    return path_join(f->path, name);
}

char *run_folder_file(const run_folder *f, uint64_t number)
{
    return file_of(f, number, ENDING);
}

uint64_t run_folder_next(const run_folder *f)
{
    return f->count > 0 ? f->items[f->count - 1].number + 1 : 1;
}

/* The first of the number: two names may tell one ("1.run", "01.run"). */
static const run_entry *find_entry(const run_folder *f, uint64_t number)
{
    size_t first = 0, end = f->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (f->items[middle].number < number)
            first = middle + 1;
        else
            end = middle;
    }
    return first < f->count && f->items[first].number == number ? &f->items[first] : NULL;
}

bool run_folder_has(const run_folder *f, uint64_t number)
{
    return find_entry(f, number) != NULL;
}

bool run_folder_remembers(const run_folder *f, uint64_t number)
{
    const run_entry *e = find_entry(f, number);
    return e && !is_forgotten(e);
}

remembered_run *run_folder_read(const run_folder *f, uint64_t number, carpel_error *err)
{
    const run_entry *e = find_entry(f, number);
    if (!e)
        carpel_fail(err, CARPEL_E_INPUT, "no run has the number %" PRIu64, number);
    return e ? read_run(e->path, err) : NULL;
}

bool run_folder_keeps(const run_folder *f, const remembered_run *run, bool *is_kept,
                      carpel_error *err)
{
    const run_entry *e = find_entry(f, run->number);
    text bytes;
    text_init(&bytes);
    bool is_read = !e || file_read(e->path, MOST_BYTES, &bytes, err);
    *is_kept = e && is_read && run_file_is_of(all_of(&bytes), run);
    text_done(&bytes);
    return is_read;
}

const run_entry *run_folder_damaged(const run_folder *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].damage)
            return &f->items[i];
    return NULL;
}

/* ---- choosing ----------------------------------------------------------- */

/* Does `a` come after `b`? `b` may be NULL. */
static bool is_later(const remembered_run *a, const remembered_run *b)
{
    return !b || a->as_of > b->as_of || (a->as_of == b->as_of && a->number > b->number);
}

const remembered_run *run_folder_up_to(const run_folder *f, int64_t as_of)
{
    const remembered_run *found = NULL;
    for (size_t i = 0; i < f->count; i++) {
        const remembered_run *head = f->items[i].head;
        if (head && head->as_of <= as_of && is_later(head, found))
            found = head;
    }
    return found;
}

const remembered_run *run_folder_at(const run_folder *f, int64_t as_of)
{
    const remembered_run *found = run_folder_up_to(f, as_of);
    return found && found->as_of == as_of ? found : NULL;
}

const remembered_run *run_folder_before(const run_folder *f, const remembered_run *run)
{
    const run_entry *end = f->items + f->count;
    for (const run_entry *e = find_entry(f, run->number); e && e < end; e++)
        if (e->head == run)
            return e->before;
    return NULL;
}

const remembered_run *run_folder_baseline(const run_folder *f, const char *output,
                                          int64_t as_of, uint64_t before)
{
    bool is_last = true; /* it took none of those behind */
    for (size_t i = f->count; i-- > 0;) {
        const run_entry *e = &f->items[i];
        const remembered_run *head = e->head ? e->head : e->taken;
        const remembered_output *o =
            head && head->number < before ? remembered_output_of(head, output) : NULL;
        if (!o || !o->is_latest)
            continue;
        if (e->head ? head->as_of <= as_of : is_last)
            return head;
        is_last = false;
    }
    return NULL;
}

const remembered_run *run_folder_later(const run_folder *f, const char *output,
                                       int64_t as_of, uint64_t before)
{
    for (size_t i = 0; i < f->count; i++) {
        const remembered_run *head = f->items[i].head;
        if (head && head->number < before && head->as_of > as_of &&
            remembered_output_of(head, output))
            return head;
    }
    return NULL;
}

/* ---- forgetting --------------------------------------------------------- */

/* One rename: before it the run is remembered, and behind it forgotten. */
bool run_folder_forget_run(const run_folder *f, uint64_t number, carpel_error *err)
{
    const run_entry *e = find_entry(f, number);
    char *path = file_of(f, number, FORGOTTEN_ENDING);
    assert(e && !is_forgotten(e));
    bool is_good = (system_rename(e->path, path) == 0 && directory_sync(f->path)) ||
                   carpel_fail(err, CARPEL_E_SYSTEM, "cannot rename \"%s\": %s", e->path,
                               strerror(errno));
    memory_free(path);
    return is_good;
}

static void mark(const run_folder *f, uint64_t number, bool *marks)
{
    const run_entry *e = find_entry(f, number);
    if (e)
        marks[e - f->items] = true;
}

/* The newest, and of each output the run that it is compared with next, and the one that that was
 * compared with: it is again, when that run is made again. */
static bool *mark_needed(const run_folder *f, const char *const *outputs,
                         size_t output_count)
{
    bool *needed = memory_alloc_zero_array(f->count + 1, sizeof *needed);
    if (f->count > 0)
        needed[f->count - 1] = true;
    for (size_t i = 0; i < output_count; i++) {
        const remembered_run *last =
            run_folder_baseline(f, outputs[i], INT64_MAX, UINT64_MAX);
        if (!last)
            continue;
        mark(f, last->number, needed);
        mark(f, remembered_output_of(last, outputs[i])->baseline, needed);
    }
    return needed;
}

size_t run_folder_prune(run_folder *f, int64_t made_before, const char *const *outputs,
                        size_t output_count)
{
    size_t kept = 0;
    bool *needed = mark_needed(f, outputs, output_count);
    for (size_t i = 0; i < f->count; i++) {
        carpel_error ignored;
        run_entry *e = &f->items[i];
        bool is_old = e->head ? e->head->made_at < made_before : is_forgotten(e);
        bool goes = is_old && !needed[i] && file_remove(e->path, &ignored);
        if (goes)
            entry_done(e);
        else
            f->items[kept++] = *e;
    }
    size_t removed = f->count - kept;
    f->count = kept;
    find_befores(f);
    memory_free(needed);
    return removed;
}
