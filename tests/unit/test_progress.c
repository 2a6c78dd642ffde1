/* SPDX-License-Identifier: MIT
 *
 * progress: the line at every point of a stage, and silence where there is no
 * terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "report/progress.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void lines(void **state)
{
    (void)state;
    static const struct {
        const char *title, *unit;
        uint64_t done, total;
        double seconds;
        size_t width;
        const char *line;
    } cases[] = {
        {"reading", "bytes", 120000000, 240000000, 2, 79,
         "reading  [###############...............]   50%  120 MB  60 MB/s  2 s left"},
        {"reading", "bytes", 0, 240000000, 0, 79,
         "reading  [..............................]    0%  0 bytes"},
        {"judging", "people", 23570, 23570, 4, 79,
         "judging  [##############################]  100%  23,570 people  5,893 "
         "people/s"},
        /* without room: first the bar goes, then the rate, then the remaining time */
        {"judging", "people", 1000, 2000000, 1, 62,
         "judging    0%  1,000 people  1,000 people/s  33 min 19 s left"},
        {"judging", "people", 1000, 2000000, 1, 60,
         "judging  [...........]    0%  1,000 people  33 min 19 s left"},
        {"judging", "people", 1000, 2000000, 1, 46,
         "judging    0%  1,000 people  33 min 19 s left"},
        {"judging", "people", 1000, 2000000, 1, 44,
         "judging  [.............]    0%  1,000 people"},
        {"judging", "people", 99, 100, 1, 20, "judging   99%  99 pe"},
        {"reading", "bytes", 1234, 0, 1, 79, "reading  1.2 kB  1.2 kB/s"},
        {"reading", "bytes", 5000000, 4000000, 1, 60,
         "reading  [#########################]  100%  5.0 MB  5.0 MB/s"},
        {"reading", "bytes", 1, UINT64_MAX, 1e6, 200, NULL},
        {"reading", "rows", UINT64_MAX, 0, 1e-9, 200, NULL},
        {"reading", "bytes", 1000000, 8000000000, 1, 100,
         "reading  [..............................]    0%  1.0 MB  1.0 MB/s  2 h 13 min "
         "left"},
        {"a\x1B[2J", "rows", 1, 0, 0, 79, "a\xEF\xBF\xBD[2J  1 rows"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        text out;
        text_init(&out);
        progress_append_line(cases[i].title, cases[i].unit, cases[i].done, cases[i].total,
                             cases[i].seconds, cases[i].width, &out);
        if (cases[i].line != NULL)
            assert_string_equal(out.data, cases[i].line);
        assert_true(utf8_width(out.data, out.size) <= cases[i].width);
        text_done(&out);
    }
}

static void any_width_holds(void **state)
{
    (void)state;
    for (size_t width = 0; width < 100; width++) {
        text out;
        text_init(&out);
        progress_append_line("\xE6\x97\xA5 reading", "bytes", 77, 1000, 3, width, &out);
        assert_true(utf8_width(out.data, out.size) <= width);
        text_done(&out);
    }
}

static void sizes_in_words(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *words;
    } cases[] = {
        {0, "x  0 bytes"},     {999, "x  999 bytes"},     {1000, "x  1.0 kB"},
        {9949, "x  9.9 kB"},   {9950, "x  10 kB"},        {999499, "x  999 kB"},
        {999500, "x  1.0 MB"}, {1500000000, "x  1.5 GB"}, {UINT64_MAX, "x  18447 PB"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        text out;
        text_init(&out);
        progress_append_line("x", "bytes", cases[i].bytes, 0, 0, 79, &out);
        assert_string_equal(out.data, cases[i].words);
        text_done(&out);
    }
}

static void silent_without_a_terminal(void **state)
{
    (void)state;
    for (int is_wanted = 0; is_wanted < 2; is_wanted++) {
        FILE *file = tmpfile();
        assert_non_null(file);
        progress *p = progress_new(file, is_wanted);
        progress_update(p, 1); /* before any stage */
        progress_stage(p, "reading", "bytes", 100);
        for (uint64_t done = 0; done <= 100; done++)
            progress_update(p, done);
        progress_hide(p);
        progress_free(p);
        assert_int_equal(fseek(file, 0, SEEK_END), 0);
        assert_int_equal(ftell(file), 0);
        fclose(file);
    }
    progress_stage(NULL, "x", "bytes", 1);
    progress_update(NULL, 1);
    progress_hide(NULL);
    progress_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(any_width_holds),
        cmocka_unit_test(sizes_in_words),
        cmocka_unit_test(silent_without_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
