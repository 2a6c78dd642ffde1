/* SPDX-License-Identifier: MIT
 *
 * duct: bytes of all sizes arrive as they were put, through memory and through sockets; ends that are
 * gone; a writer that writes what no writer does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/duct.h"
#include "base/memory.h"
#include "base/ring.h"

enum { MESSAGES = 3000 };

/* ---- one end in a thread ------------------------------------------------------------ */

/* Sizes around a few bytes, and now and then more than a ring has. */
static size_t size_of(size_t message)
{
    uint64_t drawn = (message + 1) * UINT64_C(0x9e3779b97f4a7c15);
    size_t size = (size_t)(drawn >> 40) % 5000;
    return message % 500 == 499 ? RING_BYTES * 2 + size : size;
}

static unsigned char byte_of(size_t message, size_t at)
{
    return (unsigned char)(message * 31 + at * 7 + at / 251);
}

typedef struct put_work {
    int end;
    duct_ring *ring;
    void (*wait)(void *context); /* or NULL */
} put_work;

static void *put_all(void *context)
{
    const put_work *work = context;
    duct_writer *w = duct_writer_new(work->end, work->ring, work->wait, NULL);
    unsigned char *bytes = memory_alloc(RING_BYTES * 3);
    for (size_t i = 0; i < MESSAGES; i++) {
        size_t size = size_of(i);
        for (size_t at = 0; at < size; at++)
            bytes[at] = byte_of(i, at);
        duct_put(w, &size, sizeof size);
        duct_put(w, bytes, size);
        if (i % 10 == 9)
            duct_flush(w);
    }
    duct_flush(w);
    duct_writer_free(w);
    memory_free(bytes);
    return NULL;
}

static void nothing_to_do(void *context)
{
    (void)context;
}

static void get_all(duct_reader *r)
{
    unsigned char *bytes = memory_alloc(RING_BYTES * 3), one;
    for (size_t i = 0; i < MESSAGES; i++) {
        size_t size, wrong = 0;
        assert_true(duct_get(r, &size, sizeof size));
        assert_int_equal(size, size_of(i));
        assert_true(duct_get(r, bytes, size));
        for (size_t at = 0; at < size; at++)
            wrong += bytes[at] != byte_of(i, at);
        assert_int_equal(wrong, 0);
    }
    assert_false(duct_get(r, &one, 1)); /* nothing is left */
    memory_free(bytes);
}

static void go(duct_ring *ring, void (*wait)(void *context))
{
    int ends[2];
    pthread_t thread;
    assert_true(duct_open(ends));
    put_work work = {ends[1], ring, wait};
    duct_reader *r = duct_reader_new(ends[0], ring, nothing_to_do, NULL);
    assert_int_equal(pthread_create(&thread, NULL, put_all, &work), 0);
    get_all(r);
    pthread_join(thread, NULL);
    duct_reader_free(r);
}

/* ---- tests -------------------------------------------------------------------------- */

