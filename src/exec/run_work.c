/* SPDX-License-Identifier: MIT
 *
 * The work of a run: pieces of people go through the blocks of the workers.
 */
#include "base/memory.h"
#include "exec/judged.h"
#include "exec/pieces.h"
#include "exec/runner.h"

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
    size_t first = r->pieces[piece], count = r->pieces[piece + 1] - first;
    if (!r->blocks[worker])
        r->blocks[worker] = new_block(r);
    if (is_asked_for(r, first, count))
        judge_people(r, r->blocks[worker], first, count);
    uint64_t done = __atomic_add_fetch(&r->people_done, count, __ATOMIC_RELAXED);
    if (r->options->progress)
        r->options->progress(r->options->progress_context, done);
}

/* ---- pieces --------------------------------------------------------------- */

/* Of the tables that the graph reads. */
static piece_tables find_tables(const bound *b)
{
    const graph *g = b->plan->graph;
    piece_tables read = {memory_alloc_array(g->domain_count + 1, sizeof *read.offsets),
                         0};
    for (size_t i = 0; i < g->domain_count; i++) {
        const domain *d = g->domains[i];
        if ((d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT) &&
            bound_table(b, d)->offsets)
            read.offsets[read.count++] = bound_table(b, d)->offsets;
    }
    return read;
}

/* Rows that stand beside others are a person's rows squared. */
static size_t people_with_rows_beside(const piece_tables *read, size_t people)
{
    uint64_t each = piece_rows(read, 0, people) / people + 1;
    size_t few = PIECE_ROWS / each / each + 1;
    return few > PIECE_PEOPLE ? PIECE_PEOPLE : few;
}

void divide_people(runner *r, size_t wanted)
{
    size_t people = r->bound->store->person_count, capacity = 0;
    piece_tables read = find_tables(r->bound);
    if (wanted == 0 && people > 0 && takes_rows_beside(r->bound->plan->graph))
        wanted = people_with_rows_beside(&read, people);
    for (size_t first = 0; first < people; first = r->pieces[r->piece_count]) {
        memory_grow((void **)&r->pieces, r->piece_count + 1, &capacity,
                    sizeof *r->pieces);
        r->pieces[r->piece_count++] = first;
        if (wanted == 0)
            r->pieces[r->piece_count] = piece_end(&read, first, people);
        else
            r->pieces[r->piece_count] = people - first < wanted ? people : first + wanted;
    }
    memory_free(read.offsets);
}
