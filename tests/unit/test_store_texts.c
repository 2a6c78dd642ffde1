/* SPDX-License-Identifier: MIT
 *
 * store_texts: tables of text tests that grow with their dictionary, at once for few texts
 * and one by one for many; codes in other dictionaries; the order of versions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "store/store_texts.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static uint32_t add(dictionary *d, const char *string)
{
    return dictionary_add(d, string, strlen(string));
}

static dictionary *dictionary_of(const char *const *strings, size_t count)
{
    dictionary *d = dictionary_new();
    for (size_t i = 0; i < count; i++)
        add(d, strings[i]);
    return d;
}

/* "text 0", "text 1" ... */
static dictionary *dictionary_of_many(size_t count)
{
    dictionary *d = dictionary_new();
    char string[32];
    for (size_t i = 0; i < count; i++) {
        snprintf(string, sizeof string, "text %zu", i);
        add(d, string);
    }
    return d;
}

static pattern *pattern_of(const char *expression)
{
    char reason[256];
    size_t offset;
    pattern *p = pattern_new(slice_of(expression), reason, sizeof reason, &offset);
    assert_non_null(p);
    return p;
}

static void prepare(text_table *t, const text_test *test)
{
    carpel_error err = {0};
    if (!text_table_prepare(t, test, NULL, &err))
        fail_msg("%s", err.message);
}

/* ---- tables ----------------------------------------------------------------------------- */

static void questions_are_answered(void **state)
{
    static const char *const strings[] = {"gift for her", "a gift",  "",
                                          "forgift",      "present", "her gift"};
    static const struct {
        text_question question;
        const char *texts[2];
        const char *passes; /* a letter for each string */
    } cases[] = {
        {TEXT_IS_ONE_OF, {"present", "a gift"}, ".y..y."},
        {TEXT_IS_ONE_OF, {"her", "nothing"}, "......"},
        {TEXT_IS_IN_LIST, {"", "forgift"}, "..yy.."},
        {TEXT_MATCHES, {"gift$"}, ".y.y.y"},
        {TEXT_CONTAINS, {"her"}, "y....y"},
        {TEXT_CONTAINS, {""}, "yyyyyy"},
        {TEXT_STARTS_WITH, {"gift"}, "y....."},
        {TEXT_ENDS_WITH, {"gift"}, ".y.y.y"},
    };
    (void)state;
    dictionary *d = dictionary_of(strings, LENGTH(strings));
    for (size_t i = 0; i < LENGTH(cases); i++) {
        bool is_set = cases[i].question <= TEXT_IS_IN_LIST;
        const char *first = cases[i].texts[0];
        dictionary *list = dictionary_of(cases[i].texts, is_set ? 2 : 1);
        pattern *p = pattern_of(first);
        slice texts[] = {slice_of(first),
                         is_set ? slice_of(cases[i].texts[1]) : (slice){0}};
        text_test test = {cases[i].question, texts, is_set ? 2 : 1, list, p};
        text_table *t = text_table_new(d);
        pattern_scratch *scratch = NULL;
        prepare(t, &test);
        assert_true(text_table_is_told(t));
        for (uint32_t code = 0; code < LENGTH(strings); code++) {
            bool passes = cases[i].passes[code] == 'y';
            text_answer alone = text_test_ask(&test, dictionary_text(d, code), &scratch);
            assert_int_equal(text_table_answer(t, code) == TEXT_PASSES, passes);
            assert_int_equal(text_table_ask(t, &test, code, &scratch) == TEXT_PASSES,
                             passes);
            assert_int_equal(alone, passes ? TEXT_PASSES : TEXT_FAILS);
        }
        pattern_scratch_free(scratch);
        text_table_free(t);
        pattern_free(p);
        dictionary_free(list);
    }
    dictionary_free(d);
}

