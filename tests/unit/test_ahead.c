/* SPDX-License-Identifier: MIT
 *
 * ahead: what threads did is taken in its order, each once, never more of it ahead than there is room for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>

#include "base/ahead.h"

enum { ROOM = 3, MOST = 500 };

/* Items 0 .. count-1; the one that fails is `wrong`. */
typedef struct numbers {
    ahead threads;
    size_t count, wrong;
    size_t claimed, taken;
    bool is_done[MOST];
    size_t results[MOST]; /* of item i; written without the lock */
    size_t sum;           /* of what was taken */
} numbers;

static bool is_over(const void *context)
{
    const numbers *n = context;
    return n->taken == n->count;
}

static bool claim(void *context, size_t *item)
{
    numbers *n = context;
    if (n->claimed == n->count || n->claimed == n->taken + ROOM)
        return false;
    *item = n->claimed++;
    return true;
}

/* Some take longer than those behind them. */
static void work(void *context, size_t item)
{
    numbers *n = context;
    for (size_t i = 0; i < 20 * (item % 3); i++)
        sched_yield();
    n->results[item] = item + 1;
}

static void note_done(void *context, size_t item)
{
    numbers *n = context;
    n->is_done[item] = true;
}

static bool is_ready(const void *context)
{
    const numbers *n = context;
    return n->is_done[n->taken];
}

static bool take(void *context, carpel_error *err)
{
    numbers *n = context;
    if (n->taken == n->wrong)
        return carpel_fail(err, CARPEL_E_INPUT, "item %zu", n->taken);
    n->sum = n->sum * 31 + n->results[n->taken];
    ahead_lock(&n->threads);
    n->taken++;
    ahead_unlock(&n->threads);
    return true;
}

static const ahead_kind numbering = {is_over, claim, work, note_done, is_ready, take};

static bool run(numbers *n, size_t count, size_t wrong, size_t threads, carpel_error *err)
{
    *n = (numbers){.count = count, .wrong = wrong};
    ahead_init(&n->threads, &numbering, n);
    bool ok = ahead_run(&n->threads, threads, err);
    ahead_done(&n->threads);
    return ok;
}

static const size_t thread_counts[] = {0, 1, 2, 3, 8};

static void test_all_are_taken_in_order(void **state)
{
    static const size_t counts[] = {0, 1, ROOM, MOST};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        size_t expected = 0;
        for (size_t item = 0; item < counts[i]; item++)
            expected = expected * 31 + item + 1;
        for (size_t t = 0; t < sizeof thread_counts / sizeof *thread_counts; t++) {
            static numbers n;
            carpel_error err;
            assert_true(run(&n, counts[i], SIZE_MAX, thread_counts[t], &err));
            assert_int_equal(n.taken, counts[i]);
            assert_int_equal(n.sum, expected);
        }
    }
}

/* Nothing is begun behind one that cannot be taken, but for what was ahead. */
static void test_one_fails(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof thread_counts / sizeof *thread_counts; t++) {
        static numbers n;
        carpel_error err;
        assert_false(run(&n, MOST, 40, thread_counts[t], &err));
        assert_string_equal(err.message, "item 40");
        assert_int_equal(n.taken, 40);
        assert_in_range(n.claimed, 41, 40 + ROOM);
        for (size_t i = 0; i < n.claimed; i++)
            assert_true(n.is_done[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_taken_in_order),
        cmocka_unit_test(test_one_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
