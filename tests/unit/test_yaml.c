/* SPDX-License-Identifier: MIT
 *
 * YAML with places: what is read, what is refused and where, variables, and files that
 * try to break the reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "config/foreign_yaml.h"
#include "config/yaml.h"

typedef struct reading {
    source *file;
    arena *memory;
    diags *diags;
    yaml_node *root;
} reading;

static const char *test_environment(const char *name)
{
    if (strcmp(name, "HOME_DIR") == 0)
        return "/srv";
    if (strcmp(name, "EMPTY") == 0)
        return "";
    if (strcmp(name, "BRACES") == 0)
        return "${HOME_DIR}";
    return strcmp(name, "LATIN") == 0 ? "caf\xE9" : NULL;
}

static reading read_bytes(const char *data, size_t size)
{
    reading r = {source_new("carpel.yaml", data, size), arena_new(), diags_new(), NULL};
    r.root = yaml_parse(r.file, test_environment, r.memory, r.diags);
    return r;
}

static reading read_string(const char *data)
{
    return read_bytes(data, strlen(data));
}

static void done(reading *r)
{
    diags_free(r->diags);
    arena_free(r->memory);
    source_free(r->file);
}

static void print_messages(const reading *r, const char *data)
{
    text t;
    text_init(&t);
    diags_append(r->diags, &t, false);
    print_error("for:\n%.300s\nmessages:\n%s\n", data, t.data);
    text_done(&t);
}

static void fail_with_messages(const reading *r, const char *data)
{
    print_messages(r, data);
    fail();
}

typedef struct mistake {
    const char *data;
    diag_code code;
    uint32_t line, column;
    const char *marked;  /* the text under the carets */
    const char *message; /* a part of it */
} mistake;

static const mistake mistakes[] = {
    {"a: *x\n", E0301, 1, 4, "*x", "aliases"},
    {"a: &x 1\n", E0301, 1, 4, "&x", "anchors"},
    {"a: &x {b: 1}\n", E0301, 1, 4, "&x", "anchors"},
    {"a: &x [1]\n", E0301, 1, 4, "&x", "anchors"},
    {"a:\n  - !!str 1\n", E0301, 2, 5, "!!str", "tags"},
    {"a: !own {b: 1}\n", E0301, 1, 4, "!own", "tags"},
    {"a: !own [b]\n", E0301, 1, 4, "!own", "tags"},
    {"a: !h!own b\n", E0301, 1, 4, "!", "tags"},
    {"a: 1\n---\nb: 2\n", E0301, 2, 1, "---", "second document"},
    {"a: 1\nb: 2\na: 3\n", E0309, 3, 1, "a", "stands twice"},
    {"\"a\": 1\na: 3\n", E0309, 2, 1, "a", "stands twice"},
    {"a: {x: 1, x: 2}\n", E0309, 1, 11, "x", "stands twice"},
    {"[a, b]: 1\n", E0301, 1, 1, "[a, b]", "plain text"},
    {"{a: 1}: 1\n", E0301, 1, 1, "{a: 1}", "plain text"},
    {"? - a\n  - b\n: 1\n", E0301, 1, 3, "- a\n  - b", "plain text"},
    {": 1\n", E0301, 1, 1, ":", "a key is needed"},
    {"?\n: 1\n", E0301, 1, 2, "", "a key is missing"},
    {"{: 1}\n", E0301, 1, 2, ":", "a value is needed"},
    {"a: b: c\n", E0301, 1, 5, ":", "a colon stands"},
    {"a: 1\n b: 2\n", E0301, 2, 3, ":", "a colon stands"},
    {"a:\n  b: 1\n c: 2\n", E0301, 3, 2, "c", "a key is needed"},
    {"a: 'x\nb: 2\n", E0301, 1, 4, "'", "never closed"},
    {"a: \"x\n", E0301, 1, 4, "\"", "never closed"},
    {"a: \"\\q\"\n", E0301, 1, 5, "\\", "escape"},
    {"a: [1, 2\nb: 3\n", E0301, 2, 2, ":", "comma"},
    {"a: {b: 1\nc: 3\n", E0301, 2, 2, ":", "comma"},
    {"a: @b\n", E0301, 1, 4, "@", "no value can start"},
    {"a:\n\t- b\n", E0301, 2, 1, "\t", "no value can start"},
    {"a: 1\nword\n", E0301, 3, 1, "", "a colon is missing"},
    {"a: ${NO_SUCH}\n", E0308, 1, 4, "${NO_SUCH}", "\"NO_SUCH\" is not set"},
    {"\xC3\xA9: x ${NO_SUCH} y\n", E0308, 1, 6, "${NO_SUCH}", "is not set"},
    {"a: \"$${NO} ${NO}\"\n", E0308, 1, 12, "${NO}", "is not set"},
    {"a: >\n  one\n  ${NO_SUCH}\n", E0308, 3, 3, "${NO_SUCH}", "is not set"},
    {"a: ${LATIN}\n", E0308, 1, 4, "${LATIN}", "not text in UTF-8"},
    {"a: ${}\n", E0308, 1, 4, "${", "needs the name"},
    {"a: x${A\n", E0308, 1, 5, "${", "needs the name"},
    {"a: ${1A}\n", E0308, 1, 4, "${", "needs the name"},
    {"a: \"x\\0y\"\n", E0301, 1, 4, "\"x\\0y\"", "NUL"},
    {"a: 1\nb: \x01\n", E0301, 2, 4, "\x01", "control character"},
    {"a: 1\nb: \xFF\n", E0301, 2, 4, "\xFF", "UTF-8"},
    {"a: caf\xC3", E0301, 1, 7, "\xC3", "UTF-8"},
    {"\xEF\xBB\xBF"
     "a: *x\n",
     E0301, 1, 4, "*x", "alias"},
    {"\xFF\xFE"
     "a",
     E0301, 1, 1, "\xFF", "UTF-8"},
};

