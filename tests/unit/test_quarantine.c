/* SPDX-License-Identifier: MIT
 *
 * The list of bad rows: what is counted, what stands in the file, and when there is one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/writer.h"
#include "store/quarantine.h"

static char directory[] = "test-quarantine-XXXXXX";
static char list_path[64];

static int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(list_path, sizeof list_path, "%s/out/refused.csv", directory);
    return 0;
}

static int remove_directory(void **state)
{
    char out[64];
    (void)state;
    unlink(list_path);
    snprintf(out, sizeof out, "%s/out", directory);
    rmdir(out);
    return rmdir(directory);
}

static void assert_list(const char *expected)
{
    text body;
    carpel_error err;
    text_init(&body);
    assert_true(file_read(list_path, 1 << 20, &body, &err));
    assert_string_equal(body.data, expected);
    text_done(&body);
}

static void test_lists_all_rows_and_counts_reasons(void **state)
{
    quarantine *q = quarantine_new(list_path, false);
    carpel_error err;
    quarantine_reason reasons[4];
    (void)state;
    assert_true(quarantine_add(q, "a.csv", 3, "the person is missing", &err));
    assert_true(quarantine_add(q, "a.csv", 5, "the time is missing", &err));
    assert_true(quarantine_add(q, "b, \"new\".csv", 1, "the time is missing", &err));
    assert_true(quarantine_add(q, "b.csv", 2, "two\nlines", &err));
    assert_false(file_exists(list_path));
    assert_true(quarantine_finish(q, &err));
    assert_list("file,line,reason\n"
                "a.csv,3,the person is missing\n"
                "a.csv,5,the time is missing\n"
                "\"b, \"\"new\"\".csv\",1,the time is missing\n"
                "b.csv,2,\"two\nlines\"\n");

    assert_string_equal(quarantine_path(q), list_path);
    assert_int_equal(quarantine_count(q), 4);
    assert_int_equal(quarantine_reasons(q, reasons, 4), 3);
    assert_string_equal(reasons[0].reason, "the time is missing");
    assert_int_equal(reasons[0].count, 2);
    assert_string_equal(reasons[0].first_file, "a.csv");
    assert_int_equal(reasons[0].first_line, 5);
    assert_string_equal(reasons[1].reason, "the person is missing");
    assert_string_equal(reasons[2].reason, "two\nlines");
    assert_int_equal(quarantine_reasons(q, reasons, 1), 1);
    assert_string_equal(reasons[0].reason, "the time is missing");
    quarantine_free(q);
}

static void test_a_good_run_removes_the_older_list(void **state)
{
    carpel_error err;
    (void)state;
    quarantine *q = quarantine_new(list_path, false);
    assert_true(quarantine_add(q, "a.csv", 1, "bad", &err));
    assert_true(quarantine_finish(q, &err));
    quarantine_free(q);
    assert_true(file_exists(list_path));

    q = quarantine_new(list_path, false);
    assert_true(quarantine_finish(q, &err));
    assert_false(file_exists(list_path));
    assert_true(quarantine_finish(q, &err)); /* nothing to remove is fine */
    quarantine_free(q);
}

static void test_an_unfinished_list_leaves_nothing(void **state)
{
    carpel_error err;
    path_list left = {0};
    char pattern[80];
    (void)state;
    quarantine *q = quarantine_new(list_path, false);
    assert_true(quarantine_add(q, "a.csv", 1, "bad", &err));
    quarantine_free(q);
    snprintf(pattern, sizeof pattern, "%s/out/*", directory);
    assert_false(path_glob(pattern, &left, &err));
    path_list_done(&left);
}

static void test_strict_mode_fails_with_the_place(void **state)
{
    carpel_error err;
    (void)state;
    quarantine *q = quarantine_new(NULL, true);
    assert_false(quarantine_add(q, "a.csv", 17, "the person is missing", &err));
    assert_int_equal(err.code, CARPEL_E_INPUT);
    assert_string_equal(err.message, "a.csv:17: the person is missing");
    assert_true(quarantine_finish(q, &err));
    assert_null(quarantine_path(q));
    quarantine_free(q);
}

static void test_says_when_the_list_cannot_be_written(void **state)
{
    carpel_error err = {0};
    char path[80];
    (void)state;
    snprintf(path, sizeof path, "%s/file", directory);
    assert_true(file_write_whole(path, "x", 1, &err));
    strcat(path, "/refused.csv");
    quarantine *q = quarantine_new(path, false);
    assert_false(quarantine_add(q, "a.csv", 1, "bad", &err));
    assert_int_equal(err.code, CARPEL_E_SYSTEM);
    quarantine_free(q);
    *strrchr(path, '/') = '\0';
    unlink(path);
}

/* What a killed run left is removed; what another run writes just now is not. */
static void test_removes_what_nobody_writes(void **state)
{
    carpel_error err = {0};
    char path[80], dead[100], alive[100];
    (void)state;
    snprintf(path, sizeof path, "%s/refused.csv", directory);
    snprintf(dead, sizeof dead, "%s.17.part", path);
    snprintf(alive, sizeof alive, "%s.18.part", path);
    assert_true(file_write_whole(dead, "x", 1, &err));
    writer *other = writer_open(alive, &err);
    assert_non_null(other);
    quarantine *q = quarantine_new(path, false);
    assert_true(quarantine_finish(q, &err));
    quarantine_free(q);
    assert_false(file_exists(dead));
    assert_true(file_exists(alive));
    writer_drop(other);
    assert_false(file_exists(alive));
}

static void test_many_different_reasons_are_bounded(void **state)
{
    static quarantine_reason reasons[2000];
    quarantine *q = quarantine_new(NULL, false);
    carpel_error err;
    uint64_t sum = 0;
    (void)state;
    for (uint64_t i = 0; i < 5000; i++) {
        char reason[64];
        snprintf(reason, sizeof reason, "no event kind is named \"%d\"", (int)i);
        assert_true(quarantine_add(q, "a.csv", i + 1, reason, &err));
    }
    size_t count = quarantine_reasons(q, reasons, 2000);
    assert_true(count < 1100);
    assert_string_equal(reasons[0].reason, "other reasons");
    for (size_t i = 0; i < count; i++)
        sum += reasons[i].count;
    assert_int_equal(sum, 5000);
    assert_int_equal(quarantine_count(q), 5000);
    quarantine_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_all_rows_and_counts_reasons),
        cmocka_unit_test(test_a_good_run_removes_the_older_list),
        cmocka_unit_test(test_an_unfinished_list_leaves_nothing),
        cmocka_unit_test(test_strict_mode_fails_with_the_place),
        cmocka_unit_test(test_says_when_the_list_cannot_be_written),
        cmocka_unit_test(test_removes_what_nobody_writes),
        cmocka_unit_test(test_many_different_reasons_are_bounded),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
