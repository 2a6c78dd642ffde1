/* SPDX-License-Identifier: MIT
 *
 * A source of interface 1.0 that goes on where it was, kept as it is. It reads lines
 *
 *     ann|2026-01-01T10:00:00Z|buy|12.5|yes|A:2,B:1
 *
 * with the fields person, time, event, amount, is_new, items (of sku and count), and line, its
 * number; it sets them with each function of the row builder, and has options of every type.
 */
#include <carpel/plugin.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- options ---------------------------------------------------------------------- */

typedef struct feed_options {
    const char *file, *follow, *sign;
    bool is_loud;
    int64_t leave_out;
    double factor;
    carpel_texts more, notes, names;
} feed_options;

static const char *const signs[] = {"plain", "minus", NULL};

static const carpel_option options_table[] = {
    {.name = "file",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(feed_options, file),
     .required = true,
     .help = "The lines."},
    {.name = "more",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(feed_options, more),
     .help = "Files whose number is told."},
    {.name = "follow",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(feed_options, follow),
     .help = "Whatever it says, later lines are put beside the earlier ones."},
    {.name = "sign",
     .type = CARPEL_OPTION_CHOICE,
     .offset = offsetof(feed_options, sign),
     .default_text = "plain",
     .choices = signs,
     .help = "That of amounts."},
    {.name = "loud",
     .type = CARPEL_OPTION_BOOLEAN,
     .offset = offsetof(feed_options, is_loud),
     .default_text = "false",
     .help = "Tell where it begins."},
    {.name = "leave_out",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(feed_options, leave_out),
     .minimum = 0,
     .maximum = HUGE_VAL,
     .help = "So many lines in front are left out."},
    {.name = "factor",
     .type = CARPEL_OPTION_NUMBER,
     .offset = offsetof(feed_options, factor),
     .minimum = 0.5,
     .maximum = 2,
     .default_text = "1",
     .help = "Of amounts."},
    {.name = "notes",
     .type = CARPEL_OPTION_TEXTS,
     .offset = offsetof(feed_options, notes),
     .secret = true,
     .help = "Texts whose number is told."},
    {.name = "names",
     .type = CARPEL_OPTION_PAIRS,
     .offset = offsetof(feed_options, names),
     .help = "Other names of people."},
    {0}};

/* ---- lines ------------------------------------------------------------------------ */

enum { FIELDS = 6, LINE_SIZE = 400 };

static const char *const field_names[] = {"person", "time",  "event", "amount",
                                          "is_new", "items", "line"};

typedef struct feed {
    const carpel_host *host;
    const carpel_request *request;
    const feed_options *options;
    carpel_rows *rows;
    FILE *file;
    uint64_t line; /* that was read last */
    char text[LINE_SIZE];
    char *fields[FIELDS];
    carpel_error error;
} feed;

static bool read_line(FILE *file, char *text, uint64_t *line)
{
    if (!fgets(text, LINE_SIZE, file))
        return false;
    text[strcspn(text, "\n")] = '\0';
    ++*line;
    return true;
}

static bool cut_fields(char *text, char *fields[FIELDS])
{
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = text;
        text += strcspn(text, "|");
        if (i + 1 < FIELDS && *text == '\0')
            return false;
        if (*text != '\0')
            *text++ = '\0';
    }
    return true;
}

/* ---- values ----------------------------------------------------------------------- */

static void set_person(feed *f, size_t column)
{
    const char *person = f->fields[0];
    const carpel_texts *names = &f->options->names;
    for (size_t i = 0; i + 1 < names->count; i += 2)
        if (strcmp(names->items[i], person) == 0)
            person = names->items[i + 1];
    f->host->row_set_text(f->rows, column, person, strlen(person), true);
}

static void set_amount(feed *f, size_t column)
{
    double amount = strtod(f->fields[3], NULL) * f->options->factor;
    if (f->fields[3][0] != '\0')
        f->host->row_set_number(
            f->rows, column, strcmp(f->options->sign, "minus") == 0 ? -amount : amount);
}

static void set_of_item(feed *f, const carpel_column *column, size_t number,
                        const char *sku, size_t size)
{
    if (strcmp(column->from, "count") == 0)
        f->host->row_set_int(f->rows, number,
                             sku[size] == ':' ? strtoll(sku + size + 1, NULL, 10) : 1);
    else
        f->host->row_set_text(f->rows, number, sku, size, true);
}

