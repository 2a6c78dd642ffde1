/* SPDX-License-Identifier: MIT
 *
 * Two growing lists: files, and the rows whose line is not that of the row before plus one.
 */
#include "store/origins.h"

#include "base/memory.h"

/* The name stands in `names`. */
typedef struct file_note {
    uint64_t first, name_offset, name_size;
} file_note;

typedef struct line_note {
    uint64_t row, line;
} line_note;

struct origins {
    file_note *files;
    size_t file_count, file_capacity;
    line_note *lines;
    size_t line_count, line_capacity;
    text names;
    uint64_t row_count, next_line;
};

origins *origins_new(void)
{
    origins *o = memory_alloc_zero(sizeof *o);
    text_init(&o->names);
    return o;
}

void origins_free(origins *o)
{
    if (!o)
        return;
    memory_free(o->files);
    memory_free(o->lines);
    text_done(&o->names);
    memory_free(o);
}

static slice name_of(const origins *o, size_t index)
{
    return (slice){o->names.data + o->files[index].name_offset,
                   (size_t)o->files[index].name_size};
}

static void begin_file(origins *o, slice name)
{
    memory_grow((void **)&o->files, o->file_count, &o->file_capacity, sizeof *o->files);
    o->files[o->file_count++] = (file_note){o->row_count, o->names.size, name.size};
    text_append_bytes(&o->names, name.data, name.size);
}

void origins_note_run(origins *o, slice file, uint64_t line, uint64_t count)
{
    if (o->file_count == 0 || !slice_equals(name_of(o, o->file_count - 1), file))
        begin_file(o, file);
    if (o->row_count == 0 || line != o->next_line) {
        memory_grow((void **)&o->lines, o->line_count, &o->line_capacity,
                    sizeof *o->lines);
        o->lines[o->line_count++] = (line_note){o->row_count, line};
    }
    o->row_count += count;
    o->next_line = line + count;
}

void origins_note(origins *o, slice file, uint64_t line)
{
    origins_note_run(o, file, line, 1);
}

uint64_t origins_row_count(const origins *o)
{
    return o->row_count;
}

size_t origins_file_count(const origins *o)
{
    return o->file_count;
}

origin_file origins_file(const origins *o, size_t index)
{
    uint64_t first = o->files[index].first,
             end = index + 1 < o->file_count ? o->files[index + 1].first : o->row_count;
    return (origin_file){name_of(o, index), first, end - first};
}

bool origins_find(const origins *o, uint64_t row, slice *file, uint64_t *line)
{
    if (row >= o->row_count)
        return false;
    size_t low = 0, high = o->file_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (o->files[middle].first <= row)
            low = middle;
        else
            high = middle;
    }
    *file = name_of(o, low);
    for (low = 0, high = o->line_count; high - low > 1;) {
        size_t middle = low + (high - low) / 2;
        if (o->lines[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    *line = o->lines[low].line + (row - o->lines[low].row);
    return true;
}

void origins_append_file(origins *o, const origins *from, size_t index)
{
    origin_file file = origins_file(from, index);
    uint64_t end = file.first + file.count;
    for (size_t i = 0; i < from->line_count; i++) {
        line_note note = from->lines[i];
        uint64_t behind =
            i + 1 < from->line_count ? from->lines[i + 1].row : from->row_count;
        uint64_t row = note.row > file.first ? note.row : file.first;
        behind = behind < end ? behind : end;
        if (row < behind)
            origins_note_run(o, file.name, note.line + (row - note.row), behind - row);
    }
}

/* ---- in a part ------------------------------------------------------------ */

#define FILES "files"
#define NAMES "names"
#define LINES "lines"

void origins_write(const origins *o, uint64_t base, section_writer *w)
{
    section_writer_add(w,
                       &(section){.role = ROLE_ORIGINS,
                                  .name = slice_of(FILES),
                                  .width = 64,
                                  .count = o->file_count * 3,
                                  .base = (int64_t)base,
                                  .unit = (int64_t)o->row_count},
                       o->files, o->file_count * sizeof *o->files);
    section_writer_add(w, &(section){.role = ROLE_ORIGINS, .name = slice_of(NAMES)},
                       o->names.data, o->names.size);
    section_writer_add(w,
                       &(section){.role = ROLE_LINES,
                                  .name = slice_of(LINES),
                                  .width = 64,
                                  .count = o->line_count * 2},
                       o->lines, o->line_count * sizeof *o->lines);
}

static bool is_sane(const origins *o)
{
    bool is_good = (o->file_count > 0 && o->line_count > 0) || o->row_count == 0;
    for (size_t i = 0; i < o->file_count; i++) {
        const file_note *f = &o->files[i];
        uint64_t before = i == 0 ? 0 : o->files[i - 1].first;
        is_good = is_good && f->first >= before && f->first <= o->row_count &&
                  (i > 0 || f->first == 0) && f->name_offset <= o->names.size &&
                  f->name_size <= o->names.size - f->name_offset;
    }
    return is_good;
}

static void copy_notes(origins *o, const section *files, const section *lines)
{
    const file_note *file = files->data;
    const line_note *line = lines->data;
    o->row_count = (uint64_t)files->unit;
    for (size_t i = 0; i < files->count / 3; i++) {
        memory_grow((void **)&o->files, i, &o->file_capacity, sizeof *o->files);
        o->files[o->file_count++] = file[i];
    }
    for (size_t i = 0; i < lines->count / 2; i++) {
        memory_grow((void **)&o->lines, i, &o->line_capacity, sizeof *o->lines);
        o->lines[o->line_count++] = line[i];
    }
}

origins *origins_read(const section_file *f, uint64_t *base, carpel_error *err)
{
    const section *files = section_file_find(f, ROLE_ORIGINS, FILES),
                  *names = section_file_find(f, ROLE_ORIGINS, NAMES),
                  *lines = section_file_find(f, ROLE_LINES, LINES);
    origins *o = origins_new();
    if (files && names && lines && files->width == 64 && lines->width == 64) {
        *base = (uint64_t)files->base;
        copy_notes(o, files, lines);
        text_append_bytes(&o->names, names->data, (size_t)names->bytes);
        if (is_sane(o))
            return o;
    }
    carpel_fail(err, CARPEL_E_INPUT,
                "the store is damaged: \"%s\" does not tell where its rows came from",
                section_file_path(f));
    origins_free(o);
    return NULL;
}
