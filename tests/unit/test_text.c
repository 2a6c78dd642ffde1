/* SPDX-License-Identifier: MIT
 *
 * text, slices and utf8.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void text_grows_by_every_way(void **state)
{
    (void)state;
    text t;
    text_init(&t);
    assert_string_equal(t.data, "");
    text_append(&t, "people: ");
    text_append_format(&t, "%d%%", 42);
    text_append_char(&t, '!');
    text_append_bytes(&t, "a\0b", 3);
    text_append_repeat(&t, "xy", 3);
    text_append_repeat(&t, "xy", 0);
    assert_int_equal(t.size, 21);
    assert_memory_equal(t.data, "people: 42%!a\0bxyxyxy", 22);

    text_clear(&t);
    assert_string_equal(t.data, "");
    text_append_format(&t, "%*s", 10000, "end");
    assert_int_equal(t.size, 10000);
    assert_string_equal(t.data + 9997, "end");

    char *taken = text_take(&t);
    assert_int_equal(strlen(taken), 10000);
    assert_int_equal(t.size, 0);
    text_append(&t, "again");
    assert_string_equal(t.data, "again");
    memory_free(taken);
    text_done(&t);
}

static void slice_questions(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool equals, starts, ends, contains;
        int order;
    } cases[] = {
        {"", "", true, true, true, true, 0},
        {"a", "", false, true, true, true, 1},
        {"", "a", false, false, false, false, -1},
        {"shoes", "shoe", false, true, false, true, 1},
        {"shoes", "oes", false, false, true, true, 1},
        {"shoes", "hoe", false, false, false, true, 1},
        {"shoes", "shoes", true, true, true, true, 0},
        {"shoe", "shoes", false, false, false, false, -1},
        {"a\xC3\xA9", "az", false, false, false, false, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        slice a = slice_of(cases[i].a), b = slice_of(cases[i].b);
        assert_int_equal(slice_equals(a, b), cases[i].equals);
        assert_int_equal(slice_is(a, cases[i].b), cases[i].equals);
        assert_int_equal(slice_starts_with(a, b), cases[i].starts);
        assert_int_equal(slice_ends_with(a, b), cases[i].ends);
        assert_int_equal(slice_contains(a, b), cases[i].contains);
        int order = slice_compare(a, b);
        assert_int_equal((order > 0) - (order < 0), cases[i].order);
    }
    slice empty = {NULL, 0};
    assert_true(slice_equals(empty, slice_of("")));
    assert_true(slice_contains(empty, empty));
    assert_true(slice_fits(empty, slice_of("*")));
    assert_int_equal(slice_compare(empty, empty), 0);
}

static void trimmed_at_both_ends(void **state)
{
    static const struct {
        const char *text, *signs, *left;
    } cases[] = {
        {"", " ", ""},      {"   ", " ", ""},     {" a b ", " ", "a b"},
        {"a", " ", "a"},    {"\ta ", " ", "\ta"}, {"\t\r\n\v\f a\n", WHITE_SPACE, "a"},
        {" a ", "", " a "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(
            slice_is(slice_trim(slice_of(cases[i].text), cases[i].signs), cases[i].left));
    slice with_nul = slice_trim((slice){" \0 ", 3}, " ");
    assert_int_equal(with_nul.size, 1); /* what ends C strings is no blank */
    assert_int_equal(slice_trim((slice){NULL, 0}, " ").size, 0);
}

/* Texts of each length, different in each byte in turn. */
static void equal_bytes(void **state)
{
    char a[40], b[40];
    (void)state;
    for (size_t size = 0; size <= sizeof a; size++) {
        memset(a, 'x', sizeof a);
        memset(b, 'y', sizeof b); /* what lies behind does not count */
        memset(b, 'x', size);
        assert_true(bytes_are_equal(a, b, size));
        for (size_t i = 0; i < size; i++) {
            b[i] = 'z';
            assert_false(bytes_are_equal(a, b, size));
            b[i] = 'x';
        }
    }
}

static void patterns_with_stars(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pattern;
        bool fits;
    } cases[] = {
        {"", "", true},
        {"", "*", true},
        {"", "**", true},
        {"a", "", false},
        {"abc", "abc", true},
        {"abc", "ab", false},
        {"abc", "abcd", false},
        {"abc", "*", true},
        {"abc", "a*", true},
        {"abc", "*c", true},
        {"abc", "*b*", true},
        {"abc", "*d*", false},
        {"abc", "a*c", true},
        {"abcabd", "*abd", true},
        {"abcabc", "*abd", false},
        {"aaab", "*aab", true},
        {"mississippi", "m*iss*p*i", true},
        {"mississippi", "m*iss*x*i", false},
        {"a*b", "a*b", true},
        {"page_view", "page_*", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool fits = slice_fits(slice_of(cases[i].text), slice_of(cases[i].pattern));
        if (fits != cases[i].fits)
            fail_msg("\"%s\" and \"%s\"", cases[i].text, cases[i].pattern);
    }
}

