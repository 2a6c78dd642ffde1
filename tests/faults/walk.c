/* SPDX-License-Identifier: MIT
 *
 * Walks the calls for files and memory that carpel makes while it checks and runs a small
 * project, and lets each fail once (src/base/fault.h). After each failure:
 *
 *   - the process ended by itself, with an exit code that is not 0; 71 where memory was out;
 *   - there is one message on standard error;
 *   - the outputs are all as before, or all new;
 *   - no other file is left in the project, after the next run at the latest;
 *   - no memory leaked (with the address sanitizer).
 *
 *     walk [--every N] [--jobs N] [--images N] [--seed N]
 *          [--store | --cuts | --only KIND COMMAND NUMBER]
 *
 * Then come a store (store_walk.h; with --store alone) and cuts of the power (cuts.h; with --cuts
 * alone). Files: every call. Memory: the first 2,000 calls and 500 of the later ones, chosen by a
 * seed; of these every N-th. Each point is a child of this one process, which holds all of
 * carpel, built with CARPEL_FAULTS. Speaks TAP.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "cuts.h"
#include "shortened.h"
#include "store_walk.h"
#include "support.h"

#undef main
int carpel_main(int argc, char **argv); /* main() of src/app/main.c, renamed */

enum {
    IMAGES = 300,
    FIRST_ALLOCATIONS = 2000,
    LATER_ALLOCATIONS = 500,
    SEED = 7,
    PEOPLE = 50,
    SECONDS = 20, /* a run takes some milliseconds */
    EXIT_NO_MEMORY = 71,
    MOST_FAILURES_SHOWN = 40
};

static const char *const kind_names[FAULT_KIND_COUNT] = {"file", "memory"};

typedef struct command {
    const char *name;
    const char *const *arguments; /* without the folder */
    bool writes;
} command;

static const char *const run_arguments[] = {"run", "--as-of", "2026-06-01",
                                            "-j",  "1",       NULL};
static const char *const check_arguments[] = {"check", NULL};
static const command commands[] = {{"run", run_arguments, true},
                                   {"check", check_arguments, false}};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* What a child tells: its counts, through memory that is shared with it. */
typedef struct told {
    uint64_t counts[FAULT_KIND_COUNT];
    char struck[32]; /* the call that failed */
    uint64_t failures;
    store_told store;
} told;

static told *shared;

/* ---- the project ----------------------------------------------------------------------- */

static const char project_text[] =
    "time_zone: Europe/Berlin\n"
    "store: none\n"
    "events: {buy: {amount: decimal(2), note: string}, visit: {page: string}}\n"
    "traits: {country: string, born: date}\n"
    "scripts: {files: a.lua}\n"
    "sources:\n"
    "  - {name: buys, plugin: csv, files: buys.csv, person: id, time: at, event: buy}\n"
    "  - {name: people, plugin: jsonl, files: people.jsonl, person: id, traits: "
    "[country, born]}\n"
    "  - name: visits\n"
    "    plugin: template\n"
    "    event: {from: event}\n"
    "    person: person\n"
    "    time: time\n"
    "    rows: [\"p1;2026-01-01;visit\", \"p2;2026-01-02;visit\"]\n"
    "outputs:\n"
    "  - {name: one, plugin: csv, path: out/one.csv}\n"
    "  - {name: two, plugin: jsonl, path: out/two.jsonl}\n"
    "  - {name: three, plugin: template, path: out/three.txt}\n";

static const char rules_text[] =
    "list known from \"known.txt\"\n"
    "let orders = count(buy)\n"
    "segment buyers when did buy at least twice\n"
    "segment known_buyers when in known and orders > 1\n"
    "segment notes when did buy where (note matches \"^g.*d$\")\n"
    "segment by_script when a.double(orders) > 2\n"
    "segment loyal\n  judged every month\n  when orders >= 1\n  stay while did buy in "
    "last 60 days\n"
    "groups land\n  germans when user.country = \"DE\"\n  others otherwise\n"
    "score worth = sum(buy.amount)\n";

