/* SPDX-License-Identifier: MIT
 *
 * `ntile(5, x) = 5` is looked for in the graph: 1 + 5 * smaller / ranked, beside a constant.
 */
#include "exec/tiles.h"

#include "base/bitmap.h"
#include "base/memory.h"

/* More tiles than that are told apart, and never all of them taken. */
enum { MOST_TILES = 1000 };

/* A node that tells each person's tile. */
typedef struct tiling {
    const node *node, *smaller, *ranked;
    int64_t count;
    bool is_taken[MOST_TILES + 1]; /* by somebody */
} tiling;

static bool is_whole(const node *n)
{
    return n->kind == NODE_CONSTANT && n->type.kind == TYPE_DECIMAL &&
           n->type.scale == 0 && !n->constant.is_missing;
}

/* The operand that is a constant, whichever of the two it is; the other goes to *other. */
static const node *constant_operand(const node *n, const node **other)
{
    bool is_second = is_whole(n->operands[1]);
    *other = n->operands[is_second ? 0 : 1];
    return is_second || is_whole(n->operands[0]) ? n->operands[is_second ? 1 : 0] : NULL;
}

static bool is_tiling(const node *n, tiling *out)
{
    const node *quotient, *smaller;
    if (n->kind != NODE_ADD || !constant_operand(n, &quotient) ||
        quotient->kind != NODE_FLOOR_DIVIDE)
        return false;
    const node *scaled = quotient->operands[0], *ranked = quotient->operands[1];
    if (scaled->kind != NODE_MULTIPLY || ranked->kind != NODE_COUNT_RANKED)
        return false;
    const node *count = constant_operand(scaled, &smaller);
    if (!count || smaller->kind != NODE_COUNT_SMALLER ||
        count->constant.integer > MOST_TILES)
        return false;
    *out = (tiling){.node = n,
                    .smaller = smaller,
                    .ranked = ranked,
                    .count = count->constant.integer};
    return true;
}

/* Which tiles are taken. False when there are too few people for all of them, or when it is
 * clear that none is empty. */
static bool take_tiles(const population *p, tiling *t)
{
    const vector *smaller = population_values(p, t->smaller);
    const vector *ranked = population_values(p, t->ranked);
    bool are_enough = false;
    int64_t taken = 0;
    for (size_t i = 0; i < p->bound->store->person_count; i++) {
        if (!bitmap_get(smaller->present, i) || !bitmap_get(ranked->present, i))
            continue;
        int64_t size = ((const uint32_t *)ranked->values)[i];
        int64_t before = ((const uint32_t *)smaller->values)[i];
        bool *is_taken = &t->is_taken[1 + t->count * before / size];
        are_enough |= size >= t->count;
        taken += !*is_taken;
        *is_taken = true;
        if (taken == t->count)
            return false;
    }
    return are_enough;
}

static bool holds_for(const node *comparison, const node *tile, int64_t number)
{
    const node *other;
    int64_t constant = constant_operand(comparison, &other)->constant.integer;
    int64_t a = comparison->operands[0] == tile ? number : constant;
    int64_t b = comparison->operands[0] == tile ? constant : number;
    if (comparison->kind == NODE_EQUAL)
        return a == b;
    return comparison->kind == NODE_LESS ? a < b : a <= b;
}

static bool compares(const node *n, const node *tile)
{
    const node *other;
    bool is_comparison =
        n->kind == NODE_EQUAL || n->kind == NODE_LESS || n->kind == NODE_LESS_OR_EQUAL;
    return is_comparison && constant_operand(n, &other) && other == tile;
}

/* Does the comparison hold for some tiles, all of which are empty? */
static bool asks_for_empty(const node *comparison, const tiling *t, run_empty_tiles *out)
{
    *out = (run_empty_tiles){.of = t->count};
    for (int64_t number = 1; number <= t->count; number++) {
        if (!holds_for(comparison, t->node, number))
            continue;
        if (t->is_taken[number])
            return false;
        out->first = out->first > 0 ? out->first : number;
        out->last = number;
    }
    return out->first > 0;
}

/* The first rule without members that is made of the node, or NULL. */
static const rule *reader_without_members(const population *p, const node *n,
                                          uint64_t *const *members)
{
    const graph *g = p->bound->plan->graph;
    size_t people = p->bound->store->person_count;
    bool *marks = memory_alloc_zero_array(g->node_count + 1, sizeof *marks);
    const rule *reader = NULL;
    mark_users(g, n, RUN, marks);
    for (size_t i = 0; i < g->rule_count && !reader; i++)
        if (marks[g->rules[i].node->id] && members[i] &&
            bitmap_first(members[i], 0, people) == people)
            reader = &g->rules[i];
    memory_free(marks);
    return reader;
}

static void tell_empty(const population *p, const tiling *t, uint64_t *const *members,
                       run_result *r)
{
    const graph *g = p->bound->plan->graph;
    for (size_t i = t->node->id + 1; i < g->node_count; i++) {
        run_empty_tiles found;
        if (!compares(g->nodes[i], t->node) || !asks_for_empty(g->nodes[i], t, &found))
            continue;
        const rule *reader = reader_without_members(p, g->nodes[i], members);
        if (!reader)
            continue;
        found.rule = reader->path;
        r->empty_tiles[r->empty_tile_count++] = found;
    }
}

void tiles_find_empty(const population *p, uint64_t *const *members, run_result *r)
{
    const graph *g = p->bound->plan->graph;
    r->empty_tiles =
        arena_alloc_array(r->memory, g->node_count + 1, sizeof *r->empty_tiles);
    for (size_t i = 0; i < g->node_count; i++) {
        tiling t;
        if (is_tiling(g->nodes[i], &t) &&
            reader_without_members(p, g->nodes[i], members) && take_tiles(p, &t))
            tell_empty(p, &t, members, r);
    }
}
