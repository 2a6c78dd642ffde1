/* SPDX-License-Identifier: MIT
 *
 * A topic in a folder: its partitions are the files 0, 1, 2 ... there, as far as they exist, a line a row,
 * "PERSON TIME". The cursor of a partition is the number of lines that were read, that of the source tells them
 * all, those of partitions that are gone as well: "0=12 3=7". What is acknowledged stands in the file "kept".
 *
 * Built with WHOLE it has no partitions, as a version before; with NO_JOIN it is no whole plugin; with AS_TOLD those
 * of the documentation. FLAW in the environment makes something go
 * wrong; "later WHERE 2" does in "open", of the second partition in "open_partition", or in "get_next" behind LATER_ROWS.
 */
#include <carpel/plugin.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flaws.h"

enum { MOST = 100, LATER_ROWS = 100000 };

typedef struct shards_options {
    const char *folder;
} shards_options;

static const carpel_option options_table[] = {
    {.name = "folder",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(shards_options, folder),
     .required = true,
     .help = "The topic."},
    {0}}; /* an option without a name ends the table */

/* Which partitions there are, and where each of them is. */
typedef struct topic {
    const carpel_request *request;
    unsigned long places[MOST]; /* lines that were read, by the number of the file */
    int numbers[MOST];          /* of the files that are there */
    size_t count;
} topic;

/* Partitions that are read side by side. */
typedef struct opened {
    topic topic;
    atomic_bool is_open[MOST];
} opened;

/* Some partitions, one after the other. */
typedef struct shards {
    const carpel_host *host;
    topic topic;
    opened *opened; /* of one partition; NULL: of all */
    carpel_rows *rows;
    size_t at, to;
    unsigned long given;
    FILE *file; /* of the partition at hand, once it is begun */
    carpel_error error;
} shards;

static FILE *open_file(const carpel_request *request, int number)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%d",
             ((const shards_options *)request->options)->folder, number);
    return fopen(path, "r");
}

static bool read_cursor(topic *t, const char *cursor, carpel_error *err)
{
    int size;
    for (const char *at = cursor; *at != '\0'; at += size) {
        int number;
        unsigned long place;
        size = 0;
        if (sscanf(at, "%d=%lu%n ", &number, &place, &size) != 2 || number >= MOST)
            return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" is no cursor", cursor);
        t->places[number] = place;
        size += at[size] == ' ';
    }
    return true;
}

static bool read_topic(topic *t, const carpel_request *request, carpel_error *err)
{
    *t = (topic){.request = request};
    for (int i = 0; i < MOST; i++) {
        FILE *f = open_file(request, i);
        if (f) {
            t->numbers[t->count++] = i;
            fclose(f);
        }
    }
    for (size_t i = 0; i < request->column_count; i++)
        if (strcmp(request->columns[i].from, "person") != 0 &&
            strcmp(request->columns[i].from, "time") != 0 &&
            !request->columns[i].is_optional)
            return carpel_fail(err, CARPEL_E_INPUT, "there is no field \"%s\"",
                               request->columns[i].from);
    return !request->cursor || read_cursor(t, request->cursor, err);
}

/* ---- rows ------------------------------------------------------------------------- */

static void add_row(const shards *s, char *line, unsigned long number)
{
    const carpel_request *q = s->topic.request;
    char *time = line + strcspn(line, " ");
    *time++ = '\0';
    time[strcspn(time, "\n")] = '\0';
    s->host->row_begin(s->rows, number);
    for (size_t i = 0; i < q->column_count; i++) {
        const char *from = q->columns[i].from;
        const char *text = strcmp(from, "person") == 0 ? line
                           : strcmp(from, "time") == 0 ? time
                                                       : "";
        s->host->row_set_text(s->rows, i, text, strlen(text), false);
    }
    s->host->row_end(s->rows);
}