static const char *const outputs[] = {"out/one.csv", "out/two.jsonl", "out/three.txt"};
enum { OUTPUTS = sizeof outputs / sizeof *outputs };
static const char old_text[] = "what was here before\n";

static void put(const char *name, const char *data, size_t size)
{
    FILE *file = fopen(name, "w");
    insist(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0,
           name);
}

/* Write the project into the current folder. */
static void make_project(void)
{
    text buys, people;
    text_init(&buys);
    text_init(&people);
    text_append(&buys, "id,at,amount,note\nnobody,never,1,a row that is refused\n");
    for (int i = 1; i <= PEOPLE; i++) {
        text_append_format(
            &people,
            "{\"id\": \"p%d\", \"country\": \"%s\", \"born\": \"1980-01-%02d\"}\n", i,
            i % 3 == 0 ? "DE" : "FR", 1 + i % 28);
        for (int k = 0; k <= i % 4; k++)
            text_append_format(&buys, "p%d,2026-0%d-01,%d.50,good\n", i, 1 + k, i);
    }
    insist(mkdir("rules", 0777) == 0 && mkdir("out", 0777) == 0, "cannot make folders");
    put("carpel.yaml", project_text, strlen(project_text));
    put("rules/all.seg", rules_text, strlen(rules_text));
    put("a.lua", "return {double = function(n) return n * 2 end}\n", 47);
    put("known.txt", "p3\np7\n", 6);
    put("buys.csv", buys.data, buys.size);
    put("people.jsonl", people.data, people.size);
    text_done(&buys);
    text_done(&people);
}

/* What one point left behind is not counted at the next ones. */
static void begin_anew(void)
{
    insist(chdir("..") == 0 && system("rm -rf project") == 0 &&
               mkdir("project", 0777) == 0 && chdir("project") == 0,
           "cannot begin anew");
    make_project();
}

/* ---- children ------------------------------------------------------------------------------- */

