/* SPDX-License-Identifier: MIT
 *
 * Signals to the command: a run is stopped at each of its stages, in and out of the hands
 * of plugins that do not listen. A stage tells through a pipe that it is reached
 * (tests/signals/gate.h), or is seen in /proc; nothing waits for a time to pass, except
 * for what takes too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

/* Within this the machine gets anything done, however busy it is; then the test fails. */
enum { PATIENCE_MILLISECONDS = 30000 };

enum { EXIT_STOPPED = 75 };

/* The work has so long to end by itself. */
#define GRACE_SECONDS 0.7

static const char old_output[] = "segment,person,as_of\nof,yesterday,\n";

/* ---- a project -------------------------------------------------------------------- */

static char folder[] = "/tmp/carpel-stop-XXXXXX";

static void write_file(const char *name, const char *body)
{
    carpel_error err;
    if (!file_write_whole(name, body, strlen(body), &err))
        fail_msg("%s", err.message);
}

static int go_there(void **state)
{
    carpel_error err;
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    return directory_make("rules", &err) && directory_make("out", &err) ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void write_project_file(const char *source, const char *more)
{
    text body;
    text_init(&body);
    text_append_format(&body,
                       "name: gates\ntime_zone: UTC\nevents: {buy: {}}\n"
                       "sources:\n  - {%s, person: id, time: t, event: buy}\n"
                       "outputs:\n  - {plugin: csv, path: out/a.csv}\n"
                       "  - {plugin: jsonl, path: out/b.jsonl}\n%s",
                       source, more);
    write_file("carpel.yaml", body.data);
    text_done(&body);
}

/* A source that is at the gate, and outputs that are there from yesterday. */
static void write_project(const char *source, const char *rules, const char *more)
{
    write_project_file(source, more);
    write_file("rules/r.seg", rules);
    write_file("out/a.csv", old_output);
    write_file("out/b.jsonl", old_output);
}

static void expect_file(const char *name, const char *body)
{
    carpel_error err;
    text is;
    text_init(&is);
    if (!file_read(name, 1 << 20, &is, &err))
        fail_msg("%s", err.message);
    assert_string_equal(is.data, body);
    text_done(&is);
}

/* What the last test left. */
static void remove_outputs(void)
{
    assert_int_equal(system("rm -rf out && mkdir out"), 0);
}

static size_t count_files(const char *directory)
{
    size_t count = 0;
    DIR *d = opendir(directory);
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (d != NULL)
        closedir(d);
    return count;
}

static void expect_outputs_of_yesterday(void)
{
    expect_file("out/a.csv", old_output);
    expect_file("out/b.jsonl", old_output);
    assert_int_equal(count_files("out"), 2);
}

/* ---- a process -------------------------------------------------------------------- */

typedef struct process {
    pid_t pid;
    int gate, end; /* readable when the gate is reached; when the process has ended */
} process;

static void become_carpel(int gate, int ignored_signal, const char *const *arguments)
{
    char number[16];
    snprintf(number, sizeof number, "%d", gate);
    setenv("CARPEL_GATE", number, 1);
    static const int signals[] = {SIGINT, SIGTERM,
                                  SIGHUP}; /* who runs tests may ignore some */
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], signals[i] == ignored_signal ? SIG_IGN : SIG_DFL);
    int out = open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    int errors = open("stderr", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(out, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execv(getenv("CARPEL"), (char *const *)arguments);
    _exit(127);
}

static process start(const char *const *arguments, int ignored_signal)
{
    int gate[2];
    assert_int_equal(pipe(gate), 0);
    process p = {.pid = fork(), .gate = gate[0]};
    if (p.pid == 0)
        become_carpel(gate[1], ignored_signal, arguments);
    close(gate[1]);
    p.end = (int)syscall(SYS_pidfd_open, p.pid, 0);
    assert_true(p.pid > 0 && p.end >= 0);
    return p;
}

static process start_run(const char *threads)
{
    const char *const arguments[] = {"carpel", "run", "-q", "-j", threads, NULL};
    return start(arguments, 0);
}

static _Noreturn void give_up(process *p, const char *what)
{
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
    carpel_error err;
    text said;
    text_init(&said);
    file_read("stderr", 1 << 20, &said, &err);
    print_message("%s\n", said.data);
    text_done(&said);
    fail_msg("%s", what);
    abort();
}

static void await_gate(process *p)
{
    char byte;
    struct pollfd gate = {.fd = p->gate, .events = POLLIN};
    if (poll(&gate, 1, PATIENCE_MILLISECONDS) != 1 || read(p->gate, &byte, 1) != 1)
        give_up(p, "the gate was not reached");
}

/* What /proc says: the state's letter, and the clock ticks that were worked. */
static unsigned long ticks_of(const process *p, char *letter)
{
    char path[40], line[512] = "";
    unsigned long user = 0, system_time = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)p->pid);
    FILE *file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        sscanf(strrchr(line, ')') + 1,
               " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", letter, &user,
               &system_time);
    if (file != NULL)
        fclose(file);
    return user + system_time;
}

