/* SPDX-License-Identifier: MIT
 *
 * diags and source: places of odd files, what is collected in which order, and
 * every line of what people see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "report/diags.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void lines_and_columns(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        uint32_t offset, line, column;
        const char *content; /* of the line */
    } cases[] = {
        {"", 0, 1, 1, ""},
        {"", 99, 1, 1, ""},
        {"ab", 0, 1, 1, "ab"},
        {"ab", 2, 1, 3, "ab"},
        {"ab\n", 2, 1, 3, "ab"},
        {"ab\n", 3, 2, 1, ""},
        {"ab\ncd", 3, 2, 1, "cd"},
        {"ab\ncd", 5, 2, 3, "cd"},
        {"ab\r\ncd\r\n", 1, 1, 2, "ab"},
        {"ab\r\ncd\r\n", 4, 2, 1, "cd"},
        {"ab\r\ncd\r\n", 8, 3, 1, ""},
        {"\r\n", 0, 1, 1, ""},
        {"\n\n\n", 2, 3, 1, ""},
        {"a\rb", 2, 1, 3, "a\rb"},
        {"ab\r", 0, 1, 1, "ab\r"},
        {"\xC3\xA9x", 2, 1, 2, "\xC3\xA9x"},
        {"\xE6\x97\xA5\tx", 4, 1, 3, "\xE6\x97\xA5\tx"},
        {"\xFF\xFFx", 2, 1, 3, "\xFF\xFFx"},
        {"\xEF\xBB\xBFx\ny", 3, 1, 1, "\xEF\xBB\xBFx"},
        {"\xEF\xBB\xBFx\ny", 5, 2, 1, "y"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        source *s = source_new("f", cases[i].data, strlen(cases[i].data));
        place at = source_place(s, cases[i].offset);
        if (at.line != cases[i].line || at.column != cases[i].column)
            fail_msg("case %zu: %u:%u", i, (unsigned)at.line, (unsigned)at.column);
        assert_true(slice_is(source_line(s, at.line), cases[i].content));
        assert_int_equal(source_text(s).size, strlen(cases[i].data));
        assert_int_equal(source_text(s).data[source_text(s).size], '\0');
        assert_int_equal(source_line(s, 0).size, 0);
        assert_int_equal(source_line(s, 100).size, 0);
        assert_int_equal(source_line_begin(s, 100), source_text(s).size);
        source_free(s);
    }
}

static void opens_files(void **state)
{
    (void)state;
    carpel_error err;
    assert_null(source_open("missing/x.seg", NULL, &err));
    assert_int_equal(err.code, CARPEL_E_SYSTEM);

    const char *root = getenv("TMPDIR");
    text path;
    text_init(&path);
    text_append_format(&path, "%s/carpel-source-XXXXXX", root == NULL ? "/tmp" : root);
    int fd = mkstemp(path.data);
    assert_true(fd >= 0 && write(fd, "a\nb", 3) == 3);
    close(fd);
    source *named = source_open(path.data, "rules/x.seg", &err);
    source *unnamed = source_open(path.data, NULL, &err);
    unlink(path.data);
    assert_string_equal(source_name(named), "rules/x.seg");
    assert_string_equal(source_name(unnamed), path.data);
    assert_true(slice_is(source_line(named, 2), "b"));
    source_free(named);
    source_free(unnamed);
    source_free(NULL);
    text_done(&path);
}

static void spans_join(void **state)
{
    (void)state;
    source *s = source_new("f", "abcdef", 6);
    span none = {NULL, 0, 0}, a = {s, 1, 2}, b = {s, 4, 5};
    span joined = span_join(a, b);
    assert_true(joined.file == s && joined.begin == 1 && joined.end == 5);
    assert_int_equal(span_join(none, b).begin, 4);
    assert_int_equal(span_join(a, none).end, 2);
    source_free(s);
}

