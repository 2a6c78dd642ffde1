/* SPDX-License-Identifier: MIT
 *
 * The schema: types and names read from the project file, what is refused, and search.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "store/schema.h"

#define TEXT(t)                                                                          \
    {                                                                                    \
        (t),                                                                             \
        {                                                                                \
            NULL, 0, 0                                                                   \
        }                                                                                \
    }

static config_field purchase_fields[] = {
    {TEXT("amount"), TEXT("decimal(2)")},
    {TEXT("share"), TEXT("number(0..1)")},
    {TEXT("item"), TEXT("string")},
};
static config_field user_fields[] = {
    {TEXT("country"), TEXT("string")},
    {TEXT("birthday"), TEXT("date")},
};

static void test_reads_types(void **state)
{
    config_kind kinds[] = {{TEXT("purchase"), purchase_fields, 3},
                           {TEXT("visit"), NULL, 0}};
    project p = {
        .kinds = kinds, .kind_count = 2, .traits = user_fields, .trait_count = 2};
    arena *memory = arena_new();
    diags *found = diags_new();
    (void)state;

    schema *s = schema_new(&p, memory, found);
    assert_int_equal(diags_count(found), 0);
    assert_int_equal(s->kind_count, 2);
    assert_int_equal(schema_find_kind(s, "visit"), 1);
    assert_int_equal(schema_find_kind(s, "Visit"), SCHEMA_NONE);
    assert_int_equal(schema_find_trait(s, "birthday"), 1);
    assert_int_equal(schema_find_trait(s, "amount"), SCHEMA_NONE);

    const event_kind *purchase = &s->kinds[schema_find_kind(s, "purchase")];
    assert_int_equal(kind_find_property(purchase, "item"), 2);
    assert_int_equal(kind_find_property(purchase, "items"), SCHEMA_NONE);
    assert_int_equal(purchase->properties[0].type.kind, TYPE_DECIMAL);
    assert_int_equal(purchase->properties[0].type.scale, 2);
    assert_true(purchase->properties[1].details.has_range);
    assert_int_equal(s->traits[1].type.kind, TYPE_DATE);

    assert_string_equal(schema_similar_kind(s, "purchse"), "purchase");
    assert_string_equal(schema_similar_trait(s, "Country"), "country");
    assert_string_equal(kind_similar_property(purchase, "amonut"), "amount");
    assert_null(schema_similar_kind(s, "xyz"));
    arena_free(memory);
    diags_free(found);
}

/* One field of one kind, and what is said about it. */
static void test_reports_mistakes(void **state)
{
    static const struct {
        const char *kind, *field, *type;
        diag_code code;
        const char *message, *hint;
    } cases[] = {
        {"purchase", "amount", "decimals(2)", E0310, "no type is written \"decimals(2)\"",
         "decimal(2)"},
        {"purchase", "amount", "Money", E0310, "no type is written \"Money\"",
         "decimal(2)"},
        {"purchase", "name", "TEXT", E0310, "no type is written \"TEXT\"", "\"string\""},
        {"purchase", "amount", "xyzzyplugh", E0310, "no type is written \"xyzzyplugh\"",
         "The types are int,"},
        {"purchase", "amount", "decimal(19)", E0310, "no type is written \"decimal(19)\"",
         ""},
        {"email", "time", "time", E0305,
         "no property may be called \"time\": every event has one of its own",
         "`properties: {email_time: time}`"},
        {"email", "nth", "int", E0305,
         "no property may be called \"nth\": every event has one of its own",
         "email_nth"},
        {"user", "name", "string", E0305, "no event kind may be called \"user\"",
         "traits:"},
        {"anything", "name", "string", E0305, "no event kind may be called \"anything\"",
         "every kind"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        config_field field = {TEXT(cases[i].field), TEXT(cases[i].type)};
        config_kind kind = {TEXT(cases[i].kind), &field, 1};
        project p = {.kinds = &kind, .kind_count = 1};
        arena *memory = arena_new();
        diags *found = diags_new();
        assert_non_null(schema_new(&p, memory, found));
        assert_int_equal(diags_count(found), 1);
        const diag *d = diags_get(found, 0);
        assert_int_equal(d->code, cases[i].code);
        assert_string_equal(d->message, cases[i].message);
        assert_non_null(strstr(d->hint, cases[i].hint));
        arena_free(memory);
        diags_free(found);
    }
}

/* What the shape check reported already (a type that is no text) is passed over. */
static void test_missing_types_are_errors_without_a_word(void **state)
{
    config_field field = {TEXT("amount"), TEXT(NULL)};
    config_kind kind = {TEXT("purchase"), &field, 1};
    project p = {.kinds = &kind, .kind_count = 1};
    arena *memory = arena_new();
    diags *found = diags_new();
    (void)state;
    schema *s = schema_new(&p, memory, found);
    assert_int_equal(s->kinds[0].properties[0].type.kind, TYPE_ERROR);
    assert_int_equal(diags_count(found), 0);
    arena_free(memory);
    diags_free(found);
}

static void test_pseudo_properties(void **state)
{
    (void)state;
    for (int i = 0; i < PSEUDO_COUNT; i++) {
        pseudo_property found;
        assert_true(
            pseudo_property_find(pseudo_property_name((pseudo_property)i), &found));
        assert_int_equal(found, i);
    }
    pseudo_property none;
    assert_false(pseudo_property_find("Time", &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_types),
        cmocka_unit_test(test_reports_mistakes),
        cmocka_unit_test(test_missing_types_are_errors_without_a_word),
        cmocka_unit_test(test_pseudo_properties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
