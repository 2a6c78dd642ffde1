/* SPDX-License-Identifier: MIT
 *
 * The folder of runs: which are there, which one an output is compared with, which go.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/path.h"
#include "run_project.h"
#include "run_support.h"
#include "runs/run_folder.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void keep_run(uint64_t number, int64_t as_of, const char *output,
                     uint64_t baseline, bool is_latest)
{
    carpel_error err;
    text bytes;
    remembered_run *r = run_of(number, as_of, "ann bob", "vip:1=ann");
    if (output)
        take(r, output, baseline, is_latest);
    text_init(&bytes);
    run_file_write(r, &bytes);
    run_folder *f = run_folder_open(project, &err);
    char *path = run_folder_file(f, number);
    assert_true(file_write_whole(path, bytes.data, bytes.size, &err));
    memory_free(path);
    run_folder_free(f);
    text_done(&bytes);
    remembered_run_free(r);
}

static uint64_t number(const remembered_run *r)
{
    return r ? r->number : 0;
}

static void test_a_project_without_runs(void **state)
{
    (void)state;
    carpel_error err;
    run_folder *f = run_folder_open("/nowhere at all", &err);
    assert_int_equal(f->count, 0);
    assert_int_equal(run_folder_next(f), 1);
    assert_null(run_folder_up_to(f, INT64_MAX));
    assert_null(run_folder_baseline(f, "crm", INT64_MAX, UINT64_MAX));
    assert_null(run_folder_read(f, 1, &err));
    assert_string_equal(err.message, "no run has the number 1");
    run_folder_free(f);
}

static void test_runs_are_found_by_number_and_instant(void **state)
{
    (void)state;
    carpel_error err;
    keep_run(1, 100, NULL, 0, false);
    keep_run(2, 200, NULL, 0, false);
    keep_run(3, 150, NULL, 0, false);
    keep_run(10, 200, NULL, 0, false);
    run_folder *f = run_folder_open(project, &err);
    assert_int_equal(f->count, 4);
    assert_int_equal(run_folder_next(f), 11);
    assert_int_equal(number(run_folder_at(f, 200)), 10);
    assert_int_equal(number(run_folder_at(f, 199)), 0);
    assert_int_equal(number(run_folder_up_to(f, 199)), 3);
    assert_int_equal(number(run_folder_up_to(f, 99)), 0);
    assert_int_equal(number(run_folder_before(f, f->items[3].head)), 2); /* 10: 2 */
    assert_int_equal(number(run_folder_before(f, f->items[1].head)), 3); /* 2: 3 */
    assert_int_equal(number(run_folder_before(f, f->items[2].head)), 1); /* 3: 1 */
    assert_int_equal(number(run_folder_before(f, f->items[0].head)), 0);
    remembered_run *r = run_folder_read(f, 3, &err);
    assert_int_equal(r->as_of, 150);
    assert_true(roaring_bitmap_contains(r->rules[0].members, 0));
    remembered_run_free(r);
    run_folder_free(f);
}

static char *make_file(const char *name)
{
    carpel_error err;
    char *runs = path_join(project, ".carpel/runs"), *path = path_join(runs, name);
    assert_true(file_write_whole(path, "begun", 5, &err));
    memory_free(runs);
    return path;
}

/* What a killed run has written aside goes, and nothing else. */
static void test_files_aside_are_removed(void **state)
{
    (void)state;
    carpel_error err;
    static const char *const names[] = {".carpel-7-a-1.new", ".carpel-8-b-12.new",
                                        ".carpel-7-a-1.old", "carpel-7-a-1.new",
                                        ".carpel-7-a-1.new.gz"};
    char *paths[LENGTH(names)];
    keep_run(1, 100, NULL, 0, false);
    for (size_t i = 0; i < LENGTH(names); i++)
        paths[i] = make_file(names[i]);
    run_folder *f = run_folder_open(project, &err);
    assert_int_equal(f->count, 1);
    assert_true(file_exists(paths[0])); /* who only reads leaves them alone */
    assert_true(run_folder_remove_aside(f, &err));
    for (size_t i = 0; i < LENGTH(names); i++) {
        assert_int_equal(file_exists(paths[i]), i >= 2);
        memory_free(paths[i]);
    }
    run_folder_free(f);
    f = run_folder_open(project, &err);
    assert_int_equal(f->count, 1);
    run_folder_free(f);
}

