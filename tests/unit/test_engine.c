/* SPDX-License-Identifier: MIT
 *
 * The instant that a user types for --as-of: a day is its first local instant, a time
 * without a zone is local, and one with a zone is what it says, at midnight too.
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

#include "base/file.h"
#include "engine/engine.h"
#include "value/value.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char project_text[] = "name: test\n"
                                   "time_zone: Europe/Berlin\n"
                                   "events:\n"
                                   "  visit: {}\n";

static void assert_read(const engine *e, const char *typed, const char *expected)
{
    int64_t instant = 0;
    carpel_error err;
    text shown;
    text_init(&shown);
    if (engine_read_time(e, typed, &instant, &err))
        value_append_time(instant, NULL, &shown);
    else
        text_append(&shown, "refused");
    assert_string_equal(shown.data, expected);
    text_done(&shown);
}

static void test_read_time(void **state)
{
    static const struct {
        const char *typed, *expected;
    } cases[] = {
        {"2026-03-01", "2026-02-28T23:00:00Z"},
        {"2026-03-29", "2026-03-28T23:00:00Z"},
        {"2026-03-01T10:00", "2026-03-01T09:00:00Z"},
        {"2026-03-01T00:00", "2026-02-28T23:00:00Z"},
        {"2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"},
        {"2026-03-01T00:00:00+02:00", "2026-02-28T22:00:00Z"},
        {"2026-03-01T10:00:00.000001Z", "2026-03-01T10:00:00.000001Z"},
        {"2026-02-29", "refused"},
        {"yesterday", "refused"},
    };
    const engine *e = *state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_read(e, cases[i].typed, cases[i].expected);
}

/* ---- a project in a folder of its own ----------------------------------------------- */

static char directory[] = "/tmp/carpel-test-XXXXXX";

static int set_up(void **state)
{
    carpel_error err;
    char path[64];
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/carpel.yaml", directory);
    if (!file_write_whole(path, project_text, strlen(project_text), &err))
        return -1;
    diags *problems = diags_new();
    *state = engine_open(directory, problems);
    diags_free(problems);
    return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    char path[64];
    engine_close(*state);
    snprintf(path, sizeof path, "%s/carpel.yaml", directory);
    unlink(path);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_read_time)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
