/* SPDX-License-Identifier: MIT
 *
 * How long judging alone takes: a project is opened and its data are read once, then
 * everyone is judged again and again, and each round's milliseconds are a line.
 *
 *     evaluate PROJECT AS_OF THREADS ROUNDS
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "engine/engine.h"

static int complain(const char *message)
{
    fprintf(stderr, "evaluate: %s\n", message);
    return 1;
}

static int judge_rounds(engine *e, int64_t as_of, size_t threads, int rounds)
{
    carpel_error err;
    for (int i = 0; i < rounds; i++) {
        double begin = clock_monotonic_seconds();
        run_result *result = engine_run(e, as_of, threads, NULL, &err);
        if (result == NULL)
            return complain(err.message);
        printf("%.3f\n", (clock_monotonic_seconds() - begin) * 1000);
        run_result_free(result);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return complain("usage: evaluate PROJECT AS_OF THREADS ROUNDS");
    carpel_error err;
    int64_t as_of;
    diags *d = diags_new();
    engine *e = engine_open(argv[1], d);
    if (e == NULL || !engine_compile(e, d)) {
        diags_print(d, stderr, false);
        return 1;
    }
    engine_load_options options = {0};
    if (!engine_read_time(e, argv[2], &as_of, &err) || !engine_load(e, &options, &err))
        return complain(err.message);
    int code = judge_rounds(e, as_of, (size_t)atoi(argv[3]), atoi(argv[4]));
    engine_close(e);
    diags_free(d);
    return code;
}
