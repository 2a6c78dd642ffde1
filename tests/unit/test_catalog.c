/* SPDX-License-Identifier: MIT
 *
 * The catalog: good plugins are found, and each bad one of tests/plugins is refused with
 * a message that names what differs.
 */
#include "plugin_support.h"

#include "base/directory.h"
#include "base/file.h"
#include "base/path.h"
#include "base/plugin_folders.h"
#include "config/project.h"
#include "plugin/catalog.h"
#include "plugin/description.h"

static catalog *bad_catalog(void)
{
    const char *directory = getenv("CARPEL_TEST_PLUGIN_PATH");
    assert_non_null(directory);
    return catalog_new(&directory, 1);
}

typedef struct refused {
    carpel_plugin_kind kind;
    const char *name, *message; /* * stands for any text */
} refused;

static const refused bad_plugins[] = {
    {CARPEL_SOURCE, "wrong_major",
     "\"*/source_wrong_major.so\" is built for plugin interface 2.7; this carpel has "
     "1.2: build it anew with this carpel's <carpel/plugin.h>"},
    {CARPEL_SOURCE, "newer_minor",
     "the carpel_source in \"*/source_newer_minor.so\" has members that interface 1.2 of "
     "this carpel does not know: it needs a newer carpel"},
    {CARPEL_SOURCE, "too_small",
     "the carpel_plugin in \"*/source_too_small.so\" says that it has 16 bytes; "
     "interface "
     "1.0 has at least 88: set its struct_size"},
    {CARPEL_SOURCE, "no_size",
     "the carpel_source in \"*/source_no_size.so\" says that it has 0 bytes; interface "
     "1.0 "
     "has at least *: set its struct_size"},
    {CARPEL_SOURCE, "no_description",
     "\"*/source_no_description.so\" is no carpel plugin: it exports no "
     "\"carpel_plugin_v1\""},
    {CARPEL_SOURCE, "unknown_kind",
     "\"*/source_unknown_kind.so\" is a plugin of the unknown kind 7; known are 1 "
     "(source) and "
     "2 (output)"},
    {CARPEL_OUTPUT, "other_kind",
     "\"*/output_other_kind.so\" holds a source plugin, unlike the file's name"},
    {CARPEL_SOURCE, "other_name",
     "\"*/source_other_name.so\" holds a plugin named \"somebody_else\", unlike the "
     "file's "
     "name"},
    {CARPEL_SOURCE, "no_open",
     "the description in \"*/source_no_open.so\" lacks its function open"},
    {CARPEL_OUTPUT, "no_write",
     "the description in \"*/output_no_write.so\" lacks its function write"},
    {CARPEL_SOURCE, "wrong_option",
     "option \"far\" of \"*/source_wrong_option.so\" has a place outside of the options "
     "struct"},
    {CARPEL_SOURCE, "no_symbol",
     "cannot load \"*/source_no_symbol.so\": *function_of_a_library_that_is_not_there*"},
};

static void expect_refusal(catalog *c, carpel_plugin_kind kind, const char *name,
                           const char *message)
{
    const carpel_plugin *plugin = NULL;
    carpel_error err;
    assert_false(catalog_find(c, kind, name, &plugin, &err));
    assert_null(plugin);
    if (!slice_fits(slice_of(err.message), slice_of(message)))
        fail_msg("%s\n--- expected\n%s\n--- is\n%s", name, message, err.message);
}

static void test_bad_plugins(void **state)
{
    catalog *c = bad_catalog();
    (void)state;
    for (int again = 0; again < 2; again++) /* the second time from memory */
        for (size_t i = 0; i < sizeof bad_plugins / sizeof *bad_plugins; i++)
            expect_refusal(c, bad_plugins[i].kind, bad_plugins[i].name,
                           bad_plugins[i].message);
    catalog_free(c);
}

static void test_good_plugins(void **state)
{
    static const char *const sources[] = {"csv", "jsonl", "synthetic", "template"};
    static const char *const outputs[] = {"csv", "jsonl", "template"};
    catalog *c = support_catalog();
    const carpel_plugin *plugin, *again;
    carpel_error err;
    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        assert_true(catalog_find(c, CARPEL_SOURCE, sources[i], &plugin, &err));
        assert_string_equal(plugin->name, sources[i]);
        assert_non_null(plugin->manual);
        assert_true(catalog_find(c, CARPEL_SOURCE, sources[i], &again, &err));
        assert_ptr_equal(plugin, again);
    }
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        assert_true(catalog_find(c, CARPEL_OUTPUT, outputs[i], &plugin, &err));
        assert_int_equal(plugin->kind, CARPEL_OUTPUT);
    }
    catalog_free(c);
}

