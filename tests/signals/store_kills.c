/* SPDX-License-Identifier: MIT
 *
 * Whatever writes a store is killed at one of its system calls. Each time the store opens and verifies,
 * holds what it held before or what it is to hold, and the same command, given again, completes the
 * work and leaves nothing behind. Outputs may be mixed until then (kills.c looks at those).
 *
 *     store_kills [--tries N] [--seed N]     so many kills of each: load, compaction, forget, run, and
 *                                        one without outputs
 *
 * Where ptrace is not allowed, the test is skipped.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "traced.h"

#define PERSON  "annabel-4711"
#define PROJECT "--project", "p", "-q"

static const char project[] =
    "name: kills\ntime_zone: UTC\nevents: {buy: {amount: decimal(2), shop: string}}\n"
    "sources:\n"
    "  - {name: buys, plugin: csv, files: '*.csv', person: id, time: at, event: buy, id: "
    "nr,\n     identities: {id: user, mail: email}}\n"
    "outputs:\n"
    "  - {name: members, plugin: csv, path: out/members.txt}\n"
    "  - {name: changes, plugin: csv, path: out/changes.txt, changes: true}\n";
static const char rules[] = "segment buyers when sum(buy.amount) > 5\n"
                            "score total = sum(buy.amount)\n";
static const char head[] = "nr,id,mail,at,amount,shop\n";

static const char *const load[] = {"load", PROJECT, "-j", "1", NULL};
static const char *const compact[] = {"store", "compact", PROJECT, NULL};
static const char *const forget[] = {"forget", PERSON, PROJECT, NULL};
static const char *const run[] = {"run",     PROJECT,      "-j", "1",
                                  "--as-of", "2026-03-01", NULL};

/* What is killed. */
typedef struct act {
    const char *name;
    const char *const *arguments;
    const char *begin; /* the project that it finds */
    bool is_forgetting;
} act;

static const act acts[] = {{"load", load, "grown", false},
                           {"store compact", compact, "three", false},
                           {"forget", forget, "three", true},
                           {"run", run, "grown", false},
                           {"run without outputs", run, "alone", false}};

enum { ACT_COUNT = sizeof acts / sizeof *acts, STATE_SIZE = 4 * TRACED_TEXT_SIZE };

/* What can be seen of a project. */
typedef struct state {
    char rows[STATE_SIZE];    /* members and refused rows of the store */
    char outputs[STATE_SIZE]; /* and which runs there are */
    long files;               /* below .carpel */
} state;

/* ---- what is seen ----------------------------------------------------------------- */

static void shell(const char *command)
{
    if (system(command) != 0)
        traced_bail_out(command);
}

static bool is_good(const char *const *arguments)
{
    int status = traced_run_whole(arguments);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void append_file(const char *name, char *out)
{
    char part[TRACED_TEXT_SIZE];
    if (!traced_read_file(name, part))
        snprintf(part, sizeof part, "(no %s)\n", name);
    strncat(out, part, STATE_SIZE - strlen(out) - 1);
}

static bool see_command(const char *const *arguments, char *out)
{
    bool is_seen = is_good(arguments);
    append_file("stdout", out);
    return is_seen;
}

static long count_files(void)
{
    long count = -1;
    FILE *list = popen("find p/.carpel -type f | wc -l", "r");
    if (!list || fscanf(list, "%ld", &count) != 1)
        traced_bail_out("find");
    pclose(list);
    return count;
}

/* False when a command fails that looks at it. */
static bool see(state *out)
{
    static const char *const members[] = {"members", "total",      PROJECT, "--no-load",
                                          "--as-of", "2026-03-01", NULL},
                             *const refused[] = {"refused", "--project", "p", NULL},
                             *const runs[] = {"runs", "--project", "p", "--json", NULL};
    *out = (state){0};
    if (!see_command(members, out->rows) || !see_command(refused, out->rows) ||
        !is_good(runs))
        return false;
    out->files = count_files(); /* with the people that were kept joined by now */
    append_file("p/out/members.txt", out->outputs);
    append_file("p/out/changes.txt", out->outputs);
    return true;
}

static bool is_whole(void)
{
    static const char *const verify[] = {"store", "verify", PROJECT, NULL};
    return is_good(verify);
}

/* ---- the projects ----------------------------------------------------------------- */

static void write_rows(const char *name, const char *rows)
{
    char all[TRACED_TEXT_SIZE];
    snprintf(all, sizeof all, "%s%s", head, rows);
    traced_write_file(name, all);
}

/* "three": a store of three loads, which two runs have read. "grown": a file has grown since, one is
 * new, and a row of it does not fit. "alone": the same, and no outputs. */
static void make_projects(void)
{
    traced_begin_folder();
    shell("mkdir -p p/rules");
    traced_write_file("p/carpel.yaml", project);
    traced_write_file("p/rules/r.seg", rules);
    write_rows("p/a.csv",
               "1," PERSON ",a@x,2026-01-01,4.50,nord\n2,bob,,2026-01-02,6,ost\n");
    if (!is_good(run))
        traced_bail_out("the first run");
    write_rows("p/b.csv", "3,cid,c@x,2026-01-03,7,nord\n4,,,2026-01-03,7,nord\n");
    if (!is_good(load))
        traced_bail_out("the second load");
    write_rows("p/c.csv",
               "5," PERSON ",,2026-01-04,8,of " PERSON "\n2,bob,,2026-01-02,6,\n");
    if (!is_good(run))
        traced_bail_out("the second run");
    shell("cp -a p three");
    shell("echo '6,bob,b@x,2026-01-05,1,west' >>p/b.csv");
    write_rows("p/d.csv", "7,eve,,2026-01-05,9,nord\n8,eve,,yesterday,9,nord\n");
    shell("cp -a p grown");
    shell("cp -a p alone && sed -i '/^outputs:/,$d' alone/carpel.yaml");
}

static void restore(const act *a)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf p && cp -a %s p", a->begin);
    shell(command);
}