static bool is_as_expected(const reading *r, const mistake *m)
{
    if (diags_count(r->diags) != 1)
        return false;
    const diag *d = diags_get(r->diags, 0);
    place p = source_place(r->file, d->where.begin);
    slice bytes = source_text(r->file);
    slice marked = {bytes.data + d->where.begin, d->where.end - d->where.begin};
    return d->code == m->code && p.line == m->line && p.column == m->column &&
           slice_is(marked, m->marked) && strstr(d->message, m->message) != NULL &&
           d->hint != NULL;
}

static void test_mistakes(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        reading r = read_string(mistakes[i].data);
        if (!is_as_expected(&r, &mistakes[i])) {
            print_messages(&r, mistakes[i].data);
            failures++;
        }
        done(&r);
    }
    assert_int_equal(failures, 0);
}

static void test_hint_of_variable(void **state)
{
    (void)state;
    reading r = read_string("a: ${DATA}\n");
    assert_string_equal(diags_get(r.diags, 0)->hint,
                        "Set it before the run, for example: DATA=... carpel run");
    assert_true(yaml_get(r.root, "a")->is_broken);
    done(&r);
}

/* Variables as other tools write them; one that has no name we could propose is a text. */
static void test_foreign_variables(void **state)
{
    (void)state;
    static const struct {
        const char *text, *variable, *name;
    } cases[] = {
        {"{{ env_var('OUT') }}/x", "{{ env_var('OUT') }}", "OUT"},
        {"a {{ .Values.out }}", "{{ .Values.out }}", "out"},
        {"{{OUT}}", "{{OUT}}", "OUT"},
        {"$OUT/x", "$OUT", "OUT"},
        {"%OUT%", "%OUT%", "OUT"},
        {"x$(OUT)", "$(OUT)", "OUT"},
        {"{{}}", NULL, NULL},
        {"OUT{{}}", NULL, NULL},
        {"{{ - }}", NULL, NULL},
        {"{{ 9 }}", NULL, NULL},
        {"{{ '' }}", NULL, NULL},
        {"{{ 'OUT }}'", NULL, NULL},
        {"{{ 'OUT\" }}", NULL, NULL},
        {"{{ ' }} OUT'", NULL, NULL},
        {"{{}", NULL, NULL},
        {"{{", NULL, NULL},
        {"", NULL, NULL},
        {"$", NULL, NULL},
        {"%", NULL, NULL},
        {"$(", NULL, NULL},
        {"$(OUT", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *wanted = cases[i].variable;
        foreign_variable found;
        char *text =
            memory_copy_string(cases[i].text); /* nothing around it may be read */
        if (foreign_variable_find(text, &found) != (wanted != NULL))
            fail_msg("%s", cases[i].text);
        if (wanted != NULL) {
            assert_int_equal(found.size, strlen(wanted));
            assert_memory_equal(text + found.begin, wanted, found.size);
            assert_int_equal(found.name_size, strlen(cases[i].name));
            assert_memory_equal(found.name, cases[i].name, found.name_size);
        }
        memory_free(text);
    }
}

static void test_every_mistake_is_reported(void **state)
{
    (void)state;
    reading r = read_string("a: *x\nb: ${NO} ${NEITHER}\n[c]: 1\na: 2\nd: good\n");
    assert_int_equal(diags_error_count(r.diags), 5);
    assert_non_null(r.root);
    assert_string_equal(yaml_get(r.root, "d")->text, "good");
    assert_int_equal(r.root->count, 3);
    done(&r);
}

/* Write the tree on one line: texts in <> (quoted ones in ""), keys before =. */
static void print_node(const yaml_node *node, text *out)
{
    if (node->kind == YAML_SCALAR) {
        const char *sign = node->is_quoted ? "\"\"" : "<>";
        text_append_format(out, "%c%s%c", sign[0], node->text, sign[1]);
        return;
    }
    text_append(out, node->kind == YAML_MAPPING ? "{" : "[");
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAPPING)
            text_append_format(out, "%s=", node->items[i]->key);
        print_node(node->items[i], out);
    }
    text_append(out, node->kind == YAML_MAPPING ? "}" : "]");
}