static bool never_open(const carpel_host *host, const carpel_request *request,
                       struct ArrowArrayStream *out, carpel_error *err)
{
    (void)host;
    (void)request;
    (void)out;
    return carpel_fail(err, CARPEL_E_PLUGIN, "it is opened");
}

static void expect_taken(const carpel_plugin *p, const char *fault)
{
    description taken;
    carpel_error err;
    text message;
    text_init(&message);
    text_append_format(&message, "the %s in \"bad.so\" is said to be where no memory is",
                       fault ? fault : "");
    bool ok = description_take("bad.so", p, sizeof *p, CARPEL_SOURCE, slice_of("bad"),
                               &taken, &err);
    assert_int_equal(ok, !fault);
    if (fault)
        assert_string_equal(err.message, message.data);
    text_done(&message);
}

/* Each pointer of a description in turn leads to where nothing is. */
static void test_pointers_to_nothing(void **state)
{
    const void *nowhere = (const void *)8;
    static const carpel_option options[] = {{0}};
    static const carpel_source source = {.struct_size = sizeof source,
                                         .open = never_open};
    carpel_source reads = source, resumes = source;
    const carpel_plugin good = {
        CARPEL_PLUGIN_HEADER, .kind = CARPEL_SOURCE, .name = "bad",    .version = "1.0",
        .summary = "Bad.",    .options = options,    .source = &source};
    struct {
        const char *fault;
        carpel_plugin plugin;
    } cases[] = {
        {"name", good},           {"version", good},          {"summary", good},
        {"manual", good},         {"table of options", good}, {"carpel_source", good},
        {"carpel_reading", good}, {"carpel_resuming", good}};
    (void)state;
    reads.reading = nowhere;
    resumes.resuming = nowhere;
    cases[0].plugin.name = nowhere;
    cases[1].plugin.version = nowhere;
    cases[2].plugin.summary = nowhere;
    cases[3].plugin.manual = nowhere;
    cases[4].plugin.options = nowhere;
    cases[5].plugin.source = nowhere;
    cases[6].plugin.source = &reads;
    cases[7].plugin.source = &resumes;
    expect_taken(&good, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_taken(&cases[i].plugin, cases[i].fault);
}

/* A key that is not reserved in interface 1.0 may be the name of an option of a plugin. It needs what
 * docs/plugins.md promises: the plugin's option is meant then. */
static void test_reserved_names(void **state)
{
    (void)state;
    for (size_t i = 0; project_source_keys[i]; i++)
        if (!description_reserves(CARPEL_SOURCE, project_source_keys[i]))
            fail_msg("the key \"%s\" of sources is not reserved", project_source_keys[i]);
    for (size_t i = 0; project_output_keys[i]; i++)
        if (!description_reserves(CARPEL_OUTPUT, project_output_keys[i]))
            fail_msg("the key \"%s\" of outputs is not reserved", project_output_keys[i]);
    assert_true(description_reserves(CARPEL_OUTPUT, "columns"));
    assert_false(description_reserves(CARPEL_SOURCE, "columns"));
    assert_false(description_reserves(CARPEL_SOURCE, "files"));
}

static void test_unknown_names(void **state)
{
    static const struct {
        carpel_plugin_kind kind;
        const char *name, *message;
    } cases[] = {
        {CARPEL_SOURCE, "cvs",
         "no source plugin is named \"cvs\"; did you mean \"csv\"?"},
        {CARPEL_OUTPUT, "jsnol",
         "no output plugin is named \"jsnol\"; did you mean \"jsonl\"?"},
        {CARPEL_SOURCE, "telegraph",
         "no source plugin is named \"telegraph\" (searched: *)"},
        {CARPEL_SOURCE, "", "no source plugin is named \"\" (searched: *)"},
        {CARPEL_SOURCE, "../csv", "no source plugin is named \"../csv\"*"},
        {CARPEL_SOURCE, "x/../../source_csv", "no source plugin is named *"},
    };
    catalog *c = support_catalog();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_refusal(c, cases[i].kind, cases[i].name, cases[i].message);
    catalog_free(c);
    c = catalog_new(NULL, 0);
    expect_refusal(c, CARPEL_SOURCE, "csv",
                   "no source plugin is named \"csv\" (searched: nothing)");
    catalog_free(c);
}

static void test_no_shared_object(void **state)
{
    const char *directory = support_directory;
    (void)state;
    support_write("source_text.so", "hello\n", 6);
    catalog *c = catalog_new(&directory, 1);
    expect_refusal(c, CARPEL_SOURCE, "text", "cannot load \"*/source_text.so\": *");
    catalog_free(c);
    unlink(support_path("source_text.so"));
}

/* Replace a name of equal length wherever it stands. */
static void replace_bytes(text *data, const char *from, const char *to)
{
    size_t size = strlen(from) + 1;
    bool is_found = false;
    for (size_t i = 0; i + size <= data->size; i++)
        if (memcmp(data->data + i, from, size) == 0) {
            memcpy(data->data + i, to, size);
            is_found = true;
        }
    assert_true(is_found);
}

/* The csv source, made to want a library that no machine has. */
static void test_missing_library(void **state)
{
    const char *directory = support_directory;
    catalog *c = support_catalog();
    const catalog_entry *entries;
    size_t count = catalog_list(c, &entries);
    carpel_error err;
    text object;
    (void)state;
    text_init(&object);
    for (size_t i = 0; i < count; i++)
        if (strcmp(path_base(entries[i].path), "source_csv.so") == 0)
            assert_true(file_read(entries[i].path, 1 << 26, &object, &err));
    replace_bytes(&object, "libz.so.1", "libq.so.9");
    support_write("source_csv.so", object.data, object.size);
    text_done(&object);
    catalog_free(c);

    c = catalog_new(&directory, 1);
    expect_refusal(c, CARPEL_SOURCE, "csv",
                   "cannot load \"*/source_csv.so\": libq.so.9: *");
    catalog_free(c);
    unlink(support_path("source_csv.so"));
}

static void test_list(void **state)
{
    const char *directories[] = {getenv("CARPEL_PLUGIN_PATH"),
                                 getenv("CARPEL_TEST_PLUGIN_PATH"), "/nonexistent"};
    catalog *c = catalog_new(directories, 3);
    const catalog_entry *entries;
    size_t count = catalog_list(c, &entries), good = 0;
    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_true((entries[i].plugin == NULL) != (entries[i].refusal == NULL));
        good += entries[i].plugin != NULL;
        if (i == 0)
            continue;
        const char *before = path_base(entries[i - 1].path);
        const char *name = path_base(entries[i].path);
        bool is_next_kind = before[0] == 's' && name[0] == 'o';
        assert_true(is_next_kind || strcmp(before, name) < 0);
    }
    assert_true(good >= 7);
    assert_int_equal(count - good, sizeof bad_plugins / sizeof *bad_plugins);
    assert_int_equal(catalog_list(c, &entries), count);
    catalog_free(c);
}

