/* SPDX-License-Identifier: MIT
 *
 * table and terminal: columns that line up in every width, and what the
 * environment says about a stream.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "report/table.h"
#include "report/terminal.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define BLOCK    "\xE2\x96\x88"
#define HALF     "\xE2\x96\x8C"
#define EIGHTH   "\xE2\x96\x8F"
#define ELLIPSIS "\xE2\x80\xA6"
#define LINE     "\xE2\x94\x80"

static table *segments(void)
{
    table *t = table_new();
    table_column(t, "segment", TABLE_LEFT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "", TABLE_BAR);
    table_cell(t, "everyone");
    table_cell(t, "23,570");
    table_bar(t, 1);
    table_cell(t, "  lapsed since spring");
    table_cell_format(t, "%d", 7);
    table_bar(t, 0.0001);
    table_rule(t);
    table_cell(t, "half");
    table_cell(t, "11,785");
    table_bar(t, 0.5);
    table_cell(t, "none");
    return t;
}

static void prints_in_a_width(void **state)
{
    (void)state;
    static const struct {
        size_t width;
        bool use_utf8;
        const char *printed;
    } cases[] = {
        {42, true,
         "segment                people\n"
         "everyone               23,570  " BLOCK BLOCK BLOCK BLOCK BLOCK BLOCK BLOCK BLOCK
             BLOCK BLOCK BLOCK "\n"
         "  lapsed since spring       7  " EIGHTH
         "\n" LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE
             LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE
                 LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE "\n"
         "half                   11,785  " BLOCK BLOCK BLOCK BLOCK BLOCK HALF "\n"
         "none\n"},
        {41, false,
         "segment                people\n"
         "everyone               23,570  ##########\n"
         "  lapsed since spring       7  #\n"
         "-----------------------------------------\n"
         "half                   11,785  #####\n"
         "none\n"},
        {30, true, /* no room for bars */
         "segment                people\n"
         "everyone               23,570\n"
         "  lapsed since spring       7\n" LINE LINE LINE LINE LINE LINE LINE LINE LINE
             LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE
                 LINE LINE LINE LINE LINE "\n"
         "half                   11,785\n"
         "none\n"},
        {20, true,
         "segment       people\n"
         "everyone      23,570\n"
         "  lapsed si" ELLIPSIS "       7\n" LINE LINE LINE LINE LINE LINE LINE LINE LINE
             LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE "\n"
         "half          11,785\n"
         "none\n"},
        {1, false, /* narrower than it can be */
         "segment   people\n"
         "everyone  23,570\n"
         "  lap...       7\n"
         "----------------\n"
         "half      11,785\n"
         "none\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        table *t = segments();
        text out;
        text_init(&out);
        table_append(t, &out, cases[i].width, cases[i].use_utf8);
        assert_string_equal(out.data, cases[i].printed);
        text_done(&out);
        table_free(t);
    }
}

/* In any width: no line is wider, none ends in a blank. */
static void keeps_within(void **state)
{
    (void)state;
    table *t = segments();
    for (size_t width = 16; width < 120; width++) {
        for (int use_utf8 = 0; use_utf8 < 2; use_utf8++) {
            text out;
            text_init(&out);
            table_append(t, &out, width, use_utf8);
            for (char *line = strtok(out.data, "\n"); line != NULL;
                 line = strtok(NULL, "\n")) {
                size_t size = strlen(line);
                assert_true(utf8_width(line, size) <= width);
                assert_true(size == 0 || line[size - 1] != ' ');
            }
            text_done(&out);
        }
    }
    table_free(t);
}

