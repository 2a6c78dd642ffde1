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

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/writer.h"
#include "ingest/quarantine.h"

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
    assert_int_equal(quarantine_reasons(q, QUARANTINE_ALL, reasons, 4), 3);
    assert_string_equal(reasons[0].reason, "the time is missing");
    assert_int_equal(reasons[0].count, 2);
    assert_string_equal(reasons[0].first_file, "a.csv");
    assert_int_equal(reasons[0].first_line, 5);
    assert_string_equal(reasons[1].reason, "the person is missing");
    assert_string_equal(reasons[2].reason, "two\nlines");
    assert_int_equal(quarantine_reasons(q, QUARANTINE_ALL, reasons, 1), 1);
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

static bool is_sam(void *context, slice value)
{
    (void)context;
    return slice_is(value, "sam");
}

static void test_leaves_out_rows_of_some_people(void **state)
{
    carpel_error err;
    quarantine_reason reasons[2];
    (void)state;
    quarantine *q = quarantine_new(NULL, true); /* the first row would be an error */
    quarantine_leave_out(q, is_sam, NULL);
    assert_true(quarantine_add_of(q, slice_of("sam"), "a.csv", 1, "bad", &err));
    assert_int_equal(quarantine_count(q), 0);
    assert_int_equal(quarantine_reasons(q, QUARANTINE_ALL, reasons, 2), 0);
    assert_false(quarantine_add_of(q, slice_of("ann"), "a.csv", 2, "bad", &err));
    assert_false(quarantine_add_of(q, slice_of(""), "a.csv", 3, "bad", &err));
    quarantine_leave_out(q, NULL, NULL);
    assert_false(quarantine_add_of(q, slice_of("sam"), "a.csv", 4, "bad", &err));
    quarantine_free(q);
}

static bool is_any(void *context, slice value)
{
    (void)context;
    return value.size > 0;
}

static void append_kept(text *kept, const char *reason)
{
    text_append_bytes(kept, "a.csv", 6);
    text_append_bytes(kept, "7", 2);
    text_append_bytes(kept, reason, strlen(reason) + 1);
    text_append_bytes(kept, "1", 2);
}

static void assert_hidden(const char *reason, const char *expected)
{
    text kept, wanted;
    text_init(&kept);
    text_init(&wanted);
    append_kept(&kept, reason);
    append_kept(&wanted, expected);
    quarantine_hide_kept(&kept, is_any, NULL);
    assert_int_equal(kept.size, wanted.size);
    assert_memory_equal(kept.data, wanted.data, kept.size);
    text_done(&kept);
    text_done(&wanted);
}

static void test_removes_values_from_kept_reasons(void **state)
{
    (void)state;
    assert_hidden("column \"a\": cannot read \"x\" as y\" as int: it is no number",
                  "column \"a\": cannot read \"(removed)\" as int: it is no number");
    assert_hidden("no event kind is named \"x \"y\"",
                  "no event kind is named \"(removed)\"");
    assert_hidden("cannot read \"a value that was cut...", "cannot read \"(removed)");
    assert_hidden("the time is missing", "the time is missing");
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
    size_t count = quarantine_reasons(q, QUARANTINE_ALL, reasons, 2000);
    assert_true(count < 1100);
    assert_string_equal(reasons[0].reason, "other reasons");
    for (size_t i = 0; i < count; i++)
        sum += reasons[i].count;
    assert_int_equal(sum, 5000);
    assert_int_equal(quarantine_count(q), 5000);
    quarantine_free(q);
}

