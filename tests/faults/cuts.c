/* SPDX-License-Identifier: MIT
 *
 * A project is loaded and judged step by step, and all changes of files are recorded. Then the power
 * is cut behind each change in turn, and of what the disk may hold then:
 *
 *   - the store is whole, and has the rows of before or after the step that was under way;
 *   - outputs and remembered runs are, both, those of before or after it;
 *   - the step can be done again, and then all is as if the power had stayed;
 *   - no file is left that would not be there then.
 *
 * So a step that had ended well before the cut has lost nothing.
 */
#include "cuts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/memory.h"
#include "base/path.h"
#include "disk.h"
#include "support.h"

#define RECORD "../record"

enum { EXIT_USAGE = 64, MOST_SHOWN = 20, FIRST_SECOND = 1767225600 };

#define PROJECT_OF_STORE                                                                 \
    "store: .carpel/store\n"                                                             \
    "events: {buy: {amount: decimal(2)}, visit: {}}\n"                                   \
    "sources:\n"                                                                         \
    "  - {name: buys, plugin: csv, files: \"buys/*.csv\", person: id, time: at, event: " \
    "buy,\n     identities: {id: user, mail: email}}\n"                                  \
    "  - {name: visits, plugin: jsonl, files: visits.jsonl, person: id, time: at, "      \
    "event: visit}\n"

/* A source, or the project, that is another one from now on (or NULL), and a command. */
typedef struct step {
    const char *file, *bytes;
    const char *arguments[6];
} step;

static const step steps[] = {
    {"buys/1.csv",
     "id,mail,at,amount\nann,,2026-01-01,1\nnobody,,never,1\n",
     {"load", "-q"}},
    {NULL, NULL, {"run", "-q", "--as-of", "2026-02-01"}},
    {"buys/1.csv",
     "id,mail,at,amount\nann,a@x,2026-01-01,1\nben,b@x,2026-01-02,2.50\n",
     {"load", "-q"}},
    {"buys/2.csv",
     "id,mail,at,amount\neva,a@x,2026-02-05,3\n",
     {"run", "-q", "--as-of", "2026-03-01"}},
    {NULL, NULL, {"store", "compact"}},
    {NULL, NULL, {"store", "drop", "visits"}},
    {"visits.jsonl",
     "{\"id\": \"kim\", \"at\": \"2026-03-03\"}\n",
     {"run", "-q", "--as-of", "2026-04-01"}},
    {NULL, NULL, {"run", "-q", "--as-of", "2026-03-15"}},
    {"carpel.yaml", PROJECT_OF_STORE, {"run", "-q", "--as-of", "2026-05-01"}},
    {NULL, NULL, {"run", "-q", "--as-of", "2026-06-01"}},
    {NULL, NULL, {"forget", "ann"}},
};
enum { STEPS = sizeof steps / sizeof *steps };

static const char first_visits[] = "{\"id\": \"ann\", \"at\": \"2026-01-05\"}\n";
static const char project[] = PROJECT_OF_STORE
    "outputs:\n"
    "  - {name: all, plugin: csv, path: out/all.csv}\n"
    "  - {name: news, plugin: csv, path: out/deep/news.csv, changes: true}\n";

static const char *const outputs[] = {"out/all.csv", "out/deep/news.csv"};
enum { OUTPUTS = sizeof outputs / sizeof *outputs };

/* What can be seen from outside. */
typedef struct state {
    text rows;  /* of the store */
    text runs;  /* with the outputs */
    text names; /* of files, but for those in the store */
} state;

static struct shared_counts {
    uint64_t images, failures;
} * counts;

/* ---- steps -------------------------------------------------------------------- */

static void write_source(const char *name, const char *bytes, int second)
{
    struct timespec times[2] = {{.tv_sec = FIRST_SECOND + second},
                                {.tv_sec = FIRST_SECOND + second}};
    put_file(name, bytes);
    insist(utimensat(AT_FDCWD, name, times, 0) == 0, name);
}

