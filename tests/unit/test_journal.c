/* SPDX-License-Identifier: MIT
 *
 * What a journal makes of the files that a killed process left, from each state in which it
 * may have been killed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/placing.h"
#include "base/text.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static char folder[] = "/tmp/carpel-test-XXXXXX";

static char *path_of(const char *name)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *content)
{
    carpel_error err;
    assert_true(file_write_whole(path_of(name), content, strlen(content), &err));
}

/* "-" when there is no such file. */
static const char *content_of(const char *name)
{
    static text content;
    carpel_error err;
    text_done(&content);
    text_init(&content);
    return file_read(path_of(name), 1000, &content, &err) ? content.data : "-";
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    char command[80];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static text notes;

static void note(void *context, const char *line)
{
    (void)context;
    text_append(&notes, line);
}

static void recover(void)
{
    const journal_listener listener = {.note = note};
    carpel_error err;
    text_done(&notes);
    text_init(&notes);
    if (!journal_recover(folder, ".carpel/journal", &listener, &err))
        fail_msg("%s", err.message);
    assert_false(file_exists(path_of(".carpel/journal")));
}

static journal *open_journal(void)
{
    carpel_error err;
    journal *j = journal_open(folder, ".carpel/journal", NULL, &err);
    if (j == NULL)
        fail_msg("%s", err.message);
    return j;
}

/* ---- killed at each stage of putting two files in place -------------------------------- */

typedef enum stage { OPENED, WRITTEN, PREPARED, PUT, KEPT, STAGE_COUNT } stage;

/* Replace "a", make "new/b", and end without a word after a stage. */
static _Noreturn void place_until(stage last)
{
    carpel_error err;
    placing_file *a, *b;
    placing *p = placing_new(NULL, open_journal());
    bool ok = placing_open(p, path_of("a"), &a, &err) &&
              placing_open(p, path_of("new/b"), &b, &err);
    if (last >= WRITTEN)
        ok = ok && placing_write(a, "A2", 2) && placing_write(b, "B", 1);
    if (last >= PREPARED)
        ok = ok && placing_prepare(p, &err);
    if (last >= PUT)
        ok = ok && placing_put(p, &err);
    if (last >= KEPT)
        ok = ok && placing_keep(p, &err);
    _exit(ok ? 0 : 1);
}

static size_t count_files(const char *name)
{
    path_list files = {0};
    (void)directory_list(path_of(name), &files);
    size_t count = files.count;
    path_list_done(&files);
    return count;
}

static void test_killed_at_each_stage(void **state)
{
    (void)state;
    for (stage last = OPENED; last < STAGE_COUNT; last++) {
        int status;
        put("a", "A1");
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            place_until(last);
        assert_true(waitpid(child, &status, 0) == child && status == 0);
        recover();
        bool is_new = last == KEPT;
        assert_string_equal(content_of("a"), is_new ? "A2" : "A1");
        assert_string_equal(content_of("new/b"), is_new ? "B" : "-");
        assert_int_equal(directory_exists(path_of("new")), is_new);
        assert_int_equal(count_files("."), is_new ? 3 : 2); /* a, .carpel [, new] */
        assert_int_equal(notes.size > 0, last >= PUT);
    }
}

/* ---- states between two renames -------------------------------------------------------- */

static void append_identity(text *out, const char *name)
{
    struct stat st;
    assert_int_equal(stat(path_of(name), &st), 0);
    text_append_format(out, "%llu:%llu", (unsigned long long)st.st_dev,
                       (unsigned long long)st.st_ino);
}

/* The journal of a run that replaces "a", whose new file is `new_file` by now. */
static void write_journal(const char *new_file, const char *had_old, const char *end)
{
    text lines;
    text_init(&lines);
    (void)mkdir(path_of(".carpel"), 0777);
    put(".carpel/journal", "");
    text_append(&lines, "journal\t");
    append_identity(&lines, ".carpel/journal");
    text_append_format(&lines, "\naside\t%s\nput\t%s\t%s\t%s\t%s\t",
                       path_of(".carpel-1.new"), path_of("a"), path_of(".carpel-1.new"),
                       path_of(".carpel-1.old"), had_old);
    append_identity(&lines, new_file);
    text_append_format(&lines, "\n%s", end);
    FILE *file = fopen(path_of(".carpel/journal"), "a"); /* it stays the same file */
    assert_non_null(file);
    fputs(lines.data, file);
    fclose(file);
    text_done(&lines);
}

static void expect(const char *at_target)
{
    recover();
    assert_string_equal(content_of("a"), at_target);
    assert_string_equal(content_of(".carpel-1.new"), "-");
    assert_string_equal(content_of(".carpel-1.old"), "-");
    unlink(path_of("a"));
}

static void test_between_renames(void **state)
{
    (void)state;
    put("a", "old"), put(".carpel-1.new", "new"); /* nothing was renamed yet */
    write_journal(".carpel-1.new", "1", "ready\n");
    expect("old");

    put("a", "old"), put(".carpel-1.new", "new"); /* the old file has two names */
    assert_int_equal(link(path_of("a"), path_of(".carpel-1.old")), 0);
    write_journal(".carpel-1.new", "1", "ready\n");
    expect("old");

    put(".carpel-1.old", "old"),
        put(".carpel-1.new", "new"); /* it was renamed, and nothing stands there */
    write_journal(".carpel-1.new", "1", "ready\n");
    expect("old");

    put(".carpel-1.old", "old"), put("a", "new"); /* the new file stands there */
    write_journal("a", "1", "ready\n");
    expect("old");

    put("a", "new"); /* there was none before */
    write_journal("a", "0", "ready\n");
    expect("-");

    put(".carpel-1.old", "old"), put("a", "new"); /* all was in place */
    write_journal("a", "1", "ready\ndone\n");
    expect("new");
}

/* A last line without an end was not written yet. */
static void test_cut_lines(void **state)
{
    (void)state;
    put("a", "old"), put(".carpel-1.new", "new");
    write_journal(".carpel-1.new", "1", "read");
    expect("old");
    put(".carpel-1.old", "old"), put("a", "new");
    write_journal("a", "1", "ready\ndone");
    expect("old");
    (void)mkdir(path_of(".carpel"), 0777);
    put(".carpel/journal", "asi");
    recover();
    put(".carpel/journal",
        "put\tonly\tthree\tfields\nready\naside\n\n\t\t\t\t\t\t\t\t\n");
    recover();
}

/* What somebody else has put there since is not touched. */
static void test_others_files_stay(void **state)
{
    (void)state;
    put(".carpel-1.old", "old"), put("a", "new");
    write_journal("a", "1", "ready\n");
    assert_int_equal(rename(path_of("a"), path_of("b")),
                     0); /* so its number stays taken */
    put("a", "of somebody else");
    recover();
    assert_string_equal(content_of("a"), "of somebody else");
}

/* Tabs, line ends and percent signs in names. */
static void test_odd_names(void **state)
{
    static const char *const names[] = {".carpel-a\tb.new", ".carpel-a\nb.new",
                                        ".carpel-100%.new", ".carpel-%09.new",
                                        ".carpel-\xff\xfe.new"};
    carpel_error err;
    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++) {
        journal *j = open_journal();
        assert_true(journal_note(j, JOURNAL_ASIDE, path_of(names[i]), &err));
        put(names[i], "aside");
        journal_leave(j);
        recover();
        assert_false(file_exists(path_of(names[i])));
    }
}

