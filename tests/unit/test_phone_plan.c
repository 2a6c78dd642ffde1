/* SPDX-License-Identifier: MIT
 *
 * Phone numbers without the code of a country, as whoever is there dials them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "value/normal.h"

typedef struct number_case {
    const char *country, *written, *read; /* read "": nothing */
} number_case;

static void check(const number_case *c)
{
    phone_plan *p = phone_plan_new(c->country);
    text out;
    text_init(&out);
    bool is_read = normal_append_of_country(NORMAL_PHONE, slice_of(c->written), p, &out);
    if (is_read != (c->read[0] != '\0') || strcmp(out.data, c->read) != 0)
        fail_msg("%s \"%s\" is \"%s\" instead of \"%s\"", c->country, c->written,
                 out.data, c->read);
    text_done(&out);
    phone_plan_free(p);
}

static void check_all(const number_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&cases[i]);
}

static void test_numbers_of_all_countries(void **state)
{
    static const number_case cases[] = {
#define X(country, written, read) {country, written, read},
#include "unit/phone_numbers.def"
#undef X
    };
    (void)state;
    check_all(cases, sizeof cases / sizeof *cases);
}

static void test_ways_to_dial(void **state)
{
    static const number_case cases[] = {
        {"DE", "0151 23456789", "+4915123456789"},
        {"DE", "(0151) 2345-6789", "+4915123456789"},
        {"DE", "15123456789", "+4915123456789"},     /* as spreadsheets leave it */
        {"FR", "33612345678", "+33612345678"},       /* no number without its code */
        {"DE", "4915123456789", "+494915123456789"}, /* which could be of Leer */
        {"DE", "+49 (0) 151 23456789", "+4915123456789"},
        {"DE", "+33 6 12 34 56 78", "+33612345678"},
        {"DE", "0033 6 12 34 56 78", "+33612345678"},
        {"US", "(202) 555-0123", "+12025550123"},
        {"US", "1-202-555-0123", "+12025550123"},
        {"US", "011 49 151 23456789", "+4915123456789"},
        {"US", "0049 151 23456789", "+4915123456789"},
        {"AG", "(202) 555-0123", "+12025550123"}, /* the code is that of others, too */
        {"AG", "464-1234", "+12684641234"},
        {"IT", "06 6982 1234", "+390669821234"}, /* the zero belongs to the number */
        {"HU", "06 20 123 4567", "+36201234567"},
        {"RU", "8 (912) 345-67-89", "+79123456789"},
        {"BR", "0 15 11 96123-4567", "+5511961234567"}, /* by this company */
        {"AR", "011 15-2345-6789", "+5491123456789"},
        {"de", "030/123456", "+4930123456"},
    };
    (void)state;
    check_all(cases, sizeof cases / sizeof *cases);
}

static void test_what_is_no_number(void **state)
{
    static const number_case cases[] = {
        {"DE", "", ""},
        {"DE", "0", ""},
        {"DE", "0151 2345678 ext. 9", ""},
        {"DE", "0151 CALL ME", ""},
        {"DE", "0151 234567890123456789", ""},
        {"FR", "06 12 34 56 7", ""},
        {"FR", "06 12 34 56 78 9", ""},
        {"US", "555-0123", ""}, /* of which place? */
        {"US", "0151 23456789", ""},
    };
    (void)state;
    check_all(cases, sizeof cases / sizeof *cases);
}

static void test_countries_have_two_letters(void **state)
{
    (void)state;
    assert_string_equal(phone_country_find("de"), "DE");
    assert_null(phone_country_find("UK")); /* which is GB */
    assert_null(phone_country_find("Germany"));
    assert_null(phone_country_find(""));
    assert_null(phone_plan_new("XX"));
}

static void test_without_a_country_the_code_is_needed(void **state)
{
    text out;
    (void)state;
    text_init(&out);
    assert_false(
        normal_append_of_country(NORMAL_PHONE, slice_of("0151 23456789"), NULL, &out));
    assert_true(normal_append_of_country(NORMAL_PHONE_DIGITS, slice_of("+4915123456789"),
                                         NULL, &out));
    assert_string_equal(out.data, "4915123456789");
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_of_all_countries),
        cmocka_unit_test(test_ways_to_dial),
        cmocka_unit_test(test_what_is_no_number),
        cmocka_unit_test(test_countries_have_two_letters),
        cmocka_unit_test(test_without_a_country_the_code_is_needed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
