/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a pattern of Lua, a line end, and a text to search: the search ends soon,
 * because what could take long is refused before (src/script/pattern_cost.h). With libFuzzer
 * (-fsanitize=fuzzer) it looks for new inputs; else play.c plays files back.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "script/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The limit of a call is beyond all patience, so that only the bound on steps holds. */
enum { MEMORY = 64 << 20, PATIENT_SECONDS = 600, MOST_SECONDS = 8 };

static script_set *functions(void)
{
    static script_set *set;
    if (set != NULL)
        return set;
    set = script_set_new((script_limits){MEMORY, (int64_t)PATIENT_SECONDS * 1000000});
    diags *found = diags_new();
    if (!script_set_load(set, TEST_SOURCE_DIRECTORY "/tests/fuzz/fuzz_pattern.lua",
                         (span){0}, E0311, found))
        abort();
    diags_free(found);
    return set;
}

static int64_t processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *begin = (const char *)data;
    const char *line_end = size > 0 ? memchr(begin, '\n', size) : NULL;
    if (line_end == NULL)
        return 0;
    size_t pattern_size = (size_t)(line_end - begin);
    script_value arguments[2] = {
        {.kind = SCRIPT_TEXT, .text = {line_end + 1, size - pattern_size - 1}},
        {.kind = SCRIPT_TEXT, .text = {begin, pattern_size}}};
    script_state *state = script_state_new(functions(), NULL);
    for (size_t f = 0; f < script_set_function_count(functions()); f++) {
        script_value result;
        const char *message;
        int64_t before = processor_seconds();
        if (!script_call(state, f, arguments, 2, &result, &message) && message[0] == '\0')
            abort();
        if (processor_seconds() - before > MOST_SECONDS) {
            fprintf(stderr, "%s took too long\n",
                    script_set_function_name(functions(), f));
            abort();
        }
    }
    script_state_free(state);
    return 0;
}
