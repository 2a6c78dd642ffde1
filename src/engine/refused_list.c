/* SPDX-License-Identifier: MIT
 *
 * Rows are sorted by file and line, so that each file is read once, up to the last line that is
 * wanted.
 */
#include "engine/refused_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "engine/cursors.h"
#include "engine/parts.h"
#include "ingest/quarantine.h"
#include "store/store_folder.h"

enum { BLOCK_BYTES = 1 << 20, MOST_TEXT_BYTES = 1000 };

/* ---- lines of a file ------------------------------------------------------ */

/* A file that is read from its begin to its end. */
typedef struct line_reader {
    char *path;
    text block;
    size_t at; /* in the block */
    uint64_t place, line;
    bool is_over, has_cr; /* a CR ended the block: an LF belongs to it */
} line_reader;

static void line_reader_init(line_reader *r, const engine *e, const char *file)
{
    *r = (line_reader){.path = path_join(e->project->directory, file), .line = 1};
    text_init(&r->block);
}

static void line_reader_done(line_reader *r)
{
    memory_free(r->path);
    text_done(&r->block);
}

/* The next byte, or -1 at the end. */
static int next_byte(line_reader *r)
{
    carpel_error unused;
    if (r->at == r->block.size && !r->is_over) {
        r->place += r->block.size;
        r->at = 0;
        text_clear(&r->block);
        r->is_over =
            !file_read_part(r->path, r->place, BLOCK_BYTES, &r->block, &unused) ||
            r->block.size == 0;
    }
    return r->at < r->block.size ? (unsigned char)r->block.data[r->at++] : -1;
}

/* Read the rest of the line, of which some may be wanted. Lines end as in CSV. */
static void read_line(line_reader *r, text *out)
{
    for (int c = next_byte(r); c >= 0; c = next_byte(r)) {
        bool is_second = r->has_cr && c == '\n';
        r->has_cr = c == '\r';
        if (is_second)
            continue;
        if (c == '\n' || c == '\r') {
            r->line++;
            return;
        }
        if (out && out->size < MOST_TEXT_BYTES)
            text_append_char(out, (char)c);
    }
}

/* The text of a line that is not behind the place of the reader; false: the file ends before. */
static bool find_line(line_reader *r, uint64_t line, text *out)
{
    while (r->line < line && !r->is_over)
        read_line(r, NULL);
    if (r->is_over)
        return false;
    read_line(r, out);
    return true;
}

/* ---- kept rows ------------------------------------------------------------ */

typedef struct listing {
    const engine *engine;
    const manifest_source *source;
    const forgotten *forgotten;
    listed_row *rows;
    size_t count, capacity;
} listing;

static const char *next_text(const char **at, const char *end)
{
    const char *text = *at, *behind = memchr(text, '\0', (size_t)(end - text));
    *at = behind ? behind + 1 : end;
    return behind ? text : NULL;
}

/* The rows lie in `kept`, four texts each (quarantine_keep). */
static bool read_rows(listing *l, const text *kept, carpel_error *err)
{
    const char *at = kept->data, *end = kept->data + kept->size;
    while (at < end) {
        const char *file = next_text(&at, end), *line = next_text(&at, end),
                   *reason = next_text(&at, end), *count = next_text(&at, end);
        if (!count)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "the store is damaged: refused rows end within a row");
        memory_grow((void **)&l->rows, l->count, &l->capacity, sizeof *l->rows);
        l->rows[l->count++] = (listed_row){.source = l->source->name,
                                           .file = file,
                                           .reason = reason,
                                           .line = strtoull(line, NULL, 10),
                                           .count = strtoull(count, NULL, 10)};
    }
    return true;
}

static int compare_rows(const void *left, const void *right)
{
    const listed_row *a = left, *b = right;
    int by_file = strcmp(a->file, b->file);
    if (by_file != 0)
        return by_file;
    if ((a->count > 1) != (b->count > 1))
        return a->count > 1 ? 1 : -1;
    return (a->line > b->line) - (a->line < b->line);
}