static int wait_for(pid_t child)
{
    int status;
    insist(waitpid(child, &status, 0) == child, "a child is lost");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Run a command with the `nth` call of a kind failing; its exit code, or 1000 and the signal.
 * What it says on standard error is in the file "said". */
static int run_child(const command *c, fault_kind kind, uint64_t nth)
{
    fflush(NULL);
    pid_t child = fork();
    insist(child >= 0, "cannot fork");
    if (child != 0)
        return wait_for(child);
    char *arguments[16] = {(char *)"carpel"};
    int count = 1;
    for (; c->arguments[count - 1] != NULL; count++)
        arguments[count] = (char *)c->arguments[count - 1];
    alarm(SECONDS);
    insist(freopen("/dev/null", "w", stdout) != NULL &&
               freopen("../said", "w", stderr) != NULL,
           "cannot redirect");
    fault_arm(FAULT_FILE, kind == FAULT_FILE ? nth : 0);
    fault_arm(FAULT_MEMORY, kind == FAULT_MEMORY ? nth : 0);
    exit(carpel_main(count, arguments));
}

static void tell_counts(void)
{
    for (fault_kind kind = 0; kind < FAULT_KIND_COUNT; kind++)
        shared->counts[kind] = fault_count(kind);
    snprintf(shared->struck, sizeof shared->struck, "%s",
             fault_struck() != NULL ? fault_struck() : "");
    shared->store.count = shared->counts[FAULT_FILE];
    snprintf(shared->store.struck, sizeof shared->store.struck, "%s", shared->struck);
}

/* ---- what is looked at afterwards ------------------------------------------------------------- */

/* The files of the project as "name size" lines, and the bytes of the outputs. */
typedef struct state {
    text names;
    text contents[OUTPUTS];
} state;

static void add_names(const char *folder, text *out)
{
    path_list names = {0};
    directory_list(folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *path = path_join(folder, names.items[i]);
        text_append_format(out, "%s\n", path);
        if (directory_exists(path))
            add_names(path, out);
        memory_free(path);
    }
    path_list_done(&names);
}

static void look(state *s)
{
    carpel_error err;
    text_init(&s->names);
    add_names(".", &s->names);
    for (size_t i = 0; i < OUTPUTS; i++) {
        text_init(&s->contents[i]);
        file_read(outputs[i], SIZE_MAX / 2, &s->contents[i], &err);
    }
}

static void state_done(state *s)
{
    text_done(&s->names);
    for (size_t i = 0; i < OUTPUTS; i++)
        text_done(&s->contents[i]);
}

static bool is_old(const state *s, size_t output)
{
    return strcmp(s->contents[output].data, old_text) == 0;
}

static bool is_new(const state *s, const state *good, size_t output)
{
    return strcmp(s->contents[output].data, good->contents[output].data) == 0;
}

static const char *mixture(const state *s, const state *good)
{
    size_t old = 0, new = 0;
    for (size_t i = 0; i < OUTPUTS; i++) {
        old += is_old(s, i);
        new += is_new(s, good, i);
    }
    return old == OUTPUTS || new == OUTPUTS ? NULL
           : old + new == OUTPUTS           ? "the outputs are mixed"
                                            : "an output is neither old nor new";
}

/* Messages on standard error: "carpel: ..." and "place: error E0307: ...". */
static size_t count_messages(void)
{
    carpel_error err;
    text said;
    size_t count = 0;
    text_init(&said);
    insist(file_read("../said", SIZE_MAX / 2, &said, &err), "no standard error");
    for (const char *line = said.data; *line != '\0';) {
        size_t size = strcspn(line, "\n");
        const char *code = strstr(line, ": error E");
        count += strncmp(line, "carpel: ", 8) == 0 || strncmp(line, "error E", 7) == 0 ||
                 (code != NULL && code < line + size);
        line += size + (line[size] != '\0');
    }
    text_done(&said);
    return count;
}

/* What the outputs are before each point. */
static void reset(const state *now)
{
    for (size_t i = 0; i < OUTPUTS; i++)
        if (now == NULL || !is_old(now, i))
            put(outputs[i], old_text, strlen(old_text));
}

/* Is anything in the project that a good run would not leave there? A run clears it away. */
static const char *leftovers(const state *s, const state *good)
{
    if (strcmp(s->names.data, good->names.data) == 0)
        return NULL;
    if (run_child(&commands[0], FAULT_FILE, 0) != 0)
        return "the next run fails";
    state after;
    look(&after);
    bool is_clean = strcmp(after.names.data, good->names.data) == 0;
    state_done(&after);
    return is_clean ? NULL : "something is left behind, even after the next run";
}

/* A question about a path that cannot be answered is answered otherwise, or not needed; for
 * a second name there is another way, and what cannot be removed is tried once more. The run
 * may go on then, when all its results are there. Whatever else fails ends it. */
static bool may_be_survived(const char *call)
{
    return strcmp(call, "link") == 0 || strcmp(call, "unlink") == 0 ||
           strcmp(call, "stat") == 0 || strcmp(call, "lstat") == 0 ||
           strcmp(call, "realpath") == 0 || strcmp(call, "readlink") == 0;
}

static bool is_complete(const command *c, const state *now, const state *good)
{
    for (size_t i = 0; c->writes && i < OUTPUTS; i++)
        if (!is_new(now, good, i))
            return false;
    return count_messages() == 0;
}

/* ---- one point ------------------------------------------------------------------------------------ */

static const char *judge(const command *c, fault_kind kind, uint64_t nth, int code,
                         const state *now, const state *good)
{
    bool has_struck = shared->counts[kind] >= nth;
    if (code == 1000 + 14)
        return "it hangs";
    if (code >= 1000)
        return "it was killed";
    if (!has_struck)
        return code == 0 ? NULL : "it failed without a fault";
    if (code == 0)
        return may_be_survived(shared->struck) && is_complete(c, now, good)
                   ? NULL
                   : "nobody noticed";
    if (kind == FAULT_MEMORY && code != EXIT_NO_MEMORY)
        return "the exit code is not 71";
    if (code == 23)
        return "memory leaked";
    if (count_messages() != 1)
        return "there is not one message";
    return c->writes ? mixture(now, good) : NULL;
}

static void show_failure(const command *c, fault_kind kind, uint64_t nth, int code,
                         const char *why)
{
    char line[256];
    if (__atomic_fetch_add(&shared->failures, 1, __ATOMIC_RELAXED) >= MOST_FAILURES_SHOWN)
        return;
    printf("# %s: %s call %llu (%s): %s (exit code %d)\n", c->name, kind_names[kind],
           (unsigned long long)nth, shared->struck, why, code);
    FILE *said = fopen("../said", "r");
    for (int i = 0; said != NULL && i < 8 && fgets(line, sizeof line, said) != NULL; i++)
        printf("#     %s", line);
    if (said != NULL)
        fclose(said);
    fflush(stdout);
}

static void try_point(const command *c, fault_kind kind, uint64_t nth, const state *good)
{
    shared->counts[kind] = 0;
    int code = run_child(c, kind, nth);
    state now;
    look(&now);
    const char *why = judge(c, kind, nth, code, &now, good);
    if (why != NULL)
        show_failure(c, kind, nth, code, why);
    const char *left = leftovers(&now, good);
    if (left != NULL) {
        show_failure(c, kind, nth, code, left);
        begin_anew();
    }
    reset(NULL);
    state_done(&now);
}

/* ---- the walk ------------------------------------------------------------------------------------- */

/* The calls of a kind that are to fail, of `count` that there are. */
static size_t choose(fault_kind kind, uint64_t count, uint64_t every, uint64_t *out)
{
    size_t chosen = 0;
    uint64_t first =
        kind == FAULT_FILE || count < FIRST_ALLOCATIONS ? count : FIRST_ALLOCATIONS;
    uint64_t step = kind == FAULT_FILE ? 1 : every, word = SEED;
    for (uint64_t n = 1; n <= first; n += step)
        out[chosen++] = n;
    for (uint64_t i = 0; first < count && i < LATER_ALLOCATIONS; i++) {
        word = word * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (i % step == 0)
            out[chosen++] = first + 1 + (word >> 33) % (count - first);
    }
    return chosen;
}

typedef struct plan {
    const command *command;
    fault_kind kind;
    uint64_t *points;
    size_t count;
} plan;

/* Go into a folder of our own with the project in it, and learn what a good run leaves. */
static void enter(const char *root, int job, state *good)
{
    char folder[64];
    snprintf(folder, sizeof folder, "%s/%d", root, job);
    insist(mkdir(folder, 0777) == 0 && chdir(folder) == 0 &&
               mkdir("project", 0777) == 0 && chdir("project") == 0,
           "cannot make a folder");
    make_project();
    int code = run_child(&commands[0], FAULT_FILE, 0);
    if (code != 0)
        show_failure(&commands[0], FAULT_FILE, 0, code, "the project does not run");
    insist(code == 0, "the project does not run");
    look(good);
    reset(NULL);
}

/* Every `jobs`-th point, from the one with our number on. */
static void work(const char *root, int job, int jobs, const plan *plans,
                 size_t plan_count)
{
    state good;
    told *all = shared;
    enter(root, job, &good);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t p = 0; p < plan_count; p++)
        for (size_t i = (size_t)job; i < plans[p].count; i += (size_t)jobs)
            try_point(plans[p].command, plans[p].kind, plans[p].points[i], &good);
    __atomic_fetch_add(&all->failures, shared->failures, __ATOMIC_RELAXED);
    state_done(&good);
}