static void tables_grow(void **state)
{
    static const char *const strings[] = {"shoes", "hat"};
    (void)state;
    dictionary *d = dictionary_of(strings, LENGTH(strings));
    dictionary *list = dictionary_of((const char *const[]){"late", "hat", "later"}, 3);
    slice part = slice_of("at");
    const text_test tests[] = {
        {.question = TEXT_CONTAINS, .texts = &part, .text_count = 1},
        {.question = TEXT_IS_IN_LIST, .list = list}};
    text_table *tables[] = {text_table_new(d), text_table_new(d)};
    for (size_t i = 0; i < 2; i++) {
        prepare(tables[i], &tests[i]);
        assert_int_equal(text_table_only_code(tables[i]), 1); /* hat */
    }
    add(d, "shirt");
    for (size_t i = 0; i < 2; i++) {
        prepare(tables[i], &tests[i]);
        assert_int_equal(text_table_only_code(tables[i]), 1);
    }
    uint32_t late = add(d, "late");
    for (size_t i = 0; i < 2; i++) {
        prepare(tables[i], &tests[i]);
        assert_int_equal(text_table_only_code(tables[i]), DICTIONARY_NONE); /* two now */
        assert_int_equal(text_table_answer(tables[i], late), TEXT_PASSES);
        assert_int_equal(text_table_answer(tables[i], 0) == TEXT_PASSES, false);
        text_table_free(tables[i]);
    }
    dictionary_free(d);
    dictionary_free(list);
}

/* ---- many texts ------------------------------------------------------------------------- */

enum { MANY = 40000 };

typedef struct asking {
    text_table *table;
    const text_test *test;
    pattern_scratch *scratch[3];
} asking;

/* Pieces overlap: workers meet the same texts at once. */
static void ask_some(void *context, size_t piece, size_t worker)
{
    asking *a = context;
    for (uint32_t i = 0; i < 3000; i++)
        text_table_ask(a->table, a->test, (uint32_t)(piece * 1000 + i) % MANY,
                       &a->scratch[worker]);
}

static void many_texts_are_told_when_they_are_met(void **state)
{
    (void)state;
    dictionary *d = dictionary_of_many(MANY);
    pattern *p = pattern_of("7$");
    slice expression = slice_of("7$");
    text_test test = {TEXT_MATCHES, &expression, 1, NULL, p};
    text_table *t = text_table_new(d);
    asking a = {.table = t, .test = &test};
    prepare(t, &test);
    assert_false(text_table_is_told(t));
    assert_int_equal(text_table_answer(t, 7), TEXT_UNTOLD);
    assert_int_equal(text_table_only_code(t), DICTIONARY_NONE);
    assert_int_equal(text_table_ask(t, &test, 7, &a.scratch[0]), TEXT_PASSES);
    assert_int_equal(text_table_answer(t, 7), TEXT_PASSES);
    assert_int_equal(text_table_only_code(t), DICTIONARY_NONE); /* there may be others */
    assert_int_equal(text_table_answer(t, 8), TEXT_UNTOLD);
    parallel_run(3, MANY / 1000, ask_some, &a);
    for (uint32_t code = 0; code < MANY; code++)
        assert_int_equal(text_table_answer(t, code),
                         code % 10 == 7 ? TEXT_PASSES : TEXT_FAILS);
    assert_int_equal(t->passing, MANY / 10);
    add(d, "new 7");
    prepare(t, &test);
    assert_int_equal(text_table_answer(t, 7), TEXT_PASSES);
    assert_int_equal(text_table_ask(t, &test, MANY, &a.scratch[0]), TEXT_PASSES);
    for (size_t i = 0; i < LENGTH(a.scratch); i++)
        pattern_scratch_free(a.scratch[i]);
    text_table_free(t);
    pattern_free(p);
    dictionary_free(d);
}

static const char all_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/* MANY texts that are plain, and behind them as many on which "^(a+)+$" gives up. */
static dictionary *dictionary_of_hard(size_t many)
{
    char string[80];
    dictionary *d = dictionary_of_many(MANY);
    for (size_t i = 0; i < many; i++) {
        snprintf(string, sizeof string, "%s %zu", all_a, i);
        add(d, string);
    }
    return d;
}

/* A run is prepared for and asks about some of the texts that are hard. */
static bool run_asks(text_table *t, const text_test *test, uint32_t from, uint32_t to)
{
    pattern_scratch *scratch = NULL;
    carpel_error err = {0};
    prepare(t, test);
    for (uint32_t i = from; i < to; i++)
        text_table_ask(t, test, MANY + i, &scratch);
    pattern_scratch_free(scratch);
    bool may_go_on = text_table_check(t, test, NULL, &err);
    assert_true(may_go_on || err.code == CARPEL_E_LIMIT);
    return may_go_on;
}

