/* SPDX-License-Identifier: MIT
 *
 * Scores: values by person, and their distribution.
 */
#include "exec/score.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/number.h"
#include "value/value.h"

bool score_has(const run_score *s, size_t person)
{
    return bitmap_get(s->present, person);
}

static int64_t integer_of(const run_score *s, size_t person)
{
    return ((const int64_t *)s->values)[person];
}

static uint32_t code_of(const run_score *s, size_t person)
{
    return ((const uint32_t *)s->values)[person];
}

double score_number(const run_score *s, size_t person)
{
    switch (s->type.kind) {
    case TYPE_BOOL: return bitmap_get(s->values, person);
    case TYPE_NUMBER: return ((const double *)s->values)[person];
    case TYPE_DECIMAL:
        return number_quotient(integer_of(s, person), number_power_of_ten(s->type.scale));
    case TYPE_DURATION:
        return number_quotient(integer_of(s, person), MICROSECONDS_PER_SECOND);
    default: return (double)integer_of(s, person);
    }
}

int64_t score_whole(const run_score *s, size_t person)
{
    return integer_of(s, person);
}

slice score_text(const run_score *s, size_t person)
{
    return dictionary_text(s->texts, code_of(s, person));
}

void score_append(const run_score *s, size_t person, text *out)
{
    if (!score_has(s, person))
        return;
    switch (s->type.kind) {
    case TYPE_BOOL: text_append(out, score_number(s, person) ? "true" : "false"); break;
    case TYPE_NUMBER: text_append_number(out, score_number(s, person)); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: {
        slice value = score_text(s, person);
        text_append_bytes(out, value.data, value.size);
        break;
    }
    case TYPE_TIME: value_append_time(integer_of(s, person), NULL, out); break;
    case TYPE_DATE: value_append_date(integer_of(s, person), out); break;
    case TYPE_DURATION: value_append_duration(integer_of(s, person), out); break;
    case TYPE_DECIMAL:
        value_append_decimal(integer_of(s, person), s->type.scale, out);
        break;
    case TYPE_LIST:
    case TYPE_ERROR: break;
    }
}

bool score_is_numeric(const run_score *s)
{
    return type_is_numeric(s->type) || s->type.kind == TYPE_DURATION;
}

bool score_is_moment(const run_score *s)
{
    return s->type.kind == TYPE_TIME || s->type.kind == TYPE_DATE;
}

/* ---- numbers ------------------------------------------------------------ */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t count, double p)
{
    double at = p * (double)(count - 1);
    size_t below = (size_t)at;
    double part = at - (double)below;
    return part > 0 ? sorted[below] + (sorted[below + 1] - sorted[below]) * part
                    : sorted[below];
}

static void describe_numbers(const run_score *s, distribution *out)
{
    static const double places[QUANTILE_COUNT] = {0.05, 0.25, 0.5, 0.75, 0.95};
    double *sorted = memory_alloc_array(out->count + 1, sizeof *sorted);
    long double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < s->population->number_count; i++)
        if (score_has(s, i))
            sum += sorted[count++] = score_number(s, i);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    out->lowest = sorted[0];
    out->highest = sorted[count - 1];
    out->average = (double)(sum / (long double)count);
    for (size_t q = 0; q < QUANTILE_COUNT; q++)
        out->quantiles[q] = quantile(sorted, count, places[q]);
    memory_free(sorted);
}

/* ---- moments ------------------------------------------------------------ */

static void describe_moments(const run_score *s, distribution *out)
{
    bool is_first = true;
    for (size_t i = 0; i < s->population->number_count; i++) {
        if (!score_has(s, i))
            continue;
        if (is_first || integer_of(s, i) < integer_of(s, out->earliest_person))
            out->earliest_person = i;
        if (is_first || integer_of(s, i) > integer_of(s, out->latest_person))
            out->latest_person = i;
        is_first = false;
    }
}

/* ---- texts and truth values --------------------------------------------- */

static bool comes_before(const run_score *s, const frequent_value *a,
                         const frequent_value *b)
{
    if (a->count != b->count)
        return a->count > b->count;
    if (s->type.kind == TYPE_BOOL)
        return a->value < b->value;
    return slice_compare(dictionary_text(s->texts, (uint32_t)a->value),
                         dictionary_text(s->texts, (uint32_t)b->value)) < 0;
}

/* Keep the value when it is among the most frequent so far. */
static void consider(const run_score *s, frequent_value value, distribution *out)
{
    size_t at = out->frequent_count;
    while (at > 0 && comes_before(s, &value, &out->frequent[at - 1]))
        at--;
    if (at == MOST_FREQUENT_VALUES)
        return;
    if (out->frequent_count < MOST_FREQUENT_VALUES)
        out->frequent_count++;
    memmove(out->frequent + at + 1, out->frequent + at,
            (out->frequent_count - 1 - at) * sizeof *out->frequent);
    out->frequent[at] = value;
}

static void describe_values(const run_score *s, distribution *out)
{
    size_t most = s->type.kind == TYPE_BOOL ? 2 : dictionary_count(s->texts);
    size_t *counts = memory_alloc_zero_array(most + 1, sizeof *counts);
    for (size_t i = 0; i < s->population->number_count; i++)
        if (score_has(s, i))
            counts[s->type.kind == TYPE_BOOL ? bitmap_get(s->values, i)
                                             : code_of(s, i)]++;
    for (size_t v = 0; v < most; v++) {
        if (counts[v] == 0)
            continue;
        out->distinct_count++;
        consider(s, (frequent_value){v, counts[v]}, out);
    }
    memory_free(counts);
}

distribution score_distribution(const run_score *s)
{
    distribution d = {.count = bitmap_count(s->present, 0, s->population->number_count)};
    d.missing_count = s->population->count - d.count;
    if (d.count == 0)
        return d;
    if (score_is_numeric(s))
        describe_numbers(s, &d);
    else if (score_is_moment(s))
        describe_moments(s, &d);
    else
        describe_values(s, &d);
    return d;
}
