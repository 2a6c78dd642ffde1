/* SPDX-License-Identifier: MIT
 *
 * clones: the loops that are compiled for several machines (src/exec/loops.c) give the same
 * bits on each that this one can be, and those that one would write down.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/clones.h"
#include "base/packed.h"
#include "exec/loops.h"
#include "graph/scalar.h"
#include "value/calendar.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define HAS_MACHINES 1
#else
#define HAS_MACHINES 0
#endif

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- every clone, under a name of its own ----------------------------------------------- */

#undef VECTOR_CLONES
#define VECTOR_CLONES static

#define LOOP_NAME(name) plain_##name
#include "../../src/exec/loops.c"
#undef LOOP_NAME

#if HAS_MACHINES
#pragma GCC push_options
#pragma GCC optimize("O3")
#pragma GCC target("arch=x86-64-v3")
#define LOOP_NAME(name) v3_##name
#include "../../src/exec/loops.c"
#undef LOOP_NAME
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC optimize("O3")
#pragma GCC target("arch=x86-64-v4")
#define LOOP_NAME(name) v4_##name
#include "../../src/exec/loops.c"
#undef LOOP_NAME
#pragma GCC pop_options
#endif

typedef void code_8_loop(const uint8_t *, uint32_t, size_t, uint64_t *);
typedef void code_16_loop(const uint16_t *, uint32_t, size_t, uint64_t *);
typedef void code_loop(const uint32_t *, uint32_t, size_t, uint64_t *);
typedef size_t set_loop(const uint64_t *, size_t);
typedef void pair_loop(const uint32_t *, const uint32_t *, size_t, uint64_t *);
typedef void integer_loop(const int64_t *, bool, const int64_t *, bool, size_t,
                          uint64_t *);
typedef void number_loop(const double *, bool, const double *, bool, size_t, uint64_t *);
typedef void count_loop(const uint64_t *, const uint64_t *, const uint32_t *,
                        const uint32_t *, size_t, int64_t *);

typedef void edge_loop(const uint32_t *, const uint32_t *, const void *, size_t,
                       const uint64_t *, size_t, const int64_t *, size_t, uint32_t *,
                       size_t);
typedef void least_loop(const int64_t *, const uint64_t *, int64_t, size_t, int64_t *);

typedef void step_loop(const uint32_t *, const uint32_t *, const uint32_t *,
                       const uint64_t *, size_t, const loop_steps *, size_t, uint64_t *);
typedef void first_loop(const uint64_t *, size_t, uint32_t *);
typedef void difference_loop(const uint32_t *, const uint32_t *, size_t, int64_t *);
typedef void product_loop(const int64_t *, int64_t, const int64_t *, int64_t, size_t,
                          uint64_t *, uint64_t *, uint64_t *);
typedef void date_loop(const int64_t *, size_t, int64_t *);

/* The widths of times. */
static const uint32_t widths[] = {
#define X(BITS, PLACE) BITS,
#include "base/packed_widths.def"
#undef X
};

/* A machine with its loops; comparisons are =, <, <=. */
typedef struct machine {
    const char *name;
    bool is_here;
    code_8_loop *equal_code_8;
    code_16_loop *equal_code_16;
    code_loop *equal_code_32;
    code_loop *at_least;
    pair_loop *less_pairs;
    integer_loop *integers[3];
    number_loop *numbers[3];
    set_loop *count_set;
    count_loop *count_bits;
    least_loop *keep_least;
    step_loop *add_steps;
    first_loop *from_first;
    difference_loop *differences;
    product_loop *order_products;
    date_loop *dates[3];                   /* years, months, days */
    edge_loop *find_edges[LENGTH(widths)]; /* by width */
} machine;

#define EDGE_LOOPS(prefix)                                                               \
    {                                                                                    \
        prefix##loop_find_edges_1, prefix##loop_find_edges_2, prefix##loop_find_edges_4, \
            prefix##loop_find_edges_8, prefix##loop_find_edges_16,                       \
            prefix##loop_find_edges_24, prefix##loop_find_edges_32,                      \
            prefix##loop_find_edges_40, prefix##loop_find_edges_48,                      \
            prefix##loop_find_edges_64                                                   \
    }