static void test_quoted_values_and_numbers_make_no_new_reason(void **state)
{
    static const struct {
        const char *first, *second;
        bool is_one;
    } cases[] = {
        {"column \"a\": cannot read \"x\" as time: it is no time",
         "column \"a\": cannot read \"y\" as z\" as time: it is no time", true},
        {"column \"a\": cannot read \"x\" as time: it is no time",
         "column \"b\": cannot read \"x\" as time: it is no time", false},
        {"column \"a1\": cannot read \"x\" as time: it is no time",
         "column \"a2\": cannot read \"x\" as time: it is no time", false},
        {"column \"a\": cannot read \"x\" as time: it is no time",
         "column \"a\": cannot read \"x\" as time: its month has no such day", false},
        {"3 fields where the header has 4", "12 fields where the header has 4", true},
        {"no event kind is named \"a\"", "no event kind is named \"b\"", false},
        {"at character 9: a brace is missing", "at character 1007: a brace is missing",
         true},
        {"cannot read \"", "cannot read \"x", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        quarantine *q = quarantine_new(NULL, false);
        quarantine_reason reasons[2];
        carpel_error err;
        quarantine_add(q, "a.csv", 1, cases[i].first, &err);
        quarantine_add(q, "a.csv", 2, cases[i].second, &err);
        assert_int_equal(quarantine_reasons(q, 0, reasons, 2), cases[i].is_one ? 1 : 2);
        if (cases[i].is_one)
            assert_string_equal(reasons[0].reason, cases[i].first);
        quarantine_free(q);
    }
}

static void test_sources_are_told_apart(void **state)
{
    quarantine *q = quarantine_new(NULL, false);
    quarantine_reason reasons[4];
    carpel_error err;
    (void)state;
    quarantine_begin_source(q);
    quarantine_add(q, "a.csv", 1, "bad", &err);
    quarantine_begin_source(q);
    quarantine_begin_source(q);
    quarantine_add(q, "c.csv", 1, "bad", &err);
    quarantine_add(q, "c.csv", 2, "bad", &err);
    quarantine_add(q, "c.csv", 3, "worse", &err);
    assert_int_equal(quarantine_source_count(q, 0), 1);
    assert_int_equal(quarantine_source_count(q, 1), 0);
    assert_int_equal(quarantine_source_count(q, 2), 3);
    assert_int_equal(quarantine_source_count(q, 3), 0);
    assert_int_equal(quarantine_reasons(q, 1, reasons, 4), 0);
    assert_int_equal(quarantine_reasons(q, 2, reasons, 4), 2);
    assert_int_equal(reasons[0].count, 2);
    assert_string_equal(reasons[0].first_file, "c.csv");
    assert_int_equal(quarantine_reasons(q, QUARANTINE_ALL, reasons, 4), 3);
    quarantine_free(q);
}

/* Of three rows that are refused, as many as the limits allow are in the list. */
static void assert_listed(uint64_t rows, uint64_t bytes, uint64_t listed,
                          const char *expected)
{
    carpel_error err;
    quarantine_reason reasons[4];
    quarantine *q = quarantine_new(list_path, false);
    quarantine_limit_list(q, rows, bytes);
    assert_true(quarantine_add(q, "a.csv", 1, "bad", &err));
    assert_true(quarantine_add(q, "a.csv", 2, "worse still", &err));
    assert_true(quarantine_add(q, "a.csv", 3, "bad", &err));
    assert_true(quarantine_finish(q, &err));
    assert_list(expected);
    assert_int_equal(quarantine_count(q), 3);
    assert_int_equal(quarantine_unlisted(q), 3 - listed);
    assert_int_equal(quarantine_reasons(q, 0, reasons, 4), 2);
    assert_int_equal(reasons[0].unlisted, listed == 3 ? 0 : listed == 0 ? 2 : 1);
    assert_int_equal(reasons[1].unlisted, listed < 2);
    quarantine_free(q);
}

static void test_the_list_is_bounded(void **state)
{
    (void)state;
    static const char all[] = "file,line,reason\n"
                              "a.csv,1,bad\n"
                              "a.csv,2,worse still\n"
                              "a.csv,3,bad\n";
    assert_listed(3, 1000, 3, all);
    assert_listed(1000, 12 + 20 + 12, 3, all);
    assert_listed(2, 1000, 2, "file,line,reason\na.csv,1,bad\na.csv,2,worse still\n");
    /* The third row would fit, but a list with holes would look whole. */
    assert_listed(1000, 12 + 19, 1, "file,line,reason\na.csv,1,bad\n");
    assert_listed(0, 1000, 0, "file,line,reason\n");
}

static void test_a_long_reason_is_cut(void **state)
{
    (void)state;
    char *reason = memory_alloc(3000000);
    memset(reason, 'x', 2999999);
    reason[2999999] = '\0';
    memcpy(reason + 999, "\xC3\xA4", 2); /* a letter across the limit */
    quarantine *q = quarantine_new(NULL, false);
    quarantine_reason counted;
    carpel_error err;
    assert_true(quarantine_add(q, "a.csv", 1, reason, &err));
    assert_int_equal(quarantine_reasons(q, 0, &counted, 1), 1);
    assert_int_equal(strlen(counted.reason), 999 + 3);
    assert_string_equal(counted.reason + 996, "xxx...");
    quarantine_free(q);
    memory_free(reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_all_rows_and_counts_reasons),
        cmocka_unit_test(test_a_good_run_removes_the_older_list),
        cmocka_unit_test(test_an_unfinished_list_leaves_nothing),
        cmocka_unit_test(test_strict_mode_fails_with_the_place),
        cmocka_unit_test(test_leaves_out_rows_of_some_people),
        cmocka_unit_test(test_removes_values_from_kept_reasons),
        cmocka_unit_test(test_says_when_the_list_cannot_be_written),
        cmocka_unit_test(test_removes_what_nobody_writes),
        cmocka_unit_test(test_many_different_reasons_are_bounded),
        cmocka_unit_test(test_quoted_values_and_numbers_make_no_new_reason),
        cmocka_unit_test(test_sources_are_told_apart),
        cmocka_unit_test(test_the_list_is_bounded),
        cmocka_unit_test(test_a_long_reason_is_cut),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
