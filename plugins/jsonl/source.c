/* SPDX-License-Identifier: MIT
 *
 * The source `jsonl`: one JSON object a line. Here lines are found in files and their pieces;
 * line.c makes rows of them.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/files.h"
#include "common/input.h"
#include "common/memory.h"
#include "common/names.h"
#include "common/stream.h"
#include "jsonl/source.h"

static const carpel_option options_table[] = {
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(jsonl_options, files),
     .required = true,
     .help =
         "The files to read: a path or a list of them, * and ? allowed; gzip and zstd "
         "are known by their content."},
    {.name = "each",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(jsonl_options, each),
     .help = "The path of a list: each of its items is a row, in which the item stands "
             "in the "
             "place of the list. A line without the list has no rows."},
    {0}};

/* ---- lines -------------------------------------------------------------- */

static void refuse_long_line(jsonl_source *s)
{
    char reason[80];
    snprintf(reason, sizeof reason, "the line is longer than %zu MiB",
             INPUT_ROW_LIMIT / (1024 * 1024));
    s->host->row_begin(s->rows, s->next_line);
    s->host->row_refuse(s->rows, reason);
    s->host->row_end(s->rows);
}

/* Find the end of the line at in.begin, reading on as needed; *size leaves it out. A line
 * beyond the limit is dropped up to its end, and *is_long set. */
static bool find_line(jsonl_source *s, size_t *size, bool *is_long, carpel_error *err)
{
    input *in = &s->in;
    size_t searched = 0;
    *is_long = false;
    for (;;) {
        const char *from = in->data + in->begin + searched;
        const char *found = memchr(from, '\n', in->end - in->begin - searched);
        if (found != NULL || in->is_at_end) {
            const char *end = found != NULL ? found : in->data + in->end;
            *size = (size_t)(end - (in->data + in->begin));
            *is_long = *is_long || *size > INPUT_ROW_LIMIT;
            return true;
        }
        searched = in->end - in->begin;
        if (searched > INPUT_ROW_LIMIT) {
            *is_long = true;
            in->begin = in->end;
            searched = 0;
        }
        if (!input_more(in, err))
            return false;
    }
}

/* Pass over what stands before the first line that begins in the window. */
static bool pass_line(input *in)
{
    const char *begin = in->data + in->begin;
    const char *found = memchr(begin, '\n', in->end - in->begin);
    in->begin += found ? (size_t)(found + 1 - begin) : 0;
    return found != NULL;
}

/* Open a piece of a file at its first line. */
static bool open_part(jsonl_source *s, const char *path, carpel_error *err)
{
    const jsonl_piece *p = s->piece;
    bool is_asked = p->asked_begin != CARPEL_PIECE_GUESS,
         is_guess = !is_asked && !p->goes_on;
    uint64_t place = is_asked ? p->asked_begin : p->begin;
    if (!input_open_at(&s->in, path, is_guess ? place - 1 : place, err))
        return false;
    s->is_lost = is_guess && !pass_line(&s->in);
    return true;
}

static bool open_next_file(jsonl_source *s, carpel_error *err)
{
    const char *path = s->options->files.items[s->next_file++];
    const char *name = files_short_name(s->request, path);
    jsonl_piece *p = s->piece;
    s->is_part = p && (!p->place.is_first || p->goes_on);
    if (!(s->is_part ? open_part(s, path, err) : input_open(&s->in, path, NULL, err)))
        return false;
    s->is_open = true;
    s->is_cut_short = false;
    s->next_line = 1;
    if (p && p->is_cut && (s->in.device != p->device || s->in.inode != p->inode))
        return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" was replaced while it was read",
                           name);
    if (p) {
        s->in.limit = p->end;
        p->place.begin = input_first_place(&s->in);
    }
    s->host->rows_begin_file(s->rows, name);
    return true;
}

/* Does no further line begin in the piece? */
static bool is_piece_over(const jsonl_source *s)
{
    return s->is_lost ||
           (s->piece && s->piece->end != 0 && input_place(&s->in) >= s->piece->end);
}

/* Tell where the lines of the piece were. A file that is packed or
 * decoded cannot be read on. */
static void note_place(jsonl_source *s)
{
    carpel_piece_place *place = &s->piece->place;
    place->is_settled = input_is_plain(&s->in) && !s->is_cut_short;
    place->end = s->is_lost ? CARPEL_PIECE_GUESS : input_place(&s->in);
    place->begin = s->is_lost ? CARPEL_PIECE_GUESS : place->begin;
    place->line_count = s->next_line - 1;
    place->byte_count = s->in.read_bytes;
    if (s->in.content)
        content_tell(s->in.content, place);
}

static void close_file(jsonl_source *s)
{
    if (s->piece)
        note_place(s);
    s->done_bytes += s->in.read_bytes;
    input_close(&s->in);
    s->is_open = false;
}

/* A file that begins with a list is one JSON document, whose lines are no rows. */
static bool check_begin(jsonl_source *s, size_t size, carpel_error *err)
{
    if (s->is_part || s->next_line > 1)
        return true;
    json_begin(&s->json, s->in.data + s->in.begin, size);
    if (json_peek(&s->json) != '[')
        return true;
    const char *path = s->options->files.items[s->next_file - 1];
    return carpel_fail(err, CARPEL_E_INPUT,
                       "\"%s\" begins with \"[\": it is one JSON list, and each line has "
                       "to hold one object; write them without the brackets and commas, "
                       "for example with: jq -c \".[]\"",
                       files_short_name(s->request, path));
}