/* What is printed for one error over [begin, end) of a file "f". */
static const struct print_case {
    const char *data;
    uint32_t begin, end;
    const char *printed; /* behind the first line's end */
} print_cases[] = {
    /* the usual */
    {"segment vip:\n  when purchse\n", 20, 27,
     "    2 |   when purchse\n"
     "      |        ^^^^^^^\n"},
    /* an empty span is one caret */
    {"abc", 1, 1,
     "    1 | abc\n"
     "      |  ^\n"},
    /* at the end of the file: with and without a last line end, and of nothing */
    {"abc", 3, 3,
     "    1 | abc\n"
     "      |    ^\n"},
    {"abc\n", 4, 4,
     "    2 |\n"
     "      | ^\n"},
    {"", 0, 0,
     "    1 |\n"
     "      | ^\n"},
    /* beyond the end */
    {"abc", 2, 999,
     "    1 | abc\n"
     "      |   ^\n"},
    {"abc", 50, 60,
     "    1 | abc\n"
     "      |    ^\n"},
    /* the line end itself; over several lines */
    {"abc\r\ndef", 3, 5,
     "    1 | abc\n"
     "      |    ^\n"},
    {"abc\r\ndef", 1, 7,
     "    1 | abc\n"
     "      |  ^^\n"},
    /* tabs before, in, and at the end of the span */
    {"\t\tx y", 2, 3,
     "    1 | \t\tx y\n"
     "      | \t\t^\n"},
    {"a\tb\tc", 0, 3,
     "    1 | a\tb\tc\n"
     "      | ^^\t^\n"},
    {"a\tb", 0, 2,
     "    1 | a\tb\n"
     "      | ^^\n"},
    {"ab\tcd", 3, 5,
     "    1 | ab\tcd\n"
     "      |   \t^^\n"},
    /* wide, combining and accented */
    {"\xE6\x97\xA5\xE6\x9C\xAC = x", 9, 10,
     "    1 | \xE6\x97\xA5\xE6\x9C\xAC = x\n"
     "      |        ^\n"},
    {"\xE6\x97\xA5\xE6\x9C\xAC = x", 0, 6,
     "    1 | \xE6\x97\xA5\xE6\x9C\xAC = x\n"
     "      | ^^^^\n"},
    {"e\xCC\x81 \xC3\xA9 x", 7, 8,
     "    1 | e\xCC\x81 \xC3\xA9 x\n"
     "      |     ^\n"},
    {"\xCC\x81", 0, 2,
     "    1 | \xCC\x81\n"
     "      | ^\n"},
    /* what could upset a terminal */
    {"a\x1B[2Jb", 5, 6,
     "    1 | a\xEF\xBF\xBD[2Jb\n"
     "      |      ^\n"},
    {"\xFFz", 1, 2,
     "    1 | \xEF\xBF\xBDz\n"
     "      |  ^\n"},
    {"a\xE2\x80\xAEz", 4, 5,
     "    1 | a\xEF\xBF\xBDz\n"
     "      |   ^\n"},
};

static void prints_excerpts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(print_cases); i++) {
        const struct print_case *c = &print_cases[i];
        source *s = source_new("f", c->data, strlen(c->data));
        diags *d = diags_new();
        text out;
        text_init(&out);
        diag_error(d, (span){s, c->begin, c->end}, E0101, "message");
        diags_append(d, &out, false);
        const char *first_end = strchr(out.data, '\n');
        assert_non_null(first_end);
        if (strcmp(first_end + 1, c->printed) != 0)
            fail_msg("case %zu:\n%s\ninstead of\n%s", i, first_end + 1, c->printed);
        text_done(&out);
        diags_free(d);
        source_free(s);
    }
}

/* A line of a megabyte, good or malformed, shows some columns around the span. */
static void cuts_long_lines(void **state)
{
    (void)state;
    static const char fills[] = {'x', '\x80', '\t', ' '};
    enum { SIZE = 1000000 };
    for (size_t i = 0; i < COUNT(fills); i++) {
        char *data = memory_alloc(SIZE);
        memset(data, fills[i], SIZE);
        memcpy(data + 500000, "HERE", 4);
        source *s = source_new("f", data, SIZE);
        static const uint32_t begins[] = {0, 10, 500000, SIZE - 1, SIZE};
        for (size_t k = 0; k < COUNT(begins); k++) {
            diags *d = diags_new();
            text out;
            text_init(&out);
            uint32_t end = begins[k] == 500000 ? 500004 : SIZE;
            diag_error(d, (span){s, begins[k], end}, E0101, "message");
            diags_append(d, &out, false);
            if (fills[i] != '\t') /* tabs have no width of their own */
                assert_true(out.size < 2000);
            if (fills[i] == 'x' && begins[k] == 500000) {
                const char *here = strstr(out.data, "HERE");
                const char *carets = strstr(out.data, "^^^^\n");
                assert_non_null(strstr(out.data, "    1 | ...xxx"));
                assert_non_null(strstr(out.data, "xxx...\n"));
                const char *second = strchr(out.data, '\n') + 1;
                const char *third = strchr(second, '\n') + 1;
                assert_int_equal(here - second, carets - third);
            }
            text_done(&out);
            diags_free(d);
        }
        source_free(s);
        memory_free(data);
    }
}

static const char shop[] =
    "segment vip:\n  when count(purchse) >= 3\nsegment vip: when x\n";

