/* SPDX-License-Identifier: MIT
 *
 * edges: the instants of windows that share their ends, and the rows at these instants.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"
#include "exec/edges.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- the instants of a run --------------------------------------------------------- */

enum { NOW = 1000, MISSING, LEAST, MOST, SOON, SOME, END_COUNT };

/* The ends that windows below have, by the id of a node of the run. */
static int64_t ends[END_COUNT - NOW] = {1000, 0, INT64_MIN, INT64_MAX, 1001, 500};

enum { LOWER_IN = 1, UPPER_IN = 2 };

typedef struct window_case {
    int lower, upper; /* 0: none */
    unsigned in;      /* which ends belong to it */
    bool is_empty;
    bool is_first, is_last; /* from the first row; to the last */
    int64_t from, until;    /* else: instants */
} window_case;

#define BOTH_IN (LOWER_IN | UPPER_IN)

static const window_case cases[] = {
    {0, 0, 0, false, true, true, 0, 0},
    {NOW, 0, LOWER_IN, false, false, true, 1000, 0},
    {NOW, 0, 0, false, false, true, 1001, 0},
    {0, NOW, 0, false, true, false, 0, 1000},
    {0, NOW, UPPER_IN, false, true, false, 0, 1001},
    {SOME, NOW, BOTH_IN, false, false, false, 500, 1001},
    {SOME, NOW, 0, false, false, false, 501, 1000},
    {NOW, NOW, BOTH_IN, false, false, false, 1000, 1001},
    {NOW, NOW, LOWER_IN, true, false, false, 0, 0},
    {NOW, NOW, 0, true, false, false, 0, 0},
    {NOW, SOON, 0, true, false, false, 0, 0}, /* nothing lies between two microseconds */
    {NOW, SOME, BOTH_IN, true, false, false, 0, 0},
    {MISSING, NOW, BOTH_IN, true, false, false, 0, 0},
    {SOME, MISSING, BOTH_IN, true, false, false, 0, 0},
    {MISSING, 0, LOWER_IN, true, false, false, 0, 0},
    {LEAST, NOW, LOWER_IN, false, true, false, 0, 1000},
    {LEAST, NOW, 0, false, false, false, INT64_MIN + 1, 1000},
    {0, LEAST, 0, true, false, false, 0, 0},
    {0, LEAST, UPPER_IN, false, true, false, 0, INT64_MIN + 1},
    {MOST, 0, 0, true, false, false, 0, 0},
    {MOST, 0, LOWER_IN, false, false, true, INT64_MAX, 0},
    {MOST, MOST, BOTH_IN, false, false, true, INT64_MAX, 0},
    {0, MOST, 0, false, true, false, 0, INT64_MAX},
    {0, MOST, UPPER_IN, false, true, true, 0, 0},
};

enum { ROWS = 2, BOTH_WINDOWS = END_COUNT, NODE_TOTAL = END_COUNT + 1 };

/* A graph of one table with the window of each case, and one that is in the first and the
 * last of some; nodes stand at their id. */
typedef struct world {
    graph graph;
    schema schema;
    store store; /* whose events may lie at any time */
    domain domains[3], *domain_list[3];
    node nodes[NODE_TOTAL], *node_list[NODE_TOTAL];
    const node *operands[LENGTH(cases)][2], *both[2];
    vector values[NODE_TOTAL];
    uint64_t missing;
    int64_t since[3];
} world;

static void add_end(world *w, uint32_t id)
{
    w->nodes[id].domain = RUN;
    w->values[id] = (vector){.values = &ends[id - NOW], .is_uniform = true};
    if (id == MISSING)
        w->values[id].present = &w->missing;
}

static void add_window(world *w, uint32_t id, const window_case *c)
{
    node *n = &w->nodes[id];
    *n = (node){.kind = NODE_WINDOW,
                .domain = PEOPLE,
                .rows = ROWS,
                .operands = w->operands[id],
                .window = {.has_lower = c->lower != 0,
                           .has_upper = c->upper != 0,
                           .lower_in = c->in & LOWER_IN,
                           .upper_in = c->in & UPPER_IN}};
    if (c->lower)
        w->operands[id][n->operand_count++] = &w->nodes[c->lower];
    if (c->upper)
        w->operands[id][n->operand_count++] = &w->nodes[c->upper];
}

