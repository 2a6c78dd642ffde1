/* SPDX-License-Identifier: MIT
 *
 * The ELF reader on a plugin that was built: whole, cut at every length, and with each of
 * its tables made wrong. A file never makes it read where the file is not.
 */
#include "plugin_support.h"

#include <elf.h>
#include <link.h>

#include "base/file.h"
#include "base/path.h"
#include "base/shared_object.h"
#include "plugin/elf_file.h"

static text whole; /* the template source */

static int read_plugin(void **state)
{
    carpel_error err;
    catalog *c = support_catalog();
    const catalog_entry *entries;
    size_t count = catalog_list(c, &entries);
    (void)state;
    text_init(&whole);
    for (size_t i = 0; i < count; i++)
        if (strcmp(path_base(entries[i].path), "source_template.so") == 0 &&
            !file_read(entries[i].path, SHARED_OBJECT_LIMIT_BYTES, &whole, &err))
            return -1;
    catalog_free(c);
    return whole.size > 0 ? 0 : -1;
}

static int forget_plugin(void **state)
{
    (void)state;
    text_done(&whole);
    return 0;
}

/* Check a copy that ends where its memory ends, so that the sanitizer sees what is read
 * behind it. */
static bool check(const char *data, size_t size, carpel_error *err)
{
    elf_description found;
    char *copy = memory_alloc(size);
    memcpy(copy, data, size);
    bool ok = elf_bytes_describe("a.so", copy, size, &found, err);
    memory_free(copy);
    return ok;
}

static void test_whole(void **state)
{
    elf_findings found;
    carpel_error err;
    (void)state;
    if (!elf_bytes_check("a.so", whole.data, whole.size, &found, &err))
        fail_msg("%s", err.message);
    assert_true(found.description_size >= sizeof(carpel_plugin));
    assert_int_equal(found.constructors, 0);
}

static void test_description(void **state)
{
    elf_description d;
    carpel_error err;
    (void)state;
    if (!elf_bytes_describe("a.so", whole.data, whole.size, &d, &err))
        fail_msg("%s", err.message);
    assert_int_equal(d.abi_major, CARPEL_ABI_MAJOR);
    assert_int_equal(d.abi_minor, CARPEL_ABI_MINOR);
    assert_int_equal(d.kind, CARPEL_SOURCE);
    assert_string_equal(d.name, "template");
    assert_string_equal(d.version, "1.0");
    assert_string_equal(d.summary,
                        "Rows that stand in the project file; a source to copy.");
}

/* The sections' table stands at the end of what linkers write. */
static void test_cut(void **state)
{
    (void)state;
    for (size_t size = 0; size < whole.size; size += size < 4096 ? 1 : 61) {
        carpel_error err = {0};
        if (check(whole.data, size, &err))
            fail_msg("%zu of %zu bytes are taken", size, whole.size);
        assert_int_equal(err.code, CARPEL_E_PLUGIN);
        assert_memory_equal(err.message, "cannot load \"a.so\": ", 20);
    }
}

/* A byte after the other becomes something else: refused or not, nothing breaks. */
static void test_changed_bytes(void **state)
{
    (void)state;
    const ElfW(Ehdr) *header = (const void *)whole.data;
    size_t tables[] = {0, header->e_shoff};
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < 4096 && tables[t] + i < whole.size; i++) {
            char *byte = &whole.data[tables[t] + i], kept = *byte;
            static const char others[] = {0, 1, (char)0x7F, (char)0xFF};
            for (size_t o = 0; o < sizeof others; o++) {
                carpel_error err;
                *byte = others[o];
                (void)check(whole.data, whole.size, &err);
            }
            *byte = kept;
        }
    }
}

typedef void damage(char *data, ElfW(Ehdr) * header);

static ElfW(Shdr) * section_of(char *data, const ElfW(Ehdr) * header, uint32_t type)
{
    ElfW(Shdr) *sections = (void *)(data + header->e_shoff);
    for (size_t i = 0; i < header->e_shnum; i++)
        if (sections[i].sh_type == type)
            return &sections[i];
    fail_msg("no section of type %u", type);
    return NULL;
}

static void other_magic(char *data, ElfW(Ehdr) * header)
{
    (void)header;
    data[1] = 'X';
}

static void other_class(char *data, ElfW(Ehdr) * header)
{
    (void)header;
    data[EI_CLASS] = data[EI_CLASS] == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
}

