/* SPDX-License-Identifier: MIT
 *
 * A source that breaks the contract in the one way that its option `breach` names, and
 * keeps to it in all others; "none" breaks nothing. tests/plugins/run.sh says what carpel
 * has to answer to each.
 *
 * Its rows are those of three people. They come from the host's builder, and what is
 * wrong in a batch is made wrong in what the builder gave.
 */
#include <carpel/plugin.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct evil_options {
    const char *breach;
    int64_t count;
} evil_options;

static const carpel_option options_table[] = {
    {.name = "breach",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(evil_options, breach),
     .required = true,
     .help = "What to do wrong."},
    {.name = "count",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(evil_options, count),
     .default_text = "20000",
     .help = "How often to do it, where that matters."},
    {0}};

/* One instance is enough for a test. */
static struct {
    const carpel_host *host;
    const carpel_request *request;
    const char *breach;
    carpel_rows *rows;
    int64_t count;
    void (*release_batch)(struct ArrowArray *);
    bool is_over;
} evil;

static bool does(const char *breach)
{
    return strcmp(evil.breach, breach) == 0;
}

/* ---- ends ------------------------------------------------------------------------- */

static volatile int *nothing;

static int use_up_the_stack(int depth)
{
    volatile char block[4096];
    block[0] = (char)depth;
    return use_up_the_stack(depth + 1) + block[0];
}

static void *end_alone(void *unused)
{
    (void)unused;
    if (does("exit in a thread"))
        exit(0);
    _exit(0);
}

static void end_in_a_thread(void)
{
    pthread_t thread;
    if (does("exit in a thread") || does("_exit in a thread"))
        if (pthread_create(&thread, NULL, end_alone, NULL) == 0)
            pthread_join(thread, NULL);
}

/* Write into the sockets of the process, which are not for programs that it starts. */
static void scribble(void)
{
    char line[5000];
    struct stat found;
    memset(line, 'x', sizeof line);
    for (int fd = 3; fd < 64; fd++)
        if (fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode) &&
            (fcntl(fd, F_GETFD) & FD_CLOEXEC))
            (void)!write(fd, line, sizeof line);
}

/* Write all over the memory that the process has in common with others, and end. */
static void scribble_on_memory(void)
{
    char line[1000], rights[5];
    unsigned long begin, end;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx %4s", &begin, &end, rights) == 3 &&
            strcmp(rights, "rw-s") == 0)
            memset((void *)begin, 'x', end - begin);
    _exit(0);
}

static void end_in(const char *function)
{
    char breach[80];
    static const char *const ends[] = {"exit",       "_exit", "_Exit",
                                       "quick_exit", "abort", "crash",
                                       "overflow",   "hang",  "loop"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        strcat(strcat(strcpy(breach, ends[i]), " in "), function);
        if (!does(breach))
            continue;
        switch (i) {
        case 0: exit(0);
        case 1: _exit(0);
        case 2: _Exit(0);
        case 3: quick_exit(0);
        case 4: abort();
        case 5: *nothing = 1; break;
        case 6: use_up_the_stack(0); break;
        case 7:
            for (;;)
                pause();
        default:
            for (;;)
                evil.host->is_cancelled(evil.host);
        }
    }
}

/* ---- rows ------------------------------------------------------------------------- */

static void begin_and_set(uint64_t line)
{
    const carpel_host *h = evil.host;
    h->row_begin(evil.rows, line);
    for (size_t i = 0; i < evil.request->column_count; i++) {
        if (strcmp(evil.request->columns[i].from, "id") == 0)
            h->row_set_text(evil.rows, i, "ann", 3, false);
        else if (strcmp(evil.request->columns[i].from, "at") == 0)
            h->row_set_text(evil.rows, i, "2026-01-01", 10, false);
    }
}

static void add_rows(void)
{
    for (uint64_t line = 1; line <= 3; line++) {
        begin_and_set(line);
        evil.host->row_end(evil.rows);
    }
    if (does("row begun twice"))
        begin_and_set(4), begin_and_set(5);
    if (does("row never ended") || does("row open in rows_take"))
        begin_and_set(4);
}

/* ---- batches ---------------------------------------------------------------------- */

static void keep_release(struct ArrowArray *array)
{
    evil.release_batch(array);
    array->release = keep_release;
}

static const void *two_offsets(void)
{
    static const int32_t offsets[] = {9, 3, 3, 3};
    return offsets;
}

