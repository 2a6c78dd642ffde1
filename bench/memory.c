/* SPDX-License-Identifier: MIT
 *
 * How much memory judging takes beyond the loaded data: a project is opened, its data are
 * read, everyone is judged, and the peak of resident memory is told, less what there was
 * before.
 *
 *     memory PROJECT AS_OF THREADS
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loaded.h"

/* A line of /proc/self/status, in MiB. */
static double status_mebibytes(const char *name)
{
    char line[256];
    double kibibytes = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            kibibytes = strtod(line + strlen(name) + 1, NULL);
    if (f)
        fclose(f);
    return kibibytes / 1024;
}

/* The peak is from now on. */
static bool forget_peak(void)
{
    malloc_trim(0);
    FILE *f = fopen("/proc/self/clear_refs", "w");
    return f && fputs("5", f) >= 0 && fclose(f) == 0;
}

static int judge_once(engine *e, int64_t as_of, size_t threads)
{
    carpel_error err;
    if (!forget_peak())
        return complain("the peak of memory cannot be set back");
    double before = status_mebibytes("VmRSS:");
    run_result *result = engine_run(e, as_of, threads, NULL, &err);
    if (result == NULL)
        return complain(err.message);
    printf("%zu people, %.1f MiB before, %.1f MiB more at most\n", result->people.count,
           before, status_mebibytes("VmHWM:") - before);
    run_result_free(result);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return complain("usage: memory PROJECT AS_OF THREADS");
    loaded l;
    size_t threads = (size_t)atoi(argv[3]);
    int code = loaded_open(&l, argv[1], argv[2]) ? 0 : 1;
    for (int i = 0; code == 0 && i < 2; i++) /* the first also makes what stays */
        code = judge_once(l.engine, l.as_of, threads);
    loaded_close(&l);
    return code;
}
