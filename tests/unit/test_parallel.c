/* SPDX-License-Identifier: MIT
 *
 * parallel: each piece once, whatever the number of threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdbool.h>

#include "base/memory.h"
#include "base/parallel.h"

typedef struct tally {
    atomic_uint *visits; /* by piece */
    size_t worker_limit;
    atomic_uint wrong_worker_count;
} tally;

static void visit(void *context, size_t piece, size_t worker)
{
    tally *t = context;
    atomic_fetch_add(&t->visits[piece], 1);
    if (worker >= t->worker_limit)
        atomic_fetch_add(&t->wrong_worker_count, 1);
}

static void every_piece_once(void **state)
{
    (void)state;
    static const struct {
        size_t threads, pieces;
    } cases[] = {{0, 3},    {1, 0}, {1, 1},    {1, 100}, {2, 1},
                 {2, 1000}, {8, 3}, {8, 5000}, {16, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t threads = cases[i].threads, pieces = cases[i].pieces;
        tally t = {memory_alloc_zero_array(pieces, sizeof(atomic_uint)),
                   threads == 0 ? 1 : threads, 0};
        parallel_run(threads, pieces, visit, &t);
        for (size_t piece = 0; piece < pieces; piece++)
            assert_int_equal(atomic_load(&t.visits[piece]), 1);
        assert_int_equal(atomic_load(&t.wrong_worker_count), 0);
        memory_free(t.visits);
    }
}

/* No two pieces run at once under the same worker number. */
typedef struct scratch {
    atomic_bool is_taken[4];
    atomic_uint clashes;
} scratch;

static void take_scratch(void *context, size_t piece, size_t worker)
{
    scratch *s = context;
    (void)piece;
    if (atomic_exchange(&s->is_taken[worker], true))
        atomic_fetch_add(&s->clashes, 1);
    atomic_store(&s->is_taken[worker], false);
}

static void workers_are_alone(void **state)
{
    (void)state;
    scratch s = {0};
    parallel_run(4, 20000, take_scratch, &s);
    assert_int_equal(atomic_load(&s.clashes), 0);
}

static void there_is_a_processor(void **state)
{
    (void)state;
    assert_true(parallel_processor_count() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_once),
        cmocka_unit_test(workers_are_alone),
        cmocka_unit_test(there_is_a_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
