/* SPDX-License-Identifier: MIT
 *
 * A mapped file whose directory is believed once its checksum is right; even so every
 * offset is held against the size, since a file may be whole and made by somebody else.
 */
#include "store/section_file.h"

#include <string.h>

#include "base/file_view.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/path.h"
#include "store/checksum.h"
#include "store/section_layout.h"

struct section_file {
    char *path;
    file_view view;
    section_file_identity identity;
    section *sections;
    size_t count;
    const uint64_t *checksums;
};

static bool fail(const char *path, const char *what, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT, "the store is damaged: \"%s\" %s", path,
                       what);
}

/* ---- opening -------------------------------------------------------------- */

static bool check_head(const char *path, const file_view *v, carpel_error *err)
{
    section_head head;
    if (v->size < sizeof(section_head) + sizeof(section_tail))
        return fail(path, "is too short", err);
    memcpy(&head, v->data, sizeof head);
    if (memcmp(head.magic, SECTION_MAGIC, sizeof head.magic) != 0)
        return fail(path, "does not begin as a file of a store", err);
    if (head.byte_order == __builtin_bswap32(SECTION_BYTE_ORDER))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"%s\" was written on a machine with another byte order; load "
            "the data anew here",
            path);
    if (head.checksum != checksum_of(&head, offsetof(section_head, checksum)))
        return fail(path, "has a damaged head", err);
    if (head.version > SECTION_FILE_VERSION)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"%s\" has version %u of the format, and this carpel knows up "
            "to %d: take a newer carpel",
            path, head.version, SECTION_FILE_VERSION);
    return head.byte_order == SECTION_BYTE_ORDER ||
           fail(path, "has no byte order that is known", err);
}

/* Do the parts of the directory fill the room between the sections and the tail? */
static bool has_sane_directory(const section_tail *t, uint64_t size)
{
    uint64_t end = size - sizeof *t;
    if (t->file_bytes != size || t->directory_offset > end ||
        t->directory_offset % SECTION_ALIGNMENT != 0)
        return false;
    uint64_t room = end - t->directory_offset;
    return t->section_count <= room / sizeof(section_entry) && t->names_bytes <= room &&
           t->names_bytes % 8 == 0 && t->block_count <= room / 8 &&
           t->section_count * sizeof(section_entry) + t->names_bytes +
                   t->block_count * 8 ==
               room;
}

static bool read_tail(const char *path, const file_view *v, section_tail *out,
                      carpel_error *err)
{
    memcpy(out, v->data + v->size - sizeof *out, sizeof *out);
    if (out->checksum != checksum_of(out, offsetof(section_tail, checksum)))
        return fail(path, "has a damaged tail", err);
    if (!has_sane_directory(out, v->size))
        return fail(path, "has another size than it was written with", err);
    const unsigned char *directory = v->data + out->directory_offset;
    uint64_t bytes = v->size - sizeof *out - out->directory_offset;
    return out->directory_checksum == checksum_of(directory, (size_t)bytes) ||
           fail(path, "has a damaged directory", err);
}

/* Bytes that so many values take; UINT64_MAX when that is nonsense. */
static uint64_t bytes_of(const section_entry *e)
{
    if (e->width == 0)
        return e->bytes;
    if (!packed_has_width(e->width) || e->count > UINT64_MAX / 64)
        return UINT64_MAX;
    return packed_stored_bytes(e->width, e->count);
}

static bool is_sane_entry(const section_entry *e, const section_tail *t)
{
    return e->offset % SECTION_ALIGNMENT == 0 && e->offset <= t->directory_offset &&
           e->bytes <= t->directory_offset - e->offset && e->bytes == bytes_of(e) &&
           e->name_offset <= t->names_bytes &&
           e->name_size <= t->names_bytes - e->name_offset;
}

static bool read_directory(section_file *f, const section_tail *t, carpel_error *err)
{
    const section_entry *entries = (const void *)(f->view.data + t->directory_offset);
    const char *names = (const char *)(entries + t->section_count);
    uint64_t block = 0, expected = sizeof(section_head);
    f->count = (size_t)t->section_count;
    f->sections = memory_alloc_array(f->count + 1, sizeof *f->sections);
    f->checksums = (const void *)(names + t->names_bytes);
    for (size_t i = 0; i < f->count; i++) {
        const section_entry *e = &entries[i];
        if (e->offset != expected || !is_sane_entry(e, t))
            return fail(f->path, "has a directory that fits no file", err);
        f->sections[i] = (section){(section_role)e->role,
                                   {names + e->name_offset, e->name_size},
                                   e->type,
                                   e->scale,
                                   e->width,
                                   e->count,
                                   e->base,
                                   e->unit,
                                   f->view.data + e->offset,
                                   e->bytes,
                                   block};
        block += section_block_count(e->bytes);
        expected += section_round_up(e->bytes);
    }
    return (block == t->block_count && expected == t->directory_offset) ||
           fail(f->path, "has a directory that fits no file", err);
}

static bool is_expected(const section_file *f, const section_file_identity *expected)
{
    return !expected || (expected->size == f->identity.size &&
                         expected->checksum == f->identity.checksum);
}

static bool open_parts(section_file *f, const section_file_identity *expected,
                       carpel_error *err)
{
    section_tail tail;
    bool exists;
    if (path_look(f->path, &exists, err) && !exists)
        return fail(f->path, "is not there any more", err);
    if (!file_view_open(f->path, &f->view, err) || !check_head(f->path, &f->view, err) ||
        !read_tail(f->path, &f->view, &tail, err))
        return false;
    f->identity = (section_file_identity){tail.file_bytes, tail.checksum};
    if (!is_expected(f, expected))
        return fail(f->path, "is not the file that the manifest means", err);
    return read_directory(f, &tail, err);
}

