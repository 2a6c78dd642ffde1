/* SPDX-License-Identifier: MIT */
#include "base/shared_object.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"

/* The header of the object that this code is in, which the linker puts there: what a file
 * for this machine begins with. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

bool shared_object_fail(const shared_object *o, const char *what, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_PLUGIN, "cannot load \"%s\": %s", o->path, what);
}

static bool fail_cut(const shared_object *o, const char *what, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_PLUGIN,
                       "cannot load \"%s\": it is damaged or not copied whole: %s beyond "
                       "its %zu bytes",
                       o->path, what, o->size);
}

static bool lies_within(const shared_object *o, uint64_t offset, uint64_t size)
{
    return offset <= o->size && size <= o->size - offset;
}

static bool check_header(shared_object *o, carpel_error *err)
{
    const unsigned char *own = __ehdr_start.e_ident;
    if (o->size < SELFMAG || memcmp(o->data, ELFMAG, SELFMAG) != 0)
        return shared_object_fail(o, "it is no shared object", err);
    if (o->size < sizeof o->header)
        return fail_cut(o, "its header goes", err);
    memcpy(&o->header, o->data, sizeof o->header);
    const ElfW(Ehdr) *h = &o->header;
    if (h->e_ident[EI_CLASS] != own[EI_CLASS] || h->e_ident[EI_DATA] != own[EI_DATA] ||
        h->e_machine != __ehdr_start.e_machine)
        return shared_object_fail(o, "it is built for another kind of machine", err);
    if (h->e_ident[EI_VERSION] != EV_CURRENT || h->e_type != ET_DYN)
        return shared_object_fail(
            o, "it is no shared object, but another kind of ELF file", err);
    return true;
}

ElfW(Phdr) shared_object_segment(const shared_object *o, size_t index)
{
    ElfW(Phdr) segment;
    memcpy(&segment, o->data + o->header.e_phoff + index * sizeof segment,
           sizeof segment);
    return segment;
}

ElfW(Shdr) shared_object_section(const shared_object *o, size_t index)
{
    ElfW(Shdr) section;
    memcpy(&section, o->data + o->header.e_shoff + index * sizeof section,
           sizeof section);
    return section;
}

/* Segments are what the linker maps. */
static bool check_segments(const shared_object *o, carpel_error *err)
{
    const ElfW(Ehdr) *h = &o->header;
    size_t load_count = 0;
    if (h->e_phnum == 0 || h->e_phentsize != sizeof(ElfW(Phdr)))
        return shared_object_fail(o, "it has no segments to load", err);
    if (!lies_within(o, h->e_phoff, (uint64_t)h->e_phnum * sizeof(ElfW(Phdr))))
        return fail_cut(o, "its table of segments goes", err);
    for (size_t i = 0; i < h->e_phnum; i++) {
        ElfW(Phdr) p = shared_object_segment(o, i);
        load_count += p.p_type == PT_LOAD;
        if (!lies_within(o, p.p_offset, p.p_filesz))
            return fail_cut(o, "a segment goes", err);
        if (p.p_type == PT_LOAD && p.p_filesz > p.p_memsz)
            return shared_object_fail(o, "a segment is larger than its memory", err);
    }
    return load_count > 0 || shared_object_fail(o, "it has no segments to load", err);
}

/* Sections stand at the end of a file, so one that is cut off has none. */
static bool check_sections(const shared_object *o, carpel_error *err)
{
    const ElfW(Ehdr) *h = &o->header;
    if (h->e_shnum == 0 || h->e_shentsize != sizeof(ElfW(Shdr)))
        return shared_object_fail(o, "it has no sections", err);
    if (!lies_within(o, h->e_shoff, (uint64_t)h->e_shnum * sizeof(ElfW(Shdr))))
        return fail_cut(o, "its table of sections goes", err);
    for (size_t i = 0; i < h->e_shnum; i++) {
        ElfW(Shdr) s = shared_object_section(o, i);
        if (s.sh_type != SHT_NULL && s.sh_type != SHT_NOBITS &&
            !lies_within(o, s.sh_offset, s.sh_size))
            return fail_cut(o, "a section goes", err);
    }
    return true;
}

bool shared_object_check(shared_object *o, const char *path, const char *data,
                         size_t size, carpel_error *err)
{
    *o = (shared_object){.path = path, .data = data, .size = size};
    return check_header(o, err) && check_segments(o, err) && check_sections(o, err);
}

bool shared_object_check_file(int fd, const char *path, carpel_error *err)
{
    shared_object o;
    text bytes;
    text_init(&bytes);
    bool is_whole = file_read_open(fd, path, SHARED_OBJECT_LIMIT_BYTES, &bytes, err) &&
                    shared_object_check(&o, path, bytes.data, bytes.size, err);
    text_done(&bytes);
    return is_whole;
}
