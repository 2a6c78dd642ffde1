/* SPDX-License-Identifier: MIT
 *
 * How many local days, weeks, months ... hold rows.
 *
 * Mostly the windows of a block span few units: then time is cut into stretches within
 * which the number of the unit stays the same, each group has a set of units, a bit each,
 * and the rows of all parts fall into it in whatever order they come. Where the windows
 * span many units, or hold few rows, the numbers of each group are listed and sorted.
 *
 * Where clocks go back over midnight a unit has two stretches; it is one unit.
 */
#include "exec/edges.h"
#include "exec/filled.h"
#include "exec/fold.h"
#include "exec/loops.h"
#include "exec/row_times.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/* More stretches than this, or than there are rows, and the numbers are listed; and those of
 * one person's rows where they are no more than these. */
enum { MOST_STRETCHES = 1024, FEW_ROWS = 256 };

typedef struct stretches {
    int64_t begins[MOST_STRETCHES + 1]; /* the last is the end of all */
    int64_t numbers[MOST_STRETCHES];    /* of the units, later from the lowest on */
    size_t count;
    size_t unit_count;      /* from the lowest number to the highest */
    double per_microsecond; /* how many there are on average */
    bool are_even; /* all of one length, but for the first, which may be shorter, and one
                               unit each: then a multiplication tells which */
    int64_t even_begin; /* of the first, were it as long as the others */
} stretches;

static int64_t unit_number(const fold *f, int64_t instant, int64_t *until)
{
    const plan *p = f->block->bound->plan;
    return calendar_unit_number(p->zone, instant, f->details->units.unit, p->week_start,
                                until);
}

/* Does it matter how many rows a unit holds? */
static bool counts_rows(const fold *f)
{
    return f->details->units.least > 1 || f->details->units.most > 0;
}

static bool is_wanted(const fold *f, int64_t rows)
{
    int64_t least = f->details->units.least, most = f->details->units.most;
    return rows >= least && (most == 0 || rows <= most);
}

/* The units that are wanted, in their order. */
typedef struct unit_tally {
    int64_t last, count, streak, longest;
} unit_tally;

static void tally_add(unit_tally *t, int64_t number)
{
    t->streak = t->count > 0 && number == t->last + 1 ? t->streak + 1 : 1;
    t->longest = t->streak > t->longest ? t->streak : t->longest;
    t->last = number;
    t->count++;
}

static int64_t tally_result(const fold *f, const unit_tally *t)
{
    return f->kind == NODE_UNITS ? t->count : t->longest;
}

/* ---- stretches ---------------------------------------------------------- */

/* What the windows of all groups span. */
typedef struct hull {
    int64_t first, last;
} hull;

static void widen(hull *h, int64_t first, int64_t last)
{
    h->first = first < h->first ? first : h->first;
    h->last = last > h->last ? last : h->last;
}

static void widen_by_rows(const fold *f, const fold_part *p, hull *h)
{
    const row_times times = row_times_of(p->rows);
    EACH_GROUP(f, i)
    {
        uint32_t begin = p->window->begin[i], end = p->window->end[i];
        if (begin < end)
            widen(h, row_time_at(&times, begin), row_time_at(&times, end - 1));
    }
}

static bool has_rows(const fold *f, const fold_part *p)
{
    const uint64_t *filled = window_filled(f->block, p->window_node);
    return bitmap_first(filled, 0, f->group_count) < f->group_count;
}

/* Windows between instants that are the same for everybody span no more than these: their
 * rows need not be looked at. */
static hull hull_of(const fold *f)
{
    hull h = {INT64_MAX, INT64_MIN};
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++) {
        int64_t first, last;
        if (!has_rows(f, p))
            continue;
        if (edges_span(f->block, p->window_node, &first, &last))
            widen(&h, first, last);
        else
            widen_by_rows(f, p, &h);
    }
    return h;
}

static size_t count_rows(const fold *f)
{
    size_t rows = 0;
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        EACH_GROUP(f, i)
    rows += p->window->end[i] - p->window->begin[i];
    return rows;
}

static void number_from_lowest(stretches *s)
{
    int64_t lowest = INT64_MAX, highest = INT64_MIN;
    for (size_t k = 0; k < s->count; k++) {
        lowest = s->numbers[k] < lowest ? s->numbers[k] : lowest;
        highest = s->numbers[k] > highest ? s->numbers[k] : highest;
    }
    for (size_t k = 0; k < s->count; k++)
        s->numbers[k] -= lowest;
    s->unit_count = (size_t)(highest - lowest) + 1;
}

/* Half a microsecond is added to instants, so that none is so near to a border that a product of
 * doubles could be beside it. */