/* Two files, notes, hints, and messages that come twice. */
static diags *fill(source *a, source *b)
{
    diags *d = diags_new();
    diag_error(d, (span){a, 48, 51}, E0107, "the name \"%s\" is taken", "vip");
    diag_note_at(d, (span){a, 8, 11}, "first declared here");
    diag_hint(d, "Choose another name.");
    diag_warning(d, (span){b, 0, 1}, W0201, "nothing uses \"b\"");
    diag_error(d, (span){a, 26, 33}, E0104, "no event is named \"purchse\"");
    diag_hint(d, "Did you mean \"%s\"?", "purchase");
    diag_error(d, (span){NULL, 0, 0}, E0304, "no place");
    diag_error(d, (span){a, 26, 33}, E0104, "no event is named \"purchse\"");
    diag_hint(d, "This hint belongs to a message that was there already.");
    diag_note_at(d, (span){a, 0, 1}, "and so does this note");
    diag_error(d, (span){a, 26, 33}, E0104, "another message");
    diag_hint(d, "Replaced.");
    diag_hint(d, "Kept.");
    return d;
}

static void collects_in_order(void **state)
{
    (void)state;
    source *a = source_new("rules/shop.seg", shop, strlen(shop));
    source *b = source_new("b.seg", "b", 1);
    diags *d = fill(a, b);
    assert_int_equal(diags_count(d), 5);
    assert_int_equal(diags_error_count(d), 4);
    assert_int_equal(diags_warning_count(d), 1);
    assert_true(diags_has_errors(d));
    static const diag_code order[] = {E0104, E0104, E0107, W0201, E0304};
    for (size_t i = 0; i < COUNT(order); i++)
        assert_int_equal(diags_get(d, i)->code, order[i]);
    assert_string_equal(diags_get(d, 1)->message, "another message");

    text out;
    text_init(&out);
    diags_append(d, &out, false);
    assert_string_equal(
        out.data, "rules/shop.seg:2:14: error E0104: no event is named \"purchse\"\n"
                  "    2 |   when count(purchse) >= 3\n"
                  "      |              ^^^^^^^\n"
                  "hint: Did you mean \"purchase\"?\n"
                  "rules/shop.seg:2:14: error E0104: another message\n"
                  "    2 |   when count(purchse) >= 3\n"
                  "      |              ^^^^^^^\n"
                  "hint: Kept.\n"
                  "rules/shop.seg:3:9: error E0107: the name \"vip\" is taken\n"
                  "    3 | segment vip: when x\n"
                  "      |         ^^^\n"
                  "rules/shop.seg:1:9: note: first declared here\n"
                  "    1 | segment vip:\n"
                  "      |         ^^^\n"
                  "hint: Choose another name.\n"
                  "b.seg:1:1: warning W0201: nothing uses \"b\"\n"
                  "    1 | b\n"
                  "      | ^\n"
                  "error E0304: no place\n");
    text_done(&out);
    diags_free(d);
    source_free(a);
    source_free(b);
}

static void warnings_are_no_errors(void **state)
{
    (void)state;
    diags *d = diags_new();
    diag_hint(d, "Nothing to add it to.");
    assert_false(diags_has_errors(d));
    diag_warning(d, (span){NULL, 0, 0}, W0202, "x");
    assert_false(diags_has_errors(d));
    assert_int_equal(diags_count(d), 1);
    diags_free(d);
    diags_free(NULL);
}

/* What becomes of a text when each fix of the newest message is applied. */
static void applies_fixes(void **state)
{
    (void)state;
    source *s = source_new("f.seg", "did buy last month", 18);
    diags *d = diags_new();
    diag_fix(d, (span){s, 0, 3}, "nothing to add it to");
    diag_error(d, (span){s, 8, 18}, E0101, "two things");
    diag_fix(d, (span){s, 8, 18}, "in last 1 %s", "month");
    diag_fix(d, (span){s, 13, 13}, "full ");
    diag_fix_also(d, (span){s, 8, 8}, "in ");
    diag_fix_also(d, (span){s, 18, 18}, ")");
    diag_fix_also(d, (span){s, 8, 8}, "(");
    static const char *const right[] = {"did buy in last 1 month",
                                        "did buy in (last full month)"};
    const diag *said = diags_get(d, 0);
    assert_int_equal(said->fix_count, COUNT(right));
    for (size_t i = 0; i < COUNT(right); i++) {
        text out;
        text_init(&out);
        diag_apply(said, i, source_text(s), &out);
        assert_string_equal(out.data, right[i]);
        text_done(&out);
    }
    diag_propose(d, (span){s, 4, 7}, "%s", "purchase");
    assert_string_equal(said->hint, "Write: purchase.");
    assert_int_equal(said->fix_count, 3);
    assert_string_equal(said->edits[said->edit_count - 1].replacement, "purchase");
    diag_offer(d, (span){s, 4, 7}, "Say \"%s\", 100% so.", "any %s",
               diag_words(d, (span){s, 4, 7}));
    assert_string_equal(said->hint, "Say \"any buy\", 100% so.");
    assert_string_equal(said->edits[said->edit_count - 1].replacement, "any buy");
    diags_free(d);
    source_free(s);
}