/* ---- tries ------------------------------------------------------------------------ */

/* Does anything below .carpel still have the person? */
static bool is_person_left(void)
{
    return system("grep -r -q " PERSON " p/.carpel") == 0;
}

/* NULL when all is well, else what is not. */
static const char *try_stop(const act *a, uint64_t stop, const state *before,
                            const state *after)
{
    static state now;
    int status;
    restore(a);
    traced_run(a->arguments, stop, SIGKILL, &status);
    bool is_acknowledged = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!is_whole())
        return "the store is damaged";
    if (!see(&now))
        return "the store cannot be read";
    if (strcmp(now.rows, before->rows) != 0 && strcmp(now.rows, after->rows) != 0)
        return "the rows are neither those of before nor of after";
    if (is_acknowledged && strcmp(now.rows, after->rows) != 0)
        return "what was acknowledged is not there";
    if (!is_good(a->arguments))
        return "it cannot be done again";
    if (!is_whole() || !see(&now) || strcmp(now.rows, after->rows) != 0 ||
        strcmp(now.outputs, after->outputs) != 0)
        return "done again, it is not what it would have been";
    if (now.files != after->files)
        return "files are left behind";
    return a->is_forgetting && is_person_left() ? "the person is still there" : NULL;
}

static bool try_act(const act *a, size_t number, uint64_t tries)
{
    static state before, after;
    int status;
    uint64_t failed = 0;
    restore(a);
    if (!see(&before))
        traced_bail_out("the store of before");
    uint64_t stops = traced_run(a->arguments, UINT64_MAX, SIGKILL, &status);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !is_whole() || !see(&after))
        traced_bail_out(a->name);
    for (uint64_t i = 0; i < tries; i++) {
        uint64_t stop = traced_draw_stop(stops);
        const char *wrong = try_stop(a, stop, &before, &after);
        if (wrong && failed++ < 10)
            printf("# killed at stop %llu: %s\n", (unsigned long long)stop, wrong);
    }
    printf("%sok %zu - %s killed at %llu of its %llu stops at system calls\n",
           failed > 0 ? "not " : "", number, a->name, (unsigned long long)tries,
           (unsigned long long)stops);
    return failed == 0;
}

/* A project of which nothing is known; is ptrace allowed? */
static bool may_trace(void)
{
    static const char *const version[] = {"--version", NULL};
    int status;
    return traced_run(version, UINT64_MAX, SIGKILL, &status) > 0;
}

int main(int count, char **arguments)
{
    uint64_t tries = traced_option(count, arguments, "--tries", 500);
    bool are_good = true;
    traced_seed(traced_option(count, arguments, "--seed", 1));
    make_projects();
    if (!may_trace()) {
        printf("1..0 # SKIP ptrace is not allowed here\n");
        return traced_remove_folder() ? 0 : 1;
    }
    for (size_t i = 0; i < ACT_COUNT; i++)
        are_good &= try_act(&acts[i], i + 1, tries);
    printf("1..%d\n", ACT_COUNT);
    return traced_remove_folder() && are_good ? 0 : 1;
}
