/* SPDX-License-Identifier: MIT
 *
 * What tests of scripts share: a folder of the test's own, files in it, and calls in a row.
 */
#ifndef TESTS_SCRIPT_SUPPORT_H
#define TESTS_SCRIPT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "script/script.h"

static char script_directory[] = "/tmp/carpel-script-XXXXXX";

static inline int make_directory(void **state)
{
    (void)state;
    return mkdtemp(script_directory) ? 0 : -1;
}

static inline int remove_directory(void **state)
{
    (void)state;
    return rmdir(script_directory);
}

/* Write a file, load it into the set, and remove it. */
static inline bool load_script(script_set *s, const char *name, const char *lua, diags *d)
{
    carpel_error err;
    char *path = path_join(script_directory, name);
    assert_true(file_write_whole(path, lua, strlen(lua), &err));
    bool ok = script_set_load(s, path, (span){0}, E0311, d);
    unlink(path);
    memory_free(path);
    return ok;
}

/* The same of a file that is good. */
static inline void load_good(script_set *s, const char *name, const char *lua)
{
    diags *d = diags_new();
    if (!load_script(s, name, lua, d))
        fail_msg("%s: %s", lua, diags_get(d, 0)->message);
    diags_free(d);
}

/* ---- calls in a row ----------------------------------------------------------- */

enum { MOST_ROWS = 16 };

/* What came of each row: a result, or a message. */
typedef struct outcomes {
    script_value results[MOST_ROWS];
    char texts[MOST_ROWS][64];
    char messages[MOST_ROWS][256]; /* empty: the call was good */
    bool is_told[MOST_ROWS];
    size_t failures, most_failures; /* after so many there are no more calls; 0: go on */
} outcomes;

static inline bool note_result(void *data, size_t row, const script_value *result)
{
    outcomes *o = data;
    assert_true(row < MOST_ROWS && !o->is_told[row]);
    o->is_told[row] = true;
    o->results[row] = *result;
    if (result->kind == SCRIPT_TEXT) {
        assert_true(result->text.size < sizeof o->texts[row]);
        memcpy(o->texts[row], result->text.data, result->text.size);
        o->texts[row][result->text.size] = '\0';
    }
    return true;
}

static inline bool note_failure(void *data, size_t row, const char *message)
{
    outcomes *o = data;
    assert_true(row < MOST_ROWS && !o->is_told[row]);
    o->is_told[row] = true;
    snprintf(o->messages[row], sizeof o->messages[row], "%s", message);
    return ++o->failures != o->most_failures;
}

static inline void call_rows(script_state *s, const script_set *set, const char *function,
                             const script_column *columns, size_t column_count,
                             size_t row_count, outcomes *out)
{
    script_call_rows(s, &(script_rows){.function = script_set_find(set, "m", function),
                                       .columns = columns,
                                       .column_count = column_count,
                                       .row_count = row_count,
                                       .data = out,
                                       .give = note_result,
                                       .fail = note_failure});
}

#endif