static void colours_only_when_wanted(void **state)
{
    (void)state;
    source *s = source_new("f", "abc", 3);
    diags *d = diags_new();
    diag_error(d, (span){s, 1, 2}, E0101, "m\nn");
    diag_hint(d, "H.");
    text plain, coloured, stripped;
    text_init(&plain);
    text_init(&coloured);
    text_init(&stripped);
    diags_append(d, &plain, false);
    diags_append(d, &coloured, true);
    assert_null(strchr(plain.data, '\033'));
    assert_non_null(strstr(plain.data, "m\xEF\xBF\xBDn\n")); /* one line stays one */
    for (const char *at = coloured.data; *at != '\0'; at++) {
        if (*at == '\033')
            at = strchr(at, 'm');
        else
            text_append_char(&stripped, *at);
    }
    assert_true(coloured.size > plain.size);
    assert_string_equal(stripped.data, plain.data);
    text_done(&plain);
    text_done(&coloured);
    text_done(&stripped);
    diags_free(d);
    source_free(s);
}

static void prints_json(void **state)
{
    (void)state;
    source *s = source_new("f.seg", "ab\ncd", 5);
    diags *d = diags_new();
    text out;
    text_init(&out);
    diags_append_json(d, &out);
    assert_string_equal(out.data, "[]\n");
    text_clear(&out);
    diag_error(d, (span){s, 1, 4}, E0107, "taken");
    diag_note_at(d, (span){NULL, 0, 0}, "there");
    diag_fix(d, (span){s, 1, 4}, "x");
    diags_append_json(d, &out);
    assert_string_equal(out.data, "[\n"
                                  "  {\n"
                                  "    \"code\": \"E0107\",\n"
                                  "    \"severity\": \"error\",\n"
                                  "    \"file\": \"f.seg\",\n"
                                  "    \"line\": 1,\n"
                                  "    \"column\": 2,\n"
                                  "    \"end_line\": 2,\n"
                                  "    \"end_column\": 2,\n"
                                  "    \"message\": \"taken\",\n"
                                  "    \"hint\": null,\n"
                                  "    \"mended\": null,\n"
                                  "    \"notes\": [\n"
                                  "      {\n"
                                  "        \"file\": null,\n"
                                  "        \"line\": null,\n"
                                  "        \"column\": null,\n"
                                  "        \"end_line\": null,\n"
                                  "        \"end_column\": null,\n"
                                  "        \"message\": \"there\"\n"
                                  "      }\n"
                                  "    ],\n"
                                  "    \"fixes\": [\n"
                                  "      {\n"
                                  "        \"edits\": [\n"
                                  "          {\n"
                                  "            \"file\": \"f.seg\",\n"
                                  "            \"line\": 1,\n"
                                  "            \"column\": 2,\n"
                                  "            \"end_line\": 2,\n"
                                  "            \"end_column\": 2,\n"
                                  "            \"replacement\": \"x\"\n"
                                  "          }\n"
                                  "        ]\n"
                                  "      }\n"
                                  "    ]\n"
                                  "  }\n"
                                  "]\n");
    text_done(&out);
    diags_free(d);
    source_free(s);
}

static void codes_are_listed(void **state)
{
    (void)state;
    assert_string_equal(diag_code_text(E0104), "E0104");
    assert_string_equal(diag_code_name(E0104), "unknown-event");
    for (diag_code code = 0; code < DIAG_CODE_COUNT; code++) {
        const char *digits = diag_code_text(code);
        assert_int_equal(strlen(digits), 5);
        assert_true(digits[0] == 'E' || digits[0] == 'W');
        assert_true(strlen(diag_code_name(code)) > 0 &&
                    strlen(diag_code_summary(code)) > 0);
        for (diag_code other = 0; other < code; other++)
            assert_string_not_equal(diag_code_name(code), diag_code_name(other));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_columns),
        cmocka_unit_test(opens_files),
        cmocka_unit_test(spans_join),
        cmocka_unit_test(prints_excerpts),
        cmocka_unit_test(cuts_long_lines),
        cmocka_unit_test(collects_in_order),
        cmocka_unit_test(warnings_are_no_errors),
        cmocka_unit_test(colours_only_when_wanted),
        cmocka_unit_test(applies_fixes),
        cmocka_unit_test(prints_json),
        cmocka_unit_test(codes_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