/* Open the file at hand behind what was read of it. */
static void begin_file(shards *s)
{
    int number = s->topic.numbers[s->at];
    char name[20], line[200];
    s->file = open_file(s->topic.request, number);
    snprintf(name, sizeof name, "%d", number);
    s->host->rows_begin_file(s->rows, name);
    for (unsigned long i = 0; s->file && i < s->topic.places[number]; i++)
        if (!fgets(line, sizeof line, s->file))
            break;
}

/* Add the next row, of the next partition that has one; false: there is none. */
static bool add_next(shards *s)
{
    char line[200];
    for (; s->at < s->to; s->at++) {
        if (!s->file)
            begin_file(s);
        if (s->file && fgets(line, sizeof line, s->file)) {
            add_row(s, line, ++s->topic.places[s->topic.numbers[s->at]]);
            s->given++;
            return true;
        }
        if (s->file)
            fclose(s->file);
        s->file = NULL;
    }
    return false;
}

/* What goes wrong in the second partition. */
static bool meet_flaw(const shards *s, carpel_error *err)
{
    static atomic_bool is_stopped;
    bool is_second = s->opened && s->to == 2;
    if (is_second && has_flaw("fails"))
        return carpel_fail(err, CARPEL_E_SYSTEM, "the second partition is away");
    if (is_second && s->given >= LATER_ROWS && is_later("get_next"))
        return carpel_fail(err, CARPEL_E_LATER, "the second partition is busy");
    bool is_cancelled = s->host->is_cancelled(s->host);
    if (is_cancelled && s->opened && has_flaw("stops all"))
        is_stopped = true;
    if (is_cancelled || is_stopped)
        return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
    return true;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const shards *s = stream->private_data;
    s->host->rows_schema(s->rows, out);
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    shards *s = stream->private_data;
    bool is_over = false;
    *out = (struct ArrowArray){0};
    if (!meet_flaw(s, &s->error))
        return carpel_error_number(&s->error);
    while (!is_over && !s->host->rows_is_full(s->rows))
        is_over = !add_next(s);
    if (!is_over || s->host->rows_count(s->rows) > 0)
        s->host->rows_take(s->rows, out);
    s->host->progress(s->host, s->given * 10, 0);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    return ((shards *)stream->private_data)->error.message;
}

static void release(struct ArrowArrayStream *stream)
{
    shards *s = stream->private_data;
    if (s->file)
        fclose(s->file);
    s->host->rows_free(s->rows);
    if (s->opened)
        s->opened->is_open[s->to - 1] = false;
    free(s);
    stream->release = NULL;
}

static void make_stream(const carpel_host *host, const topic *t,
                        struct ArrowArrayStream *out)
{
    shards *s = calloc(1, sizeof *s);
    *s = (shards){.host = host, .topic = *t, .to = t->count};
    s->rows = host->rows_new(host, t->request->columns, t->request->column_count);
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, s};
}

static bool open_all(const carpel_host *host, const carpel_request *request,
                     struct ArrowArrayStream *out, carpel_error *err)
{
    topic t;
    if (has_flaw("tells which"))
        host->log(host, CARPEL_LOG_INFO, "read one after the other");
    if (!read_topic(&t, request, err))
        return false;
    make_stream(host, &t, out);
    return true;
}

/* ---- where it is ------------------------------------------------------------------ */

static bool write_places(const topic *t, char *out, size_t capacity, carpel_error *err)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < MOST && used < capacity; i++)
        if (t->places[i] > 0)
            used += (size_t)snprintf(out + used, capacity - used, "%s%d=%lu",
                                     used > 0 ? " " : "", i, t->places[i]);
    return used < capacity || carpel_fail(err, CARPEL_E_LIMIT, "there is no room");
}

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const shards *s = stream->private_data;
    if (!s->opened)
        return write_places(&s->topic, out, capacity, err);
    unsigned long place = s->topic.places[s->topic.numbers[s->to - 1]];
    snprintf(out, capacity, "%lu", place + (has_flaw("ahead") ? 1 : 0));
    return true;
}

