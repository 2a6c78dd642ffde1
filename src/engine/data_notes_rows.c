/* SPDX-License-Identifier: MIT
 *
 * Rows that stand there twice, and values of which one counts.
 */
#include "engine/looker.h"

static bool is_same_value(const column *c, size_t a, size_t b)
{
    return column_has(c, a) == column_has(c, b) && column_get(c, a) == column_get(c, b);
}

static bool is_same_row(const event_table *t, size_t a, size_t b)
{
    if (event_table_time(t, a) != event_table_time(t, b))
        return false;
    for (size_t i = 0; i < t->column_count; i++)
        if (!is_same_value(&t->columns[i], a, b))
            return false;
    return true;
}

/* Does the row of a person whose rows begin at `first` stand as it is among those shortly before? */
static bool is_repeated(const event_table *t, size_t first, size_t row)
{
    enum { FAR = 8 };
    size_t other = row;
    while (other > first && row - other < FAR &&
           event_table_time(t, other - 1) == event_table_time(t, row) &&
           !is_same_row(t, other - 1, row))
        other--;
    return other > first && row - other < FAR && is_same_row(t, other - 1, row);
}

/* Where the rows of the first people end, who have MOST_LOOKED_AT rows or few more. */
static size_t end_of_first(const event_table *t, size_t person_count)
{
    size_t low = 0, high = person_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->offsets[middle] < MOST_LOOKED_AT)
            low = middle + 1;
        else
            high = middle;
    }
    return (size_t)t->offsets[low];
}

/* Most rows have another time than the one before, which is found out quickest of many together. */
static size_t count_repeated(const event_table *t, size_t person_count)
{
    enum { MANY = 1024 };
    int64_t times[MANY];
    size_t repeated = 0, person = 0, end = end_of_first(t, person_count);
    for (size_t from = 0; from + 1 < end; from += MANY - 1) {
        size_t count = end - from < MANY ? end - from : MANY;
        packed_widen_64(&t->time, from, count, times);
        for (size_t i = 1; i < count; i++) {
            if (times[i] != times[i - 1])
                continue;
            while (t->offsets[person + 1] <= from + i)
                person++;
            repeated += is_repeated(t, (size_t)t->offsets[person], from + i);
        }
    }
    return repeated;
}

/* Does a source without ids of its rows bring the kind? */
static bool lacks_ids(const looker *l, const event_kind *kind)
{
    const engine *e = l->engine;
    size_t number = (size_t)(kind - e->schema->kinds);
    for (size_t i = 0; i < e->project->source_count; i++)
        if (e->sources[i].mapping && mapping_brings_kind(e->sources[i].mapping, number) &&
            e->project->sources[i].id_field_count == 0)
            return true;
    return false;
}

/* An export that was loaded twice; events without properties may well repeat. */
void notes_on_repeats(looker *l, const event_kind *kind, const event_table *t)
{
    enum { FEWEST = 3 };
    size_t looked_at = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    if (t->column_count == 0 || t->row_count < FEWEST || !lacks_ids(l, kind))
        return;
    size_t repeated = count_repeated(t, l->engine->store->person_count);
    if (repeated * 20 >= looked_at)
        looker_say(
            l, NOTE_REPEATS, kind->name,
            "%zu of %zu rows of \"%s\" repeat another one in everything: was an export "
            "loaded twice? With `id:` of the source, such as the number of an order, "
            "rows are taken once",
            repeated, looked_at, kind->name);
}

/* A trait without times has one value; of several the one that was read last counts. */
void notes_on_values(looker *l, const property *trait, const event_table *t)
{
    size_t people = l->engine->store->person_count, several = 0;
    for (size_t p = 0; t->row_count > 0 && p < people && p < MOST_LOOKED_AT; p++) {
        size_t end = t->offsets[p + 1];
        for (size_t row = t->offsets[p] + 1; row < end; row++)
            if (event_table_time(t, row) == TIME_MIN &&
                event_table_time(t, row - 1) == TIME_MIN &&
                !is_same_value(t->columns, row - 1, row)) {
                several++;
                break;
            }
    }
    if (several > 0)
        looker_say(
            l, NOTE_VALUES, trait->name,
            "%zu %s several values of user.%s without a time: the one that was read last "
            "counts",
            several, several == 1 ? "person has" : "people have", trait->name);
}
