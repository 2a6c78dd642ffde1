/* SPDX-License-Identifier: MIT
 *
 * A run is killed at one of its system calls, before the call or behind it, and the next
 * run has to find outputs that are all of before or all new, and to leave nothing else. The
 * run is remembered exactly when they are new.
 *
 *     kills [--tries N] [--seed N] [--kill 0]    N drawn points; without --tries, all
 *
 * Points are counted by ptrace, so a seed names the same ones again. Half of the
 * tries end by SIGKILL (with --kill 0: none), the others by SIGTERM, which also has to
 * keep its own promises.
 * Where ptrace is not allowed, the test is skipped.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const outputs[] = {"out/a.csv", "out/b.jsonl", "out/sub/c.csv"};
enum { OUTPUT_COUNT = 3, TEXT_SIZE = 4096, EXIT_STOPPED = 75 };

static const char *const old_texts[OUTPUT_COUNT] = {"of yesterday\n", "of yesterday\n",
                                                    NULL};
static char new_texts[OUTPUT_COUNT][TEXT_SIZE];
static char folder[] = "/tmp/carpel-kills-XXXXXX";
static uint64_t random_state = 1;

static uint64_t draw(uint64_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (random_state >> 33) % limit;
}

static _Noreturn void bail_out(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- files ------------------------------------------------------------------------ */

static void write_file(const char *name, const char *body)
{
    FILE *file = fopen(name, "w");
    if (file == NULL || fputs(body, file) < 0 || fclose(file) != 0)
        bail_out(name);
}

/* False when there is no such file; `out` has room for TEXT_SIZE. */
static bool read_file(const char *name, char *out)
{
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return false;
    out[fread(out, 1, TEXT_SIZE - 1, file)] = '\0';
    fclose(file);
    return true;
}

static void remove_outputs(void)
{
    if (system("rm -rf out .carpel/runs") != 0)
        bail_out("rm");
}

static void write_outputs_of_yesterday(void)
{
    remove_outputs();
    if (mkdir("out", 0777) != 0)
        bail_out("out");
    for (size_t i = 0; i < OUTPUT_COUNT; i++)
        if (old_texts[i] != NULL)
            write_file(outputs[i], old_texts[i]);
}

static void write_data(void)
{
    write_file("data.csv", "id,t\nann,2026-01-01\nbob,2026-01-02\n");
}

static void write_project(void)
{
    if (mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("rules", 0777) != 0)
        bail_out(folder);
    write_file("rules/r.seg", "segment buyers when did buy\n");
    write_file("carpel.yaml",
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

static pid_t start(bool is_traced)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    int nowhere = open("/dev/null", O_WRONLY),
        errors = open("stderr", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(nowhere, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* its search for leaks traces too */
    if (is_traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(126);
    execl(getenv("CARPEL"), "carpel", "run", "-q", "-j", "1", "--as-of", "2026-03-01",
          (char *)NULL);
    _exit(127);
}

static int run_whole(void)
{
    int status;
    waitpid(start(false), &status, 0);
    return status;
}

/* Run until the `point`-th stop at a system call and send the signal there; UINT64_MAX:
 * to the end. Returns how many stops there were, and the status. */
static uint64_t run_until(uint64_t point, int signal_number, int *status)
{
    uint64_t stops = 0;
    pid_t pid = start(true);
    int pass_on = 0;
    waitpid(pid, status, 0);
    if (!WIFSTOPPED(*status))
        return 0;
    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    while (ptrace(PTRACE_SYSCALL, pid, NULL, pass_on) == 0 &&
           waitpid(pid, status, 0) == pid) {
        if (!WIFSTOPPED(*status))
            return stops;
        bool is_call = WSTOPSIG(*status) == (SIGTRAP | 0x80);
        pass_on = is_call || WSTOPSIG(*status) == SIGTRAP ? 0 : WSTOPSIG(*status);
        if (is_call && ++stops == point) {
            kill(pid, signal_number);
            ptrace(PTRACE_DETACH, pid, NULL, 0);
            waitpid(pid, status, 0);
            return stops;
        }
    }
    return stops;
}

/* ---- what has to be seen ------------------------------------------------------------ */

static bool is_text(size_t output, const char *wanted)
{
    char is[TEXT_SIZE];
    bool is_there = read_file(outputs[output], is);
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
    write_file("data.csv", "nobody,t\nann,2026-01-01\n");
    int status = run_whole();
    write_data();
    return WIFEXITED(status) && WEXITSTATUS(status) != 0;
}

static bool expect_stopped(int status)
{
    char said[TEXT_SIZE] = "";
    read_file("stderr", said);
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
    run_until(point, signal_number, &status);
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
    char said[TEXT_SIZE] = "";
    read_file("stderr", said);
    if (failed_count++ < 10)
        printf("# %s at stop %llu: %s (%s)\n",
               signal_number == SIGKILL ? "SIGKILL" : "SIGTERM",
               (unsigned long long)point, wrong, said);
}

/* Most of a run is its start; three of four are drawn from the last third. */
static uint64_t draw_point(uint64_t count)
{
    return draw(4) == 0 ? 1 + draw(count) : count - draw(count / 3);
}

static uint64_t option(int count, char **arguments, const char *name, uint64_t otherwise)
{
    for (int i = 1; i + 1 < count; i += 2)
        if (strcmp(arguments[i], name) == 0)
            return strtoull(arguments[i + 1], NULL, 10);
    return otherwise;
}

static void read_new_texts(void)
{
    for (size_t i = 0; i < OUTPUT_COUNT; i++)
        if (!read_file(outputs[i], new_texts[i]))
            bail_out(outputs[i]);
}

int main(int count, char **arguments)
{
    int status;
    uint64_t tries = option(count, arguments, "--tries", 0), tried = 0;
    bool is_killed = option(count, arguments, "--kill", 1) != 0;
    random_state = option(count, arguments, "--seed", 1);
    write_project();
    uint64_t stops = run_until(UINT64_MAX, SIGKILL, &status);
    if (stops == 0) {
        printf("1..0 # SKIP ptrace is not allowed here\n");
        return 0;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bail_out("the run does not succeed");
    read_new_texts();
    for (; tried < tries; tried++)
        try_and_tell(draw_point(stops), is_killed && tried % 2 == 0 ? SIGKILL : SIGTERM);
    for (uint64_t point = 1; tries == 0 && point <= stops; point++, tried++) {
        if (is_killed)
            try_and_tell(point, SIGKILL);
        try_and_tell(point, SIGTERM);
    }
    printf("%sok 1 - stopped at %llu points of the %llu before and behind the system "
           "calls of a run\n1..1\n",
           failed_count > 0 ? "not " : "", (unsigned long long)tried,
           (unsigned long long)stops);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") == 0 && system(command) == 0 && failed_count == 0 ? 0 : 1;
}
