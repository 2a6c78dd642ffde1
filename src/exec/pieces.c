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
    uint64_t rows = 0;
    for (size_t at = first, next; at < most; at = next) {
        next = most - at < STEP_PEOPLE ? most : at + STEP_PEOPLE;
        rows += piece_rows(tables, at, next);
        if (rows > PIECE_ROWS)
            return at > first ? at : next;
    }
    return most;
}
