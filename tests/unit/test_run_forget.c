/* SPDX-License-Identifier: MIT
 *
 * A person who is taken out of a run leaves the run of a world without them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "run_project.h"
#include "run_support.h"
#include "runs/run_forget.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void test_the_rest_is_as_if_they_had_never_been(void **state)
{
    static const struct {
        const char *id, *people, *rules;
    } cases[] = {
        {"ann", "bob cid", "vip:1=cid l.a:2=bob l.b:3="},
        {"bob", "ann cid", "vip:1=ann,cid l.a:2= l.b:3=ann"},
        {"cid", "ann bob", "vip:1=ann l.a:2=bob l.b:3=ann"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        remembered_run *r =
            run_of(1, 5, "ann bob cid", "vip:1=ann,cid l.a:2=bob l.b:3=ann");
        remembered_run *expected = run_of(1, 5, cases[i].people, cases[i].rules);
        assert_true(remembered_run_forget(r, slice_of(cases[i].id)));
        assert_true(digest_equals(r->content, expected->content));
        remembered_run_free(expected);
        remembered_run_free(r);
    }
}

/* A person goes with their other ids; one of these goes alone. */
static void test_other_ids_go(void **state)
{
    static const slice others[] = {{"anon-7", 6}, {"bob@x", 5}, {"cid@x", 5}};
    static const uint32_t into[] = {1, 1, 2};
    (void)state;
    remembered_run *r = run_of(1, 5, "ann bob cid", "vip:1=ann,cid");
    r->merged = (remembered_ids){others, LENGTH(others)};
    r->merged_into = into;
    assert_true(remembered_run_forget(r, slice_of("anon-7")));
    assert_int_equal(r->people.count, 3);
    assert_int_equal(r->merged.count, 2);
    assert_false(remembered_run_forget(r, slice_of("anon-7")));
    assert_true(remembered_run_forget(r, slice_of("bob")));
    assert_int_equal(r->people.count, 2);
    assert_int_equal(r->merged.count, 1);
    assert_true(slice_is(r->merged.items[0], "cid@x"));
    assert_int_equal(r->merged_into[0], 1);
    remembered_run_free(r);
}

/* Whom an output did not get is told by place, and these move. */
static void test_what_outputs_took_stays(void **state)
{
    enum { NOT_BOB_NOR_DORA = 10 };
    (void)state;
    remembered_run *r = run_of(1, 5, "ann bob cid dora", "vip:1=ann,bob,dora");
    note_taken(r, "mail", 1, NOT_BOB_NOR_DORA);
    assert_true(remembered_run_forget(r, slice_of("bob")));
    assert_int_equal(roaring_bitmap_get_cardinality(r->outputs[0].withheld), 1);
    assert_true(roaring_bitmap_contains(r->outputs[0].withheld, 2)); /* dora */
    remembered_run_free(r);
}

static void test_values_of_others_stay(void **state)
{
    (void)state;
    remembered_run *r = run_of(1, 5, "ann bob cid dora", "=risk:1=ann,bob,dora");
    assert_true(remembered_run_forget(r, slice_of("bob")));
    assert_int_equal(r->rules[0].size, 2);
    assert_int_equal(r->rules[0].values[0], 10);
    assert_int_equal(r->rules[0].values[1], 12);
    assert_true(roaring_bitmap_contains(r->rules[0].members, 2)); /* dora */
    assert_true(remembered_run_forget(r, slice_of("cid")));       /* who has none */
    assert_int_equal(r->rules[0].values[1], 12);
    assert_true(roaring_bitmap_contains(r->rules[0].members, 1));
    remembered_run_free(r);
}

static void test_texts_go(void **state)
{
    static const slice texts[] = {{"Berlin", 6}, {"Secret street", 13}};
    (void)state;
    remembered_run *r = run_of(1, 5, "ann bob", "=city:1=ann,bob");
    r->rules[0].type = (type){TYPE_STRING, 0};
    r->rules[0].texts = texts;
    assert_true(remembered_run_forget(r, slice_of("bob")));
    assert_int_equal(r->rules[0].size, 1);
    assert_true(slice_is(r->rules[0].texts[0], "Berlin"));
    remembered_run_free(r);
}

