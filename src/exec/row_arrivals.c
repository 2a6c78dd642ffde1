/* SPDX-License-Identifier: MIT
 *
 * A row that stands for another one came when that one did; so arrivals are looked up in the
 * stored table, and in an array only for who asks about many rows.
 */
#include "exec/kernels.h"
#include "exec/stored.h"

/* The row that a row stands for, and what it is a row of; NULL: it is stored, or an item. */
static const domain *row_behind(const block *b, const domain *d, uint32_t *row)
{
    const block_rows *rows = &b->rows[d->id];
    uint32_t member = 0;
    switch (d->kind) {
    case DOMAIN_UNION:
    case DOMAIN_SEQUENCE: member = rows->member ? rows->member[*row] : 0; break;
    case DOMAIN_FILTER:
    case DOMAIN_SESSIONS:
    case DOMAIN_BESIDE: break;
    default: return NULL;
    }
    *row = rows_source(rows, *row);
    return graph_domain(b->bound->plan->graph, d->members[member]);
}

uint32_t block_arrival(const block *b, uint32_t domain_id, uint32_t row)
{
    const domain *d = graph_domain(b->bound->plan->graph, domain_id), *behind;
    while (!b->rows[d->id].arrival && (behind = row_behind(b, d, &row)) != NULL)
        d = behind;
    const block_rows *rows = &b->rows[d->id];
    if (rows->arrival && !rows->stored_time) /* else only where somebody looks */
        return rows->arrival[row];
    return d->kind == DOMAIN_ITEMS ? 0 : stored_arrival(b, d, row);
}

const uint32_t *block_arrivals(block *b, uint32_t domain_id)
{
    block_rows *rows = &b->rows[domain_id];
    block_domain(b, domain_id);
    if (rows->arrival)
        return rows->arrival;
    uint32_t *arrival = scratch_take(b->scratch, (rows->count + 1) * sizeof *arrival);
    const domain *d = graph_domain(b->bound->plan->graph, domain_id);
    if (d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT)
        stored_arrivals(b, d, arrival);
    else
        for (size_t r = 0; r < rows->count; r++)
            arrival[r] = block_arrival(b, domain_id, (uint32_t)r);
    rows->arrival = arrival;
    return arrival;
}