static void test_trees(void **state)
{
    (void)state;
    static const struct {
        const char *data, *tree;
    } cases[] = {
        {"", "{}"},
        {"# nothing\n\n", "{}"},
        {"---\n...\n", "{}"},
        {"a", "<a>"},
        {"a: 1\nb: 'x'\n", "{a=<1>b=\"x\"}"},
        {"a:\n- x\n- y: 1\n  z:\n", "{a=[<x>{y=<1>z=<>}]}"},
        {"a: [1, [2, {b: 3}], {}]\n", "{a=[<1>[<2>{b=<3>}]{}]}"},
        {"a: |\n  one\n  two\n", "{a=\"one\ntwo\n\"}"},
        {"a: %Y\n", NULL},
        {"a: \"%Y%m%d\"\n", "{a=\"%Y%m%d\"}"},
        {"a: ${HOME_DIR}/x.csv\n", "{a=</srv/x.csv>}"},
        {"a: \"${HOME_DIR}${EMPTY}\"\n", "{a=\"/srv\"}"},
        {"a: $${HOME_DIR} $$ $x {\n", "{a=<${HOME_DIR} $$ $x {>}"},
        {"a: ${BRACES}\n", "{a=<${HOME_DIR}>}"},
        {"${HOME_DIR}: 1\n", "{${HOME_DIR}=<1>}"},
        {"a: decimal(2)\r\nb: 2\r\n", "{a=<decimal(2)>b=<2>}"},
        {"\xEF\xBB\xBF"
         "a: 1\n",
         "{a=<1>}"},
        {"\xEF\xBB\xBF"
         "a:\n  b: 1\nc: 2\n",
         "{a={b=<1>}c=<2>}"},
        {"\xEF\xBB\xBF# a note\na: 1\nc: 2\n", "{a=<1>c=<2>}"},
        {"%YAML 1.1\n---\na: 1\n...\n", "{a=<1>}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading r = read_string(cases[i].data);
        text t;
        text_init(&t);
        if (r.root != NULL)
            print_node(r.root, &t);
        if (diags_has_errors(r.diags) != (cases[i].tree == NULL))
            fail_with_messages(&r, cases[i].data);
        assert_string_equal(t.data, cases[i].tree != NULL ? cases[i].tree : "");
        text_done(&t);
        done(&r);
    }
}

static void assert_span(const reading *r, span where, const char *expected)
{
    char *got = memory_copy_text(source_text(r->file).data + where.begin,
                                 where.end - where.begin);
    assert_string_equal(got, expected);
    memory_free(got);
}

static void test_places(void **state)
{
    (void)state;
    reading r = read_string("\xC3\xA9: \xE2\x82\xAC x  # note\n"
                            "list:\n"
                            "  - \xF0\x9F\x98\x80\n"
                            "  - last\n"
                            "\n"
                            "# note\n"
                            "flow: {a: [1, 2] }\n"
                            "none:\n");
    assert_false(diags_has_errors(r.diags));
    yaml_node *first = yaml_get(r.root, "\xC3\xA9"), *list = yaml_get(r.root, "list");
    assert_span(&r, first->where, "\xE2\x82\xAC x");
    assert_span(&r, first->key_where, "\xC3\xA9");
    assert_span(&r, list->where, "- \xF0\x9F\x98\x80\n  - last");
    assert_span(&r, list->items[0]->where, "\xF0\x9F\x98\x80");
    assert_span(&r, yaml_get(r.root, "flow")->where, "{a: [1, 2] }");
    assert_span(&r, yaml_get(r.root, "none")->where, "");
    assert_true(yaml_is_null(yaml_get(r.root, "none")));
    assert_null(yaml_get(r.root, "absent"));
    assert_null(yaml_get(NULL, "absent"));
    done(&r);
}

static void test_null(void **state)
{
    (void)state;
    reading r = read_string("[~, null, '', \"null\", nul, [], ]\n");
    static const bool expected[] = {true, true, false, false, false, false};
    assert_int_equal(r.root->count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(yaml_is_null(r.root->items[i]), expected[i]);
    done(&r);
}

/* Brackets, and dashes on one line. */
static char *nested(size_t depth, const char *open)
{
    text t;
    text_init(&t);
    text_append_repeat(&t, open, depth);
    return t.data;
}

static void test_depth(void **state)
{
    (void)state;
    static const char *const opens[] = {"[", "{a: ", "- ", "? ", "[{a: "};
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
        size_t levels = i == 4 ? 2 : 1;
        char *data = nested(65 / levels + 1, opens[i]);
        reading r = read_string(data);
        assert_null(r.root);
        assert_int_equal(diags_count(r.diags), 1);
        const diag *d = diags_get(r.diags, 0);
        if (d->code != E0301 || strstr(d->message, "deeper than 64") == NULL)
            fail_with_messages(&r, data);
        done(&r);
        memory_free(data);
    }
    char *open = nested(64, "["), *close = nested(64, "]");
    char *good = memory_alloc(129);
    memcpy(good, open, 64);
    memcpy(good + 64, close, 65);
    reading r = read_string(good);
    assert_false(diags_has_errors(r.diags));
    done(&r);
    memory_free(good);
    memory_free(open);
    memory_free(close);
}

static void test_extreme_depth_is_quick(void **state)
{
    (void)state;
    static const char *const opens[] = {"[", "{a: ", "- ", "? ", "{? "};
    double begin = clock_monotonic_seconds();
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
        char *data = nested(100000, opens[i]);
        reading r = read_string(data);
        assert_null(r.root);
        assert_true(diags_has_errors(r.diags));
        done(&r);
        memory_free(data);
    }
    assert_true(clock_monotonic_seconds() - begin < 5);
}

