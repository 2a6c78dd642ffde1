/* SPDX-License-Identifier: MIT
 *
 * file: reading with a limit, writing whole or not at all, paths, and globs. Each
 * test has a folder of its own. Also the words of fail_errno, and the clocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void remove_tree(const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL) {
        unlink(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *inner = path_join(path, entry->d_name);
        remove_tree(inner);
        memory_free(inner);
    }
    closedir(directory);
    rmdir(path);
}

static int make_folder(void **state)
{
    const char *root = getenv("TMPDIR");
    char *folder = path_join(root == NULL ? "/tmp" : root, "carpel-file-XXXXXX");
    *state = mkdtemp(folder);
    return *state == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    remove_tree(*state);
    memory_free(*state);
    return 0;
}

static void put(const char *folder, const char *name, const char *content)
{
    carpel_error err;
    char *path = path_join(folder, name);
    if (!file_write_whole(path, content, strlen(content), &err))
        fail_msg("%s", err.message);
    memory_free(path);
}

static size_t count_entries(const char *folder)
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count - 2;
}

static void reads_what_was_written(void **state)
{
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 300000};
    char *path = path_join(*state, "whole");
    char *data = memory_alloc(300000);
    for (size_t i = 0; i < 300000; i++)
        data[i] = (char)(i * 31 % 251);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        carpel_error err;
        text read_back;
        text_init(&read_back);
        text_append(&read_back, ">");
        assert_true(file_write_whole(path, data, sizes[i], &err));
        assert_true(file_read(path, sizes[i], &read_back, &err));
        assert_int_equal(read_back.size, sizes[i] + 1);
        assert_memory_equal(read_back.data + 1, data, sizes[i]);
        if (sizes[i] > 0) {
            assert_false(file_read(path, sizes[i] - 1, &read_back, &err));
            assert_int_equal(err.code, CARPEL_E_LIMIT);
        }
        text_done(&read_back);
    }
    assert_int_equal(count_entries(*state), 1);
    memory_free(data);
    memory_free(path);
}

static char *make_pipe(const char *folder)
{
    char *path = path_join(folder, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    return path;
}

static char *make_socket(const char *folder)
{
    char *path = path_join(folder, "socket");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    return path;
}

/* None of these may make the reader wait; the alarm ends the test when one does. */
static void refuses_what_is_no_file(void **state)
{
    char *pipe_path = make_pipe(*state), *socket_path = make_socket(*state);
    char *missing = path_join(*state, "missing");
    const struct {
        const char *path, *words;
        carpel_error_code code;
    } cases[] = {
        {*state, "is a folder, and a file is needed", CARPEL_E_INPUT},
        {missing, "No such file or directory", CARPEL_E_SYSTEM},
        {pipe_path, "is a pipe, and a file is needed", CARPEL_E_INPUT},
        {socket_path, "is a socket, and a file is needed", CARPEL_E_INPUT},
        {"/dev/zero", "is a device, and a file is needed", CARPEL_E_INPUT},
    };
    alarm(20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        carpel_error err;
        text out;
        text_init(&out);
        assert_false(file_read(cases[i].path, 100, &out, &err));
        assert_int_equal(err.code, cases[i].code);
        assert_non_null(strstr(err.message, cases[i].words));
        assert_non_null(strstr(err.message, cases[i].path));
        text_done(&out);
    }
    alarm(0);
    memory_free(missing);
    memory_free(pipe_path);
    memory_free(socket_path);
}

/* A file that is made while it is read says beforehand that it is empty. */
static void limit_holds_while_reading(void **state)
{
    (void)state;
    carpel_error err;
    text out;
    text_init(&out);
    assert_false(file_read("/proc/self/maps", 100, &out, &err));
    assert_int_equal(err.code, CARPEL_E_LIMIT);
    assert_true(out.size <= 100);
    text_done(&out);
}