static world *world_make(uint32_t first, uint32_t second)
{
    world *w = memory_alloc_zero(sizeof *w);
    static const domain_kind kinds[] = {DOMAIN_RUN, DOMAIN_PEOPLE, DOMAIN_EVENTS};
    for (uint32_t i = 0; i < 3; i++) {
        w->domains[i] = (domain){.kind = kinds[i], .id = i};
        w->domain_list[i] = &w->domains[i];
    }
    for (uint32_t i = 0; i < LENGTH(cases); i++)
        add_window(w, i, &cases[i]);
    for (uint32_t i = NOW; i < END_COUNT; i++)
        add_end(w, i);
    w->both[0] = &w->nodes[first];
    w->both[1] = &w->nodes[second];
    w->nodes[BOTH_WINDOWS] = (node){.kind = NODE_BOTH_WINDOWS,
                                    .domain = PEOPLE,
                                    .rows = ROWS,
                                    .operands = w->both,
                                    .operand_count = 2};
    for (uint32_t i = 0; i < NODE_TOTAL; i++) {
        w->nodes[i].id = i;
        w->node_list[i] = &w->nodes[i];
    }
    w->graph = (graph){.nodes = w->node_list,
                       .node_count = NODE_TOTAL,
                       .domains = w->domain_list,
                       .domain_count = 3};
    w->schema.kind_count = 1;
    w->store =
        (store){.schema = &w->schema, .first_time = INT64_MIN, .last_time = INT64_MAX};
    return w;
}

static void check_pair(const edge_plan *p, uint32_t id, const window_case *c)
{
    const edge_pair *pair = &p->windows[id];
    const int64_t *instants = p->instants[ROWS].latest_first;
    assert_true(pair->is_shared);
    if (c->is_empty) {
        assert_int_equal(pair->begin, pair->end);
        return;
    }
    if (c->is_first)
        assert_int_equal(pair->begin, EDGE_FIRST);
    else
        assert_int_equal(instants[pair->begin], c->from);
    if (c->is_last)
        assert_int_equal(pair->end, EDGE_LAST);
    else
        assert_int_equal(instants[pair->end], c->until);
}

static void windows_to_instants(void **state)
{
    (void)state;
    world *w = world_make(0, 0);
    edge_plan *p = edge_plan_new(&w->graph, &w->store, w->values, w->since);
    for (uint32_t i = 0; i < LENGTH(cases); i++)
        check_pair(p, i, &cases[i]);
    const edge_instants *instants = &p->instants[ROWS];
    for (uint32_t i = 1; i < instants->count; i++)
        assert_true(instants->latest_first[i - 1] > instants->latest_first[i]);
    edge_plan_free(p);
    memory_free(w);
}

static void rows_in_both_windows(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, second;
        window_case both;
    } pairs[] = {
        {0, 0, {.is_first = true, .is_last = true}},
        {1, 3, {.is_empty = true}},
        {1, 4, {.from = 1000, .until = 1001}},
        {4, 2, {.is_empty = true}},
        {5, 6, {.from = 501, .until = 1000}},
        {6, 5, {.from = 501, .until = 1000}},
        {0, 5, {.from = 500, .until = 1001}},
        {5, 12, {.is_empty = true}},
        {14, 5, {.is_empty = true}},
    };
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        world *w = world_make(pairs[i].first, pairs[i].second);
        edge_plan *p = edge_plan_new(&w->graph, &w->store, w->values, w->since);
        check_pair(p, BOTH_WINDOWS, &pairs[i].both);
        edge_plan_free(p);
        memory_free(w);
    }
}

/* Nobody searches for instants outside of what the events span: `since` the first of them
 * and `before` the microsecond behind the last are all rows. */
