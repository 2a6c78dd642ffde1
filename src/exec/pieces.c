/* SPDX-License-Identifier: MIT */
#include "exec/pieces.h"

enum { STEP_PEOPLE = 64 };

uint64_t piece_rows(const piece_tables *tables, size_t first, size_t end)
{
    uint64_t rows = 0;
    for (size_t t = 0; t < tables->count; t++)
        rows += tables->offsets[t][end] - tables->offsets[t][first];
    return rows;
}

size_t piece_end(const piece_tables *tables, size_t first, size_t people)
{
    size_t most = people - first < PIECE_PEOPLE ? people : first + PIECE_PEOPLE;
    if (piece_rows(tables, first, most) <= PIECE_ROWS)
        return most;
    size_t fit = 0, too_many = (most - first + STEP_PEOPLE - 1) / STEP_PEOPLE; /* steps */
    while (too_many - fit > 1) {
        size_t middle = fit + (too_many - fit) / 2;
        if (piece_rows(tables, first, first + middle * STEP_PEOPLE) <= PIECE_ROWS)
            fit = middle;
        else
            too_many = middle;
    }
    size_t end = first + (fit > 0 ? fit : 1) * STEP_PEOPLE;
    return end < most ? end : most;
}
