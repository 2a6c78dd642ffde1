/* SPDX-License-Identifier: MIT
 *
 * Section files: what is written is read again; each byte of a file that changes, and each
 * length that it is cut to, is found and named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/section_file.h"
#include "store/section_layout.h"
#include "store/section_writer.h"

static char folder[] = "/tmp/carpel-test-XXXXXX";
static char path[64], other_path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/part", folder);
    snprintf(other_path, sizeof other_path, "%s/other", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    remove(path);
    remove(other_path);
    return rmdir(folder);
}

/* A file with one section of numbers 0, 1, 2, ... and a text. */
static section_file_identity write_file(uint64_t count)
{
    carpel_error err;
    section_file_identity identity;
    remove(path);
    section_writer *w = section_writer_new(path, &err);
    assert_non_null(w);
    section_writer_begin(w, &(section){.role = ROLE_TIMES,
                                       .name = slice_of("purchase"),
                                       .width = 64,
                                       .count = count,
                                       .base = -5,
                                       .unit = 1000});
    for (uint64_t i = 0; i < count; i++)
        section_writer_put(w, &i, sizeof i);
    section_writer_add(w,
                       &(section){.role = ROLE_VALUES,
                                  .name = slice_of("purchase/item"),
                                  .type = 4,
                                  .width = 8,
                                  .count = 3},
                       "abc", 3);
    section_writer_add(w, &(section){.role = ROLE_TABLE, .name = slice_of("purchase")},
                       NULL, 0);
    assert_true(section_writer_finish(w, &identity, &err));
    return identity;
}

static void read_bytes(text *out)
{
    carpel_error err;
    text_init(out);
    assert_true(file_read(path, SIZE_MAX, out, &err));
}

static void write_bytes(const char *data, size_t size)
{
    carpel_error err;
    assert_true(file_write_whole(other_path, data, size, &err));
}

/* Does the other file open, and are all of its sections right? */
static bool is_good(const section_file_identity *expected, carpel_error *err)
{
    section_file *f = section_file_open(other_path, expected, err);
    bool good = f && section_file_check(f, NULL, NULL, err);
    section_file_close(f);
    return good;
}

static void test_reads_what_was_written(void **state)
{
    (void)state;
    carpel_error err;
    const uint64_t count = 100000; /* several blocks */
    section_file_identity identity = write_file(count);
    section_file *f = section_file_open(path, &identity, &err);
    assert_non_null(f);
    assert_int_equal(section_file_count(f), 3);
    assert_null(section_file_find(f, ROLE_TIMES, "purch"));
    assert_null(section_file_find(f, ROLE_COUNTS, "purchase"));
    const section *s = section_file_find(f, ROLE_TIMES, "purchase");
    assert_non_null(s);
    assert_true(section_check(f, s, &err));
    assert_int_equal(s->count, count);
    assert_int_equal(s->bytes, count * 8);
    assert_int_equal(s->base, -5);
    assert_int_equal(s->unit, 1000);
    assert_int_equal((uintptr_t)s->data % SECTION_ALIGNMENT, 0);
    for (uint64_t i = 0; i < count; i++)
        assert_int_equal(((const uint64_t *)s->data)[i], i);
    s = section_file_find(f, ROLE_VALUES, "purchase/item");
    assert_memory_equal(s->data, "abc", 3);
    assert_true(section_file_check(f, NULL, NULL, &err));
    section_file_close(f);
}

static void test_finds_each_changed_byte(void **state)
{
    (void)state;
    carpel_error err;
    text bytes;
    section_file_identity identity = write_file(20);
    read_bytes(&bytes);
    write_bytes(bytes.data, bytes.size);
    assert_true(is_good(&identity, &err));
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 0x10;
        write_bytes(bytes.data, bytes.size);
        if (is_good(NULL, &err))
            fail_msg("byte %zu of %zu may change", i, bytes.size);
        assert_non_null(strstr(err.message, other_path));
        bytes.data[i] ^= 0x10;
    }
    text_done(&bytes);
}

static void test_finds_each_cut(void **state)
{
    (void)state;
    carpel_error err;
    text bytes;
    write_file(20);
    read_bytes(&bytes);
    for (size_t size = 0; size < bytes.size; size++) {
        write_bytes(bytes.data, size);
        assert_false(is_good(NULL, &err));
    }
    text_done(&bytes);
}

static void test_names_the_rows(void **state)
{
    (void)state;
    carpel_error err;
    text bytes;
    write_file(100000);
    read_bytes(&bytes);
    bytes.data[64 + 40000 * 8] ^= 1; /* in the second block of 32,768 */
    write_bytes(bytes.data, bytes.size);
    assert_false(is_good(NULL, &err));
    assert_non_null(strstr(err.message, "times of \"purchase\", rows 32768 to 65536"));
    text_done(&bytes);
}

static void test_knows_another_file(void **state)
{
    (void)state;
    carpel_error err;
    text bytes;
    write_file(20);
    read_bytes(&bytes);
    section_file_identity identity = write_file(21);
    write_bytes(bytes.data, bytes.size);
    assert_true(is_good(NULL, &err));
    assert_false(is_good(&identity, &err));
    assert_non_null(strstr(err.message, "is not the file that the manifest means"));
    text_done(&bytes);
}

/* The head with a change, and a checksum that fits. */
static void write_head(const text *bytes, uint32_t byte_order, uint32_t version)
{
    section_head head;
    memcpy(&head, bytes->data, sizeof head);
    head.byte_order = byte_order;
    head.version = version;
    head.checksum = XXH3_64bits(&head, offsetof(section_head, checksum));
    memcpy(bytes->data, &head, sizeof head);
    write_bytes(bytes->data, bytes->size);
}

static void test_names_order_and_version(void **state)
{
    (void)state;
    carpel_error err;
    text bytes;
    write_file(20);
    read_bytes(&bytes);
    write_head(&bytes, UINT32_C(0x04030201), 1);
    assert_false(is_good(NULL, &err));
    assert_non_null(strstr(err.message, "another byte order"));
    write_head(&bytes, UINT32_C(0x01020304), SECTION_FILE_VERSION + 1);
    assert_false(is_good(NULL, &err));
    assert_non_null(strstr(err.message, "has version 3 of the format"));
    text_done(&bytes);
}

static void test_leaves_nothing_of_a_dropped_file(void **state)
{
    (void)state;
    carpel_error err;
    remove(path);
    section_writer *w = section_writer_new(path, &err);
    assert_non_null(w);
    assert_true(file_exists(path));
    section_writer_add(w, &(section){.role = ROLE_LINES, .name = slice_of("x")}, "1", 1);
    section_writer_drop(w);
    assert_false(file_exists(path));
    assert_null(section_writer_new("/nowhere/part", &err));
    assert_non_null(strstr(err.message, "/nowhere/part"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_was_written),
        cmocka_unit_test(test_finds_each_changed_byte),
        cmocka_unit_test(test_finds_each_cut),
        cmocka_unit_test(test_names_the_rows),
        cmocka_unit_test(test_knows_another_file),
        cmocka_unit_test(test_names_order_and_version),
        cmocka_unit_test(test_leaves_nothing_of_a_dropped_file),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