static void other_machine(char *data, ElfW(Ehdr) * header)
{
    (void)data;
    header->e_machine = EM_S390;
}

static void executable(char *data, ElfW(Ehdr) * header)
{
    (void)data;
    header->e_type = ET_EXEC;
}

static void no_segments(char *data, ElfW(Ehdr) * header)
{
    (void)data;
    header->e_phnum = 0;
}

static void far_segments(char *data, ElfW(Ehdr) * header)
{
    (void)data;
    header->e_phoff = UINT64_MAX - 8;
}

static void long_segment(char *data, ElfW(Ehdr) * header)
{
    ((ElfW(Phdr) *)(void *)(data + header->e_phoff))->p_filesz = UINT32_MAX;
}

static void no_sections(char *data, ElfW(Ehdr) * header)
{
    (void)data;
    header->e_shnum = 0;
}

static void far_sections(char *data, ElfW(Ehdr) * header)
{
    (void)data;
    header->e_shoff = UINT64_MAX;
}

static void long_section(char *data, ElfW(Ehdr) * header)
{
    section_of(data, header, SHT_DYNSYM)->sh_size = UINT64_MAX;
}

static void no_exports(char *data, ElfW(Ehdr) * header)
{
    section_of(data, header, SHT_DYNSYM)->sh_type = SHT_PROGBITS;
}

static void no_names(char *data, ElfW(Ehdr) * header)
{
    section_of(data, header, SHT_DYNSYM)->sh_link = 0;
}

static ElfW(Sym) * description_of(char *data, ElfW(Ehdr) * header)
{
    ElfW(Shdr) *symbols = section_of(data, header, SHT_DYNSYM);
    ElfW(Shdr) *names = (ElfW(Shdr) *)(void *)(data + header->e_shoff) + symbols->sh_link;
    ElfW(Sym) *s = (void *)(data + symbols->sh_offset);
    for (size_t i = 0; i < symbols->sh_size / sizeof *s; i++)
        if (strcmp(data + names->sh_offset + s[i].st_name, CARPEL_PLUGIN_SYMBOL) == 0)
            return &s[i];
    fail_msg("no description");
    return NULL;
}

static void wanted_elsewhere(char *data, ElfW(Ehdr) * header)
{
    description_of(data, header)->st_shndx = SHN_UNDEF;
}

static void a_function(char *data, ElfW(Ehdr) * header)
{
    description_of(data, header)->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
}

static void too_small(char *data, ElfW(Ehdr) * header)
{
    description_of(data, header)->st_size = 8;
}

static void nowhere(char *data, ElfW(Ehdr) * header)
{
    description_of(data, header)->st_value = UINT64_MAX - 100;
}

static void test_damages(void **state)
{
    static const struct {
        damage *damage;
        const char *said;
    } cases[] = {
        {other_magic, "it is no shared object"},
        {other_class, "it is built for another kind of machine"},
        {other_machine, "it is built for another kind of machine"},
        {executable, "it is no shared object, but another kind of ELF file"},
        {no_segments, "it has no segments to load"},
        {far_segments, "not copied whole: its table of segments goes beyond its"},
        {long_segment, "not copied whole: a segment goes beyond its"},
        {no_sections, "it has no sections"},
        {far_sections, "not copied whole: its table of sections goes beyond its"},
        {long_section, "not copied whole: a section goes beyond its"},
        {no_exports, "it has no table of what it exports"},
        {no_names, "it has no table of what it exports"},
        {wanted_elsewhere, "it exports no \"carpel_plugin_v1\""},
        {a_function, "its \"carpel_plugin_v1\" is no description"},
        {too_small, "its \"carpel_plugin_v1\" is no description"},
        {nowhere, "its \"carpel_plugin_v1\" is no description"},
    };
    char *copy = memory_alloc(whole.size);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        carpel_error err = {0};
        memcpy(copy, whole.data, whole.size);
        cases[i].damage(copy, (void *)copy);
        if (check(copy, whole.size, &err))
            fail_msg("nothing is said instead of \"%s\"", cases[i].said);
        if (strstr(err.message, cases[i].said) == NULL)
            fail_msg("\"%s\" instead of \"%s\"", err.message, cases[i].said);
    }
    memory_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),   cmocka_unit_test(test_description),
        cmocka_unit_test(test_cut),     cmocka_unit_test(test_changed_bytes),
        cmocka_unit_test(test_damages),
    };
    return cmocka_run_group_tests(tests, read_plugin, forget_plugin);
}