static bool is_precise(size_t count, int64_t length)
{
    return (double)count * (double)length * 4 * DBL_EPSILON < 0.5;
}

static void find_whether_even(stretches *s)
{
    int64_t length = s->count > 1 ? s->begins[2] - s->begins[1] : 0;
    s->are_even = s->count > 1 && s->begins[1] - s->begins[0] <= length &&
                  is_precise(s->count, length);
    for (size_t k = 0; k < s->count; k++)
        s->are_even &= s->numbers[k] == (int64_t)k &&
                       (k == 0 || s->begins[k + 1] - s->begins[k] == length);
    if (!s->are_even)
        return;
    s->even_begin = s->begins[1] - length;
    s->per_microsecond = 1 / (double)length;
}

/* False when there are too many of them: more than rows. That each group has one is mostly
 * enough to know. */
static bool find_stretches(const fold *f, hull h, stretches *s)
{
    size_t most = bitmap_count(f->filled, 0, f->group_count);
    s->count = 0;
    s->begins[0] = h.first;
    for (int64_t begin = h.first; begin <= h.last; begin = s->begins[s->count]) {
        if (s->count == most)
            most = count_rows(f);
        if (s->count == MOST_STRETCHES || s->count == most)
            return false;
        s->numbers[s->count] = unit_number(f, begin, &s->begins[s->count + 1]);
        s->count++;
    }
    number_from_lowest(s);
    double span = (double)(s->begins[s->count] - s->begins[0]);
    s->per_microsecond = (double)s->count / span;
    find_whether_even(s);
    return s->unit_count <= MOST_STRETCHES;
}

/* They are of nearly one length. */
static size_t stretch_at(const stretches *s, int64_t instant)
{
    size_t k = (size_t)((double)(instant - s->begins[0]) * s->per_microsecond);
    if (k >= s->count)
        k = s->count - 1;
    while (instant < s->begins[k])
        k--;
    while (instant >= s->begins[k + 1])
        k++;
    return k;
}

/* ---- sets of units ------------------------------------------------------ */

typedef struct unit_set {
    uint64_t bits[MOST_STRETCHES / 64];
    uint32_t rows[MOST_STRETCHES]; /* where it matters */
} unit_set;

static void add_units(const stretches *s, const fold_part *p, size_t i, uint64_t *bits)
{
    const row_times times = row_times_of(p->rows);
    int64_t end = INT64_MIN; /* of the stretch of the row before */
    EACH_ROW(p, i, r)
    {
        int64_t time = row_time_at(&times, r);
        if (time < end)
            continue;
        size_t k = stretch_at(s, time);
        end = s->begins[k + 1];
        bitmap_set(bits, (size_t)s->numbers[k]);
    }
}

static void add_rows(const stretches *s, const fold_part *p, size_t i, unit_set *set)
{
    const row_times times = row_times_of(p->rows);
    EACH_ROW(p, i, r)
    {
        size_t unit = (size_t)s->numbers[stretch_at(s, row_time_at(&times, r))];
        bitmap_set(set->bits, unit);
        set->rows[unit]++;
    }
}

static int64_t result_of_set(const fold *f, const stretches *s, unit_set *set)
{
    unit_tally tally = {0};
    if (f->kind == NODE_UNITS && !counts_rows(f))
        return (int64_t)bitmap_count(set->bits, 0, s->unit_count);
    EACH_SET_BIT(set->bits, s->unit_count, unit)
    {
        if (!counts_rows(f) || is_wanted(f, set->rows[unit]))
            tally_add(&tally, (int64_t)unit);
        set->rows[unit] = 0;
    }
    return tally_result(f, &tally);
}

static void count_in_sets(const fold *f, const stretches *s, int64_t *counts)
{
    size_t bytes = bitmap_words(s->unit_count) * sizeof(uint64_t);
    unit_set *set = scratch_take(f->block->scratch, sizeof *set);
    memset(set, 0, sizeof *set);
    EACH_GROUP(f, i)
    {
        for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
            if (counts_rows(f))
                add_rows(s, p, i, set);
            else
                add_units(s, p, i, set->bits);
        counts[i] = result_of_set(f, s, set);
        memset(set->bits, 0, bytes);
    }
    scratch_give(f->block->scratch, set);
}

/* ---- sets of all groups --------------------------------------------------- */

/* More words than these a group, and one is counted before the next. */
enum { MOST_WORDS = 8 };

/* Does all that matters of a group's set of units, how many there are, fit into few words? */
static bool fits_words(const fold *f, const stretches *s)
{
    return f->kind == NODE_UNITS && !counts_rows(f) && s->unit_count <= MOST_WORDS * 64;
}