static void set_items(feed *f, size_t column)
{
    const carpel_column *list = &f->request->columns[column];
    const char *at = f->fields[5];
    if (strcmp(at, "-") == 0) /* no list, which is not the same as an empty one */
        return;
    f->host->list_begin(f->rows, column);
    while (*at != '\0') {
        f->host->item_begin(f->rows, column);
        for (size_t i = 0; i < list->item_count; i++)
            set_of_item(f, &list->items[i], i, at, strcspn(at, ":,"));
        f->host->item_end(f->rows);
        at += strcspn(at, ",");
        at += *at == ',';
    }
}

/* Set the column from the field, if there is one. */
static bool set_column(feed *f, size_t column, const char *from)
{
    bool is_list = f->request->columns[column].type == CARPEL_LIST;
    size_t field = 0;
    while (field <= FIELDS && strcmp(from, field_names[field]) != 0)
        field++;
    if (field > FIELDS || is_list != (field == 5))
        return false;
    switch (field) {
    case 0: set_person(f, column); break;
    case 3: set_amount(f, column); break;
    case 4:
        f->host->row_set_bool(f->rows, column, strcmp(f->fields[4], "yes") == 0);
        break;
    case 5: set_items(f, column); break;
    case 6: f->host->row_set_int(f->rows, column, (int64_t)f->line); break;
    default:
        f->host->row_set_text(f->rows, column, f->fields[field], strlen(f->fields[field]),
                              false);
    }
    return true;
}

/* The first of its fields that is there counts. */
static bool set_first(feed *f, size_t column)
{
    const carpel_column *c = &f->request->columns[column];
    bool is_set = set_column(f, column, c->from);
    for (size_t i = 0; !is_set && c->others && c->others[i]; i++)
        is_set = set_column(f, column, c->others[i]);
    return is_set || c->is_optional;
}

static bool add_row(feed *f)
{
    bool ok = true;
    f->host->row_begin(f->rows, f->line);
    if (!cut_fields(f->text, f->fields))
        f->host->row_refuse(f->rows, "a line has six fields");
    else
        for (size_t i = 0; ok && i < f->request->column_count; i++)
            ok = set_first(f, i) ||
                 carpel_fail(&f->error, CARPEL_E_INPUT, "there is no field \"%s\"",
                             f->request->columns[i].from);
    f->host->row_end(f->rows);
    return ok;
}

/* ---- the stream ------------------------------------------------------------------- */

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    feed *f = stream->private_data;
    f->host->rows_schema(f->rows, out);
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    feed *f = stream->private_data;
    bool is_end = false, ok = true;
    memset(out, 0, sizeof *out);
    if (f->host->is_cancelled(f->host))
        ok = carpel_fail(&f->error, CARPEL_E_CANCELLED, "the work was stopped");
    while (ok && !is_end && !f->host->rows_is_full(f->rows)) {
        is_end = !read_line(f->file, f->text, &f->line);
        if (!is_end && f->line > (uint64_t)f->options->leave_out)
            ok = add_row(f);
    }
    if (!ok)
        return carpel_error_number(&f->error);
    f->host->progress(f->host, (uint64_t)ftell(f->file), 0);
    if (!is_end || f->host->rows_count(f->rows) > 0)
        f->host->rows_take(f->rows, out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    return ((feed *)stream->private_data)->error.message;
}

static void release(struct ArrowArrayStream *stream)
{
    feed *f = stream->private_data;
    f->host->rows_free(f->rows);
    fclose(f->file);
    free(f);
    stream->release = NULL;
}

/* ---- opening ---------------------------------------------------------------------- */

static void tell_begin(const feed *f)
{
    char message[200];
    const char *first = f->request->events ? f->request->events[0] : NULL;
    snprintf(message, sizeof message, "%s begins behind line %s; %zu, %zu, %s",
             f->request->name, f->request->cursor ? f->request->cursor : "0",
             f->options->more.count, f->options->notes.count, first ? first : "none");
    f->host->log(f->host, CARPEL_LOG_INFO, message);
}

static bool find_line(feed *f, carpel_error *err)
{
    uint64_t line = f->request->cursor ? strtoull(f->request->cursor, NULL, 10) : 0;
    while (f->line < line)
        if (!read_line(f->file, f->text, &f->line))
            return carpel_fail(err, CARPEL_E_INPUT, "there is no line %s any more",
                               f->request->cursor);
    return true;
}

/* Somebody writes the file: it may be tried again. */
static bool is_locked(const carpel_host *host, const char *path)
{
    char lock[LINE_SIZE];
    snprintf(lock, sizeof lock, "%s.lock", path);
    FILE *file = fopen(lock, "r");
    if (file)
        fclose(file);
    if (file)
        host->retry_after(host, 3600);
    return file != NULL;
}