/* Files of others are left alone; a damaged run is named, and the others are there. */
static void test_damage_and_strangers(void **state)
{
    (void)state;
    carpel_error err;
    keep_run(1, 100, NULL, 0, false);
    run_folder *f = run_folder_open(project, &err);
    char *second = run_folder_file(f, 2), *copy = run_folder_file(f, 3);
    char *stranger = path_join(f->path, "notes.run"), *first = run_folder_file(f, 1);
    assert_true(file_write_whole(second, "carpelrn, not", 13, &err));
    assert_true(file_write_whole(stranger, "x", 1, &err));
    assert_int_equal(link(first, copy), 0);
    run_folder_free(f);
    f = run_folder_open(project, &err);
    assert_int_equal(f->count, 3);
    assert_null(f->items[1].head);
    assert_non_null(strstr(f->items[1].damage, second));
    assert_null(f->items[2].head); /* it says that it is run 1 */
    assert_ptr_equal(run_folder_damaged(f), &f->items[1]);
    assert_int_equal(run_folder_next(f), 4);
    assert_null(run_folder_read(f, 2, &err));
    assert_int_equal(number(run_folder_up_to(f, INT64_MAX)), 1);
    run_folder_free(f);
    memory_free(stranger);
    memory_free(first);
    memory_free(second);
    memory_free(copy);
}

/* Nobody knows what lies behind a link to nowhere. */
static void test_a_link_to_nowhere_is_damage(void **state)
{
    (void)state;
    carpel_error err;
    keep_run(1, 100, NULL, 0, false);
    run_folder *f = run_folder_open(project, &err);
    char *second = run_folder_file(f, 2);
    assert_int_equal(symlink("nowhere", second), 0);
    run_folder_free(f);
    f = run_folder_open(project, &err);
    assert_non_null(f);
    assert_int_equal(f->count, 2);
    assert_non_null(strstr(run_folder_damaged(f)->damage, second));
    run_folder_free(f);
    memory_free(second);
}

static void test_baselines(void **state)
{
    (void)state;
    carpel_error err;
    keep_run(1, 100, "crm", 0, true);
    keep_run(2, 200, "crm", 1, true);
    keep_run(3, 150, "crm", 1, false); /* a look back */
    keep_run(4, 250, "mail", 0, true);
    keep_run(5, 200, "crm", 2, true);
    run_folder *f = run_folder_open(project, &err);
    static const struct {
        const char *output;
        int64_t as_of;
        uint64_t before, baseline;
        bool is_late;
    } cases[] = {
        {"crm", 300, 6, 5, false},  {"crm", 200, 6, 5, false}, {"crm", 199, 6, 1, true},
        {"crm", 150, 6, 1, true},   {"crm", 99, 6, 0, true},   {"crm", 200, 5, 2, false},
        {"mail", 300, 6, 4, false}, {"mail", 240, 6, 0, true}, {"ads", 300, 6, 0, false},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        uint64_t found = number(
            run_folder_baseline(f, cases[i].output, cases[i].as_of, cases[i].before));
        bool is_late =
            run_folder_later(f, cases[i].output, cases[i].as_of, cases[i].before);
        if (found != cases[i].baseline || is_late != cases[i].is_late)
            fail_msg("case %zu: %d %d", i, (int)found, is_late);
    }
    run_folder_free(f);
}

static run_folder *forget_run(uint64_t forgotten)
{
    carpel_error err;
    run_folder *f = run_folder_open(project, &err);
    if (!run_folder_forget_run(f, forgotten, &err))
        fail_msg("%s", err.message);
    run_folder_free(f);
    f = run_folder_open(project, &err);
    assert_true(run_folder_has(f, forgotten));
    assert_false(run_folder_remembers(f, forgotten));
    return f;
}

/* A clock was ahead when 3 was made. */
static void test_a_run_is_forgotten(void **state)
{
    (void)state;
    keep_run(1, 100, "crm", 0, true);
    keep_run(2, 200, NULL, 0, false);
    keep_run(3, 9000, "crm", 1, true);
    run_folder *f = forget_run(3);
    assert_true(run_folder_remembers(f, 2));
    assert_false(run_folder_remembers(f, 4));
    assert_int_equal(run_folder_next(f), 4);
    assert_int_equal(number(run_folder_up_to(f, INT64_MAX)), 2);
    assert_null(run_folder_at(f, 9000));
    assert_int_equal(number(run_folder_before(f, run_folder_up_to(f, 200))), 1);
    assert_null(run_folder_later(f, "crm", 300, UINT64_MAX));
    assert_null(run_folder_damaged(f));
    run_folder_free(f);
}

/* 3 was the last that crm took, so crm has what 3 told. */
static void test_outputs_have_what_a_forgotten_run_told(void **state)
{
    (void)state;
    carpel_error err;
    keep_run(1, 100, "crm", 0, true);
    keep_run(2, 200, "mail", 0, true);
    keep_run(3, 9000, "crm", 1, true);
    run_folder *f = forget_run(3);
    assert_int_equal(number(run_folder_baseline(f, "crm", 300, UINT64_MAX)), 3);
    assert_int_equal(number(run_folder_baseline(f, "crm", 300, 3)), 1);
    assert_int_equal(number(run_folder_baseline(f, "mail", 300, UINT64_MAX)), 2);
    remembered_run *r = run_folder_read(f, 3, &err);
    assert_int_equal(r->as_of, 9000);
    remembered_run_free(r);
    run_folder_free(f);
    keep_run(4, 300, "crm", 3, true);
    f = run_folder_open(project, &err);
    assert_int_equal(number(run_folder_baseline(f, "crm", 400, UINT64_MAX)), 4);
    assert_int_equal(number(run_folder_baseline(f, "crm", 400, 4)), 3); /* 4 again */
    assert_int_equal(number(run_folder_baseline(f, "crm", 250, UINT64_MAX)), 1);
    run_folder_free(f);
}

