/* SPDX-License-Identifier: MIT
 *
 * An output that says on stderr which of its functions are called, and to which something happens while it takes
 * its rows: STARVED uses up the memory of its process before, and with HEEDS 0 it does not heed that there are no
 * rows; FROZEN stops the process in the middle of a batch.
 */
#include <carpel/plugin.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const carpel_option options_table[] = {{0}};

static void say(const char *function)
{
    (void)!write(STDERR_FILENO, function, strlen(function));
    (void)!write(STDERR_FILENO, "\n", 1);
}

/* Pages of memory that the process has. */
static long used_pages(void)
{
    long all, used = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &all, &used) != 2)
        used = 0;
    if (file)
        fclose(file);
    return used;
}

static void *stop_in_batch(void *context)
{
    const long *before = context;
    while (used_pages() < *before + 200) /* the batch begins to come */
        continue;
    raise(SIGSTOP);
    return NULL;
}

static void starve(void)
{
    const struct rlimit none = {1, 1};
    setrlimit(RLIMIT_AS, &none);
    for (size_t size = 1 << 22; size >= 1 << 14;)
        if (!malloc(size))
            size /= 2;
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    *instance = NULL;
    say("begin");
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    struct ArrowArray batch;
    pthread_t thread;
    static long before;
    say("write");
    before = used_pages();
    if (FROZEN)
        pthread_create(&thread, NULL, stop_in_batch, &before);
    if (STARVED)
        starve();
    for (;;) {
        if (rows->get_next(rows, &batch) != 0)
            return !HEEDS || carpel_fail(err, CARPEL_E_SYSTEM, "no rows: %s",
                                         rows->get_last_error(rows));
        if (!batch.release)
            break;
        batch.release(&batch);
    }
    if (FROZEN) /* if it was faster than the thread */
        raise(SIGSTOP);
    return true;
}

static bool prepare(void *instance, carpel_error *err)
{
    say("prepare");
    return true;
}

static bool commit(void *instance, carpel_error *err)
{
    say("commit");
    return true;
}

static void abort_output(void *instance)
{
    say("abort");
}

static void close_output(void *instance)
{
    say("close");
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = abort_output,
                                     .close = close_output};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER, .kind = CARPEL_OUTPUT,          .name = "starved",
    .version = "1.0",     .summary = "Wrong on purpose.", .options = options_table,
    .output = &output,
};
