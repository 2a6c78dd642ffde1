/* SPDX-License-Identifier: MIT
 *
 * Instants and dates on the project's calendar, value by value.
 */
#include "base/bitmap.h"
#include "exec/kernels.h"

static int64_t part_of(int64_t date, date_part part)
{
    int64_t year;
    unsigned month, day;
    if (part == DATE_PART_WEEKDAY)
        return date_weekday(date);
    date_to_civil(date, &year, &month, &day);
    return part == DATE_PART_YEAR ? year : part == DATE_PART_MONTH ? month : day;
}

static int64_t move_date(int64_t date, calendar_span by)
{
    int64_t moved;
    switch (by.unit) {
    case UNIT_WEEK: moved = date + 7 * by.count; break;
    case UNIT_MONTH: moved = date_add_months(date, by.count); break;
    case UNIT_QUARTER: moved = date_add_months(date, 3 * by.count); break;
    case UNIT_YEAR: moved = date_add_months(date, 12 * by.count); break;
    default: moved = date + by.count; break;
    }
    return moved < DATE_MIN ? DATE_MIN : moved > DATE_MAX ? DATE_MAX : moved;
}

static int64_t local_hour(const zone *z, int64_t instant)
{
    int64_t local = zone_local(z, instant);
    int64_t of_day = local % MICROSECONDS_PER_DAY;
    if (of_day < 0)
        of_day += MICROSECONDS_PER_DAY;
    return of_day / (3600 * MICROSECONDS_PER_SECOND);
}

static int64_t value_of(const plan *p, const node *n, int64_t x)
{
    switch (n->kind) {
    case NODE_MOVE_TIME: return time_add(p->zone, x, n->move, 1);
    case NODE_MOVE_DATE: return move_date(x, n->move);
    case NODE_UNIT_START:
        return calendar_unit_start(p->zone, x, n->unit_start.unit, n->unit_start.count,
                                   p->week_start);
    case NODE_DAY_START: return zone_day_start(p->zone, x + n->days);
    case NODE_LOCAL_DATE: return zone_date(p->zone, x);
    case NODE_LOCAL_HOUR: return local_hour(p->zone, x);
    case NODE_UNIT_NUMBER:
        return date_unit_number(zone_date(p->zone, x), n->unit, p->week_start);
    default: return part_of(x, n->date_part);
    }
}

static void whole_column(const plan *p, const node *n, const int64_t *x, size_t count,
                         int64_t *out)
{
    if (n->kind == NODE_LOCAL_DATE) {
        zone_dates(p->zone, x, count, out);
    } else if (n->kind == NODE_UNIT_NUMBER) {
        zone_dates(p->zone, x, count, out);
        for (size_t i = 0; n->unit != UNIT_DAY && i < count; i++)
            out[i] = date_unit_number(out[i], n->unit, p->week_start);
    } else {
        for (size_t i = 0; i < count; i++)
            out[i] = value_of(p, n, x[i]);
    }
}

static void next_anniversaries(block *b, const node *n, vector *out, size_t count)
{
    const vector *date = operand_vector(b, n, 0), *from = operand_vector(b, n, 1);
    const int64_t *dates = date->values, *days = from->values;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, date, from, count);
    for (size_t i = 0; i < count; i++)
        result[i] = date_next_anniversary(dates[date->is_uniform ? 0 : i],
                                          days[from->is_uniform ? 0 : i]);
}

static void move_days(block *b, const node *n, vector *out, size_t count)
{
    const vector *time = operand_vector(b, n, 0), *by = operand_vector(b, n, 1);
    const int64_t *times = time->values, *days = by->values;
    const zone *z = b->bound->plan->zone;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, time, by, count);
    for (size_t i = 0; i < count; i++)
        result[i] = time_add_days(z, times[time->is_uniform ? 0 : i],
                                  days[by->is_uniform ? 0 : i]);
}

static void next_occasions(block *b, const node *n, vector *out, size_t count)
{
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

void kernel_time(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    if (n->kind == NODE_NEXT_ANNIVERSARY) {
        next_anniversaries(b, n, out, count);
        return;
    }
    if (n->kind == NODE_MOVE_DAYS) {
        move_days(b, n, out, count);
        return;
    }
    if (n->kind == NODE_NEXT_OCCASION) {
        next_occasions(b, n, out, count);
        return;
    }
    const vector *v = operand_vector(b, n, 0);
    const int64_t *x = v->values;
    vector_join_present(b, out, v, NULL, count);
    if (n->type.kind == TYPE_STRING) { /* the name of a weekday */
        uint32_t *codes = vector_take(b, out, (count + 1) * sizeof *codes);
        for (size_t i = 0; i < count; i++)
            codes[i] = (uint32_t)part_of(x[i], DATE_PART_WEEKDAY);
        return;
    }
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    whole_column(b->bound->plan, n, x, count, result);
}