static void instants_outside_of_the_events(void **state)
{
    (void)state;
    static const struct {
        int64_t first, last;
        uint32_t from, until; /* EDGE_FIRST, EDGE_LAST, or the number of the instant */
    } spans[] = {
        {500, 1000, EDGE_FIRST, EDGE_LAST},
        {499, 1001, 1, 0},
        {499, 1000, 0, EDGE_LAST},
        {500, 1001, EDGE_FIRST, 0},
        {1001, 2000, EDGE_FIRST, EDGE_FIRST},
        {0, 499, EDGE_LAST, EDGE_LAST},
    };
    for (size_t i = 0; i < LENGTH(spans); i++) {
        world *w = world_make(0, 5); /* [500, 1001) */
        for (uint32_t n = 1; n < LENGTH(cases); n++)
            w->nodes[n].domain = PEOPLE, w->nodes[n].rows = RUN;
        w->nodes[5].rows = ROWS;
        w->store.first_time = spans[i].first;
        w->store.last_time = spans[i].last;
        edge_plan *p = edge_plan_new(&w->graph, &w->store, w->values, w->since);
        assert_int_equal(p->windows[5].begin, spans[i].from);
        assert_int_equal(p->windows[5].end, spans[i].until);
        edge_plan_free(p);
        w->domains[ROWS].kind = DOMAIN_TRAIT; /* whose rows lie elsewhere */
        p = edge_plan_new(&w->graph, &w->store, w->values, w->since);
        assert_int_equal(p->windows[5].begin, 1);
        assert_int_equal(p->windows[5].end, 0);
        edge_plan_free(p);
        memory_free(w);
    }
}

/* Of windows that nobody asks for there are no edges; those of others keep theirs, and what derived rows
 * and others begin at is there. */
static void what_is_asked_for(void **state)
{
    (void)state;
    world *w = world_make(5, 0);
    edge_plan *p = edge_plan_new(&w->graph, &w->store, w->values, w->since);
    bool is_asked[NODE_TOTAL] = {[5] = true, [7] = true}; /* [500, 1001), [1000, 1001) */
    const asked_instant other = {ROWS, 700};
    static const int64_t expected[] = {1001, 1000, 700, 500};
    edge_plan_ask(p, &w->graph, is_asked, w->since, &other, 1);
    const edge_instants *asked = &p->asked[ROWS];
    assert_int_equal(asked->count, LENGTH(expected));
    for (size_t i = 0; i < LENGTH(expected); i++)
        assert_true(asked->latest_first[i] == expected[i]);
    for (uint32_t i = 0; i < LENGTH(cases); i++) {
        const edge_pair *pair = &p->windows[i];
        if (!is_asked[i]) {
            assert_int_equal(pair->asked_begin, EDGE_NONE);
            assert_int_equal(pair->asked_end, EDGE_NONE);
            continue;
        }
        assert_true(asked->latest_first[pair->asked_begin] == cases[i].from);
        assert_true(asked->latest_first[pair->asked_end] == cases[i].until);
    }
    edge_plan_free(p);
    memory_free(w);
}

/* An end that is a person's own, and windows of other people's rows, are not shared. */
static void what_is_not_shared(void **state)
{
    (void)state;
    world *w = world_make(1, 5);
    w->nodes[SOME].domain = PEOPLE;
    w->nodes[3].domain = ROWS;
    edge_plan *p = edge_plan_new(&w->graph, &w->store, w->values, w->since);
    assert_true(p->windows[1].is_shared);
    assert_false(p->windows[5].is_shared);
    assert_false(p->windows[3].is_shared);
    assert_false(p->windows[BOTH_WINDOWS].is_shared);
    edge_plan_free(p);
    memory_free(w);
}

/* ---- the rows of a block ------------------------------------------------------------- */

enum { MOST_PEOPLE = 4096, MOST_ROWS = MOST_PEOPLE * 5 + 600 };

typedef struct rows {
    size_t people;
    uint32_t offsets[MOST_PEOPLE + 1];
    int64_t time[MOST_ROWS];
} rows;

static uint32_t random_below(uint64_t *seed, uint32_t most)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % most;
}

/* Histories of no, few and one time many rows, several at one instant, some at the
 * borders of what a time can be. */
static void make_rows(rows *r, size_t people, uint64_t seed)
{
    uint32_t count = 0;
    r->people = people;
    for (size_t i = 0; i < people; i++) {
        r->offsets[i] = count;
        uint32_t own = i == people / 2 ? 500
                       : i % 50 == 17
                           ? 28 + random_below(&seed, 10) /* as many as are counted */
                           : random_below(&seed, 7) % 5;
        int64_t time = random_below(&seed, 20);
        for (uint32_t k = 0; k < own; k++) {
            time += random_below(&seed, 4) / 2;
            r->time[count++] = random_below(&seed, 50) == 0 && k == 0         ? INT64_MIN
                               : random_below(&seed, 50) == 0 && k + 1 == own ? INT64_MAX
                                                                              : time;
        }
    }
    r->offsets[people] = count;
}

