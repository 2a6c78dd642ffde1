/* SPDX-License-Identifier: MIT
 *
 * The options checker: values of every type, defaults, and each mistake with its code,
 * place and hint.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/options.h"

typedef struct settings {
    const char *word;
    bool header;
    int64_t lines;
    double ratio;
    const char *mode;
    const char *path;
    carpel_texts files;
    carpel_texts names;
    int64_t any;
    const char *password;
    carpel_texts keys;
    carpel_texts pairs;
    int64_t least;
    double most;
} settings;

static const char *const modes[] = {"fast", "careful", NULL};

#define AT(member) .offset = offsetof(settings, member)

static const carpel_option table[] = {
    {.name = "word", .type = CARPEL_OPTION_TEXT, AT(word), .default_text = "hello"},
    {.name = "header", .type = CARPEL_OPTION_BOOLEAN, AT(header), .default_text = "true"},
    {.name = "lines",
     .type = CARPEL_OPTION_INTEGER,
     AT(lines),
     .minimum = 1,
     .maximum = 64,
     .default_text = "8"},
    {.name = "ratio", .type = CARPEL_OPTION_NUMBER, AT(ratio), .maximum = 1},
    {.name = "mode", .type = CARPEL_OPTION_CHOICE, AT(mode), .choices = modes},
    {.name = "path", .type = CARPEL_OPTION_PATH, AT(path)},
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     AT(files),
     .required = true,
     .help = "The files to read."},
    {.name = "names", .type = CARPEL_OPTION_TEXTS, AT(names)},
    {.name = "any", .type = CARPEL_OPTION_INTEGER, AT(any)},
    {.name = "password", .type = CARPEL_OPTION_TEXT, AT(password), .secret = true},
    {.name = "keys",
     .type = CARPEL_OPTION_TEXTS,
     AT(keys),
     .secret = true,
     .help = "Keys, such as \"A: b\"."},
    {.name = "pairs", .type = CARPEL_OPTION_PAIRS, AT(pairs), .secret = true},
    {.name = "least",
     .type = CARPEL_OPTION_INTEGER,
     AT(least),
     .minimum = 0,
     .maximum = HUGE_VAL},
    {.name = "most",
     .type = CARPEL_OPTION_NUMBER,
     AT(most),
     .minimum = -HUGE_VAL,
     .maximum = -2.5},
    {.name = NULL},
};

static const char *const other_keys[] = {"plugin", "person", NULL};

static char directory[] = "/tmp/carpel-options-XXXXXX";

typedef struct reading {
    source *file;
    arena *memory;
    diags *diags;
    settings values;
    bool ok;
} reading;

static reading read_with(const char *yaml, const carpel_option *options, size_t size)
{
    reading r = {.file = source_new("carpel.yaml", yaml, strlen(yaml)),
                 .memory = arena_new(),
                 .diags = diags_new()};
    options_context context = {"source plugin \"csv\"", directory, other_keys, NULL};
    yaml_node *root = yaml_parse(r.file, NULL, r.memory, r.diags);
    assert_non_null(root);
    r.ok = options_read(root, options, size, &context, &r.values, r.memory, r.diags);
    return r;
}

static reading read_settings(const char *yaml)
{
    return read_with(yaml, table, sizeof(settings));
}

static void done(reading *r)
{
    diags_free(r->diags);
    arena_free(r->memory);
    source_free(r->file);
}

static void print_messages(const reading *r, const char *yaml)
{
    text t;
    text_init(&t);
    diags_append(r->diags, &t, false);
    print_error("for:\n%s\nmessages:\n%s\n", yaml, t.data);
    text_done(&t);
}

static void test_values(void **state)
{
    (void)state;
    reading r = read_settings("plugin: csv\n"
                              "word: 007\n"
                              "header: false\n"
                              "lines: 64\n"
                              "ratio: 0.25\n"
                              "mode: careful\n"
                              "path: out/x.csv\n"
                              "files: [b.csv, a*.csv, b.csv]\n"
                              "names: [x, \"\"]\n"
                              "any: -9223372036854775808\n"
                              "least: 9223372036854775807\n"
                              "most: -1e300\n");
    if (!r.ok)
        print_messages(&r, "values");
    assert_true(r.ok);
    assert_string_equal(r.values.word, "007");
    assert_false(r.values.header);
    assert_int_equal(r.values.lines, 64);
    assert_true(r.values.ratio == 0.25);
    assert_string_equal(r.values.mode, "careful");
    char *path = path_join(directory, "out/x.csv");
    assert_string_equal(r.values.path, path);
    memory_free(path);
    assert_int_equal(r.values.files.count, 3);
    static const char *const files[] = {"a1.csv", "a2.csv", "b.csv"};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(path_base(r.values.files.items[i]), files[i]);
    assert_int_equal(r.values.names.count, 2);
    assert_string_equal(r.values.names.items[1], "");
    assert_true(r.values.any == INT64_MIN);
    assert_true(r.values.least == INT64_MAX);
    assert_true(r.values.most == -1e300);
    done(&r);
}

static void test_defaults(void **state)
{
    (void)state;
    reading r = read_settings("files: b.csv\nnames: one\n");
    assert_true(r.ok);
    assert_string_equal(r.values.word, "hello");
    assert_true(r.values.header);
    assert_int_equal(r.values.lines, 8);
    assert_true(r.values.ratio == 0);
    assert_null(r.values.mode);
    assert_null(r.values.path);
    assert_int_equal(r.values.names.count, 1);
    done(&r);

    diags *d = diags_new();
    arena *memory = arena_new();
    options_context context = {"output plugin \"x\"", ".", NULL, NULL};
    settings values;
    static const carpel_option only[] = {
        {.name = "word", .type = CARPEL_OPTION_TEXT, AT(word), .default_text = "hello"},
        {.name = NULL}};
    assert_true(options_read(NULL, only, sizeof values, &context, &values, memory, d));
    assert_string_equal(values.word, "hello");
    assert_null(values.path);
    assert_true(options_read(NULL, NULL, 0, &context, NULL, memory, d));
    arena_free(memory);
    diags_free(d);
}

typedef struct mistake {
    const char *yaml;
    diag_code code;
    uint32_t line, column;
    const char *message, *hint; /* parts of them */
} mistake;