static bool acknowledge(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err)
{
    char path[400];
    (void)host;
    snprintf(path, sizeof path, "%s/kept",
             ((const shards_options *)request->options)->folder);
    FILE *f = fopen(path, "w");
    if (!f)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot write \"%s\"", path);
    fprintf(f, "%s\n", cursor);
    fclose(f);
    return true;
}

/* ---- partitions ------------------------------------------------------------------- */

#ifdef AS_TOLD
#include "as_told.h" /* the functions as docs/plugins.md has them */
#elif !defined WHOLE
static bool open_partitions(const carpel_host *host, const carpel_request *request,
                            carpel_partitions *out, carpel_error *err)
{
    opened *o = calloc(1, sizeof *o);
    if (has_flaw("tells which"))
        host->log(host, CARPEL_LOG_INFO, "read side by side");
    bool is_busy = is_later("open");
    if (is_busy)
        carpel_fail(err, CARPEL_E_LATER, "the topic is busy");
    if (is_busy || !read_topic(&o->topic, request, err)) {
        free(o);
        return false;
    }
    *out = (carpel_partitions){.state = o, .count = o->topic.count};
    if (has_flaw("far too many"))
        out->count = SIZE_MAX;
    return true;
}

static bool is_another_open(const opened *o, size_t partition)
{
    for (size_t i = 0; i < o->topic.count; i++)
        if (i != partition && o->is_open[i])
            return true;
    return false;
}

static bool open_partition(const carpel_host *host, void *state, size_t partition,
                           const char *cursor, struct ArrowArrayStream *out,
                           carpel_error *err)
{
    opened *o = state;
    if (partition == 1 && is_later("open_partition"))
        return carpel_fail(err, CARPEL_E_LATER, "the second partition is busy");
    if (atomic_exchange(&o->is_open[partition], true))
        return carpel_fail(err, CARPEL_E_INPUT, "partition %zu is open twice", partition);
    make_stream(host, &o->topic, out);
    shards *s = out->private_data;
    s->opened = o;
    s->at = partition;
    s->to = partition + 1;
    if (cursor)
        s->topic.places[s->topic.numbers[partition]] = strtoul(cursor, NULL, 10);
    if (has_flaw("other order"))
        s->at = o->topic.count - 1 - partition, s->to = s->at + 1;
    if (has_flaw("one at a time") && is_another_open(o, partition))
        s->at = s->to;
    return true;
}

static bool join(const carpel_host *host, void *state, const char *const *cursors,
                 char *out, size_t capacity, carpel_error *err)
{
    topic t = ((const opened *)state)->topic;
    (void)host;
    if (has_flaw("does not join"))
        return carpel_fail(err, CARPEL_E_SYSTEM, "the places are not known");
    for (size_t i = has_flaw("forgets") ? 1 : 0; i < t.count; i++)
        if (cursors[i])
            t.places[t.numbers[i]] = strtoul(cursors[i], NULL, 10);
    return write_places(&t, out, capacity, err);
}

static void close_partitions(const carpel_host *host, void *state)
{
    (void)host;
    free(state);
}

#endif

#ifndef WHOLE
static const carpel_partitioning partitions = {.struct_size = sizeof partitions,
                                               .open = open_partitions,
                                               .open_partition = open_partition,
#ifndef NO_JOIN
                                               .join = join,
#endif
                                               .close = close_partitions};
#endif

static const carpel_resuming resuming = {.struct_size = sizeof resuming,
                                         .cursor = tell_cursor,
                                         .acknowledge = acknowledge,
#ifndef WHOLE
                                         .partitions = &partitions
#endif
};
static const carpel_source source = {
    .struct_size = sizeof(carpel_source), .open = open_all, .resuming = &resuming};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "shards",
    .version = "1.0",
    .summary = "A topic in a folder.",
    .options_size = sizeof(shards_options),
    .options = options_table,
    .source = &source,
};