static bool open_feed(const carpel_host *host, const carpel_request *request,
                      struct ArrowArrayStream *out, carpel_error *err)
{
    const feed_options *options = request->options;
    feed *f = calloc(1, sizeof *f);
    if (!f)
        return carpel_fail(err, CARPEL_E_LIMIT, "there is no memory");
    f->host = host;
    f->request = request;
    f->options = options;
    bool is_busy = is_locked(host, options->file);
    f->file = is_busy ? NULL : fopen(options->file, "r");
    if (!f->file || !find_line(f, err)) {
        if (f->file)
            fclose(f->file);
        else
            carpel_fail(err, is_busy ? CARPEL_E_LATER : CARPEL_E_SYSTEM,
                        "cannot open \"%s\"", options->file);
        free(f);
        return false;
    }
    if (options->is_loud)
        tell_begin(f);
    f->rows = host->rows_new(host, request->columns, request->column_count);
    host->rows_begin_file(f->rows, options->file);
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = get_last_error;
    out->release = release;
    out->private_data = f;
    return true;
}

/* ---- going on --------------------------------------------------------------------- */

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const feed *f = stream->private_data;
    int size = snprintf(out, capacity, "%llu", (unsigned long long)f->line);
    return (capacity >= CARPEL_CURSOR_SIZE && size < CARPEL_CURSOR_SIZE) ||
           carpel_fail(err, CARPEL_E_PLUGIN, "the cursor has no room");
}

static bool acknowledge(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err)
{
    char message[LINE_SIZE];
    const feed_options *options = request->options;
    snprintf(message, sizeof message, "%s.kept", options->file);
    FILE *kept = fopen(message, "w");
    if (!kept)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot write \"%s\"", message);
    fprintf(kept, "%s\n", cursor);
    fclose(kept);
    snprintf(message, sizeof message, "kept up to line %s", cursor);
    if (options->is_loud)
        host->log(host, CARPEL_LOG_WARNING, message);
    return true;
}

/* ---- what there is ---------------------------------------------------------------- */

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const char *path = ((const feed_options *)inquiry->options)->file;
    FILE *file = fopen(path, "r");
    if (!file) {
        carpel_fail(err, CARPEL_E_INPUT, "there are no lines of %s in \"%s\"",
                    inquiry->name, path);
        return host->is_cancelled(host) ? CARPEL_UNREACHABLE : CARPEL_NO_DATA;
    }
    fclose(file);
    return CARPEL_REACHED;
}

static bool show_line(const carpel_view *view, uint64_t line, char *text)
{
    char *fields[FIELDS];
    if (!view->row_begin(view->context, line))
        return false;
    if (!cut_fields(text, fields))
        view->row_refuse(view->context, "a line has six fields");
    else
        for (size_t i = 0; i < 5; i++)
            view->row_field(view->context, field_names[i], fields[i], strlen(fields[i]),
                            i == 0);
    view->row_end(view->context);
    return true;
}

static bool discover(const carpel_host *host, const carpel_inquiry *inquiry,
                     const carpel_view *view, carpel_error *err)
{
    char text[LINE_SIZE];
    uint64_t line = 0;
    const feed_options *options = inquiry->options;
    FILE *file = fopen(options->file, "r");
    if (!file || !CARPEL_HAS(view, row_end) || !CARPEL_HAS(host, retry_after)) {
        if (file)
            fclose(file);
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot open \"%s\" of \"%s\"",
                           options->file, inquiry->project_directory);
    }
    for (size_t i = 0; i < 5; i++)
        view->field(view->context, field_names[i]);
    bool is_wanted = true;
    while (is_wanted && read_line(file, text, &line))
        is_wanted = show_line(view, line, text);
    fclose(file);
    return true;
}

static const char *const access_options[] = {"loud", "notes", NULL};

static const carpel_resuming resuming = {.struct_size = sizeof resuming,
                                         .cursor = tell_cursor,
                                         .acknowledge = acknowledge,
                                         .enabling_option = "follow",
                                         .access_options = access_options};

static const carpel_source source = {.struct_size = sizeof source,
                                     .open = open_feed,
                                     .resuming = &resuming,
                                     .check = check,
                                     .discover = discover};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "feed",
    .version = "1.0",
    .summary = "Lines of a file that grows.",
    .manual = "sources:\n  - {plugin: feed, file: lines, follow: it}\n",
    .options_size = sizeof(feed_options),
    .options = options_table,
    .source = &source,
};