static const mistake mistakes[] = {
    {"files: b.csv\nwrd: x\n", E0302, 2, 1, "has no option \"wrd\"", "mean \"word\""},
    {"files: b.csv\nprson: x\n", E0302, 2, 1, "no option", "mean \"person\""},
    {"files: b.csv\nzzzzzzzz: x\n", E0302, 2, 1, "no option", "known here: word, header"},
    {"flies: b.csv\n", E0302, 1, 1, "\"flies\"", "mean \"files\""},
    {"word: x\n", E0304, 1, 1, "needs the option \"files\"", "The files to read."},
    {"files: b.csv\nword: [x]\n", E0303, 2, 7, "a text, and this is a list", "word: "},
    {"files: b.csv\nword:\n", E0303, 2, 1, "this is nothing", "word: hello"},
    {"files: b.csv\npairs: [a]\n", E0303, 2, 8,
     "a mapping of names to texts, and this is a list", "pairs: {"},
    {"files: b.csv\npairs: a\n", E0303, 2, 8,
     "a mapping of names to texts, and this is a text", "pairs: {"},
    {"files: b.csv\npairs: {a: [b]}\n", E0303, 2, 12, "and this is a list", "pairs: {"},
    {"files: b.csv\npairs: {a: }\n", E0303, 2, 9, "this is nothing", "pairs: {"},
    {"files: b.csv\nheader: yes\n", E0303, 2, 9, "true or false, not \"yes\"", "header"},
    {"files: b.csv\nlines: ten\n", E0303, 2, 8, "whole number (1 to 64)", "lines: 8"},
    {"files: b.csv\nlines: 1.5\n", E0303, 2, 8, "not \"1.5\"", "lines: 8"},
    {"files: b.csv\nlines: \" 1\"\n", E0303, 2, 8, "whole number", "lines: 8"},
    {"files: b.csv\nlines: 0\n", E0305, 2, 8, "(1 to 64)", "lines: 8"},
    {"files: b.csv\nlines: 65\n", E0305, 2, 8, "(1 to 64)", "lines: 8"},
    {"files: b.csv\nleast: -1\n", E0305, 2, 8, "(at least 0)", "least: 0"},
    {"files: b.csv\nmost: -2\n", E0305, 2, 7, "(at most -2.5)", "most: -2.5"},
    {"files: b.csv\nany: 9223372036854775808\n", E0305, 2, 6, "whole number", "any: 10"},
    {"files: b.csv\nlines: {}\n", E0303, 2, 8, "this is a mapping", "lines: 8"},
    {"files: b.csv\nratio: half\n", E0303, 2, 8, "number (0 to 1)", "ratio: 0"},
    {"files: b.csv\nratio: nan\n", E0303, 2, 8, "number", "ratio: 0"},
    {"files: b.csv\nratio: 0x1p-1\n", E0303, 2, 8, "number", "ratio: 0"},
    {"files: b.csv\nratio: 1e999\n", E0305, 2, 8, "number", "ratio: 0"},
    {"files: b.csv\nratio: 1.01\n", E0305, 2, 8, "number (0 to 1)", "ratio: 0"},
    {"files: b.csv\nmode: carefull\n", E0305, 2, 7, "one of fast, careful",
     "\"careful\""},
    {"files: b.csv\nmode: qqqqqqq\n", E0305, 2, 7, "not \"qqqqqqq\"", "mode: fast"},
    {"files: b.csv\npath: ''\n", E0305, 2, 7, "path", "path: "},
    {"files: b.csv\npath: [a]\n", E0303, 2, 7, "a path, and this is a list", "path: "},
    {"files: c.csv\n", E0307, 1, 8, "there is no file", "holds \""},
    {"files: no/c.csv\n", E0307, 1, 8, "there is no file", "/no\" is not there"},
    {"files: [b.csv, z*.csv]\n", E0307, 1, 16, "no file fits", "seen from"},
    {"files: no/*.csv\n", E0307, 1, 8, "no file fits", "/no\" is not there"},
    {"files: .\n", E0307, 1, 8, "is a folder", "Name the files"},
    {"files: [[b.csv]]\n", E0303, 1, 9, "this is a list", "files: data/*.csv"},
    {"files: [b.csv, ]\nnames: {a: b}\n", E0303, 2, 8, "this is a mapping", "names: "},
    {"files: ${CARPEL_NO_SUCH_NAME}\n", E0308, 1, 8, "not set", "Set it"},
    {"files: b.csv\npassword: [hunter2]\n", E0303, 2, 11, "\"password\"", "password: "},
};

