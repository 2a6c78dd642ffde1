/* SPDX-License-Identifier: MIT
 *
 * json: layout, escapes, and numbers that read back the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "report/json.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void write_document(json_writer *w)
{
    json_object_begin(w);
    json_key(w, "people");
    json_int(w, INT64_MIN);
    json_key(w, "none");
    json_array_begin(w);
    json_array_end(w);
    json_key(w, "list");
    json_array_begin(w);
    json_bool(w, true);
    json_bool(w, false);
    json_string(w, NULL);
    json_object_begin(w);
    json_object_end(w);
    json_array_begin(w);
    json_text(w, (slice){"a\0b", 3});
    json_array_end(w);
    json_array_end(w);
    json_object_end(w);
    json_end(w);
}

static void lays_out(void **state)
{
    (void)state;
    json_writer w;
    text out;
    text_init(&out);
    json_begin(&w, &out);
    write_document(&w);
    assert_string_equal(out.data, "{\n"
                                  "  \"people\": -9223372036854775808,\n"
                                  "  \"none\": [],\n"
                                  "  \"list\": [\n"
                                  "    true,\n"
                                  "    false,\n"
                                  "    null,\n"
                                  "    {},\n"
                                  "    [\n"
                                  "      \"a\\u0000b\"\n"
                                  "    ]\n"
                                  "  ]\n"
                                  "}\n");
    text_clear(&out);
    json_begin(&w, &out);
    w.is_compact = true;
    write_document(&w);
    assert_string_equal(out.data, "{\"people\": -9223372036854775808, \"none\": [], "
                                  "\"list\": [true, false, null, {}, "
                                  "[\"a\\u0000b\"]]}\n");
    text_done(&out);
}

static void nests_to_the_limit(void **state)
{
    (void)state;
    json_writer w;
    text out;
    text_init(&out);
    json_begin(&w, &out);
    w.is_compact = true;
    for (size_t i = 0; i < JSON_MAX_DEPTH; i++)
        json_array_begin(&w);
    for (size_t i = 0; i < JSON_MAX_DEPTH; i++)
        json_array_end(&w);
    json_end(&w);
    assert_int_equal(out.size, 2 * JSON_MAX_DEPTH + 1);
    text_done(&out);
}

static void escapes(void **state)
{
    (void)state;
    static const struct {
        const char *value, *quoted;
    } cases[] = {
        {"", "\"\""},
        {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
        {"\n\r\t", "\"\\n\\r\\t\""},
        {"\x01\x1F\x7F", "\"\\u0001\\u001f\\u007f\""},
        {"\xC2\x80\xC2\x9F\xC2\xA0", "\"\\u0080\\u009f\xC2\xA0\""},
        {"\xC3\xA9\xF0\x9F\x98\x80", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
        {"a\xFFz", "\"a\xEF\xBF\xBDz\""},
        {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        text out;
        text_init(&out);
        json_append_quoted(&out, slice_of(cases[i].value));
        assert_string_equal(out.data, cases[i].quoted);
        text_done(&out);
    }
}

static void check_number(double value, const char *wanted)
{
    json_writer w;
    text out;
    text_init(&out);
    json_begin(&w, &out);
    json_number(&w, value);
    if (wanted != NULL)
        assert_string_equal(out.data, wanted);
    else
        assert_true(strtod(out.data, NULL) == value);
    text_done(&out);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *written; /* NULL: only has to read back the same */
    } cases[] = {
        {0.0, "0"},
        {-0.0, "-0"},
        {1.0, "1"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {100000.0, "100000"},
        {2500315.63, "2500315.63"},
        {1e15, "1e+15"},
        {123456789012345.0, "123456789012345"},
        {1.0 / 3.0, NULL},
        {DBL_MAX, NULL},
        {DBL_MIN, NULL},
        {5e-324, NULL},
        {-123.456e-78, NULL},
        {9007199254740993.0, NULL},
        {NAN, "null"},
        {INFINITY, "null"},
        {-INFINITY, "null"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_number(cases[i].value, cases[i].written);
}

/* Where a locale with a decimal comma is installed, it must not show. */
static void numbers_know_no_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8",
                                        "ps_AF.UTF-8"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (setlocale(LC_NUMERIC, names[i]) != NULL)
            check_number(-1.5, "-1.5");
    }
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lays_out),
        cmocka_unit_test(nests_to_the_limit),
        cmocka_unit_test(escapes),
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_know_no_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