static void make_project(void)
{
    insist(mkdir("rules", 0777) == 0 && mkdir("buys", 0777) == 0, "cannot make folders");
    put_file("carpel.yaml", project);
    put_file("rules/a.seg",
             "segment buyers when did buy\nsegment visitors when did visit\n");
    write_source("visits.jsonl", first_visits, 0);
}

static void change_source(size_t number)
{
    const step *s = &steps[number];
    if (s->file)
        write_source(s->file, s->bytes, (int)number + 1);
}

/* As they are at a step. */
static void write_visits(size_t number)
{
    write_source("visits.jsonl", first_visits, 0);
    for (size_t i = 0; i <= number; i++)
        if (steps[i].file && strcmp(steps[i].file, "visits.jsonl") == 0)
            change_source(i);
}

/* ---- what is seen --------------------------------------------------------------- */

static void append_file(const char *name, text *out)
{
    text bytes;
    text_append_format(out, "%s:\n", name);
    if (!path_is_taken(name))
        return;
    get_file(name, &bytes);
    text_append_bytes(out, bytes.data, bytes.size);
    text_done(&bytes);
}

static void append_rows(const char *segment, text *out)
{
    const char *const arguments[] = {"members", segment,      "--no-load", "-q",
                                     "--as-of", "2026-06-01", NULL};
    int code = run_carpel(arguments, 0, NULL);
    text_append_format(out, "%s, exit code %d\n", segment, code);
    append_file("../out", out);
}

/* The list without the instants at which runs were made. */
static void append_runs(text *out)
{
    static const char *const arguments[] = {"runs", "--json", NULL};
    text all;
    text_append_format(out, "runs, exit code %d\n", run_carpel(arguments, 0, NULL));
    get_file("../out", &all);
    for (const char *at = all.data; *at;) {
        size_t size = strcspn(at, "\n");
        const char *made = strstr(at, "\"made_at\"");
        if (!made || made > at + size)
            text_append_bytes(out, at, size);
        at += size + (at[size] != '\0');
    }
    text_done(&all);
}

static void append_names(const char *folder, text *out)
{
    path_list names = {0};
    directory_list(folder, &names);
    text_append_format(out, "\n%s:", folder);
    for (size_t i = 0; i < names.count; i++)
        text_append_format(out, " %s", names.items[i]);
    path_list_done(&names);
}

/* A run that comes to nothing, but puts right what an earlier one left. */
static bool recover(void)
{
    static const char *const arguments[] = {"run", "--as-of", "never", NULL};
    return run_carpel(arguments, 0, NULL) == EXIT_USAGE;
}

