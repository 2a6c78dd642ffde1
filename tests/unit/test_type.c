/* SPDX-License-Identifier: MIT
 *
 * Types: which spellings are read, and what each type says of itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/type.h"

static void test_reads_spellings(void **state)
{
    static const struct {
        const char *spelling;
        type_kind kind;
        unsigned scale;
        const char *shown;
        size_t size;
    } cases[] = {
        {"int", TYPE_DECIMAL, 0, "int", 8},
        {"decimal(0)", TYPE_DECIMAL, 0, "int", 8},
        {"decimal(2)", TYPE_DECIMAL, 2, "decimal(2)", 8},
        {"decimal(18)", TYPE_DECIMAL, 18, "decimal(18)", 8},
        {"number", TYPE_NUMBER, 0, "number", 8},
        {"number(0..1)", TYPE_NUMBER, 0, "number", 8},
        {"string", TYPE_STRING, 0, "text", 4},
        {"bool", TYPE_BOOL, 0, "true or false", 0},
        {"time", TYPE_TIME, 0, "time", 8},
        {"date", TYPE_DATE, 0, "date", 8},
        {"duration", TYPE_DURATION, 0, "duration", 8},
        {"duration(minutes)", TYPE_DURATION, 0, "duration", 8},
        {"person", TYPE_PERSON, 0, "person", 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        type t;
        type_details details;
        text shown;
        text_init(&shown);
        assert_true(type_parse(cases[i].spelling, &t, &details));
        assert_int_equal(t.kind, cases[i].kind);
        assert_int_equal(t.scale, cases[i].scale);
        type_append(t, &shown);
        assert_string_equal(shown.data, cases[i].shown);
        assert_int_equal(type_value_size(t), cases[i].size);
        text_done(&shown);
    }
}

static void test_refuses_spellings(void **state)
{
    static const char *const cases[] = {
        "",
        "integer",
        "Int",
        "int ",
        "decimal",
        "decimal()",
        "decimal(19)",
        "decimal(-1)",
        "decimal(2",
        "decimal(2) ",
        "decimal(2)x",
        "decimal(100)",
        "number(1..0)",
        "number()",
        "number(0.1)",
        "number(a..b)",
        "number(0..inf)",
        "string(3)",
        "duration(months)",
        "duration()",
        "(2)",
        "int(2)",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        type t;
        type_details details;
        assert_false(type_parse(cases[i], &t, &details));
        assert_int_equal(t.kind, TYPE_ERROR);
    }
}

static void test_reads_details(void **state)
{
    type t;
    type_details details;
    (void)state;
    assert_true(type_parse("number(-1.5..100)", &t, &details));
    assert_true(details.has_range);
    assert_true(details.minimum == -1.5 && details.maximum == 100);
    assert_true(type_parse("duration(seconds)", &t, &details));
    assert_int_equal(details.unit_microseconds, 1000000);
    assert_true(type_parse("number", &t, &details));
    assert_false(details.has_range);
    assert_int_equal(details.unit_microseconds, 0);
}

static void test_all_listed_spellings_are_read(void **state)
{
    size_t count = 0;
    (void)state;
    for (; type_spellings[count] != NULL; count++) {
        type t;
        type_details details;
        assert_true(type_parse(type_spellings[count], &t, &details));
    }
    assert_true(count > 8);
}

static void test_predicates(void **state)
{
    static const struct {
        type t;
        bool is_numeric, is_ordered;
    } cases[] = {
        {{TYPE_BOOL, 0}, false, false},    {{TYPE_DECIMAL, 2}, true, true},
        {{TYPE_NUMBER, 0}, true, true},    {{TYPE_STRING, 0}, false, false},
        {{TYPE_TIME, 0}, false, true},     {{TYPE_DATE, 0}, false, true},
        {{TYPE_DURATION, 0}, false, true}, {{TYPE_PERSON, 0}, false, false},
        {{TYPE_ERROR, 0}, true, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(type_is_numeric(cases[i].t), cases[i].is_numeric);
        assert_int_equal(type_is_ordered(cases[i].t), cases[i].is_ordered);
    }
    assert_true(type_equals((type){TYPE_DECIMAL, 2}, (type){TYPE_DECIMAL, 2}));
    assert_false(type_equals((type){TYPE_DECIMAL, 2}, (type){TYPE_DECIMAL, 0}));
    assert_true(type_equals((type){TYPE_TIME, 0}, (type){TYPE_TIME, 7}));
    assert_false(type_equals((type){TYPE_TIME, 0}, (type){TYPE_DATE, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_spellings),
        cmocka_unit_test(test_refuses_spellings),
        cmocka_unit_test(test_reads_details),
        cmocka_unit_test(test_all_listed_spellings_are_read),
        cmocka_unit_test(test_predicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
