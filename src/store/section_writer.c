/* SPDX-License-Identifier: MIT
 *
 * Sections are written as they come; what the directory will say of them is kept.
 */
#include "store/section_writer.h"

#include <string.h>

#include "base/durable.h"
#include "base/memory.h"
#include "store/checksum.h"
#include "store/section_layout.h"

struct section_writer {
    durable_file *file;
    bool is_good;
    carpel_error error; /* the first one */
    uint64_t written;   /* bytes of the file */
    section_entry *entries;
    size_t count, capacity;
    text names;
    uint64_t *checksums;
    size_t block_count, block_capacity;
    char *block;          /* the open one */
    uint64_t block_bytes; /* in it so far */
};

static void put_raw(section_writer *w, const void *data, uint64_t bytes)
{
    if (w->is_good)
        w->is_good = durable_write(w->file, data, (size_t)bytes, &w->error);
    w->written += bytes;
}

/* ---- blocks --------------------------------------------------------------- */

static void put_block(section_writer *w, const void *data, uint64_t bytes)
{
    memory_grow((void **)&w->checksums, w->block_count, &w->block_capacity,
                sizeof *w->checksums);
    w->checksums[w->block_count++] = checksum_of(data, (size_t)bytes);
    put_raw(w, data, bytes);
}

static void end_block(section_writer *w)
{
    if (w->block_bytes > 0)
        put_block(w, w->block, w->block_bytes);
    w->block_bytes = 0;
}

/* What is a block of its own is not copied. */

static void put_checked(section_writer *w, const void *data, uint64_t bytes)
{
    const char *at = data;
    while (bytes > 0) {
        uint64_t room = SECTION_BLOCK_BYTES - w->block_bytes;
        uint64_t part = bytes < room ? bytes : room;
        if (part == SECTION_BLOCK_BYTES)
            put_block(w, at, part);
        else {
            memcpy(w->block + w->block_bytes, at, (size_t)part);
            w->block_bytes += part;
        }
        at += part;
        bytes -= part;
        if (w->block_bytes == SECTION_BLOCK_BYTES)
            end_block(w);
    }
}

uint64_t section_writer_size(const section_writer *w)
{
    return w->written + w->block_bytes;
}

/* Fill up with zeros, which are part of the section's last block. */
static void end_section(section_writer *w)
{
    static const char zeros[SECTION_ALIGNMENT];
    if (w->count == 0)
        return;
    uint64_t end = section_writer_size(w);
    w->entries[w->count - 1].bytes = end - w->entries[w->count - 1].offset;
    put_checked(w, zeros, section_round_up(end) - end);
    end_block(w);
}

/* ---- life ----------------------------------------------------------------- */

static void write_head(section_writer *w)
{
    section_head head = {.byte_order = SECTION_BYTE_ORDER,
                         .version = SECTION_FILE_VERSION};
    memcpy(head.magic, SECTION_MAGIC, sizeof head.magic);
    head.checksum = checksum_of(&head, offsetof(section_head, checksum));
    put_raw(w, &head, sizeof head);
}

section_writer *section_writer_new(const char *path, carpel_error *err)
{
    durable_file *file = durable_create(path, err);
    if (!file)
        return NULL;
    section_writer *w = memory_alloc_zero(sizeof *w);
    w->file = file;
    w->is_good = true;
    w->block = memory_alloc(SECTION_BLOCK_BYTES);
    text_init(&w->names);
    write_head(w);
    return w;
}

static void release(section_writer *w)
{
    memory_free(w->entries);
    memory_free(w->checksums);
    memory_free(w->block);
    text_done(&w->names);
    memory_free(w);
}

void section_writer_begin(section_writer *w, const section *s)
{
    end_section(w);
    memory_grow((void **)&w->entries, w->count, &w->capacity, sizeof *w->entries);
    w->entries[w->count++] = (section_entry){.role = (uint32_t)s->role,
                                             .type = s->type,
                                             .scale = s->scale,
                                             .width = s->width,
                                             .count = s->count,
                                             .base = s->base,
                                             .unit = s->unit,
                                             .offset = w->written,
                                             .name_offset = w->names.size,
                                             .name_size = (uint32_t)s->name.size};
    text_append_bytes(&w->names, s->name.data, s->name.size);
}

void section_writer_put(section_writer *w, const void *data, uint64_t bytes)
{
    put_checked(w, data, bytes);
}

void section_writer_add(section_writer *w, const section *s, const void *data,
                        uint64_t bytes)
{
    section_writer_begin(w, s);
    section_writer_put(w, data, bytes);
}

/* Entries, names and checksums, under one checksum. */
static void write_directory(section_writer *w, section_tail *tail)
{
    text all;
    text_init(&all);
    text_append_bytes(&all, (const char *)w->entries, w->count * sizeof *w->entries);
    text_append_bytes(&all, w->names.data, w->names.size);
    text_append_bytes(&all, (const char *)w->checksums,
                      w->block_count * sizeof *w->checksums);
    tail->directory_offset = w->written;
    tail->directory_checksum = checksum_of(all.data, all.size);
    put_raw(w, all.data, all.size);
    text_done(&all);
}

static void write_tail(section_writer *w, section_file_identity *out)
{
    section_tail tail = {.section_count = w->count, .block_count = w->block_count};
    while (w->names.size % 8 != 0)
        text_append_char(&w->names, '\0'); /* checksums stand at multiples of 8 */
    tail.names_bytes = w->names.size;
    write_directory(w, &tail);
    tail.file_bytes = w->written + sizeof tail;
    tail.checksum = checksum_of(&tail, offsetof(section_tail, checksum));
    put_raw(w, &tail, sizeof tail);
    *out = (section_file_identity){tail.file_bytes, tail.checksum};
}

bool section_writer_finish(section_writer *w, section_file_identity *out,
                           carpel_error *err)
{
    end_section(w);
    write_tail(w, out);
    bool is_good = w->is_good;
    if (is_good)
        is_good = durable_finish(w->file, err);
    else {
        *err = w->error;
        durable_drop(w->file);
    }
    release(w);
    return is_good;
}

void section_writer_drop(section_writer *w)
{
    if (!w)
        return;
    durable_drop(w->file);
    release(w);
}
