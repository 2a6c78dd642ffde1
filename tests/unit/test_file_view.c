/* SPDX-License-Identifier: MIT
 *
 * Files as memory: what they hold, also after they rest, and whose the memory is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/file_view.h"
#include "base/memory.h"
#include "support/own_file.h"

enum { PAGE = 4096, PAGES = 300, SIZE = PAGES * PAGE + 7 };

static unsigned char byte_at(size_t i)
{
    return (unsigned char)(i * 31 + i / PAGE);
}

static void write_file(size_t size)
{
    carpel_error err;
    char *bytes = memory_alloc(size + 1);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)byte_at(i);
    assert_true(file_write_whole(own_file, bytes, size, &err));
    memory_free(bytes);
}

static void check_bytes(const file_view *v)
{
    assert_int_equal(v->size, SIZE);
    for (size_t i = 0; i < SIZE; i++)
        if (v->data[i] != byte_at(i))
            fail_msg("byte %zu", i);
}

/* The file is gone, and what is looked at is still what it held. */
static void test_what_rests_is_as_it_was(void **state)
{
    (void)state;
    carpel_error err;
    file_view v;
    write_file(SIZE);
    assert_true(file_view_open(own_file, &v, &err));
    check_bytes(&v);
    assert_int_equal(remove(own_file), 0);
    file_view_rest(&v);
    check_bytes(&v);
    file_view_rest(&v);
    assert_string_equal(file_view_at(v.data + SIZE - 1), own_file);
    file_view_close(&v);
    assert_int_equal(v.size, 0);
    file_view_rest(&v);
}

static void test_an_empty_file(void **state)
{
    (void)state;
    carpel_error err;
    file_view v;
    write_file(0);
    assert_true(file_view_open(own_file, &v, &err));
    assert_int_equal(v.size, 0);
    assert_non_null(v.data);
    file_view_rest(&v);
    assert_null(file_view_at(v.data));
    file_view_close(&v);
}

static void test_no_file(void **state)
{
    (void)state;
    carpel_error err;
    file_view v;
    assert_false(file_view_open(own_folder, &v, &err));
    assert_non_null(strstr(err.message, own_folder));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_rests_is_as_it_was),
        cmocka_unit_test(test_an_empty_file),
        cmocka_unit_test(test_no_file),
    };
    return cmocka_run_group_tests(tests, own_file_begin, own_file_end);
}
