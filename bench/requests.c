/* SPDX-License-Identifier: MIT
 *
 * See requests.h.
 */
#include "requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

static double now_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool tell_peak(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%ld\n", usage.ru_maxrss / 1024);
    return true;
}

static void answer(request_handler *handle, void *context, const char *word,
                   const char *about)
{
    const char *message = "";
    double begin = now_milliseconds();
    bool is_done =
        strcmp(word, "peak") == 0 ? tell_peak() : handle(context, word, about, &message);
    double took = now_milliseconds() - begin;
    if (is_done)
        printf("done %.3f\n", took);
    else
        printf("failed %s\n", message);
    fflush(stdout);
}

void requests_answer(request_handler *handle, void *context)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        size_t word = strcspn(line, " ");
        const char *about = line[word] == ' ' ? line + word + 1 : line + word;
        line[word] = '\0';
        answer(handle, context, line, about);
    }
    free(line);
}