/* Does it handle SIGTERM? Before that, while the program begins, a signal just ends it. */
static bool handles_signals(const process *p)
{
    char path[40], line[512];
    unsigned long long caught = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)p->pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "SigCgt: %llx", &caught) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return (caught >> (SIGTERM - 1) & 1) != 0;
}

/* Until it handles signals and has worked for so many more hundredths of a second: longer
 * than anything of this project takes, so it is where there is no end. */
static void await_work(process *p, unsigned long ticks)
{
    char letter = '?';
    double begin = clock_monotonic_seconds();
    while (!handles_signals(p))
        if ((clock_monotonic_seconds() - begin) * 1000 > PATIENCE_MILLISECONDS)
            give_up(p, "it handles no signals");
    unsigned long before = ticks_of(p, &letter);
    while (ticks_of(p, &letter) < before + ticks)
        if (letter == 'Z' ||
            (clock_monotonic_seconds() - begin) * 1000 > PATIENCE_MILLISECONDS)
            give_up(p, "it does not work");
}

/* How it ended, and after how many seconds. */
static int await_end(process *p, double *seconds)
{
    int status = 0;
    double begin = clock_monotonic_seconds();
    struct pollfd end = {.fd = p->end, .events = POLLIN};
    if (poll(&end, 1, PATIENCE_MILLISECONDS) != 1)
        give_up(p, "it does not end");
    *seconds = clock_monotonic_seconds() - begin;
    waitpid(p->pid, &status, 0);
    close(p->gate);
    close(p->end);
    return status;
}

static void expect_said(const char *line)
{
    expect_file("stderr", line);
    expect_file("stdout", "");
}

/* Send the signal and see what has to be seen: `said` names the one that came first. */
static double stop_it(process *p, int number, const char *said, const char *what)
{
    char line[80];
    double seconds;
    kill(p->pid, number);
    int status = await_end(p, &seconds);
    print_message("# %s, %s: %.3f s\n", what, said, seconds);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_STOPPED)
        fail_msg("%s: status %x", what, (unsigned)status);
    snprintf(line, sizeof line, "carpel: stopped by %s; outputs are as they were\n",
             said);
    expect_said(line);
    expect_outputs_of_yesterday();
    return seconds;
}

/* ---- stages ----------------------------------------------------------------------- */

static const char plain_rules[] = "segment buyers when did buy\n";