/* What was given up on in other runs, and whether these were refused, changes nothing. */
static void giving_up_is_counted_by_run(void **state)
{
    static const struct {
        uint32_t from, to;
        bool is_good;
    } runs[] = {
        {0, 600, true},   {500, 1100, true}, {0, 600, true},    {100, 1100, true},
        {0, 1001, false}, {0, 1000, true},   {99, 1100, false}, {500, 1100, true},
    };
    (void)state;
    dictionary *d = dictionary_of_hard(1100);
    pattern *p = pattern_of("^(a+)+$");
    slice expression = slice_of("^(a+)+$");
    text_test test = {TEXT_MATCHES, &expression, 1, NULL, p};
    text_table *t = text_table_new(d);
    for (size_t i = 0; i < LENGTH(runs); i++)
        assert_int_equal(run_asks(t, &test, runs[i].from, runs[i].to), runs[i].is_good);
    text_table_free(t);
    pattern_free(p);
    dictionary_free(d);
}

/* As it would be with a table that is new. */
static void giving_up_is_counted_by_run_when_texts_come(void **state)
{
    (void)state;
    dictionary *d = dictionary_of_many(0);
    pattern *p = pattern_of("^(a+)+$");
    slice expression = slice_of("^(a+)+$");
    text_test test = {TEXT_MATCHES, &expression, 1, NULL, p};
    text_table *t = text_table_new(d);
    char string[80];
    for (size_t i = 0; i < 900; i++) {
        snprintf(string, sizeof string, "%s %zu", all_a, i);
        add(d, string);
    }
    prepare(t, &test); /* few: all are told */
    assert_int_equal(t->given_up, 900);
    for (size_t i = 0; i < MANY; i++) {
        snprintf(string, sizeof string, "plain %zu", i);
        add(d, string);
    }
    prepare(t, &test); /* many: those that are met */
    assert_int_equal(t->given_up, 0);
    text_table_free(t);
    pattern_free(p);
    dictionary_free(d);
}

/* Which text is told does not depend on the order in which texts were met. */
static void giving_up_is_bounded(void **state)
{
    char string[80];
    (void)state;
    dictionary *d = dictionary_of_hard(1100);
    pattern *p = pattern_of("^(a+)+$");
    slice expression = slice_of("^(a+)+$");
    text_test test = {TEXT_MATCHES, &expression, 1, NULL, p};
    text_table *t = text_table_new(d);
    pattern_scratch *scratch = NULL;
    carpel_error err = {0};
    prepare(t, &test);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(text_table_ask(t, &test, MANY + 1099 - i, &scratch),
                         TEXT_GAVE_UP);
    assert_true(text_table_check(t, &test, NULL, &err));
    text_table_ask(t, &test, MANY + 99, &scratch);
    assert_int_equal(text_table_ask(t, &test, MANY + 98, &scratch), TEXT_UNTOLD);
    assert_false(text_table_check(t, &test, NULL, &err));
    assert_int_equal(err.code, CARPEL_E_LIMIT);
    snprintf(string, sizeof string, "\"%s 1000\"", all_a);
    assert_non_null(strstr(err.message, string));
    pattern_scratch_free(scratch);
    text_table_free(t);
    pattern_free(p);
    dictionary_free(d);
}

static void preparing_can_be_stopped(void **state)
{
    static const char *const strings[] = {"shoes", "hat"};
    (void)state;
    dictionary *d = dictionary_of(strings, LENGTH(strings));
    slice part = slice_of("hat");
    text_test test = {.question = TEXT_CONTAINS, .texts = &part, .text_count = 1};
    text_table *t = text_table_new(d);
    carpel_error err = {0};
    cancel c;
    cancel_init(&c);
    cancel_ask(&c);
    assert_false(text_table_prepare(t, &test, &c, &err));
    assert_int_equal(err.code, CARPEL_E_CANCELLED);
    prepare(t, &test); /* and gone on with */
    assert_int_equal(text_table_only_code(t), 1);
    text_table_free(t);
    dictionary_free(d);
}

/* ---- what is kept ----------------------------------------------------------------------- */

