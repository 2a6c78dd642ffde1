/* SPDX-License-Identifier: MIT
 *
 * How fast this machine reads memory, on as many threads as are asked for: gigabytes (10^9
 * bytes) a second, the best of some passes over data that fit in no cache.
 *
 *     bandwidth THREADS
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORDS_A_THREAD = 32 * 1024 * 1024, PASSES = 7, MOST_THREADS = 256, LANES = 16 };

/* What a thread reads. The sum keeps the compiler from leaving the reading out. */
typedef struct reader {
    pthread_t thread;
    uint64_t *words, sum;
} reader;

static void *read_all(void *context)
{
    reader *r = context;
    uint64_t lanes[LANES] = {0};
    for (size_t i = 0; i < WORDS_A_THREAD; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++)
            lanes[lane] += r->words[i + lane];
    }
    for (size_t lane = 0; lane < LANES; lane++)
        r->sum += lanes[lane];
    return NULL;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The seconds of one pass over everybody's words. */
static double pass(reader *readers, size_t count)
{
    double begin = seconds();
    for (size_t i = 0; i < count; i++) {
        if (pthread_create(&readers[i].thread, NULL, read_all, &readers[i]) != 0)
            exit(1);
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(readers[i].thread, NULL);
    return seconds() - begin;
}

int main(int argc, char **argv)
{
    size_t count = argc == 2 ? (size_t)atoi(argv[1]) : 0;
    static reader readers[MOST_THREADS];
    if (count == 0 || count > MOST_THREADS) {
        fprintf(stderr, "usage: bandwidth THREADS\n");
        return 64;
    }
    for (size_t i = 0; i < count; i++) {
        readers[i].words = malloc(WORDS_A_THREAD * sizeof(uint64_t));
        if (readers[i].words == NULL)
            return 71;
        memset(readers[i].words, 1, WORDS_A_THREAD * sizeof(uint64_t));
    }
    double best = 1e9;
    for (int i = 0; i < PASSES; i++) {
        double took = pass(readers, count);
        if (took < best)
            best = took;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += readers[i].sum;
    if (sum == 0)
        return 1;
    printf("%.2f\n", (double)(count * WORDS_A_THREAD * sizeof(uint64_t)) / best / 1e9);
    return 0;
}