static void test_sources_at_the_gate(void **state)
{
    static const struct {
        const char *source;
        int signal;
        const char *said;
    } cases[] = {
        {"plugin: gate, at: open, manner: ask", SIGINT, "SIGINT"},
        {"plugin: gate, at: open, manner: sleep", SIGTERM, "SIGTERM"},
        {"plugin: gate, at: rows, manner: ask", SIGTERM, "SIGTERM"},
        {"plugin: gate, at: rows, manner: ask", SIGHUP, "SIGHUP"},
        {"plugin: gate, at: rows, manner: spin", SIGINT, "SIGINT"},
        {"plugin: gate, at: end, manner: ask", SIGHUP, "SIGHUP"},
        {"plugin: gate, at: end, manner: sleep", SIGHUP, "SIGHUP"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_project(cases[i].source, plain_rules, "");
        process p = start_run("1");
        await_gate(&p);
        stop_it(&p, cases[i].signal, cases[i].said, cases[i].source);
    }
}

/* The synthetic source makes more than anybody waits for. */
static void test_a_source_that_works(void **state)
{
    (void)state;
    write_project("plugin: synthetic, people: 100000000", plain_rules, "");
    write_file("carpel.yaml", "name: many\ntime_zone: UTC\n"
                              "events: {purchase: {amount: decimal(2)}}\n"
                              "sources: [{plugin: synthetic, people: 100000000}]\n");
    write_file("rules/r.seg", "segment buyers when did purchase\n");
    process p = start_run("1");
    await_work(&p, 10);
    stop_it(&p, SIGTERM, "SIGTERM", "a source that works");
}

/* The pipe is open, and what was in it is read: the source waits for more. */
static void test_a_pipe_without_data(void **state)
{
    char letter = '?';
    int left = 1;
    (void)state;
    assert_int_equal(mkfifo("data.csv", 0666), 0);
    write_project("plugin: csv, files: data.csv", plain_rules, "");
    process p = start_run("1");
    int pipe_end = open("data.csv", O_WRONLY);
    assert_int_equal(write(pipe_end, "id,t\nann,2026-01-01\n", 20), 20);
    while (left > 0)
        assert_int_equal(ioctl(pipe_end, FIONREAD, &left), 0);
    while (letter != 'S')
        ticks_of(&p, &letter);
    stop_it(&p, SIGTERM, "SIGTERM", "a pipe without data");
    close(pipe_end);
    unlink("data.csv");
}

static void test_judging(void **state)
{
    static const struct {
        const char *name, *rules, *threads;
        int signal;
        const char *said;
    } cases[] = {
        {"a script", "use \"spin.lua\"\nsegment s when spin.f(count(buy)) > 0\n", "1",
         SIGINT, "SIGINT"},
        {"a script", "use \"spin.lua\"\nsegment s when spin.f(count(buy)) > 0\n", "4",
         SIGTERM, "SIGTERM"},
        {"a series of judgements",
         "segment s judged every day when count(buy) > 3\n  stay while did buy\n", "2",
         SIGHUP, "SIGHUP"},
    };
    (void)state;
    write_file("spin.lua", "return {f = function(n) while true do end end}\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_project("plugin: gate, at: end, manner: pass, since: 1800-01-01",
                      cases[i].rules,
                      "scripts: {files: spin.lua, call_milliseconds: 60000}\n");
        process p = start_run(cases[i].threads);
        await_gate(&p);
        await_work(&p, 10);
        stop_it(&p, cases[i].signal, cases[i].said, cases[i].name);
    }
}

