/* SPDX-License-Identifier: MIT
 *
 * A source of interface 1.0 that is read in pieces, kept as it is: lines of three words, PERSON TIME
 * EVENT. Lines that begin with the comment's character are passed over.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct lines_options {
    carpel_texts files;
    const char *comment;
} lines_options;

static const carpel_option options_table[] = {
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(lines_options, files),
     .required = true,
     .help = "The files to read."},
    {.name = "comment",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(lines_options, comment),
     .default_text = "#",
     .help = "What stands before a line that is none."},
    {0}};

enum { WORDS = 3, MOST_ROWS = 200 };

static const char *const word_names[] = {"person", "time", "event"};

/* ---- files ------------------------------------------------------------------------ */

typedef struct content {
    char *bytes;
    size_t size;
} content;

static bool read_file(const char *path, content *out, carpel_error *err)
{
    FILE *file = fopen(path, "rb");
    bool ok = file && fseek(file, 0, SEEK_END) == 0;
    out->size = ok ? (size_t)ftell(file) : 0;
    out->bytes = malloc(out->size + 1);
    if (ok)
        rewind(file);
    ok = ok && out->bytes && fread(out->bytes, 1, out->size, file) == out->size;
    if (file)
        fclose(file);
    if (!ok)
        free(out->bytes);
    return ok || carpel_fail(err, CARPEL_E_SYSTEM, "cannot read \"%s\"", path);
}

/* ---- a stream over one file after the other, or a piece of one -------------------- */

/* A part of a file: the rows that begin in it, and one that begins at its end. */
typedef struct part {
    size_t file;
    uint64_t begin, end;
    bool is_first;
} part;

typedef struct lines {
    const carpel_host *host;
    const carpel_request *request;
    const lines_options *options;
    carpel_rows *rows;
    bool is_piece;
    part part;
    size_t next_file; /* of a stream over all */
    content content;
    bool is_open;
    size_t at;
    uint64_t line;
    bool is_end;
    carpel_piece_place *place; /* of a piece */
    carpel_error error;
} lines;

/* Where the word begins and ends in the line of so many bytes; 0: there is none. */
static size_t cut_words(const char *line, size_t size, carpel_cell cells[WORDS],
                        uint32_t offset)
{
    size_t at = 0, count = 0;
    while (at < size) {
        size_t end = at;
        while (end < size && line[end] != ' ')
            end++;
        if (count < WORDS)
            cells[count] = (carpel_cell){offset + (uint32_t)at, (uint32_t)(end - at)};
        count++;
        at = end + 1;
    }
    return count;
}

static size_t line_end(const lines *l, size_t at)
{
    const char *end = memchr(l->content.bytes + at, '\n', l->content.size - at);
    return end ? (size_t)(end - l->content.bytes) : l->content.size;
}

static size_t word_of(const char *from)
{
    for (size_t i = 0; i < WORDS; i++)
        if (strcmp(from, word_names[i]) == 0)
            return i;
    return SIZE_MAX;
}

static void add_rows(lines *l, const carpel_cell *cells, size_t count, uint64_t line)
{
    size_t columns = l->request->column_count;
    size_t *fields = calloc(columns + 1, sizeof *fields);
    for (size_t i = 0; fields && i < columns; i++)
        fields[i] = word_of(l->request->columns[i].from);
    const carpel_text_rows texts = {.struct_size = sizeof texts,
                                    .data = l->content.bytes,
                                    .size = l->content.size,
                                    .cells = cells,
                                    .row_count = count,
                                    .field_count = WORDS,
                                    .fields = fields,
                                    .first_line = line};
    if (fields && count > 0)
        l->host->rows_add(l->rows, &texts);
    free(fields);
}

static bool is_over(const lines *l)
{
    return l->at >= l->content.size || (l->is_piece && l->at > l->part.end);
}

static bool is_comment(const lines *l, size_t size)
{
    size_t wanted = strlen(l->options->comment);
    return wanted > 0 && size >= wanted &&
           memcmp(l->content.bytes + l->at, l->options->comment, wanted) == 0;
}

static void step_over(lines *l, size_t end)
{
    l->at = end < l->content.size ? end + 1 : end;
    l->line++;
}

