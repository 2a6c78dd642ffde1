/* SPDX-License-Identifier: MIT
 *
 * A run is killed at one of its system calls, before the call or behind it, and the next
 * run has to find outputs that are all of before or all new, and to leave nothing else. The
 * run is remembered exactly when they are new.
 *
 *     kills [--tries N] [--seed N] [--kill 0]    N drawn points; without --tries, all
 *
 * Half of the tries end by SIGKILL (with --kill 0: none), the others by SIGTERM, which also has to
 * keep its own promises.
 * Where ptrace is not allowed, the test is skipped.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "traced.h"

static const char *const outputs[] = {"out/a.csv", "out/b.jsonl", "out/sub/c.csv"};
enum { OUTPUT_COUNT = 3, EXIT_STOPPED = 75 };

static const char *const old_texts[OUTPUT_COUNT] = {"of yesterday\n", "of yesterday\n",
                                                    NULL};
static char new_texts[OUTPUT_COUNT][TRACED_TEXT_SIZE];

/* ---- files ------------------------------------------------------------------------ */

static void remove_outputs(void)
{
    if (system("rm -rf out .carpel/runs") != 0)
        traced_bail_out("rm");
}

static void write_outputs_of_yesterday(void)
{
    remove_outputs();
    if (mkdir("out", 0777) != 0)
        traced_bail_out("out");
    for (size_t i = 0; i < OUTPUT_COUNT; i++)
        if (old_texts[i] != NULL)
            traced_write_file(outputs[i], old_texts[i]);
}

static void write_data(void)
{
    traced_write_file("data.csv", "id,t\nann,2026-01-01\nbob,2026-01-02\n");
}

static void write_project(void)
{
    traced_begin_folder();
    if (mkdir("rules", 0777) != 0)
        traced_bail_out("rules");
    traced_write_file("rules/r.seg", "segment buyers when did buy\n");
    traced_write_file(
        "carpel.yaml",
        "name: kills\ntime_zone: UTC\nstore: none\nevents: {buy: {}}\n"
        "sources:\n"
        "  - {plugin: csv, files: data.csv, person: id, time: t, event: buy}\n"
        "outputs:\n"
        "  - {plugin: csv, path: out/a.csv}\n"
        "  - {plugin: jsonl, path: out/b.jsonl}\n"
        "  - {name: c, plugin: csv, path: out/sub/c.csv}\n");
    write_data();
    write_outputs_of_yesterday();
}

/* ---- runs ------------------------------------------------------------------------- */

static const char *const run[] = {"run", "-q", "-j", "1", "--as-of", "2026-03-01", NULL};

/* ---- what has to be seen ------------------------------------------------------------ */

static bool is_text(size_t output, const char *wanted)
{
    char is[TRACED_TEXT_SIZE];
    bool is_there = traced_read_file(outputs[output], is);
    return wanted == NULL ? !is_there : is_there && strcmp(is, wanted) == 0;
}

static bool are_all(const char *const *texts)
{
    for (size_t i = 0; i < OUTPUT_COUNT; i++)
        if (!is_text(i, texts[i]))
            return false;
    return true;
}

static bool are_all_new(void)
{
    const char *texts[OUTPUT_COUNT] = {new_texts[0], new_texts[1], new_texts[2]};
    return are_all(texts);
}

/* Is there anything beside the outputs, in out, its folder, and the project's .carpel? */
static const char *stranger_in(const char *directory, const char *const *known)
{
    static char name[300];
    bool is_found = false;
    DIR *d = opendir(directory);
    for (struct dirent *entry; d != NULL && !is_found && (entry = readdir(d)) != NULL;) {
        is_found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        for (size_t i = 0; is_found && known[i] != NULL; i++)
            is_found = strcmp(entry->d_name, known[i]) != 0;
        snprintf(name, sizeof name, "%s/%s", directory, entry->d_name);
    }
    if (d != NULL)
        closedir(d);
    return is_found ? name : NULL;
}

static const char *find_stranger(void)
{
    static const char *const top[] = {"a.csv", "b.jsonl", "sub", NULL};
    static const char *const below[] = {"c.csv", NULL};
    static const char *const own[] = {".gitignore", "lock", "refused.csv", "runs", NULL};
    static const char *const runs[] = {"00000001.run", NULL};
    const char *found = stranger_in("out", top);
    if (found == NULL)
        found = stranger_in("out/sub", below);
    if (found == NULL)
        found = stranger_in(".carpel/runs", runs);
    return found != NULL ? found : stranger_in(".carpel", own);
}