static bool look(state *s)
{
    text_init(&s->rows);
    text_init(&s->runs);
    text_init(&s->names);
    append_rows("buyers", &s->rows);
    append_rows("visitors", &s->rows);
    bool is_recovered = recover();
    append_runs(&s->runs);
    for (size_t i = 0; i < OUTPUTS; i++)
        append_file(outputs[i], &s->runs);
    static const char *const folders[] = {"out", "out/deep", ".carpel", ".carpel/runs"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        append_names(folders[i], &s->names);
    return is_recovered;
}

static void state_done(state *s)
{
    text_done(&s->rows);
    text_done(&s->runs);
    text_done(&s->names);
}

/* People are taken out of one run after the other. */
static bool is_forgetting(size_t number)
{
    return strcmp(steps[number].arguments[0], "forget") == 0;
}

static bool is_same(const text *a, const text *b)
{
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

/* ---- one image ------------------------------------------------------------------ */

static bool is_store_whole(void)
{
    static const char *const arguments[] = {"store", "verify", NULL};
    return !path_is_taken(".carpel/store/manifest") ||
           run_carpel(arguments, 0, NULL) == 0;
}

static const char *judge_found(const state *found, const state *before,
                               const state *after, bool goes_run_by_run)
{
    bool has_new_rows = is_same(&found->rows, &after->rows);
    bool has_new_runs = is_same(&found->runs, &after->runs);
    if (!has_new_rows && !is_same(&found->rows, &before->rows))
        return "the store has neither the rows of before nor of after";
    if (goes_run_by_run)
        return NULL;
    if (!has_new_runs && !is_same(&found->runs, &before->runs))
        return "outputs and runs are neither those of before nor of after";
    return NULL;
}

/* Where two texts differ, from the line before on. */
static void show_difference(const char *what, const text *found, const text *expected)
{
    const char *line = expected->data, *other = found->data;
    for (size_t i = 0; expected->data[i] && expected->data[i] == found->data[i]; i++)
        if (expected->data[i] == '\n') {
            line = expected->data + i + 1;
            other = found->data + i + 1;
        }
    if (!is_same(found, expected))
        printf("# %s: found \"%.300s\", expected \"%.300s\"\n", what, other, line);
}

static void show_differences(const state *found, const state *expected)
{
    show_difference("rows", &found->rows, &expected->rows);
    show_difference("runs", &found->runs, &expected->runs);
    show_difference("names", &found->names, &expected->names);
}

static const char *judge_done(const state *found, const state *after)
{
    return !is_same(&found->rows, &after->rows) ? "done again, the step leaves other rows"
           : !is_same(&found->runs, &after->runs)
               ? "done again, the step leaves other outputs or runs"
           : !is_same(&found->names, &after->names)
               ? "done again, the step leaves other files"
               : NULL;
}

/* Whoever writes next removes what no manifest names. */
static bool is_cleared(size_t number)
{
    static const char *const arguments[] = {"load", "-q", NULL};
    write_source("visits.jsonl", first_visits, 1000);
    bool is_loaded = run_carpel(arguments, 0, NULL) == 0;
    write_visits(number);
    return is_loaded && has_only_named(".carpel/store");
}

/* A source that is dropped already cannot be dropped again. */
static bool can_be_done(size_t number, const state *found, const state *after)
{
    return run_carpel(steps[number].arguments, 0, NULL) == 0 ||
           (strcmp(steps[number].arguments[0], "store") == 0 &&
            is_same(&found->rows, &after->rows));
}

static const char *judge(size_t number, const state *before, const state *after,
                         bool are_shown)
{
    state found, done;
    if (!is_store_whole())
        return "the store is damaged";
    bool is_recovered = look(&found);
    const char *why = is_recovered
                          ? judge_found(&found, before, after, is_forgetting(number))
                          : "the next run cannot put outputs right";
    if (why && are_shown) {
        show_differences(&found, before);
        show_differences(&found, after);
    }
    if (!why && !can_be_done(number, &found, after))
        why = "the step cannot be done again";
    if (!why) {
        look(&done);
        why = judge_done(&done, after);
        if (why && are_shown)
            show_differences(&done, after);
        if (!why && !is_cleared(number))
            why = "the next load leaves what is no part of the store";
        state_done(&done);
    }
    state_done(&found);
    return why;
}

static void show(size_t number, size_t cut, uint64_t seed, const char *why)
{
    text said;
    get_file("../said", &said);
    printf("# step %zu (%s), %zu changes, image %llu: %s\n#     %s\n", number + 1,
           steps[number].arguments[0], cut, (unsigned long long)seed, why, said.data);
    fflush(stdout);
    text_done(&said);
}

static void clear(void)
{
    insist(system("rm -rf .carpel out") == 0, "cannot begin anew");
}

static void try_image(const disk *d, size_t number, size_t cut, uint64_t seed,
                      const state *states)
{
    clear();
    disk_build(d, seed);
    bool is_shown = disk_lies(d) == LIE_NONE && counts->failures < MOST_SHOWN;
    const char *why = judge(number, &states[number], &states[number + 1], is_shown);
    __atomic_fetch_add(&counts->images, 1, __ATOMIC_RELAXED);
    if (why)
        __atomic_fetch_add(&counts->failures, 1, __ATOMIC_RELAXED);
    if (why && is_shown)
        show(number, cut, seed, why);
}

/* ---- all of them ------------------------------------------------------------------ */

static void do_step(size_t number)
{
    text said;
    if (run_carpel(steps[number].arguments, 0, RECORD) == 0)
        return;
    get_file("../said", &said);
    insist(false, said.data);
}

/* Do all steps in the current folder; `states` are those before the first one, and behind each. */
static record *do_steps(state *states)
{
    make_project();
    change_source(0);
    look(&states[0]);
    for (size_t i = 0; i < STEPS; i++) {
        change_source(i);
        do_step(i);
        record_acknowledge(RECORD);
        insist(look(&states[i + 1]), "a run cannot look");
    }
    return record_read(RECORD);
}

/* Images are spread evenly over the changes. */
static void try_images(const record *r, const state *states, uint64_t images,
                       uint64_t seed, disk_lie lie)
{
    char here[4096];
    size_t number = 0;
    uint64_t tried = 0;
    insist(getcwd(here, sizeof here), "no working folder");
    disk *d = disk_new(here, lie);
    change_source(0);
    for (size_t i = 0; i < r->count; i++) {
        disk_apply(d, &r->items[i]);
        if (r->items[i].kind == RECORD_ACKNOWLEDGED && ++number < STEPS)
            change_source(number);
        for (; number < STEPS && tried < images * (i + 1) / r->count; tried++)
            try_image(d, number, i + 1, seed + tried, states);
    }
    disk_free(d);
}

static void work(const char *root, int job, uint64_t images, uint64_t seed, disk_lie lie)
{
    state states[STEPS + 1];
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/cuts-%d-%d", root, (int)lie, job);
    insist(mkdir(folder, 0777) == 0 && chdir(folder) == 0 &&
               mkdir("project", 0777) == 0 && chdir("project") == 0,
           folder);
    record *r = do_steps(states);
    insist(system("rm -rf buys/2.csv") == 0, "cannot begin anew");
    put_file("carpel.yaml", project);
    write_source("visits.jsonl", first_visits, 0);
    try_images(r, states, images, seed, lie);
    record_free(r);
    for (size_t i = 0; i <= STEPS; i++)
        state_done(&states[i]);
}

/* Returns how many were bad; *built is how many there were. */
static uint64_t try_all(const char *root, uint64_t images, uint64_t seed, int jobs,
                        disk_lie lie, uint64_t *built)
{
    *counts = (struct shared_counts){0};
    fflush(stdout);
    for (int job = 0; job < jobs; job++)
        if (fork() == 0) {
            work(root, job, images / (uint64_t)jobs, seed + (uint64_t)job * images, lie);
            _exit(EXIT_SUCCESS);
        }
    bool is_well = true;
    for (int job = 0, status; job < jobs; job++)
        is_well = wait(&status) > 0 && status == 0 && is_well;
    insist(is_well, "a worker did not end well");
    *built = counts->images;
    return counts->failures;
}

/* A disk that says of some syncs that they are done, and does nothing. */
static bool finds_lie(const char *root, uint64_t images, uint64_t seed, disk_lie lie,
                      const char *what, int number)
{
    uint64_t built, bad = try_all(root, images, seed, 1, lie, &built);
    printf(
        "%s %d - power cuts: of %llu images where %s are not synced, %llu are found to "
        "be bad\n",
        bad > 0 ? "ok" : "not ok", number, (unsigned long long)built, what,
        (unsigned long long)bad);
    return bad > 0;
}

bool cuts_walk(const char *root, uint64_t images, uint64_t seed, int jobs, int number)
{
    uint64_t built;
    counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    insist(counts != MAP_FAILED, "no shared memory");
    uint64_t bad = try_all(root, images, seed, jobs, LIE_NONE, &built);
    printf("%s %d - power cuts: %llu images of what a disk may hold, %llu of them bad\n",
           bad == 0 ? "ok" : "not ok", number, (unsigned long long)built,
           (unsigned long long)bad);
    uint64_t few = images / 20 + 60;
    bool finds = finds_lie(root, few, seed, LIE_FILES, "files", number + 1);
    finds = finds_lie(root, few, seed, LIE_FOLDERS, "folders", number + 2) && finds;
    return bad == 0 && finds;
}
