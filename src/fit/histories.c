/* SPDX-License-Identifier: MIT
 *
 * Rows are sorted, so that equal ones stand together and sums do not depend on the order of people.
 */
#include "fit/histories.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

fit_histories *fit_histories_new(size_t column_count)
{
    fit_histories *h = memory_alloc(sizeof *h);
    *h = (fit_histories){.column_count = column_count};
    return h;
}

void fit_histories_free(fit_histories *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < FIT_MOST_COLUMNS; i++)
        memory_free(h->columns[i]);
    memory_free(h->weights);
    memory_free(h->rows);
    memory_free(h);
}

void fit_histories_add(fit_histories *h, const double *values)
{
    memory_grow((void **)&h->rows, h->row_count, &h->row_capacity, sizeof *h->rows);
    fit_history *row = &h->rows[h->row_count++];
    *row = (fit_history){{0}};
    memcpy(row->values, values, h->column_count * sizeof *values);
}

static int compare_rows(const void *a, const void *b)
{
    const fit_history *one = a, *other = b;
    for (size_t i = 0; i < FIT_MOST_COLUMNS; i++)
        if (one->values[i] != other->values[i])
            return one->values[i] < other->values[i] ? -1 : 1;
    return 0;
}

void fit_histories_finish(fit_histories *h)
{
    if (h->row_count > 0)
        qsort(h->rows, h->row_count, sizeof *h->rows, compare_rows);
    for (size_t c = 0; c < h->column_count; c++)
        h->columns[c] = memory_alloc_array(h->row_count + 1, sizeof **h->columns);
    h->weights = memory_alloc_zero_array(h->row_count + 1, sizeof *h->weights);
    for (size_t i = 0; i < h->row_count; i++) {
        if (i == 0 || compare_rows(&h->rows[i - 1], &h->rows[i]) != 0) {
            for (size_t c = 0; c < h->column_count; c++)
                h->columns[c][h->count] = h->rows[i].values[c];
            h->count++;
        }
        h->weights[h->count - 1]++;
    }
}

double fit_histories_average(const fit_histories *h, size_t column)
{
    double sum = 0;
    for (size_t i = 0; i < h->count; i++)
        sum += h->weights[i] * h->columns[column][i];
    return h->row_count > 0 ? sum / (double)h->row_count : 0;
}
