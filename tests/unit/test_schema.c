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

#include "schema/schema.h"

#define TEXT(t)                                                                          \
    {                                                                                    \
        (t),                                                                             \
        {                                                                                \
            NULL, 0, 0                                                                   \
        }                                                                                \
    }

#define FIELD(n, t)                                                                      \
    {                                                                                    \
        .name = TEXT(n), .type = TEXT(t)                                                 \
    }

static config_field purchase_fields[] = {
    FIELD("amount", "decimal(2)"),
    FIELD("share", "number(0..1)"),
    FIELD("item", "string"),
};
static config_field user_fields[] = {
    FIELD("country", "string"),
    FIELD("birthday", "date"),
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
         "`time: time`"},
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
        config_field field = FIELD(cases[i].field, cases[i].type);
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
    config_field field = FIELD("amount", NULL);
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

/* ---- records and lists ------------------------------------------------------------ */

static config_field geo[] = {FIELD("lat", "number"), FIELD("lon", "number")};
static config_field address[] = {FIELD("city", "string"),
                                 {.name = TEXT("geo"), .fields = geo, .field_count = 2}};
static config_field maker[] = {FIELD("name", "string")};
static config_field item[] = {FIELD("sku", "string"),
                              FIELD("price", "decimal(2)"),
                              {.name = TEXT("maker"), .fields = maker, .field_count = 1}};
static config_field cart[] = {
    {.name = TEXT("lines"), .fields = item, .field_count = 3, .is_list = true}};
static config_field nested_fields[] = {
    {.name = TEXT("address"), .fields = address, .field_count = 2},
    {.name = TEXT("items"), .fields = item, .field_count = 3, .is_list = true},
    FIELD("amount", "decimal(2)"),
    {.name = TEXT("tags"), .type = TEXT("string"), .is_list = true},
    FIELD("marks", "list(int)"),
    {.name = TEXT("cart"), .fields = cart, .field_count = 1},
};

static void assert_properties(const event_kind *kind, const char *expected)
{
    text shown;
    text_init(&shown);
    for (size_t i = 0; i < kind->property_count; i++)
        text_append_format(&shown, "%s%s", i > 0 ? " " : "", kind->properties[i].name);
    assert_string_equal(shown.data, expected);
    text_done(&shown);
}

static void test_records_and_lists(void **state)
{
    static const struct {
        const char *name, *properties;
        bool is_plain;
    } lists[] = {{"items", "sku price maker.name", false},
                 {"tags", "value", true},
                 {"marks", "value", true},
                 {"cart.lines", "sku price maker.name", false}};
    config_kind kinds[] = {{TEXT("look"), NULL, 0}, {TEXT("purchase"), nested_fields, 6}};
    config_field home[] = {{.name = TEXT("home"), .fields = address, .field_count = 2}};
    project p = {.kinds = kinds, .kind_count = 2, .traits = home, .trait_count = 1};
    arena *memory = arena_new();
    diags *found = diags_new();
    (void)state;
    schema *s = schema_new(&p, memory, found);
    assert_int_equal(diags_count(found), 0);
    assert_properties(&s->kinds[1],
                      "address.city address.geo.lat address.geo.lon amount");
    assert_int_equal(s->trait_count, 3);
    assert_int_equal(schema_find_trait(s, "home.geo.lat"), 1);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t k = schema_find_list(s, 1, lists[i].name);
        assert_int_not_equal(k, SCHEMA_NONE);
        assert_int_equal(s->kinds[k].derivation, KIND_LIST);
        assert_int_equal(s->kinds[k].is_plain, lists[i].is_plain);
        assert_properties(&s->kinds[k], lists[i].properties);
        assert_int_equal(schema_find_list(s, 0, lists[i].name), SCHEMA_NONE);
        assert_int_equal(schema_find_event(s, lists[i].name), SCHEMA_NONE);
    }
    assert_int_equal(s->kinds[schema_find_list(s, 1, "marks")].properties[0].type.kind,
                     TYPE_DECIMAL);
    arena_free(memory);
    diags_free(found);
}

static void test_mistakes_in_lists(void **state)
{
    static config_field inner[] = {FIELD("a", "list(int)")};
    static config_field dotted[] = {FIELD("city", "string")};
    static const struct {
        config_field fields[2];
        size_t count;
        bool of_traits;
        const char *message;
    } cases[] = {
        {{{.name = TEXT("tags"), .type = TEXT("text"), .is_list = true}},
         1,
         false,
         "no type is written \"text\""},
        {{FIELD("tags", "list(text)")}, 1, false, "no type is written \"text\""},
        {{FIELD("tags", "list()")}, 1, false, "no type is written \"list()\""},
        {{FIELD("tags", "list(text)")}, 1, true, "no type is written \"text\""},
        {{FIELD("tags", "list(string)"), FIELD("tags", "int")},
         2,
         true,
         "\"tags\" stands here twice"},
        {{FIELD("tags", "int"), FIELD("tags", "list(string)")},
         2,
         true,
         "\"tags\" stands here twice"},
        {{{.name = TEXT("x"), .fields = inner, .field_count = 1, .is_list = true}},
         1,
         false,
         "the list \"a\" stands inside a list"},
        {{{.name = TEXT("address"), .fields = dotted, .field_count = 1},
          FIELD("address.city", "int")},
         2,
         false,
         "\"address.city\" stands here twice"},
        {{FIELD("time", "list(int)")},
         1,
         false,
         "no property may be called \"time\": every event has one of its own"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        config_kind kind = {TEXT("purchase"), (config_field *)cases[i].fields,
                            cases[i].count};
        project p = {.kinds = &kind,
                     .kind_count = cases[i].of_traits ? 0 : 1,
                     .traits = kind.fields,
                     .trait_count = cases[i].of_traits ? cases[i].count : 0};
        arena *memory = arena_new();
        diags *found = diags_new();
        schema_new(&p, memory, found);
        assert_int_equal(diags_count(found), 1);
        assert_string_equal(diags_get(found, 0)->message, cases[i].message);
        assert_non_null(diags_get(found, 0)->hint);
        arena_free(memory);
        diags_free(found);
    }
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
        cmocka_unit_test(test_records_and_lists),
        cmocka_unit_test(test_mistakes_in_lists),
        cmocka_unit_test(test_pseudo_properties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
