/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a plugin: FLAW in the environment says it.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_flaw(const char *flaw)
{
    const char *wanted = getenv("FLAW");
    return wanted && strcmp(wanted, flaw) == 0;
}

/* FLAW="later open 2": the function "open" fails two times, and may be tried again. */
static bool is_later(const char *function)
{
    static atomic_int failed;
    char where[20];
    int times;
    const char *flaw = getenv("FLAW");
    return flaw && sscanf(flaw, "later %19s %d", where, &times) == 2 &&
           strcmp(where, function) == 0 && failed++ < times;
}