/* Column 0 is the person: codes of a dictionary, or "u"; column 1 the time: "tsu:UTC". */
static void spoil(struct ArrowArray *a)
{
    static const uint8_t no_bits[1] = {0};
    struct ArrowArray *person = a->children[0], *time = a->children[1];
    if (does("batch offset far"))
        a->offset = INT64_MAX;
    if (does("batch length far"))
        a->length = INT64_MAX;
    if (does("batch length negative"))
        a->length = -1;
    if (does("batch without children"))
        a->children = NULL;
    if (does("batch with fewer children"))
        a->n_children--;
    if (does("batch without buffers"))
        a->buffers = NULL;
    if (does("column missing"))
        a->children[0] = NULL;
    if (does("column offset far"))
        person->offset = INT64_MAX;
    if (does("column offset long"))
        time->offset = INT64_C(1) << 38;
    if (does("column offset negative"))
        person->offset = -3;
    if (does("column short"))
        person->length = 1;
    if (does("column released"))
        time->release = NULL;
    if (does("column without buffers"))
        person->buffers = NULL;
    if (does("column without values"))
        time->buffers[1] = NULL;
    if (does("offsets unsorted"))
        (person->dictionary ? person->dictionary : person)->buffers[1] = two_offsets();
    if (does("null_count lies")) {
        time->buffers[0] = no_bits;
        time->null_count = 1;
    }
    if (does("null_count without bits"))
        time->null_count = 99;
    if (does("batch not releasable"))
        a->release = NULL;
    if (does("batch release does not reset")) {
        evil.release_batch = a->release;
        a->release = keep_release;
    }
}

/* ---- the stream ------------------------------------------------------------------- */

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    (void)stream;
    end_in("get_schema");
    memset(out, 0, sizeof *out);
    if (does("get_schema fails silently"))
        return EIO;
    if (does("schema zeroed"))
        return 0;
    evil.host->rows_schema(evil.rows, out);
    if (does("schema without children"))
        out->children = NULL;
    if (does("schema with too many children"))
        out->n_children = INT64_MAX;
    if (does("schema without a format"))
        out->children[0]->format = NULL;
    if (does("schema of other columns"))
        out->children[0]->name = "other";
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    (void)stream;
    if (does("scribble"))
        scribble();
    if (does("scribble on memory"))
        scribble_on_memory();
    end_in("get_next");
    end_in_a_thread();
    memset(out, 0, sizeof *out);
    if (does("get_next fails silently"))
        return EIO;
    if (does("get_next fails with -1"))
        return -1;
    if (does("get_next fails without an end") || does("get_next fails well"))
        return EINVAL;
    if (does("no row for long") && evil.count-- > 0) {
        evil.host->rows_take(evil.rows, out);
        return 0;
    }
    if (evil.is_over)
        return 0;
    evil.is_over = true;
    add_rows();
    if (does("rows never taken"))
        return 0;
    if (!does("row never ended"))
        evil.host->rows_take(evil.rows, out);
    if (does("batch dropped")) {
        out->release(out);
        memset(out, 0, sizeof *out);
        return 0;
    }
    if (out->release != NULL)
        spoil(out);
    return 0;
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    static char endless[4096];
    (void)stream;
    memset(endless, 'x', sizeof endless);
    if (does("get_next fails without an end"))
        return endless;
    return does("get_next fails well") ? "the database is away" : NULL;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    end_in("release");
    evil.host->rows_free(evil.rows);
    if (!does("stream release does not reset"))
        stream->release = NULL;
}

/* ---- opening ---------------------------------------------------------------------- */

static bool fail_to_open(carpel_error *err)
{
    if (does("open fails without an end"))
        memset(err->message, 'x', sizeof err->message), err->code = CARPEL_E_INPUT;
    if (does("open fails with another code"))
        carpel_fail(err, (carpel_error_code)77, "what is 77?");
    if (does("open fails well"))
        carpel_fail(err, CARPEL_E_INPUT, "there is no such table");
    return false;
}

static void misuse_host(const carpel_host *host)
{
    carpel_rows *rows = evil.rows;
    if (does("log nothing"))
        host->log(host, (carpel_log_level)99, NULL);
    if (does("log without a host"))
        host->log(NULL, CARPEL_LOG_INFO, "hello");
    if (does("log well"))
        host->log(host, CARPEL_LOG_INFO, evil.request->name);
    for (int64_t i = 0; does("log very often") && i < evil.count; i++)
        host->log(host, CARPEL_LOG_INFO, "again\n");
    if (does("no builder"))
        host->row_begin(NULL, 1);
    if (does("item outside"))
        host->item_begin(rows, 0);
    if (does("cell outside"))
        host->row_set_text(rows, 0, "x", 1, false);
    if (does("builder freed twice"))
        host->rows_free(rows), host->rows_free(rows);
    if (does("too many columns"))
        host->rows_new(host, evil.request->columns, SIZE_MAX / 8);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    evil.host = host;
    evil.request = request;
    evil.breach = ((const evil_options *)request->options)->breach;
    evil.count = ((const evil_options *)request->options)->count;
    end_in("open");
    if (strncmp(evil.breach, "open fails", 10) == 0)
        return fail_to_open(err);
    evil.rows = host->rows_new(host, request->columns, request->column_count);
    host->rows_begin_file(evil.rows, "three.txt");
    misuse_host(host);
    *out = (struct ArrowArrayStream){stream_schema, stream_next, stream_last_error,
                                     stream_release, NULL};
    if (does("stream zeroed"))
        memset(out, 0, sizeof *out);
    if (does("stream without get_schema"))
        out->get_schema = NULL;
    if (does("stream without get_next"))
        out->get_next = NULL;
    if (does("stream without get_last_error"))
        out->get_last_error = NULL;
    if (does("stream without release"))
        out->release = NULL;
    return true;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "evil",
    .version = "1.0",
    .summary = "Wrong on purpose.",
    .options_size = sizeof(evil_options),
    .options = options_table,
    .source = &source,
};
