/* SPDX-License-Identifier: MIT
 *
 * Courses from the operands up; and a verdict, from horizon to horizon until it changes.
 */
#include "exec/horizon.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/motion.h"
#include "value/zone_dates.h"

/* How many other instants are looked at for one answer, fewer where each look needs everyone or
 * a series of judgements; and of steps by a microsecond, the way
 * of what nobody can foresee. */
enum { MOST_LOOKS = 2000, MOST_LOOKS_AT_ALL = 60, MOST_TICKS = 3 };

static motion_function *const motions[] = {
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    motion_##motion,
#include "graph/nodes.def"
#undef X
};

/* ---- courses ------------------------------------------------------------- */

course course_of(horizon *h, const node *n)
{
    if (!h->moves[n->id])
        return still(HORIZON_NEVER);
    if (!h->is_known[n->id]) {
        h->courses[n->id] = motions[n->kind](h, n);
        h->is_known[n->id] = true;
    }
    return h->courses[n->id];
}

const vector *values_of(horizon *h, const node *n)
{
    return judge_node(h->judge, n);
}

size_t count_of(horizon *h, const node *n)
{
    return block_length(h->block, n);
}

void horizon_room_take(horizon *h)
{
    size_t nodes = h->graph->node_count + 1, domains = h->graph->domain_count + 1;
    h->courses = memory_alloc_array(nodes, sizeof *h->courses);
    h->is_known = memory_alloc_zero_array(nodes, sizeof *h->is_known);
    h->loosenesses = memory_alloc_array(nodes, sizeof *h->loosenesses);
    h->has_looseness = memory_alloc_zero_array(nodes, sizeof *h->has_looseness);
    h->domain_until = memory_alloc_zero_array(domains, sizeof *h->domain_until);
}

void horizon_room_free(horizon *h)
{
    memory_free(h->courses);
    memory_free(h->is_known);
    memory_free(h->loosenesses);
    memory_free(h->has_looseness);
    memory_free(h->domain_until);
}

void horizon_forget(horizon *h)
{
    memset(h->is_known, 0, h->graph->node_count * sizeof *h->is_known);
    memset(h->has_looseness, 0, h->graph->node_count * sizeof *h->has_looseness);
    memset(h->domain_until, 0, h->graph->domain_count * sizeof *h->domain_until);
}

static int64_t far_from(int64_t now)
{
    const int64_t length = HORIZON_YEARS * 366 * MICROSECONDS_PER_DAY;
    return now < TIME_MAX - length ? now + length : TIME_MAX;
}

static bool stand_here(horizon *h, moments *m, int64_t now, carpel_error *err)
{
    h->judge = moments_here(m, now, err);
    if (!h->judge)
        return false;
    h->block = judge_block(h->judge);
    h->moments = m;
    h->now = now;
    if (moments_of_people(m) && !h->of_people)
        h->of_people = horizon_new(moments_plan(moments_of_people(m)));
    h->err = err;
    h->has_failed = false;
    h->far = far_from(now);
    h->dates_rise = zone_dates_rise(h->plan->zone, now, h->far);
    horizon_forget(h);
    return true;
}

/* ---- of a person ----------------------------------------------------------- */

bool horizon_of(horizon *h, moments *m, int64_t now, const node *n, int64_t *until,
                carpel_error *err)
{
    if (!stand_here(h, m, now, err))
        return false;
    course c = course_of(h, n);
    *until = c.motion == MOTION_STILL || c.motion == MOTION_ANY ? c.until : now + 1;
    return !h->has_failed;
}

/* What a node says for the person, kept over instants. */
typedef struct said {
    bool has_value;
    uint64_t key;
} said;

static said say(const vector *v, const node *n)
{
    bool has = vector_has(v, 0);
    return (said){has, has ? vector_key(v, n->type, 0) : 0};
}

static horizon_answer open_at(int64_t instant, int64_t *at)
{
    *at = instant;
    return HORIZON_OPEN;
}

horizon_answer horizon_change(horizon *h, moments *m, int64_t now, const node *n,
                              int64_t *at, carpel_error *err)
{
    said before = {0};
    size_t ticks = 0;
    int64_t instant = now;
    h->looks = 0;
    for (size_t step = 0; step < h->most_looks; step++) {
        if (!horizon_of(h, m, instant, n, at, err))
            return HORIZON_FAILED;
        said here = say(values_of(h, n), n);
        if (instant == now)
            before = here;
        if (here.has_value != before.has_value || here.key != before.key) {
            *at = instant;
            return HORIZON_CHANGES;
        }
        if (*at >= far_from(now)) {
            *at = HORIZON_NEVER;
            return HORIZON_STAYS;
        }
        ticks = *at == instant + 1 ? ticks + 1 : 0;
        if (ticks == MOST_TICKS)
            return open_at(instant, at);
        instant = *at;
    }
    return open_at(instant, at);
}

/* ---- what looks at the clock ------------------------------------------------ */

static bool any_moves(const horizon *h, const node *const *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (h->moves[nodes[i]->id])
            return true;
    return false;
}

/* Nodes and domains are made of those that were made before: both are found together, again and
 * again until nothing is new. */
static bool find_moving(horizon *h)
{
    bool is_new = false;
    for (size_t d = 0; d < h->graph->domain_count; d++) {
        const domain *own = h->graph->domains[d];
        bool moves = any_moves(h, own->inputs, own->input_count);
        for (size_t i = 0; i < own->member_count; i++)
            moves |= h->domain_moves[own->members[i]];
        is_new |= moves && !h->domain_moves[d];
        h->domain_moves[d] |= moves;
    }
    for (size_t i = 0; i < h->graph->node_count; i++) {
        const node *n = h->graph->nodes[i];
        bool moves = n->kind == NODE_NOW || n->kind == NODE_IMPORT ||
                     any_moves(h, n->operands, n->operand_count) ||
                     h->domain_moves[n->domain] || h->domain_moves[n->rows];
        is_new |= moves && !h->moves[n->id];
        h->moves[n->id] |= moves;
    }
    return is_new;
}

horizon *horizon_new(const plan *p)
{
    const graph *g = p->graph;
    horizon *h = memory_alloc_zero(sizeof *h);
    h->plan = p;
    h->graph = g;
    h->most_looks =
        p->pass_count > 1 || g->judgement_count > 0 ? MOST_LOOKS_AT_ALL : MOST_LOOKS;
    h->moves = memory_alloc_zero_array(g->node_count + 1, sizeof *h->moves);
    h->domain_moves =
        memory_alloc_zero_array(g->domain_count + 1, sizeof *h->domain_moves);
    horizon_room_take(h);
    while (find_moving(h))
        continue;
    return h;
}

void horizon_limit_looks(horizon *h, size_t most)
{
    if (most < h->most_looks)
        h->most_looks = most;
}

void horizon_free(horizon *h)
{
    if (!h)
        return;
    horizon_free(h->of_people);
    memory_free(h->moves);
    memory_free(h->domain_moves);
    horizon_room_free(h);
    memory_free(h);
}
