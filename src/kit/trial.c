/* SPDX-License-Identifier: MIT
 *
 * What all checks do alike.
 */
#include "kit/trial.h"

#include <malloc.h>
#include <pthread.h>
#include <string.h>

#include "base/directory.h"
#include "base/memory.h"

enum { FIRST_CYCLES = 2, GROWTH_CYCLES = 4, FIRST_COUNTS = 8 };

/* Of blocks up to so many bytes glibc keeps seven of a size for each thread. */
enum { KEPT_BYTES = 1032, KEPT_BLOCKS = 8 };

void kit_step(kit_trial *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(t->step, KIT_STEP_SIZE, format, arguments);
    va_end(arguments);
}

bool kit_fail(kit_trial *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(t->said, format, arguments);
    va_end(arguments);
    text_append_char(t->said, '\n');
    return false;
}

void kit_skip(kit_trial *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(t->said, format, arguments);
    va_end(arguments);
    t->is_skipped = true;
}

bool kit_has_failed(const kit_trial *t)
{
    return t->said->size > 0;
}

bool kit_check_message(kit_trial *t, const char *where, const carpel_error *err)
{
    size_t size = strlen(err->message);
    if (strpbrk(err->message, "\n\r"))
        return kit_fail(t, "%s: a message is one line: \"%s\"", where, err->message);
    if (err->message[size - 1] == '.' &&
        !slice_ends_with(slice_of(err->message), slice_of("...")))
        return kit_fail(t, "%s: a message ends without a full stop: \"%s\"", where,
                        err->message);
    return true;
}

static size_t count_of(const char *directory)
{
    path_list names = {0};
    size_t count = directory_list(directory, &names) ? names.count : 0;
    path_list_done(&names);
    return count;
}

/* What a sanitizer allocates is not the C library's, which then counts nothing. */
static size_t allocated_bytes(void)
{
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    struct mallinfo2 all = mallinfo2();
    return all.uordblks + all.hblkhd;
#else
    return 0;
#endif
}

/* Memory, files and threads of the process. */
typedef struct belongings {
    size_t bytes; /* 0: not known here */
    size_t files, threads;
} belongings;

static belongings count_belongings(void)
{
    size_t bytes = allocated_bytes();
    return (belongings){bytes, count_of("/proc/self/fd"), count_of("/proc/self/task")};
}

/* By how much something grew in each of the cycles at least; 0: there is one without. */
static size_t least_growth(const size_t counts[GROWTH_CYCLES + 1])
{
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < GROWTH_CYCLES; i++) {
        size_t growth = counts[i + 1] > counts[i] ? counts[i + 1] - counts[i] : 0;
        least = growth < least ? growth : least;
    }
    return least;
}

typedef struct cycle {
    kit_trial *trial;
    bool (*once)(kit_trial *t);
    bool is_good;
} cycle;

static void *run_cycle(void *context)
{
    cycle *c = context;
    c->is_good = c->once(c->trial);
    return NULL;
}

/* In a thread of its own: the C library keeps blocks that a thread freed at hand for it, and counts
 * them as used until the thread ends. */
static bool run_alone(kit_trial *t, bool (*once)(kit_trial *t))
{
    pthread_t thread;
    cycle c = {t, once, false};
    if (pthread_create(&thread, NULL, run_cycle, &c) != 0)
        return kit_fail(t, "no thread can be made to try it");
    pthread_join(thread, NULL);
    return c.is_good;
}

static void keep_to_one_arena(void)
{
#if defined(__GLIBC__)
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* The thread that counts keeps blocks at hand, too: some of a size, of those that grew while the
 * folders were read, and of what belonged to threads that it joined. It gets all that it keeps. */
static void count_at_first(void)
{
    void *blocks[KEPT_BLOCKS];
    for (size_t size = 8; size <= KEPT_BYTES; size += 8) {
        for (size_t i = 0; i < KEPT_BLOCKS; i++)
            blocks[i] = memory_alloc(size);
        for (size_t i = 0; i < KEPT_BLOCKS; i++)
            memory_free(blocks[i]);
    }
    for (size_t i = 0; i < FIRST_COUNTS; i++)
        count_belongings();
}

void kit_check_growth(kit_trial *t, bool (*once)(kit_trial *t))
{
    size_t bytes[GROWTH_CYCLES + 1], files[GROWTH_CYCLES + 1], threads[GROWTH_CYCLES + 1];
    keep_to_one_arena();
    count_at_first();
    for (size_t i = 0; i < FIRST_CYCLES; i++) /* what is made once and kept */
        if (!run_alone(t, once))
            return;
    for (size_t i = 0; i <= GROWTH_CYCLES; i++) {
        belongings has = count_belongings();
        bytes[i] = has.bytes;
        files[i] = has.files;
        threads[i] = has.threads;
        if (i < GROWTH_CYCLES && !run_alone(t, once))
            return;
    }
    if (least_growth(bytes) > 0)
        kit_fail(t, "each time it keeps %zu bytes of memory", least_growth(bytes));
    if (least_growth(files) > 0)
        kit_fail(t, "each time it leaves %zu files open", least_growth(files));
    if (least_growth(threads) > 0)
        kit_fail(t, "each time it leaves %zu threads running", least_growth(threads));
}

uint64_t kit_draw(uint64_t *state, uint64_t below)
{
    uint64_t x = (*state += UINT64_C(0x9E3779B97F4A7C15));
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (x ^ (x >> 31)) % below;
}