static duct_ring *new_ring(void)
{
    void *memory = mmap(NULL, duct_ring_size(), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    return duct_ring_init(memory);
}

static void bytes_arrive_through_memory(void **state)
{
    (void)state;
    duct_ring *ring = new_ring();
    for (int i = 0; i < 3; i++) { /* it is used again */
        assert_false(duct_ring_is_free(ring));
        go(ring, i == 1 ? nothing_to_do : NULL);
        assert_true(duct_ring_is_free(ring));
        duct_ring_init(ring);
    }
    munmap(ring, duct_ring_size());
}

static void bytes_arrive_through_sockets(void **state)
{
    (void)state;
    go(NULL, NULL);
    go(NULL, nothing_to_do);
}

static void a_writer_hears_that_nobody_reads(void **state)
{
    (void)state;
    static const char block[4096];
    int ends[2];
    duct_ring *ring = new_ring();
    assert_true(duct_open(ends));
    duct_writer *w = duct_writer_new(ends[1], ring, NULL, NULL);
    duct_put(w, block, sizeof block);
    assert_true(duct_flush(w));
    close(ends[0]);
    for (size_t put = 0; put < RING_BYTES * 2; put += sizeof block)
        duct_put(w, block, sizeof block);
    assert_false(duct_flush(w));
    duct_writer_free(w);
    munmap(ring, duct_ring_size());
}

static void what_was_put_before_the_end_arrives(void **state)
{
    (void)state;
    int ends[2], got;
    duct_ring *ring = new_ring();
    assert_true(duct_open(ends));
    duct_writer *w = duct_writer_new(ends[1], ring, NULL, NULL);
    for (int i = 0; i < 3; i++)
        duct_put(w, &i, sizeof i);
    duct_flush(w);
    duct_writer_free(w);
    duct_reader *r = duct_reader_new(ends[0], ring, nothing_to_do, NULL);
    for (int i = 0; i < 3; i++) {
        assert_true(duct_get(r, &got, sizeof got));
        assert_int_equal(got, i);
    }
    char more[100];
    assert_false(duct_get(r, more, sizeof more));
    duct_reader_free(r);
    munmap(ring, duct_ring_size());
}

/* A count that the writer cannot have, ahead or back. */
static void a_reader_believes_no_count(void **state)
{
    (void)state;
    static const uint64_t counts[] = {RING_BYTES + 5, UINT64_MAX, 3, 1};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        int ends[2];
        char got[RING_BYTES];
        duct_ring *ring = new_ring();
        assert_true(duct_open(ends));
        duct_writer *w = duct_writer_new(ends[1], ring, NULL, NULL);
        duct_reader *r = duct_reader_new(ends[0], ring, nothing_to_do, NULL);
        duct_put(w, "abcd", 4);
        duct_flush(w);
        assert_true(duct_get(r, got, 4));
        atomic_store(&ring->put, counts[i]);
        memset(ring->bytes, 'x', RING_BYTES);
        assert_false(duct_get(r, got, sizeof got));
        duct_writer_free(w);
        duct_reader_free(r);
        munmap(ring, duct_ring_size());
    }
}

static void noise_is_no_duct_s(void **state)
{
    (void)state;
    char got;
    int ends[2];
    duct_ring *ring = new_ring();
    assert_true(duct_open(ends));
    assert_int_equal(write(ends[1], "x", 1), 1);
    duct_reader *r = duct_reader_new(ends[0], ring, nothing_to_do, NULL);
    assert_false(duct_get(r, &got, 1));
    duct_reader_free(r);
    close(ends[1]);
    munmap(ring, duct_ring_size());
}

/* `wait` is called while nothing comes, also where somebody wakes the reader for nothing. */
static void end_it(void *context)
{
    int *end = context;
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void a_reader_looks_after_the_writer(void **state)
{
    (void)state;
    char got;
    for (int is_woken = 0; is_woken < 2; is_woken++) {
        int ends[2];
        duct_ring *ring = new_ring();
        assert_true(duct_open(ends));
        if (is_woken)
            assert_int_equal(write(ends[1], "w", 1), 1);
        duct_reader *r = duct_reader_new(ends[0], ring, end_it, &ends[1]);
        assert_false(duct_get(r, &got, 1));
        assert_int_equal(ends[1], -1);
        duct_reader_free(r);
        munmap(ring, duct_ring_size());
    }
}

/* The writer's as well: a reader that never reads is not waited for, through memory or through sockets. */
static void a_writer_looks_after_the_reader(void **state)
{
    (void)state;
    static const char block[4096];
    for (int has_ring = 0; has_ring < 2; has_ring++) {
        int ends[2];
        duct_ring *ring = new_ring();
        assert_true(duct_open(ends));
        duct_writer *w =
            duct_writer_new(ends[1], has_ring ? ring : NULL, end_it, &ends[0]);
        for (size_t put = 0; put < RING_BYTES * 4; put += sizeof block)
            duct_put(w, block, sizeof block);
        assert_false(duct_flush(w));
        assert_int_equal(ends[0], -1);
        duct_writer_free(w);
        munmap(ring, duct_ring_size());
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_arrive_through_memory),
        cmocka_unit_test(bytes_arrive_through_sockets),
        cmocka_unit_test(a_writer_hears_that_nobody_reads),
        cmocka_unit_test(what_was_put_before_the_end_arrives),
        cmocka_unit_test(a_reader_believes_no_count),
        cmocka_unit_test(noise_is_no_duct_s),
        cmocka_unit_test(a_reader_looks_after_the_writer),
        cmocka_unit_test(a_writer_looks_after_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