static void test_large_files(void **state)
{
    (void)state;
    text t;
    text_init(&t);
    for (size_t i = 0; i < 50000; i++)
        text_append_format(&t, "key_%zu: 1\n", i);
    double begin = clock_monotonic_seconds();
    reading r = read_string(t.data);
    assert_int_equal(r.root->count, 50000);
    done(&r);
    assert_true(clock_monotonic_seconds() - begin < 5);
    text_append_repeat(&t, "# filler\n", YAML_MAX_BYTES / 9);
    r = read_string(t.data);
    assert_null(r.root);
    assert_non_null(strstr(diags_get(r.diags, 0)->message, "larger than"));
    done(&r);
    text_done(&t);
}

/* A good file cut at each byte, then with each byte changed, then plain noise. */
static void test_garbage(void **state)
{
    (void)state;
    static const char good[] = "n\xC3\xA9: \"x \\u00e9 ${HOME_DIR}\"\nl: [a, {b: 'c'}]\n"
                               "k:\n  - >-\n    t\xF0\x9F\x98\x80\n  - ? x\n    : y\n";
    char data[sizeof good];
    for (size_t i = 0; i < sizeof good; i++) {
        reading r = read_bytes(good, i);
        assert_true(r.root != NULL || diags_has_errors(r.diags));
        done(&r);
    }
    static const char bytes[] = {'\0', '\n', '\t', ':',        '-',        '{',       ']',
                                 '&',  '*',  '!',  '|',        '"',        '\\',      '#',
                                 '%',  '$',  '?',  (char)0x80, (char)0xE2, (char)0xFF};
    for (size_t i = 0; i + 1 < sizeof good; i++) {
        for (size_t k = 0; k < sizeof bytes; k++) {
            memcpy(data, good, sizeof good);
            data[i] = bytes[k];
            reading r = read_bytes(data, sizeof good - 1);
            assert_true(r.root != NULL || diags_has_errors(r.diags));
            done(&r);
        }
    }
    uint32_t noise = 1;
    for (size_t round = 0; round < 2000; round++) {
        char random[64];
        for (size_t i = 0; i < sizeof random; i++) {
            noise = noise * 1664525u + 1013904223u;
            static const char signs[] = "ab: -\n{}[],'\"&*!|>%@#?~\\\t$\xC3\xA9\x00\xFF";
            random[i] = signs[(noise >> 16) % (sizeof signs - 1)];
        }
        reading r = read_bytes(random, sizeof random);
        assert_true(r.root != NULL || diags_has_errors(r.diags));
        text t;
        text_init(&t);
        diags_append(r.diags, &t, false);
        text_done(&t);
        done(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_hint_of_variable),
        cmocka_unit_test(test_foreign_variables),
        cmocka_unit_test(test_every_mistake_is_reported),
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_extreme_depth_is_quick),
        cmocka_unit_test(test_large_files),
        cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
