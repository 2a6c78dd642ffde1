/* SPDX-License-Identifier: MIT
 *
 * Phone numbers without the code of a country, as whoever is there dials them. Where a country's plan keeps numbers
 * for fiction, they are of these.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "value/normal.h"
#include "value/phone.h"

typedef struct number_case {
    const char *country, *written, *read; /* read "": nothing */
} number_case;

/* A carpel that was built without the library has none of this, and says so. */
static void need_library(void)
{
    carpel_error err;
    bool is_loaded = phone_load(&err);
#ifdef TEST_HAS_PHONENUMBER
    if (!is_loaded)
        fail_msg("%s", err.message);
#else
    assert_false(is_loaded);
    assert_non_null(strstr(err.message, "built without libphonenumber"));
    skip();
#endif
}

static void check(const number_case *c)
{
    text out;
    text_init(&out);
    bool is_read =
        normal_append_of_country(NORMAL_PHONE, slice_of(c->written), c->country, &out);
    if (is_read != (c->read[0] != '\0') || strcmp(out.data, c->read) != 0)
        fail_msg("%s \"%s\" is \"%s\" instead of \"%s\"", c->country, c->written,
                 out.data, c->read);
    text_done(&out);
}

static void check_all(const number_case *cases, size_t count)
{
    need_library();
    for (size_t i = 0; i < count; i++)
        check(&cases[i]);
}

static void test_numbers_of_countries(void **state)
{
    static const number_case cases[] = {
        {"US", "(202) 555-0123", "+12025550123"},
        {"CA", "613-555-0123", "+16135550123"},
        {"AG", "(202) 555-0123", "+12025550123"}, /* the code is that of others, too */
        {"GB", "020 7946 0123", "+442079460123"},
        {"GB", "(0113) 496 0123", "+441134960123"},
        {"DE", "030 23125123", "+493023125123"},
        {"DE", "0171/39200123", "+4917139200123"},
        {"FR", "01.99.00.12.34", "+33199001234"},
        {"AU", "(02) 5550 1234", "+61255501234"},
        {"AU", "0491 570 156", "+61491570156"},
        {"SE", "031-700 01 23", "+46317000123"},
        {"IT", "06 6982 1234", "+390669821234"}, /* the zero belongs to the number */
        {"HU", "06 20 123 4567", "+36201234567"},
        {"RU", "8 (912) 345-67-89", "+79123456789"},
        {"BR", "0 15 11 96123-4567", "+5511961234567"}, /* by this company */
        {"AR", "011 15-2345-6789", "+5491123456789"},
        {"JP", "03-1234-5678", "+81312345678"},
        {"ES", "612 345 678", "+34612345678"}, /* nothing stands before numbers */
    };
    (void)state;
    check_all(cases, sizeof cases / sizeof *cases);
}

static void test_ways_to_dial(void **state)
{
    static const number_case cases[] = {
        {"DE", "3023125123", "+493023125123"},       /* as spreadsheets leave it */
        {"FR", "33199001234", "+33199001234"},       /* no number without its code */
        {"DE", "4915123456789", "+494915123456789"}, /* which could be of Leer */
        {"DE", "+49 (0) 30 23125123", "+493023125123"},
        {"DE", "+33 1 99 00 12 34", "+33199001234"},
        {"DE", "0033 1 99 00 12 34", "+33199001234"},
        {"DE", "+33 6 39 98 12 34", "+33639981234"}, /* with a +, nobody is asked */
        {"US", "1-202-555-0123", "+12025550123"},
        {"US", "011 49 30 23125123", "+493023125123"},
        {"US", "0049 30 23125123", "+493023125123"}, /* 00 is abroad here, too */
        {"AU", "0011 49 30 23125123", "+493023125123"},
        {"AU", "0049 30 23125123", "+493023125123"},
    };
    (void)state;
    check_all(cases, sizeof cases / sizeof *cases);
}

static void test_what_is_no_number(void **state)
{
    static const number_case cases[] = {
        {"DE", "", ""},
        {"DE", "0", ""},
        {"DE", "12", ""},
        {"DE", "030 23125123 ext. 9", ""},
        {"DE", "030 CALL ME", ""},
        {"DE", "030 234567890123456789", ""},
        {"DE", "0151 2345678", ""}, /* possible, but a digit too few for a mobile phone */
        {"DE", "0033 1 99 00 12", ""},
        {"FR", "01 99 00 12 3", ""},
        {"FR", "01 99 00 12 34 5", ""},
        {"FR", "06 39 98 12 34", ""}, /* nobody has these: they are for fiction */
        {"GB", "07700 900123", ""},   /* nor these */
        {"US", "555-0123", ""},       /* of which place? */
        {"US", "030 23125123", ""},
        {"US", "+1 202 555 0123 4567 89", ""},
    };
    (void)state;
    check_all(cases, sizeof cases / sizeof *cases);
}

static void test_countries_have_two_letters(void **state)
{
    (void)state;
    need_library();
    assert_true(phone_knows_country("DE"));
    assert_false(phone_knows_country("UK")); /* which is GB */
    assert_false(phone_knows_country("XX"));
    assert_false(phone_knows_country("001")); /* the library's world */
    assert_false(phone_knows_country("GERMANY"));
    assert_false(phone_knows_country(""));
}

static void test_without_a_country_the_code_is_needed(void **state)
{
    text out;
    (void)state;
    text_init(&out);
    assert_false(
        normal_append_of_country(NORMAL_PHONE, slice_of("030 23125123"), NULL, &out));
    assert_true(normal_append_of_country(NORMAL_PHONE_DIGITS, slice_of("+493023125123"),
                                         NULL, &out));
    assert_string_equal(out.data, "493023125123");
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_of_countries),
        cmocka_unit_test(test_ways_to_dial),
        cmocka_unit_test(test_what_is_no_number),
        cmocka_unit_test(test_countries_have_two_letters),
        cmocka_unit_test(test_without_a_country_the_code_is_needed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