static void test_nobody(void **state)
{
    static const char *const strangers[] = {"", "a", "annn", "zoe"};
    (void)state;
    remembered_run *r = run_of(1, 5, "ann bob", "vip:1=ann");
    digest before = r->content;
    for (size_t i = 0; i < LENGTH(strangers); i++)
        assert_false(remembered_run_forget(r, slice_of(strangers[i])));
    assert_true(digest_equals(before, r->content));
    assert_true(remembered_run_forget(r, slice_of("ann")));
    assert_true(remembered_run_forget(r, slice_of("bob")));
    assert_false(remembered_run_forget(r, slice_of("bob")));
    assert_int_equal(r->people.count, 0);
    remembered_run_free(r);
}

/* Ids that were packed before somebody is forgotten are not what is written. */
static void test_packed_ids_are_forgotten(void **state)
{
    (void)state;
    carpel_error err;
    text file;
    text_init(&file);
    remembered_run *r = run_of(1, 5, "ann bob cid", "vip:1=ann,cid");
    run_file_pack_ids(r);
    assert_true(remembered_run_forget(r, slice_of("bob")));
    run_file_write(r, &file);
    remembered_run *found = run_file_read((slice){file.data, file.size}, "x", &err);
    assert_non_null(found);
    assert_int_equal(found->people.count, 2);
    assert_true(slice_is(found->people.items[1], "cid"));
    remembered_run_free(found);
    remembered_run_free(r);
    text_done(&file);
}

/* ---- files ---------------------------------------------------------------------------- */

static void put_file(uint64_t number, const text *bytes)
{
    carpel_error err;
    run_folder *f = run_folder_open(project, &err);
    char *path = run_folder_file(f, number);
    assert_true(file_write_whole(path, bytes->data, bytes->size, &err));
    memory_free(path);
    run_folder_free(f);
}

static void keep_run(uint64_t number, const char *people, const char *rules)
{
    text bytes;
    text_init(&bytes);
    remembered_run *r = run_of(number, (int64_t)number, people, rules);
    run_file_write(r, &bytes);
    put_file(number, &bytes);
    remembered_run_free(r);
    text_done(&bytes);
}

static void test_all_runs_of_a_project(void **state)
{
    (void)state;
    carpel_error err;
    size_t changed;
    keep_run(1, "ann bob", "vip:1=ann,bob");
    keep_run(2, "ann cid", "vip:1=ann");
    keep_run(3, "bob cid", "vip:1=bob");
    run_folder *f = run_folder_open(project, &err);
    assert_true(run_folder_forget_run(f, 3, &err)); /* it keeps what outputs took */
    run_folder_free(f);
    f = run_folder_open(project, &err);
    assert_true(run_folder_forget(f, slice_of("bob"), &changed, &err));
    assert_int_equal(changed, 2);
    for (size_t i = 0; i < 3; i++) {
        remembered_run *r = run_folder_read(f, i + 1, &err);
        assert_non_null(r);
        for (size_t k = 0; k < r->people.count; k++)
            assert_false(slice_is(r->people.items[k], "bob"));
        remembered_run_free(r);
    }
    assert_true(run_folder_forget(f, slice_of("bob"), &changed, &err));
    assert_int_equal(changed, 0);
    run_folder_free(f);
}

/* Nobody knows whom a damaged run knows: that is said, and the others are done. */
static void test_a_damaged_run_is_told(void **state)
{
    (void)state;
    carpel_error err;
    size_t changed;
    text bytes;
    text_init(&bytes);
    text_append(&bytes, "carpelrn and then nothing of use, for as long as a head takes");
    keep_run(1, "ann bob", "vip:1=ann,bob");
    put_file(2, &bytes);
    keep_run(3, "ann bob", "vip:1=bob");
    run_folder *f = run_folder_open(project, &err);
    assert_false(run_folder_forget(f, slice_of("bob"), &changed, &err));
    assert_non_null(strstr(err.message, "00000002.run"));
    assert_int_equal(changed, 2);
    run_folder_free(f);
    text_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_rest_is_as_if_they_had_never_been),
        cmocka_unit_test(test_other_ids_go),
        cmocka_unit_test(test_what_outputs_took_stays),
        cmocka_unit_test(test_values_of_others_stay),
        cmocka_unit_test(test_texts_go),
        cmocka_unit_test(test_packed_ids_are_forgotten),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test_setup_teardown(test_all_runs_of_a_project, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_damaged_run_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