/* Well-formed and malformed: what is decoded first, how long, and is all valid? */
static void decodes_any_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        uint32_t code_point;
        size_t length;
        bool is_valid;
    } cases[] = {
        {"a", 1, 'a', 1, true},
        {"\0", 1, 0, 1, true},
        {"\x7F", 1, 0x7F, 1, true},
        {"\xC2\x80", 2, 0x80, 2, true},
        {"\xC3\xA9", 2, 0xE9, 2, true},
        {"\xE2\x82\xAC", 3, 0x20AC, 3, true},
        {"\xED\x9F\xBF", 3, 0xD7FF, 3, true},
        {"\xEE\x80\x80", 3, 0xE000, 3, true},
        {"\xEF\xBF\xBF", 3, 0xFFFF, 3, true},
        {"\xF0\x90\x80\x80", 4, 0x10000, 4, true},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF, 4, true},
        {"\x80", 1, 0xFFFD, 1, false},             /* lone continuation */
        {"\xC0\x80", 2, 0xFFFD, 1, false},         /* overlong NUL */
        {"\xC1\xBF", 2, 0xFFFD, 1, false},         /* overlong DEL */
        {"\xE0\x9F\xBF", 3, 0xFFFD, 1, false},     /* overlong */
        {"\xF0\x8F\xBF\xBF", 4, 0xFFFD, 1, false}, /* overlong */
        {"\xED\xA0\x80", 3, 0xFFFD, 1, false},     /* first surrogate */
        {"\xED\xBF\xBF", 3, 0xFFFD, 1, false},     /* last surrogate */
        {"\xF4\x90\x80\x80", 4, 0xFFFD, 1, false}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 4, 0xFFFD, 1, false},
        {"\xFF", 1, 0xFFFD, 1, false},
        {"\xE2\x82", 2, 0xFFFD, 1, false}, /* cut off */
        {"\xC3", 1, 0xFFFD, 1, false},
        {"\xE2\x28\xA1", 3, 0xFFFD, 1, false}, /* no continuation */
        {"\xF0\x9F\x98", 3, 0xFFFD, 1, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        /* In memory of its exact size, so that the sanitizer sees a read too far. */
        char *exact = memory_alloc(cases[i].size);
        memcpy(exact, cases[i].bytes, cases[i].size);
        size_t length = 0;
        assert_int_equal(utf8_decode(exact, cases[i].size, &length), cases[i].code_point);
        assert_int_equal(length, cases[i].length);
        assert_int_equal(utf8_is_valid(exact, cases[i].size), cases[i].is_valid);
        memory_free(exact);
    }
    assert_true(utf8_is_valid("", 0));
    assert_false(utf8_is_valid("good\xFF", 5));
}

static void encode_and_decode_are_inverse(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x110000; c += c < 0x900 ? 1 : 37) {
        char bytes[4];
        size_t length, size = utf8_encode(c, bytes);
        bool is_scalar = c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
        assert_int_equal(utf8_decode(bytes, size, &length), is_scalar ? c : 0xFFFD);
        assert_int_equal(length, size);
        assert_true(utf8_is_valid(bytes, size));
    }
}

static void widths(void **state)
{
    (void)state;
    static const struct {
        const char *string;
        size_t width;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"\t\n\x7F", 0},
        {"\xC3\xA9", 1},                 /* e acute */
        {"e\xCC\x81", 1},                /* e, combining acute */
        {"\xE6\x97\xA5\xE6\x9C\xAC", 4}, /* two ideographs */
        {"\xED\x95\x9C", 2},             /* a Hangul syllable */
        {"\xEF\xBC\xA1", 2},             /* full-width A */
        {"\xF0\x9F\x98\x80", 2},         /* a grinning face */
        {"\xE2\x80\x8B", 0},             /* zero width space */
        {"\xE2\x96\x88\xE2\x80\xA6", 2}, /* block, ellipsis */
        {"\xD0\x96", 1},                 /* Cyrillic */
        {"\xFF\xFE", 2},                 /* malformed: each byte one sign */
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(utf8_width(cases[i].string, strlen(cases[i].string)),
                         cases[i].width);
}

static void letters_and_blanks(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        bool is_letter, is_blank;
    } cases[] = {
        {'a', true, false},      {'Z', true, false},     {'@', false, false},
        {'[', false, false},     {'0', false, false},    {'_', false, false},
        {'$', false, false},     {' ', false, true},     {'\t', false, true},
        {'\n', false, false},    {'\r', false, false},   {0xA0, false, true},
        {0xAA, true, false},     {0xAB, false, false},   {0xE9, true, false},
        {0xD7, false, false},    {0xF7, false, false},   {0x301, true, false},
        {0x416, true, false},    {0x5D0, true, false},   {0x915, true, false},
        {0x94D, true, false},    {0x65E5, true, false},  {0xAC00, true, false},
        {0x2000, false, true},   {0x200B, false, true},  {0x200C, false, false},
        {0x2019, false, false},  {0x201C, false, false}, {0x202E, false, false},
        {0x2264, false, false},  {0x3000, false, true},  {0xFEFF, false, true},
        {0x1F600, false, false}, {0xFFFD, false, false}, {0x10FFFF, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t c = cases[i].code_point;
        if (utf8_is_letter(c) != cases[i].is_letter ||
            utf8_is_blank(c) != cases[i].is_blank)
            fail_msg("U+%04X", (unsigned)c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_by_every_way),
        cmocka_unit_test(slice_questions),
        cmocka_unit_test(trimmed_at_both_ends),
        cmocka_unit_test(equal_bytes),
        cmocka_unit_test(patterns_with_stars),
        cmocka_unit_test(decodes_any_bytes),
        cmocka_unit_test(encode_and_decode_are_inverse),
        cmocka_unit_test(widths),
        cmocka_unit_test(letters_and_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
