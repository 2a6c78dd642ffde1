/* SPDX-License-Identifier: MIT
 *
 * How long reading takes, from files to the histories in memory, with all checks:
 *
 *     load PROJECT THREADS ROUNDS
 *
 * prints the milliseconds of each round. The project is compiled before the clock runs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "loaded.h"

static bool load_once(const char *project, size_t threads)
{
    carpel_error err;
    diags *notes = diags_new();
    engine *e = engine_open(project, notes);
    const engine_load_options options = {.threads = threads};
    bool ok = e && engine_compile(e, notes);
    if (!ok)
        diags_print(notes, stderr, false);
    double begin = clock_monotonic_seconds();
    if (ok && !engine_load(e, &options, &err)) {
        ok = false;
        complain(err.message);
    }
    if (ok)
        printf("%.3f\n", (clock_monotonic_seconds() - begin) * 1000);
    engine_close(e);
    diags_free(notes);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return complain("usage: load PROJECT THREADS ROUNDS");
    size_t threads = (size_t)strtoul(argv[2], NULL, 10);
    for (unsigned long i = strtoul(argv[3], NULL, 10); i > 0; i--)
        if (!load_once(argv[1], threads))
            return 1;
    return 0;
}