static void test_outputs_at_the_gate(void **state)
{
    static const struct {
        const char *output;
        int signal;
        const char *said;
    } cases[] = {
        {"  - {plugin: gate, at: begin, manner: ask}\n", SIGINT, "SIGINT"},
        {"  - {plugin: gate, at: write, manner: ask}\n", SIGTERM, "SIGTERM"},
        {"  - {plugin: gate, at: write, manner: spin}\n", SIGHUP, "SIGHUP"},
        {"  - {plugin: gate, at: write, manner: finish}\n", SIGHUP, "SIGHUP"},
        {"  - {plugin: gate, at: prepare, manner: sleep}\n", SIGINT, "SIGINT"},
        {"  - {plugin: gate, at: prepare, manner: finish}\n", SIGINT, "SIGINT"},
        {"  - {plugin: gate, at: commit, manner: ask}\n", SIGTERM, "SIGTERM"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_project("plugin: gate", plain_rules, cases[i].output);
        process p = start_run("1");
        await_gate(&p);
        stop_it(&p, cases[i].signal, cases[i].said, cases[i].output);
    }
}

/* ---- outputs in a process of their own ---------------------------------------------- */

enum { PEOPLE = 200000, MOMENTS = 20, MOST_TRIES = 5 };

/* The child has the gate's pipe, too: it ends with the last who could write to it. */
static void expect_nobody_left(int gate)
{
    char byte;
    struct pollfd end = {.fd = gate, .events = POLLIN};
    do {
        assert_int_equal(poll(&end, 1, PATIENCE_MILLISECONDS), 1);
    } while (read(gate, &byte, 1) > 0);
    close(gate);
}

/* Stop the run of the project at its gate; how long the command and the child took to go. */
static double stop_isolated(int number, const char *said, const char *what)
{
    double begin;
    process p = start_run("1");
    int gate = dup(p.gate);
    await_gate(&p);
    begin = clock_monotonic_seconds();
    stop_it(&p, number, said, what);
    expect_nobody_left(gate);
    return clock_monotonic_seconds() - begin;
}

/* Within a second, on a machine that is not too busy. */
static void expect_quick_stop(int number, const char *said, const char *what)
{
    double seconds = 1;
    for (int tries = 0; tries < MOST_TRIES && seconds >= 1; tries++)
        seconds = stop_isolated(number, said, what);
    assert_true(seconds < 1);
}

static void test_isolated_outputs(void **state)
{
    static const struct {
        const char *output;
        int signal;
        const char *said;
    } cases[] = {
        {"  - {plugin: gate, at: begin, manner: sleep, isolation: process}\n", SIGINT,
         "SIGINT"},
        {"  - {plugin: gate, at: write, manner: ask, isolation: process}\n", SIGINT,
         "SIGINT"},
        {"  - {plugin: gate, at: write, manner: spin, isolation: process}\n", SIGTERM,
         "SIGTERM"},
        {"  - {plugin: gate, at: prepare, manner: sleep, isolation: process}\n", SIGHUP,
         "SIGHUP"},
        {"  - {plugin: gate, at: prepare, manner: finish, isolation: process}\n", SIGINT,
         "SIGINT"},
        {"  - {plugin: gate, at: commit, manner: ask, isolation: process}\n", SIGINT,
         "SIGINT"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_project("plugin: gate", plain_rules, cases[i].output);
        expect_quick_stop(cases[i].signal, cases[i].said, cases[i].output);
    }
}

static void write_people(void)
{
    text body;
    text_init(&body);
    text_append(&body, "id,t\n");
    for (int i = 0; i < PEOPLE; i++)
        text_append_format(&body, "p%d,2026-01-01\n", i);
    write_file("people.csv", body.data);
    text_done(&body);
}

/* In the midst of the rows that it is given. */
static void test_rows_of_an_isolated_output(void **state)
{
    static const char *const manners[] = {"ask", "sleep", "spin"};
    const char *given = getenv("CARPEL_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)getpid();
    char output[200];
    (void)state;
    print_message("# CARPEL_SEED=%u\n", seed);
    write_people();
    for (size_t i = 0; i < MOMENTS; i++) {
        seed = seed * 1103515245 + 12345;
        unsigned rows = seed / 7 % PEOPLE;
        snprintf(output, sizeof output,
                 "  - {plugin: gate, at: write, rows: %u, manner: %s, isolation: "
                 "process}\n",
                 rows, manners[i % 3]);
        write_project("plugin: csv, files: people.csv", plain_rules, output);
        expect_quick_stop(SIGINT, "SIGINT", output);
    }
}

static bool is_of_today(const char *name)
{
    carpel_error err;
    text is;
    text_init(&is);
    if (!file_read(name, 1 << 20, &is, &err))
        fail_msg("%s", err.message);
    bool is_new = strstr(is.data, "buyers") != NULL;
    text_done(&is);
    return is_new;
}

/* The files are in place, and the last output is about to be: that is waited for. */
static void test_too_late(void **state)
{
    double seconds;
    (void)state;
    write_project("plugin: gate", plain_rules,
                  "  - {plugin: gate, at: commit, manner: finish}\n");
    process p = start_run("1");
    await_gate(&p);
    kill(p.pid, SIGTERM);
    int status = await_end(&p, &seconds);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_STOPPED);
    expect_said("carpel: stopped by SIGTERM after the outputs had been put in place\n");
    assert_true(is_of_today("out/a.csv") && is_of_today("out/b.jsonl"));
    assert_int_equal(count_files("out"), 2);
}

/* An output that hangs when it should put its result in place is not waited for without
 * end. */
static void test_a_commit_that_hangs(void **state)
{
    double seconds;
    (void)state;
    write_project("plugin: gate", plain_rules,
                  "  - {plugin: gate, at: commit, manner: spin}\n");
    process p = start_run("1");
    await_gate(&p);
    kill(p.pid, SIGTERM);
    int status = await_end(&p, &seconds);
    print_message("# a commit that hangs, SIGTERM: %.3f s\n", seconds);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_STOPPED);
    expect_said("carpel: stopped by SIGTERM while outputs were put in place; some may be "
                "new already\n");
    remove_outputs();
}

/* ---- which signals ------------------------------------------------------------------ */

/* The second one does not wait for the first's grace: on a machine that is not too busy,
 * so it is tried until it is seen. */
static void test_a_second_signal(void **state)
{
    double seconds = 1;
    (void)state;
    write_project("plugin: gate, at: rows, manner: spin", plain_rules, "");
    for (int tries = 0; tries < 10 && seconds >= GRACE_SECONDS; tries++) {
        process p = start_run("1");
        await_gate(&p);
        kill(p.pid, SIGINT);
        seconds = stop_it(&p, SIGTERM, "SIGINT", "a second signal");
    }
    assert_true(seconds < GRACE_SECONDS);
}

/* As nohup and a shell's background do. */
static void test_ignored_signals(void **state)
{
    static const int signals[] = {SIGHUP, SIGINT};
    const char *const arguments[] = {"carpel", "run", "-q", NULL};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        write_project("plugin: gate, at: rows, manner: ask", plain_rules, "");
        process p = start(arguments, signals[i]);
        await_gate(&p);
        kill(p.pid, signals[i]);
        stop_it(&p, SIGTERM, "SIGTERM", "with another signal ignored");
    }
}

