/* SPDX-License-Identifier: MIT
 *
 * A source that does not break the contract in one run, but has the one flaw that its option names:
 * what `carpel plugins test` is to find. tests/plugins/kit.sh says what it has to say.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct careless_options {
    const char *flaw, *word, *token;
} careless_options;

static const carpel_option options_table[] = {
    {.name = "flaw",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(careless_options, flaw),
     .required = true,
     .help = "What to do wrong."},
    {.name = "word",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(careless_options, word),
     .default_text = "a",
     .help = "Any."},
    {.name = "token",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(careless_options, token),
     .secret = true,
     .help = "Not for everybody."},
    {0}}; /* an option without a name ends the table */

enum { ROWS = 4 };

typedef struct careless {
    const carpel_host *host;
    const carpel_request *request;
    carpel_rows *rows;
    int own_place, opening;
    carpel_error error;
} careless;

static int openings, common_place;

static bool has_flaw(const careless *s, const char *flaw)
{
    return strcmp(((const careless_options *)s->request->options)->flaw, flaw) == 0;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    careless *s = stream->private_data;
    s->host->rows_schema(s->rows, out);
    return 0;
}

static void add_row(careless *s, int place)
{
    char person[32];
    int shown = has_flaw(s, "other rows") ? place + s->opening : place;
    snprintf(person, sizeof person, "p%d", shown);
    s->host->row_begin(s->rows, (uint64_t)place + 1);
    for (size_t i = 0; i < s->request->column_count; i++)
        if (strcmp(s->request->columns[i].from, "person") == 0)
            s->host->row_set_text(s->rows, i, person, strlen(person), false);
        else if (strcmp(s->request->columns[i].from, "time") == 0)
            s->host->row_set_text(s->rows, i, "2026-01-01", 10, false);
    s->host->row_end(s->rows);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    careless *s = stream->private_data;
    int *place = has_flaw(s, "shared place") ? &common_place : &s->own_place;
    *out = (struct ArrowArray){0};
    if (!has_flaw(s, "deaf") && s->host->is_cancelled(s->host)) {
        carpel_fail(&s->error, CARPEL_E_CANCELLED, "the work was stopped");
        return carpel_error_number(&s->error);
    }
    if (has_flaw(s, "hang") && *place == ROWS)
        for (;;)
            pause();
    if (*place == ROWS && has_flaw(s, "no end"))
        *place = -1; /* once an end, and then again from the beginning */
    else if (*place == ROWS)
        return 0;
    if (*place < 0) {
        *place = 0;
        return 0;
    }
    while (*place < ROWS && !s->host->rows_is_full(s->rows))
        add_row(s, (*place)++);
    if (has_flaw(s, "batch size") && s->host->rows_count(s->rows) == 1)
        *place += 1; /* skips one whenever a batch has one row */
    if (*place > ROWS)
        *place = ROWS;
    s->host->rows_take(s->rows, out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    return ((careless *)stream->private_data)->error.message;
}

static void release(struct ArrowArrayStream *stream)
{
    careless *s = stream->private_data;
    s->host->rows_free(s->rows);
    if (!has_flaw(s, "leak"))
        free(s);
    stream->release = NULL;
}

static bool find_fields(const careless *s, carpel_error *err)
{
    for (size_t i = 0; i < s->request->column_count; i++) {
        const carpel_column *c = &s->request->columns[i];
        if (strcmp(c->from, "person") != 0 && strcmp(c->from, "time") != 0 &&
            !c->is_optional && !has_flaw(s, "dumb about fields"))
            return carpel_fail(err, CARPEL_E_INPUT, "there is no field \"%s\"", c->from);
    }
    return true;
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    careless *s = calloc(1, sizeof *s);
    *s = (careless){.host = host, .request = request, .opening = ++openings};
    const char *word = ((const careless_options *)request->options)->word;
    if (has_flaw(s, "crash on a word") && word[0] == '\0')
        abort();
    if (!find_fields(s, err)) {
        free(s);
        return false;
    }
    if (has_flaw(s, "open file"))
        (void)!dup(0);
    common_place = 0;
    s->rows = host->rows_new(host, request->columns, request->column_count);
    host->rows_begin_file(s->rows, "nowhere");
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, s};
    return true;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "careless",
    .version = "1.0",
    .summary = "Rows with a flaw.",
    .options_size = sizeof(careless_options),
    .options = options_table,
    .source = &source,
};
