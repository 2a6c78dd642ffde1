/* SPDX-License-Identifier: MIT
 *
 * The tables of an ELF file: each is found through one that was checked before it. Records
 * are copied out, since in a damaged file they may stand anywhere.
 */
#include "plugin/elf_file.h"

#include <carpel/plugin.h>

#include <string.h>

#include "base/file.h"
#include "base/shared_object.h"
#include "base/text.h"

typedef ElfW(Shdr) section_header;
typedef ElfW(Sym) symbol;
typedef ElfW(Dyn) dynamic_entry;

typedef struct elf_file {
    shared_object object; /* it is whole */
    section_header symbols,
        names;            /* those that are exported or wanted, and their names */
    uint64_t description; /* its address */
    carpel_error *err;
} elf_file;

/* ---- symbols ------------------------------------------------------------------------ */

/* The first section of a type. */
static bool find_section(const elf_file *f, uint32_t type, section_header *out)
{
    for (size_t i = 0; i < f->object.header.e_shnum; i++) {
        *out = shared_object_section(&f->object, i);
        if (out->sh_type == type)
            return true;
    }
    return false;
}

/* A table of symbols of this type, with its names, which end. */
static bool find_symbols(const elf_file *f, uint32_t type, section_header *symbols,
                         section_header *names)
{
    if (!find_section(f, type, symbols) || symbols->sh_entsize != sizeof(symbol) ||
        symbols->sh_link >= f->object.header.e_shnum)
        return false;
    *names = shared_object_section(&f->object, symbols->sh_link);
    return names->sh_type == SHT_STRTAB && names->sh_size > 0 &&
           f->object.data[names->sh_offset + names->sh_size - 1] == '\0';
}

static symbol symbol_at(const elf_file *f, const section_header *symbols, size_t index)
{
    symbol s;
    memcpy(&s, f->object.data + symbols->sh_offset + index * sizeof s, sizeof s);
    return s;
}

static const char *name_of(const elf_file *f, const section_header *names, symbol s)
{
    return s.st_name < names->sh_size ? f->object.data + names->sh_offset + s.st_name
                                      : "";
}

/* Is the memory of a symbol part of a segment that is loaded? */
static bool is_loaded(const elf_file *f, symbol s)
{
    for (size_t i = 0; i < f->object.header.e_phnum; i++) {
        ElfW(Phdr) p = shared_object_segment(&f->object, i);
        if (p.p_type == PT_LOAD && s.st_value >= p.p_vaddr &&
            s.st_value - p.p_vaddr <= p.p_memsz &&
            s.st_size <= p.p_memsz - (s.st_value - p.p_vaddr))
            return true;
    }
    return false;
}

/* What comes before everything else in a description: the versions and its size. */
static const size_t least_size = offsetof(carpel_plugin, kind);

static bool check_description(elf_file *f, elf_findings *out)
{
    size_t count = f->symbols.sh_size / sizeof(symbol);
    for (size_t i = 0; i < count; i++) {
        symbol s = symbol_at(f, &f->symbols, i);
        if (strcmp(name_of(f, &f->names, s), CARPEL_PLUGIN_SYMBOL) != 0 ||
            s.st_shndx == SHN_UNDEF)
            continue;
        out->description_size = s.st_size;
        f->description = s.st_value;
        if (ELF64_ST_TYPE(s.st_info) != STT_OBJECT || s.st_size < least_size ||
            !is_loaded(f, s))
            return shared_object_fail(
                &f->object, "its \"" CARPEL_PLUGIN_SYMBOL "\" is no description", f->err);
        return true;
    }
    return carpel_fail(f->err, CARPEL_E_PLUGIN,
                       "\"%s\" is no carpel plugin: it exports no \"%s\"", f->object.path,
                       CARPEL_PLUGIN_SYMBOL);
}

/* ---- what loading runs --------------------------------------------------------------- */

static bool has_symbol(const elf_file *f, uint32_t type, const char *wanted)
{
    section_header symbols, names;
    if (!find_symbols(f, type, &symbols, &names))
        return false;
    for (size_t i = 0; i < symbols.sh_size / sizeof(symbol); i++)
        if (strcmp(name_of(f, &names, symbol_at(f, &symbols, i)), wanted) == 0)
            return true;
    return false;
}

/* The sanitizers and gcov add a constructor to each source file. */
static bool is_instrumented(const elf_file *f)
{
    return has_symbol(f, SHT_DYNSYM, "__asan_init") ||
           has_symbol(f, SHT_DYNSYM, "__tsan_init") ||
           has_symbol(f, SHT_SYMTAB, "__gcov_init");
}

/* The address of DT_INIT; 0: there is none. */
static uint64_t init_address(const elf_file *f)
{
    section_header s;
    if (!find_section(f, SHT_DYNAMIC, &s))
        return 0;
    for (size_t at = 0; at + sizeof(dynamic_entry) <= s.sh_size;
         at += sizeof(dynamic_entry)) {
        dynamic_entry entry;
        memcpy(&entry, f->object.data + s.sh_offset + at, sizeof entry);
        if (entry.d_tag == DT_INIT)
            return entry.d_un.d_ptr;
    }
    return 0;
}

/* Does a section begin here? That of the compiler's own `_init` does. */
static bool begins_section(const elf_file *f, uint64_t address)
{
    for (size_t i = 0; i < f->object.header.e_shnum; i++) {
        section_header s = shared_object_section(&f->object, i);
        if (s.sh_addr == address && (s.sh_flags & SHF_EXECINSTR) != 0 &&
            s.sh_type == SHT_PROGBITS)
            return true;
    }
    return false;
}