static bool is_remembered(void)
{
    struct stat st;
    return stat(".carpel/runs/00000001.run", &st) == 0;
}

/* A folder that was made for an output goes with it. */
static bool is_folder_left(void)
{
    struct stat st;
    return stat("out/sub", &st) == 0 && !is_text(2, new_texts[2]);
}

/* The next run has no data: it cleans up, and comes to nothing. */
static bool clean_up(void)
{
    traced_write_file("data.csv", "nobody,t\nann,2026-01-01\n");
    int status = traced_run_whole(run);
    write_data();
    return WIFEXITED(status) && WEXITSTATUS(status) != 0;
}

static bool expect_stopped(int status)
{
    char said[TRACED_TEXT_SIZE] = "";
    traced_read_file("stderr", said);
    bool is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0 && said[0] == '\0';
    bool is_stopped = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_STOPPED &&
                      strncmp(said, "carpel: stopped by SIGTERM", 26) == 0 &&
                      strchr(said, '\n') == said + strlen(said) - 1;
    bool says_old = strstr(said, "outputs are as they were") != NULL;
    bool is_by_system = WIFSIGNALED(status) && are_all(old_texts); /* before it looks */
    return is_by_system || (is_good && are_all_new()) ||
           (is_stopped && (says_old ? are_all(old_texts) : are_all_new()));
}

/* NULL when all is well, else what is not. */
static const char *try_point(uint64_t point, int signal_number)
{
    int status;
    write_outputs_of_yesterday();
    traced_run(run, point, signal_number, &status);
    if (signal_number == SIGTERM && !expect_stopped(status))
        return "the run that was stopped";
    if (signal_number == SIGTERM && (find_stranger() != NULL || is_folder_left()))
        return find_stranger() != NULL ? find_stranger() : "out/sub";
    if (!clean_up())
        return "the next run";
    if (!are_all(old_texts) && !are_all_new())
        return "old and new are mixed";
    if (is_remembered() != are_all_new())
        return "outputs without their run, or a run without its outputs";
    if (find_stranger() != NULL || is_folder_left())
        return find_stranger() != NULL ? find_stranger() : "out/sub";
    return NULL;
}

/* ---- tries ---------------------------------------------------------------------------- */

static uint64_t failed_count;

static void try_and_tell(uint64_t point, int signal_number)
{
    const char *wrong = try_point(point, signal_number);
    if (wrong == NULL)
        return;
    char said[TRACED_TEXT_SIZE] = "";
    traced_read_file("stderr", said);
    if (failed_count++ < 10)
        printf("# %s at stop %llu: %s (%s)\n",
               signal_number == SIGKILL ? "SIGKILL" : "SIGTERM",
               (unsigned long long)point, wrong, said);
}

static void read_new_texts(void)
{
    for (size_t i = 0; i < OUTPUT_COUNT; i++)
        if (!traced_read_file(outputs[i], new_texts[i]))
            traced_bail_out(outputs[i]);
}

int main(int count, char **arguments)
{
    int status;
    uint64_t tries = traced_option(count, arguments, "--tries", 0), tried = 0;
    bool is_killed = traced_option(count, arguments, "--kill", 1) != 0;
    traced_seed(traced_option(count, arguments, "--seed", 1));
    write_project();
    uint64_t stops = traced_run(run, UINT64_MAX, SIGKILL, &status);
    if (stops == 0) {
        printf("1..0 # SKIP ptrace is not allowed here\n");
        return 0;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        traced_bail_out("the run does not succeed");
    read_new_texts();
    for (; tried < tries; tried++)
        try_and_tell(traced_draw_stop(stops),
                     is_killed && tried % 2 == 0 ? SIGKILL : SIGTERM);
    for (uint64_t point = 1; tries == 0 && point <= stops; point++, tried++) {
        if (is_killed)
            try_and_tell(point, SIGKILL);
        try_and_tell(point, SIGTERM);
    }
    printf("%sok 1 - stopped at %llu points of the %llu before and behind the system "
           "calls of a run\n1..1\n",
           failed_count > 0 ? "not " : "", (unsigned long long)tried,
           (unsigned long long)stops);
    return traced_remove_folder() && failed_count == 0 ? 0 : 1;
}