static void tables_are_kept(void **state)
{
    static const char *const strings[] = {"shoes", "hat"};
    (void)state;
    store_texts *k = store_texts_new();
    dictionary *d = dictionary_of(strings, 2), *other = dictionary_of(strings, 2);
    dictionary *list = dictionary_of(strings, 2), *shorter = dictionary_of(strings, 1);
    slice hat[] = {slice_of("hat"), slice_of("s")}, joined = slice_of("hats");
    const text_test tests[] = {
        {.question = TEXT_IS_ONE_OF, .texts = hat, .text_count = 1},
        {.question = TEXT_IS_ONE_OF, .texts = hat, .text_count = 2},
        {.question = TEXT_IS_ONE_OF, .texts = &joined, .text_count = 1},
        {.question = TEXT_CONTAINS, .texts = hat, .text_count = 1},
        {.question = TEXT_IS_IN_LIST, .list = list},
        {.question = TEXT_IS_IN_LIST, .list = shorter}};
    text_table *tables[LENGTH(tests)];
    for (size_t i = 0; i < LENGTH(tests); i++) {
        tables[i] = store_texts_table(k, d, &tests[i]);
        for (size_t j = 0; j < i; j++)
            assert_ptr_not_equal(tables[i], tables[j]);
    }
    for (size_t i = 0; i < LENGTH(tests); i++) {
        assert_ptr_equal(store_texts_table(k, d, &tests[i]), tables[i]);
        assert_ptr_not_equal(store_texts_table(k, other, &tests[i]), tables[i]);
    }
    const text_test same = {.question = TEXT_IS_IN_LIST, .list = other};
    assert_ptr_equal(store_texts_table(k, d, &same), tables[4]); /* the same texts */
    prepare(tables[0], &tests[0]);
    store_texts_forget(k, other);
    assert_int_equal(store_texts_table(k, d, &tests[0])->count, 2);
    store_texts_forget(k, d);
    assert_int_equal(store_texts_table(k, d, &tests[0])->count, 0); /* made anew */
    dictionary *all[] = {d, other, list, shorter};
    for (size_t i = 0; i < LENGTH(all); i++)
        dictionary_free(all[i]);
    store_texts_unref(k);
}

static void codes_follow_both_dictionaries(void **state)
{
    (void)state;
    store_texts *k = store_texts_new();
    dictionary *from = dictionary_of((const char *const[]){"bob", "eve"}, 2);
    dictionary *people = dictionary_of((const char *const[]){"ann", "bob"}, 2);
    const text_codes *c = store_texts_find(k, from, people);
    assert_int_equal(c->codes[0], 1);
    assert_int_equal(c->codes[1], DICTIONARY_NONE);
    add(people, "eve"); /* who was nobody yet */
    add(from, "ann");
    assert_ptr_equal(store_texts_find(k, from, people), c);
    assert_int_equal(c->codes[1], 2);
    assert_int_equal(c->codes[2], 0);
    add(store_texts_common(k), "first");
    const text_codes *common = store_texts_translate(k, from);
    assert_int_equal(common->codes[0], 1);
    assert_int_equal(common->codes[2], 3);
    add(from, "first");
    assert_ptr_equal(store_texts_translate(k, from), common);
    assert_int_equal(common->codes[0], 1);
    assert_int_equal(common->codes[3], 0);
    assert_int_equal(dictionary_count(store_texts_weekdays(k)), 7);
    dictionary_free(from);
    dictionary_free(people);
    store_texts_unref(k);
}

static void versions_keep_their_places(void **state)
{
    (void)state;
    store_texts *k = store_texts_new();
    dictionary *common = store_texts_common(k);
    uint32_t ten = add(common, "1.10"), two = add(common, "1.2");
    version_order *before = store_texts_versions(k);
    version_order *again = store_texts_versions(k);
    assert_ptr_equal(before, again);
    assert_true(before->places[two] < before->places[ten]);
    uint32_t one = add(common, "1.1"), same = add(common, "1.10.0");
    version_order *after = store_texts_versions(k);
    assert_ptr_not_equal(after, before);
    assert_int_equal(before->places[two], 0); /* who still reads it is not disturbed */
    assert_true(after->places[one] < after->places[two]);
    assert_int_equal(after->places[same], after->places[ten]);
    version_order_unref(before);
    version_order_unref(again);
    store_texts_unref(store_texts_ref(k));
    store_texts_unref(k);
    assert_true(after->places[two] < after->places[ten]);
    version_order_unref(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_answered),
        cmocka_unit_test(tables_grow),
        cmocka_unit_test(many_texts_are_told_when_they_are_met),
        cmocka_unit_test(giving_up_is_bounded),
        cmocka_unit_test(giving_up_is_counted_by_run),
        cmocka_unit_test(giving_up_is_counted_by_run_when_texts_come),
        cmocka_unit_test(preparing_can_be_stopped),
        cmocka_unit_test(tables_are_kept),
        cmocka_unit_test(codes_follow_both_dictionaries),
        cmocka_unit_test(versions_keep_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