/* The compiler's own are `_init` and one entry of the array, frame_dummy. */
static size_t count_constructors(const elf_file *f)
{
    section_header array;
    size_t count = 0;
    uint64_t init = init_address(f);
    if (is_instrumented(f))
        return 0;
    if (find_section(f, SHT_INIT_ARRAY, &array))
        count = array.sh_size / sizeof(ElfW(Addr));
    count -= count > 0 ? 1 : 0;
    return count + (init != 0 && !begins_section(f, init) ? 1 : 0);
}

/* ---- the description, without loading it -------------------------------------------------- */

/* Where so many bytes of memory stand in the file; NULL: nowhere. */
static const char *bytes_at(const elf_file *f, uint64_t address, uint64_t size)
{
    for (size_t i = 0; i < f->object.header.e_phnum; i++) {
        ElfW(Phdr) p = shared_object_segment(&f->object, i);
        uint64_t from = address - p.p_vaddr;
        if (p.p_type == PT_LOAD && address >= p.p_vaddr && from <= p.p_filesz &&
            size <= p.p_filesz - from)
            return f->object.data + p.p_offset + from;
    }
    return NULL;
}

/* What a relocation makes of a place: an address in the file, or what a symbol of it has. */
static uint64_t relocated(const elf_file *f, ElfW(Rela) r)
{
    size_t index = ELF64_R_SYM(r.r_info);
    uint64_t value = 0;
    if (index > 0 && index < f->symbols.sh_size / sizeof(symbol))
        value = symbol_at(f, &f->symbols, index).st_value;
    return value + (uint64_t)r.r_addend;
}

/* The pointer at an address, as the linker sets it; 0: none. */
static uint64_t pointer_at(const elf_file *f, uint64_t address)
{
    ElfW(Rela) r;
    uint64_t value = 0;
    for (size_t i = 0; i < f->object.header.e_shnum; i++) {
        section_header s = shared_object_section(&f->object, i);
        for (uint64_t at = 0; s.sh_type == SHT_RELA && at + sizeof r <= s.sh_size;
             at += sizeof r) {
            memcpy(&r, f->object.data + s.sh_offset + at, sizeof r);
            if (r.r_offset == address)
                return relocated(f, r);
        }
    }
    const char *bytes = bytes_at(f, address, sizeof value);
    if (bytes)
        memcpy(&value, bytes, sizeof value);
    return value;
}

/* Copy the text that a pointer at the address leads to. */
static void copy_text(const elf_file *f, uint64_t address, char *out, size_t capacity)
{
    uint64_t begin = pointer_at(f, address);
    size_t size = 0;
    const char *byte;
    while (begin != 0 && size + 1 < capacity && (byte = bytes_at(f, begin + size, 1)) &&
           *byte != '\0')
        out[size++] = *byte;
    out[size] = '\0';
}

static void read_description(const elf_file *f, uint64_t address, elf_description *out)
{
    carpel_plugin raw = {0};
    size_t size = out->found.description_size;
    const char *bytes = bytes_at(f, address, least_size);
    if (bytes)
        memcpy(&raw, bytes, least_size);
    out->abi_major = raw.abi_major;
    out->abi_minor = raw.abi_minor;
    if (size < offsetof(carpel_plugin, manual) || !(bytes = bytes_at(f, address, size)))
        return;
    memcpy(&raw, bytes, size < sizeof raw ? size : sizeof raw);
    out->kind = raw.kind;
    copy_text(f, address + offsetof(carpel_plugin, name), out->name, sizeof out->name);
    copy_text(f, address + offsetof(carpel_plugin, version), out->version,
              sizeof out->version);
    copy_text(f, address + offsetof(carpel_plugin, summary), out->summary,
              sizeof out->summary);
}

static bool check_all(elf_file *f, const char *path, const char *data, size_t size,
                      elf_findings *out, carpel_error *err)
{
    *out = (elf_findings){0};
    *f = (elf_file){.err = err};
    if (!shared_object_check(&f->object, path, data, size, err))
        return false;
    if (!find_symbols(f, SHT_DYNSYM, &f->symbols, &f->names))
        return shared_object_fail(&f->object, "it has no table of what it exports",
                                  f->err);
    if (!check_description(f, out))
        return false;
    out->constructors = count_constructors(f);
    return true;
}

bool elf_bytes_check(const char *path, const char *data, size_t size, elf_findings *out,
                     carpel_error *err)
{
    elf_file f;
    return check_all(&f, path, data, size, out, err);
}

bool elf_bytes_describe(const char *path, const char *data, size_t size,
                        elf_description *out, carpel_error *err)
{
    elf_file f;
    *out = (elf_description){0};
    if (!check_all(&f, path, data, size, &out->found, err))
        return false;
    read_description(&f, f.description, out);
    return true;
}

bool elf_file_check(int fd, const char *path, elf_findings *out, carpel_error *err)
{
    text bytes;
    text_init(&bytes);
    bool ok = file_read_open(fd, path, SHARED_OBJECT_LIMIT_BYTES, &bytes, err) &&
              elf_bytes_check(path, bytes.data, bytes.size, out, err);
    text_done(&bytes);
    return ok;
}

bool elf_file_describe(const char *path, elf_description *out, carpel_error *err)
{
    text bytes;
    text_init(&bytes);
    bool ok = file_read(path, SHARED_OBJECT_LIMIT_BYTES, &bytes, err) &&
              elf_bytes_describe(path, bytes.data, bytes.size, out, err);
    text_done(&bytes);
    return ok;
}