/* Add rows that lie one behind the other, or set one aside. */
static void add_block(lines *l)
{
    carpel_cell cells[MOST_ROWS * WORDS];
    uint64_t first = l->line + 1;
    size_t count = 0;
    while (count < MOST_ROWS && !is_over(l)) {
        size_t end = line_end(l, l->at), size = end - l->at;
        if (is_comment(l, size) ||
            cut_words(l->content.bytes + l->at, size, &cells[count * WORDS],
                      (uint32_t)l->at) != WORDS)
            break;
        count++;
        step_over(l, end);
    }
    add_rows(l, cells, count, first);
    if (count > 0 || is_over(l))
        return;
    size_t end = line_end(l, l->at);
    if (!is_comment(l, end - l->at)) {
        l->host->row_begin(l->rows, first);
        l->host->row_refuse(l->rows, "a line has three words");
        l->host->row_end(l->rows);
    }
    step_over(l, end);
}

static bool open_next(lines *l)
{
    const char *path = l->options->files.items[l->next_file];
    if (!read_file(path, &l->content, &l->error))
        return false;
    l->at = l->request->begins ? (size_t)l->request->begins[l->next_file] : 0;
    l->line = 0;
    l->is_open = true;
    l->next_file++;
    l->host->rows_begin_file(l->rows, path);
    return true;
}

static void close_file(lines *l)
{
    if (l->is_open)
        free(l->content.bytes);
    l->is_open = false;
}

static bool fill(lines *l)
{
    while (!l->host->rows_is_full(l->rows)) {
        if (l->is_open && !is_over(l)) {
            add_block(l);
            continue;
        }
        l->is_end = l->is_piece || l->next_file == l->options->files.count;
        if (l->is_end)
            return true;
        close_file(l);
        if (!open_next(l))
            return false;
    }
    return true;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    lines *l = stream->private_data;
    l->host->rows_schema(l->rows, out);
    return 0;
}

static void note_place(lines *l)
{
    carpel_piece_place *p = l->place;
    p->end = l->at;
    p->line_count = l->line;
    p->byte_count = p->end - p->begin;
    p->is_settled = l->at > 0 && l->content.bytes[l->at - 1] == '\n';
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    lines *l = stream->private_data;
    memset(out, 0, sizeof *out);
    if (l->host->is_cancelled(l->host)) {
        carpel_fail(&l->error, CARPEL_E_CANCELLED, "the work was stopped");
        return carpel_error_number(&l->error);
    }
    if (!fill(l))
        return carpel_error_number(&l->error);
    if (l->place)
        note_place(l);
    if (!l->is_end || l->host->rows_count(l->rows) > 0)
        l->host->rows_take(l->rows, out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    return ((lines *)stream->private_data)->error.message;
}

static void release(struct ArrowArrayStream *stream)
{
    lines *l = stream->private_data;
    close_file(l);
    l->host->rows_free(l->rows);
    free(l);
    stream->release = NULL;
}

static bool check_columns(const carpel_request *request, carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *c = &request->columns[i];
        bool is_there = word_of(c->from) != SIZE_MAX && c->type != CARPEL_LIST;
        if (!is_there && !c->is_optional)
            return carpel_fail(err, CARPEL_E_INPUT, "a line has no word \"%s\"", c->from);
    }
    return true;
}

static lines *begin(const carpel_host *host, const carpel_request *request,
                    struct ArrowArrayStream *out, carpel_error *err)
{
    if (!check_columns(request, err))
        return NULL;
    lines *l = calloc(1, sizeof *l);
    if (!l) {
        carpel_fail(err, CARPEL_E_LIMIT, "there is no memory");
        return NULL;
    }
    l->host = host;
    l->request = request;
    l->options = request->options;
    l->rows = host->rows_new(host, request->columns, request->column_count);
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = get_last_error;
    out->release = release;
    out->private_data = l;
    return l;
}

static bool open_lines(const carpel_host *host, const carpel_request *request,
                       struct ArrowArrayStream *out, carpel_error *err)
{
    return begin(host, request, out, err) != NULL;
}

/* ---- pieces ----------------------------------------------------------------------- */

typedef struct reading {
    const carpel_request *request;
    part *parts;
    carpel_piece_place *places;
    size_t count;
    uint64_t bytes;
} reading;

static bool add_parts(reading *r, size_t file, size_t piece_bytes, carpel_error *err)
{
    const lines_options *options = r->request->options;
    content c;
    if (!read_file(options->files.items[file], &c, err))
        return false;
    free(c.bytes);
    uint64_t first = r->request->begins ? r->request->begins[file] : 0, at = first;
    r->bytes += c.size - first;
    do {
        uint64_t end = at + piece_bytes < c.size ? at + piece_bytes : c.size;
        r->parts = realloc(r->parts, (r->count + 1) * sizeof *r->parts);
        r->parts[r->count++] = (part){file, at, end, at == first};
        at = end;
    } while (at < c.size);
    return true;
}