/* Add the line at in.begin and pass over it. False in *goes_on: it was the last of the file. */
static bool take_line(jsonl_source *s, bool *goes_on, carpel_error *err)
{
    size_t size;
    bool is_long;
    if (!find_line(s, &size, &is_long, err))
        return false;
    *goes_on = s->in.begin + size < s->in.end;
    if (!*goes_on && size == 0 && !is_long)
        return true; /* what stands behind the last line end */
    if (!is_long && !check_begin(s, size, err))
        return false;
    if (is_long)
        refuse_long_line(s);
    else
        jsonl_add_line(s, s->in.data + s->in.begin, size);
    s->in.begin += size + (*goes_on ? 1 : 0);
    s->next_line++;
    s->is_cut_short = !*goes_on;
    return true;
}

/* Add lines of the open file until the batch is full or the file, or its piece, is over. */
static bool fill_from_file(jsonl_source *s, carpel_error *err)
{
    bool goes_on = true;
    while (!s->host->rows_is_full(s->rows)) {
        if (!is_piece_over(s) && !take_line(s, &goes_on, err))
            return false;
        if (!goes_on || is_piece_over(s)) {
            close_file(s);
            return true;
        }
    }
    return true;
}

/* ---- the source --------------------------------------------------------- */

/* All lines are read: which columns had none? */
static void end_lines(jsonl_source *s)
{
    jsonl_notes_end(&s->notes, s->paths, s->request->column_count);
    if (!s->piece) {
        const jsonl_notes *all = &s->notes;
        jsonl_warn_of_missing(s->host, s->request, s->paths, &all, 1);
        return;
    }
    jsonl_notes_done(&s->piece->notes);
    s->piece->notes = s->notes;
    s->notes = (jsonl_notes){0};
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    jsonl_source *s = state;
    s->rows = rows;
    while (!s->host->rows_is_full(rows)) {
        if (!s->is_open && s->next_file == s->end_file) {
            *is_over = true;
            end_lines(s);
            break;
        }
        if (!s->is_open && !open_next_file(s, err))
            return false;
        if (!fill_from_file(s, err))
            return false;
    }
    uint64_t in_this_file = s->is_open ? s->in.read_bytes : 0;
    s->host->progress(s->host, s->done_bytes + in_this_file, s->total_bytes);
    return true;
}

static void close_source(void *state)
{
    jsonl_source *s = state;
    if (s->is_open)
        input_close(&s->in);
    jsonl_notes_done(&s->notes);
    json_done(&s->json);
    paths_free(s->paths);
    if (s->each_path)
        paths_free(s->each_path);
    free(s->items.begins);
    free(s->ranks);
    free(s);
}

void jsonl_source_open(const carpel_host *host, const carpel_request *request,
                       jsonl_piece *piece, struct ArrowArrayStream *out)
{
    jsonl_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = request->options;
    s->piece = piece;
    s->next_file = piece ? piece->file : 0;
    s->end_file = piece ? piece->file + 1 : s->options->files.count;
    s->paths = paths_new(request->columns, request->column_count);
    if (s->options->each) {
        s->each = paths_add(s->paths, s->options->each);
        s->each_path = paths_new(NULL, 0);
        paths_add(s->each_path, s->options->each);
    }
    s->ranks = common_alloc(request->column_count, sizeof *s->ranks);
    s->total_bytes = files_total_bytes(s->options->files);
    row_stream_open(host, request,
                    (row_source){.state = s, .fill = fill, .close = close_source}, out);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    (void)err;
    jsonl_source_open(host, request, NULL, out);
    return true;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .reading = &jsonl_reading,
                                     .look = jsonl_look};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "jsonl",
    .version = "1.0",
    .summary = "JSON lines, one object a line, plain or packed with gzip or zstd.",
    .manual =
        "sources:\n"
        "  - plugin: jsonl\n"
        "    files: events/*.ndjson.gz\n"
        "    event: {from: name}\n"
        "    person: user.id\n"
        "    time: {from: ts, format: unix_ms}\n"
        "    properties: {amount: order.total}\n"
        "\n"
        "`from` is a path of keys with dots between them; write \\. for a dot that "
        "belongs to\n"
        "a key. A key that a line lacks, and null, are a missing value. Numbers are "
        "taken as\n"
        "they are written, so decimals stay exact; texts may hold numbers, times and so "
        "on.\n"
        "\n"
        "[key=...] behind a list takes the item whose key is that text, * is any key, "
        "and\n"
        "*_value one that ends so: event_params[key=page_location].value.*_value is the "
        "value\n"
        "that is there, be it string_value or int_value.\n"
        "\n"
        "A list of the project (items: [{sku: string}], tags: [string]) is an array of "
        "objects\n"
        "or of values; its own fields are paths seen from each item. null is an empty "
        "list.\n"
        "\n"
        "A line that is not strict JSON, or has another shape than the one expected (an "
        "object\n"
        "or a list for a single value, a single value for a list), is set aside with its "
        "file,\n"
        "line, place and reason; empty lines are passed over. A line may be at most 16 "
        "MiB\n"
        "long.\n",
    .options_size = sizeof(jsonl_options),
    .options = options_table,
    .source = &source,
};