#define MACHINE(name, is_here, prefix)                                                   \
    (machine)                                                                            \
    {                                                                                    \
        name, is_here, prefix##loop_equal_code_8, prefix##loop_equal_code_16,            \
            prefix##loop_equal_code_32, prefix##loop_at_least, prefix##loop_less_pairs,  \
            {prefix##loop_equal_integers, prefix##loop_less_integers,                    \
             prefix##loop_less_or_equal_integers},                                       \
            {prefix##loop_equal_numbers, prefix##loop_less_numbers,                      \
             prefix##loop_less_or_equal_numbers},                                        \
            prefix##loop_count_set, prefix##loop_count_bits, prefix##loop_keep_least,    \
            prefix##loop_add_steps, prefix##loop_from_first, prefix##loop_differences,   \
            prefix##loop_order_products,                                                 \
            {prefix##loop_date_years, prefix##loop_date_months, prefix##loop_date_days}, \
            EDGE_LOOPS(prefix)                                                           \
    }

enum { MOST_MACHINES = 4 };

/* Those that this machine can be, and the one that was chosen at the start. */
static size_t find_machines(machine *out)
{
    size_t count = 0;
    out[count++] = MACHINE("plain", true, plain_);
    out[count++] = MACHINE("as chosen", true, );
#if HAS_MACHINES
    __builtin_cpu_init();
    out[count++] = MACHINE("x86-64-v3", __builtin_cpu_supports("x86-64-v3"), v3_);
    out[count++] = MACHINE("x86-64-v4", __builtin_cpu_supports("x86-64-v4"), v4_);
#endif
    return count;
}

/* ---- data ------------------------------------------------------------------------------- */

enum { MOST = 1000, WORDS = MOST / 64 + 2 };

typedef struct data {
    uint64_t state;
    size_t count;
    uint32_t codes[MOST], begin[MOST], end[MOST];
    int64_t integers[2][MOST];
    double numbers[2][MOST];
    uint64_t bits[WORDS], wanted[WORDS];
} data;

static uint64_t next_random(data *d)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return d->state;
}

/* Few different values, so that they are equal often; both zeros, and the ends. */
static void fill(data *d)
{
    static const int64_t integers[] = {INT64_MIN, -1, 0, 1, INT32_MAX, INT64_MAX};
    static const double numbers[] = {-1e300, -1.5, -0.0, 0.0, 5e-324, 1.5, 1e300};
    d->count = next_random(d) % MOST;
    memset(d->wanted, 0, sizeof d->wanted);
    for (size_t i = 0; i < WORDS; i++)
        d->bits[i] = next_random(d) & next_random(d);
    for (size_t i = 0; i < d->count; i++) {
        d->codes[i] = (uint32_t)(next_random(d) % 3);
        d->begin[i] = (uint32_t)(next_random(d) % MOST);
        d->end[i] = d->begin[i] + (uint32_t)(next_random(d) % (MOST - d->begin[i] + 1));
        if (next_random(d) % 4 == 0)
            d->end[i] = d->begin[i];
        bitmap_put(d->wanted, i, next_random(d) % 3 == 0);
        for (size_t side = 0; side < 2; side++) {
            d->integers[side][i] = integers[next_random(d) % 6];
            d->numbers[side][i] = numbers[next_random(d) % 7];
        }
    }
}

/* ---- checks ----------------------------------------------------------------------------- */

static void check_bits(const machine *m, const char *loop, const data *d,
                       const uint64_t *bits, const bool *expected)
{
    for (size_t i = 0; i < bitmap_words(d->count) * 64; i++)
        if (bitmap_get(bits, i) != (i < d->count && expected[i]))
            fail_msg("%s on %s: position %zu of %zu", loop, m->name, i, d->count);
}

static void check_narrow_codes(const machine *m, const data *d, const bool *is_two)
{
    uint64_t bits[WORDS];
    uint8_t bytes[MOST];
    uint16_t pairs[MOST];
    for (size_t i = 0; i < d->count; i++) {
        bytes[i] = (uint8_t)d->codes[i];
        pairs[i] = (uint16_t)d->codes[i];
    }
    memset(bits, 0xAA, sizeof bits);
    m->equal_code_8(bytes, 2, d->count, bits);
    check_bits(m, "equal_code_8", d, bits, is_two);
    memset(bits, 0xAA, sizeof bits);
    m->equal_code_16(pairs, 2, d->count, bits);
    check_bits(m, "equal_code_16", d, bits, is_two);
    memset(bits, 0xAA, sizeof bits);
    m->equal_code_8(bytes, 256 + 2, d->count, bits); /* no code of that width */
    check_bits(m, "equal_code_8", d, bits, (bool[MOST]){false});
}

static void check_codes(const machine *m, const data *d)
{
    uint64_t bits[WORDS];
    bool expected[MOST];
    for (size_t i = 0; i < d->count; i++)
        expected[i] = d->codes[i] == 2;
    memset(bits, 0xAA, sizeof bits);
    m->equal_code_32(d->codes, 2, d->count, bits);
    check_bits(m, "equal_code_32", d, bits, expected);
    check_narrow_codes(m, d, expected);
    for (size_t i = 0; i < d->count; i++)
        expected[i] = d->begin[i] >= d->end[0];
    memset(bits, 0xAA, sizeof bits);
    m->at_least(d->begin, d->end[0], d->count, bits);
    check_bits(m, "at_least", d, bits, expected);
    for (size_t i = 0; i < d->count; i++)
        expected[i] = d->begin[i] < d->end[i];
    memset(bits, 0xAA, sizeof bits);
    m->less_pairs(d->begin, d->end, d->count, bits);
    check_bits(m, "less_pairs", d, bits, expected);
}

static bool holds(size_t comparison, bool is_less, bool is_equal)
{
    return (comparison != 1 && is_equal) || (comparison != 0 && is_less);
}

/* `uniform`: bit 0 the left side, bit 1 the right one. */
static void check_comparison(const machine *m, const data *d, size_t comparison,
                             unsigned uniform)
{
    uint64_t bits[WORDS];
    bool expected[MOST];
    bool one_x = uniform & 1, one_y = uniform & 2;
    for (size_t i = 0; i < d->count; i++) {
        int64_t x = d->integers[0][one_x ? 0 : i], y = d->integers[1][one_y ? 0 : i];
        expected[i] = holds(comparison, x < y, x == y);
    }
    m->integers[comparison](d->integers[0], one_x, d->integers[1], one_y, d->count, bits);
    check_bits(m, "integers", d, bits, expected);
    for (size_t i = 0; i < d->count; i++) {
        double x = d->numbers[0][one_x ? 0 : i], y = d->numbers[1][one_y ? 0 : i];
        expected[i] = holds(comparison, x < y, x == y);
    }
    m->numbers[comparison](d->numbers[0], one_x, d->numbers[1], one_y, d->count, bits);
    check_bits(m, "numbers", d, bits, expected);
}

static void check_counts(const machine *m, const data *d)
{
    int64_t counts[MOST];
    size_t set = 0;
    for (size_t i = 0; i < d->count; i++) {
        counts[i] = (int64_t)i;
        set += bitmap_get(d->bits, i);
    }
    if (m->count_set(d->bits, d->count) != set)
        fail_msg("count_set on %s: %zu bits", m->name, d->count);
    m->count_bits(d->bits, d->wanted, d->begin, d->end, d->count, counts);
    for (size_t i = 0; i < d->count; i++) {
        int64_t expected = (int64_t)i;
        for (size_t r = d->begin[i]; bitmap_get(d->wanted, i) && r < d->end[i]; r++)
            expected += bitmap_get(d->bits, r);
        if (counts[i] != expected)
            fail_msg("count_bits on %s: position %zu of %zu", m->name, i, d->count);
    }
}

static int compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The rows of the data's groups are those from place FROM on. */
enum { FROM = 7, PLACES = FROM + MOST };

static void check_edges_of(const machine *m, const data *d, size_t width,
                           const void *stored, const int64_t *time,
                           const int64_t *instants, size_t instant_count)
{
    static uint32_t edges[LOOP_INSTANTS * MOST];
    memset(edges, 0, sizeof edges);
    m->find_edges[width](d->begin, d->end, stored, FROM, d->wanted, d->count, instants,
                         instant_count, edges, MOST);
    for (size_t k = 0; k < instant_count; k++)
        for (size_t i = 0; i < d->count; i++) {
            uint32_t row = d->begin[i];
            while (row < d->end[i] && time[FROM + row] < instants[k])
                row++;
            if (edges[k * MOST + i] != (bitmap_get(d->wanted, i) ? row : 0))
                fail_msg("find_edges_%u on %s: position %zu of %zu", widths[width],
                         m->name, i, d->count);
        }
}

/* The integers of one side as times in order, which are all of one group here and there. */
static void check_edges(const machine *m, const data *d, size_t instant_count)
{
    static const int64_t instants[] = {INT64_MAX, INT32_MAX, 2, 1, 0, -1, -2, INT64_MIN};
    static int64_t time[PLACES];
    for (size_t i = 0; i < PLACES; i++)
        time[i] = i < d->count ? d->integers[0][i] : (int64_t)i;
    qsort(time, PLACES, sizeof *time, compare_times);
    check_edges_of(m, d, LENGTH(widths) - 1, time, time, instants, instant_count);
}

/* Times as wide as a width allows, and no wider. */
static void check_stored_edges(const machine *m, const data *d, size_t instant_count)
{
    static int64_t time[PLACES];
    static uint64_t stored[PLACES + 1];
    for (size_t width = 0; widths[width] < 64; width++) {
        int64_t greatest = (INT64_C(1) << widths[width]) - 1;
        const int64_t instants[] = {INT64_MAX, greatest, greatest / 2 + 1, 1, 0};
        packed shape = {NULL, widths[width], 0, 1};
        for (size_t i = 0; i < PLACES; i++)
            time[i] =
                d->codes[i % MOST] == 0 ? greatest - (int64_t)(i % 2) : (int64_t)i % 5;
        for (size_t i = 0; i < PLACES; i++)
            time[i] = time[i] > greatest ? greatest : time[i];
        qsort(time, PLACES, sizeof *time, compare_times);
        memset(stored, 0, sizeof stored);
        packed_put(&shape, stored, 0, time, PLACES);
        check_edges_of(m, d, width, stored, time, instants,
                       instant_count < LENGTH(instants) ? instant_count
                                                        : LENGTH(instants));
    }
}

/* ---- edges of 32 bits -------------------------------------------------------------------- */

#ifdef HAS_CLONES
enum { GROUPS = 67, MOST_ROWS = 260 };

/* Loops for times of 32 bits, which this machine may have. */
typedef struct narrow_loop {
    edge_loop *find;
    bool is_here;
} narrow_loop;

/* Groups of no row and of many, of times that come twice, that lie at both ends of what 32 bits
 * hold, and of none that an instant reaches. */
static void check_narrow_of(data *d, edge_loop *find, size_t instant_count, size_t from)
{
    static const int64_t instants[] = {
        UINT32_MAX, INT32_MAX + INT64_C(9), 300, 200, 150, 149, 2, 0};
    uint32_t *time = malloc((GROUPS * MOST_ROWS + 17) * sizeof *time);
    uint32_t begin[GROUPS], end[GROUPS], row = 0;
    static uint32_t edges[LOOP_INSTANTS * GROUPS], expected[LOOP_INSTANTS * GROUPS];
    uint64_t wanted[2] = {UINT64_C(0xFFFFFFFFDFFFFFFF), 7};
    for (size_t i = 0; i < GROUPS; i++) {
        size_t count =
            next_random(d) % 3 == 0 ? next_random(d) % MOST_ROWS : next_random(d) % 20;
        uint32_t at = next_random(d) % 2 ? (uint32_t)(next_random(d) % 200) : 0;
        begin[i] = row;
        for (size_t r = 0; r < count; r++, at += (uint32_t)(next_random(d) % 3))
            time[from + row++] =
                r + 2 > count && next_random(d) % 4 == 0 ? UINT32_MAX : at;
        end[i] = row;
    }
    memset(edges, 0, sizeof edges);
    memset(expected, 0, sizeof expected);
    plain_loop_find_edges_32(begin, end, time, from, wanted, GROUPS, instants,
                             instant_count, expected, GROUPS);
    find(begin, end, time, from, wanted, GROUPS, instants, instant_count, edges, GROUPS);
    assert_memory_equal(edges, expected, sizeof edges);
    free(time);
}
#endif

static void check_narrow(void)
{
#ifdef HAS_CLONES
    static data d = {.state = 20261201};
    const narrow_loop loops[] = {
        {loop_find_edges_in_eights, __builtin_cpu_supports("avx2")},
        {loop_find_edges_in_sixteens, __builtin_cpu_supports("x86-64-v4")}};
    for (size_t i = 0; i < LENGTH(loops); i++)
        for (size_t round = 0; loops[i].is_here && round < 2000; round++)
            check_narrow_of(&d, loops[i].find, 1 + round % LOOP_INSTANTS, round % 18);
#endif
}

/* The values of both sides, of the second where bits are set; `flip` as for the greatest. */
static void check_least(const machine *m, const data *d, int64_t flip)
{
    int64_t least[MOST];
    for (size_t i = 0; i < d->count; i++)
        least[i] = INT64_MAX;
    m->keep_least(d->integers[0], NULL, flip, d->count, least);
    m->keep_least(d->integers[1], d->bits, flip, d->count, least);
    for (size_t i = 0; i < d->count; i++) {
        int64_t expected = d->integers[0][i] ^ flip, other = d->integers[1][i] ^ flip;
        if (bitmap_get(d->bits, i) && other < expected)
            expected = other;
        if (least[i] != expected)
            fail_msg("keep_least on %s: position %zu of %zu", m->name, i, d->count);
    }
}

/* Numbers of seconds around the borders of days of 24 hours, of which the first began 5000 s before
 * number 0. */
static void check_steps(const machine *m, const data *d, size_t words)
{
    static const loop_steps steps = {5e9 + 0.5, 1e6, 1 / 864e8};
    static uint64_t sets[MOST * 3], expected[MOST * 3];
    uint32_t numbers[MOST], most = (uint32_t)words * 64 * 86400 - 5000;
    memset(sets, 0, sizeof sets);
    memset(expected, 0, sizeof expected);
    for (size_t r = 0; r < MOST; r++)
        numbers[r] = (uint32_t)((r * 86400 + r % 3 + 81399) % most);
    for (size_t i = 0; i < d->count; i++)
        for (size_t r = d->begin[i]; bitmap_get(d->wanted, i) && r < d->end[i]; r++)
            bitmap_set(expected + i * words, (numbers[r] + 5000) / 86400);
    m->add_steps(numbers, d->begin, d->end, d->wanted, d->count, &steps, words, sets);
    if (memcmp(sets, expected, sizeof sets) != 0)
        fail_msg("add_steps on %s: %zu positions", m->name, d->count);
}

static void check_from_first(const machine *m, const data *d)
{
    uint64_t from[MOST];
    uint32_t out[MOST];
    for (size_t i = 0; i < d->count; i++)
        from[i] = (UINT64_C(5) << 40) + (i ? d->begin[i] : 0);
    m->from_first(from, d->count, out);
    for (size_t i = 0; i < d->count; i++)
        if (out[i] != (i ? d->begin[i] : 0))
            fail_msg("from_first on %s: position %zu of %zu", m->name, i, d->count);
}

static void check_differences(const machine *m, const data *d)
{
    int64_t out[MOST];
    m->differences(d->begin, d->end, d->count, out);
    for (size_t i = 0; i < d->count; i++)
        if (out[i] != (int64_t)d->end[i] - d->begin[i])
            fail_msg("differences on %s: position %zu of %zu", m->name, i, d->count);
}

/* Factors of 32 bits: their ends, and few others so that products are equal often. What is not of so
 * many, or negative, is told as such. */
static void check_products(const machine *m, const data *d, int64_t x_times,
                           int64_t y_times)
{
    uint64_t less[WORDS], more[WORDS], others[WORDS];
    bool expected[3][MOST];
    int64_t x[MOST];
    for (size_t i = 0; i < d->count; i++) {
        int64_t y = d->integers[1][i];
        x[i] = d->codes[i] == 0 ? 2 : d->integers[0][i];
        expected[2][i] = x[i] < 0 || y < 0 || x[i] > INT32_MAX || y > INT32_MAX;
        expected[0][i] = !expected[2][i] && x[i] * x_times < y * y_times;
        expected[1][i] = !expected[2][i] && x[i] * x_times > y * y_times;
    }
    memset(less, 0xAA, sizeof less);
    memset(more, 0xAA, sizeof more);
    memset(others, 0xAA, sizeof others);
    m->order_products(x, x_times, d->integers[1], y_times, d->count, less, more, others);
    check_bits(m, "others of order_products", d, others, expected[2]);
    for (size_t w = 0; w < bitmap_words(d->count); w++) {
        less[w] &= ~others[w];
        more[w] &= ~others[w];
    }
    check_bits(m, "less of order_products", d, less, expected[0]);
    check_bits(m, "more of order_products", d, more, expected[1]);
}

/* Dates of all years and around their ends, and numbers that are none. */
static void check_dates(const machine *m, const data *d)
{
    int64_t dates[MOST], parts[3][MOST];
    for (size_t i = 0; i < d->count; i++)
        dates[i] = d->codes[i] == 0
                       ? d->integers[0][i]
                       : DATE_MIN + (int64_t)(d->begin[i] * UINT64_C(3651) + d->end[i]);
    for (size_t part = 0; part < 3; part++)
        m->dates[part](dates, d->count, parts[part]);
    for (size_t i = 0; i < d->count; i++) {
        int64_t year;
        unsigned month, day;
        date_to_civil(dates[i], &year, &month, &day);
        if (parts[0][i] != year || parts[1][i] != month || parts[2][i] != day)
            fail_msg("dates on %s: position %zu of %zu", m->name, i, d->count);
    }
}

static void all_clones_agree(void **state)
{
    (void)state;
    static data d = {.state = 20260331};
    machine machines[MOST_MACHINES];
    size_t count = find_machines(machines);
    for (size_t round = 0; round < 400; round++) {
        fill(&d);
        for (size_t m = 0; m < count; m++) {
            if (!machines[m].is_here)
                continue;
            check_codes(&machines[m], &d);
            for (size_t comparison = 0; comparison < 3; comparison++)
                for (unsigned uniform = 0; d.count > 0 && uniform < 3; uniform++)
                    check_comparison(&machines[m], &d, comparison, uniform);
            check_counts(&machines[m], &d);
            for (size_t many = 1; round % 16 == 0 && many <= LOOP_INSTANTS; many++) {
                check_edges(&machines[m], &d, many);
                check_stored_edges(&machines[m], &d, many);
            }
            check_least(&machines[m], &d, 0);
            check_least(&machines[m], &d, -1);
            check_steps(&machines[m], &d, 1 + round % 3);
            check_from_first(&machines[m], &d);
            check_differences(&machines[m], &d);
            check_products(&machines[m], &d, 1, 2);
            check_products(&machines[m], &d, INT32_MIN, INT32_MIN + 1);
            check_products(&machines[m], &d, -3, INT32_MAX);
            check_dates(&machines[m], &d);
        }
    }
    check_narrow();
    for (size_t m = 0; m < count; m++)
        print_message("# %s: %s\n", machines[m].name,
                      machines[m].is_here ? "compared" : "not this machine");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_clones_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
