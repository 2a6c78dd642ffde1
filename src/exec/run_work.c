/* SPDX-License-Identifier: MIT
 *
 * The work of a run: pieces of people go through the blocks of the workers.
 */
#include "exec/judged.h"
#include "exec/runner.h"

/* A block's columns should stay in the cache: about this many rows of all tables
 * together. */
enum { WANTED_ROWS = 131072, LEAST_PEOPLE = 64, MOST_PEOPLE = 4096 };

/* Judge these people; when that is too much at once, one half after the other. */
static void judge_people(runner *r, block *b, size_t first, size_t count)
{
    block_evaluate(b, &r->bound->plan->passes[r->pass_index], r->pass_index,
                   r->population, first, count);
    if (cancel_is_asked(r->bound->cancel))
        return; /* what the block holds is not all */
    if (block_settle(b)) {
        put_results(r, b);
        return;
    }
    judge_people(r, b, first, count / 2);
    judge_people(r, b, first + count / 2, count - count / 2);
}

/* Is there somebody who is judged, and has begun by now? Only then is the block asked
 * for. */
static bool is_asked_for(const runner *r, size_t first, size_t count)
{
    const int64_t *begins = r->options->begins;
    if (!judged_has_any(r->bound->judged, first, count))
        return false;
    if (begins == NULL || r->bound->plan->pass_count > 1)
        return true;
    for (size_t p = first; p < first + count; p++)
        if (begins[p] <= r->options->as_of)
            return true;
    return false;
}

static block *new_block(const runner *r)
{
    block *b = block_new(r->bound, r->run_values->vectors, r->demand);
    if (r->options->is_profiled)
        b->profile = profile_counter_new(r->bound->plan);
    return b;
}

void work_on_piece(void *context, size_t piece, size_t worker)
{
    runner *r = context;
    if (cancel_is_asked(r->bound->cancel))
        return;
    size_t first = piece * r->block_people;
    size_t count = r->bound->store->person_count - first;
    count = count < r->block_people ? count : r->block_people;
    if (!r->blocks[worker])
        r->blocks[worker] = new_block(r);
    if (is_asked_for(r, first, count))
        judge_people(r, r->blocks[worker], first, count);
    uint64_t done = __atomic_add_fetch(&r->people_done, count, __ATOMIC_RELAXED);
    if (r->options->progress)
        r->options->progress(r->options->progress_context, done);
}

/* Rows of all tables that the graph reads. */
static uint64_t rows_to_read(const bound *b)
{
    uint64_t rows = 0;
    const graph *g = b->plan->graph;
    for (size_t d = 0; d < g->domain_count; d++)
        if (g->domains[d]->kind == DOMAIN_EVENTS || g->domains[d]->kind == DOMAIN_TRAIT)
            rows += bound_table(b, g->domains[d])->row_count;
    return rows;
}

size_t choose_block_people(const bound *b, size_t wanted)
{
    size_t people = b->store->person_count;
    if (wanted > 0)
        return wanted;
    if (people == 0)
        return LEAST_PEOPLE;
    uint64_t each = rows_to_read(b) / people + 1;
    size_t fitting = (size_t)(WANTED_ROWS / each) / 64 * 64;
    if (takes_rows_beside(b->plan->graph)) {
        size_t few = WANTED_ROWS / each / each + 1;
        return few > MOST_PEOPLE ? MOST_PEOPLE : few;
    }
    if (fitting < LEAST_PEOPLE)
        return LEAST_PEOPLE;
    return fitting > MOST_PEOPLE ? MOST_PEOPLE : fitting;
}