static uint32_t slow_edge(const rows *r, size_t i, int64_t instant)
{
    uint32_t row = r->offsets[i];
    while (row < r->offsets[i + 1] && r->time[row] < instant)
        row++;
    return row;
}

/* When each newest row happened; 0 where there is none. */
static packed newest_of(const rows *r)
{
    static int64_t newest[MOST_PEOPLE];
    for (size_t i = 0; i < r->people; i++) {
        bool has_rows = r->offsets[i] < r->offsets[i + 1];
        newest[i] = has_rows ? r->time[r->offsets[i + 1] - 1] : 0;
    }
    return (packed){newest, 64, 0, 1};
}

/* The same in 32 bits, as numbers of steps of three behind -10, of which none is less than the time,
 * unless that is behind all instants but the very last. */
static packed stored_newest_of(const rows *r)
{
    static uint32_t newest[MOST_PEOPLE];
    packed plain = newest_of(r), stored = {newest, 32, -10, 3};
    for (size_t i = 0; i < r->people; i++) {
        int64_t time = packed_get(&plain, i);
        newest[i] = time <= -10        ? 0
                    : time > INT32_MAX ? INT32_MAX
                                       : (uint32_t)(time + 12) / 3;
    }
    return stored;
}

static void check_edges(const rows *r, edge_instants instants, packed newest)
{
    enum { STRIDE = MOST_PEOPLE + 3, MOST_INSTANTS = 24 };
    static uint32_t edges[STRIDE * MOST_INSTANTS];
    static uint64_t reached[MOST_PEOPLE / 64 + 1];
    assert_true(instants.count <= MOST_INSTANTS);
    const block_rows rows = {.offsets = r->offsets, .time = r->time, .newest = newest};
    edges_find(&rows, r->people, &instants, reached, edges, STRIDE);
    for (size_t k = 0; k < instants.count; k++)
        for (size_t i = 0; i < r->people; i++)
            assert_int_equal(edges[k * STRIDE + i],
                             slow_edge(r, i, instants.latest_first[k]));
}

static void instants_to_rows(void **state)
{
    (void)state;
    static int64_t few[] = {15}, old[] = {3, 2},
                   many[] = {INT64_MAX, 300, 251, 250, 249, 60,       30, 29,
                             22,        21,  20,  19,  18,  15,       14, 10,
                             9,         5,   2,   0,   -1,  INT64_MIN};
    static const size_t people[] = {1, 7, 63, 64, 65, 128, MOST_PEOPLE};
    static rows r;
    for (size_t c = 0; c < LENGTH(people); c++)
        for (uint64_t seed = 1; seed < 4; seed++) {
            make_rows(&r, people[c], seed);
            for (unsigned known = 0; known < 3; known++) {
                packed newest = known == 0   ? (packed){0}
                                : known == 1 ? newest_of(&r)
                                             : stored_newest_of(&r);
                check_edges(&r, (edge_instants){0}, newest);
                check_edges(&r, (edge_instants){few, LENGTH(few), 0, 0}, newest);
                check_edges(&r, (edge_instants){old, LENGTH(old), 0, 0}, newest);
                check_edges(&r, (edge_instants){many, LENGTH(many), 0, 0}, newest);
            }
        }
}

static void search_against_a_loop(void **state)
{
    (void)state;
    static const int64_t time[] = {INT64_MIN, -5, 0, 0, 0, 7, 7, 8, INT64_MAX, INT64_MAX};
    static const int64_t instants[] = {INT64_MIN, INT64_MIN + 1, -5, -4, 0, 1, 7, 8,
                                       9,         INT64_MAX};
    for (size_t k = 0; k < LENGTH(instants); k++)
        for (uint32_t begin = 0; begin <= LENGTH(time); begin++)
            for (uint32_t end = begin; end <= LENGTH(time); end++) {
                uint32_t wanted = begin;
                while (wanted < end && time[wanted] < instants[k])
                    wanted++;
                assert_int_equal(edge_search(time, begin, end, instants[k]), wanted);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_to_instants),
        cmocka_unit_test(rows_in_both_windows),
        cmocka_unit_test(instants_outside_of_the_events),
        cmocka_unit_test(what_is_asked_for),
        cmocka_unit_test(what_is_not_shared),
        cmocka_unit_test(instants_to_rows),
        cmocka_unit_test(search_against_a_loop),
    };
    return cmocka_run_group_tests_name("edges", tests, NULL, NULL);
}
