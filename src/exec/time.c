/* SPDX-License-Identifier: MIT
 *
 * Instants and dates on the project's calendar, value by value.
 */
#include "base/bitmap.h"
#include "exec/kernels.h"
#include "exec/loops.h"
#include "exec/reach.h"
#include "graph/scalar.h"

static int64_t local_hour(const zone *z, int64_t instant)
{
    int64_t local = zone_local(z, instant);
    int64_t of_day = local % MICROSECONDS_PER_DAY;
    if (of_day < 0)
        of_day += MICROSECONDS_PER_DAY;
    return of_day / (3600 * MICROSECONDS_PER_SECOND);
}

/* What a loop over one operand needs: x to result. */
typedef struct one_operand {
    const plan *plan;
    const int64_t *x;
    int64_t *result;
    size_t count;
} one_operand;

static one_operand begin(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    const vector *v = operand_vector(b, n, 0);
    one_operand one = {b->bound->plan, v->values, NULL, block_length(b, n)};
    vector_join_present(b, out, v, NULL, one.count);
    one.result = vector_take(b, out, (one.count + 1) * sizeof *one.result);
    return one;
}

/* ---- moved -------------------------------------------------------------- */

void kernel_move_time(block *b, const node *n)
{
    one_operand o = begin(b, n);
    for (size_t i = 0; i < o.count; i++)
        o.result[i] = time_add(o.plan->zone, o.x[i], n->move, 1);
}

void kernel_move_date(block *b, const node *n)
{
    one_operand o = begin(b, n);
    for (size_t i = 0; i < o.count; i++)
        o.result[i] = scalar_move_date(o.x[i], n->move);
}

void kernel_move_days(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    const vector *time = operand_vector(b, n, 0), *by = operand_vector(b, n, 1);
    const int64_t *times = time->values, *days = by->values;
    const zone *z = b->bound->plan->zone;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, time, by, count);
    for (size_t i = 0; i < count; i++)
        result[i] = time_add_days(z, times[time->is_uniform ? 0 : i],
                                  days[by->is_uniform ? 0 : i]);
}

void kernel_unit_start(block *b, const node *n)
{
    one_operand o = begin(b, n);
    const plan *p = o.plan;
    unit_move start = n->unit_start;
    for (size_t i = 0; i < o.count; i++)
        o.result[i] =
            calendar_unit_start(p->zone, o.x[i], start.unit, start.count, p->week_start);
}

void kernel_day_start(block *b, const node *n)
{
    one_operand o = begin(b, n);
    for (size_t i = 0; i < o.count; i++)
        o.result[i] = o.x[i] + n->days;
    zone_day_starts(o.plan->zone, o.result, o.count, o.result);
}

/* ---- parts -------------------------------------------------------------- */

void kernel_local_date(block *b, const node *n)
{
    one_operand o = begin(b, n);
    row_runs runs = reach_of_node(b, n);
    EACH_RUN(runs, run)
    {
        zone_dates(o.plan->zone, o.x + run->first, run->count, o.result + run->first);
    }
}

void kernel_local_hour(block *b, const node *n)
{
    one_operand o = begin(b, n);
    row_runs runs = reach_of_node(b, n);
    EACH_RUN(runs, run)
    {
        for (size_t i = run->first; i < run->first + run->count; i++)
            o.result[i] = local_hour(o.plan->zone, o.x[i]);
    }
}

void kernel_unit_number(block *b, const node *n)
{
    one_operand o = begin(b, n);
    zone_dates(o.plan->zone, o.x, o.count, o.result);
    for (size_t i = 0; n->unit != UNIT_DAY && i < o.count; i++)
        o.result[i] = date_unit_number(o.result[i], n->unit, o.plan->week_start);
}

static void name_weekdays(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    const vector *v = operand_vector(b, n, 0);
    const int64_t *dates = v->values;
    uint32_t *codes = vector_take(b, out, (count + 1) * sizeof *codes);
    row_runs runs = reach_of_node(b, n);
    vector_join_present(b, out, v, NULL, count);
    EACH_RUN(runs, run)
    {
        for (size_t i = run->first; i < run->first + run->count; i++)
            codes[i] = (uint32_t)scalar_date_part(dates[i], DATE_PART_WEEKDAY);
    }
}

typedef void date_loop(const int64_t *dates, size_t count, int64_t *out);

static date_loop *date_loop_of(date_part part)
{
    switch (part) {
    case DATE_PART_YEAR: return loop_date_years;
    case DATE_PART_MONTH: return loop_date_months;
    case DATE_PART_DAY: return loop_date_days;
    case DATE_PART_WEEKDAY: break; /* is a text */
    }
    return NULL;
}

void kernel_date_part(block *b, const node *n)
{
    if (n->type.kind == TYPE_STRING) {
        name_weekdays(b, n);
        return;
    }
    one_operand o = begin(b, n);
    row_runs runs = reach_of_node(b, n);
    date_loop *loop = date_loop_of(n->date_part);
    EACH_RUN(runs, run)
    {
        loop(o.x + run->first, run->count, o.result + run->first);
    }
}

/* ---- of the year -------------------------------------------------------- */

void kernel_next_anniversary(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    const vector *date = operand_vector(b, n, 0), *from = operand_vector(b, n, 1);
    const int64_t *dates = date->values, *days = from->values;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, date, from, count);
    for (size_t i = 0; i < count; i++)
        result[i] = date_next_anniversary(dates[date->is_uniform ? 0 : i],
                                          days[from->is_uniform ? 0 : i]);
}

void kernel_next_occasion(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    const vector *v = operand_vector(b, n, 0);
    const int64_t *dates = v->values;
    const occasion *o = b->bound->plan->graph->occasions[n->occasion];
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_take_present(b, out, count);
    vector_join_present(b, out, v, NULL, count);
    for (size_t i = 0; i < count; i++)
        if (!occasion_next(o, dates[i], &result[i])) {
            result[i] = 0;
            bitmap_unset(out->present, i);
        }
}