static void odd_tables(void **state)
{
    (void)state;
    text out;
    text_init(&out);
    table *t = table_new();
    table_append(t, &out, 80, true); /* no columns */
    assert_string_equal(out.data, "");
    table_column(t, "", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    table_append(t, &out, 80, true); /* no rows, no headings */
    assert_string_equal(out.data, "");
    table_cell(t, "\xE6\x97\xA5\xE6\x9C\xAC");
    table_cell(t, "x");
    table_cell(t, "e\xCC\x81");
    table_cell(t, "y\x1B[0m\tz\xFF");
    table_append(t, &out, 80, true);
    assert_string_equal(out.data,
                        "\xE6\x97\xA5\xE6\x9C\xAC  x\n"
                        "e\xCC\x81     y\xEF\xBF\xBD[0m\xEF\xBF\xBDz\xEF\xBF\xBD\n");
    table_free(t);
    table_free(NULL);

    /* A wide sign that does not fit before the ellipsis leaves a blank. */
    text_clear(&out);
    t = table_new();
    table_column(t, "", TABLE_LEFT);
    table_column(t, "", TABLE_RIGHT);
    table_cell(t, "abcdef\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5");
    table_cell(t, "1");
    table_append(t, &out, 11, true);
    assert_string_equal(out.data, "abcdef" ELLIPSIS "   1\n");
    table_free(t);
    text_done(&out);
}

static void bars_of_odd_shares(void **state)
{
    (void)state;
    static const struct {
        double share;
        size_t signs;
    } cases[] = {{-1, 0}, {0, 0},  {1e-9, 1},      {0.26, 10},
                 {1, 40}, {7, 40}, {INFINITY, 40}, {NAN, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        text out;
        text_init(&out);
        table *t = table_new();
        table_column(t, "", TABLE_BAR);
        table_bar(t, cases[i].share);
        table_append(t, &out, 200, false);
        assert_int_equal(out.size, cases[i].signs + 1);
        table_free(t);
        text_done(&out);
    }
}

static void counts_with_commas(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *written;
    } cases[] = {
        {0, "0"},
        {999, "999"},
        {1000, "1,000"},
        {23570, "23,570"},
        {123456, "123,456"},
        {1000000, "1,000,000"},
        {UINT64_MAX, "18,446,744,073,709,551,615"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char buffer[28];
        assert_string_equal(format_count(cases[i].value, buffer), cases[i].written);
    }
}

static void set(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

static void encoding_of_the_locale(void **state)
{
    (void)state;
    static const struct {
        const char *lc_all, *lc_ctype, *lang;
        bool has_utf8;
    } cases[] = {
        {NULL, NULL, NULL, false},         {NULL, NULL, "de_DE.UTF-8", true},
        {NULL, NULL, "C.utf8", true},      {NULL, NULL, "C", false},
        {"C", NULL, "de_DE.UTF-8", false}, {"", "", "de_DE.UTF-8", true},
        {NULL, "C", "de_DE.UTF-8", false}, {NULL, "en_GB.UTF-8", "C", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        set("LC_ALL", cases[i].lc_all);
        set("LC_CTYPE", cases[i].lc_ctype);
        set("LANG", cases[i].lang);
        assert_int_equal(terminal_has_utf8(), cases[i].has_utf8);
    }
}

static void a_file_is_no_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *columns;
        size_t width;
    } cases[] = {{NULL, 80},   {"", 80},         {"abc", 80},
                 {"100", 100}, {"7", 40},        {"0", 40},
                 {"-100", 80}, {"9999999", 400}, {"99999999999999999999999", 400}};
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_false(terminal_is_interactive(file));
    assert_false(terminal_has_colour(file));
    for (size_t i = 0; i < COUNT(cases); i++) {
        set("COLUMNS", cases[i].columns);
        assert_int_equal(terminal_width(file), cases[i].width);
        assert_true(terminal_line_width(file) == SIZE_MAX);
    }
    fclose(file);
}

/* The terminal end of a pseudo terminal, or NULL where there are none. */
static FILE *open_terminal(int *master)
{
    *master = posix_openpt(O_RDWR | O_NOCTTY);
    if (*master < 0 || grantpt(*master) != 0 || unlockpt(*master) != 0)
        return NULL;
    int fd = open(ptsname(*master), O_RDWR | O_NOCTTY);
    return fd < 0 ? NULL : fdopen(fd, "w");
}

static void a_terminal_may_have_colours(void **state)
{
    (void)state;
    static const struct {
        const char *term, *no_color;
        bool is_interactive, has_colour;
    } cases[] = {
        {"xterm", NULL, true, true},
        {"xterm", "", true, true},
        {"xterm", "1", true, false},
        {"dumb", NULL, false, false},
    };
    int master;
    FILE *terminal = open_terminal(&master);
    if (terminal == NULL)
        skip();
    for (size_t i = 0; i < COUNT(cases); i++) {
        set("TERM", cases[i].term);
        set("NO_COLOR", cases[i].no_color);
        assert_int_equal(terminal_is_interactive(terminal), cases[i].is_interactive);
        assert_int_equal(terminal_has_colour(terminal), cases[i].has_colour);
    }
    struct winsize size = {.ws_row = 24, .ws_col = 132};
    assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
    assert_int_equal(terminal_width(terminal), 132);
    assert_int_equal(terminal_line_width(terminal), 132);
    fclose(terminal);
    close(master);
}

static void wraps_lines(void **state)
{
    (void)state;
    static const struct {
        size_t width;
        const char *line, *printed;
    } cases[] = {
        {20, "", ""},
        {20, "as wide as the page.", "as wide as the page."},
        {20, "wider than the pages.", "wider than the\n  pages."},
        {20, "yes    did purchase and more", "yes    did purchase\n       and more"},
        {20, "  2026-03-10  purchase (a = 1)",
         "  2026-03-10\n          purchase\n          (a = 1)"},
        {10, "    abcdefghijkl", "    abcdef\n     ghijk\n     l"},
        {10, "abcdefghijklmnopqrst", "abcdefghij\n  klmnopqr\n  st"},
        {6, "\u00e4\u00e4\u00e4 \u00e4\u00e4\u00e4\u00e4",
         "\u00e4\u00e4\u00e4\n  \u00e4\u00e4\u00e4\u00e4"},
        {10, "ends in blanks    ", "ends in\n  blanks"},
        {SIZE_MAX, "never broken in a pipe", "never broken in a pipe"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        text out;
        text_init(&out);
        terminal_append_wrapped(&out, cases[i].line, cases[i].width);
        assert_string_equal(out.data ? out.data : "", cases[i].printed);
        text_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_in_a_width),
        cmocka_unit_test(keeps_within),
        cmocka_unit_test(odd_tables),
        cmocka_unit_test(bars_of_odd_shares),
        cmocka_unit_test(counts_with_commas),
        cmocka_unit_test(encoding_of_the_locale),
        cmocka_unit_test(a_file_is_no_terminal),
        cmocka_unit_test(a_terminal_may_have_colours),
        cmocka_unit_test(wraps_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