/* The first folder that has the file wins, also with a bad one. */
static void test_first_folder_wins(void **state)
{
    const char *directories[] = {support_directory, getenv("CARPEL_PLUGIN_PATH")};
    (void)state;
    support_write("source_csv.so", "no plugin", 9);
    catalog *c = catalog_new(directories, 2);
    const carpel_plugin *plugin;
    carpel_error err;
    expect_refusal(c, CARPEL_SOURCE, "csv", "cannot load *");
    assert_true(catalog_find(c, CARPEL_OUTPUT, "csv", &plugin, &err));
    catalog_free(c);
    unlink(support_path("source_csv.so"));
}

static void test_default_directories(void **state)
{
    path_list list = {0};
    char *kept = memory_copy_string(getenv("CARPEL_PLUGIN_PATH"));
    (void)state;
    setenv("CARPEL_PLUGIN_PATH", "/a::/b/c:", 1);
    plugin_folders(&list);
    assert_true(list.count >= 3);
    assert_string_equal(list.items[0], "/a");
    assert_string_equal(list.items[1], "/b/c");
    setenv("CARPEL_PLUGIN_PATH", kept, 1);
    memory_free(kept);
    path_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_plugins),
        cmocka_unit_test(test_good_plugins),
        cmocka_unit_test(test_pointers_to_nothing),
        cmocka_unit_test(test_reserved_names),
        cmocka_unit_test(test_unknown_names),
        cmocka_unit_test(test_no_shared_object),
        cmocka_unit_test(test_missing_library),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_first_folder_wins),
        cmocka_unit_test(test_default_directories),
    };
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