/* The line takes the place of a progress bar and of the terminal's ^C. */
static void test_on_a_terminal(void **state)
{
    const char *const arguments[] = {"carpel", "run", "-j", "1", NULL};
    char said[200] = "";
    double seconds;
    (void)state;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    write_project("plugin: gate, at: rows, manner: ask", plain_rules, "");
    unlink("stderr");
    assert_int_equal(symlink(ptsname(terminal), "stderr"), 0);
    int slave = open("stderr", O_RDWR | O_NOCTTY); /* so that what was said stays */
    setenv("TERM", "xterm", 1);
    process p = start(arguments, 0);
    await_gate(&p);
    kill(p.pid, SIGINT);
    int status = await_end(&p, &seconds);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_STOPPED);
    assert_true(read(terminal, said, sizeof said - 1) > 0);
    assert_string_equal(said, "\r\033[Kcarpel: stopped by SIGINT; "
                              "outputs are as they were\r\n");
    unlink("stderr");
    close(slave);
    close(terminal);
}

/* Commands that write nothing end as the system ends them. */
static void test_other_commands(void **state)
{
    const char *const arguments[] = {"carpel", "fmt", "-", NULL};
    char letter = '?';
    double seconds;
    (void)state;
    int input[2], kept = dup(STDIN_FILENO);
    assert_int_equal(pipe(input), 0);
    dup2(input[0], STDIN_FILENO);
    process p = start(arguments, 0);
    dup2(kept, STDIN_FILENO);
    while (letter != 'S')
        ticks_of(&p, &letter);
    kill(p.pid, SIGTERM);
    int status = await_end(&p, &seconds);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    expect_said("");
    close(input[0]);
    close(input[1]);
    close(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources_at_the_gate),
        cmocka_unit_test(test_a_source_that_works),
        cmocka_unit_test(test_a_pipe_without_data),
        cmocka_unit_test(test_judging),
        cmocka_unit_test(test_outputs_at_the_gate),
        cmocka_unit_test(test_isolated_outputs),
        cmocka_unit_test(test_rows_of_an_isolated_output),
        cmocka_unit_test(test_too_late),
        cmocka_unit_test(test_a_commit_that_hangs),
        cmocka_unit_test(test_a_second_signal),
        cmocka_unit_test(test_ignored_signals),
        cmocka_unit_test(test_on_a_terminal),
        cmocka_unit_test(test_other_commands),
    };
    const char *plugins = getenv("CARPEL_PLUGIN_PATH"),
               *gates = getenv("CARPEL_GATE_PATH");
    text path;
    text_init(&path);
    text_append_format(&path, "%s:%s", gates, plugins);
    setenv("CARPEL_PLUGIN_PATH", path.data, 1);
    text_done(&path);
    return cmocka_run_group_tests(tests, go_there, leave);
}