static size_t make_plans(const char *root, uint64_t every, plan *plans)
{
    state good;
    size_t count = 0;
    enter(root, 99, &good);
    for (size_t c = 0; c < COMMANDS; c++) {
        insist(run_child(&commands[c], FAULT_FILE, 0) == 0, "a command fails");
        told seen = *shared;
        for (fault_kind kind = 0; kind < FAULT_KIND_COUNT; kind++) {
            uint64_t *points =
                memory_alloc_array(seen.counts[kind] + LATER_ALLOCATIONS, sizeof *points);
            size_t chosen = choose(kind, seen.counts[kind], every, points);
            plans[count++] = (plan){&commands[c], kind, points, chosen};
            printf("# %s: %llu %s calls, %zu of them fail\n", commands[c].name,
                   (unsigned long long)seen.counts[kind], kind_names[kind], chosen);
        }
    }
    state_done(&good);
    return count;
}

static void walk(const char *root, uint64_t every, int jobs)
{
    plan plans[COMMANDS * FAULT_KIND_COUNT];
    size_t plan_count = make_plans(root, every, plans), points = 0;
    fflush(stdout);
    for (int job = 0; job < jobs; job++) {
        if (fork() == 0) {
            work(root, job, jobs, plans, plan_count);
            _exit(0);
        }
    }
    bool is_well = true;
    for (int job = 0; job < jobs; job++) {
        int status;
        is_well = wait(&status) > 0 && status == 0 && is_well;
    }
    for (size_t i = 0; i < plan_count; i++) {
        points += plans[i].count;
        memory_free(plans[i].points);
    }
    printf("%s 1 - faults: %zu points walked, %llu of them end badly\n",
           is_well && shared->failures == 0 ? "ok" : "not ok", points,
           (unsigned long long)shared->failures);
}

