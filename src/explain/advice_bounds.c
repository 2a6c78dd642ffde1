/* SPDX-License-Identifier: MIT
 *
 * What is no advice because nobody does it: bounds from samples of the data.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "explain/advising.h"

/* So many rows and people are looked at, in equal steps; fewer than FEW_ROWS tell little. Where there
 * are none, anything up to SOME_AMOUNT (in whole units of the column) may be. */
enum { MOST_SAMPLES = 2000, FEW_ROWS = 20, FEW_TIMES_AS_MUCH = 10, SOME_AMOUNT = 10000 };

static const event_table *table_of(const advisor *a, const advised *s)
{
    return &a->data->kinds[s->table];
}

/* ---- how often ----------------------------------------------------------- */

size_t advice_most_times(const advisor *a, const advised *s)
{
    size_t most = ADVICE_USUAL_TIMES;
    if (s->is_user || s->is_trait || !table_of(a, s)->offsets)
        return most;
    const uint64_t *offsets = table_of(a, s)->offsets;
    size_t count = a->data->person_count, step = count / MOST_SAMPLES + 1;
    for (size_t p = 0; p < count; p += step) {
        size_t own = (size_t)(offsets[p + 1] - offsets[p]);
        most = own > most ? own : most;
    }
    return most < ADVICE_TIMES ? most : ADVICE_TIMES;
}

/* ---- how much ------------------------------------------------------------ */

static int in_order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t amount_at(const column *c, size_t row)
{
    if (c->type.kind != TYPE_NUMBER)
        return column_get(c, row);
    double number = column_number(c, row);
    return fabs(number) < 1e15 ? (int64_t)number : 0;
}

static size_t take_samples(const event_table *t, const column *c, int64_t *out)
{
    size_t count = 0, step = t->row_count / MOST_SAMPLES + 1;
    for (size_t r = 0; r < t->row_count; r += step)
        if (column_has(c, r))
            out[count++] = amount_at(c, r);
    return count;
}

static int64_t in_units(int64_t amount, unsigned scale)
{
    for (; scale > 0 && amount <= INT64_MAX / 10; scale--)
        amount *= 10;
    return amount;
}

static int64_t times_as_much(int64_t amount)
{
    bool is_small =
        amount > INT64_MIN / FEW_TIMES_AS_MUCH && amount < INT64_MAX / FEW_TIMES_AS_MUCH;
    return is_small ? amount * FEW_TIMES_AS_MUCH : amount;
}

/* What but one in a hundred events stays below, and above. */
static usual_amounts usual_of(int64_t *samples, size_t count)
{
    qsort(samples, count, sizeof *samples, in_order);
    usual_amounts u = {.few = samples[(count - 1) / 100],
                       .most = samples[(count - 1) * 99 / 100]};
    u.least = u.few < 0 && u.few > INT64_MIN ? u.few : 0;
    u.most = u.most > 0 ? u.most : 0;
    if (count < FEW_ROWS) {
        u.least = times_as_much(u.least);
        u.most = times_as_much(u.most);
    }
    return u;
}

usual_amounts advice_usual_amounts(const advisor *a, const advised *s, size_t property)
{
    const event_table *t = table_of(a, s);
    unsigned scale = a->data->schema->kinds[s->table].properties[property].type.scale;
    int64_t *samples = memory_alloc_array(MOST_SAMPLES + 1, sizeof *samples);
    size_t count = t->row_count > 0 ? take_samples(t, &t->columns[property], samples) : 0;
    usual_amounts u = {.few = in_units(1, scale), .most = in_units(SOME_AMOUNT, scale)};
    if (count > 0)
        u = usual_of(samples, count);
    memory_free(samples);
    return u;
}

/* ---- how many rows a trial tells ------------------------------------------ */

static size_t rows_of(const event_table *t, size_t person)
{
    return t->offsets && t->row_count > 0
               ? (size_t)(t->offsets[person + 1] - t->offsets[person])
               : 0;
}

size_t advice_rows_of(const subject *s)
{
    const schema *of = s->data->schema;
    size_t rows = 0;
    for (size_t p = 0; p < s->count; p++) {
        for (size_t k = 0; k < schema_total(of); k++)
            if (kind_is_stored(&of->kinds[k]))
                rows += rows_of(&s->data->kinds[k], s->people[p]);
        for (size_t t = 0; t < of->trait_count; t++)
            rows += rows_of(&s->data->traits[t], s->people[p]);
    }
    return rows;
}