section_file *section_file_open(const char *path, const section_file_identity *expected,
                                carpel_error *err)
{
    section_file *f = memory_alloc_zero(sizeof *f);
    f->path = memory_copy_string(path);
    f->view.data = (const unsigned char *)"";
    if (open_parts(f, expected, err))
        return f;
    section_file_close(f);
    return NULL;
}

void section_file_rest(const section_file *f)
{
    file_view_rest(&f->view);
}

void section_file_close(section_file *f)
{
    if (!f)
        return;
    file_view_close(&f->view);
    memory_free(f->sections);
    memory_free(f->path);
    memory_free(f);
}

/* ---- questions ------------------------------------------------------------ */

const char *section_file_path(const section_file *f)
{
    return f->path;
}

section_file_identity section_file_identify(const section_file *f)
{
    return f->identity;
}

size_t section_file_count(const section_file *f)
{
    return f->count;
}

const section *section_file_get(const section_file *f, size_t index)
{
    return &f->sections[index];
}

packed section_numbers(const section *s)
{
    uint64_t unit = s->unit == 0 ? 1 : (uint64_t)s->unit;
    return (packed){s->data, s->width, s->base, unit};
}

section section_of_numbers(const packed *p)
{
    return (section){.width = p->bits, .base = p->base, .unit = (int64_t)p->unit};
}

const section *section_file_find(const section_file *f, section_role role,
                                 const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->sections[i].role == role && slice_is(f->sections[i].name, name))
            return &f->sections[i];
    return NULL;
}

/* ---- checking ------------------------------------------------------------- */

static const char *role_name(section_role role)
{
    static const char *const names[] = {[ROLE_TABLE] = "table",
                                        [ROLE_PERSONS] = "people",
                                        [ROLE_COUNTS] = "counts",
                                        [ROLE_TIMES] = "times",
                                        [ROLE_ARRIVALS] = "arrivals",
                                        [ROLE_VALUES] = "values",
                                        [ROLE_PRESENT] = "presence",
                                        [ROLE_KNOWN] = "known people",
                                        [ROLE_SINCE] = "times of known people",
                                        [ROLE_ORIGINS] = "origins",
                                        [ROLE_LINES] = "lines",
                                        [ROLE_REFUSED] = "refused rows",
                                        [ROLE_TEXT_SIZES] = "sizes of texts",
                                        [ROLE_TEXT_BYTES] = "texts",
                                        [ROLE_IDS] = "ids of rows",
                                        [ROLE_NAMES] = "names",
                                        [ROLE_NAMED] = "named people",
                                        [ROLE_NOTES] = "notes",
                                        [ROLE_NEWEST] = "newest times"};
    return role > 0 && role < sizeof names / sizeof *names ? names[role] : "something";
}

static bool fail_block(const section_file *f, const section *s, uint64_t block,
                       carpel_error *err)
{
    uint64_t bits = s->width ? s->width : 8;
    uint64_t first = block * SECTION_BLOCK_BYTES * 8 / bits,
             last = (block + 1) * SECTION_BLOCK_BYTES * 8 / bits;
    uint64_t count = s->width ? s->count : s->bytes;
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the store is damaged: \"%s\", %s of \"%.*s\", %s %llu to %llu",
                       f->path, role_name(s->role), (int)s->name.size, s->name.data,
                       s->width ? "rows" : "bytes", (unsigned long long)first,
                       (unsigned long long)(last < count ? last : count));
}

static bool is_block_good(const section_file *f, const section *s, uint64_t block)
{
    uint64_t from = block * SECTION_BLOCK_BYTES,
             bytes = section_round_up(s->bytes) - from;
    bytes = bytes < SECTION_BLOCK_BYTES ? bytes : SECTION_BLOCK_BYTES;
    uint64_t checksum = checksum_of((const char *)s->data + from, (size_t)bytes);
    return checksum == f->checksums[s->first_block + block];
}

bool section_check(const section_file *f, const section *s, carpel_error *err)
{
    uint64_t blocks = section_block_count(s->bytes);
    for (uint64_t i = 0; i < blocks; i++)
        if (!is_block_good(f, s, i))
            return fail_block(f, s, i, err);
    return true;
}

/* Blocks of a file that are checked side by side. */
typedef struct block_check {
    const section_file *file;
    section_choice *is_left_out; /* or NULL */
    const void *context;
    uint64_t bad; /* the lowest section with a bad block so far, or the count */
} block_check;

static void check_piece(void *context, size_t piece, size_t worker)
{
    block_check *c = context;
    carpel_error unused;
    const section *s = &c->file->sections[piece];
    (void)worker;
    if ((c->is_left_out && c->is_left_out(c->context, s)) ||
        section_check(c->file, s, &unused))
        return;
    uint64_t before = __atomic_load_n(&c->bad, __ATOMIC_RELAXED);
    while (piece < before &&
           !__atomic_compare_exchange_n(&c->bad, &before, piece, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
        continue;
}

bool section_file_check(const section_file *f, section_choice *is_left_out,
                        const void *context, carpel_error *err)
{
    enum { SMALL = 4 << 20 }; /* sooner checked than threads begun */
    block_check c = {f, is_left_out, context, f->count};
    size_t threads = f->identity.size < SMALL ? 1 : parallel_processor_count();
    parallel_run(threads, f->count, check_piece, &c);
    return c.bad == f->count || section_check(f, &f->sections[c.bad], err);
}