/* Are there no lines to be seen in the file? */
static bool is_packed(const engine *e, const char *file)
{
    carpel_error unused;
    text bytes;
    text_init(&bytes);
    char *path = path_join(e->project->directory, file);
    bool is_gzip = file_read_beginning(path, 2, &bytes, &unused) &&
                   slice_is((slice){bytes.data, bytes.size}, "\x1f\x8b");
    memory_free(path);
    text_done(&bytes);
    return is_gzip;
}

/* Is the file still what was loaded, and can its lines be read? */
static bool is_there(const listing *l, const char *file)
{
    const manifest_cursor *c = manifest_find_cursor(l->source, file);
    return c && cursors_are_there(l->engine, c) && !is_packed(l->engine, file);
}

/* Has nothing that was taken out of the reason, and names nobody who is forgotten? */
static bool may_be_told(const forgotten *f, const listed_row *row, const text *line)
{
    return !strstr(row->reason, "\"" REASON_REMOVED "\"") &&
           !forgotten_is_named(f, (slice){line->data, line->size});
}

static void tell_row(const forgotten *f, const listed_row *row, line_reader *lines,
                     void (*tell)(void *context, const listed_row *row), void *context)
{
    listed_row told = *row;
    text line;
    text_init(&line);
    if (lines && find_line(lines, row->line, &line) && may_be_told(f, row, &line))
        told.text = line.data;
    tell(context, &told);
    text_done(&line);
}

static void tell_rows(const listing *l,
                      void (*tell)(void *context, const listed_row *row), void *context)
{
    line_reader lines;
    bool is_open = false;
    for (size_t i = 0; i < l->count; i++) {
        const listed_row *row = &l->rows[i];
        if (i == 0 || strcmp(row->file, l->rows[i - 1].file) != 0) {
            if (is_open)
                line_reader_done(&lines);
            is_open = is_there(l, row->file);
            if (is_open)
                line_reader_init(&lines, l->engine, row->file);
        }
        bool can_read = is_open && row->line >= lines.line && row->count == 1;
        tell_row(l->forgotten, row, can_read ? &lines : NULL, tell, context);
    }
    if (is_open)
        line_reader_done(&lines);
}

static bool list_source(const engine *e, store_folder *f, const manifest_source *s,
                        void (*tell)(void *context, const listed_row *row), void *context,
                        carpel_error *err)
{
    listing l = {
        .engine = e, .source = s, .forgotten = &store_folder_manifest(f)->forgotten};
    text kept;
    text_init(&kept);
    bool is_good = true;
    for (size_t i = 0; is_good && i < s->parts.count; i++)
        is_good = store_folder_read_refused(f, &s->parts.items[i], &kept, err);
    is_good = is_good && read_rows(&l, &kept, err);
    if (is_good && l.count > 0) {
        qsort(l.rows, l.count, sizeof *l.rows, compare_rows);
        tell_rows(&l, tell, context);
    }
    memory_free(l.rows);
    text_done(&kept);
    return is_good;
}

bool engine_list_refused(const engine *e, const char *source,
                         void (*tell)(void *context, const listed_row *row),
                         void *context, carpel_error *err)
{
    store_folder *f = store_folder_new(e->project->store.text);
    bool is_good = store_folder_read(f, err), is_found = !source;
    const manifest *m = store_folder_manifest(f);
    for (size_t i = 0; is_good && i < m->source_count; i++) {
        if (source && strcmp(m->sources[i].name, source) != 0)
            continue;
        is_found = true;
        is_good = list_source(e, f, &m->sources[i], tell, context, err);
    }
    if (is_good && !is_found)
        is_good =
            carpel_fail(err, CARPEL_E_INPUT, "the store has no source \"%s\"", source);
    store_folder_free(f);
    return is_good;
}