/* Units of a group's rows. Whether a row is of the unit of the row before is not asked, since
 * nobody could foretell it. */
static void add_even_units(const stretches *s, const fold_part *p, size_t i,
                           uint64_t *bits)
{
    const row_times times = row_times_of(p->rows);
    EACH_ROW(p, i, r)
    {
        double since = (double)(row_time_at(&times, r) - s->even_begin) + 0.5;
        bitmap_set(bits, (size_t)(int64_t)(since * s->per_microsecond));
    }
}

/* The same of all groups, where times are read as they stand: their products with the unit are
 * whole numbers that doubles hold. False: it cannot be done. */
static bool add_stored_units(const fold *f, const stretches *s, const fold_part *p,
                             size_t words, uint64_t *sets)
{
    const row_times times = row_times_of(p->rows);
    const int64_t most = INT64_C(1) << 52;
    if (!s->are_even || p->selected || !times.narrow ||
        times.unit > (uint64_t)most / UINT32_MAX || times.base < -most ||
        times.base > most)
        return false;
    loop_steps steps = {(double)(times.base - s->even_begin) + 0.5, (double)times.unit,
                        s->per_microsecond};
    loop_add_steps(times.narrow, p->window->begin, p->window->end,
                   window_filled(f->block, p->window_node), f->group_count, &steps, words,
                   sets);
    return true;
}

static void add_part(const fold *f, const stretches *s, const fold_part *p, size_t words,
                     uint64_t *sets)
{
    const uint64_t *filled = window_filled(f->block, p->window_node);
    if (add_stored_units(f, s, p, words, sets))
        return;
    EACH_SET_BIT(filled, f->group_count, i)
    {
        if (s->are_even)
            add_even_units(s, p, i, sets + i * words);
        else
            add_units(s, p, i, sets + i * words);
    }
}

/* One part after the other: most groups have rows in few of them. */
static void count_in_words(const fold *f, const stretches *s, int64_t *counts)
{
    size_t words = bitmap_words(s->unit_count);
    size_t size = (f->group_count + 1) * words * sizeof(uint64_t);
    uint64_t *sets = scratch_take(f->block->scratch, size);
    memset(sets, 0, size);
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        add_part(f, s, p, words, sets);
    EACH_GROUP(f, i)
    counts[i] = (int64_t)bitmap_count(sets + i * words, 0, s->unit_count);
    scratch_give(f->block->scratch, sets);
}

/* ---- lists of numbers --------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The unit of each row of a group; returns how many. */
static size_t list_numbers(const fold *f, size_t i, int64_t *numbers)
{
    size_t count = 0;
    bool is_sorted = true;
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++) {
        const row_times times = row_times_of(p->rows);
        int64_t until = INT64_MIN, number = 0;
        EACH_ROW(p, i, r)
        {
            int64_t time = row_time_at(&times, r);
            if (time >= until)
                number = unit_number(f, time, &until);
            is_sorted = is_sorted && (count == 0 || numbers[count - 1] <= number);
            numbers[count++] = number;
        }
    }
    if (!is_sorted)
        qsort(numbers, count, sizeof *numbers, compare_numbers);
    return count;
}

static int64_t result_of_list(const fold *f, const int64_t *numbers, size_t count)
{
    unit_tally tally = {0};
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first; next < count && numbers[next] == numbers[first];)
            next++;
        if (is_wanted(f, (int64_t)(next - first)))
            tally_add(&tally, numbers[first]);
    }
    return tally_result(f, &tally);
}

static void count_in_lists(const fold *f, int64_t *counts)
{
    int64_t *numbers =
        scratch_take(f->block->scratch, (fold_most_rows(f) + 1) * sizeof *numbers);
    EACH_GROUP(f, i)
    counts[i] = result_of_list(f, numbers, list_numbers(f, i, numbers));
    scratch_give(f->block->scratch, numbers);
}

/* Are there so few that stretches would cost more than they spare? */
static bool has_few_rows(const fold *f, hull h)
{
    return h.first > h.last || (f->block->is_alone && count_rows(f) <= FEW_ROWS);
}

static void count_by_stretches(const fold *f, hull h, int64_t *counts)
{
    stretches *s = scratch_take(f->block->scratch, sizeof *s);
    if (!find_stretches(f, h, s))
        count_in_lists(f, counts);
    else if (fits_words(f, s))
        count_in_words(f, s, counts);
    else
        count_in_sets(f, s, counts);
    scratch_give(f->block->scratch, s);
}

void fold_units(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    hull h = hull_of(f);
    memset(counts, 0, groups * sizeof *counts);
    if (has_few_rows(f, h))
        count_in_lists(f, counts);
    else
        count_by_stretches(f, h, counts);
}