/* Lines that no run has written: of a copied project, or made up. */
static void test_foreign_journals(void **state)
{
    text lines;
    (void)state;
    put("precious", "precious"), put("a", "mine");
    (void)mkdir(path_of(".carpel"), 0777);
    text_init(&lines);
    text_append_format(&lines, "journal\t1:1\naside\t%s\n", path_of("precious"));
    put(".carpel/journal", lines.data); /* the file is another */
    recover();
    assert_true(notes.size > 0);
    assert_string_equal(content_of("precious"), "precious");

    put(".carpel/journal", "");
    text_clear(&lines);
    text_append(&lines, "journal\t");
    append_identity(&lines, ".carpel/journal");
    text_append_format(&lines, "\naside\t%s\nput\t%s\t%s\t%s\t1\t1:1\nready\ndone\n",
                       path_of("precious"), path_of("a"), path_of("x"),
                       path_of("precious"));
    FILE *file = fopen(path_of(".carpel/journal"), "a");
    assert_non_null(file);
    fputs(lines.data, file);
    fclose(file);
    recover(); /* names that are not those of files aside */
    assert_string_equal(content_of("precious"), "precious");
    text_done(&lines);
}

/* A link in the place of the journal is neither followed nor written through. */
static void test_a_link_is_no_journal(void **state)
{
    carpel_error err;
    (void)state;
    (void)mkdir(path_of(".carpel"), 0777);
    assert_int_equal(symlink(path_of("elsewhere"), path_of(".carpel/journal")), 0);
    assert_false(journal_recover(folder, ".carpel/journal", NULL, &err));
    assert_null(journal_open(folder, ".carpel/journal", NULL, &err));
    assert_non_null(strstr(err.message, "is no regular file"));
    assert_false(file_exists(path_of("elsewhere")));
}

/* One at a time; what a living process writes is left to it. */
static void test_lock(void **state)
{
    carpel_error err;
    (void)state;
    journal *j = open_journal();
    put(".carpel-2.new", "");
    assert_true(journal_note(j, JOURNAL_ASIDE, path_of(".carpel-2.new"), &err));
    assert_true(journal_recover(folder, ".carpel/journal", NULL, &err));
    assert_true(file_exists(path_of(".carpel-2.new")));
    assert_true(journal_close(j, &err));
    assert_true(
        file_exists(path_of(".carpel-2.new"))); /* whoever closes has settled it */
    assert_false(directory_exists(path_of(".carpel")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_at_each_stage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_between_renames, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others_files_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_foreign_journals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_link_is_no_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lock, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