/* One point, for looking closely: its standard error is left to be seen. */
static void try_one(const char *root, const char *kind, const char *command_name,
                    uint64_t nth)
{
    state good;
    enter(root, 0, &good);
    for (size_t c = 0; c < COMMANDS; c++)
        for (fault_kind k = 0; k < FAULT_KIND_COUNT; k++)
            if (strcmp(commands[c].name, command_name) == 0 &&
                strcmp(kind_names[k], kind) == 0)
                try_point(&commands[c], k, nth, &good);
    state_done(&good);
    puts("1..1");
    printf("%s 1 - one point\n", shared->failures == 0 ? "ok" : "not ok");
}

/* What is wanted; all of it, unless something is named. */
typedef struct wanted {
    uint64_t every, images, seed, nth;
    int jobs;
    bool is_store_only, are_cuts_only;
    const char *kind, *command_name;
} wanted;

static wanted read_arguments(int argc, char **argv)
{
    wanted w = {.every = 1, .images = IMAGES, .seed = 1, .jobs = 1};
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--every") == 0 && has_value)
            w.every = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--jobs") == 0 && has_value)
            w.jobs = atoi(argv[++i]);
        else if (strcmp(argv[i], "--images") == 0 && has_value)
            w.images = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && has_value)
            w.seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--store") == 0)
            w.is_store_only = true;
        else if (strcmp(argv[i], "--cuts") == 0)
            w.are_cuts_only = true;
        else if (strcmp(argv[i], "--only") == 0 && i + 3 < argc) {
            w.kind = argv[++i];
            w.command_name = argv[++i];
            w.nth = strtoull(argv[++i], NULL, 10);
        }
    }
    insist(w.every > 0 && w.jobs > 0, "numbers begin at 1");
    return w;
}

static void walk_all(const char *root, const wanted *w)
{
    if (!w->is_store_only && !w->are_cuts_only)
        walk(root, w->every, w->jobs);
    if (!w->are_cuts_only && !store_walk(root, 2, &shared->store))
        shared->failures++;
    if (!w->is_store_only && !cuts_walk(root, w->images, w->seed, w->jobs, 3))
        shared->failures++;
    if (!shortened_walk(root, 6))
        shared->failures++;
    puts("1..6");
}

/* Where syncs cost nothing, when there is such a place: what they did is not looked at. */
static char *make_root(void)
{
    static char roots[][32] = {"/dev/shm/carpel-faults-XXXXXX",
                               "/tmp/carpel-faults-XXXXXX"};
    return mkdtemp(roots[0]) ? roots[0] : mkdtemp(roots[1]);
}

int main(int argc, char **argv)
{
    wanted w = read_arguments(argc, argv);
    const char *root = make_root();
    insist(root != NULL, "cannot begin");
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    insist(shared != MAP_FAILED, "no shared memory");
    atexit(tell_counts); /* in the children */
    if (w.kind != NULL)
        try_one(root, w.kind, w.command_name, w.nth);
    else
        walk_all(root, &w);
    char remove[64];
    snprintf(remove, sizeof remove, "rm -rf %s", root);
    return system(remove) == 0 && shared->failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