/* A forgotten look back is not what an output has. */
static void test_a_look_back_is_forgotten(void **state)
{
    (void)state;
    keep_run(1, 100, "crm", 0, true);
    keep_run(2, 200, "crm", 1, true);
    keep_run(3, 150, "crm", 1, false);
    run_folder *f = forget_run(3);
    assert_int_equal(number(run_folder_baseline(f, "crm", 300, UINT64_MAX)), 2);
    run_folder_free(f);
    f = forget_run(2);
    assert_int_equal(number(run_folder_baseline(f, "crm", 300, UINT64_MAX)), 2);
    run_folder_free(f);
}

/* No number is given again, whichever are forgotten, and in which order. */
static void test_forgotten_numbers_stay(void **state)
{
    static const char *const outputs[] = {"crm"};
    (void)state;
    carpel_error err;
    keep_run(1, 100, "crm", 0, true);
    keep_run(2, 200, "crm", 1, true);
    keep_run(3, 300, NULL, 0, false);
    run_folder_free(forget_run(3));
    run_folder_free(forget_run(1));
    run_folder *f = forget_run(2);
    assert_null(run_folder_up_to(f, INT64_MAX));
    assert_int_equal(run_folder_next(f), 4);
    assert_int_equal(run_folder_prune(f, 0, outputs, 1), 0); /* 2 was told against 1 */
    assert_int_equal(run_folder_next(f), 4);
    run_folder_free(f);
    keep_run(4, 400, "crm", 2, true);
    f = run_folder_open(project, &err);
    assert_int_equal(run_folder_prune(f, 0, outputs, 1), 2); /* but for 4 and 2 */
    run_folder_free(f);
    f = run_folder_open(project, &err);
    assert_int_equal(f->count, 2);
    assert_true(run_folder_has(f, 2));
    run_folder_free(f);
}

/* Nothing is known of it but that there was one. */
static void test_a_damaged_run_is_forgotten(void **state)
{
    (void)state;
    carpel_error err;
    keep_run(1, 100, "crm", 0, true);
    run_folder *f = run_folder_open(project, &err);
    char *second = run_folder_file(f, 2);
    run_folder_free(f);
    assert_true(file_write_whole(second, "carpelrn, not", 13, &err));
    memory_free(second);
    f = forget_run(2);
    assert_null(run_folder_damaged(f));
    assert_int_equal(run_folder_next(f), 3);
    assert_int_equal(number(run_folder_baseline(f, "crm", 300, UINT64_MAX)), 1);
    run_folder_free(f);
}

/* Runs are made at 1000 times their number. */
static void test_old_runs_go(void **state)
{
    static const char *const outputs[] = {"crm", "mail"};
    (void)state;
    carpel_error err;
    keep_run(1, 100, "crm", 0, true);
    keep_run(2, 200, "crm", 1, true);
    keep_run(3, 300, NULL, 0, false);
    keep_run(4, 400, "mail", 0, true);
    keep_run(5, 500, NULL, 0, false);
    keep_run(6, 600, "crm", 2, true);
    keep_run(7, 700, NULL, 0, false);
    run_folder *f = run_folder_open(project, &err);
    assert_int_equal(run_folder_prune(f, 1000, outputs, 2), 0);
    assert_int_equal(run_folder_prune(f, 9000, outputs, 2), 3); /* 1, 3 and 5 */
    run_folder_free(f);
    f = run_folder_open(project, &err);
    assert_int_equal(f->count, 4);
    assert_int_equal(f->items[0].number, 2); /* when 6 is made again */
    assert_int_equal(f->items[1].number, 4);
    assert_int_equal(f->items[2].number, 6);
    assert_int_equal(f->items[3].number, 7);
    assert_int_equal(run_folder_prune(f, 9000, outputs, 0),
                     3); /* no output asks for them */
    run_folder_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_project_without_runs),
        cmocka_unit_test_setup_teardown(test_runs_are_found_by_number_and_instant, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_files_aside_are_removed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damage_and_strangers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_link_to_nowhere_is_damage, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_baselines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_run_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_outputs_have_what_a_forgotten_run_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_look_back_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forgotten_numbers_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_damaged_run_is_forgotten, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_old_runs_go, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