static void close_reading(void *state)
{
    reading *r = state;
    free(r->parts);
    free(r->places);
    free(r);
}

static bool open_reading(const carpel_host *host, const carpel_request *request,
                         size_t piece_bytes, carpel_pieces *out, carpel_error *err)
{
    const lines_options *options = request->options;
    reading *r = calloc(1, sizeof *r);
    bool ok = r && check_columns(request, err) && !host->is_cancelled(host);
    if (r)
        r->request = request;
    for (size_t i = 0; ok && i < options->files.count; i++)
        ok = add_parts(r, i, piece_bytes, err);
    if (!ok) {
        if (r)
            close_reading(r);
        return host->is_cancelled(host)
                   ? carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped")
                   : false;
    }
    r->places = calloc(r->count + 1, sizeof *r->places);
    *out = (carpel_pieces){.state = r, .count = r->count, .total_bytes = r->bytes};
    return true;
}

static bool open_piece(const carpel_host *host, void *state, size_t piece, uint64_t at,
                       struct ArrowArrayStream *out, carpel_error *err)
{
    reading *r = state;
    lines *l = begin(host, r->request, out, err);
    if (!l)
        return false;
    l->is_piece = true;
    l->part = r->parts[piece];
    l->next_file = l->part.file;
    if (!open_next(l)) {
        *err = l->error;
        release(out);
        return false;
    }
    l->at = at == CARPEL_PIECE_GUESS ? (size_t)l->part.begin : (size_t)at;
    if (at == CARPEL_PIECE_GUESS && !l->part.is_first) {
        size_t end = line_end(l, l->at);
        l->at = end < l->content.size ? end + 1 : end;
    }
    l->place = &r->places[piece];
    memset(l->place, 0, sizeof *l->place);
    l->place->is_first = l->part.is_first;
    l->place->begin = l->at;
    return true;
}

static void tell_place(void *state, size_t piece, carpel_piece_place *out)
{
    *out = ((reading *)state)->places[piece];
}

/* Lines are in no packing. */
static bool unpack(const carpel_host *host, const char *path,
                   bool (*take)(void *context, const char *bytes, size_t size),
                   void *context, bool *is_packed, carpel_error *err)
{
    (void)host;
    (void)path;
    (void)take;
    (void)context;
    (void)err;
    *is_packed = false;
    return true;
}

/* ---- looking ---------------------------------------------------------------------- */

static bool show_line(const carpel_view *view, const content *c, size_t at, size_t size,
                      uint64_t line)
{
    carpel_cell cells[WORDS];
    if (!view->row_begin(view->context, line))
        return false;
    if (cut_words(c->bytes + at, size, cells, (uint32_t)at) != WORDS)
        view->row_refuse(view->context, "a line has three words");
    else
        for (size_t i = 0; i < WORDS; i++)
            view->row_field(view->context, word_names[i], c->bytes + cells[i].begin,
                            cells[i].size, false);
    view->row_end(view->context);
    return true;
}

static bool look(const carpel_host *host, const char *path, const carpel_view *view,
                 bool *is_mine, carpel_error *err)
{
    static const char suffix[] = ".lines";
    size_t length = strlen(path);
    lines l = {.host = host};
    *is_mine =
        length > strlen(suffix) && strcmp(path + length - strlen(suffix), suffix) == 0;
    if (!*is_mine)
        return true;
    if (!read_file(path, &l.content, err))
        return false;
    if (l.content.size > 0 && l.content.bytes[0] == '%')
        view->option(view->context, "comment", "%");
    for (size_t i = 0; i < WORDS; i++)
        view->field(view->context, word_names[i]);
    for (uint64_t line = 1; l.at < l.content.size; line++) {
        size_t end = line_end(&l, l.at);
        if (l.content.bytes[l.at] != '%' &&
            !show_line(view, &l.content, l.at, end - l.at, line))
            break;
        l.at = end + 1;
    }
    free(l.content.bytes);
    return true;
}

/* ---- the description -------------------------------------------------------------- */

static const carpel_reading in_pieces = {.struct_size = sizeof in_pieces,
                                         .open = open_reading,
                                         .open_piece = open_piece,
                                         .place = tell_place,
                                         .close = close_reading,
                                         .goes_on = true,
                                         .unpack = unpack};

static const carpel_source source = {.struct_size = sizeof source,
                                     .open = open_lines,
                                     .reading = &in_pieces,
                                     .look = look};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "bare_lines",
    .version = "1.0",
    .summary = "Lines of three words.",
    .options_size = sizeof(lines_options),
    .options = options_table,
    .source = &source,
};