static bool is_as_expected(const reading *r, const mistake *m)
{
    if (r->ok || diags_count(r->diags) != 1)
        return false;
    const diag *d = diags_get(r->diags, 0);
    place p = source_place(r->file, d->where.begin);
    return d->code == m->code && p.line == m->line && p.column == m->column &&
           strstr(d->message, m->message) != NULL && d->hint != NULL &&
           strstr(d->hint, m->hint) != NULL && strstr(d->message, "hunter2") == NULL;
}

static void test_mistakes(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        reading r = read_settings(mistakes[i].yaml);
        if (!is_as_expected(&r, &mistakes[i])) {
            print_messages(&r, mistakes[i].yaml);
            failures++;
        }
        done(&r);
    }
    assert_int_equal(failures, 0);
}

static void test_every_mistake_is_reported(void **state)
{
    (void)state;
    reading r = read_settings("lines: 0\nratio: x\nmode: y\nwrd: z\n");
    assert_false(r.ok);
    assert_int_equal(diags_error_count(r.diags), 5);
    done(&r);
}

/* A plugin whose table would make carpel write outside of the struct. */
static void test_bad_tables(void **state)
{
    (void)state;
    static const carpel_option bad[][2] = {
        {{.name = "x", .type = CARPEL_OPTION_TEXT, .offset = sizeof(settings)}, {0}},
        {{.name = "x", .type = CARPEL_OPTION_TEXTS, .offset = sizeof(settings) - 8}, {0}},
        {{.name = "x", .type = CARPEL_OPTION_BOOLEAN, .offset = SIZE_MAX}, {0}},
        {{.name = "x", .type = (carpel_option_type)99, .required = true}, {0}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reading r = read_with("x: 1\n", bad[i], sizeof(settings));
        assert_false(r.ok);
        assert_int_equal(diags_get(r.diags, 0)->code, E0306);
        done(&r);
    }
}

static void test_names_of_types(void **state)
{
    (void)state;
    static const char *const expected[] = {"text",
                                           "true or false",
                                           "whole number (1 to 64)",
                                           "number (0 to 1)",
                                           "one of fast, careful",
                                           "path",
                                           "path or a list of paths",
                                           "text or a list of texts",
                                           "whole number",
                                           "text",
                                           "text or a list of texts",
                                           "mapping of names to texts",
                                           "whole number (at least 0)",
                                           "number (at most -2.5)"};
    for (size_t i = 0; table[i].name != NULL; i++) {
        text t;
        text_init(&t);
        options_append_type(&table[i], &t);
        assert_string_equal(t.data, expected[i]);
        text_done(&t);
    }
}

static const char *const files[] = {"a1.csv", "a2.csv", "b.csv"};

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    carpel_error err;
    bool ok = true;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = path_join(directory, files[i]);
        ok = file_write_whole(path, "", 0, &err) && ok;
        memory_free(path);
    }
    return ok ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = path_join(directory, files[i]);
        unlink(path);
        memory_free(path);
    }
    return rmdir(directory);
}