static void text_is_utf8(void **state)
{
    static const struct {
        const char *name, *data;
        size_t size;
        const char *fault;
    } cases[] = {
        {"plain", "a", 1, NULL},
        {"mark",
         "\xEF\xBB\xBF"
         "a",
         4, NULL},
        {"little",
         "\xFF\xFE"
         "a\0",
         4, "is UTF-16; save it as UTF-8 first"},
        {"big", "\xFE\xFF\0a", 4, "is UTF-16; save it as UTF-8 first"},
        {"little without a mark", "a\0b\0", 4, "is UTF-16; save it as UTF-8 first"},
        {"big without a mark", "\0a\0b", 4, "is UTF-16; save it as UTF-8 first"},
        {"lines with CR", "# a\rb\r", 6, "ends its lines in CR alone; save it with LF"},
        {"a line with CR", "a\r", 2, NULL},
        {"lines with CR and LF", "a\r\nb\r\n", 6, NULL},
        {"empty", "", 0, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        carpel_error err;
        text out;
        text_init(&out);
        char *path = path_join(*state, cases[i].name);
        assert_true(file_write_whole(path, cases[i].data, cases[i].size, &err));
        assert_int_equal(file_read_text(path, 100, &out, &err), !cases[i].fault);
        if (cases[i].fault)
            assert_non_null(strstr(err.message, cases[i].fault));
        memory_free(path);
        text_done(&out);
    }
}

/* A link that was put into a path after it was resolved is not followed, whichever part it is. */
static void reads_what_was_resolved(void **state)
{
    static const char *const replaced[] = {"a/b/file", "a/b", "a"};
    char *path = path_join(*state, "a/b/file"), *aside = path_join(*state, "aside");
    char *folder = path_join(*state, "a/b");
    carpel_error err;
    text out;
    text_init(&out);
    assert_true(directory_make(folder, &err) && file_write_whole(path, "one", 3, &err));
    char *real_path = path_resolve(path);
    assert_true(file_read_resolved_text(path, real_path, 10, &out, &err));
    assert_string_equal(out.data, "one");
    assert_false(file_read_resolved_text(path, real_path, 2, &out, &err));
    assert_int_equal(err.code, CARPEL_E_LIMIT);
    for (size_t i = 0; i < COUNT(replaced); i++) {
        char *part = path_join(*state, replaced[i]);
        assert_int_equal(rename(part, aside), 0);
        assert_int_equal(symlink(aside, part), 0);
        text_clear(&out);
        assert_true(file_read_text(path, 10, &out, &err));
        assert_false(file_read_resolved_text(path, real_path, 10, &out, &err));
        assert_non_null(strstr(err.message, "was replaced by a link"));
        assert_int_equal(unlink(part), 0);
        assert_false(file_read_resolved_text(path, real_path, 10, &out, &err));
        assert_non_null(strstr(err.message, "cannot open"));
        assert_int_equal(rename(aside, part), 0);
        memory_free(part);
    }
    text_done(&out);
    memory_free(real_path);
    memory_free(folder);
    memory_free(aside);
    memory_free(path);
}

static void a_failed_write_leaves_nothing(void **state)
{
    carpel_error err;
    char *in_missing = path_join(*state, "missing/file");
    assert_false(file_write_whole(in_missing, "x", 1, &err));
    assert_int_equal(err.code, CARPEL_E_SYSTEM);
    assert_non_null(strstr(err.message, "No such file or directory"));
    assert_int_equal(count_entries(*state), 0);

    char *folder = path_join(*state, "folder");
    assert_true(directory_make(folder, &err));
    assert_false(file_write_whole(folder, "x", 1, &err)); /* fails at the rename */
    assert_true(directory_exists(folder));
    assert_int_equal(count_entries(*state), 1);
    memory_free(folder);
    memory_free(in_missing);
}

static void a_replaced_file_keeps_its_mode(void **state)
{
    carpel_error err;
    struct stat st;
    char *path = path_join(*state, "secret");
    put(*state, "secret", "old");
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(file_write_whole(path, "new", 3, &err));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    memory_free(path);
}

static void makes_folders(void **state)
{
    static const char *const names[] = {"a", "a", "a/b/c", "a//d/", "a/b"};
    carpel_error err;
    for (size_t i = 0; i < COUNT(names); i++) {
        char *path = path_join(*state, names[i]);
        assert_true(directory_make(path, &err));
        assert_true(directory_exists(path));
        assert_false(file_exists(path));
        memory_free(path);
    }
    put(*state, "file", "");
    static const char *const bad[] = {"file", "file/below"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        char *path = path_join(*state, bad[i]);
        assert_false(directory_make(path, &err));
        assert_int_equal(err.code, CARPEL_E_SYSTEM);
        memory_free(path);
    }
    assert_false(directory_make("", &err));
}

static void joins_and_parts(void **state)
{
    (void)state;
    static const struct {
        const char *directory, *name, *joined;
    } joins[] = {
        {"a", "b", "a/b"},           {"a/", "b", "a/b"},
        {"a", "/b", "/b"},           {"/", "b", "/b"},
        {".", "b", "./b"},           {"", "b", "b"},
        {"a/b", "../c", "a/b/../c"},
    };
    for (size_t i = 0; i < COUNT(joins); i++) {
        char *joined = path_join(joins[i].directory, joins[i].name);
        assert_string_equal(joined, joins[i].joined);
        memory_free(joined);
    }
    static const struct {
        const char *path, *directory, *base;
    } parts[] = {
        {"a/b.seg", "a", "b.seg"},
        {"b.seg", ".", "b.seg"},
        {"/b", "/", "b"},
        {"/a/b", "/a", "b"},
        {"a//b", "a", "b"},
        {"a/", "a", ""},
        {"", ".", ""},
        {"//b", "/", "b"},
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        char *directory = path_directory(parts[i].path);
        assert_string_equal(directory, parts[i].directory);
        assert_string_equal(path_base(parts[i].path), parts[i].base);
        memory_free(directory);
    }
}

static void globs(void **state)
{
    carpel_error err;
    char *sub = path_join(*state, "x.csv.d");
    assert_true(directory_make(sub, &err));
    put(*state, "b.csv", "");
    put(*state, "a.csv", "");
    put(*state, "B.csv", "");
    put(*state, "x.csv.d/c.csv", "");
    static const struct {
        const char *pattern, *found; /* NULL: fits nothing */
    } cases[] = {
        {"*.csv", "B.csv a.csv b.csv "},
        {"?.csv", "B.csv a.csv b.csv "},
        {"[ab].csv", "a.csv b.csv "},
        {"*", "B.csv a.csv b.csv "},
        {"*/*.csv", "c.csv "},
        {"missing.csv", "missing.csv "},
        {"*.json", NULL},
        {"missing/*.csv", NULL},
        {"*.d", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *pattern = path_join(*state, cases[i].pattern);
        path_list list = {0};
        path_list_add(&list, "before");
        bool ok = path_glob(pattern, &list, &err);
        assert_int_equal(ok, cases[i].found != NULL);
        text found;
        text_init(&found);
        for (size_t k = 1; k < list.count; k++)
            text_append_format(&found, "%s ", path_base(list.items[k]));
        assert_string_equal(found.data, ok ? cases[i].found : "");
        assert_string_equal(list.items[0], "before");
        if (!ok) {
            assert_int_equal(err.code, CARPEL_E_INPUT);
            assert_non_null(strstr(err.message, pattern));
        }
        text_done(&found);
        path_list_done(&list);
        memory_free(pattern);
    }
    memory_free(sub);
}

static void errno_in_words(void **state)
{
    (void)state;
    carpel_error err;
    errno = ENOENT;
    assert_false(fail_errno(&err, "cannot open", "a.csv"));
    assert_int_equal(err.code, CARPEL_E_SYSTEM);
    assert_string_equal(err.message, "cannot open \"a.csv\": No such file or directory");

    char long_path[2000];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_false(fail_errno(&err, "cannot open", long_path));
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

static void clocks_go_on(void **state)
{
    (void)state;
    double before = clock_monotonic_seconds();
    assert_true(clock_now() > INT64_C(1600000000) * 1000000);
    assert_true(clock_monotonic_seconds() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_what_was_written, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_file, make_folder,
                                        remove_folder),
        cmocka_unit_test(limit_holds_while_reading),
        cmocka_unit_test_setup_teardown(text_is_utf8, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(reads_what_was_resolved, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_failed_write_leaves_nothing, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_replaced_file_keeps_its_mode, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(makes_folders, make_folder, remove_folder),
        cmocka_unit_test(joins_and_parts),
        cmocka_unit_test_setup_teardown(globs, make_folder, remove_folder),
        cmocka_unit_test(errno_in_words),
        cmocka_unit_test(clocks_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