/* ---- secrets ---------------------------------------------------------------------- */

static void write_secret(const char *body, mode_t mode)
{
    carpel_error err;
    char *path = path_join(directory, "secret");
    assert_true(file_write_whole(path, body, strlen(body), &err));
    assert_int_equal(chmod(path, mode), 0);
    memory_free(path);
}

static void test_secret_of_a_file(void **state)
{
    (void)state;
    write_secret("hun ter2\n", 0600);
    reading r = read_settings("files: b.csv\npassword: {file: secret}\n");
    if (!r.ok)
        print_messages(&r, "a secret");
    assert_string_equal(r.values.password, "hun ter2");
    done(&r);
    r = read_settings("files: b.csv\nword: {file: secret}\n");
    assert_false(r.ok); /* only secrets are read so */
    done(&r);
}

static void test_list_of_secrets(void **state)
{
    (void)state;
    write_secret("hun ter2\n", 0600);
    reading r = read_settings("files: b.csv\nkeys: {file: secret}\n");
    assert_true(r.ok);
    assert_int_equal(r.values.keys.count, 1);
    assert_string_equal(r.values.keys.items[0], "hun ter2");
    done(&r);
    r = read_settings("files: b.csv\nkeys: [one, {file: secret}, three]\n");
    assert_true(r.ok);
    assert_int_equal(r.values.keys.count, 3);
    assert_string_equal(r.values.keys.items[1], "hun ter2");
    assert_string_equal(r.values.keys.items[2], "three");
    done(&r);
    r = read_settings("files: b.csv\nnames: {file: secret}\n");
    assert_false(r.ok); /* no secret */
    done(&r);
    r = read_settings("files: b.csv\nkeys: [one, {files: secret}]\n");
    assert_false(r.ok);
    done(&r);
}

static void test_pairs(void **state)
{
    (void)state;
    write_secret("hun ter2\n", 0600);
    reading r =
        read_settings("files: b.csv\npairs: {file: a, \"\": 007, b: {file: secret}}\n");
    static const char *const expected[] = {"file", "a", "", "007", "b", "hun ter2"};
    assert_true(r.ok);
    assert_int_equal(r.values.pairs.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(r.values.pairs.items[i], expected[i]);
    done(&r);
}

/* The example of an option's own help is told. */
static void test_example_of_texts(void **state)
{
    (void)state;
    reading r = read_settings("files: b.csv\nkeys: {A: hunter2}\n");
    text shown;
    text_init(&shown);
    assert_false(r.ok);
    diags_append(r.diags, &shown, false);
    if (!strstr(shown.data, "For example: keys: [\"A: b\"]"))
        fail_msg("%s", shown.data);
    text_done(&shown);
    done(&r);
}

static void expect_refused(const char *part)
{
    reading r = read_settings("files: b.csv\npassword: {file: secret}\n");
    assert_false(r.ok);
    assert_int_equal(diags_count(r.diags), 1);
    const char *message = diags_get(r.diags, 0)->message;
    if (!strstr(message, part) || strstr(message, "hunter"))
        fail_msg("%s", message);
    done(&r);
}

static void test_secret_that_others_read(void **state)
{
    (void)state;
    write_secret("hunter2\n", 0644);
    expect_refused("others have rights on it (mode 0644); run: chmod go= ");
    write_secret("hunter2\n", 0640);
    expect_refused("others have rights on it (mode 0640)");
    write_secret("", 0600);
    expect_refused("is empty");
    char *path = path_join(directory, "secret");
    unlink(path);
    memory_free(path);
    expect_refused("secret\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_every_mistake_is_reported),
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_secret_of_a_file),
        cmocka_unit_test(test_list_of_secrets),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_example_of_texts),
        cmocka_unit_test(test_secret_that_others_read),
        cmocka_unit_test(test_names_of_types),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
